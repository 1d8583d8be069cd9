/** Names of regions by their code, asked for once: all countries together, the parts of a country when one is needed. */

import { get } from "./api.js";

/** @type {Map<string, string>} */
const names = new Map();
/** @type {Map<string, Promise<void>>} */
const asked = new Map();

/** The name of a region, or its code while it is not known. @param {string} code */
export function called(code) {
  return names.get(code) ?? code;
}

/**
 * Learns the names of the regions that events are filed under. What cannot be learnt keeps its code.
 * @param {Iterable<Record<string, any>>} events with country, admin1 and admin2
 */
export async function learn(events) {
  const wanted = new Set([""]);
  for (const { country, admin1, admin2 } of events) {
    if (country && admin1) wanted.add(country);
    if (admin1 && admin2) wanted.add(admin1);
  }
  await Promise.all([...wanted].map(below));
}

/** @param {string} parent a code; countries are below nothing */
function below(parent) {
  let asking = asked.get(parent);
  if (!asking) {
    asking = get("/regions", { ...(parent ? { parent } : { level: 0 }), geometry: "none", limit: 1000 }).then(
      (page) => {
        for (const { properties } of page.features) names.set(properties.code, properties.name);
      },
      () => void asked.delete(parent),
    );
    asked.set(parent, asking);
  }
  return asking;
}

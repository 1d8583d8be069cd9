/** How far around their common point the events of a stack may have been: a point in a street is not an address. */
import { get } from "./api.js";
import { state } from "./state.js";

/** @type {Map<string, Promise<number>>} */
const known = new Map();
const KEPT = 50;

/** The largest radius of the events that a stack tells of, in metres. @param {string} ids commas between @returns {Promise<number>} */
export function reach(ids) {
  const query = state.query(["as_of"]);
  query.set("filter", `id IN (${ids.split(",").map((id) => `'${id}'`).join(",")})`);
  query.set("properties", "radius_m");
  const key = query.toString();
  const there = known.get(key);
  if (there) return there;
  const answer = get("/events", query).then(({ features }) => Math.max(0, ...features.map((/** @type {any} */ one) => one.properties.radius_m ?? 0)));
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  if (known.size > KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
  return answer;
}

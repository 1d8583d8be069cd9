/** What was known when: the revisions of an event as a line, each of which sets the second clock. */

import { h } from "./dom.js";
import { bdi } from "./elements.js";
import { amount, moment, word } from "./telling.js";
import { day, has, t } from "./words.js";

/** @typedef {Record<string, any>} Told */

/** Revisions that are shown before one asks for all. */
const SHOWN = 5;
/** What follows from other fields, or says nothing to a reader. */
const QUIET = new Set(["updated", "revision", "extent", "source_key", "dataset", "radius_m", "claims", "sources"]);

/**
 * @param {Told[]} revisions the newest first, later ones than `asOf` among them
 * @param {string | undefined} asOf the moment of the second clock; unset is now
 * @param {(moment: string | null) => void} turn sets the clock
 * @param {(code: string) => string} called the name of a region
 */
export function line(revisions, asOf, turn, called) {
  const shown = asOf === undefined ? revisions[0] : revisions.find((one) => instant(one.known_at) <= instant(asOf));
  const rows = revisions.map((one, index) => {
    const later = asOf !== undefined && instant(one.known_at) > instant(asOf);
    const current = one === shown;
    const newest = index === 0;
    return h(
      "li", { class: `revision${current ? " revision-shown" : ""}${later ? " revision-later" : ""}`, hidden: index >= SHOWN && !current },
      h("button", { type: "button", "aria-current": current ? "true" : null, onclick: () => turn(newest ? null : one.known_at) },
        h("span", { class: "dot", "aria-hidden": "true" }),
        h("span", { class: "revision-what" }, t("history.revision", { revision: one.revision }), ": ", word(one.change, "change")),
        h("span", { class: "soft" }, moment(one.known_at), current && ` · ${t(newest ? "history.now" : "history.shown")}`, later && ` · ${t("history.later")}`)),
      ...changes(one, called),
    );
  });
  const list = h("ol", { class: "revisions" }, ...rows);
  const more = revisions.length > SHOWN && rows.some((one) => one.hidden) && h("button", { type: "button", class: "quiet", onclick: (/** @type {MouseEvent} */ event) => {
    for (const one of rows) one.hidden = false;
    /** @type {HTMLElement} */ (event.currentTarget).remove();
    rows[SHOWN].querySelector("button")?.focus();
  } }, t("history.all", { count: revisions.length }));
  return h("div", {}, list, more);
}

/** @param {Told} revision @param {(code: string) => string} called */
function changes(revision, called) {
  const fields = (revision.fields ?? []).filter((/** @type {Told} */ one) => !QUIET.has(one.name));
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind, change } of revision.statements ?? []) counts.set(`${kind}.${change}`, (counts.get(`${kind}.${change}`) ?? 0) + 1);
  const said = [...counts].map(([key, count]) => t(`history.${key}`, { count }));
  if (!fields.length && !said.length) return [];
  return [
    h("ul", { class: "changes soft" },
      ...fields.map((/** @type {Told} */ one) => h("li", {}, label(one.name), ": ", bdi(value(one.before, one.name, called)), h("span", { "aria-label": t("history.becomes") }, " → "), bdi(value(one.after, one.name, called)))),
      said.length > 0 && h("li", {}, said.join(t("tell.comma")))),
  ];
}

/** @param {string} name */
function label(name) {
  return has(`field.${name}`) ? t(`field.${name}`) : name.replaceAll("_", " ");
}

/** @param {any} given @param {string} name @param {(code: string) => string} called @returns {string} */
function value(given, name, called) {
  if (given === null || given === undefined || (Array.isArray(given) && !given.length)) return t("tell.unknown");
  if (name === "geometry") return given.coordinates ? given.coordinates.slice(0, 2).reverse().map((/** @type {number} */ one) => one.toFixed(3)).join(", ") : t("history.shape");
  if (Array.isArray(given)) return given.join(t("tell.comma"));
  if (typeof given === "boolean") return t(given ? "tell.yes" : "tell.no");
  if (typeof given === "number") return amount({ low: given, best: given, high: given, state: "reported" });
  if (["country", "admin1", "admin2"].includes(name)) return called(given);
  if (/^\d{4}-\d\d-\d\d$/.test(given)) return day(given);
  if (name === "title" || name === "summary" || name === "place") return given;
  return word(String(given));
}

/** Microseconds count: two revisions may stand within one millisecond. @param {string} written */
function instant(written) {
  const fraction = /\.(\d+)/.exec(written)?.[1] ?? "";
  return BigInt(Date.parse(written.replace(/\.\d+/, ""))) * 1000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}

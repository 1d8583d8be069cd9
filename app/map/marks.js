/** Small drawings that say as much as a word beside them does; for screen readers the word is enough. */

import { svg } from "./elements.js";

/** Shapes of the groups, as the pages of events draw them (`formats/maps.py`). @type {Record<string, string>} */
const SHAPES = {
  battle: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
  bombing: "M0 -6L5.6 4.2H-5.6z",
  civilians: "M0 -6.4L5.4 0L0 6.4L-5.4 0z",
  territory: "M-4 6V-6.5L6 -3L-2.5 0.4V6z",
  protest: "M-4.6 -4.6H4.6V4.6H-4.6z",
  other: "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
};

/** @type {Record<string, string>} */
const FILLS = { verified: "full", partly_verified: "half", disputed: "split", unverified: "hollow", refuted: "hollow", not_verifiable: "hollow" };

/**
 * The mark of an event: its group by hue and shape, its verification by fill. What nobody assessed is as full as the map has it.
 * @param {string} group @param {string | null} [verification]
 */
export function mark(group, verification) {
  const shape = SHAPES[group] ?? SHAPES.other;
  const filled = verification ? FILLS[verification] : "plain";
  return svg(
    "svg", { class: `mark mark-${group} mark-${filled}`, viewBox: "-9 -9 18 18", width: 18, height: 18, "aria-hidden": "true" },
    svg("path", { class: "mark-body", d: shape }),
    (filled === "half" || filled === "split") && svg("path", { class: "mark-half", d: shape }),
    svg("path", { class: "mark-line", d: shape }),
    verification === "refuted" && svg("path", { class: "mark-strike", d: "M-7 7L7 -7" }),
  );
}

/** How exactly a place is known: a dot, a dashed ring, a hatched area, or nothing. @param {"settlement" | "near" | "area" | "unknown"} exactness */
export function precision(exactness) {
  const parts = {
    settlement: () => [svg("circle", { class: "pin-dot", r: 3.2 })],
    near: () => [svg("circle", { class: "pin-ring", r: 5 }), svg("circle", { class: "pin-dot", r: 1.4 })],
    area: () => [svg("path", { class: "pin-area", d: "M-5.5 -5.5h11v11h-11z" }), svg("path", { class: "pin-hatch", d: "M-5.5 0L0 -5.5M-5.5 5.5L5.5 -5.5M0 5.5L5.5 0" })],
    unknown: () => [svg("path", { class: "pin-ring", d: "M-5.5 -5.5h11v11h-11z" })],
  }[exactness];
  return svg("svg", { class: `pin pin-${exactness}`, viewBox: "-7 -7 14 14", width: 14, height: 14, "aria-hidden": "true" }, ...parts());
}

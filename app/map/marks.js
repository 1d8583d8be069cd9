/** Small drawings that say as much as a word beside them does; for screen readers the word is enough. */

import { s } from "./dom.js";
import { SHAPES } from "./symbols.js";

/** Half of a mark is filled, or two tones are told apart, by a second path that the style clips. */
const TWOFOLD = new Set(["partly_verified", "disputed"]);

/**
 * The mark of an event as the map has it: its group by hue and shape, its verification by fill, a second outline if it is contested.
 * @param {import("./vocabulary.js").Group} group @param {string | null} [verification] @param {boolean | null} [contested]
 */
export function mark(group, verification, contested) {
  const d = SHAPES[group];
  const parts = [
    ...(contested ? [s("path", { class: "mark-outer", d }), s("path", { class: "mark-between", d })] : []),
    s("path", { class: "mark-body", d }),
    ...(verification && TWOFOLD.has(verification) ? [s("path", { class: "mark-half", d })] : []),
    s("path", { class: "mark-line", d }),
    ...(verification === "refuted" ? [s("path", { class: "mark-line", d: "M-7 7L7 -7" })] : []),
    ...(verification === "not_verifiable" ? [s("circle", { class: "mark-dot", cy: group === "bombing" ? 1.5 : 0, r: 2.4 })] : []),
  ];
  return s("svg", { class: `mark mark-${group} mark-${verification ?? "none"}`, viewBox: "-13 -13 26 26", width: 20, height: 20, "aria-hidden": "true" }, ...parts);
}

/** How exactly a place is known: a dot, a dashed ring, a hatched area, or nothing. @param {"settlement" | "near" | "area" | "unknown"} exactness */
export function precision(exactness) {
  const square = "M-5.5 -5.5h11v11h-11z";
  const parts = {
    settlement: () => [s("circle", { class: "pin-dot", r: 3.2 })],
    near: () => [s("circle", { class: "pin-ring", r: 5 }), s("circle", { class: "pin-dot", r: 1.4 })],
    area: () => [s("path", { class: "pin-area", d: square }), s("path", { class: "pin-hatch", d: "M-5.5 0L0 -5.5M-5.5 5.5L5.5 -5.5M0 5.5L5.5 0" })],
    unknown: () => [s("path", { class: "pin-ring", d: square })],
  }[exactness];
  return s("svg", { class: "pin", viewBox: "-7 -7 14 14", width: 14, height: 14, "aria-hidden": "true" }, ...parts());
}

/** The axis of the strip of time. */
import * as days from "./days.js";
import { s } from "./dom.js";
import { day } from "./words.js";

/** @typedef {import("./days.js").Window} Window @typedef {import("./days.js").Unit} Unit */

/**
 * Marks of days, months or years, as many as have room.
 * @param {Window} domain @param {number} width @param {number} floor
 */
export function ticks(domain, width, floor) {
  const x = (/** @type {number} */ place) => ((place - domain.from) / (domain.to - domain.from + 1)) * width;
  const span = domain.to - domain.from + 1;
  const wide = 84;
  const steps = /** @type {[Unit, number, Intl.DateTimeFormatOptions][]} */ ([
    ["day", 1, { day: "numeric", month: "short" }], ["week", 1, { day: "numeric", month: "short" }], ["month", 1, { month: "short", year: "numeric" }],
    ["month", 3, { month: "short", year: "numeric" }], ["year", 1, { year: "numeric" }], ["year", 2, { year: "numeric" }], ["year", 5, { year: "numeric" }], ["year", 10, { year: "numeric" }],
  ]);
  const lengths = { day: 1, week: 7, month: 30.44, year: 365.25 };
  const [step, times, how] = steps.find(([kind, number]) => (width * lengths[kind] * number) / span >= wide) ?? steps[steps.length - 1];
  const marks = [];
  let at = days.floor(domain.from, step);
  if (step === "month" || step === "year") {
    const date = new Date(at * 86_400_000);
    const over = (step === "month" ? date.getUTCMonth() : date.getUTCFullYear()) % times;
    at = days.add(at, step, -over);
  }
  for (; at <= domain.to; at = days.add(at, step, times)) {
    if (at < domain.from) continue;
    marks.push(s("path", { class: "axis", d: `M${x(at)} ${floor}v4` }));
    if (x(at) < width - 40) marks.push(text(x(at) + 4, floor + 12, day(days.iso(at), how), "start", "tick"));
  }
  return marks;
}

/** @param {number} left @param {number} top @param {string} said @param {string} anchor @param {string} kind */
export function text(left, top, said, anchor, kind) {
  const element = s("text", { x: left, y: top, "text-anchor": anchor, class: kind });
  element.textContent = said;
  return element;
}

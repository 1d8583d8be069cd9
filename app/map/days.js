/** Days as numbers since 1970-01-01, as tiles have them, and windows of days as the interface writes them. */

/** @typedef {{from: number, to: number}} Window Both ends included; an open end is infinite. */
/** @typedef {"day" | "week" | "month" | "year"} Unit */

const MS = 86_400_000;

/** @param {string} iso @returns {number} NaN if it is no day */
export function number(iso) {
  return Math.floor(Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / MS);
}

/** @param {number} day */
export function iso(day) {
  return new Date(day * MS).toISOString().slice(0, 10);
}

/**
 * A window of the parameter `datetime`; nothing if there is none, or none that can be read.
 * @param {string | undefined} text @returns {Window | null}
 */
export function parse(text) {
  if (!text) return null;
  const [start, end] = text.split("/");
  const from = start === ".." || start === "" ? -Infinity : number(start);
  let to = end === undefined ? from : end === ".." || end === "" ? Infinity : number(end);
  // Of an open or unreadable start there is no end after so many days.
  if (end?.startsWith("P")) to = after(from, end) - 1;
  return Number.isNaN(from) || Number.isNaN(to) || to < from ? null : { from, to };
}

/** @param {Window} wanted */
export function write({ from, to }) {
  if (from === to) return iso(from);
  return `${Number.isFinite(from) ? iso(from) : ".."}/${Number.isFinite(to) ? iso(to) : ".."}`;
}

/** The first day of the period that a day is in. @param {number} day @param {Unit} unit */
export function floor(day, unit) {
  const date = new Date(day * MS);
  if (unit === "week") return day - ((date.getUTCDay() + 6) % 7);
  if (unit === "month") return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / MS);
  if (unit === "year") return Math.floor(Date.UTC(date.getUTCFullYear(), 0, 1) / MS);
  return day;
}

/** The first day so many periods later. @param {number} day @param {Unit} unit @param {number} [count] */
export function add(day, unit, count = 1) {
  const date = new Date(day * MS);
  if (unit === "day") return day + count;
  if (unit === "week") return day + 7 * count;
  const months = unit === "month" ? count : 12 * count;
  return Math.floor(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / MS);
}

/** The window of a period as counts name it: 2021-08-08, 2021-W31, 2021-08, 2021. @param {string} name @param {Unit} unit @returns {Window} */
export function period(name, unit) {
  let from;
  if (unit === "week") {
    const [year, week] = name.split("-W").map(Number);
    // The week of ISO 8601 that has 4 January in it is the first.
    from = floor(Math.floor(Date.UTC(year, 0, 4) / MS), "week") + 7 * (week - 1);
  } else {
    from = number(`${name}-01-01`.slice(0, 10));
  }
  return { from, to: add(from, unit) - 1 };
}

/** @param {number} from @param {string} duration ISO 8601, in days, weeks, months, years */
function after(from, duration) {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?/.exec(duration);
  const [years, months, weeks, days] = (found ?? []).slice(1).map((part) => Number(part ?? 0));
  const date = new Date(from * MS);
  return Math.floor(Date.UTC(date.getUTCFullYear() + (years || 0), date.getUTCMonth() + (months || 0), date.getUTCDate() + 7 * (weeks || 0) + (days || 0)) / MS);
}

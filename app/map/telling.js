/** An event in words, as careful as what is known of it: when, where and how many. The pages of `formats/telling.py` say the same. */

import { day, has, lang, number, t } from "./words.js";

/** @typedef {Record<string, any>} Told What the interface tells of an event, a claim or an estimate. */

const CERTAIN_DAYS = new Set(["instant", "hour", "day"]);
const KNOWN_PLACES = new Set(["exact", "vicinity", "settlement"]);

const WARNINGS = new Set(["unverified", "disputed", "refuted"]);

/** Whether a word of verification warns. @param {string | null} verification */
export function warns(verification) {
  return verification !== null && WARNINGS.has(verification);
}

/** A code as a reader says it. @param {string} code @param {string} [kind] of which vocabulary it is */
export function word(code, kind = "word") {
  const key = `say.${kind}.${code}`;
  return has(key) ? t(key) : code.replaceAll("_", " ");
}

/** An instant as a reader says it, in UTC. @param {string} written ISO 8601 */
export function moment(written) {
  const instant = new Date(written);
  if (Number.isNaN(instant.valueOf())) return written;
  const writer = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, {
    timeZone: "UTC", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return t("tell.moment", { moment: writer.format(instant).replace(" at ", ", ") });
}

/** The moment of the second clock: a day where it is the end of one, or else with its time, which a day would hide. @param {string} written */
export function asOf(written) {
  const whole = /^(\d{4}-\d\d-\d\d)(T23:59:59(\.\d+)?(Z|\+00:00))?$/.exec(written);
  return whole ? day(whole[1]) : moment(written);
}

/** Days from first to last, both included; an end may be unknown. @param {string | null} first @param {string | null} last */
export function span(first, last) {
  if (first === null && last === null) return t("tell.days.unknown");
  if (first === null) return t("tell.days.until", { last: day(/** @type {string} */ (last)) });
  if (last === null) return t("tell.days.since", { first: day(first) });
  return first === last ? day(first) : t("tell.days.span", ends(first, last));
}

/** When an event happened: what is duration and what is doubt. @param {Told} event */
export function when(event) {
  const { first_day: first, last_day: last } = event;
  if (first === null && last === null) return t("tell.when.unknown");
  if (CERTAIN_DAYS.has(event.date_precision)) {
    if (first === last) return t("tell.when.on", { day: day(first) });
    return t("tell.when.from", { days: span(first, last) });
  }
  if (first === null || last === null) return t("tell.when.open", { days: span(first, last) });
  return t("tell.when.between", ends(first, last));
}

/** Whether its days are known to the day. @param {Told} event */
export function dayKnown(event) {
  return CERTAIN_DAYS.has(event.date_precision) && (event.first_day !== null || event.last_day !== null);
}

/**
 * Where an event happened, and that it is not known more exactly.
 * @param {Told} event @param {(code: string) => string} called the name of a region by its code
 */
export function where(event, called) {
  const told = whereBriefly(event, called);
  return exactness(event) === "area" && event.precision !== "sea_air" ? t("tell.where.not_more", { where: told }) : told;
}

/** Where an event happened, as short as it is not wrong. @param {Told} event @param {(code: string) => string} called */
export function whereBriefly(event, called) {
  const regions = [event.admin2, event.admin1, event.country].filter(Boolean).map(called);
  const area = [...new Set(regions)].join(t("tell.comma"));
  const { place, precision } = event;
  if (KNOWN_PLACES.has(precision)) return t("tell.where.in", { place: joined(place, area) });
  if (precision === "near_settlement") {
    return event.radius_m
      ? t("tell.where.near_within", { place: joined(place, area), radius: Math.round(event.radius_m / 1000) })
      : t("tell.where.near", { place: joined(place, area) });
  }
  if (precision === "sea_air") return place ? t("tell.where.sea_at", { place }) : t("tell.where.sea");
  if (precision === "unknown") return t("tell.where.unknown");
  return t("tell.where.somewhere", { area: area || place || t("tell.where.nameless_area") });
}

/** How exactly the place is known, as one of four marks. @param {Told} event @returns {"settlement" | "near" | "area" | "unknown"} */
export function exactness(event) {
  if (KNOWN_PLACES.has(event.precision)) return "settlement";
  if (event.precision === "near_settlement") return "near";
  return event.precision === "unknown" ? "unknown" : "area";
}

/** The number of an estimate, or what is said in its place. @param {Told} estimate with low, best, high and state */
export function amount({ low, best, high, state }) {
  if (low === null && best === null && high === null) return t(has(`tell.number.${state}`) ? `tell.number.${state}` : "tell.number.none");
  if (state === "zero_or_not_reported") return t("tell.number.zero_or_not_reported");
  if (best === null && high === null) return t("tell.number.at_least", { low });
  if (best === null && low === null) return t("tell.number.at_most", { high });
  const bounds = t("tell.number.bounds", { low: low ?? "?", high: high ?? "?" });
  if (best === null) return bounds;
  const one = [low, high].every((bound) => bound === null || bound === best);
  return one ? number(best) : t("tell.number.best", { best, bounds });
}

/** The deaths of an event in a few words. @param {Told} event */
export function deaths(event) {
  const { deaths_low: low, deaths_best: best, deaths_high: high, deaths_state: state } = event;
  if (low === null && best === null && high === null) return t(state === "vague" ? "tell.deaths.vague" : "tell.deaths.unknown");
  if (state === "zero_or_not_reported") return t("tell.deaths.zero_or_not_reported");
  if (state === "explicit_zero") return t("tell.deaths.zero");
  return t("tell.deaths.number", { number: amount({ low, best, high, state }) });
}

/** The number of a figure with its hedge: more than 3,000. @param {Told} figure */
export function hedged(figure) {
  if (figure.value === null) return amount({ low: figure.low, best: null, high: figure.high, state: "reported" });
  return t(`tell.hedge.${figure.qualifier ?? "exactly"}`, { value: figure.value });
}

/** @param {string} first @param {string} last @returns {{first: string, last: string}} */
function ends(first, last) {
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  const sameMonth = sameYear && first.slice(0, 7) === last.slice(0, 7);
  /** @type {Intl.DateTimeFormatOptions | undefined} */
  const how = sameMonth ? { day: "numeric" } : sameYear ? { day: "numeric", month: "long" } : undefined;
  return { first: day(first, how), last: day(last) };
}

/** @param {string | null} place @param {string} area */
function joined(place, area) {
  if (place && area && area.split(t("tell.comma"), 1)[0] === place) return area;
  return [place, area].filter(Boolean).join(t("tell.comma")) || t("tell.where.nameless");
}

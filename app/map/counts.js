/** Counts of events, asked once each: histogram, options and totals share what they know. */
import { get } from "./api.js";

/**
 * @typedef {{events: number, deaths_low: number | null, deaths_best: number | null, deaths_high: number | null, deaths_unknown: number, spanning: number}} Sum
 * @typedef {{counts: (Sum & Record<string, string | null>)[], total: Sum}} Counts
 */

const KEPT = 80;
/** @type {Map<string, Promise<Counts>>} */
const known = new Map();

/**
 * Events by one or two dimensions. Never given up half-way, since others may wait for the same answer.
 * @param {string} by @param {URLSearchParams} query
 * @returns {Promise<Counts>}
 */
export function counts(by, query) {
  const asked = new URLSearchParams(query);
  asked.set("by", by);
  const key = asked.toString();
  const there = known.get(key);
  if (there) return there;
  const answer = get("/counts", asked);
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  if (known.size > KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
  return answer;
}

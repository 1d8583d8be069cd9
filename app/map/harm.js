/** Harm: every figure with who gives it, side by side on one scale; what is not known is said, and is no zero. */

import { h } from "./dom.js";
import { bdi } from "./elements.js";
import { amount, word } from "./telling.js";
import { t } from "./words.js";

/** @typedef {Record<string, any>} Told */

/** Letters of a number that stays on one line. */
const SHORT = 15;

/**
 * @param {Told} event with its `properties`, `estimates`, `claims` and `documents`
 * @returns {HTMLElement[]} one table for each harm, or a sentence
 */
export function harm(event) {
  const { estimates, properties } = event;
  if (!estimates.length) {
    return [h("p", { class: "lead" }, t(properties.deaths_state === "vague" ? "harm.vague" : "harm.none_reported"))];
  }
  const kinds = [...new Set(estimates.map((/** @type {Told} */ one) => one.harm))];
  return kinds.map((kind) => table(kind, estimates.filter((/** @type {Told} */ one) => one.harm === kind), event));
}

/** @param {string} kind @param {Told[]} estimates @param {Told} event */
function table(kind, estimates, event) {
  const most = Math.max(...estimates.flatMap((one) => [one.low ?? 0, one.best ?? 0, one.high ?? 0]));
  const scale = step(most);
  return h(
    "table", { class: "harm" },
    h("caption", {}, word(kind, "harm"), most > 0 && h("span", { class: "soft harm-scale" }, t("harm.scale", { end: scale }))),
    h("thead", { class: "hidden" }, h("tr", {}, ...["harm.whose", "harm.number", "harm.bar"].map((key) => h("th", { scope: "col" }, t(key))))),
    h("tbody", {}, ...estimates.map((one) => row(one, scale, event))),
  );
}

/** @param {Told} estimate @param {number} scale the number at the end of the bars @param {Told} event */
function row(estimate, scale, event) {
  const chosen = estimate.id !== null && estimate.id !== undefined && estimate.id === event.properties.deaths_estimate;
  const { state, basis } = estimate;
  return h(
    "tr", { class: chosen ? "chosen" : null },
    h("th", { scope: "row" }, bdi(teller(estimate, event)),
      h("span", { class: "soft" }, [word(estimate.group, "group"), word(basis, "basis"), state !== "reported" && word(state, "state")].filter(Boolean).join(t("tell.comma"))),
      chosen && h("span", { class: "soft" }, t("harm.chosen")),
      estimate.quote && h("q", { class: "soft" }, bdi(estimate.quote)),
      estimate.note && h("span", { class: "soft" }, bdi(estimate.note))),
    h("td", { class: amount(estimate).length <= SHORT ? "amount amount-short" : "amount" }, amount(estimate)),
    h("td", { class: "gauge-cell", "aria-hidden": "true" }, bar(estimate, scale)),
  );
}

/**
 * From nothing to the low figure full, from low to high pale, a tick at the best; an end that is not given fades away.
 * @param {Told} estimate @param {number} scale
 */
function bar({ low, best, high }, scale) {
  if (low === null && best === null && high === null) return null;
  const sure = low ?? best ?? 0;
  const most = high ?? best ?? sure;
  const line = h("span", { class: high === null && best === null ? "gauge gauge-open" : "gauge" }, h("span", { class: "gauge-most" }), h("span", { class: "gauge-sure" }), best !== null && h("span", { class: "gauge-best" }));
  line.style.setProperty("--sure", String(sure / scale));
  line.style.setProperty("--most", String(most / scale));
  line.style.setProperty("--best", String((best ?? 0) / scale));
  return line;
}

/** Whose an estimate is. @param {Told} estimate @param {Told} event */
export function teller(estimate, event) {
  const claim = event.claims.find((/** @type {Told} */ one) => one.id === estimate.claim_id);
  const document = event.documents.find((/** @type {Told} */ one) => one.id === estimate.document_id);
  return claim?.claimant ?? document?.publisher ?? t("harm.dataset", { dataset: estimate.dataset });
}

/** The next round number, where a scale may end. @param {number} most */
function step(most) {
  if (most <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((end) => end >= most) ?? most;
}


/** Figures over an area and a period beside an event: sums that somebody reported, which are no part of it. */

import { address, get } from "./api.js";
import { h } from "./dom.js";
import { bdi, woven } from "./elements.js";
import { hedged, span, word } from "./telling.js";
import { day, t } from "./words.js";

/** @typedef {Record<string, any>} Told */

const SHOWN = 5;

/**
 * The figures of an event, then those over its region and days.
 * @param {Told} event @param {string | null} region @param {{as_of: string} | undefined} then @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>}
 */
export async function figures(event, region, then, signal) {
  const { first_day: first, last_day: last } = event.properties;
  if (!region || (first === null && last === null)) return [];
  const asked = { region, period: `${first ?? ".."}/${last ?? ".."}`, match: "possible", limit: 50, ...then };
  const page = await get("/figures", asked, { signal }).catch((reason) => {
    if (reason?.name === "AbortError") throw reason;
    return { figures: [] };
  });
  /** @type {Told[]} */
  const found = page.figures;
  if (!found.length) return [];
  found.sort((one, other) => Number(other.events.includes(event.id)) - Number(one.events.includes(event.id)));
  return [
    h("p", { class: "soft" }, t("figures.explained")),
    h("ul", { class: "figures" }, ...found.slice(0, SHOWN).map((one) => row(one, event.id))),
    found.length > SHOWN && h("p", {}, h("a", { href: address("/collections/figures/items", { ...then }) }, t("figures.all", { count: found.length }))),
  ].filter((one) => one instanceof HTMLElement);
}

/** @param {Told} figure @param {string} event */
function row(figure, event) {
  const place = figure.place && figure.place !== figure.region_name ? `${figure.place}${t("tell.comma")}${figure.region_name}` : figure.region_name;
  return h("li", {},
    h("p", {}, h("strong", {}, hedged(figure)), " ", word(figure.metric, "metric"),
      figure.change_percent !== null && h("span", { class: "soft" }, " ", change(figure))),
    h("p", { class: "soft" }, ...woven(t("figures.over"), { place: bdi(place), days: span(figure.first_day, figure.last_day) })),
    h("p", { class: "soft" }, ...woven(t("figures.by"), { claimant: bdi(figure.claimant), role: word(figure.role, "role"), publisher: bdi(figure.document.publisher), day: day(figure.document.published_on) })),
    figure.verification !== "not_stated" && h("p", { class: figure.verification === "explicitly_unverified" ? "warned" : "soft" }, word(figure.verification, "published")),
    figure.events.includes(event) && h("p", { class: "soft" }, t("figures.of_this")));
}

/** @param {Told} figure */
function change({ change_percent: percent, change_first_day: first, change_last_day: last }) {
  return t(percent < 0 ? "figures.fewer" : "figures.more", { percent: Math.abs(percent), days: span(first, last) });
}

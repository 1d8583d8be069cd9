/** How many events begin in the chosen days. */
import * as days from "./days.js";
import { counts } from "./counts.js";
import { quiet } from "./dom.js";
import { t } from "./words.js";

/** @typedef {import("./days.js").Window} Window */

/** How many events begin in the days that were asked about last; nothing while that is not known. @type {{key: string, events: number | null}} */
let counted = { key: "", events: null };

/** Say how many begin in these days. Bars are whole weeks or longer, so that they cannot be added up. @param {HTMLElement} place @param {URLSearchParams} query all but the days @param {Window | null} window */
export function begun(place, query, window) {
  if (window) {
    const ends = [Number.isFinite(window.from) && `first_day >= DATE('${days.iso(window.from)}')`, Number.isFinite(window.to) && `first_day <= DATE('${days.iso(window.to)}')`];
    const filter = query.get("filter");
    query.set("filter", [filter && `(${filter})`, ...ends].filter(Boolean).join(" AND "));
    const key = query.toString();
    if (key !== counted.key) {
      counted = { key, events: null };
      countSoon(place, query, key);
    }
  } else {
    // What is still on its way for days that nobody asks for any more is not told.
    counted = { key: "", events: null };
  }
  place.textContent = counted.events !== null ? t("time.begin", { count: counted.events }) : "";
}

const countSoon = quiet(async (/** @type {HTMLElement} */ place, /** @type {URLSearchParams} */ query, /** @type {string} */ key) => {
  const events = await counts("dataset", query).then(({ total }) => total.events, () => null);
  if (key !== counted.key) return;
  // What could not be asked is not none: it is asked anew at the next change.
  counted = { key: events === null ? "" : key, events };
  if (events !== null) place.textContent = t("time.begin", { count: events });
}, 120);

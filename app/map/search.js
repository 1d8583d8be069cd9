/** The search box: places by any spelling, and events by their words. A combobox as WAI-ARIA describes it. */

import "./words-panel.js";
import { Refused, get } from "./api.js";
import { h, s } from "./dom.js";
import { bdi, woven } from "./elements.js";
import { flyTo } from "./map.js";
import { mark } from "./marks.js";
import { called, learn } from "./names.js";
import { state } from "./state.js";
import { span } from "./telling.js";
import { groupOf } from "./vocabulary.js";
import { t } from "./words.js";

/**
 * @typedef {Record<string, any>} Told
 * @typedef {{id: string, label: HTMLElement, choose: () => void}} Option
 */

const WAIT_MS = 150;
const LETTERS = 2;
const PLACES = 6;
const EVENTS = 4;
const AROUND_KM = 25;
/** How near one goes to a settlement. */
const SETTLEMENT_ZOOM = 9;

/** @param {HTMLElement} element */
export function mount(element) {
  const input = h("input", {
    type: "search", class: "search-input", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "search-list",
    "aria-label": t("search.label"), placeholder: t("search.placeholder"), autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search",
  });
  const list = h("ul", { id: "search-list", class: "search-list", role: "listbox", "aria-label": t("search.found"), hidden: true });
  const offer = h("div", { class: "search-offer", role: "group", "aria-label": t("search.offer"), hidden: true });
  const status = h("p", { class: "hidden", role: "status" });
  element.classList.add("search");
  element.replaceChildren(s("svg", { class: "search-sign", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    s("path", { d: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9zM10.5 10.5L14 14" })), input, list, offer, status);

  /** @type {Option[]} */
  let options = [];
  let active = -1;
  let asking = new AbortController();
  let waiting = 0;

  input.value = state.get().q ?? "";
  state.on((now, before) => {
    if (now.q !== before.q && document.activeElement !== input) input.value = now.q ?? "";
  });
  input.addEventListener("input", () => {
    offer.hidden = true;
    asking.abort();
    clearTimeout(waiting);
    if (input.value.trim().length < LETTERS) {
      // Emptied, by hand or by the cross of the field, it asks for no words any more.
      if (!input.value.trim() && state.get().q) state.set({ q: null });
      return close();
    }
    waiting = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", press);
  input.addEventListener("focus", () => {
    if (options.length && offer.hidden && input.value.trim().length >= LETTERS) open();
  });
  element.addEventListener("focusout", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) {
      close();
      offer.hidden = true;
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || offer.hidden) return;
    event.preventDefault();
    offer.hidden = true;
    input.focus();
  });

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const words = input.value.trim();
    let refused = "";
    const nothing = (/** @type {any} */ reason) => {
      if (signal.aborted) throw reason;
      if (reason instanceof Refused && reason.status < 500) refused = reason.message;
      return null;
    };
    try {
      const then = Object.fromEntries(state.query(["as_of"]));
      const [places, events] = await Promise.all([
        get("/places", { q: words, limit: PLACES }, { signal }).catch(nothing),
        get("/events", { q: words, limit: EVENTS, properties: "title,type,first_day,last_day,verification", ...then }, { signal }).catch(nothing),
      ]);
      const found = places?.places ?? [];
      await learn(found.map((/** @type {Told} */ one) => ({ country: one.country, admin1: one.admin1 })));
      if (signal.aborted) return;
      show(found, events?.features ?? [], words, places === null && events === null, refused);
    } catch (reason) {
      if (!signal.aborted) throw reason;
    }
  }

  /** @param {Told[]} places @param {Told[]} events @param {string} words @param {boolean} failed @param {string} refused why the words cannot be asked for, if that is why */
  function show(places, events, words, failed, refused) {
    const trouble = failed ? refused || t("search.failed") : "";
    options = [
      ...places.map((one) => ({ label: placeLabel(one), choose: () => visit(one) })),
      ...events.map((one) => ({ label: eventLabel(one), choose: () => { state.set({ event: one.id }); done(); } })),
      ...(failed && refused ? [] : [{ label: h("span", { class: "search-words" }, ...woven(t("search.words"), { words: bdi(words) })), choose: () => { state.set({ q: words, event: null }); done(words); } }]),
    ].map((one, place) => ({ ...one, id: `search-option-${place}` }));
    const items = options.map((one) => {
      const item = h("li", { id: one.id, role: "option", "aria-selected": "false" }, one.label);
      // The field keeps the focus: a press would take it before the click.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", one.choose);
      return item;
    });
    const heads = [
      failed && h("li", { role: "presentation", class: "search-none" }, trouble),
      !failed && !places.length && h("li", { role: "presentation", class: "search-none" }, t("search.no_place")),
    ].filter((one) => one !== false);
    list.replaceChildren(...heads, ...items);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    open();
    status.textContent = trouble || t("search.counted", { count: places.length + events.length });
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.isComposing) return;
    const shown = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown && options.length) open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: there the text itself is active.
      const places = options.length + 1;
      point(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown && options.length) return options[Math.max(active, 0)].choose();
      clearTimeout(waiting);
      const words = input.value.trim();
      if (words) ask();
      else state.set({ q: null });
    } else if (event.key === "Escape") {
      if (shown) {
        event.preventDefault();
        close();
      } else if (input.value) {
        event.preventDefault();
        input.value = "";
        state.set({ q: null });
      }
    }
  }

  /** @param {number} place */
  function point(place) {
    active = place;
    options.forEach((one, index) => {
      const item = document.getElementById(one.id);
      item?.setAttribute("aria-selected", String(index === place));
      if (index === place) item?.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[place].id);
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function done(text = "") {
    close();
    options = [];
    input.value = text;
    offer.hidden = true;
  }

  /** Go to a place, and offer what may be asked of it. @param {Told} place */
  function visit(place) {
    flyTo(place.bbox ?? place.point, place.bbox ? undefined : { zoom: SETTLEMENT_ZOOM });
    done(place.name);
    const region = place.kind === "region" ? place.code : place.admin1;
    const only = (/** @type {string} */ label, /** @type {Record<string, string | null>} */ patch) =>
      h("button", { type: "button", onclick: () => {
        state.set({ region: null, near: null, radius: null, bbox: null, intersects: null, ...patch, event: null });
        done();
        input.focus();
      } }, label);
    offer.replaceChildren(
      h("p", {}, ...woven(t("search.went"), { place: h("strong", {}, bdi(place.name)), kind: kindOf(place) })),
      h("div", { class: "search-actions" },
        place.kind !== "region" && only(t("search.around", { radius: AROUND_KM }), { near: place.point.join(","), radius: `${AROUND_KM}km` }),
        region && only(place.kind === "region" ? t("search.only_region") : t("search.only_named", { region: called(region) }), { region })));
    offer.hidden = false;
    status.textContent = t("search.arrived", { place: place.name });
  }
}

/** @param {Told} place */
function placeLabel(place) {
  const matched = place.matched && place.matched.localeCompare(place.name, undefined, { sensitivity: "base" }) !== 0;
  return h("span", { class: "search-place" },
    s("svg", { class: "search-kind", viewBox: "-9 -9 18 18", width: 18, height: 18, "aria-hidden": "true" },
      place.kind === "region" ? s("path", { class: "pin-area", d: "M-6 -3L-1 -6L6 -4L5 4L-2 6L-6 3z" }) : s("circle", { class: "pin-dot", r: 3.4 })),
    h("span", {}, bdi(place.name), matched && h("span", { class: "soft" }, " ", ...woven(t("search.matched"), { name: bdi(place.matched) }))),
    h("span", { class: "soft search-where" }, kindOf(place)));
}

/** What a place is, and where: province, Afghanistan. @param {Told} place */
function kindOf(place) {
  const kind = place.kind === "region" ? t(`search.level.${place.level}`) : t("search.settlement");
  const within = [place.admin1, place.level === 0 ? null : place.country].filter(Boolean).map(called);
  return [kind, ...new Set(within)].join(t("tell.comma"));
}

/** @param {Told} event */
function eventLabel({ properties: event }) {
  return h("span", { class: "search-place" }, mark(groupOf(event.type), event.verification), bdi(event.title),
    h("span", { class: "soft search-where" }, span(event.first_day, event.last_day)));
}

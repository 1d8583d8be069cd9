/** The events that the map shows, as a list: its equivalent in text, newest first, with those that have no pin. */

import { Refused, address, get } from "./api.js";
import { extent } from "./card.js";
import { h } from "./dom.js";
import { bdi, woven } from "./elements.js";
import { highlight, visibleBounds } from "./map.js";
import { mark, precision } from "./marks.js";
import { called, learn } from "./names.js";
import { FILTERS, state } from "./state.js";
import { dayKnown, deaths, exactness, moment, span, warns, when, whereBriefly, word } from "./telling.js";
import { groupOf } from "./vocabulary.js";
import { day, number, t } from "./words.js";

/** @typedef {Record<string, any>} Told */

const ON_A_PAGE = 50;
const SKELETON_MS = 200;
const HOVER_MS = 120;
const PROPERTIES = "id,type,title,first_day,last_day,date_precision,place,precision,radius_m,country,admin1,admin2,deaths_low,deaths_best,deaths_high,deaths_state,verification,contested,dataset";
/** Two of one pair are set together, and `filter-lang` with what it explains. */
const TOGETHER = [["near", "radius"]];
/** What only says how the others are meant, and empties nothing by itself. */
const MANNERS = new Set(["match", "radius"]);
/** What is widened first where a question has no answer. */
const WIDENED = FILTERS.filter((name) => !MANNERS.has(name));

/**
 * A list in an element; the returned function asks anew.
 * @param {HTMLElement} element
 * @param {{open: (id: string) => void, signal: () => AbortSignal}} options `signal` gives up what is being asked, and begins anew
 * @returns {{ask: () => Promise<void>, focus: (id: string) => void}}
 */
export function make(element, { open, signal }) {
  const heading = h("h2", { class: "list-title", id: "list-title", tabindex: "-1" }, t("list.loading"));
  const note = h("p", { class: "soft list-note" });
  // Only the count is read aloud, and only when it has settled.
  const status = h("p", { class: "hidden", role: "status" });
  const rows = h("ol", { class: "rows", "aria-labelledby": "list-title" });
  const foot = h("div", { class: "list-foot" });
  element.replaceChildren(h("div", { class: "list-top" }, heading, note), status, rows, foot);
  rows.addEventListener("keydown", walk);

  return {
    async ask() {
      const given = signal();
      const asked = question();
      element.setAttribute("aria-busy", "true");
      const late = setTimeout(() => rows.childElementCount === 0 && rows.replaceChildren(...skeletons()), SKELETON_MS);
      try {
        const [page, total] = await Promise.all([
          get("/events", new URLSearchParams([...asked, ["limit", String(ON_A_PAGE)], ["properties", PROPERTIES]]), { signal: given }),
          count(asked, given).catch((reason) => { if (given.aborted) throw reason; return null; }),
        ]);
        if (given.aborted) return;
        clearTimeout(late);
        foot.replaceChildren();
        rows.replaceChildren(...page.features.map((/** @type {Told} */ one) => row(one, open)));
        tell(page.features.length, total, following(page) !== null);
        if (page.features.length === 0) foot.replaceChildren(await empty(given));
        else more(page, given);
        name(page.features, given);
      } catch (reason) {
        if (given.aborted) return;
        rows.replaceChildren();
        heading.textContent = t("list.failed");
        note.textContent = "";
        status.textContent = t("list.failed");
        foot.replaceChildren(h("p", { class: "refused soft" }, reason instanceof Error ? reason.message : String(reason)));
        // What is refused would be refused again.
        if (!(reason instanceof Refused && reason.status < 500)) foot.append(h("button", { type: "button", onclick: () => this.ask() }, t("card.retry")));
      } finally {
        clearTimeout(late);
        if (!given.aborted) element.removeAttribute("aria-busy");
      }
    },
    focus(id) {
      const link = /** @type {HTMLElement | null} */ (rows.querySelector(`[data-event="${CSS.escape(id)}"] a`));
      (link ?? heading).focus({ preventScroll: link === null });
    },
  };

  /** @param {number} shown @param {number | null} total @param {boolean} further */
  function tell(shown, total, further) {
    const counted = total ?? (further ? null : shown);
    const said = counted === null ? t("list.at_least", { count: shown }) : counted === 0 ? t("events.none") : t("events", { count: counted });
    heading.textContent = t("list.told", { count: said });
    note.textContent = shown === 0 ? t("list.nothing") : `${t((state.get().match ?? "point") === "point" ? "list.shown" : "list.newest")}${state.get().as_of ? ` ${t("list.as_of", { moment: moment(state.get().as_of) })}` : ""}`;
    status.textContent = heading.textContent;
  }

  /** A button for the next page, where there is one. @param {Told} page @param {AbortSignal} given */
  function more(page, given) {
    const next = following(page);
    if (!next) return foot.replaceChildren();
    const button = h("button", { type: "button", class: "more" }, t("list.more"));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const url = new URL(next);
        const after = await get(url.pathname.slice(new URL(address("/")).pathname.length - 1), url.searchParams, { signal: given });
        const added = after.features.map((/** @type {Told} */ one) => row(one, open));
        rows.append(...added);
        more(after, given);
        name(after.features, given);
        status.textContent = t("list.added", { count: added.length });
        added[0]?.querySelector("a")?.focus();
      } catch (reason) {
        if (given.aborted) return;
        button.disabled = false;
        status.textContent = t("list.failed");
        button.textContent = t("card.retry");
      }
    });
    foot.replaceChildren(button);
  }

  /** Says places anew when their regions have names. @param {Told[]} features @param {AbortSignal} given */
  async function name(features, given) {
    await learn(features.map((one) => one.properties));
    if (given.aborted) return;
    for (const { id, properties } of features) {
      const place = rows.querySelector(`[data-event="${CSS.escape(id)}"] .row-where bdi`);
      if (place) place.textContent = whereBriefly(properties, called);
    }
  }
}

/** What the list asks: the filters, within what of the world is seen. */
export function question() {
  const asked = state.query();
  const bounds = visibleBounds();
  // A drawn box is asked as it is: the map shows what of it is seen.
  if (!asked.has("bbox") && bounds && !everywhere(bounds)) asked.set("bbox", bounds.map((one) => String(Math.round(one * 1e4) / 1e4)).join(","));
  return asked;
}

/** @param {number[]} bounds */
function everywhere([west, south, east, north]) {
  return east - west >= 360 || (west <= -180 && east >= 180 && south <= -85 && north >= 85);
}

/** How many events match. @param {URLSearchParams} asked @param {AbortSignal} signal @returns {Promise<number>} */
async function count(asked, signal) {
  return (await get("/counts", new URLSearchParams([...asked, ["by", "dataset"]]), { signal })).total.events;
}

/** @param {Told} page */
function following(page) {
  return page.links.find((/** @type {Told} */ link) => link.rel === "next")?.href ?? null;
}

/** @param {Told} feature @param {(id: string) => void} open */
function row({ id, properties: event, geometry }, open) {
  const link = h("a", { class: "row-title", href: address(`/events/${id}`, state.query(["as_of"])), onclick: (/** @type {MouseEvent} */ pressed) => {
    if (pressed.ctrlKey || pressed.metaKey || pressed.shiftKey || pressed.button !== 0) return;
    pressed.preventDefault();
    open(id);
  } }, bdi(event.title));
  const { verification } = event;
  const item = h("li", { class: "row", "data-event": id },
    mark(groupOf(event.type), verification, event.contested),
    h("div", { class: "row-body" },
      link,
      h("p", { class: "row-when" }, briefly(event)),
      h("p", { class: "row-where" }, precision(exactness(event)), bdi(whereBriefly(event, called)), exactness(event) === "settlement" && event.radius_m >= 1000 && h("span", { class: "soft" }, " ", t("list.anywhere", { radius: Math.round(event.radius_m / 1000) }))),
      h("p", { class: "row-last soft" },
        h("span", {}, word(event.type, "type")),
        h("span", {}, deaths(event)),
        verification && h("span", { class: warns(verification) ? "warned" : null }, word(verification, "verification")),
        event.contested && h("span", { class: "warned" }, t("card.contested")))));
  let waiting = 0;
  const point = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (state.get().event) return;
      const drawn = exactness(event) === "area" ? await extent(id, asOf()).catch(() => null) : { type: "Feature", id, geometry, properties: event };
      if (waiting && drawn?.geometry && item.isConnected) highlight(drawn);
    }, HOVER_MS);
  };
  const leave = () => {
    clearTimeout(waiting);
    waiting = 0;
    if (!state.get().event) highlight(null);
  };
  for (const name of ["mouseenter", "focusin"]) item.addEventListener(name, point);
  for (const name of ["mouseleave", "focusout"]) item.addEventListener(name, leave);
  return item;
}

function asOf() {
  const { as_of } = state.get();
  return as_of === undefined ? undefined : { as_of };
}

/** When, without what the card explains. @param {Told} event */
function briefly(event) {
  return dayKnown(event) ? span(event.first_day, event.last_day) : when(event);
}

/** Arrow keys go from row to row. @param {KeyboardEvent} pressed */
function walk(pressed) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[pressed.key];
  const links = [.../** @type {HTMLElement} */ (pressed.currentTarget).querySelectorAll("a")];
  const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const to = { Home: 0, End: links.length - 1 }[pressed.key] ?? (step === undefined ? -1 : at + step);
  if (at < 0 || !links[to]) return;
  pressed.preventDefault();
  links[to].focus();
}

function skeletons() {
  return Array.from({ length: 6 }, () => h("li", { class: "row", "aria-hidden": "true" }, h("div", { class: "skeleton" })));
}

/** Which filter emptied the list, and how many events each wider question has. @param {AbortSignal} signal */
async function empty(signal) {
  const asked = question();
  const now = state.get();
  /** @type {{label: string, query: URLSearchParams, widen: () => void}[]} */
  const wider = [];
  const offer = (/** @type {string} */ label, /** @type {(query: URLSearchParams) => void} */ change, /** @type {() => void} */ widen) => {
    const query = new URLSearchParams(asked);
    change(query);
    wider.push({ label, query, widen });
  };
  if (now.match !== "possible" && ["bbox", "region", "near", "intersects", "datetime"].some((name) => asked.has(name))) {
    offer("emptied.possible", (query) => query.set("match", "possible"), () => state.set({ match: "possible" }));
  }
  for (const name of WIDENED) {
    if (now[name] === undefined) continue;
    const names = TOGETHER.find((pair) => pair.includes(name)) ?? [name];
    offer(`emptied.without.${name}`, (query) => names.forEach((one) => query.delete(one)), () => state.set(Object.fromEntries(names.map((one) => [one, null]))));
  }
  if (asked.has("bbox") && !now.bbox) {
    const { flyTo } = await import("./map.js");
    offer("emptied.elsewhere", (query) => query.delete("bbox"), () => flyTo([-180, -60, 180, 78]));
  }
  const counted = await Promise.all(wider.map(async (one) => ({ ...one, events: await count(one.query, signal).catch(() => 0) })));
  const useful = counted.filter((one) => one.events > 0).sort((one, other) => other.events - one.events);
  const filters = WIDENED.filter((name) => now[name] !== undefined);
  return h("div", { class: "emptied" },
    useful.length > 0
      ? h("ul", {}, ...useful.map((one) => h("li", {}, h("button", { type: "button", class: "widen", onclick: one.widen },
        ...woven(t(one.label, { value: shown(one.label, now) }), {}), h("span", { class: "soft" }, t("events", { count: one.events }))))))
      : h("p", {}, t(filters.length ? "emptied.all" : "emptied.nothing_loaded")),
    useful.length === 0 && filters.length > 0 && h("button", { type: "button", onclick: () => state.set(Object.fromEntries(FILTERS.map((name) => [name, null]))) }, t("emptied.clear")));
}

/** The value of a filter, short enough for a button. @param {string} label @param {Readonly<Record<string, string>>} now */
function shown(label, now) {
  const name = label.split(".").at(-1) ?? "";
  const value = now[name] ?? "";
  if (name === "as_of") return moment(value);
  if (name === "deaths_min" || name === "deaths_max") return number(Number(value));
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return day(value);
  const ends = /^(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\d)$/.exec(value);
  if (ends) return span(ends[1], ends[2]);
  const kind = { type: "type", verification: "verification" }[name];
  return kind ? value.split(",").map((one) => word(one, kind)).join(t("tell.comma")) : value.replaceAll("\n", t("tell.comma"));
}

/** Puts the page together: what is where, what is folded away, and what a first look shows. */
import * as credits from "./credits.js";
import * as days from "./days.js";
import * as filters from "./filters.js";
import * as map from "./map.js";
import * as panel from "./panel.js";
import * as search from "./search.js";
import * as share from "./share.js";
import * as shapes from "./shapes.js";
import * as strip from "./strip.js";
import { ROOT, get } from "./api.js";
import { counts } from "./counts.js";
import { h, icon, narrow, quiet, say, the } from "./dom.js";
import { FILTERS, address, state, unknown } from "./state.js";
import { asOf } from "./telling.js";
import { theme } from "./theme.js";
import { day, dir, lang, t } from "./words.js";

/** Below this there is no room for both panels beside the map. */
const ROOMY = matchMedia("(min-width: 1180px)");
/** Up to so many events, a first look goes to where and when most of them were. */
const FEW = 500;
/** Time in which a browser draws once. */
const FRAME_MS = 32;
/** How long the page waits to know when and where it is to be. */
const PATIENCE_MS = 3000;
const HEIGHTS = /** @type {const} */ (["peek", "half", "full"]);

const embedded = "embedded" in document.documentElement.dataset;

document.documentElement.lang = lang;
document.documentElement.dir = dir;
for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(/** @type {string} */ (element.getAttribute("data-text")));

async function open() {
  const first = state.get();
  const fresh = !first.map && !first.event && !FILTERS.some((name) => first[name]);
  const window = fresh ? await Promise.race([busiest(), after(PATIENCE_MS)]) : null;
  if (window) state.set({ datetime: days.write(window) }, { replace: true });
  // Asked before the map is made, so that it begins where it is to be, and asks for nothing twice; but never waited for for long.
  const place = Promise.race([first.map ? null : whereTo(first), after(PATIENCE_MS)]);
  if (embedded) {
    await frame(await place);
  } else {
    chrome();
    then();
    search.mount(the("search"));
    filters.mount(the("asked"));
    strip.mount(the("strip"));
    credits.mount(the("strip"));
    measure();
    map.onTrouble(() => say(t("map.trouble")));
    // Without a graphics card the map takes the browser for half a second: what is there already is shown before.
    await after(FRAME_MS);
    await map.mount(the("map"), theme.get(), await place);
    theme.on(() => map.dress(theme.get()));
    map.dress(theme.get());
    share.mount(the("share"));
    panel.mount(the("panel"));
  }
  document.documentElement.dataset.ready = "";
}

/** Nothing, in so many milliseconds. @param {number} time @returns {Promise<null>} */
function after(time) {
  return new Promise((done) => setTimeout(() => done(null), time));
}

/**
 * The month with most events, where there are few; where there are many, the last year that has its share of them.
 * @returns {Promise<import("./days.js").Window | null>}
 */
async function busiest() {
  try {
    const { counts: months, total } = await counts("month", new URLSearchParams());
    const many = total.events > FEW;
    /** @type {Map<string, number>} */
    const begun = new Map();
    for (const { month, events } of months) {
      const period = many ? month?.slice(0, -3) : month;
      if (period && events) begun.set(period, (begun.get(period) ?? 0) + events);
    }
    const full = [...begun];
    if (!full.length) return null;
    const share = total.events / full.length / 4;
    const best = many ? full.filter(([, events]) => events >= share).pop() : full.reduce((most, one) => (one[1] >= most[1] ? one : most));
    return days.period((best ?? full[full.length - 1])[0], many ? "year" : "month");
  } catch {
    return null;
  }
}

/**
 * Where what is asked was, unless the address says where to be; null is the world.
 * @param {import("./state.js").State} first @returns {Promise<import("./map.js").Place | null>}
 */
async function whereTo(first) {
  const asked = first.event ? undefined : shapes.asked(first).map(({ geometry }) => shapes.bounds(geometry)).find(Boolean);
  if (asked) return { box: asked };
  try {
    if (first.region && !first.event) {
      const box = await map.regionBox(first.region.split(",")[0]);
      if (box) return { box };
    }
    // An open event is shown whether it matches what else is asked or not.
    const query = state.query(first.event ? ["as_of"] : FILTERS);
    if (first.event) query.set("filter", `id='${first.event}'`);
    const { counts: countries, total } = await counts("country", query);
    if (!total.events) return null;
    if (total.events > FEW) {
      // Where nearly all were, if that is one country.
      const most = countries.reduce((best, one) => (one.events > best.events ? one : best));
      const box = most.country && most.events > 0.8 * total.events && (await map.regionBox(most.country));
      return box ? { box } : null;
    }
    query.set("limit", "100");
    query.set("geometry", "extent");
    query.set("properties", "type");
    const { features } = await get("/events", query);
    const boxes = features.map((/** @type {any} */ one) => shapes.bounds(one.geometry)).filter(Boolean);
    if (!boxes.length) return null;
    const box = boxes.reduce((/** @type {number[]} */ a, /** @type {number[]} */ b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
    return { box, zoom: 8 };
  } catch {
    return null;
  }
}

/** The map alone, with whose it is. @param {import("./map.js").Place | null} place */
async function frame(place) {
  await map.mount(the("map"), theme.get(), place);
  theme.on(() => map.dress(theme.get()));
  const line = the("strip");
  await credits.mount(line);
  const trouble = h("strong", { role: "status" }, leftOut());
  line.prepend(trouble);
  map.onTrouble(() => (trouble.textContent = t("map.trouble")));
  const link = h("a", { target: "_blank", rel: "noopener", class: "open" }, t("embed.open"));
  const renew = () => (link.href = ROOT + address(/** @type {any} */ ({ ...state.get(), event: undefined })).replace(/^[^?]*/, "/"));
  renew();
  line.prepend(link);
  state.on((now, before) => {
    renew();
    if (now.event && now.event !== before.event) window.open(`${ROOT}/events/${now.event}?f=html`, "_blank", "noopener");
  });
}

/** Buttons of the top bar, the panels, and the sheet of small screens. */
function chrome() {
  const dress = () => {
    const other = theme.get() === "dark" ? "light" : "dark";
    name(the("theme"), t(`top.${other}`));
    the("theme").replaceChildren(icon(other));
  };
  the("theme").addEventListener("click", theme.toggle);
  theme.on(dress);
  dress();
  the("fold-asked").replaceChildren(icon("filters"));
  the("fold-panel").replaceChildren(icon("list"));
  the("fold-asked").addEventListener("click", () => fold("asked"));
  the("fold-panel").addEventListener("click", () => fold("panel"));
  sheet();
  arrange();
  ROOMY.addEventListener("change", arrange);
  narrow.addEventListener("change", arrange);
  state.on((now, before) => {
    if (now.event && now.event !== before.event) unfold();
    if (now.panel !== before.panel) arrange();
    if (now.as_of !== before.as_of || now.reported !== before.reported) then();
  });
  if (state.get().event) unfold();
  const watcher = new ResizeObserver(cover);
  for (const id of ["map", "asked", "panel"]) watcher.observe(the(id));
}

/** Which panels are open: `both`, `asked`, `list` or `none`. */
function opened() {
  const wanted = state.get().panel ?? (ROOMY.matches ? "both" : "list");
  return { asked: wanted === "both" || wanted === "asked", panel: wanted === "both" || wanted === "list" };
}

/** @param {"asked" | "panel"} which */
function fold(which) {
  const next = { ...opened(), [which]: !opened()[which] };
  if (next.asked && next.panel && !ROOMY.matches) next[which === "asked" ? "panel" : "asked"] = false;
  keep(next);
}

/** See to it that the open event can be seen. */
function unfold() {
  if (narrow.matches) {
    tab("panel");
    if (the("sheet").dataset.height === "peek") tall("half");
  } else if (!opened().panel) keep({ asked: opened().asked && ROOMY.matches, panel: true });
}

/** @param {{asked: boolean, panel: boolean}} open */
function keep({ asked, panel: list }) {
  const value = asked && list ? "both" : asked ? "asked" : list ? "list" : "none";
  state.set({ panel: value === (ROOMY.matches ? "both" : "list") ? null : value }, { replace: true });
  arrange();
}

function arrange() {
  const open = opened();
  for (const which of /** @type {const} */ (["asked", "panel"])) {
    const shown = narrow.matches ? the("sheet").dataset.tab === which : open[which];
    the(which).hidden = !shown;
    const button = the(`fold-${which}`);
    button.setAttribute("aria-expanded", String(shown));
    name(button, t(`top.${which}.${shown ? "close" : "open"}`));
  }
  cover();
}

/** Tell the map what covers its edges. */
function measure() {
  const whole = the("map").getBoundingClientRect();
  const covered = { top: 0, right: 0, bottom: 0, left: 0 };
  if (!narrow.matches) {
    for (const which of ["asked", "panel"]) {
      const box = the(which).getBoundingClientRect();
      if (!box.width) continue;
      if (box.left <= whole.left + 1) covered.left = box.width;
      else covered.right = box.width;
    }
  }
  document.documentElement.style.setProperty("--covered-left", `${covered.left}px`);
  document.documentElement.style.setProperty("--covered-right", `${covered.right}px`);
  map.pad(covered);
}

const cover = quiet(measure, 30);

/** The bottom sheet of small screens: three heights, two tabs. */
function sheet() {
  const handle = the("handle");
  const tabs = /** @type {const} */ (["panel", "asked"]).map((which) =>
    h("button", { type: "button", role: "tab", id: `tab-${which}`, "aria-controls": which, onclick: () => (tab(which), the("sheet").dataset.height === "peek" && tall("half")) }, t(`sheet.${which}`)),
  );
  const grip = h("button", { type: "button", class: "grip", onclick: () => tall(HEIGHTS[(HEIGHTS.indexOf(/** @type {any} */ (the("sheet").dataset.height)) + 1) % 3]) });
  handle.replaceChildren(grip, h("div", { role: "tablist", "aria-label": t("sheet.label") }, ...tabs));
  handle.addEventListener("pointerdown", (event) => {
    const start = event.clientY;
    const before = the("sheet").getBoundingClientRect().height;
    let dragged = false;
    const drag = (/** @type {PointerEvent} */ next) => {
      if (!dragged && Math.abs(next.clientY - start) < 6) return;
      dragged = true;
      the("sheet").style.blockSize = `${Math.max(44, before + start - next.clientY)}px`;
    };
    const drop = (/** @type {PointerEvent} */ last) => {
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", drop);
      removeEventListener("pointercancel", drop);
      if (!dragged) return;
      const share = (before + start - last.clientY) / the("stage").clientHeight;
      the("sheet").style.blockSize = "";
      tall(share < 0.22 ? "peek" : share < 0.58 ? "half" : "full");
      // The click that follows a drag is none.
      handle.addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
      setTimeout(() => handle.dispatchEvent(new Event("settled")), 0);
    };
    addEventListener("pointermove", drag);
    addEventListener("pointerup", drop);
    addEventListener("pointercancel", drop);
  });
  tab("panel");
  tall("half");
}

/** @param {"asked" | "panel"} which */
function tab(which) {
  the("sheet").dataset.tab = which;
  for (const one of ["asked", "panel"]) document.getElementById(`tab-${one}`)?.setAttribute("aria-selected", String(one === which));
  arrange();
}

/** @param {typeof HEIGHTS[number]} height */
function tall(height) {
  the("sheet").dataset.height = height;
  const grip = /** @type {HTMLElement} */ (the("handle").firstElementChild);
  grip.setAttribute("aria-label", t(height === "full" ? "sheet.smaller" : "sheet.taller"));
}

/** A clock that is turned back shows on the whole page. */
function then() {
  const { as_of, reported } = state.get();
  const window = days.parse(reported);
  const until = window && Number.isFinite(window.to) ? days.iso(window.to) : null;
  const said = [];
  if (until) said.push(t("then.reported", { day: day(until) }));
  if (as_of) said.push(t("then.as_of", { day: asOf(as_of) }));
  document.body.classList.toggle("then", Boolean(as_of || reported));
  const back = said.length ? h("button", { type: "button", onclick: () => state.set({ as_of: null, reported: null }) }, t("then.back")) : "";
  the("then").hidden = !said.length && !unknown.length;
  the("then").replaceChildren(said.join(" "), back, " ", leftOut());
  document.title = said.length ? `${said.join(" ")} Sitrep` : "Sitrep: conflict events";
}

/** What the address has that is no filter: whoever reads an answer must know that it is not narrowed by it. */
function leftOut() {
  return unknown.length ? t("then.unknown", { names: unknown.map((one) => `‘${one}’`).join(", ") }) : "";
}

/** @param {HTMLElement} button @param {string} text */
function name(button, text) {
  button.setAttribute("aria-label", text);
  button.title = text;
}

await open();

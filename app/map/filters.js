/** The left panel: what is asked, which is the legend too. */
import * as days from "./days.js";
import * as draw from "./draw.js";
import * as symbols from "./symbols.js";
import { actor } from "./actors.js";
import { get } from "./api.js";
import { counts } from "./counts.js";
import { h, icon, quiet, say } from "./dom.js";
import { legend, paint, scale, symbol } from "./legend.js";
import { FILTERS, differs, state } from "./state.js";
import { asOf } from "./telling.js";
import { theme } from "./theme.js";
import { GROUPS, GROUP_NAMES, MATCH, PRECISION, VERIFICATION } from "./vocabulary.js";
import { day, has, number, t } from "./words.js";

const FACETS = /** @type {const} */ (["type", "verification", "precision", "dataset"]);
/** With these an event is known to a region and no more: hatched, never a mark. */
const REGIONAL = ["admin3", "admin2", "admin1", "country"];
const AREA = ["bbox", "intersects", "near", "radius"];

/** @type {Record<string, any>} */
const part = {};
/** @type {Record<string, string>} */
const regionNames = {};
/** @type {any[]} */
let datasets = [];
/** How often numbers were asked for: an answer that comes late is none. */
let asked = 0;

/** @param {HTMLElement} element */
export async function mount(element) {
  element.setAttribute("aria-label", t("asked.label"));
  part.total = h("p", { class: "total" });
  part.more = h("p", { class: "soft" });
  part.empty = h("div", { class: "empty", hidden: true });
  part.chips = h("ul", { class: "chips", "aria-label": t("asked.chips") });
  element.replaceChildren(
    h("div", { class: "summary" }, part.total, part.more, part.chips, part.empty),
    section("kind", groups()),
    section("where", where()),
    section("verification", options("verification", VERIFICATION, (value) => ({ group: "battle", verification: value })), contested()),
    section("deaths", deaths()),
    section("precision", precision()),
    section("actor", actor()),
    section("words", field("q", "asked.words.hint")),
    section("dataset", (part.datasets = h("div", {}))),
    section("legend", legend()),
  );
  state.on((now, before) => {
    if (!differs(now, before)) return;
    show();
    refreshSoon();
  });
  theme.on(paint);
  paint();
  show();
  refresh();
  try {
    ({ datasets } = await get("/datasets"));
    part.datasets.replaceChildren(options("dataset", datasets.map(({ id }) => id), null, (id) => datasets.find((one) => one.id === id)?.title ?? id));
    show();
    refresh();
  } catch {
    // What can be asked otherwise stays.
  }
}

/** @param {string} name @param {...Node} children */
function section(name, ...children) {
  const id = `asked-${name}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, t(`asked.${name}`)), ...children);
}

/** Values of a parameter that is a list. @param {string} name */
function values(name) {
  return (state.get()[name] ?? "").split(",").filter(Boolean);
}

/** @param {string} name @param {string[]} chosen @param {string[]} order */
function setValues(name, chosen, order) {
  const kept = order.filter((value) => chosen.includes(value));
  // All of them is no filter, but for what may not be known.
  state.set({ [name]: kept.join(",") });
}

/** Groups of types: a group can be chosen whole, or by its types. */
function groups() {
  const list = h("div", { class: "options" });
  const all = GROUP_NAMES.flatMap((group) => GROUPS[group].types);
  for (const group of GROUP_NAMES) {
    const { types } = GROUPS[group];
    const box = h("input", {
      type: "checkbox",
      "data-group": group,
      onchange: () => {
        const others = values("type").filter((type) => !types.includes(type));
        setValues("type", box.checked ? [...others, ...types] : others, all);
      },
    });
    const name = h("span", { class: "name" }, t(`group.${group}`));
    const row = h("label", { class: "option" }, box, symbol((look) => symbols.legend({ group, verification: "verified" }, look)), name, count("group", group));
    list.append(row);
    if (types.length === 1) continue;
    const single = types.map((type) => {
      const one = h("input", {
        type: "checkbox",
        "data-type": type,
        onchange: () => {
          const others = values("type").filter((other) => other !== type);
          setValues("type", one.checked ? [...others, type] : others, all);
        },
      });
      return h("label", { class: "option inner" }, one, h("span", { class: "name" }, t(`type.${type}`)), count("type", type));
    });
    list.append(h("details", {}, h("summary", {}, t("asked.types", { count: types.length })), ...single));
  }
  return list;
}

/** @param {string} facet @param {string} value */
function count(facet, value) {
  return h("output", { class: "count", "data-facet": facet, "data-value": value });
}

/**
 * @param {string} name @param {string[]} all
 * @param {((value: string) => symbols.Sign) | null} sign @param {(value: string) => string} [called]
 */
function options(name, all, sign, called = (value) => t(`${name}.${value}`)) {
  return h(
    "div",
    { class: "options" },
    ...all.map((value) => {
      const box = h("input", {
        type: "checkbox",
        "data-name": name,
        "data-value": value,
        onchange: () => {
          const others = values(name).filter((other) => other !== value);
          setValues(name, box.checked ? [...others, value] : others, all);
        },
      });
      return h("label", { class: "option" }, box, sign && symbol((look) => symbols.legend(sign(value), look)), h("span", { class: "name" }, called(value)), count(name, value));
    }),
    name === "verification" && h("p", { class: "option plain" }, symbol((look) => symbols.legend({ group: "battle" }, look)), h("span", { class: "name" }, t("verification.none")), count(name, "null")),
  );
}

function contested() {
  const radios = /** @type {const} */ (["", "true", "false"]).map((value) =>
    h("label", {}, h("input", { type: "radio", name: "contested", value, onchange: () => state.set({ contested: value }) }), h("span", {}, t(`contested.${value || "any"}`))),
  );
  return h("fieldset", {}, h("legend", {}, symbol((look) => symbols.legend({ group: "battle", contested: true }, look)), t("asked.contested")), h("div", { class: "segments" }, ...radios));
}

function where() {
  const radios = MATCH.map((value) =>
    h("label", {}, h("input", { type: "radio", name: "match", value, onchange: () => state.set({ match: value === "point" ? null : value }) }), h("span", {}, t(`match.${value}`))),
  );
  part.match = h("p", { class: "soft" });
  const area = h("div", {});
  draw.mount(area);
  return h("div", {}, area, h("fieldset", {}, h("legend", {}, t("asked.match")), h("div", { class: "segments" }, ...radios), part.match));
}

function deaths() {
  const input = (/** @type {string} */ name) =>
    h("label", {}, t(`asked.${name}`), h("input", { type: "number", min: 0, step: 1, inputmode: "numeric", "data-field": name, onchange: (/** @type {any} */ event) => event.target.reportValidity() && state.set({ [name]: event.target.value }) }));
  return h("div", {}, h("div", { class: "fields two" }, input("deaths_min"), input("deaths_max")), h("p", { class: "soft" }, t("asked.deaths.means")), scale());
}

function precision() {
  return h("details", { open: null }, h("summary", {}, t("asked.precision.open")), options("precision", PRECISION, null));
}

/** @param {string} name @param {string} hint */
function field(name, hint) {
  return h("label", { class: "block" }, h("span", { class: "soft" }, t(hint)), h("input", { type: "search", "data-field": name, onchange: (/** @type {any} */ event) => state.set({ [name]: event.target.value.trim() }) }));
}

/** Put the state into the fields. */
function show() {
  const now = state.get();
  const types = values("type");
  for (const box of boxes("[data-group]")) {
    const of = GROUPS[/** @type {import("./vocabulary.js").Group} */ (box.dataset.group)].types;
    const on = of.filter((type) => types.includes(type)).length;
    box.checked = on === of.length;
    box.indeterminate = on > 0 && on < of.length;
  }
  for (const box of boxes("[data-type]")) box.checked = types.includes(/** @type {string} */ (box.dataset.type));
  for (const box of boxes("[data-name]")) box.checked = values(/** @type {string} */ (box.dataset.name)).includes(/** @type {string} */ (box.dataset.value));
  for (const radio of boxes("[name=contested]")) radio.checked = radio.value === (now.contested ?? "");
  for (const radio of boxes("[name=match]")) radio.checked = radio.value === (now.match ?? "point");
  for (const input of boxes("[data-field]")) if (document.activeElement !== input) input.value = now[/** @type {string} */ (input.dataset.field)] ?? "";
  part.match.textContent = t(`match.${now.match ?? "point"}.means`);
  chips();
}

/** @param {string} selector @returns {HTMLInputElement[]} */
function boxes(selector) {
  return [...document.querySelectorAll(`#asked input${selector}`)].map((one) => /** @type {HTMLInputElement} */ (one));
}

/** What is asked, in words, each with a way to leave it. */
function chips() {
  const now = state.get();
  const shown = active().map((name) => {
    const gone = without(name);
    return h(
      "li",
      {},
      h("button", { type: "button", class: "chip", "aria-label": t("asked.remove", { what: told(name, now) }), onclick: () => state.set(gone) }, h("span", {}, told(name, now)), icon("clear")),
    );
  });
  if (shown.length > 1) {
    const none = Object.fromEntries(FILTERS.map((name) => [name, null]));
    shown.push(h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => state.set(none) }, t("asked.reset"))));
  }
  part.chips.replaceChildren(...shown);
  part.chips.hidden = !shown.length;
}

/** Filters that are set; what goes together once. */
function active() {
  const now = state.get();
  return FILTERS.filter((name) => now[name] && name !== "radius" && !(name === "near" && !now.radius));
}

/** @param {string} name @returns {Record<string, null>} */
function without(name) {
  return name === "near" ? { near: null, radius: null } : { [name]: null };
}

/** A filter in words. @param {string} name @param {import("./state.js").State} now */
function told(name, now) {
  const value = now[name];
  const list = () => value.split(",");
  if (name === "datetime") {
    const window = days.parse(value);
    return window && Number.isFinite(window.from) && Number.isFinite(window.to) ? t("chip.datetime", { days: window.from === window.to ? day(days.iso(window.from)) : `${day(days.iso(window.from), { day: "numeric", month: "short", year: "numeric" })} – ${day(days.iso(window.to), { day: "numeric", month: "short", year: "numeric" })}` }) : value;
  }
  if (name === "region") {
    list().forEach(learn);
    return list().map((code) => regionNames[code] ?? code).join(", ");
  }
  if (name === "type") {
    const whole = GROUP_NAMES.filter((group) => GROUPS[group].types.every((type) => list().includes(type)));
    const rest = list().filter((type) => !whole.some((group) => GROUPS[group].types.includes(type)));
    const named = [...whole.map((group) => t(`group.${group}`)), ...rest.map((type) => (has(`type.${type}`) ? t(`type.${type}`) : type))];
    return named.length > 2 ? t("chip.types", { first: named[0], count: named.length - 1 }) : named.join(", ");
  }
  if (name === "dataset") return list().map((id) => datasets.find((one) => one.id === id)?.title ?? id).join(", ");
  if (name === "actor") return value.split("\n").join(", ");
  if (name === "near") return t("chip.near", { radius: now.radius, point: value.split(",").reverse().join(", ") });
  if (name === "as_of") return t("chip.as_of", { day: asOf(value) });
  if (name === "reported") {
    const window = days.parse(value.replace(/T.*/, ""));
    const last = window && (Number.isFinite(window.to) ? window.to : window.from);
    return t(`chip.${name}`, { day: last === null ? value : day(days.iso(last)) });
  }
  if (name === "contested") return t(`contested.${value}`);
  if (has(`chip.${name}`)) return t(`chip.${name}`, { value });
  const said = list().map((one) => (has(`${name}.${one}`) ? t(`${name}.${one}`) : one.replaceAll("_", " "))).join(", ");
  return has(`asked.${name}`) ? t(`asked.${name}`, { value: said }) : said;
}

/** Look up what a region is called. @param {string} code */
async function learn(code) {
  if (code in regionNames) return;
  regionNames[code] = code;
  try {
    const region = await get(`/regions/${encodeURIComponent(code)}`);
    regionNames[code] = region.properties.name;
    chips();
  } catch {
    // Its code stays.
  }
}

const refreshSoon = quiet(refresh, 70);

/** Ask for the total and for the number beside each option. */
async function refresh() {
  const turn = ++asked;
  const late = () => turn !== asked;
  try {
    const whole = await counts("precision", state.query());
    if (late()) return;
    total(whole);
    const found = await Promise.all(FACETS.map((facet) => counts(facet, state.query(FILTERS.filter((name) => name !== facet)))));
    if (late()) return;
    FACETS.forEach((facet, place) => numbers(facet, found[place]));
    if (whole.total.events) part.empty.hidden = true;
    else await explain(late);
  } catch (problem) {
    if (late()) return;
    part.total.textContent = t("asked.trouble");
    part.more.textContent = /** @type {Error} */ (problem).message;
    part.empty.hidden = true;
    // Numbers of the question before are none of this one.
    for (const output of document.querySelectorAll("#asked output.count")) output.textContent = "";
  }
}

/** @param {import("./counts.js").Counts} whole */
function total({ counts: rows, total: sum }) {
  const of = (/** @type {string[]} */ wanted) => rows.filter(({ precision }) => wanted.includes(String(precision))).reduce((all, { events }) => all + events, 0);
  part.total.textContent = sum.events ? t("asked.total", { count: sum.events }) : t("events.none");
  const regional = of(REGIONAL);
  const nowhere = of(["unknown", "null"]);
  const said = [];
  if (regional) said.push(t("asked.regional", { count: regional }));
  if (nowhere) said.push(t("asked.nowhere", { count: nowhere }));
  if (sum.deaths_best !== null) {
    said.push(t(sum.deaths_unknown ? "asked.dead.some" : "asked.dead", { count: sum.deaths_best, unknown: sum.deaths_unknown }));
  }
  part.more.textContent = said.join(" ");
  say([`${part.total.textContent}.`, ...said].join(" "));
}

/** @param {string} facet @param {import("./counts.js").Counts} found */
function numbers(facet, { counts: rows }) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const row of rows) {
    const value = String(row[facet]);
    sums[value] = (sums[value] ?? 0) + row.events;
  }
  for (const output of /** @type {NodeListOf<HTMLOutputElement>} */ (document.querySelectorAll(`#asked output[data-facet="${facet}"]`))) {
    put(output, sums[output.dataset.value ?? ""] ?? 0);
  }
  if (facet !== "type") return;
  for (const output of /** @type {NodeListOf<HTMLOutputElement>} */ (document.querySelectorAll('#asked output[data-facet="group"]'))) {
    put(output, GROUPS[/** @type {import("./vocabulary.js").Group} */ (output.dataset.value)].types.reduce((sum, type) => sum + (sums[type] ?? 0), 0));
  }
}

/** @param {HTMLOutputElement} output @param {number} events */
function put(output, events) {
  output.textContent = number(events);
  output.closest(".option")?.classList.toggle("nothing", events === 0);
}

/**
 * Nothing was found: say which filter did it, and offer to widen it.
 * @param {() => boolean} late whether something else is asked by now
 */
async function explain(late) {
  const now = state.get();
  /** @type {{text: string, count: number, patch: Record<string, string | null>}[]} */
  const ways = [];
  const ask = async (/** @type {Record<string, string | null>} */ patch, /** @type {(count: number) => string} */ text) => {
    const query = state.query(FILTERS.filter((name) => !(name in patch)));
    for (const [name, value] of Object.entries(patch)) if (value !== null) query.set(name, value);
    const { total: sum } = await counts("precision", query);
    if (sum.events) ways.push({ text: text(sum.events), count: sum.events, patch });
  };
  const tries = active().map((name) => ask(without(name), (found) => t("empty.without", { what: told(name, now), count: found })));
  const placed = now.region || AREA.some((name) => now[name]);
  if ((now.match ?? "point") !== "possible" && placed) tries.push(ask({ match: "possible" }, (found) => t("empty.possible", { count: found })));
  await Promise.allSettled(tries);
  if (late()) return;
  ways.sort((one, other) => Number("match" in other.patch && other.patch.match !== null) - Number("match" in one.patch && one.patch.match !== null) || one.count - other.count);
  part.empty.replaceChildren(
    h("p", {}, ways.length ? t("empty.because") : active().length ? t("empty.several") : t("empty.nothing")),
    ...ways.slice(0, 4).map(({ text, patch }) => h("button", { type: "button", class: "widen", onclick: () => state.set(patch) }, text)),
  );
  part.empty.hidden = false;
}

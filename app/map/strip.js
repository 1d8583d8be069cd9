/** The strip of time: how many events when, the brush that chooses days, play, and the two clocks. */
import * as days from "./days.js";
import { text, ticks } from "./axis.js";
import { begun } from "./begun.js";
import { drawer, open, sayClocks } from "./clocks.js";
import { counts } from "./counts.js";
import { h, icon, quiet, s, say } from "./dom.js";
import { onlyDays } from "./map.js";
import { FILTERS, differs, state } from "./state.js";
import { day, days as spell, short, t } from "./words.js";

/** @typedef {import("./days.js").Window} Window @typedef {import("./days.js").Unit} Unit */

const UNITS = /** @type {[Unit, number][]} */ ([["day", 1], ["week", 7], ["month", 30.44], ["year", 365.25]]);
const NARROWEST = 3;
const AXIS = 15;
const STEP_MS = 450;
const coarse = matchMedia("(pointer: coarse)");

/** What of time is shown. @type {Window} */
let domain = { from: 0, to: 0 };
/** All days that have events. @type {Window | null} */
let extent = null;
/** Whether all of it is shown, whatever comes. */
let whole = true;
/** @type {Unit} */
let unit = "month";
/** @type {{window: Window, events: number}[]} */
let bars = [];
/** What the brush holds while it moves. @type {Window | null} */
let moving = null;
/** @type {number | undefined} */
let playing;
/** How often the bars were asked for: an answer that comes late is none. */
let asked = 0;
let width = 600;
let height = 52;

/** @type {Record<string, any>} */
const part = {};

/** @param {HTMLElement} element */
export function mount(element) {
  element.setAttribute("aria-label", t("time.label"));
  part.play = h("button", { type: "button", class: "icon", onclick: () => (playing ? pause() : play()) });
  part.days = h("button", { type: "button", class: "quiet days", "aria-expanded": "false", "aria-controls": "clocks", onclick: () => open(part) });
  part.count = h("span", { class: "soft count" });
  part.every = h("button", { type: "button", class: "quiet", onclick: () => choose(null) }, t("time.every"));
  part.reported = h("button", { type: "button", class: "quiet clock", "aria-controls": "clocks", onclick: () => open(part, "reported") });
  part.as_of = h("button", { type: "button", class: "quiet clock", "aria-controls": "clocks", onclick: () => open(part, "as_of") });
  const zoom = h(
    "span",
    { class: "zoom" },
    sign("farther", "time.farther", () => scale(2)),
    sign("closer", "time.closer", () => scale(0.5)),
    sign("all", "time.all", () => show(extent ?? domain, true)),
  );
  part.svg = /** @type {SVGSVGElement} */ (s("svg", { class: "histogram", role: "group", "aria-label": t("time.histogram") }));
  part.drawer = drawer(part, typed);
  element.replaceChildren(
    h("div", { class: "bar" }, part.play, part.days, part.every, part.count, h("span", { class: "fill" }), zoom, part.reported, part.as_of),
    part.drawer,
    part.svg,
  );
  part.svg.addEventListener("pointerdown", /** @type {any} */ (grab));
  part.svg.addEventListener("wheel", /** @type {any} */ (turn), { passive: false });
  new ResizeObserver(() => {
    const box = part.svg.getBoundingClientRect();
    if (!box.width || (box.width === width && box.height === height)) return;
    [width, height] = [box.width, box.height];
    renew();
  }).observe(part.svg);
  state.on(follow);
  sayClocks(part);
  measure();
}

/** The window that is chosen. */
function chosen() {
  return moving ?? days.parse(state.get().datetime);
}

/** @param {import("./state.js").State} now @param {import("./state.js").State} before */
function follow(now, before) {
  if (differs(now, before, FILTERS.filter((name) => name !== "datetime"))) measure();
  if (now.datetime !== before.datetime) {
    reveal();
    draw();
  }
  if (differs(now, before, ["reported", "as_of"])) sayClocks(part);
}

/** All but the days: the strip shows what there is outside the brush too. */
function question() {
  return state.query(FILTERS.filter((name) => name !== "datetime"));
}

/** Look from when to when there are events at all. */
async function measure() {
  try {
    const { counts: months } = await counts("month", question());
    const full = months.filter(({ events, month }) => events && month);
    extent = full.length
      ? { from: days.period(/** @type {string} */ (full[0].month), "month").from, to: days.period(/** @type {string} */ (full[full.length - 1].month), "month").to }
      : null;
  } catch {
    extent = null;
  }
  if (extent && whole) domain = around(extent);
  if (!extent && !domain.to) {
    const today = Math.floor(Date.now() / 86_400_000);
    domain = { from: days.add(days.floor(today, "year"), "year", -1), to: today };
  }
  reveal();
  await renew();
}

/** At least a month, so that single days can be told apart from none. @param {Window} window @returns {Window} */
function around({ from, to }) {
  const missing = Math.max(0, 30 - (to - from));
  return { from: from - Math.floor(missing / 2), to: to + Math.ceil(missing / 2) };
}

/** See to it that the chosen window can be seen and taken hold of. */
function reveal() {
  const window = days.parse(state.get().datetime);
  if (!window || moving || playing) return;
  const from = Number.isFinite(window.from) ? window.from : domain.from;
  const to = Number.isFinite(window.to) ? window.to : domain.to;
  const length = to - from + 1;
  const inside = from >= domain.from && to <= domain.to;
  if (inside && (length / (domain.to - domain.from + 1)) * width >= 24) return;
  whole = false;
  domain = around({ from: from - Math.round(length * 1.5), to: to + Math.round(length * 1.5) });
  renew();
}

/** Ask for the bars of the domain. */
async function renew() {
  const span = domain.to - domain.from + 1;
  unit = (UNITS.find(([, length]) => width / (span / length) >= NARROWEST) ?? UNITS[3])[0];
  const query = question();
  query.set("datetime", days.write(domain));
  const turn = ++asked;
  draw();
  try {
    const answer = await counts(unit, query);
    if (turn !== asked) return;
    bars = answer.counts
      .filter((one) => one[unit])
      .map((one) => ({ window: days.period(/** @type {string} */ (one[unit]), unit), events: one.events }))
      .filter(({ window }) => window.to >= domain.from && window.from <= domain.to);
  } catch {
    bars = [];
  }
  if (turn === asked) draw();
}

/** @param {number} place */
const x = (place) => ((place - domain.from) / (domain.to - domain.from + 1)) * width;
/** @param {number} pixel */
const dayAt = (pixel) => domain.from + (pixel / width) * (domain.to - domain.from + 1);

function draw() {
  const window = chosen();
  const floor = height - AXIS;
  const most = Math.max(1, ...bars.map(({ events }) => events));
  const shapes = [];
  const from = window ? Math.max(window.from, domain.from) : domain.from;
  const to = window ? Math.min(window.to, domain.to) : domain.to;
  if (window && to >= from) shapes.push(s("rect", { class: "chosen", x: x(from), y: 0, width: Math.max(2, x(to + 1) - x(from)), height: floor }));
  for (const { window: { from: first, to: last }, events } of bars) {
    if (!events) continue;
    const tall = Math.max(2, (events / most) * (floor - 4));
    const [start, end] = [Math.max(0, x(first)), Math.min(width, x(last + 1))];
    const inside = !window || (last >= window.from && first <= window.to);
    shapes.push(s("rect", { class: inside ? "in" : "out", x: start + 0.5, y: floor - tall, width: Math.max(1, end - start - 1), height: tall }));
  }
  shapes.push(s("path", { class: "axis", d: `M0 ${floor + 0.5}H${width}` }), ...ticks(domain, width, floor));
  if (most > 1) shapes.push(text(width - 4, 10, t(`time.most.${unit}`, { count: short(most) }), "end", "most"));
  if (window && to >= from) shapes.push(handle("from", x(from), floor, from), handle("to", x(to + 1), floor, to));
  const focused = /** @type {Element | null} */ (document.activeElement)?.getAttribute("data-end");
  part.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  part.svg.replaceChildren(...shapes);
  if (focused && part.svg.contains(document.activeElement) === false) part.svg.querySelector(`[data-end="${focused}"]`)?.focus();
  label(window);
}

/** @param {Window | null} window */
function label(window) {
  const said = window ? words(window) : t("time.everyday");
  part.days.replaceChildren(said);
  part.days.setAttribute("title", t("time.choose"));
  part.every.hidden = !window;
  begun(part.count, question(), window);
  part.play.replaceChildren(icon(playing ? "pause" : "play"));
  part.play.setAttribute("aria-label", t(playing ? "time.pause" : "time.play"));
  part.play.setAttribute("title", t(playing ? "time.pause" : "time.play"));
  if (document.activeElement !== part.since) part.since.value = window && Number.isFinite(window.from) ? days.iso(window.from) : "";
  if (document.activeElement !== part.until) part.until.value = window && Number.isFinite(window.to) ? days.iso(window.to) : "";
}

/** @param {Window} window */
function words({ from, to }) {
  if (!Number.isFinite(from)) return t("time.until", { day: day(days.iso(to)) });
  if (!Number.isFinite(to)) return t("time.since", { day: day(days.iso(from)) });
  return from === to ? day(days.iso(from)) : spell(days.iso(from), days.iso(to));
}

/** How wide one may aim at an end of the brush, in pixels: a finger is wider than a pointer. */
const reach = () => (coarse.matches ? 40 : 28);

/** An end of the brush: a slider, so that keys move it too. @param {"from" | "to"} end @param {number} at @param {number} floor @param {number} value */
function handle(end, at, floor, value) {
  const place = Math.max(3, Math.min(width - 3, at));
  const group = s(
    "g",
    {
      class: "handle", "data-end": end, role: "slider", tabindex: 0, "aria-label": t(`time.${end}`), "aria-valuemin": domain.from, "aria-valuemax": domain.to,
      "aria-valuenow": value, "aria-valuetext": day(days.iso(value)),
    },
    s("rect", { class: "reach", x: place - reach() / 2, y: 0, width: reach(), height: floor }),
    s("path", { d: `M${place} 0V${floor}` }),
    s("rect", { class: "grip", x: place - 3, y: floor / 2 - 9, width: 6, height: 18, rx: 3 }),
  );
  group.addEventListener("keydown", (event) => press(/** @type {KeyboardEvent} */ (event), end));
  return group;
}

/** Choose days; nothing is every day. @param {Window | null} window @param {{replace?: boolean}} [how] */
function choose(window, how) {
  state.set({ datetime: window && days.write(window) }, how);
  say(window ? words(window) : t("time.everyday"));
}

/** Whether this movement of the brush has its entry in the browser's history: one is enough. */
let noted = false;
const chooseSoon = quiet((/** @type {Window} */ window) => {
  if (!moving) return;
  state.set({ datetime: days.write(window) }, { replace: noted });
  noted = true;
}, 110);

/** A window on whole periods, inside what is shown. @param {number} one @param {number} other @returns {Window} */
function snapped(one, other) {
  const [first, last] = one <= other ? [one, other] : [other, one];
  const from = days.floor(Math.floor(first), unit);
  const to = days.add(days.floor(Math.floor(last), unit), unit) - 1;
  return { from: Math.max(from, domain.from), to: Math.min(Math.max(to, from), domain.to) };
}

/** A window of about this length from a day on: months and years stay whole. @param {number} from @param {number} length @returns {Window} */
function moved(from, length) {
  if (unit === "day" || unit === "week" || days.floor(from, unit) !== from) return { from, to: from + length };
  return { from, to: Math.max(days.add(from, unit), days.add(days.floor(from + length - 12, unit), unit)) - 1 };
}

/** @param {PointerEvent} event */
function grab(event) {
  if (event.button) return;
  pause();
  event.preventDefault();
  const pixel = (/** @type {PointerEvent} */ { clientX }) => clientX - part.svg.getBoundingClientRect().left;
  const start = dayAt(pixel(event));
  const before = chosen();
  const end = /** @type {Element} */ (event.target).closest?.(".handle")?.getAttribute("data-end");
  const inside = before && !end && start >= before.from && start < before.to + 1 && (before.from > domain.from || before.to < domain.to);
  const anchor = end && before ? (end === "from" ? before.to : before.from) : start;
  let dragged = false;
  noted = false;
  const drag = (/** @type {PointerEvent} */ next) => {
    const here = dayAt(Math.max(0, Math.min(width - 0.01, pixel(next))));
    if (!dragged && Math.abs(x(here) - x(start)) < 3) return;
    dragged = true;
    if (inside && before) {
      const shift = days.floor(Math.floor(before.from + here - start), unit) - before.from;
      const length = before.to - before.from;
      const from = Math.max(domain.from, Math.min(domain.to - length, before.from + shift));
      moving = moved(from, length);
    } else {
      moving = snapped(anchor, here);
    }
    onlyDays(moving);
    draw();
    chooseSoon(moving);
  };
  const drop = () => {
    removeEventListener("pointermove", drag);
    removeEventListener("pointerup", drop);
    removeEventListener("pointercancel", drop);
    const last = moving;
    moving = null;
    if (last) choose(last, { replace: noted });
    // A click on a bar chooses it; a click on nothing but the brush leaves it.
    else if (!dragged && !end) choose(snapped(start, start));
  };
  addEventListener("pointermove", drag);
  addEventListener("pointerup", drop);
  addEventListener("pointercancel", drop);
}

/** @param {KeyboardEvent} event @param {"from" | "to"} end */
function press(event, end) {
  const window = chosen();
  if (!window) return;
  const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 }[event.key];
  const { from, to } = { from: Math.max(window.from, domain.from), to: Math.min(window.to, domain.to) };
  let next = null;
  if (step) {
    const much = step * (event.shiftKey ? 5 : 1);
    if (end === "from") next = { from: Math.min(to, days.add(days.floor(from, unit), unit, much)), to };
    else next = { from, to: Math.max(from, days.add(days.floor(to + 1, unit), unit, much) - 1) };
  } else if (event.key === "Home") next = end === "from" ? { from: domain.from, to } : { from, to: from };
  else if (event.key === "End") next = end === "from" ? { from: to, to } : { from, to: domain.to };
  else if (event.key === "Escape") {
    choose(null);
    return;
  } else return;
  event.preventDefault();
  choose({ from: Math.max(domain.from, next.from), to: Math.min(domain.to, next.to) }, { replace: true });
}

/** @param {WheelEvent} event */
function turn(event) {
  event.preventDefault();
  const pixel = event.clientX - part.svg.getBoundingClientRect().left;
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    const shift = Math.round((event.deltaX / width) * (domain.to - domain.from + 1));
    show({ from: domain.from + shift, to: domain.to + shift });
  } else scale(event.deltaY > 0 ? 1.25 : 0.8, dayAt(pixel));
}

/** Show more or less of time. @param {number} factor @param {number} [middle] */
function scale(factor, middle) {
  const window = chosen();
  const span = domain.to - domain.from;
  const centre = middle ?? (window && Number.isFinite(window.from) && Number.isFinite(window.to) ? (window.from + window.to) / 2 : domain.from + span / 2);
  const next = Math.max(13, span * factor);
  const from = centre - ((centre - domain.from) / span) * next;
  show({ from: Math.round(from), to: Math.round(from + next) });
}

const renewSoon = quiet(renew, 80);

/** @param {Window} window @param {boolean} [all] */
function show(window, all = false) {
  whole = all;
  // A little beyond what there is, and no further.
  const slack = extent ? Math.max(31, (extent.to - extent.from) / 20) : 0;
  domain = all ? around(window) : extent ? { from: Math.max(window.from, extent.from - slack), to: Math.min(window.to, extent.to + slack) } : window;
  domain = { from: Math.round(domain.from), to: Math.max(Math.round(domain.to), Math.round(domain.from) + 13) };
  draw();
  renewSoon();
}

function play() {
  const span = domain.to - domain.from + 1;
  let window = chosen();
  if (!window || window.to >= domain.to || window.to - window.from + 1 >= span) {
    const length = window && window.to - window.from + 1 < span ? window.to - window.from + 1 : Math.max(1, Math.round(span / 12));
    window = { from: domain.from, to: domain.from + length - 1 };
    choose(window);
  }
  playing = setInterval(advance, STEP_MS);
  draw();
}

function advance() {
  const window = chosen();
  if (!window || window.to >= domain.to) {
    pause();
    return;
  }
  const from = days.add(unit === "day" ? window.from : days.floor(window.from, unit), unit);
  const next = moved(from, window.to - window.from);
  next.to = Math.min(domain.to, next.to);
  onlyDays(next);
  state.set({ datetime: days.write(next) }, { replace: true });
}

function pause() {
  if (!playing) return;
  clearInterval(playing);
  playing = undefined;
  draw();
}

function typed() {
  // Whoever writes the last day first means the days between them.
  const [from, to] = part.until.value && part.until.value < part.since.value ? [part.until.value, part.since.value] : [part.since.value, part.until.value];
  choose(from || to ? days.parse(`${from || ".."}/${to || ".."}`) : null);
  // The field that is being written in is left alone elsewhere; here both are to say what is asked.
  [part.since.value, part.until.value] = [from, to];
}

/** @param {any} name @param {string} key @param {() => void} run */
function sign(name, key, run) {
  return h("button", { type: "button", class: "icon small", "aria-label": t(key), title: t(key), onclick: run }, icon(name));
}

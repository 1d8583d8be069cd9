/** Drawing an area on the map: a box or circle by dragging, a shape by its corners. All of it can be typed, too. */
import * as shapes from "./shapes.js";
import { h, icon, say } from "./dom.js";
import { busy, engine, flyTo, made, sketch, visibleBounds } from "./map.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** @typedef {import("./shapes.js").Point} Point @typedef {"box" | "polygon" | "circle"} Kind */

const NOTHING = { bbox: null, near: null, radius: null, intersects: null };
/** @type {(() => void) | null} */
let stop = null;
/** How long after a drag its mouse-up may still come to the map as a click, in milliseconds. */
const AFTER_MS = 300;
let resting = 0;
/** @type {HTMLElement} */
let hint;
/** @type {Record<string, HTMLButtonElement>} */
const buttons = {};

/** @param {HTMLElement} element */
export function mount(element) {
  hint = h("p", { class: "soft hint", role: "status" });
  for (const kind of /** @type {const} */ (["box", "polygon", "circle"])) {
    buttons[kind] = h("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: () => toggle(kind) }, icon(kind), t(`draw.${kind}`));
  }
  const view = h("button", { type: "button", class: "tool", onclick: useView }, icon("view"), t("draw.view"));
  element.append(h("div", { class: "tools", role: "group", "aria-label": t("draw.label") }, buttons.box, buttons.polygon, buttons.circle, view), hint, fields());
}

async function useView() {
  end();
  await made;
  state.set({ ...NOTHING, bbox: visibleBounds().map((degree) => shapes.round(degree)).join(",") });
  say(t("draw.done"));
}

/** @param {Kind} kind */
function toggle(kind) {
  const on = buttons[kind].getAttribute("aria-pressed") === "true";
  end();
  if (!on) begin(kind);
}

/** @param {Kind} kind */
async function begin(kind) {
  await made;
  const map = engine();
  const canvas = map.getCanvasContainer();
  const controller = new AbortController();
  const on = { signal: controller.signal, capture: true };
  clearTimeout(resting);
  busy(true);
  buttons[kind].setAttribute("aria-pressed", "true");
  hint.textContent = t(`draw.${kind}.how`);
  map.getCanvas().style.cursor = "crosshair";
  map.dragPan.disable();
  map.boxZoom.disable();
  map.doubleClickZoom.disable();
  document.body.classList.add("drawing");
  stop = () => {
    controller.abort();
    // The click that ends a drag selects nothing.
    resting = setTimeout(() => busy(false), AFTER_MS);
    sketch([]);
    buttons[kind].setAttribute("aria-pressed", "false");
    hint.textContent = "";
    map.getCanvas().style.cursor = "";
    map.dragPan.enable();
    map.boxZoom.enable();
    map.doubleClickZoom.enable();
    document.body.classList.remove("drawing");
    stop = null;
  };
  addEventListener("keydown", (event) => event.key === "Escape" && end(), on);
  const at = (/** @type {PointerEvent | MouseEvent} */ { clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    const { lng, lat } = map.unproject([clientX - left, clientY - top]);
    return /** @type {Point} */ ([lng, lat]);
  };
  if (kind === "polygon") corners(canvas, at, on);
  else drag(kind, canvas, at, on);
}

/**
 * @param {"box" | "circle"} kind @param {HTMLElement} canvas @param {(event: PointerEvent) => Point} at @param {AddEventListenerOptions} on
 */
function drag(kind, canvas, at, on) {
  /** @type {Point | null} */
  let start = null;
  /** @type {Point} */
  let here;
  const show = () => {
    if (!start) return;
    const ring = kind === "box" ? shapes.boxRing(boxOf(start, here)) : shapes.circle(start, shapes.distance_m(start, here));
    sketch([shapes.feature("Polygon", [ring])]);
    if (kind === "circle") hint.textContent = t("draw.radius", { length: shapes.length(shapes.distance_m(start, here)) });
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.stopPropagation();
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    start = here = at(event);
  }, on);
  canvas.addEventListener("pointermove", (event) => {
    if (!start) return;
    here = at(event);
    show();
  }, on);
  canvas.addEventListener("pointerup", (event) => {
    if (!start) return;
    here = at(event);
    const from = start;
    start = null;
    const pixels = engine().project(from).dist(engine().project(here));
    if (pixels < 5) return;
    end();
    if (kind === "box") state.set({ ...NOTHING, bbox: wrapped(boxOf(from, here)) });
    else state.set({ ...NOTHING, near: point(from), radius: shapes.length(shapes.distance_m(from, here)) });
    say(t("draw.done"));
  }, on);
}

/** @param {HTMLElement} canvas @param {(event: MouseEvent) => Point} at @param {AddEventListenerOptions} on */
function corners(canvas, at, on) {
  /** @type {Point[]} */
  const ring = [];
  const show = (/** @type {Point[]} */ extra = []) => {
    const all = [...ring, ...extra];
    const features = ring.map((corner) => shapes.feature("Point", corner));
    if (all.length > 2) features.push(shapes.feature("Polygon", [[...all, all[0]]]));
    else if (all.length > 1) features.push(shapes.feature("LineString", all));
    sketch(features);
  };
  const finish = () => {
    if (ring.length < 3) return;
    if (shapes.crosses(ring)) {
      hint.textContent = t("draw.polygon.crosses");
      return;
    }
    const shape = shapes.polygon([...ring, ring[0]]);
    end();
    state.set({ ...NOTHING, intersects: shape });
    say(t("draw.done"));
  };
  const near = (/** @type {MouseEvent} */ event, /** @type {Point | undefined} */ corner) => {
    if (!corner) return false;
    const { left, top } = canvas.getBoundingClientRect();
    const { x, y } = engine().project(corner);
    return Math.hypot(event.clientX - left - x, event.clientY - top - y) < 10;
  };
  canvas.addEventListener("click", (event) => {
    event.stopPropagation();
    if (near(event, ring[0]) || near(event, ring[ring.length - 1])) finish();
    else {
      ring.push(at(event));
      hint.textContent = t(ring.length < 3 ? "draw.polygon.more" : "draw.polygon.end");
      show();
    }
  }, on);
  canvas.addEventListener("mousemove", (event) => ring.length && show([at(event)]), on);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && ring.length > 2) {
      event.preventDefault();
      finish();
    } else if (event.key === "Backspace" && ring.length && !/INPUT|TEXTAREA/.test(/** @type {Element} */ (event.target).tagName)) {
      ring.pop();
      show();
    }
  }, on);
}

function end() {
  stop?.();
}

/** @param {Point} one @param {Point} other */
function boxOf(one, other) {
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1])];
}

/** @param {number[]} box */
function wrapped([west, south, east, north]) {
  const whole = east - west >= 360;
  return [whole ? -180 : shapes.wrap(west), south, whole ? 180 : shapes.wrap(east), north].map((degree) => shapes.round(degree)).join(",");
}

/** @param {Point} place */
function point([longitude, latitude]) {
  return `${shapes.round(shapes.wrap(longitude))},${shapes.round(latitude)}`;
}

/** The same by typing. */
function fields() {
  const names = /** @type {const} */ (["west", "south", "east", "north"]);
  const field = (/** @type {string} */ name, /** @type {string} */ step) => h("label", {}, t(`draw.${name}`), h("input", { type: "number", step, name, inputmode: "decimal" }));
  const box = names.map((name) => field(name, "any"));
  const middle = [field("latitude", "any"), field("longitude", "any"), field("kilometres", "any")];
  const value = (/** @type {HTMLElement} */ label) => /** @type {HTMLInputElement} */ (label.querySelector("input")).value;
  const applyBox = () => {
    const values = box.map(value);
    if (!values.every((text) => text !== "")) return;
    state.set({ ...NOTHING, bbox: values.join(",") });
    flyTo(/** @type {any} */ (values.map(Number)));
  };
  const applyCircle = () => {
    const [latitude, longitude, kilometres] = middle.map(value);
    if (latitude === "" || longitude === "" || !(Number(kilometres) > 0)) return;
    state.set({ ...NOTHING, near: `${longitude},${latitude}`, radius: `${kilometres}km` });
    const reach = Number(kilometres) / 111;
    flyTo([Number(longitude) - reach * 1.3, Number(latitude) - reach, Number(longitude) + reach * 1.3, Number(latitude) + reach]);
  };
  const entered = (/** @type {() => void} */ run) => (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    run();
  };
  return h(
    "details",
    { class: "typed" },
    h("summary", {}, t("draw.type")),
    h("div", { class: "fields four", role: "group", "aria-label": t("draw.box"), onkeydown: entered(applyBox) }, ...box),
    h("button", { type: "button", onclick: applyBox }, t("draw.box.apply")),
    h("div", { class: "fields three", role: "group", "aria-label": t("draw.circle"), onkeydown: entered(applyCircle) }, ...middle),
    h("button", { type: "button", onclick: applyCircle }, t("draw.circle.apply")),
  );
}

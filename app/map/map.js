/**
 * The map. What others may do with it stands first.
 * @typedef {[west: number, south: number, east: number, north: number]} Box
 * @typedef {{box: Box, zoom?: number}} Place A box to be seen as a whole, but not from nearer than a zoom.
 */
import * as maplibre from "./maplibre/maplibre-gl.mjs";
import * as layers from "./layers.js";
import * as shapes from "./shapes.js";
import { ROOT, get } from "./api.js";
import { base } from "./base.js";
import { quiet, still, the } from "./dom.js";
import { reach } from "./reach.js";
import { FILTERS, differs, state } from "./state.js";
import { t } from "./words.js";

/** @type {maplibre.Map} */
let map;
/** @type {Set<(bounds: Box) => void>} */
const movers = new Set();
/** @type {Set<(problem: unknown) => void>} */
const troubled = new Set();
/** @type {any} */
let highlighted = null;
/** @type {any[]} */
let draft = [];
/** @type {"light" | "dark"} */
let theme = "light";
let drawing = false;
/** The event under the pointer. @type {maplibre.MapGeoJSONFeature | null} */
let hovered = null;
/** What covers the edges of the map, in pixels. */
let padding = { top: 0, right: 0, bottom: 0, left: 0 };

/** @type {() => void} */
let begun;
/** Kept as soon as there is a map: what is around it can be used a moment earlier. @type {Promise<void>} */
export const made = new Promise((done) => (begun = done));

/** Show a box or a point. @param {Box | [longitude: number, latitude: number]} place @param {{zoom?: number}} [options] */
export async function flyTo(place, { zoom } = {}) {
  await made;
  const motion = { duration: still.matches ? 0 : 600, essential: false };
  if (place.length === 2) {
    map.easeTo({ center: place, zoom: zoom ?? Math.max(map.getZoom(), 8), ...motion });
    return;
  }
  fit({ box: place, zoom }, motion);
}

/** @param {Place} place @param {maplibre.FitBoundsOptions} motion */
function fit({ box: [west, south, east, north], zoom = 11 }, motion) {
  map.fitBounds([[west, south], [east < west ? east + 360 : east, north]], { maxZoom: zoom, padding: 20, ...motion });
}

/** Draw where an event may have happened: the feature of `/events/{id}?geometry=extent`, or nothing. @param {any} feature */
export function highlight(feature) {
  highlighted = feature?.geometry ? feature : null;
  fill("extent", highlighted ? [highlighted] : []);
}

/** Call when the map has moved. @param {(bounds: Box) => void} listener @returns {() => void} stops it */
export function onMoved(listener) {
  movers.add(listener);
  return () => movers.delete(listener);
}

/** What of the world can be seen between the panels. @returns {Box} */
export function visibleBounds() {
  if (!map) return [-180, -90, 180, 90];
  const { clientWidth, clientHeight } = map.getContainer();
  const [left, right] = [padding.left, Math.max(padding.left + 1, clientWidth - padding.right)];
  const [top, bottom] = [padding.top, Math.max(padding.top + 1, clientHeight - padding.bottom)];
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom]].map((pixel) => map.unproject(/** @type {[number, number]} */ (pixel)));
  const longitudes = corners.map(({ lng }) => lng);
  const latitudes = corners.map(({ lat }) => Math.max(-90, Math.min(90, lat)));
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)];
  const whole = east - west >= 360;
  return [whole ? -180 : shapes.wrap(west), Math.min(...latitudes), whole ? 180 : shapes.wrap(east), Math.max(...latitudes)];
}

/** Call when tiles or style cannot be had. @param {(problem: unknown) => void} listener */
export function onTrouble(listener) {
  troubled.add(listener);
}

/** MapLibre's own map, for drawing on it and for pictures of it. */
export function engine() {
  return map;
}

/** Whether something is being drawn: then a click opens nothing. @param {boolean} [value] */
export function busy(value = drawing) {
  drawing = value;
  return drawing;
}

/** What is being drawn, as features. @param {any[]} features */
export function sketch(features) {
  draft = features;
  fill("draft", features);
}

/**
 * Show the map in an element, with a theme, at a place unless the address says where.
 * @param {HTMLElement} element @param {"light" | "dark"} look @param {Place | null} at
 */
export async function mount(element, look, at) {
  theme = look;
  element.setAttribute("aria-label", t("map.label"));
  const written = where(state.get().map);
  map = new maplibre.Map({
    container: element,
    // The style comes later: to be there is what a map takes longest for.
    style: { version: 8, sources: {}, layers: [] },
    center: written ? [written.longitude, written.latitude] : [20, 25],
    zoom: written?.zoom ?? 1.4,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    fadeDuration: still.matches ? 0 : 120,
    // So that a picture of the map can be taken.
    canvasContextAttributes: { preserveDrawingBuffer: true },
    locale: { "Map.Title": t("map.title"), "NavigationControl.ZoomIn": t("map.closer"), "NavigationControl.ZoomOut": t("map.farther") },
  });
  map.setPadding(padding);
  if (at && !written) fit(at, { animate: false });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setMissingStyleImageResolver((name) => layers.image(map, name));
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 96 }), "bottom-left");
  map.on("data", (event) => {
    if ("tile" in event && foreign(event)) reached = true;
  });
  map.on("error", (event) => {
    const { error } = event;
    // Nothing of the operator's map has ever come: our own regions take its place, once.
    if (foreign(/** @type {any} */ (event)) && !reached) {
      if (base.lose()) redress();
      return;
    }
    const { status, url } = /** @type {any} */ (error);
    // What the question is refused for is said beside it; asking it of each tile again would change nothing.
    if ((status === 400 || status === 404) && url && question(url) === question(layers.tiles(state.query()))) {
      refused = question(url);
      showEvents();
    } else console.error(error);
    troubled.forEach((listener) => listener(error));
  });
  map.on("style.load", () => {
    refill();
    showEvents();
    // What was asked since the style was asked for.
    repaint();
  });
  map.on("moveend", moved);
  map.on("idle", () => rings(hovered));
  map.on("click", clicked);
  for (const layer of layers.CLICKED) {
    map.on("mouseenter", layer, () => !drawing && (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => !drawing && (map.getCanvas().style.cursor = ""));
  }
  map.on("mousemove", "event-marks", ({ features }) => {
    if (hovered?.properties.id === features?.[0]?.properties.id) return;
    hovered = features?.[0] ?? null;
    rings(hovered);
  });
  map.on("mouseleave", "event-marks", () => rings((hovered = null)));
  map.on("mousemove", "event-stacks", ({ features }) => over(features?.[0] ?? null));
  map.on("mouseleave", "event-stacks", () => over(null));
  state.on(follow);
  begun();
  if (at && !written) moved();
  await redress();
  // For those who look from outside: tests wait for it.
  /** @type {any} */ (window).sitrepMap = map;
}

/** Keep the middle of the map between what covers its edges. @param {typeof padding} covered */
export function pad(covered) {
  padding = covered;
  if (!map) return;
  const before = map.getPadding();
  if (/** @type {const} */ (["top", "right", "bottom", "left"]).every((side) => before[side] === covered[side])) return;
  if (map.isMoving() || still.matches) map.setPadding(covered);
  else map.easeTo({ padding: covered, duration: 150 });
}

/** @param {"light" | "dark"} look */
export async function dress(look) {
  if (look === theme) return;
  theme = look;
  await redress();
}

async function redress() {
  const look = theme;
  const style = await layers.style(look, layers.tiles(state.query()));
  if (look === theme) map.setStyle(style, { diff: false });
}

/** Whether anything of the operator's base map has come. */
let reached = false;

/** Whether something is about the operator's base map. @param {{sourceId?: string}} event */
function foreign({ sourceId }) {
  return Boolean(base.address() && sourceId && !layers.OURS.has(sourceId));
}

/**
 * Show only marks of days in a window, at once and without asking: while the brush moves.
 * @param {{from: number, to: number} | null} window
 */
export function onlyDays(window) {
  if (!map?.getLayer("event-marks")) return;
  const far = 1e6;
  const filter = window && [
    "all",
    ["<=", ["coalesce", ["get", "first_day"], -far], Number.isFinite(window.to) ? window.to : far],
    [">=", ["coalesce", ["get", "last_day"], far], Number.isFinite(window.from) ? window.from : -far],
  ];
  map.setFilter("event-marks", /** @type {any} */ (filter ?? undefined), { validate: false });
}

/** How long tiles that are on their way may hold up others, in milliseconds. */
const PATIENCE_MS = 700;
let repainted = 0;

/** What of the tiles' address is the question that was refused. @type {string | null} */
let refused = null;

/** @param {string} address of tiles */
function question(address) {
  return new URL(address, ROOT).search;
}

/** Show events, unless their question was refused: without a layer that is seen, no tile is asked for. */
function showEvents() {
  const visibility = question(layers.tiles(state.query())) === refused ? "none" : "visible";
  // Said again, what holds already would have all tiles laid out anew.
  const others = layers.OF_EVENTS.filter((layer) => map.getLayer(layer) && (map.getLayoutProperty(layer, "visibility") ?? "visible") !== visibility);
  for (const layer of others) map.setLayoutProperty(layer, "visibility", visibility);
}

const repaint = quiet(() => {
  const source = /** @type {maplibre.VectorTileSource | undefined} */ (map.getSource(layers.SOURCE));
  const wanted = layers.tiles(state.query());
  // Of a style that is being loaded the tiles are not there yet.
  if (source && !source.tiles) return void repaint();
  if (!source || source.tiles[0] === wanted) return;
  // While the brush moves, tiles are asked for one window after another, and not for all at once.
  if (!map.isSourceLoaded(layers.SOURCE) && performance.now() - repainted < PATIENCE_MS) {
    repaint();
    return;
  }
  repainted = performance.now();
  showEvents();
  // What is on the screen stays until what takes its place is there: no flash.
  source.setTiles([wanted]);
  map.once("idle", () => onlyDays(null));
}, 90);

/** @param {import("./state.js").State} now @param {import("./state.js").State} before */
function follow(now, before) {
  if (differs(now, before, FILTERS)) {
    // Rings say where something was: none of another question stays.
    hovered = above = null;
    ringed = "";
    fill("rings", []);
    repaint();
  }
  if (differs(now, before, ["bbox", "near", "radius", "intersects"])) fill("asked", shapes.asked(now));
  if (open && now.near !== open.near) {
    open = null;
    rings(hovered);
  }
  if (now.map !== before.map && now.map !== place()) {
    const wanted = where(now.map);
    if (wanted) map.jumpTo({ center: [wanted.longitude, wanted.latitude], zoom: wanted.zoom });
  }
}

function refill() {
  fill("asked", shapes.asked(state.get()));
  fill("extent", highlighted ? [highlighted] : []);
  fill("draft", draft);
  ringed = "";
}

/** @param {string} name @param {any[]} features */
function fill(name, features) {
  const source = /** @type {maplibre.GeoJSONSource | undefined} */ (map?.getSource(name));
  source?.setData({ type: "FeatureCollection", features });
}

function moved() {
  state.set({ map: place() }, { replace: true });
  const bounds = visibleBounds();
  movers.forEach((listener) => listener(bounds));
}

/** Where the map is, as the address has it. */
function place() {
  const { lng, lat } = map.getCenter();
  const digits = map.getZoom() > 8 ? 3 : 2;
  return [shapes.round(map.getZoom(), 1), shapes.round(lat, digits), shapes.round(shapes.wrap(lng), digits)].join("/");
}

/** @param {string | undefined} text */
function where(text) {
  const [zoom, latitude, longitude] = (text ?? "").split("/").map(Number);
  // Of somewhere that is no place nothing can be shown.
  const there = zoom >= 0 && zoom <= 22 && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return text && there ? { zoom, latitude, longitude } : null;
}

/** @param {maplibre.MapMouseEvent} event */
async function clicked({ point }) {
  if (drawing) return;
  // As large as a finger.
  const reach = 6;
  const box = /** @type {[maplibre.PointLike, maplibre.PointLike]} */ ([[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]]);
  const shown = layers.CLICKED.filter((layer) => map.getLayer(layer));
  const found = map.queryRenderedFeatures(point, { layers: shown })[0] ?? map.queryRenderedFeatures(box, { layers: shown })[0];
  if (!found) {
    state.set({ event: null });
    return;
  }
  const { properties } = found;
  if (found.layer.id === "event-marks") state.set({ event: properties.id });
  else if (found.layer.id === "event-stacks") stacked(found);
  else if (found.layer.id === "event-cells") flyTo(/** @type {any} */ (found.geometry).coordinates, { zoom: map.getZoom() + 2 });
  else state.set({ region: properties.region, event: null });
}

/** Several events that share one point: all of them are in the list. @param {maplibre.MapGeoJSONFeature} found */
function stacked(found) {
  const [longitude, latitude] = /** @type {any} */ (found.geometry).coordinates;
  const near = `${shapes.round(longitude, 4)},${shapes.round(latitude, 4)}`;
  state.set({ near, radius: "100m", bbox: null, intersects: null, event: null });
  open = { near, stack: found };
  about(found);
}

/** The stack that was opened, as long as its point is asked for. @type {{near: string, stack: maplibre.MapGeoJSONFeature} | null} */
let open = null;
/** The stack under the pointer. @type {maplibre.MapGeoJSONFeature | null} */
let above = null;
/** Radii of the events of stacks, by their ids. @type {Map<string, number>} */
const radii = new Map();

/** @param {maplibre.MapGeoJSONFeature | null} stack */
function over(stack) {
  if (stack?.properties.ids === above?.properties.ids) return;
  above = stack;
  if (stack) about(stack);
  rings(hovered);
}

/** Learn how far around its point the events of a stack may have been, and draw it. @param {maplibre.MapGeoJSONFeature} stack */
async function about({ properties: { ids } }) {
  const radius = await reach(ids).catch(() => null);
  if (radius === null) return;
  radii.set(ids, radius);
  rings(hovered);
}

let ringed = "";
/** Above so many rings one sees none of them. */
const RINGS = 16;

/** The true reach of events that are known to be near a settlement: of all in sight, or of the one under the pointer. @param {any} [under] */
function rings(under) {
  const seen = new Map();
  if (map.getZoom() >= 5 && map.getLayer("event-marks")) {
    const all = map.queryRenderedFeatures({ layers: ["event-marks"] }).filter(({ properties }) => properties.precision === "near_settlement" && properties.radius_m);
    const few = new Set(all.map(({ properties }) => properties.id)).size <= RINGS;
    for (const { properties, geometry } of few ? all : all.filter(({ properties }) => properties.id === under?.properties?.id)) {
      seen.set(properties.id, shapes.feature("Polygon", [shapes.circle(/** @type {any} */ (geometry).coordinates, properties.radius_m)]));
    }
  }
  for (const stack of [above, open?.stack]) {
    const radius = stack && radii.get(stack.properties.ids);
    if (radius) seen.set(stack.properties.ids, shapes.feature("Polygon", [shapes.circle(/** @type {any} */ (stack.geometry).coordinates, radius)]));
  }
  const key = [...seen.keys()].sort().join();
  if (key === ringed) return;
  ringed = key;
  fill("rings", [...seen.values()]);
}

/** The box round a region, by its code. @param {string} code @returns {Promise<Box | null>} */
export async function regionBox(code) {
  const region = await get(`/regions/${encodeURIComponent(code)}`, {});
  return region.bbox ?? shapes.bounds(region.geometry);
}

/** What the map draws: the base, and the layers of events over it. */
import { ROOT, get } from "./api.js";
import { base } from "./base.js";
import * as symbols from "./symbols.js";
import { GROUP_NAMES } from "./vocabulary.js";

/**
 * @typedef {import("./maplibre/maplibre-gl.mjs").StyleSpecification} Style
 * @typedef {import("./symbols.js").Theme} Theme
 */

export const SOURCE = "sitrep-events";
/** Layers whose features one may click, the uppermost first. */
export const CLICKED = ["event-marks", "event-stacks", "event-cells", "area-chips", "area-fill"];

/** All that shows events. */
export const OF_EVENTS = [...CLICKED, "area-line", "area-names"];

const FONT = ["system-ui"];
const EMPTY = /** @type {const} */ ({ type: "FeatureCollection", features: [] });

/**
 * The whole style for a theme and the tiles of a question.
 * @param {Theme} theme @param {string} tiles 
 * @returns {Promise<Style>}
 */
export async function style(theme, tiles) {
  const basemap = base.address();
  // Without the operator's map events are still to be seen.
  const under = await (basemap ? foreign(basemap).catch(() => (base.lose(), own(theme))) : own(theme));
  const labels = under.layers.findIndex((layer) => layer.type === "symbol");
  const below = labels < 0 ? under.layers : under.layers.slice(0, labels);
  const above = labels < 0 ? [] : under.layers.slice(labels);
  return {
    ...under,
    sources: { ...under.sources, ...sources(tiles) },
    layers: /** @type {any} */ ([...below, ...grounds(theme), ...above, ...signs(theme)]),
  };
}

/** Sources that are ours, whatever lies under them. */
export const OURS = new Set([SOURCE, "asked", "extent", "rings", "draft"]);

/** @param {string} tiles */
function sources(tiles) {
  const drawn = () => /** @type {any} */ ({ type: "geojson", data: EMPTY });
  return {
    [SOURCE]: /** @type {any} */ ({ type: "vector", tiles: [tiles], maxzoom: 14 }),
    asked: drawn(),
    extent: drawn(),
    rings: drawn(),
    draft: drawn(),
  };
}

/** Our own regions, as the server's style has them; only the sea where it has none. @param {Theme} theme @returns {Promise<Style>} */
async function own(theme) {
  const colours = symbols.COLOURS[theme];
  /** @type {Style} */
  let found = { version: 8, sources: {}, layers: [{ id: "sea", type: "background", paint: { "background-color": colours.sea } }] };
  try {
    found = await get("/styles/sitrep.json", { theme });
  } catch (problem) {
    console.info(`The base map is not there: ${problem}`);
  }
  const events = new Set(
    Object.entries(found.sources)
      .filter(([, source]) => /\/tiles\/events/.test(JSON.stringify(source)))
      .map(([name]) => name),
  );
  for (const name of events) delete found.sources[name];
  const layers = found.layers.filter((layer) => !("source" in layer && events.has(/** @type {string} */ (layer.source))));
  for (const layer of layers) {
    // Names of towns keep clear of the marks that stand on them.
    if (layer.type === "symbol" && layer["source-layer"] === "places") layer.layout = { ...layer.layout, "text-radial-offset": ["interpolate", ["linear"], ["zoom"], 6, 0.9, 11, 1.6] };
  }
  return { ...found, layers };
}

/** The operator's: tiles, or a style of its own. @param {string} address @returns {Promise<Style>} */
async function foreign(address) {
  if (!address.includes("{z}")) {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
    return answer.json();
  }
  return {
    version: 8,
    sources: { base: { type: "raster", tiles: [address], tileSize: 256 } },
    layers: [{ id: "base", type: "raster", source: "base" }],
  };
}

/** What lies on the ground, under the names of places. @param {Theme} theme */
function grounds(theme) {
  const { mark, ink, soft } = symbols.COLOURS[theme];
  return [
    { id: "area-fill", type: "fill", source: SOURCE, "source-layer": "areas", paint: { "fill-pattern": ["concat", "hatch|", ["get", "level"], `|${theme}`], "fill-opacity": ["interpolate", ["linear"], ["zoom"], 5, 1, 8, ["match", ["get", "level"], 0, 0.35, 0.8], 11, ["match", ["get", "level"], 0, 0.2, 0.4]] } },
    { id: "area-line", type: "line", source: SOURCE, "source-layer": "areas", paint: { "line-color": mark, "line-width": ["match", ["get", "level"], 0, 0.8, 1], "line-opacity": 0.6 } },
    { id: "asked-fill", type: "fill", source: "asked", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": mark, "fill-opacity": 0.06 } },
    { id: "asked-line", type: "line", source: "asked", paint: { "line-color": mark, "line-width": 2 } },
    { id: "extent-fill", type: "fill", source: "extent", paint: { "fill-color": ink, "fill-opacity": 0.08 } },
    { id: "extent-line", type: "line", source: "extent", paint: { "line-color": ink, "line-width": 2, "line-dasharray": [2, 1.5] } },
    { id: "rings", type: "line", source: "rings", paint: { "line-color": soft, "line-width": 1.2, "line-dasharray": [3, 2.5] } },
  ];
}

const SHARE = (/** @type {string} */ group) => ["round", ["*", 8, ["/", ["coalesce", ["get", group], 0], ["get", "count"]]]];

/** The diameter of a circle that stands for so many events, in pixels. */
export const CIRCLES = /** @type {const} */ ([[2, 19], [10, 23], [100, 31], [1000, 41], [10000, 52]]);
/** How much larger a sign is for so many deaths: its area grows with them, from the smallest on. */
export const SIZES = /** @type {const} */ ([[0, 0.8], [1, 0.84], [10, 1.05], [50, 1.5], [200, 2.2], [1000, 3.6]]);

/** What stands above all else. @param {Theme} theme */
function signs(theme) {
  const { ink, halo, mark } = symbols.COLOURS[theme];
  const count = ["get", "count"];
  const short = [
    "case",
    [">=", count, 10000], ["concat", ["to-string", ["round", ["/", count, 1000]]], "k"],
    [">=", count, 1000], ["concat", ["to-string", ["/", ["round", ["/", count, 100]], 10]], "k"],
    ["to-string", count],
  ];
  const ring = (/** @type {string} */ kind) => ["concat", `${kind}|`, ...GROUP_NAMES.flatMap((group) => [SHARE(group), ","]), `|${theme}`];
  const circle = ["interpolate", ["linear"], ["log10", count], ...CIRCLES.flatMap(([number, size]) => [Math.log10(number), size / 26])];
  const many = (/** @type {string} */ kind) => ({
    type: "symbol",
    source: SOURCE,
    "source-layer": kind,
    layout: {
      "icon-image": ring(kind === "stacks" ? "stack" : "ring"),
      "icon-size": circle,
      "icon-allow-overlap": true,
      "text-field": short,
      "text-font": FONT,
      "text-size": ["interpolate", ["linear"], ["log10", count], 0.3, 10.5, 3, 12],
      "text-allow-overlap": true,
      "text-ignore-placement": true,
      // The largest lie lowest, so that the small can be clicked.
      "symbol-sort-key": ["-", 0, count],
    },
    paint: { "text-color": ink },
  });
  // Sizes that are right close by are too large for many marks on a small scale.
  const scaled = (/** @type {number} */ factor) => ["interpolate", ["linear"], ["sqrt", ["coalesce", ["get", "deaths_best"], 0]], ...SIZES.flatMap(([number, size]) => [Math.sqrt(number), size * factor])];
  return [
    // Below the marks, which are placed first: a name stands only where it hides none of them.
    {
      id: "area-names",
      type: "symbol",
      source: SOURCE,
      "source-layer": "area_labels",
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "bottom", "text-offset": [0, -1.15], "text-padding": 0, "symbol-sort-key": ["-", 0, count] },
      paint: { "text-color": mark, "text-halo-color": halo, "text-halo-width": 1.5 },
    },
    {
      id: "area-chips",
      type: "symbol",
      source: SOURCE,
      "source-layer": "area_labels",
      // From afar provinces are too small to be told apart: they are hatched, and countries alone have their number.
      filter: ["step", ["zoom"], ["==", ["get", "level"], 0], 4, true],
      layout: {
        "icon-image": `chip|${theme}`,
        "icon-text-fit": "both",
        "icon-text-fit-padding": [1, 5, 1, 5],
        // Below circles, which are placed first: where cells are, a number of a region never hides one of theirs.
        "icon-allow-overlap": ["step", ["zoom"], false, 8, true],
        "text-field": short,
        "text-font": FONT,
        "text-size": 12,
        "text-allow-overlap": ["step", ["zoom"], false, 8, true],
        "symbol-sort-key": ["-", 0, count],
      },
      paint: { "text-color": mark },
    },
    { id: "event-cells", ...many("cells") },
    { id: "event-stacks", ...many("stacks") },
    {
      id: "event-marks",
      type: "symbol",
      source: SOURCE,
      "source-layer": "points",
      layout: {
        "icon-image": [
          "concat", "sign|", ["get", "group"], "|", ["coalesce", ["get", "verification"], "none"], "|",
          ["case", ["==", ["get", "contested"], true], "c", ""], ["case", ["has", "deaths_best"], "", "u"],
          ["case", ["==", ["get", "precision"], "near_settlement"], "n", ""], `|${theme}`,
        ],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 4, scaled(0.8), 8, scaled(1)],
        "icon-allow-overlap": true,
        "symbol-sort-key": ["-", 0, ["coalesce", ["get", "deaths_best"], 0]],
      },
    },
    { id: "draft-fill", type: "fill", source: "draft", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": mark, "fill-opacity": 0.12 } },
    { id: "draft-line", type: "line", source: "draft", paint: { "line-color": mark, "line-width": 2, "line-dasharray": [2, 1] } },
    { id: "draft-corners", type: "circle", source: "draft", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": halo, "circle-stroke-color": mark, "circle-stroke-width": 2 } },
    { id: "extent-mark", type: "circle", source: "extent", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 16, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": ink, "circle-stroke-width": 2.5 } },
  ];
}

/**
 * Draw an image of the style by its name when it is first wanted.
 * @param {import("./maplibre/maplibre-gl.mjs").Map} map @param {string} name
 */
export function image(map, name) {
  if (map.hasImage(name)) return;
  const [kind, ...parts] = name.split("|");
  const theme = /** @type {Theme} */ (parts.at(-1));
  if (!(theme in symbols.COLOURS)) return;
  if (kind === "sign") {
    const [group, verification, marks] = parts;
    const sign = { group: /** @type {any} */ (group), verification, contested: marks.includes("c"), unknown: marks.includes("u"), near: marks.includes("n") };
    put(map, name, 28, 4, (context) => symbols.draw(context, sign, theme), 28);
  } else if (kind === "ring" || kind === "stack") {
    const shares = parts[0].split(",").map(Number).slice(0, GROUP_NAMES.length);
    put(map, name, 26, 6, (context) => symbols.drawRing(context, shares, theme, kind === "stack"), 26);
  } else if (kind === "hatch") {
    const size = parts[0] === "0" ? 12 : 8;
    put(map, name, size, 2, (context) => symbols.drawHatch(context, size, theme, Number(parts[0])));
  } else if (kind === "chip") {
    const { paper, line } = symbols.COLOURS[theme];
    put(
      map, name, 24, 2,
      (context) => {
        context.beginPath();
        context.roundRect(1, 1, 22, 22, 6);
        context.fillStyle = paper;
        context.fill();
        context.strokeStyle = line;
        context.stroke();
      },
      undefined,
      { stretchX: [[16, 32]], stretchY: [[16, 32]], content: [4, 4, 44, 44] },
    );
  }
}

/**
 * @param {import("./maplibre/maplibre-gl.mjs").Map} map @param {string} name @param {number} size @param {number} ratio
 * @param {(context: CanvasRenderingContext2D) => void} paint @param {number} [unit] @param {object} [options]
 */
function put(map, name, size, ratio, paint, unit, options = {}) {
  const { element, context } = symbols.canvas(size, ratio, paint, unit);
  map.addImage(name, context.getImageData(0, 0, element.width, element.height), { pixelRatio: ratio, .../** @type {any} */ (options) });
}

/** The address of the tiles of a question. @param {URLSearchParams} query */
export function tiles(query) {
  // Curly braces would be read as places for numbers.
  const asked = query.toString();
  return `${ROOT}/tiles/events/{z}/{x}/{y}.mvt${asked ? "?" : ""}${asked}`;
}

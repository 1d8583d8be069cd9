/** Areas that are asked for: a box, a shape, a circle; as parameters, and as the map draws them. */

const EARTH_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** @typedef {[longitude: number, latitude: number]} Point */

/** A circle on the globe as a ring of points. @param {Point} centre @param {number} radius_m @param {number} [corners] */
export function circle([longitude, latitude], radius_m, corners = 64) {
  const angle = radius_m / EARTH_M;
  const sin = Math.sin(latitude * RADIANS);
  const cos = Math.cos(latitude * RADIANS);
  /** @type {Point[]} */
  const ring = [];
  for (let corner = 0; corner <= corners; corner++) {
    const bearing = (2 * Math.PI * corner) / corners;
    const there = Math.asin(sin * Math.cos(angle) + cos * Math.sin(angle) * Math.cos(bearing));
    const aside = Math.atan2(Math.sin(bearing) * Math.sin(angle) * cos, Math.cos(angle) - sin * Math.sin(there));
    ring.push([longitude + aside / RADIANS, there / RADIANS]);
  }
  return ring;
}

/** How far two points are apart. @param {Point} one @param {Point} other */
export function distance_m([west, south], [east, north]) {
  const half = Math.sin(((north - south) * RADIANS) / 2) ** 2 + Math.cos(south * RADIANS) * Math.cos(north * RADIANS) * Math.sin(((east - west) * RADIANS) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** Whether two edges of a ring, which is not closed, cross each other. @param {Point[]} ring */
export function crosses(ring) {
  const side = (/** @type {Point} */ a, /** @type {Point} */ b, /** @type {Point} */ c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  const edges = ring.map((corner, place) => /** @type {const} */ ([corner, ring[(place + 1) % ring.length]]));
  return edges.some(([a, b], one) => edges.slice(one + 2).some(([c, d]) => d !== a && side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0));
}

/** A length as the interface takes it, in metres; NaN if it cannot be read. @param {string} text */
export function metres(text) {
  const found = /^([\d.]+)\s*(m|km|mi|nmi)?$/.exec(text.trim());
  if (!found) return NaN;
  return Number(found[1]) * { m: 1, km: 1000, mi: 1609.344, nmi: 1852 }[/** @type {"m"} */ (found[2] ?? "m")];
}

/** A length in few letters. @param {number} length_m */
export function length(length_m) {
  if (length_m < 1000) return `${Math.max(1, Math.round(length_m))}m`;
  return `${length_m < 100_000 ? Math.round(length_m / 100) / 10 : Math.round(length_m / 1000)}km`;
}

/** A box as a ring; over the antimeridian it goes on east of 180. @param {number[]} box */
export function boxRing([west, south, east, north]) {
  const right = east < west ? east + 360 : east;
  // Corners along the way, or the map's edges would cut the corner on a globe.
  return [[west, south], [right, south], [right, north], [west, north], [west, south]];
}

/**
 * A ring as the interface takes it, with as many digits as a hand can point at: WKT, or GeoJSON in two parts where it runs over the
 * antimeridian (RFC 7946, 3.1.9).
 * @param {Point[]} ring @param {number} [digits]
 */
export function polygon(ring, digits = 3) {
  const turns = Math.floor((Math.min(...ring.map(([x]) => x)) + 180) / 360);
  const here = ring.map(([x, y]) => /** @type {Point} */ ([x - 360 * turns, y]));
  const rounded = (/** @type {Point[]} */ part) => part.map(([x, y]) => [round(x, digits), round(y, digits)]);
  if (here.every(([x]) => x <= 180)) return `POLYGON((${rounded(here).map((place) => place.join(" ")).join(",")}))`;
  const beyond = half(here, -1).map(([x, y]) => /** @type {Point} */ ([x - 360, y]));
  return JSON.stringify({ type: "MultiPolygon", coordinates: [[rounded(half(here, 1))], [rounded(beyond)]] });
}

/** The part of a ring on one side of 180 degrees: 1 west, -1 east of it (Sutherland and Hodgman). @param {Point[]} ring @param {number} side */
function half(ring, side) {
  /** @type {Point[]} */
  const kept = [];
  for (const [place, [x, y]] of ring.slice(1).entries()) {
    const [before, from] = ring[place];
    if ((before - 180) * (x - 180) < 0) kept.push([180, from + ((180 - before) / (x - before)) * (y - from)]);
    if ((180 - x) * side >= 0) kept.push([x, y]);
  }
  return [...kept, kept[0]];
}

/**
 * The area that is asked for, for the map to draw: a feature, or nothing.
 * @param {import("./state.js").State} now
 * @returns {any[]}
 */
export function asked(now) {
  const found = [];
  if (now.bbox) {
    const box = now.bbox.split(",").map(Number);
    if (box.length === 4 && box.every(Number.isFinite)) found.push(feature("Polygon", [boxRing(box)]));
  }
  if (now.near && now.radius) {
    const centre = now.near.split(",").map(Number);
    const radius = metres(now.radius);
    if (centre.length === 2 && centre.every(Number.isFinite) && radius > 0) found.push(feature("Polygon", [circle(/** @type {Point} */ (centre), radius)]));
  }
  if (now.intersects) {
    const read = geometry(now.intersects);
    // What crosses itself has no inside that a map could fill: its edge is to be seen all the same.
    if (read?.type === "Polygon" && read.coordinates.some((/** @type {Point[]} */ ring) => crosses(ring.slice(0, -1)))) {
      found.push(feature("MultiLineString", read.coordinates));
    } else if (read) found.push({ type: "Feature", properties: {}, geometry: read });
  }
  return found;
}

/** A geometry of GeoJSON, or of WKT if it is a polygon; nothing if it is another. @param {string} text */
function geometry(text) {
  try {
    if (text.trim().startsWith("{")) return JSON.parse(text);
  } catch {
    return null;
  }
  const found = /^\s*POLYGON\s*\(\((.*)\)\)\s*$/i.exec(text);
  if (!found) return null;
  const rings = found[1].split(/\)\s*,\s*\(/).map((ring) => ring.split(",").map((pair) => pair.trim().split(/\s+/).map(Number)));
  return { type: "Polygon", coordinates: rings };
}

/** @param {string} type @param {any} coordinates */
export function feature(type, coordinates) {
  return { type: "Feature", properties: {}, geometry: { type, coordinates } };
}

/** @param {number} value @param {number} [digits] */
export function round(value, digits = 3) {
  return Number(value.toFixed(digits));
}

/** A longitude from -180 to 180. @param {number} longitude */
export function wrap(longitude) {
  return longitude >= -180 && longitude <= 180 ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/** The box round the coordinates of a geometry. @param {any} found @returns {[number, number, number, number] | null} */
export function bounds(found) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (/** @type {any} */ part) => {
    if (typeof part[0] === "number") {
      [west, south, east, north] = [Math.min(west, part[0]), Math.min(south, part[1]), Math.max(east, part[0]), Math.max(north, part[1])];
    } else part.forEach(walk);
  };
  if (found?.type === "GeometryCollection") found.geometries.forEach((/** @type {any} */ one) => walk(one.coordinates));
  else if (found?.coordinates) walk(found.coordinates);
  return Number.isFinite(west) ? [west, south, east, north] : null;
}

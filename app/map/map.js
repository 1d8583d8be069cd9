/**
 * The map. What others may do with it stands first.
 * @typedef {[west: number, south: number, east: number, north: number]} Box
 */

/** Show a box or a point. @param {Box | [longitude: number, latitude: number]} place @param {{zoom?: number}} [options] */
export function flyTo(place, options) {
  void place, options;
}

/** Draw where an event may have happened: the feature of `/events/{id}?geometry=extent`, or nothing. @param {any} feature */
export function highlight(feature) {
  void feature;
}

/** Call when the map has moved. @param {(bounds: Box) => void} listener @returns {() => void} stops it */
export function onMoved(listener) {
  void listener;
  return () => {};
}

/** What of the world can be seen between the panels. @returns {Box} */
export function visibleBounds() {
  return [-180, -90, 180, 90];
}

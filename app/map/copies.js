/** One question in the forms in which others ask it. Nothing here asks anything: each form is made of an address and a query. */

/** @typedef {{root: string, query: URLSearchParams}} Asked The address of the service, and the filters. */

/** Events on a page at most: one request has so many, a whole file has all. */
const PAGE = 10000;

/** A page of events as GeoJSON. @param {Asked} asked */
export function api({ root, query }) {
  return at(root, "/events", query);
}

/** All events as a file. @param {Asked} asked @param {string} suffix csv, geojson, parquet and so on */
export function file({ root, query }, suffix) {
  return at(root, `/events.${suffix}`, query);
}

/** A command for a shell. @param {Asked} asked */
export function curl(asked) {
  return `curl --compressed ${quoted(paged(asked))}`;
}

/** A program in Python. @param {Asked} asked */
export function python(asked) {
  return [
    "import geopandas",
    "import pandas",
    "",
    "# A table of all events; those known to a region only have no longitude and latitude.",
    `table = pandas.read_csv(${literal(file(asked, "csv"))}, parse_dates=["first_day", "last_day"])`,
    "",
    "# The same with geometries.",
    `events = geopandas.read_file(${literal(file(asked, "geojson"))})`,
  ].join("\n");
}

/** A source and a layer of a map by MapLibre. @param {Asked} asked */
export function maplibre({ root, query }) {
  return [
    `map.addSource("events", { type: "vector", url: ${literal(at(root, "/tiles/events.json", query))} });`,
    "map.addLayer({",
    '  id: "events", type: "circle", source: "events", "source-layer": "points",',
    '  paint: { "circle-radius": 5, "circle-color": "#d55e00", "circle-stroke-color": "#fff", "circle-stroke-width": 1 },',
    "});",
    "// Stacks, cells and areas are layers of the same source. Events known to a region only are in areas, and are no points.",
  ].join("\n");
}

/** An address with a query that people can read and every shell and program takes as it is. @param {string} root @param {string} path @param {URLSearchParams} query */
export function at(root, path, query) {
  const parts = [...query].map(([name, value]) => `${name}=${escaped(value)}`);
  return `${root}${path}${parts.length ? "?" : ""}${parts.join("&")}`;
}

/** @param {Asked} asked */
function paged({ root, query }) {
  return at(root, "/events", new URLSearchParams([...query, ["limit", String(PAGE)]]));
}

/** What encodeURIComponent leaves is escaped too where a shell, a mail or a chat would take it for theirs. @param {string} value */
function escaped(value) {
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(2C|3A|2F)/g, (code) => decodeURIComponent(code));
}

/** A word of a shell. @param {string} text */
export function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A string of Python and of JavaScript: what JSON writes is one of both. @param {string} text */
export function literal(text) {
  return JSON.stringify(text);
}

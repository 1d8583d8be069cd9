/** One question in the forms in which others ask it. Nothing here asks anything: each form is made of an address and a query. */

/** @typedef {{root: string, query: URLSearchParams}} Asked The address of the service, and the filters. */

/** Events on a page at most: one request has so many, a whole file has all. */
export const PAGE = 10000;

/** A page of events as GeoJSON, as large as one may be. @param {Asked} asked */
export function api({ root, query }) {
  return at(root, "/events", new URLSearchParams([...query, ["limit", String(PAGE)]]));
}

/** All events as a file. @param {Asked} asked @param {string} suffix csv, geojson, parquet and so on */
export function file({ root, query }, suffix) {
  return at(root, `/events.${suffix}`, query);
}

/** A command for a shell. @param {Asked} asked */
export function curl(asked) {
  return `curl --compressed ${quoted(api(asked))}`;
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

/** A map by MapLibre of all that is drawn here but the panels. @param {Asked} asked @param {{center: number[], zoom: number, theme: string}} view */
export function maplibre({ root, query }, { center, zoom, theme }) {
  const style = at(root, "/styles/sitrep.json", new URLSearchParams([...query, ["theme", theme]]));
  return [
    'import { Map } from "maplibre-gl";',
    'import "maplibre-gl/dist/maplibre-gl.css";',
    "",
    "// Points, stacks, cells and hatched regions, over the base map.",
    "new Map({",
    '  container: "map",',
    `  center: [${center.join(", ")}], zoom: ${zoom},`,
    `  style: ${literal(style)},`,
    "});",
  ].join("\n");
}

/** An address with a query that people can read and every shell and program takes as it is. @param {string} root @param {string} path @param {URLSearchParams} query */
export function at(root, path, query) {
  const parts = [...query].map(([name, value]) => `${name}=${escaped(value)}`);
  return `${root}${path}${parts.length ? "?" : ""}${parts.join("&")}`;
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

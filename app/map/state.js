/**
 * What is asked, which event is open and how the page looks: all of it stands in the address, so that a view can be shared.
 * @typedef {Readonly<Record<string, string>>} State The parameters of the address that are set, by name.
 */

/** Filters of `/events`, under the names they have there. */
export const FILTERS = /** @type {const} */ ([
  "datetime", "region", "type", "dataset", "actor", "verification", "contested", "deaths_min", "deaths_max", "precision",
  "q", "bbox", "intersects", "near", "radius", "match", "reported", "as_of", "filter",
  "claimant_role", "claim_verification", "sources_min", "has_geometry",
]);

/** Those that take several values, whose names hold no comma. */
const LISTS = new Set(["region", "type", "dataset", "verification", "precision", "claimant_role", "claim_verification"]);

/** What the page itself remembers: the open event, the map as `zoom/latitude/longitude`, and how it looks. */
export const VIEW = /** @type {const} */ (["event", "map", "theme", "panel", "lang"]);

/** What these two say goes with each other: one without the other is an error of the interface. */
const PAIRS = { near: "radius", radius: "near" };
const KNOWN = new Set([...FILTERS, ...VIEW]);

/** What stands in the address and is nothing that the page knows: it must not be taken for a filter that holds. */
export const unknown = [...new Set(new URLSearchParams(location.search).keys())].filter((name) => !KNOWN.has(/** @type {any} */ (name)));

/** @type {State} */
let now = read();
/** @type {Set<(now: State, before: State) => void>} */
const listeners = new Set();

export const state = {
  /** The parameters that are set. @returns {State} */
  get: () => now,

  /**
   * Change some parameters; an empty value, null or undefined removes one. A step back in the browser undoes it unless it replaces.
   * @param {Record<string, string | number | boolean | null | undefined>} patch
   * @param {{replace?: boolean}} [how]
   */
  set(patch, { replace = false } = {}) {
    /** @type {Record<string, string>} */
    const next = { ...now };
    for (const [name, value] of Object.entries(patch)) {
      if (value === null || value === undefined || value === "") delete next[name];
      else next[name] = String(value);
    }
    if (same(next, now)) return;
    history[replace ? "replaceState" : "pushState"](null, "", address(next));
    become(Object.freeze(next));
  },

  /**
   * Call when anything changes; also on a step back or forward.
   * @param {(now: State, before: State) => void} listener
   * @returns {() => void} stops it
   */
  on(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /**
   * The filters that are set, as the interface takes them.
   * @param {Iterable<string>} [names] only these
   */
  query(names = FILTERS) {
    const query = new URLSearchParams();
    for (const name of names) {
      const value = now[name];
      if (value === undefined) continue;
      const other = PAIRS[/** @type {"near"} */ (name)];
      if (other && now[other] === undefined) continue;
      // Names of actors hold commas: several are told apart by a line break, and asked one by one.
      if (name === "actor") value.split("\n").forEach((one) => query.append(name, one));
      else query.set(name, value);
    }
    return query;
  },
};

/**
 * Whether any of these parameters differs between two states.
 * @param {State} one @param {State} other @param {Iterable<string>} [names]
 */
export function differs(one, other, names = FILTERS) {
  for (const name of names) if (one[name] !== other[name]) return true;
  return false;
}

/** The address of a state, as short and readable as the rules of addresses allow. @param {Record<string, string>} next */
export function address(next) {
  const parts = [];
  for (const name of [...FILTERS, ...VIEW]) {
    const value = next[name];
    if (value === undefined) continue;
    for (const one of name === "actor" ? value.split("\n") : [value]) parts.push(`${name}=${readable(one)}`);
  }
  return `${location.pathname}${parts.length ? "?" : ""}${parts.join("&")}`;
}

/** @param {string} value */
function readable(value) {
  return encodeURIComponent(value).replace(/%(2C|3A|2F|28|29)/g, (code) => decodeURIComponent(code)).replace(/%20/g, "+");
}

/** @returns {State} */
function read() {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (!KNOWN.has(/** @type {any} */ (name)) || value === "") continue;
    // The last of what can be given once.
    found[name] = name in found && (name === "actor" || LISTS.has(name)) ? `${found[name]}${name === "actor" ? "\n" : ","}${value}` : value;
  }
  return Object.freeze(found);
}

/** @param {State} next */
function become(next) {
  const before = now;
  now = next;
  for (const listener of [...listeners]) listener(now, before);
}

/** @param {State} one @param {State} other */
function same(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

addEventListener("popstate", () => become(read()));

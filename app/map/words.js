/**
 * All that the page says. English first; another language is another table, registered under its tag.
 * A text may hold `{name}`; where a number decides between forms, `key.one` stands beside `key.other`.
 */

/** @type {Record<string, string>} */
const ENGLISH = {
  "app.title": "Sitrep",
  "events.one": "{count} event",
  "events.other": "{count} events",
  "events.none": "No event",
};

/** @type {Record<string, {dir: "ltr" | "rtl", texts: Record<string, string>}>} */
const LANGUAGES = { en: { dir: "ltr", texts: ENGLISH } };

const asked = new URLSearchParams(location.search).get("lang") ?? "en";
export const lang = asked in LANGUAGES ? asked : "en";
export const dir = LANGUAGES[lang].dir;

const numbers = new Intl.NumberFormat(lang);
const shortNumbers = new Intl.NumberFormat(lang, { notation: "compact", maximumSignificantDigits: 3 });
const plurals = new Intl.PluralRules(lang);

/**
 * Add texts: of a language that is there, or of a new one.
 * @param {Record<string, string>} texts @param {string} [tag] @param {"ltr" | "rtl"} [direction]
 */
export function add(texts, tag = "en", direction = "ltr") {
  const table = (LANGUAGES[tag] ??= { dir: direction, texts: {} });
  Object.assign(table.texts, texts);
}

/**
 * The text of a key. `values.count` chooses between `key.one` and `key.other` where there are such.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const count = values.count;
  const form = typeof count === "number" ? `${key}.${plurals.select(count)}` : key;
  const text = find(form) ?? find(`${key}.other`) ?? find(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** @param {string} key */
function find(key) {
  return LANGUAGES[lang].texts[key] ?? ENGLISH[key];
}

/** Whether there is a text of this key. @param {string} key */
export function has(key) {
  return find(key) !== undefined;
}

/** A number as this language writes it. @param {number} value */
export function number(value) {
  return numbers.format(value);
}

/** A number in few letters: 1.2K. @param {number} value */
export function short(value) {
  return shortNumbers.format(value);
}

/**
 * A day in words: 8 August 2021. Days have no time zone.
 * @param {string} day ISO 8601 @param {Intl.DateTimeFormatOptions} [how]
 */
export function day(day, how = { day: "numeric", month: "long", year: "numeric" }) {
  // British English has the day first, which the rest of the page says too.
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: "UTC", ...how }).format(new Date(`${day}T00:00:00Z`));
}

/** Days from one to another in words, as short as can be: 1–8 August 2021. @param {string} first @param {string} last */
export function days(first, last) {
  const writer = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
  return writer.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`));
}

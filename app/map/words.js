/**
 * All that the page says. English first; another language is another table, registered under its tag.
 * A text may hold `{name}`; where a number decides between forms, `key.one` stands beside `key.other`.
 */

/** @type {Record<string, string>} */
const ENGLISH = {
  "app.title": "Sitrep",
  "skip.list": "Skip to the list of events",
  "top.api": "API",
  "top.share": "Share",
  "top.dark": "Dark colours",
  "top.light": "Light colours",
  "top.asked.open": "Show what is asked",
  "top.asked.close": "Fold away what is asked",
  "top.panel.open": "Show the list of events",
  "top.panel.close": "Fold away the list of events",
  "sheet.label": "Filters or events",
  "sheet.asked": "Filters",
  "sheet.panel": "Events",
  "sheet.taller": "Make this taller",
  "sheet.smaller": "Make this smaller",
  "embed.open": "Open in Sitrep",
  "events.one": "{count} event",
  "events.other": "{count} events",
  "events.none": "No event",
  "asked.total.one": "{count} event in all",
  "asked.total.other": "{count} events in all",

  "map.label": "Map of events; the list has the same in words",
  "map.title": "Map. Arrow keys move it, plus and minus zoom",
  "map.closer": "Zoom in",
  "map.farther": "Zoom out",
  "map.trouble": "Part of the map could not be loaded.",

  "time.label": "Time",
  "time.histogram": "Events by day on which they began",
  "time.every": "All days",
  "time.everyday": "All days",
  "time.choose": "Type days, or turn back a clock",
  "time.begin.one": "{count} begins in these days",
  "time.begin.other": "{count} begin in these days",
  "time.most.day": "up to {count} a day",
  "time.most.week": "up to {count} a week",
  "time.most.month": "up to {count} a month",
  "time.most.year": "up to {count} a year",
  "time.until": "until {day}",
  "time.since": "from {day}",
  "time.from": "First day",
  "time.to": "Last day",
  "time.first": "First",
  "time.last": "Last",
  "time.days": "Days",
  "time.means": "Events that may have happened on one of these days.",
  "time.play": "Play: move the days on",
  "time.pause": "Pause",
  "time.closer": "Show less time",
  "time.farther": "Show more time",
  "time.all": "Show all of time",
  "clock.day": "Day",
  "clock.now": "Back to now",
  "clock.reported": "Reported by",
  "clock.reported.means": "Only what the world could have read by the end of that day.",
  "clock.reported.now": "Reported by: now",
  "clock.reported.short": "Reported by {day}",
  "clock.as_of": "As of",
  "clock.as_of.means": "Everything as this database held it then, mistakes included.",
  "clock.as_of.now": "As of: now",
  "clock.as_of.short": "As of {day}",
  "then.reported": "What the world could have read by {day}.",
  "then.as_of": "As this database held it on {day}.",
  "then.unknown": "This page knows no {names}: it is left out.",
  "then.back": "Back to now",

  "asked.label": "What is asked",
  "asked.kind": "What happened",
  "asked.where": "Where",
  "asked.verification": "Who checked it",
  "asked.deaths": "Deaths",
  "asked.precision": "How exactly the place is known",
  "asked.precision.open": "From an address to a country",
  "asked.actor": "Who took part",
  "asked.actor.hint": "A name in any spelling",
  "asked.actor.none": "Nobody of that name",
  "asked.actor.found.one": "{count} name",
  "asked.actor.found.other": "{count} names",
  "asked.words": "Words in the report",
  "asked.words.hint": "Whole words; OR, -word, \"a phrase\"",
  "asked.dataset": "Dataset",
  "asked.legend": "Other marks",
  "asked.types.one": "{count} kind",
  "asked.types.other": "{count} kinds",
  "asked.contested": "One party denies it",
  "asked.match": "An event counts as there if",
  "asked.deaths_min": "At least",
  "asked.deaths_max": "At most",
  "asked.deaths.means": "By the best figure. Where none is known, an event never matches.",
  "asked.scale": "Size of a mark by deaths: from 1 to 200; the smallest with a question mark where no figure is known",
  "asked.unknown": "not known",
  "asked.chips": "Filters that are set",
  "asked.remove": "Remove: {what}",
  "asked.reset": "Remove all",
  "asked.regional.one": "{count} is known to a district, province or country only: hatched, no mark.",
  "asked.regional.other": "{count} are known to a district, province or country only: hatched, no mark.",
  "asked.nowhere.one": "{count} has no place at all.",
  "asked.nowhere.other": "{count} have no place at all.",
  "asked.dead.one": "{count} death by the best figures.",
  "asked.dead.other": "{count} deaths by the best figures.",
  "asked.dead.some.one": "{count} death by the best figures; of {unknown} they are not known.",
  "asked.dead.some.other": "{count} deaths by the best figures; of {unknown} they are not known.",
  "asked.trouble": "This could not be asked.",

  "empty.because": "Nothing matches all of this. One filter less would find:",
  "empty.several": "Nothing matches, and taking away any one filter is not enough.",
  "empty.nothing": "No event is loaded yet.",
  "empty.without.one": "{count} event without “{what}”",
  "empty.without.other": "{count} events without “{what}”",
  "empty.possible.one": "{count} event may have happened here: show possible",
  "empty.possible.other": "{count} events may have happened here: show possible",

  "chip.datetime": "{days}",
  "chip.near": "Within {radius} of {point}",
  "chip.bbox": "In a box",
  "chip.intersects": "In a shape",
  "chip.q": "Words: {value}",
  "chip.filter": "A condition in CQL2",
  "chip.deaths_min": "{value} deaths or more",
  "chip.deaths_max": "{value} deaths or fewer",
  "chip.types": "{first} and {count} more",
  "asked.claimant_role": "Said by: {value}",
  "asked.claim_verification": "The publisher on it: {value}",
  "asked.has_geometry": "With a point: {value}",
  "chip.sources_min": "{value} sources or more",
  "chip.reported": "Reported by {day}",
  "chip.as_of": "As of {day}",

  "group.battle": "Battle",
  "group.bombing": "Air strike, shelling, explosion",
  "group.civilians": "Attack on civilians",
  "group.territory": "Territorial change",
  "group.protest": "Protest, riot",
  "group.other": "Other",
  "type.battle": "Battle",
  "type.air_strike": "Air strike",
  "type.shelling": "Shelling",
  "type.explosion": "Explosion",
  "type.attack_on_civilians": "Attack on civilians",
  "type.territorial_change": "Territorial change",
  "type.protest": "Protest",
  "type.riot": "Riot",
  "type.abduction": "Abduction",
  "type.sexual_violence": "Sexual violence",
  "type.agreement": "Agreement",
  "type.arrest": "Arrest",
  "type.strategic_development": "Strategic development",
  "type.unspecified_violence": "Violence, means not told",
  "type.other": "Something else",
  "verification.verified": "Verified",
  "verification.partly_verified": "Verified in part",
  "verification.unverified": "Unverified",
  "verification.disputed": "Disputed",
  "verification.refuted": "Refuted",
  "verification.not_verifiable": "Cannot be verified",
  "verification.none": "Nobody assessed it",
  "contested.any": "Either",
  "contested.true": "Contested",
  "contested.false": "Not contested",
  "precision.exact": "Exact spot",
  "precision.vicinity": "Within some 100 metres",
  "precision.settlement": "In a settlement",
  "precision.near_settlement": "Near a settlement",
  "precision.admin3": "Within a subdistrict",
  "precision.admin2": "Within a district",
  "precision.admin1": "Within a province",
  "precision.fuzzy_region": "In a vague region",
  "precision.country": "Within a country",
  "precision.sea_air": "At sea or in the air",
  "precision.unknown": "Not known",
  "match.point": "Its point",
  "match.point.means": "Its point lies in the area, or it is filed under the region. A point may stand for a whole province.",
  "match.possible": "May be",
  "match.possible.means": "It may have happened there: where it can have been touches the area.",
  "match.definite": "Certainly",
  "match.definite.means": "It certainly happened there: where it can have been lies inside, as far as our borders go.",

  "draw.label": "Draw an area",
  "draw.box": "Box",
  "draw.polygon": "Shape",
  "draw.circle": "Circle",
  "draw.view": "This view",
  "draw.box.how": "Drag across the map from corner to corner. Escape ends it.",
  "draw.circle.how": "Drag from the middle outwards. Escape ends it.",
  "draw.polygon.how": "Click the corners, three or more. Escape ends it.",
  "draw.polygon.more": "Click the next corner; Backspace takes the last away.",
  "draw.polygon.end": "Click the first corner again, or press Enter, to close the shape.",
  "draw.polygon.crosses": "Two edges cross each other, so that it has no clear inside. Backspace takes the last corner away.",
  "draw.radius": "{length} from the middle",
  "draw.done": "The area is set.",
  "draw.type": "Type it instead",
  "draw.west": "West",
  "draw.south": "South",
  "draw.east": "East",
  "draw.north": "North",
  "draw.latitude": "Latitude",
  "draw.longitude": "Longitude",
  "draw.kilometres": "Kilometres",
  "draw.box.apply": "Use this box",
  "draw.circle.apply": "Use this circle",

  "legend.area": "Known to a region only: somewhere in it, with the number on a label",
  "legend.ring": "Near a settlement, not in it; the large ring is how near",
  "legend.cell": "Several events, by what happened; a fine inner line: all at one point",
  "legend.unknown": "Deaths are not known, which is not none",
  "legend.contested": "Contested: one party asserts what another denies",
  "legend.circles": "Size of a circle by number of events: 2, 10, 100, 1,000",

  "credits.data": "Events:",
  "credits.base": "Borders: Natural Earth, geoBoundaries · Places: GeoNames (CC BY 4.0)",
  "credits.regions": "Borders of hatched regions: Natural Earth, geoBoundaries",
  "credits.foreign": "Base map: {whose}",
  "credits.publisher": "see its publisher.",
  "credits.lost": "The base map that is set here cannot be reached; these are our own regions.",
  "credits.trouble": "see /datasets",
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
  const date = new Date(`${day}T00:00:00Z`);
  // Anything may stand in an address; what is wrong with it, the interface says.
  if (Number.isNaN(date.valueOf())) return day;
  // British English has the day first, which the rest of the page says too.
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: "UTC", ...how }).format(date);
}

/** Days from one to another in words, as short as can be: 1–8 August 2021. @param {string} first @param {string} last */
export function days(first, last) {
  const writer = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
  return writer.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`));
}

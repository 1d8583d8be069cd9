/** The card of an event: when, where, who, the harm, who says so, what was known when, and where all this comes from. */

import { Refused, address, get } from "./api.js";
import { list as claimsList, opener, same, thread } from "./claims.js";
import { h } from "./dom.js";
import { bdi, woven } from "./elements.js";
import { figures } from "./figures.js";
import { harm } from "./harm.js";
import { line } from "./history.js";
import { flyTo, highlight, visibleBounds } from "./map.js";
import { mark, precision } from "./marks.js";
import { called, learn } from "./names.js";
import { record } from "./record.js";
import { state } from "./state.js";
import { dayKnown, exactness, moment, warns, when, where, word } from "./telling.js";
import { groupOf } from "./vocabulary.js";
import { day, t } from "./words.js";

/** @typedef {Record<string, any>} Told */

/** Other events that a claim is about too, and that are asked what their claimants say there. */
const NEIGHBOURS = 4;

/**
 * Shows an event in an element. What has been asked for is given up with `signal`.
 * @param {HTMLElement} element @param {string} id
 * @param {{back: () => void, signal: AbortSignal, focus: boolean}} options `focus` goes to the title, once it is there
 */
export async function show(element, id, { back, signal, focus }) {
  const asOf = state.get().as_of;
  const then = asOf === undefined ? undefined : { as_of: asOf };
  const waiting = h("div", { class: "skeletons", "aria-label": t("card.loading"), role: "status" }, ...Array.from({ length: 5 }, () => h("div", { class: "skeleton" })));
  element.replaceChildren(top(back), h("div", { class: "card-body" }, waiting));
  element.setAttribute("aria-busy", "true");
  try {
    const event = await get(`/events/${id}`, then, { signal });
    const around = neighbours(event, then, signal);
    const [history, datasets, drawn, told, others] = await Promise.all([
      get(`/events/${id}/history`, undefined, { signal }).catch(quietly),
      get("/datasets", undefined, { signal }).catch(quietly),
      extent(id, then, signal).catch(quietly),
      around,
      learn([event.properties]).then(() => beside(event, then, signal)),
    ]);
    if (signal.aborted) return;
    // Lists have no event that was retracted; its point, if it has one, is still known.
    const area = drawn ?? (event.geometry ? event : null);
    const heading = h("h2", { class: "card-title", tabindex: "-1", id: "card-title" }, bdi(event.properties.title));
    element.replaceChildren(
      top(back, area),
      h("article", { class: "card-body", "aria-labelledby": "card-title" },
        banner(event.properties),
        heading, chips(event.properties),
        event.properties.summary && h("p", { class: "lead" }, bdi(event.properties.summary)),
        facts(event, area),
        section("card.harm", ...harm(event)),
        section("card.claims", ...saidBy(event, told), ...assessed(event)),
        section("card.history", ...known(event, history, asOf)),
        ...others,
        section("card.source", ...record(event, datasets?.datasets ?? [], asOf))),
    );
    highlight(area);
    if (area?.geometry && apart(box(area), visibleBounds())) flyTo(box(area));
    if (focus) heading.focus({ preventScroll: true });
  } catch (reason) {
    if (signal.aborted) return;
    highlight(null);
    element.replaceChildren(top(back), trouble(reason, () => show(element, id, { back, signal, focus: true })));
  } finally {
    if (!signal.aborted) element.removeAttribute("aria-busy");
  }
}

/**
 * The feature of where an event may have happened, as `highlight` draws it.
 * @param {string} id @param {{as_of: string} | undefined} then @param {AbortSignal} [signal]
 */
export async function extent(id, then, signal) {
  const page = await get("/events", { filter: `id='${id}'`, geometry: "extent", properties: "id,title,precision,radius_m", ...then }, { signal });
  return page.features[0] ?? null;
}

/** The box round a feature; one over the antimeridian has its west greater than its east. @param {Told} feature */
export function box(feature) {
  let [west, south, east, north] = [180, 90, -180, -90];
  let [westOfPacific, eastOfPacific] = [180, -180];
  const visit = (/** @type {any} */ part) => {
    if (typeof part[0] !== "number") return part.forEach(visit);
    [west, east] = [Math.min(west, part[0]), Math.max(east, part[0])];
    [south, north] = [Math.min(south, part[1]), Math.max(north, part[1])];
    if (part[0] > 0) westOfPacific = Math.min(westOfPacific, part[0]);
    else eastOfPacific = Math.max(eastOfPacific, part[0]);
  };
  visit(feature.geometry.coordinates);
  const split = west <= -179.99 && east >= 179.99 && westOfPacific - eastOfPacific > 90;
  return /** @type {[number, number, number, number]} */ (split ? [westOfPacific, south, eastOfPacific, north] : [west, south, east, north]);
}

/** Whether nothing of one box is in the other. @param {number[]} one @param {number[]} other */
function apart([west, south, east, north], [left, bottom, right, top]) {
  if (north < bottom || south > top) return true;
  const turns = [-360, 0, 360];
  return turns.every((turn) => (east < west ? east + 360 : east) + turn < left || west + turn > (right < left ? right + 360 : right));
}

/** @param {() => void} back @param {Told | null} [area] */
function top(back, area) {
  return h("div", { class: "card-top" },
    h("button", { type: "button", class: "quiet back", onclick: back }, h("span", { class: "arrow", "aria-hidden": "true" }, "‹"), t("card.back")),
    area?.geometry && h("button", { type: "button", class: "quiet", onclick: () => flyTo(box(area)) }, t("card.fly")));
}

/** What must be known before anything is read: that it is an older state, or was taken back. @param {Told} event */
function banner(event) {
  const asOf = state.get().as_of;
  return h("div", { class: "banners" },
    asOf && h("p", { class: "banner" }, ...woven(t("card.as_of"), { moment: moment(asOf) }), " ",
      h("button", { type: "button", class: "link", onclick: () => state.set({ as_of: null }) }, t("card.as_now"))),
    event.status === "retracted" && h("p", { class: "banner" }, t("card.retracted")));
}

/** @param {Told} event */
function chips(event) {
  const { verification } = event;
  return h("ul", { class: "tags", "aria-label": t("card.chips") },
    h("li", { class: "tag" }, mark(groupOf(event.type), verification, event.contested), word(event.type, "type")),
    h("li", { class: warns(verification) ? "tag tag-warn" : "tag" }, verification ? word(verification, "verification") : t("say.verification.none")),
    event.contested && h("li", { class: "tag tag-warn" }, t("card.contested")),
    event.status === "retracted" && h("li", { class: "tag tag-warn" }, t("card.withdrawn")),
    h("li", { class: "tag" }, h("span", { class: "soft" }, t("card.dataset")), " ", bdi(event.dataset)));
}

/** @param {Told} event @param {Told | null} area */
function facts({ properties: event, geometry, claims }, area) {
  const point = geometry?.type === "Point" ? geometry.coordinates.slice(0, 2).reverse().map((/** @type {number} */ one) => one.toFixed(4)).join(", ") : null;
  return h("dl", { class: "facts" },
    h("dt", {}, t("card.when")),
    h("dd", {}, when(event), !dayKnown(event) && event.first_day !== null && h("span", { class: "soft" }, t("card.day_doubt")),
      event.first_reported && h("span", { class: "soft" }, reportedBy(event))),
    h("dt", {}, t("card.where")),
    h("dd", {}, precision(exactness(event)), bdi(where(event, called)), h("span", { class: "soft" }, howExactly(event, area, point))),
    h("dt", {}, t("card.who")),
    h("dd", {}, ...who(event, claims)));
}

/** The parties; where only parties say so and nobody verified it, they are not told as if it were known. @param {Told} event @param {Told[]} claims */
function who(event, claims) {
  const sides = [event.side_a, event.side_b].filter((side) => side.length);
  if (!sides.length) return [t("card.nobody")];
  const accusers = accusing(event, claims);
  if (!accusers.length) return [parties(event), h("span", { class: "soft" }, t(sides.length > 1 ? "card.sides" : "card.side"))];
  const by = h("span", {}, ...accusers.flatMap((name, index) => [index > 0 && t("tell.comma"), bdi(name)]));
  // Who tells of what they did themselves accuses nobody.
  const accused = sides.length === 1 && !sides[0].some((/** @type {string} */ name) => accusers.some((one) => bare(one).includes(bare(name))));
  return accused ? [h("span", {}, ...woven(t("card.accused"), { parties: parties(event), by }))] : [parties(event), h("span", { class: "soft" }, ...woven(t("card.named_by"), { by }))];
}

/** Parties to the conflict that alone say that an event happened, where nobody verified it. @param {Told} event @param {Told[]} claims @returns {string[]} */
function accusing(event, claims) {
  if (event.verification === "verified" || event.verification === "partly_verified") return [];
  const saying = affirming(claims);
  return saying.every((one) => one.role === "party_to_conflict") ? [...new Set(saying.map((one) => one.claimant))] : [];
}

/** @param {Told[]} claims */
function affirming(claims) {
  return claims.filter((one) => one.stance === "asserts" || one.stance === "corroborates");
}

/** A name to compare. @param {string} name */
function bare(name) {
  return name.toLowerCase().replace(/^the /, "");
}

/** @param {Told} event */
function reportedBy(event) {
  const first = t("card.first_reported", { day: day(event.first_reported) });
  return event.sources === null ? first : `${first}; ${t("card.sources", { count: event.sources })}`;
}

/** @param {Told} event */
function parties({ side_a: one, side_b: other }) {
  const names = (/** @type {string[]} */ side) => h("span", {}, ...side.flatMap((name, index) => [index > 0 && t("tell.comma"), bdi(name)]));
  if (!one.length || !other.length) return names(one.length ? one : other);
  if (one.length === 1 && other.length === 1) return h("span", {}, ...woven(t("card.and"), { one: names(one), other: names(other) }));
  return h("ul", { class: "sides" },
    h("li", {}, h("span", { class: "side" }, t("card.one_side"), " "), names(one)), h("li", {}, h("span", { class: "side" }, t("card.other_side"), " "), names(other)));
}

/** @param {Told} event @param {Told | null} area @param {string | null} point */
function howExactly(event, area, point) {
  const kind = exactness(event);
  const parts = [t(`exactness.${kind === "settlement" ? event.precision : kind}`, { radius: Math.max(1, Math.round((event.radius_m ?? 0) / 1000)) })];
  if (kind === "settlement" && event.radius_m >= 1000) parts.push(t("exactness.within", { radius: Math.round(event.radius_m / 1000) }));
  if (!area?.geometry) parts.push(t("exactness.undrawn"));
  else if (kind === "area") parts.push(t("exactness.drawn"));
  if (point && kind !== "area") parts.push(t("exactness.point", { point }));
  return parts.join(" ");
}

/** @param {Told} event @param {Awaited<ReturnType<typeof neighbours>>} told */
function saidBy(event, told) {
  const titles = new Map(told.map((one) => [one.id, one.properties.title]));
  const entries = thread(event.claims, event.documents);
  const page = (/** @type {string} */ path) => address(path, state.query(["as_of"]));
  const around = {
    titles, event: event.id, page, open: (/** @type {string} */ id) => state.set({ event: id }),
    // Who does not speak of what was asked may have said something beside it; that is told where it belongs, and no further.
    elsewhere: (/** @type {Told} */ claim) => claim.stance !== "sidesteps" ? [] : told.flatMap((other) =>
      other.claims.filter((/** @type {Told} */ one) => same(one, claim) && one.stance !== "sidesteps" && !one.events.includes(event.id))
        .map((/** @type {Told} */ one) => ({ claim: one, event: other.id }))),
  };
  if (!entries.length) return [h("p", {}, t("claims.none"))];
  const saying = affirming(event.claims);
  const onlyParties = saying.length > 0 && saying.every((one) => one.role === "party_to_conflict");
  return [onlyParties && h("p", { class: "warned" }, t("claims.only_parties")), claimsList(entries, around)];
}

/** @param {Told} event */
function assessed({ assessments }) {
  if (!assessments.length) return [];
  return [h("h4", {}, t("card.assessments")),
    h("ul", { class: "assessments" }, ...assessments.map((/** @type {Told} */ one) => h("li", {},
      h("p", {}, ...woven(t("card.assessed"), { grade: h("strong", {}, word(one.grade, "verification")), assessor: bdi(one.assessor) })),
      h("p", { class: "soft" }, day(one.assessed_on), t("tell.comma"), word(one.scheme, "scheme")),
      one.rationale && h("p", {}, bdi(one.rationale)))))];
}

/** @param {Told} event @param {Told | null} history @param {string | undefined} asOf */
function known(event, history, asOf) {
  if (!history) return [h("p", { class: "soft" }, t("history.unreadable"))];
  return [
    h("p", { class: "soft" }, t("history.explained")),
    line(history.revisions, asOf, (moment) => state.set({ as_of: moment }), called),
  ];
}

/** Related events, and figures over the same area and days. @param {Told} event @param {{as_of: string} | undefined} then @param {AbortSignal} signal */
async function beside(event, then, signal) {
  // The smallest that is a region here: an event may be filed under one that a later seed left out.
  const { admin2, admin1, country } = event.properties;
  const region = [admin2, admin1, country].find((code) => code && called(code) !== code) ?? null;
  const page = (/** @type {string} */ path) => address(path, state.query(["as_of"]));
  const titles = new Map(event.related.map((/** @type {Told} */ one) => [one.other_id, one.title]));
  const around = { titles, event: event.id, page, open: (/** @type {string} */ id) => state.set({ event: id }), elsewhere: () => [] };
  const related = event.related.map((/** @type {Told} */ one) =>
    h("li", {}, ...woven(t(`say.link.${one.kind}.${one.direction}`), { event: opener(one.other_id, around) }), one.note && h("span", { class: "soft" }, bdi(one.note))));
  const found = await figures(event, region, then, signal);
  return [related.length > 0 && section("card.related", h("ul", { class: "related" }, ...related)), found.length > 0 && section("card.figures", ...found)];
}

/**
 * The other events that a claim about this one is about too, each with what is claimed of it.
 * @param {Told} event @param {{as_of: string} | undefined} then @param {AbortSignal} signal @returns {Promise<Told[]>}
 */
function neighbours(event, then, signal) {
  const ids = new Set(event.claims.flatMap((/** @type {Told} */ one) => one.events));
  ids.delete(event.id);
  return Promise.all([...ids].slice(0, NEIGHBOURS).map((id) => get(`/events/${id}`, then, { signal }).catch(quietly))).then((all) => all.filter(Boolean));
}

/** @param {string} key @param {...import("./elements.js").Child} children */
function section(key, ...children) {
  return h("section", { "aria-labelledby": `h-${key}` }, h("h3", { id: `h-${key}` }, t(key)), ...children);
}

/** What went wrong, with a way on. @param {unknown} reason @param {() => void} again */
function trouble(reason, again) {
  const missing = reason instanceof Refused && reason.status === 404;
  const asOf = state.get().as_of;
  return h("div", { class: "trouble", role: "alert" },
    h("p", {}, missing ? (asOf ? t("card.unknown_then", { moment: moment(asOf) }) : t("card.unknown")) : t("card.failed")),
    !missing && h("p", { class: "soft" }, reason instanceof Error ? reason.message : String(reason)),
    missing && asOf
      ? h("button", { type: "button", onclick: () => state.set({ as_of: null }) }, t("card.as_now"))
      : !missing && h("button", { type: "button", onclick: again }, t("card.retry")));
}

/** A part of a card that cannot be had leaves the others standing; what is given up is given up. @param {any} reason @returns {any} */
function quietly(reason) {
  if (reason?.name === "AbortError") throw reason;
  return null;
}

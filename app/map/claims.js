/** Who says so: claims as a thread, each answer under what it answers, copies of one report as one entry. */

import * as days from "./days.js";
import { h } from "./dom.js";
import { bdi, web, woven } from "./elements.js";
import { state } from "./state.js";
import { span, word } from "./telling.js";
import { day, t } from "./words.js";

/**
 * @typedef {Record<string, any>} Claim
 * @typedef {{claim: Claim, documents: Record<string, any>[], copies: Record<string, any>[], answers: Entry[], answered: Claim | null,
 *   withdrawn: boolean}} Entry One statement: the documents that relay it, and further ones that print the report of one of these.
 */

/** Stances that say no, or do not say yes. */
const AGAINST = new Set(["denies", "disputes", "cannot_confirm", "sidesteps", "retracts"]);
/** Answers to answers are moved in no further. */
const DEEPEST = 3;

/**
 * The thread of an event's claims, in their order.
 * @param {Claim[]} claims @param {Record<string, any>[]} documents @returns {Entry[]}
 */
export function thread(claims, documents) {
  const byId = new Map(claims.map((one) => [one.id, one]));
  const papers = new Map(documents.map((one) => [one.id, one]));
  const takenBack = new Set(
    claims.filter((one) => one.stance === "retracts" && same(one, byId.get(one.responds_to))).map((one) => one.responds_to),
  );
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {Entry[]} */
  const top = [];
  for (const claim of claims) {
    const document = papers.get(claim.document_id);
    const over = entries.get(claim.responds_to);
    const twin = document && [...entries.values()].find((one) => copied(one, claim, document, over));
    if (twin) {
      if (document && !twin.documents.includes(document)) twin.documents.push(document);
      entries.set(claim.id, twin);
      continue;
    }
    /** @type {Entry} */
    const entry = {
      claim, documents: document ? [document] : [], copies: [], answers: [],
      answered: byId.get(claim.responds_to) ?? null, withdrawn: takenBack.has(claim.id),
    };
    entries.set(claim.id, entry);
    (over?.answers ?? top).push(entry);
  }
  for (const entry of new Set(entries.values())) {
    const origins = new Set(entry.documents.map((one) => one.origin_id));
    entry.copies = documents.filter((one) => origins.has(one.origin_id) && !entry.documents.includes(one));
  }
  return top;
}

/**
 * @param {Entry[]} entries
 * @param {{titles: Map<string, string>, event: string, open: (id: string) => void, elsewhere: (claim: Claim) => {claim: Claim, event: string}[],
 *   page: (path: string) => string}} around the titles of other events, which event this is, how to open another, and what the same
 *   claimant says of those
 * @returns {HTMLElement}
 */
export function list(entries, around, depth = 0) {
  return h(
    "ol", { class: depth === 0 ? "claims" : depth <= DEEPEST ? "answers" : "answers answers-flat" },
    ...entries.map((entry) => h("li", { class: "claim" }, ...told(entry, around), entry.answers.length > 0 && list(entry.answers, around, depth + 1))),
  );
}

/** @param {Entry} entry @param {Parameters<typeof list>[1]} around */
function told({ claim, documents, copies, answered, withdrawn }, around) {
  // An answer is about what it answers is about; that is said once, at the top.
  const others = answered ? [] : claim.events.filter((/** @type {string} */ id) => id !== around.event && around.titles.has(id));
  return [
    h("p", { class: "claim-who" },
      bdi(claim.claimant, { class: "claimant" }), " ",
      h("span", { class: AGAINST.has(claim.stance) ? "verb verb-against" : "verb" }, word(claim.stance, "stance")),
      answered !== null && claim.claimant !== answered.claimant && h("span", { class: "soft" }, " ", ...woven(t("claims.answers"), { claimant: bdi(answered.claimant) }))),
    h("p", { class: "claim-role soft" }, word(claim.role, "role"), claim.anonymous && `${t("tell.comma")}${t("claims.anonymous")}`),
    h("blockquote", {}, bdi(claim.speech === "direct" ? `“${claim.quote}”` : claim.quote)),
    withdrawn && h("p", { class: "warned" }, t("claims.withdrawn")),
    h("p", { class: "soft" }, ...source()),
    later(documents) && h("p", { class: "warned" }, t("claims.later")),
    copies.length > 0 && h("p", { class: "soft" }, t("claims.copies", { count: copies.length }), " ", ...joined(copies.map(paper))),
    claim.verification !== "not_stated" && h("p", { class: claim.verification === "explicitly_unverified" ? "warned" : "soft" }, word(claim.verification, "published")),
    claim.note && h("p", { class: "soft" }, t("card.note"), " ", bdi(claim.note)),
    ...around.elsewhere(claim).map(({ claim: other, event }) =>
      h("div", { class: "elsewhere" },
        h("p", { class: "soft" }, ...woven(t("claims.elsewhere"), { event: opener(event, around), verb: word(other.stance, "stance") })),
        h("blockquote", {}, bdi(other.speech === "direct" ? `“${other.quote}”` : other.quote)))),
    others.length > 0 && h("p", { class: "soft" }, t("claims.also_about"), " ", ...joined(others.map((/** @type {string} */ id) => opener(id, around)))),
  ];

  /** @param {Record<string, any>} one */
  function paper(one) {
    return h("span", {}, h("a", { href: around.page(`/collections/documents/items/${one.id}`) }, bdi(one.publisher)), `${t("tell.comma")}${day(one.published_on)}`);
  }

  /** When it was said, and where that can be read. */
  function source() {
    const told_on = span(claim.said_first, claim.said_last);
    const originals = joined(documents.map((one) => (one.url ? [paper(one), " (", web(one.url, t("claims.read")), ")"] : [paper(one)])));
    const own = documents.length === 1 && documents[0].publisher === claim.claimant;
    if (own && claim.said_first === claim.said_last && claim.said_last === documents[0].published_on) return [t("claims.own"), " ", ...originals];
    const said = claim.said_words ? t("claims.said_words", { days: told_on, words: claim.said_words }) : t("claims.said", { days: told_on });
    return documents.length ? [said, "; ", t(own ? "claims.own_later" : "claims.relayed"), " ", ...originals] : [said];
  }
}

/** Whether all documents are later than what the first clock lets us read. @param {Record<string, any>[]} documents */
function later(documents) {
  const until = days.parse(state.get().reported)?.to ?? Infinity;
  return documents.length > 0 && documents.every((one) => days.number(one.published_on) > until);
}

/** @param {string} id @param {Parameters<typeof list>[1]} around */
export function opener(id, around) {
  return h(
    "a", {
      href: around.page(`/events/${id}`),
      onclick: (/** @type {MouseEvent} */ event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        around.open(id);
      },
    }, bdi(around.titles.get(id) ?? id),
  );
}

/** Parts with commas between. @param {(import("./elements.js").Child | import("./elements.js").Child[])[]} parts */
function joined(parts) {
  return parts.flatMap((part, index) => (index ? [t("tell.comma"), part] : [part])).flat();
}

/**
 * Whether an entry already says what a claim says: of the same claimant, in the report that the claim's document copies or is copied by.
 * Two statements of one document are two, however alike.
 * @param {Entry} entry @param {Claim} claim @param {Record<string, any>} document @param {Entry | undefined} over what the claim answers
 */
function copied(entry, claim, document, over) {
  return (
    same(claim, entry.claim) && claim.stance === entry.claim.stance && (over?.answers.includes(entry) ?? entry.answered === null) &&
    entry.documents.every((one) => one.id !== document.id) && entry.documents.some((one) => one.origin_id === document.origin_id)
  );
}

/** Whether two claims are of the same claimant. @param {Claim} claim @param {Claim | undefined} other */
export function same(claim, other) {
  return other !== undefined && (claim.claimant === other.claimant || (claim.actor_id !== null && claim.actor_id === other.actor_id));
}

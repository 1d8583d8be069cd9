/** Where an event comes from, under which terms, and where to read on or say that something is wrong. */

import { address } from "./api.js";
import { h } from "./dom.js";
import { bdi, web, woven } from "./elements.js";
import { copyButton } from "./copying.js";
import { moment, word } from "./telling.js";
import { day, t } from "./words.js";

/** @typedef {Record<string, any>} Told */

/**
 * @param {Told} event @param {Told[]} datasets @param {string | undefined} asOf
 * @returns {HTMLElement[]}
 */
export function record(event, datasets, asOf) {
  const { properties } = event;
  const dataset = datasets.find((one) => one.id === properties.dataset);
  const then = asOf === undefined ? undefined : { as_of: asOf };
  const page = address(`/events/${event.id}`, then);
  const citation = cite(event, dataset, page);
  const mistakes = mistake(event, page);
  return [
    h("dl", { class: "facts record" },
      h("dt", {}, t("record.dataset")),
      h("dd", {}, dataset?.homepage ? web(dataset.homepage, bdi(dataset.title)) : bdi(dataset?.title ?? properties.dataset),
        dataset?.publisher && dataset.publisher !== dataset.title && h("span", { class: "soft" }, bdi(dataset.publisher))),
      h("dt", {}, t("record.key")), h("dd", {}, bdi(properties.source_key, { class: "code" }),
        properties.source_type && h("span", { class: "soft" }, ...woven(t("record.source_type"), { type: bdi(properties.source_type) }))),
      dataset?.licence && h("dt", {}, t("record.licence")), dataset?.licence && h("dd", {}, web(dataset.licence_url, dataset.licence)),
      event.documents.length > 0 && h("dt", {}, t("record.documents")),
      event.documents.length > 0 && h("dd", {}, h("ul", {}, ...papers(event.documents))),
      h("dt", {}, t("record.citation")), h("dd", {}, bdi(citation), copyButton(() => citation, t("record.copy_citation"))),
      h("dt", {}, t("record.revision")), h("dd", {}, t("record.revision_since", { revision: properties.revision, moment: moment(properties.updated) }))),
    h("ul", { class: "links" },
      ...[
        ["record.json", address(`/events/${event.id}`, { ...then, f: "geojson" })],
        ["record.page", address(`/events/${event.id}`, { ...then, f: "html" })],
        ["record.claims", address(`/events/${event.id}/claims`, then)],
        ["record.history", address(`/events/${event.id}/history`)],
      ].map(([key, href]) => h("li", {}, h("a", { href }, t(key)))),
      mistakes && h("li", {}, h("a", { href: mistakes, rel: "noreferrer" }, t("record.mistake")))),
  ];
}

/** Originals with the copies of their report under them. @param {Told[]} documents */
function papers(documents) {
  const originals = documents.filter((one) => one.origin_id === one.id || !documents.some((other) => other.id === one.origin_id));
  return originals.map((one) => {
    const copies = documents.filter((other) => other !== one && other.origin_id === one.origin_id);
    return h("li", {}, ...paper(one), copies.length > 0 && h("span", { class: "soft" }, t("claims.copies", { count: copies.length }), " ",
      ...copies.flatMap((copy, index) => [index > 0 && t("tell.comma"), bdi(copy.publisher)])));
  });
}

/** @param {Told} document */
function paper(document) {
  return [
    bdi(document.publisher), ": ", h("a", { href: address(`/collections/documents/items/${document.id}`) }, bdi(document.title ?? t("record.untitled"))),
    t("tell.comma"), day(document.published_on),
    document.url && h("span", { class: "soft" }, web(document.url, t("record.original"))),
    document.archive_url && h("span", { class: "soft" }, web(document.archive_url, t("record.archived"))),
  ];
}

/** @param {Told} event @param {Told | undefined} dataset @param {string} page */
function cite({ properties }, dataset, page) {
  return t("record.cited", {
    title: properties.title, source: dataset?.citation?.replace(/\.$/, "") ?? properties.dataset, revision: properties.revision,
    moment: moment(properties.updated), page,
  });
}

/**
 * Where mistakes are reported, as the operator set it: a page, in whose address `{event}` stands for the id, or a mail with the event in it.
 * @param {Told} event @param {string} page
 */
function mistake(event, page) {
  const set = document.querySelector('meta[name="sitrep-mistakes"]')?.getAttribute("content");
  if (!set) return null;
  const where = set.replaceAll("{event}", encodeURIComponent(event.id));
  if (/^https?:/i.test(where)) return where;
  if (!/^mailto:/i.test(where)) return null;
  const subject = t("record.mistake_subject", { title: event.properties.title });
  const body = t("record.mistake_body", { page, revision: event.properties.revision });
  return `${where}${where.includes("?") ? "&" : "?"}subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

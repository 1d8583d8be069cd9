/** Texts of the data in elements of ours: never read as markup, each in the direction of its own script. */

import { h } from "./dom.js";

/** @typedef {Node | string | null | undefined | false} Child What is null, undefined or false is left out. */

/** A text of the data, whose direction is its own. @param {string | number | null | undefined} text @param {Record<string, any>} [attributes] */
export function bdi(text, attributes) {
  return h("bdi", attributes, String(text ?? ""));
}

/**
 * A sentence of ours with elements in the place of some of its `{names}`.
 * @param {string} sentence @param {Record<string, Child>} parts @returns {Child[]}
 */
export function woven(sentence, parts) {
  return sentence.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    return name !== undefined && name in parts ? parts[name] : piece;
  });
}

/** A link to an address of the web; any other is shown as text. @param {string | null | undefined} href @param {...Child} children */
export function web(href, ...children) {
  return /^https?:\/\//i.test(href ?? "")
    ? h("a", { href, rel: "noreferrer external", target: "_blank" }, ...children)
    : h("span", {}, ...children);
}

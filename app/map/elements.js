/**
 * Elements, made of data without ever reading it as markup.
 * @typedef {Node | string | number | null | undefined | false} Child What is null, undefined or false is left out.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [attributes] null, undefined and false leave one out; `on` holds listeners by the name of their event
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An element of SVG.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(/** @type {SVGElement} */ (document.createElementNS(SVG, tag)), attributes, children);
}

/** A text of the data, whose direction is its own. @param {string | number | null | undefined} text @param {Record<string, any>} [attributes] */
export function bdi(text, attributes) {
  return el("bdi", attributes, text ?? "");
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
    ? el("a", { href, rel: "noreferrer external", target: "_blank" }, ...children)
    : el("span", {}, ...children);
}

/**
 * @template {Element} T
 * @param {T} element @param {Record<string, any>} attributes @param {(Child | Child[])[]} children @returns {T}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, /** @type {any} */ (listener));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

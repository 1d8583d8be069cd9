/** Copying a text, and saying that it was done. */

import { h } from "./dom.js";
import { t } from "./words.js";

const SHOWN_MS = 2000;

/**
 * A button that copies what it is given at the click, and says so, or that it could not.
 * @param {() => string} text @param {string} label @param {Record<string, any>} [attributes]
 */
export function copyButton(text, label, attributes = {}) {
  const said = h("span", { class: "copied", role: "status" });
  const button = h("button", { type: "button", class: "quiet", ...attributes, onclick: async () => {
    const done = await copy(text());
    said.textContent = t(done ? "copy.done" : "copy.failed");
    setTimeout(() => { said.textContent = ""; }, SHOWN_MS);
  } }, label);
  return h("span", { class: "copying" }, button, said);
}

/** Copies a text; false where the browser does not let us. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

/** Where there is no clipboard, as on a page without TLS: by way of a selection. @param {string} text */
function copiedByHand(text) {
  const field = h("textarea", { class: "hidden", readonly: true, "aria-hidden": "true" });
  field.value = text;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  (before?.closest("dialog") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus();
  return done;
}

/** The search box in the top bar. */

/** @param {HTMLElement} element */
export function mount(element) {
  element.replaceChildren();
}

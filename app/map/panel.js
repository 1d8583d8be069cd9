/** The right panel: the list of events, and the card of the open one. */

/** @param {HTMLElement} element */
export function mount(element) {
  element.replaceChildren();
}

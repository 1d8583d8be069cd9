/** Sharing a view: its address, and the same question in other forms. */

/** @param {HTMLElement} button */
export function mount(button) {
  button.hidden = true;
}

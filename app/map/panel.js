/** The right panel: the list of events, and the card of the open one. */

import "./words-panel.js";
import { show } from "./card.js";
import { h } from "./dom.js";
import { make } from "./list.js";
import { highlight, onMoved } from "./map.js";
import { differs, state } from "./state.js";

/** Time in which further moves and changes are waited for before the list asks anew. */
const SETTLED_MS = 150;

/** @param {HTMLElement} element */
export function mount(element) {
  const listed = h("div", { class: "list" });
  const card = h("div", { class: "card", hidden: true });
  element.classList.add("panel-events");
  element.replaceChildren(listed, card);

  let asking = new AbortController();
  let showing = new AbortController();
  let stale = true;
  let waiting = 0;
  /** Where the list was, and which event one came from. */
  let scrolled = 0;
  /** Not at the opening of the page: whoever opens it begins at its top. */
  let settled = false;

  const list = make(listed, {
    open: (id) => state.set({ event: id }),
    signal: () => {
      asking.abort();
      asking = new AbortController();
      return asking.signal;
    },
  });

  const refresh = () => {
    stale = true;
    clearTimeout(waiting);
    if (state.get().event) return;
    waiting = setTimeout(() => {
      stale = false;
      list.ask();
    }, SETTLED_MS);
  };

  const turn = (/** @type {string | undefined} */ id, /** @type {string | undefined} */ before) => {
    showing.abort();
    showing = new AbortController();
    const scroller = element;
    if (id) {
      if (!before) scrolled = scroller.scrollTop;
      listed.hidden = true;
      card.hidden = false;
      if (id !== before) scroller.scrollTop = 0;
      show(card, id, { back: () => state.set({ event: null }), signal: showing.signal, focus: settled });
      return;
    }
    card.hidden = true;
    card.replaceChildren();
    listed.hidden = false;
    highlight(null);
    scroller.scrollTop = scrolled;
    if (before) list.focus(before);
    if (stale) refresh();
  };

  card.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Escape" && !pressed.defaultPrevented) state.set({ event: null });
  });
  state.on((now, before) => {
    if (now.event !== before.event || (now.event && now.as_of !== before.as_of)) turn(now.event, before.event);
    if (differs(now, before)) refresh();
  });
  onMoved(refresh);

  if (state.get().event) turn(state.get().event, undefined);
  else {
    stale = false;
    list.ask();
  }
  settled = true;
}

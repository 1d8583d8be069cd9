/** Light or dark: as the address says, or else as the reader's system has it. */
import { state } from "./state.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
/** @type {Set<() => void>} */
const listeners = new Set();
let now = read();

export const theme = {
  get: () => now,
  /** @param {() => void} listener */
  on(listener) {
    listeners.add(listener);
  },
  toggle() {
    const other = now === "dark" ? "light" : "dark";
    // What the system would give anyway need not stand in the address.
    state.set({ theme: other === (dark.matches ? "dark" : "light") ? null : other }, { replace: true });
  },
};

/** @returns {"light" | "dark"} */
function read() {
  const { theme: asked } = state.get();
  return asked === "dark" || asked === "light" ? asked : dark.matches ? "dark" : "light";
}

function renew() {
  const next = read();
  if (next === now) return;
  now = next;
  wear();
  listeners.forEach((listener) => listener());
}

function wear() {
  document.documentElement.dataset.theme = now;
}

wear();
state.on(renew);
dark.addEventListener("change", renew);

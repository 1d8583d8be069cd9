/** Whose base map is drawn: the operator's, or our own where there is none or it cannot be reached. */

const wanted = document.documentElement.dataset.basemap;
let lost = false;
/** @type {Set<() => void>} */
const listeners = new Set();

export const base = {
  /** The address of the operator's, as long as it can be had. */
  address: () => (lost ? undefined : wanted),
  lost: () => lost,
  /** Whose it is, if the operator says so. */
  credits: () => document.documentElement.dataset.credits,

  /** The operator's cannot be had. @returns {boolean} whether that is news */
  lose() {
    if (lost || !wanted) return false;
    lost = true;
    listeners.forEach((listener) => listener());
    return true;
  },

  /** Call when it is lost. @param {() => void} listener */
  on(listener) {
    listeners.add(listener);
  },
};

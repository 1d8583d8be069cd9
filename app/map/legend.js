/** Signs beside words, and what they mean. */
import * as symbols from "./symbols.js";
import { h } from "./dom.js";
import { CIRCLES, SIZES } from "./layers.js";
import { theme } from "./theme.js";
import { number, t } from "./words.js";

/** A sign that is drawn anew when the theme changes. @param {(look: "light" | "dark") => Element} make */
export function symbol(make) {
  const place = h("span", { class: "place" });
  painters.push((look) => place.replaceChildren(make(look)));
  return place;
}

/** @type {((look: "light" | "dark") => void)[]} */
const painters = [];
/** Draw all signs anew. */
export function paint() {
  for (const painter of painters) painter(theme.get());
}

/** Sizes of marks by deaths. */
export function scale() {
  const row = h("div", { class: "scale", role: "img", "aria-label": t("asked.scale") });
  for (const [deaths, size] of [...SIZES.filter(([value]) => [1, 10, 50, 200].includes(value))]) {
    row.append(h("span", {}, symbol((look) => symbols.legend({ group: "battle", verification: "verified" }, look, Math.round(28 * size))), number(deaths)));
  }
  row.prepend(h("span", {}, symbol((look) => symbols.legend({ group: "battle", verification: "verified", unknown: true }, look, Math.round(28 * SIZES[0][1]))), t("asked.unknown")));
  return row;
}

/** What the other marks mean. */
export function legend() {
  const row = (/** @type {(look: "light" | "dark") => Element} */ make, /** @type {string} */ key) => h("li", {}, symbol(make), h("span", {}, t(key)));
  return h(
    "ul",
    { class: "legend" },
    row((look) => symbols.legendHatch(1, look), "legend.area"),
    row((look) => symbols.legend({ group: "battle", near: true }, look, 24), "legend.ring"),
    row((look) => symbols.legendRing(24, look), "legend.cell"),
    row((look) => symbols.legend({ group: "battle", unknown: true }, look), "legend.unknown"),
    row((look) => symbols.legend({ group: "battle", contested: true }, look), "legend.contested"),
    h(
      "li",
      { class: "circles" },
      h("span", { class: "scale", role: "img", "aria-label": t("legend.circles") }, ...CIRCLES.slice(0, 4).map(([events, size]) => h("span", {}, symbol((look) => symbols.legendRing(size, look)), number(events)))),
    ),
  );
}

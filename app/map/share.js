/** Sharing a view: its address, and the same question in other forms, each shown before it is copied. */

import "./words-panel.js";
import { ROOT, get } from "./api.js";
import * as forms from "./copies.js";
import { copyButton } from "./copying.js";
import { h } from "./dom.js";
import { question } from "./list.js";
import { engine } from "./map.js";
import { picture } from "./picture.js";
import { round, wrap } from "./shapes.js";
import { state } from "./state.js";
import { theme } from "./theme.js";
import { t } from "./words.js";

const PREVIEW = 3;
const PLACES = ["region", "bbox", "intersects", "near"];

/**
 * @typedef {forms.Asked} Asked
 * @typedef {object} Form
 * @property {string} name
 * @property {(asked: Asked) => string} [text] what is copied
 * @property {string} [suffix] of a file of all events, whose beginning is shown
 */

/** @type {Form[]} */
const FORMS = [
  { name: "link", text: () => location.href },
  { name: "api", text: forms.api },
  { name: "curl", text: forms.curl },
  { name: "python", text: forms.python },
  { name: "maplibre", text: (asked) => forms.maplibre(asked, view()) },
  { name: "csv", suffix: "csv", text: (asked) => forms.file(asked, "csv") },
  { name: "geojson", suffix: "geojson", text: (asked) => forms.file(asked, "geojson") },
  { name: "png" },
];

/** @param {HTMLElement} button */
export function mount(button) {
  button.textContent ||= t("share.button");
  button.setAttribute("aria-haspopup", "dialog");
  button.hidden = false;
  button.addEventListener("click", () => {
    const opened = dialog();
    document.body.append(opened);
    opened.addEventListener("close", () => {
      opened.remove();
      button.focus();
    });
    opened.showModal();
  });
}

function dialog() {
  const seen = h("input", { type: "checkbox", id: "share-seen" });
  // Who asks for a place means that place; who does not, means what is seen.
  seen.checked = !PLACES.some((name) => state.get()[name] !== undefined);
  const shown = h("div", { class: "share-shown", role: "tabpanel", tabindex: "0" });
  const tabs = FORMS.map((form, place) => h("button", {
    type: "button", role: "tab", id: `share-${form.name}`, "aria-controls": "share-shown", "aria-selected": "false", tabindex: "-1", autofocus: place === 0, onclick: () => choose(place),
  }, t(`share.${form.name}`)));
  shown.id = "share-shown";
  const made = h("dialog", { class: "share", "aria-labelledby": "share-title" },
    h("div", { class: "share-head" },
      h("h2", { id: "share-title" }, t("share.title")),
      h("button", { type: "button", class: "quiet", "aria-label": t("share.close"), onclick: () => made.close() }, "×")),
    h("p", { class: "share-option" }, seen, h("label", { for: "share-seen" }, t("share.seen"))),
    h("div", { class: "share-body" }, h("div", { class: "share-tabs", role: "tablist", "aria-orientation": "vertical", "aria-label": t("share.title") }, ...tabs), shown));
  let chosen = 0;
  let asking = new AbortController();

  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  made.addEventListener("close", () => asking.abort());
  seen.addEventListener("change", () => choose(chosen));
  made.addEventListener("keydown", (event) => {
    if (!tabs.includes(/** @type {any} */ (document.activeElement))) return;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const to = { Home: 0, End: tabs.length - 1 }[event.key] ?? (step === undefined ? null : (chosen + step + tabs.length) % tabs.length);
    if (to === null) return;
    event.preventDefault();
    choose(to);
    tabs[to].focus();
  });
  choose(0);
  return made;

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    asking.abort();
    asking = new AbortController();
    tabs.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === place));
      tab.tabIndex = index === place ? 0 : -1;
    });
    const form = FORMS[place];
    shown.setAttribute("aria-labelledby", `share-${form.name}`);
    seen.disabled = form.name === "link" || form.name === "png";
    const asked = { root: ROOT, query: seen.checked ? question() : state.query() };
    const text = form.text?.(asked);
    shown.replaceChildren(
      h("p", { class: "soft" }, t(`share.${form.name}.told`)),
      ...(text === undefined ? [] : [h("pre", { class: text.includes("\n") ? "share-text share-rows" : "share-text", tabindex: "0" }, h("code", {}, text))]),
      h("p", { class: "share-actions" },
        text !== undefined && copyButton(() => text, t(form.suffix ? "share.copy_address" : "share.copy"), { class: "primary" }),
        form.suffix && h("a", { class: "button", href: text, download: `sitrep-events.${form.suffix}` }, t("share.download")),
        (form.name === "link" || form.name === "api") && h("a", { href: text, target: "_blank" }, t("share.try"))));
    if (form.name === "api" || form.name === "curl") measure(asked, asking.signal);
    if (form.suffix) preview(asked, form.suffix, asking.signal);
    if (form.name === "png") draw(asking.signal);
  }

  /** That one page is not all, where it is not. @param {Asked} asked @param {AbortSignal} signal */
  async function measure({ query }, signal) {
    const found = await get("/counts", new URLSearchParams([...query, ["by", "dataset"]]), { signal }).catch(() => null);
    if (signal.aborted || !found || found.total.events <= forms.PAGE) return;
    shown.append(h("p", { class: "soft share-part", role: "status" }, t("share.first", { page: forms.PAGE, count: found.total.events })));
  }

  /** The first rows of a file. @param {Asked} asked @param {string} format @param {AbortSignal} signal */
  async function preview({ root, query }, format, signal) {
    const answer = await fetch(forms.at(root, "/events", new URLSearchParams([...query, ["limit", String(PREVIEW)], ["f", format]])), { signal }).catch(() => null);
    if (signal.aborted || !answer) return;
    const text = await answer.text();
    if (signal.aborted) return;
    shown.append(h("p", { class: "soft" }, t("share.begins")), h("pre", { class: "share-text share-rows", tabindex: "0" }, h("code", {}, brief(text, format))));
  }

  /** The map as a picture. @param {AbortSignal} signal */
  async function draw(signal) {
    const credits = await cited(signal);
    if (signal.aborted) return;
    const canvas = credits && await picture(credits);
    const blob = canvas && /** @type {Blob | null} */ (await new Promise((ready) => canvas.toBlob(ready, "image/png")));
    if (signal.aborted) return;
    if (!blob) return shown.append(h("p", { role: "alert" }, t("share.png.failed")));
    const address = URL.createObjectURL(blob);
    made.addEventListener("close", () => URL.revokeObjectURL(address), { once: true });
    const said = h("span", { class: "copied", role: "status" });
    shown.append(
      h("img", { class: "share-picture", src: address, alt: t("share.png.alt"), width: canvas.width, height: canvas.height }),
      h("p", { class: "share-actions" },
        h("a", { class: "button primary", href: address, download: "sitrep-map.png" }, t("share.png.save")),
        "ClipboardItem" in window && h("button", { type: "button", onclick: async () => {
          const done = await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]).then(() => true, () => false);
          said.textContent = t(done ? "copy.done" : "copy.failed");
        } }, t("share.png.copy")), said));
  }
}

/** Where the map is and how it looks. */
function view() {
  const { lng, lat } = engine().getCenter();
  return { center: [round(wrap(lng), 3), round(lat, 3)], zoom: round(engine().getZoom(), 1), theme: theme.get() };
}

/** Whose data are seen, as they want to be named, and what is asked. @param {AbortSignal} signal */
async function cited(signal) {
  const counts = new URLSearchParams([...question(), ["by", "dataset"]]);
  const [all, seen] = await Promise.all([
    get("/datasets", undefined, { signal }).catch(() => null),
    get("/counts", counts, { signal }).catch(() => null),
  ]);
  if (!all) return null;
  const ids = seen && new Set(seen.counts.filter((/** @type {any} */ one) => one.events > 0).map((/** @type {any} */ one) => one.dataset));
  const named = all.datasets.filter((/** @type {any} */ one) => !ids || ids.has(one.id));
  return [
    ...named.map((/** @type {any} */ one) => [one.citation ?? one.title, one.licence].filter(Boolean).join(" · ")),
    location.href,
  ];
}

/** @param {string} text @param {string} format */
function brief(text, format) {
  if (format !== "geojson") return text;
  // The links of a page are no part of the file.
  const page = JSON.parse(text);
  return page.features.length ? JSON.stringify({ type: page.type, features: page.features.slice(0, 1) }, null, 1) : text;
}

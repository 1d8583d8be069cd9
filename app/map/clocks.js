/** The drawer of the strip of time: days that are typed, and the two clocks. */
import * as days from "./days.js";
import { h, icon } from "./dom.js";
import { state } from "./state.js";
import { asOf } from "./telling.js";
import { day, t } from "./words.js";

/** Fields for days, and the two clocks with what each means. @param {Record<string, any>} part of the strip @param {() => void} typed when a day was typed */
export function drawer(part, typed) {
  part.since = h("input", { type: "date", onchange: typed });
  part.until = h("input", { type: "date", onchange: typed });
  part.reportedDay = h("input", { type: "date", onchange: () => state.set({ reported: part.reportedDay.value && `../${part.reportedDay.value}` }) });
  part.asOfDay = h("input", { type: "date", max: new Date().toISOString().slice(0, 10), onchange: () => state.set({ as_of: part.asOfDay.value && endOf(part.asOfDay.value) }) });
  const clock = (/** @type {string} */ name, /** @type {HTMLElement} */ input) =>
    h(
      "fieldset",
      {},
      h("legend", {}, t(`clock.${name}`)),
      h("label", {}, h("span", { class: "hidden" }, t("clock.day")), input),
      h("button", { type: "button", class: "quiet", onclick: () => state.set({ [name]: null }), "data-clock": name }, t("clock.now")),
      h("p", { class: "soft" }, t(`clock.${name}.means`)),
    );
  return h(
    "div",
    { id: "clocks", class: "drawer", hidden: true, onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && open(part) },
    h("fieldset", {}, h("legend", {}, t("time.days")), h("label", {}, t("time.first"), part.since), h("label", {}, t("time.last"), part.until), h("p", { class: "soft" }, t("time.means"))),
    clock("reported", part.reportedDay),
    clock("as_of", part.asOfDay),
  );
}

/** The last moment of a day, or now if it is today. @param {string} day */
function endOf(day) {
  const end = `${day}T23:59:59Z`;
  return Date.parse(end) > Date.now() ? new Date().toISOString().replace(/\.\d+/, "") : end;
}

/** Open the drawer at one of its clocks, or close it. @param {Record<string, any>} part @param {"reported" | "as_of"} [clock] */
export function open(part, clock) {
  const shut = part.drawer.hidden;
  part.drawer.hidden = !(shut || clock);
  part.days.setAttribute("aria-expanded", String(!part.drawer.hidden));
  for (const name of ["reported", "as_of"]) part[name].setAttribute("aria-expanded", String(!part.drawer.hidden));
  if (part.drawer.hidden) part.days.focus();
  else (clock === "reported" ? part.reportedDay : clock === "as_of" ? part.asOfDay : part.since).focus();
}

/** Say what the clocks are set to. @param {Record<string, any>} part */
export function sayClocks(part) {
  const { reported, as_of } = state.get();
  const known = days.parse(reported);
  const until = known && Number.isFinite(known.to) ? days.iso(known.to) : "";
  part.reportedDay.value = until;
  part.asOfDay.value = as_of?.slice(0, 10) ?? "";
  part.reported.replaceChildren(icon("clock"), h("span", {}, until ? t("clock.reported.short", { day: day(until) }) : t("clock.reported.now")));
  part.as_of.replaceChildren(icon("clock"), h("span", {}, as_of ? t("clock.as_of.short", { day: asOf(as_of) }) : t("clock.as_of.now")));
  // On small screens only the sign is shown.
  for (const name of ["reported", "as_of"]) part[name].setAttribute("aria-label", part[name].textContent);
  part.reported.classList.toggle("set", Boolean(reported));
  part.as_of.classList.toggle("set", Boolean(as_of));
  for (const button of part.drawer.querySelectorAll("[data-clock]")) button.hidden = !state.get()[button.getAttribute("data-clock")];
}

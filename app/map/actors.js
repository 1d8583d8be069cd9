/** The field for who took part. */
import { get } from "./api.js";
import { h, quiet, say } from "./dom.js";
import { state } from "./state.js";
import { t } from "./words.js";

/** Actors by any of their names. */
export function actor() {
  const found = h("ul", { class: "found", hidden: true });
  const input = h("input", { type: "search", "aria-label": t("asked.actor"), placeholder: t("asked.actor.hint"), autocomplete: "off" });
  const look = quiet(async () => {
    const text = input.value.trim();
    found.hidden = !text;
    if (!text) return;
    try {
      const { actors } = await get("/actors", { q: text, limit: 8 });
      found.replaceChildren(
        ...actors.map((/** @type {any} */ one) =>
          h("li", {}, h("button", { type: "button", onclick: () => take(one.name) }, one.name, one.aliases?.length ? h("small", {}, one.aliases.slice(0, 3).join(" · ")) : null)),
        ),
      );
      if (!actors.length) found.replaceChildren(h("li", { class: "soft" }, t("asked.actor.none")));
      say(t("asked.actor.found", { count: actors.length }));
    } catch {
      found.hidden = true;
    }
  }, 200);
  const take = (/** @type {string} */ name) => {
    const names = (state.get().actor ?? "").split("\n").filter(Boolean);
    state.set({ actor: [...new Set([...names, name])].join("\n") });
    input.value = "";
    found.hidden = true;
    input.focus();
  };
  input.addEventListener("input", look);
  return h("div", {}, input, found);
}

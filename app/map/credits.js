/** Whose data are on show: always to be seen. */
import { get } from "./api.js";
import { base } from "./base.js";
import { h } from "./dom.js";
import { t } from "./words.js";

/** @param {HTMLElement} element where the line goes, at its end */
export async function mount(element) {
  const line = h("p", { class: "credits" });
  element.append(line);
  /** @type {(Node | string)[]} */
  const said = [];
  try {
    const { datasets } = await get("/datasets");
    for (const one of datasets) {
      if (said.length) said.push(" · ");
      said.push(web(one.homepage) ? h("a", { href: one.homepage, rel: "noopener", title: one.citation ?? "" }, one.title) : h("span", { title: one.citation ?? "" }, one.title));
      said.push(" (", web(one.licence_url) ? h("a", { href: one.licence_url, rel: "license noopener" }, one.licence) : String(one.licence ?? "?"), ")");
    }
  } catch {
    said.push(t("credits.trouble"));
  }
  const write = () => line.replaceChildren(`${t("credits.data")} `, ...said, ` · ${told()}`, base.lost() ? ` · ${t("credits.lost")}` : "");
  base.on(write);
  write();
}

/** @param {string | null} address */
function web(address) {
  return /^https?:\/\//i.test(address ?? "");
}

/** Whose the ground is that events stand on. */
function told() {
  if (!base.address()) return t("credits.base");
  return `${t("credits.regions")} · ${t("credits.foreign", { whose: base.credits() ?? t("credits.publisher") })}`;
}

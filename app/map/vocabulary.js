/** The words of events and how they are drawn. */

/** Groups of types, in the order of the legend. Colours are Okabe and Ito's, which colour-blind readers tell apart. */
export const GROUPS = {
  battle: { colour: "#d55e00", types: ["battle"] },
  bombing: { colour: "#e69f00", types: ["air_strike", "shelling", "explosion"] },
  civilians: { colour: "#cc79a7", types: ["attack_on_civilians"] },
  territory: { colour: "#0072b2", types: ["territorial_change"] },
  protest: { colour: "#009e73", types: ["protest", "riot"] },
  other: {
    colour: "#999999",
    types: ["abduction", "sexual_violence", "agreement", "arrest", "strategic_development", "unspecified_violence", "other"],
  },
};

/** @typedef {keyof typeof GROUPS} Group */

export const GROUP_NAMES = /** @type {Group[]} */ (Object.keys(GROUPS));

/** @param {string} type @returns {Group} */
export function groupOf(type) {
  return GROUP_NAMES.find((name) => GROUPS[name].types.includes(type)) ?? "other";
}

export const VERIFICATION = ["verified", "partly_verified", "unverified", "disputed", "refuted", "not_verifiable"];
export const PRECISION = ["exact", "vicinity", "settlement", "near_settlement", "admin3", "admin2", "admin1", "fuzzy_region", "country", "sea_air", "unknown"];
export const MATCH = ["point", "possible", "definite"];

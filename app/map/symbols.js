/**
 * The signs of events, drawn once for the map and once for the legend, so that both are the same.
 * Shape and hue say the group, fill says verification, a second outline contested, a question mark that deaths are not known.
 */
import { GROUPS, GROUP_NAMES } from "./vocabulary.js";

/** In a square from -12 to 12. @type {Record<import("./vocabulary.js").Group, string>} */
export const SHAPES = {
  battle: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z",
  bombing: "M0 -9L9 6.6H-9z",
  civilians: "M0 -10L8.6 0L0 10L-8.6 0z",
  territory: "M-6.5 10V-9.5L8.5 -4.6L-3.6 0.8V10z",
  protest: "M-7 -7H7V7H-7z",
  other: "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z",
};

/** @typedef {"light" | "dark"} Theme */

export const COLOURS = {
  light: { sea: "#dfe7ec", land: "#f5f3ef", paper: "#ffffff", ink: "#1c1f24", soft: "#555a62", line: "#c9c4ba", border: "#a9a498", inner: "#d0cbc1", mark: "#00598c", halo: "#ffffff" },
  dark: { sea: "#15181c", land: "#1c1f24", paper: "#23272d", ink: "#e8e6e1", soft: "#a9adb4", line: "#454b54", border: "#565d68", inner: "#343941", mark: "#74bdf0", halo: "#121417" },
};

/**
 * @typedef {object} Sign
 * @property {import("./vocabulary.js").Group} group
 * @property {string} [verification] none where nobody assessed it
 * @property {boolean} [contested]
 * @property {boolean} [unknown] deaths are not known
 * @property {boolean} [near] near a settlement, and not in it
 */

/**
 * Draw a sign round the middle of a context, in units of a 28 pixel square.
 * @param {CanvasRenderingContext2D} context @param {Sign} sign @param {Theme} theme
 */
export function draw(context, { group, verification = "none", contested = false, unknown = false, near = false }, theme) {
  const colours = COLOURS[theme];
  const { colour } = GROUPS[group];
  const shape = new Path2D(SHAPES[group]);
  context.lineJoin = "round";
  // A halo keeps it apart from land, hatching and its neighbours.
  context.strokeStyle = colours.halo;
  context.lineWidth = contested ? 8 : 4.5;
  context.stroke(shape);
  if (contested) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 6;
    context.stroke(shape);
    context.strokeStyle = colours.halo;
    context.lineWidth = 3.6;
    context.stroke(shape);
  }
  context.fillStyle = colours.paper;
  context.fill(shape);
  context.save();
  context.clip(shape);
  context.fillStyle = colour;
  if (verification === "verified") context.fillRect(-12, -12, 24, 24);
  else if (verification === "partly_verified") context.fillRect(-12, 0, 24, 12);
  else if (verification === "disputed") {
    context.fillRect(-12, -12, 12, 24);
    context.globalAlpha = 0.35;
    context.fillRect(0, -12, 12, 24);
  } else if (verification === "none") {
    context.globalAlpha = 0.6;
    context.fillRect(-12, -12, 24, 24);
  } else if (verification === "not_verifiable") {
    context.beginPath();
    context.arc(0, group === "bombing" ? 1.5 : 0, 2.4, 0, 7);
    context.fill();
  } else if (verification === "refuted") {
    context.strokeStyle = colour;
    context.lineWidth = 2.4;
    context.stroke(new Path2D("M-10 10L10 -10"));
  }
  context.restore();
  context.strokeStyle = colour;
  context.lineWidth = 2.2;
  context.stroke(shape);
  if (near) {
    context.beginPath();
    context.arc(0, 0, 12.4, 0, 2 * Math.PI);
    context.setLineDash([3, 2.55]);
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.3;
    context.stroke();
    context.setLineDash([]);
  }
  if (unknown) {
    context.font = "700 9px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.strokeStyle = colours.halo;
    context.lineWidth = 3;
    context.strokeText("?", 10, -8.5);
    context.fillStyle = colours.ink;
    context.fillText("?", 10, -8.5);
  }
}

/**
 * A circle whose ring is split by group, for several events at once. Its size is that of the number.
 * @param {CanvasRenderingContext2D} context @param {number[]} shares one of each group @param {Theme} theme @param {boolean} stacked
 */
export function drawRing(context, shares, theme, stacked) {
  const colours = COLOURS[theme];
  const sum = shares.reduce((total, share) => total + share, 0) || 1;
  context.beginPath();
  context.arc(0, 0, 12.6, 0, 2 * Math.PI);
  context.fillStyle = colours.halo;
  context.fill();
  let angle = -Math.PI / 2;
  shares.forEach((share, place) => {
    if (!share) return;
    const end = angle + (2 * Math.PI * share) / sum;
    context.beginPath();
    context.moveTo(0, 0);
    context.arc(0, 0, 12, angle, end);
    context.closePath();
    context.fillStyle = GROUPS[GROUP_NAMES[place]].colour;
    context.fill();
    angle = end;
  });
  context.beginPath();
  context.arc(0, 0, 9.8, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  if (stacked) {
    context.beginPath();
    context.arc(0, 0, 8.2, 0, 2 * Math.PI);
    context.strokeStyle = colours.soft;
    context.lineWidth = 0.8;
    context.stroke();
  }
}

/** Slanting lines for a place that is not known more exactly. @param {CanvasRenderingContext2D} context @param {number} size @param {Theme} theme @param {number} level */
export function drawHatch(context, size, theme, level) {
  context.strokeStyle = COLOURS[theme].mark;
  // A whole country is hatched so lightly that what lies in it can be read.
  context.globalAlpha = level === 0 ? 0.2 : 0.36;
  context.lineWidth = 1.1;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift - 1, size + 1);
    context.lineTo(shift + size + 1, -1);
    context.stroke();
  }
}

/**
 * A canvas of a size in CSS pixels, drawn by units of `unit`, for high-density screens.
 * @param {number} size @param {number} ratio @param {(context: CanvasRenderingContext2D) => void} paint @param {number} [unit] pixels that `size` has in the drawing; with it the origin is the middle
 */
export function canvas(size, ratio, paint, unit) {
  const element = document.createElement("canvas");
  element.width = element.height = Math.round(size * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (element.getContext("2d", { willReadFrequently: true }));
  context.scale(element.width / (unit ?? size), element.height / (unit ?? size));
  if (unit) context.translate(unit / 2, unit / 2);
  paint(context);
  return { element, context };
}

/** A sign for the legend. @param {Sign} sign @param {Theme} theme @param {number} [size] */
export function legend(sign, theme, size = 20) {
  return still(canvas(size, 3, (context) => draw(context, sign, theme), 28).element, size);
}

/** @param {number} level @param {Theme} theme */
export function legendHatch(level, theme) {
  return still(
    canvas(20, 3, (context) => {
      const pattern = canvas(7, 3, (inner) => drawHatch(inner, 7, theme, level)).element;
      const fill = /** @type {CanvasPattern} */ (context.createPattern(pattern, "repeat"));
      fill.setTransform(new DOMMatrix().scale(1 / 3));
      context.fillStyle = fill;
      context.fillRect(1, 3, 18, 14);
      context.strokeStyle = COLOURS[theme].mark;
      context.strokeRect(1.5, 3.5, 17, 13);
    }).element,
    20,
  );
}

/** @param {number} diameter @param {Theme} theme */
export function legendRing(diameter, theme) {
  return still(canvas(diameter, 3, (context) => drawRing(context, [3, 2, 1, 0, 0, 2], theme, false), 26).element, diameter);
}

/** @param {HTMLCanvasElement} element @param {number} size */
function still(element, size) {
  element.style.width = element.style.height = `${size}px`;
  element.setAttribute("aria-hidden", "true");
  element.className = "symbol";
  return element;
}

/** The map as a picture, with the credits of its data under it. */

import { engine } from "./map.js";
import { dir, t } from "./words.js";

const PAD = 10;
const LINE = 15;

/**
 * The map as it is seen, and under it the title and the credits; nothing where it cannot be drawn.
 * @param {string[]} credits one line or more each
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export async function picture(credits) {
  const drawn = engine()?.getCanvas();
  if (!drawn) return null;
  const ratio = drawn.width / (drawn.clientWidth || drawn.width);
  // Between the panels, as it is seen.
  const { left = 0, right = 0 } = engine().getPadding();
  const seen = { x: left * ratio, width: drawn.width - (left + right) * ratio };
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.body);
  const font = (/** @type {number} */ size, weight = 400) => `${weight} ${size * ratio}px system-ui, sans-serif`;
  const width = seen.width - 2 * PAD * ratio;
  context.font = font(11);
  const lines = credits.flatMap((one) => broken(context, one, width));
  canvas.width = seen.width;
  canvas.height = drawn.height + (PAD * 2 + LINE * (lines.length + 1)) * ratio;
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, seen.x, 0, seen.width, drawn.height, 0, 0, seen.width, drawn.height);
  context.fillStyle = style.color;
  context.direction = dir;
  context.textAlign = "start";
  const x = dir === "rtl" ? canvas.width - PAD * ratio : PAD * ratio;
  let y = drawn.height + (PAD + LINE - 4) * ratio;
  context.font = font(12, 600);
  context.fillText(t("share.png.title"), x, y);
  context.font = font(11);
  for (const line of lines) context.fillText(line, x, (y += LINE * ratio));
  return canvas;
}

/** A text in lines that fit. @param {CanvasRenderingContext2D} context @param {string} text @param {number} width @returns {string[]} */
function broken(context, text, width) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  // An address has no spaces: it breaks behind the signs between its parts.
  for (const piece of text.split(/(?<=[\s&?/,])/)) {
    if (line && context.measureText(line + piece).width > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  return [...lines, line];
}

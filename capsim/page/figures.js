// Figures as SVG: axes, dots and lines. They know plans and numbers, nothing of the server or the page around them.

import { h, s } from "./dom.js";

/** @type {Record<string, string>} shapes of about the same area, radius 1 */
const SHAPES = {
  circle: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  square: "M-.88-.88H.88V.88H-.88Z",
  triangle: "M0-1.2L1.1.85H-1.1Z",
  diamond: "M0-1.25L1.25 0L0 1.25L-1.25 0Z",
  cross: "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
  wedge: "M0 1.2L1.1-.85H-1.1Z",
  hexagon: "M-1.1 0L-.55-.95H.55L1.1 0L.55.95H-.55Z",
  star: "M0-1.3L.38-.4L1.24-.4L.56.2L.8 1.05L0 .5L-.8 1.05L-.56.2L-1.24-.4L-.38-.4Z",
};

/** @param {Look} look @param {number} x @param {number} y @param {number} size @param {Properties} [more] */
export function mark(look, x, y, size, more) {
  const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`;
  return s("path", { d: SHAPES[look.shape] ?? SHAPES.circle, transform, fill: look.color, ...more });
}

export const narrow = () => innerWidth < 560;

/** Points across a drawing. */
const wide = () => (narrow() ? 400 : 720);

/** @param {Look} look */
export const key = (look) =>
  s("svg.key", { viewBox: "-1.5 -1.5 3 3", width: 13, height: 13, "aria-hidden": "true" }, mark(look, 0, 0, 1));

/** @param {Look[]} looks */
export const legend = (looks) => h("ul.legend", looks.map((look) => h("li", key(look), look.title)));

/** A drawing and what is read instead of it. @param {number} width @param {number} height @param {string} sentence */
export const picture = (width, height, sentence) =>
  s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence });

/** @param {string} d @param {string} stroke @param {Properties} [more] */
export const stroked = (d, stroke, more) => s("path", { d, stroke, fill: "none", ...more });

/** Words of a drawing, in small letters.
 * @param {number} x @param {number} y @param {string | number} text @param {"start" | "middle" | "end"} [anchor] */
export const tick = (x, y, text, anchor = "middle") => s("text.tick", { x, y, "text-anchor": anchor }, text);

/** The same under an axis, never over an edge. @param {number} x @param {number} y @param {string} text */
function tickInside(x, y, text) {
  const half = 3.4 * text.length;
  return tick(Math.min(Math.max(x, half), wide() - half), y, text);
}

/** Round steps between two values. @param {number} low @param {number} high @param {number} count */
export function ticks(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10);
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) found.push(n * step);
  return found;
}

/** The ends of an axis that hold all values and zero, at round numbers; never narrower than what it was.
 * @param {number[]} values @param {number} least length of the axis at least @param {Axis} [before]
 * @returns {Axis} */
export function span(values, least, before = [0, least]) {
  let [low, high] = before;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const step = ticks(low, high, 6);
  const gap = step.length > 1 ? step[1] - step[0] : least;
  return [Math.floor(low / gap + 1e-9) * gap, Math.ceil(high / gap - 1e-9) * gap];
}

/** Where a value of an axis lies between two points. @type {(axis: Axis, from: number, to: number) => Scale} */
const scale = ([low, high], from, to) => (value) => from + ((value - low) / (high - low)) * (to - from);

/** @param {[number, number][]} places */
const joined = (places) => places.map(([x, y], n) => `${n ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** One dot a world on a line for each plan; faint lines join the same world.
 * @param {Row[]} rows @param {Axis} axis @param {Labels} labels */
export function dots(rows, axis, { words, label, sentence }) {
  const [width, side, top, tall, bottom] = [wide(), 30, 6, 74, 40];
  const height = top + rows.length * tall + bottom;
  const x = scale(axis, side, width - side);
  const drawing = picture(width, height, sentence);
  for (const value of ticks(...axis, width < 500 ? 4 : 7)) {
    const [color, thick] = isZero(value) ? ["var(--frame)", 1.5] : ["var(--grid)", 1];
    drawing.append(
      stroked(`M${x(value)} ${top}V${height - bottom}`, color, { "stroke-width": thick }),
      tickInside(x(value), height - 22, isZero(value) ? "0" : words(value)),
    );
  }
  drawing.append(tick(width / 2, height - 5, label));
  const places = rows.map(({ values }, n) => stacked(values, x, top + n * tall + 50));
  for (let n = 0; n + 1 < rows.length; n++) {
    const pairs = places[n].map((from, world) => [from, places[n + 1][world]]);
    const d = pairs.map(([from, to]) => (from && to ? joined([from, to]) : "")).join("");
    drawing.append(stroked(d, "var(--faint)", { "stroke-opacity": 0.35 }));
  }
  rows.forEach(({ look, values }, n) => {
    drawing.append(s("text.row", { x: 4, y: top + n * tall + 16 }, look.title));
    places[n].forEach((place, world) => {
      if (!place) return;
      const more = { "fill-opacity": 0.8, stroke: "var(--paper)", "stroke-width": 0.15, "data-world": world + 1 };
      const one = mark(look, ...place, 5, more);
      one.append(s("title", `World ${world + 1}: ${words(/** @type {number} */ (values[world]))}`));
      drawing.append(one);
    });
  });
  return drawing;
}

/** @param {number} value */
const isZero = (value) => Math.abs(value) < 1e-12;

/** Dots that would lie on each other go up, a little at a time.
 * @param {(number | null)[]} values @param {Scale} x @param {number} base */
function stacked(values, x, base) {
  /** @type {[number, number][]} */
  const placed = [];
  return values.map((value) => {
    if (value === null) return null;
    let level = 0;
    while (level < 3 && placed.some(([px, pl]) => pl === level && Math.abs(px - x(value)) < 8)) level++;
    placed.push([x(value), level]);
    return /** @type {[number, number]} */ ([x(value), base - level * 9]);
  });
}

const [LEFT, RIGHT, TOP, BOTTOM] = [46, 12, 12, 40];

/** A drawing with lines across at round values; where a value lies in it. @param {Axis} axis @param {Labels} labels */
function ruled(axis, { words, label, sentence }) {
  const width = wide();
  const height = width < 500 ? 260 : 300;
  const y = scale(axis, height - BOTTOM, TOP);
  const drawing = picture(width, height, sentence);
  for (const value of ticks(...axis, 5))
    drawing.append(
      stroked(`M${LEFT} ${y(value)}H${width - RIGHT}`, isZero(value) ? "var(--frame)" : "var(--grid)"),
      tick(LEFT - 6, y(value) + 4, isZero(value) ? "0" : words(value), "end"),
    );
  drawing.append(tick(width / 2, height - 5, label));
  return { drawing, y, width, height };
}

/** A line down at what is looked at. @param {number} x @param {number} height */
const marked = (x, height) => stroked(`M${x} ${TOP}V${height - BOTTOM}`, "var(--ink)", { "stroke-dasharray": "3 3" });

/** Several lines by month, one faint line a world; the middle of each plan is strong.
 * @param {Group[]} groups @param {Axis} axis @param {Labels & Months} about */
export function lines(groups, axis, about) {
  const { months, assistance, first, every = 1, now, inYears = true } = about;
  const { drawing, y, width, height } = ruled(axis, about);
  const x = scale([0, months], LEFT, width - RIGHT);
  const at = (/** @type {number} */ n) => x(first + n * every);
  const path = (/** @type {number[]} */ values) => joined(values.map((value, n) => [at(n), y(value)]));
  if (assistance > 0) {
    const size = { width: x(assistance) - LEFT, height: height - TOP - BOTTOM };
    drawing.prepend(
      s("rect", { x: LEFT, y: TOP, ...size, fill: "var(--shade)" }),
      tick(LEFT + 6, TOP + 15, "with help", "start"),
    );
  }
  for (let month = 0; month <= months; month += months > 72 ? 24 : 12)
    drawing.append(tick(x(month), height - 22, inYears ? month / 12 : month));
  for (const { look, paths } of groups)
    drawing.append(stroked(paths.map(path).join(""), look.color, { "stroke-opacity": paths.length > 1 ? 0.28 : 1 }));
  const year = Math.round(12 / every);
  for (const { look, strong, dashed } of groups) {
    if (!strong?.length) continue;
    const dashes = dashed ? "5 4" : null;
    drawing.append(stroked(path(strong), look.color, { "stroke-width": 2.5, "stroke-dasharray": dashes }));
    for (let n = Math.min(year - 1, strong.length - 1); n < strong.length; n += year)
      drawing.append(mark(look, at(n), y(strong[n]), 4));
  }
  if (now !== undefined) drawing.append(marked(x(now), height));
  return drawing;
}

/** A value at each of a few places, joined: where a slider stood. With `ends`, where each interval begins and ends.
 * @param {(Row & { faint?: boolean, ends?: Ends[] })[]} series @param {Axis} axis
 * @param {Labels & { places: string[], now?: number }} about `now` is a place that is marked */
export function across(series, axis, about) {
  const { places, now } = about;
  const { drawing, y, width, height } = ruled(axis, about);
  const x = scale([0, Math.max(1, places.length - 1)], LEFT + 24, width - RIGHT - 24);
  const fewer = Math.ceil(places.length / (width < 500 ? 4 : 9));
  places.forEach((text, n) => {
    if (n % fewer === 0 || n === now) drawing.append(tickInside(x(n), height - 22, text));
  });
  if (now !== undefined) drawing.append(marked(x(now), height));
  series.forEach(({ look, faint, values, ends = [] }, line) => {
    // intervals of one place must not cover each other
    const beside = ends.length && 7 * (line - (series.length - 1) / 2);
    const at = (/** @type {number} */ n) => x(n) + beside;
    const spots = values.flatMap((value, n) =>
      value === null ? [] : [/** @type {[number, number]} */ ([at(n), y(value)])],
    );
    const bars = ends.map(([low, high], n) =>
      low === null || high === null ? "" : `M${at(n).toFixed(1)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`,
    );
    drawing.append(
      s(
        "g",
        { opacity: faint ? 0.3 : 1 },
        stroked(joined(spots), look.color, { "stroke-width": 2 }),
        stroked(bars.join(""), look.color, { "stroke-width": 3, "stroke-opacity": 0.35 }),
        spots.map((spot) => mark(look, ...spot, 5, { class: "spot" })),
      ),
    );
  });
  return drawing;
}

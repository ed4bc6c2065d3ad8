// Figures as SVG: axes, dots and lines. They know plans and numbers, nothing of the server or the page around them.

import { h, s, tick } from "./dom.js";

/**
 * @typedef {object} Look how a plan is drawn
 * @property {string} id
 * @property {string} title
 * @property {string} color
 * @property {string} shape
 */

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

/**
 * @param {Look} look
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {Record<string, any>} [more]
 */
export const mark = (look, x, y, size, more = {}) =>
  s("path", {
    d: SHAPES[look.shape] ?? SHAPES.circle,
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${size})`,
    fill: look.color,
    ...more,
  });

export const narrow = () => innerWidth < 560;

/** Points across a drawing. */
export const wide = () => (narrow() ? 400 : 720);

/** @param {Look} look */
export const key = (look) =>
  s(
    "svg",
    { class: "key", viewBox: "-1.5 -1.5 3 3", width: 13, height: 13, "aria-hidden": "true" },
    s("path", { d: SHAPES[look.shape] ?? SHAPES.circle, fill: look.color }),
  );

/**
 * Round steps between two values.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function ticks(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10);
  const found = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) found.push(n * step);
  return found;
}

/**
 * The ends of an axis that hold all values and zero, at round numbers; never narrower than what it was.
 * @param {number[]} values
 * @param {number} least length of the axis at least
 * @param {[number, number] | undefined} before
 * @returns {[number, number]}
 */
export function span(values, least, before) {
  let low = before?.[0] ?? 0,
    high = before?.[1] ?? least;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const step = ticks(low, high, 6);
  const gap = step.length > 1 ? step[1] - step[0] : least;
  return [Math.floor(low / gap + 1e-9) * gap, Math.ceil(high / gap - 1e-9) * gap];
}

/**
 * @typedef {object} Row
 * @property {Look} look
 * @property {(number | null)[]} values one a world; null where a run failed
 */

/**
 * One dot a world on a line for each plan; faint lines join the same world.
 * @param {Row[]} rows
 * @param {[number, number]} axis
 * @param {{ words: (value: number) => string, label: string, sentence: string, width: number }} about how a value is
 *   said, the label of the axis, what is read instead of the picture, points across: narrow screens have fewer
 */
export function dots(rows, axis, { words, label, sentence, width }) {
  const pad = { left: 30, right: 30, top: 6, bottom: 40 },
    tall = 74;
  const height = pad.top + rows.length * tall + pad.bottom;
  const x = (/** @type {number} */ value) =>
    pad.left + ((value - axis[0]) / (axis[1] - axis[0])) * (width - pad.left - pad.right);
  const y = (/** @type {number} */ row) => pad.top + row * tall + 50;
  const places = rows.map((row, n) =>
    stacked(
      row.values.map((value) => (value === null ? null : x(value))),
      y(n),
    ),
  );
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence });
  for (const value of ticks(axis[0], axis[1], width < 500 ? 4 : 7)) {
    const zero = Math.abs(value) < 1e-12;
    drawing.append(
      s("line", {
        x1: x(value),
        x2: x(value),
        y1: pad.top,
        y2: height - pad.bottom,
        stroke: zero ? "var(--frame)" : "var(--grid)",
        "stroke-width": zero ? 1.5 : 1,
      }),
      tick(x(value), height - 22, zero ? "0" : words(value)),
    );
  }
  drawing.append(tick(width / 2, height - 5, label));
  for (let n = 0; n + 1 < rows.length; n++) {
    const d = places[n]
      .map((from, w) => {
        const to = places[n + 1][w];
        return from && to ? `M${from[0].toFixed(1)} ${from[1].toFixed(1)}L${to[0].toFixed(1)} ${to[1].toFixed(1)}` : "";
      })
      .join("");
    drawing.append(s("path", { d, stroke: "var(--faint)", "stroke-opacity": 0.35, fill: "none" }));
  }
  rows.forEach(({ look, values }, n) => {
    drawing.append(s("text", { x: 4, y: pad.top + n * tall + 16, class: "row" }, look.title));
    places[n].forEach((place, world) => {
      if (!place) return;
      const title = s("title", {}, `World ${world + 1}: ${words(/** @type {number} */ (values[world]))}`);
      const one = mark(look, place[0], place[1], 5, {
        "fill-opacity": 0.8,
        stroke: "var(--paper)",
        "stroke-width": 0.15,
        "data-world": world + 1,
      });
      one.append(title);
      drawing.append(one);
    });
  });
  return drawing;
}

/**
 * Dots that would lie on each other go up, a little at a time.
 * @param {(number | null)[]} values
 * @param {number} base
 * @returns {([number, number] | null)[]}
 */
function stacked(values, base) {
  /** @type {[number, number][]} */
  const placed = [];
  return values.map((value) => {
    if (value === null) return null;
    let level = 0;
    while (level < 3 && placed.some(([px, pl]) => pl === level && Math.abs(px - value) < 8)) level++;
    placed.push([value, level]);
    return /** @type {[number, number]} */ ([value, base - level * 9]);
  });
}

const LEFT = 46,
  RIGHT = 12,
  TOP = 12,
  BOTTOM = 40;

/**
 * A drawing with lines across at round values and what they stand for; where a value lies in it.
 * @param {[number, number]} axis
 * @param {{ words: (value: number) => string, label: string, sentence: string, width: number }} about
 */
function ruled(axis, { words, label, sentence, width }) {
  const height = width < 500 ? 260 : 300;
  const y = (/** @type {number} */ value) =>
    height - BOTTOM - ((value - axis[0]) / (axis[1] - axis[0])) * (height - TOP - BOTTOM);
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence });
  for (const value of ticks(axis[0], axis[1], 5)) {
    const zero = Math.abs(value) < 1e-12;
    const [x1, x2] = [LEFT, width - RIGHT];
    drawing.append(
      s("line", { x1, x2, y1: y(value), y2: y(value), stroke: zero ? "var(--frame)" : "var(--grid)" }),
      tick(LEFT - 6, y(value) + 4, zero ? "0" : words(value), "end"),
    );
  }
  drawing.append(tick(width / 2, height - 5, label));
  return { drawing, y, height };
}

/** A line down at what is looked at. @param {number} x @param {number} height */
const marked = (x, height) =>
  s("path", { d: `M${x} ${TOP}V${height - BOTTOM}`, stroke: "var(--ink)", "stroke-dasharray": "3 3" });

/** @param {[number, number][]} places */
const joined = (places) => places.map(([x, y], n) => `${n ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/**
 * Several lines by month, one faint line a world; the middle of each plan is strong.
 * @param {{ look: Look, paths: number[][], strong: number[] | null, dashed?: boolean }[]} groups
 * @param {[number, number]} axis
 * @param {{ months: number, assistance: number, first: number, every?: number, now?: number, inYears?: boolean, label: string, sentence: string, width: number, words: (value: number) => string }} about
 *   `first` is the month of the first value of a path, `every` how far apart they are, `now` a month that is marked
 */
export function lines(groups, axis, about) {
  const { months, assistance, width, first, every = 1, now, inYears = true } = about;
  const { drawing, y, height } = ruled(axis, about);
  const x = (/** @type {number} */ month) => LEFT + (month / months) * (width - LEFT - RIGHT);
  if (assistance > 0)
    drawing.prepend(
      s("rect", {
        x: x(0),
        y: TOP,
        width: x(assistance) - x(0),
        height: height - TOP - BOTTOM,
        fill: "var(--shade)",
      }),
      tick(x(0) + 6, TOP + 15, "with help", "start"),
    );
  for (let month = 0; month <= months; month += months > 72 ? 24 : 12) {
    const said = inYears ? month / 12 : month;
    drawing.append(tick(x(month), height - 22, said));
  }
  const month = (/** @type {number} */ n) => x(first + n * every);
  const path = (/** @type {number[]} */ values) => joined(values.map((value, n) => [month(n), y(value)]));
  for (const { look, paths } of groups) {
    drawing.append(
      s("path", {
        d: paths.map(path).join(""),
        stroke: look.color,
        "stroke-opacity": paths.length > 1 ? 0.28 : 1,
        fill: "none",
      }),
    );
  }
  const year = Math.round(12 / every);
  for (const { look, strong, dashed } of groups) {
    if (!strong?.length) continue;
    drawing.append(
      s("path", {
        d: path(strong),
        stroke: look.color,
        "stroke-width": 2.5,
        "stroke-dasharray": dashed ? "5 4" : null,
        fill: "none",
      }),
    );
    for (let n = Math.min(year - 1, strong.length - 1); n < strong.length; n += year)
      drawing.append(mark(look, month(n), y(strong[n]), 4));
  }
  if (now !== undefined) drawing.append(marked(x(now), height));
  return drawing;
}

/**
 * A value at each of a few places, joined: where a slider stood. With `ends`, where each interval begins and ends.
 * @param {{ look: Look, faint: boolean, values: (number | null)[], ends?: [number | null, number | null][] }[]} series
 * @param {[number, number]} axis
 * @param {{ places: string[], now?: number, words: (value: number) => string, label: string, sentence: string, width: number }} about
 *   `now` is a place that is marked
 */
export function across(series, axis, about) {
  const { places, width, now } = about;
  const { drawing, y, height } = ruled(axis, about);
  const x = (/** @type {number} */ n) =>
    LEFT + 24 + ((width - LEFT - RIGHT - 48) * n) / Math.max(1, places.length - 1);
  const fewer = Math.ceil(places.length / (width < 500 ? 4 : 9));
  places.forEach((text, n) => {
    if (n % fewer === 0 || n === now) drawing.append(tick(x(n), height - 22, text));
  });
  if (now !== undefined) drawing.append(marked(x(now), height));
  series.forEach(({ look, faint, values, ends }, line) => {
    const beside = ends ? 7 * (line - (series.length - 1) / 2) : 0; // intervals of one place must not cover each other
    /** @type {[number, number][]} */
    const spots = values.flatMap((value, n) =>
      value === null ? [] : [/** @type {[number, number]} */ ([x(n) + beside, y(value)])],
    );
    const bars = (ends ?? []).map(([low, high], n) =>
      low === null || high === null ? "" : `M${(x(n) + beside).toFixed(1)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`,
    );
    drawing.append(
      s(
        "g",
        { opacity: faint ? 0.3 : 1 },
        s("path", { d: joined(spots), fill: "none", stroke: look.color, "stroke-width": 2 }),
        s("path", { d: bars.join(""), fill: "none", stroke: look.color, "stroke-width": 3, "stroke-opacity": 0.35 }),
        spots.map((spot) => mark(look, ...spot, 5, { class: "spot" })),
      ),
    );
  });
  return drawing;
}

/** @param {Look[]} looks */
export const legend = (looks) =>
  h(
    "ul",
    { class: "legend" },
    looks.map((look) => h("li", {}, key(look), look.title)),
  );

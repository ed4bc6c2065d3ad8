// Where the answer turns: turnover along one side, months since help began along the other.

import { asking, two } from "./asking.js";
import { budget, lookOf, luck, where, worlds } from "./controls.js";
import { figure, h, oncePerFrame, redraw, s, table, tick } from "./dom.js";
import { mark, narrow } from "./figures.js";
import { amount, duration, percent } from "./words.js";

/** @typedef {{ difference: number | null, low: number | null, high: number | null, worlds: number, more: number, ahead: "first" | "second" | "open" | "few" }} Cell */
/** @typedef {{ values: number[], months: number[], columns: (Cell[] | undefined)[] }} Grid */

/** @param {import("./main.js").Context} context */
export function map(context) {
  const { scenario } = context;
  /** @type {Grid | null} */
  let grid = null;
  const result = h("div", {});
  const draw = oncePerFrame(() => {
    if (grid) redraw(result, told(context, grid));
  });
  const { element, run, leave } = asking(context, {
    kind: "map",
    begin: () => {},
    total: 1,
    hear: (bar) => ({
      grid: ({ values, months }) => {
        grid = { values, months, columns: values.map(() => undefined) };
        draw();
      },
      progress: ({ done, total, seconds_left }) => bar.show(done, total, seconds_left),
      column: ({ place, cells }) => {
        if (grid) grid.columns[place] = cells;
        draw();
      },
    }),
    pause: 150,
    pairOnly: true,
    controls: ({ run, runSoon }) => [
      where(context),
      budget(context, runSoon),
      luck(context, runSoon),
      worlds(context, run),
    ],
    heading: [h("h1", {}, `${scenario.name}: where it turns`)],
    result: [result],
    downloads: {
      name: `${scenario.name} map`,
      data: () => data(grid),
      drawing: () => result.querySelector("svg[role=img]"),
    },
  });
  run();
  return { element, leave };
}

/**
 * @param {import("./main.js").Context} context
 * @param {Grid} grid
 */
function told(context, { values, months, columns }) {
  const { scenario } = context;
  const [a, b = "none"] = two(context);
  const [first, second] = [lookOf(context, a), lookOf(context, b)];
  const done = columns.filter((one) => one !== undefined).flat();
  const count = (/** @type {string} */ ahead) => done.filter((cell) => cell.ahead === ahead).length;
  const few = count("few");
  const ahead = (/** @type {import("./figures.js").Look} */ look, /** @type {string} */ cell) =>
    count(cell) === done.length
      ? `${look.title} is ahead at every turnover and month shown.`
      : count(cell)
        ? `${look.title} is ahead in ${count(cell)} of ${done.length} combinations of turnover and month.`
        : "";
  const open = count("open") + few;
  const sentence =
    done.length === 0
      ? "The first column is on its way."
      : few === done.length
        ? "Too few worlds to tell; 8 or more tell something."
        : open === done.length
          ? "Undecided everywhere: luck could turn it."
          : [ahead(first, "first"), ahead(second, "second"), open ? `${open} of ${done.length} are undecided.` : ""]
              .filter(Boolean)
              .join(" ");
  const words = (/** @type {Cell} */ cell) =>
    ({ first: first.title, second: second.title, open: "undecided", few: "too few worlds" })[cell.ahead];
  const since = (/** @type {number} */ month) =>
    month === scenario.assistance
      ? "when help ends"
      : month > scenario.assistance
        ? `${duration(month - scenario.assistance)} after`
        : duration(month);
  return [
    h("p", { class: "verdict" }, sentence),
    h(
      "ul",
      { class: "legend" },
      [first, second].map((one) => h("li", {}, swatch(one), `${one.title} ahead`)),
      h("li", {}, swatch(null), "undecided: luck could turn it"),
    ),
    figure(
      null,
      drawn(first, second, values, months, columns, since, sentence),
      `Use of the practices, ${first.title} minus ${second.title}. Ahead: the 95% interval over luck alone lies on one side of zero, cell by cell. Turnover: ${scenario.turnover.source}.`,
      table(
        "Who is ahead",
        ["Leaving a year", ...months.map(since)],
        values.map((value, n) => [
          percent(value),
          ...months.map((_, m) => {
            const cell = columns[n]?.[m];
            const size = !cell || cell.difference === null ? "" : ` (${amount(cell.difference, "use", true)})`;
            return cell ? `${words(cell)}${size}` : "";
          }),
        ]),
      ),
    ),
  ];
}

const hatch = () =>
  s(
    "pattern",
    { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { width: 8, height: 8, fill: "var(--wash)" }),
    s("line", { x1: 0, x2: 0, y1: 0, y2: 8, stroke: "var(--faint)", "stroke-width": 2.5 }),
  );

/** @param {import("./figures.js").Look | null} look */
function swatch(look) {
  const box = s("svg", { class: "key", viewBox: "0 0 24 16", width: 24, height: 16, "aria-hidden": "true" });
  if (look)
    box.append(s("rect", { width: 24, height: 16, fill: look.color, "fill-opacity": 0.55 }), mark(look, 12, 8, 4));
  else box.append(hatch(), s("rect", { width: 24, height: 16, fill: "url(#hatch)" }));
  return box;
}

/**
 * @param {import("./figures.js").Look} first
 * @param {import("./figures.js").Look} second
 * @param {number[]} values
 * @param {number[]} months
 * @param {(Cell[] | undefined)[]} columns
 * @param {(month: number) => string} since
 * @param {string} sentence
 */
function drawn(first, second, values, months, columns, since, sentence) {
  const [width, left, tall] = narrow() ? [400, 92, 34] : [720, 120, 40],
    bottom = 44;
  const height = months.length * tall + bottom,
    wide = (width - left - 4) / values.length;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": sentence }, hatch());
  months.forEach((month, m) => {
    const y = (months.length - 1 - m) * tall;
    drawing.append(tick(left - 8, y + tall / 2 + 4, since(month), "end"));
    values.forEach((value, n) => {
      const cell = columns[n]?.[m];
      const look = cell?.ahead === "first" ? first : cell?.ahead === "second" ? second : null;
      const box = s("rect", {
        x: left + n * wide + 1,
        y: y + 1,
        width: wide - 2,
        height: tall - 2,
        fill: look ? look.color : cell ? "url(#hatch)" : "var(--wash)",
        "fill-opacity": look ? 0.55 : 1,
      });
      if (cell)
        box.append(
          s(
            "title",
            {},
            `${percent(value)} leave a year, ${since(month)}: ${cell.difference === null ? "undefined" : amount(cell.difference, "use", true)}, ${first.title} ahead in ${cell.more} of ${cell.worlds} worlds`,
          ),
        );
      drawing.append(box);
      if (look) drawing.append(mark(look, left + (n + 0.5) * wide, y + tall / 2, 5, { "pointer-events": "none" }));
    });
  });
  values.forEach((value, n) =>
    drawing.append(tick(left + (n + 0.5) * wide, height - bottom + 18, `${Math.round(1000 * value) / 10}%`)),
  );
  drawing.append(tick(left + (width - left) / 2, height - 6, "district staff leaving a year"));
  return drawing;
}

/** @param {Grid | null} grid */
function data(grid) {
  /** @type {unknown[][]} */
  const rows = [["turnover", "month", "difference", "low", "high", "worlds", "first_ahead_in", "ahead"]];
  grid?.columns.forEach((cells, n) =>
    cells?.forEach((cell, m) =>
      rows.push([
        grid.values[n],
        grid.months[m],
        cell.difference,
        cell.low,
        cell.high,
        cell.worlds,
        cell.more,
        cell.ahead,
      ]),
    ),
  );
  return rows;
}

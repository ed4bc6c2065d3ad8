// Where the answer turns: turnover along one side, months since help began along the other.

import { asking, two } from "./asking.js";
import { budget, lookOf, luck, where, worlds } from "./controls.js";
import { figure, h, oncePerFrame, redraw, s, table } from "./dom.js";
import { mark, narrow, picture, tick } from "./figures.js";
import { amount, duration, percent } from "./words.js";

/** @typedef {(month: number) => string} Since */

/** @param {Context} context */
export function map(context) {
  const { scenario } = context;
  /** @type {Grid | null} */
  let grid = null;
  const result = h("div");
  const draw = oncePerFrame(() => grid && redraw(result, told(context, grid)));
  return asking(context, {
    kind: "map",
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
    heading: `${scenario.name}: where it turns`,
    result: [result],
    downloads: { name: `${scenario.name} map`, data: () => data(grid) },
  });
}

/** @param {Context} context @param {Grid} grid */
function told(context, grid) {
  const { assistance, turnover } = context.scenario;
  const [a, b = "none"] = two(context);
  const [first, second] = [lookOf(context, a), lookOf(context, b)];
  /** @type {Since} */
  const since = (month) => {
    if (month === assistance) return "when help ends";
    return month > assistance ? `${duration(month - assistance)} after` : duration(month);
  };
  const said = sentence(first, second, grid.columns.flatMap((cells) => cells ?? []));
  return [
    h("p.verdict", said),
    h(
      "ul.legend",
      [first, second].map((one) => h("li", swatch(one), `${one.title} ahead`)),
      h("li", swatch(null), "undecided: luck could turn it"),
    ),
    figure(
      null,
      drawn(first, second, grid, since, said),
      `Use of the practices, ${first.title} minus ${second.title}. Ahead: the 95% interval over luck alone lies on one side of zero, cell by cell. Turnover: ${turnover.source}.`,
      cellTable(first, second, grid, since),
    ),
  ];
}

/** @param {Look} first @param {Look} second @param {Cell[]} done */
function sentence(first, second, done) {
  const count = (/** @type {Ahead} */ which) => done.filter(({ ahead }) => ahead === which).length;
  const undecided = count("open") + count("few");
  if (!done.length) return "The first column is on its way.";
  if (count("few") === done.length) return "Too few worlds to tell; 8 or more tell something.";
  if (undecided === done.length) return "Undecided everywhere: luck could turn it.";
  const ahead = (/** @type {Look} */ { title }, /** @type {number} */ cells) => {
    if (cells === done.length) return `${title} is ahead at every turnover and month shown.`;
    return cells && `${title} is ahead in ${cells} of ${done.length} combinations of turnover and month.`;
  };
  const open = undecided && `${undecided} of ${done.length} are undecided.`;
  return [ahead(first, count("first")), ahead(second, count("second")), open].filter(Boolean).join(" ");
}

/** @param {Look} first @param {Look} second @param {Grid} grid @param {Since} since */
function cellTable(first, second, { values, months, columns }, since) {
  const words = { first: first.title, second: second.title, open: "undecided", few: "too few worlds" };
  const cell = (/** @type {Cell | undefined} */ one) => {
    const size = !one || one.difference === null ? "" : ` (${amount(one.difference, "use", true)})`;
    return one ? `${words[one.ahead]}${size}` : "";
  };
  return table(
    "Who is ahead",
    ["Leaving a year", ...months.map(since)],
    values.map((value, n) => [percent(value), ...months.map((_, m) => cell(columns[n]?.[m]))]),
  );
}

const hatch = () =>
  s(
    "pattern",
    { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("rect", { width: 8, height: 8, fill: "var(--wash)" }),
    s("line", { x1: 0, x2: 0, y1: 0, y2: 8, stroke: "var(--faint)", "stroke-width": 2.5 }),
  );

/** @param {Look | null} look */
const swatch = (look) =>
  s(
    "svg.key",
    { viewBox: "0 0 24 16", width: 24, height: 16, "aria-hidden": "true" },
    look ? null : hatch(),
    s("rect", { width: 24, height: 16, fill: look?.color ?? "url(#hatch)", "fill-opacity": look ? 0.55 : 1 }),
    look && mark(look, 12, 8, 4),
  );

/** @param {Look} first @param {Look} second @param {Grid} grid @param {Since} since @param {string} sentence */
function drawn(first, second, { values, months, columns }, since, sentence) {
  const [width, left, tall, bottom] = narrow() ? [400, 92, 34, 44] : [720, 120, 40, 44];
  const height = months.length * tall + bottom;
  const wide = (width - left - 4) / values.length;
  const middle = (/** @type {number} */ n) => left + (n + 0.5) * wide;
  const looks = { first, second, open: null, few: null };
  const drawing = picture(width, height, sentence);
  drawing.append(hatch());
  months.forEach((month, m) => {
    const y = (months.length - 1 - m) * tall;
    drawing.append(tick(left - 8, y + tall / 2 + 4, since(month), "end"));
    values.forEach((value, n) => {
      const cell = columns[n]?.[m];
      const look = cell ? looks[cell.ahead] : null;
      const fill = { fill: look ? look.color : cell ? "url(#hatch)" : "var(--wash)", "fill-opacity": look ? 0.55 : 1 };
      const size = { x: left + n * wide + 1, y: y + 1, width: wide - 2, height: tall - 2 };
      const where = `${percent(value)} leave a year, ${since(month)}`;
      drawing.append(s("rect", { ...size, ...fill }, cell && s("title", titled(cell, where, first))));
      if (look) drawing.append(mark(look, middle(n), y + tall / 2, 5, { "pointer-events": "none" }));
    });
  });
  const below = values.map((value, n) => tick(middle(n), height - bottom + 18, percent(value)));
  drawing.append(...below);
  drawing.append(tick(left + (width - left) / 2, height - 6, "district staff leaving a year"));
  return drawing;
}

/** @param {Cell} cell @param {string} where @param {Look} first */
function titled({ difference, more, worlds }, where, first) {
  const size = difference === null ? "undefined" : amount(difference, "use", true);
  return `${where}: ${size}, ${first.title} ahead in ${more} of ${worlds} worlds`;
}

/** @param {Grid | null} grid */
function data(grid) {
  /** @type {unknown[][]} */
  const rows = [["turnover", "month", "difference", "low", "high", "worlds", "first_ahead_in", "ahead"]];
  grid?.columns.forEach((cells, n) =>
    cells?.forEach(({ difference, low, high, worlds, more, ahead }, m) =>
      rows.push([grid.values[n], grid.months[m], difference, low, high, worlds, more, ahead]),
    ),
  );
  return rows;
}

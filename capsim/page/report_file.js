// Sliders of a report, over what is stored in it: each panel stands beside its facts; nothing is simulated here.

import { h, table } from "./dom.js";
import { across, key, span, wide } from "./figures.js";
import { field, range } from "./inputs.js";

/**
 * @typedef {object} Facts of a panel; `points` has every combination of places, those of the last slider fastest
 * @property {string} title
 * @property {{ label: string, places: string[], start: number }[]} sliders
 * @property {import("./figures.js").Look[]} lines
 * @property {string[]} headers
 * @property {{ said: string, rows: { line: number, gain: number | null, low: number | null, high: number | null, cells: string[] }[] }[]} points
 */

const LEAST_AXIS = 0.001;

/** @param {number} value */
const tick = (value) =>
  (value < 0 ? "\u2212" : "+") + Math.abs(value).toLocaleString("en-US", { maximumSignificantDigits: 3 });

/** @param {Facts} facts */
function panel({ title, sliders, lines, headers, points }) {
  const at = sliders.map(({ start }) => start);
  let along = 0; // the slider that was moved last
  const point = (/** @type {number[]} */ places) =>
    points[places.reduce((n, place, s) => n * sliders[s].places.length + place, 0)];
  const known = points.flatMap(({ rows }) => rows.flatMap(({ gain, low, high }) => [gain, low, high]));
  const axis = span(/** @type {number[]} */ (known.filter((value) => value !== null)), LEAST_AXIS, undefined);
  const said = h("p", { class: "said", role: "status" });
  const shown = h("div", {});
  function draw() {
    const { label, places } = sliders[along];
    const moved = places.map((_, n) => point(at.map((place, s) => (s === along ? n : place))));
    const here = point(at);
    said.textContent = here.said;
    const series = lines.map((look, line) => {
      const rows = moved.map(({ rows }) => rows.find((row) => row.line === line));
      return {
        look,
        faint: false,
        values: rows.map((row) => row?.gain ?? null),
        ends: rows.map((row) => /** @type {[number | null, number | null]} */ ([row?.low ?? null, row?.high ?? null])),
      };
    });
    const rows = here.rows.map(({ line, cells }) => [h("span", {}, key(lines[line]), " ", lines[line].title), ...cells]);
    shown.replaceChildren(
      table(sliders.map(({ places }, s) => places[at[s]]).join(", "), headers, rows),
      h("figure", {}, across(series, axis, { places, label, sentence: here.said, width: wide(), words: tick, now: at[along] })),
    );
  }
  const fields = sliders.map(({ label, places }, s) => {
    const words = (/** @type {number} */ place) => places[place];
    const change = (/** @type {number} */ place) => {
      [at[s], along] = [place, s];
      draw();
    };
    const { input, said } = range({ low: 0, high: places.length - 1, step: 1, value: at[s], words, change });
    return field(label, input, said);
  });
  draw();
  return [h("h3", {}, title), h("form", { "aria-label": title }, fields), said, shown];
}

for (const place of document.querySelectorAll(".sliding"))
  place.replaceChildren(...panel(JSON.parse(place.firstElementChild?.textContent ?? "")));

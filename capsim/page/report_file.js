// Sliders of a report, over what is stored in it: each panel stands beside its facts; nothing is simulated here.

import { h, table } from "./dom.js";
import { across, key, span } from "./figures.js";
import { range } from "./inputs.js";
import { known } from "./words.js";

const LEAST_AXIS = 0.001;

/** @type {Words} */
const beside = (value) =>
  (value < 0 ? "\u2212" : "+") + Math.abs(value).toLocaleString("en-US", { maximumSignificantDigits: 3 });

/** @param {Panel} facts */
function panel({ title, sliders, lines, headers, points }) {
  const at = sliders.map(({ start }) => start);
  let along = 0; // the slider that was moved last
  const point = (/** @type {number[]} */ places) =>
    points[places.reduce((n, place, s) => n * sliders[s].places.length + place, 0)];
  const values = points.flatMap(({ rows }) => rows.flatMap(({ gain, low, high }) => [gain, low, high]));
  const axis = span(known(values), LEAST_AXIS);
  const said = h("p.said", { role: "status" });
  const shown = h("div");
  function draw() {
    const { label, places } = sliders[along];
    const moved = places.map((_, n) => point(at.map((place, s) => (s === along ? n : place))));
    const here = point(at);
    said.textContent = here.said;
    const series = lines.map((look, line) => {
      const rows = moved.map(({ rows }) => rows.find((row) => row.line === line));
      const ends = rows.map((row) => /** @type {Ends} */ ([row?.low ?? null, row?.high ?? null]));
      return { look, values: rows.map((row) => row?.gain ?? null), ends };
    });
    const rows = here.rows.map(({ line, cells }) => [h("span", key(lines[line]), " ", lines[line].title), ...cells]);
    shown.replaceChildren(
      table(sliders.map(({ places }, s) => places[at[s]]).join(", "), headers, rows),
      h("figure", across(series, axis, { places, label, sentence: here.said, words: beside, now: at[along] })),
    );
  }
  const fields = sliders.map(({ label, places }, s) => {
    const change = (/** @type {number} */ place) => {
      [at[s], along] = [place, s];
      draw();
    };
    return range(label, { high: places.length - 1, value: at[s], words: (place) => places[place], change }).element;
  });
  draw();
  return [h("h3", title), h("form", { "aria-label": title }, fields), said, shown];
}

for (const place of document.querySelectorAll(".sliding"))
  place.replaceChildren(...panel(JSON.parse(place.firstElementChild?.textContent ?? "")));

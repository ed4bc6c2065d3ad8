// A lesson: text on the left; on the right a prediction first, then what was simulated at each position of a slider.

import { figure, folded, h, made, oncePerFrame, redraw, table } from "./dom.js";
import { across, dots, legend, lines, span, wide } from "./figures.js";
import { field, range, tabs } from "./inputs.js";
import { FEWEST_TO_COUNT, middle, whole } from "./words.js";

/**
 * @typedef {object} Facts of a lesson; gains come as they are known
 * @property {string} title
 * @property {string} about
 * @property {number} minutes
 * @property {string} student HTML of capsim's own making
 * @property {string} instructor
 * @property {{ question: string, answers: string[] }} predict
 * @property {{ name: string, label: string, values: number[], start: number, factor: number, unit: string }} slider
 * @property {{ label: string, variants: { label: string }[] } | null} switch
 * @property {import("./figures.js").Look[]} strategies
 * @property {string[]} measures
 * @property {number[]} months
 * @property {number} month
 * @property {"lesson" | "month"} axis
 * @property {number} assistance
 * @property {number} hours
 * @property {number} turnover
 *
 * @typedef {number[][][][]} Gains by measure, strategy, world, month
 */

const SETTLED_FROM = 0.75,
  MOVED_FROM = 0.005,
  LEAST_AXIS = 0.005;

/** A gain in points out of 100. @param {number} gain */
const points = (gain) =>
  `${gain < -0.0005 ? "\u2212" : gain > 0.0005 ? "+" : ""}${Math.abs(100 * gain).toFixed(1)}`;

/** The same beside an axis, where a quarter must not look like .3. @param {number} gain */
const tick = (gain) => `${gain < 0 ? "\u2212" : "+"}${+Math.abs(100 * gain).toFixed(2)}`;

/**
 * @param {Facts} facts
 * @returns {{ element: HTMLElement, add: (variant: number, place: number, gains: Gains) => void }} `add` makes a
 *   position of the switch and the slider known
 */
export function lesson(facts) {
  const at = { place: facts.slider.start, variant: 0, measure: 0, month: facts.months.indexOf(facts.month) };
  /** @type {(Gains | undefined)[][]} by position of the switch and the slider */
  const gains = (facts.switch?.variants ?? [null]).map(() => []);
  const tried = new Set();
  const body = h("div", { class: "shown" });
  const draw = oncePerFrame(() => {
    tried.add(`${at.variant} ${at.place}`);
    redraw(body, drawn(facts, gains, at, tried, showAll));
  });
  function showAll() {
    gains.forEach((_, variant) => facts.slider.values.forEach((_, place) => tried.add(`${variant} ${place}`)));
    draw();
  }
  const screen = h("div", { class: "screen" });
  const begin = (/** @type {string} */ answer) => {
    const { element, first } = controls(facts, at, draw);
    screen.replaceChildren(h("p", { class: "notice predicted" }, `You predicted: ${answer}`), element, body);
    draw();
    first.focus();
  };
  screen.append(prediction(facts, begin));
  const projector = h("button", { type: "button", "aria-pressed": "false" }, "For the projector");
  projector.addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("projector");
    projector.setAttribute("aria-pressed", String(on));
  });
  const element = h(
    "div",
    { class: "lesson" },
    h(
      "div",
      { class: "lesson-head" },
      h("div", {}, h("h1", {}, facts.title), h("p", { class: "note" }, `${facts.about} ${facts.minutes} minutes.`)),
      projector,
    ),
    h("div", { class: "text-and-screen" }, h("div", { class: "text" }, made(facts.student)), screen),
    h("div", { class: "instructor" }, folded("For the instructor", made(facts.instructor))),
  );
  return {
    element,
    add: (variant, place, found) => {
      gains[variant][place] = found;
      if (body.isConnected) draw();
    },
  };
}

/**
 * @param {Facts} facts
 * @param {(answer: string) => void} begin
 */
function prediction({ predict }, begin) {
  const button = h("button", { type: "submit", disabled: true }, "Show me");
  const form = h(
    "form",
    { class: "predict" },
    h(
      "fieldset",
      {},
      h("legend", {}, "First, your prediction"),
      h("p", {}, predict.question),
      predict.answers.map((answer) =>
        h("label", { class: "tick-box" }, h("input", { type: "radio", name: "answer", value: answer }), answer),
      ),
      button,
    ),
  );
  form.addEventListener("change", () => {
    button.disabled = false;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = new FormData(form).get("answer");
    if (answer) begin(String(answer));
  });
  return form;
}

/** @typedef {{ place: number, variant: number, measure: number, month: number }} At */

/**
 * @param {Facts} facts
 * @param {At} at
 * @param {() => void} draw
 */
function controls(facts, at, draw) {
  const { slider, months, measures } = facts;
  const put = (/** @type {keyof At} */ name) => (/** @type {string | number} */ value) => {
    at[name] = Number(value);
    draw();
  };
  /** @type {(texts: string[]) => [string, string][]} */
  const numbered = (texts) => texts.map((text, n) => [String(n), text]);
  const place = range({
    low: 0,
    high: slider.values.length - 1,
    step: 1,
    value: at.place,
    words: (n) => value(facts, n),
    change: put("place"),
  });
  const month = range({
    low: 0,
    high: months.length - 1,
    step: 1,
    value: at.month,
    words: (n) => when(facts, n),
    change: put("month"),
  });
  const element = h(
    "form",
    { class: "controls", "aria-label": "What is shown" },
    measures.length > 1 &&
      tabs(
        "Show",
        numbered(measures.map((one) => one[0].toUpperCase() + one.slice(1))),
        String(at.measure),
        put("measure"),
      ),
    facts.switch &&
      tabs(
        facts.switch.label,
        numbered(facts.switch.variants.map(({ label }) => label)),
        String(at.variant),
        put("variant"),
        { named: true },
      ),
    field(slider.label, place.input, place.said),
    field("Month", month.input, month.said),
  );
  return { element, first: place.input };
}

/**
 * @param {Facts} facts
 * @param {(Gains | undefined)[][]} gains
 * @param {At} at
 * @param {Set<unknown>} tried
 * @param {() => void} showAll
 */
function drawn(facts, gains, at, tried, showAll) {
  const here = gains[at.variant][at.place]?.[at.measure];
  if (!here) return [h("p", { class: "note", role: "status" }, "This position is still being simulated ...")];
  const { strategies, months, measures, slider } = facts;
  const known = gains.flat().flatMap((one) => (one ? [one[at.measure]] : []));
  const now = here.map((worlds) => worlds.map((path) => path[at.month]));
  const what = measures[at.measure];
  const said = sentence(facts, now, at);
  const width = wide();
  /** @type {(path: number[]) => number[]} the months on whose scale marks are drawn */
  const scaled = (path) => (facts.axis === "month" ? [path[at.month]] : path);
  const own = span(known.flat(2).flatMap(scaled), LEAST_AXIS, undefined);
  const middles = (/** @type {number[][]} */ worlds) =>
    months.map((_, m) => middle(worlds.map((path) => path[m])));
  const about = { words: tick, width };
  const title = `Gain in ${what} over no help, points out of 100`;
  const places = slider.values.map((_, n) => value(facts, n).replace(/ .*/, ""));
  const series = gains.flatMap((row, variant) =>
    strategies.map((look, s) => ({
      look,
      faint: variant !== at.variant,
      values: slider.values.map((_, n) => {
        const one = tried.has(`${variant} ${n}`) ? row[n]?.[at.measure] : undefined;
        return one ? middle(one[s].map((path) => path[at.month])) : null;
      }),
    })),
  );
  const months_ = `In month ${months[at.month]}, at the positions you have tried: the middle of the worlds`;
  return [
    h("p", { class: "verdict", role: "status" }, said),
    legend(strategies),
    figure(
      `${title}: one mark a world`,
      dots(
        strategies.map((look, n) => ({ look, values: now[n] })),
        own,
        {
          ...about,
          label: facts.axis === "month" ? "the scale is that of this month" : "lines join the same world",
          sentence: said,
        },
      ),
      null,
      gainTable(facts, now, at),
    ),
    figure(
      "Month by month: one thin line a world, the thick one in the middle of them",
      lines(
        strategies.map((look, n) => ({ look, paths: here[n], strong: middles(here[n]) })),
        span(known.flat(3), LEAST_AXIS, undefined),
        {
          ...about,
          months: months[months.length - 1],
          assistance: facts.assistance,
          first: months[0],
          every: months[0],
          now: months[at.month],
          inYears: false,
          label: "months since help began",
          sentence: `${title}, month by month. ${said}`,
        },
      ),
      null,
      null,
    ),
    h(
      "figure",
      { class: "across" },
      h("h2", {}, months_),
      across(
        series,
        span(known.flatMap((one) => one.flatMap((worlds) => scaled(middles(worlds)))), LEAST_AXIS, undefined),
        { ...about, places, label: slider.label, sentence: months_ },
      ),
      h("button", { type: "button", onclick: showAll }, "Show all positions"),
    ),
  ];
}

/**
 * A position of the slider in words.
 * @param {Facts} facts
 * @param {number} place
 */
function value({ slider }, place) {
  const { values, factor, unit } = slider;
  return `${+(values[place] * factor).toPrecision(6)}${unit === "%" ? "" : " "}${unit}`.trim();
}

/**
 * @param {Facts} facts
 * @param {number} n
 */
function when({ months, assistance }, n) {
  const past = months[n] - assistance;
  if (past < 0) return `month ${months[n]} of ${assistance} months of help`;
  return past === 0 ? `month ${months[n]}, when help ends` : `month ${months[n]}, ${past} months after help has ended`;
}

/**
 * Which plan is ahead in how many worlds, never without hours, turnover and month.
 * @param {Facts} facts
 * @param {number[][]} now gains by strategy and world
 * @param {At} at
 */
function sentence(facts, now, at) {
  const { slider, strategies } = facts;
  const ofTurnover = slider.name === "lea_annual_exit";
  const turnover = 100 * (ofTurnover ? slider.values[at.place] : facts.turnover);
  const also = [
    ofTurnover ? "" : `, \u201c${slider.label}\u201d at ${value(facts, at.place)}`,
    facts.switch ? `, \u201c${facts.switch.variants[at.variant].label}\u201d` : "",
  ].join("");
  const where = `With ${whole(facts.hours)} hours of help a year and ${+turnover.toFixed(1)}% of district office staff leaving in a year${also}, in ${when(facts, at.month)}: `;
  const what = facts.measures[at.measure];
  const n = now[0].length;
  const lead = now[0].filter((gain, w) => gain > now[1][w]).length;
  const [first, second] = lead * 2 >= n ? [0, 1] : [1, 0];
  const count = first === 0 ? lead : n - lead;
  const sizes = `(in the middle of the worlds ${points(middle(now[first]))} against ${points(middle(now[second]))} points out of 100).`;
  const [ahead, behind] = [first, second].map((one) => `\u201c${strategies[one].title}\u201d`);
  if (now.every((gains) => Math.abs(middle(gains)) < MOVED_FROM))
    return `${where}neither plan has moved ${what} by as much as half a point out of 100.`;
  if (n < FEWEST_TO_COUNT) return `${where}too few worlds to tell ${sizes}`;
  if (count < SETTLED_FROM * n)
    return `${where}not settled. ${ahead} has added more to ${what} in ${count} of ${n} worlds, ${behind} in ${n - count} ${sizes}`;
  return `${where}${ahead} has added more to ${what} than ${behind} in ${count} of ${n} worlds ${sizes}`;
}

/**
 * @param {Facts} facts
 * @param {number[][]} now
 * @param {At} at
 */
function gainTable(facts, now, at) {
  return table(
    `Gain in ${facts.measures[at.measure]} over no help, in points out of 100: ${value(facts, at.place)}, ${when(facts, at.month)}`,
    ["Plan", "Least", "Middle", "Most", "Ahead in"],
    facts.strategies.map(({ title }, n) => [
      title,
      points(Math.min(...now[n])),
      points(middle(now[n])),
      points(Math.max(...now[n])),
      `${now[n].filter((gain, w) => gain > now[1 - n][w]).length} of ${now[n].length}`,
    ]),
  );
}

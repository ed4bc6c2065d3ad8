// A lesson: text on the left; on the right a prediction first, then what was simulated at each position of a slider.

import { figure, folded, h, oncePerFrame, parsed, redraw, table } from "./dom.js";
import { across, dots, legend, lines, span } from "./figures.js";
import { field, range, tabs } from "./inputs.js";
import { FEWEST_TO_COUNT, middle, whole } from "./words.js";

const [SETTLED_FROM, MOVED_FROM, LEAST_AXIS] = [0.75, 0.005, 0.005];

/** A gain in points out of 100. @type {Words} */
const points = (gain) => `${gain < -0.0005 ? "\u2212" : gain > 0.0005 ? "+" : ""}${Math.abs(100 * gain).toFixed(1)}`;

/** The same beside an axis, where a quarter must not look like .3. @type {Words} */
const beside = (gain) => `${gain < 0 ? "\u2212" : "+"}${+Math.abs(100 * gain).toFixed(2)}`;

/** The lesson, and `add`, which makes a position of the switch and the slider known. @param {Lesson} facts */
export function lesson(facts) {
  const at = { place: facts.slider.start, variant: 0, measure: 0, month: facts.months.indexOf(facts.month) };
  /** @type {(Gains | undefined)[][]} by position of the switch and the slider */
  const gains = (facts.switch?.variants ?? [null]).map(() => []);
  const tried = new Set();
  const body = h("div.shown");
  const draw = oncePerFrame(() => {
    tried.add(`${at.variant} ${at.place}`);
    redraw(body, drawn(facts, gains, at, tried, showAll));
  });
  function showAll() {
    gains.forEach((_, variant) => facts.slider.values.forEach((_, place) => tried.add(`${variant} ${place}`)));
    draw();
  }
  const screen = h("div.screen");
  const begin = (/** @type {string} */ answer) => {
    const { element, first } = controls(facts, at, draw);
    screen.replaceChildren(h("p.notice.predicted", `You predicted: ${answer}`), element, body);
    draw();
    first.focus();
  };
  screen.append(prediction(facts, begin));
  const enlarge = () =>
    projector.setAttribute("aria-pressed", String(document.documentElement.classList.toggle("projector")));
  const projector = h("button", { type: "button", "aria-pressed": "false", onclick: enlarge }, "For the projector");
  const heading = h("div", h("h1", facts.title), h("p.note", `${facts.about} ${facts.minutes} minutes.`));
  const element = h(
    "div.lesson",
    h("div.lesson-head", heading, projector),
    h("div.text-and-screen", h("div.text", parsed(facts.student)), screen),
    h("div.instructor", folded("For the instructor", parsed(facts.instructor))),
  );
  /** @param {number} variant @param {number} place @param {Gains} found */
  function add(variant, place, found) {
    gains[variant][place] = found;
    if (body.isConnected) draw();
  }
  return { element, add };
}

/** @param {Lesson} facts @param {(answer: string) => void} begin */
function prediction({ predict }, begin) {
  const button = h("button", { type: "submit", disabled: true }, "Show me");
  const answer = (/** @type {string} */ value) =>
    h("label.tick-box", h("input", { type: "radio", name: "answer", value }), value);
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const chosen = new FormData(form).get("answer");
    if (chosen) begin(String(chosen));
  };
  const onchange = () => {
    button.disabled = false;
  };
  const question = [h("legend", "First, your prediction"), h("p", predict.question)];
  const form = h("form.predict", { onchange, onsubmit }, h("fieldset", question, predict.answers.map(answer), button));
  return form;
}

/** @param {Lesson} facts @param {At} at @param {() => void} draw */
function controls(facts, at, draw) {
  const { slider, months, measures } = facts;
  const put = (/** @type {keyof At} */ name) => (/** @type {string | number} */ value) => {
    at[name] = Number(value);
    draw();
  };
  const one = (/** @type {keyof At} */ name, /** @type {string} */ label, texts = [""], named = false) => {
    const options = texts.map((text, n) => /** @type {Choice} */ ([String(n), text[0].toUpperCase() + text.slice(1)]));
    return tabs(label, options, String(at[name]), put(name), named);
  };
  const sliding = (/** @type {"place" | "month"} */ name, length = 0, /** @type {Words} */ words) => ({
    high: length - 1,
    value: at[name],
    words,
    change: put(name),
  });
  const place = range(slider.label, sliding("place", slider.values.length, (n) => value(facts, n)));
  const month = range("Month", sliding("month", months.length, (n) => when(facts, n)));
  const rule = facts.switch;
  const element = h(
    "form.controls",
    { "aria-label": "What is shown" },
    measures.length > 1 && one("measure", "Show", measures),
    rule && one("variant", rule.label, rule.variants.map(({ label }) => label), true),
    place.element,
    month.element,
  );
  return { element, first: place.input };
}

/** The middle of the worlds, month by month. @param {number[][]} worlds */
const middles = (worlds) => worlds[0].map((_, m) => middle(worlds.map((path) => path[m])));

/** @param {Lesson} facts @param {(Gains | undefined)[][]} gains @param {At} at @param {Set<string>} tried
 * @param {() => void} showAll */
function drawn(facts, gains, at, tried, showAll) {
  const here = gains[at.variant][at.place]?.[at.measure];
  if (!here) return [h("p.note", { role: "status" }, "This position is still being simulated ...")];
  const { strategies, months, slider } = facts;
  const known = gains.flat().flatMap((one) => (one ? [one[at.measure]] : []));
  const now = here.map((worlds) => worlds.map((path) => path[at.month]));
  const said = sentence(facts, now, at);
  /** @type {(path: number[]) => number[]} the months on whose scale marks are drawn */
  const scaled = (path) => (facts.axis === "month" ? [path[at.month]] : path);
  const title = `Gain in ${facts.measures[at.measure]} over no help, points out of 100`;
  const rows = strategies.map((look, n) => ({ look, values: now[n] }));
  const groups = strategies.map((look, n) => ({ look, paths: here[n], strong: middles(here[n]) }));
  const series = gains.flatMap((row, variant) =>
    strategies.map((look, n) => ({
      look,
      faint: variant !== at.variant,
      values: slider.values.map((_, place) => {
        const one = tried.has(`${variant} ${place}`) ? row[place]?.[at.measure] : undefined;
        return one ? middle(one[n].map((path) => path[at.month])) : null;
      }),
    })),
  );
  const tries = `In month ${months[at.month]}, at the positions you have tried: the middle of the worlds`;
  const label = facts.axis === "month" ? "the scale is that of this month" : "lines join the same world";
  const labels = { words: beside, label, sentence: said };
  const positions = figure(
    tries,
    across(series, span(known.flat().flatMap((worlds) => scaled(middles(worlds))), LEAST_AXIS), {
      ...labels,
      places: slider.values.map((_, n) => value(facts, n).replace(/ .*/, "")),
      label: slider.label,
      sentence: tries,
    }),
    null,
    middleTable(slider.label, slider.values.map((_, n) => value(facts, n)), series.filter(({ faint }) => !faint)),
  );
  positions.classList.add("across");
  positions.append(h("button", { type: "button", onclick: showAll }, "Show all positions"));
  return [
    h("p.verdict", { role: "status" }, said),
    legend(strategies),
    figure(
      `${title}: one mark a world`,
      dots(rows, span(known.flat(2).flatMap(scaled), LEAST_AXIS), labels),
      null,
      gainTable(facts, now, at),
    ),
    figure(
      "Month by month: one thin line a world, the thick one in the middle of them",
      lines(groups, span(known.flat(3), LEAST_AXIS), {
        ...labels,
        months: months[months.length - 1],
        assistance: facts.assistance,
        first: months[0],
        every: months[0],
        now: months[at.month],
        inYears: false,
        label: "months since help began",
        sentence: `${title}, month by month. ${said}`,
      }),
      null,
      middleTable("Month", months.map(String), groups.map(({ look, strong }) => ({ look, values: strong }))),
    ),
    positions,
  ];
}

/** The middle of the worlds in points out of 100. @param {string} head @param {string[]} places @param {Row[]} columns */
const middleTable = (head, places, columns) =>
  table(
    `${head}: the middle of the worlds, in points out of 100`,
    [head, ...columns.map(({ look }) => look.title)],
    places.map((place, n) => [place, ...columns.map(({ values }) => (values[n] === null ? "" : points(values[n])))]),
  );

/** A position of the slider in words. @param {Lesson} facts @param {number} place */
function value({ slider }, place) {
  const { values, factor, unit } = slider;
  return `${+(values[place] * factor).toPrecision(6)}${unit === "%" ? "" : " "}${unit}`.trim();
}

/** @param {Lesson} facts @param {number} n */
function when({ months, assistance }, n) {
  const past = months[n] - assistance;
  if (past < 0) return `month ${months[n]} of ${assistance} months of help`;
  return past === 0 ? `month ${months[n]}, when help ends` : `month ${months[n]}, ${past} months after help has ended`;
}

/** Which plan is ahead in how many worlds, never without hours, turnover and month.
 * @param {Lesson} facts @param {number[][]} now gains by strategy and world @param {At} at */
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

/** @param {Lesson} facts @param {number[][]} now @param {At} at */
const gainTable = (facts, now, at) =>
  table(
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

// What finished worlds say: the sentence of counts first, one dot a world, lines over time, tables under both.

import { chosenPlans, lookOf } from "./controls.js";
import { figure, h, table } from "./dom.js";
import { dots, lines, narrow, span, wide } from "./figures.js";
import { linked } from "./state.js";
import { amount, counted, duration, FEWEST_TO_COUNT, middle } from "./words.js";

/** @typedef {{ values: Record<string, Record<string, (number | null)[]>>, path: number[], failure?: string }} Run */
/** @typedef {{ world: number, plans: Record<string, Run> }} World */

export const TABS = {
  use: "Use",
  individual: "Skill",
  organizational_skills: "Routines",
  shared_goals: "Goals",
  cost: "Cost",
};
const DOES = {
  use: "leaves more use of the practices",
  individual: "leaves more skill",
  organizational_skills: "leaves more routines",
  shared_goals: "leaves more shared goals",
  cost: "costs more",
};
export const WHOM = {
  all: "all districts",
  small: "small districts",
  sparse: "sparse districts",
  poor: "the poorest quarter",
};
/** Axes of a scenario and outcome: they only grow, so that what moves on the screen is the answer. @type {Map<string, [number, number]>} */
const axes = new Map();

/** Which of the two moments is shown. @param {import("./main.js").Context} context */
export const moment = ({ state, scenario }) => (state.when === "end" ? 0 : state.when === "later" ? 1 : scenario.at);

/**
 * @param {World} world
 * @param {string} plan
 * @param {import("./state.js").State} state
 * @param {number} place
 */
function valueOf(world, plan, state, place) {
  const whom = state.outcome === "cost" ? "all" : state.whom;
  return world.plans[plan]?.values?.[state.outcome]?.[whom]?.[place] ?? null;
}

/**
 * @param {import("./main.js").Context} context
 * @param {World[]} finished
 * @param {any} answer
 */
export function told(context, finished, answer) {
  const { state, scenario } = context;
  if (!finished.length) return [h("p", { class: "note" }, "The first world is on its way.")];
  const place = moment(context);
  const ids = chosenPlans(context);
  const [first, second] = [ids[0], ids[1] ?? "none"];
  const look = (/** @type {string} */ id) => lookOf(context, id);
  const gain = (/** @type {World} */ world, /** @type {string} */ id) => {
    const [own, none] = [valueOf(world, id, state, place), valueOf(world, "none", state, place)];
    return own === null || none === null ? null : own - none;
  };
  const both = finished
    .map((world) => [valueOf(world, first, state, place), valueOf(world, second, state, place)])
    .filter((one) => one[0] !== null && one[1] !== null);
  const broken = finished.filter((world) => ids.some((id) => world.plans[id]?.failure)).length;
  if (!both.length)
    return [
      h("p", { class: "verdict" }, broken ? `The runs failed: ${failure(finished)}` : "No such districts are here."),
    ];
  const does = DOES[/** @type {keyof typeof DOES} */ (state.outcome)];
  const sentence = counted(
    /** @type {[number, number][]} */ (both),
    look(first).title,
    second === "none" ? "no help" : look(second).title,
    does,
  );
  const rows = ids.map((id) => ({ look: look(id), values: finished.map((world) => gain(world, id)) }));
  const typical = ids
    .map((id, n) => {
      const known = known_(rows[n].values);
      return known.length ? `${look(id).title} ${amount(middle(known), state.outcome, true)}` : "";
    })
    .filter(Boolean)
    .join(", ");
  const means = finished.length >= FEWEST_TO_COUNT ? `Over no help, in the middle world: ${typical}.` : "";
  const all = rows.flatMap((row) => known_(row.values));
  const name = `${scenario.id} ${state.outcome}`;
  const axis = span(all, state.outcome === "cost" ? 1000 : 0.05, axes.get(name));
  axes.set(name, axis);
  const title =
    state.outcome === "cost"
      ? "Cost over no help"
      : `Gain in ${TABS[/** @type {keyof typeof TABS} */ (state.outcome)].toLowerCase()} over no help`;
  const width = wide();
  const when = place ? scenario.when : "when help ends";
  return [
    h("p", { class: "verdict" }, sentence),
    verdict(context, answer, place),
    broken
      ? h("p", { class: "hint warn" }, `In ${broken} of ${finished.length} worlds a run failed: ${failure(finished)}`)
      : null,
    figure(
      `${title}, ${state.outcome === "cost" ? "in all months" : when}`,
      dots(rows, axis, {
        words: (value) => amount(value, state.outcome, true),
        label:
          narrow()
            ? "one dot a world; lines join the same world"
            : `${title} (one dot a world; lines join the same world)`,
        sentence: `${title}. ${sentence} ${means}`,
        width,
      }),
      `${means} ${meaning(context)} A dot opens its world.`,
      worldTable(context, rows, title),
    ),
    state.outcome === "use" && state.whom === "all" ? overTime(context, finished, ids.map(look)) : null,
  ].filter((one) => one !== null);
}

/** @param {(number | null)[]} values */
const known_ = (values) => /** @type {number[]} */ (values.filter((value) => value !== null));

/** @param {World[]} finished */
const failure = (finished) =>
  finished.flatMap((world) => Object.values(world.plans)).find((run) => run.failure)?.failure ?? "";

/** @param {import("./main.js").Context} context */
function meaning({ state, scenario }) {
  if (state.outcome === "cost") return "Dollars of the center over all months.";
  const text = scenario.outcomes[state.outcome].meaning;
  return `${text} Mean over ${state.whom === "all" ? `districts, counted by ${scenario.weight}` : WHOM[/** @type {keyof typeof WHOM} */ (state.whom)]}.`;
}

/**
 * What the report would say, of the outcome that the scenario asks about.
 * @param {import("./main.js").Context} context
 * @param {any} answer
 * @param {number} place
 */
function verdict({ state, scenario }, answer, place) {
  if (!answer || state.outcome !== scenario.outcome || state.whom !== "all" || place !== scenario.at) return null;
  const title = scenario.plans.find(({ id }) => id === answer.ahead)?.title ?? answer.ahead;
  /** @type {Record<string, string>} */
  const said = {
    larger: `${title} leaves more; luck alone does not turn it.`,
    "practically equal": `Practically equal: less than ${amount(answer.matters, "use")} does not matter.`,
    "not settled": "Not settled: other worlds might say the opposite.",
    "neither leaves anything": "Neither leaves anything that matters.",
    "too few worlds to tell": "Too few worlds for a verdict; 16 or more give one.",
  };
  if (state.doubt && answer.verdict === "larger") said.larger = `${title} leaves more, whatever was drawn.`;
  return h(
    "details",
    { class: "verdict-more" },
    h("summary", {}, said[answer.verdict] ?? answer.verdict),
    h("p", {}, answer.sentence),
  );
}

/**
 * @param {import("./main.js").Context} context
 * @param {{ look: import("./figures.js").Look, values: (number | null)[] }[]} rows
 * @param {string} title
 */
function worldTable(context, rows, title) {
  const { outcome } = context.state;
  const count = rows[0].values.length;
  const open = (/** @type {number} */ world) =>
    linked(context, { screen: "district", world, month: null }, {}, `World ${world}`);
  return table(
    title,
    ["", ...rows.map((row) => row.look.title)],
    Array.from({ length: count }, (_, n) => [
      open(n + 1),
      ...rows.map((row) => {
        const value = row.values[n];
        return value === null ? "failed" : amount(value, outcome, true);
      }),
    ]),
  );
}

/**
 * @param {import("./main.js").Context} context
 * @param {World[]} finished
 * @param {import("./figures.js").Look[]} looks
 */
function overTime({ scenario }, finished, looks) {
  const groups = looks.map((look) => {
    const paths = finished
      .filter((world) => world.plans[look.id]?.path && world.plans.none?.path)
      .map((world) => world.plans[look.id].path.map((value, n) => value - world.plans.none.path[n]));
    return { look, paths, strong: paths.length ? paths[0].map((_, n) => middle(paths.map((path) => path[n]))) : null };
  });
  const name = `${scenario.id} path`;
  const axis = span(
    groups.flatMap(({ paths }) => paths.flat()),
    0.05,
    axes.get(name),
  );
  axes.set(name, axis);
  const at = (/** @type {number[] | null} */ path, /** @type {number} */ month) =>
    path && month > 0 ? amount(path[month - 1], "use", true) : "";
  const sentence = `Gain in use over no help by month, in the middle world: ${groups.map(({ look, strong }) => `${look.title} ${scenario.assistance ? `${at(strong, scenario.assistance)} when help ends and ` : ""}${at(strong, scenario.months)} at the end`).join("; ")}.`;
  return yearByYear(groups, axis, scenario, {
    title: "Gain in use over no help, year by year",
    sentence,
    note: "One faint line a world.",
    of: "Gain in use over no help in the middle world",
    words: (value) => amount(value, "use", true),
  });
}

/**
 * A figure of plans by month, and the end of each year in a table.
 * @param {Parameters<typeof lines>[0]} groups
 * @param {[number, number]} axis
 * @param {import("./main.js").Scenario} scenario
 * @param {{ title: string, sentence: string, note: string, of: string, words: (value: number) => string }} about `of` heads the table
 */
export function yearByYear(groups, axis, { months, assistance }, { title, sentence, note, of, words }) {
  const plans = groups.filter(({ dashed }) => !dashed);
  const years = Array.from({ length: Math.floor(months / 12) }, (_, n) => 12 * (n + 1));
  return figure(
    title,
    lines(groups, axis, { months, assistance, first: 1, label: "years since help began", sentence, width: wide(), words }),
    `${sentence} ${note}`,
    table(
      of,
      ["After", ...plans.map(({ look }) => look.title)],
      years.map((month) => [duration(month), ...plans.map(({ strong }) => (strong ? words(strong[month - 1]) : ""))]),
    ),
  );
}

/** @param {World[]} finished */
export function data(finished) {
  /** @type {unknown[][]} */
  const rows = [["world", "plan", "outcome", "districts", "when", "value"]];
  for (const { world, plans: runs } of finished) {
    for (const [plan, run] of Object.entries(runs)) {
      for (const [outcome, groups] of Object.entries(run.values ?? {})) {
        for (const [whom, values] of Object.entries(groups)) {
          values.forEach((value, n) => {
            if (value !== null) rows.push([world, plan, outcome, whom, n ? "follow_up_end" : "assistance_end", value]);
          });
        }
      }
    }
  }
  return rows;
}

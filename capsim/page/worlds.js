// What finished worlds say: the sentence of counts first, one dot a world, lines over time, tables under both.

import { chosenPlans, lookOf } from "./controls.js";
import { figure, folded, h, table } from "./dom.js";
import { dots, lines, narrow, span } from "./figures.js";
import { linked, OUTCOMES, WHOM } from "./state.js";
import { amount, counted, duration, FEWEST_TO_COUNT, known, middle } from "./words.js";

/** Axes that are in use, by name. @type {Map<string, Axis>} */
const axes = new Map();

/** An axis that only grows, so that what moves on the screen is the answer.
 * @param {string} name @param {number[]} values @param {number} least */
function growing(name, values, least) {
  const axis = span(values, least, axes.get(name));
  axes.set(name, axis);
  return axis;
}

/** Which of the two moments is shown. @param {Context} context */
export const moment = ({ state, scenario }) => (state.when === "end" ? 0 : state.when === "later" ? 1 : scenario.at);

/** @param {World} world @param {string} plan @param {State} state @param {number} place */
const valueOf = (world, plan, { outcome, whom }, place) =>
  world.plans[plan]?.values?.[outcome]?.[outcome === "cost" ? "all" : whom]?.[place] ?? null;

/** @param {Context} context @param {World[]} finished @param {any} answer */
export function told(context, finished, answer) {
  const { state, scenario } = context;
  const { outcome } = state;
  if (!finished.length) return [h("p.note", "The first world is on its way.")];
  const place = moment(context);
  const ids = chosenPlans(context);
  const [first, second = "none"] = ids;
  const looks = ids.map((id) => lookOf(context, id));
  const values = (/** @type {string} */ id) => finished.map((world) => valueOf(world, id, state, place));
  const [firsts, seconds, none] = [values(first), values(second), values("none")];
  const both = /** @type {[number, number][]} */ (
    firsts.map((value, n) => [value, seconds[n]]).filter(([a, b]) => a !== null && b !== null)
  );
  const broken = finished.filter((world) => ids.some((id) => world.plans[id]?.failure)).length;
  if (!both.length)
    return [h("p.verdict", broken ? `The runs failed: ${failure(finished)}` : "No such districts are here.")];
  const other = second === "none" ? "no help" : looks[1].title;
  const sentence = counted(both, looks[0].title, other, OUTCOMES[outcome][1]);
  const rows = looks.map((look) => ({ look, values: values(look.id).map((own, n) => minus(own, none[n])) }));
  const typical = rows.flatMap(({ look, values }) =>
    known(values).length ? `${look.title} ${amount(middle(known(values)), outcome, true)}` : [],
  );
  const means = finished.length >= FEWEST_TO_COUNT ? `Over no help, in the middle world: ${typical.join(", ")}.` : "";
  const ofCost = outcome === "cost";
  const title = ofCost ? "Cost over no help" : `Gain in ${OUTCOMES[outcome][0].toLowerCase()} over no help`;
  const when = ofCost ? "in all months" : place ? scenario.when : "when help ends";
  const joining = "one dot a world; lines join the same world";
  const gains = rows.flatMap(({ values }) => known(values));
  const axis = growing(`${scenario.id} ${outcome}`, gains, ofCost ? 1000 : 0.05);
  const drawing = dots(rows, axis, {
    words: (value) => amount(value, outcome, true),
    label: narrow() ? joining : `${title} (${joining})`,
    sentence: `${title}. ${sentence} ${means}`,
  });
  const caption = `${means} ${meaning(context)} A dot opens its world.`;
  return [
    h("p.verdict", sentence),
    verdict(context, answer, place),
    broken > 0 && h("p.hint.warn", `In ${broken} of ${finished.length} worlds a run failed: ${failure(finished)}`),
    figure(`${title}, ${when}`, drawing, caption, worldTable(context, rows, title)),
    outcome === "use" && state.whom === "all" && overTime(context, finished, looks),
  ].filter((one) => one instanceof Node);
}

/** @param {number | null} own @param {number | null} none */
const minus = (own, none) => (own === null || none === null ? null : own - none);

/** @param {World[]} finished */
const failure = (finished) =>
  finished.flatMap((world) => Object.values(world.plans)).find((run) => run.failure)?.failure ?? "";

/** @param {Context} context */
function meaning({ state, scenario }) {
  if (state.outcome === "cost") return "Dollars of the center over all months.";
  const over = state.whom === "all" ? "districts" : WHOM[state.whom];
  return `${scenario.outcomes[state.outcome].meaning} Mean over ${over}, counted by ${scenario.weight}.`;
}

/** What the report would say, of what the scenario asks. @param {Context} context @param {any} answer @param {number} place */
function verdict({ state, scenario }, answer, place) {
  if (!answer || state.outcome !== scenario.outcome || state.whom !== "all" || place !== scenario.at) return null;
  const title = scenario.plans.find(({ id }) => id === answer.ahead)?.title ?? answer.ahead;
  /** @type {Record<string, string>} */
  const said = {
    larger: `${title} leaves more${state.doubt ? ", whatever was drawn" : "; luck alone does not turn it"}.`,
    "practically equal": `Practically equal: less than ${amount(answer.matters, "use")} does not matter.`,
    "not settled": "Not settled: other worlds might say the opposite.",
    "neither leaves anything": "Neither leaves anything that matters.",
    "too few worlds to tell": "Too few worlds for a verdict; 16 or more give one.",
  };
  const more = folded(said[answer.verdict] ?? answer.verdict, h("p", answer.sentence));
  more.className = "verdict-more";
  return more;
}

/** @param {Context} context @param {Row[]} rows @param {string} title */
function worldTable(context, rows, title) {
  const value = (/** @type {number | null} */ gain) =>
    gain === null ? "failed" : amount(gain, context.state.outcome, true);
  const open = (/** @type {number} */ world) =>
    linked(context, { screen: "district", world, month: null }, {}, `World ${world}`);
  return table(
    title,
    ["", ...rows.map(({ look }) => look.title)],
    rows[0].values.map((_, n) => [open(n + 1), ...rows.map(({ values }) => value(values[n]))]),
  );
}

/** @param {Context} context @param {World[]} finished @param {Look[]} looks */
function overTime({ scenario }, finished, looks) {
  const { assistance, months } = scenario;
  const groups = looks.map((look) => {
    const paths = finished
      .filter(({ plans }) => plans[look.id]?.path && plans.none?.path)
      .map(({ plans }) => plans[look.id].path.map((value, n) => value - plans.none.path[n]));
    return { look, paths, strong: paths.length ? paths[0].map((_, n) => middle(paths.map((path) => path[n]))) : null };
  });
  const words = (/** @type {number} */ value) => amount(value, "use", true);
  const at = (/** @type {number[] | null} */ path, /** @type {number} */ month) =>
    path && month > 0 ? words(path[month - 1]) : "";
  const ends = groups.map(({ look, strong }) => {
    const then = assistance ? `${at(strong, assistance)} when help ends and ` : "";
    return `${look.title} ${then}${at(strong, months)} at the end`;
  });
  const axis = growing(`${scenario.id} path`, groups.flatMap(({ paths }) => paths.flat()), 0.05);
  return yearByYear(groups, axis, scenario, {
    title: "Gain in use over no help, year by year",
    sentence: `Gain in use over no help by month, in the middle world: ${ends.join("; ")}.`,
    note: "One faint line a world.",
    of: "Gain in use over no help in the middle world",
    words,
  });
}

/** A figure of plans by month, and the end of each year in a table.
 * @param {Group[]} groups @param {Axis} axis @param {Scenario} scenario
 * @param {{ title: string, sentence: string, note: string, of: string, words: Words }} about `of` heads the table */
export function yearByYear(groups, axis, { months, assistance }, { title, sentence, note, of, words }) {
  const plans = groups.filter(({ dashed }) => !dashed);
  const years = Array.from({ length: Math.floor(months / 12) }, (_, n) => 12 * (n + 1));
  return figure(
    title,
    lines(groups, axis, { months, assistance, first: 1, label: "years since help began", sentence, words }),
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
  for (const { world, plans } of finished)
    for (const [plan, run] of Object.entries(plans))
      for (const [outcome, groups] of Object.entries(run.values ?? {}))
        for (const [whom, values] of Object.entries(groups))
          values.forEach((value, n) => {
            if (value !== null) rows.push([world, plan, outcome, whom, n ? "follow_up_end" : "assistance_end", value]);
          });
  return rows;
}

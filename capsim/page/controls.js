// What every screen asks for: where, turnover, budget, plans, luck. Native inputs; each says what it stands for.

import { h } from "./dom.js";
import { key } from "./figures.js";
import { field, range, select } from "./inputs.js";
import { elsewhere } from "./state.js";
import { percent, whole } from "./words.js";

const MOST_PLANS = 8;

/** @param {Context} context */
export function where({ state, scenarios, scenario, go }) {
  /** @type {Choice[]} */
  const options = scenarios.map(({ id, name }) => [id, name]);
  if (state.where === "file") options.push(["file", `${scenario.name} (your file)`]);
  const changed = (/** @type {string} */ id) => go(elsewhere(id === scenarios[0].id ? "" : id));
  const slow = scenario.slow ? h("p.hint", "A large world: one plan in one world takes seconds.") : null;
  return field("Where", select(options, state.where || scenarios[0].id, changed), slow);
}

/** @param {Context} context @param {() => void} changed */
export function turnover({ state, scenario, note }, changed) {
  const { value, low, high, source, assumed, meaning, label } = scenario.turnover;
  const plausible = `${percent(low)} to ${percent(high)}`;
  const warning = h("p.hint.warn");
  const beyond = (/** @type {number} */ x) => {
    warning.textContent = x < low - 1e-9 || x > high + 1e-9 ? `Outside what is plausible (${plausible}).` : "";
  };
  const from = `${assumed && !source.startsWith("assumed") ? "assumed; " : ""}${source}`;
  beyond(state.turnover ?? value);
  return range(
    "Leaving a year",
    {
      high: Math.ceil(100 * Math.max(0.5, value, state.turnover ?? 0)) / 100,
      step: 0.01,
      value: state.turnover ?? value,
      words: (x) => `${percent(x)} of staff`,
      change: (x) => {
        note({ turnover: Math.abs(x - value) < 1e-9 ? null : x });
        beyond(x);
        changed();
      },
    },
    h("p.hint", { title: meaning }, `${label}. Plausible ${plausible}; ${from}.`),
    warning,
  ).element;
}

/** @param {Context} context @param {() => void} changed */
export function budget({ state, scenario, note }, changed) {
  const { value, unit } = scenario.budget;
  const step = value > 0 ? value / 20 : 100;
  return range(
    "Budget",
    {
      high: Math.max(value * 3, state.budget ?? 0, step * 20),
      step,
      value: state.budget ?? value,
      words: (x) => (unit === "dollars" ? `$${whole(x)} a year` : `${whole(x)} hours a year`),
      change: (x) => {
        note({ budget: Math.abs(x - value) < step / 100 ? null : x });
        changed();
      },
    },
    h("p.hint", "The same for every plan; all agencies together."),
  ).element;
}

/** How a plan is drawn. @param {Context} context @param {string} id */
export const lookOf = ({ scenario }, id) => /** @type {Look} */ (scenario.plans.find((plan) => plan.id === id));

/** @param {Context} context */
export function chosenPlans({ state, scenario }) {
  const known = new Set(scenario.plans.map(({ id }) => id));
  const found = (state.plans ?? scenario.ticked).filter((id) => known.has(id) && id !== "none");
  return found.length ? found : scenario.ticked;
}

/** @param {Context} context @param {string[]} ids */
const keepPlans = ({ scenario, note }, ids) =>
  note({ plans: JSON.stringify(ids) === JSON.stringify(scenario.ticked) ? null : ids });

/** Plans to tick; the first two ticked are compared. @param {Context} context @param {() => void} changed */
export function plans(context, changed) {
  const { scenario, say } = context;
  const chosen = chosenPlans(context);
  const box = (/** @type {Plan} */ plan) => {
    const onchange = () => {
      const now = chosenPlans(context).filter((id) => id !== plan.id);
      if (input.checked) now.push(plan.id);
      if (now.length && now.length <= MOST_PLANS) {
        keepPlans(context, now);
        changed();
      } else {
        input.checked = !input.checked;
        say([now.length ? `At most ${MOST_PLANS} plans at a time.` : "Tick at least one plan."]);
      }
    };
    const input = h("input", { type: "checkbox", checked: chosen.includes(plan.id), value: plan.id, onchange });
    return h("label.tick-box", { title: plan.meaning }, input, key(plan), plan.title);
  };
  const own = scenario.plans.filter((plan) => plan.own || chosen.includes(plan.id));
  const others = scenario.plans.filter((plan) => !own.includes(plan) && plan.id !== "none");
  const more = h("details.more", h("summary", `${others.length} more plans`), others.map(box));
  return h("fieldset", h("legend", "Plans"), own.map(box), others.length > 0 && more);
}

/** The two plans that are compared with each other.
 * @param {Context} context @param {() => void} changed
 * @param {boolean} all whether any plan can be chosen, not only ticked ones */
export function pair(context, changed, all) {
  const ids = chosenPlans(context);
  const [first, second = "none"] = ids;
  /** @type {Choice[]} */
  const options = context.scenario.plans
    .filter(({ id }) => all || ids.includes(id) || (id === "none" && ids.length === 1))
    .map(({ id, title }) => [id, title]);
  const put = (/** @type {number} */ place) => (/** @type {string} */ id) => {
    const now = [first, second];
    if (id === now[1 - place]) now.reverse();
    now[place] = id;
    const rest = all ? [] : ids.filter((one) => !now.includes(one));
    if (now[0] === "none") now.reverse();
    keepPlans(context, [...now.filter((one) => one !== "none"), ...rest]);
    changed();
  };
  const helping = options.filter(([id]) => id !== "none");
  return h(
    "div.pair",
    field("Compare", select(helping, first, put(0))),
    field("with", select(options, second, put(1))),
  );
}

/** @param {Context} context @param {() => void} changed */
export function luck({ state, note }, changed) {
  const put = (/** @type {number} */ value) => {
    if (!Number.isInteger(value) || value < 0 || value > 2 ** 31) return;
    input.value = String(value);
    note({ luck: value });
    changed();
  };
  const onchange = () => put(input.valueAsNumber);
  const limits = { min: 0, max: 2 ** 31, step: 1 };
  const input = h("input", { type: "number", ...limits, value: state.luck, inputmode: "numeric", onchange });
  const next = h("button", { type: "button", onclick: () => put(input.valueAsNumber + 1) }, "Next");
  return field(
    "Luck",
    h("span.with-button", input, next),
    h("p.hint", "Who leaves when, who applies, who meets whom. All plans meet the same luck."),
  );
}

/** Numbers to choose from. @param {number[]} counts @param {number} chosen @param {(count: number) => void} change */
export const numbers = (counts, chosen, change) =>
  select(counts.map((n) => [String(n), String(n)]), String(chosen), (text) => change(Number(text)));

/** @param {Context} context @param {() => void} changed */
export function worlds({ state, note }, changed) {
  const counts = [...new Set([8, 16, 32, 64, state.worlds])].sort((a, b) => a - b);
  const change = (/** @type {number} */ count) => {
    note({ worlds: count });
    changed();
  };
  return field("Worlds", numbers(counts, state.worlds, change));
}

/** @param {Context} context */
export function question(context) {
  const { state, scenario } = context;
  return {
    scenario: state.where === "file" ? sessionStorage.getItem("file") : scenario.id,
    parameters: state.turnover === null ? {} : { [scenario.turnover.name]: state.turnover },
    budget: state.budget,
    plans: chosenPlans(context),
    luck: state.luck,
    worlds: state.worlds,
    doubt: state.doubt,
  };
}

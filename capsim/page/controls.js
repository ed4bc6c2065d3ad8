// What every screen asks for: where, turnover, budget, plans, luck. Native inputs; each says what it stands for.

import { h } from "./dom.js";
import { key } from "./figures.js";
import { field, range, select } from "./inputs.js";
import { elsewhere } from "./state.js";
import { percent, whole } from "./words.js";

/** @typedef {import("./main.js").Context} Context */

const MOST_PLANS = 8;

/** On narrow screens the controls stand below what comes out. */
export const jump = () => h("a", { class: "jump", href: "#controls" }, "Change place, turnover, budget, plans");

/** @param {Context} context */
export function where({ state, scenarios, scenario, go }) {
  /** @type {[string, string][]} */
  const options = scenarios.map(({ id, name }) => [id, name]);
  if (state.where === "file") options.push(["file", `${scenario.name} (your file)`]);
  const changed = (/** @type {string} */ id) => go(elsewhere(id === scenarios[0].id ? "" : id));
  return field(
    "Where",
    select(options, state.where || scenarios[0].id, changed),
    scenario.slow ? h("p", { class: "hint" }, "A large world: one plan in one world takes seconds.") : null,
  );
}

/**
 * @param {Context} context
 * @param {() => void} changed
 */
export function turnover({ state, scenario, note }, changed) {
  const { value, low, high, source, assumed, meaning, label } = scenario.turnover;
  const words = (/** @type {number} */ x) => `${percent(x)} of staff`;
  const top = Math.max(0.5, value, state.turnover ?? 0);
  const { input, said } = range({
    low: 0,
    high: Math.ceil(top * 100) / 100,
    step: 0.01,
    value: state.turnover ?? value,
    words,
    change: (x) => {
      note({ turnover: Math.abs(x - value) < 1e-9 ? null : x });
      beyond();
      changed();
    },
  });
  const warning = h("p", { class: "hint warn" });
  const beyond = () => {
    const x = state.turnover ?? value;
    warning.textContent =
      x < low - 1e-9 || x > high + 1e-9 ? `Outside what is plausible (${percent(low)} to ${percent(high)}).` : "";
  };
  beyond();
  return field(
    "Leaving a year",
    input,
    said,
    h(
      "p",
      { class: "hint", title: meaning },
      `${label}. Plausible ${percent(low)} to ${percent(high)}; ${assumed && !source.startsWith("assumed") ? "assumed; " : ""}${source}.`,
    ),
    warning,
  );
}

/**
 * @param {Context} context
 * @param {() => void} changed
 */
export function budget({ state, scenario, note }, changed) {
  const { value, unit } = scenario.budget;
  const words = (/** @type {number} */ x) => (unit === "dollars" ? `$${whole(x)} a year` : `${whole(x)} hours a year`);
  const step = value > 0 ? value / 20 : 100;
  const { input, said } = range({
    low: 0,
    high: Math.max(value * 3, state.budget ?? 0, step * 20),
    step,
    value: state.budget ?? value,
    words,
    change: (x) => {
      note({ budget: Math.abs(x - value) < step / 100 ? null : x });
      changed();
    },
  });
  return field("Budget", input, said, h("p", { class: "hint" }, "The same for every plan; all agencies together."));
}

/** How a plan is drawn. @param {Context} context @param {string} id */
export const lookOf = ({ scenario }, id) =>
  /** @type {import("./figures.js").Look} */ (scenario.plans.find((plan) => plan.id === id));

/** @param {Context} context */
export function chosenPlans({ state, scenario }) {
  const known = new Set(scenario.plans.map(({ id }) => id));
  const found = (state.plans ?? scenario.ticked).filter((id) => known.has(id) && id !== "none");
  return found.length ? found : scenario.ticked;
}

/**
 * @param {Context} context
 * @param {string[]} ids
 */
function keepPlans({ scenario, note }, ids) {
  note({ plans: JSON.stringify(ids) === JSON.stringify(scenario.ticked) ? null : ids });
}

/**
 * Plans to tick; the first two ticked are compared with each other.
 * @param {Context} context
 * @param {() => void} changed
 */
export function plans(context, changed) {
  const { scenario, say } = context;
  const chosen = chosenPlans(context);
  const box = (/** @type {import("./main.js").Scenario["plans"][0]} */ plan) => {
    const input = h("input", { type: "checkbox", checked: chosen.includes(plan.id), value: plan.id });
    input.addEventListener("change", () => {
      const now = chosenPlans(context).filter((id) => id !== plan.id);
      if (input.checked) now.push(plan.id);
      if (!now.length || now.length > MOST_PLANS) {
        input.checked = !input.checked;
        say([now.length ? `At most ${MOST_PLANS} plans at a time.` : "Tick at least one plan."]);
        return;
      }
      keepPlans(context, now);
      changed();
    });
    return h("label", { class: "tick-box", title: plan.meaning }, input, key(plan), plan.title);
  };
  const own = scenario.plans.filter((plan) => plan.own || chosen.includes(plan.id));
  const others = scenario.plans.filter((plan) => !own.includes(plan) && plan.id !== "none");
  return h(
    "fieldset",
    {},
    h("legend", {}, "Plans"),
    own.map(box),
    others.length
      ? h("details", { class: "more" }, h("summary", {}, `${others.length} more plans`), others.map(box))
      : null,
  );
}

/**
 * The two plans that are compared with each other.
 * @param {Context} context
 * @param {() => void} changed
 * @param {boolean} all whether any plan can be chosen, not only ticked ones
 */
export function pair(context, changed, all) {
  const { scenario } = context;
  const ids = chosenPlans(context);
  const [first, second = "none"] = ids;
  const choices = scenario.plans.filter(({ id }) => all || ids.includes(id) || (id === "none" && ids.length === 1));
  /** @type {[string, string][]} */
  const options = choices.map(({ id, title }) => [id, title]);
  const put = (/** @type {number} */ place) => (/** @type {string} */ id) => {
    const now = [first, second];
    const other = now[1 - place];
    if (id === other) now[1 - place] = now[place];
    now[place] = id;
    const rest = all ? [] : ids.filter((one) => !now.includes(one));
    if (now[0] === "none") now.reverse();
    keepPlans(context, [...now.filter((one) => one !== "none"), ...rest]);
    changed();
  };
  return h(
    "div",
    { class: "pair" },
    field(
      "Compare",
      select(
        options.filter(([id]) => id !== "none"),
        first,
        put(0),
      ),
    ),
    field("with", select(options, second, put(1))),
  );
}

/**
 * @param {Context} context
 * @param {() => void} changed
 */
export function luck({ state, note }, changed) {
  const input = h("input", { type: "number", min: 0, max: 2 ** 31, step: 1, value: state.luck, inputmode: "numeric" });
  const put = (/** @type {number} */ value) => {
    if (!Number.isInteger(value) || value < 0 || value > 2 ** 31) return;
    input.value = String(value);
    note({ luck: value });
    changed();
  };
  input.addEventListener("change", () => put(input.valueAsNumber));
  return field(
    "Luck",
    h(
      "span",
      { class: "with-button" },
      input,
      h("button", { type: "button", onclick: () => put(input.valueAsNumber + 1) }, "Next"),
    ),
    h("p", { class: "hint" }, "Who leaves when, who applies, who meets whom. All plans meet the same luck."),
  );
}

/**
 * @param {Context} context
 * @param {() => void} changed
 */
export function worlds({ state, note }, changed) {
  const counts = [...new Set([8, 16, 32, 64, state.worlds])].sort((a, b) => a - b);
  return field(
    "Worlds",
    select(
      counts.map((n) => [String(n), String(n)]),
      String(state.worlds),
      (text) => {
        note({ worlds: Number(text) });
        changed();
      },
    ),
  );
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

// The screen that compares plans: what is asked on the left, what comes out on the right, world by world.

import { asking } from "./asking.js";
import { budget, luck, plans, turnover, where, worlds } from "./controls.js";
import { h, oncePerFrame, redraw } from "./dom.js";
import { field, player, select, tabs } from "./inputs.js";
import { OUTCOMES, WHOM } from "./state.js";
import { data, moment, told } from "./worlds.js";

const MILLISECONDS_A_WORLD = 600;

/** @param {Context} context */
export function compare(context) {
  const { state, scenario, note, go } = context;
  /** @type {World[]} */
  let finished = [];
  /** @type {any} */
  let answer = null;
  const result = h("div.result-body");
  const draw = oncePerFrame(() => redraw(result, told(context, finished, answer)));
  const choose = (/** @type {Changes} */ changes) => {
    note(changes);
    draw();
  };
  result.addEventListener("click", (event) => {
    const world = event.target instanceof Element ? event.target.getAttribute("data-world") : null;
    if (world) go({ screen: "district", world: Number(world), month: null });
  });
  const one = worldByWorld(result);
  const shows = Object.entries(OUTCOMES).map(([id, [title]]) => /** @type {Choice} */ ([id, title]));
  const shown = asking(context, {
    kind: "compare",
    begin: () => {
      finished = [];
      answer = null;
      result.classList.add("old");
    },
    total: state.worlds,
    hear: (bar) => ({
      world: (found) => {
        result.classList.remove("old");
        finished.push(found);
        bar.show(found.done, found.total, found.seconds_left);
        draw();
      },
      answer: (found) => {
        answer = found;
        draw();
      },
    }),
    stopped: () => {
      draw();
      return `Stopped after ${finished.length}.`;
    },
    pause: 60,
    pairOnly: false,
    leave: one.stop,
    controls: ({ run, runSoon, again }) => [
      where(context),
      turnover(context, runSoon),
      budget(context, runSoon),
      plans(context, again),
      luck(context, runSoon),
      worlds(context, run),
      doubt(context, run),
      h(
        "p.hint",
        "Each world then draws what nobody has measured, and the rules that may be otherwise, the same for all plans.",
      ),
    ],
    heading: scenario.name,
    result: [
      h(
        "div.views",
        tabs("Show", shows, state.outcome, (outcome) => choose({ outcome })),
        field("For", select(Object.entries(WHOM), state.whom, (whom) => choose({ whom }))),
        when(context, choose),
        one.button,
      ),
      result,
    ],
    downloads: { name: scenario.name, report: true, data: () => data(finished) },
  });
  shown.element.lastElementChild?.append(h("p.note", scenario.notes.join(" ")));
  return shown;
}

/** What may come out, one world at a time: its dots stand out. @param {HTMLElement} result */
function worldByWorld(result) {
  let world = 0;
  return player("World by world", MILLISECONDS_A_WORLD, (first) => {
    const last = Number([...result.querySelectorAll("[data-world]")].at(-1)?.getAttribute("data-world") ?? 0);
    world = first ? 1 : world + 1;
    for (const dot of result.querySelectorAll("[data-world]"))
      dot.classList.toggle("other", world <= last && dot.getAttribute("data-world") !== String(world));
    return world <= last && `World ${world} of ${last}: stop`;
  });
}

/** @param {Context} context @param {() => void} run */
function doubt({ state, note }, run) {
  const onchange = () => {
    note({ doubt: input.checked });
    run();
  };
  const input = h("input", { type: "checkbox", checked: state.doubt, onchange });
  return h("label.tick-box", input, "Doubt numbers and rules, too");
}

/** Help's end or later, where there is a later. @param {Context} context @param {(changes: Changes) => void} choose */
function when(context, choose) {
  const { scenario } = context;
  if (scenario.months <= scenario.assistance) return null;
  const end = "when help ends";
  const later = scenario.when === end ? "at the end of the months after help" : scenario.when;
  const change = (/** @type {string} */ id) => choose({ when: (id === "later" ? 1 : 0) === scenario.at ? "" : id });
  const options = /** @type {Choice[]} */ ([["end", end], ["later", later]]);
  return field("When", select(options, moment(context) ? "later" : "end", change));
}

// The screen that compares plans: what is asked on the left, what comes out on the right, world by world.

import { ask } from "./api.js";
import { budget, field, jump, luck, pair, plans, question, select, turnover, where, worlds } from "./controls.js";
import { h, oncePerFrame, whenQuiet } from "./dom.js";
import { downloads, progress } from "./results.js";
import { data, moment, TABS, told, WHOM } from "./worlds.js";

/** @param {import("./main.js").Context} context */
export function compare(context) {
  const { state, scenario, note, say, go } = context;
  /** @type {import("./worlds.js").World[]} */
  let finished = [];
  /** @type {any} */
  let answer = null;
  let stop = () => {};
  const bar = progress(() => {
    stop();
    bar.end(`Stopped after ${finished.length}.`);
    draw();
  });
  const result = h("div", { class: "result-body" });

  function run() {
    stop();
    finished = [];
    answer = null;
    const asked = question(context);
    result.classList.add("old");
    bar.show(0, state.worlds, null);
    stop = ask("compare", asked, {
      world: (found) => {
        if (!finished.length) result.classList.remove("old");
        finished.push(found);
        bar.show(found.done, found.total, found.seconds_left);
        draw();
      },
      answer: (found) => {
        answer = found;
        draw();
      },
      failed: (lines) => {
        say(lines);
        bar.end("Nothing was finished.");
      },
    });
  }
  const runSoon = whenQuiet(run, 60);
  const again = () => {
    pairs.replaceChildren(pair(context, again, false));
    runSoon();
  };
  const draw = oncePerFrame(() => result.replaceChildren(...told(context, finished, answer)));
  const redraw = (/** @type {Partial<import("./state.js").State>} */ changes) => {
    note(changes);
    draw();
  };
  const pairs = h("div", {}, pair(context, again, false));

  const doubt = h("input", {
    type: "checkbox",
    checked: state.doubt,
    onchange: () => {
      note({ doubt: doubt.checked });
      run();
    },
  });
  const tabs = h(
    "fieldset",
    { class: "tabs" },
    h("legend", {}, "Show"),
    Object.entries(TABS).map(([id, title]) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "outcome",
          value: id,
          checked: id === state.outcome,
          onchange: () => redraw({ outcome: id }),
        }),
        h("span", {}, title),
      ),
    ),
  );
  /** @type {[string, string][]} */
  const moments = [
    ["end", "when help ends"],
    ["later", scenario.when],
  ];
  const follow = scenario.months > scenario.assistance;
  const whom = field(
    "For",
    select(Object.entries(WHOM), state.whom, (id) => redraw({ whom: id })),
  );
  const when = follow
    ? field(
        "When",
        select(
          moments[1][1] === moments[0][1] ? [moments[0], ["later", "at the end of the months after help"]] : moments,
          moment(context) ? "later" : "end",
          (id) => redraw({ when: (id === "later" ? 1 : 0) === scenario.at ? "" : id }),
        ),
      )
    : null;
  const element = h(
    "div",
    { class: "with-controls" },
    h(
      "form",
      {
        class: "controls",
        id: "controls",
        "aria-label": "What is compared",
        onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
      },
      where(context),
      turnover(context, runSoon),
      budget(context, runSoon),
      plans(context, again),
      luck(context, runSoon),
      worlds(context, run),
      h("label", { class: "tick-box" }, doubt, "Doubt numbers and rules, too"),
      h(
        "p",
        { class: "hint" },
        "Each world then draws what nobody has measured, and the rules that may be otherwise, the same for all plans.",
      ),
    ),
    h(
      "section",
      { class: "result", "aria-label": "What comes out" },
      h("h1", {}, scenario.name),
      jump(),
      pairs,
      bar.element,
      h("div", { class: "views" }, tabs, whom, when),
      result,
      downloads({
        name: scenario.name,
        report: true,
        say,
        question: () => question(context),
        data: () => data(finished),
        drawing: () => result.querySelector("svg[role=img]"),
      }),
      h("p", { class: "note" }, scenario.notes.join(" ")),
    ),
  );
  result.addEventListener("click", (event) => {
    const world = event.target instanceof Element ? event.target.getAttribute("data-world") : null;
    if (world) go({ screen: "district", world: Number(world), month: null });
  });
  run();
  return { element, leave: () => stop() };
}

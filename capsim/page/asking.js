// A screen that asks the server: the form on the left, and on the right the pair of plans, progress, what comes out.

import { ask } from "./api.js";
import { chosenPlans, pair, question } from "./controls.js";
import { h, whenQuiet } from "./dom.js";
import { downloads, progress } from "./results.js";

/** The two plans that are compared with each other. @param {Context} context */
export const two = (context) => chosenPlans(context).slice(0, 2);

/** @param {Context} context @param {About} about */
export function asking(context, about) {
  const { say } = context;
  let stop = () => {};
  const bar = progress(() => {
    stop();
    bar.end(about.stopped?.() ?? "Stopped.");
  });
  const compared = () => ({ ...question(context), ...(about.pairOnly && { plans: two(context), doubt: false }) });
  function run() {
    stop();
    about.begin?.();
    bar.show(0, about.total, null);
    const failed = (/** @type {string[]} */ lines) => {
      say(lines);
      bar.end("Nothing was finished.");
    };
    stop = ask(about.kind, { ...compared(), ...about.asked?.() }, { ...about.hear(bar), failed });
  }
  const whenStill = whenQuiet(() => element.isConnected && run(), about.pause);
  const runSoon = () => {
    stop();
    bar.show(0, about.total, null);
    whenStill();
  };
  const pairs = h("div");
  const drawPair = () => pairs.replaceChildren(pair(context, again, about.pairOnly));
  const again = () => {
    drawPair();
    runSoon();
  };
  drawPair();
  const quiet = (/** @type {Event} */ event) => event.preventDefault();
  const controls = about.controls({ run, runSoon, again });
  const heading = h("h1", about.heading);
  /** @returns {Element | null} */
  const drawing = () => element.querySelector("svg[role=img]");
  const element = h(
    "div.with-controls",
    h("form.controls", { id: "controls", "aria-label": "What is asked", onsubmit: quiet }, controls),
    h(
      "section.result",
      { "aria-label": "What comes out" },
      heading,
      h("a.jump", { href: "#controls" }, "Change place, turnover, budget, plans"), // on narrow screens they stand below
      pairs,
      bar.element,
      about.result,
      downloads({ ...about.downloads, say, question: compared, drawing }),
    ),
  );
  run();
  const leave = () => {
    stop();
    about.leave?.();
  };
  return { element, heading, run, leave };
}

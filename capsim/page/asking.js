// A screen that asks the server: the form on the left, and on the right the pair of plans, progress, what comes out.

import { ask } from "./api.js";
import { chosenPlans, jump, pair, question } from "./controls.js";
import { h, whenQuiet } from "./dom.js";
import { downloads, progress } from "./results.js";

/** The two plans that are compared with each other. @param {import("./main.js").Context} context */
export const two = (context) => chosenPlans(context).slice(0, 2);

/**
 * @typedef {object} About what one screen has of its own
 * @property {string} kind of the job
 * @property {() => Record<string, unknown>} [asked] what differs from the question of all screens
 * @property {() => void} begin called before every run
 * @property {(bar: ReturnType<typeof progress>) => Record<string, (content: any) => void>} hear
 * @property {number} total steps, to begin with
 * @property {() => string} [stopped] what is said then
 * @property {number} pause milliseconds without a move after which it runs
 * @property {boolean} pairOnly whether any two plans can be chosen and only they are run, with numbers and rules as they stand
 * @property {(asking: Asking) => (Node | null)[]} controls
 * @property {(Node | string)[]} heading
 * @property {(Node | null)[]} result
 * @property {Omit<Parameters<typeof downloads>[0], "say" | "question">} downloads
 *
 * @typedef {object} Asking
 * @property {() => void} run
 * @property {() => void} runSoon
 * @property {() => void} again run soon, with other plans
 */

/**
 * @param {import("./main.js").Context} context
 * @param {About} about
 */
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
    about.begin();
    bar.show(0, about.total, null);
    stop = ask(about.kind, { ...compared(), ...about.asked?.() }, {
      ...about.hear(bar),
      failed: (lines) => {
        say(lines);
        bar.end("Nothing was finished.");
      },
    });
  }
  const whenStill = whenQuiet(() => element.isConnected && run(), about.pause);
  const runSoon = () => {
    stop();
    bar.show(0, about.total, null);
    whenStill();
  };
  const pairs = h("div", {});
  const drawPair = () => pairs.replaceChildren(pair(context, again, about.pairOnly));
  const again = () => {
    drawPair();
    runSoon();
  };
  drawPair();
  const element = h(
    "div",
    { class: "with-controls" },
    h(
      "form",
      {
        class: "controls",
        id: "controls",
        "aria-label": "What is asked",
        onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
      },
      about.controls({ run, runSoon, again }),
    ),
    h(
      "section",
      { class: "result", "aria-label": "What comes out" },
      about.heading,
      jump(),
      pairs,
      bar.element,
      about.result,
      downloads({ ...about.downloads, say, question: compared }),
    ),
  );
  return { element, run, leave: () => stop() };
}

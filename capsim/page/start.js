// The first screen: what can be done here.

import { h } from "./dom.js";
import { linked } from "./state.js";

/** @param {import("./main.js").Context} context */
export function start(context) {
  const card = (/** @type {string} */ screen, /** @type {string} */ title, /** @type {string} */ text) =>
    linked(context, { screen }, { class: "card" }, h("h2", {}, title), h("p", {}, text));
  const element = h(
    "div",
    { class: "start" },
    h("h1", {}, "Which help leaves something behind?"),
    h(
      "p",
      { class: "lead" },
      "Help reaches people, people leave. See what stays: the same agencies, the same people, the same luck, with one plan and with another.",
    ),
    h(
      "div",
      { class: "cards" },
      card(
        "compare",
        "Compare plans",
        "Move turnover and budget, tick plans, and see in how many worlds each leaves more.",
      ),
      card(
        "district",
        "Look at one district",
        "Every seat, month by month: who comes and leaves, what they can do, whom they ask.",
      ),
      card("map", "Find where it turns", "From which turnover on, and after how many months, is another plan ahead?"),
      card("lesson", "Lessons", "Predict, look, explain: a tour of five minutes and three sessions of fifty, for a class."),
      card("file", "Open my file", "A scenario of your own, as capsim compare reads it."),
    ),
    h(
      "p",
      { class: "note" },
      `Now: ${context.scenario.name}. Everything on a screen stands in its address, so a bookmark brings it back.`,
    ),
  );
  return { element };
}

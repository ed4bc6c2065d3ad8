// The first screen: what can be done here.

import { h } from "./dom.js";
import { linked } from "./state.js";

const CARDS = [
  ["compare", "Compare plans", "Move turnover and budget, tick plans, and see in how many worlds each leaves more."],
  ["district", "Look at one district", "Every seat, month by month: who comes and leaves, what they can do, whom they ask."],
  ["map", "Find where it turns", "From which turnover on, and after how many months, is another plan ahead?"],
  ["lesson", "Lessons", "Predict, look, explain: a tour of five minutes and three sessions of fifty, for a class."],
  ["file", "Open my file", "A scenario of your own, as capsim compare reads it."],
];

/** @param {Context} context */
export function start(context) {
  const cards = CARDS.map(([screen, title, text]) =>
    linked(context, { screen }, { class: "card" }, h("h2", title), h("p", text)),
  );
  const lead =
    "Help reaches people, people leave. See what stays: the same agencies, the same people, the same luck, " +
    "with one plan and with another.";
  const bookmark = "Everything on a screen stands in its address, so a bookmark brings it back.";
  const now = `Now: ${context.scenario.name}. ${bookmark}`;
  const heading = h("h1", "Which help leaves something behind?");
  return { element: h("div.start", heading, h("p.lead", lead), h("div.cards", cards), h("p.note", now)) };
}

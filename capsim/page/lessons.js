// The screen of lessons: which there are, and one of them; its positions are simulated while somebody predicts.

import { ask, get, linesOf } from "./api.js";
import { h, nothing } from "./dom.js";
import { lesson } from "./lesson.js";
import { progress } from "./results.js";
import { linked } from "./state.js";

/** @param {Context} context */
export function lessons(context) {
  const { state, say } = context;
  const element = h("div", h("p.note", "Loading ..."));
  let stop = () => {};
  let left = false;
  get(state.lesson ? `api/lessons/${encodeURIComponent(state.lesson)}` : "api/lessons")
    .then((found) => {
      if (!state.lesson) element.replaceChildren(...list(context, found));
      else if (!left) stop = one(context, element, found);
    })
    .catch((error) => {
      element.replaceChildren(h("h1", "Lessons"), nothing());
      say(linesOf(error));
    });
  return {
    element,
    leave: () => {
      left = true;
      stop();
      document.documentElement.classList.remove("projector");
    },
  };
}

/** @param {Context} context @param {{ name: string, title: string, about: string, minutes: number }[]} found */
function list(context, found) {
  const cards = found.map(({ name, title, about, minutes }) =>
    linked(context, { lesson: name }, { class: "card" }, h("h2", title), h("p", `${about} ${minutes} minutes.`)),
  );
  const command = h("code", "capsim lesson NAME --out FILE.html");
  const hint = h("p.note", "To hand one out as a file that needs nothing but a browser: ", command, " in a terminal.");
  return [h("h1", "Lessons"), h("div.cards", cards), hint];
}

/** @param {Context} context @param {HTMLElement} element @param {Lesson} facts */
function one(context, element, facts) {
  const shown = lesson(facts);
  let done = 0;
  const total = facts.slider.values.length * (facts.switch?.variants.length ?? 1);
  const bar = progress(() => {
    stop();
    bar.end(`Stopped after ${done} of ${total} positions.`);
  }, "Positions simulated");
  bar.show(0, total, null);
  const stop = ask("lesson", { lesson: context.state.lesson }, {
    position: ({ variant, place, gains }) => {
      done += 1;
      bar.show(done, total, null);
      shown.add(variant, place, gains);
    },
    done: () => bar.end(""),
    failed: (lines) => {
      context.say(lines);
      bar.end("Not all positions were simulated.");
    },
  });
  element.replaceChildren(linked(context, { lesson: "" }, {}, "All lessons"), bar.element, shown.element);
  return stop;
}

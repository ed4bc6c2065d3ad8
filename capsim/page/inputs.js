// Native inputs with what they stand for, in words: beside them, and for those who listen.

import { h } from "./dom.js";

let numbered = 0;

/**
 * @param {string} label
 * @param {HTMLElement} input
 * @param {...(Node | string | null)} after
 */
export function field(label, input, ...after) {
  const own = input.querySelector("input") ?? input;
  own.id ||= `input-${++numbered}`;
  return h("div", { class: "field" }, h("label", { for: own.id }, label), input, ...after);
}

/**
 * @param {[string, string][]} options value and text
 * @param {string} chosen
 * @param {(value: string) => void} change
 */
export function select(options, chosen, change) {
  return h(
    "select",
    { onchange: (/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );
}

/**
 * A range with its value in words, beside it and for those who listen.
 * @param {{ low: number, high: number, step: number, value: number, words: (value: number) => string, change: (value: number) => void }} about
 */
export function range({ low, high, step, value, words, change }) {
  const said = h("output", {}, words(value));
  const input = h("input", { type: "range", min: low, max: high, step, value, "aria-valuetext": words(value) });
  input.addEventListener("input", () => {
    said.textContent = words(input.valueAsNumber);
    input.setAttribute("aria-valuetext", words(input.valueAsNumber));
    change(input.valueAsNumber);
  });
  return { input, said };
}

/**
 * A few things of which one is shown.
 * @param {string} legend
 * @param {[string, string][]} options value and text
 * @param {string} chosen
 * @param {(value: string) => void} change
 * @param {{ named?: boolean }} [more] whether the legend is to be seen
 */
export function tabs(legend, options, chosen, change, { named = false } = {}) {
  const name = `tabs-${++numbered}`;
  return h(
    "fieldset",
    { class: named ? "tabs named" : "tabs" },
    h("legend", {}, legend),
    options.map(([value, text]) =>
      h(
        "label",
        {},
        h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => change(value) }),
        h("span", {}, text),
      ),
    ),
  );
}

// Native inputs with what they stand for, in words: beside them, and for those who listen.

import { h } from "./dom.js";

let numbered = 0;

/** @param {string} label @param {HTMLElement} input @param {...(Node | string | null)} after */
export function field(label, input, ...after) {
  const own = input.querySelector("input") ?? input;
  own.id ||= `input-${++numbered}`;
  return h("div.field", h("label", { for: own.id }, label), input, ...after);
}

/** @param {Choice[]} options @param {string} chosen @param {(value: string) => void} change */
export const select = (options, chosen, change) =>
  h(
    "select",
    { onchange: (event) => change(event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)),
  );

/** A field with a range and its value in words; `put` sets it as if it stood there from the beginning.
 * @param {string} label @param {Slider} slider @param {...(Node | string | null)} after */
export function range(label, { low = 0, high, step = 1, value, words, change }, ...after) {
  const said = h("output", words(value));
  const input = h("input", { type: "range", min: low, max: high, step, value, "aria-valuetext": words(value) });
  const put = (/** @type {number} */ value) => {
    input.value = String(value);
    said.textContent = words(value);
    input.setAttribute("aria-valuetext", words(value));
  };
  input.addEventListener("input", () => {
    put(input.valueAsNumber);
    change(input.valueAsNumber);
  });
  return { element: field(label, input, said, ...after), input, put };
}

/** A few things of which one is shown.
 * @param {string} legend @param {Choice[]} options @param {string} chosen @param {(value: string) => void} change
 * @param {boolean} [named] whether the legend is to be seen */
export function tabs(legend, options, chosen, change, named = false) {
  const name = `tabs-${++numbered}`;
  const radio = (/** @type {string} */ value) =>
    h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => change(value) });
  return h(
    named ? "fieldset.tabs.named" : "fieldset.tabs",
    h("legend", legend),
    options.map(([value, text]) => h("label", radio(value), h("span", text))),
  );
}

/** A button that takes steps until it is pressed once more. A step says what the button is called then; false: the end.
 * @param {string} label @param {number} milliseconds @param {(first: boolean) => string | false} step */
export function player(label, milliseconds, step) {
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = label;
  };
  const next = (first = false) => {
    const said = step(first);
    if (said) button.textContent = said;
    else stop();
  };
  const onclick = () => {
    if (timer) return stop();
    timer = setInterval(next, milliseconds);
    next(true);
  };
  const button = h("button", { type: "button", onclick }, label);
  return { button, stop };
}

// Elements made from names, properties and children. Text is always text; HTML is read where capsim made it.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {Element} element
 * @param {Record<string, any>} properties `onclick` and the like are listeners; null and false leave an attribute out
 * @param {(Child | Child[])[]} children
 */
function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false)
      element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, properties, children);
  return element;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, properties = {}, ...children) {
  const element = /** @type {SVGElementTagNameMap[K]} */ (document.createElementNS(SVG, tag));
  fill(element, properties, children);
  return element;
}

/**
 * Words of a drawing, in small letters.
 * @param {number} x
 * @param {number} y
 * @param {string | number} text
 * @param {"start" | "middle" | "end"} [anchor]
 */
export const tick = (x, y, text, anchor = "middle") => s("text", { x, y, "text-anchor": anchor, class: "tick" }, text);

/**
 * What HTML says, of lessons that come with capsim: never of what a user has written.
 * @param {string} html
 */
export function made(html) {
  const template = h("template");
  template.innerHTML = html;
  return template.content;
}

export const nothing = () => h("p", { class: "note" }, "Nothing can be shown.");

/**
 * Call a function once in the next frame, however often it is asked for.
 * @param {() => void} draw
 */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/**
 * Call a function when nobody has asked for it for a while.
 * @param {() => void} act
 * @param {number} milliseconds
 */
export function whenQuiet(act, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

/**
 * A table that stands folded under its figure.
 * @param {string} caption
 * @param {string[]} head
 * @param {Child[][]} rows the first cell of a row is its heading
 */
export function table(caption, head, rows) {
  return h(
    "div",
    { class: "table", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((text) => h("th", { scope: "col" }, text)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map(([first, ...rest]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, first),
            rest.map((cell, n) => h("td", { "data-label": head[n + 1] }, cell)),
          ),
        ),
      ),
    ),
  );
}

/**
 * Draw something anew: what was unfolded in it stays unfolded, and the fold that had the focus keeps it.
 * @param {HTMLElement} place
 * @param {Node[]} children
 */
export function redraw(place, children) {
  const before = folds(place);
  const focused = [...before].find(([_, fold]) => fold.firstElementChild === document.activeElement)?.[0];
  place.replaceChildren(...children);
  for (const [name, fold] of folds(place)) {
    fold.open ||= before.get(name)?.open ?? false;
    if (name === focused) /** @type {HTMLElement} */ (fold.firstElementChild).focus({ preventScroll: true });
  }
}

/** Folds by what their summary says, those with the same words in order. @param {HTMLElement} place */
function folds(place) {
  /** @type {Map<string, HTMLDetailsElement>} */
  const found = new Map();
  for (const fold of place.querySelectorAll("details")) {
    let name = fold.firstElementChild?.textContent ?? "";
    while (found.has(name)) name += "+";
    found.set(name, fold);
  }
  return found;
}

/**
 * A drawing with its heading, what it shows in a sentence, and the same as a table.
 * @param {string | null} title
 * @param {Node} drawing
 * @param {string | null} caption
 * @param {Node | null} inTable
 */
export function figure(title, drawing, caption, inTable) {
  return h(
    "figure",
    {},
    title && h("h2", {}, title),
    drawing,
    caption && h("figcaption", {}, caption),
    inTable && folded("The same as a table", inTable),
  );
}

/**
 * @param {string} summary
 * @param {...(Child | Child[])} inside
 */
export function folded(summary, ...inside) {
  return h("details", {}, h("summary", {}, summary), ...inside);
}

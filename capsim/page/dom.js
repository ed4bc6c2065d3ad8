// Elements made from names, properties and children. Text is always text; HTML is read where capsim made it.

/** @param {(name: string) => Element} create @param {string} tag @param {(Properties | Child | Child[])[]} parts */
function made(create, tag, parts) {
  const [name, ...classes] = tag.split(".");
  const element = create(name);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  const first = parts[0];
  const plain = first && typeof first === "object" && !(first instanceof Node) && !Array.isArray(first);
  for (const [name, value] of Object.entries(plain ? first : {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of /** @type {Child[]} */ (parts.slice(plain ? 1 : 0).flat()))
    if (child !== null && child !== undefined && child !== false)
      element.append(child instanceof Node ? child : String(child));
  return /** @type {any} */ (element);
}

/** An element of HTML, or of SVG.
 * @template {string} T @param {T} tag with its classes: "p.note"
 * @param {...(Properties | Child | Child[])} parts properties, where it has some, and what is in it
 * @returns {Made<T, HTMLElementTagNameMap>} */
export const h = (tag, ...parts) => made((name) => document.createElement(name), tag, parts);
/** @type {<T extends string>(tag: T, ...parts: (Properties | Child | Child[])[]) => Made<T, SVGElementTagNameMap>} */
export const s = (tag, ...parts) =>
  made((name) => document.createElementNS("http://www.w3.org/2000/svg", name), tag, parts);

/** What HTML says, of lessons that come with capsim: never of what a user has written. @param {string} html */
export function parsed(html) {
  const template = h("template");
  template.innerHTML = html;
  return template.content;
}

export const nothing = () => h("p.note", "Nothing can be shown.");

/** Call a function once in the next frame, however often it is asked for. @param {() => void} draw */
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

/** Call a function when nobody has asked for it for a while. @param {() => void} act @param {number} milliseconds */
export function whenQuiet(act, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

/** @param {string} summary @param {...(Child | Child[])} inside */
export const folded = (summary, ...inside) => h("details", h("summary", summary), ...inside);

/** A drawing with its heading, what it shows in a sentence, and the same as a table.
 * @param {string | null} title @param {Node} drawing @param {string | null} caption @param {Node | null} inTable */
export const figure = (title, drawing, caption, inTable) =>
  h(
    "figure",
    title && h("h2", title),
    drawing,
    caption && h("figcaption", caption),
    inTable && folded("The same as a table", inTable),
  );

/** @param {string} caption @param {string[]} head @param {Child[][]} rows the first cell of a row is its heading */
export function table(caption, head, rows) {
  const row = (/** @type {Child[]} */ [first, ...rest]) =>
    h("tr", h("th", { scope: "row" }, first), rest.map((cell, n) => h("td", { "data-label": head[n + 1] }, cell)));
  return h(
    "div.table",
    { tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      h("caption", caption),
      h("thead", h("tr", head.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", rows.map(row)),
    ),
  );
}

/** Draw something anew: what was unfolded in it stays unfolded, and the fold that had the focus keeps it.
 * @param {HTMLElement} place @param {Node[]} children */
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

// What stands under a comparison: the stop button with progress, what can be taken along.

import { ask, linesOf, post } from "./api.js";
import { h } from "./dom.js";
import { left } from "./words.js";

/** @param {() => void} stop @param {string} [label] @returns {Progress} */
export function progress(stop, label = "Worlds finished") {
  const text = h("span");
  const bar = h("progress", { max: 1, value: 0, "aria-label": label });
  const button = h("button", { type: "button", onclick: stop }, "Stop");
  const element = h("p.progress", { role: "status" }, bar, text, button);
  const say = (/** @type {string} */ said, running = false) => {
    element.classList.toggle("running", running);
    element.classList.toggle("quiet", !said);
    text.textContent = said;
  };
  return {
    element,
    show(done, total, seconds) {
      bar.max = total;
      bar.value = done;
      say(done ? `${done} of ${total}${done < total ? left(seconds) : ""}` : "Starting ...", done < total);
    },
    end: (said) => say(said),
  };
}

/** @param {string} name @param {string} text @param {string} type */
function take(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** A drawing as a file of its own: colors by value instead of by name. @param {Element} drawing */
function alone(drawing) {
  const copy = /** @type {Element} */ (drawing.cloneNode(true));
  const style = getComputedStyle(document.documentElement);
  const [, , width, height] = (copy.getAttribute("viewBox") ?? "").split(" ");
  for (const [name, value] of Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height }))
    copy.setAttribute(name, value);
  const color = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const text = `text{font-family:system-ui,sans-serif;fill:${color("ink")}}.row{font-size:14px;font-weight:600}`;
  const small = `.tick{font-size:12px;fill:${color("muted")}}`;
  const seats = `.skill{font-size:14px;font-weight:650}.dark{fill:${color("paper")}}`;
  const paper = `<style>${text}${small}${seats}</style><rect width="${width}" height="${height}" fill="${color("paper")}"/>`;
  return copy.outerHTML
    .replace(/^<svg[^>]*>/, (open) => open + paper)
    .replace(/var\(--([a-z0-9-]+)\)/g, (_, name) => color(name));
}

/** @param {unknown} cell */
const csvCell = (cell) =>
  /[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? "");

/** @param {unknown[][]} rows */
const csv = (rows) => rows.map((row) => `${row.map(csvCell).join(",")}\n`).join("");

/** What a screen has to take along, with what it asks, its first drawing, and how to say what goes wrong.
 * @param {Takeable & { question: () => unknown, drawing: () => Element | null, say: (lines: string[]) => void }} about */
export function downloads({ name, report, question, data, drawing, say }) {
  const file = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "capsim";
  const scenario = () =>
    post("api/yaml", question())
      .then((answer) => answer.text())
      .then((text) => take(`${file}.yaml`, text, "application/yaml"))
      .catch((error) => say(linesOf(error)));
  const svg = () => {
    const found = drawing();
    if (found) take(`${file}.svg`, alone(found), "image/svg+xml");
  };
  const write = () => {
    writing.disabled = true;
    writing.textContent = "Writing the report ...";
    ask("report", question(), {
      report: ({ page }) => take(`${file}.html`, page, "text/html"),
      done: ended,
      failed: (lines) => {
        ended();
        say(lines);
      },
    });
  };
  const button = (/** @type {string} */ text, /** @type {() => void} */ onclick) =>
    h("button", { type: "button", onclick }, text);
  const writing = button("report (HTML)", write);
  const ended = () => {
    writing.disabled = false;
    writing.textContent = "report (HTML)";
  };
  return h(
    "p.downloads",
    "Take along: ",
    button("scenario (YAML)", scenario),
    button("data (CSV)", () => take(`${file}.csv`, csv(data()), "text/csv")),
    button("picture (SVG)", svg),
    report && writing,
  );
}

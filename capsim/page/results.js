// What stands under a comparison: the stop button with progress, what can be taken along.

import { ask, linesOf, post } from "./api.js";
import { h } from "./dom.js";
import { left } from "./words.js";

/**
 * @param {() => void} stop
 * @param {string} [label]
 */
export function progress(stop, label = "Worlds finished") {
  const text = h("span", {});
  const bar = h("progress", { max: 1, value: 0, "aria-label": label });
  const button = h("button", { type: "button", onclick: stop }, "Stop");
  const element = h("p", { class: "progress", role: "status" }, bar, text, button);
  return {
    element,
    /**
     * @param {number} done
     * @param {number} total
     * @param {number | null} seconds
     */
    show(done, total, seconds) {
      const running = done < total;
      element.classList.remove("quiet");
      element.classList.toggle("running", running);
      bar.max = total;
      bar.value = done;
      text.textContent =
        done === 0 ? "Starting ..." : running ? `${done} of ${total}${left(seconds)}` : `${total} of ${total}`;
    },
    /** @param {string} said */
    end(said) {
      element.classList.remove("running");
      element.classList.toggle("quiet", !said);
      text.textContent = said;
    },
  };
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} type
 */
function take(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/**
 * The picture as a file of its own: colors by value instead of by name, with the letters of the page.
 * @param {SVGElement} drawing
 */
function picture(drawing) {
  const copy = /** @type {SVGElement} */ (drawing.cloneNode(true));
  const style = getComputedStyle(document.documentElement);
  const [, , width, height] = (copy.getAttribute("viewBox") ?? "").split(" ");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const color = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const look = `text{font-family:system-ui,sans-serif;fill:${color("ink")}}.tick{font-size:12px;fill:${color("muted")}}.row{font-size:14px;font-weight:600}`;
  const paper = `<style>${look}</style><rect width="${width}" height="${height}" fill="${color("paper")}"/>`;
  return copy.outerHTML
    .replace(/^<svg[^>]*>/, (open) => open + paper)
    .replace(/var\(--([a-z0-9-]+)\)/g, (_, name) => color(name));
}

/**
 * @param {unknown[][]} rows
 */
const csv = (rows) =>
  rows
    .map((row) =>
      row
        .map((cell) => (/[",\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? "")))
        .join(","),
    )
    .join("\n") + "\n";

/**
 * @param {{ name: string, report?: boolean, question: () => unknown, data: () => unknown[][], drawing: () => SVGElement | null, say: (lines: string[]) => void }} about
 */
export function downloads({ name, report, question, data, drawing, say }) {
  const file =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "capsim";
  const scenario = async () => {
    try {
      take(`${file}.yaml`, await (await post("api/yaml", question())).text(), "application/yaml");
    } catch (error) {
      say(linesOf(error));
    }
  };
  const svg = () => {
    const found = drawing();
    if (found) take(`${file}.svg`, picture(found), "image/svg+xml");
  };
  const writing = h("button", { type: "button" }, "report (HTML)");
  const ended = (/** @type {string[]} */ lines) => {
    writing.disabled = false;
    writing.textContent = "report (HTML)";
    if (lines.length) say(lines);
  };
  writing.addEventListener("click", () => {
    writing.disabled = true;
    writing.textContent = "Writing the report ...";
    ask("report", question(), {
      report: ({ page }) => take(`${file}.html`, page, "text/html"),
      done: () => ended([]),
      failed: ended,
    });
  });
  return h(
    "p",
    { class: "downloads" },
    "Take along: ",
    h("button", { type: "button", onclick: scenario }, "scenario (YAML)"),
    h("button", { type: "button", onclick: () => take(`${file}.csv`, csv(data()), "text/csv") }, "data (CSV)"),
    h("button", { type: "button", onclick: svg }, "picture (SVG)"),
    report && writing,
  );
}

// What is asked of the server, and what it tells while it works.

const GONE = "capsim app does not answer; look whether it still runs in the terminal, then reload this page.";
const PARTS = ["world", "answer", "report", "plan", "grid", "column", "position", "progress"];
const ENDS = ["done", "failed", "stopped"];

/** One session a tab; it outlives a reload. */
function session() {
  const known = sessionStorage.getItem("session");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem("session", made);
  return made;
}

/** What is wrong, in lines to be shown. */
export class Problems extends Error {
  /** @param {string[]} lines */
  constructor(lines) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** What went wrong, in lines. @param {unknown} error */
export const linesOf = (error) => (error instanceof Problems ? error.lines : [String(error)]);

/** @param {string} path @param {RequestInit} [options] */
async function send(path, options) {
  const answer = await fetch(path, options).catch((error) => {
    throw error.name === "AbortError" ? error : new Problems([GONE]);
  });
  if (answer.ok) return answer;
  const content = await answer.json().catch(() => ({}));
  throw new Problems(content.problems ?? [`${answer.status} ${answer.statusText}`]);
}

/** @param {string} path */
export const get = async (path) => (await send(path)).json();

/** @param {string} path @param {unknown} content @param {AbortSignal} [signal] */
export const post = (path, content, signal) =>
  send(path, {
    method: "POST",
    body: JSON.stringify(content),
    signal,
    headers: { "Content-Type": "application/json", "X-Session": session() },
  });

/** @param {File} file */
export const upload = async (file) =>
  (await send(`api/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file })).json();

/** A question that takes a while. What it tells arrives by name of the event; one that is stopped tells nothing more.
 * @param {string} kind @param {unknown} question
 * @param {Record<string, (content: any) => void>} hear `failed` gets lines; `done` comes last
 * @returns {() => void} stops it */
export function ask(kind, question, hear) {
  const ending = new AbortController();
  const over = () => ending.signal.aborted;
  const failed = (/** @type {string[]} */ lines) => {
    if (over()) return;
    ending.abort();
    hear.failed?.(lines);
  };
  const listen = (/** @type {string} */ id) => {
    const source = new EventSource(`api/jobs/${id}/events`);
    ending.signal.addEventListener("abort", () => source.close());
    source.onerror = () => failed([GONE]);
    for (const name of [...PARTS, ...ENDS])
      source.addEventListener(name, ({ data }) => {
        if (over()) return;
        const content = JSON.parse(data);
        if (name === "failed") return failed(content.problems);
        if (ENDS.includes(name)) ending.abort();
        hear[name]?.(content);
      });
  };
  post(`api/jobs/${kind}`, question, ending.signal)
    .then((answer) => answer.json())
    .then(({ id }) => over() || listen(id))
    .catch((error) => failed(linesOf(error)));
  return () => ending.abort();
}

// What is asked of the server, and what it tells while it works.

const GONE = "capsim app does not answer; look whether it still runs in the terminal, then reload this page.";

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

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function send(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problems([GONE]);
  }
  if (answer.ok) return answer;
  let lines = [`${answer.status} ${answer.statusText}`];
  try {
    lines = (await answer.json()).problems ?? lines;
  } catch {
    /* the status says enough */
  }
  throw new Problems(lines);
}

/** @param {string} path */
export const get = async (path) => (await send(path)).json();

/**
 * @param {string} path
 * @param {unknown} content
 * @param {AbortSignal} [signal]
 */
export const post = (path, content, signal) =>
  send(path, {
    method: "POST",
    body: JSON.stringify(content),
    signal,
    headers: { "Content-Type": "application/json", "X-Session": session() },
  });

/** @param {File} file */
export async function upload(file) {
  return (await send(`api/files?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file })).json();
}

/**
 * A question that takes a while. What it tells arrives by name of the event; one that is stopped tells nothing more.
 * @param {string} kind
 * @param {unknown} question
 * @param {Record<string, (content: any) => void>} hear `failed` gets lines; `done` comes last
 * @returns {() => void} stops it
 */
export function ask(kind, question, hear) {
  const ending = new AbortController();
  /** @type {EventSource | null} */
  let source = null;
  const stop = () => {
    ending.abort();
    source?.close();
  };
  const listen = (/** @type {string} */ id) => {
    source = new EventSource(`api/jobs/${id}/events`);
    for (const name of [
      "world",
      "answer",
      "report",
      "plan",
      "grid",
      "column",
      "position",
      "progress",
      "done",
      "failed",
      "stopped",
    ]) {
      source.addEventListener(name, (event) => {
        if (ending.signal.aborted) return;
        if (["done", "failed", "stopped"].includes(name)) stop();
        const content = JSON.parse(/** @type {MessageEvent} */ (event).data);
        hear[name]?.(name === "failed" ? content.problems : content);
      });
    }
    source.onerror = () => {
      if (ending.signal.aborted) return;
      stop();
      hear.failed?.([GONE]);
    };
  };
  post(`api/jobs/${kind}`, question, ending.signal)
    .then((answer) => answer.json())
    .then(({ id }) => {
      if (!ending.signal.aborted) listen(id);
    })
    .catch((error) => {
      if (!ending.signal.aborted) hear.failed?.(linesOf(error));
    });
  return stop;
}

// The page: which screen is shown, for which state; the address follows. Screens know each other by name only.

import { get, linesOf, Problems } from "./api.js";
import { compare } from "./compare.js";
import { district } from "./district.js";
import { h, nothing } from "./dom.js";
import { file } from "./file.js";
import { lessons } from "./lessons.js";
import { map } from "./map.js";
import { start } from "./start.js";
import { linked, read, SCREENS, usual, write } from "./state.js";

/** @typedef {import("./state.js").State} State */

/**
 * @typedef {object} Scenario what the server says of one
 * @property {string} id
 * @property {string} name
 * @property {(import("./figures.js").Look & { meaning: string, own: boolean })[]} plans
 * @property {string[]} ticked
 * @property {{ value: number, unit: "hours" | "dollars" }} budget
 * @property {{ name: string, value: number, low: number, high: number, source: string, meaning: string, label: string, assumed: boolean }} turnover
 * @property {number} assistance
 * @property {number} months
 * @property {string} when
 * @property {number} at
 * @property {string} outcome
 * @property {string} weight
 * @property {Record<string, { title: string, meaning: string }>} outcomes
 * @property {{ id: string, name: string, level: string, seats: number }[]} agencies
 * @property {string} usual_agency
 * @property {boolean} slow
 * @property {string[]} notes
 */

/**
 * @typedef {object} Context what a screen works with
 * @property {State} state
 * @property {{ id: string, name: string }[]} scenarios
 * @property {Scenario} scenario
 * @property {(changes: Partial<State>) => void} note change the state and the address; the screen stays
 * @property {(changes: Partial<State>) => void} go change it and show everything anew
 * @property {(lines: string[]) => void} say
 */

/** @typedef {{ element: HTMLElement, leave?: () => void }} Shown */

/** @type {Record<string, (context: Context) => Shown>} */
const DRAWN = { start, compare, district, map, lesson: lessons, file };

const screen = /** @type {HTMLElement} */ (document.getElementById("screen"));
const notices = /** @type {HTMLElement} */ (document.getElementById("notices"));
/** @type {{ id: string, name: string }[]} */
let scenarios = [];
/** @type {Map<string, Scenario>} */
const known = new Map();
let state = usual();
/** @type {(() => void) | undefined} */
let leave;
let turn = 0;

/** @param {string[]} lines */
function say(lines) {
  notices.querySelectorAll(".notice:not(.compiling)").forEach((one) => one.remove());
  for (const line of lines) {
    const notice = h(
      "p",
      { class: "notice" },
      line,
      h("button", { class: "close", "aria-label": "Close this notice", onclick: () => notice.remove() }, "×"),
    );
    notices.append(notice);
  }
}

/** The id by which the server knows where we are; a file that was opened stays out of the address. */
function asked() {
  if (state.where === "file") return sessionStorage.getItem("file") ?? "";
  return state.where || scenarios[0].id;
}

function links() {
  const list = /** @type {HTMLElement} */ (document.getElementById("screens"));
  list.replaceChildren(
    ...Object.entries(SCREENS).map(([name, title]) => {
      const current = name === state.screen ? "page" : null;
      return h("li", {}, linked({ state, go }, { screen: name, month: null, lesson: "" }, { "aria-current": current }, title));
    }),
  );
}

async function show() {
  const mine = ++turn;
  leave?.();
  leave = undefined;
  links();
  document.title = `${SCREENS[/** @type {keyof typeof SCREENS} */ (state.screen)]} · capsim`;
  let scenario;
  try {
    const id = asked();
    if (!id) throw new Problems(["The file that this address speaks of is not open in this tab; open it again."]);
    scenario = known.get(id) ?? (await get(`api/scenarios/${encodeURIComponent(id)}`));
    known.set(id, scenario);
  } catch (error) {
    if (mine !== turn) return;
    const lines = linesOf(error);
    if (state.where && asked() !== scenarios[0].id) {
      state = { ...usual(), screen: state.screen };
      history.replaceState(null, "", write(state));
      await show();
    } else {
      screen.replaceChildren(nothing());
    }
    say(lines);
    return;
  }
  if (mine !== turn) return;
  const shown = DRAWN[state.screen]({ state, scenarios, scenario, note, go, say });
  leave = shown.leave;
  screen.replaceChildren(shown.element);
}

/** @param {Partial<State>} changes */
function note(changes) {
  Object.assign(state, changes);
  history.replaceState(null, "", write(state));
  links();
}

/** @param {Partial<State>} changes */
function go(changes) {
  state = { ...state, ...changes };
  history.pushState(null, "", write(state));
  say([]);
  show().then(() => {
    screen.focus({ preventScroll: true });
    scrollTo(0, 0);
  });
}

function arrive() {
  const found = read(location.search);
  state = found.state;
  say(found.notices);
  return show().then(() => {
    if (found.notices.length) say(found.notices);
  });
}

/** Say that everything is being compiled, until it is, or why it cannot be. */
async function watchCompiling() {
  const notice = h("p", { class: "notice compiling" });
  for (;;) {
    let found;
    try {
      found = await get("api/state");
    } catch (error) {
      notice.remove();
      say(linesOf(error));
      return;
    }
    if (found.state === "ready") break;
    if (found.state === "failed") {
      notice.textContent = `The simulation could not be compiled: ${found.trouble}. End capsim app with Ctrl-C, mend this, and start it again.`;
      if (!notice.isConnected) notices.append(notice);
      return;
    }
    if (found.seconds >= 2) {
      notice.textContent = `Compiling, ${found.seconds} s so far. This takes a minute or two, once; what you ask for begins right after it.`;
      if (!notice.isConnected) notices.append(notice);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  notice.remove();
}

addEventListener("popstate", arrive);
watchCompiling();
try {
  scenarios = await get("api/scenarios");
  await arrive();
} catch (error) {
  screen.replaceChildren(nothing());
  say(linesOf(error));
}

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

/** @type {Record<string, (context: Context) => Shown>} */
const DRAWN = { start, compare, district, map, lesson: lessons, file };

const [screen, notices, list] = ["screen", "notices", "screens"].map(
  (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
);
/** @type {Context["scenarios"]} */
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
    const close = { "aria-label": "Close this notice", onclick: () => notice.remove() };
    const notice = h("p.notice", line, h("button.close", close, "×"));
    notices.append(notice);
  }
}

/** The id by which the server knows where we are; a file that was opened stays out of the address. */
const asked = () => (state.where === "file" ? sessionStorage.getItem("file") : state.where || scenarios[0].id);

function links() {
  const there = Object.entries(SCREENS).map(([name, title]) => {
    const current = { "aria-current": name === state.screen && "page" };
    return h("li", linked({ state, go }, { screen: name, month: null, lesson: "" }, current, title));
  });
  list.replaceChildren(...there);
}

/** The scenario that is asked about, from the server once. */
async function current() {
  const id = asked();
  if (!id) throw new Problems(["The file that this address speaks of is not open in this tab; open it again."]);
  const found = known.get(id) ?? (await get(`api/scenarios/${encodeURIComponent(id)}`));
  known.set(id, found);
  return found;
}

/** @param {string[]} [lines] what is to be said besides */
async function show(lines = []) {
  const mine = ++turn;
  leave?.();
  leave = undefined;
  links();
  document.title = `${SCREENS[/** @type {keyof typeof SCREENS} */ (state.screen)]} · capsim`;
  try {
    const scenario = await current();
    if (mine !== turn) return;
    say(lines);
    const shown = DRAWN[state.screen]({ state, scenarios, scenario, note, go, say });
    leave = shown.leave;
    screen.replaceChildren(shown.element);
  } catch (error) {
    if (mine !== turn) return;
    if (state.where && asked() !== scenarios[0].id) {
      state = { ...usual(), screen: state.screen };
      history.replaceState(null, "", write(state));
      await show();
    } else screen.replaceChildren(nothing());
    say([...lines, ...linesOf(error)]);
  }
}

/** @param {Changes} changes */
function note(changes) {
  Object.assign(state, changes);
  history.replaceState(null, "", write(state));
  links();
}

/** @param {Changes} changes */
function go(changes) {
  state = { ...state, ...changes };
  history.pushState(null, "", write(state));
  show().then(() => {
    screen.focus({ preventScroll: true });
    scrollTo(0, 0);
  });
}

function arrive() {
  const found = read(location.search);
  state = found.state;
  return show(found.notices);
}

/** Say that everything is being compiled, until it is, or why it cannot be. */
async function watchCompiling() {
  const notice = h("p.notice.compiling");
  const tell = (/** @type {string} */ text) => {
    notice.textContent = text;
    if (!notice.isConnected) notices.append(notice);
  };
  for (;;) {
    const found = await get("api/state");
    const mend = "End capsim app with Ctrl-C, mend this, and start it again.";
    if (found.state === "failed") return tell(`The simulation could not be compiled: ${found.trouble}. ${mend}`);
    if (found.state === "ready") return notice.remove();
    const once = "This takes a minute or two, once; what you ask for begins right after it.";
    if (found.seconds >= 2) tell(`Compiling, ${found.seconds} s so far. ${once}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

addEventListener("popstate", arrive);
watchCompiling().catch((error) => {
  notices.replaceChildren();
  say(linesOf(error));
});
try {
  scenarios = await get("api/scenarios");
  await arrive();
} catch (error) {
  screen.replaceChildren(nothing());
  say(linesOf(error));
}

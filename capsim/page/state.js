// What is looked at, as the address of the page says it: only what differs from the scenario and the usual.

import { h } from "./dom.js";

/**
 * @typedef {object} Leave
 * @property {number} seat
 * @property {number} month
 *
 * @typedef {object} State
 * @property {string} screen
 * @property {string} where name of a scenario; "" is the first, "file" the one that was opened in this tab
 * @property {number | null} turnover null is that of the scenario
 * @property {number | null} budget
 * @property {string[] | null} plans the first two are compared
 * @property {number} luck
 * @property {number} worlds
 * @property {boolean} doubt
 * @property {string} outcome
 * @property {string} whom
 * @property {string} when
 * @property {string} agency
 * @property {number} world
 * @property {number | null} month
 * @property {Leave[]} leaves
 * @property {string} lesson
 */

export const SCREENS = {
  start: "Start",
  compare: "Compare plans",
  district: "One district",
  map: "Break-even",
  lesson: "Lessons",
  file: "Open my file",
};

/** @returns {State} */
export const usual = () => ({
  screen: "start",
  where: "",
  turnover: null,
  budget: null,
  plans: null,
  luck: 1,
  worlds: 16,
  doubt: false,
  outcome: "use",
  whom: "all",
  when: "",
  agency: "",
  world: 1,
  month: null,
  leaves: [],
  lesson: "",
});

/** What is asked about when another place is chosen: nothing of the one before. @param {string} where */
export const elsewhere = (where) => ({ where, turnover: null, budget: null, plans: null, agency: "", leaves: [], month: null });

/**
 * @param {number} low
 * @param {number} high
 */
const number =
  (low, high, whole = true) =>
  (/** @type {string} */ text) => {
    const value = Number(text);
    return text.trim() === "" || !(value >= low && value <= high) || (whole && !Number.isInteger(value))
      ? undefined
      : value;
  };
/** @param {string[]} known */
const oneOf =
  (...known) =>
  (/** @type {string} */ text) =>
    known.includes(text) ? text : undefined;
/** @param {string} text */
const anyText = (text) => (text.length <= 200 ? text : undefined);
/** @param {string} text */
const leavesOf = (text) => {
  const found = text
    .split(" ")
    .filter(Boolean)
    .map((one) => one.match(/^(\d{1,6})@(\d{1,4})$/));
  return found.every(Boolean) && found.length <= 50
    ? found.map((one) => ({ seat: Number(one?.[1]), month: Number(one?.[2]) }))
    : undefined;
};

/** @type {Record<string, { read: (text: string) => any, write?: (value: any) => string }>} */
const KEYS = {
  screen: { read: oneOf(...Object.keys(SCREENS)) },
  where: { read: anyText },
  turnover: { read: number(0, 0.95, false) },
  budget: { read: number(0, 1e12, false) },
  plans: { read: (text) => (text ? text.split("|").slice(0, 8) : undefined), write: (value) => value.join("|") },
  luck: { read: number(0, 2 ** 31) },
  worlds: { read: number(2, 200) },
  doubt: { read: (text) => ({ yes: true, no: false })[text], write: (value) => (value ? "yes" : "no") },
  outcome: { read: oneOf("use", "individual", "organizational_skills", "shared_goals", "cost") },
  whom: { read: oneOf("all", "small", "sparse", "poor") },
  when: { read: oneOf("end", "later") },
  agency: { read: anyText },
  world: { read: number(1, 200) },
  month: { read: number(0, 1200) },
  leaves: {
    read: leavesOf,
    write: (value) => value.map((/** @type {Leave} */ one) => `${one.seat}@${one.month}`).join(" "),
  },
  lesson: { read: anyText },
};

/**
 * @param {string} search the part of an address from "?" on
 * @returns {{ state: State, notices: string[] }} what could not be read is as usual, and said
 */
export function read(search) {
  /** @type {Record<string, any>} */
  const state = usual();
  const notices = [];
  for (const [key, text] of new URLSearchParams(search)) {
    const shown = text.length > 40 ? `${text.slice(0, 40)} ...` : text;
    if (!Object.hasOwn(KEYS, key))
      notices.push(`The address says ${key.slice(0, 40)}=${shown}, which means nothing here; it was left out.`);
    else {
      const value = KEYS[key].read(text);
      if (value === undefined)
        notices.push(`The address says ${key}=${shown}, which cannot be; the usual value stands instead.`);
      else state[key] = value;
    }
  }
  return { state: /** @type {State} */ (state), notices };
}

/** @param {State} state */
export function write(state) {
  /** @type {Record<string, any>} */
  const plain = usual();
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) {
    if (JSON.stringify(value) !== JSON.stringify(plain[key])) search.set(key, (KEYS[key].write ?? String)(value));
  }
  const text = search.toString();
  return text ? `?${text}` : ".";
}

/**
 * A link to another state; the page is not loaded again.
 * @param {{ state: State, go: (changes: Partial<State>) => void }} context
 * @param {Partial<State>} changes
 * @param {Record<string, any>} properties
 * @param {...import("./dom.js").Child} children
 */
export function linked({ state, go }, changes, properties, ...children) {
  const onclick = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(changes);
  };
  return h("a", { ...properties, href: write({ ...state, ...changes }), onclick }, ...children);
}

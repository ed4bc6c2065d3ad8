// What is looked at, as the address of the page says it: only what differs from the scenario and the usual.

import { h } from "./dom.js";

export const SCREENS = {
  start: "Start",
  compare: "Compare plans",
  district: "One district",
  map: "Break-even",
  lesson: "Lessons",
  file: "Open my file",
};

/** An outcome on its tab, and what a plan does that has more of it. @type {Record<string, [string, string]>} */
export const OUTCOMES = {
  use: ["Use", "leaves more use of the practices"],
  individual: ["Skill", "leaves more skill"],
  organizational_skills: ["Routines", "leaves more routines"],
  shared_goals: ["Goals", "leaves more shared goals"],
  cost: ["Cost", "costs more"],
};
/** @type {Record<string, string>} */
export const WHOM = {
  all: "all districts",
  small: "small districts",
  sparse: "sparse districts",
  poor: "the poorest quarter",
};

/** @typedef {(text: string) => any} Read what a text stands for; undefined where it cannot be */

/** @type {(low: number, high: number, whole?: boolean) => Read} */
const number = (low, high, whole = true) => (text) => {
  const value = text.trim() === "" ? NaN : Number(text);
  return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
};
/** @type {(...known: string[]) => Read} */
const oneOf = (...known) => (text) => (known.includes(text) ? text : undefined);
/** @type {Read} */
const anyText = (text) => (text.length <= 200 ? text : undefined);
/** @type {Read} */
const plansOf = (text) => (text ? text.split("|").slice(0, 8) : undefined);
/** @type {Read} */
const leavesOf = (text) => {
  const found = text.split(" ").filter(Boolean).map((one) => one.match(/^(\d{1,6})@(\d{1,4})$/));
  if (found.length > 50 || !found.every(Boolean)) return undefined;
  return found.map((one) => ({ seat: Number(one?.[1]), month: Number(one?.[2]) }));
};

/** @type {Record<string, { usual: any, read: Read, write?: (value: any) => string }>} */
const KEYS = {
  screen: { usual: "start", read: oneOf(...Object.keys(SCREENS)) },
  where: { usual: "", read: anyText },
  turnover: { usual: null, read: number(0, 0.95, false) },
  budget: { usual: null, read: number(0, 1e12, false) },
  plans: { usual: null, read: plansOf, write: (ids) => ids.join("|") },
  luck: { usual: 1, read: number(0, 2 ** 31) },
  worlds: { usual: 16, read: number(2, 200) },
  doubt: { usual: false, read: (text) => ({ yes: true, no: false })[text], write: (value) => (value ? "yes" : "no") },
  outcome: { usual: "use", read: oneOf(...Object.keys(OUTCOMES)) },
  whom: { usual: "all", read: oneOf(...Object.keys(WHOM)) },
  when: { usual: "", read: oneOf("end", "later") },
  agency: { usual: "", read: anyText },
  world: { usual: 1, read: number(1, 200) },
  month: { usual: null, read: number(0, 1200) },
  leaves: {
    usual: [],
    read: leavesOf,
    write: (/** @type {Leave[]} */ leaves) => leaves.map(({ seat, month }) => `${seat}@${month}`).join(" "),
  },
  lesson: { usual: "", read: anyText },
};

/** @returns {State} */
export const usual = () =>
  /** @type {any} */ (Object.fromEntries(Object.entries(KEYS).map(([key, { usual }]) => [key, usual])));

/** What is asked about when another place is chosen: nothing of the one before. @param {string} where */
export const elsewhere = (where) => {
  const { turnover, budget, plans, agency, leaves, month } = usual();
  return { where, turnover, budget, plans, agency, leaves, month };
};

/** @param {string} search the part of an address from "?" on
 * @returns {{ state: State, notices: string[] }} what could not be read is as usual, and said */
export function read(search) {
  /** @type {Record<string, any>} */
  const found = {};
  const notices = [];
  for (const [key, text] of new URLSearchParams(search)) {
    const known = Object.hasOwn(KEYS, key);
    const value = known ? KEYS[key].read(text) : undefined;
    const said = `The address says ${key.slice(0, 40)}=${text.length > 40 ? `${text.slice(0, 40)} ...` : text}, which`;
    if (!known) notices.push(`${said} means nothing here; it was left out.`);
    else if (value === undefined) notices.push(`${said} cannot be; the usual value stands instead.`);
    else found[key] = value;
  }
  return { state: { ...usual(), ...found }, notices };
}

/** @param {State} state */
export function write(state) {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) {
    const { usual, write = String } = KEYS[key];
    if (JSON.stringify(value) !== JSON.stringify(usual)) search.set(key, write(value));
  }
  const text = search.toString();
  return text ? `?${text}` : ".";
}

/** A link to another state; the page is not loaded again.
 * @param {{ state: State, go: (changes: Changes) => void }} context @param {Changes} changes
 * @param {Properties} properties @param {...Child} children */
export function linked({ state, go }, changes, properties, ...children) {
  const onclick = (/** @type {MouseEvent} */ event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(changes);
  };
  return h("a", { ...properties, href: write({ ...state, ...changes }), onclick }, ...children);
}

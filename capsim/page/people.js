// What is said of an agency in a month, of who sits on a seat, of who came and left: sentences, tables, one figure.

import { h, table } from "./dom.js";
import { key, span } from "./figures.js";
import { mean, NEWCOMER_MONTHS, roleOf } from "./seats.js";
import { amount, duration } from "./words.js";
import { yearByYear } from "./worlds.js";

/** @typedef {{ one: Followed, look: Look }} Part one of the plans side by side */

/** @param {Followed} one @param {number} month */
export function now(one, month) {
  const held = one.seats.map((_, n) => n).filter((n) => one.person[month][n] >= 0);
  const skill = held.length ? Math.round(mean(held.map((n) => mean(one.skill[month][n])))) : 0;
  const came = held.filter((n) => one.tenure[month][n] < NEWCOMER_MONTHS).length;
  const use = month > 0 ? one.monthly.use[month - 1] : null;
  const used = use === null ? "" : `, practices in use ${amount(use, "use")}`;
  return `Month ${month}: ${held.length} of ${one.seats.length} seats held, mean skill ${skill} of 100, ${came} came within a year${used}.`;
}

/** @param {Followed} one @param {string} title */
export function happened(one, title) {
  const count = (/** @type {string} */ kind) => one.events.filter((event) => event.kind === kind).length;
  const hand = one.by_hand.length ? `, ${one.by_hand.length} of them by hand` : "";
  return `${title}: ${count("arrival")} came and ${count("exit")} left in all months${hand}.`;
}

/** @param {Part[]} parts @param {number | null} chosen @param {number} month @param {() => void} leave */
export function about(parts, chosen, month, leave) {
  if (chosen === null) return [h("p.hint", "Click a seat, or choose one here, to see who sits there under each plan.")];
  const held = parts.some(({ one }) => one.person[month][chosen] >= 0);
  const last = month >= parts[0].one.months.length - 1;
  const hint = last
    ? "After the last month nobody can leave."
    : "At the end of this month, under both plans; everybody else's luck stays as it is.";
  return [
    ...parts.map(({ one, look }) => h("div.person", h("h3", key(look), ` ${look.title}`), holder(one, chosen, month))),
    h("button", { type: "button", disabled: !held || last, onclick: leave }, "Make this person leave"),
    h("p.hint", hint),
  ];
}

/** @param {Followed} one @param {number} seat @param {number} month */
function holder(one, seat, month) {
  const person = one.person[month][seat];
  if (person < 0) return h("p", "Nobody: the seat is empty.");
  const ties = one.ties[month];
  const asks = ties.filter(([from]) => from === seat);
  const inside = asks.filter(([, to]) => to >= 0).map(([, to]) => (to ? `seat ${to + 1}` : "the leader"));
  const outside = asks.length - inside.length;
  const asked = ties.filter(([, to]) => to === seat).length;
  const hours = one.helped[month][seat];
  const liaison = one.seats[seat].liaison ? ", liaison to other agencies" : "";
  const helped = hours ? `, ${hours} hours of help this month` : "";
  const skill = (/** @type {string} */ area, /** @type {number} */ k) => {
    const value = one.skill[month][seat][k];
    return h("div", h("dt", area), h("dd", h("meter", { min: 0, max: 100, value, "aria-label": area }), ` ${value}`));
  };
  const whom = [...inside, ...(outside ? [`${outside} in other agencies`] : [])].join(", ") || "nobody";
  return h(
    "div",
    h("p", `Person ${person}, ${roleOf(one, seat)}${liaison}, here for ${duration(one.tenure[month][seat])}${helped}.`),
    h("dl", one.areas.map(skill)),
    h("p", `Asks ${whom}; ${asked} ${asked === 1 ? "colleague asks" : "colleagues ask"} this person.`),
  );
}

/** @param {Part[]} parts @param {Map<string, Followed>} before @param {Scenario} scenario */
export function overTime(parts, before, scenario) {
  const words = (/** @type {number} */ value) => amount(value, "use");
  const series = (/** @type {Followed} */ one) => one.monthly.use.map((value) => value ?? 0);
  const end = (/** @type {Followed} */ one) => words(series(one).at(-1) ?? 0);
  const groups = parts.map(({ one, look }) => ({ look, paths: [series(one)], strong: series(one) }));
  const old = parts.flatMap(({ look }) => {
    const one = before.get(look.id);
    return one ? [{ look: { ...look, color: "var(--faint)" }, paths: [], strong: series(one), dashed: true }] : [];
  });
  const ends = parts.map(({ one, look }) => {
    const was = before.get(look.id);
    return `${look.title} ${end(one)}${was ? ` (before the latest exit by hand ${end(was)})` : ""}`;
  });
  const title = "Practices in use in this agency";
  const axis = span([...groups, ...old].flatMap(({ strong }) => strong), 0.5);
  return yearByYear([...old, ...groups], axis, scenario, {
    title,
    sentence: `${title} at the end: ${ends.join(", ")}.`,
    note: "One agency in one world: an example, not an answer.",
    of: title,
    words,
  });
}

/** @param {Followed} one @param {number} month */
export function seatTable(one, month) {
  const row = (/** @type {number} */ n) => {
    const person = one.person[month][n];
    const filled = [person, one.tenure[month][n], Math.round(mean(one.skill[month][n]))];
    return [`Seat ${n + 1}`, roleOf(one, n), one.seats[n].unit + 1, ...(person >= 0 ? filled : ["empty", "", ""])];
  };
  const head = ["", "Role", "Unit", "Person", "Months here", "Skill"];
  return table(`Seats in month ${month}`, head, one.seats.map((_, n) => row(n)));
}

/** @param {Followed} one */
export function eventTable(one) {
  /** @type {Record<string, string>} */
  const words = { exit: "left", arrival: "came", role_change: "changed seats" };
  const place = (/** @type {number} */ position) => {
    const n = one.seats.findIndex(({ seat }) => seat === position);
    return n < 0 ? "" : `seat ${n + 1}`;
  };
  return table(
    "Who came and who left",
    ["", "What", "Person", "Seat", "From"],
    one.events.map(({ month, kind, person, position, origin }) => [
      `Month ${month}`,
      words[kind] ?? kind.replaceAll("_", " "),
      person < 0 ? "" : person,
      place(position),
      origin,
    ]),
  );
}

/** @param {Map<string, Followed>} told */
export function data(told) {
  /** @type {unknown[][]} */
  const rows = [["plan", "month", "seat", "role", "unit", "person", "months_here", "skill"]];
  for (const { plan, months, seats, person, tenure, skill } of told.values())
    months.forEach((month, t) =>
      seats.forEach(({ role, unit }, n) => {
        const level = Math.round(mean(skill[t][n])) / 100;
        if (person[t][n] >= 0) rows.push([plan, month, n + 1, role, unit + 1, person[t][n], tenure[t][n], level]);
      }),
    );
  return rows;
}

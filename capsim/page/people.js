// What is said of an agency in a month, of who sits on a seat, of who came and left: sentences, tables, one figure.

import { h, table } from "./dom.js";
import { key, span } from "./figures.js";
import { mean, NEWCOMER_MONTHS, roleOf } from "./seats.js";
import { amount, duration } from "./words.js";
import { yearByYear } from "./worlds.js";

/** @typedef {import("./seats.js").Followed} Followed */
/** @typedef {import("./figures.js").Look} Look */

/**
 * @param {Followed} one
 * @param {number} month
 */
export function now(one, month) {
  const held = one.person[month].filter((person) => person >= 0).length;
  const skills = one.skill[month].filter((_, n) => one.person[month][n] >= 0).map(mean);
  const came = one.tenure[month].filter((tenure, n) => one.person[month][n] >= 0 && tenure < NEWCOMER_MONTHS).length;
  const use = month > 0 ? one.monthly.use[month - 1] : null;
  return `Month ${month}: ${held} of ${one.seats.length} seats held, mean skill ${skills.length ? Math.round(mean(skills)) : 0} of 100, ${came} came within a year${use === null ? "" : `, practices in use ${amount(use, "use")}`}.`;
}

/**
 * @param {Followed} one
 * @param {string} title
 */
export function happened(one, title) {
  const count = (/** @type {string} */ kind) => one.events.filter((event) => event.kind === kind).length;
  const hand = one.by_hand.length;
  return `${title}: ${count("arrival")} came and ${count("exit")} left in all months${hand ? `, ${hand} of them by hand` : ""}.`;
}

/**
 * @param {{ one: Followed, look: Look }[]} parts
 * @param {number | null} chosen
 * @param {number} month
 * @param {() => void} leave
 */
export function about(parts, chosen, month, leave) {
  if (chosen === null)
    return [h("p", { class: "hint" }, "Click a seat, or choose one here, to see who sits there under each plan.")];
  const held = parts.some(({ one }) => one.person[month][chosen] >= 0);
  const last = month >= parts[0].one.months.length - 1;
  return [
    ...parts.map(({ one, look }) =>
      h("div", { class: "person" }, h("h3", {}, key(look), ` ${look.title}`), holder(one, chosen, month)),
    ),
    h("button", { type: "button", disabled: !held || last, onclick: leave }, "Make this person leave"),
    h(
      "p",
      { class: "hint" },
      last
        ? "After the last month nobody can leave."
        : "At the end of this month, under both plans; everybody else's luck stays as it is.",
    ),
  ];
}

/**
 * @param {Followed} one
 * @param {number} seat
 * @param {number} month
 */
function holder(one, seat, month) {
  const person = one.person[month][seat];
  if (person < 0) return h("p", {}, "Nobody: the seat is empty.");
  const ties = one.ties[month];
  const asks = ties.filter(([from]) => from === seat);
  const inside = asks.filter(([, to]) => to >= 0).map(([, to]) => (to ? `seat ${to + 1}` : "the leader"));
  const outside = asks.length - inside.length;
  const asked = ties.filter(([, to]) => to === seat).length;
  const hours = one.helped[month][seat];
  return h(
    "div",
    {},
    h(
      "p",
      {},
      `Person ${person}, ${roleOf(one, seat)}${one.seats[seat].liaison ? ", liaison to other agencies" : ""}, here for ${duration(one.tenure[month][seat])}${hours ? `, ${hours} hours of help this month` : ""}.`,
    ),
    h(
      "dl",
      {},
      one.areas.map((area, k) =>
        h(
          "div",
          {},
          h("dt", {}, area),
          h(
            "dd",
            {},
            h("meter", { min: 0, max: 100, value: one.skill[month][seat][k], "aria-label": area }),
            ` ${one.skill[month][seat][k]}`,
          ),
        ),
      ),
    ),
    h(
      "p",
      {},
      `Asks ${[...inside, ...(outside ? [`${outside} in other agencies`] : [])].join(", ") || "nobody"}; ${asked} ${asked === 1 ? "colleague asks" : "colleagues ask"} this person.`,
    ),
  );
}

/**
 * @param {{ one: Followed, look: Look }[]} parts
 * @param {Map<string, Followed>} before
 * @param {import("./main.js").Scenario} scenario
 */
export function overTime(parts, before, scenario) {
  const series = (/** @type {Followed} */ one) => one.monthly.use.map((value) => value ?? 0);
  const end = (/** @type {Followed} */ one) => series(one).at(-1) ?? 0;
  const groups = parts.map(({ one, look }) => ({ look, paths: [series(one)], strong: series(one) }));
  const old = parts.flatMap(({ look }) => {
    const one = before.get(look.id);
    return one ? [{ look: { ...look, color: "var(--faint)" }, paths: [], strong: series(one), dashed: true }] : [];
  });
  const sentence = `Practices in use in this agency at the end: ${parts
    .map(({ one, look }) => {
      const was = before.get(look.id);
      return `${look.title} ${amount(end(one), "use")}${was ? ` (before the latest exit by hand ${amount(end(was), "use")})` : ""}`;
    })
    .join(", ")}.`;
  const axis = span(
    [...groups, ...old].flatMap(({ strong }) => strong),
    0.5,
    undefined,
  );
  const title = "Practices in use in this agency";
  return yearByYear([...old, ...groups], axis, scenario, {
    title,
    sentence,
    note: "One agency in one world: an example, not an answer.",
    of: title,
    words: (value) => amount(value, "use"),
  });
}

/**
 * @param {Followed} one
 * @param {number} month
 */
export function seatTable(one, month) {
  return table(
    `Seats in month ${month}`,
    ["", "Role", "Unit", "Person", "Months here", "Skill"],
    one.seats.map(({ unit }, n) => {
      const held = one.person[month][n] >= 0;
      return [
        `Seat ${n + 1}`,
        roleOf(one, n),
        unit + 1,
        held ? one.person[month][n] : "empty",
        held ? one.tenure[month][n] : "",
        held ? Math.round(mean(one.skill[month][n])) : "",
      ];
    }),
  );
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
    one.events.map((event) => [
      `Month ${event.month}`,
      words[event.kind] ?? event.kind.replaceAll("_", " "),
      event.person < 0 ? "" : event.person,
      place(event.position),
      event.origin,
    ]),
  );
}

/** @param {Map<string, Followed>} told */
export function data(told) {
  /** @type {unknown[][]} */
  const rows = [["plan", "month", "seat", "role", "unit", "person", "months_here", "skill"]];
  for (const one of told.values()) {
    one.months.forEach((month, t) =>
      one.seats.forEach(({ role, unit }, n) => {
        if (one.person[t][n] >= 0)
          rows.push([
            one.plan,
            month,
            n + 1,
            role,
            unit + 1,
            one.person[t][n],
            one.tenure[t][n],
            Math.round(mean(one.skill[t][n])) / 100,
          ]);
      }),
    );
  }
  return rows;
}

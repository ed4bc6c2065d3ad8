// The seats of an agency in a fixed place: leader on top, units as columns. Only what changes is drawn again.

import { s, tick } from "./dom.js";

/**
 * @typedef {object} Followed what the server tells of one plan
 * @property {string} plan
 * @property {string} agency
 * @property {string} name
 * @property {string[]} areas
 * @property {{ seat: number, unit: number, role: string, liaison: boolean }[]} seats
 * @property {number[]} months
 * @property {number[][]} person
 * @property {number[][]} tenure
 * @property {number[][]} helped
 * @property {number[][][]} skill
 * @property {[number, number, number][][]} ties
 * @property {Record<string, (number | null)[]>} monthly
 * @property {{ month: number, kind: string, position: number, person: number, role: string, origin: string }[]} events
 * @property {{ month: number, seat: number, person: number }[]} by_hand
 */

const ROW = 58,
  COLUMN = 56,
  MOST_IN_COLUMN = 5,
  RADIUS = 19;
export const NEWCOMER_MONTHS = 12;

/** @param {number[]} skills by area, in hundredths */
export const mean = (skills) => skills.reduce((sum, one) => sum + one, 0) / skills.length;

/**
 * The first seat leads the agency, other leaders head a unit.
 * @param {Followed} told
 * @param {number} seat
 */
export const roleOf = (told, seat) =>
  seat && told.seats[seat].role === "leader" ? "head of a unit" : told.seats[seat].role;

/** @param {Followed} told */
function places(told) {
  const columns = /** @type {{ x: number, seats: number[] }[]} */ ([]);
  /** @type {Map<number, number[]>} */
  const units = new Map();
  told.seats.forEach(({ unit }, n) => {
    if (n) units.set(unit, [...(units.get(unit) ?? []), n]);
  });
  const heads = /** @type {{ x: number, text: string }[]} */ ([]);
  let x = 34;
  for (const members of units.values()) {
    const begin = x;
    for (let n = 0; n < members.length; n += MOST_IN_COLUMN, x += COLUMN)
      columns.push({ x, seats: members.slice(n, n + MOST_IN_COLUMN) });
    heads.push({ x: (begin + x - COLUMN) / 2, text: `Unit ${heads.length + 1}` });
    x += 18;
  }
  const needed = x - 18 - COLUMN + 34;
  const width = Math.max(needed, 220);
  const shift = (width - needed) / 2;
  /** @type {[number, number][]} */
  const found = told.seats.map(() => [width / 2, 30]);
  for (const { x, seats } of columns)
    seats.forEach((seat, row) => {
      found[seat] = [x + shift, 124 + row * ROW];
    });
  const deep = Math.max(1, ...columns.map(({ seats }) => seats.length));
  return {
    found,
    width,
    height: 124 + (deep - 1) * ROW + 30,
    heads: heads.map((one) => ({ ...one, x: one.x + shift })),
  };
}

/**
 * @param {Followed} told
 * @param {(seat: number) => void} choose gets the place of a seat in the list
 */
export function seating(told, choose) {
  const { found, width, height, heads } = places(told);
  const bend = (/** @type {number} */ a, /** @type {number} */ b) => {
    const [x1, y1] = found[a],
      [x2, y2] = found[b];
    const dx = x2 - x1,
      dy = y2 - y1;
    return `M${x1} ${y1}Q${((x1 + x2) / 2 - 0.18 * dy).toFixed(0)} ${((y1 + y2) / 2 + 0.18 * dx).toFixed(0)} ${x2} ${y2}`;
  };
  const line = (/** @type {string} */ color, /** @type {number} */ wide, opacity = 1) =>
    s("path", { fill: "none", stroke: color, "stroke-width": wide, "stroke-opacity": opacity });
  const faint = line("var(--faint)", 1, 0.45),
    used = line("var(--muted)", 1.6, 0.9),
    own = line("var(--accent)", 2.6);
  const picked = s("circle", {
    r: RADIUS + 7,
    fill: "none",
    stroke: "var(--accent)",
    "stroke-width": 2.5,
    visibility: "hidden",
  });
  const seats = told.seats.map(({ role }, n) => {
    const r = n === 0 ? RADIUS + 4 : RADIUS;
    const ring = s("circle", { r: r + 3.5, fill: "none", stroke: "var(--orange)", "stroke-width": 3 });
    const back = s("circle", {
      r,
      fill: "var(--paper)",
      stroke: "var(--frame)",
      "stroke-width": role === "specialist" ? 1 : 2.5,
    });
    const skill = s("circle", { r, fill: "var(--blue)" });
    const number = s("text", { y: 5, "text-anchor": "middle", class: "skill" });
    const title = s("title");
    return {
      ring,
      back,
      skill,
      number,
      title,
      group: s(
        "g",
        { transform: `translate(${found[n][0].toFixed(1)} ${found[n][1]})`, class: "seat", onclick: () => choose(n) },
        title,
        ring,
        back,
        skill,
        number,
      ),
    };
  });
  const drawing = s(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img" },
    heads.map(({ x, text }) => tick(x, 92, text)),
    faint,
    used,
    own,
    picked,
    seats.map(({ group }) => group),
  );
  drawing.style.maxWidth = `${Math.max(width, 300) * 1.15}px`;

  /**
   * @param {number} frame
   * @param {number | null} chosen
   * @param {string} sentence
   */
  function show(frame, chosen, sentence) {
    drawing.setAttribute("aria-label", sentence);
    const person = told.person[frame],
      tenure = told.tenure[frame],
      skills = told.skill[frame];
    seats.forEach(({ ring, back, skill, number, title }, n) => {
      const empty = person[n] < 0,
        level = empty ? 0 : mean(skills[n]);
      ring.setAttribute("visibility", !empty && tenure[n] < NEWCOMER_MONTHS ? "visible" : "hidden");
      back.setAttribute("stroke-dasharray", empty ? "4 4" : "none");
      skill.setAttribute("fill-opacity", empty ? "0" : String(Math.min(1, Math.max(0.04, (level - 20) / 60))));
      number.textContent = empty ? "" : String(Math.round(level));
      number.setAttribute("class", level > 64 ? "skill dark" : "skill");
      title.textContent = empty ? "empty seat" : `${roleOf(told, n)}, skill ${Math.round(level)} of 100`;
    });
    const ties = told.ties[frame].filter(([, to]) => to >= 0);
    const join = (/** @type {SVGPathElement} */ path, /** @type {[number, number, number][]} */ some) =>
      path.setAttribute("d", some.map(([a, b]) => bend(a, b)).join(""));
    join(
      faint,
      ties.filter((tie) => !tie[2]),
    );
    join(
      used,
      ties.filter((tie) => tie[2]),
    );
    join(
      own,
      ties.filter(([a]) => a === chosen),
    );
    picked.setAttribute("visibility", chosen === null ? "hidden" : "visible");
    if (chosen !== null)
      picked.setAttribute("transform", `translate(${found[chosen][0].toFixed(1)} ${found[chosen][1]})`);
  }
  return { drawing, show, width };
}

/**
 * Arrivals up, exits down, one bar a month; exits by hand are crosses. A click chooses the month.
 * @param {Followed} told
 * @param {number} months
 * @param {string} sentence
 * @param {(month: number) => void} choose
 */
export function strip(told, months, sentence, choose) {
  const width = 290,
    middle = 40,
    unit = 9,
    left = 4;
  const x = (/** @type {number} */ month) => left + (month / months) * (width - 2 * left);
  const cursor = s("line", { y1: 0, y2: 80, stroke: "var(--accent)", "stroke-width": 2 });
  const drawing = s(
    "svg",
    { viewBox: `0 0 ${width} 96`, role: "img", "aria-label": sentence, class: "strip" },
    s("line", { x1: left, x2: width - left, y1: middle, y2: middle, stroke: "var(--frame)" }),
  );
  const wide = Math.max(2, Math.min(7, (width / months) * 0.7));
  const bar = (/** @type {number} */ month, /** @type {"arrival" | "exit"} */ kind) => {
    const count = told.events.filter((event) => event.month === month && event.kind === kind).length;
    if (!count) return;
    const [height, came] = [Math.min(4, count) * unit, kind === "arrival"];
    drawing.append(
      s(
        "rect",
        {
          x: x(month) - wide / 2,
          y: came ? middle - 2 - height : middle + 2,
          width: wide,
          height,
          fill: came ? "var(--orange)" : "var(--muted)",
        },
        s("title", {}, `month ${month}: ${count} ${came ? "came" : "left"}`),
      ),
    );
  };
  for (let month = 1; month <= months; month++) {
    bar(month, "arrival");
    bar(month, "exit");
  }
  for (const { month } of told.by_hand)
    drawing.append(
      s("path", {
        d: "M-4-4L4 4M-4 4L4-4",
        transform: `translate(${x(month + 1)} 74)`,
        stroke: "var(--ink)",
        "stroke-width": 2,
      }),
    );
  for (let month = 0; month <= months; month += months > 72 ? 24 : 12)
    drawing.append(tick(Math.min(Math.max(x(month), 8), width - 8), 94, month / 12));
  drawing.append(cursor);
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    choose(
      Math.min(
        months,
        Math.max(
          0,
          Math.round(((((event.clientX - box.left) / box.width) * width - left) / (width - 2 * left)) * months),
        ),
      ),
    );
  });
  return {
    drawing,
    show: (/** @type {number} */ month) => {
      cursor.setAttribute("x1", String(x(month)));
      cursor.setAttribute("x2", String(x(month)));
    },
  };
}

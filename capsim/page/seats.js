// The seats of an agency in a fixed place: leader on top, units as columns. Only what changes is drawn again.

import { s } from "./dom.js";
import { picture, stroked, tick } from "./figures.js";

const [ROW, COLUMN, MOST_IN_COLUMN, RADIUS, EDGE, APART] = [58, 56, 5, 19, 34, 18];
export const NEWCOMER_MONTHS = 12;

/** @param {number[]} numbers */
export const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The first seat leads the agency, other leaders head a unit. @param {Followed} told @param {number} seat */
export const roleOf = (told, seat) =>
  seat && told.seats[seat].role === "leader" ? "head of a unit" : told.seats[seat].role;

/** @param {Followed} told */
function places(told) {
  /** @type {Map<number, number[]>} */
  const units = new Map();
  told.seats.forEach(({ unit }, n) => n && units.set(unit, [...(units.get(unit) ?? []), n]));
  const columns = [...units.values()].map((members) => Math.ceil(members.length / MOST_IN_COLUMN));
  const needed = 2 * EDGE + COLUMN * columns.reduce((sum, one) => sum + one, -1) + APART * (columns.length - 1);
  const width = Math.max(needed, 220);
  /** @type {[number, number][]} */
  const found = told.seats.map(() => [width / 2, 30]);
  const heads = /** @type {{ x: number, text: string }[]} */ ([]);
  let x = EDGE + (width - needed) / 2;
  for (const members of units.values()) {
    const last = Math.ceil(members.length / MOST_IN_COLUMN) - 1;
    members.forEach((seat, n) => {
      found[seat] = [x + COLUMN * Math.floor(n / MOST_IN_COLUMN), 124 + (n % MOST_IN_COLUMN) * ROW];
    });
    heads.push({ x: x + (COLUMN * last) / 2, text: `Unit ${heads.length + 1}` });
    x += COLUMN * (last + 1) + APART;
  }
  return { found, width, height: Math.max(124, ...found.map(([, y]) => y)) + 30, heads };
}

/** @param {Followed} told @param {(seat: number) => void} choose gets the place of a seat in the list */
export function seating(told, choose) {
  const { found, width, height, heads } = places(told);
  const bend = (/** @type {number} */ a, /** @type {number} */ b) => {
    const [[x1, y1], [x2, y2]] = [found[a], found[b]];
    const [x, y] = [(x1 + x2) / 2 - 0.18 * (y2 - y1), (y1 + y2) / 2 + 0.18 * (x2 - x1)];
    return `M${x1} ${y1}Q${x.toFixed(0)} ${y.toFixed(0)} ${x2} ${y2}`;
  };
  const line = (/** @type {string} */ color, /** @type {number} */ wide, opacity = 1) =>
    stroked("", color, { "stroke-width": wide, "stroke-opacity": opacity });
  const [faint, used] = [line("var(--faint)", 1, 0.45), line("var(--muted)", 1.6, 0.9)];
  const own = line("var(--accent)", 2.6);
  const round = (/** @type {number} */ r, /** @type {Properties} */ more) => s("circle", { r, fill: "none", ...more });
  const picked = round(RADIUS + 7, { stroke: "var(--accent)", "stroke-width": 2.5, visibility: "hidden" });
  const seats = told.seats.map(({ role }, n) => {
    const r = n === 0 ? RADIUS + 4 : RADIUS;
    const ring = round(r + 3.5, { stroke: "var(--orange)", "stroke-width": 3 });
    const edge = role === "specialist" ? 1 : 2.5;
    const back = round(r, { fill: "var(--paper)", stroke: "var(--frame)", "stroke-width": edge });
    const skill = round(r, { fill: "var(--blue)" });
    const number = s("text.skill", { y: 5, "text-anchor": "middle" });
    const title = s("title");
    const transform = `translate(${found[n][0].toFixed(1)} ${found[n][1]})`;
    const group = s("g.seat", { transform, onclick: () => choose(n) }, title, ring, back, skill, number);
    return { ring, back, skill, number, title, group };
  });
  const drawing = picture(width, height, "");
  drawing.append(...heads.map(({ x, text }) => tick(x, 92, text)), faint, used, own, picked);
  drawing.append(...seats.map(({ group }) => group));
  drawing.style.maxWidth = `${Math.max(width, 300) * 1.15}px`;

  /** @param {number} frame @param {number | null} chosen @param {string} sentence */
  function show(frame, chosen, sentence) {
    drawing.setAttribute("aria-label", sentence);
    seats.forEach(({ ring, back, skill, number, title }, n) => {
      const empty = told.person[frame][n] < 0;
      const level = empty ? 0 : mean(told.skill[frame][n]);
      const newcomer = !empty && told.tenure[frame][n] < NEWCOMER_MONTHS;
      ring.setAttribute("visibility", newcomer ? "visible" : "hidden");
      back.setAttribute("stroke-dasharray", empty ? "4 4" : "none");
      skill.setAttribute("fill-opacity", empty ? "0" : String(Math.min(1, Math.max(0.04, (level - 20) / 60))));
      number.textContent = empty ? "" : String(Math.round(level));
      number.setAttribute("class", level > 64 ? "skill dark" : "skill");
      title.textContent = empty ? "empty seat" : `${roleOf(told, n)}, skill ${Math.round(level)} of 100`;
    });
    const ties = told.ties[frame].filter(([, to]) => to >= 0);
    const join = (/** @type {SVGPathElement} */ path, /** @type {(tie: Tie) => boolean} */ which) =>
      path.setAttribute("d", ties.filter(which).map(([a, b]) => bend(a, b)).join(""));
    join(faint, (tie) => !tie[2]);
    join(used, (tie) => Boolean(tie[2]));
    join(own, ([a]) => a === chosen);
    picked.setAttribute("visibility", chosen === null ? "hidden" : "visible");
    if (chosen !== null) picked.setAttribute("transform", `translate(${found[chosen].join(" ")})`);
  }
  return { drawing, show, width };
}

/** Arrivals up, exits down, one bar a month; exits by hand are crosses. A click chooses the month.
 * @param {Followed} told @param {number} months @param {string} sentence @param {(month: number) => void} choose */
export function strip(told, months, sentence, choose) {
  const [width, middle, unit, left] = [290, 40, 9, 4];
  const x = (/** @type {number} */ month) => left + (month / months) * (width - 2 * left);
  const cursor = stroked("", "var(--accent)", { "stroke-width": 2 });
  const drawing = picture(width, 96, sentence);
  drawing.setAttribute("class", "strip");
  drawing.append(stroked(`M${left} ${middle}H${width - left}`, "var(--frame)"));
  const wide = Math.max(2, Math.min(7, (width / months) * 0.7));
  const bar = (/** @type {number} */ month, /** @type {string} */ kind) => {
    const count = told.events.filter((event) => event.month === month && event.kind === kind).length;
    if (!count) return;
    const [height, came] = [Math.min(4, count) * unit, kind === "arrival"];
    const place = { x: x(month) - wide / 2, y: came ? middle - 2 - height : middle + 2, width: wide, height };
    const title = s("title", `month ${month}: ${count} ${came ? "came" : "left"}`);
    drawing.append(s("rect", { ...place, fill: came ? "var(--orange)" : "var(--muted)" }, title));
  };
  for (let month = 1; month <= months; month++) for (const kind of ["arrival", "exit"]) bar(month, kind);
  for (const { month } of told.by_hand) {
    const transform = `translate(${x(month + 1)} 74)`;
    drawing.append(stroked("M-4-4L4 4M-4 4L4-4", "var(--ink)", { transform, "stroke-width": 2 }));
  }
  for (let month = 0; month <= months; month += months > 72 ? 24 : 12)
    drawing.append(tick(Math.min(Math.max(x(month), 8), width - 8), 94, month / 12));
  drawing.append(cursor);
  drawing.addEventListener("click", ({ clientX }) => {
    const box = drawing.getBoundingClientRect();
    const month = ((((clientX - box.left) / box.width) * width - left) / (width - 2 * left)) * months;
    choose(Math.min(months, Math.max(0, Math.round(month))));
  });
  return { drawing, show: (/** @type {number} */ month) => cursor.setAttribute("d", `M${x(month)} 0V80`) };
}

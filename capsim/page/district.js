// One agency, month by month, under two plans and the same luck. People stay in their seat; a click opens one.

import { asking, two } from "./asking.js";
import { budget, lookOf, luck, numbers, turnover, where } from "./controls.js";
import { folded, h, oncePerFrame, redraw, whenQuiet } from "./dom.js";
import { key } from "./figures.js";
import { field, player, range, select } from "./inputs.js";
import { about, data, eventTable, happened, now, overTime, seatTable } from "./people.js";
import { roleOf, seating, strip } from "./seats.js";
import { duration } from "./words.js";

const [MILLISECONDS_A_MONTH, MOST_SEATS, MOST_LEAVES] = [130, 120, 50];
/** Points from which two seatings do not fit beside each other. */
const BROAD = 340;

/** @param {Context} context */
export function district(context) {
  const { state, scenario, note, say } = context;
  /** @returns {Map<string, Followed>} by plan */
  const none = () => new Map();
  /** As it is told, as it is shown, as it was before the latest exit by hand, and what becomes that. */
  let [fresh, told, before, kept] = [none(), none(), none(), none()];
  /** @type {number | null} */
  let chosen = null;
  let show = () => {};
  const draw = oncePerFrame(() => show());
  const choose = (/** @type {number | null} */ seat) => {
    chosen = seat;
    draw();
  };
  const [panels, below] = [h("div.panels"), h("div")];
  const details = h("section.details", { "aria-label": "One seat" });
  const months = monthly(context, draw);
  const put = months.put;

  function leaveNow() {
    if (chosen === null) return;
    if (state.leaves.length >= MOST_LEAVES) return say([`${MOST_LEAVES} exits by hand are the most.`]);
    const [seat, month] = [[...told.values()][0].seats[chosen].seat, months.now()];
    const others = state.leaves.filter((one) => one.seat !== seat || one.month !== month);
    kept = told;
    note({ leaves: [...others, { seat, month }] });
    put(Math.min(month + 1, scenario.months));
    undo.disabled = false;
    shown.run();
  }
  function build() {
    const parts = [...two(context), "none"].slice(0, 2).flatMap((id) => {
      const one = told.get(id);
      return one ? [panel(context, one, { choose, draw, put })] : [];
    });
    const first = parts[0].one;
    if (chosen !== null && chosen >= first.seats.length) chosen = null;
    panels.classList.toggle("one-column", parts[0].seats.width > BROAD);
    redraw(panels, parts.map(({ figure }) => figure));
    redraw(below, [overTime(parts, before, scenario)]);
    shown.heading.textContent = `${first.name}: ${first.seats.length} seats`;
    const named = (/** @type {number} */ n) => (n ? `Seat ${n + 1} (${roleOf(first, n)})` : "Leader");
    const seats = first.seats.map((_, n) => /** @type {Choice} */ ([String(n), named(n)]));
    const seat = select([["", "none"], ...seats], "", (text) => choose(text === "" ? null : Number(text)));
    const body = h("div");
    details.replaceChildren(field("Seat", seat), body);
    show = () => {
      for (const part of parts) part.show(months.now(), chosen);
      seat.value = chosen === null ? "" : String(chosen);
      body.replaceChildren(...about(parts, chosen, months.now(), leaveNow));
    };
    show();
  }
  const undo = h("button", { type: "button", disabled: !state.leaves.length }, "Undo exits by hand");
  undo.addEventListener("click", () => {
    note({ leaves: [] });
    undo.disabled = true;
    shown.run();
  });
  const shown = asking(context, {
    kind: "district",
    asked: () => ({ agency: state.agency || scenario.usual_agency, world: state.world, leaves: state.leaves }),
    begin: () => {
      [fresh, before, kept] = [none(), kept, none()];
    },
    total: 2,
    hear: (bar) => ({
      plan: (found) => {
        fresh.set(found.plan, found);
        bar.show(fresh.size, 2, null);
      },
      done: () => {
        told = fresh;
        bar.end("");
        build();
      },
    }),
    pause: 60,
    pairOnly: true,
    leave: months.leave,
    controls: ({ runSoon }) => {
      const agency = (/** @type {string} */ id) => {
        chosen = null;
        note({ agency: id === scenario.usual_agency ? "" : id, leaves: [] });
        undo.disabled = true;
        runSoon();
      };
      const world = (/** @type {number} */ number) => {
        note({ world: number });
        runSoon();
      };
      const counts = Array.from({ length: Math.max(16, state.world) }, (_, n) => n + 1);
      const hint = h("p.hint", "The worlds are those of Compare plans.");
      return [
        where(context),
        field("Agency", select(agencies(scenario), state.agency || scenario.usual_agency, agency)),
        turnover(context, runSoon),
        budget(context, runSoon),
        luck(context, runSoon),
        field("World", numbers(counts, state.world, world), hint),
        undo,
      ];
    },
    heading: scenario.name,
    result: [months.element, legend(), h("div.panels-and-seat", panels, details), below],
    downloads: { name: `${scenario.name} district`, data: () => data(told) },
  });
  return shown;
}

/** The slider of months, and what plays them. @param {Context} context @param {() => void} draw */
function monthly({ state, scenario, note }, draw) {
  const { assistance, months } = scenario;
  const now = () => slider.input.valueAsNumber;
  const keep = whenQuiet(() => note({ month: now() === assistance ? null : now() }), 200);
  const change = () => {
    draw();
    keep();
  };
  const words = (/** @type {number} */ value) => {
    const after = value - assistance;
    const where = after ? `, ${duration(after)} after help` : ", help ends";
    return `Month ${value} of ${months}${assistance === 0 || after < 0 ? "" : where}`;
  };
  const slider = range("Month", { high: months, value: state.month ?? assistance, words, change });
  const put = (/** @type {number} */ value) => {
    slider.put(value);
    change();
  };
  const play = player("Play", MILLISECONDS_A_MONTH, (first) => {
    const ended = now() >= months;
    if (first || !ended) put(ended ? 0 : now() + 1);
    return (first || !ended) && "Pause";
  });
  return { element: h("div.months", slider.element, play.button), now, put, leave: play.stop };
}

const legend = () =>
  h(
    "ul.legend.small",
    h("li", "Number and fill: skill of 100"),
    h("li", h("span.ring"), "came within a year"),
    h("li", h("span.dashed"), "empty"),
    h("li", "Lines: who asks whom, dark this month"),
  );

/** Agencies that fit on a screen, districts first. @param {Scenario} scenario @returns {Choice[]} */
const agencies = ({ agencies }) =>
  agencies
    .filter(({ seats }) => seats > 0 && seats <= MOST_SEATS)
    .sort((a, b) => Number(b.level === "district") - Number(a.level === "district"))
    .map(({ id, name, seats }) => [id, `${name} (${seats} ${seats === 1 ? "seat" : "seats"})`]);

/** One plan: its seats, who came and left, and both as tables.
 * @param {Context} context @param {Followed} one
 * @param {{ choose: (seat: number) => void, draw: () => void, put: (month: number) => void }} does */
function panel(context, one, { choose, draw, put }) {
  const look = lookOf(context, one.plan);
  const said = happened(one, look.title);
  const [seats, events] = [seating(one, choose), strip(one, context.scenario.months, said, put)];
  const caption = h("figcaption");
  const tables = folded("The same as a table");
  tables.addEventListener("toggle", draw);
  const figure = h(
    "figure",
    h("h2", key(look), ` ${one.plan === "none" ? "No help" : look.title}`),
    seats.drawing,
    caption,
    h("h3", "Who came and who left"),
    events.drawing,
    h("p.hint", said),
    tables,
  );
  /** @param {number} month @param {number | null} chosen */
  function show(month, chosen) {
    const sentence = now(one, month);
    seats.show(month, chosen, sentence);
    caption.textContent = sentence;
    events.show(month);
    if (tables.open)
      tables.replaceChildren(/** @type {Node} */ (tables.firstChild), seatTable(one, month), eventTable(one));
  }
  return { one, look, seats, figure, show };
}

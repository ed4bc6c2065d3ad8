// One agency, month by month, under two plans and the same luck. People stay in their seat; a click opens one.

import { asking, two } from "./asking.js";
import { budget, lookOf, luck, turnover, where } from "./controls.js";
import { folded, h, oncePerFrame, redraw, whenQuiet } from "./dom.js";
import { key } from "./figures.js";
import { field, range, select } from "./inputs.js";
import { about, data, eventTable, happened, now, overTime, seatTable } from "./people.js";
import { roleOf, seating, strip } from "./seats.js";
import { duration } from "./words.js";

/** @typedef {import("./seats.js").Followed} Followed */
const MILLISECONDS_A_MONTH = 130,
  MOST_SEATS = 120;
/** Points from which two seatings do not fit beside each other. */
const BROAD = 340;

/** @param {import("./main.js").Context} context */
export function district(context) {
  const { state, scenario, note, say } = context;
  /** @type {Map<string, Followed>} */
  let told = new Map();
  /** @type {Map<string, Followed>} the same before the latest exit by hand */
  let before = new Map();
  /** @type {Map<string, Followed>} what becomes that */
  let kept = new Map();
  /** @type {number | null} */
  let chosen = null;
  let timer = 0,
    playing = false;
  let show = () => {};
  const panels = h("div", { class: "panels" }),
    below = h("div", {}),
    details = h("section", { class: "details", "aria-label": "One seat" });
  const slider = range({
    low: 0,
    high: scenario.months,
    step: 1,
    value: state.month ?? scenario.assistance,
    words: since,
    change: () => move(),
  });
  const month = () => slider.input.valueAsNumber;
  const shown = oncePerFrame(() => show());
  const keepMonth = whenQuiet(() => note({ month: month() === scenario.assistance ? null : month() }), 200);

  /** @param {number} value */
  function since(value) {
    const after = value - scenario.assistance;
    const where =
      scenario.assistance === 0 || value < scenario.assistance
        ? ""
        : after === 0
          ? ", help ends"
          : `, ${duration(after)} after help`;
    return `Month ${value} of ${scenario.months}${where}`;
  }
  function move() {
    shown();
    keepMonth();
  }
  /** @param {number} value */
  function put(value) {
    slider.input.value = String(value);
    slider.said.textContent = since(value);
    slider.input.setAttribute("aria-valuetext", since(value));
    move();
  }
  const play = h(
    "button",
    {
      type: "button",
      onclick: () => {
        playing = !playing;
        if (playing && month() >= scenario.months) put(0);
        play.textContent = playing ? "Pause" : "Play";
        clearInterval(timer);
        if (playing)
          timer = setInterval(() => {
            if (month() >= scenario.months) play.click();
            else put(month() + 1);
          }, MILLISECONDS_A_MONTH);
      },
    },
    "Play",
  );

  function leaveNow() {
    if (chosen === null) return;
    const seat = [...told.values()][0].seats[chosen].seat;
    if (state.leaves.length >= 50) {
      say(["50 exits by hand are the most."]);
      return;
    }
    kept = told;
    note({
      leaves: [...state.leaves.filter((one) => one.seat !== seat || one.month !== month()), { seat, month: month() }],
    });
    put(Math.min(month() + 1, scenario.months));
    undo.disabled = false;
    run();
  }
  function build() {
    const ids = [...two(context), "none"].slice(0, 2).filter((id) => told.has(id));
    const first = /** @type {Followed} */ (told.get(ids[0]));
    if (chosen !== null && chosen >= first.seats.length) chosen = null;
    /** @param {number} seat */
    const choose = (seat) => {
      chosen = seat;
      shown();
    };
    const parts = ids.map((id) => {
      const one = /** @type {Followed} */ (told.get(id)),
        look = lookOf(context, id);
      const seats = seating(one, choose),
        caption = h("figcaption", {});
      const tables = folded("The same as a table");
      tables.addEventListener("toggle", shown);
      const events = strip(one, scenario.months, happened(one, look.title), put);
      const figure = h(
        "figure",
        {},
        h("h2", {}, key(look), ` ${id === "none" ? "No help" : look.title}`),
        seats.drawing,
        caption,
        h("h3", {}, "Who came and who left"),
        events.drawing,
        h("p", { class: "hint" }, happened(one, look.title)),
        tables,
      );
      return { one, look, seats, caption, events, tables, figure };
    });
    panels.classList.toggle("one-column", parts[0].seats.width > BROAD);
    redraw(
      panels,
      parts.map(({ figure }) => figure),
    );
    redraw(below, [overTime(parts, before, scenario)]);
    heading.textContent = `${first.name}: ${first.seats.length} seats`;
    const options = first.seats.map(
      (_, n) => /** @type {[string, string]} */ ([String(n), n ? `Seat ${n + 1} (${roleOf(first, n)})` : "Leader"]),
    );
    const seatSelect = select([["", "none"], ...options], chosen === null ? "" : String(chosen), (text) => {
      chosen = text === "" ? null : Number(text);
      shown();
    });
    const body = h("div", {});
    details.replaceChildren(field("Seat", seatSelect), body);
    show = () => {
      for (const { one, seats, caption, events, tables } of parts) {
        const sentence = now(one, month());
        seats.show(month(), chosen, sentence);
        caption.textContent = sentence;
        events.show(month());
        if (tables.open)
          tables.replaceChildren(/** @type {Node} */ (tables.firstChild), seatTable(one, month()), eventTable(one));
      }
      seatSelect.value = chosen === null ? "" : String(chosen);
      body.replaceChildren(...about(parts, chosen, month(), leaveNow));
    };
    show();
  }
  const heading = h("h1", {}, scenario.name);
  /** @type {[string, string][]} */
  const agencies = scenario.agencies
    .filter(({ seats }) => seats > 0 && seats <= MOST_SEATS)
    .map(({ id, name, seats }) => [id, `${name} (${seats} ${seats === 1 ? "seat" : "seats"})`]);
  agencies.sort((a, b) => Number(isDistrict(b[0])) - Number(isDistrict(a[0])));
  function isDistrict(/** @type {string} */ id) {
    return scenario.agencies.find((one) => one.id === id)?.level === "district";
  }
  const undo = h(
    "button",
    {
      type: "button",
      disabled: !state.leaves.length,
      onclick: () => {
        note({ leaves: [] });
        undo.disabled = true;
        run();
      },
    },
    "Undo exits by hand",
  );
  /** @type {Map<string, Followed>} */
  let fresh = new Map();
  const { element, run, leave } = asking(context, {
    kind: "district",
    asked: () => ({
      agency: state.agency || scenario.usual_agency,
      world: state.world,
      leaves: state.leaves,
    }),
    begin: () => {
      fresh = new Map();
      before = kept;
      kept = new Map();
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
    controls: ({ runSoon }) => [
      where(context),
      field(
        "Agency",
        select(agencies, state.agency || scenario.usual_agency, (id) => {
          chosen = null;
          note({ agency: id === scenario.usual_agency ? "" : id, leaves: [] });
          undo.disabled = true;
          runSoon();
        }),
      ),
      turnover(context, runSoon),
      budget(context, runSoon),
      luck(context, runSoon),
      field(
        "World",
        select(
          Array.from({ length: Math.max(16, state.world) }, (_, n) => [String(n + 1), String(n + 1)]),
          String(state.world),
          (text) => {
            note({ world: Number(text) });
            runSoon();
          },
        ),
        h("p", { class: "hint" }, "The worlds are those of Compare plans."),
      ),
      undo,
    ],
    heading: [heading],
    result: [
      h("div", { class: "months" }, field("Month", slider.input, slider.said), play),
      h(
        "ul",
        { class: "legend small" },
        h("li", {}, "Number and fill: skill of 100"),
        h("li", {}, h("span", { class: "ring" }), "came within a year"),
        h("li", {}, h("span", { class: "dashed" }), "empty"),
        h("li", {}, "Lines: who asks whom, dark this month"),
      ),
      h("div", { class: "panels-and-seat" }, panels, details),
      below,
    ],
    downloads: {
      name: `${scenario.name} district`,
      data: () => data(told),
      drawing: () => panels.querySelector("svg[role=img]"),
    },
  });
  run();
  return {
    element,
    leave: () => {
      leave();
      clearInterval(timer);
    },
  };
}

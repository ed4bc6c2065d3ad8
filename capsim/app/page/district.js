// One agency, month by month, under two plans and the same luck. People stay in their seat; a click opens one.

import { ask } from "./api.js";
import { budget, chosenPlans, field, jump, luck, pair, question, range, select, turnover, where } from "./controls.js";
import { folded, h, oncePerFrame, table, whenQuiet } from "./dom.js";
import { key, lines, span } from "./figures.js";
import { downloads, progress } from "./results.js";
import { mean, NEWCOMER_MONTHS, roleOf, seating, strip } from "./seats.js";
import { amount, duration } from "./words.js";

/** @typedef {import("./seats.js").Followed} Followed */
/** @typedef {import("./figures.js").Look} Look */
const MILLISECONDS_A_MONTH = 130, MOST_SEATS = 120;

/** @param {import("./main.js").Context} context */
export function district(context) {
  const { state, scenario, note, say } = context;
  /** @type {Map<string, Followed>} */
  let told = new Map();
  /** @type {Map<string, Followed>} the same before the latest exit by hand */
  let before = new Map();
  /** @type {number | null} */
  let chosen = null;
  let stop = () => {}, timer = 0, playing = false;
  let show = () => {};
  const bar = progress(() => { stop(); bar.end("Stopped."); });
  const panels = h("div", { class: "panels" }), below = h("div", {}), details = h("section", { class: "details", "aria-label": "One seat" });
  const slider = range({ low: 0, high: scenario.months, step: 1, value: state.month ?? scenario.assistance, words: since, change: () => move() });
  const month = () => slider.input.valueAsNumber;
  const shown = oncePerFrame(() => show());
  const keepMonth = whenQuiet(() => note({ month: month() === scenario.assistance ? null : month() }), 200);

  /** @param {number} value */
  function since(value) {
    const after = value - scenario.assistance;
    const where = scenario.assistance === 0 || value < scenario.assistance ? "" : after === 0 ? ", help ends" : `, ${duration(after)} after help`;
    return `Month ${value} of ${scenario.months}${where}`;
  }
  function move() { shown(); keepMonth(); }
  /** @param {number} value */
  function put(value) {
    slider.input.value = String(value);
    slider.said.textContent = since(value);
    slider.input.setAttribute("aria-valuetext", since(value));
    move();
  }
  const play = h("button", { type: "button", onclick: () => {
    playing = !playing;
    if (playing && month() >= scenario.months) put(0);
    play.textContent = playing ? "Pause" : "Play";
    clearInterval(timer);
    if (playing) timer = setInterval(() => { if (month() >= scenario.months) play.click(); else put(month() + 1); }, MILLISECONDS_A_MONTH);
  } }, "Play");

  function run() {
    stop();
    /** @type {Map<string, Followed>} */
    const fresh = new Map();
    bar.show(0, 2, null);
    stop = ask("district", { ...question(context), doubt: false, plans: chosenPlans(context).slice(0, 2), agency: state.agency || scenario.usual_agency, world: state.world, leaves: state.leaves }, {
      plan: (found) => { fresh.set(found.plan, found); bar.show(fresh.size, 2, null); },
      done: () => { told = fresh; bar.end(""); build(); },
      failed: (lines_) => { say(lines_); bar.end("Nothing was finished."); },
    });
  }
  const runAnew = whenQuiet(() => { before = new Map(); run(); }, 60);
  const again = () => { pairs.replaceChildren(pair(context, again, true)); runAnew(); };
  const pairs = h("div", {}, pair(context, again, true));

  function leaveNow() {
    if (chosen === null) return;
    const seat = [...told.values()][0].seats[chosen].seat;
    if (state.leaves.length >= 50) { say(["50 exits by hand are the most."]); return; }
    before = told;
    note({ leaves: [...state.leaves.filter((one) => one.seat !== seat || one.month !== month()), { seat, month: month() }] });
    put(Math.min(month() + 1, scenario.months));
    undo.disabled = false;
    run();
  }
  function build() {
    const looks = new Map(scenario.plans.map((plan) => /** @type {[string, Look]} */ ([plan.id, plan])));
    const ids = [...chosenPlans(context).slice(0, 2), "none"].slice(0, 2).filter((id) => told.has(id));
    const first = /** @type {Followed} */ (told.get(ids[0]));
    if (chosen !== null && chosen >= first.seats.length) chosen = null;
    /** @param {number} seat */
    const choose = (seat) => { chosen = seat; shown(); };
    const parts = ids.map((id) => {
      const one = /** @type {Followed} */ (told.get(id)), look = /** @type {Look} */ (looks.get(id));
      const seats = seating(one, choose), caption = h("figcaption", {});
      const tables = folded("The same as a table");
      tables.addEventListener("toggle", shown);
      const events = strip(one, scenario.months, happened(one, look.title), put);
      const figure = h("figure", {}, h("h2", {}, key(look), ` ${id === "none" ? "No help" : look.title}`), seats.drawing, caption,
        h("h3", {}, "Who came and who left"), events.drawing, h("p", { class: "hint" }, happened(one, look.title)), tables);
      return { one, look, seats, caption, events, tables, figure };
    });
    panels.replaceChildren(...parts.map(({ figure }) => figure));
    below.replaceChildren(...overTime(parts.map(({ one, look }) => ({ one, look })), before, scenario));
    heading.textContent = `${first.name}: ${first.seats.length} seats`;
    const options = first.seats.map((_, n) => /** @type {[string, string]} */ ([String(n), n ? `Seat ${n + 1} (${roleOf(first, n)})` : "Leader"]));
    const seatSelect = select([["", "none"], ...options], chosen === null ? "" : String(chosen), (text) => { chosen = text === "" ? null : Number(text); shown(); });
    const body = h("div", {});
    details.replaceChildren(field("Seat", seatSelect), body);
    show = () => {
      for (const { one, seats, caption, events, tables } of parts) {
        const sentence = now(one, month());
        seats.show(month(), chosen, sentence);
        caption.textContent = sentence;
        events.show(month());
        if (tables.open) tables.replaceChildren(/** @type {Node} */ (tables.firstChild), seatTable(one, month()), eventTable(one));
      }
      seatSelect.value = chosen === null ? "" : String(chosen);
      body.replaceChildren(...about(parts, chosen, month(), leaveNow));
    };
    show();
  }
  const heading = h("h1", {}, scenario.name);
  /** @type {[string, string][]} */
  const agencies = scenario.agencies.filter(({ seats }) => seats > 0 && seats <= MOST_SEATS).map(({ id, name, seats }) => [id, `${name} (${seats} ${seats === 1 ? "seat" : "seats"})`]);
  agencies.sort((a, b) => Number(isDistrict(b[0])) - Number(isDistrict(a[0])));
  function isDistrict(/** @type {string} */ id) { return scenario.agencies.find((one) => one.id === id)?.level === "district"; }
  const undo = h("button", { type: "button", disabled: !state.leaves.length, onclick: () => { note({ leaves: [] }); undo.disabled = true; before = new Map(); run(); } }, "Undo exits by hand");
  const element = h("div", { class: "with-controls" },
    h("form", { class: "controls", id: "controls", "aria-label": "What is looked at", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      where(context), field("Agency", select(agencies, state.agency || scenario.usual_agency, (id) => { chosen = null; note({ agency: id === scenario.usual_agency ? "" : id, leaves: [] }); undo.disabled = true; runAnew(); })),
      turnover(context, runAnew), budget(context, runAnew), luck(context, runAnew),
      field("World", select(Array.from({ length: Math.max(16, state.world) }, (_, n) => [String(n + 1), String(n + 1)]), String(state.world), (text) => { note({ world: Number(text) }); runAnew(); }),
        h("p", { class: "hint" }, "The worlds are those of Compare plans.")), undo),
    h("section", { class: "result", "aria-label": "What comes out" }, heading, jump(), pairs, bar.element,
      h("div", { class: "months" }, field("Month", slider.input, slider.said), play),
      h("ul", { class: "legend small" }, h("li", {}, "Number and fill: skill of 100"), h("li", {}, h("span", { class: "ring" }), "came within a year"), h("li", {}, h("span", { class: "dashed" }), "empty"), h("li", {}, "Lines: who asks whom, dark this month")),
      h("div", { class: "panels-and-seat" }, panels, details), below,
      downloads({ name: `${scenario.name} district`, say, question: () => ({ ...question(context), plans: chosenPlans(context).slice(0, 2) }), data: () => data(told), drawing: () => panels.querySelector("svg[role=img]") })));
  run();
  return { element, leave: () => { stop(); clearInterval(timer); } };
}

/**
 * @param {Followed} one
 * @param {number} month
 */
function now(one, month) {
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
function happened(one, title) {
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
function about(parts, chosen, month, leave) {
  if (chosen === null) return [h("p", { class: "hint" }, "Click a seat, or choose one here, to see who sits there under each plan.")];
  const held = parts.some(({ one }) => one.person[month][chosen] >= 0);
  const last = month >= parts[0].one.months.length - 1;
  return [
    ...parts.map(({ one, look }) => h("div", { class: "person" }, h("h3", {}, key(look), ` ${look.title}`), holder(one, chosen, month))),
    h("button", { type: "button", disabled: !held || last, onclick: leave }, "Make this person leave"),
    h("p", { class: "hint" }, last ? "After the last month nobody can leave." : "At the end of this month, under both plans; everybody else's luck stays as it is."),
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
  return h("div", {},
    h("p", {}, `Person ${person}, ${roleOf(one, seat)}${one.seats[seat].liaison ? ", liaison to other agencies" : ""}, here for ${duration(one.tenure[month][seat])}${hours ? `, ${hours} hours of help this month` : ""}.`),
    h("dl", {}, one.areas.map((area, k) => h("div", {}, h("dt", {}, area), h("dd", {}, h("meter", { min: 0, max: 100, value: one.skill[month][seat][k], "aria-label": area }), ` ${one.skill[month][seat][k]}`)))),
    h("p", {}, `Asks ${[...inside, ...(outside ? [`${outside} in other agencies`] : [])].join(", ") || "nobody"}; ${asked} ${asked === 1 ? "colleague asks" : "colleagues ask"} this person.`));
}

/**
 * @param {{ one: Followed, look: Look }[]} parts
 * @param {Map<string, Followed>} before
 * @param {import("./main.js").Scenario} scenario
 */
function overTime(parts, before, scenario) {
  const series = (/** @type {Followed} */ one) => one.monthly.use.map((value) => value ?? 0);
  const end = (/** @type {Followed} */ one) => series(one).at(-1) ?? 0;
  const groups = parts.map(({ one, look }) => ({ look, paths: [series(one)], strong: series(one) }));
  const old = parts.flatMap(({ look }) => { const one = before.get(look.id); return one ? [{ look: { ...look, color: "var(--faint)" }, paths: [], strong: series(one), dashed: true }] : []; });
  const sentence = `Practices in use in this agency at the end: ${parts.map(({ one, look }) => { const was = before.get(look.id); return `${look.title} ${amount(end(one), "use")}${was ? ` (before the latest exit by hand ${amount(end(was), "use")})` : ""}`; }).join(", ")}.`;
  const axis = span([...groups, ...old].flatMap(({ strong }) => strong), 0.5, undefined);
  return [h("figure", {}, h("h2", {}, "Practices in use in this agency"),
    lines([...old, ...groups], axis, { months: scenario.months, assistance: scenario.assistance, first: 1, label: "years since help began", sentence, width: innerWidth < 560 ? 400 : 720, signed: false }),
    h("figcaption", {}, `${sentence} One agency in one world: an example, not an answer.`))];
}

/**
 * @param {Followed} one
 * @param {number} month
 */
function seatTable(one, month) {
  return table(`Seats in month ${month}`, ["", "Role", "Unit", "Person", "Months here", "Skill"], one.seats.map(({ unit }, n) => {
    const held = one.person[month][n] >= 0;
    return [`Seat ${n + 1}`, roleOf(one, n), unit + 1, held ? one.person[month][n] : "empty", held ? one.tenure[month][n] : "", held ? Math.round(mean(one.skill[month][n])) : ""];
  }));
}

/** @param {Followed} one */
function eventTable(one) {
  /** @type {Record<string, string>} */
  const words = { exit: "left", arrival: "came", role_change: "changed seats" };
  const place = (/** @type {number} */ position) => { const n = one.seats.findIndex(({ seat }) => seat === position); return n < 0 ? "" : `seat ${n + 1}`; };
  return table("Who came and who left", ["", "What", "Person", "Seat", "From"], one.events.map((event) =>
    [`Month ${event.month}`, words[event.kind] ?? event.kind.replaceAll("_", " "), event.person < 0 ? "" : event.person, place(event.position), event.origin]));
}

/** @param {Map<string, Followed>} told */
function data(told) {
  /** @type {unknown[][]} */
  const rows = [["plan", "month", "seat", "role", "unit", "person", "months_here", "skill"]];
  for (const one of told.values()) {
    one.months.forEach((month, t) => one.seats.forEach(({ role, unit }, n) => {
      if (one.person[t][n] >= 0) rows.push([one.plan, month, n + 1, role, unit + 1, one.person[t][n], one.tenure[t][n], Math.round(mean(one.skill[t][n])) / 100]);
    }));
  }
  return rows;
}

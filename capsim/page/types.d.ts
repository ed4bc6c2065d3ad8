// Types that the page's modules share, for `make page` alone: no browser reads this file.

type Child = Node | string | number | null | undefined | false;
/** Of an element: `onclick` and the like are listeners; null and false leave an attribute out. */
type Properties = { [name: `on${string}`]: (event: any) => void; [name: string]: any };
/** What "p.note" makes: a p. */
type Made<T extends string, All> = All[(T extends `${infer Name}.${string}` ? Name : T) & keyof All];
type Choice = [value: string, text: string];
type Axis = [low: number, high: number];
/** Of an interval; null where there is none. */
type Ends = [low: number | null, high: number | null];
type Words = (value: number) => string;
/** Where a value lies in a drawing. */
type Scale = (value: number) => number;

interface Slider { low?: number; high: number; step?: number; value: number; words: Words; change: (value: number) => void }

/** How a plan is drawn. */
interface Look { id: string; title: string; color: string; shape: string }

/** One value a world; null where a run failed. */
interface Row { look: Look; values: (number | null)[] }

/** A plan over time: one faint line a path, and a strong one. */
interface Group { look: Look; paths: number[][]; strong: number[] | null; dashed?: boolean }

/** How a figure is labelled, and what is read instead of it. */
interface Labels { words: Words; label: string; sentence: string }

/** `first` is the month of the first value of a path, `every` how far apart they are, `now` a month that is marked. */
interface Months { months: number; assistance: number; first: number; every?: number; now?: number; inYears?: boolean }

/** Somebody who is made to leave at the end of a month. */
interface Leave { seat: number; month: number }

/** What is looked at; null is what the scenario says. */
interface State {
  screen: string;
  /** Name of a scenario; "" is the first, "file" the one that was opened in this tab. */
  where: string;
  turnover: number | null;
  budget: number | null;
  /** The first two are compared. */
  plans: string[] | null;
  luck: number;
  worlds: number;
  doubt: boolean;
  outcome: string;
  whom: string;
  when: string;
  agency: string;
  world: number;
  month: number | null;
  leaves: Leave[];
  lesson: string;
}
type Changes = Partial<State>;

type Plan = Look & { meaning: string; own: boolean };

/** What the server says of a scenario. */
interface Scenario {
  id: string;
  name: string;
  plans: Plan[];
  ticked: string[];
  budget: { value: number; unit: "hours" | "dollars" };
  turnover: { name: string; value: number; low: number; high: number; source: string; meaning: string; label: string; assumed: boolean };
  assistance: number;
  months: number;
  when: string;
  at: number;
  outcome: string;
  weight: string;
  outcomes: Record<string, { title: string; meaning: string }>;
  agencies: { id: string; name: string; level: string; seats: number }[];
  usual_agency: string;
  slow: boolean;
  notes: string[];
}

/** What a screen works with. */
interface Context {
  state: State;
  scenarios: { id: string; name: string }[];
  scenario: Scenario;
  /** Change the state and the address; the screen stays. */
  note: (changes: Changes) => void;
  /** Change it and show everything anew. */
  go: (changes: Changes) => void;
  say: (lines: string[]) => void;
}
interface Shown { element: HTMLElement; leave?: () => void }


/** How far a job is: a bar with words and a button that stops it. */
interface Progress {
  element: HTMLElement;
  show: (done: number, total: number, seconds: number | null) => void;
  end: (said: string) => void;
}

/** What a screen has to take along. */
interface Takeable { name: string; report?: boolean; data: () => unknown[][] }

/** What one screen that asks the server has of its own. */
interface About {
  /** Of the job. */
  kind: string;
  heading: string;
  /** Whether any two plans can be chosen and only they are run, with numbers and rules as they stand. */
  pairOnly: boolean;
  /** Of the form; `again` runs soon, with other plans. */
  controls: (does: Record<"run" | "runSoon" | "again", () => void>) => (Node | null)[];
  /** Milliseconds without a move after which it runs. */
  pause: number;
  /** Called before every run. */
  begin?: () => void;
  /** What differs from the question of all screens. */
  asked?: () => Record<string, unknown>;
  /** Steps, to begin with. */
  total: number;
  hear: (bar: Progress) => Record<string, (content: any) => void>;
  /** What is said when it was stopped. */
  stopped?: () => string;
  result: (Node | null)[];
  /** Called when another screen is shown. */
  leave?: () => void;
  downloads: Takeable;
}

interface Run { values: Record<string, Record<string, (number | null)[]>>; path: number[]; failure?: string }
interface World { world: number; plans: Record<string, Run> }

/** Who asks whom, by seat (negative: in another agency), and whether in this month. */
type Tie = [from: number, to: number, used: number];

/** What the server tells of one plan in one agency. */
interface Followed {
  plan: string;
  agency: string;
  name: string;
  areas: string[];
  seats: { seat: number; unit: number; role: string; liaison: boolean }[];
  months: number[];
  person: number[][];
  tenure: number[][];
  helped: number[][];
  skill: number[][][];
  ties: Tie[][];
  monthly: Record<string, (number | null)[]>;
  events: { month: number; kind: string; position: number; person: number; role: string; origin: string }[];
  by_hand: { month: number; seat: number; person: number }[];
}

type Ahead = "first" | "second" | "open" | "few";
interface Cell { difference: number | null; low: number | null; high: number | null; worlds: number; more: number; ahead: Ahead }
interface Grid { values: number[]; months: number[]; columns: (Cell[] | undefined)[] }

/** By measure, strategy, world, month. */
type Gains = number[][][][];
/** Of a lesson; gains come as they are known. */
interface Lesson {
  title: string;
  about: string;
  minutes: number;
  /** HTML of capsim's own making, as that for the instructor. */
  student: string;
  instructor: string;
  predict: { question: string; answers: string[] };
  slider: { name: string; label: string; values: number[]; start: number; factor: number; unit: string };
  switch: { label: string; variants: { label: string }[] } | null;
  strategies: Look[];
  measures: string[];
  months: number[];
  month: number;
  axis: "lesson" | "month";
  assistance: number;
  hours: number;
  turnover: number;
}
/** Where a lesson stands. */
interface At { place: number; variant: number; measure: number; month: number }

/** Of a report, over stored runs; `points` has every combination of places, those of the last slider fastest. */
interface Panel {
  title: string;
  sliders: { label: string; places: string[]; start: number }[];
  lines: Look[];
  headers: string[];
  points: { said: string; rows: { line: number; gain: number | null; low: number | null; high: number | null; cells: string[] }[] }[];
}

// Numbers and counts as people read them.

export const FEWEST_TO_COUNT = 8;

/** @type {Words} */
export const percent = (value) => `${Math.round(1000 * value) / 10}%`;

/** @type {Words} */
export const whole = (value) => Math.round(value).toLocaleString("en-US");

/** @param {number} value @param {string} outcome @param {boolean} [signed] */
export function amount(value, outcome, signed = false) {
  const sign = signed && value > 0 ? "+" : value < 0 ? "\u2212" : "";
  const size = Math.abs(value);
  return sign + (outcome === "cost" ? `$${whole(size)}` : size.toFixed(3).replace(/^0/, ""));
}

/** @param {number | null} seconds */
export function left(seconds) {
  if (seconds === null) return "";
  return seconds < 90 ? `, ${Math.max(1, Math.round(seconds))} s left` : `, ${Math.round(seconds / 60)} min left`;
}

/** @param {number} month */
export function duration(month) {
  if (month < 1) return "less than a month";
  if (month % 12) return month === 1 ? "1 month" : `${month} months`;
  return month === 12 ? "1 year" : `${month / 12} years`;
}

/** How often the first of a pair has more, in one sentence.
 * @param {[number, number][]} pairs one pair a world @param {string} first @param {string} second
 * @param {string} what has or does more: "leaves more use of the practices" */
export function counted(pairs, first, second, what) {
  const more = pairs.filter(([a, b]) => a > b).length;
  const less = pairs.filter(([a, b]) => a < b).length;
  const n = pairs.length;
  if (n === 0) return "No world is finished yet.";
  if (n < FEWEST_TO_COUNT) return `${n} ${n === 1 ? "world" : "worlds"}: too few to tell.`;
  if (more === less) return `${first} and ${second} are ahead equally often, ${more} of ${n} worlds each.`;
  return more > less
    ? `In ${more} of ${n} worlds ${first} ${what} than ${second}.`
    : `In ${less} of ${n} worlds ${second} ${what} than ${first}.`;
}

/** @param {number[]} values */
export function middle(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Values that are known. @param {(number | null)[]} values */
export const known = (values) => /** @type {number[]} */ (values.filter((value) => value !== null));

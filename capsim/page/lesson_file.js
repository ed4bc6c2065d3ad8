// A lesson as a file of its own: everything is known from the beginning, and stands beside this script.

import { lesson } from "./lesson.js";

const facts = JSON.parse(document.getElementById("facts")?.textContent ?? "{}");
const { element, add } = lesson(facts);
facts.gains.forEach((/** @type {any[]} */ row, /** @type {number} */ variant) =>
  row.forEach((gains, place) => add(variant, place, gains)),
);
document.getElementById("screen")?.replaceChildren(element);

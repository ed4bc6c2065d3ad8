"use strict";
// Plain script of a lesson page: reads the facts beside it, asks for a prediction, then draws what the slider stands at.
const facts = JSON.parse(document.getElementById("facts").textContent);
const at = { slider: facts.slider.start, variant: 0, measure: 0, month: facts.months.indexOf(facts.month) };
const seen = new Set();
const $ = (id) => document.getElementById(id);
const points = (gain) => `${gain < -0.0005 ? "−" : gain > 0.0005 ? "+" : ""}${Math.abs(100 * gain).toFixed(1)}`;
const value = (n) => `${+(facts.slider.values[n] * facts.slider.factor).toPrecision(6)}${facts.slider.unit === "%" ? "" : " "}${facts.slider.unit}`.trim();
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
const median = (numbers) => { const s = sorted(numbers), n = s.length; return n % 2 ? s[(n - 1) / 2] : (s[n / 2 - 1] + s[n / 2]) / 2; };
const paths = (slider = at.slider, variant = at.variant) => facts.gains[variant][slider][at.measure];
const gainsNow = (slider, variant) => paths(slider, variant).map((worlds) => worlds.map((path) => path[at.month]));

// One scale of gains for every position of slider and switch, so that pictures can be laid side by side; of one month
// (null: of all), and of every world or of the middle of them.
function scale(month, of = (gains) => gains) {
  let low = 0, high = 0;
  for (const variant of facts.gains) for (const position of variant) for (const worlds of position[at.measure])
    facts.months.forEach((_, m) => {
      if (month === null || month === m) for (const gain of of(worlds.map((path) => path[m]))) { low = Math.min(low, gain); high = Math.max(high, gain); }
    });
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((one) => (high - low) / one <= 6) || 1;
  high = Math.max(high, low + 0.005);
  const room = 0.04 * (high - low);
  return { low: low - room, high: high + room, step };
}

const tick = (gain) => `${gain < -1e-9 ? "−" : gain > 1e-9 ? "+" : ""}${+Math.abs(100 * gain).toFixed(2)}`;

function ticks({ low, high, step }) {
  const found = [];
  for (let n = Math.ceil(low / step); n <= Math.floor(high / step); n++) found.push(n * step);
  return found;
}

function draw(id, height, fill) {
  const svg = $(id), width = Math.max(280, svg.parentNode.clientWidth), big = document.documentElement.classList.contains("projector") ? 1.5 : 1;
  svg.setAttribute("viewBox", `0 0 ${width} ${height * big}`);
  svg.style.height = `${height * big}px`;
  svg.innerHTML = fill(width, height * big, big);
}

const line = (x1, y1, x2, y2, kind) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" class="${kind}"/>`;
const say = (x, y, words, anchor = "middle", kind = "soft") => `<text x="${x}" y="${y}" text-anchor="${anchor}" class="${kind}">${words}</text>`;
const mark = (n, x, y, size) => n === 0
  ? `<circle cx="${x}" cy="${y}" r="${size}" fill="var(${facts.strategies[0].color})"/>`
  : `<path d="M${x} ${y - 1.25 * size}L${x + 1.25 * size} ${y}L${x} ${y + 1.25 * size}L${x - 1.25 * size} ${y}Z" fill="var(${facts.strategies[1].color})"/>`;

function dots() {
  const range = scale(facts.axis === "month" ? at.month : null), now = gainsNow();
  draw("dots", 190, (width, height, big) => {
    const x = (gain) => 16 + (width - 32) * (gain - range.low) / (range.high - range.low);
    const row = (height - 30 * big) / 2, y = (n, world) => row * n + row * (0.14 + 0.72 * (world + 0.5) / facts.worlds);
    let out = ticks(range).map((gain) => line(x(gain), 0, x(gain), 2 * row, Math.abs(gain) < 1e-9 ? "zero" : "grid") + say(x(gain), height - 8, tick(gain))).join("");
    for (let w = 0; w < facts.worlds; w++) out += line(x(now[0][w]), y(0, w), x(now[1][w]), y(1, w), "pair");
    now.forEach((gains, n) => gains.forEach((gain, w) => { out += mark(n, x(gain), y(n, w), 4 * big); }));
    return out;
  });
}

function course() {
  const range = scale(null), last = facts.months[facts.months.length - 1];
  draw("course", 240, (width, height, big) => {
    const left = 44 * big, bottom = height - 28 * big;
    const x = (month) => left + (width - left - 12) * month / last, y = (gain) => 6 + (bottom - 6) * (range.high - gain) / (range.high - range.low);
    const path = (gains) => `M${x(0)} ${y(0)}` + gains.map((gain, m) => `L${x(facts.months[m]).toFixed(1)} ${y(gain).toFixed(1)}`).join("");
    let out = `<rect x="${x(0)}" y="6" width="${x(facts.assistance) - x(0)}" height="${bottom - 6}" class="help"/>` + say((x(0) + x(facts.assistance)) / 2, 20 * big, "while help lasts");
    out += ticks(range).map((gain) => line(left, y(gain), width - 12, y(gain), Math.abs(gain) < 1e-9 ? "zero" : "grid") + say(left - 6, y(gain) + 4, tick(gain), "end")).join("");
    for (let month = 0; month <= last; month += 12) out += say(x(month), height - 8, month === 0 ? "month 0" : month);
    paths().forEach((worlds, n) => {
      const color = `stroke="var(${facts.strategies[n].color})" fill="none"`;
      out += worlds.map((one) => `<path d="${path(one)}" ${color} stroke-width="1" opacity=".3"/>`).join("");
      out += `<path d="${path(facts.months.map((_, m) => median(worlds.map((one) => one[m]))))}" ${color} stroke-width="3"${n ? ' stroke-dasharray="8 4"' : ""}/>`;
    });
    return out + line(x(facts.months[at.month]), 6, x(facts.months[at.month]), bottom, "now");
  });
}

function across() {
  const range = scale(facts.axis === "month" ? at.month : null, (gains) => [median(gains)]), places = facts.slider.values.length;
  $("across-title").textContent = `In month ${facts.months[at.month]}, at the positions you have tried: the middle of the worlds`;
  draw("across", 220, (width, height, big) => {
    const left = 44 * big, bottom = height - 28 * big;
    const x = (n) => left + 20 + (width - left - 52) * n / (places - 1), y = (gain) => 6 + (bottom - 6) * (range.high - gain) / (range.high - range.low);
    let out = ticks(range).map((gain) => line(left, y(gain), width - 12, y(gain), Math.abs(gain) < 1e-9 ? "zero" : "grid") + say(left - 6, y(gain) + 4, tick(gain), "end")).join("");
    facts.slider.values.forEach((_, n) => { out += say(x(n), height - 8, value(n).replace(/ .*/, ""), "middle", n === at.slider ? "" : "soft"); });
    facts.gains.forEach((_, variant) => {
      const faint = variant === at.variant ? 1 : 0.3;
      facts.strategies.forEach((one, s) => {
        const tried = facts.slider.values.map((_, n) => n).filter((n) => seen.has(`${variant} ${n}`));
        const spots = tried.map((n) => [x(n), y(median(gainsNow(n, variant)[s]))]);
        if (spots.length > 1) out += `<path d="M${spots.map((spot) => spot.join(" ")).join("L")}" fill="none" stroke="var(${one.color})" stroke-width="2" opacity="${faint}"${s ? ' stroke-dasharray="8 4"' : ""}/>`;
        out += `<g opacity="${faint}">${spots.map((spot) => mark(s, spot[0], spot[1], 5 * big)).join("")}</g>`;
      });
    });
    return out;
  });
}

function when() {
  const month = facts.months[at.month], past = month - facts.assistance;
  return past < 0 ? `month ${month} of ${facts.assistance} months of help` : past === 0 ? `month ${month}, when help ends` : `month ${month}, ${past} months after help has ended`;
}

function sentence() {
  const now = gainsNow(), middle = now.map(median), n = facts.worlds, what = facts.measures[at.measure];
  const lead = now[0].filter((gain, w) => gain > now[1][w]).length, first = lead * 2 >= n ? 0 : 1, count = first === 0 ? lead : n - lead;
  const turnover = 100 * (facts.slider.name === "lea_annual_exit" ? facts.slider.values[at.slider] : facts.turnover);
  const rest = [facts.slider.name === "lea_annual_exit" ? "" : `, “${facts.slider.label}” at ${value(at.slider)}`,
    facts.switch ? `, “${facts.switch.variants[at.variant].label}”` : ""].join("");
  const where = `With ${Math.round(facts.hours).toLocaleString("en")} hours of help a year and ${+turnover.toFixed(1)}% of district office staff leaving in a year${rest}, in ${when()}: `;
  const names = facts.strategies.map((one) => `“${one.label}”`), sizes = `(in the middle of the worlds ${points(middle[first])} against ${points(middle[1 - first])} points out of 100).`;
  if (Math.max(...middle.map(Math.abs)) < 0.005) return `${where}neither plan has moved ${what} by as much as half a point out of 100.`;
  if (n < 8) return `${where}too few worlds to tell ${sizes}`;
  if (count < 0.75 * n) return `${where}not settled. ${names[first]} has added more to ${what} in ${count} of ${n} worlds, ${names[1 - first]} in ${n - count} ${sizes}`;
  return `${where}${names[first]} has added more to ${what} than ${names[1 - first]} in ${count} of ${n} worlds ${sizes}`;
}

function table() {
  const now = gainsNow();
  const rows = facts.strategies.map((one, n) => {
    const s = sorted(now[n]), ahead = now[n].filter((gain, w) => gain > now[1 - n][w]).length;
    return `<tr><th scope="row">${one.label}</th>${[s[0], median(s), s[s.length - 1]].map((gain) => `<td>${points(gain)}</td>`).join("")}<td>${ahead} of ${facts.worlds}</td></tr>`;
  });
  $("table").innerHTML = `<caption>Gain in ${facts.measures[at.measure]} over no help, in points out of 100: ${value(at.slider)}, ${when()}</caption>
<thead><tr><th scope="col">plan</th><th scope="col">least</th><th scope="col">middle</th><th scope="col">most</th><th scope="col">ahead in</th></tr></thead><tbody>${rows.join("")}</tbody>`;
}

function show() {
  seen.add(`${at.variant} ${at.slider}`);
  const slider = $("slider"), month = $("month");
  slider.value = at.slider;
  month.value = at.month;
  $("slider-value").textContent = value(at.slider);
  slider.setAttribute("aria-valuetext", `${facts.slider.label}: ${value(at.slider)}`);
  $("month-value").textContent = `${facts.months[at.month]}${facts.months[at.month] > facts.assistance ? ` (${facts.months[at.month] - facts.assistance} after)` : ""}`;
  month.setAttribute("aria-valuetext", when());
  for (const [id, chosen] of [["measures", at.measure], ["switch", at.variant]])
    [...$(id).querySelectorAll("button")].forEach((button, n) => button.setAttribute("aria-pressed", String(n === chosen)));
  $("sentence").textContent = sentence();
  $("dots-title").textContent = `Gain in ${facts.measures[at.measure]} over no help, points out of 100: one mark a world${facts.axis === "month" ? " (the scale is that of this month)" : ""}`;
  dots(); course(); across(); table();
}

function buttons(id, labels, choose) {
  labels.forEach((label, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => { choose(n); show(); });
    $(id).append(button);
  });
}

function begin() {
  $("slider-label").textContent = facts.slider.label;
  $("slider").max = facts.slider.values.length - 1;
  $("month").max = facts.months.length - 1;
  $("key").innerHTML = facts.strategies.map((one, n) => `<li><svg viewBox="0 0 14 14" aria-hidden="true">${mark(n, 7, 7, 5)}</svg>${one.label}</li>`).join("");
  buttons("measures", facts.measures.map((one) => one[0].toUpperCase() + one.slice(1)), (n) => { at.measure = n; });
  if (facts.switch) {
    $("switch").hidden = false;
    $("switch").innerHTML = `<span class="name">${facts.switch.label}</span>`;
    buttons("switch", facts.switch.variants.map((one) => one.label), (n) => { at.variant = n; });
  }
  $("slider").addEventListener("input", (event) => { at.slider = +event.target.value; show(); });
  $("month").addEventListener("input", (event) => { at.month = +event.target.value; show(); });
  $("all").addEventListener("click", () => {
    facts.gains.forEach((_, variant) => facts.slider.values.forEach((_, n) => seen.add(`${variant} ${n}`)));
    show();
  });
  $("projector").addEventListener("click", (event) => {
    const on = document.documentElement.classList.toggle("projector");
    event.target.setAttribute("aria-pressed", String(on));
    if (!$("shown").hidden) show();
  });
  $("predict").addEventListener("change", () => { $("predict").querySelector("button").disabled = false; });
  $("predict").addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = new FormData(event.target).get("answer");
    if (!answer) return;
    event.target.hidden = true;
    $("predicted").textContent = `You predicted: ${answer}`;
    $("predicted").hidden = $("shown").hidden = false;
    $("slider").disabled = $("month").disabled = false;
    show();
    $("slider").focus();
  });
  window.addEventListener("resize", () => { if (!$("shown").hidden) show(); });
}

begin();

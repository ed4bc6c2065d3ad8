"""What instruments would have told us: ratings, readings, stocktakes and rubrics beside what is true, and what those of
the scenario's own read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue.parts import READABLE
from capsim.comparison.instruments import (
    SECTIONS,
    ratings_table,
    readings_table,
    status_table,
    sustainability_table,
)
from capsim.figures.delivery import plot_status
from capsim.figures.palette import wrap_label
from capsim.levels import LEVELS
from capsim.report import plain
from capsim.report.parts import Columns, Facts, Fold, Part
from capsim.report.results import Results, at_defaults, label_of, there
from capsim.scenario.own import OwnInstrument

_INTRO = (
    "In real agencies nobody sees the true state. People are asked, consensus rubrics are filled in, experts visit, leaders "
    "take stock. The simulation knows both, so it can show what each would have said."
)
_RATED = (
    ("Expert rating", "Technical quality of the help in the eyes of an outside expert, 1 to 5."),
    ("Client rating", "How relevant and useful those who were served find it, 1 to 5; lenient."),
    (
        "Satisfaction",
        "How content they are, 1 to 5: it follows motivation and the burden on their time, not what was learned.",
    ),
    ("Interest", "What agencies say in the latest yearly survey when asked whether they would like help, 1 to 5."),
)
_READINGS = {
    "skill_reading": ("Skills of staff", "individual capacity"),
    "routine_reading": ("Routines", "routines that exist and are followed"),
    "use_reading": ("Use of the practices", "use"),
}
_MOST_PANELS = 3
_ALIKE = 0.05
_LEVEL_WORDS = ("inadequate", "emerging", "strong", "exemplary")
_STRONG = 2.5
"""Mean level from which the rubric says that reform would last: nearer to strong than to emerging."""
_KEPT = 0.5
"""Share of the gain from which it did last."""


def instruments_parts(results: Results) -> list[Part]:
    """Ratings beside gains, readings beside the truth, colors over the months; nothing where nothing was read."""
    ratings, readings, status = (table(results.comparison) for table in (ratings_table, readings_table, status_table))
    if ratings.empty and readings.empty and status.empty:
        return []
    parts: list[Part] = [_INTRO]
    if len(ratings):
        parts += _ratings(results, ratings)
    if len(readings):
        parts += _readings(results, readings)
    if len(status):
        parts += _status(results, status)
    return [*parts, *_rubric(results)]


def _ratings(results: Results, table: pd.DataFrame) -> list[Part]:
    digits = plain.digits_for(table["gain_use"])
    columns: Columns = {
        "Strategy": label_of,
        "Expert rating": lambda row: f"{plain.number(row['expert_rating'], 2)}\nin {LEVELS[row['level']].group}",
        "Client rating": lambda row: plain.number(row["client_rating"], 2),
        "Satis\u00adfaction": lambda row: plain.number(row["satisfaction"], 2),
        "Interest in more": lambda row: plain.number(row["interest"], 2),
        "Real gain: use": lambda row: plain.signed(row["gain_use"], digits),
        "Real gain: individual capacity": lambda row: plain.signed(row["gain_individual"], digits),
        "Real gain: organizational skills": lambda row: plain.signed(row["gain_routines"], digits),
    }
    note = (
        "Ratings: means over the months of assistance, 1 to 5, of the agencies that consultants served most. Real gains: of "
        "districts over no assistance when assistance ends, on a scale from 0 to 1. Averages over worlds with assumptions "
        "at their best guess."
    )
    shown = results.tables("Ratings and real gains", table, columns, note, names=list(table["strategy"]))
    return [Facts(_RATED), _parting(table), *shown]


def _parting(table: pd.DataFrame) -> str:
    """Whether those who are rated best gain most."""
    known = table.dropna(subset=["satisfaction", "gain_use"])
    lenient = float((table["client_rating"] - table["expert_rating"]).mean())
    words = ""
    if not math.isnan(lenient):
        side = "above" if lenient > 0 else "below"
        words = f"Clients rate the help {plain.number(abs(lenient), 1)} points {side} outside experts. "
    if len(known) < 2:
        return f"{words}Ratings say how help is seen; what it changed is in the columns beside them."
    liked, gained = (
        known.sort_values(column, ascending=False, kind="stable").iloc[0] for column in ("satisfaction", "gain_use")
    )
    digits = plain.digits_for(known["gain_use"])
    liked_name, gained_name = plain.running(str(liked["strategy"])), plain.running(str(gained["strategy"]))
    if liked["strategy"] == gained["strategy"]:
        words += (
            f"Here {liked_name} has both the most content clients and the largest gain in use. That need not be so: nothing "
            "that clients say goes into what they gain."
        )
    else:
        words += (
            f"Ratings and real gains part company: clients are most content with {liked_name} "
            f"({plain.number(float(liked['satisfaction']), 1)} of 5), where use gains {plain.signed(float(liked['gain_use']), digits)}; "
            f"most is gained with {gained_name} ({plain.signed(float(gained['gain_use']), digits)}, satisfaction "
            f"{plain.number(float(gained['satisfaction']), 1)})."
        )
    if float(known["client_rating"].max() - known["client_rating"].min()) < _ALIKE:
        words += " The client ratings hardly differ at all between strategies, whatever was gained."
    elif len(known) >= 6:
        related = float(known["client_rating"].rank().corr(known["gain_use"].rank()))
        if not math.isnan(related):
            correlation = f"the rank correlation of client rating and gain is {plain.signed(related, 2)}."
            words += f" Over all {len(known)} strategies {correlation}"
    return words


def _readings(results: Results, table: pd.DataFrame) -> list[Part]:
    columns: Columns = {
        "Strategy": label_of,
        "What is read": lambda row: f"{_READINGS[row['reading']][0]}, {LEVELS[row['level']].group}",
        "As read": lambda row: plain.number(row["read"]),
        "True": lambda row: f"{plain.number(row['true'])}\n{_READINGS[row['reading']][1]}",
        "Read minus true": lambda row: plain.signed(row["read"] - row["true"]),
        "Usual distance": lambda row: plain.number(row["off"]),
    }
    note = (
        "Means of the latest readings in the last month of assistance, beside the true mean of all agencies of the level. "
        "Readings have noise, grow old until an agency is read again, and miss agencies nobody has read; a rubric reads the "
        "routines that exist, not whether staff follow them. The last column is the mean distance over all months."
    )
    names, caption = there(table, table["strategy"]), "Readings and the truth"
    parts = results.tables(caption, table, columns, note, names=names)
    if results.many and not set(names) & set(results.featured) and len(table) > 8:
        return [Fold(f"{caption}, of the strategies that read", parts)]
    return parts


def _status(results: Results, table: pd.DataFrame) -> list[Part]:
    said, panels = [], []
    grown = False
    for name in there(table, table["strategy"])[:_MOST_PANELS]:
        own = table[table["strategy"] == name]
        first, last = own.iloc[0], own.iloc[-1]
        change = last["use"] - first["use"]
        grown = grown or change > 0.005
        direction = "grew" if change > 0.005 else "fell" if change < -0.005 else "hardly changed"
        group = LEVELS[last["level"]].group
        said.append(
            f"Under {plain.running(name)}, {plain.percent(last['red'])} of {group} are red at the last stocktake and "
            f"{plain.percent(last['green'])} green, while true use {direction} ({plain.number(first['use'], 2)} to {plain.number(last['use'], 2)})."
        )
        heading = f"{wrap_label(results.styles[name].label, 36, most_lines=1)}: {group}"
        panels.append((2.7, partial(plot_status, own, heading=heading)))
    against = ": against an ambitious target they turn red while use grows" if grown else ""
    meaning = "Colors say how far an agency is from the trajectory that was planned for it, not whether it has improved"
    note = (
        "Share of agencies that the latest stocktake calls red, amber or green; the line is the true mean use in all of "
        "them, on the same scale from 0 to 1."
    )
    picture = results.picture("status", "Red, amber and green, month by month", note, *panels)
    return [" ".join([*said, f"{meaning}{against}."]), picture]


def _rubric(results: Results) -> list[Part]:
    """The sustainability rubric beside what was kept; nothing where no strategy buys it."""
    table = sustainability_table(results.comparison)
    if table.empty:
        return []
    kept: dict[Any, Any] = {}
    timeline = results.scenario.timeline
    if timeline.follow_up and results.has_baseline and not results.comparison.monthly.empty:
        kept = results.comparison.retention().set_index("strategy")["retained"].to_dict()
    said = [
        _verdict(
            name, table[table["strategy"] == name], float(kept.get(name, math.nan)), plain.duration(timeline.follow_up)
        )
        for name in there(table, table["strategy"])
    ]
    headings = ("Context for sustaining reform", "System capacity", "Performance management")
    columns: Columns = {
        "Strategy": label_of,
        "Agencies": lambda row: plain.sentence(LEVELS[row["level"]].group),
        **{heading: partial(_level, section) for heading, section in zip(headings, SECTIONS, strict=True)},
        "Gain in use of districts kept at the end": lambda row: plain.percent(kept.get(row["strategy"], math.nan)),
    }
    note = (
        "Means over the agencies reviewed so far, in the last month of assistance: 1 inadequate, 2 emerging, 3 strong, 4 "
        "exemplary. Context is culture, filled positions and the alignment of resources; system capacity is routines; "
        "performance management is data systems. The rubric counts as a promise from 2.5 on, and a gain as kept when at "
        "least half of it is left at the end of follow-up."
    )
    return [" ".join(said), results.table("Sustainability rubric", table, columns, note)]


def _level(section: str, row: Mapping[Any, Any]) -> str:
    return f"{plain.number(row[section], 1)}\n{level_words(row[section])}"


def level_words(level: float) -> str:
    """The level that a mean is nearest to, in words."""
    return _LEVEL_WORDS[min(len(_LEVEL_WORDS), max(1, math.floor(level + 0.5))) - 1]


def _verdict(name: str, own: pd.DataFrame, kept: float, months: str) -> str:
    """Whether the rubric of districts, or of those who were reviewed, said what then happened."""
    row = own[own["level"] == "lea"] if (own["level"] == "lea").any() else own.iloc[:1]
    group = LEVELS[str(row["level"].iloc[0])].group
    mean = float(row[list(SECTIONS)].mean(axis=1).iloc[0])
    average = f"averages {plain.number(mean, 1)} of 4 ({level_words(mean)})"
    rubric = f"Under {plain.running(name)}, the last sustainability rubric of {group} {average}"
    if math.isnan(kept):
        return f"{rubric}; it cannot be held against what lasted, because no share of the gain in use can be given."
    lasted = f"{plain.percent(kept)} of the gain in use was left {months} after assistance ended"
    if (mean >= _STRONG) == (kept >= _KEPT):
        agrees = "so the rubric said so" if mean < _STRONG else "so the rubric was right to be confident"
        return f"{rubric}, and {lasted}: {agrees}."
    return f"{rubric}, yet {lasted}: the rubric did not say so."


_WHO = {
    "staff": "staff answer for themselves",
    "leaders": "leaders answer for themselves",
    "team": "a facilitated team agrees",
    "expert": "an expert rates",
}
_NOTE = (
    "Mean over areas and the agencies read, from 0 to 1, as last read; the truth is that of the month of the reading. "
    "Averages over worlds with assumptions at their best guess."
)


def own_instruments_parts(results: Results) -> list[Part]:
    """Every instrument with what it is, then its first and last readings; nothing without any."""
    instruments, table = results.scenario.instruments, at_defaults(results.comparison.own_readings)
    if not instruments or table.empty:
        return []
    keys = ["strategy", "instrument", "level"]
    means = table.groupby([*keys, "month"], as_index=False)[["reading", "truth", "passed"]].mean()
    by = means.groupby(keys)
    shown = by.nth(-1).assign(first=by["reading"].nth(0).to_numpy())
    headings = {one.name: one.heading for one in instruments}
    columns: Columns = {
        "Strategy": label_of,
        "Instrument": lambda row: headings[row["instrument"]],
        "For": lambda row: plain.sentence(LEVELS[row["level"]].plural),
        "First reading": lambda row: plain.number(row["first"], 2),
        "Last reading": lambda row: plain.number(row["reading"], 2),
        "True then": lambda row: plain.number(row["truth"], 2),
        "Pass": lambda row: "no threshold" if math.isnan(row["passed"]) else plain.percent(row["passed"]),
    }
    names = there(means, results.comparison.strategies)
    facts = Facts([(one.heading, _about(one)) for one in instruments])
    return [facts, *results.tables("What they read", shown, columns, _NOTE, names=names)]


def _about(one: OwnInstrument) -> str:
    reads = plain.joined(plain.lower(READABLE[name].title) for name in dict.fromkeys(item.reads for item in one.items))
    cost = f"{one.ta_hours:g} TA hours a reading" if one.ta_hours else "at no cost"
    return (
        f"A {one.scale} of {plain.count(len(one.items), 'item')} on {reads}; {_WHO[one.answered_by]}; every "
        f"{plain.duration(one.every_months)}, {cost}."
    )

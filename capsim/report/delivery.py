"""The four questions of the delivery approach, answered for a few strategies from what the simulation really has.

Source of the questions: S27-S29 (delivery units). Nothing here goes beyond the rules of the strategies and the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES, Recipe
from capsim.comparison.instruments import Plan, planned_use, status_table
from capsim.comparison.provided import chain_totals, stands_for
from capsim.figures.palette import BASELINE
from capsim.parameters import resolve_values
from capsim.report.chain import link_words
from capsim.report.parts import Facts, Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.rules import what_rules_do
from capsim.report.setting import agencies_by_level
from capsim.report.strategies import aim_words, composition_of, focus_words, whom_words
from capsim.report.words import count, duration, joined, lower, number, percent, sentence, title, whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["delivery_section"]

_QUESTIONS = (
    "What are we trying to do?",
    "How are we planning to do it?",
    "How, at any moment, will we know whether we are on track?",
    "If we are not on track, what are we going to do about it?",
)
_MOST = 3
_MOST_ACTIVITIES = 4
_GROUPS = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}
_READINGS = {
    "rubric": "needs rubric",
    "expert": "expert's reading",
    "screening": "readiness screening",
    "stocktake": "stocktake",
    "sustainability": "sustainability rubric",
}
_BELOW = {"sea": ("esa", "lea", "school"), "esa": ("lea", "school"), "lea": ("school",)}


def delivery_section(results: Results) -> Section | None:
    """A table of four questions and at most three strategies; None when no strategy gave hours."""
    names = _shown(results)
    if not names:
        return None
    answers = [_answers(results, name) for name in names]
    rows = tuple(Row(question, tuple(own[place] for own in answers)) for place, question in enumerate(_QUESTIONS))
    parts: list[Part] = [
        Paragraph(
            "Delivery units in government ask four questions again and again. Here they are answered for the "
            "strategies of the question, and for those that take stock, from what the simulation really has: the "
            "hours it gave, the readings it bought, and the rules of the strategies."
        ),
        Table("Four questions", ("Question", *map(title, names)), rows, words=True),
        *_trajectories(results, names),
    ]
    return Section("delivery", "The four delivery questions", "Delivery questions", tuple(parts))


def _shown(results: Results) -> list[str]:
    """Strategies of the question, then those that take stock, as long as they gave hours."""
    plan = results.comparison.plan()
    given = set(plan.loc[plan["hours"] > 0.0, "strategy"])
    taking = status_table(results.comparison)["strategy"].drop_duplicates().tolist()
    names = dict.fromkeys((*results.contrast, *taking))
    return [name for name in names if name in given and name != BASELINE][:_MOST]


def _answers(results: Results, name: str) -> tuple[str, str, str, str]:
    plan = results.comparison.plan()
    own = plan[(plan["strategy"] == name) & (plan["hours"] > 0.0)]
    composed = composition_of(results, name)
    return (
        _aim(results, name, composed),
        _way(results, name, own, composed),
        _knowing(results, name, own, composed),
        what_rules_do(composed),
    )


def _aim(results: Results, name: str, composed: Recipe | None) -> str:
    areas = results.comparison.scenario.focal_areas
    where = f" in {focus_words(composed, areas)}" if composed is not None else ""
    words = f"More of the practices in use{where}. {_start(results, name)}"
    planned = planned_use(results.comparison, name)
    if planned is None:
        return f"{words} No target is set in numbers."
    share = resolve_values(results.comparison.scenario.parameters)["stocktake_target"]
    return (
        f"{words} The target closes {percent(share)} of the gap to full use that the first stocktakes of "
        f"{_GROUPS[planned.level]} find: from {number(planned.first, 2)} as read to {number(planned.target, 2)} when "
        "assistance ends."
    )


def _start(results: Results, name: str) -> str:
    """True use in the first month."""
    monthly = results.comparison.monthly
    if monthly.empty:
        return ""
    chosen = (monthly["strategy"] == name) & (monthly["assumptions"] == "default") & (monthly["level"] == "lea")
    first = monthly[chosen & (monthly["month"] == 1)]["use"]
    return f"Districts begin with a true use of {number(float(first.mean()), 2)}, on a scale from 0 to 1."


def _way(results: Results, name: str, own: pd.DataFrame, composed: Recipe | None) -> str:
    hours = own.groupby("activity")["hours"].sum().sort_values(ascending=False, kind="stable")
    total = float(hours.sum())
    most = [
        f"{lower(ACTIVITIES[str(activity)].title)} ({percent(float(value) / total)})"
        for activity, value in hours.iloc[:_MOST_ACTIVITIES].items()
    ]
    if len(hours) > _MOST_ACTIVITIES:
        most.append(count(len(hours) - _MOST_ACTIVITIES, "other activity", "other activities"))
    words = f"{whole(total)} hours of consultants: {joined(most)}."
    if composed is not None:
        words += f" For {lower(whom_words(composed))}: {aim_words(composed)}."
    chain = chain_totals(results.comparison)
    chain = chain[(chain["strategy"] == name) & (chain["delivered"] > 0.0)]
    links = [f"{link_words(str(r['link']))} ({whole(float(r['delivered']))} hours)" for r in chain.to_dict("records")]
    return f"{words} The chain: {joined(links)}." if links else words


def _knowing(results: Results, name: str, own: pd.DataFrame, composed: Recipe | None) -> str:
    units = own.groupby("activity", sort=False)["units"].sum()
    said = [
        _pace(results, str(activity), float(value), composed)
        for activity, value in units.items()
        if ACTIVITIES[str(activity)].yields
    ]
    if not said:
        return "By nothing: this strategy buys no reading. Only the simulation knows how far it is."
    status = status_table(results.comparison)
    status = status[status["strategy"] == name]
    words = f"{sentence('; '.join(said))}."
    if len(status):
        row = status.iloc[-1]
        colors = ", ".join(f"{percent(float(row[color]))} {color}" for color in ("red", "amber", "green"))
        words += f" At the last stocktake {_GROUPS[str(row['level'])]} are {colors}."
    return words


def _pace(results: Results, activity: str, units: float, composed: Recipe | None) -> str:
    """How often an agency is read in fact: units bought, by agencies that can be reached and years of assistance."""
    reading = _READINGS[ACTIVITIES[activity].yields]
    units /= stands_for(results.comparison)
    years = results.comparison.scenario.timeline.assistance / 12.0
    agencies = _reached(results, composed)
    if not agencies:
        return f"{reading}s: {number(units, 0)} in all"
    each = units / agencies / years
    often = f"{number(each, 1)} a year" if each >= 0.1 else f"{number(units / agencies, 2)} in all"
    planned = resolve_values(results.comparison.scenario.parameters)[f"{activity}_every_months"]
    least = f"at most one in {duration(planned)}"
    return f"a {reading} for each agency reached: {often} in fact ({least})"


def _reached(results: Results, composed: Recipe | None) -> int:
    """Simulated agencies of the levels that a strategy reaches; 0 where that is not known."""
    counts = agencies_by_level(results)
    if composed is None or counts is None:
        return 0
    served = composed.recipients
    levels = {level for level in served if not isinstance(served, Mapping) or served[level] > 0.0}
    if composed.chain == "cascade":
        levels |= {below for level in levels for below in _BELOW.get(level, ())}
    return sum(counts.get(level, 0) for level in levels)


def _trajectories(results: Results, names: list[str]) -> list[Part]:
    """The planned course of those that take stock, year by year, and what the stocktakes read at the end."""
    months = results.comparison.scenario.timeline.assistance
    items = []
    for name in names:
        planned = planned_use(results.comparison, name)
        if planned is not None:
            items.append((title(name), _course(planned, months)))
    if not items:
        return []
    lead = "The trajectory that stocktakes are held against: mean use that was planned, evenly from month to month."
    return [Paragraph(lead), Facts(tuple(items))]


def _course(planned: Plan, months: int) -> str:
    steps = [month for month in range(12, months, 12) if month > planned.month]
    course = [f"{number(planned.wanted(month, months), 3)} after {duration(month)}" for month in steps]
    missed = planned.target - planned.reached
    end = "the target is reached" if missed <= 0.0 else f"{number(missed, 3)} below the target"
    return (
        f"From {number(planned.first, 3)} in the first round of stocktakes (until month {planned.month}) "
        f"to {', '.join([*course, f'{number(planned.target, 3)} at the end'])}. The last stocktakes read "
        f"{number(planned.reached, 3)}: {end}."
    )

"""How use goes on over the years, and how long gains last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from capsim.catalogue import BASELINE
from capsim.comparison.instruments import expert_ties
from capsim.comparison.paired_runs import LEAST_GAIN
from capsim.figures.course import Mark, plot_trajectories
from capsim.figures.palette import short_label, strategy_label
from capsim.levels import LEVELS
from capsim.report import plain
from capsim.report.parts import Columns, Notice, Part, Picture
from capsim.report.results import Results, at_defaults, label_of, there
from capsim.scenario import Scenario
from capsim.scenario.events import Event, first_month

_LEAST_TIES = 0.05
_MOST_NAMED = 6
_LOW_ROOM = 0.05
_PART_OF_SCALE = "The vertical axis does not begin at 0: it shows only a part of the scale from 0 to 1, so that small differences can be seen."
_WAVES = "The waves within a year are the school calendar: most staff leave in summer."
_TWINS = "Each world is compared with its twin without assistance, in which the same people leave by the same luck."


def course_parts(results: Results) -> list[Part]:
    """Trajectories and gains."""
    if results.comparison.monthly.empty:
        return [Notice("No run finished, so there is nothing to show.")]
    parts: list[Part] = [trajectories(results)]
    if results.has_baseline and results.others:
        heading = "What assistance adds to use, and what is left of it"
        return [*parts, _picture(results, "gains", heading, [_TWINS, *_lines(results)], BASELINE)]
    return [*parts, "Gains over no assistance are not shown, because no run without assistance finished."]


def trajectories(results: Results) -> Picture:
    """Use by month and strategy."""
    monthly = results.comparison.monthly
    low = monthly.loc[monthly["level"] == results.comparison.districts, "use"].min() < _LOW_ROOM
    note = [*_lines(results), *([] if low else [_PART_OF_SCALE]), _WAVES]
    return _picture(results, "trajectories", "Use of the practices under each strategy", note)


def _picture(results: Results, name: str, heading: str, note: list[str], baseline: str = "") -> Picture:
    drawn = partial(
        plot_trajectories,
        results.comparison.monthly,
        assistance_months=results.scenario.timeline.assistance,
        level=results.comparison.districts,
        baseline=baseline,
        styles=results.styles,
        quiet=results.quiet,
        marks=event_marks(results.scenario),
    )
    return results.picture(name, heading, " ".join(note), (3.6, drawn))


def _lines(results: Results) -> list[str]:
    """What the lines are, the grey ones in the order in which they end."""
    monthly = results.comparison.monthly
    worlds = at_defaults(monthly)["replicate"].nunique()
    band = "95% of them lie" if worlds >= 40 else "all of them lie"
    said = [f"Lines are averages of {plain.count(worlds, 'simulated world')}; {band} in the shaded bands."]
    if worlds < 2:
        said = ["Lines show one simulated world."]
    marks = [f"{number}: {mark.label}." for number, mark in enumerate(event_marks(results.scenario), start=1)]
    if marks:
        said.append(f"Dotted lines with a number are events. {' '.join(marks)}")
    if results.quiet:
        moment = "follow_up_end" if results.scenario.timeline.follow_up else "assistance_end"
        ends = {name: results.mean(name, f"use_{moment}") for name in results.others if name in results.quiet}
        known = sorted((name for name, end in ends.items() if not math.isnan(end)), key=lambda name: -ends[name])
        names = ", ".join(short_label(strategy_label(name)) for name in known)
        number_ = plain.count(len(results.quiet), "other strategy", "other strategies")
        said.append(f"Thin grey lines are the averages of {number_}, from the highest at the end: {names}.")
    return said


def event_marks(scenario: Scenario) -> list[Mark]:
    """Events of the scenario as marks on the axis of time, and what each is about."""
    marks = []
    for event in scenario.events:
        year = first_month(event, scenario.timeline.begins) / 12.0
        marks.append(Mark(year, (event.months or 0) / 12.0, f"{event.title}, {event_in_words(event)}"))
    return marks


def event_in_words(event: Event) -> str:
    """When and for whom."""
    when = str(event.date) if event.date else f"month {event.month}"
    span = f", for {plain.count(event.months, 'month')}" if event.months else ""
    levels = plain.joined(LEVELS[name].plural for name in event.levels) if event.levels else "all agencies"
    states = f" of {plain.joined(event.states)}" if event.states else ""
    whom = plain.joined(event.agencies[:_MOST_NAMED]) if event.agencies else f"{levels}{states}"
    return f"{when}{span} ({whom})"


def lasting_parts(results: Results) -> list[Part]:
    """Retention and half-life, and what the closing of the center took away."""
    timeline = results.scenario.timeline
    parts: list[Part]
    if not timeline.assistance:
        parts = ["There were no months of assistance, so there are no gains that could last."]
    elif not timeline.follow_up:
        parts = ["Nothing was watched after assistance ended, so this comparison cannot say how long gains last."]
    elif not results.has_baseline or results.comparison.monthly.empty:
        parts = ["Gains are over no assistance, and no run without assistance finished, so this cannot be said."]
    else:
        parts = [*_retention(results), *_skills(results)]
    return [*parts, *_closing(results)]


def _retention(results: Results) -> list[Part]:
    months = results.scenario.timeline.follow_up
    sets = {"default": "luck only", "drawn": results.comparison.drawn_in_words}
    found = [
        row | {"assumptions": one}
        for one in results.comparison.assumption_sets
        for row in results.comparison.retention(assumptions=one).to_dict("records")
    ]
    if not found:
        return ["No strategy finished together with a run without assistance, so this cannot be said."]

    def gain(row: Mapping[Any, Any]) -> str:
        how = {"outcome": "use_assistance_end", "assumptions": row["assumptions"]}
        return plain.estimate_with_interval(results.difference(row["strategy"], BASELINE, **how).mean)

    columns: Columns = {
        "Strategy": lambda row: label_of(row) + (f", {sets[row['assumptions']]}" if results.has_drawn else ""),
        "Gain when assistance ends": gain,
        f"Share left {plain.duration(months)} later": partial(_share, "retained", "retained_low", "retained_high"),
        "Half of the gain is gone after": partial(_half_life, months),
    }
    note = (
        f"Gains in use over no assistance. Below a gain of {LEAST_GAIN:g} when assistance ends, it makes no sense to ask how "
        "long it lasts. Below each figure: the 95% interval of this average over simulated worlds."
    )
    names = list(dict.fromkeys(row["strategy"] for row in found))
    return results.tables("What is left of the gains in use", found, columns, note, names=names)


def _skills(results: Results) -> list[Part]:
    """What is left of what people learned, beside how many of them are still there."""
    table = results.comparison.skills_left()
    if table.empty:
        return []
    later = f"{plain.duration(results.scenario.timeline.follow_up)} later"
    columns: Columns = {
        "Strategy": label_of,
        f"Share of the gain in skill left {later}": partial(_share, "left", "low", "high"),
        f"Of the staff of then, still there {later}": lambda row: plain.percent(row["still_there"]),
    }
    note = (
        "Luck only. If skill went only with those who leave, as large a share would be left as of the staff. What is "
        "left beyond it colleagues have handed on to newcomers, or routines have taught since; what is missing was "
        "forgotten. How much colleagues hand on is assumed (consultation_rate): it decides how long gains outlive people."
    )
    caption = "What people learned, and who is still there"
    return results.tables(caption, table, columns, note, names=list(table["strategy"]))


def _share(estimate: str, lower: str, upper: str, row: Mapping[Any, Any]) -> str:
    """A share of a gain with its interval, of three columns."""
    left, low, high = row[estimate], row[lower], row[upper]
    if math.isnan(left):
        return f"{plain.UNDEFINED}: the gain was too small"
    return f"{plain.percent(left)}\n" + (
        f"interval {plain.UNDEFINED}" if math.isnan(low) else f"{plain.percent(low)} to {plain.percent(high)}"
    )


def _half_life(months: int, found: Mapping[Any, Any]) -> str:
    life, low, high = found["half_life_months"], found["half_life_low"], found["half_life_high"]
    if math.isnan(life):
        return f"{plain.UNDEFINED}: the gain was too small"
    words = f"more than the {plain.duration(months)} watched" if math.isinf(life) else _years(life)
    if math.isnan(low) or math.isnan(high):
        return f"{words}\ninterval {plain.UNDEFINED}"
    if math.isinf(low) and math.isinf(high):
        return words if math.isinf(life) else f"{words}\ninterval beyond the {plain.duration(months)} watched"
    return f"{words}\n{_years(low)} to {'beyond what was watched' if math.isinf(high) else _years(high)}"


def _years(months: float) -> str:
    return f"{months:.0f} months" if months < 24 else f"{months / 12:.1f} years"


def _closing(results: Results) -> list[Part]:
    """What the closing of the center took away at once; nothing where nobody knew its experts."""
    table = expert_ties(results.comparison)
    table = table[table["ties"] >= _LEAST_TIES]
    if table.empty:
        return []
    names = sorted(there(table, results.others), key=lambda name: name not in results.contrast)
    said = []
    for name in names[:_MOST_NAMED]:
        own = table[table["strategy"] == name].to_dict("records")
        each = plain.joined(f"{plain.number(r['ties'], 1)} per {LEVELS[r['level']].singular}" for r in own)
        said.append(f"{each} under {plain.running(name)}")
    month = results.scenario.timeline.assistance
    words = f"When the center closed in month {month}, ties to its experts vanished at once: {'; '.join(said)}."
    if len(names) > _MOST_NAMED:
        words += f" So they did under {plain.count(len(names) - _MOST_NAMED, 'other strategy', 'other strategies')}."
    return [f"{words} What people had learned from them stayed."]

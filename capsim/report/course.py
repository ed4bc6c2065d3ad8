"""How use goes on over the years, and how long gains last."""

from __future__ import annotations

import math
from typing import Any

from capsim.comparison.comparison import LEAST_GAIN
from capsim.comparison.instruments import expert_ties
from capsim.figures.palette import BASELINE
from capsim.report.long import shortened
from capsim.report.parts import Notice, Paragraph, Part, Row, Section, Table
from capsim.report.pictures import picture_of_gains, picture_of_trajectories
from capsim.report.results import Results
from capsim.report.words import (
    UNDEFINED,
    count,
    duration,
    estimate_with_interval,
    joined,
    number,
    percent,
    running,
    title,
)

__all__ = ["course_section", "lasting_section"]

SETS = {"default": "luck only", "drawn": "luck and assumptions"}
"""Sets of assumptions in the words of the report."""
_ONE = {"sea": "state agency", "esa": "regional agency", "lea": "district", "school": "school"}
_LEAST_TIES = 0.05
_MOST_NAMED = 6


def course_section(results: Results) -> Section:
    """Trajectories and gains."""
    parts: list[Part] = [p for p in (picture_of_trajectories(results), picture_of_gains(results)) if p is not None]
    if not parts:
        parts = [Notice("No run finished, so there is nothing to show.")]
    elif len(parts) == 1:
        parts.append(Paragraph("Gains over no assistance are not shown, because no run without assistance finished."))
    return Section("course", "How use goes on over the years", "Over the years", tuple(parts))


def lasting_section(results: Results) -> Section:
    """Table of retention and half-life."""
    timeline = results.comparison.scenario.timeline
    parts: list[Part]
    if not timeline.assistance:
        parts = [Paragraph("There were no months of assistance, so there are no gains that could last.")]
    elif not timeline.follow_up:
        parts = [
            Paragraph("Nothing was watched after assistance ended, so this comparison cannot say how long gains last.")
        ]
    elif not results.has_baseline or results.comparison.monthly.empty:
        parts = [
            Paragraph("Gains are over no assistance, and no run without assistance finished, so this cannot be said.")
        ]
    else:
        parts = _table(results)
    parts += _closing(results)
    return Section("lasting", "How long gains last", "How long gains last", tuple(parts))


def _closing(results: Results) -> list[Part]:
    """What the closing of the center took away at once; nothing where nobody knew its experts."""
    table = expert_ties(results.comparison)
    table = table[table["ties"] >= _LEAST_TIES]
    if table.empty:
        return []
    names = [name for name in results.others if (table["strategy"] == name).any()]
    first = [name for name in names if name in results.contrast]
    said = []
    for name in [*first, *(name for name in names if name not in first)][:_MOST_NAMED]:
        own = table[table["strategy"] == name]
        each = joined(f"{number(float(r['ties']), 1)} per {_ONE[str(r['level'])]}" for r in own.to_dict("records"))
        said.append(f"{each} under {running(name)}")
    month = results.comparison.scenario.timeline.assistance
    words = f"When the center closed in month {month}, ties to its experts vanished at once: {'; '.join(said)}."
    if len(names) > _MOST_NAMED:
        words += f" So they did under {count(len(names) - _MOST_NAMED, 'other strategy', 'other strategies')}."
    return [Paragraph(words + " What people had learned from them stayed.")]


def _table(results: Results) -> list[Part]:
    months = results.comparison.scenario.timeline.follow_up
    found_rows: dict[str, list[Row]] = {}
    for assumptions in results.comparison.assumption_sets:
        table = results.comparison.retention(assumptions=assumptions)
        for found in table.to_dict("records"):
            name = str(found["strategy"])
            heading = title(name) if not results.has_drawn else f"{title(name)}, {SETS[assumptions]}"
            gain = results.difference(name, BASELINE, outcome="use_assistance_end", assumptions=assumptions).mean
            cells = (estimate_with_interval(gain), _retained(found), _half_life(found, months))
            found_rows.setdefault(name, []).append(Row(heading, cells, results.styles[name].color))
    if not found_rows:
        return [Paragraph("No strategy finished together with a run without assistance, so this cannot be said.")]
    note = (
        f"Gains in use over no assistance. Below a gain of {LEAST_GAIN:g} when assistance ends, it makes no sense "
        "to ask how long it lasts. "
        "Below each figure: the 95% interval of this average over simulated worlds."
    )
    headers = (
        "Strategy",
        "Gain when assistance ends",
        f"Share left {duration(months)} later",
        "Half of the gain is gone after",
    )

    def table_of(names: tuple[str, ...]) -> Table:
        rows = tuple(row for name in names for row in found_rows[name])
        return Table("What is left of the gains in use", headers, rows, note)

    return shortened(results, table_of, tuple(found_rows))


def _retained(found: dict[Any, Any]) -> str:
    if math.isnan(found["retained"]):
        return f"{UNDEFINED}: the gain was too small"
    if math.isnan(found["retained_low"]):
        return f"{percent(found['retained'])}\ninterval {UNDEFINED}"
    return f"{percent(found['retained'])}\n{percent(found['retained_low'])} to {percent(found['retained_high'])}"


def _half_life(found: dict[Any, Any], months: int) -> str:
    life, low, high = found["half_life_months"], found["half_life_low"], found["half_life_high"]
    if math.isnan(life):
        return f"{UNDEFINED}: the gain was too small"
    beyond = f"more than the {duration(months)} watched"
    words = beyond if math.isinf(life) else _years(life)
    if math.isnan(low) or math.isnan(high):
        return f"{words}\ninterval {UNDEFINED}"
    if math.isinf(low) and math.isinf(high):
        return words if math.isinf(life) else f"{words}\ninterval beyond the {duration(months)} watched"
    return f"{words}\n{_years(low)} to {'beyond what was watched' if math.isinf(high) else _years(high)}"


def _years(months: float) -> str:
    return f"{months:.0f} months" if months < 24 else f"{months / 12:.1f} years"

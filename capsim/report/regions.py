"""Gains in every region and state: who gains where, and with how many hours."""

from __future__ import annotations

from typing import Any

from capsim.catalogue import WEIGHTS
from capsim.comparison.statistics import Interval
from capsim.figures.palette import strategy_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import digits_for, estimate_with_interval

_OPEN = 20
"""Rows of a table that stands open."""


def regions_parts(results: Results) -> list[Part]:
    """A table for each strategy of the contrast; nothing where there is one region only."""
    found = results.comparison.by_region()
    if found["region"].nunique() < 2:
        return []
    question = results.scenario.question
    text = (
        f"Gain over no assistance in {results.measure}, {results.moment()}, over the districts of each region and state, "
        f"counted by {WEIGHTS[question.weight].title}. Regions are those of today, also for strategies that change them. "
        "In a sample a region may hold few districts: its interval is over luck, not over which districts were drawn."
    )
    parts: list[Part] = [text]
    for name in (one for one in results.contrast if one != "none"):
        own: list[dict[Any, Any]] = found[found["strategy"] == name].to_dict("records")
        table = Table(
            f"{strategy_label(name)}, region by region",
            ["Region or state", "Districts", "Pupils", "Gain (95% interval)", "TA hours"],
            _rows(own),
            "TA hours of the whole assistance: those of the districts, and their share of those of the agencies above.",
        )
        parts.append(table if len(own) <= _OPEN else Fold(f"{strategy_label(name)}: {len(own)} rows", [table]))
    return parts


def _rows(own: list[dict[Any, Any]]) -> list[Row]:
    digits = digits_for(row["gain"] for row in own)
    return [
        Row(
            f"{row['name']} ({row['region']})",
            [
                f"{row['districts']:,.0f}",
                f"{row['pupils']:,.0f}",
                estimate_with_interval(Interval(row["gain"], row["low"], row["high"]), digits),
                f"{row['region_hours']:,.0f}",
            ],
        )
        for row in own
    ]

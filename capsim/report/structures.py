"""Structures of regional agencies: strategies ranked, with what their structures cost, and why."""

from __future__ import annotations

import math
from typing import Any

from capsim.comparison.recommending import recommendations
from capsim.comparison.statistics import Interval
from capsim.figures.palette import strategy_label
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import digits_for, estimate_with_interval
from capsim.scenario.arranging import has_structures


def structures_parts(results: Results) -> list[Part]:
    """The ranking against the second strategy of the contrast; nothing where agencies stay as they are in all."""
    if not has_structures(results.scenario):
        return []
    rows: list[dict[Any, Any]] = recommendations(results.comparison).to_dict("records")
    if not rows:
        return []
    second = results.contrast[1]
    digits = digits_for(row["difference"] for row in rows)
    text = (
        f"Against {strategy_label(second)}, in {results.measure}, {results.moment()}; the first is the one that leaves "
        "most on average. Positions are those of all regional agencies, sampled or not; each costs staff_rate for the "
        "working hours of a year. A rank is settled only where the verdict says larger or smaller."
    )
    table = Table(
        "Structures of regional agencies, ranked",
        ["Strategy", "Difference (95%, luck)", "Ahead in", "Verdict", "Positions", "$ million a year"],
        [
            Row(
                f"{row['rank']}. {strategy_label(row['strategy'])}",
                [
                    estimate_with_interval(Interval(row["difference"], row["low"], row["high"]), digits),
                    f"{row['ahead']:.0%}",
                    row["verdict"],
                    _signed(row["positions"], 0),
                    _signed(row["structure_dollars"] / 1e6, 1),
                ],
            )
            for row in rows
        ],
    )
    reasons = [f"{row['rank']}. {strategy_label(row['strategy'])}: {row['reason']}." for row in rows]
    return [text, table, *reasons]


def _signed(value: float, digits: int) -> str:
    if math.isnan(value):
        return "unknown"
    return f"{value:+,.{digits}f}" if value else "0"

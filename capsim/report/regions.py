"""Region by region and district by district: what each plan leaves where, with how many hours, and why hours were lost;
and structures of regional agencies, ranked.
"""

from __future__ import annotations

from typing import Any

from capsim.catalogue import BASELINE, WEIGHTS
from capsim.comparison.ranking import recommendations
from capsim.comparison.statistics import Interval
from capsim.figures.palette import strategy_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import (
    digits_for,
    estimate_with_interval,
    money,
    percent,
    sentence,
    signed,
    whole,
    with_minus_signs,
)
from capsim.scenario.budgets import has_structures

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


def structures_parts(results: Results) -> list[Part]:
    """The ranking against the second strategy of the contrast; nothing where agencies stay as they are in all."""
    if not has_structures(results.scenario):
        return []
    rows: list[dict[Any, Any]] = recommendations(results.comparison).to_dict("records")
    if not rows:
        return []
    second = results.contrast[1]
    digits = digits_for(row["difference"] for row in rows)
    over = " over worlds with assumptions drawn" if any(row["worlds"] for row in rows) else ""
    text = (
        f"Against {strategy_label(second)}, in {results.measure}, {results.moment()}; the first is the one that leaves "
        f"most on average{over}. Positions are those of all regional agencies, sampled or not; each costs staff_rate for the "
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
                    signed(row["positions"], 0),
                    signed(row["structure_dollars"] / 1e6, 1),
                ],
            )
            for row in rows
        ],
    )
    reasons = [f"{row['rank']}. {strategy_label(row['strategy'])}: {with_minus_signs(row['reason'])}." for row in rows]
    return [text, table, *reasons]


_NOTE = (
    "Hours: given to the district and its schools over the whole assistance, also by staff above who pass on. Dollars: of "
    "the center, with the district's share of what goes to agencies above it. Lost: hours that did not land, and the main "
    "reason. Intervals are over luck."
)


def districts_parts(results: Results) -> list[Part]:
    """A table for the best plan, the district that gains most first; those of the other plans are folded."""
    found = results.comparison.by_district()
    if not found["gain"].notna().any():
        return []
    ranked = list(results.comparison.ranking()["strategy"])
    best = ranked[0] if ranked else results.others[0]
    others = [name for name in dict.fromkeys([*results.contrast, *results.others]) if name not in (best, BASELINE)]
    parts: list[Part] = [
        f"Gain over no assistance in {results.measure}, {results.moment()}. What a district shows is what one of its size, "
        "place and facts in the table would do under these assumptions; it is no forecast for its people."
    ]
    for name in (one for one in (best, *others) if (found["strategy"] == one).any()):
        table = _district_table(name, found[found["strategy"] == name].to_dict("records"))
        is_open = name == best and len(table.rows) <= _OPEN
        parts.append(table if is_open else Fold(f"{strategy_label(name)}, district by district", [table]))
    return parts


def _district_table(name: str, own: list[dict[Any, Any]]) -> Table:
    digits = digits_for(row["gain"] for row in own)
    ordered = sorted(own, key=lambda row: -row["gain"] if row["gain"] == row["gain"] else 1.0)
    rows = [
        Row(
            str(row["name"]),
            [
                whole(row["pupils"]),
                estimate_with_interval(Interval(row["gain"], row["low"], row["high"]), digits),
                whole(row["offered"]),
                money(row["dollars"]),
                _lost(row),
            ],
        )
        for row in ordered
    ]
    headers = ["District", "Pupils", "Gain (95% interval)", "Hours", "Dollars", "Lost, and why"]
    return Table(f"{strategy_label(name)}, district by district", headers, rows, _NOTE)


def _lost(row: dict[Any, Any]) -> str:
    """Share of the hours that did not land, and the reason below it."""
    if not row["offered"] > 0.0:
        return sentence(row["reason"]) if row["reason"] else "no hours"
    share = percent(max(0.0, row["lost"]) / row["offered"])
    return f"{share}\n{row['reason']}" if row["reason"] else share

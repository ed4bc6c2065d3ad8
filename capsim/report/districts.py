"""District by district: what each plan leaves where, with how many hours and dollars, and why hours were lost."""

from __future__ import annotations

from typing import Any

from capsim.comparison.statistics import Interval
from capsim.figures.palette import BASELINE, strategy_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import digits_for, estimate_with_interval, money, percent, sentence, whole

_OPEN = 20
"""Rows of a table that stands open."""
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
        table = _table(name, found[found["strategy"] == name].to_dict("records"))
        is_open = name == best and len(table.rows) <= _OPEN
        parts.append(table if is_open else Fold(f"{strategy_label(name)}, district by district", [table]))
    return parts


def _table(name: str, own: list[dict[Any, Any]]) -> Table:
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

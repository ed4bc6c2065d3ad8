"""All plans of a comparison in one table, the best first: what a person who must choose needs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import LESS_IS_BETTER, weighted_column
from capsim.comparison.verdicts import judge, plans, wider_interval

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

COLUMNS = (
    *("rank", "strategy", "over", "gain", "low", "high", "worlds", "best_in", "share_of_best"),
    *("retained", "half_life_months", "dollars", "recipient_hours", "gain_per_million"),
    *("gain_per_1000_staff_hours", "left_behind"),
    *("against_best", "ahead"),
)
_BEHIND = {"small": "equity_gap_size", "sparse": "equity_gap_sparse"}
"""Districts that a plan can leave behind, and the gap whose rise says so."""


def ranking(comparison: Comparison) -> pd.DataFrame:
    """One row for each plan; see `Comparison.ranking`."""
    import pandas as pd

    named = plans(comparison)
    if not named or "none" not in comparison.strategies:
        return pd.DataFrame(columns=list(COLUMNS))
    better = -1.0 if comparison.scenario.asked.name in LESS_IS_BETTER else 1.0
    best_in, worlds = _best_in(comparison, named, better)
    lasting = comparison.retention() if len(comparison.monthly) else pd.DataFrame()
    records: list[dict[Any, Any]] = lasting.to_dict("records")
    kept: dict[str, dict[Any, Any]] = {row["strategy"]: dict(row) for row in records}
    dollars = comparison.plan().groupby("strategy")["dollars"].sum().to_dict()
    rows = [_row(comparison, name, kept.get(name, {}), float(dollars.get(name, math.nan))) for name in named]
    rows.sort(key=lambda row: -better * row["gain"] if math.isfinite(row["gain"]) else math.inf)
    best, most = rows[0]["strategy"], rows[0]["gain"]
    for rank, row in enumerate(rows, start=1):
        other = rows[1]["strategy"] if row["strategy"] == best and len(rows) > 1 else best
        judged = judge(comparison, row["strategy"], other) if len(rows) > 1 else None
        row |= {
            "rank": rank,
            "worlds": worlds,
            "best_in": best_in.get(row["strategy"], 0),
            "share_of_best": row["gain"] / most if better * most > 0.0 else math.nan,
            "against_best": judged.verdict if judged else "",
            "ahead": judged.ahead if judged else "",
        }
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(comparison: Comparison, name: str, kept: Mapping[Any, Any], dollars: float) -> dict[str, Any]:
    over, interval, _ = wider_interval(comparison, name, "none")
    staff = _mean(comparison, name, "recipient_hours")
    return {
        "strategy": name,
        "over": over,
        "gain": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "retained": float(kept.get("retained", math.nan)),
        "half_life_months": float(kept.get("half_life_months", math.nan)),
        "dollars": dollars,
        "recipient_hours": staff,
        "gain_per_million": interval.estimate / (dollars / 1e6) if dollars > 0.0 else math.nan,
        "gain_per_1000_staff_hours": interval.estimate / (staff / 1e3) if staff > 0.0 else math.nan,
        "left_behind": ", ".join(group for group, gap in _BEHIND.items() if _widens(comparison, name, gap)),
    }


def _mean(comparison: Comparison, name: str, column: str) -> float:
    table = comparison.outcomes(column)
    return float(table[name].mean()) if name in table else math.nan


def _widens(comparison: Comparison, name: str, gap: str) -> bool:
    """Whether a plan widens a gap in use between districts by more than luck alone would."""
    column = f"{gap}_{comparison.scenario.question.at}"
    if column not in comparison.runs:
        return False
    found = comparison.difference(name, "none", outcome=weighted_column(column, "districts"))
    return found.mean.low > 0.0


def _best_in(comparison: Comparison, named: list[str], better: float) -> tuple[dict[str, int], int]:
    """In how many worlds each plan is the best of all, and in how many worlds all plans finished."""
    drawn = "drawn" if "drawn" in comparison.assumption_sets else "default"
    table = comparison.outcomes(assumptions=drawn)
    if not set(named) <= set(table.columns):
        return {}, 0
    complete = table[named].dropna()
    first = np.argmax(better * complete.to_numpy(np.float64), axis=1) if len(complete) else np.empty(0, np.int64)
    return {name: int((first == place).sum()) for place, name in enumerate(named)}, len(complete)

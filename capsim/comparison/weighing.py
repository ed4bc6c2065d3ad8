"""The declared contrast under every way of counting districts, and whether the means agree."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from capsim.catalogue import WEIGHTS

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

COLUMNS = ("weight", "over", "pairs", "estimate", "low", "high", "probability_better", "ahead")


def contrast_by_weight(comparison: Comparison) -> pd.DataFrame:
    """One row for each way of counting; see `Comparison.by_weight`."""
    import pandas as pd

    over = comparison.headline()["wider"]
    return pd.DataFrame([_row(comparison, weight, over) for weight in WEIGHTS], columns=list(COLUMNS))


def _row(comparison: Comparison, weight: str, over: str) -> dict[str, Any]:
    first, second = comparison.scenario.question.contrast
    assumptions = "default" if over == "luck" else "drawn"
    found = comparison.difference(first, second, assumptions=assumptions, weight=weight)
    interval = found.mean if over == "luck" else found.spread
    ahead = first if interval.low > 0.0 else second if interval.high < 0.0 else ""
    return {
        "weight": weight,
        "over": over,
        "pairs": found.pairs,
        "estimate": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "probability_better": found.probability_better,
        "ahead": ahead,
    }


def means_disagree(comparison: Comparison) -> str:
    """One sentence where another mean gives the contrast another verdict; empty where all agree.

    Two means that settle nothing agree, whatever their signs.
    """
    rows: list[dict[Any, Any]] = contrast_by_weight(comparison).to_dict("records")
    defined = {row["weight"]: row for row in rows if not math.isnan(row["estimate"])}
    own = defined.get(comparison.scenario.question.weight)
    others = [] if own is None else [row for row in defined.values() if row["ahead"] != own["ahead"]]
    if own is None or not others:
        return ""
    told = (own, *others)
    figures = "; ".join(f"over {WEIGHTS[row['weight']].title} {_figures(row)}" for row in told)
    first, second = comparison.scenario.question.contrast
    return f"Beware: the answer depends on how districts count. {first} - {second}, mean {figures}."


def _figures(row: dict[Any, Any]) -> str:
    interval = "one pair, no interval" if math.isnan(row["low"]) else f"{row['low']:+.4f} to {row['high']:+.4f}"
    verdict = f"{row['ahead']} ahead" if row["ahead"] else "not settled"
    return f"{row['estimate']:+.4f} ({interval}; {verdict})"

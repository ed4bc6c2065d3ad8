"""Which evidence would change the answer: the assumptions that go along with it, and where each would turn it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.parameters import PARAMETERS

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

__all__ = ["evidence_table", "turning_value"]

_COLUMNS = ("parameter", "correlation", "clear", "difference", "slope", "turns_at")


def turning_value(values: NDArray[np.float64], differences: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of the straight line through (value, difference), and where the line crosses zero; NaN if nowhere.

    Parameters
    ----------
    values, differences : (n,) float64
        At least 3 of them.
    """
    spread = values - values.mean()
    size = float(spread @ spread)
    if len(values) < 3 or size == 0.0:
        return math.nan, math.nan
    slope = float(spread @ differences) / size
    return slope, float(values.mean() - differences.mean() / slope) if slope else math.nan


def _can_matter(comparison: Comparison, parameter: str) -> bool:
    """False for a number of an activity that neither strategy of the contrast makes use of: that is luck."""
    declared = PARAMETERS.get(parameter)
    if declared is None or declared.group != "activities" or comparison.hours.empty:
        return True
    activity = max((name for name in ACTIVITIES if parameter.startswith(f"{name}_")), key=len, default="")
    rows = comparison.hours
    used = rows.loc[rows["strategy"].isin(comparison.scenario.question.contrast), "activity"]
    return not activity or bool((used == activity).any())


def evidence_table(comparison: Comparison, *, most: int = 3) -> pd.DataFrame:
    """The assumptions with the largest rank correlation with the declared contrast, largest first.

    Columns: parameter; correlation; clear: beyond what chance alone reaches; difference: the mean over pairs with
    drawn assumptions, in the declared outcome; slope of the straight line through the pairs; turns_at: the value at
    which that line crosses zero, all other assumptions as drawn, NaN if that is not within the plausible range. Empty
    without drawn assumptions.
    """
    import pandas as pd

    ranked, chance = comparison.assumptions_that_matter()
    if not ranked.empty:
        ranked = ranked[[_can_matter(comparison, str(name)) for name in ranked["parameter"]]]
    if ranked.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    first, second = comparison.scenario.question.contrast
    table = comparison.outcomes(assumptions="drawn")
    contrast = (table[first] - table[second]).dropna()
    draws = comparison.draws.set_index("replicate").loc[contrast.index]
    rows: list[dict[str, Any]] = []
    for name, correlation in zip(ranked["parameter"][:most], ranked["correlation"][:most], strict=True):
        slope, turns = turning_value(draws[name].to_numpy(np.float64), contrast.to_numpy(np.float64))
        declared = PARAMETERS.get(name)
        inside = declared is not None and declared.low <= turns <= declared.high
        rows.append(
            {
                "parameter": name,
                "correlation": float(correlation),
                "clear": bool(abs(correlation) > chance),
                "difference": float(contrast.mean()),
                "slope": slope,
                "turns_at": turns if inside else math.nan,
            }
        )
    return pd.DataFrame(rows, columns=list(_COLUMNS))

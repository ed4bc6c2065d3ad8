"""Worlds that had not come to rest when assistance began, and whether that is large beside the answer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.building.settling import DRIFT_PER_YEAR, LONGEST_SETTLING

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison

__all__ = ["drift_warning", "largest_drift", "unsettled"]


def unsettled(comparison: Comparison) -> int:
    """Worlds that were to run until they stood still, and still drifted at the limit of settling."""
    if comparison.scenario.timeline.settling != "auto":
        return 0
    return sum(s.months >= LONGEST_SETTLING and not s.drift < DRIFT_PER_YEAR for s in comparison.settling)


def largest_drift(comparison: Comparison) -> float:
    """Largest yearly change of a pattern of any world, on a scale from 0 to 1, before assistance; NaN if not known."""
    return max((s.drift for s in comparison.settling if not math.isnan(s.drift)), default=math.nan)


def drift_warning(comparison: Comparison) -> str:
    """One sentence where worlds drift by more in a year than the answer is large; empty where they do not."""
    drift = largest_drift(comparison)
    if comparison.outcome not in comparison.runs:
        return ""
    size = abs(float(comparison.headline()["estimate"]))
    if math.isnan(drift) or math.isnan(size) or drift <= size:
        return ""
    return (
        f"Beware: when assistance began, worlds still drifted by up to {drift:.2g} a year without any "
        f"assistance, more than the difference in the answer ({size:.2g}). Strategies meet the same drift, so "
        "they can be compared with each other; levels are not a forecast."
    )

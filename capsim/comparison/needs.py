"""Existing, self-rated, desired and built: every capacity in every group of agencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import weighted
from capsim.comparison.statistics import mean_interval
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import resolve_values

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison

AGENCY_GROUPS = tuple(AGENCY_LEVELS)
"""Levels of agencies, from the state down; a scenario need not have all of them."""
CAPACITY_MEASURES = (
    *("individual", "organizational_skills", "access_to_expertise", "shared_goals", "culture"),
    *("alignment_internal", "alignment_parent", "resources"),
)
"""RAND's six capacities (alignment in two parts) and resources."""
_OF_GROUP = ("group", "capacity", "existing", "self_rated", "desired")
_COLUMNS = (*_OF_GROUP, "strategy", "pairs", "built", "built_low", "built_high")


def self_rated(level: float, leniency: float) -> float:
    """What people say of a level in [0, 1] on a scale of 1 to 5: lenient with themselves, and the scale ends at 5."""
    return max(1.0, min(5.0, 1.0 + 4.0 * level + leniency)) if not np.isnan(level) else float("nan")


def capacity_table(comparison: Comparison) -> pd.DataFrame:
    """One row per group of agencies, capacity and strategy that assists; worlds with default assumptions.

    Columns: group ("sea", "esa", "lea", "school"), capacity (a measure); existing, the true level at the end of the
    first month without assistance, 0 to 1; self_rated, on the scale of 1 to 5 with the declared leniency; desired, 5
    minus that: what people would say they still want; strategy; pairs; built, built_low, built_high: gain over no
    assistance at the end of assistance with its 95% t interval. Undefined measures (NaN) are left out; empty without
    finished runs of `none`.
    """
    monthly = comparison.monthly
    if monthly.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    leniency = resolve_values(comparison.scenario.parameters)["likert_leniency"]
    last = comparison.scenario.timeline.assistance
    monthly = monthly[(monthly["assumptions"] == "default") & monthly["month"].isin([1, last])]
    rows: list[tuple[Any, ...]] = []
    for group in AGENCY_GROUPS:
        level = weighted("lea", comparison.scenario.question.weight) if group == "lea" else group
        own = monthly[monthly["level"] == level]
        for capacity in CAPACITY_MEASURES:
            start = own[(own["strategy"] == "none") & (own["month"] == 1)][capacity].dropna()
            if start.empty:
                continue
            existing = float(start.mean())
            rated = self_rated(existing, leniency)
            ends = own[own["month"] == last].pivot(index="replicate", columns="strategy", values=capacity)
            own_figures = (group, capacity, existing, rated, 5.0 - rated)
            for strategy in comparison.strategies:
                if strategy != "none":
                    built = _built(ends, strategy)
                    gain = mean_interval(built)
                    rows.append((*own_figures, strategy, len(built), gain.estimate, gain.low, gain.high))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _built(ends: pd.DataFrame, strategy: str) -> np.ndarray:
    if "none" not in ends or strategy not in ends:
        return np.empty(0)
    return (ends[strategy] - ends["none"]).dropna().to_numpy(np.float64)

"""From monthly tables to the mean and the central band over replicates, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Band", "gain_band", "level_band"]

_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Band:
    """Mean and central 95% over replicates; with fewer than 40 of them from the smallest to the largest.

    Attributes
    ----------
    years : (m,) float64
        Since assistance began; a month's value stands at its end.
    mean, low, high : (m,) float64
    """

    years: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def level_band(monthly: pd.DataFrame, strategy: str, *, measure: str, assumptions: str, level: str) -> Band | None:
    """Band of a measure under one strategy; None without finished runs."""
    paths = _paths(monthly, strategy, measure, assumptions, level)
    return None if paths is None else _band(paths)


def gain_band(
    monthly: pd.DataFrame, strategy: str, *, baseline: str, measure: str, assumptions: str, level: str
) -> Band | None:
    """Band of the paired gain of a strategy over the baseline; None without finished pairs."""
    paths = _paths(monthly, strategy, measure, assumptions, level)
    base = _paths(monthly, baseline, measure, assumptions, level)
    if paths is None or base is None:
        return None
    gain = (paths - base).dropna()
    return None if gain.empty else _band(gain)


def _paths(monthly: pd.DataFrame, strategy: str, measure: str, assumptions: str, level: str) -> pd.DataFrame | None:
    """Replicates in rows, months in columns."""
    if monthly.empty:
        return None
    wanted = (monthly["strategy"] == strategy) & (monthly["assumptions"] == assumptions) & (monthly["level"] == level)
    paths = monthly[wanted].pivot(index="replicate", columns="month", values=measure).dropna(axis=1, how="all").dropna()
    return None if paths.empty else paths


def _band(paths: pd.DataFrame) -> Band:
    table = paths.to_numpy(np.float64)
    low, high = np.quantile(table, [_TAIL, 1.0 - _TAIL], axis=0, method="weibull")
    return Band(paths.columns.to_numpy(np.float64) / 12.0, table.mean(axis=0), low, high)

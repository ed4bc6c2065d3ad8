"""Schedules: how the hours of the whole assistance are spread over its months.

Shares of month t of T, before they are scaled to sum to 1: level 1; front-loaded ``1 - (t + .5) / T``; taper ``min(1, 3
(1 - (t + .5) / T))``. Assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

__all__ = ["SCHEDULE_SHARES", "schedule_shares"]


def _level(months: int) -> NDArray[np.float64]:
    return np.ones(months)


def _front_loaded(months: int) -> NDArray[np.float64]:
    return 1.0 - (np.arange(months) + 0.5) / months


def _taper(months: int) -> NDArray[np.float64]:
    time = (np.arange(months) + 0.5) / months
    return np.minimum(1.0, 3.0 * (1.0 - time))


SCHEDULE_SHARES: Mapping[str, Callable[[int], NDArray[np.float64]]] = {
    "level": _level,
    "front_loaded": _front_loaded,
    "taper": _taper,
}
"""Shape of each schedule of the catalogue over the months of assistance."""


def schedule_shares(name: str, months: int) -> NDArray[np.float64]:
    """Share of the whole budget for each month, (months,); sums to 1."""
    shape = SCHEDULE_SHARES[name](months)
    return shape / shape.sum() if months else shape

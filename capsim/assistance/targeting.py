"""Targeting: how hours are divided among recipient agencies and focal areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.view import View

__all__ = ["TARGETING_WEIGHTS", "assessed_need"]


def assessed_need(view: View, recipients: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 - mean of the latest skill and routine readings, (recipients, K); without a reading the mean of those with one,
    or 1.
    """
    readings = 0.5 * (view.readings.skill[recipients] + view.readings.routine[recipients])
    need = 1.0 - readings
    known = ~np.isnan(need)
    average = float(need[known].mean()) if known.any() else 1.0
    return np.where(known, need, average)


def _universal(view: View, recipients: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.ones((len(recipients), len(view.areas)))


def _need(view: View, recipients: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.maximum(assessed_need(view, recipients), 1e-6)


TARGETING_WEIGHTS: Mapping[str, Callable[[View, NDArray[np.int64]], NDArray[np.float64]]] = {
    "universal": _universal,
    "need": _need,
}
"""Weight of each recipient and area, (recipients, K), for each targeting of the catalogue."""

"""Half-lives as survival times: censored where a gain has not halved by the end of the run."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.comparison import statistics

LEAST_GAIN = 0.002
"""Gain at the end of assistance below which a half-life is undefined."""


def half_lives(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Months until the gain of each replicate has halved, linear between months, (n,).

    Infinite where it has not by the last month (censored there), NaN where the first gain is below `LEAST_GAIN`. Gains
    (n, m + 1) are those at the end of assistance and in each of m months after.
    """
    return statistics.half_lives(gains, least_gain=LEAST_GAIN)


def survival_median(times: NDArray[np.float64]) -> float:
    """Kaplan-Meier median: the first time at which at most half survive.

    Infinite when it is not reached; NaN without a defined time. All that are censored are so at the end of the run, and
    after n times of which j are events the curve is ``1 - j / n``.
    """
    known = np.sort(times[~np.isnan(times)])
    return float(known[math.ceil(len(known) / 2) - 1]) if len(known) else math.nan


def share_censored(times: NDArray[np.float64]) -> float:
    """Share of replicates whose gain has not halved by the end."""
    return float(np.isinf(times).mean()) if len(times) else math.nan


def restricted_mean(times: NDArray[np.float64], horizon: float) -> float:
    """Mean survival time up to a horizon: the area below the Kaplan-Meier curve."""
    known = times[~np.isnan(times)]
    return float(np.minimum(known, horizon).mean()) if len(known) else math.nan


def turnover_half_life(tau: float) -> float:
    """Months in which half of the staff has left at annual turnover tau; infinite without turnover."""
    return 12.0 * math.log(2.0) / -math.log1p(-tau) if tau > 0.0 else math.inf

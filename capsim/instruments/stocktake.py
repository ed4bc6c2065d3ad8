"""The stocktake of performance management: is use where the plan wants it by now?

``use reading = clip(use + sd_j z, 0, 1)`` in each area, ``sd_j = stocktake_noise_sd * (2 - data_systems_j)`` times
the factor of co-design. With f the mean over areas of the agency's first stocktake, in month t_f, the expected mean
in month t of an assistance of T months is ``f + stocktake_target (1 - f) (t - t_f) / max(1, T - t_f)``; green is at
or above it, amber up to 0.05 below, red the rest.

Source: S27-S29 (delivery units: stocktakes of leaders, assessed against trajectories); the figures are assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.normals import numbers_for, read_noisily
from capsim.instruments.readings import AMBER, GREEN, RED, Readings
from capsim.kernels import kernel
from capsim.parameters import Values

__all__ = ["AMBER_MARGIN", "NUMBERS", "PURPOSE", "read_stocktake"]

PURPOSE = "instrument:stocktake"
"""What the random numbers are for."""

AMBER_MARGIN = 0.05
"""How far below what is expected an agency is amber."""


def NUMBERS(n_areas: int) -> int:  # noqa: N802
    """Uniform numbers per organization: a pair for every two areas."""
    return numbers_for(n_areas)


@kernel
def _judge(
    assessed: NDArray[np.bool_],
    month: int,
    months: int,
    target: float,
    use_reading: NDArray[np.float64],
    first_use: NDArray[np.float64],
    first_stocktake: NDArray[np.int32],
    status: NDArray[np.int8],
) -> None:
    """Hold the latest reading of the organizations marked in `assessed` against what is expected by now."""
    K = use_reading.shape[1]
    for j in range(len(assessed)):
        if not assessed[j]:
            continue
        mean = 0.0
        for k in range(K):
            mean += use_reading[j, k]
        mean /= K
        if first_stocktake[j] < 0:
            first_stocktake[j] = month
            first_use[j] = mean
        first, since = first_use[j], first_stocktake[j]
        expected = first + target * (1.0 - first) * (month - since) / max(1, months - since)
        if mean >= expected:
            status[j] = GREEN
        elif mean >= expected - AMBER_MARGIN:
            status[j] = AMBER
        else:
            status[j] = RED


def read_stocktake(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    use: NDArray[np.float64],
    noise: NDArray[np.float64],
    month: int,
    months: int,
    values: Values,
    readings: Readings,
) -> None:
    """Take stock of the agencies whose turn is this month.

    Parameters
    ----------
    assessed : (O,) bool
    numbers : (O, `NUMBERS`) float64
        Uniform in [0, 1).
    use : (O, K) float64
        True implementation.
    noise : (O,) float64
        Standard deviation of each agency's readings.
    month, months : int
        Month of the assistance, and its length.
    values : mapping of str to float
    readings : Readings
        Written to: use, status and, the first time, first_use and first_stocktake.
    """
    read_noisily(assessed, numbers, use, noise, readings.use)
    _judge(
        assessed,
        month,
        months,
        values["stocktake_target"],
        readings.use,
        readings.first_use,
        readings.first_stocktake,
        readings.status,
    )

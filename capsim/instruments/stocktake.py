"""The stocktake of performance management: is use where the plan wants it by now?

``use reading = clip(use + sd_j z, 0, 1)`` in each area, ``sd_j = stocktake_noise_sd * (2 - data_systems_j)`` times
the factor of co-design. With f the mean over areas of the agency's first stocktake, in month t_f, the expected mean
in month t of an assistance of T months is ``f + stocktake_target (1 - f) (t - t_f) / max(1, T - t_f)``; green is at
or above it, amber up to 0.05 below, red the rest. Each area has a target of its own, by the same formula from the
area's first reading; `behind` is how far the reading is below it.

Source: S27-S29 (delivery units: stocktakes of leaders, assessed against trajectories); the figures are assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import noisy
from capsim.instruments.readings import AMBER, GREEN, RED, Round

AMBER_MARGIN = 0.05
"""How far below what is expected an agency is amber."""


def read_stocktake(visit: Round) -> None:
    """Writes use, target, behind, status and, the first time, first_use, first_use_by_area and first_stocktake."""
    rows, readings, values = visit.rows, visit.readings, visit.values
    use = noisy(visit.state.use[rows], values["stocktake_noise_sd"] * visit.noise, visit.numbers)
    mean = np.zeros(len(rows))
    for of_area in use.T:
        mean += of_area
    mean /= use.shape[1]
    new = readings.first_stocktake[rows] < 0
    readings.use[rows] = use
    readings.first_use[rows[new]], readings.first_stocktake[rows[new]] = mean[new], visit.month
    readings.first_use_by_area[rows[new]] = use[new]
    first, since = readings.first_use[rows], readings.first_stocktake[rows]
    aimed = values["stocktake_target"] * (1.0 - first) * (visit.month - since)
    expected = first + aimed / np.maximum(1, visit.months - since)
    late = np.where(mean >= expected - AMBER_MARGIN, AMBER, RED)
    readings.status[rows] = np.where(mean >= expected, GREEN, late)
    start = readings.first_use_by_area[rows]
    passed = (visit.month - since) / np.maximum(1, visit.months - since)
    target = start + values["stocktake_target"] * (1.0 - start) * passed[:, None]
    readings.target[rows], readings.behind[rows] = target, np.maximum(0.0, target - use)

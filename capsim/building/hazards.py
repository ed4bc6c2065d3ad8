"""Exit hazards of positions: declared annual rates by level and role, and the factor that keeps them true under the
tenure gradient.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from capsim.levels import Level
from capsim.parameters import Values
from capsim.units import annual_to_hazard

LARGE_DISTRICT_PUPILS = 25_000
"""Enrolment from which superintendents leave at the rate of large districts."""


_LONGEST_TENURE = 600
"""Months; nobody starts with more than fifty years in a position."""


@functools.lru_cache(maxsize=256)
def tenure_factor(hazard: float, gradient: float, scale_months: float) -> float:
    """Factor z on a monthly hazard that keeps the mean length of stay when newcomers leave more often.

    With hazard ``z h (1 + gradient exp(-n / scale))`` in month n of tenure the expected months in the position,
    ``sum_n prod_{m<n} exp(-hazard_m)``, equal those of the constant hazard h, ``1 / (1 - exp(-h))``; so in the
    stationary tenure distribution exits happen at the declared rate.
    """
    if hazard <= 0.0 or gradient <= 0.0:
        return 1.0
    months = np.arange(int(40.0 / hazard) + 1)
    shape = 1.0 + gradient * np.exp(-months / scale_months)
    wanted = 1.0 / -math.expm1(-hazard)

    def stay(z: float) -> float:
        cumulative = np.cumsum(z * hazard * shape)
        tail = math.exp(-cumulative[-1]) / -math.expm1(-z * hazard)
        return 1.0 + float(np.exp(-cumulative[:-1]).sum()) + tail

    low, high = 1.0 / (1.0 + gradient), 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if stay(middle) > wanted else (low, middle)
    return 0.5 * (low + high)


def stationary_tenure(
    hazard: NDArray[np.float64], share: NDArray[np.float64], gradient: float, scale_months: float
) -> NDArray[np.int32]:
    """Tenure in months, (P,), drawn by uniform numbers from the distribution that turnover itself keeps.

    In it tenure n has a weight proportional to the chance of staying n months, ``exp(-sum_{m<n} hazard (1 + gradient
    exp(-m / scale)))``, with the hazards of `position_hazards`.
    """
    tenure = np.zeros(len(hazard), np.int32)
    months = np.arange(_LONGEST_TENURE)
    shape = 1.0 + gradient * np.exp(-months / scale_months)
    for rate in np.unique(hazard).tolist():
        stay = np.exp(-rate * np.concatenate([[0.0], np.cumsum(shape[:-1])]))
        cumulative = np.cumsum(stay) / stay.sum()
        here = hazard == rate
        tenure[here] = np.searchsorted(cumulative, share[here], side="right")
    return tenure


def _annual_exit(level: int, is_leader: bool, is_large: bool, values: Values) -> float:
    if level == Level.SEA:
        return values["sea_chief_annual_exit"] if is_leader else values["sea_annual_exit"]
    if level == Level.CENTER:
        return 0.0
    if level == Level.ESA:
        return values["esa_annual_exit"]
    if level == Level.SCHOOL:
        return values["principal_annual_exit"] if is_leader else values["school_staff_annual_exit"]
    if is_leader:
        return values["superintendent_large_annual_exit"] if is_large else values["superintendent_annual_exit"]
    return values["lea_annual_exit"]


def position_hazards(
    level: NDArray[np.int8], is_leader: NDArray[np.bool_], enrollment: NDArray[np.float64], values: Values
) -> NDArray[np.float64]:
    """Baseline exit hazard per month of every position, (P,), with the tenure factor in it.

    `enrollment` is that of the position's agency; the leader's is its first position.
    """
    kind = level.astype(np.int64) * 4 + is_leader * 2 + (enrollment >= LARGE_DISTRICT_PUPILS)
    hazards = np.empty(len(kind))
    for code in np.unique(kind).tolist():
        hazard = annual_to_hazard(_annual_exit(code // 4, bool(code & 2), bool(code & 1), values))
        factor = tenure_factor(hazard, values["tenure_gradient"], values["tenure_scale_months"])
        hazards[kind == code] = hazard * factor
    return hazards

"""The rubric of a needs assessment: what a facilitated team consensus reads of an agency.

``reading = clip(true + sd_j z, 0, 1)`` for mean skill and for routine in each area, with z standard normal and
``sd_j = rubric_noise_sd * (2 - data_systems_j)``, both as they were when this month's assistance began. Area k uses the
pair (u, v) of numbers 2k and 2k + 1: with ``r = sqrt(-2 ln(1 - u))``, z is ``r cos(2 pi v)`` for skill and ``r sin(2 pi
v)`` for routine. An agency with poor data about itself is read twice as badly.

Source: S119 (District Capacity Assessment: consensus scores), S42 (self-perceived need is a poor guide).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["NUMBERS_PER_AREA", "Readings", "read_rubric"]

NUMBERS_PER_AREA = 2
"""Uniform numbers per area: a pair gives the two normal deviates (Box and Muller 1958)."""


@dataclass(slots=True)
class Readings:
    """Latest readings of every organization.

    Attributes
    ----------
    skill, routine : (O, K) float64
        In [0, 1]; NaN before the first assessment.
    month : (O,) int32
        Month of the latest assessment, -1 before the first.
    """

    skill: NDArray[np.float64]
    routine: NDArray[np.float64]
    month: NDArray[np.int32]

    @classmethod
    def none(cls, n_organizations: int, n_areas: int) -> Readings:
        """No assessment yet."""
        shape = (n_organizations, n_areas)
        return cls(np.full(shape, np.nan), np.full(shape, np.nan), np.full(n_organizations, -1, np.int32))


@njit(cache=True)
def read_rubric(
    assessed, numbers, people, routine, data_systems, noise_sd, month, skill_reading, routine_reading, read_month
):
    """Write readings of the organizations marked in `assessed` (O,); `numbers` (O, 2 K) are uniform."""
    K = people.shape[1]
    for j in range(len(assessed)):
        if not assessed[j]:
            continue
        sd = noise_sd * (2.0 - data_systems[j])
        read_month[j] = month
        for k in range(K):
            radius = math.sqrt(-2.0 * math.log(1.0 - numbers[j, 2 * k]))
            angle = 2.0 * math.pi * numbers[j, 2 * k + 1]
            skill_reading[j, k] = min(1.0, max(0.0, people[j, k] + sd * radius * math.cos(angle)))
            routine_reading[j, k] = min(1.0, max(0.0, routine[j, k] + sd * radius * math.sin(angle)))

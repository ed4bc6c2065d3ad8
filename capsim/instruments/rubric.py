"""The rubric of a needs assessment: what a facilitated team consensus reads of an agency.

``reading = clip(true + sd_j z, 0, 1)`` for mean skill and for routine in each area, with z standard normal and
``sd_j = rubric_noise_sd * (2 - data_systems_j)`` as it was when this month's assistance began, times
codesign_noise_factor for an agency that helped to design its assistance. Area k uses the pair (u, v) of numbers 2k
and 2k + 1: with ``r = sqrt(-2 ln(1 - u))``, z is ``r cos(2 pi v)`` for skill and ``r sin(2 pi v)`` for routine. An
agency with poor data about itself is read twice as badly.

Source: S119 (District Capacity Assessment: consensus scores), S42 (self-perceived need is a poor guide).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.normals import polar
from capsim.instruments.readings import Readings
from capsim.kernels import kernel

__all__ = ["NUMBERS_PER_AREA", "read_rubric", "score"]

NUMBERS_PER_AREA = 2
"""Uniform numbers per area: a pair gives the two normal deviates. They lead the organizations' block of the month."""


@kernel
def score(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    people: NDArray[np.float64],
    routine: NDArray[np.float64],
    noise: NDArray[np.float64],
    month: int,
    skill_reading: NDArray[np.float64],
    routine_reading: NDArray[np.float64],
    read_month: NDArray[np.int32],
) -> None:
    """Write readings of the organizations marked in `assessed`; `noise` (O,) is the standard deviation."""
    for j in range(len(assessed)):
        if not assessed[j]:
            continue
        read_month[j] = month
        for k in range(people.shape[1]):
            radius, angle = polar(numbers[j, 2 * k], numbers[j, 2 * k + 1])
            skill_reading[j, k] = min(1.0, max(0.0, people[j, k] + noise[j] * radius * math.cos(angle)))
            routine_reading[j, k] = min(1.0, max(0.0, routine[j, k] + noise[j] * radius * math.sin(angle)))


def read_rubric(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    people: NDArray[np.float64],
    routine: NDArray[np.float64],
    noise: NDArray[np.float64],
    month: int,
    readings: Readings,
) -> None:
    """Read skill and routine of the agencies assessed this month.

    Parameters
    ----------
    assessed : (O,) bool
    numbers : (O, >= 2 K) float64
        Uniform in [0, 1); the first 2 K columns are used.
    people, routine : (O, K) float64
        True mean skill and routine.
    noise : (O,) float64
        Standard deviation of each agency's readings.
    month : int
    readings : Readings
        Written to.
    """
    score(assessed, numbers, people, routine, noise, month, readings.skill, readings.routine, readings.month)

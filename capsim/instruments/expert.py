"""An expert's visit: an outsider reads skill and routine.

``reading = clip(true + expert_noise_sd z, 0, 1)`` for mean skill and for routine in each area. Pairs of numbers as
in the rubric, from a block of their own. An expert does not depend on the agency's data about itself, so there is no
factor for data systems or co-design; an expert's reading replaces a rubric of the same month.

Source: S49 (regular contact goes with success); the precision is assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.readings import Readings
from capsim.instruments.rubric import NUMBERS_PER_AREA, score

__all__ = ["NUMBERS", "PURPOSE", "read_expert"]

PURPOSE = "instrument:expert"
"""What the random numbers are for."""


def NUMBERS(n_areas: int) -> int:  # noqa: N802
    """Uniform numbers per organization: a pair for each area."""
    return NUMBERS_PER_AREA * n_areas


def read_expert(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    people: NDArray[np.float64],
    routine: NDArray[np.float64],
    sd: float,
    month: int,
    readings: Readings,
) -> None:
    """Read skill and routine of the agencies visited this month.

    Parameters
    ----------
    assessed : (O,) bool
    numbers : (O, 2 K) float64
        Uniform in [0, 1).
    people, routine : (O, K) float64
        True mean skill and routine.
    sd : float
        Standard deviation of the readings.
    month : int
    readings : Readings
        Written to.
    """
    noise = np.full(len(assessed), sd)
    score(assessed, numbers, people, routine, noise, month, readings.skill, readings.routine, readings.month)

"""The sustainability rubric: what a review with the agency's leaders reads of how well reform would last.

Three sections, each the mean of what the model knows of it, in [0, 1]::

    context      mean of culture, filled share and alignment of resources
    system       mean over areas of routine
    performance  data systems

``score = clip(true + sd_j z, 0, 1)`` with sd_j of the needs-assessment rubric; the level is ``1 + floor(4 score)``, at
most 4: inadequate, emerging, strong, exemplary.

Source: S10 and S12 (Reform Support Network 2015: context for sustaining reform, system capacity, performance
management, in four levels; leaders, stakeholders and resources are what threatens it). What stands for each section,
and the equal width of levels, are assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.normals import read_noisily
from capsim.instruments.readings import Readings

__all__ = ["NUMBERS", "PURPOSE", "SECTIONS", "levels_of", "read_sustainability", "true_sections"]

PURPOSE = "instrument:sustainability"
"""What the random numbers are for."""

NUMBERS = 4
"""Uniform numbers per organization: two pairs."""

SECTIONS = ("context", "system", "performance")
"""Sections of the rubric, in order."""

_LEVELS = 4


def true_sections(
    culture: NDArray[np.float64],
    filled: NDArray[np.float64],
    resource_alignment: NDArray[np.float64],
    routine: NDArray[np.float64],
    data_systems: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What the sections are about, (O, 3), in [0, 1], from columns of O organizations; routine is (O, K)."""
    return np.column_stack([(culture + filled + resource_alignment) / 3.0, routine.mean(axis=1), data_systems])


def levels_of(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels 1 to 4 of scores in [0, 1]; NaN stays."""
    return np.minimum(_LEVELS, 1.0 + np.floor(_LEVELS * scores))


def read_sustainability(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    true: NDArray[np.float64],
    noise: NDArray[np.float64],
    readings: Readings,
) -> None:
    """Review the agencies whose turn is this month.

    Parameters
    ----------
    assessed : (O,) bool
    numbers : (O, 4) float64
        Uniform in [0, 1).
    true : (O, 3) float64
        From `true_sections`.
    noise : (O,) float64
        Standard deviation of each agency's scores.
    readings : Readings
        Written to: sustainability.
    """
    read_noisily(assessed, numbers, true, noise, readings.sustainability)

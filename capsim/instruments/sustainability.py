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

from capsim.instruments.noise import Column, noisy
from capsim.instruments.readings import Round, State

SECTIONS = ("context", "system", "performance")
"""Sections of the rubric, in order."""
_LEVELS = 4


def true_sections(state: State) -> Column:
    """What the sections are about, (O, 3), in [0, 1]."""
    context = (state.culture + state.filled + state.resource_alignment) / 3.0
    return np.column_stack([context, state.routine.mean(axis=1), state.data_systems])


def levels_of(scores: Column) -> Column:
    """Levels 1 to 4 of scores in [0, 1]; NaN stays."""
    return np.minimum(_LEVELS, 1.0 + np.floor(_LEVELS * scores))


def read_sustainability(visit: Round) -> None:
    """Writes sustainability."""
    true, sd = true_sections(visit.state)[visit.rows], visit.values["rubric_noise_sd"] * visit.noise
    visit.readings.sustainability[visit.rows] = noisy(true, sd, visit.numbers)

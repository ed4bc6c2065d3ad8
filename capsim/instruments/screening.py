"""Readiness screening: a short self-report before hours are spent.

``readiness = m g / (motivation_center * general_capacity_center)`` with motivation ``m = (likert(mean engagement of
holders, z) - 1) / 4`` and general capacity ``g = clip(true general capacity + sd_j z', 0, 1)``, ``sd_j =
rubric_noise_sd * (2 - data_systems_j)`` times the factor of co-design; z and z' are the deviates of one pair. A median
agency reads about 1, more as it is lenient with itself. Without holders nobody answers: m = 0. The third factor of
readiness, what an agency already knows of the thing itself, is not screened: a needs assessment reads it.

Source: S31 (R = MC2: motivation times general capacity), S42; the figures are assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import deviates, likert
from capsim.instruments.readings import Round


def read_screening(visit: Round) -> None:
    """Writes readiness."""
    rows, values, state = visit.rows, visit.values, visit.state
    radius, direction = deviates(visit.numbers)
    said = values["likert_noise_sd"] * radius[:, 0] * direction[:, 0]
    motivation = (likert(state.motivation[rows], said, values["likert_leniency"]) - 1.0) / 4.0
    sd = values["rubric_noise_sd"] * visit.noise
    general = np.clip(state.general[rows] + sd * radius[:, 1] * direction[:, 1], 0.0, 1.0)
    center = values["motivation_center"] * values["general_capacity_center"]
    visit.readings.readiness[rows] = motivation * general / center

"""The rubric of a needs assessment, what a facilitated team consensus reads of an agency, and an expert's visit.

``reading = clip(true + sd_j z, 0, 1)`` for mean skill and for routine in each area. Of the rubric ``sd_j =
rubric_noise_sd * (2 - data_systems_j)`` as it was when this month's assistance began, times codesign_noise_factor for
an agency that helped to design its assistance: an agency with poor data about itself is read twice as badly. An expert
reads with expert_noise_sd, whatever the data systems, and replaces a rubric of the same month. Area k uses deviate 2k
for skill and 2k + 1 for routine.

Source: S119 (District Capacity Assessment: consensus scores), S42 (self-perceived need is a poor guide), S49 (regular
contact goes with success); the expert's precision is assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import Column, noisy
from capsim.instruments.readings import Round


def read_rubric(visit: Round) -> None:
    """Writes skill, routine and month."""
    _read(visit, visit.values["rubric_noise_sd"] * visit.noise)


def read_expert(visit: Round) -> None:
    """Writes the same."""
    _read(visit, np.full(len(visit.rows), visit.values["expert_noise_sd"]))


def _read(visit: Round, sd: Column) -> None:
    rows, readings = visit.rows, visit.readings
    true = np.stack([visit.state.people[rows], visit.state.routine[rows]], axis=2)
    read = noisy(true.reshape(len(rows), -1), sd, visit.numbers).reshape(true.shape)
    readings.skill[rows], readings.routine[rows], readings.month[rows] = read[..., 0], read[..., 1], visit.month

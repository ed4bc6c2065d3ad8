"""The yearly survey of everybody, at no cost: who would like assistance, and how good staff say their own agency is.

``interest = likert(mean engagement of holders, z)``, 1 where nobody holds a position. ``self rating = likert(x, z)``
with x the mean of routine and of the skill of those who are there, area by area; nobody speaks for an agency without
staff, its ratings stay as they were. The survey is read before the month's assistance is decided, so that agencies can
volunteer.

Source: S42 (who asks for help is not who needs it; self-perceived need is a poor guide to rated need), S19
(self-ratings are lenient); figures are assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import deviates, likert
from capsim.instruments.readings import Round


def read_interest(visit: Round) -> None:
    """Writes interest."""
    radius, direction = deviates(visit.numbers)[:, :, 0]
    noise = visit.values["likert_noise_sd"] * radius * direction
    visit.readings.interest[visit.rows] = likert(
        visit.state.motivation[visit.rows], noise, visit.values["likert_leniency"]
    )


def read_self_rating(visit: Round) -> None:
    """Writes self_rating."""
    rows, state, readings = visit.rows, visit.state, visit.readings
    filled = state.filled[rows, None]
    people = state.people[rows]
    skill = np.divide(people, filled, out=np.full_like(people, np.nan), where=filled > 0.0)
    x = 0.5 * (skill + state.routine[rows])
    radius, direction = deviates(visit.numbers)[:, :, : x.shape[1]]
    answers = likert(x, visit.values["likert_noise_sd"] * radius * direction, visit.values["likert_leniency"])
    readings.self_rating[rows] = np.where(np.isnan(x), readings.self_rating[rows], answers)

"""How much each focal area matters to an agency: what a needs assessment reads of it, and what staff say themselves.

What is true is a lasting share of each agency and area (building/layout.py), in sum 1 over areas. A needs assessment,
or an expert's visit, reads ``clip(share + sd_j z, 0, 1)`` with ``sd_j = relevance_noise_sd * (2 - data_systems_j)``,
times the factor of co-design. In the yearly survey, at no cost, staff say how much an area matters: ``likert(share /
(share + 1 / K), z)``, the mark in the middle for what matters as much as the others; nobody speaks for an agency
without staff.

Source: S42 (self-perceived need is a poor guide), S19 on leniency; form and figures are assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.instruments.noise import deviates, likert, noisy
from capsim.instruments.readings import Round


def read_relevance(visit: Round) -> None:
    """Writes relevance."""
    rows, sd = visit.rows, visit.values["relevance_noise_sd"] * visit.noise
    visit.readings.relevance[rows] = noisy(visit.state.relevance[rows], sd, visit.numbers)


def read_self_rated_relevance(visit: Round) -> None:
    """Writes self_rated_relevance."""
    rows, values, readings = visit.rows, visit.values, visit.readings
    share = visit.state.relevance[rows]
    radius, direction = deviates(visit.numbers)[:, :, : share.shape[1]]
    matters = share / (share + 1.0 / share.shape[1])
    answers = likert(matters, values["likert_noise_sd"] * radius * direction, values["likert_leniency"])
    staffed = visit.state.filled[rows, None] > 0.0
    readings.self_rated_relevance[rows] = np.where(staffed, answers, readings.self_rated_relevance[rows])

"""Consultation: staff learn along advice ties.

Each holder consults one contact m, drawn by strength: with ``x = u0 * (sum of strengths)``, the first tie, in slot
order, whose running sum of strengths exceeds x. `consulted` is its slot (-1 without ties). Learning is synchronous,
from the skills before this process::

    skill_ik += min(1, eta * strength_im * (0.5 + culture_j) * free_i * boundary) * u_ik * [skill_mk - skill_ik]+

boundary = boundary_discount if m is in another agency, else 1. Strength stands for trust; free_i as in terms.py.

Where the rule of spread is ties, each leader or liaison i of agency j who consults somebody in another agency h brings
home what is done there, synchronously, in areas with a higher routine, ``R_h > R_j``, at the rate ``e_i = spread_rate
strength_im (0.5 + culture_j) boundary_discount``::

    routine_jk += (1 - exp(-sum e_i)) (sum e_i R_hk / sum e_i - R_jk)

Where support_weight is above 0, what comes from an agency above comes as support (support.py), not along ties.

Source: S110 (boundaries); rate calibrated. Spread: Darr et al. 1995; Frank, Zhao and Borman 2004.
"""

from __future__ import annotations

import math

import numpy as np

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.levels import LEADER
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import free_time
from capsim.world.slots import keep_before, stands_above

_TIES = codes_of("spread")[0]


@kernel
def consult(w, p, numbers):
    first, person, committed, culture = w.first, w.person, w.committed, w.culture
    tie_strength, attention, skill, consulted = w.tie_strength, w.attention, w.skill, w.consulted
    before = w.before
    keep_before(w, skill)
    eta, work, discount = p.consultation_rate, p.work_hours_per_month, p.boundary_discount
    for j in range(len(first) - 1):
        for i in range(first[j], first[j + 1]):
            m = _chosen(w, i, numbers.position[i, 0]) if person[i] >= 0 else -1
            consulted[i] = m
            if m < 0:
                continue
            contact = w.tie_to[i, m]
            rate = eta * tie_strength[i, m] * (0.5 + culture[j])
            rate *= free_time(w.recipient_hours[i], committed[j], work)
            if w.organization[contact] != j:
                rate *= discount
            rate = min(1.0, rate)
            for k in range(skill.shape[1]):
                skill[i, k] += rate * attention[i, k] * max(0.0, before[contact, k] - before[i, k])
    if p.spread_rule == _TIES:
        _spread(w, p)


@inner
def _spread(w, p):
    """Bring the routines of other agencies home."""
    routine, O = w.routine, len(w.first) - 1
    before = routine.copy()
    rates, brought = np.zeros(routine.shape[1]), np.zeros(routine.shape[1])
    for j in range(O):
        rates[:], brought[:] = 0.0, 0.0
        for i in range(w.first[j], w.first[j + 1]):
            other = -1
            if w.person[i] >= 0 and w.consulted[i] >= 0 and (w.role[i] == LEADER or w.liaison[i]):
                other = w.organization[w.tie_to[i, w.consulted[i]]]
            if other < 0 or other == j or (p.support_weight > 0.0 and stands_above(w, other, j)):
                continue
            rate = p.spread_rate * w.tie_strength[i, w.consulted[i]] * (0.5 + w.culture[j]) * p.boundary_discount
            for k in range(len(rates)):
                if before[other, k] > before[j, k]:
                    rates[k] += rate
                    brought[k] += rate * before[other, k]
        for k in range(len(rates)):
            if rates[k] > 0.0:
                routine[j, k] += -math.expm1(-rates[k]) * (brought[k] / rates[k] - before[j, k])


@inner
def _chosen(w, i, share):
    """Slot of the tie drawn by strength; -1 without ties."""
    tie_to, tie_strength = w.tie_to, w.tie_strength
    M = tie_to.shape[1]
    total = 0.0
    for m in range(M):
        total += tie_strength[i, m]
    if total <= 0.0:
        return -1
    x = share * total
    running = 0.0
    chosen = 0  # slots whose running sum does not exceed x; a free slot adds nothing to it
    for m in range(M):
        running += tie_strength[i, m]
        chosen += running <= x
    while chosen >= M or tie_to[i, chosen] < 0:  # only if rounding led past the last tie
        chosen -= 1
    return chosen


CONSULTATION = built_in(
    "consultation",
    consult,
    reads="person tie_to tie_strength attention recipient_hours committed culture skill routine",
    writes="skill consulted routine",
    draws=Draws(position=1),
)

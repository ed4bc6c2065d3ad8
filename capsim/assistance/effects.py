"""Effects: what a month's doses change in the world. With E the sum of exponents of doses.py::

    skill, engagement, culture, data_systems, resource_alignment:  x = 1 - (1 - x) exp(-E)
    routine    first the same; then handover: + (1 - exp(-E_h)) [codifiable_share * people - routine]+
    committed *= exp(-E)
    priority   = plan + (priority - plan) exp(-E)                       (goals)
    plan       = target + (plan - target) exp(-(E_p + E_g)), target = (E_p plan_parent + E_g plan_group) / (E_p + E_g)

Exponents of people take their attendance. People, routines and plans on the right are those at the start of the
process; handover moves routines toward what staff know and can be written down.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = ["change_agencies", "change_people", "hazard_of_people", "spend_evenly"]

_LEADER = 0


@njit(cache=True)
def _rests(doses, j):
    """Whether nothing is asked of the staff of an agency, and nothing taught."""
    sums = doses.asked[:, j].sum() + doses.engagement[:, j].sum() + doses.goals[:, j].sum() + doses.skill[:, j].sum()
    return sums <= 0.0


@njit(cache=True)
def _kept(exponent):
    """Share of a gap that is left; most exponents are 0 and need no exponential."""
    return math.exp(-exponent) if exponent > 0.0 else 1.0


@njit(cache=True)
def _closed(exponent):
    """Share of a gap that is closed."""
    return 1.0 - _kept(exponent)


@njit(cache=True)
def change_people(
    doses, attendance, first, role, person, old_plan, skill, engagement, priority, recipient_hours
):  # fmt: skip
    """Skill, engagement and priorities of participants, and the hours they spent."""
    K = skill.shape[1]
    alone = len(doses.alone_asked) > 0
    kept = np.ones(K)
    for j in range(len(first) - 1):
        if not alone and _rests(doses, j):
            continue
        known_for, known_attendance = -1, -1.0  # whose factors `kept`, `bored`, `apart` are
        bored = apart = 1.0
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = int(role[i] == _LEADER)
            present = attendance[i]
            asked = doses.asked[0, j] + leads * doses.asked[1, j] + (doses.alone_asked[i] if alone else 0.0)
            recipient_hours[i] += present * asked
            if leads != known_for or present != known_attendance or alone:
                known_for, known_attendance = leads, present
                engaged = doses.engagement[0, j] + leads * doses.engagement[1, j]
                agreed = doses.goals[0, j] + leads * doses.goals[1, j]
                if alone:
                    engaged += doses.alone_engagement[i]
                    agreed += doses.alone_goals[i]
                bored, apart = _kept(engaged * present), _kept(agreed * present)
                for k in range(K):
                    learned = doses.skill[0, j, k] + leads * doses.skill[1, j, k]
                    if alone:
                        learned += doses.alone_skill[i, k]
                    kept[k] = _kept(learned * present)
            engagement[i] += (1.0 - bored) * (1.0 - engagement[i])
            for k in range(K):
                skill[i, k] += (1.0 - kept[k]) * (1.0 - skill[i, k])
                priority[i, k] += (1.0 - apart) * (old_plan[j, k] - priority[i, k])


@njit(cache=True)
def change_agencies(
    doses, parent, people, old_plan, codifiable, plan, routine, culture, data_systems, resource_alignment, committed
):  # fmt: skip
    """Routines, plans, culture, data systems, alignment of resources and committed time."""
    O, K = routine.shape
    for j in range(O):
        culture[j] += _closed(doses.culture[j]) * (1.0 - culture[j])
        data_systems[j] += _closed(doses.data_systems[j]) * (1.0 - data_systems[j])
        resource_alignment[j] += _closed(doses.resource_alignment[j]) * (1.0 - resource_alignment[j])
        committed[j] -= _closed(doses.commitment[j]) * committed[j]
        for k in range(K):
            routine[j, k] += _closed(doses.routine[j, k]) * (1.0 - routine[j, k])
            written = max(0.0, codifiable * people[j, k] - routine[j, k])
            routine[j, k] += _closed(doses.handover[j, k]) * written
        total = doses.parent_plan[j] + doses.group_plan[j]
        if total > 0.0:
            moved = _closed(total)
            for a in range(K):
                target = doses.group_target[j, a]
                if doses.parent_plan[j] > 0.0:
                    target += doses.parent_plan[j] * old_plan[parent[j], a]
                plan[j, a] += moved * (target / total - plan[j, a])


@njit(cache=True)
def hazard_of_people(hazard, alone_hazard, leaders, attendance, organization, role, person):
    """Exponent of the chance of a tie of each person, (P,)."""
    each = np.zeros(len(person))
    for i in range(len(person)):
        if person[i] >= 0:
            if role[i] == _LEADER or leaders == 0:
                each[i] = hazard[organization[i]]
            if len(alone_hazard) > 0:
                each[i] += alone_hazard[i]
            each[i] *= attendance[i]
    return each


@njit(cache=True)
def spend_evenly(first, participants, person, hours, recipient_hours):
    """Add hours of each agency, (O,), to its holders in equal parts."""
    for j in range(len(hours)):
        if hours[j] > 0.0:
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    recipient_hours[i] += hours[j] / participants[j]

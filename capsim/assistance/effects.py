"""Effects: what a month's doses change in the world. With E the sum of exponents of doses.py::

    skill, engagement, culture, data_systems, resource_alignment:  x = 1 - (1 - x) exp(-E)
    routine    first the same; then handover: + (1 - exp(-E_h)) [codifiable_share * people - routine]+
    committed *= exp(-E)
    priority   = plan + (priority - plan) exp(-E)                       (goals)
    plan       = target + (plan - target) exp(-(E_p + E_g)), target = (E_p plan_parent + E_g plan_group) / (E_p + E_g)

Exponents of people take their attendance. People, routines and plans on the right are those at the start of the
process; handover moves routines toward what staff know and can be written down. Exponential closing of gaps: assumed,
because it makes the effect of hours independent of how they are split; sizes are those of the activities.
"""

from __future__ import annotations

import math

import numpy as np

from capsim.assistance.doses import (
    AGREED,
    ASKED,
    COMMITMENT,
    CULTURE,
    DATA,
    ENGAGED,
    GROUP_PLAN,
    GROUP_TARGET,
    HANDOVER,
    PARENT_PLAN,
    RESOURCES,
    ROUTINE,
    TAUGHT,
)
from capsim.kernels import kernel
from capsim.levels import LEADER

__all__ = ["change_agencies", "change_people", "hazard_of_people", "spend_evenly"]


@kernel
def _rests(doses, j):
    """Whether nothing is asked of the staff of an agency, and nothing taught."""
    return doses.people[:, j].sum() <= 0.0


@kernel
def _kept(exponent):
    """Share of a gap that is left; most exponents are 0 and need no exponential."""
    return math.exp(-exponent) if exponent > 0.0 else 1.0


@kernel
def _closed(exponent):
    """Share of a gap that is closed."""
    return 1.0 - _kept(exponent)


@kernel
def change_people(doses, attendance, first, role, person, old_plan, skill, engagement, priority, recipient_hours):
    """Skill, engagement and priorities of participants, and the hours they spent."""
    K, given = skill.shape[1], doses.people
    alone = len(doses.alone) > 0
    kept = np.ones(K)
    for j in range(len(first) - 1):
        if not alone and _rests(doses, j):
            continue
        known_for, known_attendance = -1, -1.0  # whose factors `kept`, `bored`, `apart` are
        bored = apart = 1.0
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = int(role[i] == LEADER)
            present = attendance[i]
            asked = given[0, j, ASKED] + leads * given[1, j, ASKED] + (doses.alone[i, ASKED] if alone else 0.0)
            recipient_hours[i] += present * asked
            if leads != known_for or present != known_attendance or alone:
                known_for, known_attendance = leads, present
                engaged = given[0, j, ENGAGED] + leads * given[1, j, ENGAGED]
                agreed = given[0, j, AGREED] + leads * given[1, j, AGREED]
                if alone:
                    engaged += doses.alone[i, ENGAGED]
                    agreed += doses.alone[i, AGREED]
                bored, apart = _kept(engaged * present), _kept(agreed * present)
                for k in range(K):
                    learned = given[0, j, TAUGHT + k] + leads * given[1, j, TAUGHT + k]
                    if alone:
                        learned += doses.alone[i, TAUGHT + k]
                    kept[k] = _kept(learned * present)
            engagement[i] += (1.0 - bored) * (1.0 - engagement[i])
            for k in range(K):
                skill[i, k] += (1.0 - kept[k]) * (1.0 - skill[i, k])
                priority[i, k] += (1.0 - apart) * (old_plan[j, k] - priority[i, k])


@kernel
def change_agencies(
    doses, parent, people, old_plan, codifiable, plan, routine, culture, data_systems, resource_alignment, committed
):
    """Routines, plans, culture, data systems, alignment of resources and committed time."""
    O, K = routine.shape
    for j in range(O):
        agency, areas = doses.agency[j], doses.areas[j]
        culture[j] += _closed(agency[CULTURE]) * (1.0 - culture[j])
        data_systems[j] += _closed(agency[DATA]) * (1.0 - data_systems[j])
        resource_alignment[j] += _closed(agency[RESOURCES]) * (1.0 - resource_alignment[j])
        committed[j] -= _closed(agency[COMMITMENT]) * committed[j]
        for k in range(K):
            routine[j, k] += _closed(areas[ROUTINE, k]) * (1.0 - routine[j, k])
            written = max(0.0, codifiable * people[j, k] - routine[j, k])
            routine[j, k] += _closed(areas[HANDOVER, k]) * written
        total = agency[PARENT_PLAN] + agency[GROUP_PLAN]
        if total > 0.0:
            moved = _closed(total)
            for a in range(K):
                target = areas[GROUP_TARGET, a]
                if agency[PARENT_PLAN] > 0.0:
                    target += agency[PARENT_PLAN] * old_plan[parent[j], a]
                plan[j, a] += moved * (target / total - plan[j, a])


@kernel
def hazard_of_people(hazard, alone_hazard, leaders, attendance, organization, role, person):
    """Exponent of the chance of a tie of each person, (P,)."""
    each = np.zeros(len(person))
    for i in range(len(person)):
        if person[i] >= 0:
            if role[i] == LEADER or leaders == 0:
                each[i] = hazard[organization[i]]
            if len(alone_hazard) > 0:
                each[i] += alone_hazard[i]
            each[i] *= attendance[i]
    return each


@kernel
def spend_evenly(first, participants, person, hours, recipient_hours):
    """Add hours of each agency, (O,), to its holders in equal parts."""
    for j in range(len(hours)):
        if hours[j] > 0.0:
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    recipient_hours[i] += hours[j] / participants[j]

"""Effects: what a month's doses change in people, agencies and ties; equations in delivery.py."""

from __future__ import annotations

import math

import numpy as np

from capsim.assistance.doses import (
    AGREED,
    COMMITMENT,
    CULTURE,
    DATA,
    ENGAGED,
    GROUP_PLAN,
    OF_GROUP,
    OF_HANDOVER,
    OF_ROUTINE,
    PARENT_PLAN,
    RESOURCES,
)
from capsim.assistance.ties import PEER_TIES, deal_groups, make_ties, no_groups
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner
from capsim.levels import LEADER, SEA
from capsim.world.tree import codifiable_share, state_above

_PROVISIONAL = codes_of("codification")[2]
_BY_ACTIVITY, _ONE_CEILING, _REPEATS = codes_of("teaching")


@inner
def kept(exponent):
    """Share of a gap that is left; most exponents are 0 and need no exponential."""
    return math.exp(-exponent) if exponent > 0.0 else 1.0


@inner
def change_people(w, doses, attendance, old_plan):
    """Engagement and priorities of participants."""
    person, role, first, engagement, priority = w.person, w.role, w.first, w.engagement, w.priority
    people, alone = doses.people, doses.alone
    for j in range(len(first) - 1):
        if len(alone) == 0 and people[:, j].sum() <= 0.0:
            continue
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            engaged, agreed = people[0, j, ENGAGED], people[0, j, AGREED]
            if role[i] == LEADER:
                engaged, agreed = engaged + people[1, j, ENGAGED], agreed + people[1, j, AGREED]
            if len(alone) > 0:
                engaged, agreed = engaged + alone[i, ENGAGED], agreed + alone[i, AGREED]
            engagement[i] += (1.0 - kept(engaged * attendance[i])) * (1.0 - engagement[i])
            moved = 1.0 - kept(agreed * attendance[i])
            for k in range(priority.shape[1]):
                priority[i, k] += moved * (old_plan[j, k] - priority[i, k])


@inner
def teach(w, p, h, doses, attendance, share):
    """Skill of participants, and the units they have had."""
    taught, taught_alone, units, units_alone = doses.taught, doses.taught_alone, doses.units, doses.units_alone
    first, person, role, skill, lessons = w.first, w.person, w.role, w.skill, w.lessons
    T, K, alike, single = len(taught), skill.shape[1], share.shape[1] == 0, len(units_alone) > 0
    ceiling = ceilings_of(p, h, doses.teaching, T)
    repeated = p.repeat_units if p.teaching_rule == _REPEATS else np.inf
    reforms = p.reform_chance > 0.0
    last, left = np.zeros(K), np.ones(K)  # exponents, most of them those of the person before, and what they leave
    for j in range(len(first) - 1 if T > 0 else 0):
        if not single and units[0, j].sum() + units[1, j].sum() <= 0.0:
            continue
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = 1.0 if role[i] == LEADER else 0.0
            for k in range(K):
                of_staff = 1.0 if alike else share[0, i, k]
                of_leaders = leads if alike else leads * share[1, i, k]
                had = of_staff * units[0, j, k] + of_leaders * units[1, j, k] + (units_alone[i, k] if single else 0.0)
                if had <= 0.0:
                    continue
                strength = aim = renewed = 0.0
                for t in range(T):
                    exponent = of_staff * taught[t, 0, j, k] + of_leaders * taught[t, 1, j, k]
                    exponent += taught_alone[t, i, k] if single else 0.0
                    renewed += exponent
                    if ceiling[t] > skill[i, k]:
                        strength += exponent
                        aim += exponent * ceiling[t]
                if strength > 0.0:
                    exponent = strength * attendance[i] / (1.0 + lessons[i, k] / repeated)
                    if exponent != last[k]:
                        last[k], left[k] = exponent, math.exp(-exponent)
                    skill[i, k] += (1.0 - left[k]) * (aim / strength - skill[i, k])
                if reforms:
                    w.outdated[i, k] *= kept(renewed * attendance[i] / (1.0 + lessons[i, k] / repeated))
                lessons[i, k] += had * attendance[i]


@inner
def ceilings_of(p, h, teaching, n):
    """How far each of n activities that teach can carry people, (n,)."""
    ceiling = np.ones(n)
    for activity in range(len(teaching)):
        if p.teaching_rule == _BY_ACTIVITY and teaching[activity] >= 0:
            ceiling[teaching[activity]] = h.ceiling[activity]
    return ceiling


@inner
def change_agencies(w, p, doses, people, old_plan):
    """Routines, plans, culture, data systems, alignment of resources and committed time."""
    O, K = w.routine.shape
    for j in range(O):
        agency, areas = doses.agency[j], doses.areas[j]
        w.culture[j] += (1.0 - kept(agency[CULTURE])) * (1.0 - w.culture[j])
        w.data_systems[j] += (1.0 - kept(agency[DATA])) * (1.0 - w.data_systems[j])
        w.resource_alignment[j] += (1.0 - kept(agency[RESOURCES])) * (1.0 - w.resource_alignment[j])
        if agency[COMMITMENT] > 0.0:
            _free_of_compliance(w, p, j, agency[COMMITMENT])
        for k in range(K):
            built = (1.0 - kept(areas[OF_ROUTINE, k])) * max(0.0, p.routine_ceiling - w.routine[j, k])
            w.routine[j, k] += built
            w.supported[j, k] = areas[OF_ROUTINE, k] > 0.0
            if p.reform_chance > 0.0:
                w.outdated_routine[j, k] *= kept(areas[OF_ROUTINE, k])
            if p.codification_rule == _PROVISIONAL:
                w.provisional[j, k] += built
            written = max(0.0, codifiable_share(w, p, k) * people[j, k] - w.routine[j, k])
            w.routine[j, k] += (1.0 - kept(areas[OF_HANDOVER, k])) * written
        total = agency[PARENT_PLAN] + agency[GROUP_PLAN]
        if total > 0.0:
            moved = 1.0 - kept(total)
            for k in range(K):
                target = areas[OF_GROUP, k]
                if agency[PARENT_PLAN] > 0.0:
                    target += agency[PARENT_PLAN] * old_plan[w.parent[j], k]
                w.plan[j, k] += moved * (target / total - w.plan[j, k])


@inner
def _free_of_compliance(w, p, j, exponent):
    """Role redesign: a state agency keeps a floor; what agencies below owe by their reports is not theirs to change."""
    if w.level[j] == SEA:
        floor = p.role_redesign_floor * p.compliance_share
        w.committed[j] -= (1.0 - kept(exponent)) * max(0.0, w.committed[j] - floor)
    elif p.support_weight <= 0.0 or state_above(w, j) < 0:
        w.committed[j] -= (1.0 - kept(exponent)) * w.committed[j]


@inner
def make_ties_once(w, p, h, orders, rows, doses, attendance, activity):
    """Make the ties of an activity, if it makes any and has not done so this month."""
    slot = doses.slot[activity]
    if slot < 0:
        return
    doses.slot[activity] = -1
    person, role, organization, single = w.person, w.role, w.organization, len(doses.alone) > 0
    of_agency, of_person, all_staff = doses.hazard[slot], doses.hazard_alone[slot], h.leaders[activity] == 0
    hazard = np.zeros(len(person))
    for i in range(len(hazard)):
        if person[i] >= 0:
            if role[i] == LEADER or all_staff:
                hazard[i] = of_agency[organization[i]]
            if single:
                hazard[i] += of_person[i]
            hazard[i] *= attendance[i]
    groups = no_groups()
    if h.tie[activity] == PEER_TIES:
        groups = deal_groups(w, p, orders, rows, activity)
    make_ties(w, p, h, activity, hazard, groups)

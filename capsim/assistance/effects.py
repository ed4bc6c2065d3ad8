"""Doses and effects: the sums of exponents to which the rows of a month add up, and what they change in people,
agencies and ties; equations in delivery.py.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.ties import PEER_TIES, deal_groups, make_ties, mean_plans, no_groups
from capsim.catalogue import CHANNELS, TIE_CHANNELS
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner
from capsim.levels import LEADER, SEA
from capsim.world.slots import codifiable_share, state_above

# fmt: off
(
    SKILL, ENGAGEMENT, GOALS, ROUTINE, CULTURE, DATA, RESOURCES, COMMITMENT,
    HANDOVER, PARENT_PLAN, GROUP_PLAN, PARENT_ROUTINE,
) = range(CHANNELS.index(TIE_CHANNELS[0]))
# fmt: on

ENGAGED, AGREED = range(2)
"""Columns of `Doses.people`."""
OF_ROUTINE, OF_HANDOVER, OF_GROUP = range(3)
"""Rows of `Doses.areas`."""


class Arrivals(NamedTuple):
    """How the rows of a month arrive, each (n,) float64."""

    units: NDArray[np.float64]  # units for every participant.
    each: NDArray[np.float64]
    whole: NDArray[np.float64]  # units for the agency, times attendance and landing.
    landed: NDArray[np.float64]  # hours that landed.


class Doses(NamedTuple):
    """Sums of a month's exponents; W are the places of those for whom rows are (delivery.py)."""

    people: NDArray[np.float64]  # (W, 2) of engagement and of goals
    taught: NDArray[np.float64]  # (T, W, K) of skill by activity that teaches
    units: NDArray[np.float64]  # (W, K) of those activities
    # (O, channels) of the agency, attendance included, of the channels that belong to no area
    agency: NDArray[np.float64]
    # (O, 3, K) the same of routine and handover by area; the third is the sum of exponents of the group's plan times
    # the plan they lead to
    areas: NDArray[np.float64]
    hazard: NDArray[np.float64]  # (T, W) of the chance of a tie of each participant, by activity that makes some
    # (activities,) place of each activity that makes ties in `hazard`, and of each that teaches in `taught`; -1 for
    # others
    slot: NDArray[np.int64]
    teaching: NDArray[np.int64]


@inner
def nothing_yet(w, h, orders, places):
    """Doses without anything in them."""
    O, K = w.plan.shape
    slot, teaching = np.full(len(h.tie), -1, np.int64), np.full(len(h.tie), -1, np.int64)
    ties = teachers = 0
    for activity in orders.activity:
        if h.tie[activity] > 0 and slot[activity] < 0:
            slot[activity] = ties
            ties += 1
        if h.effects[activity, SKILL] > 0.0 and teaching[activity] < 0:
            teaching[activity] = teachers
            teachers += 1
    return Doses(
        np.zeros((places, 2)),
        np.zeros((teachers, places, K)),
        np.zeros((places, K)),
        np.zeros((O, PARENT_ROUTINE)),
        np.zeros((O, 3, K)),
        np.zeros((ties, places)),
        slot,
        teaching,
    )


@inner
def add_to_people(h, rows, place, arrivals, doses):
    """Exponents of the participants of all rows, before attendance."""
    effects, tie, slot, people, each = h.effects, h.tie, doses.slot, doses.people, arrivals.each
    for r in range(len(each)):
        a, at, k = rows.activity[r], place[r], rows.area[r]
        people[at, ENGAGED] += effects[a, ENGAGEMENT] * each[r]
        people[at, AGREED] += effects[a, GOALS] * each[r]
        t = doses.teaching[a]
        if k >= 0 and t >= 0:
            doses.taught[t, at, k] += effects[a, SKILL] * each[r]
            doses.units[at, k] += arrivals.units[r]
        if slot[a] >= 0:
            doses.hazard[slot[a], at] += effects[a, tie[a]] * each[r]


@inner
def add_to_agencies(w, h, rows, whole, doses, plans):
    """Exponents of agencies; `plans` are those of `group_plans`."""
    parent, child_first, effects, agency, areas = w.parent, w.child_first, h.effects, doses.agency, doses.areas
    for r in range(len(whole)):
        a, j, k, dose = rows.activity[r], rows.agency[r], rows.area[r], whole[r]
        if dose <= 0.0 or not h.changes_agency[a]:
            continue
        above = parent[j]
        if k >= 0:
            areas[j, OF_ROUTINE, k] += effects[a, ROUTINE] * dose
            areas[j, OF_HANDOVER, k] += effects[a, HANDOVER] * dose
        for channel in (CULTURE, DATA, RESOURCES, COMMITMENT):
            agency[j, channel] += effects[a, channel] * dose
        if above >= 0:
            agency[j, PARENT_PLAN] += effects[a, PARENT_PLAN] * dose
            if k >= 0 and effects[a, PARENT_ROUTINE] > 0.0:
                children = 0.0
                for n in range(child_first[above], child_first[above + 1]):
                    children += w.family_weight[w.child[n]]
                areas[above, OF_ROUTINE, k] += effects[a, PARENT_ROUTINE] * dose * w.family_weight[j] / children
        if effects[a, GROUP_PLAN] > 0.0:
            agency[j, GROUP_PLAN] += effects[a, GROUP_PLAN] * dose
            for n in range(plans.shape[2]):
                areas[j, OF_GROUP, n] += effects[a, GROUP_PLAN] * dose * plans[h.plan_slot[a], j, n]


@inner
def group_plans(w, p, h, orders, rows):
    """Mean plan of the group of each agency, (G, O, K), by place of the activities that bring plans together."""
    O, K = w.plan.shape
    plans = np.zeros((int(h.plan_slot.max()) + 1, O, K))
    for activity in orders.activity:
        if h.plan_slot[activity] >= 0:
            of_groups = mean_plans(w, deal_groups(w, p, orders, rows, activity))
            for j in range(O):
                for k in range(K):
                    plans[h.plan_slot[activity], j, k] = of_groups[j, k]
    return plans


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
    people, O = doses.people, len(w.level)
    single = len(people) > 2 * O
    for j in range(len(first) - 1):
        if not single and people[j].sum() + people[O + j].sum() <= 0.0:
            continue
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            engaged, agreed = people[j, ENGAGED], people[j, AGREED]
            if role[i] == LEADER:
                engaged, agreed = engaged + people[O + j, ENGAGED], agreed + people[O + j, AGREED]
            if single:
                engaged, agreed = engaged + people[2 * O + i, ENGAGED], agreed + people[2 * O + i, AGREED]
            engagement[i] += (1.0 - kept(engaged * attendance[i])) * (1.0 - engagement[i])
            moved = 1.0 - kept(agreed * attendance[i])
            for k in range(priority.shape[1]):
                priority[i, k] += moved * (old_plan[j, k] - priority[i, k])


@inner
def teach(w, p, h, doses, attendance, share):
    """Skill of participants, and the units they have had."""
    taught, units, O = doses.taught, doses.units, len(w.level)
    first, person, role, skill, lessons = w.first, w.person, w.role, w.skill, w.lessons
    T, K, alike, single = len(taught), skill.shape[1], share.shape[1] == 0, len(units) > 2 * O
    ceiling = ceilings_of(p, h, doses.teaching, T)
    repeats, reforms = p.teaching_rule == _REPEATS, p.reform_chance > 0.0
    for j in range(len(first) - 1 if T > 0 else 0):
        for k in range(K):
            of_all, of_leading = units[j, k], units[O + j, k]
            if not single and of_all + of_leading <= 0.0:
                continue
            last, left = 0.0, 1.0  # exponent, most often that of the person before, and what it leaves
            for i in range(first[j], first[j + 1]):
                if person[i] < 0:
                    continue
                seat, front = 1.0, 1.0 if role[i] == LEADER else 0.0
                if not alike and of_all + of_leading > 0.0:
                    seat, front = share[0, i, k], share[1, i, k] if role[i] == LEADER else 0.0
                had = seat * of_all + front * of_leading + (units[2 * O + i, k] if single else 0.0)
                if had <= 0.0:
                    continue
                strength = aim = renewed = 0.0
                for t in range(T):
                    exponent = seat * taught[t, j, k] + front * taught[t, O + j, k]
                    exponent += taught[t, 2 * O + i, k] if single else 0.0
                    renewed += exponent
                    if ceiling[t] > skill[i, k]:
                        strength += exponent
                        aim += exponent * ceiling[t]
                worn = 1.0 + lessons[i, k] / p.repeat_units if repeats else 1.0
                if strength > 0.0:
                    exponent = strength * attendance[i]
                    if repeats:
                        exponent /= worn
                    if exponent != last:
                        last, left = exponent, math.exp(-exponent)
                    skill[i, k] += (1.0 - left) * (aim / strength - skill[i, k])
                if reforms:
                    w.outdated[i, k] *= kept(renewed * attendance[i] / worn)
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
    groups = deal_groups(w, p, orders, rows, activity) if h.tie[activity] == PEER_TIES else no_groups()
    make_ties(w, p, h, activity, doses.hazard[slot], attendance, groups)

"""Doses: the sums of exponents to which the rows of a month add up; what they change, effects.py says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.ties import deal_groups, mean_plans
from capsim.catalogue import CHANNELS, TIE_CHANNELS
from capsim.kernels import inner

# fmt: off
(
    SKILL, ENGAGEMENT, GOALS, ROUTINE, CULTURE, DATA, RESOURCES, COMMITMENT,
    HANDOVER, PARENT_PLAN, GROUP_PLAN, PARENT_ROUTINE,
) = range(CHANNELS.index(TIE_CHANNELS[0]))
# fmt: on

ENGAGED, AGREED = range(2)
"""Columns of `Doses.people` and `Doses.alone`."""
OF_ROUTINE, OF_HANDOVER, OF_GROUP = range(3)
"""Rows of `Doses.areas`."""


class Arrivals(NamedTuple):
    """How the rows of a month arrive, each (n,) float64.

    Attributes
    ----------
    units : units for every participant.
    each : the same times landing.
    whole : units for the agency, times attendance and landing.
    landed : hours that landed.
    """

    units: NDArray[np.float64]
    each: NDArray[np.float64]
    whole: NDArray[np.float64]
    landed: NDArray[np.float64]


class Doses(NamedTuple):
    """Sums of a month's exponents.

    Attributes
    ----------
    people, alone : (2, O, 2), (P, 2) float64
        Of engagement and of goals, of every member of staff (0), and what leaders get on top (1); the same of rows
        that serve single persons, empty in a month without such rows.
    taught, taught_alone : (T, 2, O, K), (T, P, K) float64
        Of skill by activity that teaches.
    units, units_alone : (2, O, K), (P, K) float64
        Units of those activities.
    agency : (O, channels) float64
        Of the agency, attendance included, of the channels that belong to no area.
    areas : (O, 3, K) float64
        The same of routine and handover by area; the third is the sum of exponents of the group's plan times the plan
        they lead to.
    hazard, hazard_alone : (T, O), (T, P) float64
        Of the chance of a tie by activity that makes some: of each participant, and of single persons.
    slot, teaching : (activities,) int64
        Place of each activity that makes ties in `hazard`, and of each that teaches in `taught`; -1 for others.
    """

    people: NDArray[np.float64]
    alone: NDArray[np.float64]
    taught: NDArray[np.float64]
    taught_alone: NDArray[np.float64]
    units: NDArray[np.float64]
    units_alone: NDArray[np.float64]
    agency: NDArray[np.float64]
    areas: NDArray[np.float64]
    hazard: NDArray[np.float64]
    hazard_alone: NDArray[np.float64]
    slot: NDArray[np.int64]
    teaching: NDArray[np.int64]


@inner
def nothing_yet(w, h, orders, single):
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
        np.zeros((2, O, 2)),
        np.zeros((single, 2)),
        np.zeros((teachers, 2, O, K)),
        np.zeros((teachers, single, K)),
        np.zeros((2, O, K)),
        np.zeros((single, K)),
        np.zeros((O, PARENT_ROUTINE)),
        np.zeros((O, 3, K)),
        np.zeros((ties, O)),
        np.zeros((ties, single)),
        slot,
        teaching,
    )


@inner
def add_to_people(h, rows, arrivals, doses):
    """Exponents of the participants of all rows, before attendance."""
    effects, leaders, tie, slot, each = h.effects, h.leaders, h.tie, doses.slot, arrivals.each
    people, alone, hazard, hazard_alone = doses.people, doses.alone, doses.hazard, doses.hazard_alone
    for r in range(len(each)):
        a, i, j, k = rows.activity[r], rows.person[r], rows.agency[r], rows.area[r]
        sums = alone[i] if i >= 0 else people[leaders[a], j]
        sums[ENGAGED] += effects[a, ENGAGEMENT] * each[r]
        sums[AGREED] += effects[a, GOALS] * each[r]
        t = doses.teaching[a]
        if k >= 0 and t >= 0:
            if i >= 0:
                doses.taught_alone[t, i, k] += effects[a, SKILL] * each[r]
                doses.units_alone[i, k] += arrivals.units[r]
            else:
                doses.taught[t, leaders[a], j, k] += effects[a, SKILL] * each[r]
                doses.units[leaders[a], j, k] += arrivals.units[r]
        if slot[a] >= 0:
            chance = hazard_alone[slot[a]] if i >= 0 else hazard[slot[a]]
            chance[i if i >= 0 else j] += effects[a, tie[a]] * each[r]


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
            plans[h.plan_slot[activity]] = mean_plans(w, deal_groups(w, p, orders, rows, activity))
    return plans

"""Delivery: what the hours of one activity change in the world.

One row buys ``dose = hours / ta_hours`` units of an activity. A state x in [0, 1] moves by ``x += closed(effect) (1 -
x)``, ``closed(effect) = 1 - exp(-effect * dose * landing)``, so splitting hours does not change the sum at the same
landing. Per participant the dose is ``dose * seats / participants * attendance`` (seats beyond the staff mean repeated
sessions; training seats are shared between agencies and priced by the seat). Attendance is the share of the hours asked
of a person this month that fit into ``participation_limit * work hours``. Effects on the agency take the mean
attendance of the participants. Without a participant (no holder, or no leader where the activity is for leaders) the
hours are lost. Each participant spends ``recipient_hours`` per unit of his or her dose.

Other channels: priorities move toward the plan by the share closed (goals); routines take up what staff know, ``routine
+= closed [codifiable_share * people - routine]+`` (handover); the plan moves toward the parent's (parent_plan) or the
mean plan of the group (group_plan); the parent's routine gains by the share of its agencies that are served
(parent_routine); committed time falls by the share closed (commitment). Ties: brokering.py.

Landing is receptivity.py's ``min(1, readiness) * coherence * clarity * quality``. Readiness, people, routines as
prerequisites, and the plans that others move toward are those at the start of the process, so the order of deliveries
within a month does not matter for them.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from capsim.assistance.receptivity import specific_capacity

__all__ = ["EFFECTS", "ask_hours", "deliver_rows", "mark_areas", "spend_evenly"]

EFFECTS = (
    "skill", "engagement", "goals", "routine", "culture", "data_systems", "resource_alignment", "commitment",
    "handover", "parent_plan", "group_plan", "parent_routine", "ties",
)  # fmt: skip
"""Channels in the order in which `deliver_rows` takes their effects; the three kinds of ties are one."""
(
    _SKILL, _ENGAGEMENT, _GOALS, _ROUTINE, _CULTURE, _DATA, _RESOURCES, _COMMITMENT, _HANDOVER, _PARENT_PLAN,
    _GROUP_PLAN, _PARENT_ROUTINE, _TIES,
) = range(len(EFFECTS))  # fmt: skip
_LEADER = 0


@njit(cache=True)
def mark_areas(organizations, areas, hours, served, areas_served):
    """Count the distinct areas on which each organization is helped; `served` (O, K) bool is the memory of the
    month.
    """
    for r in range(len(hours)):
        j, k = organizations[r], areas[r]
        if hours[r] > 0.0 and k >= 0 and not served[j, k]:
            served[j, k] = True
            areas_served[j] += 1


@njit(cache=True)
def _takes_part(i, person, role, leaders_only):
    return person[i] >= 0 and (role[i] == _LEADER or not leaders_only)


@njit(cache=True)
def _participants(start, end, person, role, leaders_only):
    count = 0
    for i in range(start, end):
        count += _takes_part(i, person, role, leaders_only)
    return count


@njit(cache=True)
def ask_hours(
    organizations, people, hours, first, role, person, ta_hours, seats, hours_each, leaders_only, asked
):  # fmt: skip
    """Add the hours that the rows of one activity ask of each participant to `asked` (P,)."""
    for r in range(len(hours)):
        if hours[r] <= 0.0:
            continue
        start, end = first[organizations[r]], first[organizations[r] + 1]
        if len(people) > 0:
            start, end = people[r], people[r] + 1
        participants = _participants(start, end, person, role, leaders_only)
        for i in range(start, end):
            if _takes_part(i, person, role, leaders_only):
                asked[i] += hours[r] / ta_hours * seats / participants * hours_each


@njit(cache=True)
def spend_evenly(first, person, hours, recipient_hours):
    """Add hours of each agency, (O,), to its holders in equal parts."""
    for j in range(len(hours)):
        if hours[j] > 0.0:
            holders = 0
            for i in range(first[j], first[j + 1]):
                holders += person[i] >= 0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    recipient_hours[i] += hours[j] / holders


@njit(cache=True)
def _closed(effect_and_dose):
    return 1.0 - math.exp(-effect_and_dose)


@njit(cache=True)
def _help_people(
    j, k, start, end, each, landing, effect, hours_each, leaders_only, person, role, attendance, plan, skill, priority,
    engagement, recipient_hours, hazard,
):  # fmt: skip
    """Participants of one row; returns their mean attendance."""
    present = 0.0
    participants = 0
    learned = engaged = agreed = 0.0
    last = -1.0  # attendance for which the shares closed were computed: mostly 1 for everybody
    for i in range(start, end):
        if not _takes_part(i, person, role, leaders_only):
            continue
        participants += 1
        present += attendance[i]
        dose = each * attendance[i]
        if attendance[i] != last:
            last = attendance[i]
            learned = _closed(effect[_SKILL] * dose * landing) if k >= 0 else 0.0
            engaged = _closed(effect[_ENGAGEMENT] * dose * landing)
            agreed = _closed(effect[_GOALS] * dose * landing)
        recipient_hours[i] += dose * hours_each
        if learned > 0.0:
            skill[i, k] += learned * (1.0 - skill[i, k])
        if engaged > 0.0:
            engagement[i] += engaged * (1.0 - engagement[i])
        if agreed > 0.0:
            for a in range(plan.shape[1]):
                priority[i, a] += agreed * (plan[j, a] - priority[i, a])
        hazard[i] += effect[_TIES] * dose * landing
    return present / participants


@njit(cache=True)
def _help_agency(
    j, k, dose, effect, codifiable, people, old_plan, group_plan, parent, children, plan, routine, culture,
    data_systems, resource_alignment, committed,
):  # fmt: skip
    """Effects of one row on the agency; `dose` has attendance and landing in it."""
    above = parent[j]
    if k >= 0:
        if effect[_ROUTINE] > 0.0:
            routine[j, k] += _closed(effect[_ROUTINE] * dose) * (1.0 - routine[j, k])
        if effect[_HANDOVER] > 0.0:
            known = max(0.0, codifiable * people[j, k] - routine[j, k])
            routine[j, k] += _closed(effect[_HANDOVER] * dose) * known
        if effect[_PARENT_ROUTINE] > 0.0 and above >= 0:
            share = dose / (children[above + 1] - children[above])
            routine[above, k] += _closed(effect[_PARENT_ROUTINE] * share) * (1.0 - routine[above, k])
    if effect[_CULTURE] > 0.0:
        culture[j] += _closed(effect[_CULTURE] * dose) * (1.0 - culture[j])
    if effect[_DATA] > 0.0:
        data_systems[j] += _closed(effect[_DATA] * dose) * (1.0 - data_systems[j])
    if effect[_RESOURCES] > 0.0:
        resource_alignment[j] += _closed(effect[_RESOURCES] * dose) * (1.0 - resource_alignment[j])
    if effect[_COMMITMENT] > 0.0:
        committed[j] -= _closed(effect[_COMMITMENT] * dose) * committed[j]
    if effect[_PARENT_PLAN] > 0.0 and above >= 0:
        moved = _closed(effect[_PARENT_PLAN] * dose)
        for a in range(plan.shape[1]):
            plan[j, a] += moved * (old_plan[above, a] - plan[j, a])
    if effect[_GROUP_PLAN] > 0.0:
        moved = _closed(effect[_GROUP_PLAN] * dose)
        for a in range(plan.shape[1]):
            plan[j, a] += moved * (group_plan[j, a] - plan[j, a])


@njit(cache=True)
def deliver_rows(
    organizations, single, areas, hours, quality, first, role, person, parent, children, most, readiness, attendance,
    state, slope, center, prerequisite, ta_hours, seats, hours_each, leaders_only, effect, codifiable, people,
    old_plan, group_plan, use, plan, skill, priority, engagement, routine, culture, data_systems, resource_alignment,
    committed, recipient_hours, received, hazard, account,
):  # fmt: skip
    """Apply the rows of one activity; `single` (n,) are positions, empty when whole organizations are served.

    `quality` (n,) is the provider's; `state` (O, K) the skill or routine that the activity presupposes, its mean over
    areas counts for rows without an area. `received` (O,) gains the hours; `account` (O, 2) the hours that landed, and
    those of them that met practices in use.
    """
    for r in range(len(hours)):
        if hours[r] <= 0.0:
            continue
        j, k = organizations[r], areas[r]
        received[j] += hours[r]
        start, end = first[j], first[j + 1]
        if len(single) > 0:
            start, end = single[r], single[r] + 1
        participants = _participants(start, end, person, role, leaders_only)
        if participants == 0:
            continue
        dose = hours[r] / ta_hours
        x = state[j, k] if k >= 0 else np.mean(state[j])
        ready = min(1.0, readiness[j] * specific_capacity(x, prerequisite, slope, center))
        landing = ready * most[j] * quality[r]
        present = _help_people(
            j, k, start, end, dose * seats / participants, landing, effect, hours_each, leaders_only, person, role,
            attendance, plan, skill, priority, engagement, recipient_hours, hazard,
        )  # fmt: skip
        _help_agency(
            j, k, dose * present * landing, effect, codifiable, people, old_plan, group_plan, parent, children, plan,
            routine, culture, data_systems, resource_alignment, committed,
        )  # fmt: skip
        landed = hours[r] * present * min(1.0, landing)
        account[j, 0] += landed
        account[j, 1] += landed * (use[j, k] if k >= 0 else np.mean(use[j]))

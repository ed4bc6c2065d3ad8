"""Delivery: the only place where assistance changes the world.

One row buys ``dose = hours / ta_hours`` units of an activity. A state x in [0, 1] moves by ``x += (1 - exp(-effect *
dose * receptivity)) (1 - x)``, so splitting hours does not change the sum at the same receptivity. Per participant the
dose is ``dose * seats / participants`` (seats beyond the staff mean repeated sessions; training seats are shared
between agencies and priced by the seat). Priorities move toward the plan by the same share. Without a participant (no
holder, or no leader for leadership coaching) the hours are lost, the effects on the agency too. Each participant spends
``recipient_hours`` per unit of his or her dose. Receptivity rests on the state at the start of the process, so the
order of deliveries within a month does not matter for it.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from capsim.assistance.receptivity import specific_capacity

__all__ = ["check_rows", "deliver_rows", "mark_areas"]

_LEADER = 0


@njit(cache=True)
def check_rows(targets, areas, hours, n_targets, n_areas):
    """Total hours, or -1 - row for an impossible target, -1e9 - row for an area, -2e9 - row for hours."""
    total = 0.0
    for r in range(len(hours)):
        if targets[r] < 0 or targets[r] >= n_targets:
            return -1.0 - r
        if areas[r] < -1 or areas[r] >= n_areas:
            return -1e9 - r
        if not (hours[r] >= 0.0 and hours[r] < 1e300):
            return -2e9 - r
        total += hours[r]
    return total


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


@njit(cache=True, inline="always")
def _closed(effect_and_dose):
    return 1.0 - math.exp(-effect_and_dose)


@njit(cache=True)
def deliver_rows(
    organizations, people, areas, hours, first, role, person, most, receptivity, state, slope, center, prerequisite,
    ta_hours, seats, hours_each, leaders_only, skill_effect, engagement_effect, goals_effect, routine_effect,
    culture_effect, plan, skill, priority, engagement, routine, culture, recipient_hours, received,
):  # fmt: skip
    """Apply the rows of one delivery; `people` is empty when whole organizations are served.

    `state` (O, K) is the skill or routine that the activity presupposes; its mean over areas counts for rows without an
    area.
    """
    for r in range(len(hours)):
        if hours[r] <= 0.0:
            continue
        j, k = organizations[r], areas[r]
        received[j] += hours[r]
        dose = hours[r] / ta_hours
        x = state[j, k] if k >= 0 else np.mean(state[j])
        landing = min(most[j], receptivity[j] * specific_capacity(x, prerequisite, slope, center))
        start, end = first[j], first[j + 1]
        if len(people) > 0:
            start, end = people[r], people[r] + 1
        participants = 0
        for i in range(start, end):
            if person[i] >= 0 and (role[i] == _LEADER or not leaders_only):
                participants += 1
        if participants == 0:
            continue
        each = dose * seats / participants
        # equal doses: one exponential for all participants of a row
        learned = _closed(skill_effect * each * landing) if k >= 0 else 0.0
        engaged = _closed(engagement_effect * each * landing)
        agreed = _closed(goals_effect * each * landing)
        for i in range(start, end):
            if person[i] >= 0 and (role[i] == _LEADER or not leaders_only):
                recipient_hours[i] += each * hours_each
                if learned > 0.0:
                    skill[i, k] += learned * (1.0 - skill[i, k])
                if engaged > 0.0:
                    engagement[i] += engaged * (1.0 - engagement[i])
                if agreed > 0.0:
                    for a in range(plan.shape[1]):
                        priority[i, a] += agreed * (plan[j, a] - priority[i, a])
        if routine_effect > 0.0 and k >= 0:
            routine[j, k] += _closed(routine_effect * dose * landing) * (1.0 - routine[j, k])
        if culture_effect > 0.0:
            culture[j] += _closed(culture_effect * dose * landing) * (1.0 - culture[j])

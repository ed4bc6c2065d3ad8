"""Doses: what a month's rows ask of people, and what they add up to for every agency.

One row buys ``dose = hours / ta_hours`` units of an activity; each participant (holders, or leaders) gets ``dose *
seats / participants`` of it (seats beyond the staff mean repeated sessions; training seats are shared between agencies
and priced by the seat). Without a participant the hours are lost.

Every effect closes a share of a gap, ``x += (1 - exp(-effect * dose * landing)) (target - x)``, so splitting hours does
not change the sum and the effects of a month add up in the exponent, whatever the order of deliveries. Here the
exponents are summed; effects.py applies them. Landing is ``min(1, readiness) * coherence * clarity * quality``
(receptivity.py), from the state at the start of the process.

Attendance: of the hours asked of a person in a month only ``participation_limit * work hours`` fit, ``attendance =
min(1, limit / asked)``; the rest of the dose is lost. Effects on the agency take the mean attendance of the row's
participants.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.receptivity import inverse_logistic
from capsim.kernels import kernel
from capsim.levels import LEADER

__all__ = [
    "AGREED",
    "ASKED",
    "COMMITMENT",
    "CULTURE",
    "DATA",
    "EFFECTS",
    "ENGAGED",
    "GROUP_PLAN",
    "GROUP_TARGET",
    "HANDOVER",
    "PARENT_PLAN",
    "RESOURCES",
    "ROUTINE",
    "TAUGHT",
    "Doses",
    "Units",
    "add_rows",
    "ask_rows",
    "attend",
    "count_participants",
    "mark_areas",
]

EFFECTS = (
    "skill",
    "engagement",
    "goals",
    "routine",
    "culture",
    "data_systems",
    "resource_alignment",
    "commitment",
    "handover",
    "parent_plan",
    "group_plan",
    "parent_routine",
    "ties",
)
"""Channels in the order in which `Units.effects` holds them; the three kinds of ties are one."""
(
    _SKILL,
    _ENGAGEMENT,
    _GOALS,
    _ROUTINE,
    _CULTURE,
    _DATA,
    _RESOURCES,
    _COMMITMENT,
    _HANDOVER,
    _PARENT_PLAN,
    _GROUP_PLAN,
    _PARENT_ROUTINE,
    _TIES,
) = range(len(EFFECTS))

ASKED, ENGAGED, AGREED, TAUGHT = range(4)
"""Columns of `Doses.people` and `Doses.alone`; skill has one for each area."""
CULTURE, DATA, RESOURCES, COMMITMENT, PARENT_PLAN, GROUP_PLAN = range(6)
"""Columns of `Doses.agency`."""
ROUTINE, HANDOVER, GROUP_TARGET = range(3)
"""Rows of `Doses.areas`."""


class Units(NamedTuple):
    """Numbers of one activity, as the kernels take them.

    Attributes
    ----------
    slope, center, prerequisite : float
        Of the logistic of specific capacity.
    ta_hours, seats, hours_each : float
        Of one unit; hours of each participant.
    leaders : int
        1 for leaders only, 0 for all staff.
    effects : (len(EFFECTS),) float64
        Shares of the gap that one unit closes at landing 1.
    """

    slope: float
    center: float
    prerequisite: float
    ta_hours: float
    seats: float
    hours_each: float
    leaders: int
    effects: NDArray[np.float64]


class Doses(NamedTuple):
    """Sums of a month, in few tables, because every table costs time in every call of a kernel.

    Attributes
    ----------
    participants : (2, O) int64
        All staff (0), and leaders only (1), as rows may serve either.
    people : (2, O, 3 + K) float64
        Of each participant: hours `ASKED`; exponents of engagement, of goals, and from `TAUGHT` on of skill in each
        area, before attendance.
    alone : (P, 3 + K) float64
        The same of rows that serve single persons; empty in a month without such rows.
    agency : (O, 6) float64
        Exponents of the agency, attendance included: `CULTURE` to `GROUP_PLAN`.
    areas : (O, 3, K) float64
        The same of `ROUTINE` and `HANDOVER` by area; `GROUP_TARGET` is the sum of exponents of the group's plan times
        the plan they lead to.
    """

    participants: NDArray[np.int64]
    people: NDArray[np.float64]
    alone: NDArray[np.float64]
    agency: NDArray[np.float64]
    areas: NDArray[np.float64]

    @classmethod
    def none(cls, participants: NDArray[np.int64], n_areas: int, *, single_persons: int) -> Doses:
        """Nothing yet; `single_persons` is the number of positions, or 0 in a month that serves none alone."""
        O, width = participants.shape[1], TAUGHT + n_areas
        return cls(
            participants,
            np.zeros((2, O, width)),
            np.zeros((single_persons, width)),
            np.zeros((O, GROUP_PLAN + 1)),
            np.zeros((O, GROUP_TARGET + 1, n_areas)),
        )


@kernel
def mark_areas(organizations, areas, hours, served, areas_served):
    """Count the distinct areas on which each organization is helped; `served` (O, K) bool is the memory of the
    month.
    """
    for r in range(len(hours)):
        j, k = organizations[r], areas[r]
        if hours[r] > 0.0 and k >= 0 and not served[j, k]:
            served[j, k] = True
            areas_served[j] += 1


@kernel
def count_participants(first, role, person):
    """Holders and leaders among them, (2, O)."""
    count = np.zeros((2, len(first) - 1), np.int64)
    for j in range(len(first) - 1):
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                count[0, j] += 1
                count[1, j] += role[i] == LEADER
    return count


@kernel
def _alone(i, role, person, leaders):
    """1 if the single person of a row takes part, else 0."""
    return int(person[i] >= 0 and (role[i] == LEADER or leaders == 0))


@kernel
def ask_rows(doses, units, organizations, people, hours, role, person):
    """Add the hours that the rows of one activity ask of each participant; `people` is empty or a position per row."""
    for r in range(len(hours)):
        each = hours[r] / units.ta_hours * units.seats * units.hours_each
        if len(people) > 0:
            doses.alone[people[r], ASKED] += each * _alone(people[r], role, person, units.leaders)
        elif doses.participants[units.leaders, organizations[r]] > 0:
            asked = each / doses.participants[units.leaders, organizations[r]]
            doses.people[units.leaders, organizations[r], ASKED] += asked


@kernel
def attend(doses, first, role, person, limit):
    """Attendance of each person, (P,), and its mean over staff and over leaders, (2, O)."""
    attendance = np.ones(len(person))
    mean = np.ones((2, len(first) - 1))
    for j in range(len(first) - 1):
        total = np.zeros(2)
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = role[i] == LEADER
            asked = doses.people[0, j, ASKED] + (doses.people[1, j, ASKED] if leads else 0.0)
            if len(doses.alone) > 0:
                asked += doses.alone[i, ASKED]
            if asked > limit:
                attendance[i] = limit / asked
            total[0] += attendance[i]
            total[1] += attendance[i] if leads else 0.0
        for c in range(2):
            if doses.participants[c, j] > 0:
                mean[c, j] = total[c] / doses.participants[c, j]
    return attendance, mean


@kernel
def _mean(table, j):
    """Mean over areas."""
    total = 0.0
    for k in range(table.shape[1]):
        total += table[j, k]
    return total / table.shape[1]


@kernel
def _add_to_agency(doses, units, j, k, dose, parent, children, group_plan):
    """Exponents of the agency; `dose` has attendance and landing in it."""
    effects, above = units.effects, parent[j]
    if k >= 0:
        doses.areas[j, ROUTINE, k] += effects[_ROUTINE] * dose
        doses.areas[j, HANDOVER, k] += effects[_HANDOVER] * dose
    doses.agency[j, CULTURE] += effects[_CULTURE] * dose
    doses.agency[j, DATA] += effects[_DATA] * dose
    doses.agency[j, RESOURCES] += effects[_RESOURCES] * dose
    doses.agency[j, COMMITMENT] += effects[_COMMITMENT] * dose
    if above >= 0 and effects[_PARENT_PLAN] + effects[_PARENT_ROUTINE] > 0.0:
        doses.agency[j, PARENT_PLAN] += effects[_PARENT_PLAN] * dose
        if k >= 0:
            doses.areas[above, ROUTINE, k] += effects[_PARENT_ROUTINE] * dose / (children[above + 1] - children[above])
    if effects[_GROUP_PLAN] > 0.0:
        doses.agency[j, GROUP_PLAN] += effects[_GROUP_PLAN] * dose
        for a in range(group_plan.shape[1]):
            doses.areas[j, GROUP_TARGET, a] += effects[_GROUP_PLAN] * dose * group_plan[j, a]


@kernel
def add_rows(
    doses,
    units,
    organizations,
    people,
    areas,
    hours,
    quality,
    role,
    person,
    parent,
    children,
    attendance,
    mean_attendance,
    most,
    readiness,
    state,
    group_plan,
    use,
    received,
    account,
    hazard,
    alone_hazard,
):
    """Add the rows of one activity to the month's sums; `people` is empty when whole organizations are served.

    `quality` (n,) is the provider's; `state` (O, K) the skill or routine that the activity presupposes, its mean over
    areas counts for rows without an area. `received` (O,) gains the hours; `account` (O, 2) the hours that landed, and
    those of them that met practices in use; `hazard` (O,) and `alone_hazard` (P,) the exponent of ties, before
    attendance.
    """
    effects, c = units.effects, units.leaders
    at_baseline = inverse_logistic(units.center, units.prerequisite, units.slope)
    changes_agency = effects[_ROUTINE : _PARENT_ROUTINE + 1].sum() > 0.0
    for r in range(len(hours)):
        if hours[r] <= 0.0:
            continue
        j, k = organizations[r], areas[r]
        received[j] += hours[r]
        single = len(people) > 0
        participants = _alone(people[r], role, person, c) if single else doses.participants[c, j]
        if participants == 0:
            continue
        present = attendance[people[r]] if single else mean_attendance[c, j]
        dose = hours[r] / units.ta_hours
        x = state[j, k] if k >= 0 else _mean(state, j)
        specific = at_baseline / inverse_logistic(x, units.prerequisite, units.slope)
        ready = min(1.0, readiness[j] * specific)
        landing = ready * most[j] * quality[r]
        each = dose * units.seats / participants * landing
        if single:
            i = people[r]
            doses.alone[i, ENGAGED] += effects[_ENGAGEMENT] * each
            doses.alone[i, AGREED] += effects[_GOALS] * each
            alone_hazard[i] += effects[_TIES] * each
            if k >= 0:
                doses.alone[i, TAUGHT + k] += effects[_SKILL] * each
        else:
            doses.people[c, j, ENGAGED] += effects[_ENGAGEMENT] * each
            doses.people[c, j, AGREED] += effects[_GOALS] * each
            hazard[j] += effects[_TIES] * each
            if k >= 0:
                doses.people[c, j, TAUGHT + k] += effects[_SKILL] * each
        if changes_agency:
            _add_to_agency(doses, units, j, k, dose * present * landing, parent, children, group_plan)
        landed = hours[r] * present * min(1.0, landing)
        account[j, 0] += landed
        account[j, 1] += landed * (use[j, k] if k >= 0 else _mean(use, j))

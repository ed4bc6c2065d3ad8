"""Delivery: from the rows of a month to what they change, in one compiled function.

One row buys ``dose = hours / ta_hours`` units of an activity; a participant (holders, or leaders) gets on average
``dose * seats / participants`` of it (seats beyond the staff mean repeated sessions; training seats are shared between
agencies and priced by the seat). Without a participant the hours are lost. Who takes the seats of an area (rule
`participation`): alike, everybody the average; work, everybody the average times the own attention to the area over
the participants' mean attention, in hours, practice and skill (what is of no area, engagement, priorities and ties,
everybody gets alike). Landing is ``readiness * coherence * clarity * quality`` (receptivity.py), from the
state at the start of the process, times ``helped / (helped + setup_hours)`` where the rule of load is setup and the row
is for an area, helped the hours of help asked per person in the area so far, this month's and universal ones included.

Attendance: of the hours asked of a person in a month only ``participation_limit * work hours`` fit, ``attendance =
min(1, limit / asked)``; the rest of the dose is lost. Effects on the agency take the mean attendance of the row's
participants, and ``min(1, seats / participants)^team_exponent`` of the dose: one team cannot redo a large agency.

Every effect closes a share of a gap, so splitting hours does not change the sum and the effects of a month add up in
the exponent, whatever the order of deliveries. With E the sum of ``effect * dose * landing``::

    engagement, culture, data_systems, resource_alignment:  x = 1 - (1 - x) exp(-E)
    routine    += (1 - exp(-E)) [routine_ceiling - routine]+;
               then handover: + (1 - exp(-E_h)) [codifiable_share * people - routine]+
    committed *= exp(-E)
    priority   = plan + (priority - plan) exp(-E)                       (goals)
    plan       = target + (plan - target) exp(-(E_p + E_g)), target = (E_p plan_parent + E_g plan_group) / (E_p + E_g)

Skill (rule `teaching`), with E_a the exponent of each activity that teaches in the area and c_a how far it can carry
people: of those with c_a above the person's skill, ``S = sum E_a, T = sum E_a c_a / S: skill += (1 - exp(-S)) (T -
skill)``. by_activity: c_a = <activity>_ceiling; one_ceiling and repeats: c_a = 1; repeats: E_a is divided by ``1 + n /
repeat_units``, n the units that the person has had in the area before this month.

Exponents of people take their attendance. People (mean skill over positions), routines and plans on the right are those
at the start of the process; handover moves routines toward what staff know and can be written down. Where the rule of
codification is provisional, what the first of the two adds to a routine is provisional; what staff know is their own.
Exponential closing of gaps: assumed, because it makes the effect of hours independent of how they are split; sizes are
those of the activities.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import enter_month
from capsim.assistance.cascade import rows_of_month, spend_evenly
from capsim.assistance.receptivity import (
    coherence_and_clarity,
    combine_readiness,
    general_readiness,
    inverse_logistic,
    set_load,
    set_quality,
)
from capsim.assistance.sums import mean_of
from capsim.assistance.ties import PEER_TIES, deal_groups, make_ties, mean_plans, no_groups
from capsim.catalogue import CHANNELS, TIE_CHANNELS
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.levels import LEADER
from capsim.measures.capacities import mean_skill

# fmt: off
(
    SKILL, ENGAGEMENT, GOALS, ROUTINE, CULTURE, DATA, RESOURCES, COMMITMENT,
    HANDOVER, PARENT_PLAN, GROUP_PLAN, PARENT_ROUTINE,
) = range(CHANNELS.index(TIE_CHANNELS[0]))
# fmt: on

_PROVISIONAL = codes_of("codification")[2]
_WORK, _ALIKE = codes_of("participation")
_BY_ACTIVITY, _ONE_CEILING, _REPEATS = codes_of("teaching")
_SETUP = codes_of("load")[2]

ENGAGED, AGREED = range(2)
"""Columns of `Doses.people` and `Doses.alone`."""
OF_ROUTINE, OF_HANDOVER, OF_GROUP = range(3)
"""Rows of `Doses.areas`."""


class Start(NamedTuple):
    """What all rows of a month meet: the state at its start, and who comes.

    Attributes
    ----------
    people : (O, K) float64
        Mean skill.
    readiness, most : (O,) float64
        Readiness without its specific factor; coherence times clarity.
    attendance, mean_attendance : (P,), (2, O) float64
    """

    people: NDArray[np.float64]
    readiness: NDArray[np.float64]
    most: NDArray[np.float64]
    attendance: NDArray[np.float64]
    mean_attendance: NDArray[np.float64]


class Asked(NamedTuple):
    """Hours that the rows of a month ask for, by area; the last column is for those without an area.

    Attributes
    ----------
    each : (2, O, K + 1) float64
        On average of every member of staff (0), and of leaders on top (1).
    alone : (P, K + 1) float64
        Of single persons; empty in a month without rows for such.
    each_working, alone_working : the same
        Of other than universal activities: a publication asks nobody to work on its area.
    """

    each: NDArray[np.float64]
    alone: NDArray[np.float64]
    each_working: NDArray[np.float64]
    alone_working: NDArray[np.float64]


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


@kernel
def deliver(w, p, h, orders, hours):
    """Carry out a month's orders, and enter them in the books.

    Parameters
    ----------
    w, p : structure
        The world, which changes; parameters.
    h : structure
        Numbers of activities, consultants and books of the run (program.py).
    orders : structure
        Checked deliveries (orders.py).
    hours : float
        A row gets ``part * (share * hours)`` hours.

    Returns
    -------
    (3, O) float64
        Mean engagement before; quality of the month's help as it reached each agency; share of work hours it took.
    """
    people, old_plan, staff = mean_skill(w.first, w.skill), w.plan.copy(), count_staff(w)
    rows, passing = rows_of_month(w, p, orders, hours, people)
    motivation, _, readiness = general_readiness(w, p)
    participants, single = count_participants(w, h, rows, staff)
    asked = ask(w, h, rows, participants, single)
    set_load(w, p, h, rows, staff, asked)
    most = coherence_and_clarity(w, p, h, rows, motivation)
    set_quality(w, p, h, rows)
    share = shares_of_seats(w, p)
    attendance, mean_attendance = attend(w, p, staff, asked, share)
    start = Start(people, readiness, most, attendance, mean_attendance)
    arrivals = arrive(w, p, h, rows, participants, start)
    doses = nothing_yet(w, h, orders, single)
    add_to_people(h, rows, arrivals, doses)
    add_to_agencies(w, h, rows, arrivals.whole, doses, group_plans(w, p, h, orders, rows))
    change_people(w, doses, attendance, old_plan)
    teach(w, p, h, doses, attendance, share)
    change_agencies(w, p, doses, people, old_plan)
    for activity in orders.activity:
        make_ties_once(w, p, h, orders, rows, doses, attendance, activity)
    spend_evenly(w, staff[0], passing)
    enter_month(w, h, orders, rows, arrivals.landed, passing)
    return help_as_felt(w, p, rows, motivation, most, staff[0])


@inner
def count_staff(w):
    """Holders, and leaders among them, (2, O)."""
    person, organization, role = w.person, w.organization, w.role
    count = np.zeros((2, len(w.level)), np.int64)
    for i in range(len(person)):
        if person[i] >= 0:
            count[0, organization[i]] += 1
            count[1, organization[i]] += role[i] == LEADER
    return count


@inner
def count_participants(w, h, rows, staff):
    """How many take part in each row, (n,), of its agency or its single person; positions if any row is for one."""
    person, role, leaders, single = w.person, w.role, h.leaders, 0
    count = np.zeros(len(rows.hours), np.int64)
    for r in range(len(count)):
        i, of = rows.person[r], leaders[rows.activity[r]]
        if i < 0:
            count[r] = staff[of, rows.agency[r]]
            continue
        single = len(person)
        count[r] = person[i] >= 0 and (role[i] == LEADER or of == 0)
    return count, single


@inner
def ask(w, h, rows, participants, single):
    """Hours that all rows ask for."""
    ta_hours, seats, hours_each, leaders = h.ta_hours, h.seats, h.hours_each, h.leaders
    O, K = w.plan.shape
    each, alone = np.zeros((2, 2, O, K + 1)), np.zeros((2, single, K + 1))
    for r in range(len(participants)):
        if participants[r] > 0:
            a, k = rows.activity[r], rows.area[r]
            asked = rows.hours[r] / ta_hours[a] * seats[a] * hours_each[a]
            for working in range(1 if h.universal[a] else 2):
                if rows.person[r] >= 0:
                    alone[working, rows.person[r], k] += asked
                else:
                    each[working, leaders[a], rows.agency[r], k] += asked / participants[r]
    return Asked(each[0], alone[0], each[1], alone[1])


@inner
def shares_of_seats(w, p):
    """What each person takes of the seats in an area relative to the average of all staff (0) and of all leaders (1),
    (2, P, K); empty where all are alike.
    """
    if p.participation_rule == _ALIKE:
        return np.ones((2, 0, 0))
    person, role, attention, first = w.person, w.role, w.attention, w.first
    share = np.ones((2, len(person), attention.shape[1]))
    for j in range(len(first) - 1):
        for k in range(attention.shape[1]):
            for leading in range(2):
                total, count = 0.0, 0
                for i in range(first[j], first[j + 1]):
                    if person[i] >= 0 and (leading == 0 or role[i] == LEADER):
                        total += attention[i, k]
                        count += 1
                if total > 0.0:
                    for i in range(first[j], first[j + 1]):
                        share[leading, i, k] = attention[i, k] * count / total
    return share


@inner
def attend(w, p, staff, asked, share):
    """Attendance of each person, (P,), and its mean over staff and over leaders, (2, O); enters the hours they give."""
    person, role, first, spent, practice = w.person, w.role, w.first, w.recipient_hours, w.practice
    each, alone, working, working_alone = asked.each, asked.alone, asked.each_working, asked.alone_working
    attendance, mean = np.ones(len(person)), np.ones(staff.shape)
    limit, K = p.participation_limit * p.work_hours_per_month, practice.shape[1]
    alike, single = share.shape[1] == 0, len(alone) > 0
    for j in range(len(first) - 1):
        total = each[0, j].sum(), each[1, j].sum()
        if not single and total[0] + total[1] <= 0.0:
            continue
        of_staff = of_leaders = 0.0
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = 1.0 if role[i] == LEADER else 0.0
            mine = total[0] + leads * total[1]
            for k in range(0 if alike else K):  # what the own share of the seats in an area adds to the average
                mine += (share[0, i, k] - 1.0) * each[0, j, k] + leads * (share[1, i, k] - 1.0) * each[1, j, k]
            if single:
                mine += alone[i].sum()
            if mine > limit:
                attendance[i] = limit / mine
            spent[i] += attendance[i] * mine
            of_staff += attendance[i]
            of_leaders += leads * attendance[i]
            for k in range(K):
                hours = (1.0 if alike else share[0, i, k]) * working[0, j, k]
                hours += leads * (1.0 if alike else share[1, i, k]) * working[1, j, k]
                practice[i, k] = attendance[i] * (hours + (working_alone[i, k] if single else 0.0))
        if staff[0, j] > 0:
            mean[0, j] = of_staff / staff[0, j]
        if staff[1, j] > 0:
            mean[1, j] = of_leaders / staff[1, j]
    return attendance, mean


@inner
def arrive(w, p, h, rows, participants, start):
    """How the rows arrive; 0 without participants."""
    people, routine, slope, n = start.people, w.routine, p.prerequisite_slope, len(participants)
    leaders, of_skill, at_baseline, prerequisite = h.leaders, h.of_skill, h.at_baseline, h.prerequisite
    ta_hours, seats, readiness, most = h.ta_hours, h.seats, start.readiness, start.most
    units, each, whole, landed = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for r in range(n):
        a, i, j, k, hours = rows.activity[r], rows.person[r], rows.agency[r], rows.area[r], rows.hours[r]
        if hours <= 0.0 or participants[r] == 0:
            continue
        present = start.attendance[i] if i >= 0 else start.mean_attendance[leaders[a], j]
        x = mean_of(people, j, k) if of_skill[a] else mean_of(routine, j, k)
        specific = at_baseline[a] / inverse_logistic(x, prerequisite[a], slope)
        landing = combine_readiness(p, readiness[j], specific) * most[j] * rows.quality[r]
        if p.load_rule == _SETUP and k >= 0 and p.setup_hours > 0.0:
            landing *= w.helped[j, k] / (w.helped[j, k] + p.setup_hours)
        dose = hours / ta_hours[a]
        units[r] = dose * seats[a] / participants[r]
        each[r] = units[r] * landing
        team = min(1.0, seats[a] / participants[r]) ** p.team_exponent if i < 0 else 1.0
        whole[r] = dose * team * present * landing
        landed[r] = hours * present * min(1.0, landing)
    return Arrivals(units, each, whole, landed)


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
                children = child_first[above + 1] - child_first[above]
                areas[above, OF_ROUTINE, k] += effects[a, PARENT_ROUTINE] * dose / children
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
                strength = aim = 0.0
                for t in range(T):
                    exponent = of_staff * taught[t, 0, j, k] + of_leaders * taught[t, 1, j, k]
                    exponent += taught_alone[t, i, k] if single else 0.0
                    if ceiling[t] > skill[i, k]:
                        strength += exponent
                        aim += exponent * ceiling[t]
                if strength > 0.0:
                    exponent = strength * attendance[i] / (1.0 + lessons[i, k] / repeated)
                    if exponent != last[k]:
                        last[k], left[k] = exponent, math.exp(-exponent)
                    skill[i, k] += (1.0 - left[k]) * (aim / strength - skill[i, k])
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
        w.committed[j] -= (1.0 - kept(agency[COMMITMENT])) * w.committed[j]
        for k in range(K):
            built = (1.0 - kept(areas[OF_ROUTINE, k])) * max(0.0, p.routine_ceiling - w.routine[j, k])
            w.routine[j, k] += built
            w.supported[j, k] = areas[OF_ROUTINE, k] > 0.0
            if p.codification_rule == _PROVISIONAL:
                w.provisional[j, k] += built
            written = max(0.0, p.codifiable_share * people[j, k] - w.routine[j, k])
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


@inner
def help_as_felt(w, p, rows, motivation, most, staff):
    """What ratings go by, (3, O): engagement before, best quality as it reached the agency, share of work hours."""
    organization, spent = w.organization, w.recipient_hours
    felt = np.zeros((3, len(most)))
    felt[0] = motivation
    for r in range(len(rows.hours)):
        if rows.hours[r] > 0.0:
            felt[1, rows.agency[r]] = max(felt[1, rows.agency[r]], rows.quality[r])
    for i in range(len(spent)):
        felt[2, organization[i]] += spent[i]
    for j in range(len(most)):
        felt[1, j] *= most[j]
        felt[2, j] = felt[2, j] / max(1, staff[j]) / p.work_hours_per_month
    return felt

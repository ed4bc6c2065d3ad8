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

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import enter_month
from capsim.assistance.cascade import rows_of_month, spend_evenly
from capsim.assistance.center import work
from capsim.assistance.effects import (
    Arrivals,
    add_to_agencies,
    add_to_people,
    change_agencies,
    change_people,
    group_plans,
    make_ties_once,
    nothing_yet,
    teach,
)
from capsim.assistance.flow import enter_flow
from capsim.assistance.receptivity import (
    blur,
    coherence_and_clarity,
    combine_readiness,
    general_readiness,
    inverse_logistic,
    set_load,
    set_quality,
)
from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.levels import LEADER
from capsim.measures.capacities import mean_skill
from capsim.measures.sums import mean_of

_WORK, _ALIKE = codes_of("participation")
_SETUP = codes_of("load")[2]


class Start(NamedTuple):
    """What all rows of a month meet: the state at its start, and who comes."""

    people: NDArray[np.float64]  # (O, K) mean skill
    # (O,) readiness without its specific factor; coherence times clarity
    readiness: NDArray[np.float64]
    most: NDArray[np.float64]
    # (P,), (2, O)
    attendance: NDArray[np.float64]
    mean_attendance: NDArray[np.float64]


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
    participants, place, places = count_participants(w, h, rows, staff)
    asked = ask(w, h, rows, participants, place, places)
    set_load(w, p, h, rows, staff, asked)
    most = coherence_and_clarity(w, p, h, rows, motivation)
    if p.offering_weight > 0.0:
        blur(w, p, h, rows, staff[0], most)
    set_quality(w, p, h, rows)
    if len(h.craft) > 0:
        work(w, p, h, rows)
    share = shares_of_seats(w, p, rows)
    attendance, mean_attendance = attend(w, p, staff, asked, share)
    start = Start(people, readiness, most, attendance, mean_attendance)
    arrivals = arrive(w, p, h, rows, participants, start)
    doses = nothing_yet(w, h, orders, places)
    add_to_people(h, rows, place, arrivals, doses)
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
    """How many take part in each row, (n,); for whom it is, (n,), the place of all staff of agency j being j, of its
    leaders O + j, of position i 2 O + i; and how many places there are: none of positions where no row is for one.
    """
    person, role, leaders, O = w.person, w.role, h.leaders, len(w.level)
    count, place, places = np.zeros(len(rows.hours), np.int64), np.zeros(len(rows.hours), np.int64), 2 * O
    for r in range(len(count)):
        i, of = rows.person[r], leaders[rows.activity[r]]
        if i < 0:
            count[r], place[r] = staff[of, rows.agency[r]], of * O + rows.agency[r]
            continue
        places = 2 * O + len(person)
        count[r], place[r] = person[i] >= 0 and (role[i] == LEADER or of == 0), 2 * O + i
    return count, place, places


@inner
def ask(w, h, rows, participants, place, places):
    """Hours that all rows (0), and those of other than universal activities (1), ask of everybody for whom they are, by
    place and area, (2, places, K + 1): a publication asks nobody to work on its area. The last column is for rows
    without an area.
    """
    ta_hours, seats, hours_each = h.ta_hours, h.seats, h.hours_each
    asked = np.zeros((2, places, w.plan.shape[1] + 1))
    for r in range(len(participants)):
        if participants[r] > 0:
            a, k = rows.activity[r], rows.area[r]
            hours = rows.hours[r] / ta_hours[a] * seats[a] * hours_each[a] / participants[r]
            for working in range(1 if h.universal[a] else 2):
                asked[working, place[r], k] += hours
    return asked


@inner
def shares_of_seats(w, p, rows):
    """What each person takes of the seats in an area relative to the average of all staff (0), and each leader to that
    of all leaders (1), (2, P, K), in areas in which the agency is helped; empty where all are alike.
    """
    if p.participation_rule == _ALIKE:
        return np.ones((2, 0, 0))
    person, role, attention, first = w.person, w.role, w.attention, w.first
    P, K = attention.shape
    share, helped = np.empty((2, P, K)), np.zeros(w.plan.shape, np.bool_)
    for r in range(len(rows.hours)):
        if rows.hours[r] > 0.0 and rows.area[r] >= 0:
            helped[rows.agency[r], rows.area[r]] = True
    for j in range(len(first) - 1):
        for k in range(K):
            if not helped[j, k]:
                continue
            staff, leaders, of_staff, of_leaders = 0, 0, 0.0, 0.0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    staff += 1
                    of_staff += attention[i, k]
                    if role[i] == LEADER:
                        leaders += 1
                        of_leaders += attention[i, k]
            for i in range(first[j], first[j + 1]):
                share[0, i, k] = attention[i, k] * staff / of_staff if of_staff > 0.0 else 1.0
                if role[i] == LEADER:
                    share[1, i, k] = attention[i, k] * leaders / of_leaders if of_leaders > 0.0 else 1.0
    return share


@inner
def attend(w, p, staff, asked, share):
    """Attendance of each person, (P,), and its mean over staff and over leaders, (2, O); enters the hours they give."""
    person, role, first, spent, practice = w.person, w.role, w.first, w.recipient_hours, w.practice
    each, working, O = asked[0], asked[1], len(w.level)
    attendance, mean = np.ones(len(person)), np.ones(staff.shape)
    limit, K = p.participation_limit * p.work_hours_per_month, practice.shape[1]
    alike, single = share.shape[1] == 0, len(each) > 2 * O
    for j in range(len(first) - 1):
        total = each[j].sum(), each[O + j].sum()
        if not single and total[0] + total[1] <= 0.0:
            continue
        of_staff = of_leaders = 0.0
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            leads = role[i] == LEADER
            mine = total[0] if alike else each[j, K]
            if leads:
                mine += total[1] if alike else each[O + j, K]
            for k in range(0 if alike else K):
                if each[j, k] + each[O + j, k] > 0.0:
                    of_leader = share[1, i, k] * each[O + j, k] if leads else 0.0
                    mine += share[0, i, k] * each[j, k] + of_leader
            if single:
                mine += each[2 * O + i].sum()
            if mine > limit:
                attendance[i] = limit / mine
            spent[i] += attendance[i] * mine
            of_staff += attendance[i]
            of_leaders += leads * attendance[i]
            for k in range(K):
                hours = 0.0
                if working[j, k] + working[O + j, k] > 0.0:
                    hours = (1.0 if alike else share[0, i, k]) * working[j, k]
                    if leads:
                        hours += (1.0 if alike else share[1, i, k]) * working[O + j, k]
                practice[i, k] = attendance[i] * (hours + (working[2 * O + i, k] if single else 0.0))
        if staff[0, j] > 0:
            mean[0, j] = of_staff / staff[0, j]
        if staff[1, j] > 0:
            mean[1, j] = of_leaders / staff[1, j]
    return attendance, mean


@inner
def arrive(w, p, h, rows, participants, start):
    """How the rows arrive, 0 without participants; enters them in the flow where one is kept."""
    people, routine, slope, n = start.people, w.routine, p.prerequisite_slope, len(participants)
    leaders, of_skill, at_baseline, prerequisite = h.leaders, h.of_skill, h.at_baseline, h.prerequisite
    harder, on_average = w.area_prerequisite, np.mean(w.area_prerequisite)
    ta_hours, seats, most, slots = h.ta_hours, h.seats, start.most, h.flow_slot.max() + 1
    units, each, whole, landed = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for r in range(n):
        a, i, j, k, hours = rows.activity[r], rows.person[r], rows.agency[r], rows.area[r], rows.hours[r]
        if hours <= 0.0:
            continue
        present = ready = begun = 0.0
        if participants[r] > 0:
            present = start.attendance[i] if i >= 0 else start.mean_attendance[leaders[a], j]
            x = mean_of(people, j, k) if of_skill[a] else mean_of(routine, j, k)
            needed = prerequisite[a] + (harder[k] if k >= 0 else on_average)
            ready = combine_readiness(p, start.readiness[j], at_baseline[a] / inverse_logistic(x, needed, slope))
            begun = 1.0
            if p.load_rule == _SETUP and k >= 0 and p.setup_hours > 0.0:
                begun = w.helped[j, k] / (w.helped[j, k] + p.setup_hours)
            landing = ready * most[j] * rows.quality[r] * begun
            dose = hours / ta_hours[a]
            units[r] = dose * seats[a] / participants[r]
            each[r] = units[r] * landing
            team = 1.0
            if i < 0 and seats[a] < participants[r] and h.changes_agency[a]:
                team = (seats[a] / participants[r]) ** p.team_exponent
            whole[r] = dose * team * present * landing
            landed[r] = hours * present * min(1.0, landing)
        if len(h.flow) > 0:
            enter_flow(w, p, h, rows, r, slots, participants[r], (present, ready, most[j], begun))
    return Arrivals(units, each, whole, landed)


@inner
def help_as_felt(w, p, rows, motivation, most, staff):
    """What ratings go by, (3, O): engagement before, best quality as it reached the agency, share of work hours."""
    organization, spent = w.organization, w.recipient_hours
    felt = np.zeros((3, len(most)))
    for j in range(len(most)):
        felt[0, j] = motivation[j]
    for r in range(len(rows.hours)):
        if rows.hours[r] > 0.0:
            felt[1, rows.agency[r]] = max(felt[1, rows.agency[r]], rows.quality[r])
    for i in range(len(spent)):
        felt[2, organization[i]] += spent[i]
    for j in range(len(most)):
        felt[1, j] *= most[j]
        felt[2, j] = felt[2, j] / max(1, staff[j]) / p.work_hours_per_month
    return felt

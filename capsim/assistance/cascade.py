"""Cascade: agencies that are trained pass the activity on to the agencies below them (turn-key training).

An agency j that receives h hours of an activity in area k with a cascade spends ``d = turnkey_ratio * h`` hours of its
own staff on its children, in proportion to the cascade's weights; without a child of positive weight nothing is passed
on. These hours are spent by the givers' staff, at `turnkey_rate`, and as many arrive (in a sample, for all that the
children stand for). All its turn-key hours of the month are scaled by ``min(1, capacity_j / total)``, ``capacity_j =
turnkey_time_share * work_hours_per_month * holders * (1 - committed_j)``. A child with children passes on in the same
way. What arrives has the attenuated quality ``turnkey_fidelity * min(1, people_jk / expert_skill)`` instead of a
consultant's (the mean over areas for a row without an area): who knows little can pass on little.

Source: S14 (New York's network teams), S21 and S22 (Ohio's support teams), S25 (attenuation along a chain); figures
assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.assistance.orders import direct_rows
from capsim.kernels import inner
from capsim.measures.sums import pairwise_sum


@inner
def rows_of_month(w, p, orders, hours, people):
    """All rows of a month, those that are passed on last, and hours of staff who pass on, (O,)."""
    direct, D = len(orders.part), len(orders.activity)
    passing = np.zeros(len(w.level))
    below = np.zeros(D, np.int64)
    passed, mass = np.zeros((0, 0, 0)), np.zeros((0, 0))
    if len(orders.weights) > 0:
        passed, mass, passing, below = hand_down(w, p, orders, hours)
    n = direct + below.sum()
    rows = direct_rows(orders, hours, n)
    if n > direct:
        add_passed_rows(w, p, orders, rows, passed, mass, people)
    return rows, passing


@inner
def capacity_to_pass_on(w, p):
    """Hours that the staff of each agency can pass on this month, (O,)."""
    capacity = np.zeros(len(w.level))
    each = p.turnkey_time_share * p.work_hours_per_month
    for j in range(len(capacity)):
        for i in range(w.first[j], w.first[j + 1]):
            if w.person[i] >= 0:
                capacity[j] += each * (1.0 - w.committed[j])
    return capacity


@inner
def hours_to_pass_on(w, p, orders, hours):
    """Hours that come down to each agency to be passed on, by order with weights and area, (D, O, K + 1); the last
    column is for those without an area.
    """
    down = np.zeros((len(orders.weights), len(w.level), w.plan.shape[1] + 1))
    for n in range(len(orders.activity)):
        each = orders.share[n] * hours
        for r in range(orders.first[n], orders.first[n + 1]):
            if orders.item[n] >= 0:
                down[orders.item[n], orders.agency[r], orders.area[r]] += p.turnkey_ratio * (orders.part[r] * each)
    return down


@inner
def hand_down(w, p, orders, hours):
    """Hours that each agency passes on, (D, O, K + 1), weights of its heirs and those that they stand for, (D, O),
    hours that its staff spend, (O,), and rows of each order. Parents stand before children, so one pass is enough.
    """
    weights, down, capacity = orders.weights, hours_to_pass_on(w, p, orders, hours), capacity_to_pass_on(w, p)
    D, O, width = down.shape
    passed = np.zeros((D, O, width))
    mass, heirs = np.zeros((D, O)), np.zeros(D, np.int64)
    count, spent = np.zeros(D, np.int64), np.zeros(O)
    for j in range(O):
        children = w.child[w.child_first[j] : w.child_first[j + 1]]
        total = 0.0
        for d in range(D):
            heirs[d] = 0
            for c in children:
                mass[d, j] += weights[d, c] * w.family_weight[c]
                heirs[d] += weights[d, c] > 0.0
            mass[d, j] /= w.weight[j]
            if mass[d, j] > 0.0:
                total += down[d, j].sum()
        if total <= 0.0:
            continue
        scale = min(1.0, capacity[j] / total)
        for d in range(D):
            for k in range(width):
                if mass[d, j] <= 0.0 or down[d, j, k] * scale <= 0.0:
                    continue
                passed[d, j, k] = down[d, j, k] * scale
                spent[j] += passed[d, j, k]
                count[d] += heirs[d]
                for c in children:
                    if weights[d, c] > 0.0:
                        down[d, c, k] += p.turnkey_ratio * (passed[d, j, k] * weights[d, c] / mass[d, j])
    return passed, mass, spent, count


@inner
def add_passed_rows(w, p, orders, rows, passed, mass, people):
    """Write the rows that agencies pass on behind those from the center, order by order."""
    n, K = rows.direct, people.shape[1]
    expert = max(p.expert_skill, 1e-12)
    for o in range(len(orders.activity)):
        d = orders.item[o]
        for j in range(len(people) if d >= 0 else 0):
            for k in range(K + 1):
                if passed[d, j, k] <= 0.0:
                    continue
                known = people[j, k] if k < K else pairwise_sum(people[j]) / K
                for c in w.child[w.child_first[j] : w.child_first[j + 1]]:
                    if orders.weights[d, c] > 0.0:
                        rows.activity[n], rows.agency[n] = orders.activity[o], c
                        rows.person[n], rows.area[n] = -1, k if k < K else -1
                        rows.hours[n] = passed[d, j, k] * orders.weights[d, c] / mass[d, j]
                        rows.quality[n] = p.turnkey_fidelity * min(1.0, known / expert)
                        n += 1


@inner
def spend_evenly(w, participants, hours):
    """Add hours of each agency, (O,), to its holders in equal parts."""
    for j in range(len(hours)):
        if hours[j] > 0.0:
            for i in range(w.first[j], w.first[j + 1]):
                if w.person[i] >= 0:
                    w.recipient_hours[i] += hours[j] / participants[j]

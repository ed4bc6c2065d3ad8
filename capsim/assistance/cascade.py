"""Cascade: agencies that are trained pass the activity on to the agencies below them (turn-key training).

An agency j that receives h hours of an activity in area k with a cascade spends ``d = turnkey_ratio * h`` hours of its
own staff on its children, in proportion to the cascade's weights; without a child of positive weight nothing is passed
on. All its turn-key hours of the month are scaled by ``min(1, capacity_j / total)``, ``capacity_j = turnkey_time_share
* work_hours_per_month * holders * (1 - committed_j)``. A child with children passes on in the same way. What arrives
has the quality ``turnkey_fidelity * min(1, people_jk / expert_skill)`` instead of a consultant's (the mean over areas
for a row without an area): who knows little can pass on little.

Source: S14 (New York's network teams), S21 and S22 (Ohio's support teams); figures assumed.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from capsim.assistance.rows import Rows
from capsim.parameters import Values
from capsim.world import World

__all__ = ["pass_on"]

_NO_PEOPLE = np.empty(0, np.int64)


@njit(cache=True)
def _capacity(first, person, committed, hours_each):
    """Hours that the staff of each agency can pass on this month, (O,)."""
    capacity = np.zeros(len(committed))
    for j in range(len(capacity)):
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                capacity[j] += hours_each * (1.0 - committed[j])
    return capacity


@njit(cache=True)
def _rows_below(child_first, child, weights, down, capacity, ratio):
    """Turn-key rows (item, giver, receiver, area, hours), and hours that each agency's staff spend, (O,).

    `down` (D, O, K + 1) holds the hours that come down to each agency to be passed on, the last column those without
    an area; parents stand before children, so one pass is enough.
    """
    D, O, width = down.shape
    most = 0
    for j in range(O):
        most += child_first[j + 1] - child_first[j]
    most *= D * width
    whole = np.empty((most, 4), np.int64)
    hours = np.empty(most)
    spent = np.zeros(O)
    n = 0
    mass = np.zeros(D)
    for j in range(O):
        total = 0.0
        for d in range(D):
            mass[d] = 0.0
            for c in child[child_first[j] : child_first[j + 1]]:
                mass[d] += weights[d, c]
            if mass[d] > 0.0:
                total += down[d, j].sum()
        if total <= 0.0:
            continue
        scale = min(1.0, capacity[j] / total)
        for d in range(D):
            for k in range(width):
                passed = down[d, j, k] * scale
                if mass[d] <= 0.0 or passed <= 0.0:
                    continue
                spent[j] += passed
                for c in child[child_first[j] : child_first[j + 1]]:
                    if weights[d, c] > 0.0:
                        part = passed * weights[d, c] / mass[d]
                        whole[n, 0], whole[n, 1], whole[n, 2], whole[n, 3] = d, j, c, k
                        hours[n] = part
                        down[d, c, k] += ratio * part
                        n += 1
    return whole[:n], hours[:n], spent


def pass_on(rows: list[Rows], world: World, values: Values) -> tuple[list[Rows], NDArray[np.float64]]:
    """Turn-key rows that follow from a month's deliveries, and hours of staff who pass on, (O,).

    Parameters
    ----------
    rows : list of Rows
        Those with `weights` are passed on.
    world : World
        At the start of the process.
    values : mapping of str to float
    """
    layout = world.layout
    K = layout.n_areas
    passed = [row for row in rows if row.weights is not None]
    if not passed:
        return [], np.zeros(layout.n_organizations)
    down = np.zeros((len(passed), layout.n_organizations, K + 1))
    for d, row in enumerate(passed):
        np.add.at(down[d], (row.organizations, row.areas), values["turnkey_ratio"] * row.hours)
    weights = np.array([row.weights for row in passed])
    capacity = _capacity(
        layout.first, world.person, world.committed, values["turnkey_time_share"] * values["work_hours_per_month"]
    )
    whole, hours, spent = _rows_below(
        layout.child_first, layout.child, weights, down, capacity, values["turnkey_ratio"]
    )
    below = []
    for d, row in enumerate(passed):
        own = whole[:, 0] == d
        item, given, receiver, area = whole[own].T
        area = np.where(area == K, -1, area)
        if len(item):
            passed_on, total = hours[own], float(hours[own].sum())
            below.append(Rows(
                row.activity, receiver.copy(), _NO_PEOPLE, area, passed_on, total, None, row.by_state, given.copy()
            ))
    return below, spent

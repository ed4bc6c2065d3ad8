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
from numpy.typing import NDArray

from capsim.assistance.rows import Rows
from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.world import World

__all__ = ["pass_on"]

_NO_PEOPLE = np.empty(0, np.int64)


@kernel
def _capacity(first, person, committed, hours_each):
    """Hours that the staff of each agency can pass on this month, (O,)."""
    capacity = np.zeros(len(committed))
    for j in range(len(capacity)):
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                capacity[j] += hours_each * (1.0 - committed[j])
    return capacity


@kernel
def _hand_down(child_first, child, weights, down, capacity, ratio):
    """Hours that each agency passes on, (D, O, K + 1), hours that its staff spend, (O,), and rows of each item, (D,).

    `down` (D, O, K + 1) holds the hours that come down to each agency to be passed on, the last column those without
    an area; parents stand before children, so one pass is enough.
    """
    D, O, width = down.shape
    passed = np.zeros((D, O, width))
    mass, heirs = np.zeros((D, O)), np.zeros(D, np.int64)
    count, spent = np.zeros(D, np.int64), np.zeros(O)
    for j in range(O):
        total = 0.0
        for d in range(D):
            heirs[d] = 0
            for c in child[child_first[j] : child_first[j + 1]]:
                mass[d, j] += weights[d, c]
                heirs[d] += weights[d, c] > 0.0
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
                for c in child[child_first[j] : child_first[j + 1]]:
                    if weights[d, c] > 0.0:
                        down[d, c, k] += ratio * (passed[d, j, k] * weights[d, c] / mass[d, j])
    return passed, mass, spent, count


@kernel
def _rows_of_item(child_first, child, weights, passed, mass, mastery, count):
    """Turn-key rows of one item: receiver and area (-1 for none), (n, 2), hours and quality, (n, 2)."""
    O, width = passed.shape
    who, what = np.empty((count, 2), np.int64), np.empty((count, 2))
    n = 0
    for j in range(O):
        for k in range(width):
            if passed[j, k] <= 0.0:
                continue
            for c in child[child_first[j] : child_first[j + 1]]:
                if weights[c] > 0.0:
                    who[n, 0], who[n, 1] = c, k if k < width - 1 else -1
                    what[n, 0], what[n, 1] = passed[j, k] * weights[c] / mass[j], mastery[j, k]
                    n += 1
    return who, what


def pass_on(
    rows: list[Rows], world: World, values: Values, people: NDArray[np.float64]
) -> tuple[list[Rows], NDArray[np.float64]]:
    """Turn-key rows that follow from a month's deliveries, and hours of staff who pass on, (O,).

    Parameters
    ----------
    rows : list of Rows
        Those with `weights` are passed on.
    world : World
        At the start of the process.
    values : mapping of str to float
    people : (O, K) float64
        Mean skill.
    """
    layout = world.layout
    K = layout.n_areas
    items = [row for row in rows if row.weights is not None]
    if not items:
        return [], np.zeros(layout.n_organizations)
    down = np.zeros((len(items), layout.n_organizations, K + 1))
    for d, row in enumerate(items):
        np.add.at(down[d], (row.organizations, row.areas), values["turnkey_ratio"] * row.hours)
    weights = np.array([row.weights for row in items])
    capacity = _capacity(
        layout.first, world.person, world.committed, values["turnkey_time_share"] * values["work_hours_per_month"]
    )
    passed, mass, spent, count = _hand_down(
        layout.child_first, layout.child, weights, down, capacity, values["turnkey_ratio"]
    )
    known = np.column_stack([people, people.mean(axis=1)])
    mastery = values["turnkey_fidelity"] * np.minimum(1.0, known / max(values["expert_skill"], 1e-12))
    below = []
    for d, row in enumerate(items):
        if count[d]:
            who, what = _rows_of_item(
                layout.child_first, layout.child, weights[d], passed[d], mass[d], mastery, count[d]
            )
            receivers, areas = np.ascontiguousarray(who.T)
            hours, quality = np.ascontiguousarray(what.T)
            total = float(hours.sum())
            below.append(Rows(row.activity, receivers, _NO_PEOPLE, areas, hours, total, None, row.by_state, quality))
    return below, spent

"""The tie slots of a position: add one, look one up; positions that are emptied, and all ties to them with them. And
the tree of agencies, as kernels walk it upward; and what they share of the records of areas.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import inner, kernel
from capsim.levels import SEA
from capsim.world.state import World


@kernel
def slot_of(i, contact, tie_to):
    """Slot of the tie from position i to `contact`, or -1."""
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] == contact:
            return m
    return -1


@kernel
def add_tie(i, contact, strength, tie_to, tie_strength):
    """Put a tie into the lowest free slot of position i; False if it is to oneself, exists or does not fit."""
    if i == contact or slot_of(i, contact, tie_to) >= 0:
        return False
    m = slot_of(i, -1, tie_to)
    if m < 0:
        return False
    tie_to[i, m] = contact
    tie_strength[i, m] = strength
    return True


@inner
def clear_position(w, i):
    """Empty position i: its row becomes zero, its ties free. Ties of others to it stay."""
    w.person[i], w.consulted[i] = -1, -1
    w.tenure[i], w.vacant_months[i] = 0, 0
    w.engagement[i], w.recipient_hours[i] = 0.0, 0.0
    w.skill[i, :], w.disposition[i, :], w.priority[i, :], w.attention[i, :] = 0.0, 0.0, 0.0, 0.0
    w.practice[i, :], w.lessons[i, :], w.outdated[i, :] = 0.0, 0.0, 0.0
    w.tie_to[i, :], w.tie_strength[i, :] = -1, 0.0


@kernel
def clear_positions(w, left):
    """Empty the positions in `left`, (P,); their ties and all ties to them vanish."""
    tie_to, tie_strength, consulted = w.tie_to, w.tie_strength, w.consulted
    P, M = tie_to.shape
    for i in range(P):
        if left[i]:
            clear_position(w, i)
            continue
        lost = False
        for m in range(M):
            lost |= left[max(0, tie_to[i, m])] & (tie_to[i, m] >= 0)
        if not lost:
            continue
        for m in range(M):
            if tie_to[i, m] >= 0 and left[tie_to[i, m]]:
                tie_to[i, m] = -1
                tie_strength[i, m] = 0.0
                if consulted[i] == m:
                    consulted[i] = -1


def vacate(world: World, start: int, end: int) -> None:
    """Empty the positions from `start` to `end` (not included) of a world."""
    left = np.zeros(len(world.person), np.bool_)
    left[start:end] = True
    clear_positions(world.arrays, left)


@inner
def clear_hours(w):
    """Begin a month without help."""
    w.recipient_hours[:], w.ta_hours[:], w.load[:] = 0.0, 0.0, 0.0
    w.practice[:], w.supported[:], w.areas_served[:] = 0.0, False, 0


@inner
def keep_before(w, column):
    """Copy a column (P, K) of a world to ``w.before``, for processes that read what was before they write."""
    before = w.before
    for i in range(column.shape[0]):
        for k in range(column.shape[1]):
            before[i, k] = column[i, k]


@inner
def state_above(w, j):
    """The state agency above an agency; -1 without one."""
    above = w.parent[j]
    while above >= 0 and w.level[above] != SEA:
        above = w.parent[above]
    return above


@inner
def stands_above(w, other, j):
    """Whether `other` is one of the agencies above agency j."""
    above = w.parent[j]
    while above >= 0 and above != other:
        above = w.parent[above]
    return above >= 0


@inner
def codifiable_share(w, p, k):
    """Part of skill in an area that can be put into procedures."""
    return min(1.0, p.codifiable_share * w.area_codifiable[k])

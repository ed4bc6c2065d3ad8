"""Brokering: advice ties that come from assistance. Discrete, so each is a chance per participant and month.

Participant i makes at most one tie a month per activity, with chance ``1 - exp(-hazard_i)``, ``hazard_i`` the sum over
the rows of the activity of effect x dose x landing; hours that are split give the same chance. With numbers (u0, u1,
u2) of the participant and activity the candidate is

- peer_ties: number ``floor(u1 n)`` of the other n agencies of the participant's group, in it number ``floor(u2 m)`` of
  its m holders (leaders, where the activity is for leaders). The n agencies that take part this month, in the order of
  their rows, are dealt round ``ceil(n / group_agencies)`` groups, so that a group mixes states and regions; with
  `by_state` those of each state are dealt on their own.
- expert_ties: number ``floor(u1 n)`` of the n experts of the TA center in the area of i's highest priority; of all
  experts if there is none
- trainer_ties: the other holder of the agency with the highest mean skill, first if equal.

A tie has the strength brokered_tie_strength; it takes the lowest free slot, or that of the weakest tie if that is
weaker. A contact stays as it is. Positions in order, in place.

Source: S6 (teams of up to six agencies), S50 (peer learning), S114 (newcomers learn through ties); chances assumed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.levels import LEADER
from capsim.world.slots import slot_of

__all__ = ["EXPERT", "PEER", "TRAINER", "Groups", "groups_of", "make_ties"]

PEER, EXPERT, TRAINER = 0, 1, 2


class Groups(NamedTuple):
    """Groups of agencies that meet.

    Attributes
    ----------
    members : (n,) int64
        Agencies that take part, group by group, ascending in each.
    first : (G + 1,) int64
        First member of each group.
    group : (O,) int64
        Of each organization, -1 for none.
    """

    members: NDArray[np.int64]
    first: NDArray[np.int64]
    group: NDArray[np.int64]


def groups_of(rows: list[NDArray[np.int64]], pool: NDArray[np.int32], size: int) -> Groups:
    """Deal the agencies that take part round groups of at most `size`.

    Parameters
    ----------
    rows : list of (n,) int64
        Organizations that get hours of the activity.
    pool : (O,) int32
        Only agencies with the same number meet.
    size : int
    """
    takes_part = np.zeros(len(pool), np.bool_)
    for organizations in rows:
        takes_part[organizations] = True
    members = np.flatnonzero(takes_part)
    group = np.full(len(pool), -1, np.int64)
    count = 0
    for label in np.unique(pool[members]):
        own = members[pool[members] == label]
        groups = -(-len(own) // size)
        group[own] = count + np.arange(len(own)) % groups
        count += groups
    members = members[np.argsort(group[members], kind="stable")]
    first = np.searchsorted(group[members], np.arange(count + 1))
    return Groups(members, first, group)


@kernel
def _nth_holder(start, end, n, share, role, person, leaders_only):
    """Holder number floor(share * how many) of the positions from start to end, -1 for none."""
    wanted = int(share * n)
    for i in range(start, end):
        if person[i] >= 0 and (role[i] == LEADER or not leaders_only):
            if wanted == 0:
                return i
            wanted -= 1
    return -1


@kernel
def _peer(j, u1, u2, first, role, person, leaders_only, groups):
    members = groups.members
    start, end = groups.first[groups.group[j]], groups.first[groups.group[j] + 1]
    if end - start < 2:
        return -1
    number = int(u1 * (end - start - 1))
    other = members[start + number]
    if other >= j:
        other = members[start + number + 1]
    holders = 0
    for i in range(first[other], first[other + 1]):
        if person[i] >= 0 and (role[i] == LEADER or not leaders_only):
            holders += 1
    return _nth_holder(first[other], first[other + 1], holders, u2, role, person, leaders_only)


@kernel
def _expert(i, u1, priority, person, center_start, center_end):
    K = priority.shape[1]
    top = 0
    for k in range(1, K):
        if priority[i, k] > priority[i, top]:
            top = k
    for step in (K, 1):  # experts of the area, else any
        offset = top if step == K else 0
        n = 0
        for e in range(center_start + offset, center_end, step):
            n += person[e] >= 0
        if n > 0:
            wanted = int(u1 * n)
            for e in range(center_start + offset, center_end, step):
                if person[e] >= 0:
                    if wanted == 0:
                        return e
                    wanted -= 1
    return -1


@kernel
def _trainers(start, end, person, skill):
    """The two most skilled holders of an agency, the first when equal; -1 for none."""
    best, second = -1, -1
    highest, next_highest = -1.0, -1.0
    for c in range(start, end):
        if person[c] >= 0:
            level = np.mean(skill[c])
            if level > highest:
                second, next_highest = best, highest
                best, highest = c, level
            elif level > next_highest:
                second, next_highest = c, level
    return best, second


@kernel
def _place(i, contact, strength, tie_to, tie_strength, consulted):
    if slot_of(i, contact, tie_to) >= 0:
        return
    m = slot_of(i, -1, tie_to)
    if m < 0:
        m = 0
        for other in range(1, tie_to.shape[1]):
            if tie_strength[i, other] < tie_strength[i, m]:
                m = other
        if tie_strength[i, m] >= strength:
            return
        if consulted[i] == m:
            consulted[i] = -1
    tie_to[i, m] = contact
    tie_strength[i, m] = strength


@kernel
def make_ties(
    kind,
    hazard,
    numbers,
    first,
    organization,
    role,
    person,
    priority,
    skill,
    leaders_only,
    groups,
    center_start,
    center_end,
    strength,
    tie_to,
    tie_strength,
    consulted,
):
    """Make the ties of one activity; `hazard` (P,), `numbers` (P, 3)."""
    known_for, best, second = -1, -1, -1  # of which agency these are the most skilled
    for i in range(len(hazard)):
        if hazard[i] <= 0.0 or numbers[i, 0] >= 1.0 - math.exp(-hazard[i]):
            continue
        j = organization[i]
        if kind == PEER:
            contact = _peer(j, numbers[i, 1], numbers[i, 2], first, role, person, leaders_only, groups)
        elif kind == EXPERT:
            contact = _expert(i, numbers[i, 1], priority, person, center_start, center_end)
        else:
            if j != known_for:
                known_for = j
                best, second = _trainers(first[j], first[j + 1], person, skill)
            contact = best if best != i else second
        if contact >= 0:
            _place(i, contact, strength, tie_to, tie_strength, consulted)

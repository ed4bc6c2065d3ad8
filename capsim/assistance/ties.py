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
- colleague_ties (referral): in the area k of i's highest priority, of the other agencies of the same level with holders
  one with chance ``use_jk / sum use`` (in the order of rows, by u1; nobody where nobody uses it), in it the holder with
  the highest skill in k, the first if equal. That colleague spends referral_expert_hours, also when the tie is there
  already.

A tie has the strength brokered_tie_strength; it takes the lowest free slot, or that of the weakest tie if that is
weaker. A contact stays as it is. Positions in order, in place.

Source: S6 (teams of up to six agencies), S50 (peer learning), S114 (newcomers learn through ties); chances assumed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import CHANNELS
from capsim.kernels import inner, kernel
from capsim.levels import CENTER, LEADER
from capsim.measures.sums import top_area
from capsim.streams.squares import fill_row, first_counter, stream_key
from capsim.world import World
from capsim.world.slots import slot_of

PEER_TIES, EXPERT_TIES = CHANNELS.index("peer_ties"), CHANNELS.index("expert_ties")
COLLEAGUE_TIES = CHANNELS.index("colleague_ties")


class Groups(NamedTuple):
    """Groups of agencies that meet."""

    members: NDArray[np.int64]  # (n,) agencies that take part, group by group, ascending in each
    first: NDArray[np.int64]  # (G + 1,) first member of each group
    group: NDArray[np.int64]  # (O,) of each organization, -1 for none


@inner
def no_groups():
    """Nobody meets."""
    return Groups(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty(0, np.int64))


@inner
def deal_groups(w, p, orders, rows, activity):
    """Deal the agencies that take part in an activity round groups; with all its orders by state, state by state."""
    O = len(w.level)
    takes_part, apart = np.zeros(O, np.bool_), True
    for r in range(len(rows.hours)):
        if rows.activity[r] == activity and rows.hours[r] > 0.0:
            takes_part[rows.agency[r]] = True
    for d in range(len(orders.activity)):
        if orders.activity[d] == activity and not orders.by_state[d]:
            total = rows.hours[orders.first[d] : orders.first[d + 1]].sum()
            apart = apart and total <= 0.0
    group, count, together = np.full(O, -1, np.int64), 0, 0
    for label in range(1 + (w.market.max() if apart else 0)):
        taken = together
        for j in range(O):
            together += takes_part[j] and (not apart or w.market[j] == label)
        groups, turn = -(-(together - taken) // int(p.group_agencies)), 0
        for j in range(O):
            if takes_part[j] and (not apart or w.market[j] == label):
                group[j] = count + turn % groups
                turn += 1
        count += groups
    first = np.zeros(count + 1, np.int64)
    for j in range(O):
        if takes_part[j]:
            first[group[j] + 1] += 1
    for g in range(count):
        first[g + 1] += first[g]
    place, dealt = first.copy(), np.empty(together, np.int64)
    for j in range(O):
        if takes_part[j]:
            dealt[place[group[j]]] = j
            place[group[j]] += 1
    return Groups(dealt, first, group)


@inner
def mean_plans(w, groups):
    """Mean plan of the group of each agency, (O, K); their own plan where they have no group."""
    means, members, first = w.plan.copy(), groups.members, groups.first
    for g in range(len(first) - 1):
        own = members[first[g] : first[g + 1]]
        for k in range(means.shape[1]):
            total = 0.0
            for j in own:
                total += w.plan[j, k]
            for j in own:
                means[j, k] = total / len(own)
    return means


@inner
def nth_holder(w, start, end, step, share, leaders_only):
    """Holder number floor(share * n) of the n at every `step`-th position from start to end, -1 for none."""
    holders = 0
    for i in range(start, end, step):
        holders += w.person[i] >= 0 and (w.role[i] == LEADER or not leaders_only)
    wanted = int(share * holders)
    for i in range(start, end, step):
        if w.person[i] >= 0 and (w.role[i] == LEADER or not leaders_only):
            if wanted == 0:
                return i
            wanted -= 1
    return -1


@inner
def peer(w, groups, j, numbers, leaders_only):
    """Somebody of another agency in the group of agency j, -1 for nobody."""
    start, end = groups.first[groups.group[j]], groups.first[groups.group[j] + 1]
    if end - start < 2:
        return -1
    number = int(numbers[1] * (end - start - 1))
    other = groups.members[start + number]
    if other >= j:
        other = groups.members[start + number + 1]
    return nth_holder(w, w.first[other], w.first[other + 1], 1, numbers[2], leaders_only)


@inner
def most_skilled(w, j, k):
    """Holder of agency j with the highest skill in area k, the first if equal; -1 for none."""
    best = -1
    for c in range(w.first[j], w.first[j + 1]):
        if w.person[c] >= 0 and (best < 0 or w.skill[c, k] > w.skill[best, k]):
            best = c
    return best


@inner
def colleague(w, i, share):
    """Who uses the practice elsewhere: the most skilled of an agency drawn by its use, -1 for nobody."""
    own, k, level = w.organization[i], top_area(w, i), w.level
    total = 0.0
    for j in range(len(level)):
        if j != own and level[j] == level[own] and most_skilled(w, j, k) >= 0:
            total += w.use[j, k]
    wanted, found = share * total, -1
    for j in range(len(level) if total > 0.0 else 0):
        if j != own and level[j] == level[own] and w.use[j, k] > 0.0:
            best = most_skilled(w, j, k)
            if best >= 0:
                found = best
                if wanted < w.use[j, k]:
                    break
                wanted -= w.use[j, k]
    return found


@inner
def expert(w, i, share):
    """An expert of the center in the area of highest priority, or else any, -1 for none."""
    K, last = w.priority.shape[1], len(w.level) - 1
    if w.level[last] != CENTER:
        return -1
    found = nth_holder(w, w.first[last] + top_area(w, i), w.first[last + 1], K, share, False)
    return found if found >= 0 else nth_holder(w, w.first[last], w.first[last + 1], 1, share, False)


@inner
def trainers(w, j):
    """The two most skilled holders of an agency, the first when equal; -1 for none."""
    best, second = -1, -1
    highest, next_highest = -1.0, -1.0
    for c in range(w.first[j], w.first[j + 1]):
        if w.person[c] >= 0:
            level = np.mean(w.skill[c])
            if level > highest:
                second, next_highest = best, highest
                best, highest = c, level
            elif level > next_highest:
                second, next_highest = c, level
    return best, second


@inner
def place_tie(w, i, contact, strength):
    """Put a tie into the lowest free slot of position i, or that of its weakest tie if that is weaker."""
    if slot_of(i, contact, w.tie_to) >= 0:
        return
    m = slot_of(i, -1, w.tie_to)
    if m < 0:
        m = w.tie_strength[i].argmin()
        if w.tie_strength[i, m] >= strength:
            return
        if w.consulted[i] == m:
            w.consulted[i] = -1
    w.tie_to[i, m] = contact
    w.tie_strength[i, m] = strength


@inner
def make_ties(w, p, h, activity, hazards, attendance, groups):
    """Make the ties of one activity; `hazards` are exponents of the chance by place (delivery.py)."""
    kind, leaders_only, O = h.tie[activity], h.leaders[activity] == 1, len(w.level)
    key = np.uint64(stream_key(h.run_key[0], h.tie_key[activity], np.uint64(w.clock[0])))
    numbers = np.empty(3)
    known_for, best, second = -1, -1, -1  # of which agency these are the most skilled
    for i in range(len(w.person)):
        j, hazard = w.organization[i], 0.0
        if w.person[i] < 0:
            continue
        if w.role[i] == LEADER or not leaders_only:
            hazard = hazards[h.leaders[activity] * O + j]
        if len(hazards) > 2 * O:
            hazard += hazards[2 * O + i]
        hazard *= attendance[i]
        if hazard <= 0.0:
            continue
        fill_row(numbers, key, np.uint64(first_counter(w.position_identity[i], w.position_row[i])))
        if numbers[0] >= 1.0 - math.exp(-hazard):
            continue
        if kind == PEER_TIES:
            contact = peer(w, groups, j, numbers, leaders_only)
        elif kind == EXPERT_TIES:
            contact = expert(w, i, numbers[1])
        elif kind == COLLEAGUE_TIES:
            contact = colleague(w, i, numbers[1])
            if contact >= 0:
                w.recipient_hours[contact] += p.referral_expert_hours
        else:
            if j != known_for:
                known_for = j
                best, second = trainers(w, j)
            contact = best if best != i else second
        if contact >= 0:
            place_tie(w, i, contact, p.brokered_tie_strength)


def count_expert_ties(world: World) -> NDArray[np.float64]:
    """Ties of the staff of each agency to experts of the TA center, (O,); 0 while it is closed, NaN for itself."""
    ties: NDArray[np.float64] = _count_expert_ties(world.arrays, *world.layout.center)
    return ties


@kernel
def _count_expert_ties(w, start, end):
    ties = np.zeros(len(w.level))
    for i in range(len(w.person)):
        for m in range(w.tie_to.shape[1]):
            if start <= w.tie_to[i, m] < end:
                ties[w.organization[i]] += 1.0
    for j in range(len(ties)):
        if w.level[j] == CENTER:
            ties[j] = np.nan
    return ties

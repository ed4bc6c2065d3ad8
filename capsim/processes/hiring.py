"""Hiring: vacancies are filled by movers from other agencies of the state, or by newcomers.

A position that was already vacant at the start of the month (vacant_months >= 1) is filled if ``u0 < 1 /
months_to_fill`` and its agency has fewer holders than funded positions, ``floor(funding * positions + 1/2)``; positions
in order.

- With ``u1 < mover_share`` the vacancy looks for a mover. Such vacancies choose in the order of u2 (ties in position
  order): of the candidates of the pool with the same labour market, level and role who left another agency and are not
  hired yet, the one whose key is nearest to ``u1 / mover_share`` (the first in the pool if equal). So one more leaver
  does not reshuffle a state. Without a candidate, and otherwise, a newcomer comes: skill and disposition of profile
  ``floor(u3 B)`` of the bank, with ``recruiting_share * expertise_effect_jk`` added to skill (labour markets sort);
  new person numbers are given in position order.
- Start: tenure 0, vacant_months 0, engagement newcomer_engagement, priority = disposition. A mover keeps person, skill,
  disposition, and those outgoing ties whose contact still holds the position, at mover_tie_factor times their strength.
- After all are placed, in position order: ``1 + floor(3 u4)`` ties of newcomer_tie_strength inside the unit. Tie n (n =
  0, 1, 2) starts at unit position ``floor(u[5 + n] * unit size)`` and walks on, around the unit, to the first holder
  that is not oneself and not yet a contact; it is dropped when there is none or no free slot (the lowest free slot is
  used).

Source: assumed; mover shares S70 and S73.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import inner, kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import cut
from capsim.world.slots import add_tie

_NEWCOMER = -1


@kernel
def hire(w, p, numbers):
    u = numbers.position
    filled = _filled_positions(w, p, u)
    if len(filled):
        match = _match_movers(w, p, u, filled)
        _place(w, p, u, filled, match)
        _bring_ties(w, p, filled, match)
        _first_ties(w, p, u, filled)


@inner
def _filled_positions(w, p, u):
    """Positions to fill this month, in order; none of those outside the labour market (labour_group -1)."""
    first, person, labour_group, vacant_months = w.first, w.person, w.labour_group, w.vacant_months
    chosen = np.empty(len(person), np.int64)
    n = 0
    for j in range(len(first) - 1):
        size = first[j + 1] - first[j]
        holders = 0
        for i in range(first[j], first[j + 1]):
            holders += person[i] >= 0
        if holders == size:
            continue
        funded = int(w.funding[j] * size + 0.5)
        for i in range(first[j], first[j + 1]):
            open_to_all = labour_group[i] >= 0 and vacant_months[i] >= 1
            if person[i] < 0 and open_to_all and holders < funded and u[i, 0] < 1.0 / p.months_to_fill:
                chosen[n] = i
                n += 1
                holders += 1
    return chosen[:n]


@inner
def _turns(u, filled, mover_share):
    """Places in `filled` that look for a mover, in the order of u2; ties in position order (a merge sort)."""
    order = np.empty(len(filled), np.int64)
    n = 0
    for f in range(len(filled)):
        if u[filled[f], 1] < mover_share:
            order[n] = f
            n += 1
    order, other = order[:n], np.empty(n, np.int64)
    width = 1
    while width < n:
        for start in range(0, n, 2 * width):
            middle, end = min(start + width, n), min(start + 2 * width, n)
            a, b = start, middle
            for place in range(start, end):
                if a < middle and (b >= end or u[filled[order[a]], 2] <= u[filled[order[b]], 2]):
                    other[place] = order[a]
                    a += 1
                else:
                    other[place] = order[b]
                    b += 1
        order, other = other, order
        width *= 2
    return order


@inner
def _match_movers(w, p, u, filled):
    """Row of the pool for each filled position, or `_NEWCOMER`."""
    group, origin, key, labour_group = w.pool_group, w.pool_origin, w.pool_key, w.labour_group
    match = np.full(len(filled), _NEWCOMER, np.int64)
    count, groups = w.pool_count[0], 0
    for c in range(count):
        groups = max(groups, group[c] + 1)
    # candidates of a group as a chain, in the order of the pool
    following = np.full(count, -1, np.int64)
    head = np.full(groups, -1, np.int64)
    for c in range(count - 1, -1, -1):
        following[c] = head[group[c]]
        head[group[c]] = c
    for f in _turns(u, filled, p.mover_share):
        i = filled[f]
        wanted = u[i, 1] / p.mover_share
        best, distance = -1, 2.0
        c = head[labour_group[i]] if labour_group[i] < groups else -1
        while c >= 0:
            free = group[c] >= 0 and origin[c] != w.organization[i]
            if free and abs(key[c] - wanted) < distance:
                best, distance = c, abs(key[c] - wanted)
            c = following[c]
        if best >= 0:
            match[f] = best
            group[best] = -1
    return match


@inner
def _place(w, p, u, filled, match):
    skill, disposition, priority = w.skill, w.disposition, w.priority
    for f in range(len(filled)):
        i, c = filled[f], match[f]
        w.tenure[i] = 0
        w.vacant_months[i] = 0
        w.engagement[i] = p.newcomer_engagement
        if c >= 0:
            w.person[i] = w.pool_person[c]
        else:
            w.person[i] = w.next_person[0]
            w.next_person[0] += 1
        pick = int(u[i, 3] * len(w.bank_skill))
        for k in range(skill.shape[1]):
            sorted_in = p.recruiting_share * w.expertise_effect[w.organization[i], k]
            skill[i, k] = w.pool_skill[c, k] if c >= 0 else cut(w.bank_skill[pick, k] + sorted_in)
            disposition[i, k] = w.pool_disposition[c, k] if c >= 0 else w.bank_disposition[pick, k]
            priority[i, k] = disposition[i, k]


@inner
def _bring_ties(w, p, filled, match):
    person, tie_to, tie_strength = w.person, w.tie_to, w.tie_strength
    for f in range(len(filled)):
        i, c = filled[f], match[f]
        if c >= 0:
            for m in range(tie_to.shape[1]):
                contact = w.pool_tie_to[c, m]
                known = contact >= 0 and contact != i and person[contact] >= 0
                if known and person[contact] == w.pool_tie_person[c, m]:
                    tie_to[i, m] = contact
                    tie_strength[i, m] = p.mover_tie_factor * w.pool_tie_strength[c, m]


@inner
def _first_ties(w, p, u, filled):
    person, tie_to, tie_strength = w.person, w.tie_to, w.tie_strength
    for i in filled:
        start = w.unit_first[w.unit[i]]
        size = w.unit_first[w.unit[i] + 1] - start
        for n in range(1 + int(3.0 * u[i, 4])):
            place = int(u[i, 5 + n] * size)
            for step in range(size):
                contact = start + (place + step) % size
                if person[contact] >= 0 and add_tie(i, contact, p.newcomer_tie_strength, tie_to, tie_strength):
                    break


HIRING = built_in(
    "hiring",
    hire,
    reads="person vacant_months funding pool",
    writes="person tenure vacant_months skill disposition priority engagement tie_to tie_strength next_person pool",
    draws=Draws(position=8, vacancies_only=True),
)

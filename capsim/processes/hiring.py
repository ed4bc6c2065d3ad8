"""Hiring: vacancies are filled by movers from other agencies of the state, or by newcomers.

A position that was already vacant at the start of the month (vacant_months >= 1) is filled if ``u0 < 1 /
months_to_fill`` and its agency has fewer holders than funded positions, ``floor(funding * positions + 1/2)``; positions
in order.

- With ``u1 < mover_share`` the vacancy looks for a mover. Such vacancies choose in the order of u2 (ties in position
  order): of the candidates of the pool with the same labour market, level and role who left another agency and are not
  hired yet, the one whose key is nearest to ``u1 / mover_share`` (the first in the pool if equal). So one more leaver
  does not reshuffle a state. Without a candidate, and otherwise, a newcomer comes: skill and disposition of profile
  ``floor(u3 B)`` of the bank; new person numbers are given in position order.
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

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World
from capsim.world.slots import add_tie

__all__ = ["HIRING"]

_NOBODY, _NEWCOMER = -2, -1


@kernel
def _filled_positions(numbers, first, person, labour_group, vacant_months, funding, chance):
    """Positions to fill this month, in order; none of those outside the labour market (labour_group -1)."""
    chosen = np.empty(len(person), np.int64)
    n = 0
    for j in range(len(first) - 1):
        size = first[j + 1] - first[j]
        holders = 0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                holders += 1
        funded = int(funding[j] * size + 0.5)
        for i in range(first[j], first[j + 1]):
            open_to_all = labour_group[i] >= 0 and vacant_months[i] >= 1
            if person[i] < 0 and open_to_all and holders < funded and numbers[i, 0] < chance:
                chosen[n] = i
                n += 1
                holders += 1
    return chosen[:n]


@kernel
def _match_movers(
    numbers, filled, order, organization, labour_group, mover_share, count, pool_group, pool_origin, pool_key
):
    """Row of the pool for each filled position, or `_NEWCOMER`; `order` (n,) are the places in `filled` that look."""
    match = np.full(len(filled), _NEWCOMER, np.int64)
    groups = 0
    for c in range(count[0]):
        groups = max(groups, pool_group[c] + 1)
    # candidates of a group as a chain, in the order of the pool
    following = np.full(count[0], -1, np.int64)
    head = np.full(groups, -1, np.int64)
    for c in range(count[0] - 1, -1, -1):
        following[c] = head[pool_group[c]]
        head[pool_group[c]] = c
    for f in order:
        i = filled[f]
        wanted = numbers[i, 1] / mover_share
        best, distance = -1, 2.0
        c = head[labour_group[i]] if labour_group[i] < groups else -1
        while c >= 0:
            free = pool_group[c] >= 0 and pool_origin[c] != organization[i]
            if free and abs(pool_key[c] - wanted) < distance:
                best, distance = c, abs(pool_key[c] - wanted)
            c = following[c]
        if best >= 0:
            match[f] = best
            pool_group[best] = -1
    return match


@kernel
def _place(
    numbers,
    filled,
    match,
    next_person,
    person,
    tenure,
    vacant_months,
    skill,
    disposition,
    priority,
    engagement,
    tie_to,
    tie_strength,
    bank_skill,
    bank_disposition,
    pool_person,
    pool_skill,
    pool_disposition,
    pool_tie_to,
    pool_tie_person,
    pool_tie_strength,
    newcomer_engagement,
    tie_factor,
):
    for f in range(len(filled)):
        i, c = filled[f], match[f]
        tenure[i] = 0
        vacant_months[i] = 0
        engagement[i] = newcomer_engagement
        if c >= 0:
            person[i] = pool_person[c]
        else:
            person[i] = next_person[0]
            next_person[0] += 1
        pick = int(numbers[i, 3] * bank_skill.shape[0])
        for k in range(skill.shape[1]):
            skill[i, k] = pool_skill[c, k] if c >= 0 else bank_skill[pick, k]
            disposition[i, k] = pool_disposition[c, k] if c >= 0 else bank_disposition[pick, k]
            priority[i, k] = disposition[i, k]
    for f in range(len(filled)):
        i, c = filled[f], match[f]
        if c >= 0:
            for m in range(tie_to.shape[1]):
                contact = pool_tie_to[c, m]
                if contact >= 0 and contact != i and person[contact] >= 0 and person[contact] == pool_tie_person[c, m]:
                    tie_to[i, m] = contact
                    tie_strength[i, m] = tie_factor * pool_tie_strength[c, m]


@kernel
def _first_ties(numbers, filled, unit, unit_first, person, tie_to, tie_strength, strength):
    for i in filled:
        start = unit_first[unit[i]]
        size = unit_first[unit[i] + 1] - start
        for n in range(1 + int(3.0 * numbers[i, 4])):
            place = int(numbers[i, 5 + n] * size)
            for step in range(size):
                contact = start + (place + step) % size
                if person[contact] >= 0 and add_tie(i, contact, strength, tie_to, tie_strength):
                    break


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout, pool, bank = world.layout, world.pool, world.bank
    filled = _filled_positions(
        numbers.position,
        layout.first,
        world.person,
        layout.labour_group,
        world.vacant_months,
        world.funding,
        1.0 / values["months_to_fill"],
    )
    if not len(filled):
        return
    looking = np.flatnonzero(numbers.position[filled, 1] < values["mover_share"])
    order = looking[np.argsort(numbers.position[filled[looking], 2], kind="stable")]
    match = _match_movers(
        numbers.position,
        filled,
        order,
        layout.organization,
        layout.labour_group,
        values["mover_share"],
        pool.count,
        pool.group,
        pool.origin,
        pool.key,
    )
    _place(
        numbers.position,
        filled,
        match,
        world.next_person,
        world.person,
        world.tenure,
        world.vacant_months,
        world.skill,
        world.disposition,
        world.priority,
        world.engagement,
        world.tie_to,
        world.tie_strength,
        bank.skill,
        bank.disposition,
        pool.person,
        pool.skill,
        pool.disposition,
        pool.tie_to,
        pool.tie_person,
        pool.tie_strength,
        values["newcomer_engagement"],
        values["mover_tie_factor"],
    )
    _first_ties(
        numbers.position,
        filled,
        layout.unit,
        layout.unit_first,
        world.person,
        world.tie_to,
        world.tie_strength,
        values["newcomer_tie_strength"],
    )


HIRING = Process(
    name="hiring",
    reads=("person", "vacant_months", "funding", "pool"),
    writes=(
        "person",
        "tenure",
        "vacant_months",
        "skill",
        "disposition",
        "priority",
        "engagement",
        "tie_to",
        "tie_strength",
        "next_person",
        "pool",
    ),
    draws=Draws(position=8, vacancies_only=True),
    apply=_apply,
)

"""Ties: advice ties strengthen with use, fade, lapse, and form.

First all holders in position order, in place. Each tie (slots in order): a consulted one gains ``tie_use_gain (1 -
strength)``, another one loses ``tie_fade strength``. Then at most one tie lapses. The chance of tie m is ``q_m = q *
max(0, 1 + slope (1/2 - strength_m))`` with ``q = 1 - tie_annual_survival^(1/12)``; slots share one number: tie m is
picked if the running sum of q before it is <= u0 and with it > u0. A picked tie that is returned (the contact has a tie
to i) lapses only if ``(u0 - sum before) / q_m < returned_lapse_factor``. So each tie has exactly its own chance each
month. A consulted tie that lapses leaves consulted = -1.

Then all holders with a free slot, in position order, in place, propose:

- a liaison with ``u1 < liaison_chance`` looks outside. If ``u3 < 1/2``: position ``floor(u2 * size)`` of the parent
  agency; else the first position of the sibling ``floor(u4 * number of children of the parent)``. Roots, and a sibling
  that is the own agency, give no candidate. For the others let ``v = u1`` (liaison: ``v = (u1 - liaison_chance) / (1 -
  liaison_chance)``); they propose if ``v < proposal_chance``, and the kind follows ``y = v / proposal_chance`` with
  closure, unit, expert and the rest (agency) as consecutive intervals of [0, 1):
- closure: of the own contacts in slot order number ``floor(u2 n)``, of that one's contacts number ``floor(u3 n')``
- unit: position ``floor(u2 * unit size)`` of the unit
- expert: positions ``floor(u2 n)``, ``floor(u3 n)``, ``floor(u4 n)`` of the agency; of the holders among them other
  than oneself the first with the highest skill in the area of i's highest priority (the first such area)
- agency: position ``floor(u2 n)`` of the agency

A candidate who is a holder, not oneself and not yet a contact is put into the lowest free slot at
newcomer_tie_strength; with ``u5 < reciprocation`` the candidate returns the tie if a slot is free.

Source: S69 (SIENA estimates: reciprocity, closure, same location), S91, S93, S94; rates calibrated to density and
reciprocity.
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.units import annual_to_monthly_survival
from capsim.world import World
from capsim.world.slots import add_tie, slot_of

__all__ = ["TIES"]


@kernel
def _lapse_chance(strength, lapse, slope):
    return lapse * max(0.0, 1.0 + slope * (0.5 - strength))


@kernel
def _lapsing_slot(i, u, tie_to, tie_strength, lapse, slope, returned_factor):
    """Slot of the tie that lapses, or -1: the picked one, unless it is returned and spared."""
    running = 0.0
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] < 0:
            continue
        q = _lapse_chance(tie_strength[i, m], lapse, slope)
        if running <= u < running + q:
            spared = (u - running) / q >= returned_factor and slot_of(tie_to[i, m], i, tie_to) >= 0
            return -1 if spared else m
        running += q
    return -1


@kernel
def _maintain(numbers, person, consulted, tie_to, tie_strength, gain, fade, lapse, slope, returned_factor):
    P, M = tie_to.shape
    for i in range(P):
        if person[i] < 0:
            continue
        used = consulted[i]
        before = tie_strength[i, max(0, used)]
        # free slots have strength 0 and stay there, so the loops need no branches
        for m in range(M):
            tie_strength[i, m] -= fade * tie_strength[i, m]
        if used >= 0:
            tie_strength[i, used] = before + gain * (1.0 - before)
        total = 0.0
        for m in range(M):
            q = _lapse_chance(tie_strength[i, m], lapse, slope)
            total += q if tie_to[i, m] >= 0 else 0.0
        if numbers[i, 0] < total:
            lapsed = _lapsing_slot(i, numbers[i, 0], tie_to, tie_strength, lapse, slope, returned_factor)
            if lapsed >= 0:
                tie_to[i, lapsed] = -1
                tie_strength[i, lapsed] = 0.0
                if used == lapsed:
                    consulted[i] = -1


@kernel
def _nth_contact(i, share, tie_to):
    """Contact number floor(share * n) of position i in slot order, -1 without contacts."""
    n = 0
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] >= 0:
            n += 1
    wanted = int(share * n)
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] >= 0:
            if wanted == 0:
                return tie_to[i, m]
            wanted -= 1
    return -1


@kernel
def _best_of_three(i, numbers, start, size, person, skill, priority):
    top = 0
    for k in range(1, priority.shape[1]):
        if priority[i, k] > priority[i, top]:
            top = k
    best = -1
    for column in range(2, 5):
        c = start + int(numbers[i, column] * size)
        if c != i and person[c] >= 0 and (best < 0 or skill[c, top] > skill[best, top]):
            best = c
    return best


@kernel
def _outside(i, j, numbers, first, parent, child_first, child):
    above = parent[j]
    if above < 0:
        return -1
    if numbers[i, 3] < 0.5:
        size = first[above + 1] - first[above]
        return first[above] + int(numbers[i, 2] * size) if size > 0 else -1
    sibling = child[child_first[above] + int(numbers[i, 4] * (child_first[above + 1] - child_first[above]))]
    return first[sibling] if sibling != j and first[sibling] < first[sibling + 1] else -1


@kernel
def _propose(
    numbers,
    organization,
    unit,
    unit_first,
    first,
    parent,
    child_first,
    child,
    liaison,
    person,
    skill,
    priority,
    tie_to,
    tie_strength,
    proposal_chance,
    closure,
    unit_share,
    expert,
    liaison_chance,
    reciprocation,
    strength,
):
    for i in range(len(person)):
        if person[i] < 0:
            continue
        v = numbers[i, 1]
        outside = False
        if liaison[i]:
            outside = v < liaison_chance
            if not outside:
                v = (v - liaison_chance) / (1.0 - liaison_chance)
        if (not outside and v >= proposal_chance) or slot_of(i, -1, tie_to) < 0:
            continue
        j = organization[i]
        start, size = first[j], first[j + 1] - first[j]
        kind = 0.0 if outside else v / proposal_chance
        candidate = -1
        if outside:
            candidate = _outside(i, j, numbers, first, parent, child_first, child)
        elif kind < closure:
            via = _nth_contact(i, numbers[i, 2], tie_to)
            candidate = _nth_contact(via, numbers[i, 3], tie_to) if via >= 0 else -1
        elif kind < closure + unit_share:
            unit_start = unit_first[unit[i]]
            candidate = unit_start + int(numbers[i, 2] * (unit_first[unit[i] + 1] - unit_start))
        elif kind < closure + unit_share + expert:
            candidate = _best_of_three(i, numbers, start, size, person, skill, priority)
        else:
            candidate = start + int(numbers[i, 2] * size)
        if (
            candidate >= 0
            and person[candidate] >= 0
            and add_tie(i, candidate, strength, tie_to, tie_strength)
            and numbers[i, 5] < reciprocation
        ):
            add_tie(candidate, i, strength, tie_to, tie_strength)


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout = world.layout
    _maintain(
        numbers.position,
        world.person,
        world.consulted,
        world.tie_to,
        world.tie_strength,
        values["tie_use_gain"],
        values["tie_fade"],
        1.0 - annual_to_monthly_survival(values["tie_annual_survival"]),
        values["strength_lapse_slope"],
        values["returned_lapse_factor"],
    )
    _propose(
        numbers.position,
        layout.organization,
        layout.unit,
        layout.unit_first,
        layout.first,
        layout.parent,
        layout.child_first,
        layout.child,
        layout.liaison,
        world.person,
        world.skill,
        world.priority,
        world.tie_to,
        world.tie_strength,
        values["proposal_chance"],
        values["proposal_closure"],
        values["proposal_unit"],
        values["proposal_expert"],
        values["liaison_chance"],
        values["reciprocation"],
        values["newcomer_tie_strength"],
    )


TIES = Process(
    name="ties",
    reads=("person", "consulted", "tie_to", "tie_strength", "skill", "priority"),
    writes=("consulted", "tie_to", "tie_strength"),
    draws=Draws(position=6),
    apply=_apply,
)

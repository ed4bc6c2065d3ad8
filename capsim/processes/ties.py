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

from capsim.kernels import inner, kernel
from capsim.measures.sums import top_area
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import monthly_loss
from capsim.world.slots import add_tie, slot_of


@kernel
def renew(w, p, numbers):
    _maintain(w, p, numbers.position)
    _propose(w, p, numbers.position)


@inner
def _lapse_chance(strength, lapse, slope):
    return lapse * max(0.0, 1.0 + slope * (0.5 - strength))


@inner
def _lapsing_slot(w, i, u, lapse, slope, returned_factor):
    """Slot of the tie that lapses, or -1: the picked one, unless it is returned and spared."""
    tie_to = w.tie_to
    running = 0.0
    for m in range(tie_to.shape[1]):
        if tie_to[i, m] < 0:
            continue
        q = _lapse_chance(w.tie_strength[i, m], lapse, slope)
        if running <= u < running + q:
            spared = (u - running) / q >= returned_factor and slot_of(tie_to[i, m], i, tie_to) >= 0
            return -1 if spared else m
        running += q
    return -1


@inner
def _maintain(w, p, u):
    person, consulted, tie_to, tie_strength = w.person, w.consulted, w.tie_to, w.tie_strength
    gain, fade, lapse, slope = p.tie_use_gain, p.tie_fade, monthly_loss(p.tie_annual_survival), p.strength_lapse_slope
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
        if u[i, 0] < total:
            lapsed = _lapsing_slot(w, i, u[i, 0], lapse, slope, p.returned_lapse_factor)
            if lapsed >= 0:
                tie_to[i, lapsed] = -1
                tie_strength[i, lapsed] = 0.0
                if used == lapsed:
                    consulted[i] = -1


@inner
def _propose(w, p, u):
    person, liaison, tie_to, tie_strength = w.person, w.liaison, w.tie_to, w.tie_strength
    proposal, looking = p.proposal_chance, p.liaison_chance
    for i in range(len(person)):
        if person[i] < 0:
            continue
        v = u[i, 1]
        outside = False
        if liaison[i]:
            outside = v < looking
            if not outside:
                v = (v - looking) / (1.0 - looking)
        if (not outside and v >= proposal) or slot_of(i, -1, tie_to) < 0:
            continue
        candidate = _outside(w, i, u) if outside else _inside(w, p, i, u, v / proposal)
        if (
            candidate >= 0
            and person[candidate] >= 0
            and add_tie(i, candidate, p.newcomer_tie_strength, tie_to, tie_strength)
            and u[i, 5] < p.reciprocation
        ):
            add_tie(candidate, i, p.newcomer_tie_strength, tie_to, tie_strength)


@inner
def _outside(w, i, u):
    """Somebody of the parent agency, or the first position of a sibling; -1 for nobody."""
    first, child_first, j = w.first, w.child_first, w.organization[i]
    above = w.parent[j]
    if above < 0:
        return -1
    if u[i, 3] < 0.5:
        size = first[above + 1] - first[above]
        return first[above] + int(u[i, 2] * size) if size > 0 else -1
    sibling = w.child[child_first[above] + int(u[i, 4] * (child_first[above + 1] - child_first[above]))]
    return first[sibling] if sibling != j and first[sibling] < first[sibling + 1] else -1


@inner
def _inside(w, p, i, u, kind):
    """Candidate of the kind at `kind` in [0, 1): closure, unit, expert, agency; -1 for nobody."""
    j = w.organization[i]
    start, size = w.first[j], w.first[j + 1] - w.first[j]
    if kind < p.proposal_closure:
        via = _nth_contact(w, i, u[i, 2])
        return _nth_contact(w, via, u[i, 3]) if via >= 0 else -1
    if kind < p.proposal_closure + p.proposal_unit:
        unit_start = w.unit_first[w.unit[i]]
        return unit_start + int(u[i, 2] * (w.unit_first[w.unit[i] + 1] - unit_start))
    if kind < p.proposal_closure + p.proposal_unit + p.proposal_expert:
        return _best_of_three(w, i, u, start, size)
    return start + int(u[i, 2] * size)


@inner
def _nth_contact(w, i, share):
    """Contact number floor(share * n) of position i in slot order, -1 without contacts."""
    contacts = w.tie_to[i]
    n = 0
    for contact in contacts:
        n += contact >= 0
    wanted = int(share * n)
    for contact in contacts:
        if contact >= 0:
            if wanted == 0:
                return contact
            wanted -= 1
    return -1


@inner
def _best_of_three(w, i, u, start, size):
    """Of three positions of the agency the holder with the highest skill in the first area of i's highest priority."""
    skill, top, best = w.skill, top_area(w, i), -1
    for column in range(2, 5):
        c = start + int(u[i, column] * size)
        if c != i and w.person[c] >= 0 and (best < 0 or skill[c, top] > skill[best, top]):
            best = c
    return best


TIES = built_in(
    "ties",
    renew,
    reads="person consulted tie_to tie_strength skill priority",
    writes="consulted tie_to tie_strength",
    draws=Draws(position=6),
)

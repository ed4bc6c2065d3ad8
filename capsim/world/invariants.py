"""What must hold in every world at the end of every month. Tests and users call it; the engine does not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from capsim.world.schema import MAX_TIES
from capsim.world.state import World

__all__ = ["broken_invariants"]

_SHARES = (
    "skill",
    "disposition",
    "priority",
    "attention",
    "engagement",
    "tie_strength",
    "routine",
    "plan",
    "use",
    "use_unmultiplied",
    "culture",
    "data_systems",
    "funding",
    "resource_alignment",
    "committed",
)
_HOURS = ("recipient_hours", "ta_hours")
_HELD = (
    "skill",
    "disposition",
    "priority",
    "attention",
    "engagement",
    "tenure",
    "tie_strength",
    "recipient_hours",
)
_COUNTS = ("tenure", "vacant_months", "exits", "areas_served", "leader_exit_age", "shock_months", "outside_initiatives")
_SLACK = 1e-9


def broken_invariants(world: World) -> list[str]:
    """Say what is wrong with a world; an empty list means nothing.

    Parameters
    ----------
    world : World
        At the end of a month or fresh from building.

    Returns
    -------
    list of str
        One line for each broken invariant, with the first row that breaks it.
    """
    return [*_ranges(world), *_people(world), *_vacancies(world), *_ties(world), *_applicants(world)]


def _first(bad: NDArray[np.bool_]) -> str:
    """Where an invariant is broken."""
    rows = np.unique(np.nonzero(bad)[0])
    return f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows, first {rows[0]}"


def _ranges(world: World) -> Iterator[str]:
    for name in _SHARES:
        column = getattr(world, name)
        bad = ~((column >= -_SLACK) & (column <= 1.0 + _SLACK))
        if bad.any():
            yield f"{name}: not in [0, 1] ({_first(bad)})"
    for name in _HOURS:
        column = getattr(world, name)
        bad = ~((column >= 0.0) & np.isfinite(column))
        if bad.any():
            yield f"{name}: negative or not finite ({_first(bad)})"
    for name in _COUNTS:
        bad = getattr(world, name) < 0
        if bad.any():
            yield f"{name}: negative ({_first(bad)})"
    held = world.person >= 0
    for name, live in (
        ("priority", held),
        ("disposition", held),
        ("plan", np.ones(len(world.plan), np.bool_)),
    ):
        bad = live & ~(np.abs(getattr(world, name).sum(axis=1) - 1.0) <= _SLACK)
        if bad.any():
            yield f"{name}: does not sum to 1 ({_first(bad)})"


def _people(world: World) -> Iterator[str]:
    layout, held = world.layout, world.person >= 0
    heads = np.bincount(layout.organization[held], minlength=layout.n_organizations)
    bad = heads > np.diff(layout.first)
    if bad.any():
        yield f"person: more heads than positions ({_first(bad)})"
    looking = _looking(world)
    ids = np.concatenate([world.person[held], looking])
    if len(np.unique(ids)) < len(ids):
        yield "person: somebody is there twice, in positions or among the applicants"
    if len(ids) and ids.max() >= world.next_person[0]:
        yield f"next_person: {world.next_person[0]}, but person {ids.max()} is already there"
    bad = world.person < -1
    if bad.any():
        yield f"person: below -1 ({_first(bad)})"


def _vacancies(world: World) -> Iterator[str]:
    vacant = world.person < 0
    for name in _HELD:
        column = getattr(world, name)
        bad = (column[vacant] != 0).any(axis=tuple(range(1, column.ndim))) if column.ndim > 1 else column[vacant] != 0
        if bad.any():
            yield f"{name}: not zero in a vacant position (row {np.flatnonzero(vacant)[bad][0]})"
    bad = ~vacant & (world.vacant_months != 0)
    if bad.any():
        yield f"vacant_months: not zero in a position that is held ({_first(bad)})"


def _ties(world: World) -> Iterator[str]:
    P, ties = world.layout.n_positions, world.tie_to
    used = ties >= 0
    bad = (ties < -1) | (ties >= P)
    if bad.any():
        yield f"tie_to: no position ({_first(bad)})"
        return
    vacant = world.person < 0
    checks = (
        ("tie_to: tie of a vacant position", used & vacant[:, None]),
        ("tie_to: tie to a vacant position", used & vacant[ties]),
        ("tie_to: tie to oneself", used & (ties == np.arange(P)[:, None])),
        (
            "tie_strength: not in (0, 1] for a tie",
            used & ~((world.tie_strength > 0.0) & (world.tie_strength <= 1.0 + _SLACK)),
        ),
        ("tie_strength: not zero for a free slot", ~used & (world.tie_strength != 0.0)),
    )
    for what, bad in checks:
        if bad.any():
            yield f"{what} ({_first(bad)})"
    ordered = np.sort(np.where(used, ties, -1 - np.arange(MAX_TIES)), axis=1)
    bad = (np.diff(ordered, axis=1) == 0).any(axis=1)
    if bad.any():
        yield f"tie_to: the same tie twice ({_first(bad)})"


def _looking(world: World) -> NDArray[np.int64]:
    """People of the pool who have not been hired."""
    filled = slice(0, max(0, int(world.pool.count[0])))
    return world.pool.person[filled][world.pool.group[filled] >= 0]


def _applicants(world: World) -> Iterator[str]:
    pool, count = world.pool, int(world.pool.count[0])
    if not 0 <= count <= len(pool.person):
        yield f"pool: {count} applicants in {len(pool.person)} rows"
        return
    for name in ("skill", "disposition", "key", "tie_strength"):
        column = getattr(pool, name)[:count]
        bad = ~((column >= -_SLACK) & (column <= 1.0 + _SLACK))
        if bad.any():
            yield f"pool.{name}: not in [0, 1] ({_first(bad)})"
    bad = ~(np.abs(pool.disposition[:count].sum(axis=1) - 1.0) <= _SLACK)
    if bad.any():
        yield f"pool.disposition: does not sum to 1 ({_first(bad)})"
    bad = pool.months_left[:count] < 1
    if bad.any():
        yield f"pool.months_left: nothing left ({_first(bad)})"
    bad = pool.person[:count] < 0
    if bad.any():
        yield f"pool.person: nobody ({_first(bad)})"

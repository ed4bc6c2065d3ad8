"""A settled world under another structure of regional agencies: who sits where, who leads, what each agency has.

Before the first month of a strategy with ``delivery.structure`` its settled world is laid out anew. Positions keep
their holders where the agency stays. The staff of merged agencies sit together, leaders and managers in their roles
first, the first agency's before the others'; an agency that is cut loses vacant positions first, then those whose
holders came last; a larger one gets vacant positions, which the labour market fills. States of a merged agency are
means over the agencies that it is made of, by positions. A new agency has vacant positions, no routine, and the plan
of the agency above. An agency that a sample had left out starts as the one of its level nearest in size.

Agencies that stay keep their identity, and so their luck: with a structure that changes nothing the world is the same
bit for bit. Assumed: who leaves in a cut, and that a merger itself costs no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.building.layout import build_layout
from capsim.levels import CENTER, ESA, Role
from capsim.parameters import Values
from capsim.scenario import Arranged
from capsim.world import Layout, World
from capsim.world.schema import Column
from capsim.world.state import LAYOUT_COLUMNS, POOL_COLUMNS, WORLD_COLUMNS, Pool

_LASTING = ("culture_effect", "engagement_effect", "data_systems_effect", "expertise_effect", "codification_factor")


def restructured_world(settled: World, arranged: Arranged, values: Values, *, run_key: int) -> World:
    """A copy of a settled world under another structure; the key is the one with which it was built."""
    old = settled.layout
    new = build_layout(arranged.table, values, areas=old.areas, key=run_key)
    sources, donated = _sources(old, new, arranged.members)
    new = _with_what_lasts(old, new, sources)
    seats, twin = _seats(settled, new, sources, donated)
    world = World.vacant(new, settled.bank)
    moved = np.full(old.n_positions, -1, np.int64)
    moved[seats[(seats >= 0) & ~twin]] = np.flatnonzero((seats >= 0) & ~twin)
    for name, kind in WORLD_COLUMNS.items():
        given, side = getattr(settled, name), kind.shape[0]
        if side == "P":
            column = _of_positions(given, kind, seats)
        elif side == "O":
            column = _of_agencies(given, kind, sources, getattr(world, name), np.diff(old.first))
        else:
            column = given.copy()
        setattr(world, name, _with_new_rows(column, kind, moved, _rows(old, new)))
    _start_new_agencies(world, sources, values)
    _separate_twins(world, twin)
    _drop_lost_ties(world)
    world.pool = _pool(settled.pool, world, moved, _rows(old, new))
    return world


def _rows(old: Layout, new: Layout) -> NDArray[np.int64]:
    """Row of each organization of old in the new layout, -1 for none."""
    where = {identity: row for row, identity in enumerate(new.ids)}
    return np.array([where.get(identity, -1) for identity in old.ids], np.int64)


def _sources(
    old: Layout, new: Layout, members: Mapping[str, tuple[str, ...]]
) -> tuple[list[list[int]], NDArray[np.bool_]]:
    """Old rows of which each new organization is made, none for a new one; which are made of another one's copy."""
    where = {identity: row for row, identity in enumerate(old.ids)}
    sizes, donated = np.diff(old.first), np.zeros(len(new.ids), np.bool_)
    peers = np.flatnonzero(old.level == ESA)
    found: list[list[int]] = []
    for row, identity in enumerate(new.ids):
        names = members.get(identity, (identity,)) if new.level[row] == ESA else (identity,)
        rows = [where[name] for name in names if name in where]
        if names and not rows and len(peers):
            own = peers[old.market[peers] == new.market[row]]
            near = own if len(own) else peers
            wanted = int(new.first[row + 1] - new.first[row])
            rows, donated[row] = [int(near[np.argmin(np.abs(sizes[near] - wanted))])], True
        found.append(rows)
    return found, donated


def _with_what_lasts(old: Layout, new: Layout, sources: list[list[int]]) -> Layout:
    """The layout with the lasting effects that agencies have, of a new one those that were drawn for it; and with what
    is said of areas.
    """
    sizes = np.diff(old.first).astype(np.float64)
    changed: dict[str, Any] = {n: getattr(old, n) for n, kind in LAYOUT_COLUMNS.items() if kind.shape == ("K",)}
    for name in (*_LASTING, "relevance"):
        given, column = getattr(old, name), getattr(new, name).copy()
        for row, rows in enumerate(sources):
            if rows:
                column[row] = _mean(given, rows, sizes)
        changed[name] = column
    return replace(new, **changed)


def _mean(given: NDArray[Any], rows: list[int], sizes: NDArray[np.float64]) -> Any:
    return given[rows[0]] if len(rows) == 1 else np.average(given[rows], axis=0, weights=sizes[rows])


def _seats(
    settled: World, new: Layout, sources: list[list[int]], donated: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Old position that moves to each new one, -1 for a vacant new one, (P,); and which are copies of somebody else's,
    who stays where they are.
    """
    old = settled.layout
    seats, twin = np.full(new.n_positions, -1, np.int64), np.zeros(new.n_positions, np.bool_)
    for row, rows in enumerate(sources):
        start, end = int(new.first[row]), int(new.first[row + 1])
        before = [int(i) for one in rows for i in range(old.first[one], old.first[one + 1])]
        if len(rows) == 1 and len(before) == end - start:
            seats[start:end] = before
        elif before:
            seats[start:end] = _placed(settled, before, new.role[start:end])
        twin[start:end] = donated[row] & (seats[start:end] >= 0)
    return seats, twin


def _placed(settled: World, before: list[int], roles: NDArray[np.int8]) -> list[int]:
    """Who sits in each of an agency's new positions: those of the same role first, in their order, then the rest."""
    kept = before
    if len(before) > len(roles):
        leader = before[:1]
        stay = sorted(before[1:], key=lambda i: (settled.person[i] < 0, -int(settled.tenure[i])))
        kept = leader + sorted(stay[: len(roles) - 1])
    waiting = {int(role): [i for i in kept if settled.layout.role[i] == role] for role in Role}
    placed = [waiting[int(role)].pop(0) if waiting[int(role)] else -1 for role in roles.tolist()]
    rest = [i for own in waiting.values() for i in own]
    return [rest.pop(0) if i < 0 and rest else i for i in placed]


def _of_positions(given: NDArray[Any], kind: Column, seats: NDArray[np.int64]) -> NDArray[Any]:
    column = np.full((len(seats), *given.shape[1:]), kind.empty, given.dtype)
    column[seats >= 0] = given[seats[seats >= 0]]
    return column


def _of_agencies(
    given: NDArray[Any],
    kind: Column,
    sources: list[list[int]],
    empty: NDArray[Any],
    sizes: NDArray[np.int32],
) -> NDArray[Any]:
    """What organizations have: reals of several as a mean by positions, everything else that of the first."""
    column = empty.copy()
    for row, rows in enumerate(sources):
        if rows:
            column[row] = _mean(given, rows, sizes.astype(np.float64)) if kind.dtype == np.float64 else given[rows[0]]
    return column


def _with_new_rows(
    column: NDArray[Any], kind: Column, position: NDArray[np.int64], agency: NDArray[np.int64]
) -> NDArray[Any]:
    """A column that names positions or organizations by their row names them by their new one; -1 for those gone."""
    rows = {"P": position, "O": agency}.get(kind.high) if isinstance(kind.high, str) else None
    if rows is None:
        return column
    return np.where(column >= 0, rows[np.maximum(column, 0)], column).astype(column.dtype)


def _start_new_agencies(world: World, sources: list[list[int]], values: Values) -> None:
    layout = world.layout
    for row in (row for row, rows in enumerate(sources) if not rows and layout.level[row] != CENTER):
        parent = int(layout.parent[row])
        if parent >= 0:
            world.plan[row] = world.plan[parent]
        world.culture[row] = np.clip(values["culture_base"] + layout.culture_effect[row], 0.0, 1.0)
        world.data_systems[row] = np.clip(values["data_systems_base"] + layout.data_systems_effect[row], 0.0, 1.0)
        world.resource_alignment[row] = values["resource_alignment_base"]


def _separate_twins(world: World, twin: NDArray[np.bool_]) -> None:
    """Those who sit in the place of people whom a sample had left out are people of their own, without their ties."""
    people = np.flatnonzero(twin & (world.person >= 0))
    world.person[people] = world.next_person[0] + np.arange(len(people))
    world.next_person[0] += len(people)
    world.tie_to[twin], world.tie_strength[twin] = -1, 0.0


def _drop_lost_ties(world: World) -> None:
    """Ties to positions that are gone, or to oneself, leave free slots."""
    lost = (world.tie_to < 0) | (world.tie_to == np.arange(len(world.tie_to))[:, None])
    world.tie_to[lost], world.tie_strength[lost] = -1, 0.0
    slot = np.maximum(world.consulted, 0)[:, None]
    gone = np.take_along_axis(lost, slot.astype(np.int64), axis=1)[:, 0]
    world.consulted[gone] = -1


def _pool(old: Pool, world: World, position: NDArray[np.int64], agency: NDArray[np.int64]) -> Pool:
    """The pool of applicants, with room for everybody of the new layout."""
    pool = Pool.empty(world.layout.n_positions + len(old.person) - len(position), world.layout.n_areas)
    count = min(int(old.count[0]), len(pool.person))
    pool.count[0] = count
    for declared in fields(Pool):
        if declared.name != "count":
            kind = POOL_COLUMNS[declared.name]
            given = _with_new_rows(getattr(old, declared.name)[:count], kind, position, agency)
            getattr(pool, declared.name)[:count] = given
    pool.tie_strength[:count][pool.tie_to[:count] < 0] = 0.0
    pool.tie_person[:count][pool.tie_to[:count] < 0] = -1
    return pool

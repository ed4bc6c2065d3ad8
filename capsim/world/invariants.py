"""What must hold in every world at the end of every month. Tests and users call it; the engine does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.levels import CENTER
from capsim.world.schema import MAX_TIES, SLACK, Column, Layout, rows_of
from capsim.world.state import BANK_COLUMNS, LAYOUT_COLUMNS, POOL_COLUMNS, SPARE_APPLICANTS, WORLD_COLUMNS, World

_HELD = (
    *("skill", "outdated", "disposition", "priority", "attention"),
    *("engagement", "tenure", "tie_strength", "recipient_hours"),
)

_Check = tuple[str, NDArray[np.bool_]]
"""What is wrong, and where it is."""


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
    broken = _broken(world)
    lines = [f"{name}: {problem}" for name, problem in broken.items()]
    if any(problem.startswith("must be") for problem in broken.values()):
        return lines
    ties = _ties(world) if "tie_to" not in broken else ()
    pool = _applicants(world) if "pool.count" not in broken else ()
    for what, bad in (*ties, *pool, *_sums(world)):
        if bad.any():
            lines.append(f"{what} ({rows_of(bad)})")
    return [*lines, *_people(world), *_vacancies(world)]


def broken_columns(world: World) -> list[str]:
    """The part of `broken_invariants` that looks at each column alone: type, shape, range."""
    return [f"{name}: {problem}" for name, problem in _broken(world).items()]


def _broken(world: World) -> dict[str, str]:
    sizes = world.sizes
    return _broken_columns(world, WORLD_COLUMNS, sizes) | _broken_columns(world.pool, POOL_COLUMNS, sizes, "pool.")


def broken_layout(world: World) -> list[str]:
    """Say what is wrong with what never changes in a world, such as one from a file: see `broken_invariants`."""
    layout, sizes = world.layout, world.sizes
    broken = _broken_columns(layout, LAYOUT_COLUMNS, sizes) | _broken_columns(world.bank, BANK_COLUMNS, sizes, "bank.")
    lines = [f"{name}: {problem}" for name, problem in broken.items()]
    if not lines and not (sizes["O"] and sizes["B"] and sizes["K"] and sizes["C"] >= sizes["P"] + SPARE_APPLICANTS):
        lines.append("an agency, an area, a newcomer or room for applicants is missing")
    return lines or [f"{name}: does not fit to the other columns" for name, fits in _fits(layout) if not fits]


def _broken_columns(
    of: object, declared: Mapping[str, Column], sizes: Mapping[str, int], prefix: str = ""
) -> dict[str, str]:
    """What is wrong with each column that is not as it was declared."""
    found = {f"{prefix}{name}": column.problem(getattr(of, name), sizes) for name, column in declared.items()}
    return {name: problem for name, problem in found.items() if problem}


def _fits(layout: Layout) -> Iterator[tuple[str, bool]]:
    """Whether the columns of a layout say the same of who belongs where; each as far as those before it are right."""
    P, O = layout.n_positions, layout.n_organizations
    units, children = len(layout.unit_first) - 1, len(layout.child)
    for name, last in (("first", P), ("unit_first", P), ("child_first", children)):
        ends = getattr(layout, name)
        fits = ends[0] == 0 and ends[-1] == last and bool((np.diff(ends) >= 0).all())
        yield name, fits
        if not fits:
            return
    row = np.arange(P) - layout.first[layout.organization]
    yield "organization", np.array_equal(layout.organization, np.repeat(np.arange(O), np.diff(layout.first)))
    yield "unit", np.array_equal(layout.unit, np.repeat(np.arange(units), np.diff(layout.unit_first)))
    within = layout.organization[np.minimum(layout.unit_first[:-1], max(0, P - 1))] if P else layout.organization
    yield "unit", not P or np.array_equal(within[layout.unit], layout.organization)
    below = np.flatnonzero(layout.parent >= 0)
    yield "parent", bool((layout.level[layout.parent[below]] <= layout.level[below]).all()) and _ends(layout.parent)
    parents = np.repeat(np.arange(O), np.diff(layout.child_first))
    yield "child", np.array_equal(np.sort(layout.child), below) and np.array_equal(layout.parent[layout.child], parents)
    yield "level", not (layout.level[:-1] == CENTER).any()
    level, market = layout.level[layout.organization], layout.market[layout.organization]
    group = np.where(level == CENTER, -1, (market * 5 + level) * 3 + layout.role)
    yield "labour_group", np.array_equal(layout.labour_group, group)
    yield "position_row", np.array_equal(layout.position_row, row)
    yield "position_identity", np.array_equal(layout.position_identity, layout.identity[layout.organization])
    yield "ids", len(layout.ids) == len(layout.names) == O


def _ends(parent: NDArray[np.int32]) -> bool:
    """Whether the way up ends, from every agency."""
    above = parent
    for _ in range(len(parent)):
        above = np.where(above >= 0, parent[above], -1)
        if (above < 0).all():
            return True
    return not len(parent)


def _sums(world: World) -> Iterator[_Check]:
    layout, held = world.layout, world.person >= 0
    everybody = np.ones(len(world.plan), np.bool_)
    shares = {"priority": held, "disposition": held, **dict.fromkeys(("plan", "finances", "personnel"), everybody)}
    for name, live in shares.items():
        yield f"{name}: does not sum to 1", live & ~(np.abs(getattr(world, name).sum(axis=1) - 1.0) <= SLACK)
    heads = np.bincount(layout.organization[held], minlength=layout.n_organizations)
    yield "person: more heads than positions", heads > np.diff(layout.first)
    yield "vacant_months: not zero in a position that is held", held & (world.vacant_months != 0)


def _people(world: World) -> Iterator[str]:
    held = world.person >= 0
    looking = _looking(world)
    ids = np.concatenate([world.person[held], looking])
    if len(np.unique(ids)) < len(ids):
        yield "person: somebody is there twice, in positions or among the applicants"
    if len(ids) and ids.max() >= world.next_person[0]:
        yield f"next_person: {world.next_person[0]}, but person {ids.max()} is already there"


def _vacancies(world: World) -> Iterator[str]:
    vacant = world.person < 0
    for name in _HELD:
        column = getattr(world, name)
        bad = (column[vacant] != 0).any(axis=tuple(range(1, column.ndim))) if column.ndim > 1 else column[vacant] != 0
        if bad.any():
            yield f"{name}: not zero in a vacant position (row {np.flatnonzero(vacant)[bad][0]})"


def _ties(world: World) -> Iterator[_Check]:
    ties, strength, vacant = world.tie_to, world.tie_strength, world.person < 0
    used = ties >= 0
    yield "tie_to: tie of a vacant position", used & vacant[:, None]
    yield "tie_to: tie to a vacant position", used & vacant[ties]
    yield "tie_to: tie to oneself", used & (ties == np.arange(len(ties))[:, None])
    yield "tie_strength: not in (0, 1] for a tie", used & ~((strength > 0.0) & (strength <= 1.0 + SLACK))
    yield "tie_strength: not zero for a free slot", ~used & (strength != 0.0)
    ordered = np.sort(np.where(used, ties, -1 - np.arange(MAX_TIES)), axis=1)
    yield "tie_to: the same tie twice", (np.diff(ordered, axis=1) == 0).any(axis=1)


def _looking(world: World) -> NDArray[np.int64]:
    """People of the pool who have not been hired."""
    filled = slice(0, max(0, int(world.pool.count[0])))
    return world.pool.person[filled][world.pool.group[filled] >= 0]


def _applicants(world: World) -> Iterator[_Check]:
    pool, count = world.pool, int(world.pool.count[0])
    off = np.abs(pool.disposition[:count].sum(axis=1) - 1.0)
    yield "pool.disposition: does not sum to 1", ~(off <= SLACK)
    yield "pool.months_left: nothing left", pool.months_left[:count] < 1
    yield "pool.person: nobody", pool.person[:count] < 0

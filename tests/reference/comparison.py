"""Engine and twin side by side: run both from one world, and name the columns in which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import STRATEGIES, Composition
from capsim.model.engine import Simulation, column_processes
from capsim.model.month import MONTH
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.world import World

from .columns import columns_of
from .twin import Twin

__all__ = ["Columns", "columns_of_world", "differences", "engine_run", "process_named", "twin_run"]

Columns = Mapping[str, NDArray]
TOLERANCE = 1e-9
YEARLY_HOURS = 6000.0


def columns_of_world(world: World) -> dict[str, NDArray]:
    """Copies of all columns of a world; of the pool only its members, and of those the hired ones only by name."""
    columns = {name: column.copy() for name, column in world.columns()}
    members = slice(0, int(world.pool.count[0]))
    waiting = np.flatnonzero(world.pool.group[members] >= 0)
    for name in columns:
        if name in ("pool.person", "pool.group", "pool.months_left", "pool.key"):
            columns[name] = columns[name][members]
        elif name.startswith("pool.") and name != "pool.count":
            columns[name] = columns[name][waiting]
    return columns


def differences(one: Columns, other: Columns, names: Sequence[str] | None = None) -> list[str]:
    """Names of the columns that differ: integers at all, reals by more than 1e-9."""
    return [name for name in (one if names is None else names) if not _equal(one[name], other[name])]


def _equal(one: NDArray, other: NDArray) -> bool:
    if one.size == 0 or other.size == 0:
        return one.size == other.size
    if one.shape != other.shape:
        return False
    if one.dtype.kind == "f":
        return bool(np.all(np.abs(one - other) <= TOLERANCE))
    return bool(np.array_equal(one, other))


def process_named(name: str) -> Process:
    """The engine's process."""
    return next(process for process in column_processes(MONTH) if process.name == name)


def engine_run(
    world: World,
    values: Values,
    run_key: int,
    *,
    months: int,
    assistance_months: int,
    strategy: Composition = STRATEGIES["none"],
    processes: Sequence[Process] | None = None,
) -> Iterator[Simulation]:
    """The engine's run on a copy of the world, after each month."""
    run = Simulation(
        world.copy(), values, ComposedStrategy(strategy, unit_hours=values["needs_assessment_ta_hours"]),
        processes=column_processes(MONTH) if processes is None else tuple(processes),
        assistance_months=assistance_months, follow_up_months=months - assistance_months,
        yearly_hours=YEARLY_HOURS, run_key=run_key,
    )  # fmt: skip
    for _ in range(months):
        run.advance()
        yield run


def twin_run(
    world: World,
    values: Values,
    run_key: int,
    *,
    months: int,
    assistance_months: int,
    strategy: Composition = STRATEGIES["none"],
    processes: Sequence[str] | None = None,
) -> Iterator[Twin]:
    """The twin's run, after each month."""
    twin = Twin(
        world, values, run_key, strategy=strategy, months=assistance_months, yearly_hours=YEARLY_HOURS,
        processes=processes,
    )  # fmt: skip
    for _ in range(months):
        twin.step()
        yield twin


def twin_columns(twin: Twin) -> dict[str, NDArray]:
    """Columns of the twin, and the account and the readings of its program."""
    return columns_of(twin)

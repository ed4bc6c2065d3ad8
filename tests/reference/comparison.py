"""Engine and twin side by side: run both from one world, and name the columns in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.orders import Reach
from capsim.assistance.program import Program
from capsim.assistance.tools import Tools
from capsim.catalogue import PROCESS_NAMES, STRATEGIES, Recipe
from capsim.engine.events import Dated, Events
from capsim.engine.month import MONTH
from capsim.engine.run import assistance_process, column_processes
from capsim.parameters import Values
from capsim.processes.process import Numbers, Process
from capsim.processes.steps import Steps
from capsim.scenario.events import Event
from capsim.world import World

from .columns import columns_of
from .events import Happening
from .hand_made import HandMade
from .instruments import Readings
from .twin import Twin

__all__ = [
    "Alteration",
    "Columns",
    "columns_of_engine",
    "columns_of_twin",
    "differences",
    "engine_months",
    "equal",
    "open_program",
    "twin_months",
]

Columns = Mapping[str, NDArray]
TOLERANCE = 1e-9
YEARLY_HOURS = 15_000.0


@dataclass(frozen=True, slots=True)
class Alteration:
    """One process of the engine that works with other constants, or meets other random numbers.

    Parameters
    ----------
    process : str
    values : mapping of str to float
    disturb : callable, optional
        Changes the month's numbers in place.
    """

    process: str
    values: Values
    disturb: Callable[[Numbers], None] | None = None

    def applied_to(self, process: Process) -> Process:
        """The altered process; any other as it is."""
        if process.name != self.process:
            return process

        def apply(world: World, numbers: Numbers, values: Values) -> None:
            if self.disturb is not None:
                self.disturb(numbers)
            process.apply(world, numbers, self.values)

        return replace(process, apply=apply)


def open_program(
    world: World,
    values: Values,
    run_key: int,
    strategy: Recipe | HandMade,
    months: int,
    reach: Reach | None = None,
    tools: Tools | None = None,
) -> tuple[Program, tuple[Process, ...]]:
    """The engine's program of assistance on this world, and the month that contains it."""
    ordering = strategy.for_engine() if isinstance(strategy, HandMade) else ComposedStrategy(strategy, values)
    program = Program(
        ordering, world, values, months=months, yearly_hours=YEARLY_HOURS, run_key=run_key, reach=reach, tools=tools
    )
    own = assistance_process(program, world.layout.n_areas)
    return program, tuple(own if process.name == own.name else process for process in column_processes(MONTH))


def engine_months(
    start: World,
    values: Values,
    run_key: int,
    *,
    months: int,
    strategy: Recipe | HandMade = STRATEGIES["none"],
    assistance_months: int | None = None,
    only: Sequence[str] = PROCESS_NAMES,
    alteration: Alteration | None = None,
    happenings: Sequence[Happening] = (),
) -> Iterator[tuple[World, Program]]:
    """The engine after each month, on a copy of the start: the whole month, or some of its processes."""
    world = start.copy()
    change = alteration or Alteration("", values)
    of_program = change.values if change.process == "assistance" else values
    events = Events([dated(one) for one in happenings], world, values) if happenings else None
    tools = Tools(world, values, run_key) if values["tool_rate"] > 0.0 else None
    program, month = open_program(
        world,
        of_program,
        run_key,
        strategy,
        months if assistance_months is None else assistance_months,
        events.reach if events else None,
        tools,
    )
    steps = Steps([change.applied_to(process) for process in month if process.name in only], world, run_key)
    for _ in range(months):
        if events is not None:
            events.begin_month(world)
        if tools is not None:
            tools.travel(world)
        steps.advance(world, values)
        yield world, program


def twin_months(
    start: World,
    values: Values,
    run_key: int,
    *,
    months: int,
    strategy: Recipe | HandMade = STRATEGIES["none"],
    assistance_months: int | None = None,
    only: Sequence[str] = PROCESS_NAMES,
    happenings: Sequence[Happening] = (),
) -> Iterator[Twin]:
    """The twin after each month; parameters as in `engine_months`."""
    twin = Twin(
        start,
        values,
        run_key,
        strategy=strategy.for_twin if isinstance(strategy, HandMade) else strategy,
        months=months if assistance_months is None else assistance_months,
        yearly_hours=YEARLY_HOURS,
        processes=only,
        happenings=happenings,
    )
    for _ in range(months):
        twin.step()
        yield twin


def dated(happening: Happening) -> Dated:
    """The same for the engine."""
    month = {"month": happening.first + 1}
    event = Event.model_validate({"kind": happening.kind, **month, **happening.sizes})
    return Dated(event, happening.first, happening.last, np.array(happening.agencies))


def columns_of_engine(world: World, program: Program) -> dict[str, NDArray]:
    """Copies of the columns of a world, and what its program keeps.

    Of the pool only the members, and of those already hired no more than their names.
    """
    columns = {name: column.copy() for name, column in world.columns()}
    members = slice(0, int(world.pool.count[0]))
    waiting = np.flatnonzero(world.pool.group[members] >= 0)
    for name in columns:
        if name in ("pool.person", "pool.group", "pool.months_left", "pool.key"):
            columns[name] = columns[name][members]
        elif name.startswith("pool.") and name != "pool.count":
            columns[name] = columns[name][waiting]
    ledger, readings = program.ledger, program.observation.readings
    columns["program.account"] = np.array([ledger.spent, ledger.turnkey_hours, ledger.recipient_hours, ledger.dollars])
    columns["program.hours_of"] = ledger.by_organization.copy()
    columns["program.passed_on"] = ledger.passed_on.copy()
    for field in fields(readings):
        if field.name != "own":  # worlds of the twin declare no instruments of their own
            columns[f"program.{field.name}"] = getattr(readings, field.name).copy()
    return columns


def columns_of_twin(twin: Twin) -> dict[str, NDArray]:
    """The same of the twin."""
    columns, program = columns_of(twin), twin.program
    columns["program.account"] = np.array(
        [program.spent, program.turnkey_hours, program.recipient_hours, program.dollars]
    )
    columns["program.hours_of"] = np.array([program.hours_of[organization] for organization in twin.organizations])
    columns["program.passed_on"] = np.array([program.passed_on[organization] for organization in twin.organizations])
    nothing = dict.fromkeys(("readiness", "first_use", "interest"), np.nan) | dict.fromkeys(
        ("skill", "routine", "use", "self_rating", "relevance", "self_rated_relevance"), [np.nan] * twin.n_areas
    )
    nothing |= dict.fromkeys(("first_use_by_area", "target"), [np.nan] * twin.n_areas)
    nothing["behind"] = [0.0] * twin.n_areas
    nothing["sustainability"] = [np.nan] * 3
    for field in fields(Readings):
        read = [getattr(program.readings[organization], field.name) for organization in twin.organizations]
        columns[f"program.{field.name}"] = np.array([nothing[field.name] if one is None else one for one in read])
    return columns


def differences(engine: Columns, twin: Columns) -> list[str]:
    """Names of the engine's columns that differ: integers at all, reals by 1e-9 (relative above 1)."""
    return [name for name in engine if not equal(engine[name], twin[name])]


def equal(one: NDArray, other: NDArray) -> bool:
    """Whether two columns are the same; undefined equals undefined."""
    if one.size == 0 or other.size == 0:
        return one.size == other.size
    if one.shape != other.shape:
        return False
    if one.dtype.kind != "f":
        return bool(np.array_equal(one, other))
    close = np.abs(one - other) <= TOLERANCE * np.maximum(1.0, np.abs(other))
    return bool(np.all(close | (np.isnan(one) & np.isnan(other))))

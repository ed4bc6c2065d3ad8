"""The engine: one run of one strategy from a settled world. Imports no Mesa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import Ledger
from capsim.assistance.composed import ComposedStrategy, Step
from capsim.assistance.flow import FlowRecord
from capsim.assistance.program import Program
from capsim.assistance.strategy import Strategy
from capsim.assistance.tools import Tools
from capsim.assistance.wishes import Answers
from capsim.engine.events import Dated, Events
from capsim.engine.month import Month, PersonRule
from capsim.engine.recorder import Leavers, Recorder
from capsim.errors import InputError
from capsim.measures.groups import groups_of
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.process import Draws, Numbers, Process, Stream
from capsim.processes.steps import Steps
from capsim.processes.turnover import TURNOVER, depart
from capsim.scenario.own import OwnInstrument
from capsim.world import World

__all__ = ["Provision", "Record", "Simulation", "assistance_process", "column_processes", "finished", "simulate"]


@dataclass(frozen=True, slots=True)
class Provision:
    """What was provided month by month, as plain arrays.

    Attributes
    ----------
    chain : (months, levels, levels, 3) float64
        Hours by level that gives and level that gets: delivered, received, used.
    logbook : (months, levels, len(LOGGED)) float64
        Mean readings and ratings.
    hours : (months, activities) float64
        TA hours.
    stocktakes : (n, 5) float64
        Every stocktake by agency and area: month, rows of agency and area, target, reading.
    center : (months, len(CENTER_SERIES)) float64, optional
        The center's book; None where nothing of it is declared.
    course : tuple of Step
        Phases that began and reviews that were held.
    flow : FlowRecord
        Hours by the factors that they pass, and who was served.
    leavers : (years, levels, roles, help, 3) float64
        Holders, leavers, and hours of help that left with them, as in `Leavers`.
    own : (months, levels, instruments, 3) float64
        Reading, truth and share that passes of each instrument of the scenario's own.
    adoptions : (n, len(ADOPTION)) float64, optional
        Tools that were made and adopted; None where there are no tools.
    """

    chain: NDArray[np.float64]
    logbook: NDArray[np.float64]
    hours: NDArray[np.float64]
    stocktakes: NDArray[np.float64]
    flow: FlowRecord
    leavers: NDArray[np.float64]
    own: NDArray[np.float64]
    center: NDArray[np.float64] | None = None
    course: tuple[Step, ...] = ()
    adoptions: NDArray[np.float64] | None = None

    @classmethod
    def of(cls, program: Program, leavers: Leavers | None) -> Provision | None:
        """That of a program so far; None when it keeps no log."""
        chain, logbook, flow = program.chain, program.logbook, program.flow
        if chain is None or logbook is None or flow is None or leavers is None:
            return None
        return cls(
            chain=chain,
            logbook=logbook.monthly,
            hours=program.ledger.monthly,
            stocktakes=program.observation.stocktakes,
            flow=flow.record(),
            leavers=leavers.counts,
            own=program.observation.own,
            center=None if program.book is None else program.book.monthly,
            course=tuple(program.strategy.log) if isinstance(program.strategy, ComposedStrategy) else (),
            adoptions=None if program.tools is None else program.tools.adoptions,
        )


@dataclass(frozen=True, slots=True)
class Record:
    """What a run leaves behind.

    Attributes
    ----------
    columns : tuple of str
        What is recorded: every measure, use by area, outcomes that are linked.
    monthly : (months, groups, columns) float64
    by_organization : dict of int to (columns, O) float64
        At the end of assistance and of follow-up.
    ledger : Ledger
    provision : Provision or None
        None unless it is asked for.
    answers : Answers, optional
        How responsive the program was to wishes; None where these do not move the mix.
    """

    columns: tuple[str, ...]
    monthly: NDArray[np.float64]
    by_organization: dict[int, NDArray[np.float64]]
    ledger: Ledger
    provision: Provision | None
    answers: Answers | None = None


_READS = """person skill routine engagement culture data_systems resource_alignment committed plan priority tie_to
tie_strength consulted use outside_initiatives attention lessons helped provisional outdated
outdated_routine"""
_WRITES = """person tenure vacant_months skill disposition priority attention engagement routine culture data_systems
resource_alignment committed plan tie_to tie_strength consulted recipient_hours ta_hours areas_served
load practice lessons helped supported provisional outdated outdated_routine next_person"""


def assistance_process(program: Program, n_areas: int) -> Process:
    """The program as the process of the month named `assistance`."""

    def apply(world: World, numbers: Numbers, values: Values) -> None:
        program.assist(world, numbers.organization)

    return Process(
        name="assistance",
        reads=tuple(_READS.split()),
        writes=tuple(_WRITES.split()),
        draws=Draws(organization=program.numbers_per_organization(program.strategy, n_areas)),
        apply=apply,
    )


def column_processes(month: Month) -> tuple[Process, ...]:
    """The steps of a month as processes on columns.

    Raises
    ------
    InputError
        If a step is written for single persons: only `CapacityModel` can run those.
    """
    for step in month:
        if isinstance(step, PersonRule):
            raise InputError(f"month: {step.name!r} is a rule for one person; only capsim.CapacityModel can run it")
    return tuple(step for step in month if isinstance(step, Process))


class Simulation:
    """A run in progress: the world, its month and its record.

    Parameters
    ----------
    world : World
        Settled, at month 0; it is changed in place.
    values : mapping of str to float
    strategy : Strategy
        A fresh object.
    processes : sequence of Process
        The month; the one named `assistance` is replaced by the strategy's program.
    assistance_months, follow_up_months : int
    yearly_hours : float
        Budget of TA hours per year of assistance for all agencies, also those that a sampled world stands for.
    yearly_caps : sequence of float
        Most TA hours in each year of assistance; none without it.
    run_key : int
        Never contains the strategy.
    log : bool
        Whether to keep what was provided month by month.
    events : sequence of Dated
        What happens to agencies in some months, whatever the strategy.
    instruments : sequence of OwnInstrument
        Those of the scenario's own.
    asked : (O,) bool, optional
        Agencies that the question is about, where these are not all districts.

    Attributes
    ----------
    departed : list of int
        Positions that were left since the last month, see `depart`.
    """

    def __init__(
        self,
        world: World,
        values: Values,
        strategy: Strategy,
        *,
        processes: tuple[Process, ...],
        assistance_months: int,
        follow_up_months: int,
        yearly_hours: float,
        run_key: int,
        yearly_caps: Sequence[float] = (),
        log: bool = False,
        events: Sequence[Dated] = (),
        instruments: Sequence[OwnInstrument] = (),
        asked: NDArray[np.bool_] | None = None,
    ) -> None:
        self.world, self.values = world, values
        self.events = Events(events, world, values) if events else None
        self.tools = Tools(world, values, run_key) if values["tool_rate"] > 0.0 else None
        self.months = assistance_months + follow_up_months
        self.program = Program(
            strategy,
            world,
            values,
            months=assistance_months,
            yearly_hours=yearly_hours,
            yearly_caps=yearly_caps,
            run_key=run_key,
            log=log,
            tools=self.tools,
            reach=None if self.events is None else self.events.reach,
            instruments=instruments,
        )
        own = assistance_process(self.program, world.layout.n_areas)
        bound = tuple(own if process.name == "assistance" else process for process in processes)
        self._steps = Steps(
            bound,
            world,
            run_key,
            groups=groups_of(world.layout, asked),
            months=self.months,
            assisted=assistance_months + 1,
        )
        self.recorder = Recorder(self._steps, (assistance_months, self.months))
        self.leavers = Leavers(world, self.months) if log else None
        self.departed: list[int] = []
        self._run_key = run_key

    def advance(self) -> None:
        """One month."""
        if self.events is not None:
            self.events.begin_month(self.world)
        if self.tools is not None:
            self.tools.travel(self.world)
        self._steps.advance(self.world, self.values, self.departed)
        self.departed.clear()
        self.recorder.keep(self.world.month)
        if self.leavers is not None:
            self.leavers.observe(self.world)

    @property
    def measured(self) -> NDArray[np.float64]:
        """What was recorded of every organization in the month that has just passed, (columns, O)."""
        return self._steps.measured

    def depart(self, position: int) -> None:
        """Let the holder of a position leave now: what follows is what follows at any exit.

        Chance decides with the numbers of turnover for this position in the month to come, which nobody else uses. In
        that month the exit is counted, and noted if a leader left.
        """
        left = np.zeros(self.world.layout.n_positions, np.bool_)
        left[position] = True
        numbers = Stream(TURNOVER, self.world, self._run_key).fill(self.world.month)
        depart(self.world.arrays, constants(self.values), numbers, left)
        self.departed.append(position)


def simulate(world: World, values: Values, strategy: Strategy, **run: Any) -> Record:
    """Run a strategy from a settled world to the end of follow-up; `world` is changed. Parameters as in
    `Simulation`.
    """
    return finished(Simulation(world, values, strategy, **run))


def finished(run: Simulation) -> Record:
    """Go on with a run to its end; what it recorded."""
    while run.world.month < run.months:
        run.advance()
    kept, program = run.recorder, run.program
    return Record(
        columns=kept.columns,
        monthly=kept.monthly,
        by_organization=kept.by_organization,
        ledger=program.ledger,
        provision=Provision.of(program, run.leavers),
        answers=None if program.wishes is None else program.wishes.answers,
    )

"""A block: one replicate under one set of assumptions, all strategies from the same settled world; and one strategy
whose agencies a survey reads in some months, with and without noise. What workers run.
"""

from __future__ import annotations

import contextlib
import faulthandler
import math
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.wishes import Answers
from capsim.building import Settled, Surveyed, run_key, settled_world, survey_world
from capsim.building.matching import observable_states
from capsim.building.solving import solved, under_its_rules
from capsim.catalogue import BASELINE, PROCESS_NAMES
from capsim.engine.month import MONTH
from capsim.engine.run import Provision, Record, Simulation, column_processes, finished
from capsim.engine.strategies import Start, resolve_strategy, start_of
from capsim.errors import CapsimError
from capsim.instruments.own import numbers_of_survey, read_survey_items
from capsim.measures.groups import ASKED, GROUPS
from capsim.parameters import Values, draw_values, resolve_values
from capsim.processes.process import Process
from capsim.runs.outcomes import (
    OUTCOME_GROUP,
    Regional,
    asked_about,
    counted_gaps,
    counted_groups,
    gains_over,
    places_of,
    regional_results,
    run_outcomes,
)
from capsim.scenario import AgencyTable, Scenario, as_scenario, survey_of
from capsim.scenario.budgets import agencies_today, has_structures
from capsim.streams.keys import key_from
from capsim.streams.squares import uniforms

T = TypeVar("T")

RECORDED = (*GROUPS, *ASKED)
"""Groups of agencies over which records have means, in their order."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a worker is told; plain data.

    Strategies are names, or objects and classes when the block stays in this process. `point` holds parameters and
    `rules` variants that are set on top of the scenario's; with rules or drawn assumptions, levels are solved (see
    `solved`), so that all blocks that differ in them start alike. The time limit is of one run, and of settling; 0 is
    none.
    Measures of every organization at the two moments, what was provided month by month, the whole table of hours by
    agency, year and activity, and results by region are returned only where they are to be kept.
    """

    scenario: Scenario | Mapping[str, Any]
    strategies: tuple[Any, ...]
    replicate: int
    assumptions: str = "default"
    point: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    keep_agencies: bool = False
    keep_provision: bool = False
    keep_detail: bool = False
    keep_regions: bool = False
    time_limit_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a block. A failed one has a reason, and no numbers.

    `monthly` is (months, groups, columns), `by_organization` (columns, O) and `counted` (`COUNTED`, columns) at
    the two moments, `by_activity` TA hours.
    """

    strategy: str
    outcomes: dict[str, float]
    monthly: NDArray[np.float64]
    by_organization: dict[int, NDArray[np.float64]]
    by_activity: dict[str, float]
    failure: str = ""
    provision: Provision | None = None
    regional: Regional | None = None
    counted: Mapping[int, NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockResult:
    """Runs of a block in the order of its strategies; its values, how its world settled and reads, if by a survey."""

    replicate: int
    assumptions: str
    values: Values
    runs: list[Run]
    settling_months: int
    drift: float
    surveyed: Surveyed | None = None

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return sum(bool(run.failure) for run in self.runs)


def scenario_processes(scenario: Scenario) -> tuple[Process, ...]:
    """The month of a scenario, without the processes that it switches off."""
    return column_processes(MONTH.without(*(name for name in PROCESS_NAMES if name in scenario.month.off)))


def block_values(scenario: Scenario, block: Block) -> Values:
    """Parameter values of a block: the scenario's and the point's, the assumed ones drawn if the block says so."""
    overrides, rules = {**scenario.parameters, **block.point}, {**scenario.rules, **block.rules}
    fixed = frozenset(overrides)
    if block.assumptions == "default":
        values = resolve_values(overrides, rules)
        return (solved if block.rules else under_its_rules)(values, fixed=fixed)
    key = key_from("assumptions", scenario.seed, block.replicate)
    drawn = draw_values(overrides, key, rules=rules, with_rules=scenario.uncertainty == "structure")
    return solved(drawn, fixed=fixed)


class OverTimeError(CapsimError):
    """A run took longer than it may."""


def can_be_interrupted() -> bool:
    """Whether this thread can be interrupted in what it does; elsewhere its process must be ended."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def needs_own_process(limit_seconds: float) -> bool:
    """Whether runs with this limit (0 for none) need a process that can be ended: this thread cannot be stopped."""
    return limit_seconds > 0.0 and not can_be_interrupted()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OverTimeError` in what is inside when it takes longer; where that cannot be, end the process.

    It is raised once a second from then on, because a strategy may catch it. 0 is no limit.
    """
    if not seconds:
        yield
    elif can_be_interrupted():

        def stop(number: int, frame: object) -> None:
            raise OverTimeError(f"over its time limit of {seconds:g} s")

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)
    else:
        faulthandler.dump_traceback_later(seconds, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def attempted(seconds: float, work: Callable[[], T], *, mendable: bool = False) -> tuple[T | None, str]:
    """What work gives within a time limit; nothing, and why, where it fails. What people can mend is raised, unless it
    is to be such a reason, too.
    """
    try:
        with time_limit(seconds):
            return work(), ""
    except CapsimError as error:
        if not mendable and not isinstance(error, OverTimeError):
            raise
        return None, str(error)
    except Exception:
        return None, traceback.format_exc()


class Ground(NamedTuple):
    """What every run of a block stands on: its scenario, values, month, key of random numbers, and agencies."""

    block: Block
    scenario: Scenario
    values: Values
    processes: tuple[Process, ...]
    key: int
    agencies: AgencyTable

    @classmethod
    def of(cls, block: Block) -> Ground:
        """The ground of a block; nothing is settled yet."""
        scenario = as_scenario(block.scenario)
        key, agencies = run_key(scenario.seed, block.replicate), agencies_today(scenario, block.point)
        return cls(block, scenario, block_values(scenario, block), scenario_processes(scenario), key, agencies)

    def settled(self) -> Settled:
        """The world without assistance, from which strategies begin."""
        return settled_world(self.scenario, self.values, self.processes, run_key=self.key, agencies=self.agencies)

    def begun(self, settled: Settled, strategy: Any, *, under: Any = None) -> tuple[Simulation, Start, AgencyTable]:
        """A run of a strategy before its first month, where it (or another strategy) starts, and its agencies."""
        scenario, begins = self.scenario, strategy if under is None else under
        start = start_of(scenario, begins, settled.world, settled.values, run_key=self.key, parameters=self.block.point)
        table = self.agencies if start.arranged is None else start.arranged.table
        run = Simulation(
            start.world,
            settled.values,
            resolve_strategy(scenario, strategy)[1](settled.values),
            processes=self.processes,
            assistance_months=scenario.timeline.assistance,
            follow_up_months=scenario.timeline.follow_up,
            yearly_hours=start.yearly_hours,
            yearly_caps=start.yearly_caps,
            run_key=self.key,
            log=self.block.keep_provision,
            events=start.events,
            instruments=scenario.instruments,
            asked=asked_about(scenario, self.agencies, table, start.world.layout.n_organizations > len(table)),
        )
        return run, start, table


def run_block(block: Block) -> BlockResult:
    """Build and settle the world of a replicate once, then run every strategy from it.

    A strategy that fails is a failed run; the others of the block go on. A world that cannot be settled fails them all.
    """
    ground = Ground.of(block)
    scenario, values = ground.scenario, ground.values

    def settle() -> tuple[Settled, Surveyed | None]:
        settled, survey = ground.settled(), survey_of(scenario, ground.agencies)
        if survey is None:
            return settled, None
        return settled, survey_world(settled.world, survey, values, ground.processes, run_key=ground.key)

    found, failure = attempted(block.time_limit_seconds, settle)
    if found is None:
        reason = f"the world could not be settled: {failure}"
        failed = [_failed(resolve_strategy(scenario, strategy)[0], reason) for strategy in block.strategies]
        return BlockResult(block.replicate, block.assumptions, dict(values), failed, 0, math.nan)
    settled, surveyed = found
    runs = [_run(ground, settled, strategy) for strategy in block.strategies]
    baseline = next((run.outcomes for run in runs if run.strategy == BASELINE), None)
    if baseline:
        for run in runs:
            if run.outcomes:
                run.outcomes.update(gains_over(run.outcomes, baseline))
    return BlockResult(block.replicate, block.assumptions, dict(values), runs, settled.months, settled.drift, surveyed)


def _run(ground: Ground, settled: Settled, strategy: Any) -> Run:
    """One strategy from the settled world; whatever goes wrong is its failure."""
    block, scenario = ground.block, ground.scenario
    name = resolve_strategy(scenario, strategy)[0]

    def carried_out() -> tuple[Record, Start, AgencyTable]:
        run, start, table = ground.begun(settled, strategy)
        return finished(run), start, table

    found, failure = attempted(block.time_limit_seconds, carried_out, mendable=True)
    if found is None:
        return _failed(name, failure)
    record, start, table = found
    group = ASKED[0] if scenario.question.whom else OUTCOME_GROUP
    assistance, months = scenario.timeline.assistance, len(record.monthly)
    outcomes = run_outcomes(record, settled.values, assistance_months=assistance, group=group)
    groups = counted_groups(record, table)
    outcomes.update(counted_gaps(groups, record.columns.index("use"), (assistance, months)))
    answers = record.answers or Answers(*[math.nan] * len(Answers._fields))
    outcomes.update({f"wishes_{name}": value for name, value in answers._asdict().items()})
    if has_structures(scenario):
        outcomes["structure_cost"] = start.dollars_per_year * months / 12.0
        outcomes["cost"] += outcomes["structure_cost"]
    kept = record.by_organization if block.keep_agencies else {}
    regional, provision = None, record.provision
    if block.keep_regions:
        places = places_of(scenario, block.point)
        regional = regional_results(places, record, table, scenario.question.weight)
    if provision is not None:
        flow = provision.flow.keeping(agencies=block.keep_agencies, detail=block.keep_detail)
        provision = replace(provision, flow=flow)
    return Run(name, outcomes, record.monthly, kept, record.ledger.by_activity, "", provision, regional, groups)


def _failed(strategy: str, reason: str) -> Run:
    return Run(strategy, {}, np.empty((0, 0, 0)), {}, {}, failure=reason)


SurveyAnswers = Mapping[str, NDArray[np.float64]]
"""By item of a survey, (agencies, areas + 1), the last column being all areas together."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A block with one strategy, and the months at whose ends its agencies are read, in order."""

    block: Block
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReadRun:
    """What was read by month; nothing where the run failed."""

    replicate: int
    expected: Mapping[int, SurveyAnswers]
    read: Mapping[int, SurveyAnswers]
    failure: str = ""

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int(bool(self.failure))


def read_run(watched: Watched) -> ReadRun:
    """Settle the world of a block, run its strategy to the last of the months, and read its agencies in each."""
    found, failure = attempted(watched.block.time_limit_seconds, lambda: _read_run(watched))
    return found or ReadRun(watched.block.replicate, {}, {}, failure)


def _read_run(watched: Watched) -> ReadRun:
    ground = Ground.of(watched.block)
    run, _, _ = ground.begun(ground.settled(), watched.block.strategies[0])
    n, columns = len(ground.agencies), numbers_of_survey(run.world.layout.n_areas)
    expected, read = {}, {}
    for month in watched.months:
        while run.world.month < month:
            run.advance()
        states, systems = observable_states(run.world, n), run.world.data_systems[:n]
        numbers = uniforms(
            run_key=ground.key, purpose="survey", identity=run.world.layout.identity[:n], columns=columns, month=month
        )
        expected[month] = read_survey_items(states, systems, np.zeros((n, columns)), ground.values)
        read[month] = read_survey_items(states, systems, numbers, ground.values)
    return ReadRun(watched.block.replicate, expected, read)

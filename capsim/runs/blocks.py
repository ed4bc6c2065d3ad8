"""A block: one replicate under one set of assumptions, all strategies from the same settled world. What workers run."""

from __future__ import annotations

import functools
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.building import Settled, Surveyed, run_key, settled_world, survey_world
from capsim.catalogue import PROCESS_NAMES
from capsim.engine.month import MONTH
from capsim.engine.run import Provision, column_processes, simulate
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError
from capsim.parameters import Values, draw_values, resolve_values
from capsim.processes.process import Process
from capsim.runs.outcomes import gains_over, run_outcomes
from capsim.scenario import AgencyTable, Scenario, build_agencies, load_scenario, scenario_from_mapping, survey_of
from capsim.streams.keys import key_from

__all__ = [
    "BASELINE",
    "Block",
    "BlockResult",
    "Run",
    "block_agencies",
    "block_values",
    "compile_kernels",
    "run_block",
    "scenario_processes",
]

BASELINE = "none"


@dataclass(frozen=True, slots=True)
class Block:
    """What a worker is told; plain data.

    Attributes
    ----------
    scenario : mapping
        The resolved scenario.
    strategies : tuple of str or object
        Names, or strategy objects and classes when the block stays in this process.
    replicate : int
    assumptions : {"default", "drawn"}
    point : mapping of str to float
        Parameters set for this block, on top of the scenario's.
    keep_agencies : bool
        Whether to return the measures of every organization at the two moments.
    keep_provision : bool
        Whether to return what was provided month by month.
    """

    scenario: Mapping[str, Any]
    strategies: tuple[Any, ...]
    replicate: int
    assumptions: str = "default"
    point: Mapping[str, float] = field(default_factory=dict)
    keep_agencies: bool = False
    keep_provision: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a block.

    Attributes
    ----------
    strategy : str
    outcomes : dict of str to float
        Empty for a failed run.
    monthly : (months, groups, measures) float64
    by_organization : dict of int to (measures, O) float64
    by_activity : dict of str to float
        TA hours.
    failure : str
        Why the run failed; empty if it did not.
    provision : Provision, optional
        What was provided, when the block asks for it.
    """

    strategy: str
    outcomes: dict[str, float]
    monthly: NDArray[np.float64]
    by_organization: dict[int, NDArray[np.float64]]
    by_activity: dict[str, float]
    failure: str = ""
    provision: Provision | None = None


@dataclass(frozen=True, slots=True)
class BlockResult:
    """Runs of a block in the order of its strategies, how its world settled, and how it reads if a survey was given."""

    replicate: int
    assumptions: str
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
    overrides = {**scenario.parameters, **block.point}
    if block.assumptions == "default":
        return resolve_values(overrides)
    return draw_values(overrides, key_from("assumptions", scenario.seed, block.replicate))


@functools.lru_cache(maxsize=4)
def _agencies(scenario: Scenario, overrides: tuple[tuple[str, float], ...]) -> AgencyTable:
    return build_agencies(scenario, resolve_values({**scenario.parameters, **dict(overrides)}))


def run_block(block: Block) -> BlockResult:
    """Build and settle the world of a replicate once, then run every strategy from it.

    A strategy that fails is a failed run; the others of the block go on. A world that cannot be settled fails them all.
    """
    scenario = scenario_from_mapping(dict(block.scenario))
    values = block_values(scenario, block)
    processes = scenario_processes(scenario)
    key = run_key(scenario.seed, block.replicate)
    agencies = block_agencies(scenario, block)
    try:
        settled = settled_world(scenario, values, processes, run_key=key, agencies=agencies)
        surveyed = _surveyed(scenario, values, processes, settled, agencies, key)
    except CapsimError:
        raise
    except Exception:
        reason = f"the world could not be settled: {traceback.format_exc()}"
        failed = [_failed(resolve_strategy(scenario, strategy)[0], reason) for strategy in block.strategies]
        return BlockResult(block.replicate, block.assumptions, failed, 0, math.nan)
    runs: list[Run] = []
    for strategy in block.strategies:
        name, make = resolve_strategy(scenario, strategy)
        try:
            record = simulate(
                settled.world.copy(),
                values,
                make(values),
                processes=processes,
                assistance_months=scenario.timeline.assistance,
                follow_up_months=scenario.timeline.follow_up,
                yearly_hours=scenario.assistance.budget_hours_per_year,
                run_key=key,
                log=block.keep_provision,
            )
        except CapsimError as error:
            runs.append(_failed(name, str(error)))
        except Exception:
            runs.append(_failed(name, traceback.format_exc()))
        else:
            outcomes = run_outcomes(record, values, assistance_months=scenario.timeline.assistance)
            kept = record.by_organization if block.keep_agencies else {}
            by_activity = record.ledger.by_activity
            runs.append(Run(name, outcomes, record.monthly, kept, by_activity, provision=record.provision))
    baseline = next((run.outcomes for run in runs if run.strategy == BASELINE), None)
    if baseline:
        for run in runs:
            if run.outcomes:
                run.outcomes.update(gains_over(run.outcomes, baseline))
    return BlockResult(block.replicate, block.assumptions, runs, settled.months, settled.drift, surveyed)


def _surveyed(
    scenario: Scenario,
    values: Values,
    processes: tuple[Process, ...],
    settled: Settled,
    agencies: AgencyTable,
    key: int,
) -> Surveyed | None:
    """What the items of the scenario's survey read in the settled world; None without a survey."""
    survey = survey_of(scenario, agencies)
    return None if survey is None else survey_world(settled.world, survey, values, processes, run_key=key)


def block_agencies(scenario: Scenario, block: Block) -> AgencyTable:
    """Agencies of a block, built once in a process for the same scenario and agency parameters."""
    from capsim.parameters import PARAMETERS

    relevant = tuple((name, value) for name, value in block.point.items() if PARAMETERS[name].group == "agencies")
    return _agencies(scenario, relevant)


def compile_kernels() -> None:
    """Run every kernel once on a tiny world, so that workers find them compiled on disk."""
    content = load_scenario("classroom").resolved()
    timeline = {"settling": 0, "assistance": 3, "follow_up": 1}
    run_block(Block({**content, "timeline": timeline}, ("none", "blended"), replicate=0))


def _failed(strategy: str, reason: str) -> Run:
    return Run(strategy, {}, np.empty((0, 0, 0)), {}, {}, failure=reason)

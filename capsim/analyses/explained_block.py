"""One replicate of an explanation: baseline and strategies month by month, and their arms. What workers run."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.pathways import ARMS, Arms, Inputs
from capsim.building import run_key, settled_world
from capsim.catalogue import BASELINE, SUPPORT_MEASURES, weighted
from capsim.comparison.asking import asked_month
from capsim.engine.run import Simulation
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError, InputError
from capsim.measures.groups import ASKED, GROUPS, Groups, groups_of
from capsim.parameters.constants import constants
from capsim.processes.implementation import IMPLEMENTATION
from capsim.processes.process import Stream
from capsim.runs.blocks import OUTCOME_GROUP, Block, begun, block_agencies, block_values, scenario_processes
from capsim.runs.regional import asked_about
from capsim.scenario import Scenario, as_scenario
from capsim.world import Layout

_TOLERANCE = 1e-12
HELPED = ("esa", "lea", "school")
"""Levels that have agencies above them."""
NO_SUPPORT = np.full((3, len(HELPED), len(SUPPORT_MEASURES)), np.nan)


class ExplainedBlock(NamedTuple):
    """Declared outcome in each arm of both strategies of a block in one replicate, (2, 64); empty if a run failed, with
    the strategy that did, and why. `support` is that of the baseline and both strategies in the last month, by level
    and measure, (3, 3, 5).
    """

    replicate: int
    assumptions: str
    arms: NDArray[np.float64]
    failures: Sequence[tuple[str, str]] = ()
    support: NDArray[np.float64] = NO_SUPPORT

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return len(self.failures)


def explain_block(block: Block) -> ExplainedBlock:
    """Settle the world of a replicate, run baseline and strategies from it in step, and integrate their arms.

    It is a RuntimeError if the arms do not reproduce the runs: then implementation and pathways.py differ.
    """
    scenario = as_scenario(block.scenario)
    values, processes = block_values(scenario, block), scenario_processes(scenario)
    key = run_key(scenario.seed, block.replicate)
    table = block_agencies(scenario, block)
    settled = settled_world(scenario, values, processes, run_key=key, agencies=table)
    start = settled.world
    asked = asked_about(scenario, table, table, start.layout.n_organizations > len(table))
    chosen = {resolve_strategy(scenario, strategy)[0]: strategy for strategy in (BASELINE, *block.strategies)}
    runs: dict[str, Simulation] = {}

    def begin(name: str) -> None:
        runs[name], own, _ = begun(scenario, block, chosen[name], settled, processes, table)
        if own.arranged is not None:
            raise InputError(f"{name} has a structure of its own; explain compares strategies in the same agencies")

    for name in chosen:
        if reason := _failure_of(begin, name):
            return _failed(block, name, reason)
    settings: dict[str, Any] = {
        "outcome": scenario.question.outcome,
        "implementing": any(process.name == IMPLEMENTATION.name for process in processes),
    }
    arms = {name: Arms(start, values, **settings) for name in runs if name != BASELINE}
    stream = Stream(IMPLEMENTATION, start, key)
    for month in range(asked_month(scenario)):
        for name, run in runs.items():
            if reason := _failure_of(run.advance):
                return _failed(block, name, reason)
        numbers = stream.fill(month).organization
        inputs = {name: Inputs.of(run.world, constants(run.values)) for name, run in runs.items()}
        for name, own in arms.items():
            own.advance(inputs[BASELINE], inputs[name], numbers)
    means = _outcomes(scenario, runs, arms, start.layout, asked)
    wanted = [resolve_strategy(scenario, strategy)[0] for strategy in block.strategies]
    support = np.array([_support(runs[name], asked_month(scenario) - 1) for name in (BASELINE, *wanted)])
    arms_of = np.array([means[name] for name in wanted])
    return ExplainedBlock(block.replicate, block.assumptions, arms_of, support=support)


def _support(run: Simulation, month: int) -> NDArray[np.float64]:
    """Support and its factors in a month, mean by level, (3, 5); NaN where there is none."""
    if month < 0:
        nothing: NDArray[np.float64] = NO_SUPPORT[0]
        return nothing
    groups = [GROUPS.index(level) for level in HELPED]
    measures = [run.recorder.columns.index(name) for name in SUPPORT_MEASURES]
    found: NDArray[np.float64] = run.recorder.monthly[month][np.ix_(groups, measures)]
    return found


def _outcomes(
    scenario: Scenario,
    runs: dict[str, Simulation],
    arms: dict[str, Arms],
    layout: Layout,
    asked: NDArray[np.bool_] | None,
) -> dict[str, NDArray[np.float64]]:
    """Mean of every arm over districts, counted as the question says, (64,) by strategy, checked against the runs."""
    row, column = asked_month(scenario) - 1, scenario.recorded.index(scenario.asked.name)
    areas = [k for k, name in enumerate(scenario.area_names) if scenario.question.area in ("", name)]
    whose = OUTCOME_GROUP if asked is None else ASKED[0]
    group = (*GROUPS, *ASKED).index(weighted(whose, scenario.question.weight))
    simulated = {
        name: float(run.recorder.monthly[row, group, column]) if row >= 0 else np.nan for name, run in runs.items()
    }
    means = {BASELINE: np.full(ARMS, simulated[BASELINE])}
    for name, own in arms.items():
        groups = groups_of(layout, asked)
        mean = _group_means(own.state[..., areas], groups, group) if row >= 0 else np.full(ARMS, np.nan)
        expected = np.array([simulated[BASELINE], simulated[name]])
        if not np.allclose(mean[[0, -1]], expected, rtol=0.0, atol=_TOLERANCE, equal_nan=True):
            raise RuntimeError(f"the arms of {name!r} give {mean[[0, -1]]}, the runs gave {expected}")
        means[name] = mean
    return means


def _group_means(state: NDArray[np.float64], groups: Groups, group: int) -> NDArray[np.float64]:
    """Weighted mean over a group of the mean over areas, (arms,); NaN where nobody counts."""
    inside = slice(groups.first[group], groups.first[group + 1])
    member, weight = groups.member[inside], groups.weight[inside]
    if not weight.any():
        return np.full(len(state), np.nan)
    mean: NDArray[np.float64] = state[:, member].mean(axis=2) @ weight / weight.sum()
    return mean


def _failure_of(act: Callable[..., None], *arguments: str) -> str:
    """Do it; say why it failed, or return an empty text."""
    try:
        act(*arguments)
    except CapsimError as error:
        return str(error)
    except (ArithmeticError, ValueError, TypeError, LookupError, RuntimeError):
        return traceback.format_exc()
    return ""


def _failed(block: Block, strategy: str, reason: str) -> ExplainedBlock:
    return ExplainedBlock(block.replicate, block.assumptions, np.empty((0, 0)), [(strategy, reason)])

"""One replicate of an explanation: baseline and strategies month by month, and their arms. What workers run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.pathways import ARMS, Arms, Inputs
from capsim.catalogue import BASELINE, SUPPORT_MEASURES
from capsim.comparison.asking import asked_month, group_asked
from capsim.engine.run import Simulation
from capsim.engine.strategies import resolve_strategy
from capsim.measures.groups import GROUPS, Groups, groups_of
from capsim.parameters.constants import constants
from capsim.processes.implementation import IMPLEMENTATION
from capsim.processes.process import Stream
from capsim.runs.blocks import RECORDED, Block, Ground, attempted
from capsim.runs.outcomes import asked_about
from capsim.scenario import Scenario

_TOLERANCE = 1e-12
HELPED = ("esa", "lea", "school")
"""Levels that have agencies above them."""
NO_SUPPORT = np.full((3, len(HELPED), len(SUPPORT_MEASURES)), np.nan)


class ExplainedBlock(NamedTuple):
    """Declared outcome in each arm of both strategies of a block in one replicate, (2, 64); empty if a run failed, with
    the strategy that did, and why. `support` is that of the baseline and both strategies in the last month, by level
    and measure, (3, 3, 5). `structure` is what the structure of each strategy moves without help, (2,); None where
    both have the agencies of today.
    """

    replicate: int
    assumptions: str
    arms: NDArray[np.float64]
    failures: Sequence[tuple[str, str]] = ()
    support: NDArray[np.float64] = NO_SUPPORT
    structure: NDArray[np.float64] | None = None

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return len(self.failures)


class _Paired(NamedTuple):
    """A strategy and no help in the same agencies, its arms, the draws of implementation there, and who counts."""

    run: Simulation
    alone: Simulation
    arms: Arms
    stream: Stream
    groups: Groups


def explain_block(block: Block) -> ExplainedBlock:
    """Settle the world of a replicate, run baseline and strategies from it in step, and integrate their arms.

    A strategy with a structure has a baseline of its own, without help in its agencies. It is a RuntimeError if the
    arms do not reproduce the runs: then implementation and pathways.py differ.
    """
    ground = Ground.of(block)
    scenario, settled = ground.scenario, ground.settled()
    wanted = [resolve_strategy(scenario, strategy)[0] for strategy in block.strategies]
    runs: dict[tuple[str, str], Simulation] = {}
    pairs: dict[str, _Paired] = {}

    def begin(name: str, strategy: Any) -> None:
        run, start, own = ground.begun(settled, strategy)
        runs[name, ""] = run
        if name == BASELINE:
            return
        if start.arranged is not None:
            runs[BASELINE, name], *_ = ground.begun(settled, BASELINE, under=strategy)
        alone = runs.get((BASELINE, name), runs[BASELINE, ""])
        asked = asked_about(scenario, ground.agencies, own, alone.world.layout.n_organizations > len(own))
        implementing = any(process.name == IMPLEMENTATION.name for process in ground.processes)
        arms = Arms(run.world, ground.values, outcome=scenario.question.outcome, implementing=implementing)
        stream = Stream(IMPLEMENTATION, alone.world, ground.key)
        pairs[name] = _Paired(run, alone, arms, stream, groups_of(alone.world.layout, asked))

    for name, strategy in {BASELINE: BASELINE, **dict(zip(wanted, block.strategies, strict=True))}.items():
        if reason := attempted(0.0, partial(begin, name, strategy), mendable=True)[1]:
            return _failed(block, name, reason)
    for month in range(asked_month(scenario)):
        for (name, _), run in runs.items():
            if reason := attempted(0.0, run.advance, mendable=True)[1]:
                return _failed(block, name, reason)
        for pair in pairs.values():
            without, own = (Inputs.of(run.world, constants(run.values)) for run in (pair.alone, pair.run))
            pair.arms.advance(without, own, pair.stream.fill(month).organization)
    return _explained(scenario, block, wanted, runs[BASELINE, ""], pairs)


def _explained(
    scenario: Scenario, block: Block, wanted: Sequence[str], baseline: Simulation, pairs: dict[str, _Paired]
) -> ExplainedBlock:
    """What the runs came to."""
    today = _simulated(scenario, baseline)
    means = {name: _outcomes(scenario, name, pair) for name, pair in pairs.items()}
    arms = np.array([means.get(name, np.full(ARMS, today)) for name in wanted])
    last = asked_month(scenario) - 1
    ends = [baseline, *(pairs[name].run if name in pairs else baseline for name in wanted)]
    support = np.array([_support(run, last) for run in ends])
    structure = None
    if any(pair.alone is not baseline for pair in pairs.values()):
        structure = np.array([_simulated(scenario, pairs[n].alone) - today if n in pairs else 0.0 for n in wanted])
    return ExplainedBlock(block.replicate, block.assumptions, arms, support=support, structure=structure)


def _support(run: Simulation, month: int) -> NDArray[np.float64]:
    """Support and its factors in a month, mean by level, (3, 5); NaN where there is none."""
    if month < 0:
        nothing: NDArray[np.float64] = NO_SUPPORT[0]
        return nothing
    groups = [GROUPS.index(level) for level in HELPED]
    measures = [run.recorder.columns.index(name) for name in SUPPORT_MEASURES]
    found: NDArray[np.float64] = run.recorder.monthly[month][np.ix_(groups, measures)]
    return found


def _simulated(scenario: Scenario, run: Simulation) -> float:
    """The declared outcome of a run; NaN before its first month."""
    row, column = asked_month(scenario) - 1, scenario.recorded.index(scenario.asked.name)
    return float(run.recorder.monthly[row, RECORDED.index(group_asked(scenario)), column]) if row >= 0 else np.nan


def _outcomes(scenario: Scenario, name: str, pair: _Paired) -> NDArray[np.float64]:
    """Mean of every arm over those whom the outcome is of, (64,), checked against the runs."""
    areas = [k for k, area in enumerate(scenario.area_names) if scenario.question.area in ("", area)]
    mean = np.full(ARMS, np.nan)
    if asked_month(scenario) > 0:
        mean = _group_means(pair.arms.state[..., areas], pair.groups, RECORDED.index(group_asked(scenario)))
    expected = np.array([_simulated(scenario, run) for run in (pair.alone, pair.run)])
    if not np.allclose(mean[[0, -1]], expected, rtol=0.0, atol=_TOLERANCE, equal_nan=True):
        raise RuntimeError(f"the arms of {name!r} give {mean[[0, -1]]}, the runs gave {expected}")
    return mean


def _group_means(state: NDArray[np.float64], groups: Groups, group: int) -> NDArray[np.float64]:
    """Weighted mean over a group of the mean over areas, (arms,); NaN where nobody counts."""
    inside = slice(groups.first[group], groups.first[group + 1])
    member, weight = groups.member[inside], groups.weight[inside]
    if not weight.any():
        return np.full(len(state), np.nan)
    mean: NDArray[np.float64] = state[:, member].mean(axis=2) @ weight / weight.sum()
    return mean


def _failed(block: Block, strategy: str, reason: str) -> ExplainedBlock:
    return ExplainedBlock(block.replicate, block.assumptions, np.empty((0, 0)), [(strategy, reason)])

"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from capsim.assistance.strategy import Strategy
from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.break_even import find_break_even, problem_with_parameter
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import mean_interval
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError
from capsim.numbers import listed, real_number
from capsim.runs.blocks import Block, BlockResult, run_blocks
from capsim.runs.limits import can_be_interrupted
from capsim.runs.workers import Workers, hired, workers_problem
from capsim.scenario import Scenario, as_scenario

__all__ = ["compare"]

PILOT, BATCH, MOST_REPLICATIONS = 30, 10, 2000
"""Replications of the precision rule: pilot, batch, and where it gives up."""


def compare(
    scenario: Scenario | str | Path,
    strategies: Sequence[str | Strategy | type[Strategy]] | None = None,
    *,
    replications: int | None = None,
    precision: float | None = None,
    workers: int | Workers = 1,
    seed: int | None = None,
    uncertainty: str | None = None,
    break_even: Sequence[str] = (),
    keep_agencies: bool = False,
    time_limit_seconds: float = 0.0,
    progress: Callable[[int, int, int], None] | None = None,
) -> Comparison:
    """Run strategies in paired replications and compare them.

    Every replicate settles one world without assistance and runs all strategies from it with the same random numbers.
    With uncertainty "assumed" a second set of replicates draws every assumed parameter from its prior, the same for all
    strategies.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path.
    strategies : sequence, optional
        Names, `Strategy` objects or classes; those of the scenario without it. `none` is added, because gains are over
        it.
    replications : int, optional
        At least 2; the scenario's without it.
    precision : float, optional
        Instead of `replications`: pilot of 30, then batches of 10 until the t interval of the declared contrast
        (assumptions at their defaults) has at most this half-width, in units of the outcome; at most 2,000.
    workers : int or Workers
        Local processes, or anybody's workers (docs/executors.md); the numbers do not depend on them.
    seed : int, optional
        Instead of the scenario's.
    uncertainty : {"assumed", "none"}, optional
        Instead of the scenario's.
    break_even : sequence of str
        Parameters whose break-even value of the contrast is looked for.
    keep_agencies : bool
        Keep the measures of every agency at the two moments.
    time_limit_seconds : float
        Of one run; one that takes longer is a failed run. 0 is none.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.
    """
    scenario = as_scenario(scenario, replications=replications, seed=seed, uncertainty=uncertainty)
    chosen = _with_baseline(scenario, strategies)
    names = tuple(resolve_strategy(scenario, strategy)[0] for strategy in chosen)
    _check(scenario, names, chosen, workers, precision, break_even)
    limit = real_number("time_limit_seconds", time_limit_seconds, least=0.0)
    settings = ("default", "drawn") if scenario.uncertainty == "assumed" else ("default",)

    def blocks(replicates: range) -> list[Block]:
        content = scenario.resolved()
        return [
            Block(
                content,
                chosen,
                replicate,
                assumptions,
                keep_agencies=keep_agencies,
                keep_provision=True,
                time_limit_seconds=limit,
            )
            for replicate in replicates
            for assumptions in settings
        ]

    with hired(workers, alone=limit > 0.0 and not can_be_interrupted()) as crew:
        if precision is None:
            results = list(run_blocks(blocks(range(scenario.replications)), workers=crew, progress=progress))
        else:
            results = _until_precise(scenario, blocks, precision, crew, progress)
        found = [
            find_break_even(scenario, parameter, chosen, workers=crew, progress=progress) for parameter in break_even
        ]
    return assemble_comparison(scenario, names, results, found, precision=precision)


def _with_baseline(scenario: Scenario, strategies: Sequence[Any] | None) -> tuple[Any, ...]:
    chosen = tuple(scenario.strategy_names) if strategies is None else listed("strategies", strategies)
    return chosen if "none" in chosen else ("none", *chosen)


def _check(
    scenario: Scenario,
    names: tuple[str, ...],
    chosen: tuple[Any, ...],
    workers: int | Workers,
    precision: float | None,
    break_even: Sequence[str],
) -> None:
    problems = [problem for parameter in break_even if (problem := problem_with_parameter(parameter)) is not None]
    if len(set(names)) < len(names):
        problems.append(f"strategies: two have the same name: {', '.join(names)}")
    for name in scenario.question.contrast:
        if name not in names:
            problems.append(f"question.contrast: {name} is not among the strategies compared: {', '.join(names)}")
    if (problem := workers_problem(workers)) is not None:
        problems.append(problem)
    if workers != 1 and not all(isinstance(strategy, str) for strategy in chosen):
        problems.append(
            "workers: strategies given as objects or classes run in this process; use workers=1, "
            "or name them as plugin in the scenario"
        )
    if precision is not None and not 0.0 < precision < 1e6:
        problems.append(f"precision: must be above 0, got {precision}")
    if problems:
        raise InputError(problems)


def _until_precise(
    scenario: Scenario,
    blocks: Callable[[range], list[Block]],
    precision: float,
    crew: Workers,
    progress: Callable[[int, int, int], None] | None,
) -> list[BlockResult]:
    results: list[BlockResult] = []
    done, wanted = 0, PILOT
    while True:
        results += run_blocks(blocks(range(done, wanted)), workers=crew, progress=progress)
        done = wanted
        half = mean_interval(_contrast(scenario, results)).half_width
        if half <= precision or done >= MOST_REPLICATIONS:
            return results
        wanted = min(done + BATCH, MOST_REPLICATIONS)


def _contrast(scenario: Scenario, results: list[BlockResult]) -> np.ndarray:
    column = f"{scenario.question.outcome}_{scenario.question.at}"
    first, second = scenario.question.contrast
    differences = []
    for result in results:
        outcomes = {run.strategy: run.outcomes for run in result.runs if run.outcomes}
        if result.assumptions == "default" and first in outcomes and second in outcomes:
            differences.append(outcomes[first][column] - outcomes[second][column])
    return np.array(differences)

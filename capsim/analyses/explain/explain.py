"""Explain: which pathways make one strategy better than another, by Shapley values under the same luck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from capsim.analyses.explain.arms import ARMS, EXPLAINED_OUTCOMES
from capsim.analyses.explain.blocks import ExplainedBlock, explain_block
from capsim.analyses.explain.result import Explanation
from capsim.analyses.explain.shapley import shapley_values
from capsim.assistance.strategy import Strategy
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError, InputError
from capsim.runs.blocks import BASELINE, Block
from capsim.runs.workers import Workers, map_blocks, workers_problem
from capsim.scenario import Scenario, as_scenario

__all__ = ["explain"]


def explain(
    scenario: Scenario | str | Path,
    first: str | Strategy | type[Strategy],
    second: str | Strategy | type[Strategy] = "none",
    *,
    replications: int | None = None,
    workers: int | Workers = 1,
    seed: int | None = None,
    uncertainty: str | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Explanation:
    """Contribution of each pathway to the paired difference of two strategies in the declared outcome.

    Every replicate settles one world and runs the baseline `none` and both strategies from it with the same luck, as
    `capsim.compare` does. A pathway is off when what it feeds into implementation is that of the baseline
    (arms.py says exactly what); all 64 combinations are integrated for each strategy. The Shapley values of
    ``first - none`` minus those of ``second - none`` are the contributions; in every replicate they sum to the
    difference of the two strategies.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path.
    first, second : str, Strategy or subclass of Strategy
        Need not be among the scenario's.
    replications : int, optional
        At least 2; the scenario's without it. Intervals from fewer than about 8 are rough.
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Instead of the scenario's.
    uncertainty : {"assumed", "none"}, optional
        Instead of the scenario's; "assumed" adds replicates that draw every assumed parameter.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong, or the declared outcome is not one that implementation determines.
    """
    scenario = as_scenario(scenario, replications=replications, seed=seed, uncertainty=uncertainty)
    names = _check(scenario, first, second, workers)
    settings = ("default", "drawn") if scenario.uncertainty == "assumed" else ("default",)
    content = scenario.resolved()
    blocks = [
        Block(content, (first, second), replicate, assumptions)
        for replicate in range(scenario.replications)
        for assumptions in settings
    ]
    return _assemble(
        scenario, names, settings, list(map_blocks(explain_block, blocks, workers=workers, progress=progress))
    )


def _check(scenario: Scenario, first: object, second: object, workers: int | Workers) -> tuple[str, str]:
    """Names of the strategies, after everything that can be wrong before a run."""
    problems: list[str] = []
    names: list[str] = []
    for strategy in (first, second):
        try:
            names.append(resolve_strategy(scenario, strategy)[0])  # type: ignore[arg-type]
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if len(names) == 2 and names[0] == names[1] and first is not second and first != second:
        problems.append(f"strategies: two different ones have the same name: {names[0]}")
    if any(name == BASELINE and given != BASELINE for name, given in zip(names, (first, second), strict=False)):
        problems.append(f"strategies: {BASELINE} is the name of the baseline; give yours another")
    if scenario.question.outcome not in EXPLAINED_OUTCOMES:
        problems.append(
            f"question.outcome: {scenario.question.outcome} cannot be taken apart; "
            f"{', '.join(EXPLAINED_OUTCOMES[:-1])} and {EXPLAINED_OUTCOMES[-1]} can"
        )
    if (problem := workers_problem(workers)) is not None:
        problems.append(problem)
    if workers != 1 and not (isinstance(first, str) and isinstance(second, str)):
        problems.append(
            "workers: strategies given as objects or classes run in this process; use workers=1, "
            "or name them as plugin in the scenario"
        )
    if problems:
        raise InputError(problems)
    return names[0], names[1]


def _assemble(
    scenario: Scenario, names: tuple[str, str], settings: tuple[str, ...], results: list[ExplainedBlock]
) -> Explanation:
    """Shapley values of all finished replicates."""
    arms, replicates = {}, {}
    failures: list[dict[str, Any]] = []
    for assumptions in settings:
        own = [result for result in results if result.assumptions == assumptions]
        done = [result for result in own if not result.failures]
        arms[assumptions] = np.array([result.arms for result in done]).reshape(len(done), 2, ARMS)
        replicates[assumptions] = tuple(result.replicate for result in done)
        for result in own:
            labels = {"replicate": result.replicate, "assumptions": assumptions}
            failures += [{"strategy": name, **labels, "reason": reason} for name, reason in result.failures]
    if not any(replicates.values()):
        reason = failures[0]["reason"].strip().splitlines()[-1]
        raise CapsimError(f"explain: no replicate finished; {failures[0]['strategy']}: {reason}")
    gains = {assumptions: shapley_values(table) for assumptions, table in arms.items()}
    return Explanation(scenario, names[0], names[1], gains, arms, replicates, failures)

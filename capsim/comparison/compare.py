"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

import numpy as np

from capsim.assistance.strategy import Strategy
from capsim.comparison.alone import replications_alone, run_alone
from capsim.comparison.asking import check_running, contrast_of, outcome_column, with_contrast, with_weight
from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.break_even import difference_in, find_break_even, problem_with_parameter
from capsim.comparison.comparison import Comparison
from capsim.comparison.running import Limited, refuse_unknown
from capsim.comparison.statistics import mean_interval
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError, Problems
from capsim.numbers import listed, real_number
from capsim.runs.blocks import BASELINE, Block, BlockResult, run_blocks
from capsim.runs.limits import can_be_interrupted
from capsim.runs.workers import Workers, hired
from capsim.scenario import Scenario, as_scenario, refuse_single_run

PILOT, BATCH, MOST_REPLICATIONS = 30, 10, 2000
"""Replications of the precision rule: pilot, batch, and where it gives up."""
_USUAL: Limited = {"workers": 1, "seed": None, "progress": None, "time_limit_seconds": 0.0}


def compare(
    scenario: Any,
    strategies: Sequence[str | Strategy | type[Strategy]] | str | None = None,
    *,
    contrast: Sequence[Any] | None = None,
    replications: int | None = None,
    precision: float | None = None,
    uncertainty: str | None = None,
    break_even: Sequence[str] | str = (),
    weight: str | None = None,
    keep_agencies: bool = False,
    variants: bool | None = None,
    **running: Unpack[Limited],
) -> Comparison:
    """Run strategies in paired replications and compare them.

    Every replicate settles one world without assistance and runs all strategies from it with the same random numbers.
    With uncertainty "assumed" a second set of replicates draws every assumed parameter from its prior, with "structure"
    a variant of every rule too, the same for all strategies.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path.
    strategies : sequence, optional
        Names, `Strategy` objects or classes; those of the scenario without it. `none` is added, because gains are over
        it.
    contrast : (str, str), optional
        Two of them, the first minus the second. Without it the scenario's, if both are compared; else the first two, or
        the only one against `none`.
    replications : int, optional
        At least 2; the scenario's without it.
    precision : float, optional
        Instead of `replications`: pilot of 30, then batches of 10 until the t interval of the declared contrast
        (assumptions at their defaults) has at most this half-width, in units of the outcome; at most 2,000.
    uncertainty : {"assumed", "structure", "none"}, optional
        Instead of the scenario's.
    break_even : sequence of str
        Parameters whose break-even value of the contrast is looked for.
    weight : {"pupils", "districts", "positions"}, optional
        How districts count in the answer, instead of what the scenario's question says. All three means are kept.
    keep_agencies : bool
        Keep the measures of every agency at the two moments.
    variants : bool, optional
        After the main runs, run the contrast under each variant of a rule alone, at about their cost at most; see
        `Comparison.by_variant_alone`. Without it where rules are drawn.
    **running
        workers, seed, time_limit_seconds, progress: see `capsim.comparison.running.Limited`.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.
    """
    refuse_unknown("compare", running, _USUAL)
    run: Limited = {**_USUAL, **running}
    workers, progress = run["workers"], run["progress"]
    scenario = as_scenario(scenario, replications=replications, seed=run["seed"], uncertainty=uncertainty)
    problems = Problems()
    if precision is None:
        problems.ask(refuse_single_run, scenario)
    scenario = problems.ask(with_weight, scenario, weight) or scenario
    chosen = problems.ask(_chosen, scenario, strategies)
    parameters = problems.ask(listed, "break_even:", break_even) or ()
    problems += [problem for one in parameters if (problem := problem_with_parameter(one)) is not None]
    pair = None if chosen is None else problems.ask(contrast_of, scenario, tuple(chosen), contrast)
    check_running(problems, workers, progress)
    if workers != 1 and not all(isinstance(strategy, str) for strategy in (chosen or {}).values()):
        problems.append(
            "workers: strategies given as objects or classes run in this process; use workers=1, "
            "or name them as plugin in the scenario"
        )
    wanted = None if precision is None else problems.ask(real_number, "precision:", precision, most=1e6)
    if wanted is not None and wanted <= 0.0:
        problems.append(f"precision: must be above 0, got {precision}")
    limit = problems.ask(real_number, "time_limit_seconds:", run["time_limit_seconds"], least=0.0)
    problems.raise_any()
    assert pair is not None
    asked = with_contrast(scenario, pair)
    settings = ("default",) if scenario.uncertainty == "none" else ("default", "drawn")

    def blocks(replicates: range) -> list[Block]:
        return [
            Block(
                scenario,
                tuple(chosen.values()),
                replicate,
                assumptions,
                keep_agencies=keep_agencies,
                keep_provision=True,
                keep_regions=True,
                time_limit_seconds=limit,
            )
            for replicate in replicates
            for assumptions in settings
        ]

    with hired(workers, alone=limit > 0.0 and not can_be_interrupted()) as crew:
        if wanted is None:
            results = list(run_blocks(blocks(range(scenario.replications)), workers=crew, progress=progress))
        else:
            results = _until_precise(asked, blocks, wanted, crew, progress)
        found = [
            find_break_even(scenario, parameter, chosen, pair, workers=crew, progress=progress)
            for parameter in parameters
        ]
        alone = None
        if scenario.uncertainty == "structure" if variants is None else variants:
            done = len({result.replicate for result in results})
            few = replications_alone(scenario, blocks=len(results), strategies=len(chosen), replications=done)
            alone = run_alone(
                scenario,
                chosen,
                pair,
                replications=few,
                workers=crew,
                time_limit_seconds=limit,
                progress=progress,
            )
    return assemble_comparison(asked, tuple(chosen), results, found, precision=wanted, alone=alone)


def _chosen(scenario: Scenario, strategies: Any) -> Mapping[str, Any]:
    """What is compared by name, the baseline among it."""
    given = scenario.strategy_names if strategies is None else listed("strategies:", strategies)
    given = given if any(isinstance(one, str) and one == BASELINE for one in given) else (BASELINE, *given)
    problems = Problems()
    names = []
    for one in given:
        try:
            names.append(resolve_strategy(scenario, one)[0])
        except InputError as error:
            problems += error.problems
    problems.raise_any()
    if len(set(names)) < len(names):
        raise InputError(f"strategies: two have the same name: {', '.join(names)}")
    return dict(zip(names, given, strict=True))


def _until_precise(
    scenario: Scenario,
    blocks: Callable[[range], list[Block]],
    precision: float,
    crew: Workers,
    progress: Callable[[int, int, int], None] | None,
) -> list[BlockResult]:
    results: list[BlockResult] = []
    first, second = scenario.question.contrast
    column = outcome_column(scenario, None)
    done, wanted = 0, PILOT
    while True:
        results += run_blocks(blocks(range(done, wanted)), workers=crew, progress=progress)
        done = wanted
        differences = np.array(
            [difference_in(one, (first, second), column) for one in results if one.assumptions == "default"]
        )
        differences = differences[~np.isnan(differences)]
        half = mean_interval(differences).half_width
        if half <= precision or done >= MOST_REPLICATIONS or not len(differences):
            return results
        wanted = min(done + BATCH, MOST_REPLICATIONS)

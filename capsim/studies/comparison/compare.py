"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.assistance.strategy import Strategy
from capsim.catalogue import MEASURES
from capsim.errors import InputError
from capsim.model.recorder import GROUPS
from capsim.model.strategies import resolve_strategy
from capsim.parameters import assumed_parameters
from capsim.scenario import Scenario, build_agencies, load_scenario, scenario_from_mapping, scenario_hash, survey_of
from capsim.studies.comparison.break_even import find_break_even, problem_with_parameter
from capsim.studies.comparison.comparison import Comparison, Settling
from capsim.studies.comparison.provision import chain_table, hours_table, instruments_table
from capsim.studies.comparison.statistics import mean_interval
from capsim.studies.comparison.survey import survey_table
from capsim.studies.output.provenance import provenance
from capsim.studies.runs.blocks import Block, BlockResult, block_values
from capsim.studies.runs.executors import BlockWorkers, run_blocks
from capsim.studies.runs.identity import NOT_PART_OF_A_RUN, run_id

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assemble_comparison", "compare"]

PILOT, BATCH, MOST_REPLICATIONS = 30, 10, 2000
"""Replications of the precision rule: pilot, batch, and where it gives up."""


def compare(
    scenario: Scenario | str | Path,
    strategies: Sequence[str | Strategy | type[Strategy]] | None = None,
    *,
    replications: int | None = None,
    precision: float | None = None,
    workers: int = 1,
    seed: int | None = None,
    uncertainty: str | None = None,
    break_even: Sequence[str] = (),
    keep_agencies: bool = False,
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
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Instead of the scenario's.
    uncertainty : {"assumed", "none"}, optional
        Instead of the scenario's.
    break_even : sequence of str
        Parameters whose break-even value of the contrast is looked for.
    keep_agencies : bool
        Keep the measures of every agency at the two moments.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.
    """
    scenario = _adjusted(
        scenario if isinstance(scenario, Scenario) else load_scenario(scenario), replications, seed, uncertainty
    )
    chosen = _with_baseline(scenario, strategies)
    names = tuple(resolve_strategy(scenario, strategy)[0] for strategy in chosen)
    _check(scenario, names, chosen, workers, precision, break_even)
    settings = ("default", "drawn") if scenario.uncertainty == "assumed" else ("default",)

    def blocks(replicates: range) -> list[Block]:
        content = scenario.resolved()
        return [
            Block(content, chosen, replicate, assumptions, keep_agencies=keep_agencies, keep_provision=True)
            for replicate in replicates
            for assumptions in settings
        ]

    if precision is None:
        results = list(run_blocks(blocks(range(scenario.replications)), workers=workers, progress=progress))
    else:
        results = _until_precise(scenario, blocks, precision, workers, progress)
    found = [
        find_break_even(scenario, parameter, chosen, workers=workers, progress=progress) for parameter in break_even
    ]
    return assemble_comparison(scenario, names, results, found, precision=precision)


def _adjusted(scenario: Scenario, replications: int | None, seed: int | None, uncertainty: str | None) -> Scenario:
    given = {"replications": replications, "seed": seed, "uncertainty": uncertainty}
    changes = {name: value for name, value in given.items() if value is not None}
    return scenario_from_mapping({**scenario.resolved(), **changes}) if changes else scenario


def _with_baseline(scenario: Scenario, strategies: Sequence[Any] | None) -> tuple[Any, ...]:
    chosen = tuple(scenario.strategy_names) if strategies is None else tuple(strategies)
    return chosen if "none" in chosen else ("none", *chosen)


def _check(
    scenario: Scenario, names: tuple[str, ...], chosen: tuple[Any, ...], workers: int, precision: float | None,
    break_even: Sequence[str],
) -> None:  # fmt: skip
    problems = [problem for parameter in break_even if (problem := problem_with_parameter(parameter)) is not None]
    if len(set(names)) < len(names):
        problems.append(f"strategies: two have the same name: {', '.join(names)}")
    for name in scenario.question.contrast:
        if name not in names:
            problems.append(f"question.contrast: {name} is not among the strategies compared: {', '.join(names)}")
    if workers < 1:
        problems.append(f"workers: must be 1 or more, got {workers}")
    if workers > 1 and not all(isinstance(strategy, str) for strategy in chosen):
        problems.append(
            "workers: strategies given as objects or classes run in this process; use workers=1, "
            "or name them as plugin in the scenario"
        )
    if precision is not None and not 0.0 < precision < 1e6:
        problems.append(f"precision: must be above 0, got {precision}")
    if problems:
        raise InputError(problems)


def _until_precise(
    scenario: Scenario, blocks: Callable[[range], list[Block]], precision: float, workers: int,
    progress: Callable[[int, int, int], None] | None,
) -> list[BlockResult]:  # fmt: skip
    results: list[BlockResult] = []
    done, wanted = 0, PILOT
    with BlockWorkers(workers) as kept:
        while True:
            results += run_blocks(blocks(range(done, wanted)), workers=kept, progress=progress)
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


def assemble_comparison(
    scenario: Scenario, names: tuple[str, ...], results: list[BlockResult], found: list[Any], *,
    precision: float | None = None,
) -> Comparison:  # fmt: skip
    """Tables of the runs of some blocks, with who they are and where they come from.

    Parameters
    ----------
    scenario : Scenario
    names : tuple of str
        Strategies of the blocks.
    results : list of BlockResult
    found : list of BreakEven
    precision : float, optional
        Half-width asked for, when replications were chosen by it.
    """
    import pandas as pd

    identity = scenario_hash(scenario)
    content = scenario_hash(scenario, leave_out=NOT_PART_OF_A_RUN)
    own = dict(zip(scenario.strategy_names, scenario.resolved()["strategies"], strict=True))
    runs, monthly, agencies, chain, instruments, hours, failures = [], [], [], [], [], [], []
    table = build_agencies(scenario, block_values(scenario, Block(scenario.resolved(), names, 0)))
    for result in results:
        for run in result.runs:
            who = run_id(
                scenario_hash=content, strategy=own.get(run.strategy, run.strategy), replicate=result.replicate,
                point={"assumptions": result.assumptions},
            )  # fmt: skip
            labels = {
                "run_id": who,
                "strategy": run.strategy,
                "replicate": result.replicate,
                "assumptions": result.assumptions,
            }
            status = "failed" if run.failure else "done"
            runs.append({**labels, "scenario": scenario.name, "status": status, **run.outcomes})
            if run.failure:
                failures.append({**labels, "reason": run.failure})
                continue
            monthly.append(_monthly_table(run.monthly, labels))
            if run.by_organization:
                agencies.append(_agency_table(run.by_organization, labels, table))
            if run.provision is not None:
                chain.append(chain_table(run.provision, labels))
                instruments.append(instruments_table(run.provision, labels))
                hours.append(hours_table(run.provision, labels))
    survey = survey_of(scenario, table)
    values = [{"replicate": r.replicate, **_assumed_values(scenario, r)} for r in results if r.assumptions == "drawn"]
    return Comparison(
        scenario=scenario, strategies=names, runs=pd.DataFrame(runs),
        monthly=_together(monthly), agencies=_together(agencies), chain=_together(chain),
        instruments=_together(instruments), hours=_together(hours),
        draws=pd.DataFrame(values), failures=failures,
        settling=[Settling(r.replicate, r.assumptions, r.settling_months, r.drift) for r in results],
        notes=tuple(table.notes), break_even=found,
        survey=pd.DataFrame() if survey is None else survey_table(survey, table, results),
        provenance=provenance(
            scenario, identity, precision=precision, replications=len({result.replicate for result in results})
        ),
    )  # fmt: skip


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()


def _assumed_values(scenario: Scenario, result: BlockResult) -> dict[str, float]:
    values = block_values(scenario, Block({}, (), result.replicate, "drawn"))
    return {parameter.name: values[parameter.name] for parameter in assumed_parameters()}


def _monthly_table(record: np.ndarray, labels: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    months, groups, measures = record.shape
    table = pd.DataFrame(record.reshape(months * groups, measures), columns=list(MEASURES))
    table.insert(0, "level", np.tile(np.array(GROUPS), months))
    table.insert(0, "month", np.repeat(np.arange(1, months + 1), groups))
    for position, (name, value) in enumerate(labels.items()):
        table.insert(position, name, value)
    defined: pd.DataFrame = table.loc[~np.isnan(table["use"].to_numpy())]
    return defined


def _agency_table(kept: dict[int, np.ndarray], labels: dict[str, Any], agencies: Any) -> pd.DataFrame:
    import pandas as pd

    tables = []
    for month, measured in kept.items():
        of_agencies = measured[:, : len(agencies)]  # the TA center comes after them and is not reported
        table = pd.DataFrame(of_agencies.T, columns=list(MEASURES))
        table.insert(0, "month", month)
        table.insert(0, "agency", agencies.id)
        for position, (name, value) in enumerate(labels.items()):
            table.insert(position, name, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)

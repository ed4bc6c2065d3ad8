"""What somebody wants compared, checked; and the runs that it takes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from capsim.assistance.strategy import Strategy
from capsim.catalogue import BASELINE
from capsim.comparison.asking import (
    Asked,
    Limited,
    check_running,
    contrast_of,
    difference_in,
    outcome_column,
    with_contrast,
    with_weight,
)
from capsim.comparison.districts import MOST_UNASKED
from capsim.comparison.extras import districts_of
from capsim.comparison.statistics import mean_interval
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError, Problems
from capsim.numbers import listed, real_number
from capsim.runs.blocks import Block, BlockResult, needs_own_process
from capsim.runs.crews import hired, run_blocks
from capsim.runs.workers import Progress, Workers
from capsim.scenario import Scenario, as_scenario, refuse_single_run

PILOT, BATCH, MOST_REPLICATIONS = 30, 10, 2000
"""Replications of the precision rule: pilot, batch, and where it gives up."""
USUAL: Limited = {"workers": 1, "seed": None, "progress": None, "time_limit_seconds": 0.0}


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants compared, checked: the scenario with what was asked for instead; `question`, the same with
    the contrast in its question; strategies by name, the baseline among them; whether more (`tables`) is kept of
    every run than its outcomes.
    """

    scenario: Scenario
    question: Scenario
    chosen: Mapping[str, Any]
    precision: float | None
    keep_agencies: bool
    run: Limited
    tables: bool = True

    @property
    def contrast(self) -> tuple[str, str]:
        """The two strategies of the question."""
        first, second = self.question.question.contrast
        return first, second

    @property
    def alone(self) -> bool:
        """Whether runs need a process of their own, so that they can be interrupted."""
        return needs_own_process(self.run["time_limit_seconds"])

    def results(
        self, crew: int | Workers, *, progress: Progress | None = None, stop: Callable[[], bool] | None = None
    ) -> Generator[BlockResult]:
        """Run everything; batches until it is precise enough, if that is asked for."""
        with hired(crew, alone=self.alone) as workers:
            if self.precision is None:
                blocks = self._blocks(range(self.scenario.replications))
                yield from run_blocks(blocks, workers=workers, progress=progress, stop=stop)
                return
            column = outcome_column(self.question, None)
            differences: list[float] = []
            done, wanted = 0, PILOT
            while wanted > done:
                blocks = self._blocks(range(done, wanted))
                for result in run_blocks(blocks, workers=workers, progress=progress, stop=stop):
                    if result.assumptions == "default":
                        differences.append(difference_in(result, self.contrast, column))
                    yield result
                found = np.array(differences)
                found = found[~np.isnan(found)]
                done = wanted
                if len(found) and not mean_interval(found).half_width <= self.precision:
                    wanted = min(done + BATCH, MOST_REPLICATIONS)

    def _blocks(self, replicates: range) -> list[Block]:
        settings = ("default",) if self.scenario.uncertainty == "none" else ("default", "drawn")
        return [
            Block(
                self.scenario,
                tuple(self.chosen.values()),
                replicate,
                assumptions,
                keep_agencies=self.keep_agencies,
                keep_provision=self.tables,
                keep_regions=self.tables,
                time_limit_seconds=self.run["time_limit_seconds"],
            )
            for replicate in replicates
            for assumptions in settings
        ]


def request_for(
    scenario: Any,
    strategies: Sequence[str | Strategy | type[Strategy]] | str | None,
    asked: Asked,
    problems: Problems,
) -> Request:
    """Check what is asked for; `problems` holds what callers have found wrong with what is theirs alone.

    Without a word on it agencies are kept one by one where they are the user's own and few.
    """
    run: Limited = {name: asked.get(name, usual) for name, usual in USUAL.items()}  # type: ignore[assignment]
    workers, precision, keep_agencies = run["workers"], asked.get("precision"), asked.get("keep_agencies")
    replications, uncertainty = asked.get("replications"), asked.get("uncertainty")
    scenario = as_scenario(scenario, replications=replications, seed=run["seed"], uncertainty=uncertainty)
    if precision is None:
        problems.ask(refuse_single_run, scenario)
    scenario = problems.ask(with_weight, scenario, asked.get("weight")) or scenario
    chosen = problems.ask(_chosen, scenario, strategies)
    pair = None if chosen is None else problems.ask(contrast_of, scenario, tuple(chosen), asked.get("contrast"))
    check_running(problems, workers, run["progress"], (chosen or {}).values())
    wanted = None if precision is None else problems.ask(real_number, "precision:", precision, most=1e6)
    if wanted is not None and wanted <= 0.0:
        problems.append(f"precision: must be above 0, got {precision}")
    limit = problems.ask(real_number, "time_limit_seconds:", run["time_limit_seconds"], least=0.0)
    problems.raise_any()
    assert pair is not None
    assert chosen is not None
    kept = keep_agencies
    if kept is None:
        kept = scenario.agencies.own_file and districts_of(scenario) <= MOST_UNASKED
    return Request(scenario, with_contrast(scenario, pair), chosen, wanted, kept, {**run, "time_limit_seconds": limit})


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

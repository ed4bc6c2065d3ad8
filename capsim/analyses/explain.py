"""Explain: which pathways make one strategy better than another, by Shapley values under the same luck."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.analyses.explained_block import HELPED, NO_SUPPORT, ExplainedBlock, explain_block
from capsim.analyses.pathways import ARMS, EXPLAINED_OUTCOMES, PATHWAYS, shapley_values
from capsim.assistance.strategy import Strategy
from capsim.catalogue import BASELINE, SUPPORT_MEASURES
from capsim.comparison.answering import moment_in_words
from capsim.comparison.asking import Running, check_running, outcome_column, refuse_unknown, strategy_title, with_weight
from capsim.comparison.paired_runs import Result
from capsim.comparison.statistics import Interval, joint_intervals
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError, Problems, last_line
from capsim.figures.differences import plot_contributions
from capsim.runs.blocks import Block
from capsim.runs.crews import map_blocks
from capsim.scenario import Scenario, as_scenario, refuse_single_run

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 2 / 3
"""Share of what pulls one way that a sentence names."""
_WORTH_NAMING = 0.1
"""Pull the other way, as a share of the strongest pathway, from which a sentence names it."""


@dataclass(frozen=True, repr=False)
class Explanation(Result):
    """Why the outcome differs between two strategies: one contribution for each pathway.

    Attributes
    ----------
    scenario : Scenario
    first, second : str
        The difference is first minus second.
    gains : dict of str to (n, 2, 6) float64
        By set of assumptions: Shapley values of ``first - none`` and of ``second - none`` in every finished replicate,
        in the order of `pathways`; (n, 2, 7) where a strategy has a structure.
    arms : dict of str to (n, 2, 64) float64
        The outcome in every arm, from which the values come.
    replicates : dict of str to tuple of int
        Number of each replicate.
    failures : list of dict
        Strategy, replicate, assumptions and reason of every failed run; such replicates are left out.
    support : dict of str to (n, 3, 3, 5) float64
        Support from above and its factors in the last month: of `none` and both strategies, by level below the state.
    """

    scenario: Scenario
    first: str
    second: str
    gains: dict[str, NDArray[np.float64]]
    arms: dict[str, NDArray[np.float64]]
    replicates: dict[str, tuple[int, ...]]
    failures: list[dict[str, Any]]
    support: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def pathways(self) -> dict[str, str]:
        """Pathways by name, in running text; last, where a strategy has a structure, what it does without help."""
        seven = any(gains.shape[-1] > len(PATHWAYS) for gains in self.gains.values())
        return {**PATHWAYS, "structure": "the structure itself"} if seven else PATHWAYS

    @property
    def outcome(self) -> str:
        """The declared outcome and its moment, as `capsim.compare` names it."""
        return outcome_column(self.scenario, None)

    @property
    def assumption_sets(self) -> tuple[str, ...]:
        """The sets of assumptions that were run: "default", and "drawn" if the scenario asks for it."""
        return tuple(self.gains)

    @property
    def total(self) -> Interval:
        """Mean difference of the two strategies, assumptions at their defaults, with its bootstrap interval."""
        return self.total_of("default")

    def total_of(self, assumptions: str) -> Interval:
        """Mean difference under a set of assumptions, from the same resamples as the contributions."""
        return self._summary[assumptions][-1]

    def contributions(self, *, assumptions: str = "default") -> pd.DataFrame:
        """One row for each pathway.

        Columns: pathway; first_gain and second_gain, its mean Shapley value in each strategy minus `none`;
        contribution, the first minus the second; low and high, its 95% interval from resampling replicates whole; share
        of the total difference (NaN where the interval of the total includes zero: a share of nothing settled means
        nothing). A share can be negative or above 1.
        """
        *parts, total = self._summary[assumptions]
        gains = self.gains[assumptions]
        first, second = gains.mean(axis=0) if len(gains) else np.full((2, len(self.pathways)), np.nan)
        table = pd.DataFrame({"pathway": list(self.pathways), "first_gain": first, "second_gain": second})
        table[["contribution", "low", "high"]] = [tuple(one) for one in parts]
        settled = total.low > 0.0 or total.high < 0.0
        return table.assign(share=table["contribution"] / (total.estimate if settled else math.nan))

    def support_factors(self, *, assumptions: str = "default") -> pd.DataFrame:
        """Support from above and its four factors in the month of the outcome, one row for each level and factor.

        Columns: level, factor, none, first, second; means over replicates, 1 is what is usual. Without rows where
        support_weight is 0 or nobody stands above anybody.
        """
        found = self.support.get(assumptions, np.empty((0, *NO_SUPPORT.shape)))
        rows = [
            (level, measure, *found[:, :, at, column].mean(axis=0))
            for at, level in enumerate(HELPED)
            for column, measure in enumerate(SUPPORT_MEASURES)
            if len(found) and not np.isnan(found[:, :, at, column]).any()
        ]
        return pd.DataFrame(rows, columns=["level", "factor", "none", "first", "second"])

    def by_replicate(self) -> pd.DataFrame:
        """One row for each finished replicate: assumptions, replicate, the contributions, total."""
        tables = []
        for assumptions, gains in self.gains.items():
            table = pd.DataFrame(gains[:, 0] - gains[:, 1], columns=list(self.pathways))
            table.insert(0, "replicate", self.replicates[assumptions])
            table.insert(0, "assumptions", assumptions)
            tables.append(table.assign(total=self._differences(assumptions)))
        return pd.concat(tables, ignore_index=True)

    def _differences(self, assumptions: str) -> NDArray[np.float64]:
        """Simulated differences, (n,): arms with every pathway on."""
        arms = self.arms[assumptions]
        difference: NDArray[np.float64] = arms[:, 0, -1] - arms[:, 1, -1] if len(arms) else np.empty(0)
        return difference

    @functools.cached_property
    def _summary(self) -> dict[str, list[Interval]]:
        """Mean of each contribution and of the total with joint intervals, by set of assumptions."""
        summary = {}
        for assumptions, gains in self.gains.items():
            columns = np.column_stack([gains[:, 0] - gains[:, 1], self._differences(assumptions)])
            bounds = joint_intervals(columns)
            means = columns.mean(axis=0) if len(columns) else np.full(columns.shape[1], np.nan)
            summary[assumptions] = [
                Interval(float(m), float(low), float(high)) for m, low, high in zip(means, *bounds, strict=True)
            ]
        return summary

    def sentence(self, *, assumptions: str = "default") -> str:
        """The explanation in one sentence: by how much, and mostly because of what.

        More is better in every outcome that can be explained.
        """
        total = self.total_of(assumptions)
        name, measure = self.scenario.name, self.scenario.asked.title.lower()
        first, second = strategy_title(self.first), strategy_title(self.second)
        where = f"{measure} {moment_in_words(self.scenario)}"
        if math.isnan(total.estimate):
            return f"{name}: no explanation of {first} against {second}, because the outcome is undefined."
        estimates = [part.estimate for part in self._summary[assumptions][:-1]]
        parts = dict(zip(self.pathways.values(), estimates, strict=True))
        if not any(parts.values()):
            return f"{name}: {first} and {second} do not differ in {where}."
        bounds = "undefined" if math.isnan(total.low) else f"{total.low:+.4f} to {total.high:+.4f}"
        over = "luck alone" if assumptions == "default" else "assumptions drawn"
        interval = f"95% bootstrap interval of the mean {bounds}, {len(self.replicates[assumptions])} pairs, {over}"
        if not (total.low > 0.0 or total.high < 0.0):
            return (
                f"{name}: whether {first} or {second} does better in {where} is not settled ({total.estimate:+.4f}, "
                f"{interval}); {_pulls(parts, first, second)}."
            )
        verb = "beats" if total.estimate > 0.0 else "loses to"
        with_it, against = _sides(parts, total.estimate)
        opposed = f"; {_listed(against)} {_pull_word(against)} the other way" if against else ""
        return (
            f"{name}: {first} {verb} {second} by {abs(total.estimate):.4f} in {where} ({interval}), "
            f"mostly because of {_listed(with_it)}{opposed}."
        )

    def _about(self) -> str:
        pairs = {name: len(own) for name, own in self.replicates.items()}
        return f"{self.scenario.name}, {self.first} against {self.second} in {self.outcome}, pairs {pairs}"

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.sentence(), self.contributions()

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Contributions and their sum, with intervals: matplotlib Axes."""
        tables = []
        for assumptions in self.assumption_sets:
            table = self.contributions(assumptions=assumptions).assign(assumptions=assumptions)
            table["pathway"] = table["pathway"].map(self.pathways)
            total = self.total_of(assumptions)
            row = {"pathway": "", "contribution": total.estimate, "low": total.low, "high": total.high}
            tables += [table, pd.DataFrame([{**row, "assumptions": assumptions}])]
        return plot_contributions(
            pd.concat(tables, ignore_index=True),
            first=self.first,
            second=self.second,
            measure=self.scenario.asked.title.lower(),
            ax=ax,
        )


def explain(
    scenario: Any,
    first: str | Strategy | type[Strategy],
    second: str | Strategy | type[Strategy] = "none",
    *,
    replications: int | None = None,
    uncertainty: str | None = None,
    weight: str | None = None,
    **running: Unpack[Running],
) -> Explanation:
    """Contribution of each pathway to the paired difference of two strategies in the declared outcome.

    Every replicate settles one world and runs the baseline `none` and both strategies from it with the same luck, as
    `capsim.compare` does. A pathway is off when what it feeds into implementation is that of the baseline
    (pathways.py says exactly what); all 64 combinations are integrated for each strategy. The Shapley values of
    ``first - none`` minus those of ``second - none`` are the contributions; in every replicate they sum to the
    difference of the two strategies.

    A strategy that changes the regional agencies is compared with `none` in the agencies that it has: pathways say how
    its help works there, and one row more, `structure`, what the agencies do without help, against those of today.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
    first, second : str, Strategy or subclass of Strategy
        Need not be among the scenario's.
    replications : int, optional
        At least 2; the scenario's without it. Intervals from fewer than about 8 are rough.
    uncertainty : {"assumed", "structure", "none"}, optional
        Instead of the scenario's; "assumed" adds replicates that draw every assumed parameter.
    weight : {"pupils", "districts", "positions"}, optional
        How districts count, instead of what the scenario's question says.
    **running
        workers, seed, progress: see `capsim.comparison.asking.Running`.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong, or the declared outcome is not one that implementation determines.
    """
    refuse_unknown("explain", running, Running.__annotations__)
    workers, progress = running.get("workers", 1), running.get("progress")
    scenario = as_scenario(scenario, replications=replications, seed=running.get("seed"), uncertainty=uncertainty)
    scenario = with_weight(scenario, weight)
    names = _checked(scenario, first, second, workers, progress)
    settings = ("default",) if scenario.uncertainty == "none" else ("default", "drawn")
    blocks = [
        Block(scenario, (first, second), replicate, assumptions)
        for replicate in range(scenario.replications)
        for assumptions in settings
    ]
    return _assemble(
        scenario, names, settings, list(map_blocks(explain_block, blocks, workers=workers, progress=progress))
    )


def _checked(scenario: Scenario, first: Any, second: Any, workers: object, progress: object) -> tuple[str, str]:
    """Names of the strategies, after everything that can be wrong before a run."""
    problems = Problems()
    found = [problems.ask(resolve_strategy, scenario, strategy) for strategy in (first, second)]
    names = ["" if one is None else one[0] for one in found]
    if None not in found and names[0] == names[1] and first is not second and first != second:
        problems.append(f"strategies: two different ones have the same name: {names[0]}")
    if any(name == BASELINE and given != BASELINE for name, given in zip(names, (first, second), strict=True)):
        problems.append(f"strategies: {BASELINE} is the name of the baseline; give yours another")
    if scenario.question.outcome not in EXPLAINED_OUTCOMES:
        problems.append(
            f"question.outcome: {scenario.question.outcome} cannot be taken apart; "
            f"{', '.join(EXPLAINED_OUTCOMES[:-1])} and {EXPLAINED_OUTCOMES[-1]} can"
        )
    check_running(problems, workers, progress, (first, second))
    problems.ask(refuse_single_run, scenario)
    problems.raise_any()
    return names[0], names[1]


def _assemble(
    scenario: Scenario, names: tuple[str, str], settings: tuple[str, ...], results: list[ExplainedBlock]
) -> Explanation:
    """Shapley values of all finished replicates."""
    gains, arms, replicates, support = {}, {}, {}, {}
    failures: list[dict[str, Any]] = []
    structured = any(result.structure is not None for result in results)
    for assumptions in settings:
        own = [result for result in results if result.assumptions == assumptions]
        done = [result for result in own if not result.failures]
        arms[assumptions] = np.array([result.arms for result in done]).reshape(len(done), 2, ARMS)
        moved = np.array([result.structure for result in done if structured]).reshape(len(done), 2, int(structured))
        gains[assumptions] = np.concatenate([shapley_values(arms[assumptions]), moved], axis=-1)
        replicates[assumptions] = tuple(result.replicate for result in done)
        support[assumptions] = np.array([result.support for result in done]).reshape(-1, *NO_SUPPORT.shape)
        for result in own:
            labels = {"replicate": result.replicate, "assumptions": assumptions}
            failures += [{"strategy": name, **labels, "reason": reason} for name, reason in result.failures]
    if not any(replicates.values()):
        raise CapsimError(
            f"explain: no replicate finished; {failures[0]['strategy']}: {last_line(failures[0]['reason'])}"
        )
    return Explanation(scenario, names[0], names[1], gains, arms, replicates, failures, support)


def _sides(parts: dict[str, float], direction: float) -> tuple[dict[str, float], dict[str, float]]:
    """The strongest pathways that pull in a direction, together most of that pull, and those worth naming against
    it.
    """
    ranked = sorted(parts.items(), key=lambda item: -item[1] * direction)
    pulling = {name: value for name, value in ranked if value * direction > 0.0}
    wanted = _MOST * sum(map(abs, pulling.values()))
    named: dict[str, float] = {}
    for name, value in pulling.items():
        if sum(map(abs, named.values())) < wanted:
            named[name] = value
    least = _WORTH_NAMING * max(map(abs, parts.values()))
    against = {name: value for name, value in reversed(ranked) if value * direction < 0.0 and abs(value) >= least}
    return named, against


def _pulls(parts: dict[str, float], first: str, second: str) -> str:
    """What speaks for either side of a difference that is not settled."""
    sides = [(first, _sides(parts, 1.0)[0]), (second, _sides(parts, -1.0)[0])]
    return ", and ".join(f"{_listed(named)} {_pull_word(named)} toward {name}" for name, named in sides if named)


def _pull_word(named: dict[str, float]) -> str:
    """Verb for these pathways; one of two words is grammatically a plural as well."""
    singular = {"person-held skill", "alignment", "the structure itself"}
    return "pulls" if len(named) == 1 and set(named) <= singular else "pull"


def _listed(named: dict[str, float]) -> str:
    words = [f"{name} ({value:+.4f})" for name, value in named.items()]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

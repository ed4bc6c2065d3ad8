"""Optimize: which mixes of assistance do best under a budget, robustly over what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError, nearest_name
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping
from capsim.studies.comparison.selection import population_effect
from capsim.studies.optimization.mixes import mixes, pareto_front
from capsim.studies.points.evaluating import LUCK, Evaluate, Evaluator, outcome_table, parameter_bounds
from capsim.studies.points.latin import latin_points

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["OBJECTIVES", "ROBUST", "Objective", "Optimization", "optimize"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Objective:
    """One aim.

    Attributes
    ----------
    name, title, column : str
        Identifier, words, outcome of a run.
    better : {"larger", "smaller", "nearer to 0"}
    """

    name: str
    title: str
    column: str
    better: str

    def score(self, outcome: Floats) -> Floats:
        """Values of which larger ones are better."""
        if self.better == "larger":
            return outcome
        return -np.abs(outcome) if self.better == "nearer to 0" else -outcome


OBJECTIVES: Mapping[str, Objective] = MappingProxyType({row.name: row for row in (
    Objective("use", "Use retained", "use_follow_up_end", "larger"),
    Objective("equity_size", "Use in large minus small districts", "equity_gap_size_follow_up_end", "nearer to 0"),
    Objective("equity_sparse", "Use in other minus sparse districts", "equity_gap_sparse_follow_up_end", "nearer to 0"),
    Objective("cost", "Cost, dollars", "cost", "smaller"),
)})  # fmt: skip
"""What may be aimed at, by name."""

ROBUST = ("mean", "worst_tenth", "regret")
"""What is optimized of an objective over draws of the assumptions: its mean, the value that nine draws in ten reach, or
the mean regret: what is lost against the best candidate of the same draw."""

_NINE_IN_TEN = 0.1


@dataclass(frozen=True, slots=True)
class Optimization:
    """Candidate strategies, judged under the same draws of the assumptions and the same luck.

    Attributes
    ----------
    scenario : Scenario
    objectives : tuple of Objective
        The first is the primary one.
    robust : str
        Name in `ROBUST`.
    reference : str
        The strategy with which candidates are compared.
    candidates : list of dict
        Compositions as a scenario file holds them; a front candidate can be copied into one.
    table : DataFrame
        The front of the search and the scenario's own strategies, judged again on fresh draws and fresh luck. Columns:
        strategy, pareto (not beaten in the fresh figures either), per objective ``_mean``, ``_worst_tenth``,
        ``_regret`` (in units of the objective; of a gap the last two are of its size), and of the primary one
        ``difference``, ``low``, ``high``: paired difference from the reference over draws with its t interval.
    search : DataFrame
        The same for every candidate under the draws that were searched with: flattering for the chosen ones.
    regret : DataFrame
        Regret in the primary objective, one row a fresh draw, one column a strategy.
    draws : DataFrame
        Values of the assumed parameters in the fresh draws.
    notes : tuple of str
    """

    scenario: Scenario
    objectives: tuple[Objective, ...]
    robust: str
    reference: str
    candidates: list[dict[str, Any]]
    table: pd.DataFrame
    search: pd.DataFrame
    regret: pd.DataFrame
    draws: pd.DataFrame
    notes: tuple[str, ...] = ()

    def front(self) -> pd.DataFrame:
        """The strategies that no other beats in the fresh figures, best in the primary objective first."""
        first = self.objectives[0]
        rising = first.better != "larger" or self.robust == "regret"
        own = self.table[self.table["pareto"]]
        return own.sort_values(f"{first.name}_{self.robust}", ascending=rising, ignore_index=True)

    def sentence(self) -> str:
        """The finding in words."""
        best = self.front().iloc[0]
        first = self.objectives[0]
        mean = f"{first.title.lower()} {best[f'{first.name}_mean']:.3f}"
        against = f"{best['difference']:+.3f} ({best['low']:+.3f} to {best['high']:+.3f}) against {self.reference}"
        return (
            f"{len(self.front())} of {len(self.search)} strategies are not beaten in "
            f"{', '.join(one.name for one in self.objectives)}; best in {first.name}: "
            f"{best['strategy']}, {mean}, {against}."
        )

    def composition(self, strategy: str) -> dict[str, Any]:
        """One candidate as a scenario file holds it."""
        for one in self.candidates:
            if one["name"] == strategy:
                return one
        names = [one["name"] for one in self.candidates]
        raise InputError(f"no candidate {strategy!r}{nearest_name(strategy, names)}")

    def plot(self) -> Axes:
        """Two objectives against each other, the front marked: matplotlib Axes."""
        from capsim.figures.pareto import plot_front

        first, second = self.objectives[0], self.objectives[-1]
        return plot_front(
            self.table, horizontal=f"{second.name}_mean", vertical=f"{first.name}_mean", horizontal_title=second.title,
            vertical_title=first.title,
        )  # fmt: skip


def optimize(
    scenario: Scenario | str | Path,
    *,
    n: int = 40,
    objectives: Sequence[str] = ("use", "equity_size", "cost"),
    robust: str = "mean",
    draws: int = 12,
    replications: int = 2,
    activities: Sequence[str] | None = None,
    targetings: Sequence[str] | None = None,
    schedules: Sequence[str] | None = None,
    focal_areas: Sequence[int | str] = ("all",),
    uncertain: Sequence[str] | None = None,
    workers: int = 1,
    seed: int | None = None,
    evaluator: Callable[[Scenario, tuple[str, ...]], Evaluate] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Optimization:
    """Search mixes of activities, targetings and schedules for those that no other beats, under the scenario's budget.

    Every candidate and every strategy of the scenario runs from the same settled worlds, under the same draws of the
    uncertain parameters and the same luck. The front is judged again on as many fresh draws, because the best of many
    is flattered by the draws it was chosen on.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path. Its budget is every candidate's.
    n : int
        Candidates.
    objectives : sequence of str
        Names in `OBJECTIVES`, the primary one first.
    robust : {"mean", "worst_tenth", "regret"}
    draws : int
        Of the uncertain parameters, from their priors; at least 4.
    replications : int
        Of each draw.
    activities, targetings, schedules : sequence of str, optional
        What candidates may be made of; everything without it.
    focal_areas : sequence of int or "all"
    uncertain : sequence of str, optional
        Every assumed parameter that the scenario leaves open, without it.
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Of luck, draws and candidates, instead of the scenario's.
    evaluator : callable, optional
        Makes what runs the points from the scenario with its candidates and their names.
    progress : callable, optional

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If a run failed, or has no such outcome.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if seed is not None:
        scenario = scenario_from_mapping({**scenario.resolved(), "seed": seed})
    aims = _checked(objectives, robust, draws, replications)
    bounds = parameter_bounds(scenario, uncertain, what="uncertain")
    found = mixes(
        n, activities=activities, targetings=targetings, schedules=schedules, focal_areas=focal_areas,
        seed=scenario.seed,
    )  # fmt: skip
    own = [one for one in scenario.strategy_names if one != "none"]
    content = scenario.resolved()
    wider = scenario_from_mapping({**content, "strategies": [*content["strategies"], *found]})
    names = (*own, *(str(one["name"]) for one in found))
    make = evaluator or (
        lambda full, chosen: Evaluator(
            scenario=full, strategies=chosen, replications=replications, workers=workers, progress=progress
        )
    )
    first = latin_points(bounds, draws, seed=scenario.seed)
    reference = scenario.question.contrast[0]
    search, _ = _judged(make(wider, names)(first), names, aims, robust, reference)
    kept = tuple(name for name in names if name in own or name in set(search["strategy"][search["pareto"]]))
    again = latin_points(bounds, draws, seed=scenario.seed + 1)
    table, regret = _judged(make(wider, kept)(again.assign(**{LUCK: 1})), kept, aims, robust, reference)
    return Optimization(
        scenario=wider, objectives=aims, robust=robust, reference=reference, candidates=found, table=table,
        search=search, regret=regret, draws=again,
    )  # fmt: skip


def _checked(objectives: Sequence[str], robust: str, draws: int, replications: int) -> tuple[Objective, ...]:
    problems = [
        f"objectives: unknown objective {name!r}; allowed: {', '.join(OBJECTIVES)}{nearest_name(name, OBJECTIVES)}"
        for name in objectives
        if name not in OBJECTIVES
    ]
    if not objectives:
        problems.append("objectives: name at least one")
    if robust not in ROBUST:
        problems.append(f"robust: {robust!r} is not one of {', '.join(ROBUST)}")
    if draws < 4:
        problems.append(f"draws: at least 4, got {draws}")
    if replications < 1:
        problems.append(f"replications: at least 1, got {replications}")
    if problems:
        raise InputError(problems)
    return tuple(OBJECTIVES[name] for name in dict.fromkeys(objectives))


def _judged(
    runs: pd.DataFrame, names: tuple[str, ...], aims: tuple[Objective, ...], robust: str, reference: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of every strategy, and its regret in the primary objective, draw by draw."""
    import pandas as pd

    columns: dict[str, Any] = {"strategy": list(names)}
    fronts, regrets = [], pd.DataFrame()
    for place, aim in enumerate(aims):
        outcome = np.column_stack([outcome_table(runs, name, aim.column).mean(axis=1) for name in names])
        score = aim.score(outcome)
        regret = score.max(axis=1, keepdims=True) - score
        tenth = np.quantile(score, _NINE_IN_TEN, axis=0, method="weibull")
        columns[f"{aim.name}_mean"] = outcome.mean(axis=0)
        columns[f"{aim.name}_worst_tenth"] = tenth if aim.better == "larger" else -tenth
        columns[f"{aim.name}_regret"] = regret.mean(axis=0)
        fronts.append({"mean": score.mean(axis=0), "worst_tenth": tenth, "regret": -regret.mean(axis=0)}[robust])
        if place == 0:
            regrets = pd.DataFrame(regret, columns=list(names)).rename_axis("draw")
            against = outcome - outcome[:, [names.index(reference)]]
            paired = [population_effect(against[:, [place]]) for place in range(len(names))]
            columns |= {
                "difference": [one.estimate for one in paired], "low": [one.low for one in paired],
                "high": [one.high for one in paired],
            }  # fmt: skip
    table = pd.DataFrame(columns)
    table.insert(1, "pareto", pareto_front(np.column_stack(fronts)))
    return table, regrets

"""Optimize: which mixes of assistance do best under a budget, robustly over what is not known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.analyses.latin import latin_points
from capsim.analyses.optimization.judging import judged
from capsim.analyses.optimization.mixes import Ingredients, ingredients
from capsim.analyses.optimization.objectives import OBJECTIVES, ROBUST, Objective
from capsim.analyses.optimization.result import Optimization
from capsim.analyses.optimization.search import SEARCHES, Candidates, search_budget
from capsim.errors import InputError, nearest_name
from capsim.runs.factors import BUDGET, factor_problem
from capsim.runs.points import LUCK, Evaluate, parameter_bounds
from capsim.runs.stored_points import evaluators
from capsim.scenario import Scenario, as_scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["optimize"]

Make = Callable[[Scenario, tuple[str, ...]], Evaluate]


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
    search: str = "design",
    population: int = 20,
    budgets: Sequence[float] = (),
    uncertain: Sequence[str] | None = None,
    workers: int = 1,
    seed: int | None = None,
    store: str | os.PathLike[str] | None = None,
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
        Or the name of a shipped scenario, or a path.
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
    search : {"design", "nsga2"}
        Candidates that fill the space of mixes; or NSGA-II, which breeds them from the best ones so far.
    population : int
        nsga2: candidates of a generation, at least 4.
    budgets : sequence of float
        TA hours per year; every one is searched by itself, under the same draws. The scenario's budget without it.
    uncertain : sequence of str, optional
        Every assumed parameter that the scenario leaves open, without it.
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Of luck, draws and candidates, instead of the scenario's.
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted.
    evaluator : callable, optional
        Makes what runs the points from the scenario with its candidates and their names.
    progress : callable, optional

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If a run failed, or has no such outcome; or Optuna is needed and not installed.
    """
    scenario = as_scenario(scenario, seed=seed)
    aims = _checked(objectives, robust, draws, replications, n, search, population, budgets)
    bounds = parameter_bounds(scenario, uncertain, what="uncertain")
    of = ingredients(activities=activities, targetings=targetings, schedules=schedules, focal_areas=focal_areas)
    first, again = (latin_points(bounds, draws, seed=scenario.seed + place) for place in (0, 1))
    candidates = Candidates(scenario)
    judge = _Judge(candidates, of, aims, robust, {"search": search, "n": n, "population": population}, first, again)
    with _makers(store, evaluator, replications, workers, progress) as make:
        found = [judge.under(budget, make) for budget in budgets or (None,)]
    searched, table, regret = (_one_table(list(parts)) for parts in zip(*found, strict=True))
    return Optimization(
        scenario=candidates.wider,
        objectives=aims,
        robust=robust,
        reference=judge.reference,
        table=table,
        candidates=candidates.found,
        search=searched,
        regret=regret,
        draws=again,
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    """Searches under a budget, and judges the front again on fresh draws and fresh luck."""

    candidates: Candidates
    of: Ingredients
    aims: tuple[Objective, ...]
    robust: str
    searching: dict[str, Any]
    first: pd.DataFrame
    again: pd.DataFrame

    @property
    def reference(self) -> str:
        return self.candidates.scenario.question.contrast[0]

    def under(self, budget: float | None, make: Make) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Figures of the search, fresh figures, regret."""
        scenario = self.candidates.scenario
        own = [one for one in scenario.strategy_names if one != "none"]
        hours = scenario.assistance.budget_hours_per_year if budget is None else float(budget)
        names, runs = search_budget(
            self.candidates,
            self.of,
            own,
            _at(self.first, budget),
            self.aims,
            make,
            robust=self.robust,
            seed=scenario.seed,
            **self.searching,
        )
        searched, _ = judged(runs, names, self.aims, self.robust, self.reference, hours)
        best = set(searched["strategy"][searched["pareto"]])
        kept = tuple(name for name in names if name in own or name in best)
        fresh = make(self.candidates.wider, kept)(_at(self.again, budget).assign(**{LUCK: 1}))
        table, regret = judged(fresh, kept, self.aims, self.robust, self.reference, hours)
        return searched, table, regret if budget is None else regret.assign(**{BUDGET: hours})


@contextmanager
def _makers(
    store: str | os.PathLike[str] | None,
    evaluator: Make | None,
    replications: int,
    workers: int,
    progress: Callable[[int, int, int], None] | None,
) -> Iterator[Make]:
    """What runs the points: given, or the model."""
    if evaluator is not None:
        yield evaluator
        return
    with evaluators(store, kind="optimize", workers=workers, progress=progress) as make:
        yield lambda scenario, names: make(scenario=scenario, strategies=names, replications=replications)


def _at(points: pd.DataFrame, budget: float | None) -> pd.DataFrame:
    return points if budget is None else points.assign(**{BUDGET: float(budget)})


def _one_table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index="draw" not in parts[0].index.names)


def _checked(
    objectives: Sequence[str],
    robust: str,
    draws: int,
    replications: int,
    n: int,
    search: str,
    population: int,
    budgets: Sequence[float],
) -> tuple[Objective, ...]:
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
    if not 1 <= n <= 1000:
        problems.append(f"n: from 1 to 1000 candidates, got {n}")
    if search not in SEARCHES:
        problems.append(f"search: {search!r} is not one of {', '.join(SEARCHES)}")
    if population < 4:
        problems.append(f"population: at least 4, got {population}")
    if len(set(budgets)) < len(budgets):
        problems.append("budgets: one is given twice")
    found = (factor_problem(BUDGET, budget) for budget in budgets)
    problems += [f"budgets: {problem}" for problem in found if problem is not None]
    if problems:
        raise InputError(problems)
    return tuple(OBJECTIVES[name] for name in dict.fromkeys(objectives))

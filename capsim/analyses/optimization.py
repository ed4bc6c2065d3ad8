"""Optimize: which mixes of assistance do best under a budget, robustly over what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.analyses.fitting import latin_points
from capsim.analyses.mixes import Candidates, Choice, Ingredients, evolve, ingredients, mixes
from capsim.analyses.objectives import (
    ROBUST,
    Objective,
    aims_of,
    best_of_each,
    check_structures,
    judged,
    outcomes_of,
    ranked_structures,
    robust_scores,
)
from capsim.analyses.studies import Stored, Weighed, begin, evaluators_of
from capsim.comparison.asking import with_weight
from capsim.comparison.paired_runs import Result
from capsim.errors import InputError, Problems, nearest_name
from capsim.figures.analyses import plot_front, plot_fronts
from capsim.numbers import listed, one_of, real_number, whole_number
from capsim.runs.designs import BUDGET, factor_problem
from capsim.runs.points import LUCK, Evaluate, input_bounds
from capsim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEARCHES = ("design", "nsga2")
"""A design that fills the space of mixes; or NSGA-II, which breeds candidates from the best ones so far."""

Make = Callable[[Scenario, tuple[str, ...]], Evaluate]


@dataclass(frozen=True, slots=True, repr=False)
class Optimization(Result):
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
        strategy, budget_hours_per_year, pareto (not beaten under that budget in the fresh figures either), per
        objective ``_mean``, ``_worst_tenth``, ``_regret`` (in units of the objective; of a gap the last two are of its
        size), and of the primary one ``difference``, ``low``, ``high``: paired difference from the reference over
        draws with its t interval.
    search : DataFrame
        The same for every candidate under the draws that were searched with: flattering for the chosen ones.
    regret : DataFrame
        Regret in the primary objective, one row a fresh draw (of a budget, if there are several), one column a
        strategy.
    draws : DataFrame
        Values of the assumed parameters, and variants of the rules that are drawn, in the fresh draws.
    structures : tuple of (str, mapping)
        Structures of regional agencies that were searched, by name; empty where all were as they are.
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
    structures: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def budgets(self) -> tuple[float, ...]:
        """TA hours per year that were searched."""
        return tuple(dict.fromkeys(self.table[BUDGET].tolist()))

    def front(self) -> pd.DataFrame:
        """The strategies that no other beats under the same budget, best in the primary objective first."""
        first = self.objectives[0]
        rising = first.better != "larger" or self.robust == "regret"
        own = self.table[self.table["pareto"]]
        return own.sort_values(
            [BUDGET, f"{first.name}_{self.robust}"], ascending=[True, rising], ignore_index=True, kind="stable"
        )

    def sentence(self) -> str:
        """The finding in words; one sentence for each budget."""
        return " ".join(self._sentence(budget) for budget in self.budgets)

    def _sentence(self, budget: float) -> str:
        front, first = self.front(), self.objectives[0]
        front = front[front[BUDGET] == budget]
        best = front.iloc[0]
        mean = f"{first.title.lower()} {best[f'{first.name}_mean']:.3f}"
        against = f"{best['difference']:+.3f} ({best['low']:+.3f} to {best['high']:+.3f}) against {self.reference}"
        under = f"With {budget:,.0f} TA hours a year " if len(self.budgets) > 1 else ""
        return (
            f"{under}{len(front)} of {int((self.search[BUDGET] == budget).sum())} strategies are not beaten in "
            f"{', '.join(one.name for one in self.objectives)}; best in {first.name}: "
            f"{best['strategy']}, {mean}, {against}."
        )

    def recommendations(self) -> pd.DataFrame:
        """One row for each structure (under each budget): the best of its candidates on fresh draws, the best first.

        Columns: rank, structure, strategy (the candidate), the budget in hours a year; difference in the primary
        objective from the reference with its t interval over draws (low, high); verdict (ahead, behind, not settled);
        positions, of regional agencies more or fewer than today; million_dollars, what they cost more a year; reason,
        in words. Empty where structures were not searched.
        """
        searched = (self.table, self.candidates, self.structures)
        return ranked_structures(self.scenario, *searched, self.objectives[0], self.robust)

    def composition(self, strategy: str) -> dict[str, Any]:
        """One candidate as a scenario file holds it."""
        for one in self.candidates:
            if one["name"] == strategy:
                return one
        names = [one["name"] for one in self.candidates]
        raise InputError(f"no candidate {strategy!r}{nearest_name(strategy, names)}")

    def _about(self) -> str:
        aims = ", ".join(one.name for one in self.objectives)
        return f"{self.scenario.name}, {len(self.candidates)} candidates for {aims}; {len(self.front())} not beaten"

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.sentence(), self.table

    def plot(self) -> Axes:
        """Two objectives against each other, the front marked; a line for each of several budgets: matplotlib Axes."""
        first, second = self.objectives[0], self.objectives[-1]
        plot = plot_front if len(self.budgets) == 1 else partial(plot_fronts, budget=BUDGET)
        return plot(self.table, (f"{second.name}_mean", second.title), (f"{first.name}_mean", first.title))


class _Others(Choice, Weighed):
    """What candidates may be made of, and how runs are carried out."""


def optimize(
    scenario: Any,
    *,
    n: int = 40,
    objectives: Sequence[str] | str = ("use", "equity_size", "cost"),
    robust: str = "mean",
    draws: int = 12,
    replications: int = 2,
    search: str = "design",
    population: int = 20,
    budgets: Sequence[float] | float = (),
    uncertain: Sequence[str] | str | None = None,
    evaluator: Make | None = None,
    **others: Unpack[_Others],
) -> Optimization:
    """Search mixes of activities, targetings and schedules for those that no other beats, under the scenario's budget.

    Every candidate and every strategy of the scenario runs from the same settled worlds, under the same draws of the
    uncertain parameters and the same luck. The front is judged again on as many fresh draws, because the best of many
    is flattered by the draws it was chosen on.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
    n : int
        Candidates.
    objectives : sequence of str
        Names in `OBJECTIVES`, the primary one first.
    robust : {"mean", "worst_tenth", "regret"}
    draws : int
        Of the uncertain parameters and rules, from their priors; at least 4.
    replications : int
        Of each draw.
    search : {"design", "nsga2"}
        Candidates that fill the space of mixes; or NSGA-II, which breeds them from the best ones so far.
    population : int
        nsga2: candidates of a generation, at least 4.
    budgets : sequence of float
        TA hours per year; every one is searched by itself, under the same draws. The scenario's budget without it.
    uncertain : sequence of str, optional
        Parameters, and rules as ``rules.<rule>``. Without it every assumed parameter that the scenario leaves open, and
        every rule too where it says ``uncertainty: structure``; variants are drawn by their weights.
    evaluator : callable, optional
        Makes what runs the points from the scenario with its candidates and their names.
    **others
        activities, targetings, schedules, focal_areas, chains, structures (a mapping from a name to a structure of
        regional agencies as in a strategy's delivery, an empty one for that of today): see
        `capsim.analyses.mixes.Choice`. workers, seed, store,
        progress, weight: see `capsim.analyses.studies.Weighed`.

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If a run failed, or has no such outcome; or Optuna is needed and not installed.
    """
    choice: Any = {name: others.get(name) for name in Choice.__annotations__ if name in others}
    running: Any = {name: others.get(name) for name in others if name not in choice}
    weight = running.pop("weight", None)
    scenario, problems, run = begin("optimize", scenario, running)
    scenario = problems.ask(with_weight, scenario, weight) or scenario
    aims = problems.ask(aims_of, objectives, scenario.question.weight)
    robust = problems.ask(one_of, "robust:", robust, ROBUST)
    search = problems.ask(one_of, "search:", search, SEARCHES)
    draws = problems.ask(whole_number, "draws:", draws, least=4, most=100_000)
    replications = problems.ask(whole_number, "replications:", replications, least=1)
    n = problems.ask(whole_number, "n:", n, least=1, most=1000)
    population = problems.ask(whole_number, "population:", population, least=4, most=1000)
    hours = problems.ask(_budgets, budgets)
    bounds = problems.ask(input_bounds, scenario, uncertain, what="uncertain")
    of = problems.ask(ingredients, **choice)
    problems.ask(check_structures, scenario, choice.get("structures"))
    problems.raise_any()
    first, again = (latin_points(bounds, draws, seed=scenario.seed + place) for place in (0, 1))
    searching = _Search(Candidates(scenario), of, aims, robust, search, n, population)
    with _makers(run, evaluator, replications) as make:
        found = [searching.under(budget, first, again, make) for budget in hours or (None,)]
    searched, table, regret = (
        pd.concat(parts, ignore_index="draw" not in parts[0].index.names) for parts in zip(*found, strict=True)
    )
    return Optimization(
        scenario=searching.candidates.wider,
        objectives=aims,
        robust=robust,
        reference=searching.reference,
        table=table,
        candidates=searching.candidates.found,
        search=searched,
        regret=regret,
        draws=again,
        structures=of.structures if len(of.structures) > 1 else (),
    )


def _budgets(given: Any) -> tuple[float, ...]:
    alone = [given] if isinstance(given, int | float) and not isinstance(given, bool) else listed("budgets:", given)
    problems = Problems()
    budgets = tuple(problems.ask(real_number, "budgets:", one) for one in alone)
    problems.raise_any()
    if len(set(budgets)) < len(budgets):
        problems.append("budgets: one is given twice")
    found = (factor_problem(BUDGET, budget) for budget in budgets)
    problems += [f"budgets: {problem}" for problem in found if problem is not None]
    problems.raise_any()
    return budgets


@dataclass(frozen=True, slots=True)
class _Search:
    """Searches under a budget, and judges the front again on fresh draws and fresh luck."""

    candidates: Candidates
    of: Ingredients
    aims: tuple[Objective, ...]
    robust: str
    search: str
    n: int
    population: int

    @property
    def reference(self) -> str:
        return self.candidates.scenario.question.contrast[0]

    def under(
        self, budget: float | None, first: pd.DataFrame, again: pd.DataFrame, make: Make
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Figures of the search, fresh figures, regret."""
        scenario = self.candidates.scenario
        own = [one for one in scenario.strategy_names if one != "none"]
        hours = scenario.assistance.budget_hours_per_year if budget is None else budget
        first, again = (points if budget is None else points.assign(**{BUDGET: budget}) for points in (first, again))
        names, runs = self.asked(own, first, make)
        searched, _ = judged(runs, names, self.aims, self.robust, self.reference, hours)
        best = set(searched["strategy"][searched["pareto"]])
        if len(self.of.structures) > 1:
            best |= best_of_each(self.candidates.found, searched, self.aims[0], self.robust)
        kept = tuple(name for name in names if name in own or name in best)
        fresh = make(self.candidates.wider, kept)(again.assign(**{LUCK: 1}))
        table, regret = judged(fresh, kept, self.aims, self.robust, self.reference, hours)
        return searched, table, regret if budget is None else regret.assign(**{BUDGET: hours})

    def asked(self, own: Sequence[str], points: pd.DataFrame, make: Make) -> tuple[tuple[str, ...], pd.DataFrame]:
        """The scenario's own strategies and the candidates that a search asks for, in its order, and their runs."""
        known: dict[str, None] = {}
        tables: list[pd.DataFrame] = []

        def run(names: Sequence[str]) -> None:
            new = tuple(name for name in dict.fromkeys(names) if name not in known)
            if new:
                tables.append(make(self.candidates.wider, new)(points))
                known.update(dict.fromkeys(new))

        def scores(compositions: list[dict[str, Any]]) -> NDArray[np.float64]:
            names = self.candidates.add(compositions)
            run([*(own if not known else ()), *names])
            runs = pd.concat(tables, ignore_index=True)
            # Mean regret orders as the mean does: both are against the best of a draw, which is the same for all.
            figure = "mean" if self.robust == "regret" else self.robust
            columns = [robust_scores(aim.score(outcomes_of(runs, tuple(names), aim)))[figure] for aim in self.aims]
            return np.column_stack(columns)

        seed = self.candidates.scenario.seed
        if self.search == "nsga2":
            evolve(self.of, scores, objectives=len(self.aims), n=self.n, population=self.population, seed=seed)
        else:
            run([*own, *self.candidates.add(mixes(self.n, self.of, seed=seed))])
        return tuple(known), pd.concat(tables, ignore_index=True)


@contextmanager
def _makers(run: Stored, evaluator: Make | None, replications: int) -> Iterator[Make]:
    """What runs the points: given, or the model."""
    if evaluator is not None:
        yield evaluator
        return
    with evaluators_of(run, "optimize") as make:
        yield lambda scenario, names: make(scenario=scenario, strategies=names, replications=replications)

"""Runs of candidates under one budget, as a search asks for them; a composition is one candidate for all budgets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.optimization.evolution import evolve
from capsim.analyses.optimization.judging import outcomes_of
from capsim.analyses.optimization.mixes import Ingredients, mixes
from capsim.analyses.optimization.objectives import Objective, robust_scores
from capsim.runs.points import Evaluate
from capsim.scenario import Scenario, as_scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SEARCHES", "Candidates", "search_budget"]

SEARCHES = ("design", "nsga2")
"""A design that fills the space of mixes; or NSGA-II, which breeds candidates from the best ones so far."""


@dataclass
class Candidates:
    """Compositions with names, each one once; and the scenario that has them all."""

    scenario: Scenario
    found: list[dict[str, Any]] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def add(self, compositions: Sequence[dict[str, Any]]) -> list[str]:
        """Names of compositions; new ones become candidates."""
        names = []
        for one in compositions:
            content = {key: value for key, value in one.items() if key != "name"}
            key = json.dumps(content, sort_keys=True)
            if key not in self._names:
                self._names[key] = f"mix {len(self.found) + 1}"
                self.found.append({"name": self._names[key], **content})
            names.append(self._names[key])
        return names

    @property
    def wider(self) -> Scenario:
        """The scenario with all candidates among its strategies."""
        return as_scenario(self.scenario, strategies=[*self.scenario.resolved()["strategies"], *self.found])


def search_budget(
    candidates: Candidates,
    of: Ingredients,
    own: Sequence[str],
    points: pd.DataFrame,
    aims: tuple[Objective, ...],
    make: Callable[[Scenario, tuple[str, ...]], Evaluate],
    *,
    search: str,
    robust: str,
    n: int,
    population: int,
    seed: int,
) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Run the scenario's own strategies and the candidates of a search at points.

    Returns
    -------
    names : tuple of str
        The own strategies, then the candidates in the order in which they were asked for.
    runs : DataFrame
    """
    import pandas as pd

    known: dict[str, None] = {}
    tables: list[pd.DataFrame] = []

    def run(names: Sequence[str]) -> None:
        new = tuple(name for name in dict.fromkeys(names) if name not in known)
        if new:
            tables.append(make(candidates.wider, new)(points))
            known.update(dict.fromkeys(new))

    def scores(compositions: list[dict[str, Any]]) -> NDArray[np.float64]:
        names = candidates.add(compositions)
        run([*(own if not known else ()), *names])
        runs = pd.concat(tables, ignore_index=True)
        # Mean regret orders as the mean does: both are against the best of a draw, which is the same for all.
        figure = "mean" if robust == "regret" else robust
        return np.column_stack([robust_scores(aim.score(outcomes_of(runs, tuple(names), aim)))[figure] for aim in aims])

    if search == "nsga2":
        evolve(of, scores, objectives=len(aims), n=n, population=population, seed=seed)
    else:
        run([*own, *candidates.add(mixes(n, of, seed=seed))])
    return tuple(known), pd.concat(tables, ignore_index=True)

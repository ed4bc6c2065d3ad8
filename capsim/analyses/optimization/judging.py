"""From runs to figures of every strategy: means, bad draws, regret, Pareto front. Runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.optimization.objectives import Objective, robust_scores
from capsim.analyses.selection import population_effect
from capsim.runs.factors import BUDGET
from capsim.runs.points import outcome_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["judged", "outcomes_of", "pareto_front"]


def outcomes_of(runs: pd.DataFrame, names: tuple[str, ...], aim: Objective) -> NDArray[np.float64]:
    """Outcome of each strategy in each draw, averaged over luck, (draws, strategies)."""
    return np.column_stack([outcome_table(runs, name, aim.column).mean(axis=1) for name in names])


def judged(
    runs: pd.DataFrame, names: tuple[str, ...], aims: tuple[Objective, ...], robust: str, reference: str, budget: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of every strategy under one budget, and its regret in the primary objective, draw by draw."""
    import pandas as pd

    columns: dict[str, Any] = {"strategy": list(names), BUDGET: budget}
    fronts, regrets = [], pd.DataFrame()
    for place, aim in enumerate(aims):
        outcome = outcomes_of(runs, names, aim)
        score = aim.score(outcome)
        figures = robust_scores(score)
        columns[f"{aim.name}_mean"] = outcome.mean(axis=0)
        columns[f"{aim.name}_worst_tenth"] = figures["worst_tenth"] * (1.0 if aim.better == "larger" else -1.0)
        columns[f"{aim.name}_regret"] = -figures["regret"]
        fronts.append(figures[robust])
        if place == 0:
            regrets = pd.DataFrame(score.max(axis=1, keepdims=True) - score, columns=list(names)).rename_axis("draw")
            columns |= _against(outcome, names.index(reference))
    table = pd.DataFrame(columns)
    table.insert(2, "pareto", pareto_front(np.column_stack(fronts)))
    return table, regrets


def _against(outcome: NDArray[np.float64], reference: int) -> dict[str, list[float]]:
    """Paired difference of every strategy from the reference over draws, with its interval."""
    paired = [population_effect(column[:, None]) for column in (outcome - outcome[:, [reference]]).T]
    return {
        "difference": [one.estimate for one in paired],
        "low": [one.low for one in paired],
        "high": [one.high for one in paired],
    }


def pareto_front(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows that no other row beats: none is at least as large everywhere and larger somewhere.

    Parameters
    ----------
    values : (n, objectives) float64
        Larger is better.
    """
    table = np.asarray(values, np.float64)
    as_good: NDArray[np.bool_] = np.all(table[None, :, :] >= table[:, None, :], axis=2)
    better: NDArray[np.bool_] = np.any(table[None, :, :] > table[:, None, :], axis=2)
    return np.asarray(~np.any(as_good & better, axis=1))

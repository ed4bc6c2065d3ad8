"""What may be aimed at, and what is made of it over draws: means, bad draws, regret, Pareto front. Runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.analyses.selection import population_effect
from capsim.catalogue import weighted_column
from capsim.runs.factors import BUDGET
from capsim.runs.points import outcome_table

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Objective:
    """One aim: identifier, words, outcome of a run, and which is better: "larger", "smaller" or "nearer to 0"."""

    name: str
    title: str
    column: str
    better: str

    def counted_by(self, weight: str) -> Objective:
        """The same aim as a mean over pupils, districts or positions; a gap or a cost is the same under all."""
        return replace(self, column=weighted_column(self.column, weight))

    def score(self, outcome: Floats) -> Floats:
        """Values of which larger ones are better."""
        if self.better == "larger":
            return outcome
        return -np.abs(outcome) if self.better == "nearer to 0" else -outcome


_ROWS = (
    Objective("use", "Use retained", "use_follow_up_end", "larger"),
    Objective("equity_size", "Use in large minus small districts", "equity_gap_size_follow_up_end", "nearer to 0"),
    Objective("equity_sparse", "Use in other minus sparse districts", "equity_gap_sparse_follow_up_end", "nearer to 0"),
    Objective("cost", "Cost, dollars", "cost", "smaller"),
)
OBJECTIVES: Mapping[str, Objective] = MappingProxyType({row.name: row for row in _ROWS})
"""What may be aimed at, by name."""

ROBUST = ("mean", "worst_tenth", "regret")
"""What is optimized of an objective over draws of the assumptions: its mean, the value that nine draws in ten reach, or
the mean regret: what is lost against the best candidate of the same draw."""

_NINE_IN_TEN = 0.1


def robust_scores(score: Floats) -> dict[str, Floats]:
    """Figures over draws, by name in `ROBUST`; larger ones are better; (n,) from (draws, n)."""
    regret = score.max(axis=1, keepdims=True) - score
    tenth = np.quantile(score, _NINE_IN_TEN, axis=0, method="weibull")
    return {"mean": score.mean(axis=0), "worst_tenth": tenth, "regret": -regret.mean(axis=0)}


def outcomes_of(runs: pd.DataFrame, names: tuple[str, ...], aim: Objective) -> Floats:
    """Outcome of each strategy in each draw, averaged over luck, (draws, strategies)."""
    return np.column_stack([outcome_table(runs, name, aim.column).mean(axis=1) for name in names])


def judged(
    runs: pd.DataFrame, names: tuple[str, ...], aims: tuple[Objective, ...], robust: str, reference: str, budget: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of every strategy under one budget, and its regret in the primary objective, draw by draw."""
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
            paired = [population_effect(one[:, None]) for one in (outcome - outcome[:, [names.index(reference)]]).T]
            columns |= {"difference": [one.estimate for one in paired]}
            columns |= {end: [getattr(one, end) for one in paired] for end in ("low", "high")}
    table = pd.DataFrame(columns)
    table.insert(2, "pareto", pareto_front(np.column_stack(fronts)))
    return table, regrets


def pareto_front(values: Floats) -> NDArray[np.bool_]:
    """Rows that no other row beats: none is at least as large everywhere and larger somewhere, (n,) from (n, m)."""
    as_good: NDArray[np.bool_] = np.all(values[None, :, :] >= values[:, None, :], axis=2)
    better: NDArray[np.bool_] = np.any(values[None, :, :] > values[:, None, :], axis=2)
    return np.asarray(~np.any(as_good & better, axis=1))

"""What may be aimed at, and what is made of it over draws of the assumptions. Knows no runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["OBJECTIVES", "ROBUST", "Objective", "robust_scores"]

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


OBJECTIVES: Mapping[str, Objective] = MappingProxyType(
    {
        row.name: row
        for row in (
            Objective("use", "Use retained", "use_follow_up_end", "larger"),
            Objective(
                "equity_size", "Use in large minus small districts", "equity_gap_size_follow_up_end", "nearer to 0"
            ),
            Objective(
                "equity_sparse", "Use in other minus sparse districts", "equity_gap_sparse_follow_up_end", "nearer to 0"
            ),
            Objective("cost", "Cost, dollars", "cost", "smaller"),
        )
    }
)
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

"""What a calibration finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Calibration"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted parameters.

    Attributes
    ----------
    scenario : Scenario
    strategy : str
        Under which the data were observed.
    method : {"abc", "optuna"}
    bounds : dict of str to (float, float)
    sample : DataFrame
        abc: the kept points with their distances, a sample of the posterior; after an adjustment also its values
        (``<parameter>_adjusted``) and their weight. optuna: the best points with score and fresh_score, best fresh
        first; no posterior.
    quantiles : DataFrame
        abc: per parameter the quantiles of the posterior and of the prior, and the share of the prior's central 95%
        that is left. optuna: empty.
    adjusted : DataFrame
        The same after the regression of `capsim.analyses.calibration.adjustment`, which takes back what the distance of
        the kept runs from the data adds; empty where too few runs are kept for it.
    best : dict of str to float
        abc: posterior medians. optuna: the point with the best fresh score.
    check : DataFrame
        Predictive check, one row an observation: measure, month, level, observed, standard_error, predicted (median),
        low, high (central 95% of single runs with the data's error), inside.
    points : DataFrame
        Every point that was tried.
    tolerance : float
        abc: largest kept distance, in standard errors. optuna: the best fresh score, in the same unit.
    sampler : str
        Name and version of what searched.
    """

    scenario: Scenario
    strategy: str
    method: str
    bounds: dict[str, tuple[float, float]]
    sample: pd.DataFrame
    quantiles: pd.DataFrame
    adjusted: pd.DataFrame
    best: dict[str, float]
    check: pd.DataFrame
    points: pd.DataFrame
    tolerance: float
    sampler: str

    def sentence(self) -> str:
        """The finding in words."""
        inside = int(self.check["inside"].sum())
        fit = f"{inside} of {len(self.check)} observed means lie in the predicted 95% range"
        if self.method == "optuna":
            values = ", ".join(f"{name} {value:.3g}" for name, value in self.best.items())
            score = f"fresh score {self.tolerance:.2f} standard errors"
            return f"Best of {len(self.points)} points: {values} ({score}); {fit}."
        kept = f"Posterior medians and 95% ranges of {len(self.sample)} kept runs: {_ranges(self.quantiles)}"
        adjusted = f"; adjusted by regression: {_ranges(self.adjusted)}" if len(self.adjusted) else ""
        return f"{kept}{adjusted}; {fit}."

    def plot(self) -> Axes:
        """Observed means with their errors and what the fitted model predicts: matplotlib Axes."""
        from capsim.figures.calibration import plot_check

        return plot_check(self.check)


def _ranges(quantiles: pd.DataFrame) -> str:
    return ", ".join(
        f"{row['parameter']} {row['q50']:.3g} ({row['q2.5']:.3g} to {row['q97.5']:.3g})"
        for row in quantiles.to_dict("records")
    )

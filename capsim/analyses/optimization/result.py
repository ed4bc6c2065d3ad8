"""What an optimization finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from capsim.analyses.optimization.objectives import Objective
from capsim.errors import InputError, nearest_name
from capsim.runs.factors import BUDGET
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Optimization"]


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

    def composition(self, strategy: str) -> dict[str, Any]:
        """One candidate as a scenario file holds it."""
        for one in self.candidates:
            if one["name"] == strategy:
                return one
        names = [one["name"] for one in self.candidates]
        raise InputError(f"no candidate {strategy!r}{nearest_name(strategy, names)}")

    def plot(self) -> Axes:
        """Two objectives against each other, the front marked; a line for each of several budgets: matplotlib Axes."""
        from capsim.figures.pareto import plot_front, plot_fronts

        first, second = self.objectives[0], self.objectives[-1]
        plot = plot_front if len(self.budgets) == 1 else partial(plot_fronts, budget=BUDGET)
        return plot(
            self.table,
            horizontal=f"{second.name}_mean",
            vertical=f"{first.name}_mean",
            horizontal_title=second.title,
            vertical_title=first.title,
        )

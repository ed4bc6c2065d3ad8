"""A comparison as the report reads it: what there is, and empty answers where runs are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capsim.catalogue import MEASURES
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import PairedDifference, paired_difference
from capsim.figures.palette import BASELINE, Style, clean_text, strategy_styles
from capsim.parameters import Parameter
from capsim.report.words import lower
from capsim.runs.provenance import recorded_parameters

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Results"]

MANY = 6
"""Strategies that assist, above which pictures and tables show those of the question and fold the others."""
_LESS_IS_BETTER = ("vacancy", "exits", "recipient_hours")


@dataclass(frozen=True, slots=True)
class Results:
    """Comparison with the looks of its strategies.

    Attributes
    ----------
    comparison : Comparison
    styles : mapping of str to Style
    parameters : mapping of str to Parameter
        As they were declared when the comparison ran.
    """

    comparison: Comparison
    styles: Mapping[str, Style]
    parameters: Mapping[str, Parameter]

    @classmethod
    def of(cls, comparison: Comparison) -> Results:
        """Read a comparison."""
        styles = strategy_styles([*comparison.strategies, *comparison.scenario.question.contrast])
        return cls(comparison, styles, recorded_parameters(comparison.provenance))

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return clean_text(self.comparison.scenario.name)

    @property
    def contrast(self) -> tuple[str, str]:
        """The two strategies of the question."""
        first, second = self.comparison.scenario.question.contrast
        return first, second

    @property
    def others(self) -> tuple[str, ...]:
        """Strategies that assist."""
        return tuple(name for name in self.comparison.strategies if name != BASELINE)

    @property
    def many(self) -> bool:
        """Whether there are too many strategies to show all of them everywhere."""
        return len(self.others) > MANY

    @property
    def featured(self) -> tuple[str, ...]:
        """Strategies that are always shown in full: all, or of many the baseline and those of the question."""
        names = self.comparison.strategies
        return tuple(name for name in names if name == BASELINE or name in self.contrast) if self.many else names

    @property
    def quiet(self) -> frozenset[str]:
        """Strategies that stay in the background of pictures."""
        return frozenset(self.others) - frozenset(self.featured)

    @property
    def stands_for(self) -> float:
        """How many times the hours of the simulated agencies all agencies get, which a sample stands for."""
        from capsim.comparison.provided import stands_for

        return stands_for(self.comparison)

    @property
    def measure(self) -> str:
        """What the question asks about, in running text."""
        return lower(MEASURES[self.comparison.scenario.question.outcome].title)

    @property
    def more_is_better(self) -> bool:
        """Whether a larger outcome is the better one."""
        return self.comparison.scenario.question.outcome not in _LESS_IS_BETTER

    @property
    def has_baseline(self) -> bool:
        """Whether runs without assistance finished."""
        runs = self.comparison.runs
        return bool(((runs["strategy"] == BASELINE) & (runs["status"] == "done")).any())

    @property
    def has_survey(self) -> bool:
        """Whether agencies were moved to what a survey of the user's observed."""
        return len(self.comparison.survey) > 0

    @property
    def has_drawn(self) -> bool:
        """Whether assumptions were drawn."""
        return "drawn" in self.comparison.assumption_sets

    def difference(
        self, first: str, second: str, *, outcome: str = "", assumptions: str = "default"
    ) -> PairedDifference:
        """Paired difference; of no pairs where the outcome or the runs are missing."""
        column = outcome or self.comparison.outcome
        if column not in self.comparison.runs or assumptions not in self.comparison.assumption_sets:
            return paired_difference(np.empty(0), np.empty(0))
        return self.comparison.difference(first, second, outcome=column, assumptions=assumptions)

    def differences(self, outcome: str = "") -> pd.DataFrame:
        """Table of `Comparison.differences`; empty where the outcome is missing."""
        import pandas as pd

        column = outcome or self.comparison.outcome
        if column not in self.comparison.runs:
            return pd.DataFrame()
        return self.comparison.differences(outcome=column)

    def values(self, strategy: str, outcome: str, *, assumptions: str = "default") -> np.ndarray:
        """Outcomes of the finished runs of a strategy, undefined ones left out; (n,)."""
        runs = self.comparison.runs
        if outcome not in runs:
            return np.empty(0)
        chosen = (runs["strategy"] == strategy) & (runs["assumptions"] == assumptions) & (runs["status"] == "done")
        return runs.loc[chosen, outcome].dropna().to_numpy(np.float64)

    def mean(self, strategy: str, outcome: str, *, assumptions: str = "default") -> float:
        """Mean over finished runs; NaN of none."""
        values = self.values(strategy, outcome, assumptions=assumptions)
        return float(values.mean()) if len(values) else float("nan")

    def reality(self) -> str:
        """What is real about the agencies, in one sentence for every page."""
        source = self.comparison.scenario.agencies.source
        inner = "starts from the user's survey" if self.has_survey else "is simulated"
        if source == "us_2023_24":
            return f"Size and location are real, the inner state {inner}."
        if source == "synthetic":
            return "The agencies are invented, and everything about them is simulated."
        return f"Size and location come from the user's own table, the inner state {inner}."

    def naming(self) -> str:
        """Which agencies a page names, in one sentence."""
        if self.has_survey:
            return "Single agencies are named only beside what the user's survey says of them."
        return "Groups of districts are named, never single ones."

    def moment(self, at: str = "") -> str:
        """When the outcome is read, in running text."""
        from capsim.report.words import duration

        months = self.comparison.scenario.timeline.follow_up
        if not self.comparison.scenario.timeline.assistance:
            return f"after {duration(months)} without assistance"
        if (at or self.comparison.scenario.question.at) == "assistance_end" or months == 0:
            return "when assistance ends"
        return f"{duration(months)} after assistance ended"

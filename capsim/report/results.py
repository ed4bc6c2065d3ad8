"""A comparison as the report reads it: what there is, and empty answers where runs are missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import BASELINE, WEIGHTS, better, unweighted, weighted_column
from capsim.comparison.cautions import undefined_outcome
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import PairedDifference, paired_difference
from capsim.errors import CapsimError
from capsim.figures.canvas import PAGE_WIDTH, inline_svg, new_axes
from capsim.figures.palette import strategy_label, strategy_styles
from capsim.levels import LEA
from capsim.parameters import Values, resolve_values
from capsim.report.parts import Fold, Part, Picture, Row, Table
from capsim.report.words import duration, lower, name_dates
from capsim.runs.identity import recorded_parameters
from capsim.scenario import build_agencies

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from capsim.scenario import AgencyTable, Scenario

MANY = 6
"""Strategies that assist, above which pictures and tables show those of the question and fold the others."""

Panel = tuple[float, "Callable[..., Axes]"]
"""Height of a drawing in inches, and what draws it on the axes it is given as `ax`."""


def reality_of(scenario: Scenario, *, has_survey: bool = False) -> str:
    """What is real about the agencies of a scenario, in one sentence."""
    source = scenario.agencies.source
    inner = "starts from the user's survey" if has_survey else "is simulated"
    if source == "us_2023_24":
        return f"Size and location are real; the inner state {inner}."
    if source == "synthetic":
        return "The agencies are invented, and everything about them is simulated."
    table = source.replace("\\", "/").rpartition("/")[2]
    return f"Size and location come from {table}; the inner state {inner}."


class Results:
    """A comparison with the looks of its strategies, and parameters as they were declared when it ran; what several
    sections need is made once.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.scenario = comparison.scenario
        first, second = comparison.scenario.question.contrast
        self.contrast = (first, second)
        self.styles = strategy_styles([*comparison.strategies, *self.contrast])
        self.parameters = recorded_parameters(comparison.provenance)
        self._differences: dict[tuple[str, str, str, str], PairedDifference] = {}

    @property
    def others(self) -> tuple[str, ...]:
        """Strategies that assist."""
        return tuple(name for name in self.comparison.strategies if name != BASELINE)

    @property
    def pair(self) -> dict[str, Any]:
        """What a plot of the two strategies of the question takes."""
        first, second = self.contrast
        return {"first": first, "second": second, "styles": self.styles}

    @property
    def favored(self) -> dict[str, Any]:
        """The same, first whoever is better where the difference is larger."""
        first, second = self.contrast if self.more_is_better else self.contrast[::-1]
        return {**self.pair, "first": first, "second": second}

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

    @cached_property
    def stands_for(self) -> float:
        """Districts that each simulated one stands for on average; 1 without a sample."""
        if self.agencies is None or not (districts := self.agencies.level == LEA).any():
            return 1.0
        return float(self.agencies.weight[districts].mean())

    @cached_property
    def values(self) -> Values:
        """Parameters of worlds with default assumptions."""
        return resolve_values(self.scenario.parameters)

    @cached_property
    def plan(self) -> pd.DataFrame:
        """Hours, units and dollars by strategy, quarter and activity, where there are any hours."""
        plan = self.comparison.plan()
        return plan[plan["hours"] > 0.0]

    @cached_property
    def agencies(self) -> AgencyTable | None:
        """The simulated agencies; None when their source can no longer be read."""
        try:
            return build_agencies(self.scenario, self.values)
        except CapsimError:
            return None

    def used(self, name: str) -> float:
        """Value of a parameter in worlds with default assumptions; NaN of one that is none any more."""
        declared = self.parameters.get(name)
        return float(self.scenario.parameters.get(name, declared.default if declared else math.nan))

    @property
    def measure(self) -> str:
        """What the question asks about, in running text."""
        return lower(self.scenario.asked.title)

    @property
    def over(self) -> str:
        """What means are over, in running text: pupils, districts or positions."""
        return WEIGHTS[self.scenario.question.weight].title

    @property
    def more_is_better(self) -> bool:
        """Whether a larger outcome is the better one."""
        return better(self.scenario.asked.name) > 0.0

    @cached_property
    def undefined(self) -> str:
        """Why finished runs say nothing, as a sentence: the outcome is undefined in them. Empty where it is not."""
        why = undefined_outcome(self.comparison)
        return f"{why[:1].upper()}{why[1:]}." if why else ""

    @cached_property
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
        """Paired difference; of no pairs where the outcome or the runs are missing. Made once."""
        column = self._column(outcome or self.comparison.outcome)
        key = (first, second, column, assumptions)
        if key not in self._differences:
            self._differences[key] = (
                self.comparison.difference(first, second, outcome=column, assumptions=assumptions)
                if column in self.comparison.runs and assumptions in self.comparison.assumption_sets
                else paired_difference(np.empty(0), np.empty(0))
            )
        return self._differences[key]

    def _column(self, outcome: str) -> str:
        """Column of an outcome as the question counts districts."""
        return weighted_column(unweighted(outcome)[0], self.scenario.question.weight)

    def finished(self, strategy: str, outcome: str) -> np.ndarray:
        """Outcomes of the finished runs of a strategy with default assumptions, undefined ones left out; (n,)."""
        outcome = self._column(outcome)
        if outcome not in self.comparison.runs:
            return np.empty(0)
        table = self.comparison.outcomes(outcome)
        return table[strategy].dropna().to_numpy(np.float64) if strategy in table else np.empty(0)

    def mean(self, strategy: str, outcome: str) -> float:
        """Mean over finished runs; NaN of none."""
        values = self.finished(strategy, outcome)
        return float(values.mean()) if len(values) else float("nan")

    def reality(self) -> str:
        """What is real about the agencies, in one sentence for every page."""
        return reality_of(self.scenario, has_survey=self.has_survey)

    def naming(self) -> str:
        """Which agencies a page names, in one sentence."""
        if self.has_survey:
            return "Single agencies are named only beside what the user's survey says of them."
        if len(self.comparison.by_district()):
            return "Single districts are named in one table: what such a district would do, not a forecast for it."
        return "Groups of districts are named, never single ones."

    def moment(self) -> str:
        """When the outcome is read, in running text."""
        months = self.scenario.timeline.follow_up
        if not self.scenario.timeline.assistance:
            return f"after {duration(months)} without assistance"
        if self.scenario.question.at == "assistance_end" or months == 0:
            return "when assistance ends"
        return f"{duration(months)} after assistance ended"

    def row(self, name: str, cells: Iterable[str], heading: str = "") -> Row:
        """A row about a strategy."""
        style = self.styles.get(name)
        return Row(heading or strategy_label(name), tuple(cells), style.color if style else "")

    def tables(
        self,
        caption: str,
        headers: Sequence[str],
        rows_of: Callable[[str], Sequence[Row]],
        *,
        names: Sequence[str] = (),
        note: str = "",
        words: bool = False,
    ) -> list[Part]:
        """One table of all strategies; or, of many, a table of the featured ones and a fold with all of them.

        `rows_of` makes the rows of a strategy; `names` are those of the comparison where none are given.
        """

        def table_of(shown: Sequence[str]) -> Table:
            return Table(caption, headers, [row for name in shown for row in rows_of(name)], note, words)

        every = names or self.comparison.strategies
        few = [name for name in every if name in self.featured]
        if not self.many or not few or len(few) == len(every):
            return [table_of(every)]
        return [table_of(few), Fold(f"{caption}: all {len(every)} strategies", [table_of(every)])]

    def picture(
        self, name: str, heading: str, note: str, *panels: Panel, key: Sequence[tuple[str, str, str]] = ()
    ) -> Picture:
        """A picture of panels, each drawn once, under a key of marks with their colors and what they stand for."""
        drawings = []
        for place, (height, plot) in enumerate(panels):
            ax = plot(ax=new_axes(PAGE_WIDTH, height))
            if begins := self.scenario.timeline.begins:
                name_dates(ax, begins)
            drawings.append(inline_svg(ax.figure, name=f"{name}-{place}", title=heading))  # type: ignore[arg-type]
        return Picture(heading, note, drawings, self.reality(), key)

"""A comparison as the report reads it: what there is, and empty answers where runs are missing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import BASELINE, WEIGHTS, better, unweighted, weighted_column
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import PairedDifference, paired_difference
from capsim.comparison.verdicts import undefined_outcome
from capsim.errors import CapsimError
from capsim.figures.canvas import PAGE_WIDTH, inline_svg, new_axes
from capsim.figures.palette import strategy_label, strategy_styles
from capsim.levels import LEA
from capsim.parameters import Values, resolve_values
from capsim.report import plain
from capsim.report.parts import Columns, Fold, Part, Picture, Row, Table, records_of, table_of
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


def at_defaults(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of runs with assumptions at their defaults; an empty table has no such column."""
    return table if table.empty else table[table["assumptions"] == "default"]


def there(table: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Those of the strategies, each once, that a table has rows of."""
    known = set() if table.empty else set(table["strategy"])
    return [name for name in dict.fromkeys(names) if name in known]


def label_of(row: Mapping[Any, Any]) -> str:
    """The heading of the strategy that a row is about."""
    return strategy_label(row["strategy"])


class Results:
    """A comparison with the looks of its strategies, and parameters as they were declared when it ran; what several
    sections need is made once.

    Attributes
    ----------
    contrast : the two strategies of the question
    others : strategies that assist
    many : whether there are too many strategies to show all of them everywhere
    featured : strategies that are always shown in full: all, or of many the baseline and those of the question
    quiet : strategies that stay in the background of pictures
    measure, over : what the question asks about, and over what means are, in running text
    more_is_better : whether a larger outcome is the better one
    pair, favored : what a plot of the contrast takes; in `favored`, first is who is better where the difference is larger
    has_survey : whether agencies were moved to what a survey of the user's observed
    has_drawn : whether assumptions were drawn
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.scenario = comparison.scenario
        self.parameters = recorded_parameters(comparison.provenance)
        self._differences: dict[tuple[str, str, str, str], PairedDifference] = {}
        names, asked, question = comparison.strategies, comparison.scenario.asked, comparison.scenario.question
        first, second = question.contrast
        self.contrast = (first, second)
        self.styles = strategy_styles([*names, first, second])
        self.others = tuple(name for name in names if name != BASELINE)
        self.many = len(self.others) > MANY
        self.featured = tuple(name for name in names if not self.many or name in (BASELINE, first, second))
        self.quiet = frozenset(self.others) - frozenset(self.featured)
        self.measure, self.over = plain.lower(asked.title), WEIGHTS[question.weight].title
        self.more_is_better = better(asked.name) > 0.0
        self.pair: dict[str, Any] = {"first": first, "second": second, "styles": self.styles}
        self.favored = self.pair if self.more_is_better else {**self.pair, "first": second, "second": first}
        self.has_survey = len(comparison.survey) > 0
        self.has_drawn = "drawn" in comparison.assumption_sets

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

    @cached_property
    def moments(self) -> list[tuple[str, str]]:
        """The moments at which outcomes are taken, with their words."""
        timeline = self.scenario.timeline
        later = f"{plain.duration(timeline.follow_up)} later"
        taken = {"assistance_end": timeline.assistance, "follow_up_end": timeline.follow_up}
        words = {"assistance_end": "when assistance ends", "follow_up_end": later}
        return [(at, words[at]) for at, months in taken.items() if months]

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
            return f"after {plain.duration(months)} without assistance"
        if self.scenario.question.at == "assistance_end" or months == 0:
            return "when assistance ends"
        return f"{plain.duration(months)} after assistance ended"

    def row(self, name: str, cells: Iterable[str], heading: str = "") -> Row:
        """A row about a strategy."""
        style = self.styles.get(name)
        return Row(heading or strategy_label(name), tuple(cells), style.color if style else "")

    def table(
        self,
        caption: str,
        records: pd.DataFrame | Iterable[Any],
        columns: Columns,
        note: str = "",
        *,
        words: bool = False,
    ) -> Table:
        """A table whose records are about strategies, in their colors."""
        return table_of(caption, records, columns, note, words=words, styles=self.styles)

    def tables(
        self,
        caption: str,
        records: pd.DataFrame | Iterable[Any],
        columns: Columns,
        note: str = "",
        *,
        names: Sequence[str] = (),
        words: bool = False,
    ) -> list[Part]:
        """One table of all strategies; or, of many, a table of the featured ones and a fold with all of them.

        The order is that of `names`, which are those of the comparison where none are given.
        """
        own: dict[str, list[Any]] = {}
        for record in records_of(records):
            own.setdefault(record["strategy"], []).append(record)

        def table_with(shown: Sequence[str]) -> Table:
            return self.table(caption, (one for name in shown for one in own.get(name, ())), columns, note, words=words)

        every = names or self.comparison.strategies
        few = [name for name in every if name in self.featured]
        if not self.many or not few or len(few) == len(every):
            return [table_with(every)]
        return [table_with(few), Fold(f"{caption}: all {len(every)} strategies", [table_with(every)])]

    def picture(
        self, name: str, heading: str, note: str, *panels: Panel, key: Sequence[tuple[str, str, str]] = ()
    ) -> Picture:
        """A picture of panels, each drawn once, under a key of marks with their colors and what they stand for."""
        drawings = []
        for place, (height, plot) in enumerate(panels):
            ax = plot(ax=new_axes(PAGE_WIDTH, height))
            if begins := self.scenario.timeline.begins:
                plain.name_dates(ax, begins)
            drawings.append(inline_svg(ax.figure, name=f"{name}-{place}", title=heading))  # type: ignore[arg-type]
        return Picture(heading, note, drawings, self.reality(), key)

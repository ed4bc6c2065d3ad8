"""How results show themselves; and the runs of a comparison as tables, and what pairs of them come to: outcomes,
differences, how long gains last.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import better, unweighted
from capsim.comparison.asking import group_asked, outcome_column
from capsim.comparison.statistics import (
    BreakEven,
    PairedDifference,
    half_lives,
    paired_difference,
    percentile_interval,
    resampled_means,
)
from capsim.errors import InputError, nearest_name
from capsim.numbers import one_of, shown
from capsim.runs.outcomes import outcome_names
from capsim.scenario import Scenario

_MOST_LETTERS, _MOST_ROWS = 240, 30
"""Of a line, and of a table in a notebook."""
LEAST_GAIN = 0.005
"""Gain in use below which retention and half-life are undefined."""

_DIFFERENCES = (
    *("first", "second", "assumptions", "pairs", "difference", "low", "high"),
    *("median", "range_low", "range_high", "probability_better", "variance_ratio", "correlation"),
)
_RETENTION = (
    *("strategy", "assumptions", "gain_at_end", "retained", "retained_low", "retained_high"),
    *("half_life_months", "half_life_low", "half_life_high"),
)
LABELS = ("run_id", "strategy", "replicate", "assumptions")
"""Columns of the runs that say who a run is, before its outcomes."""


class Result:
    """Base of every result; a subclass says what it is about, and what was found."""

    __slots__ = ()

    def _about(self) -> str:
        """What was asked, in a few words."""
        raise NotImplementedError

    def _found(self) -> tuple[str, pd.DataFrame]:
        """The finding in words, and its table."""
        raise NotImplementedError

    def __repr__(self) -> str:
        about = " ".join(self._about().split())
        about = about if len(about) <= _MOST_LETTERS else f"{about[: _MOST_LETTERS - 3]}..."
        return f"<{type(self).__name__}: {about}>"

    def _repr_html_(self) -> str:
        sentence, table = self._found()
        shown = table.head(_MOST_ROWS).to_html(index=False, float_format="{:.4g}".format, border=0)
        more = f"<p>and {len(table) - _MOST_ROWS} more rows</p>" if len(table) > _MOST_ROWS else ""
        return f"<p>{html.escape(sentence)}</p>{shown}{more}"


@dataclass(frozen=True, slots=True)
class Settling:
    """How the worlds of a comparison settled: months and largest drift, by replicate and set of assumptions."""

    replicate: int
    assumptions: str
    months: int
    drift: float


@dataclass(frozen=True, slots=True, repr=False)
class PairedRuns(Result):
    """The tables of a comparison, described in `Comparison`, and arithmetic on pairs of its runs."""

    scenario: Scenario
    strategies: tuple[str, ...]
    runs: pd.DataFrame
    draws: pd.DataFrame
    failures: list[dict[str, Any]]
    settling: list[Settling]
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    break_even: list[BreakEven] = field(default_factory=list)
    monthly: pd.DataFrame = field(default_factory=pd.DataFrame)
    agencies: pd.DataFrame = field(default_factory=pd.DataFrame)
    chain: pd.DataFrame = field(default_factory=pd.DataFrame)
    instruments: pd.DataFrame = field(default_factory=pd.DataFrame)
    hours: pd.DataFrame = field(default_factory=pd.DataFrame)
    center: pd.DataFrame = field(default_factory=pd.DataFrame)
    course: pd.DataFrame = field(default_factory=pd.DataFrame)
    stocktakes: pd.DataFrame = field(default_factory=pd.DataFrame)
    flow: pd.DataFrame = field(default_factory=pd.DataFrame)
    flow_agencies: pd.DataFrame = field(default_factory=pd.DataFrame)
    reach: pd.DataFrame = field(default_factory=pd.DataFrame)
    reach_agencies: pd.DataFrame = field(default_factory=pd.DataFrame)
    leavers: pd.DataFrame = field(default_factory=pd.DataFrame)
    own_readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    tools: pd.DataFrame = field(default_factory=pd.DataFrame)
    survey: pd.DataFrame = field(default_factory=pd.DataFrame)
    variants: pd.DataFrame = field(default_factory=pd.DataFrame)
    alone: pd.DataFrame = field(default_factory=pd.DataFrame)
    ladder: pd.DataFrame = field(default_factory=pd.DataFrame)
    effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    regions: pd.DataFrame = field(default_factory=pd.DataFrame)
    observed: pd.DataFrame = field(default_factory=pd.DataFrame)
    updated: pd.DataFrame = field(default_factory=pd.DataFrame)
    next_readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    _kept: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def outcome(self) -> str:
        """Column of the declared outcome in `runs`."""
        return outcome_column(self.scenario, None)

    @property
    def districts(self) -> str:
        """Level of `monthly` that holds the agencies asked about, counted as the question says."""
        return group_asked(self.scenario)

    @property
    def group(self) -> str:
        """Level of `monthly` that the question is about: districts, or the agencies that it asks about instead."""
        return unweighted(self.districts)[0]

    @property
    def assumption_sets(self) -> tuple[str, ...]:
        """The sets of assumptions that were run: "default", and "drawn" if the scenario asks for it."""
        return tuple(dict.fromkeys(self.runs["assumptions"]))

    def rows(self, name: str, *, assumptions: str = "default") -> pd.DataFrame:
        """Rows of a table in worlds with such assumptions; of `runs` those that finished."""
        table: pd.DataFrame = getattr(self, name)
        if table.empty:
            return table
        wanted = table["assumptions"] == assumptions
        return table[wanted & (table["status"] == "done")] if name == "runs" else table[wanted]

    def outcomes(
        self, outcome: str | None = None, *, assumptions: str = "default", weight: str | None = None
    ) -> pd.DataFrame:
        """One outcome of finished runs: replicates in rows, strategies in columns; empty where nobody recorded it.

        Made once and kept, so it must not be changed.

        Parameters
        ----------
        outcome : str, optional
            A measure, such as ``use``, at the moment of the question; or a column of the runs. The question's without
            it.
        assumptions : {"default", "drawn"}
        weight : {"pupils", "districts", "positions"}, optional
            How districts count. Without it a measure counts them as the question does, and a column as it says.

        Raises
        ------
        InputError
            If there is no such outcome.
        """
        known = [*self.runs.columns[len(LABELS) :], *outcome_names(gains=True, recorded=self.scenario.recorded)]
        column = outcome_column(self.scenario, outcome, known, weight=weight)
        key = ("outcome", column, one_of("assumptions:", assumptions, ("default", "drawn")))

        def made() -> pd.DataFrame:
            if column not in self.runs:
                return pd.DataFrame()
            own = self.rows("runs", assumptions=assumptions)
            return own.pivot(index="replicate", columns="strategy", values=column)

        return self._once(key, made)

    def paired(
        self,
        first: str,
        second: str,
        *,
        outcome: str | None = None,
        assumptions: str = "default",
        weight: str | None = None,
    ) -> NDArray[np.float64]:
        """Outcomes of two strategies replicate by replicate, (n, 2); replicates in which either failed are left out."""
        known = dict.fromkeys((*self.strategies, *self.scenario.question.contrast, "none"))
        for name in (first, second):
            if not isinstance(name, str) or name not in known:
                near = nearest_name(name, known) if isinstance(name, str) else ""
                raise InputError(f"no strategy {shown(name)} in this comparison; there are {', '.join(known)}{near}")
        table = self.outcomes(outcome, assumptions=assumptions, weight=weight)
        if first not in table or second not in table:
            return np.empty((0, 2))
        pairs = np.column_stack([table[first].to_numpy(np.float64), table[second].to_numpy(np.float64)])
        complete: NDArray[np.bool_] = ~np.isnan(pairs).any(axis=1)
        return pairs[complete]

    def difference(
        self,
        first: str,
        second: str,
        *,
        outcome: str | None = None,
        assumptions: str = "default",
        weight: str | None = None,
    ) -> PairedDifference:
        """Paired difference of two strategies, first minus second; see `outcomes` for what may be asked."""
        pairs = self.paired(first, second, outcome=outcome, assumptions=assumptions, weight=weight)
        return paired_difference(pairs[:, 0], pairs[:, 1], better=better(outcome or self.scenario.asked.name))

    def differences(self, *, outcome: str | None = None, weight: str | None = None) -> pd.DataFrame:
        """Every strategy against `none`, and the declared contrast: one row per pair and set of assumptions.

        Columns: first, second, assumptions, pairs, difference, low, high (t interval of the mean), median, range_low,
        range_high (central 95% of single pairs), probability_better, variance_ratio, correlation.
        """
        first, second = self.scenario.question.contrast
        pairs = [(name, "none") for name in self.strategies if name != "none"] if "none" in self.strategies else []
        if (first, second) not in pairs:
            pairs.insert(0, (first, second))
        rows = []
        for first, second in pairs:
            for assumptions in self.assumption_sets:
                d = self.difference(first, second, outcome=outcome, assumptions=assumptions, weight=weight)
                figures = (*d.mean, *d.spread, d.probability_better, d.variance_ratio, d.correlation)
                rows.append((first, second, assumptions, d.pairs, *figures))
        return pd.DataFrame(rows, columns=list(_DIFFERENCES))

    def retention(self, *, assumptions: str = "default") -> pd.DataFrame:
        """How long gains in use over `none` last: retained share and half-life of the mean gain, with bootstrap
        intervals.

        Undefined (NaN) where the mean gain at the end of assistance is below `LEAST_GAIN`; a half-life beyond follow-up
        is infinite.
        """
        return self.kept(("retention", assumptions), lambda: self._retention(assumptions))

    def _retention(self, assumptions: str) -> pd.DataFrame:
        monthly, rows = self.rows("monthly", assumptions=assumptions), []
        wanted = (monthly["level"] == self.districts) & (monthly["month"] >= self.scenario.timeline.assistance)
        paths = monthly[wanted].pivot(index=["replicate", "month"], columns="strategy", values="use")
        for name in (one for one in self.strategies if one != "none" and {one, "none"} <= {*paths}):
            gains = (paths[name] - paths["none"]).unstack("month").dropna().to_numpy(np.float64)
            if len(gains):  # (replicates, follow-up + 1)
                means = resampled_means(gains, seed=1)
                share = percentile_interval(retained_shares(means))
                life = percentile_interval(half_lives(means, least_gain=LEAST_GAIN))
                rows.append((name, assumptions, float(gains[:, 0].mean()), *share, *life))
        return pd.DataFrame(rows, columns=list(_RETENTION))

    @property
    def drawn_in_words(self) -> str:
        """What differs between pairs with drawn assumptions."""
        return "luck, assumptions and rules" if len(self.variants) else "luck and assumptions"

    def _about(self) -> str:
        failed = f", {len(self.failures)} runs failed" if self.failures else ""
        return (
            f"{self.scenario.name}, {len(self.strategies)} strategies ({', '.join(self.strategies)}), "
            f"{self.runs['replicate'].nunique()} paired replications{failed}"
        )

    def kept(self, key: tuple[str, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A copy of a table that is made when it is first asked for."""
        return self._once(key, make).copy()

    def _once(self, key: tuple[str, ...], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def retained_shares(means: NDArray[np.float64], least: float = LEAST_GAIN) -> NDArray[np.float64]:
    """Share of the first gain that is left in the last month, row by row; NaN where the first is below the least."""
    first = means[:, 0]
    share = np.full(len(means), np.nan)
    np.divide(means[:, -1], first, out=share, where=first >= least)
    return share

"""The result of a comparison: tables, differences with intervals, the answer in one sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import weighted
from capsim.comparison.asking import outcome_column
from capsim.comparison.result import Result
from capsim.comparison.statistics import (
    PairedDifference,
    half_lives,
    paired_difference,
    percentile_interval,
    replications_needed,
    resampled_means,
)
from capsim.comparison.verdicts import wider_interval
from capsim.errors import InputError, nearest_name
from capsim.numbers import one_of, shown
from capsim.runs.study import outcome_names
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capsim.comparison.break_even import BreakEven
    from capsim.comparison.verdicts import Judged

LEAST_GAIN = 0.005
"""Gain in use below which retention and half-life are undefined."""

_LABELS = 4
"""Columns of the runs that say who a run is, before its outcomes."""


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True, slots=True)
class Settling:
    """How the worlds of a comparison settled: months and largest drift, by replicate and set of assumptions."""

    replicate: int
    assumptions: str
    months: int
    drift: float


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Result):
    """Paired runs of several strategies in one scenario.

    Attributes
    ----------
    scenario : Scenario
    strategies : tuple of str
    runs : DataFrame
        One row per run: run_id, strategy, replicate, assumptions ("default" or "drawn"), status, outcomes.
    monthly : DataFrame
        One row per run, month and group of agencies: the measures.
    agencies : DataFrame
        One row per run and agency: measures at the two moments; empty unless asked for.
    chain : DataFrame
        One row per run, link of the delivery chain and month: hours delivered, received and used.
    instruments : DataFrame
        One row per run, month and level: readings and ratings.
    hours : DataFrame
        One row per run, quarter and activity: TA hours.
    center : DataFrame
        One row per run and month: the center's book; empty where nothing of it is declared.
    course : DataFrame
        One row per run and phase that began or review rule that was gone through.
    flow : DataFrame
        One row per run, year, level, activity and channel: hours after each factor, from offered to used.
    flow_agencies : DataFrame
        The same by agency; empty but for single runs.
    reach : DataFrame
        One row per run, level and what agencies were in the assistance: how many, and their hours.
    reach_agencies : DataFrame
        One row per run and agency: what it was, its hours after each factor; empty unless agencies are asked for.
    leavers : DataFrame
        One row per run, year, level, role and how much help people had had: person-years and leavers.
    own_readings : DataFrame
        One row per run, month, level and instrument of the scenario's own: reading, truth, share that passes.
    tools : DataFrame
        One row per run and tool that an agency made or adopted: when, in which area, from whom; empty without tools.
    draws : DataFrame
        Parameter values of every replicate with drawn assumptions; empty without them.
    variants : DataFrame
        Variants of rules of the same replicates, by rule; empty unless rules were drawn.
    alone : DataFrame
        The contrast in each replicate under each variant of a rule alone; empty unless it was run.
    ladder : DataFrame
        The gain of each plan at each rung of the budget in each replicate; empty unless it was run.
    effects : DataFrame
        What each step of an assumption, or of a group of them, changed in the contrast; empty unless it was run.
    regions : DataFrame
        One row per run, region or state and moment: means of the measures over its districts, TA hours.
    observed, updated, next_readings : DataFrame
        Readings of later months beside their forecast; the gain of every plan as it was foretold, and in the worlds
        that foretold them well; what to read next. See `capsim.comparison.forecast`; empty without readings.
    failures : list of dict
        Run id, strategy, replicate, assumptions and reason of every failed run.
    settling : list of Settling
    notes : tuple of str
        What is real and what is illustrative in the agencies.
    provenance : dict
    break_even : list of BreakEven
    survey : DataFrame
        One row per set of assumptions and answer of the user's survey, see `survey_table`; empty without one.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    runs: pd.DataFrame
    monthly: pd.DataFrame
    agencies: pd.DataFrame
    draws: pd.DataFrame
    failures: list[dict[str, Any]]
    settling: list[Settling]
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    break_even: list[BreakEven] = field(default_factory=list)
    chain: pd.DataFrame = field(default_factory=_nothing)
    instruments: pd.DataFrame = field(default_factory=_nothing)
    hours: pd.DataFrame = field(default_factory=_nothing)
    center: pd.DataFrame = field(default_factory=_nothing)
    course: pd.DataFrame = field(default_factory=_nothing)
    stocktakes: pd.DataFrame = field(default_factory=_nothing)
    flow: pd.DataFrame = field(default_factory=_nothing)
    flow_agencies: pd.DataFrame = field(default_factory=_nothing)
    reach: pd.DataFrame = field(default_factory=_nothing)
    reach_agencies: pd.DataFrame = field(default_factory=_nothing)
    leavers: pd.DataFrame = field(default_factory=_nothing)
    own_readings: pd.DataFrame = field(default_factory=_nothing)
    tools: pd.DataFrame = field(default_factory=_nothing)
    survey: pd.DataFrame = field(default_factory=_nothing)
    variants: pd.DataFrame = field(default_factory=_nothing)
    alone: pd.DataFrame = field(default_factory=_nothing)
    ladder: pd.DataFrame = field(default_factory=_nothing)
    effects: pd.DataFrame = field(default_factory=_nothing)
    regions: pd.DataFrame = field(default_factory=_nothing)
    observed: pd.DataFrame = field(default_factory=_nothing)
    updated: pd.DataFrame = field(default_factory=_nothing)
    next_readings: pd.DataFrame = field(default_factory=_nothing)
    _kept: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def outcome(self) -> str:
        """Column of the declared outcome in `runs`."""
        return outcome_column(self.scenario, None)

    @property
    def districts(self) -> str:
        """Level of `monthly` that holds the agencies asked about, counted as the question says."""
        return weighted(self.group, self.scenario.question.weight)

    @property
    def group(self) -> str:
        """Level of `monthly` that the question is about: districts, or the agencies that it asks about instead."""
        return "asked" if self.scenario.question.whom else "lea"

    @property
    def assumption_sets(self) -> tuple[str, ...]:
        """The sets of assumptions that were run: "default", and "drawn" if the scenario asks for it."""
        return tuple(dict.fromkeys(self.runs["assumptions"]))

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
        known = [*self.runs.columns[_LABELS:], *outcome_names(gains=True, recorded=self.scenario.recorded)]
        column = outcome_column(self.scenario, outcome, known, weight=weight)
        key = ("outcome", column, one_of("assumptions:", assumptions, ("default", "drawn")))
        if key not in self._kept:
            wanted = (self.runs["assumptions"] == assumptions) & (self.runs["status"] == "done")
            self._kept[key] = (
                self.runs[wanted].pivot(index="replicate", columns="strategy", values=column)
                if column in self.runs
                else _nothing()
            )
        return self._kept[key]

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
        return paired_difference(pairs[:, 0], pairs[:, 1])

    def differences(self, *, outcome: str | None = None, weight: str | None = None) -> pd.DataFrame:
        """Every strategy against `none`, and the declared contrast: one row per pair and set of assumptions.

        Columns: first, second, assumptions, pairs, difference, low, high (t interval of the mean), median, range_low,
        range_high (central 95% of single pairs), probability_better, variance_ratio, correlation.
        """
        import pandas as pd

        first, second = self.scenario.question.contrast
        pairs = [(name, "none") for name in self.strategies if name != "none"] if "none" in self.strategies else []
        if (first, second) not in pairs:
            pairs.insert(0, (first, second))
        rows = []
        for first, second in pairs:
            for assumptions in self.assumption_sets:
                d = self.difference(first, second, outcome=outcome, assumptions=assumptions, weight=weight)
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "assumptions": assumptions,
                        "pairs": d.pairs,
                        "difference": d.mean.estimate,
                        "low": d.mean.low,
                        "high": d.mean.high,
                        "median": d.spread.estimate,
                        "range_low": d.spread.low,
                        "range_high": d.spread.high,
                        "probability_better": d.probability_better,
                        "variance_ratio": d.variance_ratio,
                        "correlation": d.correlation,
                    }
                )
        return pd.DataFrame(rows)

    def ranking(self) -> pd.DataFrame:
        """All plans against no help, the best first; empty without `none` or a plan.

        Columns: rank, strategy; over (what the interval covers), gain, low, high; worlds, best_in (worlds in which the
        plan is the best of all); share_of_best (gain over the best plan's); retained, half_life_months (see
        `retention`); dollars (of the center, see `plan`), recipient_hours (hours of staff), gain_per_million (dollars)
        and gain_per_1000_staff_hours; left_behind (districts whose gap to the others the plan widens: small, sparse);
        against_best, ahead (verdict against the best plan, or of the best against the second, and who is larger; see
        `judge`).
        """
        from capsim.comparison.ranking import ranking

        if (key := ("ranking",)) not in self._kept:
            self._kept[key] = ranking(self)
        return self._kept[key].copy()

    def judge(self, first: str, second: str) -> Judged:
        """The verdict on two strategies: larger, practically equal, not settled, neither leaves anything, too few."""
        from capsim.comparison.verdicts import judge

        return judge(self, first, second)

    def headline(self) -> dict[str, Any]:
        """The declared question in figures: both intervals, and which is the wider one."""
        first, second = self.scenario.question.contrast
        figures: dict[str, Any] = {"first": first, "second": second, "outcome": self.outcome}
        figures["luck"] = self.difference(first, second)
        if "drawn" in self.assumption_sets:
            figures["luck_and_assumptions"] = self.difference(first, second, assumptions="drawn")
        wider, interval, _ = wider_interval(self, first, second)
        figures |= {"wider": wider, "low": interval.low, "high": interval.high, "estimate": interval.estimate}
        pairs = self.paired(first, second)
        figures["replications_needed"] = {
            precision: replications_needed(pairs[:, 0] - pairs[:, 1], precision) for precision in (0.01, 0.002)
        }
        return figures

    def answer(self) -> str:
        """The declared question answered in one sentence that quotes the wider interval."""
        from capsim.comparison.answering import answer_of

        return answer_of(self)

    def retention(self, *, assumptions: str = "default") -> pd.DataFrame:
        """How long gains in use over `none` last: retained share and half-life of the mean gain, with bootstrap
        intervals.

        Undefined (NaN) where the mean gain at the end of assistance is below `LEAST_GAIN`; a half-life beyond follow-up
        is infinite.
        """
        import pandas as pd

        if (key := ("retention", assumptions)) in self._kept:
            return self._kept[key].copy()
        rows = []
        for name in self.strategies:
            gains = self._gain_paths(name, assumptions)
            if name == "none" or not len(gains):
                continue

            means = resampled_means(gains, seed=1)
            share = percentile_interval(_retained(means))
            life = percentile_interval(half_lives(means, least_gain=LEAST_GAIN))
            rows.append(
                {
                    "strategy": name,
                    "assumptions": assumptions,
                    "gain_at_end": float(gains[:, 0].mean()),
                    "retained": share.estimate,
                    "retained_low": share.low,
                    "retained_high": share.high,
                    "half_life_months": life.estimate,
                    "half_life_low": life.low,
                    "half_life_high": life.high,
                }
            )
        self._kept[key] = pd.DataFrame(rows)
        return self._kept[key].copy()

    def _gain_paths(self, strategy: str, assumptions: str) -> NDArray[np.float64]:
        """Gain in use over `none` from the end of assistance on, (replicates, follow-up + 1)."""
        key = ("use by month", assumptions)
        if key not in self._kept:
            monthly = self.monthly
            wanted = (monthly["level"] == self.districts) & (monthly["assumptions"] == assumptions)
            wanted &= monthly["month"] >= self.scenario.timeline.assistance
            self._kept[key] = monthly[wanted].pivot(index=["replicate", "month"], columns="strategy", values="use")
        paths = self._kept[key]
        if "none" not in paths or strategy not in paths:
            return np.empty((0, 0))
        gain = (paths[strategy] - paths["none"]).unstack("month").dropna()
        return gain.to_numpy(np.float64)

    def assumptions_that_matter(self) -> tuple[pd.DataFrame, float]:
        """Rank correlation of each drawn assumption with the declared contrast, largest first, and the size that chance
        alone reaches; without those that nothing in the runs of the contrast reads.

        Empty, with NaN, without drawn assumptions.
        """
        import pandas as pd

        from capsim.comparison.elementary import ranked_assumptions

        empty = pd.DataFrame({"parameter": [], "correlation": []})
        if "drawn" not in self.assumption_sets or self.draws.empty:
            return empty, math.nan
        first, second = self.scenario.question.contrast
        table = self.outcomes(assumptions="drawn")
        if first not in table or second not in table:
            return empty, math.nan
        contrast = (table[first] - table[second]).dropna()
        return (empty, math.nan) if len(contrast) < 8 else ranked_assumptions(self, contrast, (first, second))

    @property
    def drawn_in_words(self) -> str:
        """What differs between pairs with drawn assumptions."""
        return "luck, assumptions and rules" if len(self.variants) else "luck and assumptions"

    def by_variant(self) -> pd.DataFrame:
        """The declared contrast under each variant that was drawn, averaged over everything else that was.

        Columns: rule, variant, pairs, difference, low, high (t interval of the mean), turns (whether the interval lies
        on the other side of zero than the mean over all pairs), explained (share of the variance between pairs that
        the rule explains). Empty unless rules were drawn.
        """
        from capsim.comparison.variants import differences_by_variant

        return differences_by_variant(self)

    def by_variant_alone(self) -> pd.DataFrame:
        """The declared contrast under each variant alone: one at a time, everything else at the scenario's own rules.

        Columns: rule, variant, own (whether it is the scenario's own), pairs; change, change_low, change_high (against
        the scenario's own rules, pair by pair under the same luck, 95% t interval of the mean); difference (that of the
        main runs and the change), low, high; turns (whether that interval lies on the other side of zero than the mean
        of the main runs). Empty unless it was run.
        """
        from capsim.comparison.variants import differences_alone

        return differences_alone(self)

    def by_budget(self) -> pd.DataFrame:
        """Every plan at a quarter, a half, all and twice the budget, in few worlds of at most forty districts.

        Columns: budget (times the scenario's), amount and unit (dollars or hours a year), strategy, worlds; gain over
        no help, low, high (95% t interval of the mean); next, next_low, next_high (what the next rung adds, pair by
        pair); share (of the gain at the scenario's own budget); dollars_per_year (of the center). Empty unless it was
        run.
        """
        from capsim.comparison.ladder import ladder_table

        return ladder_table(self)

    def plainly(self) -> pd.DataFrame:
        """What the gain of each plan comes to in words people use, the best plan first.

        Columns: strategy, share_of_best; same_budget, same_amount, unit (of what the best plan would need in a year to
        leave as much: times the budget, and dollars or hours; NaN unless other budgets were tried); districts,
        over_line, over_line_without (those with use above `question.line`, by default .6, under the plan and without
        help, mean over worlds; NaN unless agencies were kept one by one); months_to_half (until half of the gain in use
        is gone; infinite where it is not).
        """
        from capsim.comparison.plainly import plain_table

        return plain_table(self)

    def assumptions_that_move(self) -> pd.DataFrame:
        """How far assumptions move the declared contrast under fixed luck, the farthest first.

        Columns: parameter, group; moves (mean size of the change when the assumption passes through half of its
        plausible values), direction (mean change when it grows), worlds. Those that nothing in the runs reads, or that
        change nothing, are left out. Empty unless it was run.
        """
        from capsim.comparison.elementary import assumptions_that_move

        return assumptions_that_move(self)

    def by_weight(self) -> pd.DataFrame:
        """The declared contrast under every way of counting districts.

        Columns: weight, over (luck, or what the wider interval of the answer is over), pairs, estimate, low, high,
        probability_better, ahead (the strategy on whose side of zero the interval lies, empty if on none).
        """
        from capsim.comparison.cautions import contrast_by_weight

        return contrast_by_weight(self)

    def equity_gaps(self) -> pd.DataFrame:
        """Gaps in use between groups of districts at the moment of the question, under every way of counting districts.

        Columns: gap, strategy, weight, value (mean over luck); change, low, high: from no assistance, with its 95%
        interval over luck (NaN without it); verdict: more or less where the interval settles it, else empty.
        """
        from capsim.comparison.cautions import gaps_by_weight

        return gaps_by_weight(self)

    def by_region(self, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
        """Gain of every strategy over `none` in every region and state, with its hours; see `regional_gains`."""
        from capsim.comparison.districts import regional_gains

        return regional_gains(self, outcome=outcome, assumptions=assumptions)

    def by_district(self, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
        """Gain of every strategy over `none` in every district, its hours, dollars and why hours were lost; see
        `district_gains`. Empty unless agencies were kept one by one (`keep_agencies`).
        """
        from capsim.comparison.districts import district_gains

        if (key := ("districts", outcome or "", assumptions)) not in self._kept:
            self._kept[key] = district_gains(self, outcome=outcome, assumptions=assumptions)
        return self._kept[key].copy()

    def recommendations(self, against: str | None = None) -> pd.DataFrame:
        """Strategies ranked against one of them, with intervals, costs and reasons; see `recommendations`."""
        from capsim.comparison.ranking import recommendations

        return recommendations(self, against=against)

    def unread(self, pair: tuple[str, str] | None = None) -> frozenset[str]:
        """Parameters that nothing in the runs of two strategies reads, the contrast's without them; see
        `unread_parameters`.
        """
        from capsim.comparison.elementary import unread_parameters

        hours: Any = [] if self.hours.empty else self.hours.groupby("strategy")["activity"]
        delivered = {str(name): set(activities) for name, activities in hours}
        asked = self.scenario.question.contrast if pair is None else pair
        return unread_parameters(self.scenario, (*asked, "none"), delivered=delivered)

    def capacities(self) -> pd.DataFrame:
        """Every capacity in every group of agencies: existing, self-rated, desired, built; see `capacity_table`."""
        from capsim.comparison.provided import capacity_table

        return capacity_table(self)

    def plan(self) -> pd.DataFrame:
        """Hours, units and dollars by strategy, quarter and activity; see `plan_table`."""
        from capsim.comparison.provided import plan_table

        return plan_table(self)

    def _about(self) -> str:
        failed = f", {len(self.failures)} runs failed" if self.failures else ""
        return (
            f"{self.scenario.name}, {len(self.strategies)} strategies ({', '.join(self.strategies)}), "
            f"{self.runs['replicate'].nunique()} paired replications{failed}"
        )

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.answer(), self.differences()

    def plot(self) -> Axes:
        """Use by month and strategy, with bands over replicates: matplotlib Axes."""
        from capsim.figures.course import plot_trajectories

        months = self.scenario.timeline.assistance
        return plot_trajectories(self.monthly, assistance_months=months, level=self.districts)


def _retained(means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the first gain that is left in the last month, row by row; NaN where the first is too small."""
    first = means[:, 0]
    share = np.full(len(means), np.nan)
    np.divide(means[:, -1], first, out=share, where=first >= LEAST_GAIN)
    return share

"""The result of a comparison: its runs, and every answer that is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from capsim.comparison.answering import answer_of
from capsim.comparison.assumptions import assumptions_that_matter, unread_by_runs
from capsim.comparison.cautions import contrast_by_weight, gaps_by_weight, groups_by_weight
from capsim.comparison.districts import district_gains, regional_gains
from capsim.comparison.flow import capacity_table, plan_table
from capsim.comparison.ladder import ladder_table
from capsim.comparison.moving import assumptions_that_move
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.plainly import plain_table, skill_table
from capsim.comparison.ranking import ranking, recommendations
from capsim.comparison.variants import differences_alone, differences_by_variant
from capsim.comparison.verdicts import Judged, headline, judge
from capsim.figures.course import plot_trajectories

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(PairedRuns):
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

    def ranking(self) -> pd.DataFrame:
        """All plans against no help, the best first; empty without `none` or a plan.

        Columns: rank, strategy; over (what the interval covers), gain, low, high; worlds, best_in (worlds in which the
        plan is the best of all); share_of_best (gain over the best plan's); retained, half_life_months (see
        `retention`); dollars (of the center, see `plan`), recipient_hours (hours of staff), gain_per_million (dollars)
        and gain_per_1000_staff_hours; left_behind (districts whose gap to the others the plan widens: small, sparse);
        against_best, ahead (verdict against the best plan, or of the best against the second, and who is better; see
        `judge`).
        """
        return ranking(self)

    def judge(self, first: str, second: str) -> Judged:
        """The verdict on two strategies: larger, practically equal, not settled, neither leaves anything, too few."""
        return judge(self, first, second)

    def headline(self) -> dict[str, Any]:
        """The declared question in figures: both intervals, and which is the wider one."""
        return headline(self)

    def answer(self) -> str:
        """The declared question answered in one sentence that quotes the wider interval."""
        return answer_of(self)

    def skills_left(self) -> pd.DataFrame:
        """What is left at the end of follow-up of what people had learned when assistance ended, and how many of the
        staff of then are still there. What is left beyond these has been handed on, less what was forgotten.

        Columns: strategy; left, low, high (share of the mean gain in skill, with a bootstrap interval over luck; NaN
        where the gain is below .001); still_there (share of staff, mean over worlds). Empty without follow-up.
        """
        return skill_table(self)

    def assumptions_that_matter(self) -> tuple[pd.DataFrame, float]:
        """Rank correlation of each drawn assumption with the declared contrast, largest first, and the size that chance
        alone reaches; without those that nothing in the runs of the contrast reads.

        Empty, with NaN, without drawn assumptions.
        """
        return assumptions_that_matter(self)

    def by_variant(self) -> pd.DataFrame:
        """The declared contrast under each variant that was drawn, averaged over everything else that was.

        Columns: rule, variant, pairs, difference, low, high (t interval of the mean), turns (whether the interval lies
        on the other side of zero than the mean over all pairs), explained (share of the variance between pairs that
        the rule explains). Empty unless rules were drawn.
        """
        return differences_by_variant(self)

    def by_variant_alone(self) -> pd.DataFrame:
        """The declared contrast under each variant alone: one at a time, everything else at the scenario's own rules.

        Columns: rule, variant, own (whether it is the scenario's own), pairs; change, change_low, change_high (against
        the scenario's own rules, pair by pair under the same luck, 95% t interval of the mean); difference (that of the
        main runs and the change), low, high; turns (whether that interval lies on the other side of zero than the mean
        of the main runs). Empty unless it was run.
        """
        return differences_alone(self)

    def by_budget(self) -> pd.DataFrame:
        """Every plan at a quarter, a half, all and twice the budget, in few worlds of at most forty districts.

        Columns: budget (times the scenario's), amount and unit (dollars or hours a year), strategy, worlds; gain over
        no help, low, high (95% t interval of the mean); next, next_low, next_high (what the next rung adds, pair by
        pair); share (of the gain at the scenario's own budget); dollars_per_year (of the center). Empty unless it was
        run.
        """
        return ladder_table(self)

    def plainly(self) -> pd.DataFrame:
        """What the gain of each plan comes to in words people use, the best plan first.

        Columns: strategy, share_of_best; same_budget, same_amount, unit (of what the best plan would need in a year to
        leave as much: times the budget, and dollars or hours; NaN unless other budgets were tried); districts,
        over_line, over_line_without (those with use above `question.line`, by default .6, under the plan and without
        help, mean over worlds; NaN unless agencies were kept one by one); months_to_half (until half of the gain in use
        is gone; infinite where it is not).
        """
        return plain_table(self)

    def assumptions_that_move(self) -> pd.DataFrame:
        """How far assumptions move the declared contrast under fixed luck, the farthest first.

        Columns: parameter, group; moves (mean size of the change when the assumption passes through half of its
        plausible values), direction (mean change when it grows), worlds. Those that nothing in the runs reads, or that
        change nothing, are left out. Empty unless it was run.
        """
        return assumptions_that_move(self)

    def by_weight(self) -> pd.DataFrame:
        """The declared contrast under every way of counting districts.

        Columns: weight, over (luck, or what the wider interval of the answer is over), pairs, estimate, low, high,
        probability_better, ahead (the better strategy, empty where the interval does not settle it).
        """
        return contrast_by_weight(self)

    def equity_gaps(self) -> pd.DataFrame:
        """Gaps in use between groups of districts at the moment of the question, under every way of counting districts.

        Columns: gap, strategy, weight, value (mean over luck); change, low, high: from no assistance, with its 95%
        interval over luck (NaN without it); verdict: more or less where the interval settles it, else empty.
        """
        return gaps_by_weight(self)

    def by_group(self) -> pd.DataFrame:
        """The outcome of the question in groups of districts, by size, density and poverty, under every way of counting
        the districts of a group.

        Columns: group, strategy, weight, value (mean over luck); gain over no assistance, low, high (95% interval over
        luck, NaN without it); verdict: more or less where the interval settles it, else empty.
        """
        return groups_by_weight(self)

    def by_region(self, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
        """Gain of every strategy over `none` in every region and state, with its hours, in a measure (that of the
        question without it), assumptions "default" or "drawn"; see `regional_gains`.
        """
        return regional_gains(self, outcome=outcome, assumptions=assumptions)

    def by_district(self, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
        """The same in every district, with its hours, dollars and why hours were lost; see `district_gains`. Empty
        unless agencies were kept one by one (`keep_agencies`).
        """
        key = ("districts", outcome or "", assumptions)
        return self.kept(key, lambda: district_gains(self, outcome=outcome, assumptions=assumptions))

    def recommendations(self, against: str | None = None) -> pd.DataFrame:
        """Strategies ranked against one of them, with intervals, costs and reasons; see `recommendations`."""
        return recommendations(self, against=against)

    def unread(self, pair: tuple[str, str] | None = None) -> frozenset[str]:
        """Parameters that nothing in the runs of two strategies reads, the contrast's without them; see
        `unread_parameters`.
        """
        return unread_by_runs(self, pair)

    def capacities(self) -> pd.DataFrame:
        """Every capacity in every group of agencies: existing, self-rated, desired, built; see `capacity_table`."""
        return capacity_table(self)

    def plan(self) -> pd.DataFrame:
        """Hours, units and dollars by strategy, quarter and activity; see `plan_table`."""
        return plan_table(self)

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.answer(), self.differences()

    def plot(self) -> Axes:
        """Use by month and strategy, with bands over replicates: matplotlib Axes."""
        months = self.scenario.timeline.assistance
        return plot_trajectories(self.monthly, assistance_months=months, level=self.districts)

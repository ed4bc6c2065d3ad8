"""The result of a comparison: its runs, and every answer that is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from capsim.comparison import answering, assumptions, districts, flow, ladder, moving, variants, verdicts
from capsim.comparison import plainly as plain
from capsim.comparison import ranking as ranks
from capsim.comparison.paired_runs import PairedRuns
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

    # What is read from the runs: each is a function of a comparison, told where it stands.
    ranking = ranks.ranking
    judge = verdicts.judge
    headline = verdicts.headline
    answer = answering.answer_of
    skills_left = plain.skill_table
    assumptions_that_matter = assumptions.assumptions_that_matter
    by_variant = variants.differences_by_variant
    by_variant_alone = variants.differences_alone
    by_budget = ladder.ladder_table
    plainly = plain.plain_table
    assumptions_that_move = moving.assumptions_that_move
    by_weight = districts.contrast_by_weight
    equity_gaps = districts.gaps_by_weight
    by_group = districts.groups_by_weight
    by_region = districts.regional_gains
    by_district = districts.district_gains
    recommendations = ranks.recommendations
    unread = assumptions.unread_by_runs
    capacities = flow.capacity_table
    plan = flow.plan_table

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.answer(), self.differences()

    def plot(self) -> Axes:
        """Use by month and strategy, with bands over replicates: matplotlib Axes."""
        months = self.scenario.timeline.assistance
        return plot_trajectories(self.monthly, assistance_months=months, level=self.districts)

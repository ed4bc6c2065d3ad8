"""The results of comparisons: the runs of one, and every answer that is read from them; and several scenarios in one:
which plan is the best where, and what choosing one for all would cost.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from capsim.comparison import answering, assumptions, districts, flow, ladder, moving, variants, verdicts
from capsim.comparison import plainly as plain
from capsim.comparison import ranking as ranks
from capsim.comparison.asking import strategy_title
from capsim.comparison.ladder import ladder_in_words
from capsim.comparison.moving import assumptions_that_move, turning_points
from capsim.comparison.paired_runs import PairedRuns, Result
from capsim.comparison.verdicts import LARGER, judge
from capsim.errors import InputError, Problems, nearest_name
from capsim.figures.course import plot_trajectories
from capsim.numbers import number_in_cell, whole_in
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario, as_scenario, scenario_from_mapping
from capsim.scenario.budgets import agencies_today
from capsim.scenario.warnings import keep_their_own

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


BUDGETS = ("budget_hours_per_year", "budget_dollars_per_year")
"""Keys of a scenario's budget, of which it has one."""
_MEANT = {"turnover": "lea_annual_exit", "budget": " or ".join(BUDGETS), "dollars": BUDGETS[1], "hours": BUDGETS[0]}
"""Words that people use, and what they stand for."""
MOST_SCENARIOS = 24


@dataclass(frozen=True, slots=True, repr=False)
class Several(Result):
    """Comparisons of the same plans in several scenarios.

    Attributes
    ----------
    comparisons : mapping of str to Comparison
        By name of the scenario, in the order in which they were asked for.
    """

    comparisons: Mapping[str, Comparison]

    def table(self) -> pd.DataFrame:
        """One row for each scenario and plan, the best first.

        Columns: scenario, those of `Comparison.ranking`, and regret: how far the plan is behind the best one there, in
        units of the outcome.
        """
        tables = []
        for name, comparison in self.comparisons.items():
            table = comparison.ranking()
            if table.empty:
                continue
            table.insert(0, "scenario", name)
            table["regret"] = (table["gain"].iloc[0] - table["gain"]).abs()
            tables.append(table)
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()

    def regret(self) -> pd.DataFrame:
        """One row for each plan that every scenario has, the least largest regret first.

        Columns: strategy, best_in (scenarios in which it is the first), scenarios, mean_regret, largest_regret, where
        (the scenario of the largest).
        """
        table = self.table()
        rows = []
        for name, own in table.groupby("strategy", sort=False) if len(table) else []:
            if len(own) < len(self.comparisons) or own["regret"].isna().any():
                continue
            worst = max(own.to_dict("records"), key=lambda row: float(row["regret"]))
            regrets = (float(own["regret"].mean()), float(worst["regret"]), str(worst["scenario"]))
            rows.append((name, int((own["rank"] == 1).sum()), len(own), *regrets))
        columns = ["strategy", "best_in", "scenarios", "mean_regret", "largest_regret", "where"]
        return pd.DataFrame(rows, columns=columns).sort_values("largest_regret", ignore_index=True)

    def settled_in(self) -> list[str]:
        """Scenarios in which it is settled that the first plan is better than the second."""
        table = self.table()
        return list(table[(table["rank"] == 1) & (table["against_best"] == LARGER)]["scenario"]) if len(table) else []

    def flips(self) -> pd.DataFrame:
        """Pairs of plans whose order is settled in one scenario and settled the other way round in another.

        Columns: first, second, first_in and second_in (scenarios in which the one, or the other, is settled the best).
        """
        shared = list(self.regret()["strategy"])
        rows = []
        for first, second in itertools.combinations(shared, 2):
            ahead: dict[str, list[str]] = {first: [], second: []}
            for name, comparison in self.comparisons.items():
                judged = judge(comparison, first, second)
                if judged.verdict == LARGER:
                    ahead[judged.ahead].append(name)
            if ahead[first] and ahead[second]:
                rows.append((first, second, _joined(ahead[first]), _joined(ahead[second])))
        return pd.DataFrame(rows, columns=["first", "second", "first_in", "second_in"])

    def deciding(self) -> pd.DataFrame:
        """What would change the answer to the question of each scenario; without scenarios of which nobody looked.

        Columns: scenario, moves_most (the assumptions that move it most), turns (where it turns with them),
        rules_that_turn (variants that turn it alone), and budget (where an extra dollar or hour stops mattering).
        """
        rows = [(name, *_deciding(one)) for name, one in self.comparisons.items() if "extras" in one.provenance]
        return pd.DataFrame(rows, columns=["scenario", "moves_most", "turns", "rules_that_turn", "budget"])

    def answer(self) -> str:
        """Which plan is the best where, and which one loses least if one must do for all."""
        regret = self.regret()
        if regret.empty:
            return "No plan was compared with no help in all of these scenarios."
        table = self.table()
        best = table[table["rank"] == 1].groupby("strategy", sort=False)["scenario"].agg(_joined)
        leaders = [(strategy_title(str(name)), places) for name, places in best.items()]
        where = "; ".join(
            f"{name} {'' if n else 'leaves most '}in {places}" for n, (name, places) in enumerate(leaders)
        )
        least = regret.iloc[0]
        loss = "loses nothing anywhere"
        if least["largest_regret"] > 0.0:
            loss = f"falls behind the best by at most {least['largest_regret']:.3f} (in “{least['where']}”)"
        settled = self.settled_in()
        order = "No order of two plans that is settled turns from one scenario to another."
        if not settled:
            order = "In none of them is it settled that the first is better than the second."
        flips = self.flips().to_dict("records")
        if flips:
            turned = [
                f"{strategy_title(one['first'])} is ahead of {strategy_title(one['second'])} in {one['first_in']}, "
                f"behind it in {one['second_in']}"
                for one in flips
            ]
            order = f"The order turns: {'; '.join(turned)}."
        found = f"{where[:1].upper()}{where[1:]}. As one plan for all, {strategy_title(least['strategy'])} {loss}."
        return " ".join([found, order, *_not_varied(self.comparisons.values())])

    def _about(self) -> str:
        return f"{len(self.comparisons)} scenarios: {', '.join(self.comparisons)}"

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.answer(), self.table()


def _not_varied(comparisons: Iterable[Comparison]) -> list[str]:
    """What agencies keep whatever a scenario sets, a sentence each."""
    own = [one.scenario for one in comparisons if one.scenario.agencies.own_file and one.scenario.parameters]
    found = {
        f"Beware: {said}, whatever {name} is."
        for scenario in own
        for name in scenario.parameters
        if (said := keep_their_own(name, agencies_today(scenario)))
    }
    return sorted(found)


_MOST = 3
"""Assumptions that are named for each scenario."""


def _deciding(comparison: Comparison) -> tuple[str, str, str, str]:
    most = list(assumptions_that_move(comparison)["parameter"][:_MOST])
    looked = {name: where for name in most if (where := turning_points(comparison, name))}
    turns = [f"{name} {where}" for name, where in looked.items() if where.startswith("at ")]
    alone = comparison.by_variant_alone()
    rules = [f"{row['rule']}: {row['variant']}" for row in alone.to_dict("records") if row["turns"]]
    nowhere = "nowhere in the plausible range of these" if looked else "not looked for"
    return (
        ", ".join(most) or "not looked for",
        "; ".join(turns) or nowhere,
        ", ".join(rules) or ("none" if len(alone) else "not looked for"),
        ladder_in_words(comparison) or "not looked for",
    )


def _joined(names: Iterable[str]) -> str:
    """Scenarios in running text; their names may have commas."""
    *others, last = [f"“{name}”" for name in names]
    return f"{', '.join(others)} and {last}" if others else last


def varied(scenarios: Sequence[Any], vary: Mapping[str, Sequence[Any]]) -> dict[str, Scenario]:
    """Scenarios by name, each at every combination of the values."""
    problems = Problems()
    given = [made for one in scenarios if (made := problems.ask(as_scenario, one)) is not None]
    for name, values in vary.items():
        if name not in PARAMETERS and name not in BUDGETS and not name.startswith("rules."):
            meant = f"; did you mean {_MEANT[name]}?" if name in _MEANT else ""
            nearest = meant or nearest_name(name, (*PARAMETERS, *BUDGETS))
            problems.append(f"vary: unknown parameter {name!r}{nearest}")
        elif not values:
            problems.append(f"vary: {name} has no values; write {name}=v1,v2")
        numbers = [_number(value) for value in values]
        twice = dict.fromkeys(str(value) for place, value in enumerate(numbers) if value in numbers[:place])
        problems += [f"vary: {name} has the value {value} twice" for value in twice]
    if set(BUDGETS) <= set(vary):
        problems.append(f"vary: a scenario has one budget; vary {BUDGETS[0]} or {BUDGETS[1]}")
    problems.raise_any()
    points = [dict(zip(vary, point, strict=True)) for point in itertools.product(*vary.values())]
    if (count := len(given) * len(points)) > MOST_SCENARIOS:
        raise InputError(
            f"{count} scenarios are too many for one comparison, at most {MOST_SCENARIOS}; make it a study"
        )
    found: dict[str, Scenario] = {}
    for scenario, point in itertools.product(given, points):
        made = problems.ask(_at_point, scenario, point)
        if made is None:
            continue
        label = ", ".join([scenario.name, *(f"{name} {value}" for name, value in point.items())])
        if label in found:
            problems.append(f"{label}: two scenarios have this name; change the key name of one")
        found[label] = made
    problems.raise_any()
    return found


def _at_point(scenario: Scenario, point: Mapping[str, Any]) -> Scenario:
    content = scenario.resolved()
    for name, value in point.items():
        if name.startswith("rules."):
            content["rules"] = {**content.get("rules", {}), name.removeprefix("rules."): value}
        elif name in BUDGETS:
            others = {key: amount for key, amount in content["assistance"].items() if key not in BUDGETS}
            content["assistance"] = {**others, name: _number(value)}
        else:
            content["parameters"] = {**content.get("parameters", {}), name: _number(value)}
    return scenario_from_mapping(content) if point else scenario


def _number(value: Any) -> Any:
    """A number as people write it; anything else as it is, for the scenario to refuse."""
    if not isinstance(value, str):
        return value
    found: float | None = whole_in(value)
    found = number_in_cell(value, share=True) if found is None else found
    return value if found is None or not math.isfinite(found) else found

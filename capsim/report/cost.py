"""Hours and money: what each strategy took and left for it, and its plan by quarter, which goes into a proposal."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE
from capsim.comparison.flow import asked_hours
from capsim.comparison.statistics import Interval, mean_interval
from capsim.figures.delivery import activity_colors, plot_plan
from capsim.figures.palette import strategy_label
from capsim.report.parts import Fold, Part, Picture, Row, Table
from capsim.report.results import Results
from capsim.report.words import (
    UNDEFINED,
    duration,
    estimate_with_interval,
    joined,
    money,
    months_in_words,
    number,
    running,
    whole,
)
from capsim.scenario.budgets import has_structures, hours_per_year

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HOURS = ("Strategy", "Consultant hours", "Left unspent", "Hours of staff", "Of these, passing it on to others")
_SAME = 0.5
"""Hours and dollars that two quarters may differ by and still share a row."""
_MORE = 0.005
"""Share by which a year must exceed the average of the budget to be named."""
_UNIT = "A unit is one event, one person coached for ten hours, one quarter of a group: see capsim list activities."


def cost_parts(results: Results) -> list[Part]:
    """A table of hours, and one of money."""
    timeline = results.scenario.timeline
    when = f"over {duration(timeline.assistance)} of assistance" if timeline.assistance else "no months of assistance"
    rates = (
        f"Cost counts consultants at ${results.values['consultant_rate']:g} an hour, the time of the staff they work with at "
        f"${results.values['staff_rate']:g} an hour, that of staff who pass on what they were taught at "
        f"${results.values['turnkey_rate']:g}, and travel, venues and printing by the unit of each activity."
    )
    if results.stands_for > 1.01:
        rates += (
            " A sample of districts was simulated; hours and money below are those of all agencies that it stands for "
            f"(each district for {results.stands_for:.1f})."
        )
    per = _hours_to_name(results)
    gained = f"Use gained per {whole(per)} consultant hours"
    headers = (
        "Strategy",
        "Consultants",
        "Travel, venues, printing",
        "Time of staff",
        "Staff who pass it on",
        "Cost together",
        gained,
    )
    note = "Averages over worlds with assumptions at their best guess."
    if timeline.follow_up:
        note += " Use gained is read at the end of follow-up; below it its 95% interval from luck only."
    return [
        rates,
        *results.tables(f"Hours, {when}", _HOURS, partial(_hours, results)),
        *results.tables(f"Money, {when}", headers, partial(_money, results, per), note=note),
    ]


def _hours(results: Results, name: str) -> list[Row]:
    spent = results.mean(name, "ta_hours")
    if math.isnan(spent):
        return [results.row(name, ("no run finished",) * 4)]
    if name == BASELINE:
        return [results.row(name, ("0", "nothing to spend", "0", "0"))]
    left, staff, passed = (results.mean(name, f"{what}_hours") for what in ("unspent", "recipient", "turnkey"))
    return [results.row(name, map(whole, (spent, left, staff, passed)))]


def _money(results: Results, per: float, name: str) -> list[Row]:
    spent = results.mean(name, "ta_hours")
    if math.isnan(spent):
        return [results.row(name, ("no run finished",) * 6)]
    if name == BASELINE:
        return [results.row(name, (*(money(0.0),) * 5, "nothing to divide by"))]
    consultants = spent * results.values["consultant_rate"]
    passing = results.mean(name, "turnkey_hours")
    staff = (results.mean(name, "recipient_hours") - passing) * results.values["staff_rate"]
    passing *= results.values["turnkey_rate"]
    cost = results.mean(name, "cost")
    structure = results.mean(name, "structure_cost") if has_structures(results.scenario) else 0.0
    extra = max(0.0, cost - consultants - staff - passing - structure)
    gained = f"{UNDEFINED}: no hours were spent"
    if spent:
        gained = estimate_with_interval(_gained(results, name, per), 4)
    return [results.row(name, (*(money(part) for part in (consultants, extra, staff, passing, cost)), gained))]


def _gained(results: Results, name: str, per: float) -> Interval:
    """Use gained per so many hours of all agencies."""
    found = mean_interval(results.finished(name, "gain_per_1000_hours"))
    return Interval(*(value * per / 1000.0 for value in found))


def _hours_to_name(results: Results) -> float:
    """So many hours that what they gain can be read without many zeros."""
    gains = [abs(_gained(results, name, 1000.0).estimate) for name in results.others]
    largest = max((gain for gain in gains if not math.isnan(gain)), default=1.0)
    return next((per for per in (1e3, 1e4, 1e5) if largest * per / 1000.0 >= 0.002), 1e6)


def plan_parts(results: Results) -> list[Part]:
    """Picture and tables of the question's strategies, folds for the others; nothing when nobody got hours."""
    plan = results.plan
    if plan.empty:
        return []
    asked = plan.assign(asked=asked_hours(results.comparison, plan))
    planned = [name for name in results.others if (plan["strategy"] == name).any()]
    first = [name for name in dict.fromkeys(results.contrast) if name in planned] or planned[:1]
    others = [name for name in planned if name not in first]
    parts: list[Part] = [
        "What a proposal needs: hours of consultants by activity, and money by quarter. Consultants cost "
        f"${results.values['consultant_rate']:g} an hour; travel, venues and printing are priced by the unit of each activity. "
        "The time of staff is shown apart, because agencies bear it. plan.csv in the same folder has every quarter and "
        "activity of every strategy.",
        *_over_budget(results, plan, planned),
        _picture(results, plan, first),
        *(table for name in first for table in _plan_tables(results, asked, name)),
    ]
    if others:
        whose = running(others[0]) if len(others) == 1 else f"the {len(others)} other strategies"
        folded = [table for name in others for table in _plan_tables(results, asked, name)]
        parts.append(Fold(f"The plan of {whose}", folded))
    return parts


def _over_budget(results: Results, plan: pd.DataFrame, names: list[str]) -> list[Part]:
    """Years that take more than an average year of the budget, by strategy."""
    said, average = [], results.scenario.assistance.budget_hours_per_year
    for name in names:
        average = hours_per_year(results.scenario, name, results.values)
        own = plan[plan["strategy"] == name]
        by_year = own.groupby((own["quarter"] - 1) // 4 + 1)["hours"].sum()
        over = by_year[by_year > average * (1.0 + _MORE)]
        if len(over):
            years = joined(f"{whole(float(hours))} in year {year}" for year, hours in over.items())
            said.append(f"{running(name)}, {years}")
    if not said:
        return []
    return [
        f"One budget covers the whole assistance: {whole(average)} hours of consultants a year on average, and a single year "
        f"may take more. Here that is so: {'; '.join(said)}."
    ]


def _picture(results: Results, plan: pd.DataFrame, names: list[str]) -> Picture:
    shown = plan[plan["strategy"].isin(names)]
    colors = activity_colors(name for name in ACTIVITIES if (shown["activity"] == name).any())
    most = float(shown.groupby(["strategy", "quarter"])["hours"].sum().max())

    def plot(name: str, *, ax: Axes) -> Axes:
        style = results.styles[name]
        own = shown[shown["strategy"] == name]
        plot_plan(own, heading=style.label, color=style.color, colors=colors, ax=ax).set_ylim(0.0, 1.05 * most)
        return ax

    key = [("■", color, ACTIVITIES[name].title) for name, color in colors.items()]
    panels = [(2.7, partial(plot, name)) for name in names]
    return results.picture("plan", "Hours of consultants by activity", _whose(results), *panels, key=key)


def _whose(results: Results) -> str:
    worlds = "verage of worlds with assumptions at their best guess."
    return (
        f"For all agencies that the sample of districts stands for; a{worlds}"
        if results.stands_for > 1.01
        else f"A{worlds}"
    )


def _plan_tables(results: Results, plan: pd.DataFrame, name: str) -> tuple[Table, Table]:
    own = plan[plan["strategy"] == name]
    return _by_activity(results, own, name), _by_quarter(results, own, name)


def _by_activity(results: Results, own: pd.DataFrame, name: str) -> Table:
    rate = results.values["consultant_rate"]
    rows = []
    for activity, part in own.groupby("activity", sort=False):
        units = float(part["units"].sum())
        cells = (number(units, 0 if units >= 10.0 else 1), *_bill(part.sum(), rate))
        rows.append(Row(ACTIVITIES[str(activity)].title, cells))
    rows.append(Row("Together", ("", *_bill(own.sum(), rate))))
    headers = ("Activity", "Units", "Hours of consultants", "Consultants", "Travel, venues, printing", "Together")
    return Table(f"{strategy_label(name)}: the whole assistance by activity", headers, rows, _UNIT)


def _bill(figures: pd.Series, rate: float) -> list[str]:
    """Hours, and whole dollars as a proposal wants them: of consultants, of other things, together."""
    hours, dollars = float(figures["hours"]), float(figures["dollars"])
    amounts = (hours * rate, dollars - hours * rate, dollars)
    return [whole(hours), *(f"${max(0.0, amount):,.0f}" for amount in amounts)]


def _by_quarter(results: Results, own: pd.DataFrame, name: str) -> Table:
    """Money by quarter; neighbors that are alike share a row."""
    rate = results.values["consultant_rate"]
    sums = own.groupby("quarter")[["hours", "dollars", "asked"]].sum()
    staff_hours = results.mean(name, "recipient_hours")
    total = float(sums["asked"].sum())
    sums["staff"] = sums["asked"] / total * staff_hours if total > 0.0 else 0.0
    runs: list[list[int]] = []
    for quarter in sums.index:
        alike = runs and quarter == runs[-1][-1] + 1 and (sums.loc[quarter] - sums.loc[runs[-1][0]]).abs().max() < _SAME
        if alike:
            runs[-1].append(int(quarter))
        else:
            runs.append([int(quarter)])
    rows = []
    for run in runs:
        figures = sums[sums.index == run[0]].sum()
        heading = f"Quarter {run[0]}" if len(run) == 1 else f"Each of quarters {run[0]} to {run[-1]}"
        if begins := results.scenario.timeline.begins:
            heading += f" ({months_in_words(begins, 3 * run[0] - 2, 3 * run[-1])})"
        rows.append(Row(heading, (*_bill(figures, rate), whole(float(figures["staff"])))))
    rows.append(Row("Together", (*_bill(sums.sum(), rate), whole(float(sums["staff"].sum())))))
    headers = (
        "Quarter",
        "Hours of consultants",
        "Consultants",
        "Travel, venues, printing",
        "Money together",
        "Hours of staff, not in the money",
    )
    note = (
        "Hours of staff are those of the whole assistance, shared among quarters as the activities ask for them; the agencies' "
        f"own cost of an hour is assumed at ${results.values['staff_rate']:g}. {_whose(results)}"
    )
    return Table(f"{strategy_label(name)}: money by quarter", headers, rows, note)

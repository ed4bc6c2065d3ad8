"""Hours and money: what each strategy took and left for it, its plan by quarter, which goes into a proposal, and how the
center changed over the years and what that cost, where its staff is declared, pieces count, or a strategy has phases or
a review.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE, CENTER_SERIES
from capsim.comparison.flow import asked_hours
from capsim.comparison.statistics import Interval, mean_interval
from capsim.figures.delivery import activity_colors, plot_plan
from capsim.figures.palette import strategy_label
from capsim.report.parts import Columns, Fold, Part, Picture, Row, Table, table_of
from capsim.report.results import Results, at_defaults, label_of, there
from capsim.report.words import (
    UNDEFINED,
    count,
    duration,
    estimate_with_interval,
    joined,
    money,
    months_in_words,
    number,
    percent,
    running,
    sentence,
    whole,
    year_in_words,
)
from capsim.scenario.budgets import has_structures, hours_per_year

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SAME = 0.5
"""Hours and dollars that two quarters may differ by and still share a row."""
_MORE = 0.005
"""Share by which a year must exceed the average of the budget to be named."""
_UNIT = "A unit is one event, one person coached for ten hours, one quarter of a group: see capsim list activities."


def cost_parts(results: Results) -> list[Part]:
    """A table of hours, and one of money."""
    timeline, values = results.scenario.timeline, results.values
    when = f"over {duration(timeline.assistance)} of assistance" if timeline.assistance else "no months of assistance"
    rates = (
        f"Cost counts consultants at ${values['consultant_rate']:g} an hour, the time of the staff they work with at "
        f"${values['staff_rate']:g} an hour, that of staff who pass on what they were taught at "
        f"${values['turnkey_rate']:g}, and travel, venues and printing by the unit of each activity."
    )
    if results.stands_for > 1.01:
        rates += (
            " A sample of districts was simulated; hours and money below are those of all agencies that it stands for "
            f"(each district for {results.stands_for:.1f})."
        )
    note = "Averages over worlds with assumptions at their best guess."
    if timeline.follow_up:
        note += " Use gained is read at the end of follow-up; below it its 95% interval from luck only."
    rows = [_spent(results, name) for name in results.comparison.strategies]
    per = _hours_to_name(results)

    def gained(row: Mapping[str, Any]) -> str:
        if row["strategy"] == BASELINE:
            return "nothing to divide by"
        if not row["ta_hours"]:
            return f"{UNDEFINED}: no hours were spent"
        return estimate_with_interval(_gained(results, row["strategy"], per), 4)

    def figure(name: str, form: Callable[[float], str], unspent: str = "") -> Callable[[Any], str]:
        def cell(row: Mapping[str, Any]) -> str:
            if math.isnan(row["ta_hours"]):
                return "no run finished"
            return unspent if unspent and row["strategy"] == BASELINE else form(row[name])

        return cell

    hours: Columns = {
        "Strategy": label_of,
        "Consultant hours": figure("ta_hours", whole),
        "Left unspent": figure("unspent_hours", whole, "nothing to spend"),
        "Hours of staff": figure("recipient_hours", whole),
        "Of these, passing it on to others": figure("turnkey_hours", whole),
    }
    dollars: Columns = {
        "Strategy": label_of,
        "Consultants": figure("consultants", money),
        "Travel, venues, printing": figure("extra", money),
        "Time of staff": figure("staff", money),
        "Staff who pass it on": figure("passing", money),
        "Cost together": figure("cost", money),
        f"Use gained per {whole(per)} consultant hours": lambda row: (
            "no run finished" if math.isnan(row["ta_hours"]) else gained(row)
        ),
    }
    return [
        rates,
        *results.tables(f"Hours, {when}", rows, hours),
        *results.tables(f"Money, {when}", rows, dollars, note),
    ]


def _spent(results: Results, name: str) -> dict[str, Any]:
    """Hours and dollars of a strategy, means over its runs; zeros of no assistance."""
    values = results.values
    hours = ("ta_hours", "unspent_hours", "recipient_hours", "turnkey_hours")
    found = {one: results.mean(name, one) for one in (*hours, "cost")}
    consultants, passing = (
        found["ta_hours"] * values["consultant_rate"],
        found["turnkey_hours"] * values["turnkey_rate"],
    )
    staff = (found["recipient_hours"] - found["turnkey_hours"]) * values["staff_rate"]
    structure = results.mean(name, "structure_cost") if has_structures(results.scenario) else 0.0
    found |= {"consultants": consultants, "staff": staff, "passing": passing}
    found["extra"] = max(0.0, found["cost"] - consultants - staff - passing - structure)
    if name == BASELINE and not math.isnan(found["ta_hours"]):
        found = dict.fromkeys(found, 0.0)
    return {"strategy": name, **found}


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
    planned = there(plan, results.others)
    first = there(plan, results.contrast) or planned[:1]
    others = [name for name in planned if name not in first]

    def tables(names: Iterable[str]) -> list[Part]:
        own = {name: asked[asked["strategy"] == name] for name in names}
        return [make(results, table, name) for name, table in own.items() for make in (_by_activity, _by_quarter)]

    parts: list[Part] = [
        "What a proposal needs: hours of consultants by activity, and money by quarter. Consultants cost "
        f"${results.values['consultant_rate']:g} an hour; travel, venues and printing are priced by the unit of each activity. "
        "The time of staff is shown apart, because agencies bear it. plan.csv in the same folder has every quarter and "
        "activity of every strategy.",
        *_over_budget(results, plan, planned),
        _picture(results, plan, first),
        *tables(first),
    ]
    if others:
        whose = running(others[0]) if len(others) == 1 else f"the {len(others)} other strategies"
        parts.append(Fold(f"The plan of {whose}", tables(others)))
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
            years = joined(f"{whole(hours)} in year {year}" for year, hours in over.items())
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
    for quarter in map(int, sums.index):
        same = runs and np.allclose(sums.loc[quarter], sums.loc[runs[-1][0]], rtol=0.0, atol=_SAME)
        grown = same and quarter == runs[-1][-1] + 1
        runs = [*runs[:-1], [*runs[-1], quarter]] if grown else [*runs, [quarter]]
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


_STAFF = ("positions", "filled", "left", "hired", "tenure", "experience", "quality")
_CLIENTS = ("completely_served", "want_more")
_PIECES = ("pieces", "clarity")
_SUMS = ("left", "hired")
_SHARES = ("experience", *_CLIENTS)
_MOST_CHANGES = 12
"""Changes of a strategy that are shown."""
_INTRO = (
    "A technical assistance center lives: consultants come, settle in, learn the areas and activities they work in, and "
    "leave with what they learned; a strategy may go through phases and change when it looks back. Averages over worlds "
    "with assumptions at their best guess, by year of the assistance; consultants who left and were hired are counted "
    "over the year, everything else is a mean of its months."
)
_SERVED = (
    "A client is completely served with a rating of 4 or more; of the others, those want more time who answer 4 or more "
    "in the yearly survey of interest."
)


def center_parts(results: Results) -> list[Part]:
    """By strategy: the center year by year, its cost, and what changed; nothing where nothing of it is declared."""
    center, course = map(at_defaults, (results.comparison.center, results.comparison.course))
    parts: list[Part] = []
    for name in results.comparison.strategies:
        if there(center, [name]) and _said(own := center[center["strategy"] == name], _STAFF + _PIECES):
            parts += [_by_year(own, name, results.scenario.timeline.begins), *_cost(results, own)]
        if there(course, [name]):
            parts.append(_changes(results, course[course["strategy"] == name], name))
    return [_INTRO, *([_SERVED] if _said(center, _CLIENTS) else []), *parts] if parts else []


def _said(table: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    """Those columns in which there is anything."""
    return [name for name in names if name in table.columns and table[name].notna().any()]


def _by_year(own: pd.DataFrame, name: str, begins: str) -> Table:
    columns = _said(own, _STAFF + _CLIENTS + _PIECES)
    rows = []
    for n, of_year in own.groupby((own["month"] - 1) // 12 + 1):
        worlds = of_year["replicate"].nunique()
        means = {one: float(of_year[one].sum() / worlds if one in _SUMS else of_year[one].mean()) for one in columns}
        cells = [percent(mean) if one in _SHARES else number(mean, 2) for one, mean in means.items()]
        rows.append(Row(f"Year {n}" + (f" ({year_in_words(begins, int(n))})" if begins else ""), cells))
    headers = ("", *(CENTER_SERIES[column].title for column in columns))
    return Table(f"The center of {running(name)}, year by year", headers, rows)


def _cost(results: Results, own: pd.DataFrame) -> list[Part]:
    """Hires after the opening, and what an hour was worth in the first year and in the last."""
    if not own["hired"].notna().any():
        return []
    values, worlds = results.values, own["replicate"].nunique()
    hired = float(own.loc[own["month"] > 1, "hired"].sum()) / worlds
    left = float(own["left"].sum()) / worlds
    vacant = 1.0 - float(own["filled"].sum() / own["positions"].sum())
    said = (
        f"What it cost: {number(left, 1)} consultants left and {number(hired, 1)} were hired after the opening, for which the "
        f"center spent {money(hired * values['center_hire_hours'] * values['consultant_rate'])} of its own (counted with "
        f"travel, venues and printing); {percent(vacant)} of its positions stood vacant."
    )
    year = (own["month"] - 1) // 12
    first, last = (float(own.loc[year == n, "quality"].mean()) for n in (0, year.max()))
    if year.max() > 0 and not math.isnan(first + last):
        said += (
            f" An hour had the quality {number(first, 2)} in the first year and {number(last, 2)} in the last, where 1 is a "
            "consultant of usual experience in the reference program."
        )
    return [said]


def _changes(results: Results, own: pd.DataFrame, name: str) -> Table:
    """What phases and reviews changed, and in how many worlds."""
    worlds = len(results.finished(name, "ta_hours"))
    groups = own.groupby(["month", "step", "looked_at", "changed"], sort=False, dropna=False)
    found = groups.agg(worlds=("replicate", "nunique"), mean=("found", "mean")).reset_index()
    found = found.sort_values(["month", "worlds"], ascending=[True, False], kind="stable")
    changing = found[found["changed"] != "nothing"]
    columns: Columns = {
        "": lambda row: f"Month {row['month']}",
        "Step": lambda row: row["step"],
        "What it read": lambda row: (
            f"{row['looked_at']}: {number(row['mean'], 2)}" if row["looked_at"] else "the calendar"
        ),
        "What it changed": lambda row: sentence(row["changed"]),
        "Worlds": lambda row: f"{row['worlds']} of {worlds}",
    }
    idle = int((own["changed"] == "nothing").sum())
    note = f"Rules that were gone through and changed nothing: {whole(idle / max(1, worlds))} a world."
    if len(changing) > _MOST_CHANGES:
        note += f" {count(len(changing) - _MOST_CHANGES, 'more change')} in course.parquet."
    return table_of(f"What changed in {running(name)}", changing.head(_MOST_CHANGES), columns, note, words=True)

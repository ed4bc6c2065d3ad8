"""Hours and money: what each strategy took and left for it, its plan by quarter, which goes into a proposal, and how the
center changed over the years and what that cost, where its staff is declared, pieces count, or a strategy has phases or
a review.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE, CENTER_SERIES
from capsim.comparison.flow import asked_hours
from capsim.comparison.statistics import Interval, mean_interval
from capsim.figures.delivery import activity_colors, plot_plan
from capsim.figures.palette import strategy_label
from capsim.report import plain
from capsim.report.parts import Columns, Fold, Part, Picture, Row, Table, table_of
from capsim.report.results import Results, at_defaults, label_of, there
from capsim.scenario.budgets import has_structures, hours_per_year

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HOURS = ("Consultant hours", "Left unspent", "Hours of staff", "Of these, passing it on to others")
_MONEY = ("Consultants", "Travel, venues, printing", "Time of staff", "Staff who pass it on", "Cost together")
_SAME = 0.5
"""Hours and dollars that two quarters may differ by and still share a row."""
_MORE = 0.005
"""Share by which a year must exceed the average of the budget to be named."""
_UNIT = "A unit is one event, one person coached for ten hours, one quarter of a group: see capsim list activities."


def cost_parts(results: Results) -> list[Part]:
    """A table of hours, and one of money."""
    timeline, values = results.scenario.timeline, results.values
    when = (
        f"over {plain.duration(timeline.assistance)} of assistance"
        if timeline.assistance
        else "no months of assistance"
    )
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
    per = _hours_to_name(results)
    money_headers = (*_MONEY, f"Use gained per {plain.whole(per)} consultant hours")

    def told(caption: str, headers: Sequence[str], cells: Callable[[str], Iterable[str]], note: str = "") -> list[Part]:
        rows = [
            {"strategy": name} | dict(zip(headers, cells(name), strict=True)) for name in results.comparison.strategies
        ]
        columns: Columns = {"Strategy": label_of} | {header: itemgetter(header) for header in headers}
        return results.tables(caption, rows, columns, note)

    return [
        rates,
        *told(f"Hours, {when}", _HOURS, partial(_hours, results)),
        *told(f"Money, {when}", money_headers, partial(_money, results, per), note),
    ]


def _hours(results: Results, name: str) -> Iterable[str]:
    found = [results.mean(name, f"{what}_hours") for what in ("ta", "unspent", "recipient", "turnkey")]
    if math.isnan(found[0]):
        return ("no run finished",) * len(_HOURS)
    return ("0", "nothing to spend", "0", "0") if name == BASELINE else map(plain.whole, found)


def _money(results: Results, per: float, name: str) -> Iterable[str]:
    spent, passing = (results.mean(name, what) for what in ("ta_hours", "turnkey_hours"))
    if math.isnan(spent):
        return ("no run finished",) * (len(_MONEY) + 1)
    if name == BASELINE:
        return (*(plain.money(0.0),) * len(_MONEY), "nothing to divide by")
    consultants, passed = spent * results.values["consultant_rate"], passing * results.values["turnkey_rate"]
    staff = (results.mean(name, "recipient_hours") - passing) * results.values["staff_rate"]
    structure = results.mean(name, "structure_cost") if has_structures(results.scenario) else 0.0
    cost = results.mean(name, "cost")
    extra = max(0.0, cost - consultants - staff - passed - structure)
    gained = (
        plain.estimate_with_interval(_gained(results, name, per), 4)
        if spent
        else f"{plain.UNDEFINED}: no hours were spent"
    )
    return (*map(plain.money, (consultants, extra, staff, passed, cost)), gained)


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
        whose = plain.running(others[0]) if len(others) == 1 else f"the {len(others)} other strategies"
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
            years = plain.joined(f"{plain.whole(hours)} in year {year}" for year, hours in over.items())
            said.append(f"{plain.running(name)}, {years}")
    if not said:
        return []
    return [
        f"One budget covers the whole assistance: {plain.whole(average)} hours of consultants a year on average, and a single year "
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
        cells = (plain.number(units, 0 if units >= 10.0 else 1), *_bill(part.sum(), rate))
        rows.append(Row(ACTIVITIES[str(activity)].title, cells))
    rows.append(Row("Together", ("", *_bill(own.sum(), rate))))
    headers = ("Activity", "Units", "Hours of consultants", "Consultants", "Travel, venues, printing", "Together")
    return Table(f"{strategy_label(name)}: the whole assistance by activity", headers, rows, _UNIT)


def _bill(figures: pd.Series, rate: float) -> list[str]:
    """Hours, and whole dollars as a proposal wants them: of consultants, of other things, together."""
    hours, dollars = float(figures["hours"]), float(figures["dollars"])
    amounts = (hours * rate, dollars - hours * rate, dollars)
    return [plain.whole(hours), *(f"${max(0.0, amount):,.0f}" for amount in amounts)]


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
            heading += f" ({plain.months_in_words(begins, 3 * run[0] - 2, 3 * run[-1])})"
        rows.append(Row(heading, (*_bill(figures, rate), plain.whole(float(figures["staff"])))))
    rows.append(Row("Together", (*_bill(sums.sum(), rate), plain.whole(float(sums["staff"].sum())))))
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
        cells = [plain.percent(mean) if one in _SHARES else plain.number(mean, 2) for one, mean in means.items()]
        rows.append(Row(f"Year {n}" + (f" ({plain.year_in_words(begins, int(n))})" if begins else ""), cells))
    headers = ("", *(CENTER_SERIES[column].title for column in columns))
    return Table(f"The center of {plain.running(name)}, year by year", headers, rows)


def _cost(results: Results, own: pd.DataFrame) -> list[Part]:
    """Hires after the opening, and what an hour was worth in the first year and in the last."""
    if not own["hired"].notna().any():
        return []
    values, worlds = results.values, own["replicate"].nunique()
    hired = float(own.loc[own["month"] > 1, "hired"].sum()) / worlds
    left = float(own["left"].sum()) / worlds
    vacant = 1.0 - float(own["filled"].sum() / own["positions"].sum())
    said = (
        f"What it cost: {plain.number(left, 1)} consultants left and {plain.number(hired, 1)} were hired after the opening, for which the "
        f"center spent {plain.money(hired * values['center_hire_hours'] * values['consultant_rate'])} of its own (counted with "
        f"travel, venues and printing); {plain.percent(vacant)} of its positions stood vacant."
    )
    year = (own["month"] - 1) // 12
    first, last = (float(own.loc[year == n, "quality"].mean()) for n in (0, year.max()))
    if year.max() > 0 and not math.isnan(first + last):
        said += (
            f" An hour had the quality {plain.number(first, 2)} in the first year and {plain.number(last, 2)} in the last, where 1 is a "
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
            f"{row['looked_at']}: {plain.number(row['mean'], 2)}" if row["looked_at"] else "the calendar"
        ),
        "What it changed": lambda row: plain.sentence(row["changed"]),
        "Worlds": lambda row: f"{row['worlds']} of {worlds}",
    }
    idle = int((own["changed"] == "nothing").sum())
    note = f"Rules that were gone through and changed nothing: {plain.whole(idle / max(1, worlds))} a world."
    if len(changing) > _MOST_CHANGES:
        note += f" {plain.count(len(changing) - _MOST_CHANGES, 'more change')} in course.parquet."
    return table_of(f"What changed in {plain.running(name)}", changing.head(_MOST_CHANGES), columns, note, words=True)

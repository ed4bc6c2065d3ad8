"""The plan of every strategy, quarter by quarter, in hours and money: what goes into a proposal."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES
from capsim.comparison.provided import asked_hours
from capsim.figures.delivery import activity_colors, plot_plan
from capsim.parameters import resolve_values
from capsim.report.parts import Fold, Paragraph, Part, Picture, Row, Section, Table
from capsim.report.pictures import draw
from capsim.report.results import Results
from capsim.report.words import joined, number, running, title, whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plan_section"]

_SAME = 0.5
"""Hours and dollars that two quarters may differ by and still share a row."""
_MORE = 0.005
"""Share by which a year must exceed the average of the budget to be named."""


def plan_section(results: Results) -> Section | None:
    """Picture and tables of the question's strategies, folds for the others; None when nobody got hours."""
    plan = results.comparison.plan()
    plan = plan[plan["hours"] > 0.0]
    if plan.empty:
        return None
    values = resolve_values(results.comparison.scenario.parameters)
    asked = plan.assign(asked=asked_hours(results.comparison, plan))
    planned = [name for name in results.others if (plan["strategy"] == name).any()]
    first = [name for name in dict.fromkeys(results.contrast) if name in planned] or planned[:1]
    parts: list[Part] = [
        Paragraph(
            "What a proposal needs: hours of consultants by activity, and money by quarter. Consultants cost "
            f"${values['consultant_rate']:g} an hour; travel, venues and printing are priced by the unit of each "
            "activity. The time of staff is shown apart, because agencies bear it. plan.csv in the same folder has "
            "every quarter and activity of every strategy."
        ),
        *_over_budget(results, plan, planned),
        _picture(results, plan, first),
    ]
    for name in first:
        parts += _tables(results, asked, name)
    others = [name for name in planned if name not in first]
    if others:
        folded = tuple(part for name in others for part in _tables(results, asked, name))
        whose = running(others[0]) if len(others) == 1 else f"the {len(others)} other strategies"
        parts.append(Fold(f"The plan of {whose}", folded))
    return Section("plan", "Plan by quarter", "Plan by quarter", tuple(parts))


def _over_budget(results: Results, plan: pd.DataFrame, names: list[str]) -> list[Part]:
    """Years that take more than an average year of the budget, by strategy."""
    average = results.comparison.scenario.assistance.budget_hours_per_year
    said = []
    for name in names:
        own = plan[plan["strategy"] == name]
        by_year = own.groupby((own["quarter"] - 1) // 4 + 1)["hours"].sum()
        over = by_year[by_year > average * (1.0 + _MORE)]
        if len(over):
            years = joined(f"{whole(float(hours))} in year {year}" for year, hours in over.items())
            said.append(f"{running(name)}, {years}")
    if not said:
        return []
    return [
        Paragraph(
            f"One budget covers the whole assistance: {whole(average)} hours of consultants a year on average, and a "
            f"single year may take more. Here that is so: {'; '.join(said)}."
        )
    ]


def _picture(results: Results, plan: pd.DataFrame, names: list[str]) -> Picture:
    shown = plan[plan["strategy"].isin(names)]
    known = [name for name in ACTIVITIES if (shown["activity"] == name).any()]
    colors = activity_colors(known)
    quarters = shown.groupby(["strategy", "quarter"])["hours"].sum()

    def plot(name: str, *, ax: Axes) -> Axes:
        style = results.styles[name]
        own = shown[shown["strategy"] == name]
        plot_plan(own, heading=style.label, color=style.color, colors=colors, ax=ax)
        ax.set_ylim(0.0, 1.05 * float(quarters.max()))
        return ax

    key = [("■", color, ACTIVITIES[name].title) for name, color in colors.items()]
    panels = [(2.7, partial(plot, name)) for name in names]
    return draw(results, "plan", "Hours of consultants by activity", _whose(results), *panels, key=key)


def _whose(results: Results) -> str:
    if results.stands_for > 1.01:
        return (
            "For all agencies that the sample of districts stands for; average of worlds with assumptions at their "
            "best guess."
        )
    return "Average of worlds with assumptions at their best guess."


def _tables(results: Results, plan: pd.DataFrame, name: str) -> list[Part]:
    own = plan[plan["strategy"] == name]
    return [_activities(results, own, name), _quarters(results, own, name)]


def _activities(results: Results, own: pd.DataFrame, name: str) -> Table:
    values = resolve_values(results.comparison.scenario.parameters)
    rows = []
    for activity, part in own.groupby("activity", sort=False):
        hours = float(part["hours"].sum())
        extra = float(part["dollars"].sum()) - hours * values["consultant_rate"]
        rows.append(
            Row(
                ACTIVITIES[str(activity)].title,
                (
                    _units(float(part["units"].sum())),
                    whole(hours),
                    _dollars(hours * values["consultant_rate"]),
                    _dollars(extra),
                    _dollars(float(part["dollars"].sum())),
                ),
            )
        )
    hours, dollars = float(own["hours"].sum()), float(own["dollars"].sum())
    consultants = hours * values["consultant_rate"]
    rows.append(
        Row("Together", ("", whole(hours), _dollars(consultants), _dollars(dollars - consultants), _dollars(dollars)))
    )
    headers = ("Activity", "Units", "Hours of consultants", "Consultants", "Travel, venues, printing", "Together")
    note = "A unit is one event, one person coached for ten hours, one quarter of a group: see capsim list activities."
    return Table(f"{title(name)}: the whole assistance by activity", headers, tuple(rows), note)


def _dollars(amount: float) -> str:
    """Whole dollars, as a proposal wants them."""
    return f"${max(0.0, amount):,.0f}"


def _units(units: float) -> str:
    return whole(units) if units >= 10.0 else number(units, 1)


def _quarters(results: Results, own: pd.DataFrame, name: str) -> Table:
    """Money by quarter; neighbours that are alike share a row."""
    values = resolve_values(results.comparison.scenario.parameters)
    sums = own.groupby("quarter")[["hours", "dollars", "asked"]].sum()
    staff_hours = results.mean(name, "recipient_hours") * results.stands_for
    total = float(sums["asked"].sum())
    sums["staff"] = sums["asked"] / total * staff_hours if total > 0.0 else 0.0
    runs: list[list[int]] = []
    for quarter in sums.index:
        before = runs[-1] if runs else []
        if before and quarter == before[-1] + 1 and (sums.loc[quarter] - sums.loc[before[0]]).abs().max() < _SAME:
            before.append(int(quarter))
        else:
            runs.append([int(quarter)])
    rows = []
    for run in runs:
        figures = sums[sums.index == run[0]].sum()
        heading = f"Quarter {run[0]}" if len(run) == 1 else f"Each of quarters {run[0]} to {run[-1]}"
        rows.append(Row(heading, _money_cells(figures, values["consultant_rate"])))
    rows.append(Row("Together", _money_cells(sums.sum(), values["consultant_rate"])))
    headers = (
        "Quarter",
        "Hours of consultants",
        "Consultants",
        "Travel, venues, printing",
        "Money together",
        "Hours of staff, not in the money",
    )
    note = (
        "Hours of staff are those of the whole assistance, shared among quarters as the activities ask for them; the "
        f"agencies' own cost of an hour is assumed at ${values['staff_rate']:g}. " + _whose(results)
    )
    return Table(f"{title(name)}: money by quarter", headers, tuple(rows), note)


def _money_cells(figures: pd.Series, rate: float) -> tuple[str, ...]:
    consultants = float(figures["hours"]) * rate
    dollars = float(figures["dollars"])
    return (
        whole(float(figures["hours"])),
        _dollars(consultants),
        _dollars(dollars - consultants),
        _dollars(dollars),
        whole(float(figures["staff"])),
    )

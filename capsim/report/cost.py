"""Hours and money: what each strategy took, and what it left for them."""

from __future__ import annotations

import math

from capsim.figures.palette import BASELINE
from capsim.report.parts import Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, duration, estimate_with_interval, money, title, whole
from capsim.studies.comparison.statistics import mean_interval

__all__ = ["cost_section"]


def cost_section(results: Results) -> Section:
    """Table of hours, cost and gain per hour."""
    from capsim.parameters import resolve_values

    values = resolve_values(results.comparison.scenario.parameters)
    months = results.comparison.scenario.timeline.assistance
    rates = (
        f"Cost counts consultants at ${values['consultant_rate']:g} an hour, travel included, and the time of the "
        "staff they work with at "
        f"${values['staff_rate']:g} an hour."
    )
    headers = (
        "Strategy",
        "Consultant hours",
        "Left unspent",
        "Hours of staff",
        "Cost",
        "Use gained per 1,000 consultant hours",
    )
    rows = tuple(_row(results, name) for name in results.comparison.strategies)
    note = "Totals over all simulated agencies, as averages over worlds with assumptions at their best guess."
    if results.comparison.scenario.timeline.follow_up:
        note += " Use gained is read at the end of follow-up; below it its 95% interval from luck only."
    parts: tuple[Part, ...] = (
        Paragraph(rates),
        Table(f"Over {duration(months)} of assistance" if months else "No months of assistance", headers, rows, note),
    )
    return Section("cost", "Hours and money", "Hours and money", parts)


def _row(results: Results, name: str) -> Row:
    spent = results.mean(name, "ta_hours")
    if math.isnan(spent):
        return Row(title(name), ("no run finished",) * 5, results.styles[name].color)
    per_hours = mean_interval(results.values(name, "gain_per_1000_hours"))
    if name == BASELINE:
        cells = ("0", "nothing to spend", "0", money(0.0), "nothing to divide by")
    else:
        gained = f"{UNDEFINED}: no hours were spent" if spent == 0.0 else estimate_with_interval(per_hours, 5)
        cells = (
            whole(spent),
            whole(results.mean(name, "unspent_hours")),
            whole(results.mean(name, "recipient_hours")),
            money(results.mean(name, "cost")),
            gained,
        )
    return Row(title(name), cells, results.styles[name].color)

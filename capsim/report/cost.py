"""Hours and money: what each strategy took, and what it left for them."""

from __future__ import annotations

import math

from capsim.comparison.statistics import Interval, mean_interval
from capsim.figures.palette import BASELINE
from capsim.parameters import resolve_values
from capsim.report.long import shortened
from capsim.report.parts import Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, duration, estimate_with_interval, money, title, whole

__all__ = ["cost_section"]


def cost_section(results: Results) -> Section:
    """A table of hours, and one of money."""
    values = resolve_values(results.comparison.scenario.parameters)
    months = results.comparison.scenario.timeline.assistance
    when = f"over {duration(months)} of assistance" if months else "no months of assistance"
    rates = (
        f"Cost counts consultants at ${values['consultant_rate']:g} an hour, the time of the staff they work with at "
        f"${values['staff_rate']:g} an hour, and travel, venues and printing by the unit of each activity."
    )
    if results.stands_for > 1.01:
        rates += (
            " A sample of districts was simulated with its share of the budget; hours and money below are those of all "
            f"agencies that it stands for ({results.stands_for:.1f} times as much)."
        )

    per = _hours_to_name(results)

    def hours_of(names: tuple[str, ...]) -> Table:
        headers = (
            "Strategy",
            "Consultant hours",
            "Left unspent",
            "Hours of staff",
            "Of these, passing it on to others",
        )
        rows = tuple(_hours(results, name) for name in names)
        return Table(f"Hours, {when}", headers, rows)

    def money_of(names: tuple[str, ...]) -> Table:
        headers = (
            "Strategy",
            "Consultants",
            "Travel, venues, printing",
            "Time of staff",
            "Cost together",
            f"Use gained per {whole(per)} consultant hours",
        )
        rows = tuple(_money(results, name, values["consultant_rate"], values["staff_rate"], per) for name in names)
        note = "Averages over worlds with assumptions at their best guess."
        if results.comparison.scenario.timeline.follow_up:
            note += " Use gained is read at the end of follow-up; below it its 95% interval from luck only."
        return Table(f"Money, {when}", headers, rows, note)

    parts: list[Part] = [Paragraph(rates), *shortened(results, hours_of), *shortened(results, money_of)]
    return Section("cost", "Hours and money", "Hours and money", tuple(parts))


def _hours(results: Results, name: str) -> Row:
    scale = results.stands_for
    spent = results.mean(name, "ta_hours") * scale
    cells: tuple[str, ...]
    if math.isnan(spent):
        cells = ("no run finished",) * 4
    elif name == BASELINE:
        cells = ("0", "nothing to spend", "0", "0")
    else:
        passed = results.mean(name, "turnkey_hours") * scale
        cells = (
            whole(spent),
            whole(results.mean(name, "unspent_hours") * scale),
            whole(results.mean(name, "recipient_hours") * scale),
            UNDEFINED if math.isnan(passed) else whole(passed),
        )
    return Row(title(name), cells, results.styles[name].color)


def _money(results: Results, name: str, consultant_rate: float, staff_rate: float, per: float) -> Row:
    scale = results.stands_for
    spent = results.mean(name, "ta_hours")
    cells: tuple[str, ...]
    if math.isnan(spent):
        cells = ("no run finished",) * 5
    elif name == BASELINE:
        cells = (*(money(0.0),) * 4, "nothing to divide by")
    else:
        consultants, staff = spent * consultant_rate, results.mean(name, "recipient_hours") * staff_rate
        cost = results.mean(name, "cost")
        extra = max(0.0, cost - consultants - staff)
        gained = (
            f"{UNDEFINED}: no hours were spent"
            if spent == 0.0
            else estimate_with_interval(_gained(results, name, per), 4)
        )
        cells = (*(money(part * scale) for part in (consultants, extra, staff, cost)), gained)
    return Row(title(name), cells, results.styles[name].color)


def _gained(results: Results, name: str, per: float) -> Interval:
    """Use gained per so many hours of all agencies; a sample needs fewer hours for the same mean gain."""
    found = mean_interval(results.values(name, "gain_per_1000_hours"))
    scale = per / 1000.0 / results.stands_for
    return Interval(found.estimate * scale, found.low * scale, found.high * scale)


def _hours_to_name(results: Results) -> float:
    """So many hours that what they gain can be read without many zeros."""
    gains = [abs(_gained(results, name, 1000.0).estimate) for name in results.others]
    largest = max((gain for gain in gains if not math.isnan(gain)), default=1.0)
    return next((per for per in (1e3, 1e4, 1e5) if largest * per / 1000.0 >= 0.002), 1e6)

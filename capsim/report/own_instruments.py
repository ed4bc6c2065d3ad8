"""Instruments of the scenario's own: what they read, by name, beside what was true."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.catalogue.readable import READABLE
from capsim.levels import LEVELS
from capsim.report.parts import Facts, Part, Row
from capsim.report.results import Results
from capsim.report.words import count, duration, joined, lower, number, percent, sentence

if TYPE_CHECKING:
    import pandas as pd

    from capsim.scenario.own_instruments import OwnInstrument

_WHO = {
    "staff": "staff answer for themselves",
    "leaders": "leaders answer for themselves",
    "team": "a facilitated team agrees",
    "expert": "an expert rates",
}
_NOTE = (
    "Mean over areas and the agencies read, from 0 to 1, as last read; the truth is that of the month of the reading. "
    "Averages over worlds with assumptions at their best guess."
)


def own_instruments_parts(results: Results) -> list[Part]:
    """Every instrument with what it is, then its first and last readings; nothing without any."""
    instruments = results.scenario.instruments
    table = results.comparison.own_readings
    if not instruments or table.empty:
        return []
    table = table[table["assumptions"] == "default"]
    keys = ["strategy", "instrument", "level", "month"]
    means = table.groupby(keys, as_index=False)[["reading", "truth", "passed"]].mean()
    facts = Facts([(one.heading, _about(one)) for one in instruments])

    def rows(name: str) -> list[Row]:
        own = means[means["strategy"] == name]
        return [results.row(name, _cells(results, group)) for _, group in own.groupby(["instrument", "level"])]

    names = tuple(name for name in results.comparison.strategies if (means["strategy"] == name).any())
    headers = ("Strategy", "Instrument", "For", "First reading", "Last reading", "True then", "Pass")
    return [facts, *results.tables("What they read", headers, rows, names=names, note=_NOTE)]


def _cells(results: Results, group: pd.DataFrame) -> tuple[str, ...]:
    first, last = group.iloc[0], group.iloc[-1]
    title = next(one.heading for one in results.scenario.instruments if one.name == last["instrument"])
    passed = float(last["passed"])
    return (
        title,
        sentence(LEVELS[str(last["level"])].plural),
        number(float(first["reading"]), 2),
        number(float(last["reading"]), 2),
        number(float(last["truth"]), 2),
        "no threshold" if math.isnan(passed) else percent(passed),
    )


def _about(one: OwnInstrument) -> str:
    reads = joined(lower(READABLE[name].title) for name in dict.fromkeys(item.reads for item in one.items))
    cost = f"{one.ta_hours:g} TA hours a reading" if one.ta_hours else "at no cost"
    return (
        f"A {one.scale} of {count(len(one.items), 'item')} on {reads}; {_WHO[one.answered_by]}; every "
        f"{duration(one.every_months)}, {cost}."
    )

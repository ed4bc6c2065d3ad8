"""What a scenario is about, in a few lines: agencies, months, hours, strategies."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from capsim.levels import CENTER, LEA, LEVELS
from capsim.scenario.agency_choice import Agencies
from capsim.scenario.packaged import coverage_in_words
from capsim.scenario.schema import Scenario
from capsim.scenario.states import NATION
from capsim.scenario.table import AgencyTable

__all__ = ["synopsis"]


def synopsis(scenario: Scenario, table: AgencyTable) -> tuple[str, ...]:
    """Say in a few lines what a scenario asks for.

    Parameters
    ----------
    scenario : Scenario
    table : AgencyTable
        Its agencies.
    """
    choice = scenario.agencies
    real = choice.source == "us_2023_24"
    return (
        f"Agencies from {_source(choice)}: {_agencies(table)}; {int(table.positions.sum()):,} positions.",
        *([f"The table of real agencies holds {coverage_in_words(choice.states)}."] if real else []),
        f"{_months(scenario)}; {_hours(scenario, table)}.",
        f"Strategies: {', '.join(scenario.strategy_names)}.",
    )


def _source(choice: Agencies) -> str:
    if choice.source == "synthetic":
        return "an invented state"
    named = "the table of real agencies, 2023-24" if not choice.own_file else Path(choice.source).name
    states = "" if choice.states == (NATION,) else f" ({', '.join(choice.states)})"
    survey = f", with what {Path(choice.survey).name} observed" if choice.survey else ""
    return f"{named}{states}{survey}"


def _agencies(table: AgencyTable) -> str:
    counts = {row: int((table.level == row.code).sum()) for row in LEVELS.values() if row.code != CENTER}
    found = [f"{n:,} {row.singular if n == 1 else row.plural}" for row, n in counts.items() if n]
    return ", ".join(found)


def _months(scenario: Scenario) -> str:
    time = scenario.timeline
    settling = "settling until nothing moves" if time.settling == "auto" else f"settling {time.settling}"
    return f"Months: {settling}, assistance {time.assistance}, follow-up {time.follow_up}"


def _hours(scenario: Scenario, table: AgencyTable) -> str:
    """Hours of a year, and of the whole assistance."""
    yearly = scenario.assistance.budget_hours_per_year
    whole = yearly * scenario.timeline.assistance / 12
    text = f"{yearly:,.0f} TA hours a year, {whole:,.0f} in all"
    if scenario.agencies.sample:
        districts = float(np.round(table.weight[table.level == LEA].sum()))
        text += f", for the {districts:,.0f} districts that the sample stands for"
    return text

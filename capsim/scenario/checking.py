"""The whole check of a scenario file: the file, every table that it names, what it is about, what it may not mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capsim.errors import Problems
from capsim.levels import CENTER, LEA, LEVELS
from capsim.parameters import resolve_values
from capsim.scenario.agencies import build_agencies
from capsim.scenario.budgets import range_of_hours
from capsim.scenario.csv_rows import Rows
from capsim.scenario.events import LONGEST_SETTLING
from capsim.scenario.own_tables import agency_rows, edge_rows, read_edges
from capsim.scenario.packaged import NATION, coverage_in_words
from capsim.scenario.population import AgencyTable
from capsim.scenario.schema import Agencies, Scenario
from capsim.scenario.survey import survey_of
from capsim.scenario.warnings import find_warnings


@dataclass(frozen=True, slots=True)
class Checked:
    """What a good scenario is about, a line each; what it probably does not mean, a sentence each; positions of its
    world.
    """

    about: tuple[str, ...]
    warnings: tuple[str, ...]
    positions: int


def check_scenario(scenario: Scenario) -> Checked:
    """Read the agencies, ties and survey that a scenario names; say what it is about and what it may not mean."""
    table = build_agencies(scenario, resolve_values(scenario.parameters))
    problems = Problems()
    if scenario.agencies.edges:
        problems.ask(read_edges, scenario.agencies.edges, table)
    survey = problems.ask(survey_of, scenario, table)
    problems.raise_any()
    return Checked(_about(scenario, table), find_warnings(scenario, table, survey), int(table.positions.sum()))


def _about(scenario: Scenario, table: AgencyTable) -> tuple[str, ...]:
    choice = scenario.agencies
    lines = [f"Agencies from {_source(choice)}: {_agencies(table)}; {int(table.positions.sum()):,} positions."]
    if choice.own_file:
        lines += _columns(agency_rows(choice.source))
    elif choice.source != "synthetic":
        lines.append(f"The table of real agencies holds {coverage_in_words(choice.states)}.")
    if choice.edges:
        lines += _columns(edge_rows(choice.edges))
    lines += [f"{_months(scenario)}; {_hours(scenario, table)}.", f"Strategies: {', '.join(scenario.strategy_names)}."]
    return tuple(lines)


def _source(choice: Agencies) -> str:
    if choice.source == "synthetic":
        return "an invented state"
    named = "the table of real agencies, 2023-24" if not choice.own_file else Path(choice.source).name
    states = "" if choice.states == (NATION,) else f" ({', '.join(choice.states)})"
    survey = f", with what {Path(choice.survey).name} observed" if choice.survey else ""
    return f"{named}{states}{survey}"


def _agencies(table: AgencyTable) -> str:
    counts = {row: int((table.level == row.code).sum()) for row in LEVELS.values() if row.code != CENTER}
    return ", ".join(f"{n:,} {row.singular if n == 1 else row.plural}" for row, n in counts.items() if n)


def _columns(rows: Rows) -> list[str]:
    """Which columns of a table were read, said where others were not."""
    if not rows.passed_over:
        return []
    over = ", ".join(name[:60] for name in rows.passed_over[:20])
    return [f"Columns read of {Path(rows.file).name}: {', '.join(rows.columns)}; passed over: {over}."]


def _months(scenario: Scenario) -> str:
    time = scenario.timeline
    settling = f"settling {time.settling}"
    if time.settling == "auto":
        settling = f"settling until hardly anything moves, {LONGEST_SETTLING // 12} years at most"
    return f"Months: {settling}, assistance {time.assistance}, follow-up {time.follow_up}"


def _hours(scenario: Scenario, table: AgencyTable) -> str:
    """Hours of a year, and of the whole assistance."""
    yearly, years = scenario.assistance.per_year, scenario.timeline.assistance / 12
    text = f"{yearly:,.0f} TA hours a year, {yearly * years:,.0f} in all"
    if scenario.assistance.unit == "dollars":
        least, most = range_of_hours(scenario, resolve_values(scenario.parameters))
        bought = f"{least:,.0f} to {most:,.0f} TA hours" if round(most) > round(least) else f"{most:,.0f} TA hours"
        text = f"${yearly:,.0f} a year, which buys {bought} by plan, ${yearly * years:,.0f} in all"
    if caps := scenario.assistance.yearly_cap:
        unit = "$" if scenario.assistance.unit == "dollars" else ""
        text += f", at most {', '.join(f'{unit}{cap:,.0f} in year {year}' for year, cap in caps.items())}"
    if scenario.agencies.sample:
        districts = float(np.round(table.weight[table.level == LEA].sum()))
        text += f", for the {districts:,.0f} districts that the sample stands for"
    return text

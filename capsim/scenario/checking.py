"""The whole check of a scenario file: the file, every table that it names, what it is about, what it may not mean."""

from __future__ import annotations

import os
from dataclasses import dataclass

from capsim.parameters import resolve_values
from capsim.scenario.agencies import build_agencies
from capsim.scenario.edges import read_edges
from capsim.scenario.loading import load_scenario
from capsim.scenario.schema import Scenario
from capsim.scenario.survey_table import survey_of
from capsim.scenario.synopsis import synopsis
from capsim.scenario.warnings import find_warnings

__all__ = ["Checked", "check_file", "check_scenario"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a good scenario is about.

    Attributes
    ----------
    about : tuple of str
        Agencies, months and hours, strategies: a line each.
    warnings : tuple of str
        What is allowed and probably not meant: a sentence each.
    positions : int
        Of all agencies of the world.
    """

    about: tuple[str, ...]
    warnings: tuple[str, ...]
    positions: int


def check_file(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Load a scenario and read the agencies, ties and survey it names, without simulating.

    Parameters
    ----------
    name_or_path : str or path
        A shipped name or a file.

    Raises
    ------
    InputError
        With one line for every problem of the first file that has any.
    """
    scenario = load_scenario(name_or_path)
    check_scenario(scenario)
    return scenario


def check_scenario(scenario: Scenario) -> Checked:
    """Read the agencies, ties and survey that a scenario names; say what it is about and what it may not mean.

    Raises
    ------
    InputError
        With one line for every problem of the first file that has any.
    """
    table = build_agencies(scenario, resolve_values(scenario.parameters))
    if scenario.agencies.edges:
        read_edges(scenario.agencies.edges, table)
    survey = survey_of(scenario, table)
    return Checked(synopsis(scenario, table), find_warnings(scenario, table, survey), int(table.positions.sum()))

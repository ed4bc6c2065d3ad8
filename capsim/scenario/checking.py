"""The whole check of a scenario file: the file, and every table that it names."""

from __future__ import annotations

import os

from capsim.parameters import resolve_values
from capsim.scenario.agencies import build_agencies
from capsim.scenario.edges import read_edges
from capsim.scenario.loading import load_scenario
from capsim.scenario.schema import Scenario
from capsim.scenario.survey_table import survey_of

__all__ = ["check_file"]


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
    table = build_agencies(scenario, resolve_values(scenario.parameters))
    if scenario.agencies.edges:
        read_edges(scenario.agencies.edges, table)
    survey_of(scenario, table)
    return scenario

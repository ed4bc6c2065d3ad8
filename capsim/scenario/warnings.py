"""Warnings: what a good scenario asks for and probably does not mean. Each is one sentence; none stops a run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capsim.levels import LEA
from capsim.scenario.plans import plans_of
from capsim.scenario.schema import Scenario
from capsim.scenario.strategy_warnings import warnings_of_plan
from capsim.scenario.survey import SURVEY_ITEMS, Survey
from capsim.scenario.table import AgencyTable

__all__ = ["find_warnings"]

_HIGHEST_LEVEL = 5.0
"""Percent of a rubric that never exceed this are probably levels."""
_SHOWN = 3
"""Agencies that a warning names."""


def find_warnings(scenario: Scenario, table: AgencyTable, survey: Survey | None = None) -> tuple[str, ...]:
    """Find what is allowed and probably not meant.

    Parameters
    ----------
    scenario : Scenario
    table : AgencyTable
        Its agencies.
    survey : Survey, optional
        What it says was observed of them.

    Returns
    -------
    tuple of str
        One sentence each; empty for shipped scenarios and strategies.
    """
    found = [*_of_agencies(table), *_of_survey(survey)]
    for plan in plans_of(scenario):
        found += [f"strategy {plan.name}: {text}" for text in warnings_of_plan(plan, scenario.focal_areas, table)]
    return tuple(found)


def _of_agencies(table: AgencyTable) -> Iterator[str]:
    if not (table.level == LEA).any():
        yield (
            "there is no district (level lea) among the agencies; outcomes are means over districts, so the question "
            "cannot be answered"
        )
    rows = np.flatnonzero(table.parent >= 0)
    astray = rows[table.state[rows] != table.state[table.parent[rows]]]
    if len(astray):
        named = [
            f"{table.id[row]} ({table.state[row]}, below {table.id[table.parent[row]]}: "
            f"{table.state[table.parent[row]]})"
            for row in astray[:_SHOWN]
        ]
        more = f" and {len(astray) - _SHOWN} more" if len(astray) > _SHOWN else ""
        yield (
            f"an agency stands below one of another state: {', '.join(named)}{more}; staff move between agencies of "
            "one state only"
        )


def _of_survey(survey: Survey | None) -> Iterator[str]:
    for name, item in SURVEY_ITEMS.items():
        if survey is None or item.unit != "percent" or name == "priority_percent":
            continue
        given = survey.answers[name][survey.answered(name)]
        if len(given) and 0.0 < given.max() <= _HIGHEST_LEVEL:
            yield (
                f"{name} is at most {given.max():g} everywhere, which looks like the levels of a rubric; write "
                "percent: points reached of points possible, from 0 to 100"
            )

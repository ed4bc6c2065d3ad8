"""The scenario in a world that is quick to run: at most forty of its districts, and what a run of it costs."""

from __future__ import annotations

from capsim.errors import InputError
from capsim.levels import LEA
from capsim.parameters import resolve_values
from capsim.scenario import Scenario, build_agencies, scenario_from_mapping

MOST_DISTRICTS = 40
_BESIDE_POSITIONS = 140
"""Positions that would cost as much as what a run costs however small its world is; measured."""


def of_forty(scenario: Scenario) -> Scenario:
    """The scenario with a sample of its districts; as it is where it has few, or asks about agencies by name."""
    agencies = scenario.agencies
    if districts_of(scenario) <= MOST_DISTRICTS or agencies.survey or scenario.question.whom:
        return scenario
    content = scenario.resolved()
    content["agencies"] = {**content["agencies"], "sample": MOST_DISTRICTS}
    try:
        fewer = scenario_from_mapping(content)
        build_agencies(fewer, resolve_values(fewer.parameters))
    except InputError:  # an event, or a structure, that names an agency outside the sample
        return scenario
    return fewer


def districts_of(scenario: Scenario) -> int:
    """Districts of a scenario's world."""
    return int((build_agencies(scenario, resolve_values(scenario.parameters)).level == LEA).sum())


def cost_of_a_run(scenario: Scenario) -> float:
    """What a run costs, in positions."""
    return _BESIDE_POSITIONS + float(build_agencies(scenario, resolve_values(scenario.parameters)).positions.sum())

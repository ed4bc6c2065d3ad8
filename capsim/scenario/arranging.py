"""Structures that strategies ask for: whose, which agencies under them, and what their positions cost more a year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from capsim.parameters import PARAMETERS, resolve_values
from capsim.scenario import Arranged, Composition, Scenario, Structure, build_arranged
from capsim.scenario.definitions import definition_of


def structure_of(scenario: Scenario, strategy: Any) -> Structure | None:
    """Structure of a strategy, by name or as a composition; None where agencies stay as they are."""
    found = definition_of(scenario, strategy)
    return found.delivery.structure if isinstance(found, Composition) else None


def has_structures(scenario: Scenario) -> bool:
    """Whether any strategy of the scenario has a structure of its own."""
    return any(structure_of(scenario, own) is not None for own in scenario.strategies)


def dollars_per_year(arranged: Arranged, values: Mapping[str, float]) -> float:
    """What regional positions cost more a year than those of today; negative where fewer are left."""
    return (arranged.positions - arranged.today) * values["staff_rate"] * values["work_hours_per_month"] * 12.0


def more_than_today(scenario: Scenario, structure: Structure | None) -> tuple[float, float]:
    """Positions of regional agencies more or fewer than today, and what they cost more a year, in dollars."""
    if structure is None:
        return 0.0, 0.0
    arranged = arranged_under(scenario, structure, {})
    return arranged.positions - arranged.today, dollars_per_year(arranged, resolve_values(scenario.parameters))


def arranged_under(scenario: Scenario, structure: Structure, parameters: Mapping[str, float]) -> Arranged:
    """Agencies under a structure, built once in a process for the same parameters of agencies."""
    return _arranged(scenario, structure, of_agencies(parameters))


def of_agencies(parameters: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The parameters that tables of agencies rest on."""
    relevant = {name: value for name, value in parameters.items() if name in PARAMETERS}
    return tuple((name, value) for name, value in relevant.items() if PARAMETERS[name].group == "agencies")


@lru_cache(maxsize=32)
def _arranged(scenario: Scenario, structure: Structure, parameters: tuple[tuple[str, float], ...]) -> Arranged:
    return build_arranged(scenario, resolve_values({**scenario.parameters, **dict(parameters)}), structure)

"""What a strategy is by its name in a scenario, what its structure costs, and what a budget buys: TA hours a year of a
strategy, where the budget is in hours and where it is in dollars.

In dollars every strategy may spend the same money, so that one with costly travel and venues has fewer hours::

    hours a year = dollars a year / price of an hour
    price = consultant_rate + sum over activities of share * <activity>_dollars / <activity>_ta_hours

with the shares that the strategy means to spend: of all methods alike, of an exit plan in the last third, of phases by
their months. What a run spends is in its ledger; it differs as far as the mix that was delivered does. A strategy
written in Python has no declared mix and is taken at the rate of consultants alone. Source: equal money as the fair
comparison of plans, assumed; prices as declared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from capsim.catalogue import STRATEGIES, Recipe
from capsim.parameters import PARAMETERS, resolve_values
from capsim.scenario.agencies import Arranged, build_agencies, build_arranged
from capsim.scenario.checks import name_of_strategy
from capsim.scenario.compositions import Composition
from capsim.scenario.structures import Structure

if TYPE_CHECKING:
    from capsim.scenario.population import AgencyTable
    from capsim.scenario.schema import Scenario

_CALENDAR = 1900
"""Number from which a year is one of the calendar."""


def hours_per_year(scenario: Scenario, strategy: Any, values: Mapping[str, float]) -> float:
    """TA hours a year that a strategy, by name, as a composition or as an object, may spend."""
    dollars = scenario.assistance.budget_dollars_per_year
    if dollars is None:
        return scenario.assistance.budget_hours_per_year
    price = _price(scenario, strategy, values)
    return dollars / price if price > 0.0 else 0.0


def _price(scenario: Scenario, strategy: Any, values: Mapping[str, float]) -> float:
    return dollars_per_hour(recipe_of(scenario, strategy), values, months=scenario.timeline.assistance)


def caps_of(scenario: Scenario, strategy: Any, values: Mapping[str, float]) -> tuple[float, ...]:
    """Most TA hours that a strategy may spend in each year of assistance; empty where no year has a cap."""
    caps = scenario.assistance.yearly_cap
    if not caps:
        return ()
    years = -(-scenario.timeline.assistance // 12)
    in_hours = scenario.assistance.budget_dollars_per_year is None
    price = 1.0 if in_hours else _price(scenario, strategy, values)
    begins = scenario.timeline.begins
    first = int(begins[:4]) if begins and min(map(int, caps)) >= _CALENDAR else 1
    found = [caps.get(str(first + year), math.inf) for year in range(years)]
    return tuple(cap / price if price > 0.0 else math.inf for cap in found)


def range_of_hours(scenario: Scenario, values: Mapping[str, float]) -> tuple[float, float]:
    """Fewest and most TA hours a year that a plan of a scenario may spend."""
    hours = [hours_per_year(scenario, name, values) for name in scenario.strategy_names if name != "none"]
    return (min(hours), max(hours)) if hours else (0.0, 0.0)


def dollars_per_hour(recipe: Recipe | None, values: Mapping[str, float], *, months: int) -> float:
    """Dollars of the center for a TA hour of a recipe: consultants, travel, venues and printing."""
    parts = [] if recipe is None else list(_parts(recipe, months))
    whole = sum(weight for weight, _ in parts)
    prices = (
        weight * sum(share * values[f"{name}_dollars"] / values[f"{name}_ta_hours"] for name, share in mix.items())
        for weight, mix in parts
    )
    others = sum(prices)
    return values["consultant_rate"] + (others / whole if whole > 0.0 else 0.0)


def _parts(recipe: Recipe, months: int) -> Iterator[tuple[float, Mapping[str, float]]]:
    """Mixes of a recipe, each with the part of the time in which it holds."""
    mixes, begun = recipe.methods or (recipe.activities,), 0
    for phase in sorted(recipe.phases, key=lambda one: one.month):
        yield from _alike(mixes, phase.month - begun)
        begun = phase.month
        mixes = (phase.change.activities,) if phase.change.activities else mixes
    left = float(max(0, months - begun))
    if recipe.exit_activities:
        yield from _alike((recipe.exit_activities,), left / 3.0)
        left *= 2.0 / 3.0
    yield from _alike(mixes, left)


def _alike(mixes: tuple[Mapping[str, float], ...], weight: float) -> Iterator[tuple[float, Mapping[str, float]]]:
    return ((weight / len(mixes), mix) for mix in mixes)


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


def agencies_today(scenario: Scenario, parameters: Mapping[str, float] = MappingProxyType({})) -> AgencyTable:
    """Agencies as they are, with `parameters` on top of the scenario's, built once in a process."""
    return _today(scenario, of_agencies(parameters))


@lru_cache(maxsize=8)
def _today(scenario: Scenario, parameters: tuple[tuple[str, float], ...]) -> AgencyTable:
    return build_agencies(scenario, resolve_values({**scenario.parameters, **dict(parameters)}))


def of_agencies(parameters: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The parameters that tables of agencies rest on."""
    relevant = {name: value for name, value in parameters.items() if name in PARAMETERS}
    return tuple((name, value) for name, value in relevant.items() if PARAMETERS[name].group == "agencies")


@lru_cache(maxsize=32)
def _arranged(scenario: Scenario, structure: Structure, parameters: tuple[tuple[str, float], ...]) -> Arranged:
    return build_arranged(scenario, resolve_values({**scenario.parameters, **dict(parameters)}), structure)


def definition_of(scenario: Scenario, strategy: Any) -> Any:
    """A scenario's own composition or plugin of that name; anything else as it is given."""
    if not isinstance(strategy, str):
        return strategy
    own = (one for one in scenario.strategies if not isinstance(one, str) and name_of_strategy(one) == strategy)
    return next(own, strategy)


def recipe_of(scenario: Scenario, strategy: Any) -> Recipe | None:
    """What a strategy is made of; None where that is not known, as of one that is written in Python."""
    found = definition_of(scenario, strategy)
    if isinstance(found, str):
        return STRATEGIES.get(found)
    if isinstance(found, Composition):
        return found.recipe(scenario.area_names)
    return found if isinstance(found, Recipe) else None

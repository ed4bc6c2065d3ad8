"""What a strategy is by its name in a scenario: the scenario's own definition, or the catalogue's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capsim.catalogue import STRATEGIES, Recipe
from capsim.scenario.checks import name_of_strategy
from capsim.scenario.compositions import Composition

if TYPE_CHECKING:
    from capsim.scenario.schema import Scenario


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

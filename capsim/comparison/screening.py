"""Which parameters nothing in some runs reads: changing one of them changes no outcome by a single bit."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import ACTIVITIES
from capsim.catalogue.rules import RULES, unread_by
from capsim.comparison.statistics import rank_correlations
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario
from capsim.scenario.budgets import recipe_of

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

_OF_INSTRUMENTS = {
    "rubric_noise_sd": "rubric",
    "expert_noise_sd": "expert",
    "stocktake_noise_sd": "stocktake",
    "stocktake_target": "stocktake",
}
"""Parameters of what an activity yields."""


def unread_parameters(
    scenario: Scenario,
    strategies: Iterable[Any],
    *,
    delivered: Mapping[str, Iterable[str]] | None = None,
    varied: Container[str] | None = None,
) -> frozenset[str]:
    """Numbers of activities that no strategy uses, of instruments that none buys, and of rules that do not apply.

    `strategies` are all that is run, by name where they have one. `delivered` says which activities each one delivered,
    for those that are not made of parts: a class of the user's own may deliver anything, so without it nothing is left
    out beside one. `varied` are rules of which all variants apply somewhere; those that the scenario draws without it.
    """
    by_rules = _of_other_rules(scenario, varied)
    used: set[str] = set()
    for strategy in strategies:
        recipe = recipe_of(scenario, strategy)
        if recipe is not None:
            used |= {name for mix in recipe.mixes for name in mix}
            used |= set() if recipe.codesign == "none" else {"codesign"}
        elif delivered is None:
            return by_rules
        else:
            used |= set(delivered.get(strategy, ()))
    unread = {name for name, declared in PARAMETERS.items() if declared.group == "activities" and _of(name) not in used}
    if not scenario.agencies.survey:
        yields = {ACTIVITIES[name].yields for name in used}
        unread |= {name for name, instrument in _OF_INSTRUMENTS.items() if instrument not in yields}
    return by_rules | unread


def ranked_assumptions(
    comparison: Comparison, difference: pd.Series, pair: tuple[str, str]
) -> tuple[pd.DataFrame, float]:
    """Rank correlation of each drawn assumption that the runs of a pair read with their difference, the largest
    first (columns: parameter, correlation), and the size that chance alone reaches; NaN where no assumption differs.
    """
    import pandas as pd

    draws = comparison.draws.set_index("replicate").loc[difference.index]
    draws = draws.loc[:, (draws.nunique() > 1) & ~draws.columns.isin(comparison.unread(pair))]
    if draws.empty:
        return pd.DataFrame({"parameter": [], "correlation": []}), math.nan
    found, chance = rank_correlations(draws.to_numpy(np.float64), difference.to_numpy(np.float64), seed=1)
    ranked = pd.DataFrame({"parameter": draws.columns, "correlation": found})
    return ranked.sort_values("correlation", key=lambda c: -c.abs(), kind="stable", ignore_index=True), chance


def _of_other_rules(scenario: Scenario, varied: Container[str] | None) -> frozenset[str]:
    """Parameters that only variants which do not apply read."""
    drawn = scenario.uncertainty == "structure"
    varied = varied if varied is not None else {name for name in RULES if drawn and name not in scenario.rules}
    unread = unread_by(scenario.rules, varied=varied)
    ceilings = {name for name in PARAMETERS if name.endswith("_ceiling") and _of(name)}
    return frozenset((unread & PARAMETERS.keys()) | (ceilings if "<activity>_ceiling" in unread else set()))


def _of(parameter: str) -> str:
    """Activity to which a parameter belongs: of two names that fit, training and training_institute, the longer one."""
    return max((name for name in ACTIVITIES if parameter.startswith(f"{name}_")), key=len, default="")

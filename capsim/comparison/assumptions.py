"""Assumptions beside an answer: which of them nothing in some runs reads (changing one of those changes no outcome by a
single bit), and which of the others go along with it.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, TIE_CHANNELS, Recipe
from capsim.catalogue.parts import targeting_row
from capsim.catalogue.rules import RULES, unread_by
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import rank_correlations
from capsim.levels import SCHOOL
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario
from capsim.scenario.budgets import agencies_today, recipe_of

_EVIDENCE = ("parameter", "correlation", "clear", "difference", "slope", "turns_at")
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
        if (recipe := recipe_of(scenario, strategy)) is not None:
            used |= _activities(recipe)
        elif delivered is None:
            return by_rules
        else:
            used |= set(delivered.get(strategy, ()))
    unread = {name for name, one in PARAMETERS.items() if one.group == "activities" and activity_of(name) not in used}
    if not scenario.agencies.survey:
        yields = {ACTIVITIES[name].yields for name in used}
        unread |= {name for name, instrument in _OF_INSTRUMENTS.items() if instrument not in yields}
    return by_rules | unread


def unread_by_runs(comparison: PairedRuns, pair: tuple[str, str] | None = None) -> frozenset[str]:
    """Parameters that nothing in the runs of two strategies reads, the contrast's without them."""
    hours: Any = [] if comparison.hours.empty else comparison.hours.groupby("strategy")["activity"]
    delivered = {str(name): set(activities) for name, activities in hours}
    asked = comparison.scenario.question.contrast if pair is None else pair
    return unread_parameters(comparison.scenario, (*asked, "none"), delivered=delivered)


def assumptions_that_matter(comparison: PairedRuns) -> tuple[pd.DataFrame, float]:
    """Rank correlation of each drawn assumption with the declared contrast, largest first, and the size that chance
    alone reaches; without those that nothing in the runs of the contrast reads.

    Empty, with NaN, without drawn assumptions.
    """
    contrast = _drawn_contrast(comparison)
    if comparison.draws.empty or len(contrast) < 8:
        return pd.DataFrame({"parameter": [], "correlation": []}), math.nan
    first, second = comparison.scenario.question.contrast
    return ranked_assumptions(comparison, contrast, (first, second))


def _drawn_contrast(comparison: PairedRuns) -> pd.Series:
    """The declared contrast in pairs with drawn assumptions, by replicate; empty without them."""
    first, second = comparison.scenario.question.contrast
    table = comparison.outcomes(assumptions="drawn")
    return (table[first] - table[second]).dropna() if {first, second} <= {*table} else pd.Series(dtype=float)


def ranked_assumptions(
    comparison: PairedRuns, difference: pd.Series, pair: tuple[str, str]
) -> tuple[pd.DataFrame, float]:
    """Rank correlation of each drawn assumption that the runs of a pair read with their difference, the largest
    first (columns: parameter, correlation), and the size that chance alone reaches; NaN where no assumption differs.
    """
    draws = comparison.draws.set_index("replicate").loc[difference.index]
    unread = unread_by_runs(comparison, pair) | _of_other_plans(comparison.scenario, pair)
    draws = draws.loc[:, (draws.nunique() > 1) & ~draws.columns.isin(unread)]
    if draws.empty:
        return pd.DataFrame({"parameter": [], "correlation": []}), math.nan
    found, chance = rank_correlations(draws.to_numpy(np.float64), difference.to_numpy(np.float64), seed=1)
    ranked = pd.DataFrame({"parameter": draws.columns, "correlation": found})
    return ranked.sort_values("correlation", key=lambda c: -c.abs(), kind="stable", ignore_index=True), chance


def _activities(recipe: Recipe) -> set[str]:
    """Activities that a strategy uses, co-design among them."""
    used = {name for mix in recipe.mixes for name in mix}
    return used if recipe.codesign == "none" else used | {"codesign"}


_SAID_BY_STAFF = frozenset({"interest", "self_rating", "self_rated_relevance", "screening"})
_OF_RELEVANCE = frozenset({"relevance", "self_rated_relevance"})


def _of_other_plans(scenario: Scenario, strategies: Iterable[Any]) -> frozenset[str]:
    """Numbers that a run reads only with parts that none of these strategies has, and of what the scenario has not."""
    made = [recipe_of(scenario, strategy) for strategy in strategies]
    unread = {"tool_fit_far"} if len(scenario.agencies.states) == 1 else set()
    unread |= set() if scenario.events else {"online_fidelity"}
    unread |= set() if _has_schools(scenario) else {"principal_annual_exit", "school_staff_annual_exit"}
    unread |= {"plan_parent_rate"} if scenario.parameters.get("support_weight", 1.0) > 0.0 else set()
    recipes = [recipe for recipe in made if recipe is not None]
    if len(recipes) < len(made):
        return frozenset(unread)
    used = set().union(*map(_activities, recipes))
    channels = {effect.channel for name in used for effect in ACTIVITIES[name].effects}
    yields = {ACTIVITIES[name].yields for name in used}
    reviewed = any(recipe.review for recipe in recipes)
    read = {reading for recipe in recipes for aim in _targetings(recipe) for reading in targeting_row(aim).reads}
    there = {
        (
            *("center_annual_exit", "center_months_to_fill", "center_learning_hours"),
            *("center_experience_weight", "center_vacancy_loss", "center_hire_hours"),
        ): scenario.center is not None or any(recipe.center for recipe in recipes),
        (
            *("tool_rate", "tool_invitation", "tool_polish", "tool_better", "tool_fit", "tool_fit_far"),
            "center_tool_level",
        ): any(ACTIVITIES[name].tool for name in used),
        ("turnkey_ratio", "turnkey_time_share", "turnkey_fidelity"): any(one.chain != "direct" for one in recipes),
        ("wish_familiarity", "wish_rate"): "codesign" in used,
        ("rating_half", "rating_noise_sd", "client_leniency"): reviewed,
        ("stocktake_response", "stocktake_target", "stocktake_noise_sd"): "stocktake" in yields,
        ("expert_noise_sd",): "expert" in yields,
        ("center_expert_skill", "center_other_skill"): "expert_ties" in channels,
        ("brokered_tie_strength",): bool(channels & {*TIE_CHANNELS}),
        ("likert_noise_sd",): reviewed or "codesign" in used or bool(scenario.instruments or read & _SAID_BY_STAFF),
        ("relevance_noise_sd",): reviewed or "relevance" in read,
        ("relevance_concentration",): reviewed or scenario.asked.name == "relevant_use" or bool(read & _OF_RELEVANCE),
    }
    unread |= {name for names, has in there.items() if not has for name in names}
    about = {name: activity_of(name) for name, one in PARAMETERS.items() if one.group == "assistance"}
    return frozenset(unread | {name for name, activity in about.items() if activity and activity not in used})


def _targetings(recipe: Recipe) -> Iterator[str]:
    """Every targeting that a strategy may have at some time."""
    for aim in (recipe.targeting, *(change.targeting for change in recipe.changes if change.targeting)):
        yield from [aim] if isinstance(aim, str) else aim.values()


def _has_schools(scenario: Scenario) -> bool:
    own = scenario.agencies.own_file
    return scenario.agencies.schools or (own and bool((agencies_today(scenario).level == SCHOOL).any()))


def _of_other_rules(scenario: Scenario, varied: Container[str] | None) -> frozenset[str]:
    """Parameters that only variants which do not apply read."""
    drawn = scenario.uncertainty == "structure"
    varied = varied if varied is not None else {name for name in RULES if drawn and name not in scenario.rules}
    unread = unread_by(scenario.rules, varied=varied)
    ceilings = {name for name in PARAMETERS if name.endswith("_ceiling") and activity_of(name)}
    return frozenset((unread & PARAMETERS.keys()) | (ceilings if "<activity>_ceiling" in unread else set()))


def activity_of(parameter: str) -> str:
    """Activity to which a parameter belongs: of two names that fit, training and training_institute, the longer one."""
    return max((name for name in ACTIVITIES if parameter.startswith(f"{name}_")), key=len, default="")


def evidence_table(comparison: PairedRuns) -> pd.DataFrame:
    """The three assumptions with the largest rank correlation with the declared contrast, largest first.

    Columns: parameter; correlation; clear: beyond what chance alone reaches; difference: the mean over pairs with
    drawn assumptions, in the declared outcome; slope of the straight line through the pairs; turns_at: the value at
    which that line crosses zero, all other assumptions as drawn, NaN if that is not within the plausible range. Empty
    without drawn assumptions.
    """
    ranked, chance = assumptions_that_matter(comparison)
    if ranked.empty:
        return pd.DataFrame(columns=list(_EVIDENCE))
    contrast = _drawn_contrast(comparison)
    draws = comparison.draws.set_index("replicate").loc[contrast.index]
    rows = []
    for name, correlation in ranked[["parameter", "correlation"]].head(3).itertuples(index=False):
        slope, turns = turning_value(draws[name].to_numpy(np.float64), contrast.to_numpy(np.float64))
        declared = PARAMETERS.get(name)
        turns = turns if declared is not None and declared.low <= turns <= declared.high else math.nan
        rows.append((name, float(correlation), bool(abs(correlation) > chance), contrast.mean(), slope, turns))
    return pd.DataFrame(rows, columns=list(_EVIDENCE))


def turning_value(values: NDArray[np.float64], differences: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of the straight line through at least 3 points, and where the line crosses zero; NaN if nowhere."""
    spread = values - values.mean()
    size = float(spread @ spread)
    if len(values) < 3 or size == 0.0:
        return math.nan, math.nan
    slope = float(spread @ differences) / size
    return slope, float(values.mean() - differences.mean() / slope) if slope else math.nan

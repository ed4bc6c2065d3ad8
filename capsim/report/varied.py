"""Sliders over situations that differ in a few quantities: which plan comes first at each of their values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from capsim.catalogue.rules import RULE_LABELS, RULES
from capsim.comparison.answering import against_in_words, in_worlds, leaders
from capsim.comparison.comparison import BUDGETS, Comparison, Several
from capsim.comparison.ladder import budget_of
from capsim.page import looks
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import parameter_label
from capsim.report import plain
from capsim.report.parts import Moved, Point, Slider, Sliding
from capsim.runs.designs import RULE_FACTORS

MOST_POINTS = 500
"""Situations that a page can hold."""


def sliders_of(result: Several) -> list[Sliding]:
    """For each scenario that was run at several values of something, a slider for everything that was varied."""
    table, found = result.table(), []
    for base in dict.fromkeys(one.scenario.name for one in result.comparisons.values()):
        runs = {name: one for name, one in result.comparisons.items() if one.scenario.name == base}
        settings = {name: _settings(one, list(runs.values())) for name, one in runs.items()}
        found += sliders_over(table, settings, title=f"Move what was varied: {base}")
    return found


def _settings(one: Comparison, runs: Sequence[Comparison]) -> dict[str, Any]:
    """The value of everything that at least one of the runs sets."""
    parameters = dict.fromkeys(name for run in runs for name in run.scenario.parameters)
    rules = dict.fromkeys(name for run in runs for name in run.scenario.rules)
    key, amount, _ = budget_of(one.scenario)
    return {
        **{name: one.scenario.parameters.get(name, PARAMETERS[name].default) for name in parameters},
        key: amount,
        **{f"rules.{name}": one.scenario.rules.get(name, RULES[name].default) for name in rules},
    }


def sliders_over(table: pd.DataFrame, settings: Mapping[str, Mapping[str, Any]], *, title: str) -> list[Sliding]:
    """A slider for every quantity of which there are several values; none where not every combination has its plans.

    `table` is as `Several.table`, where `scenario` names the situation; `settings` are values by quantity, of each.
    """
    known = {str(name): own for name, own in table.groupby("scenario", sort=False)} if len(table) else {}
    values = _varied(list(settings.values()))
    at = {tuple(own[name] for name in values): known[where] for where, own in settings.items() if where in known}
    if (
        not values
        or len(settings) > MOST_POINTS
        or not len(at) == len(settings) == math.prod(map(len, values.values()))
    ):
        return []
    names = list(dict.fromkeys(name for own in at.values() for name in own["strategy"]))
    first = next(iter(settings.values()))
    sliders = [
        Slider(_name_in_words(name), [_value_in_words(name, one) for one in own], own.index(first[name]))
        for name, own in values.items()
    ]
    headers = ("Plan", "Gain", "Interval", "Best in", "Against the best")
    points = [_point(at[point], names) for point in itertools.product(*values.values())]
    seen = looks(names)
    return [Sliding(title, sliders, [seen[name] for name in names], headers, points)]


def _varied(settings: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The quantities with more than one value, and these in order."""
    shared = [name for name in settings[0] if all(name in one for one in settings)]
    found = {name: list(dict.fromkeys(one[name] for one in settings)) for name in shared}
    return {
        name: values if name in RULE_FACTORS else sorted(values) for name, values in found.items() if len(values) > 1
    }


def _point(table: pd.DataFrame, names: Sequence[str]) -> Point:
    """The plans in one situation."""
    digits, records = plain.digits_for(table["gain"]), table.to_dict("records")
    rows = []
    for row in records:
        gain, low, high = row["gain"], row["low"], row["high"]
        best = in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds")
        cells = (plain.signed(gain, digits), plain.span(low, high, digits), best, against_in_words(row))
        rows.append(Moved(names.index(row["strategy"]), gain, low, high, cells))
    return Point(f"{leaders(records)}.", rows)


def _name_in_words(name: str) -> str:
    if name in BUDGETS:
        return "Budget a year"
    return parameter_label(RULE_FACTORS.get(name, name))


def _value_in_words(name: str, value: Any) -> str:
    if name in BUDGETS:
        return plain.money(value) if "dollars" in name else f"{value:,.0f} hours"
    return RULE_LABELS[RULE_FACTORS[name]][value] if name in RULE_FACTORS else plain.value_in_words(name, value)

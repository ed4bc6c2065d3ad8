"""Engine and twin end in the same place under every form of every rule, alone and together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

from capsim.catalogue.rules import RULES
from capsim.parameters import Values
from capsim.world import World

from . import worlds
from .comparison import Columns, columns_of_engine, differences, engine_months
from .hand_made import HandMade
from .test_twin import RUN_KEY, check_months

FORMS = [(rule.name, form.name) for rule in RULES.values() for form in rule.forms]
OTHERS = [(rule, form) for rule, form in FORMS if form != RULES[rule].default]


def start_under(rules: Mapping[str, str]) -> tuple[World, Values, dict[str, Any]]:
    """A world in which every form shows, its parameters under these rules, and how to run it."""
    world, values = worlds.diverse(1)
    codes = {RULES[rule].parameter: float(RULES[rule].code(form)) for rule, form in rules.items()}
    return world, {**values, **codes}, {"months": 10, "assistance_months": 8, "strategy": HandMade(world.layout)}


@cache
def end_of_engine(rule: str, form: str) -> Columns:
    """Where the engine ends under one form."""
    world, values, how = start_under({rule: form})
    *_, last = engine_months(world, values, RUN_KEY, **how)
    return columns_of_engine(*last)


@pytest.mark.parametrize(("rule", "form"), FORMS)
def test_every_form(rule: str, form: str) -> None:
    world, values, how = start_under({rule: form})
    check_months(world, values, RUN_KEY, **how)


@pytest.mark.parametrize(("rule", "form"), OTHERS)
def test_no_form_is_another_one(rule: str, form: str) -> None:
    rest = [other for name, other in FORMS if name == rule and other != form]
    assert all(differences(end_of_engine(rule, form), end_of_engine(rule, other)) for other in rest)


@pytest.mark.parametrize("seed", range(6))
def test_forms_together(seed: int) -> None:
    random = np.random.default_rng(seed)
    rules = {name: str(random.choice([*rule.variants])) for name, rule in RULES.items()}
    world, values, how = start_under(rules)
    check_months(world, values, RUN_KEY + seed, **how)

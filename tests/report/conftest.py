"""Small comparisons of the classroom scenario, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest

from capsim.scenario import load_scenario, scenario_from_mapping
from capsim.studies.compare import compare
from capsim.studies.comparison import Comparison

HOSTILE = '<script>alert("x")</script> $\\frac{a}{b}$ & Ünïcødé 学校 <img src=http://example.org/a.png>'

HOSTILE_STRATEGY = {"name": HOSTILE, "activities": {"coaching": 0.5, "goal_setting": 0.5}}


def make(*, replications: int = 2, **changes: Any) -> Comparison:
    """Compare in the classroom, with some of the scenario replaced."""
    content = load_scenario("classroom").resolved()
    quick = {"timeline": {"settling": 12, "assistance": 12, "follow_up": 12}}
    return compare(scenario_from_mapping({**content, **quick, **changes}), replications=replications)


@lru_cache(maxsize=1)
def _usual() -> Comparison:
    return make(replications=4, uncertainty="assumed", name=HOSTILE, strategies=["none", "individual_focused", "organization_focused", HOSTILE_STRATEGY])  # fmt: skip


@pytest.fixture(scope="session")
def usual() -> Comparison:
    """Four replications with drawn assumptions, hostile names."""
    return _usual()


@pytest.fixture(scope="session")
def classroom() -> Callable[..., Comparison]:
    """Makes a comparison of the classroom."""
    return make

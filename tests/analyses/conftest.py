"""Small worlds that run in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from capsim.scenario import Scenario, load_scenario, scenario_from_mapping


@pytest.fixture(scope="session")
def small() -> Scenario:
    """The classroom with few months."""
    content = load_scenario("classroom").resolved()
    return scenario_from_mapping({**content, "timeline": {"settling": 6, "assistance": 12, "follow_up": 12}})


def changed(**changes: Any) -> Scenario:
    """The classroom with few months and replicates, and some keys of its own."""
    short = {"timeline": {"settling": 6, "assistance": 18, "follow_up": 18}, "replications": 4}
    return scenario_from_mapping({**load_scenario("classroom").resolved(), **short, **changes})


@pytest.fixture(scope="session")
def make() -> Callable[..., Scenario]:
    """Make a variant of the small scenario."""
    return changed


@pytest.fixture(scope="session")
def restless() -> Scenario:
    """Many leaders leave, climate decides who, practices end, and many are experts: every pathway matters."""
    return changed(
        seed=7,
        assistance={"budget_hours_per_year": 3000},
        parameters={
            "lea_annual_exit": 0.4,
            "superintendent_annual_exit": 0.4,
            "exit_culture_slope": 5,
            "exit_engagement_slope": 5,
            "abandon_chance": 0.9,
            "ending_annual": 0.5,
            "expert_skill": 0.5,
        },
    )

"""A small world that runs in milliseconds."""

from __future__ import annotations

import pytest

from capsim.scenario import Scenario, load_scenario, scenario_from_mapping


@pytest.fixture(scope="session")
def small() -> Scenario:
    """The classroom with few months."""
    content = load_scenario("classroom").resolved()
    return scenario_from_mapping({**content, "timeline": {"settling": 6, "assistance": 12, "follow_up": 12}})

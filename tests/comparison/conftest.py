"""One comparison of the classroom with everything in it, made once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from capsim.assistance.strategy import Delivery, Strategy
from capsim.comparison.compare import compare
from capsim.comparison.comparison import Comparison
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping


class Unreliable(Strategy):
    """Fails where an odd number of positions is vacant when assistance begins: in some replicates, not in all."""

    name = "unreliable"

    def decide(self, view: Any, month: int, budget: float, draws: Any) -> list[Delivery]:
        """Fail, or deliver nothing."""
        if month == 0 and np.count_nonzero(~view.filled) % 2:
            raise RuntimeError("somebody is missing")
        return []


@pytest.fixture(scope="session")
def classroom() -> Scenario:
    """The classroom with fewer months."""
    content = load_scenario("classroom").resolved()
    return scenario_from_mapping(
        {
            **content,
            "timeline": {"settling": 6, "assistance": 12, "follow_up": 12},
            "replications": 6,
        }
    )


@pytest.fixture(scope="session")
def full(classroom: Scenario) -> Comparison:
    """Drawn assumptions, agencies, break-even, and a strategy that fails in some replicates."""
    return compare(
        classroom,
        ["individual_focused", "organization_focused", Unreliable()],
        uncertainty="assumed",
        keep_agencies=True,
        break_even=["lea_annual_exit"],
    )

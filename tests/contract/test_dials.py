"""Every dial of a practice of the two source documents: at 0, at its usual value and at the high end."""

from __future__ import annotations

import pytest

from capsim.scenario import Scenario
from validation.practices import DIALS, Dial, measured, small

READ_WITH = {
    "support_weight": {"support_hold": 1.6, "support_ceiling": 0.16, "support_routine": 0.8, "reporting_hours": 16.0},
    "tool_rate": {"tool_fit": 0.8, "tool_polish": 0.3, "center_tool_level": 0.6, "tool_invitation": 0.5},
    "codesign_wish": {"wish_familiarity": 1.0, "wish_rate": 0.3},
    "offering_weight": {"offering_hours": 0.25, "offering_memory": 6.0},
    "finance_rate": {"finance_weight": 0.6},
    "personnel_rate": {"personnel_weight": 0.6},
}
"""Other numbers of a practice, each away from its default."""


def named(dial: Dial) -> str:
    return f"{dial.name}, {dial.first}"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return small(districts=6)


@pytest.mark.parametrize("dial", DIALS, ids=named)
def test_it_matters_at_its_usual_value_and_more_or_less_at_the_high_end(dial: Dial, scenario: Scenario) -> None:
    ends = {value: measured(dial, value, scenario, worlds=1)[0] for value in dial.values}
    assert len(set(ends.values())) == 3, ends


@pytest.mark.parametrize("dial", [dial for dial in DIALS if dial.name in READ_WITH], ids=named)
def test_at_nothing_its_other_numbers_are_not_read(dial: Dial, scenario: Scenario) -> None:
    def end(value: float, **others: float) -> list[float]:
        return measured(dial, value, scenario, worlds=1, others=others)

    off, usual, _ = dial.values
    assert end(off, **READ_WITH[dial.name]) == end(off)
    assert end(usual, **READ_WITH[dial.name]) != end(usual)

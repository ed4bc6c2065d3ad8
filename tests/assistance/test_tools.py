"""Tools travel: who shows one to whom, who takes it over, and that nothing of it happens while the dial is at 0."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from capsim import CapacityModel, compare
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping

RATES = (0.0, 0.02, 0.1)


def two_states(**changes: Any) -> Scenario:
    keys = load_scenario("two_states").resolved()
    keys["agencies"]["sample"] = 12
    keys["timeline"] = {"settling": 24, "assistance": 24, "follow_up": 12}
    institute = {
        "activities": {"training_institute": 1.0},
        "delivery": {"recipients": ["sea", "esa"], "focal_areas": 2},
    }
    keys["strategies"] = ["none", "working_groups", {"name": "institutes", **institute}, "individual_focused"]
    keys |= {"uncertainty": "none", "replications": 2, "question": {"contrast": ["working_groups", "none"]}}
    return scenario_from_mapping({**keys, **changes})


@cache
def model(strategy: str, rate: float, **numbers: float) -> CapacityModel:
    return CapacityModel(two_states(), strategy=strategy, seed=2, parameters={"tool_rate": rate, **numbers}).run()


def adoptions(strategy: str, rate: float) -> np.ndarray:
    tools = model(strategy, rate)._run.tools
    assert tools is not None
    return tools.adoptions


def test_without_tools_nothing_is_kept() -> None:
    assert model("working_groups", 0.0)._run.tools is None
    assert not any(name.startswith("tools.") for name, _ in model("working_groups", 0.0)._run.program.columns())


@pytest.mark.parametrize("strategy", ["working_groups", "institutes"])
def test_the_dial_can_matter(strategy: str) -> None:
    """Under the same luck regional agencies, who attend, end higher the faster tools are adopted."""
    gains = [model(strategy, rate).measure("use", "esa") - model("none", rate).measure("use", "esa") for rate in RATES]
    assert gains[0] < gains[1] < gains[2]


def test_a_strategy_that_shows_no_tool_gains_nothing_by_it() -> None:
    assert model("individual_focused", 0.1).history.equals(model("individual_focused", 0.0).history)
    assert model("none", 0.1).history.equals(model("none", 0.0).history)


def test_every_adoption_is_from_somebody_who_has_it() -> None:
    log = adoptions("working_groups", 0.1)
    center = model("working_groups", 0.1).world.layout.n_organizations - 1
    assert len(log) > 20
    since: dict[tuple[int, int], float] = {}
    for month, agency, area, source, maker, level, gain in log:
        if agency != source:
            assert gain > 0.0
            assert source == center or since[source, area] <= month
        else:
            assert (maker, gain) == (agency, 0.0)
        assert 0.0 < level <= 1.0
        since.setdefault((agency, area), month)


def test_tools_cross_from_state_to_state_and_reach_districts() -> None:
    log, layout = adoptions("working_groups", 0.1), model("working_groups", 0.1).world.layout
    agency, maker = log[:, 1].astype(int), log[:, 4].astype(int)
    agencies = maker < layout.agencies
    assert (layout.market[agency[agencies]] != layout.market[maker[agencies]]).any()
    assert (layout.level[agency] == 3).any()


def test_a_tool_that_fits_nobody_helps_nobody() -> None:
    assert model("working_groups", 0.1, tool_fit=0.0).measure("use") == pytest.approx(
        model("working_groups", 0.0).measure("use"), abs=1e-12
    )


def test_a_run_goes_on_with_its_tools() -> None:
    part = CapacityModel(two_states(), strategy="working_groups", seed=2, parameters={"tool_rate": 0.1})
    for _ in range(11):
        part.step()
    assert CapacityModel.restore(part.snapshot()).run().history.equals(model("working_groups", 0.1).history)


def test_the_table_says_who_adopted_what_from_whom_and_when() -> None:
    scenario = two_states(parameters={"tool_rate": 0.1})
    found = compare(scenario, ["none", "working_groups"])
    table = found.tools
    assert list(table.columns[4:]) == ["month", "how", "agency", "area", "source", "maker", "level", "gain"]
    assert set(table["strategy"]) == {"working_groups"}
    assert set(table["how"]) == {"made", "adopted"}
    assert set(table["area"]) <= set(scenario.focal_areas)
    assert compare(two_states(parameters={"tool_rate": 0.0}), ["none", "working_groups"]).tools.empty

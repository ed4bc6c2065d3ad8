"""What follows a stocktake: targets by area, plans and hours that go where they are missed, a table of who lags."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import capsim
from capsim import CapacityModel
from capsim.assistance.observation import region_of, shift_plans, stocktake_table
from capsim.assistance.targeting import weigh
from capsim.parameters import resolve_values
from capsim.scenario import as_scenario
from tests.assistance.fake_view import LEVELS, PARENTS, fake_view
from tests.processes.people import people

OHIO = {"source": "us_2023_24", "states": ["OH"], "regional": ["support_teams"], "sample": 16}
SHORT = {"settling": 24, "assistance": 36, "follow_up": 12}


def run_with(response: float, strategy: str = "performance_management", **changes: Any) -> CapacityModel:
    scenario = as_scenario("ohio", agencies=OHIO, timeline=SHORT, **changes)
    return CapacityModel(scenario, strategy=strategy, seed=3, parameters={"stocktake_response": response}).run()


@pytest.fixture(scope="module")
def runs() -> dict[float, CapacityModel]:
    return {response: run_with(response) for response in (0.0, 0.3, 0.6)}


def test_plans_move_to_what_lags_the_more_the_further() -> None:
    world = people(2, 2, 2)
    world.plan[:] = 0.5
    readings = fake_view(levels=(3, 3, 3), parents=(-1, -1, -1), areas=2).readings
    readings.behind[:] = [[0.15, 0.0], [0.04, 0.075], [0.05, 0.03]]
    shift_plans(world, readings, np.array([0, 1, 2]), 0.4)
    np.testing.assert_allclose(world.plan[:3], [[0.7, 0.3], [0.4, 0.6], [0.5, 0.5]])
    assert (world.resource_alignment[:3] == 0.5).all()


def test_hours_of_weak_links_follow_into_areas_that_lag_and_not_without_a_response() -> None:
    view = fake_view()
    view.readings.use[:] = np.linspace(0.1, 0.5, len(LEVELS))[:, None]
    view.readings.behind[:, 1] = 0.2
    rows = np.flatnonzero(np.array(LEVELS) > 0)
    weights = {
        response: weigh("weakest_link", view, rows, resolve_values({"stocktake_response": response}))
        for response in (0.0, 0.5)
    }
    assert (weights[0.0] == weights[0.0][:, :1]).all()
    np.testing.assert_allclose(weights[0.5].sum(axis=1), weights[0.0].sum(axis=1))
    served = weights[0.0][:, 0] > 0.0
    np.testing.assert_allclose(weights[0.5][served] / weights[0.0][served], [[0.5, 2.0, 0.5]] * int(served.sum()))


def test_the_table_names_who_lags_in_which_area_and_region(runs: dict[float, CapacityModel]) -> None:
    table, model = runs[0.0].stocktakes, runs[0.0]
    assert list(table) == ["month", "date", "agency", "name", "region", "area", "target", "reading", "behind"]
    assert set(table["agency"]) <= set(model.world.layout.ids)
    assert set(table["area"]) == set(model.specification.area_names)
    assert table["region"].str.len().gt(0).all()
    np.testing.assert_allclose(table["behind"], np.maximum(0.0, table["target"] - table["reading"]))
    first = table.sort_values("month").groupby(["agency", "area"]).head(1)
    np.testing.assert_allclose(first["target"], first["reading"])
    share, months = model.values["stocktake_target"], SHORT["assistance"]
    for (_, _), own in table.sort_values("month").groupby(["agency", "area"]):
        start, since = own["reading"].iloc[0], own["month"].iloc[0] - 1
        line = start + share * (1.0 - start) * (own["month"] - 1 - since) / max(1, months - since)
        np.testing.assert_allclose(own["target"], line)
    assert run_with(0.0, "blended").stocktakes.empty


def test_a_run_that_begins_at_a_date_has_dates() -> None:
    rows = np.array([[1.0, 0, 0, 0.3, 0.2], [6.0, 0, 0, 0.3, 0.2], [7.0, 0, 0, 0.3, 0.2], [19.0, 0, 0, 0.3, 0.2]])
    agencies = SimpleNamespace(ids=("x",), names=("X",), level=np.array([3]), parent=np.array([-1]))
    table = stocktake_table(rows, agencies, ("a",), "2024-07")
    assert table["date"].tolist() == ["2024-07", "2024-12", "2025-01", "2026-01"]
    assert table["region"].tolist() == [""] * 4


def test_the_response_matters_in_areas_that_lag(runs: dict[float, CapacityModel]) -> None:
    """Plans follow, areas come closer together, and hours move; off, nothing does."""
    world = {response: model.world for response, model in runs.items()}
    lea = world[0.0].layout.level == 3
    apart = {response: float(w.use[lea].std(axis=1).mean()) for response, w in world.items()}
    assert apart[0.6] < apart[0.0]
    assert runs[0.3].measure("use") != runs[0.0].measure("use")
    blended = [run_with(response, "blended").history["use"] for response in (0.0, 0.6)]
    assert np.array_equal(*blended, equal_nan=True)


def test_a_comparison_shows_who_lags_by_region(tmp_path) -> None:
    from capsim.comparison.folder import read_comparison, write_folder
    from capsim.report import write_report

    scenario = as_scenario(
        "ohio",
        agencies=OHIO,
        timeline={"settling": 0, "assistance": 12, "follow_up": 3},
        question={"outcome": "use", "at": "assistance_end", "contrast": ["performance_management", "none"]},
        strategies=["none", "performance_management"],
    )
    result = capsim.compare(scenario, replications=2, uncertainty="none", workers=1)
    assert set(result.stocktakes["strategy"]) == {"performance_management"}
    assert result.stocktakes["replicate"].nunique() == 1
    write_folder(result, tmp_path / "out")
    assert len(read_comparison(tmp_path / "out").stocktakes) == len(result.stocktakes)
    page = write_report(result, tmp_path / "report.html").read_text()
    assert "Who lags behind targets" in page


def test_the_region_of_an_agency_is_the_regional_agency_at_or_above_it() -> None:
    assert region_of(np.array(LEVELS), np.array(PARENTS)).tolist() == [-1, 1, 2, 1, 1, 1, 2, -1]
    assert region_of(np.array([1, 3, 4]), np.array([-1, 0, 1])).tolist() == [-1, -1, -1]
    assert region_of(np.array([1, 2, 3, 4]), np.array([-1, 0, 1, 2])).tolist() == [-1, 1, 1, 1]

"""Records of areas in a run: names change nothing, what a record says changes its area, and in which direction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import capsim
from capsim import CapacityModel
from capsim.building.layout import build_layout
from capsim.building.solving import synthetic_districts
from capsim.measures.capacities import Capacities, potential
from capsim.parameters import resolve_values
from capsim.parameters.constants import constants
from capsim.scenario import as_scenario
from capsim.scenario.own import Area

SHORT = {"settling": 24, "assistance": 24, "follow_up": 12}
PLAIN = ["apples", "pears", "plums"]


def run_with(*areas: Any, strategy: str = "blended", **parameters: float) -> CapacityModel:
    scenario = as_scenario("classroom", focal_areas=list(areas), timeline=SHORT)
    return CapacityModel(scenario, strategy=strategy, seed=2, parameters=parameters).run()


@pytest.fixture(scope="module")
def plain() -> CapacityModel:
    return run_with(*PLAIN)


def columns(model: CapacityModel) -> np.ndarray:
    return model.history.drop(columns=["month", "level"]).to_numpy()


def test_names_and_titles_change_nothing(plain: CapacityModel) -> None:
    other = run_with("equity", {"name": "plans", "title": "Plans"}, "data use")
    assert np.array_equal(columns(other), columns(plain), equal_nan=True)
    assert np.array_equal(other.world.skill, plain.world.skill)


def test_the_usual_numbers_change_nothing(plain: CapacityModel) -> None:
    usual = {"prerequisite": 0, "codifiable_share": 0.8, "disuse_rate": 0.06, "months_to_use": 12, "people_weight": 0.5}
    assert np.array_equal(columns(run_with({"name": "apples", **usual}, *PLAIN[1:])), columns(plain), equal_nan=True)


@pytest.mark.parametrize(
    ("record", "column", "sign"),
    [
        ({"disuse_rate": 0.12}, "skill", -1),
        ({"disuse_rate": 0.02}, "skill", 1),
        ({"codifiable_share": 0.4}, "routine", -1),
        ({"codifiable_share": 1.0}, "routine", 1),
        ({"months_to_use": 60}, "use", -1),
        ({"months_to_use": 3}, "use", 1),
        ({"prerequisite": 0.3}, "routine", -1),
        ({"prerequisite": -0.3}, "routine", 1),
    ],
)
def test_a_record_moves_its_area(plain: CapacityModel, record: dict[str, float], column: str, sign: int) -> None:
    parameters = {"practice_hours": 60.0} if "disuse_rate" in record else {}
    base = plain if not parameters else run_with(*PLAIN, **parameters)
    changed = run_with({"name": "apples", **record}, *PLAIN[1:], **parameters)
    of = slice(0, base.world.layout.agencies)
    now, before = (getattr(model.world, column) for model in (changed, base))
    moved = now[:, 0].mean() - before[:, 0].mean() if column == "skill" else (now[of, 0] - before[of, 0]).mean()
    assert sign * moved > 0.0


def reached(share: np.ndarray, people: float, routine: float) -> np.ndarray:
    """Potential without the factors for goals and alignment, of one agency in areas of these weights of people."""
    values = resolve_values()
    nothing, areas = np.full(1, np.nan), (1, len(share))
    held = Capacities(*[np.full(areas, people)] * 2, nothing, nothing, nothing, np.ones(1))
    resources = np.full(1, values["resource_alignment_base"])
    return potential(constants(values), held, np.full(areas, routine), resources, share)[1][0]


def test_weight_of_people_decides_what_counts_and_not_how_much_there_is_at_the_baseline() -> None:
    values = resolve_values()
    share, usual = np.array([0.2, 0.5, 0.8]), (values["baseline_people"], values["baseline_routine"])
    base = reached(share, *usual)
    np.testing.assert_allclose(base, base[1], rtol=1e-12)
    step = 1e-6
    of_people = (reached(share, usual[0] + step, usual[1]) - base) / step
    of_routine = (reached(share, usual[0], usual[1] + step) - base) / step
    np.testing.assert_allclose(of_people / (of_people + of_routine), share, rtol=1e-4)


def test_nothing_is_more_than_wholly_in_use_whatever_an_area_leans_on() -> None:
    np.testing.assert_array_equal(reached(np.array([0.05, 0.2, 0.5, 0.8, 0.95]), 1.0, 1.0).max(), 1.0)


def test_a_swept_parameter_moves_areas_with_a_record_in_proportion() -> None:
    areas = ["a", Area(name="b", disuse_rate=0.03)]
    layout = build_layout(synthetic_districts((3,)), resolve_values(), areas=areas, key=1)
    assert (layout.area_disuse * resolve_values({"disuse_rate": 0.1})["disuse_rate"]).tolist() == pytest.approx(
        [0.1, 0.05]
    )


def test_a_settled_world_of_other_records_is_refused(plain: CapacityModel) -> None:
    other = as_scenario("classroom", focal_areas=[{"name": "apples", "months_to_use": 30}, *PLAIN[1:]], timeline=SHORT)
    with pytest.raises(capsim.InputError, match="settled must be that of another model of this scenario"):
        CapacityModel(other, seed=2, settled=plain.settled)


def test_explain_takes_records_and_one_area_into_account() -> None:
    question = {"outcome": "use", "area": "pears", "at": "follow_up_end", "contrast": ["individual_focused", "none"]}
    areas = ["apples", {"name": "pears", "months_to_use": 20, "people_weight": 0.8}]
    scenario = as_scenario("classroom", focal_areas=areas, timeline=SHORT, question=question)
    found = capsim.explain(scenario, "individual_focused", "none", replications=2)  # its arms are checked against runs
    assert found.outcome == "use_in_pears_by_pupils_follow_up_end"

"""One front door: what Python callers may give where a scenario, a number or a list of names is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capsim import InputError, load_scenario
from capsim.numbers import listed, real_number, whole_number
from capsim.scenario import as_scenario, shipped_file

CLASSROOM = load_scenario("classroom")


@pytest.mark.parametrize(
    "given",
    [CLASSROOM, "classroom", shipped_file("classroom"), str(shipped_file("classroom")), CLASSROOM.resolved()],
    ids=["scenario", "name", "path", "path as text", "mapping"],
)
def test_whatever_means_a_scenario_is_one(given: object) -> None:
    assert as_scenario(given) == CLASSROOM


@pytest.mark.parametrize(
    "given",
    [
        *(None, 3, 2.5, True, b"classroom", np.eye(3), np.nan, object(), load_scenario),
        *(["classroom"], ("classroom",), {"classroom"}, {}, {"name": 3}, {1: 2}, {"name": "a", "agencys": {}}),
        *("", "clasroom", Path("nowhere.yaml")),
    ],
)
def test_what_is_no_scenario_is_an_input_error(given: object) -> None:
    with pytest.raises(InputError) as error:
        as_scenario(given)
    assert all(problem and "\n" not in problem for problem in error.value.problems)


def test_a_misspelt_name_has_a_nearest_one() -> None:
    with pytest.raises(InputError, match="did you mean classroom"):
        as_scenario("clasroom")


def test_numpy_numbers_and_integral_floats_are_numbers() -> None:
    changed = as_scenario("classroom", replications=np.int64(4), seed=np.float64(7.0))
    assert (changed.replications, changed.seed) == (4, 7)
    content = {**CLASSROOM.resolved(), "parameters": {"lea_annual_exit": np.float32(0.25)}, "seed": np.uint8(3)}
    assert as_scenario(content).parameters["lea_annual_exit"] == 0.25
    assert as_scenario(content).seed == 3
    assert whole_number("n", np.int8(5)) == whole_number("n", 5.0) == whole_number("n", np.float32(5)) == 5
    assert real_number("x", np.float32(0.5)) == 0.5


@pytest.mark.parametrize("given", [None, "3", 2.5, True, np.bool_(True), float("nan"), float("inf"), 1e30, -1, [3], 3j])
def test_what_is_no_whole_number_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="seed must be"):
        whole_number("seed", given)


@pytest.mark.parametrize("given", [None, "3", True, float("nan"), float("inf"), 10**400, -0.1, 1.1, [3], 3j])
def test_what_is_no_number_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="share must be"):
        real_number("share", given, least=0.0, most=1.0)


def test_one_name_is_a_list_of_one() -> None:
    assert listed("strategies", "blended") == ("blended",)
    assert listed("strategies", ["none", "blended"]) == ("none", "blended")
    assert listed("strategies", iter(["none"])) == ("none",)
    for wrong in (None, 3, True, {"none": 1}, b"none"):
        with pytest.raises(InputError, match="strategies must be a list"):
            listed("strategies", wrong)

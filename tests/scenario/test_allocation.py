"""What agencies weigh in the division of hours: by position, agency, pupil or hand, against arithmetic."""

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, scenario_from_mapping

HEAD = "id,name,state,level,enrollment,positions"
ROWS = ("s,State,XX,sea,,40", "a,Aha,XX,lea,100,2", "b,Bee,XX,lea,900,6", "c,Sea,XX,lea,0,30")


def scenario(folder, *, allocation=None, hours=None):
    """A state with three districts; `hours` are those of the table, by row."""
    head = HEAD if hours is None else f"{HEAD},hours_per_year"
    rows = ROWS if hours is None else [f"{row},{own}" for row, own in zip(ROWS, hours, strict=True)]
    (folder / "mine.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assistance = {"budget_hours_per_year": 100}
    return scenario_from_mapping(
        {
            "name": "mine",
            "agencies": {"source": "mine.csv"},
            "question": {"contrast": ["none", "blended"]},
            "assistance": assistance if allocation is None else {**assistance, "allocation": allocation},
            "strategies": ["none", "blended"],
        },
        folder=folder,
    )


def weights(given, **parameters):
    table = build_agencies(given, resolve_values(parameters))
    return dict(zip(table.id.tolist(), table.allocation.tolist(), strict=True))


def test_by_position_from_the_floor_up(tmp_path):
    by_position = scenario(tmp_path, allocation="position")
    assert weights(by_position) == {"s": 40.0, "a": 3.0, "b": 6.0, "c": 30.0}
    assert weights(by_position, allocation_floor=1)["a"] == 2.0
    assert weights(by_position, allocation_floor=8)["b"] == 8.0


def test_by_agency_and_by_pupil(tmp_path):
    assert set(weights(scenario(tmp_path, allocation="agency")).values()) == {1.0}
    assert weights(scenario(tmp_path, allocation="pupil")) == {"s": 1000.0, "a": 100.0, "b": 900.0, "c": 0.0}


def test_by_hand_blank_is_nothing(tmp_path):
    by_hand = scenario(tmp_path, allocation="hand", hours=("", "12", "7.5", "0"))
    assert weights(by_hand) == {"s": 0.0, "a": 12.0, "b": 7.5, "c": 0.0}


@pytest.mark.parametrize("hours", [None, ("", "", "", ""), ("0", "0", "0", "0")])
def test_by_hand_without_hours_is_one_clear_error(tmp_path, hours):
    with pytest.raises(InputError) as error:
        build_agencies(scenario(tmp_path, allocation="hand", hours=hours), resolve_values())
    assert str(error.value).count("\n") == 0
    for word in ("assistance.allocation", "hours_per_year", "mine.csv", "position, agency or pupil"):
        assert word in str(error.value)


def test_by_hand_with_the_table_of_real_agencies_is_the_same_error():
    content = {
        "name": "real",
        "agencies": {"source": "us_2023_24", "states": ["OH"]},
        "question": {"contrast": ["none", "blended"]},
        "assistance": {"budget_hours_per_year": 100, "allocation": "hand"},
        "strategies": ["none", "blended"],
    }
    with pytest.raises(InputError, match=r"hours_per_year in a table of agencies of your own.*us_2023_24 has none"):
        build_agencies(scenario_from_mapping(content), resolve_values())


def test_an_unknown_allocation_and_hours_that_are_none(tmp_path):
    with pytest.raises(InputError, match="allocation"):
        scenario(tmp_path, allocation="positions")
    with pytest.raises(InputError, match="hours_per_year: -3 is out of range"):
        build_agencies(scenario(tmp_path, allocation="hand", hours=("", "-3", "1", "1")), resolve_values())


def test_only_an_allocation_of_its_own_enters_the_identity(tmp_path):
    usual = scenario(tmp_path).resolved()
    assert "allocation" not in usual["assistance"]
    assert scenario(tmp_path, allocation="pupil").resolved()["assistance"]["allocation"] == "pupil"
    assert np.isclose(usual["assistance"]["budget_hours_per_year"], 100)

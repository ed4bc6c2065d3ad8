"""Use by area in every table, and quarters of districts by poverty."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import capsim
from capsim import CapacityModel
from capsim.catalogue import use_in
from capsim.measures.groups import disadvantage, poverty_quarters
from capsim.scenario import as_scenario

SHORT = {"settling": 0, "assistance": 6, "follow_up": 3}
QUESTION = {"outcome": "use", "area": "data_use", "at": "follow_up_end", "contrast": ["blended", "none"]}


def test_history_has_use_by_area_whose_mean_is_use() -> None:
    model = CapacityModel(as_scenario("classroom", timeline=SHORT), strategy="blended", seed=1).run()
    columns = [use_in(area) for area in model.specification.area_names]
    np.testing.assert_allclose(model.history[columns].mean(axis=1), model.history["use"], rtol=1e-12)
    assert model.measure("use_in_data_use") == model.history.query("level == 'lea'")["use_in_data_use"].iloc[-1]
    with pytest.raises(capsim.InputError, match="did you mean use_in_data_use"):
        model.measure("use_in_datause")


def test_a_comparison_answers_for_one_area_and_keeps_all(tmp_path) -> None:
    scenario = as_scenario("classroom", timeline=SHORT, question=QUESTION, strategies=["none", "blended"])
    result = capsim.compare(scenario, replications=3, uncertainty="none", keep_agencies=True, workers=1)
    assert result.outcome == "use_in_data_use_by_pupils_follow_up_end"
    assert "use in data_use" in result.answer()
    for table in (result.monthly, result.agencies):
        assert {"use_in_equity", "use_in_data_use"} <= set(table)
    first, second = (
        result.runs[result.runs["strategy"] == name]["use_in_data_use_follow_up_end"] for name in ("blended", "none")
    )
    lea = result.monthly.query("level == 'lea' and month == 9")
    assert sorted([*first, *second]) == sorted(lea["use_in_data_use"])
    from capsim.comparison.folder import read_comparison, write_folder

    write_folder(result, tmp_path / "out")
    again = read_comparison(tmp_path / "out")
    assert again.outcome == result.outcome
    text = (tmp_path / "out" / "data_dictionary.md").read_text()
    assert "| use_in_data_use | 0-1 | 0 to 1 | How far the practices of data use are in use. |" in text


def test_a_sweep_keeps_use_of_the_area_that_is_asked_about() -> None:
    from capsim.runs.outcomes import usually_kept

    kept = usually_kept(as_scenario("classroom", question=QUESTION | {"contrast": ["organization_focused", "none"]}))
    assert [name for name in kept if name.startswith("use_in_")] == ["use_in_data_use"]
    assert not [name for name in usually_kept(as_scenario("classroom")) if name.startswith("use_in_")]


def test_quarters_count_those_that_a_sample_stands_for() -> None:
    level = np.array([1, 3, 3, 3, 3, 3, 3], np.int8)
    poverty = np.array([0.9, 0.1, 0.2, 0.3, 0.4, -1.0, 0.5])
    poorest, richest = poverty_quarters(level, poverty, np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0]))
    assert poorest.tolist() == [False] * 6 + [True]
    assert richest.tolist() == [False, True, True, False, False, False, False]
    tilt = disadvantage(level, poverty, np.ones(7))
    assert tilt[[0, 5]].tolist() == [0.0, 0.0]
    poor, rich = poverty_quarters(level, poverty, np.ones(7))
    assert tilt[poor].mean() - tilt[rich].mean() == pytest.approx(1.0)
    assert tilt[[1, 2, 3, 4, 6]].sum() == pytest.approx(0.0)


def test_without_poverty_there_are_no_quarters() -> None:
    level, unknown = np.full(5, 3, np.int8), np.full(5, -1.0)
    assert not np.any(poverty_quarters(level, unknown, np.ones(5)))
    assert not disadvantage(level, unknown, np.ones(5)).any()
    assert not disadvantage(level, np.full(5, 0.2), np.ones(5)).any()


def test_groups_of_poor_and_rich_districts_are_recorded() -> None:
    scenario = as_scenario("ohio", agencies={"source": "us_2023_24", "states": ["OH"], "sample": 12}, timeline=SHORT)
    history = CapacityModel(scenario, seed=1).run().history
    assert isinstance(history, pd.DataFrame)
    by_level = history[history["month"] == 9].set_index("level")["use"]
    assert by_level[["lea_poorest", "lea_richest"]].notna().all()
    assert by_level["lea_poorest"] != by_level["lea_richest"]

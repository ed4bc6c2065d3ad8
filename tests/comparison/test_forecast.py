"""Readings of later months: the forecast held against them, updated by them, and what to read next."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.compare import _asked, compare
from capsim.comparison.folder import read_comparison, write_folder
from capsim.comparison.forecast import Asked, _narrows, _weights, effective_worlds, weighted_quantiles
from capsim.comparison.statistics import draw_range
from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.report.page import render_report
from capsim.runs.blocks import ReadRun
from capsim.runs.output import read_json
from capsim.scenario import as_scenario, build_agencies
from capsim.scenario.survey import Survey, read_observed

ITEM, SCALE = "skill_rubric", 100.0


def world(replicate: int, level: float, noise: np.ndarray) -> ReadRun:
    """Agencies of one area that read some level in month 12."""
    expected = np.repeat([[level, level]], len(noise), axis=0)
    return ReadRun(replicate, {12: {ITEM: expected}}, {12: {ITEM: expected + noise[:, None]}})


def readings(values: np.ndarray) -> Asked:
    answers = np.column_stack([np.full(len(values), np.nan), values])
    survey = Survey(("area",), MappingProxyType({ITEM: answers}), np.full(answers.shape, np.nan))
    return Asked({12: survey}, [], "plan")


def test_a_known_truth_is_covered_as_often_as_is_said_and_the_range_becomes_narrower() -> None:
    rng = np.random.default_rng(11)
    agencies, worlds, covered, widths = 10, 400, [], []
    for _ in range(120):
        level = rng.normal(50.0, 8.0, worlds + 1)
        gain = 0.01 * (level - 50.0) + rng.normal(0.0, 0.03, worlds + 1)
        noise = rng.normal(0.0, 5.0, (worlds + 1, agencies))
        runs = [world(n, level[n], noise[n]) for n in range(worlds)]
        weights, tolerance = _weights(readings(level[-1] + noise[-1]), runs)
        low, _, high = weighted_quantiles(gain[:-1], weights)
        covered.append(low <= gain[-1] <= high)
        widths.append((high - low) / np.ptp(np.quantile(gain[:-1], [0.025, 0.975])))
        assert tolerance >= 1.0
    assert 0.89 <= np.mean(covered) <= 0.99
    assert np.mean(widths) < 0.75


def test_what_no_world_foretold_teaches_nothing() -> None:
    noise = np.random.default_rng(1).normal(0.0, 1.0, (40, 3))
    runs = [world(n, 40.0 + 0.5 * n, noise[n]) for n in range(40)]
    weights, tolerance = _weights(readings(np.full(3, 99.0)), runs)
    assert effective_worlds(weights) < 10.0
    assert tolerance > 1.0


def test_equal_weights_are_as_many_worlds_as_there_are() -> None:
    assert effective_worlds(np.full(20, 0.05)) == pytest.approx(20.0)
    assert effective_worlds(np.zeros(3)) == 0.0
    values = np.random.default_rng(3).normal(size=60)
    usual = draw_range(values)
    assert weighted_quantiles(values, np.ones(60)) == pytest.approx([usual.low, usual.estimate, usual.high])
    assert weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]), [0.5]) == [1.5]


def test_a_reading_narrows_by_what_it_tells_of_the_answer() -> None:
    rng = np.random.default_rng(2)
    x, weights = rng.normal(0.0, 1.0, 4000), np.full(4000, 1.0 / 4000)
    narrows, clear = _narrows(x + rng.normal(0.0, 1.0, 4000), x, 0.0, weights)
    assert narrows == pytest.approx(1.0 - np.sqrt(0.5), abs=0.03)  # half of the variance is known
    assert clear
    noisy, _ = _narrows(x, x, 1.0, weights)
    assert noisy == pytest.approx(1.0 - np.sqrt(0.5), abs=0.03)
    nothing, clear = _narrows(rng.normal(0.0, 1.0, 4000), x, 0.0, weights)
    assert nothing < 0.01
    assert not clear


FUTURE = f"{datetime.date.today().year + 1}-06"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param("agency,month,skill_rubric\nD99,12,50\n", "no agency of this scenario has the id 'D99'", id="who"),
        pytest.param("agency,month,skill_rubric\nD01,99,50\n", "this scenario has the months 1 to 84", id="month"),
        pytest.param("agency,month,skill_rubric\nD01,soon,50\n", "'soon' is not allowed", id="no-month"),
        pytest.param(f"agency,date,skill_rubric\nD01,{FUTURE},50\n", "is in the future", id="future"),
        pytest.param("agency,date,skill_rubric\nD01,2019-06,50\n", "is outside of this scenario", id="before"),
        pytest.param("agency,date,skill_rubric\nD01,June,50\n", "'June' is not a date", id="no-date"),
        pytest.param("agency,month,date,skill_rubric\nD01,12,2021-06,50\n", "not both", id="both"),
        pytest.param("agency,month,skill_rubrik\nD01,12,50\n", "did you mean skill_rubric?", id="column"),
    ],
)
def test_one_line_says_what_is_wrong_with_readings(rows: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "year1.csv"
    path.write_text(rows)
    scenario = as_scenario(
        "fourteen", timeline={"settling": 12, "assistance": 60, "follow_up": 24, "begins": "2020-07"}
    )
    table = build_agencies(scenario, resolve_values(scenario.parameters))
    with pytest.raises(InputError) as error:
        read_observed(path, scenario, table)
    assert len(error.value.problems) == 1
    assert said in str(error.value)


def test_a_date_is_a_month_and_a_missing_month_is_the_end_of_the_first_year(tmp_path: Path) -> None:
    scenario = as_scenario(
        "fourteen", timeline={"settling": 12, "assistance": 60, "follow_up": 24, "begins": "2020-07"}
    )
    table = build_agencies(scenario, resolve_values(scenario.parameters))
    path = tmp_path / "year1.csv"
    path.write_text("agency,date,skill_rubric\nD01,2020-07,50\nD01,2021-06-30,51\nD02,,52\n")
    found, _ = read_observed(path, scenario, table)
    assert list(found) == [1, 12]
    assert len(found[12].cells()) == 2


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, object]:
    """A small comparison against readings, as the command makes it."""
    folder = tmp_path_factory.mktemp("held")
    (folder / "year1.csv").write_text("agency,month,skill_rubric,culture_likert\nBIRCH,12,40,3.4\nMAPLE,12,45,\n")
    words = [
        "compare",
        "classroom",
        "--replications",
        "8",
        "--observed",
        str(folder / "year1.csv"),
        "--followed",
        "individual_focused",
    ]
    done = CliRunner().invoke(main, [*words, "--workers", "1", "--quick", "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    return folder / "out", done


def test_the_forecast_is_told_beside_what_was_read(held: tuple[Path, object]) -> None:
    folder, done = held
    text = done.output  # type: ignore[attr-defined]
    assert "of 3 readings of 2 agencies (month 12, under" in text
    assert "The forecast stays as it was" in text  # eight worlds are too few to learn from
    result = read_comparison(folder)
    assert list(result.observed["observed"]) == [40.0, 3.4, 45.0]
    assert (result.observed["foretold_low"] <= result.observed["foretold_high"]).all()
    assert result.updated["updated_gain"].isna().all()
    assert not result.updated["foretold_gain"].isna().any()
    assert "Forecast and fact" in render_report(result)


def test_a_folder_with_readings_is_enough_to_run_it_again(held: tuple[Path, object], tmp_path: Path) -> None:
    folder, _ = held
    record = read_json((folder / "provenance.json").read_text())
    asked = _asked(folder / "provenance.json", record)
    again = compare(**asked)
    pd.testing.assert_frame_equal(again.observed, read_comparison(folder).observed)
    assert not write_folder(again, tmp_path / "again")


def test_who_was_followed_must_be_said() -> None:
    row = [{"agency": "BIRCH", "skill_rubric": "40"}]
    with pytest.raises(InputError, match="say which plan was followed"):
        compare("classroom", observed=row)
    with pytest.raises(InputError, match="did you mean individual_focused"):
        compare("classroom", observed=row, followed="individual_focussed")
    with pytest.raises(InputError, match="goes with observed"):
        compare("classroom", followed="none")

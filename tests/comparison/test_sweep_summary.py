"""A finished study ends with its plans, over all points of its design."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.sweep_summary import StudyPlans
from capsim.report.several import render_study
from capsim.runs.study import study_from_mapping
from capsim.runs.sweep import sweep
from capsim.scenario import load_scenario

BY_HAND = [  # point, strategy, use in two replicates
    (0, "none", (0.1, 0.2)),
    (0, "first", (0.3, 0.4)),
    (0, "second", (0.2, 0.3)),
    (1, "none", (0.1, 0.1)),
    (1, "first", (0.2, 0.2)),
    (1, "second", (0.4, 0.6)),
]


def stored(rows: list[tuple[int, str, tuple[float, ...]]], names: tuple[str, ...]) -> SimpleNamespace:
    """What a store answers with, for one factor."""
    runs = pd.DataFrame(
        [
            (point, replicate, name, "done", 0.1 * (1 + point), use)
            for point, name, values in rows
            for replicate, use in enumerate(values)
        ],
        columns=["point", "replicate", "strategy", "status", "lea_annual_exit", "use_by_pupils_follow_up_end"],
    )
    connection = duckdb.connect()
    connection.register("runs", runs)
    scenario = load_scenario("classroom")
    scenario = scenario.model_copy(update={"question": scenario.question.model_copy(update={"weight": "pupils"})})
    study = SimpleNamespace(
        strategy_names=names, scenario=scenario, factors={"lea_annual_exit": (0.1, 0.2)}, assumptions="default"
    )
    return SimpleNamespace(study=study, runs=runs, query=lambda sql: connection.execute(sql).df())


def test_plans_are_ranked_by_how_far_they_are_behind_the_best() -> None:
    table = StudyPlans(stored(BY_HAND, ("none", "first", "second"))).over_points  # type: ignore[arg-type]
    assert list(table["strategy"]) == ["second", "first"]
    assert list(table["best_in"]) == [1, 1]
    assert list(table["points"]) == [2, 2]
    assert list(table["gain"]) == pytest.approx([0.25, 0.15])
    assert list(table["mean_regret"]) == pytest.approx([0.05, 0.15])
    assert list(table["largest_regret"]) == pytest.approx([0.1, 0.3])
    assert list(table["where"]) == ["lea_annual_exit 0.1", "lea_annual_exit 0.2"]


def test_replicates_in_which_a_run_failed_count_for_no_plan() -> None:
    results = stored(BY_HAND, ("none", "first", "second"))
    runs = results.runs
    runs.loc[(runs["point"] == 1) & (runs["replicate"] == 1) & (runs["strategy"] == "first"), "status"] = "failed"
    connection = duckdb.connect()
    connection.register("runs", results.runs)
    results.query = lambda sql: connection.execute(sql).df()
    table = StudyPlans(results).over_points.set_index("strategy")  # type: ignore[arg-type]
    assert table["highest_gain"]["second"] == pytest.approx(0.3)


def test_without_a_choice_of_plans_there_is_no_table() -> None:
    assert StudyPlans(stored(BY_HAND, ("none", "first"))).over_points.empty  # type: ignore[arg-type]
    assert StudyPlans(stored(BY_HAND, ("first", "second"))).over_points.empty  # type: ignore[arg-type]


def test_every_plan_is_judged_at_every_point_and_turned_orders_are_said() -> None:
    many = [(point, name, tuple(np.resize(values, 16))) for point, name, values in BY_HAND]
    results = stored(many, ("none", "first", "second"))
    plans = StudyPlans(results)  # type: ignore[arg-type]
    judged = plans.judged
    assert judged.table["strategy"].tolist() == ["first", "second", "second", "first"]
    assert judged.table["best_in"].tolist() == [16, 0, 16, 0]
    assert judged.table["ahead"].tolist() == ["first", "first", "second", "second"]
    assert judged.table["regret"].tolist() == pytest.approx([0.0, 0.1, 0.0, 0.3])
    (order,) = judged.orders.to_dict("records")
    assert (order["first_ahead"], order["second_ahead"], order["open"]) == (1, 1, 0)
    said = plans.answer()
    assert "“second” leaves most at 1 of 2 points" in said
    assert "The order turns: first is ahead of second at 1 point and behind it at 1." in said


def test_gains_are_shown_by_the_values_of_a_factor() -> None:
    table = StudyPlans(stored(BY_HAND, ("none", "first", "second"))).by_factor  # type: ignore[arg-type]
    assert table["value"].tolist() == ["0.1", "0.1", "0.2", "0.2"]
    assert table["gain"].tolist() == pytest.approx([0.2, 0.1, 0.1, 0.4])
    assert table["best_in"].tolist() == [1, 0, 0, 1]


def test_a_study_has_a_page_that_can_be_made_again(tmp_path: Path) -> None:
    asked = {"scenario": "classroom", "factors": {"lea_annual_exit": [0.05, 0.4]}, "replications": 2}
    names = ["none", "individual_focused", "organization_focused"]
    study = study_from_mapping({"kind": "sweep", "name": "Turnover", "strategies": names, **asked})
    results = sweep(study, out=tmp_path / "store")
    page = render_study(StudyPlans(results))
    assert StudyPlans(results).answer() in page
    for heading in ("What the factors change", "Point by point", "What was simulated and assumed", results.study_hash):
        assert heading in page
    assert page.count('class="sliding"') == 1
    done = CliRunner().invoke(main, ["report", str(tmp_path / "store"), "--out", str(tmp_path / "again.html")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page

"""A finished study ends with its plans, over all points of its design."""

from __future__ import annotations

from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from capsim.comparison.sweep_summary import plans_over_points
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
    study = SimpleNamespace(strategy_names=names, scenario=scenario, factors={"lea_annual_exit": (0.1, 0.2)})
    return SimpleNamespace(study=study, runs=runs, query=lambda sql: connection.execute(sql).df())


def test_plans_are_ranked_by_how_far_they_are_behind_the_best() -> None:
    table = plans_over_points(stored(BY_HAND, ("none", "first", "second")))  # type: ignore[arg-type]
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
    table = plans_over_points(results).set_index("strategy")  # type: ignore[arg-type]
    assert table["highest_gain"]["second"] == pytest.approx(0.3)


def test_without_a_choice_of_plans_there_is_no_table() -> None:
    assert plans_over_points(stored(BY_HAND, ("none", "first"))).empty  # type: ignore[arg-type]
    assert plans_over_points(stored(BY_HAND, ("first", "second"))).empty  # type: ignore[arg-type]

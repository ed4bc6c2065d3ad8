"""Plan, needs, evidence and instruments: arithmetic on made-up tables, and real ones whose parts must agree."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from capsim.comparison.assumptions import evidence_table, turning_value
from capsim.comparison.flow import asked_hours, capacity_table, chain_totals, plan_table, self_rated
from capsim.comparison.folder import read_comparison, write_folder
from capsim.comparison.instruments import ratings_table, readings_table, status_table
from capsim.parameters import resolve_values

FIRST, SECOND = "organization_focused", "individual_focused"


def labelled(strategy: str, replicate: int = 0, **columns: object) -> dict[str, object]:
    return {"run_id": "x", "strategy": strategy, "replicate": replicate, "assumptions": "default", **columns}


def test_plan_is_the_mean_of_worlds_in_hours_units_and_dollars(full):
    runs = full.runs[(full.runs["strategy"] == FIRST) & (full.runs["assumptions"] == "default")]
    hours = pd.DataFrame(
        [
            labelled(FIRST, 0, quarter=1, activity="training", activity_hours=60.0),
            labelled(FIRST, 0, quarter=2, activity="coaching", activity_hours=30.0),
            labelled(FIRST, 1, quarter=1, activity="training", activity_hours=12.0),
        ]
    )
    made_up = dataclasses.replace(full, hours=hours)
    plan = made_up.plan().set_index(["quarter", "activity"])
    values = resolve_values(full.scenario.parameters)
    trained = 72.0 / len(runs)
    assert plan.loc[(1, "training"), "hours"] == pytest.approx(trained)
    assert plan.loc[(1, "training"), "units"] == pytest.approx(trained / values["training_ta_hours"])
    price = trained * values["consultant_rate"] + trained / values["training_ta_hours"] * values["training_dollars"]
    assert plan.loc[(1, "training"), "dollars"] == pytest.approx(price)
    asked = asked_hours(made_up, made_up.plan())
    one = values["training_seats"] * values["training_recipient_hours"]
    assert asked.iloc[0] == pytest.approx(trained / values["training_ta_hours"] * one)


def test_plan_adds_up_to_hours_and_cost_of_the_runs(full):
    plan = plan_table(full)
    values = resolve_values(full.scenario.parameters)
    done = full.runs[(full.runs["assumptions"] == "default") & (full.runs["status"] == "done")]
    for strategy in (FIRST, SECOND):
        own, runs = plan[plan["strategy"] == strategy], done[done["strategy"] == strategy]
        assert own["hours"].sum() == pytest.approx(runs["ta_hours"].mean())
        money = runs["cost"] - runs["recipient_hours"] * values["staff_rate"]
        assert own["dollars"].sum() == pytest.approx(money.mean())
        assert own["quarter"].tolist() == sorted(own["quarter"])
    assert "none" not in set(plan["strategy"])


def test_plan_csv_and_what_was_provided_come_back(full, tmp_path):
    write_folder(full, tmp_path / "out")
    written = pd.read_csv(tmp_path / "out" / "plan.csv")
    plan = full.plan()
    assert list(written) == ["strategy", "quarter", "activity", "hours", "units", "dollars"]
    np.testing.assert_allclose(written["dollars"], plan["dollars"], atol=0.006)
    text = (tmp_path / "out" / "data_dictionary.md").read_text(encoding="utf-8")
    assert "## plan.csv" in text
    back = read_comparison(tmp_path / "out")
    for name in ("chain", "instruments", "hours"):
        pd.testing.assert_frame_equal(getattr(back, name), getattr(full, name), check_exact=True)
    pd.testing.assert_frame_equal(back.plan(), plan, check_exact=True)
    pd.testing.assert_frame_equal(back.capacities(), full.capacities(), check_exact=True)


def test_no_hours_no_plan(full, tmp_path):
    bare = dataclasses.replace(full, hours=pd.DataFrame(), chain=pd.DataFrame(), instruments=pd.DataFrame())
    assert bare.plan().empty
    assert chain_totals(bare).empty
    assert ratings_table(bare).empty
    assert readings_table(bare).empty
    assert status_table(bare).empty
    write_folder(bare, tmp_path / "out")
    assert not (tmp_path / "out" / "plan.csv").exists()


@pytest.mark.parametrize(("level", "said"), [(0.0, 1.45), (0.5, 3.45), (0.95, 5.0), (math.nan, math.nan)])
def test_self_ratings_are_lenient_and_end_at_five(level, said):
    assert self_rated(level, 0.45) == pytest.approx(said, nan_ok=True)


def test_capacities_are_existing_rated_desired_and_built(full):
    table = capacity_table(full).set_index(["group", "capacity", "strategy"])
    row = table.loc[("lea", "individual", FIRST)]
    monthly = full.monthly
    start = monthly[
        (monthly["strategy"] == "none")
        & (monthly["month"] == 1)
        & (monthly["level"] == "lea_by_pupils")
        & (monthly["assumptions"] == "default")
    ]["individual"].mean()
    leniency = resolve_values(full.scenario.parameters)["likert_leniency"]
    assert row["existing"] == pytest.approx(start)
    assert row["self_rated"] == pytest.approx(1.0 + 4.0 * start + leniency)
    assert row["desired"] == pytest.approx(5.0 - row["self_rated"])
    built = full.difference(FIRST, "none", outcome="individual_by_pupils_assistance_end").mean
    assert (row["built"], row["built_low"], row["built_high"]) == pytest.approx((built.estimate, built.low, built.high))
    groups = set(table.index.get_level_values("group"))
    assert {"sea", "lea"} <= groups
    assert "none" not in set(table.index.get_level_values("strategy"))
    without = dataclasses.replace(full, monthly=monthly[monthly["strategy"] != "none"])
    assert without.capacities().empty


def test_a_line_crosses_zero_where_it_should():
    x = np.array([0.0, 1.0, 2.0, 4.0])
    assert turning_value(x, 3.0 * (x - 1.5)) == pytest.approx((3.0, 1.5))
    assert all(math.isnan(value) for value in turning_value(np.ones(4), x))


def drawn(full, slope: float, zero: float, parameter: str):
    """A comparison in which one assumption alone decides the contrast."""
    n = 12
    x = np.linspace(0.0, 1.0, n)
    noise = np.random.default_rng(5).permutation(n) / n
    draws = pd.DataFrame({"replicate": range(n), parameter: x, "mover_share": noise})
    outcome = full.outcome
    rows = [
        {"strategy": name, "replicate": r, "assumptions": "drawn", "status": "done", outcome: value}
        for r in range(n)
        for name, value in ((FIRST, slope * (x[r] - zero)), (SECOND, 0.0))
    ]
    return dataclasses.replace(full, runs=pd.DataFrame(rows), draws=draws)


@pytest.mark.parametrize(("zero", "inside"), [(0.25, True), (0.9, False)])
def test_evidence_says_where_the_answer_would_turn(full, zero, inside):
    table = evidence_table(drawn(full, 2.0, zero, "lea_annual_exit"))
    first = table.iloc[0]
    assert (first["parameter"], first["correlation"], first["clear"]) == ("lea_annual_exit", pytest.approx(1.0), True)
    assert first["turns_at"] == pytest.approx(zero if inside else math.nan, nan_ok=True)


def test_what_neither_strategy_does_is_no_evidence(full):
    names = set(evidence_table(drawn(full, 2.0, 0.4, "webinar_knowledge"))["parameter"])
    assert names == {"mover_share"}
    assert "training_knowledge" in set(evidence_table(drawn(full, 2.0, 0.4, "training_knowledge"))["parameter"])


def test_hours_on_links_are_means_of_worlds(full):
    table = chain_totals(full).set_index(["strategy", "link"])
    done = full.runs[(full.runs["assumptions"] == "default") & (full.runs["status"] == "done")]
    for name in (FIRST, SECOND):
        own, runs = table.loc[name], done[done["strategy"] == name]
        assert own["received"].sum() == pytest.approx(runs["received_hours"].mean())
        assert own["used"].sum() == pytest.approx(runs["used_hours"].mean())
    assert (table["used"] <= table["received"]).all()
    assert (table["received"] <= table["delivered"]).all()


def test_ratings_stand_beside_gains(full):
    table = ratings_table(full).set_index("strategy")
    assert set(table.index) == {FIRST, SECOND}
    gain = full.difference(FIRST, "none", outcome="use_by_pupils_assistance_end").mean.estimate
    assert table.loc[FIRST, "gain_use"] == pytest.approx(gain)
    assert (table["level"] == "lea").all()
    assert table[["expert_rating", "client_rating", "satisfaction", "interest"]].stack().between(1.0, 5.0).all()


def test_readings_stand_beside_the_truth(full):
    months = full.scenario.timeline.assistance
    nothing = {
        "expert_rating": math.nan,
        "client_rating": math.nan,
        "satisfaction": math.nan,
        "interest": math.nan,
        "routine_reading": math.nan,
        "readiness_reading": math.nan,
    }
    truth = full.monthly[
        (full.monthly["strategy"] == FIRST)
        & (full.monthly["assumptions"] == "default")
        & (full.monthly["level"] == "lea")
        & (full.monthly["month"] <= months)
    ]
    rows = [
        labelled(
            FIRST,
            row["replicate"],
            month=row["month"],
            level="lea",
            **nothing,
            skill_reading=row["individual"] + 0.1,
            use_reading=row["use"],
            red=0.5,
            amber=0.3,
            green=0.2,
        )
        for row in truth.to_dict("records")
    ]
    made_up = dataclasses.replace(full, instruments=pd.DataFrame(rows))
    table = readings_table(made_up).set_index("reading")
    assert set(table.index) == {"skill_reading", "use_reading"}
    assert table.loc["skill_reading", "off"] == pytest.approx(0.1)
    assert table.loc["skill_reading", "read"] - table.loc["skill_reading", "true"] == pytest.approx(0.1)
    assert table.loc["use_reading", "off"] == pytest.approx(0.0)
    status = status_table(made_up)
    assert status["month"].tolist() == list(range(1, months + 1))
    np.testing.assert_allclose(status[["red", "amber", "green"]], [[0.5, 0.3, 0.2]] * months)
    assert ratings_table(made_up).empty

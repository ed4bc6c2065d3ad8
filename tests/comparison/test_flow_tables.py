"""Where hours are lost, who was served and who left, as tables, as a line of text, in a folder and on the page."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from capsim.catalogue.measures import STATUS, STEPS
from capsim.comparison.compare import compare, single_run
from capsim.comparison.flow import chain_totals, loss_sentence, waterfall, waterfall_by_region, who_left, who_was_served
from capsim.comparison.folder import read_comparison, write_folder
from capsim.report import write_report
from capsim.scenario import scenario_from_mapping

INSTRUMENT = {"name": "walk", "title": "Walk-through", "items": [{"reads": "use"}, {"reads": "received"}]}


@pytest.fixture(scope="module")
def scenario():
    late = {
        "name": "late",
        "activities": {"coaching": 0.5, "routine_redesign": 0.5},
        "targeting": "volunteers",
        "delivery": {"codesign": "both"},
    }
    return scenario_from_mapping(
        {
            "name": "flow",
            "agencies": {"source": "synthetic", "districts": 8, "regions": 2},
            "question": {"contrast": ["late", "network_teams"]},
            "timeline": {"settling": 6, "assistance": 18, "follow_up": 6},
            "assistance": {"budget_hours_per_year": 2000},
            "parameters": {"codesign_clarity_loss": 0.3, "planning_months": 6},
            "uncertainty": "none",
            "strategies": ["none", late, "network_teams"],
            "instruments": [INSTRUMENT],
            "replications": 2,
        }
    )


@pytest.fixture(scope="module")
def result(scenario):
    return compare(scenario, keep_agencies=True)


def test_the_waterfall_agrees_with_the_chain_level_by_level(result):
    flow = waterfall(result, "level", "channel")
    chain = chain_totals(result)
    for row in chain.to_dict("records"):
        giver, level = row["link"].split(" to ")
        own = flow[(flow["strategy"] == row["strategy"]) & (flow["level"] == level)]
        own = own[own["channel"] == ("direct" if giver == "center" else "passed_on")].iloc[0]
        assert own["offered"] == pytest.approx(row["delivered"])
        assert own["landed"] == pytest.approx(row["received"])
        assert own["used"] == pytest.approx(row["used"])


def test_agencies_sum_to_levels(result):
    """In a world that is no sample."""
    by_region = waterfall_by_region(result).groupby("strategy")[list(STEPS)].sum()
    whole = waterfall(result).set_index("strategy")[list(STEPS)]
    assert np.allclose(by_region.loc[whole.index], whole)
    served = who_was_served(result)
    assert served.groupby(["strategy", "level"])["share"].sum().to_numpy() == pytest.approx(1.0)
    agencies = result.reach_agencies
    assert set(agencies["served"]) <= set(STATUS)
    months = agencies[[f"months_{name}" for name in STATUS]].sum(axis=1)
    assert (months == 18).all()
    one = agencies[agencies["run_id"] == agencies["run_id"].iloc[0]]
    assert set(one["parent"]) - {""} <= set(one["agency"])


def test_leavers_are_the_exits_of_the_months(result):
    left = who_left(result, "level").groupby(["strategy", "level"])["leavers"].sum()
    exits = result.monthly[result.monthly["level"] == "esa"].groupby(["strategy", "replicate"])["exits"].sum()
    positions = 1.0
    for strategy in result.strategies:
        mean = exits.loc[strategy].mean()
        if mean > 0:
            positions = left[strategy, "esa"] / mean
            assert positions >= 1.0
    assert set(who_left(result)["help_had"]) >= {"none", "a_day"}
    none = who_left(result)
    assert not none[(none["strategy"] == "none") & (none["help_had"] != "none")]["holders"].any()
    assert (none["annual_exit"].dropna() >= 0).all()


def test_the_line_says_what_is_left_step_by_step(result):
    line = loss_sentence(result)
    assert line.startswith("Of 100 hours offered with late")
    numbers = dict(re.findall(r"(\w+) (\d+)", line.split(": ")[1]))
    own = waterfall(result).set_index("strategy").loc["late"]
    assert int(numbers["landed"]) == round(100 * own["landed"] / own["offered"])
    assert "clear" in numbers


def test_a_folder_holds_it_all_and_gives_it_back(result, tmp_path):
    write_folder(result, tmp_path / "out")
    back = read_comparison(tmp_path / "out")
    for name in ("flow", "reach", "reach_agencies", "leavers", "own_readings"):
        pd.testing.assert_frame_equal(getattr(back, name), getattr(result, name), check_dtype=False)
    written = pd.read_csv(tmp_path / "out" / "waterfall.csv")
    assert list(written.columns) == ["strategy", "level", "activity", "channel", *STEPS]
    described = (tmp_path / "out" / "data_dictionary.md").read_text(encoding="utf-8")
    for name in ("flow.parquet", "reach.parquet", "reach_agencies.parquet", "leavers.parquet", "own_readings.parquet"):
        assert f"## {name}" in described


def test_the_page_says_where_hours_are_lost_who_was_served_and_who_left(result, tmp_path):
    text = write_report(result, tmp_path / "report.html").read_text(encoding="utf-8")
    for anchor in ("flow", "reach", "leavers", "own-instruments"):
        assert f'id="{anchor}"' in text
    plain = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    assert "Limited clarity: “late” loses" in plain
    assert "Walk-through" in plain
    assert "By region" in plain


def test_a_single_run_keeps_every_agency_year_and_activity(scenario):
    run = single_run(scenario, "network_teams", keep_books=True)
    table = run.flow_agencies
    assert list(table.columns[4:8]) == ["year", "agency", "activity", "channel"]
    assert table["offered"].sum() == pytest.approx(run.flow["offered"].sum())
    assert set(table["channel"]) == {"direct", "passed_on"}
    assert single_run(scenario, "network_teams").flow.empty


def test_a_strategy_may_be_called_like_an_activity(result):
    called = {"late": "routine_redesign"}
    renamed = dataclasses.replace(
        result,
        strategies=tuple(called.get(name, name) for name in result.strategies),
        runs=result.runs.replace({"strategy": called}),
        flow=result.flow.replace({"strategy": called}),
    )
    found, usual = waterfall(renamed, "activity"), waterfall(result, "activity")
    assert found["activity"].nunique() > 1
    pd.testing.assert_frame_equal(found, usual.replace({"strategy": called}))

"""Results by region and by state, and questions about other agencies than all districts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import capsim
from capsim.catalogue import MEASURES
from capsim.errors import InputError
from capsim.levels import ESA, LEA
from capsim.measures.groups import GROUPS
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.runs.identity import NOT_PART_OF_A_RUN
from capsim.scenario import build_agencies, scenario_from_mapping, scenario_hash
from tests.building.test_structures import content

USE = list(MEASURES).index("use")


def asked(**question: Any) -> Any:
    given = content(merged={"merge": [{"agencies": ["SYN-ESA-001", "SYN-ESA-002"]}]})
    return scenario_from_mapping({**given, "question": {**given["question"], **question}})


@pytest.fixture(scope="module")
def compared() -> Any:
    return capsim.compare(asked(), replications=2, keep_agencies=True)


def test_every_region_and_the_state_have_a_row_of_every_structure(compared: Any) -> None:
    table = compared.by_region()
    assert set(table["strategy"]) == {"today", "merged"}
    today = table[table["strategy"] == "today"]
    assert list(today["level"]) == ["sea", *["esa"] * 4]
    assert today["districts"].tolist()[0] == 18 == today["districts"][1:].sum()
    assert today["pupils"].tolist()[0] == pytest.approx(today["pupils"][1:].sum())
    assert (today["pairs"] == 2).all()
    assert (today["low"] <= today["gain"]).all()
    assert list(table[table["strategy"] == "merged"]["region"]) == list(today["region"])  # the regions of today


def test_the_row_of_the_state_is_the_answer_and_hours_sum_to_those_of_the_run(compared: Any) -> None:
    for strategy in ("today", "merged"):
        own = compared.by_region()
        own = own[own["strategy"] == strategy]
        gain = compared.difference(strategy, "none").mean
        assert own["gain"].iloc[0] == pytest.approx(gain.estimate, abs=1e-12)
        assert own["low"].iloc[0] == pytest.approx(gain.low, abs=1e-12)
        hours = compared.runs[compared.runs["strategy"] == strategy]["ta_hours"].mean()
        assert own["region_hours"].iloc[0] == pytest.approx(hours)
        assert own["region_hours"][1:].sum() == pytest.approx(hours)


def test_a_region_is_the_mean_over_its_districts_by_pupils(compared: Any) -> None:
    table = build_agencies(compared.scenario, resolve_values())
    inside = (table.level == LEA) & (table.id[table.parent] == "SYN-ESA-003")
    runs = compared.agencies.query(
        "strategy == 'today' and replicate == 0 and assumptions == 'default' and month == 24"
    )
    use = runs.set_index("agency")["use"].loc[table.id[inside]]
    row = compared.regions.query("strategy == 'today' and replicate == 0 and month == 24 and region == 'SYN-ESA-003'")
    assert row["use"].iloc[0] == pytest.approx(np.average(use, weights=table.enrollment[inside]), abs=1e-14)


def test_a_folder_keeps_regions_and_gives_them_back(compared: Any, tmp_path: Any) -> None:
    from capsim.comparison.folder import read_comparison, write_folder

    write_folder(compared, tmp_path / "out")
    assert read_comparison(tmp_path / "out").by_region().equals(compared.by_region())
    assert "region_hours" in (tmp_path / "out" / "data_dictionary.md").read_text()
    assert (tmp_path / "out" / "regions.csv").read_text().startswith("strategy,region,name,level,districts")


@pytest.mark.parametrize(
    ("question", "members"),
    [
        ({"level": "regions"}, lambda t: t.level == ESA),
        ({"level": "state"}, lambda t: t.level == 1),
        ({"region": "Region 3"}, lambda t: (t.level == LEA) & (t.id[t.parent] == "SYN-ESA-003")),
        ({"level": "regions", "region": "SYN-ESA-003"}, lambda t: t.id == "SYN-ESA-003"),
        ({"state": "SYN"}, lambda t: t.level == LEA),
    ],
    ids=["regions", "state", "one region by name", "one region by its id", "one state"],
)
def test_a_question_may_be_about_other_agencies(question: dict[str, str], members: Any) -> None:
    scenario = asked(**question, weight="positions")
    run = run_block(Block(scenario, ("today",), 0, keep_agencies=True)).runs[0]
    table = build_agencies(scenario, resolve_values())
    rows = np.flatnonzero(members(table))
    expected = np.average(run.by_organization[24][USE, rows], weights=table.positions[rows])
    assert run.outcomes["use_by_positions_follow_up_end"] == pytest.approx(expected, abs=1e-14)
    usual = run_block(Block(asked(), ("today",), 0)).runs[0]
    assert np.array_equal(run.monthly[:, : len(GROUPS)], usual.monthly, equal_nan=True)
    plain = scenario_hash(asked(), leave_out=NOT_PART_OF_A_RUN)
    assert scenario_hash(scenario, leave_out=NOT_PART_OF_A_RUN) != plain
    assert scenario_hash(asked(weight="districts"), leave_out=NOT_PART_OF_A_RUN) == plain


def test_an_answer_says_whom_it_is_about_and_lasting_is_of_them() -> None:
    result = capsim.compare(asked(level="regions"), ["today", "merged"], replications=2, contrast=("merged", "today"))
    assert "mean over pupils of regional agencies" in result.answer()
    assert not result.retention().empty
    assert set(result.monthly["level"]) >= {"asked", "asked_by_pupils"}


def test_regions_and_states_that_there_are_not_are_said_with_the_nearest() -> None:
    with pytest.raises(InputError) as raised:
        asked(region="Regoin 3", state="SYM", level="region")
    assert "question.level: 'region' is not allowed" in str(raised.value)
    with pytest.raises(InputError) as raised:
        asked(region="Regoin 3", state="SYM")
    text = str(raised.value)
    assert "question.region: no regional agency 'Regoin 3'" in text
    assert "did you mean Region 3?" in text
    assert "question.state: no agencies of 'SYM'; allowed: SYN" in text


def test_structures_are_ranked_with_intervals_costs_and_measured_reasons(compared: Any) -> None:
    ranked = compared.recommendations(against="today")
    assert list(ranked["strategy"]) == ["merged"]
    row = ranked.iloc[0]
    found = compared.difference("merged", "today").mean
    assert (row["difference"], row["low"], row["high"]) == (found.estimate, found.low, found.high)
    assert row["positions"] == 0.0 == row["structure_dollars"]
    runs = compared.runs.groupby("strategy")["turnkey_hours"].mean()
    assert row["turnkey_hours"] == pytest.approx(runs["merged"] - runs["today"])
    assert ("hours passed on" in row["reason"]) == (abs(row["turnkey_hours"]) >= 1.0)
    assert "most in Region " in row["reason"]
    both = compared.recommendations(against="none")
    assert both["rank"].tolist() == [1, 2]
    assert both["difference"].is_monotonic_decreasing
    with pytest.raises(InputError, match="did you mean today"):
        compared.recommendations(against="todya")


def test_the_report_and_the_terminal_show_regions_and_ranked_structures(compared: Any, tmp_path: Any) -> None:
    from capsim.cli.comparison_text import comparison_text
    from capsim.report import write_report

    page = write_report(compared, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Region by region, state by state" in page
    assert "Region 3 (SYN-ESA-003)" in page
    assert "Structures of regional agencies, ranked" in page
    text = comparison_text(compared, short=False, details=True)
    assert "By region and state, gain over none" in text
    assert "SYN-ESA-003 Region 3" in text
    assert "Structures of regional agencies, ranked against none" in text

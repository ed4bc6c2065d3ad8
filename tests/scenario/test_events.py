"""Events of a scenario: what may be said, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capsim import InputError
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping
from capsim.scenario.events import first_month
from tests.scenario.good import GOOD


def with_events(events: Any, **timeline: Any) -> Scenario:
    keys = load_scenario("classroom").resolved()
    return scenario_from_mapping({**keys, "events": events, "timeline": {**keys["timeline"], **timeline}})


def test_a_scenario_without_events_says_nothing_of_them() -> None:
    assert "events" not in load_scenario("classroom").resolved()
    assert "begins" not in load_scenario("classroom").resolved()["timeline"]


def test_a_date_counts_from_the_beginning() -> None:
    scenario = with_events([{"kind": "leader_leaves", "date": "2020-03"}], begins="2019-07")
    assert first_month(scenario.events[0], scenario.timeline.begins) == 8
    assert scenario_from_mapping(scenario.resolved()) == scenario


def test_usual_sizes_are_filled_in() -> None:
    scenario = with_events([{"kind": "pandemic", "month": 2, "exits": 2}])
    assert (scenario.events[0].exits, scenario.events[0].months, scenario.events[0].help) == (2.0, 12, "online")
    assert scenario.events[0].cut is None


def test_every_fault_is_reported_at_once_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        GOOD + "focal_areas: [equity, data_use]\ntimeline: {assistance: 24, follow_up: 12}\nevents:\n"
        "  - {kind: pandemc, month: 3}\n"
        "  - {kind: pandemic, month: 40, shift: 0.2}\n"
        "  - {kind: new_policy, month: 3, area: equty}\n"
        "  - {kind: budget_cut, date: 2020-03, levels: [leas]}\n"
        "  - {kind: leader_leaves, month: 2, agency: [x]}\n"
    )
    with pytest.raises(InputError) as refused:
        load_scenario(file)
    text = str(refused.value)
    for words in (
        "bad.yaml:11: events[0].kind: unknown kind of event 'pandemc'; allowed: leader_leaves",
        "did you mean pandemic?",
        "bad.yaml:12: events[1].shift: is no key of pandemic",
        "bad.yaml:12: events[1].month: 40 is outside the run; it has the months 1 to 36",
        "bad.yaml:13: events[2].area: 'equty' is not a focal area",
        "bad.yaml:14: events[3].date: a date needs a calendar: write timeline.begins",
        "bad.yaml:14: events[3].levels[0]: unknown level 'leas'",
        "bad.yaml:15: events[4].agency: unknown key",
        "did you mean agencies?",
    ):
        assert words in text, words


def test_who_is_not_there_is_named_with_line_and_nearest_beside_other_faults(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    text = GOOD.replace("[OH]}", "[OH], regional: [support_teams], sample: 5}").replace(
        "none]}", "none], region: oh-sst-7}"
    )
    file.write_text(
        text + "parameters: {lea_anual_exit: .2}\nevents:\n"
        "  - {kind: leader_leaves, month: 1, agencies: [Ohio state education agncy, 7]}\n"
        "  - {kind: pandemic, month: 1, states: [NY]}\n"
        "  - {kind: pandemic, month: 1, levels: [school]}\n"
        "  - {kind: pandemic, month: 1, levels: [leas]}\n"
    )
    with pytest.raises(InputError) as refused:
        load_scenario(file)
    for line, words in zip(
        refused.value.problems,
        (
            "3: question.region: no regional agency 'oh-sst-7'; allowed: an id or name of the 16",
            "8: parameters.lea_anual_exit: unknown parameter; did you mean lea_annual_exit?",
            "10: events[0].agencies[0]: no such agency in this world",
            "10: events[0].agencies[1]: no such agency in this world",
            "11: events[1].states[0]: no agency of NY in this world; there are OH",
            "12: events[2]: is about no agency of this world",
            "13: events[3].levels[0]: unknown level 'leas'",
        ),
        strict=True,
    ):
        assert f"bad.yaml:{words}" in line
    assert "did you mean Ohio state education agency?" in str(refused.value)
    assert "did you mean OH-SST-07?" in str(refused.value)


def test_a_faulty_table_is_told_beside_a_faulty_file(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "id,name,state,level,enrollment,parent\nA,State,XX,sea,,\nB,Birch,XX,lea,many,A\n"
    )
    (tmp_path / "bad.yaml").write_text(GOOD.replace("us_2023_24, states: [OH]", "own.csv") + "sead: 3\n")
    with pytest.raises(InputError) as refused:
        load_scenario(tmp_path / "bad.yaml")
    assert [line.partition(": ")[0].split("/")[-1] for line in refused.value.problems] == ["bad.yaml:8", "own.csv:3"]


def test_a_leader_cannot_leave_where_nobody_does() -> None:
    keys = load_scenario("classroom").resolved()
    with pytest.raises(InputError, match="needs the process turnover"):
        scenario_from_mapping(
            {**keys, "month": {"off": ["turnover"]}, "events": [{"kind": "leader_leaves", "month": 1}]}
        )


def test_the_shipped_example_passes() -> None:
    assert len(load_scenario("pandemic").events) == 2

"""Events of a scenario: what may be said, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capsim import InputError
from capsim.scenario import Scenario, check_file, check_scenario, load_scenario, scenario_from_mapping
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


def test_unknown_agencies_and_states_are_named_with_the_nearest() -> None:
    events = [
        {"kind": "leader_leaves", "month": 1, "agencies": ["MAPPLE", "BIRCH"]},
        {"kind": "pandemic", "month": 1, "states": ["Exampel"]},
        {"kind": "pandemic", "month": 1, "levels": ["school"]},
    ]
    scenario = with_events(events)
    with pytest.raises(InputError) as refused:
        check_scenario(scenario)
    text = str(refused.value)
    assert "events[0].agencies[0]: no such agency in this world" in text
    assert "did you mean MAPLE?" in text
    assert "events[1].states[0]: no agency of Exampel" in text
    assert "events[2]: is about no agency of this world" in text


def test_a_leader_cannot_leave_where_nobody_does() -> None:
    keys = load_scenario("classroom").resolved()
    with pytest.raises(InputError, match="needs the process turnover"):
        scenario_from_mapping(
            {**keys, "month": {"off": ["turnover"]}, "events": [{"kind": "leader_leaves", "month": 1}]}
        )


def test_the_shipped_example_passes() -> None:
    assert len(check_file("pandemic").events) == 2

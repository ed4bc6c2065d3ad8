"""The report: tools that travelled, what recipients wanted, what happened meanwhile; nothing where nothing did."""

from __future__ import annotations

from capsim import compare
from capsim.report.page import render_report
from capsim.scenario import load_scenario, scenario_from_mapping

KEYS = {
    "timeline": {"settling": 12, "assistance": 18, "follow_up": 6},
    "strategies": ["none", "working_groups", "co_designed"],
    "question": {"contrast": ["working_groups", "co_designed"]},
    "uncertainty": "none",
    "replications": 2,
}


def page(**changes: object) -> str:
    keys = load_scenario("two_states").resolved()
    keys["agencies"]["sample"] = 8
    return render_report(compare(scenario_from_mapping({**keys, **KEYS, **changes})))


def test_sections_are_there_where_something_happened() -> None:
    events = [{"kind": "pandemic", "month": 4, "levels": ["lea"]}]
    text = page(parameters={"tool_rate": 0.1, "codesign_wish": 0.5}, events=events)
    for words in ("Tools that travelled", "Who took what from whom", "What recipients wanted, and got"):
        assert words in text, words
    assert "Dotted lines with a number are events. 1: Pandemic, month 4, for 12 months (" in text


def test_and_are_not_where_nothing_did() -> None:
    text = page(parameters={"tool_rate": 0.0, "codesign_wish": 0.0})
    for words in ("Tools that travelled", "What recipients wanted, and got", "Dotted lines with a number"):
        assert words not in text, words

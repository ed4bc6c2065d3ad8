"""Everyday words for sliders: there for whatever somebody would move, short, plain, and none twice."""

from __future__ import annotations

import json
import re

import pytest

import capsim
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.rules import RULE_LABELS, RULES
from capsim.parameters import PARAMETERS

JARGON = re.compile(
    r"hazard|codif|ceiling|slope|exponent|elastic|logarithm|\bsd\b|\brate\b|kappa|\bn0\b|_|\bLEA\b|\bSEA\b|\bESA\b"
)
LABELLED = [one for one in PARAMETERS.values() if one.label]


def test_everything_is_plain_data() -> None:
    found = capsim.declared()
    assert json.loads(json.dumps(found)) == found
    assert [one["name"] for one in found["parameters"]] == list(PARAMETERS)
    assert [one["name"] for one in found["rules"]] == list(RULES)


def test_rules_and_units_of_activities_have_labels() -> None:
    assert {name: set(labels) for name, labels in RULE_LABELS.items()} == {
        name: {"", *rule.variants} for name, rule in RULES.items()
    }
    for what in ("ta_hours", "recipient_hours", "seats", "dollars", "knowledge", "transfer", "routine", "ceiling"):
        activity = "routine_redesign" if what == "routine" else "coaching"
        assert PARAMETERS[f"{activity}_{what}"].label.startswith(f"{ACTIVITIES[activity].title}: ")


def test_each_is_short_and_its_own() -> None:
    labels = [one.label for one in LABELLED]
    assert len(set(labels)) == len(labels)
    for label in [*labels, *(label for labels in RULE_LABELS.values() for label in labels.values())]:
        assert 4 < len(label) <= 72, label
        assert label[0].isupper(), label
        assert not label.endswith("."), label
        assert not JARGON.search(label), label


def test_a_slider_has_somewhere_to_go() -> None:
    for one in LABELLED:
        assert one.low < one.high, one.name


@pytest.mark.parametrize("group", ["turnover and hiring", "learning and routines", "support", "implementation"])
def test_what_people_argue_about_has_a_label(group: str) -> None:
    members = [one for one in PARAMETERS.values() if one.group == group]
    assert any(one.label for one in members)


def test_every_yearly_rate_of_exits_has_a_label() -> None:
    exits = [one for one in PARAMETERS.values() if one.name.endswith("_annual_exit")]
    assert len(exits) >= 8
    assert all(one.label for one in exits)


def test_shares_are_shown_in_percent() -> None:
    shown = {one["name"]: one["shown"] for one in capsim.declared()["parameters"]}
    assert shown["lea_annual_exit"] == {"factor": 100, "unit": "%"}
    assert shown["experience_rate"] == {"factor": 100, "unit": "% a month"}
    assert shown["months_to_fill"] == {"factor": 1, "unit": "months"}
    assert shown["consultant_rate"] == {"factor": 1, "unit": "$ an hour"}

"""The tables agree with each other: activities with their parameters, strategies with the parts they name."""

import pickle
import re
from dataclasses import FrozenInstanceError
from math import fsum

import pytest

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CHANNELS,
    CODESIGN_PHASES,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
    TIERS,
    Recipe,
)
from capsim.errors import InputError
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import PARAMETERS

UNIT = ("ta_hours", "recipient_hours", "seats", "prerequisite", "dollars")
NO_AREA = {
    "referral",
    "own_instrument",
    "codesign",
    "data_system_support",
    "goal_setting",
    "joint_call",
    "needs_assessment",
    "readiness_screening",
    "resource_alignment",
    "role_redesign",
    "site_visit",
    "sustainability_review",
}
READINGS = {
    "needs_assessment": "rubric",
    "performance_management": "stocktake",
    "readiness_screening": "screening",
    "site_visit": "expert",
    "sustainability_review": "sustainability",
}


def needed(activity):
    """Parameters of an activity."""
    effects = [channel for channel in activity.channels if channel != "skill"]
    skill = ["knowledge", "transfer", "ceiling"] if "skill" in activity.channels else []
    pace = ["every_months"] if activity.yields else []
    return {f"{activity.name}_{what}" for what in (*UNIT, *effects, *skill, *pace)}


def mixes(strategy):
    """Every mix of activities of a strategy."""
    return [mix for mix in (strategy.activities, strategy.exit_activities, *strategy.methods) if mix]


def test_every_parameter_of_an_activity_is_declared_and_no_other():
    declared = {one.name for one in PARAMETERS.values() if one.group == "activities"}
    assert set().union(*map(needed, ACTIVITIES.values())) == declared


@pytest.mark.parametrize("name", ACTIVITIES)
def test_activity(name):
    one = ACTIVITIES[name]
    assert one.name == name
    assert one.tier in TIERS
    assert set(one.channels) <= set(CHANNELS)
    assert len(set(one.channels)) == len(one.channels)
    assert one.channels or one.yields or name == "own_instrument"
    assert one.builds in {"people", "organization", "network", "information"}
    assert one.by_area == (name not in NO_AREA)
    assert one.yields == READINGS.get(name, "")
    assert one.meaning.endswith(".")
    assert one.source


def test_every_channel_is_used():
    assert set().union(*(one.channels for one in ACTIVITIES.values())) == set(CHANNELS)


def test_an_effect_of_an_activity_is_at_most_the_whole_gap():
    for one in PARAMETERS.values():
        if one.group == "activities" and one.unit.startswith("share"):
            assert 0 < one.low < one.default < one.high <= 1


@pytest.mark.parametrize("name", STRATEGIES)
def test_strategy(name):
    one = STRATEGIES[name]
    assert one.name == name
    for mix in mixes(one):
        assert set(mix) <= set(ACTIVITIES)
        assert min(mix.values()) > 0
        assert fsum(mix.values()) == pytest.approx(1, abs=1e-12)
    aims = [one.targeting] if isinstance(one.targeting, str) else list(one.targeting.values())
    assert set(aims) <= set(TARGETINGS)
    assert isinstance(one.targeting, str) or set(one.targeting) <= set(TIERS) - {"universal"}
    assert set(one.recipients) <= set(AGENCY_LEVELS)
    assert isinstance(one.recipients, tuple) or fsum(one.recipients.values()) == pytest.approx(1)
    assert one.schedule in SCHEDULES
    assert one.codesign in CODESIGN_PHASES
    assert one.chain in CHAINS
    assert one.meaning.endswith(".")
    assert one.source


def test_a_strategy_that_follows_readings_buys_them():
    needs = {
        "need": "rubric",
        "lowest_first": "rubric",
        "readiness": "screening",
        "weakest_link": "stocktake",
        "need_and_readiness": "rubric",
        "relevance": "rubric",
        "need_and_relevance": "rubric",
    }
    for one in STRATEGIES.values():
        aims = [one.targeting] if isinstance(one.targeting, str) else one.targeting.values()
        bought = {ACTIVITIES[name].yields for mix in mixes(one) for name in mix}
        assert {needs[aim] for aim in aims if aim in needs} <= bought
        assert not one.target_capacities or "rubric" in bought


def test_every_activity_is_in_a_strategy_but_those_that_scenarios_ask_for():
    used = {name for one in STRATEGIES.values() for mix in mixes(one) for name in mix}
    assert set(ACTIVITIES) - used == {"codesign", "referral", "own_instrument"}


def test_tables_cannot_change():
    with pytest.raises(TypeError):
        STRATEGIES["x"] = STRATEGIES["none"]
    with pytest.raises(FrozenInstanceError):
        STRATEGIES["none"].schedule = "taper"
    with pytest.raises(FrozenInstanceError):
        ACTIVITIES["coaching"].tier = "universal"


def test_compositions_can_be_sent_to_other_processes():
    for one in STRATEGIES.values():
        assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"activities": {"choaching": 1.0}}, "strategy mine: activity 'choaching' is unknown; did you mean coaching?"),
        ({"exit_activities": {"nothing": 1.0}}, "activity 'nothing' is unknown"),
        ({"methods": ({"coachin": 1.0},)}, "activity 'coachin' is unknown; did you mean coaching?"),
        ({"targeting": {"targeted": "needs"}}, "targeting 'needs' is unknown; did you mean need?"),
        ({"recipients": ("leas",)}, "level 'leas' is unknown; did you mean lea?"),
        ({"schedule": "tapered"}, "schedule 'tapered' is unknown; did you mean taper?"),
        ({"chain": None}, "chain None is unknown"),
    ],
)
def test_a_recipe_names_only_what_there_is(parts, said):
    with pytest.raises(InputError, match=re.escape(said)):
        Recipe(**{"name": "mine", "activities": {"coaching": 1.0}, **parts})

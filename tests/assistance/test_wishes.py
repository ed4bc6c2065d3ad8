"""Wishes: what recipients say they want, how co-design follows it, and how soon they are answered."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from capsim import CapacityModel
from capsim.assistance.wishes import Wishes
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping

MIX = {"coaching": 0.6, "routine_redesign": 0.4}


def scenario() -> Scenario:
    keys = load_scenario("two_states").resolved()
    keys["agencies"] |= {"sample": 12, "states": ["OH"], "regional": ["support_teams"]}
    keys["timeline"] = {"settling": 24, "assistance": 30, "follow_up": 12}
    keys["strategies"] = ["none"] + [
        {"name": f"{phase} design", "activities": MIX, "delivery": {"codesign": phase, "focal_areas": 2}}
        for phase in ("none", "planning", "both")
    ]
    keys |= {"uncertainty": "none", "replications": 2, "question": {"contrast": ["planning design", "none"]}}
    return scenario_from_mapping(keys)


@cache
def model(phase: str, wish: float, familiarity: float = 0.5) -> CapacityModel:
    numbers = {"codesign_wish": wish, "wish_familiarity": familiarity, "codesign_clarity_loss": 0.2}
    return CapacityModel(scenario(), strategy=f"{phase} design", seed=2, parameters=numbers).run()


def wishes(*how: Any) -> Wishes:
    found = model(*how)._run.program.wishes
    assert found is not None
    return found


def test_at_zero_there_are_none() -> None:
    assert model("both", 0.0)._run.program.wishes is None


def test_without_codesign_they_are_asked_and_move_nothing() -> None:
    assert model("none", 1.0).history.equals(model("none", 0.0).history)
    assert wishes("none", 1.0, 0.0).asked.sum() > 0
    assert wishes("none", 1.0, 0.0).answered.sum() < wishes("planning", 1.0, 0.0).answered.sum()


def test_who_wants_what_is_lacking_gets_more_for_the_organization() -> None:
    lacking, known = wishes("planning", 1.0, 0.0), wishes("planning", 1.0, 1.0)
    here = ~np.isnan(lacking.given)
    assert (lacking.first[here] > known.first[here]).mean() > 0.9
    assert lacking.given[here].mean() > 0.45 > 0.4 > known.given[here].mean()


def test_the_hours_of_an_agency_stay_the_same() -> None:
    for familiarity in (0.0, 1.0):
        moved, usual = model("both", 1.0, familiarity).ledger, model("both", 0.0).ledger
        assert moved.by_organization == pytest.approx(usual.by_organization)
        assert moved.by_activity["codesign"] == pytest.approx(usual.by_activity["codesign"])
        assert moved.by_activity["coaching"] != pytest.approx(usual.by_activity["coaching"], rel=0.02)


@pytest.mark.parametrize("familiarity", [0.0, 1.0])
def test_the_dial_can_matter(familiarity: float) -> None:
    """The further co-design follows wishes, the further use in districts ends from what the own mix leaves."""
    ends = [model("planning", wish, familiarity).measure("use") for wish in (0.0, 0.5, 1.0)]
    assert abs(ends[2] - ends[0]) > abs(ends[1] - ends[0]) > 1e-5


def test_keeping_an_agreement_up_to_date_answers_more_and_costs_clarity() -> None:
    once, always = wishes("planning", 1.0, 0.0).answers, wishes("both", 1.0, 0.0).answers
    assert always.answered >= once.answered > 0
    assert 0.0 <= always.months <= 12.0
    assert model("both", 1.0).ledger.received < model("planning", 1.0).ledger.received


def test_a_run_goes_on_with_its_wishes() -> None:
    numbers = {"codesign_wish": 1.0, "wish_familiarity": 0.5, "codesign_clarity_loss": 0.2}
    part = CapacityModel(scenario(), strategy="both design", seed=2, parameters=numbers)
    for _ in range(14):
        part.step()
    assert CapacityModel.restore(part.snapshot()).run().history.equals(model("both", 1.0).history)

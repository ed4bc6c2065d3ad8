"""Dated events: each does what it says, to whom it says, and touches the luck of nobody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from capsim import CapacityModel
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping

ALONE = {
    "liaison_chance": 0.0,
    "spread_rate": 0.0,
    "plan_parent_rate": 0.0,
    "boundary_discount": 0.0,
    "mover_share": 0.0,
    "initial_ties": 0,
}
"""Numbers under which no agency learns anything from another."""


def happening(*events: Mapping[str, Any], **changes: Any) -> Scenario:
    keys = load_scenario("classroom").resolved()
    keys["timeline"] = {"settling": 12, "assistance": 18, "follow_up": 12}
    return scenario_from_mapping({**keys, "events": list(events), **changes})


def run(scenario: Scenario, months: int = 30, strategy: str = "none", **parameters: float) -> CapacityModel:
    model = CapacityModel(scenario, strategy=strategy, seed=3, parameters={**ALONE, **parameters})
    for _ in range(months):
        model.step()
    return model


def rows(model: CapacityModel, name: str) -> slice:
    layout = model.world.layout
    j = layout.ids.index(name)
    return slice(int(layout.first[j]), int(layout.first[j + 1]))


PANDEMIC = {"kind": "pandemic", "month": 4, "months": 12, "agencies": ["BIRCH"], "exits": 3.0, "disuse": 0.5}


def test_at_strength_zero_nothing_happens() -> None:
    for strategy in ("none", "organization_focused"):
        with_it = run(happening(PANDEMIC), strategy=strategy, event_strength=0.0).history
        without = run(happening(), strategy=strategy).history
        assert with_it.equals(without)


def test_agencies_beside_an_event_meet_the_same_luck() -> None:
    with_it, without = run(happening(PANDEMIC)), run(happening())
    here, there = with_it.world.layout.ids.index("BIRCH"), rows(with_it, "MAPLE")
    assert (with_it.world.routine[here] < without.world.routine[here]).all()
    for name in ("skill", "tenure", "priority", "vacant_months"):
        assert np.array_equal(getattr(with_it.world, name)[there], getattr(without.world, name)[there]), name


def test_a_leader_leaves_in_its_month_and_nobody_else() -> None:
    event = {"kind": "leader_leaves", "month": 5, "agencies": ["Maple City district"]}
    calm = {"lea_annual_exit": 0.0, "superintendent_annual_exit": 0.0, "sea_annual_exit": 0.0}
    model = run(happening(event), months=4, **calm, sea_chief_annual_exit=0.0)
    before = model.world.person.copy()
    model.step()
    gone = np.flatnonzero((before >= 0) & (model.world.person == -1))
    assert gone.tolist() == [rows(model, "MAPLE").start]
    assert model.world.leader_left.sum() == 1
    assert model.world.exits.sum() == 1
    model.step()
    assert model.world.exits.sum() == 0


@pytest.mark.parametrize("strength", [0.5, 1.0])
def test_unused_routines_wear_out_by_the_declared_rate(strength: float) -> None:
    keys = happening(PANDEMIC, month={"off": ["codification", "turnover", "consultation"]})
    model = run(keys, event_strength=strength)
    other = run(keys, event_strength=0.0)
    j = model.world.layout.ids.index("BIRCH")
    lost = 0.5 * strength * (1 - model.values["unenacted_annual_retention"] ** (1 / 12))
    assert model.world.routine[j] == pytest.approx(other.world.routine[j] * (1 - lost) ** 12, rel=1e-12)


def test_committed_time_rises_stays_and_is_given_back() -> None:
    event = {"kind": "new_policy", "month": 3, "months": 6, "area": "equity", "committed": 0.1}
    model, seen = run(happening(event), months=1, reporting_hours=0.0), []
    usual = model.world.committed.copy()
    for _ in range(9):
        model.step()
        seen.append(model.world.committed - usual)
    kept = 1 - model.values["committed_return_rate"]
    agencies = slice(0, model.world.layout.agencies)
    assert np.array(seen)[0, agencies] == pytest.approx(0.0)
    assert np.array(seen)[1:7, agencies] == pytest.approx(0.1 * kept)
    assert np.array(seen)[7:, agencies] == pytest.approx(0.0)


def test_a_policy_moves_plans_and_resources_lag_behind() -> None:
    event = {"kind": "new_policy", "month": 3, "area": "data_use", "shift": 0.5, "states": ["Example"]}
    before, model = run(happening(event), months=2), run(happening(event), months=3)
    assert (model.world.plan[:3, 2] > before.world.plan[:3, 2] + 0.2).all()
    assert (model.world.resource_alignment[:3] < before.world.resource_alignment[:3]).all()


def test_a_budget_cut_leaves_positions_unfilled_and_funding_recovers() -> None:
    event = {"kind": "budget_cut", "month": 2, "months": 6, "cut": 0.4, "levels": ["lea"]}
    during, after = run(happening(event), months=6), run(happening(event), months=30)
    assert during.world.funding[1:3] == pytest.approx(0.6, abs=0.05)
    assert (after.world.funding[1:3] > during.world.funding[1:3] + 0.1).all()


def test_help_online_lands_less_and_stopped_help_is_not_spent() -> None:
    spent, built = {}, {}
    for form in ("usual", "online", "stopped"):
        event = {**PANDEMIC, "exits": 1.0, "disuse": 0.0, "committed": 0.0, "help": form}
        model = run(happening(event), months=15, strategy="organization_focused")
        here = model.world.layout.ids.index("BIRCH")
        spent[form], built[form] = model.ledger.sampled[here], model.world.routine[here].mean()
    assert spent["online"] == spent["usual"]
    assert spent["stopped"] < 0.5 * spent["usual"]
    assert built["usual"] > built["online"] > built["stopped"]


def test_a_run_goes_on_from_the_middle_of_an_event() -> None:
    whole = run(happening(PANDEMIC), strategy="organization_focused")
    part = run(happening(PANDEMIC), months=9, strategy="organization_focused")
    resumed = CapacityModel.restore(part.snapshot()).run()
    assert resumed.history.equals(whole.run().history)

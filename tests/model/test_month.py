"""Processes of the user's own: replace, add, remove, as column functions and for single persons."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from capsim import MONTH, CapacityModel, Draws, InputError, PluginError, Process, Staff
from capsim.engine.run import column_processes


def experience(staff: Staff) -> None:
    """The shipped rule of experience in its simplest forms, for one person."""
    values, organization = staff.model.values, staff.organization
    free = 1.0 - staff.recipient_hours / values["work_hours_per_month"]
    free = max(0.0, free - (values["compliance_share"] if organization.level == "sea" else 0.0))
    priority, u, skill = staff.priority, staff.attention, staff.skill
    ceiling = values["expertise_floor"] + values["expertise_gain"] * priority / (priority + 0.25)
    learning = values["experience_rate"] * free * u * np.maximum(0.0, ceiling - skill)
    staff.skill = skill + learning - values["disuse_rate"] * (1.0 - u) * skill


def test_a_rule_for_one_person_is_a_process() -> None:
    month = MONTH.replace("experience", experience)
    assert month.names == MONTH.names
    rules = {"expertise": "fixed", "disuse": "attention"}
    alike = {"expertise_agency_sd": 0.0, "expertise_area_sd": 0.0, "support_weight": 0.0}
    by_person = CapacityModel(seed=1, strategy="blended", month=month, rules=rules, parameters=alike).run()
    by_column = CapacityModel(seed=1, strategy="blended", rules=rules, parameters=alike).run()
    pd.testing.assert_frame_equal(by_person.history, by_column.history, rtol=1e-12, atol=1e-12)


def test_rules_see_what_earlier_persons_wrote_in_the_order_of_positions() -> None:
    seen: list[tuple[int, float]] = []

    def relay(staff: Staff) -> None:
        first = staff.organization.staff[0]
        seen.append((staff.position, first.engagement))
        first.engagement = 0.123

    model = CapacityModel(seed=1, month=MONTH.after("climate", relay))
    seen.clear()
    model.step()
    positions = [position for position, _ in seen]
    center = model.world.layout.center[0]  # whose experts come later in the month
    assert positions == np.flatnonzero(model.staff["person"][:center] >= 0).tolist()
    by_agency = model.staff["organization"][positions]
    for agency in range(3):
        values = [engagement for (_, engagement), j in zip(seen, by_agency, strict=True) if j == agency]
        assert values[0] != 0.123
        assert set(values[1:]) == {0.123}


def test_rules_reach_the_experts_of_an_open_center_who_are_themselves_again_the_next_month() -> None:
    seen: list[tuple[int, float]] = []

    def tire(staff: Staff) -> None:
        if staff.organization.level == "center":
            seen.append((staff.model.month, staff.engagement))
            staff.engagement = 0.01

    model = CapacityModel(seed=1, month=MONTH.after("climate", tire)).run()
    newcomers, center = model.values["newcomer_engagement"], model.world.layout.center
    assert {month for month, _ in seen} == set(range(1, 25))  # they go in the month after the last of assistance
    open_model = CapacityModel(seed=1, month=MONTH.after("climate", tire))
    for _ in range(6):
        open_model.step()
        assert (open_model.staff["engagement"][slice(*center)] == newcomers).all()


def test_draws_of_a_rule_are_keyed_by_position_month_and_name() -> None:
    def collect(strategy: str, name: str) -> dict[tuple[int, int], float]:
        drawn: dict[tuple[int, int], float] = {}

        def rule(staff: Staff) -> None:
            drawn[staff.model.month, staff.position] = staff.draw
            assert staff.draw == staff.draw

        rule.__name__ = name
        model = CapacityModel(seed=1, strategy=strategy, month=MONTH.before("climate", rule))
        drawn.clear()
        model.run()
        return drawn

    one, same, other = collect("none", "gossip"), collect("blended", "gossip"), collect("none", "rumour")
    common = set(one) & set(same)
    assert len(common) > 1000
    assert all(one[key] == same[key] for key in common)
    assert len(set(one.values())) == len(one)
    assert 0.45 < np.mean(list(one.values())) < 0.55
    assert not set(one.values()) & set(other.values())
    with pytest.raises(InputError, match="only inside a rule"):
        _ = CapacityModel(seed=1, month=MONTH.before("climate", lambda staff: None)).staff_in_order()[0].draw


def test_column_processes_replace_and_add() -> None:
    def praise(world, numbers, values):
        world.engagement[world.person >= 0] = 0.5 + 0.5 * numbers.position[world.person >= 0, 0]

    process = Process(name="praise", reads=("person",), writes=("engagement",), draws=Draws(position=1), apply=praise)
    model = CapacityModel(seed=1, month=MONTH.after("climate", process))
    model.step()
    agencies = np.arange(len(model.staff["person"])) < model.world.layout.center[0]
    engagement = model.staff["engagement"][agencies & (model.staff["person"] >= 0)]
    assert engagement.min() >= 0.5
    assert len(set(engagement.tolist())) == len(engagement)
    replaced = CapacityModel(seed=1, month=MONTH.replace("climate", process)).run()
    culture = replaced.organizations["culture"]
    other = CapacityModel(seed=1, month=MONTH.without("climate").before("assistance", process)).run()
    np.testing.assert_array_equal(culture, other.organizations["culture"])


def test_processes_can_be_left_out() -> None:
    history = CapacityModel(seed=1, month=MONTH.without("turnover", "environment")).run().history
    assert (history["exits"].dropna() == 0).all()
    assert not math.isclose(history["exits"].sum(), CapacityModel(seed=1).run().history["exits"].sum())


def test_without_the_assistance_nothing_is_spent() -> None:
    model = CapacityModel(seed=1, strategy="blended", month=MONTH.without("assistance")).run()
    assert model.ledger.spent == 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: MONTH.replace("experiense", experience), "no process 'experiense'.*did you mean experience"),
        (lambda: MONTH.without("exprience"), "did you mean experience?"),
        (lambda: MONTH.after("climate", experience), "two processes are named 'exper"),
        (lambda: MONTH.replace("climate", 3), "must be a capsim.Process or a function of one person, got 3"),
        (lambda: MONTH.replace("assistance", experience), "write a capsim.Strategy instead"),
        (lambda: column_processes(MONTH.replace("experience", experience)), "only capsim.CapacityModel"),
    ],
)
def test_wrong_months_are_explained(change, message: str) -> None:
    with pytest.raises(InputError, match=message):
        change()


def test_a_rule_that_fails_names_itself_and_the_person() -> None:
    def broken(staff: Staff) -> None:
        staff.skill = staff.skill * float("nan")

    message = "rule 'broken' failed for person 0 in month 0: InputError: person 0: skill"
    with pytest.raises(PluginError, match=message):
        CapacityModel(seed=1, month=MONTH.before("turnover", broken))

"""The TA center among Mesa's agents: an organization that stands always, with staff only while assistance lasts."""

from __future__ import annotations

import pytest

from capsim import CapacityModel, Organization, Staff, StaleHandleError
from capsim.world.invariants import broken_invariants


def in_the_center(model: CapacityModel) -> list[Staff]:
    return [person for person in model.staff_in_order() if person.organization.level == "center"]


@pytest.mark.parametrize("strategy", ["none", "clearinghouse"])
def test_experts_are_staff_of_the_center_while_it_is_open(strategy: str) -> None:
    model = CapacityModel("classroom", seed=1, strategy=strategy)
    center = model.agents_by_type[Organization][-1]
    assert (center.level, center.name, center.agency_id) == ("center", "TA center", "TA-CENTER")
    assert (center.parent, center.children, center.positions) == (None, (), 10)
    experts: list[Staff] = []
    for month in range(1, 49):
        model.step()
        now = in_the_center(model)
        assert tuple(now) == center.staff
        assert center in model.agents
        if month == 1:
            experts = now
            assert [person.unique_id for person in experts] == sorted(person.unique_id for person in experts)
            assert [person.role for person in experts] == ["leader"] + ["specialist"] * 9
        assert now == (experts if month <= 24 else [])
        assert center.holders == len(now)
        for number, expert in enumerate(now):
            assert expert.tenure == month - 1
            assert expert.skill[number % 3] == model.values["center_expert_skill"]
            assert expert.contacts == ()
            assert not expert.liaison
    assert not any(expert in model.agents for expert in experts)
    with pytest.raises(StaleHandleError, match=r"has left.* \(TA center\) is vacant"):
        _ = experts[0].skill


def test_who_was_brought_together_with_an_expert_has_the_expert_as_a_contact_until_the_center_closes() -> None:
    model = CapacityModel("classroom", seed=1, strategy="clearinghouse", expert_consultation_expert_ties=0.9)
    for _ in range(24):
        model.step()
    knowing = [person for person in model.staff_in_order() if set(person.contacts) & set(in_the_center(model))]
    assert knowing
    model.step()
    center = model.organization_at(3)
    assert not any(contact.organization is center for person in model.staff_in_order() for contact in person.contacts)
    assert not broken_invariants(model.world)


def test_a_world_without_a_center() -> None:
    model = CapacityModel("classroom", seed=1, strategy="blended", center_experts=0).run()
    assert [agency.level for agency in model.agents_by_type[Organization]] == ["sea", "lea", "lea"]
    assert len(model.staff["person"]) == model.world.layout.center[0] == 47

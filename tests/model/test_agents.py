"""Staff and organizations as Mesa agents: sync on access, AgentSet verbs, writes, leavers."""

from __future__ import annotations

import gc
import weakref

import mesa
import numpy as np
import pandas as pd
import pytest

from capsim import CapacityModel, InputError, Organization, Staff, StaleHandleError
from capsim.model.columns import ORGANIZATION_KINDS, STAFF_KINDS
from capsim.world.invariants import broken_invariants


@pytest.fixture
def model() -> CapacityModel:
    return CapacityModel("classroom", seed=1)


def first_leaver(model: CapacityModel) -> tuple[Staff, list[Staff]]:
    """Step until somebody leaves for good; that handle, and those of everybody at the time."""
    kept = model.staff_in_order()
    while all(handle.is_here for handle in kept):
        model.step()
    return next(handle for handle in kept if not handle.is_here), kept


def test_no_agent_is_made_unless_somebody_asks(model: CapacityModel) -> None:
    model.run()
    _ = model.history, model.datacollector, model.staff["skill"], model.snapshot(), model.network
    assert len(model.registered_agents) == 0
    assert len(model.agents) > 0


def test_agents_are_staff_and_organizations_in_the_order_of_rows(model: CapacityModel) -> None:
    for _ in range(24):
        model.step()
        agents = list(model.agents)
        assert [agent.unique_id for agent in agents[:4]] == [-1, -2, -3, -4]
        held = np.flatnonzero(model.staff["person"] >= 0)
        assert [agent.position for agent in agents[4:]] == held.tolist()
        assert [agent.unique_id for agent in agents[4:]] == model.staff["person"][held].tolist()
    assert model.agent_types == CapacityModel().agent_types == [Organization, Staff]
    assert set(CapacityModel().agents_by_type) == {Organization, Staff}
    assert set(model.agents_by_type) == {Organization, Staff}
    assert len(model.agents_by_type[Staff]) == len(held)
    assert all(isinstance(agent, mesa.Agent) for agent in agents)


def test_select_agg_and_groupby(model: CapacityModel) -> None:
    staff = model.agents_by_type[Staff]
    skill = model.staff["skill"][model.staff["person"] >= 0]
    assert staff.agg("skill", np.mean) == pytest.approx(skill.mean())
    assert len(model.agents.select(agent_type=Staff)) == len(staff)
    leaders = staff.select(lambda person: person.role == "leader")
    assert len(leaders) == int((model.staff["role"][model.staff["person"] >= 0] == 0).sum())
    by_agency = staff.groupby("organization").agg("engagement", np.mean)
    for organization, engagement in by_agency.items():
        rows = model.staff["organization"] == organization.row
        held = rows & (model.staff["person"] >= 0)
        assert engagement == pytest.approx(model.staff["engagement"][held].mean())
    assert set(staff.groupby("role").count()) == {"leader", "manager", "specialist"}
    assert staff.get("tenure") == model.staff["tenure"][model.staff["person"] >= 0].tolist()


def test_do_and_shuffle_do_reach_the_engine(model: CapacityModel) -> None:
    staff = model.agents_by_type[Staff]
    staff.do(lambda person: setattr(person, "engagement", 0.25))
    held = model.staff["person"] >= 0
    assert (model.staff["engagement"][held] == 0.25).all()
    order: list[int] = []
    staff.shuffle_do(lambda person: order.append(person.unique_id))
    assert sorted(order) == sorted(model.staff["person"][held].tolist())
    assert order != sorted(order)
    staff.set("engagement", 0.5)
    assert (model.staff["engagement"][held] == 0.5).all()


def test_looking_changes_nothing() -> None:
    def order_after(looks: bool) -> tuple[list[int], pd.DataFrame]:
        model, order = CapacityModel(seed=3), []
        while model.running:
            model.step()
            if looks:
                model.agents.agg("unique_id", max)
        model.agents.shuffle_do(lambda agent: order.append(agent.unique_id))
        return order, model.history

    (looked, seen), (unlooked, unseen) = order_after(True), order_after(False)
    assert looked == unlooked
    pd.testing.assert_frame_equal(seen, unseen)


def test_attributes_are_the_columns(model: CapacityModel) -> None:
    for person in model.staff_in_order():
        row = person.position
        for name in (*STAFF_KINDS, "attention", "unit", "liaison"):
            np.testing.assert_array_equal(getattr(person, name), getattr_row(model.staff, name, row))
        assert person.organization.row == model.staff["organization"][row]
        assert person in person.organization.staff
        ties = model.world.tie_to[row]
        assert [contact.position for contact in person.contacts] == ties[ties >= 0].tolist()
    for agency in model.agents_by_type[Organization]:
        for name in (*ORGANIZATION_KINDS, "enrollment", "sparse"):
            np.testing.assert_array_equal(getattr(agency, name), getattr_row(model.organizations, name, agency.row))
        assert agency.holders == len(agency.staff) <= agency.positions
        assert all(child.parent is agency for child in agency.children)


def getattr_row(columns, name: str, row: int):
    return columns[name][row] if name in columns else getattr(columns.world.layout, name)[row]


def test_writes_reach_the_engine_and_matter(model: CapacityModel) -> None:
    untouched = CapacityModel(seed=1)
    person, agency = model.staff_in_order()[3], model.organization_at(1)
    person.skill = [0.1, 0.2, 0.3]
    person.skill[1] = 0.9
    person.skill["data_use"] += 0.2
    row = person.skill
    row *= 0.5
    np.testing.assert_allclose(model.staff["skill"][person.position], [0.05, 0.45, 0.25])
    np.testing.assert_allclose(row, [0.05, 0.45, 0.25])
    person.skill += 0.1
    np.testing.assert_allclose(person.skill, [0.15, 0.55, 0.35])
    person.priority = [0.2, 0.3, 0.5]
    person.tenure = 7
    agency.routine = 0.8
    agency.culture = 0.9
    assert (model.organizations["routine"][1] == 0.8).all()
    assert model.staff["tenure"][person.position] == 7
    assert not broken_invariants(model.world)
    model.step()
    untouched.step()
    assert model.measure("organizational_skills") > untouched.measure("organizational_skills") + 0.05


def test_values_read_are_values_of_then(model: CapacityModel) -> None:
    person = model.staff_in_order()[0]
    before = person.skill
    kept = before.copy()
    person.skill = 0.5
    np.testing.assert_array_equal(before, kept)
    before["equity"] = 0.4
    np.testing.assert_array_equal(person.skill, [0.4, 0.5, 0.5])
    assert type(person.skill + 1.0) is np.ndarray
    assert isinstance(person.skill.mean(), float)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("skill", [0.1, float("nan"), 0.2], "skill must be in [0, 1], got 0.1, nan, 0.2"),
        ("skill", -0.1, "skill must be in [0, 1], got -0.1"),
        ("skill", [0.5, 0.5], "skill has shape (3,), got (2,)"),
        ("skill", "much", "skill must be numbers, got 'much'"),
        ("priority", [0.5, 0.5, 0.5], "priority must sum to 1 over the areas; got 0.5, 0.5, 0.5, with"),
        ("priority", [1.5, -0.5, 0.0], "priority must be in [0, 1]"),
        ("engagement", float("inf"), "engagement must be in [0, 1], got inf"),
        ("engagement", [0.1, 0.2], "engagement has shape (), got (2,)"),
        ("tenure", -1, "tenure must be whole months"),
        ("tenure", 1.5, "tenure must be whole months"),
    ],
)
def test_what_cannot_be_is_refused(model: CapacityModel, name: str, value: object, message: str) -> None:
    person = model.staff_in_order()[2]
    before = {column: model.staff[column].copy() for column in model.staff}
    with pytest.raises(InputError) as error:
        setattr(person, name, value)
    assert str(error.value).startswith(f"person {person.unique_id}: {message}")
    for column, values in before.items():
        np.testing.assert_array_equal(model.staff[column], values)


def test_elements_and_in_place_arithmetic_are_checked_too(model: CapacityModel) -> None:
    person = model.staff_in_order()[2]
    before = person.skill.copy()
    with pytest.raises(InputError, match="skill must be in"):
        person.skill[0] = 2.0
    with pytest.raises(InputError, match="skill must be in"):
        person.skill += 2.0
    with pytest.raises(InputError, match=r"no focal area 'equty'; there are .*did you mean equity"):
        person.skill["equty"] = 0.5
    with pytest.raises(InputError, match="culture must be in"):
        model.organization_at(0).culture = 1.1
    np.testing.assert_array_equal(person.skill, before)


def test_ties_can_be_changed(model: CapacityModel) -> None:
    first, second = model.staff_in_order()[:2]
    for contact in first.contacts:
        first.disconnect(contact)
    assert first.contacts == ()
    first.connect(second, 0.75)
    assert first.contacts == (second,)
    assert first.strength_of(second) == 0.75
    assert not broken_invariants(model.world)
    with pytest.raises(InputError, match="a tie to oneself"):
        first.connect(first)
    with pytest.raises(InputError, match="strength must be in"):
        first.connect(second, 0.0)
    others = [person for person in model.staff_in_order() if person not in (first, second)]
    for contact in others[:7]:
        first.connect(contact)
    with pytest.raises(InputError, match="has 8 ties already"):
        first.connect(others[7])
    first.connect(second, 0.25)
    assert first.strength_of(second) == 0.25


def test_a_handle_whose_person_left_says_so(model: CapacityModel) -> None:
    handle, everybody = first_leaver(model)
    message = f"person {handle.unique_id} has left: in month {model.month} "
    for use in (lambda: handle.skill, lambda: setattr(handle, "skill", 0.5), lambda: handle.organization):
        with pytest.raises(StaleHandleError, match=message):
            use()
    assert handle not in model.agents
    others = [person for person in everybody if person.is_here]
    assert all(person in model.agents for person in others)
    assert handle.unique_id not in {agent.unique_id for agent in model.agents}


def test_one_handle_per_person_also_after_a_move() -> None:
    model = CapacityModel("classroom", seed=2, mover_share=0.95, lea_annual_exit=0.6, months_to_fill=2)
    seen: dict[int, tuple[Staff, int]] = {}
    moved = 0
    while model.running:
        model.step()
        for person in model.staff_in_order():
            handle, position = seen.setdefault(person.unique_id, (person, person.position))
            assert handle is person
            moved += position != person.position
    assert moved > 0
    away = [handle for handle, _ in seen.values() if not handle.is_here]
    assert away
    assert len(model.agents) == 4 + int((model.staff["person"] >= 0).sum())


def test_a_kept_handle_follows_a_mover_whoever_looks() -> None:
    model = CapacityModel("classroom", seed=2, mover_share=0.95, lea_annual_exit=0.6, months_to_fill=2)
    kept = {person: person.position for person in model.staff_in_order()}
    moved = 0
    while model.running:
        model.step()
        for person, position in kept.items():
            if person.is_here:
                assert model.staff["person"][person.position] == person.unique_id
                moved += person.position != position
    assert moved > 0


def test_a_vacant_position_has_no_holder(model: CapacityModel) -> None:
    while (model.staff["person"][: model.world.layout.center[0]] >= 0).all():
        model.step()
    vacant = int(np.flatnonzero(model.staff["person"] < 0)[0])
    with pytest.raises(InputError, match=f"position {vacant} is vacant"):
        model.staff_at(vacant)


def test_neither_people_nor_agencies_are_removed_by_hand(model: CapacityModel) -> None:
    with pytest.raises(InputError, match="people leave in the process turnover"):
        model.staff_in_order()[0].remove()
    with pytest.raises(InputError, match="cannot be removed"):
        model.organization_at(0).remove()


def test_agents_of_the_users_own_live_beside_ours(model: CapacityModel) -> None:
    class Observer(mesa.Agent):
        """Counts."""

    watcher = Observer(model)
    model.run()
    assert list(model.agents)[-1] is watcher
    assert len(model.agents_by_type[Observer]) == 1
    watcher.remove()
    assert watcher not in model.agents


def test_two_models_do_not_share_agents() -> None:
    first, second = CapacityModel(seed=1), CapacityModel(seed=1)
    first.agents.select(agent_type=Staff).set("engagement", 0.0)
    assert second.agents_by_type[Staff].agg("engagement", min) > 0.0
    assert all(agent.model is second for agent in second.agents)


def test_nothing_keeps_a_model_alive() -> None:
    alive = []
    for seed in range(3):
        model = CapacityModel(seed=seed, model_reporters={"heads": lambda m: len(m.agents)})
        model.step()
        model.agents_by_type[Staff].do(lambda person: person.skill + person.engagement)
        alive += [weakref.ref(model), weakref.ref(model.agents[0]), weakref.ref(model.world.skill)]
        del model
    gc.collect()
    assert [reference() for reference in alive] == [None] * len(alive)


def test_leavers_are_forgotten(model: CapacityModel) -> None:
    while model.running:
        model.step()
        _ = model.agents
    gc.collect()
    handles = [thing for thing in gc.get_objects() if type(thing) is Staff and thing.model is model]
    assert len(handles) == len(model.agents_by_type[Staff])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("engagment", r"person \d+: no attribute 'engagment'; .*did you mean engagement\?"),
        ("mood", r"person \d+: no attribute 'mood'; .*a name of your own must begin with _"),
        ("role", "role may only be read"),
        ("organization", "organization may only be read"),
    ],
)
def test_attributes_that_nobody_reads_cannot_be_written(model: CapacityModel, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        model.agents_by_type[Staff].do(lambda person: setattr(person, name, 0.9))
    with pytest.raises(InputError, match=message):
        model.agents_by_type[Staff].set(name, 0.9)
    person = model.staff_in_order()[0]
    person._mood = 3
    assert model.staff_in_order()[0]._mood == 3


def test_somebody_can_be_let_go(model: CapacityModel) -> None:
    leader, other = model.organization_at(1).staff[0], model.organization_at(1).staff[1]
    asking = next(one for one in model.staff_in_order() if leader in one.contacts)
    model.vacate(leader)
    model.vacate(np.int64(other.unique_id))
    assert not leader.is_here
    assert not other.is_here
    assert leader not in model.agents
    assert leader.unique_id not in [contact.unique_id for contact in asking.contacts]
    assert not broken_invariants(model.world)
    assert model.organizations["leader_exit_age"][1] == 0
    for wrong in (leader.unique_id, 10**6, -1, "Ann", None, model.organization_at(0)):
        with pytest.raises(InputError):
            model.vacate(wrong)
    with pytest.raises(StaleHandleError):
        model.vacate(leader)
    model.run()
    assert not leader.is_here


def test_experts_are_not_let_go() -> None:
    model = CapacityModel(seed=1, strategy="blended")
    model.step()
    with pytest.raises(InputError, match="experts of the TA center"):
        model.vacate(model.organization_at(3).staff[0])

"""The TA center: there from the first month of assistance to the last, the same under every strategy, then gone."""

import numpy as np
import pytest

from capsim.parameters import resolve_values
from capsim.world.invariants import broken_invariants
from capsim.world.slots import vacate
from tests.assistance.program_bench import CENTER, VALUES, Wish, assist, changed, delivery, idle, new_world, program_for

from .agencies import CHAIN
from .settled import MONTHS, busy_world, history, simulation
from .strategies import ALL, fresh

OF_EXPERTS = (
    "person",
    "skill",
    "disposition",
    "priority",
    "engagement",
    "tie_to",
    "tie_strength",
    "consulted",
    "recipient_hours",
)
"""Columns that stay as they are while the center is open."""


def experts(world):
    return slice(*world.layout.center)


def test_experts_are_what_they_are():
    values = resolve_values({"center_experts": 5, "center_expert_skill": 0.9, "center_other_skill": 0.3})
    world = new_world(values)
    next_person = int(world.next_person[0])
    assert (world.person[experts(world)] == -1).all()
    assist(world, program_for(world, Wish([]), values=values), values=values)
    own = experts(world)
    assert world.person[own].tolist() == list(range(next_person, next_person + 5))
    assert world.next_person[0] == next_person + 5
    skill = np.full((5, 3), 0.3)
    skill[range(5), [0, 1, 2, 0, 1]] = 0.9
    assert np.array_equal(world.skill[own], skill)
    assert np.array_equal(world.priority[own], np.full((5, 3), 1 / 3))
    assert np.array_equal(world.disposition[own], np.full((5, 3), 1 / 3))
    assert (world.engagement[own] == values["newcomer_engagement"]).all()
    assert (world.tie_to[own] == -1).all()
    assert not world.tenure[own].any()
    assert not world.vacant_months[own].any()


@pytest.mark.parametrize("count", [1, 5, 40])
def test_the_center_is_an_organization_of_its_own(count):
    """One unit with a leader, outside the labour market, above nobody, and not among the agencies."""
    layout = new_world(resolve_values({"center_experts": count})).layout
    start, end = layout.center
    assert (layout.n_organizations - layout.agencies, end - start) == (1, count)
    assert layout.level[-1] == CENTER
    assert (layout.level[:-1] != CENTER).all()
    assert layout.role[start:].tolist() == [0] + [2] * (count - 1)
    assert len(set(layout.unit[start:].tolist())) == 1
    assert (layout.labour_group[start:] == -1).all()
    assert not layout.hazard[start:].any()
    assert not layout.liaison[start:].any()
    assert layout.parent[-1] == -1
    assert layout.agencies not in layout.parent
    assert layout.ids[-1] == "TA-CENTER"


@pytest.mark.parametrize("months", [0, 1, 5])
def test_open_from_the_first_month_to_the_last(months):
    world = new_world()
    program = program_for(world, Wish([]), months=months)
    for month in range(8):
        assist(world, program)
        assert (world.person[experts(world)] >= 0).all() == (month < months)
        assert (world.person[experts(world)] >= 0).any() == (month < months)


@pytest.mark.parametrize("name", ALL)
def test_experts_stay_the_same_under_every_strategy(name):
    """Whatever the month does to people, and the same persons as without assistance; and then they are gone."""
    start, end = busy_world()[0].layout.center
    first = history(name).months[0]
    for month, (world, none) in enumerate(zip(history(name).months, history("none").months, strict=True)):
        for column in OF_EXPERTS:
            now = getattr(world, column)[start:end]
            assert np.array_equal(now, getattr(none, column)[start:end]), column
            if month < MONTHS:
                assert np.array_equal(now, getattr(first, column)[start:end]), column
        known = (world.tie_to >= start) & (world.tie_to < end)
        if month >= MONTHS or name == "none":
            assert not known.any()
        assert (world.person[start:end] >= 0).all() == (month < MONTHS)
        assert world.broken == []


def test_some_do_know_experts_while_the_center_is_open():
    """Or the test above would say little."""
    start = busy_world()[0].layout.center[0]
    for name in ("clearinghouse", "trusted_advisor"):
        assert (history(name).months[MONTHS - 1].tie_to >= start).sum() > 3


def test_ties_to_experts_vanish_at_the_sunset():
    """And nothing else does: other ties, and what was consulted, stay."""
    world = new_world()
    program = program_for(world, Wish([]), months=2)
    for _ in range(2):
        assist(world, program)
    first = experts(world).start
    world.tie_to[0, :3], world.tie_strength[0, :3], world.consulted[0] = [first, 7, first + 2], [0.3, 0.4, 0.5], 2
    world.tie_to[1, :2], world.tie_strength[1, :2], world.consulted[1] = [first + 1, 7], [0.3, 0.4], 1
    before = world.copy()
    assist(world, program)
    assert world.tie_to[0, :3].tolist() == [-1, 7, -1]
    assert world.tie_strength[0, :3].tolist() == [0.0, 0.4, 0.0]
    assert world.tie_to[1, :2].tolist() == [-1, 7]
    assert world.consulted[:2].tolist() == [-1, 1]
    assert np.array_equal(world.tie_to[2:first], before.tie_to[2:first])
    for column in OF_EXPERTS[1:5]:
        assert not getattr(world, column)[experts(world)].any()
    assert broken_invariants(world) == []
    closed = world.copy()
    assist(world, program)
    assert changed(closed, world) == set()


def test_a_center_that_nobody_turns_to_changes_nothing():
    """Without assistance a run is the same with five experts and with none."""
    runs = [simulation(fresh("none", VALUES), experts=experts) for experts in (5.0, 0.0)]
    for run in runs:
        while run.world.month < run.months:
            run.advance()
    first, second = (run.world for run in runs)
    P, O = second.layout.n_positions, second.layout.n_organizations
    assert O == second.layout.agencies == first.layout.agencies
    assert np.array_equal(runs[0].recorder.monthly, runs[1].recorder.monthly, equal_nan=True)
    for name, column in second.columns():
        if name not in {"person", "next_person"} and not name.startswith("pool."):
            other = dict(first.columns())[name]
            assert np.array_equal(column, other[:P] if len(column) == P else other[:O] if len(column) == O else other)


@pytest.mark.parametrize("activity", ["expert_consultation", "coaching"])
def test_a_world_without_a_center(activity):
    values = resolve_values({"center_experts": 0, "expert_consultation_expert_ties": 9.0})
    world = new_world(values, agencies=CHAIN)
    before = idle(world, values=values)
    program = program_for(world, Wish([delivery(activity, 30.0)]), values=values, months=2)
    assist(world, program, values=values)
    assert np.array_equal(world.tie_to, before.tie_to)
    assert world.skill.max() > before.skill.min()
    for _ in range(2):
        assist(world, program, values=values)
    assert broken_invariants(world) == []


def test_the_center_receives_nothing():
    """Its row is no recipient; strategies see its level, and the hours are the agencies' alone."""
    world = new_world()
    program = program_for(world, Wish([delivery(organizations=range(5), cascade=np.ones(6))]))
    assist(world, program)
    assert world.ta_hours[-1] == program.ledger.by_organization[-1] == 0.0
    assert not world.recipient_hours[experts(world)].any()
    vacate(world, *world.layout.center)  # an empty center is as good
    assist(world, program)
    assert world.ta_hours[-1] == 0.0

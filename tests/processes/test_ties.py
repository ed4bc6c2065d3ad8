"""Ties, by hand: strength, lapse, and every way in which a tie forms."""

import numpy as np
import pytest

from capsim.processes.ties import TIES
from capsim.world.slots import add_tie, slot_of

from .people import contacts, free_slots, people, run, tie, vacate, values_with

STILL = {"tie_use_gain": 0.0, "tie_fade": 0.0, "proposal_chance": 0.0, "liaison_chance": 0.0}
LAPSE = {"tie_annual_survival": 0.95**12, "strength_lapse_slope": 1.0, "returned_lapse_factor": 0.5}  # .05
FORM = {
    "tie_use_gain": 0.0,
    "tie_fade": 0.0,
    "tie_annual_survival": 1.0,
    "proposal_chance": 0.5,
    "liaison_chance": 0.2,
    "proposal_closure": 0.4,
    "proposal_unit": 0.3,
    "proposal_expert": 0.2,
    "reciprocation": 0.5,
    "newcomer_tie_strength": 0.3,
}
CLOSURE, UNIT, EXPERT, AGENCY, NONE = 0.1, 0.25, 0.4, 0.46, 0.51
"""Second numbers of who is no liaison, for each kind of proposal."""


def test_slots():
    to, strength = np.full((3, 8), -1, np.int32), np.zeros((3, 8))
    assert add_tie(0, 1, 0.4, to, strength)
    assert not add_tie(0, 1, 0.9, to, strength)  # exists
    assert not add_tie(0, 0, 0.9, to, strength)  # oneself
    to[0, 1:] = 2
    assert not add_tie(0, 2, 0.4, to, strength)
    assert slot_of(0, 2, to) == 1
    to[0, 5] = -1
    assert add_tie(0, 7, 0.6, to, strength)  # the free slot in between
    assert (slot_of(0, 7, to), slot_of(0, 9, to), strength[0, 5], strength[0, 0]) == (5, -1, 0.6, 0.4)
    assert not add_tie(0, 8, 0.6, to, strength)  # full


def test_used_ties_strengthen_and_others_fade():
    world = people(3)
    tie(world, 0, 1, 0.5)
    tie(world, 0, 2, 0.5)
    world.consulted[0] = 1
    run(TIES, world, values_with(**{**STILL, "tie_use_gain": 0.1, "tie_fade": 0.2, "tie_annual_survival": 1.0}))
    assert world.tie_strength[0, :2] == pytest.approx([0.4, 0.55])


@pytest.mark.parametrize(
    ("number", "left"),
    [
        (0.0, [2, 3]),
        (0.0499, [2, 3]),
        (0.0501, [1, 3]),
        (0.0899, [1, 3]),
        (0.0901, [1, 2]),
        (0.1149, [1, 2]),
        (0.1151, [1, 2, 3]),
    ],
)
def test_each_tie_lapses_with_its_own_chance(number, left):
    """Chances .05, .04 at strength .7 and .025 at strength 1, side by side."""
    world = people(4)
    tie(world, 0, 1, 0.5, slot=1)
    tie(world, 0, 2, 0.7, slot=3)
    tie(world, 0, 3, 1.0, slot=6)
    run(TIES, world, values_with(**STILL, **LAPSE), position={(0, 0): number})
    assert contacts(world, 0) == left
    assert (world.tie_strength[0] > 0).sum() == len(left)


@pytest.mark.parametrize(("number", "left"), [(0.0249, []), (0.0251, [1])])
def test_a_returned_tie_lapses_less_often(number, left):
    world = people(2)
    tie(world, 0, 1)
    tie(world, 1, 0)
    run(TIES, world, values_with(**STILL, **LAPSE), position={(0, 0): number})
    assert contacts(world, 0) == left
    assert contacts(world, 1) == [0]


def test_the_consulted_tie_is_forgotten_when_it_lapses():
    world = people(3)
    tie(world, 0, 1)
    tie(world, 0, 2)
    world.consulted[0] = 0
    run(TIES, world, values_with(**STILL, **LAPSE), position={(0, 0): 0.0})
    assert world.consulted[0] == -1
    world.consulted[0] = 1
    tie(world, 0, 1, slot=0)
    run(TIES, world, values_with(**STILL, **LAPSE), position={(0, 0): 0.0})
    assert world.consulted[0] == 1


def propose(world, i, kind, u2=0.0, u3=0.0, u4=0.0, u5=0.99, **overrides):
    """Let only person i propose."""
    given = {(i, c): number for c, number in ((1, kind), (2, u2), (3, u3), (4, u4), (5, u5))}
    run(TIES, world, values_with(**{**FORM, **overrides}), position=given)
    return contacts(world, i)


def staff(*sizes, **kinds):
    """Nobody is a liaison."""
    world = people(*sizes, **kinds)
    world.layout.liaison.flags.writeable = True
    world.layout.liaison[:] = False
    return world


def test_closure_takes_a_contact_of_a_contact():
    world = staff(5)
    tie(world, 0, 1, slot=2)
    tie(world, 0, 2, slot=5)
    tie(world, 2, 3, slot=1)
    tie(world, 2, 4, slot=7)
    assert propose(world, 0, CLOSURE, u2=0.5, u3=0.5) == [4, 1, 2]
    assert world.tie_strength[0, 0] == 0.3
    assert propose(world, 0, CLOSURE, u2=0.4, u3=0.0) == [4, 1, 2]  # person 1, second in slot order, knows nobody
    assert propose(world, 0, CLOSURE, u2=0.9, u3=0.0) == [4, 3, 1, 2]
    assert propose(world, 3, CLOSURE) == []  # no contacts


def test_unit_and_agency():
    world = staff(20)
    assert world.layout.unit_first.tolist() == [0, 10, 20]
    assert propose(world, 12, UNIT, u2=0.35) == [13]
    assert propose(world, 12, AGENCY, u2=0.35) == [13, 7]
    assert propose(world, 12, NONE) == [13, 7]
    assert propose(world, 12, AGENCY, u2=0.35) == [13, 7]  # exists
    assert propose(world, 12, UNIT, u2=0.25) == [13, 7]  # oneself
    vacate(world, 5)
    assert propose(world, 12, AGENCY, u2=0.25) == [13, 7]  # vacant


def test_expertise_seeking_takes_the_best_of_three_in_the_own_top_area():
    world = staff(10)
    world.priority[0] = (0.2, 0.8)
    world.skill[4:7] = [(0.1, 0.7), (0.9, 0.6), (0.1, 0.7)]
    assert propose(world, 0, EXPERT, u2=0.4, u3=0.5, u4=0.6) == [4]  # 4 and 6 are equal: the first
    vacate(world, 6)
    assert propose(world, 0, EXPERT, u2=0.6, u3=0.0, u4=0.5) == [4, 5]  # vacant, oneself, 5


@pytest.mark.parametrize(("u5", "back"), [(0.499, [0]), (0.501, [])])
def test_a_proposal_is_returned_with_its_chance(u5, back):
    world = staff(3)
    propose(world, 0, AGENCY, u2=0.4, u5=u5)
    assert contacts(world, 1) == back


def test_no_tie_back_without_a_free_slot_and_no_proposal_without_one():
    world = staff(12)
    world.tie_to[1] = np.arange(2, 10)
    world.tie_strength[1] = 0.5
    assert propose(world, 0, AGENCY, u2=1.5 / 12, u5=0.0) == [1]
    assert free_slots(world, 1) == 0
    assert 0 not in contacts(world, 1)
    propose(world, 1, AGENCY, u2=10.5 / 12, u5=0.0)
    assert contacts(world, 10) == []


LIAISON = 0.19


def chain():
    """State agency of 4, three districts below it; a lone district."""
    return people(4, 3, 2, 2, 2, levels=[1, 3, 3, 3, 3], parents=[-1, 0, 0, 0, -1])


def test_a_liaison_looks_outside():
    world = chain()
    assert world.layout.liaison[4]
    assert propose(world, 4, LIAISON, u2=0.5, u3=0.49) == [2]  # position 2 of the parent
    assert propose(world, 4, LIAISON, u3=0.51, u4=0.7) == [2, 9]  # leader of the third sibling
    assert propose(world, 4, LIAISON, u3=0.51, u4=0.0) == [2, 9]  # the first sibling is the own agency
    vacate(world, 7)
    assert propose(world, 4, LIAISON, u3=0.51, u4=0.34) == [2, 9]  # no leader there


def test_liaisons_of_roots_find_nobody_outside():
    world = chain()
    for i in (0, 11):
        assert world.layout.liaison[i]
        assert propose(world, i, LIAISON) == []


def test_a_liaison_who_stays_inside_uses_the_rest_of_the_number():
    world = chain()
    inside = 0.2 + 0.8 * UNIT
    assert propose(world, 4, inside, u2=0.4) == [5]
    assert propose(world, 7, UNIT, u2=0.99) == []  # (.25 - .2) / .8 is closure, and there are no contacts yet
    assert propose(world, 5, UNIT, u2=0.99) == [6]  # no liaison

"""Hiring, by hand."""

import numpy as np
import pytest

from capsim.processes.hiring import HIRING
from capsim.processes.turnover import TURNOVER

from .people import changed, contacts, people, run, tie, vacate, values_with


def hire(world, position, *, values=None, **columns):
    """Fill a position for sure; further numbers by column."""
    given = {(position, 0): 0.0} | {(position, int(c[1:])): number for c, number in columns.items()}
    run(HIRING, world, values or values_with(), position=given)


def test_never_filled_in_the_month_it_became_vacant():
    world = people(2)
    values = values_with(months_to_fill=1)
    run(TURNOVER, world, values, position={(1, 0): 0.0})
    run(HIRING, world, values, position={(1, 0): 0.0})
    assert world.person[1] == -1
    world.month += 1
    run(TURNOVER, world, values)
    run(HIRING, world, values, position={(1, 0): NEVER_LATE})
    assert world.person[1] == 2


NEVER_LATE = 0.999999  # with one month to fill every number fills


@pytest.mark.parametrize(("number", "filled"), [(0.25 - 1e-9, True), (0.25, False)])
def test_filled_with_chance_one_over_the_months_to_fill(number, filled):
    world = people(2)
    vacate(world, 1)
    run(HIRING, world, values_with(months_to_fill=4), position={(1, 0): number})
    assert (world.person[1] >= 0) == filled


def test_a_newcomer_comes_from_the_bank():
    world = people(2)
    vacate(world, 1, months=3)
    hire(world, 1, u3=0.5, values=values_with(newcomer_engagement=0.55))
    assert world.person[1] == 2
    assert world.next_person[0] == 3
    assert (world.tenure[1], world.vacant_months[1], world.engagement[1]) == (0, 0, 0.55)
    assert world.skill[1].tolist() == [0.4, 0.4]
    assert world.disposition[1].tolist() == world.priority[1].tolist() == [0.0, 1.0]


def test_frozen_funding_prevents_hiring():
    world = people(4, 4)
    for position in (1, 2, 5, 6):
        vacate(world, position)
    world.funding[:] = (0.75, 0.6)  # 3 and floor(2.9) = 2 positions are funded, 2 are held
    run(HIRING, world, values_with(), position={(i, 0): 0.0 for i in (1, 2, 5, 6)})
    assert (world.person >= 0).tolist() == [True, True, False, True, True, False, False, True]


def mover_between(world, *, position, key=0.5, person=None, skill=(0.9, 0.1)):
    """Put an applicant with the labour group of a position into the pool."""
    pool, c = world.pool, int(world.pool.count[0])
    pool.count[0] = c + 1
    pool.person[c] = 100 + c if person is None else person
    pool.group[c] = world.layout.labour_group[position]
    pool.origin[c], pool.tie_to[c] = -1, -1
    pool.months_left[c] = 6
    pool.key[c] = key
    pool.skill[c] = skill
    pool.disposition[c] = (0.3, 0.7)
    return c


def test_a_mover_is_hired_by_another_agency_with_skill_and_half_the_ties():
    world = people(2, 3)
    vacate(world, 1)
    c = mover_between(world, position=1)
    pool = world.pool
    pool.tie_to[c, 2:5] = (3, 4, 1)  # a colleague still there, one who was replaced, and the new position itself
    pool.tie_person[c, 2:5] = (3, 99, 1)
    pool.tie_strength[c, 2:5] = 0.6
    hire(world, 1, u1=0.0, u4=0.0, u5=0.0, values=values_with(mover_tie_factor=0.5, newcomer_tie_strength=0.3))
    assert world.person[1] == 100
    assert world.next_person[0] == 5
    assert world.skill[1].tolist() == [0.9, 0.1]
    assert world.priority[1].tolist() == [0.3, 0.7]
    assert world.tie_to[1].tolist() == [0, -1, 3] + [-1] * 5  # slot 0: the first tie in the new unit
    assert world.tie_strength[1].tolist() == [0.3, 0.0, 0.3] + [0.0] * 5
    assert pool.group[c] == -1


def test_from_one_agency_to_the_other_through_the_pool():
    world = people(2, 2)
    world.skill[3] = (0.8, 0.6)
    vacate(world, 1)
    values = values_with(mover_share=0.5)
    run(TURNOVER, world, values, position={(3, 0): 0.0, (3, 1): 0.25})
    run(HIRING, world, values, position={(1, 0): 0.0, (1, 1): 0.0, (3, 0): 0.0})
    assert world.person.tolist() == [0, 3, 2, -1]
    assert world.skill[1].tolist() == [0.8, 0.6]
    run(TURNOVER, world, values)
    assert world.pool.count[0] == 0


def test_no_mover_of_another_state_level_or_role_and_none_by_chance():
    world = people(2, 2, 2, states=["XX", "XX", "YY"], levels=[3, 2, 3])
    vacate(world, 1)
    for position in (0, 3, 5):  # a leader, somebody of a regional agency, somebody of another state
        mover_between(world, position=position)
    hire(world, 1, u1=0.0)
    assert world.person[1] == 6
    vacate(world, 1)
    mover_between(world, position=1)
    hire(world, 1, u1=values_with()["mover_share"] + 1e-9)
    assert world.person[1] == 7
    vacate(world, 1)
    hire(world, 1, u1=0.0)
    assert world.person[1] == 103


def test_vacancies_choose_in_the_order_of_their_draw_the_nearest_key():
    world = people(4)
    for position in (2, 3):
        vacate(world, position)
    for key in (0.30, 0.42, 0.90):
        mover_between(world, position=2, key=key)
    values = values_with(mover_share=0.5)
    first = {(2, 0): 0.0, (2, 1): 0.2, (2, 2): 0.8}  # wants .4, chooses second
    second = {(3, 0): 0.0, (3, 1): 0.22, (3, 2): 0.1}  # wants .44, chooses first
    run(HIRING, world, values, position=first | second)
    assert world.person[[2, 3]].tolist() == [100, 101]
    assert world.pool.group[:3].tolist() == [-1, -1, world.layout.labour_group[2]]


@pytest.mark.parametrize(("u4", "ties"), [(0.0, 1), (0.34, 2), (0.99, 3)])
def test_a_newcomer_gets_one_to_three_ties_in_the_unit(u4, ties):
    world = people(5)
    vacate(world, 2)
    hire(world, 2, u4=u4, u5=0.0, u6=0.0, u7=0.0)
    assert contacts(world, 2) == [0, 1, 3][:ties]  # each walks on to the first who is no contact yet, not oneself


def test_ties_walk_around_the_unit_past_vacancies():
    world = people(4)
    vacate(world, 2)
    vacate(world, 3)
    hire(world, 2, u4=0.0, u5=0.99)
    assert contacts(world, 2) == [0]


def test_alone_in_the_unit_no_ties():
    world = people(1)
    vacate(world, 0)
    hire(world, 0, u4=0.99, u5=0.0, u6=0.0, u7=0.0)
    assert world.person[0] == 1
    assert contacts(world, 0) == []


def test_newcomers_of_one_month_see_each_other():
    world = people(2)
    vacate(world, 0)
    vacate(world, 1)
    run(HIRING, world, values_with(), position={(i, c): 0.0 for i in (0, 1) for c in (0, 4, 5)})
    assert [contacts(world, i) for i in (0, 1)] == [[1], [0]]
    assert np.array_equal(world.person, [2, 3])


def test_numbers_of_filled_positions_are_not_looked_at():
    """Their rows are not even made."""
    first, second = people(4, 3), people(4, 3)
    for world, number in ((first, 0.0), (second, float("nan"))):
        vacate(world, 1)
        mover_between(world, position=1)
        given = {(i, c): number for i in range(7) for c in range(8)} | {(1, c): 0.0 for c in range(8)}
        run(HIRING, world, values_with(), position=given)
    assert changed(first, second) == set()


def test_ties_of_others_are_left_alone():
    world = people(3)
    tie(world, 0, 1)
    vacate(world, 2)
    hire(world, 2, u4=0.0, u5=0.0)
    assert contacts(world, 0) == [1]
    assert contacts(world, 1) == []


def test_nobody_is_hired_back_by_the_agency_that_was_left():
    world = people(2, 2)
    world.person[:] = (10, 11, 12, 13)
    world.next_person[0] = 14
    values = values_with(mover_share=0.5, months_to_fill=1)
    run(TURNOVER, world, values, position={(1, 0): 0.0, (1, 1): 0.0})
    run(TURNOVER, world, values)
    run(HIRING, world, values, position={(1, 1): 0.0})
    assert world.person.tolist() == [10, 14, 12, 13]
    assert world.pool.person[0] == 11
    assert world.pool.group[0] >= 0

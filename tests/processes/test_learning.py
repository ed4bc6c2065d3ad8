"""Attention, experience, socialization, codification and consultation, by hand."""

import math

import numpy as np
import pytest

from capsim.processes.attention import ATTENTION
from capsim.processes.codification import CODIFICATION
from capsim.processes.consultation import CONSULTATION
from capsim.processes.experience import EXPERIENCE
from capsim.processes.socialization import SOCIALIZATION
from capsim.processes.terms import free_time

from .people import changed, people, run, tie, vacate, values_with


def attentive(*sizes, attention=(0.8, 0.4), **kinds):
    world = people(*sizes, **kinds)
    world.attention[:] = attention
    return world


def test_attention_follows_priority():
    world = people(2)
    world.priority[0] = (0.9, 0.1)
    vacate(world, 1)
    run(ATTENTION, world, values_with(attention_sharpness=3))
    assert world.attention[0] == pytest.approx([1 - math.exp(-5.4), 1 - math.exp(-0.6)])
    assert world.attention[1].tolist() == [0.0, 0.0]


def test_free_time():
    assert free_time(30.0, 0.0, 150.0) == pytest.approx(0.8)
    assert free_time(30.0, 0.4, 150.0) == pytest.approx(0.4)
    assert free_time(151.0, 0.0, 150.0) == 0.0
    assert free_time(100.0, 0.4, 150.0) == 0.0


def test_experience():
    world = attentive(2, 1)
    world.committed[:] = (0.0, 0.4)
    world.priority[:] = (0.75, 0.25)
    world.skill[:] = 0.5
    world.skill[1] = (0.9, 0.1)
    world.recipient_hours[:] = (0.0, 75.0, 0.0)
    values = values_with(
        experience_rate=0.1, expertise_floor=0.4, expertise_gain=0.4, disuse_rate=0.05, work_hours_per_month=150
    )
    run(EXPERIENCE, world, values)  # ceilings: .4 + .4 * .75 = .7 and .4 + .4 * .5 = .6
    assert world.skill[0] == pytest.approx(
        [0.5 + 0.1 * 0.8 * 0.2 - 0.05 * 0.2 * 0.5, 0.5 + 0.1 * 0.4 * 0.1 - 0.05 * 0.6 * 0.5]
    )
    assert world.skill[1] == pytest.approx([0.9 - 0.05 * 0.2 * 0.9, 0.1 + 0.05 * 0.4 * 0.5 - 0.05 * 0.6 * 0.1])
    assert world.skill[2] == pytest.approx([0.5 + 0.06 * 0.8 * 0.2 - 0.005, 0.5 + 0.06 * 0.4 * 0.1 - 0.015])


def test_the_ceiling_of_experience_is_never_above_one():
    world = attentive(1, attention=(1.0, 1.0))
    run(EXPERIENCE, world, values_with(experience_rate=1, expertise_floor=1, expertise_gain=1))
    assert world.skill[0].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("tenure", "rate"), [(0, 0.2), (11, 0.2), (12, 0.1), (400, 0.1)])
def test_socialization(tenure, rate):
    world = attentive(2)
    world.culture[:] = 0.7
    world.tenure[:] = tenure
    world.routine[0] = (0.9, 0.4)
    world.skill[0] = (0.4, 0.4)
    vacate(world, 1)
    run(SOCIALIZATION, world, values_with(onboarding_rate=0.2, onboarding_months=12, socialization_rate=0.1))
    assert world.skill[0] == pytest.approx([0.4 + rate * 1.2 * 0.8 * 0.5, 0.4])
    assert world.skill[1].tolist() == [0.0, 0.0]


def test_socialization_never_overshoots():
    world = attentive(1, attention=(1.0, 1.0))
    world.culture[:] = 1.0
    world.tenure[:] = 0
    world.routine[:] = 0.9
    run(SOCIALIZATION, world, values_with(onboarding_rate=1))
    assert world.skill[0].tolist() == [0.9, 0.9]


YEAR = {"routine_annual_retention": 0.9**12, "unenacted_annual_retention": 0.8**12}  # .1 and .2 a month


def test_codification_takes_up_and_forgets():
    world = attentive(4)
    world.culture[:] = 0.7
    world.skill[0] = (0.9, 0.2)
    world.skill[1] = (0.5, 0.4)
    world.skill[2] = (0.6, 0.0)
    vacate(world, 3)
    world.routine[0] = (0.4, 0.4)
    run(CODIFICATION, world, values_with(codification_rate=0.5, codifiable_share=0.8, **YEAR))
    taken_up = 0.5 * 1.2 * 0.8 * (0.72 - 0.4 + 0.0 + 0.48 - 0.4) / 4
    enacted = (0.8 * 3 / 4, 0.4 * (0.5 + 1.0 + 0.0) / 4)
    loss = [0.1 + 0.2 * (1 - a) for a in enacted]
    assert world.routine[0] == pytest.approx([0.4 + taken_up - loss[0] * 0.4, 0.4 - loss[1] * 0.4])


def test_codification_from_nothing_and_with_nobody():
    world = attentive(2, 1)
    world.routine[0] = 0.0
    vacate(world, 2)
    values = values_with(codification_rate=0.5, codifiable_share=0.8, **YEAR)
    run(CODIFICATION, world, values)
    assert world.routine[0] == pytest.approx([0.5 * 0.8 * 0.4, 0.5 * 0.4 * 0.4])
    assert world.routine[1] == pytest.approx([0.5 * 0.7, 0.5 * 0.7])


def test_routines_stay_within_bounds():
    world = attentive(1, attention=(1.0, 0.0))
    world.culture[:] = 1.0
    world.skill[:] = 1.0
    world.routine[0] = (0.9, 0.3)
    values = values_with(
        codification_rate=1, codifiable_share=1, routine_annual_retention=0.001, unenacted_annual_retention=0.001
    )
    run(CODIFICATION, world, values)
    assert 0.0 <= world.routine.min() <= world.routine.max() <= 1.0


def consulting(**kinds):
    """The first person of the first agency has ties of .2, .6 and .2; who is asked knows more."""
    world = attentive(3, 2, **kinds)
    for contact, strength, slot in ((1, 0.2, 1), (2, 0.6, 2), (3, 0.2, 6)):
        tie(world, 0, contact, strength, slot)
        world.skill[contact] = (0.9, 0.5)
    world.skill[0] = (0.5, 0.8)
    return world


RATES = {"consultation_rate": 0.5, "boundary_discount": 0.4, "work_hours_per_month": 150}


@pytest.mark.parametrize(
    ("number", "slot", "rate"),
    [(0.0, 1, 0.1), (0.199, 1, 0.1), (0.201, 2, 0.3), (0.799, 2, 0.3), (0.801, 6, 0.1 * 0.4), (0.9999999999, 6, 0.04)],
)
def test_consultation_draws_a_contact_by_strength(number, slot, rate):
    world = consulting()
    run(CONSULTATION, world, values_with(**RATES), position={(0, 0): number})
    assert world.consulted.tolist() == [slot, -1, -1, -1, -1]
    assert world.skill[0] == pytest.approx([0.5 + rate * 0.8 * 0.4, 0.8])


def test_consultation_takes_trust_culture_and_time():
    world = consulting()
    world.culture[:] = 0.9
    world.committed[:] = (0.4, 0.0)
    world.recipient_hours[:] = 30.0
    run(CONSULTATION, world, values_with(**RATES), position={(0, 0): 0.5})
    assert world.skill[0] == pytest.approx([0.5 + 0.5 * 0.6 * 1.4 * (1 - 0.2 - 0.4) * 0.8 * 0.4, 0.8])


def test_consultation_is_synchronous():
    world = attentive(3, attention=(1.0, 1.0))
    world.skill[:] = [[0.1], [0.5], [0.9]]
    tie(world, 0, 1, 1.0)
    tie(world, 1, 2, 1.0)
    run(CONSULTATION, world, values_with(consultation_rate=1.0))
    assert world.skill[:, 0] == pytest.approx([0.5, 0.9, 0.9])


def test_nobody_consults_without_ties():
    world = attentive(2)
    world.consulted[:] = 3
    vacate(world, 1)
    before = world.copy()
    run(CONSULTATION, world, values_with())
    assert changed(before, world) == {"consulted"}
    assert np.all(world.consulted == -1)

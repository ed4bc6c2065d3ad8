"""Rubric, expert, screening and stocktake against arithmetic: what they write, and where they write nothing."""

from dataclasses import fields

import numpy as np
import pytest

from capsim.instruments import expert, screening, stocktake
from capsim.instruments.expert import read_expert
from capsim.instruments.readings import AMBER, GREEN, NOT_READ, RED, Readings
from capsim.instruments.rubric import NUMBERS_PER_AREA, read_rubric
from capsim.instruments.screening import read_screening
from capsim.instruments.stocktake import AMBER_MARGIN, read_stocktake
from capsim.parameters import resolve_values

from .made_up import AGENCIES, AREAS, VALUES, made_up, normals, some

ALL = np.ones(AGENCIES, np.bool_)


def written(readings):
    """Names of the columns that hold something."""
    empty = Readings.none(AGENCIES, AREAS)
    return {
        field.name
        for field in fields(Readings)
        if not np.array_equal(getattr(readings, field.name), getattr(empty, field.name), equal_nan=True)
    }


def test_nothing_is_read_at_first():
    readings = Readings.none(3, 2)
    for name in ("skill", "routine", "use", "self_rating"):
        assert getattr(readings, name).shape == (3, 2)
        assert np.isnan(getattr(readings, name)).all()
    for name in ("readiness", "first_use", "interest"):
        assert getattr(readings, name).shape == (3,)
        assert np.isnan(getattr(readings, name)).all()
    assert readings.month.tolist() == readings.first_stocktake.tolist() == [-1, -1, -1]
    assert readings.status.tolist() == [NOT_READ] * 3
    assert (readings.month.dtype, readings.first_stocktake.dtype, readings.status.dtype) == ("i4", "i4", "i1")


def test_rubric():
    people, routine, noise = made_up(), made_up(seed=2), made_up(AGENCIES, seed=3, high=0.4)
    numbers = made_up((AGENCIES, NUMBERS_PER_AREA * AREAS + 3), seed=4)
    readings = Readings.none(AGENCIES, AREAS)
    read_rubric(some(), numbers, people, routine, noise, 17, readings)
    to_skill, to_routine = normals(numbers[:, : 2 * AREAS])
    own = some()
    assert readings.skill[own] == pytest.approx(np.clip(people + noise[:, None] * to_skill, 0, 1)[own])
    assert readings.routine[own] == pytest.approx(np.clip(routine + noise[:, None] * to_routine, 0, 1)[own])
    assert {0.0, 1.0} <= set(readings.skill[own].ravel())
    assert (readings.month[own] == 17).all()
    assert np.isnan(readings.skill[~own]).all()
    assert (readings.month[~own] == -1).all()
    assert written(readings) == {"skill", "routine", "month"}


def test_an_expert_reads_the_same_with_a_precision_of_its_own():
    people, routine = made_up(), made_up(seed=2)
    numbers = made_up((AGENCIES, expert.NUMBERS(AREAS)), seed=4)
    by_expert, by_team = Readings.none(AGENCIES, AREAS), Readings.none(AGENCIES, AREAS)
    read_expert(some(), numbers, people, routine, 0.03, 5, by_expert)
    read_rubric(some(), numbers, people, routine, np.full(AGENCIES, 0.03), 5, by_team)
    for name in ("skill", "routine", "month"):
        assert np.array_equal(getattr(by_expert, name), getattr(by_team, name), equal_nan=True)
    assert written(by_expert) == {"skill", "routine", "month"}
    exact = Readings.none(AGENCIES, AREAS)
    read_expert(ALL, numbers, people, routine, 0.0, 5, exact)
    assert np.array_equal(exact.skill, people)
    assert np.array_equal(exact.routine, routine)


def test_screening():
    motivation, general = made_up(AGENCIES), made_up(AGENCIES, seed=2)
    noise, numbers = made_up(AGENCIES, seed=3, high=0.4), made_up((AGENCIES, screening.NUMBERS), seed=4)
    readings = Readings.none(AGENCIES, AREAS)
    read_screening(some(), numbers, motivation, general, noise, VALUES, readings)
    said, seen = (z[:, 0] for z in normals(numbers))
    answer = np.clip(1 + 4 * motivation + VALUES["likert_leniency"] + VALUES["likert_noise_sd"] * said, 1, 5)
    expected = (answer - 1) / 4 * np.clip(general + noise * seen, 0, 1)
    expected /= VALUES["motivation_center"] * VALUES["general_capacity_center"]
    own = some()
    assert readings.readiness[own] == pytest.approx(expected[own])
    assert np.isnan(readings.readiness[~own]).all()
    assert written(readings) == {"readiness"}


def test_a_median_agency_that_is_not_lenient_has_readiness_one():
    values = resolve_values({"likert_leniency": 0.0, "likert_noise_sd": 0.0})
    readings = Readings.none(2, 1)
    motivation = np.array([values["motivation_center"], np.nan])
    general = np.array([values["general_capacity_center"], 0.9])
    read_screening(np.ones(2, np.bool_), np.full((2, 2), 0.3), motivation, general, np.zeros(2), values, readings)
    assert readings.readiness[0] == pytest.approx(1.0)
    assert readings.readiness[1] == 0.0  # nobody there, nobody answers


@pytest.mark.parametrize("areas", [1, 2, 5])
def test_stocktake_reads_use(areas):
    use, noise = made_up((AGENCIES, areas)), made_up(AGENCIES, seed=3, high=0.4)
    numbers = made_up((AGENCIES, stocktake.NUMBERS(areas)), seed=4)
    readings = Readings.none(AGENCIES, areas)
    read_stocktake(some(), numbers, use, noise, 4, 60, VALUES, readings)
    even, odd = normals(numbers)
    own = some()
    assert readings.use[own, 0::2] == pytest.approx(np.clip(use[:, 0::2] + noise[:, None] * even, 0, 1)[own])
    odd = odd[:, : areas // 2]
    assert readings.use[own, 1::2] == pytest.approx(np.clip(use[:, 1::2] + noise[:, None] * odd, 0, 1)[own])
    assert readings.first_use[own] == pytest.approx(readings.use[own].mean(axis=1))
    assert (readings.first_stocktake[own] == 4).all()
    assert (readings.status[own] == GREEN).all()  # the first one sets the mark
    for name in ("use", "first_use"):
        assert np.isnan(getattr(readings, name)[~own]).all()
    assert (readings.status[~own] == NOT_READ).all()
    assert (readings.first_stocktake[~own] == -1).all()


def test_stocktakes_are_held_against_the_first():
    """First .4 in month 10 of 60; a target of .3 asks for .4 + .3 * .6 * 20 / 50 = .472 in month 30."""
    values = resolve_values({"stocktake_target": 0.3})
    readings = Readings.none(4, 2)
    numbers, exact, everybody = np.full((4, 2), 0.3), np.zeros(4), np.ones(4, np.bool_)
    read_stocktake(everybody, numbers, np.full((4, 2), [0.3, 0.5]), exact, 10, 60, values, readings)
    read = [0.473, 0.471, 0.472 - AMBER_MARGIN + 0.001, 0.472 - AMBER_MARGIN - 0.001]
    read_stocktake(everybody, numbers, np.repeat(read, 2).reshape(4, 2), exact, 30, 60, values, readings)
    assert readings.status.tolist() == [GREEN, AMBER, AMBER, RED]
    assert readings.first_use == pytest.approx(0.4)
    assert (readings.first_stocktake == 10).all()
    assert readings.use[:, 0] == pytest.approx(read)
    assert written_other(readings) == []


def written_other(readings):
    """Columns of other instruments that hold something."""
    return [
        name for name in ("skill", "routine", "readiness", "interest") if not np.isnan(getattr(readings, name)).all()
    ]


def test_a_stocktake_in_the_last_month_of_all():
    readings = Readings.none(1, 1)
    for month in (0, 1):
        read_stocktake(
            np.ones(1, np.bool_), np.full((1, 2), 0.3), np.full((1, 1), 0.2), np.zeros(1), month, 1, VALUES, readings
        )
    assert readings.status.tolist() == [RED]  # 0.2 + target * 0.8 is expected by now


def test_numbers_that_an_instrument_needs():
    assert [expert.NUMBERS(K) for K in (1, 2, 5)] == [2, 4, 10]
    assert [stocktake.NUMBERS(K) for K in (1, 2, 3, 5)] == [2, 2, 4, 6]
    assert screening.NUMBERS == 2

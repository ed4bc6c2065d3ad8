"""Each kernel against the Python it is compiled from, and the spread of each instrument's noise by simulation."""

import copy

import numpy as np
import pytest

from capsim.instruments import expert, interest, likert, normals, ratings, rubric, screening, self_rating, stocktake
from capsim.instruments.readings import Readings

from .made_up import AGENCIES, AREAS, VALUES, made_up, random, some

STATE, OTHER = made_up(), made_up(seed=2)
ONE, TWO, NOISE = made_up(AGENCIES, seed=5), made_up(AGENCIES, seed=6), made_up(AGENCIES, seed=7, high=0.3)
NUMBERS = made_up((AGENCIES, 2 * AREAS), seed=8)


def empty(*shape):
    return np.full(shape or (AGENCIES,), np.nan)


def taken_twice():
    """Arguments of a second stocktake."""
    first_month = np.where(some(), np.int32(2), np.int32(-1)).astype(np.int32)
    return (
        np.ones(AGENCIES, np.bool_),
        30,
        60,
        0.3,
        STATE.copy(),
        ONE.copy(),
        first_month,
        np.zeros(AGENCIES, np.int8),
    )


KERNELS = {
    "polar": (normals.polar, (0.3, 0.8)),
    "deviate": (normals.deviate, (NUMBERS[0], 3)),
    "likert": (likert.likert, (0.4, 0.1, 0.45)),
    "score": (
        rubric.score,
        (
            some(),
            NUMBERS,
            STATE,
            OTHER,
            NOISE,
            7,
            empty(AGENCIES, AREAS),
            empty(AGENCIES, AREAS),
            np.full(AGENCIES, -1, np.int32),
        ),
    ),
    "screen": (screening._screen, (some(), NUMBERS, ONE, TWO, NOISE, 0.45, 0.3, 0.4, empty())),
    "read_noisily": (normals.read_noisily, (some(), NUMBERS, STATE, NOISE, empty(AGENCIES, AREAS))),
    "judge": (stocktake._judge, taken_twice()),
    "ask": (interest._ask, (NUMBERS, np.where(some(), ONE, np.nan), 0.45, 0.3, empty())),
    "rate_themselves": (
        self_rating._rate_themselves,
        (NUMBERS, np.where(some()[:, None], STATE, np.nan), 0.45, 0.3, empty(AGENCIES, AREAS)),
    ),
    "rate": (
        ratings._rate,
        (
            some(),
            NUMBERS,
            2.0 * ONE,
            np.where(NOISE > 0.1, TWO, np.nan),
            NOISE,
            0.6,
            0.6,
            0.45,
            0.25,
            0.3,
            empty(),
            empty(),
            empty(),
        ),
    ),
}


@pytest.mark.parametrize("name", KERNELS)
def test_kernel_is_its_python(name):
    kernel, given = KERNELS[name]
    compiled, python = copy.deepcopy(given), copy.deepcopy(given)
    answers = kernel(*compiled), kernel.py_func(*python)
    assert answers[0] == pytest.approx(answers[1], rel=1e-14, abs=1e-14) if answers[0] is not None else True
    changed = False
    for before, fast, slow in zip(given, compiled, python, strict=True):
        if isinstance(before, np.ndarray):
            assert np.allclose(fast, slow, rtol=1e-14, atol=1e-14, equal_nan=True)
            changed |= not np.array_equal(before, fast, equal_nan=True)
    assert changed or answers[0] is not None


MANY = 40_000
MIDDLE = np.full((MANY, 2), 0.5)
EVERYBODY = np.ones(MANY, np.bool_)


def spread_of(read):
    """Standard deviations of what an instrument reads of many equal agencies, in the middle of the scale."""
    readings, numbers = Readings.none(MANY, 2), random(11).random((MANY, 4))
    return np.asarray(read(numbers, readings))


def by_rubric(numbers, readings):
    rubric.read_rubric(EVERYBODY, numbers, MIDDLE, MIDDLE, np.full(MANY, 0.05), 0, readings)
    return [*readings.skill.T, *readings.routine.T]


def by_expert(numbers, readings):
    expert.read_expert(EVERYBODY, numbers, MIDDLE, MIDDLE, 0.05, 0, readings)
    return [*readings.skill.T, *readings.routine.T]


def by_stocktake(numbers, readings):
    stocktake.read_stocktake(EVERYBODY, numbers, MIDDLE, np.full(MANY, 0.05), 0, 60, VALUES, readings)
    return [*readings.use.T]


def by_survey(numbers, readings):
    interest.read_interest(numbers, MIDDLE[:, 0], {**VALUES, "likert_noise_sd": 0.05}, readings)
    return [readings.interest]


def by_ratings(numbers, readings):
    values = {**VALUES, "rating_noise_sd": 0.05}
    return rate_middle(numbers, values)[1:]


def rate_middle(numbers, values):
    return ratings.rate(EVERYBODY, numbers, MIDDLE[:, 0], MIDDLE[:, 0], np.zeros(MANY), values)


def by_screening_of_capacity(numbers, readings):
    values = {
        **VALUES,
        "likert_noise_sd": 0.0,
        "likert_leniency": 0.0,
        "motivation_center": 0.5,
        "general_capacity_center": 1.0,
    }
    screening.read_screening(EVERYBODY, numbers, MIDDLE[:, 0], MIDDLE[:, 0], np.full(MANY, 0.05), values, readings)
    return [readings.readiness]


def by_screening_of_motivation(numbers, readings):
    values = {
        **VALUES,
        "likert_noise_sd": 0.2,
        "likert_leniency": 0.0,
        "motivation_center": 1.0,
        "general_capacity_center": 0.5,
    }
    screening.read_screening(EVERYBODY, numbers, MIDDLE[:, 0], MIDDLE[:, 0], np.zeros(MANY), values, readings)
    return [readings.readiness]


@pytest.mark.parametrize(
    "read",
    [by_rubric, by_expert, by_stocktake, by_survey, by_ratings, by_screening_of_capacity, by_screening_of_motivation],
)
def test_noise_has_the_spread_that_is_asked_for(read):
    """Standard deviation .05, 2% off at most (five standard errors), and no correlation between two readings."""
    columns = spread_of(read)
    assert columns.std(axis=1) == pytest.approx(np.full(len(columns), 0.05), rel=0.02)
    if len(columns) > 1:
        assert np.abs(np.corrcoef(columns) - np.eye(len(columns))).max() < 0.025

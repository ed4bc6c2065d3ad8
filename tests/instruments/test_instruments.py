"""Every instrument against arithmetic: what it writes, where it writes nothing, and the spread of its noise."""

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES, LOGGED
from capsim.instruments.formulas import (
    AMBER_MARGIN,
    deviates,
    likert,
    noisy,
    numbers_for,
    rate,
    read_expert,
    read_interest,
    read_relevance,
    read_rubric,
    read_screening,
    read_self_rated_relevance,
    read_self_rating,
    read_stocktake,
    read_sustainability,
)
from capsim.instruments.readings import AMBER, GREEN, NOT_READ, RED, Readings
from capsim.instruments.table import INSTRUMENTS
from capsim.parameters import resolve_values

from .made_up import AGENCIES, AREAS, OTHERS, SOME, VALUES, made_up, normals, random, state_of, visit, written

NUMBERS = made_up((len(SOME), 2 * AREAS + 4), seed=50)
NOISE = made_up(len(SOME), seed=51, high=8.0)
WRITES = {
    "rubric": {"skill", "routine", "month"},
    "expert": {"skill", "routine", "month"},
    "screening": {"readiness"},
    "stocktake": {"use", "first_use", "first_use_by_area", "first_stocktake", "target", "status"},
    "sustainability": {"sustainability"},
    "interest": {"interest"},
    "self_rating": {"self_rating"},
    "relevance": {"relevance"},
    "self_rated_relevance": {"self_rated_relevance"},
}


def test_every_instrument_of_the_catalogue_has_a_reader_and_whoever_sells_one_is_an_activity():
    read = {name: row for name, row in INSTRUMENTS.items() if row.read}
    assert set(read) == set(WRITES) == set(INSTRUMENTS) - {"ratings"}
    bought = {activity.yields for activity in ACTIVITIES.values() if activity.yields}
    assert bought == {name for name, row in read.items() if not row.yearly and not row.along}
    assert {name for row in read.values() for name in row.along} <= bought
    assert len({row.purpose for row in INSTRUMENTS.values()}) == len(INSTRUMENTS)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_names_its_noise_and_its_columns(name):
    one = INSTRUMENTS[name]
    assert set(one.noise) <= set(VALUES)
    assert set(one.logged) <= set(LOGGED)
    assert one.logged


@pytest.mark.parametrize("name", WRITES)
def test_an_instrument_writes_its_columns_of_those_it_visits(name):
    readings = visit(INSTRUMENTS[name].read, state_of(), rows=SOME, numbers=NUMBERS, noise=NOISE)
    assert written(readings) == WRITES[name]
    for column in WRITES[name]:
        empty = getattr(Readings.none(1, AREAS), column)[0]
        got = getattr(readings, column)
        assert np.array_equal(got[OTHERS], np.broadcast_to(empty, got[OTHERS].shape), equal_nan=True)
        assert not np.isin(got[SOME], empty).any()


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


def test_deviates():
    radius, direction = deviates(NUMBERS)
    assert radius * direction == pytest.approx(normals(NUMBERS), rel=1e-14)
    assert deviates.py_func(NUMBERS) == pytest.approx(np.array([radius, direction]), rel=1e-14)
    assert [numbers_for(n) for n in (0, 1, 2, 3, 10)] == [0, 2, 2, 4, 10]
    true = made_up((len(SOME), 3))
    assert noisy(true, NOISE, NUMBERS) == pytest.approx(
        np.clip(true + NOISE[:, None] * normals(NUMBERS)[:, :3], 0, 1), abs=1e-14
    )


def test_rubric():
    state = state_of()
    readings = visit(read_rubric, state, rows=SOME, numbers=NUMBERS, noise=NOISE, month=17)
    z, sd = normals(NUMBERS)[:, : 2 * AREAS], VALUES["rubric_noise_sd"] * NOISE[:, None]
    assert readings.skill[SOME] == pytest.approx(np.clip(state.people[SOME] + sd * z[:, 0::2], 0, 1))
    assert readings.routine[SOME] == pytest.approx(np.clip(state.routine[SOME] + sd * z[:, 1::2], 0, 1))
    assert {0.0, 1.0} <= set(readings.skill[SOME].ravel())
    assert (readings.month[SOME] == 17).all()


def test_an_expert_reads_the_same_with_a_precision_of_its_own():
    state, sd = state_of(), VALUES["expert_noise_sd"] / VALUES["rubric_noise_sd"]
    by_expert = visit(read_expert, state, rows=SOME, numbers=NUMBERS, noise=NOISE)
    by_team = visit(read_rubric, state, rows=SOME, numbers=NUMBERS, noise=sd)
    for name in ("skill", "routine", "month"):
        assert getattr(by_expert, name) == pytest.approx(getattr(by_team, name), nan_ok=True)
    exact = visit(read_expert, state, values={**VALUES, "expert_noise_sd": 0.0})
    assert np.array_equal(exact.skill, state.people)
    assert np.array_equal(exact.routine, state.routine)


def test_relevance_is_read_as_a_share_and_said_on_a_scale():
    state = state_of()
    assessed = visit(read_relevance, state, rows=SOME, numbers=NUMBERS, noise=NOISE)
    sd = VALUES["relevance_noise_sd"] * NOISE[:, None]
    z = normals(NUMBERS)[:, :AREAS]
    assert assessed.relevance[SOME] == pytest.approx(np.clip(state.relevance[SOME] + sd * z, 0, 1))
    exact = resolve_values({"likert_noise_sd": 0.0, "likert_leniency": 0.0})
    alike = state_of(3, AREAS, relevance=1 / AREAS, filled=np.array([1.0, 0.5, 0.0]))
    said = visit(read_self_rated_relevance, alike, values=exact).self_rated_relevance
    assert said[:2] == pytest.approx(3.0)  # matters as much as the others
    assert np.isnan(said[2]).all()  # nobody is there to say so
    more = visit(read_self_rated_relevance, state_of(3, AREAS, relevance=0.8, filled=1.0), values=exact)
    assert (more.self_rated_relevance > 4.0).all()


def test_screening():
    state = state_of()
    readings = visit(read_screening, state, rows=SOME, numbers=NUMBERS, noise=NOISE)
    said, seen = normals(NUMBERS)[:, 0], normals(NUMBERS)[:, 1]
    answer = 1 + 4 * state.motivation[SOME] + VALUES["likert_leniency"] + VALUES["likert_noise_sd"] * said
    general = np.clip(state.general[SOME] + VALUES["rubric_noise_sd"] * NOISE * seen, 0, 1)
    expected = (np.clip(answer, 1, 5) - 1) / 4 * general
    expected /= VALUES["motivation_center"] * VALUES["general_capacity_center"]
    assert readings.readiness[SOME] == pytest.approx(expected)


def test_a_median_agency_that_is_not_lenient_has_readiness_one():
    values = resolve_values({"likert_leniency": 0.0, "likert_noise_sd": 0.0})
    state = state_of(2, 1, motivation=[values["motivation_center"], np.nan], general=values["general_capacity_center"])
    readings = visit(read_screening, state, values=values)
    assert readings.readiness[0] == pytest.approx(1.0)
    assert readings.readiness[1] == 0.0  # nobody there, nobody answers


@pytest.mark.parametrize("areas", [1, 2, 5])
def test_stocktake_reads_use(areas):
    state = state_of(areas=areas)
    readings = visit(read_stocktake, state, rows=SOME, numbers=NUMBERS, noise=NOISE, month=4)
    sd = VALUES["stocktake_noise_sd"] * NOISE[:, None]
    assert readings.use[SOME] == pytest.approx(np.clip(state.use[SOME] + sd * normals(NUMBERS)[:, :areas], 0, 1))
    assert readings.first_use[SOME] == pytest.approx(readings.use[SOME].mean(axis=1))
    assert (readings.first_stocktake[SOME] == 4).all()
    assert (readings.status[SOME] == GREEN).all()  # the first one sets the mark


def test_stocktakes_are_held_against_the_first():
    """First .4 in month 10 of 60; a target of .3 asks for .4 + .3 * .6 * 20 / 50 = .472 in month 30."""
    values = resolve_values({"stocktake_target": 0.3})
    readings = visit(read_stocktake, state_of(4, 2, use=[0.3, 0.5]), values=values, month=10)
    read = [0.473, 0.471, 0.472 - AMBER_MARGIN + 0.001, 0.472 - AMBER_MARGIN - 0.001]
    again = state_of(4, 2, use=np.array(read)[:, None])
    visit(read_stocktake, again, values=values, month=30, readings=readings)
    assert readings.status.tolist() == [GREEN, AMBER, AMBER, RED]
    assert readings.first_use == pytest.approx(0.4)
    assert (readings.first_stocktake == 10).all()
    assert readings.use[:, 0] == pytest.approx(read)


def test_a_stocktake_in_the_last_month_of_all():
    state = state_of(1, 1, use=0.2)
    readings = visit(read_stocktake, state, month=0, months=1)
    visit(read_stocktake, state, month=1, months=1, readings=readings)
    assert readings.status.tolist() == [RED]  # 0.2 + target * 0.8 is expected by now


def test_sustainability():
    state = state_of()
    readings = visit(read_sustainability, state, rows=SOME, numbers=NUMBERS, noise=NOISE)
    context = (state.culture + state.filled + state.resource_alignment) / 3
    true = np.column_stack([context, state.routine.mean(axis=1), state.data_systems])[SOME]
    sd = VALUES["rubric_noise_sd"] * NOISE[:, None]
    assert readings.sustainability[SOME] == pytest.approx(np.clip(true + sd * normals(NUMBERS)[:, :3], 0, 1))


@pytest.mark.parametrize(
    ("state", "noise", "leniency", "answer"),
    [
        (0.5, 0.0, 0.0, 3.0),
        (0.5, 0.0, 0.45, 3.45),
        (0.5, -0.2, 0.45, 3.25),
        (1.0, 0.0, 0.45, 5.0),
        (0.0, -0.5, 0.45, 1.0),
        (float("nan"), 2.0, 0.45, 1.0),
    ],
)
def test_likert(state, noise, leniency, answer):
    assert likert(np.array([state]), noise, leniency) == pytest.approx(answer)


def test_interest_is_read_of_everybody():
    motivation = made_up(AGENCIES)
    motivation[3] = np.nan
    numbers = made_up((AGENCIES, 2), seed=4)
    readings = visit(read_interest, state_of(motivation=motivation), numbers=numbers)
    noise = VALUES["likert_noise_sd"] * normals(numbers)[:, 0]
    expected = np.clip(1 + 4 * motivation + VALUES["likert_leniency"] + noise, 1, 5)
    expected[3] = 1.0
    assert readings.interest == pytest.approx(expected)


def test_self_ratings_are_read_of_everybody_who_is_there():
    filled = made_up(AGENCIES, low=0.5)
    filled[3] = 0.0
    state, numbers = state_of(filled=filled), made_up((AGENCIES, AREAS + 1), seed=4)
    readings = visit(read_self_rating, state, numbers=numbers)
    with np.errstate(divide="ignore"):
        x = 0.5 * (state.people / filled[:, None] + state.routine)
    noise = VALUES["likert_noise_sd"] * normals(numbers)[:, :AREAS]
    expected = np.clip(1 + 4 * x + VALUES["likert_leniency"] + noise, 1, 5)
    there = filled > 0
    assert readings.self_rating[there] == pytest.approx(expected[there])
    assert np.isnan(readings.self_rating[3]).all()


def test_ratings():
    quality, motivation = made_up(AGENCIES, high=2.0), made_up(AGENCIES, seed=2)
    hours_share, numbers = made_up(AGENCIES, seed=3, high=0.6), made_up((AGENCIES, 2), seed=4)
    expert, client, satisfaction = rate(numbers, motivation, quality, hours_share, VALUES)
    to_client, to_satisfaction = VALUES["rating_noise_sd"] * normals(numbers).T
    rated = 1 + 4 * quality / (quality + VALUES["rating_half"])
    assert expert == pytest.approx(rated)
    assert client == pytest.approx(np.clip(rated + VALUES["client_leniency"] + to_client, 1, 5))
    burden = np.minimum(1, hours_share / VALUES["participation_limit"])
    said = 1 + 4 * motivation + VALUES["likert_leniency"] - burden + to_satisfaction
    assert satisfaction == pytest.approx(np.clip(said, 1, 5))
    assert (burden == 1.0).any()


def test_nobody_there_nobody_satisfied():
    numbers, nothing = made_up((AGENCIES, 2), seed=4), np.zeros(AGENCIES)
    expert, client, satisfaction = rate(numbers, np.full(AGENCIES, np.nan), nothing, nothing, VALUES)
    assert (expert == 1.0).all()
    assert not np.isnan(client).any()
    assert np.isnan(satisfaction).all()


def test_parameters_at_zero_divide_nothing_by_zero():
    values = {**resolve_values(), "rating_half": 0.0, "participation_limit": 0.0, "rating_noise_sd": 0.0}
    given = (np.full((2, 2), 0.3), np.full(2, 0.5), np.array([0.0, 0.5]), np.array([0.0, 0.1]))
    expert, _, satisfaction = rate(*given, values)
    assert expert.tolist() == [1.0, 5.0]
    assert satisfaction == pytest.approx([3.0 + values["likert_leniency"], 2.0 + values["likert_leniency"]])


MANY = 40_000
MIDDLE = state_of(MANY, 2, people=0.5, routine=0.5, use=0.5, motivation=0.5, general=0.5, filled=1.0)
PLAIN = {
    **{f"{name}_noise_sd": 0.05 for name in ("rubric", "expert", "stocktake", "likert", "rating")},
    "likert_leniency": 0.0,
    "motivation_center": 1.0,
    "general_capacity_center": 1.0,
}


@pytest.mark.parametrize(
    ("name", "columns", "changed"),
    [
        ("rubric", ("skill", "routine"), {}),
        ("expert", ("skill", "routine"), {}),
        ("stocktake", ("use",), {}),
        ("interest", ("interest",), {}),
        ("self_rating", ("self_rating",), {}),
        ("screening", ("readiness",), {"likert_noise_sd": 0.0, "motivation_center": 0.5}),
        ("screening", ("readiness",), {"rubric_noise_sd": 0.0, "likert_noise_sd": 0.2, "general_capacity_center": 0.5}),
    ],
)
def test_noise_has_the_spread_that_is_asked_for(name, columns, changed):
    """Standard deviation .05, 2% off at most (five standard errors), and no correlation between two readings."""
    values, numbers = {**VALUES, **PLAIN, **changed}, random(11).random((MANY, 4))
    readings = visit(INSTRUMENTS[name].read, MIDDLE, numbers=numbers, noise=1.0, values=values)
    read = np.column_stack([getattr(readings, column) for column in columns])
    assert read.std(axis=0) == pytest.approx(np.full(read.shape[1], 0.05), rel=0.02)
    if read.shape[1] > 1:
        assert np.abs(np.corrcoef(read.T) - np.eye(read.shape[1])).max() < 0.025

"""Likert items, the survey of interest and ratings against arithmetic."""

import numpy as np
import pytest

from capsim.instruments import interest, ratings, self_rating
from capsim.instruments.interest import read_interest
from capsim.instruments.likert import likert
from capsim.instruments.ratings import rate
from capsim.instruments.readings import Readings
from capsim.instruments.self_rating import read_self_rating
from capsim.parameters import resolve_values

from .made_up import AGENCIES, AREAS, VALUES, made_up, normals, some


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
    assert likert(state, noise, leniency) == pytest.approx(answer)


def test_interest_is_read_of_everybody():
    motivation, numbers = made_up(AGENCIES), made_up((AGENCIES, interest.NUMBERS), seed=4)
    motivation[3] = np.nan
    readings = Readings.none(AGENCIES, AREAS)
    read_interest(numbers, motivation, VALUES, readings)
    z = normals(numbers)[0][:, 0]
    expected = np.clip(1 + 4 * motivation + VALUES["likert_leniency"] + VALUES["likert_noise_sd"] * z, 1, 5)
    expected[3] = 1.0
    assert readings.interest == pytest.approx(expected)
    assert np.isnan(readings.readiness).all()


def test_self_ratings_are_read_of_everybody_who_is_there():
    state, numbers = made_up(), made_up((AGENCIES, self_rating.NUMBERS(AREAS)), seed=4)
    state[3] = np.nan
    readings = Readings.none(AGENCIES, AREAS)
    read_self_rating(numbers, state, VALUES, readings)
    cosine, sine = normals(numbers)
    z = np.stack([cosine, sine], axis=2).reshape(AGENCIES, -1)[:, :AREAS]
    expected = np.clip(1 + 4 * state + VALUES["likert_leniency"] + VALUES["likert_noise_sd"] * z, 1, 5)
    assert readings.self_rating == pytest.approx(expected, nan_ok=True)
    assert np.isnan(readings.self_rating[3]).all()
    assert np.isnan(readings.interest).all()


def inputs(seed=1):
    """Quality, motivation, share of hours and uniform numbers of made-up agencies."""
    return (
        made_up(AGENCIES, seed=seed, high=2.0),
        made_up(AGENCIES, seed=seed + 1),
        made_up(AGENCIES, seed=seed + 2, high=0.6),
        made_up((AGENCIES, ratings.NUMBERS), seed=seed + 3),
    )


def test_ratings():
    quality, motivation, hours_share, numbers = inputs()
    expert, client, satisfaction = rate(some(), numbers, quality, motivation, hours_share, VALUES)
    own = some()
    to_client, to_satisfaction = (z[:, 0] for z in normals(numbers))
    rated = 1 + 4 * quality / (quality + VALUES["rating_half"])
    assert expert[own] == pytest.approx(rated[own])
    rated = np.clip(rated + VALUES["client_leniency"] + VALUES["rating_noise_sd"] * to_client, 1, 5)
    assert client[own] == pytest.approx(rated[own])
    burden = np.minimum(1, hours_share / VALUES["participation_limit"])
    said = 1 + 4 * motivation + VALUES["likert_leniency"] - burden + VALUES["rating_noise_sd"] * to_satisfaction
    assert satisfaction[own] == pytest.approx(np.clip(said, 1, 5)[own])
    assert (burden[own] == 1.0).any()
    for column in (expert, client, satisfaction):
        assert column.shape == (AGENCIES,)
        assert np.isnan(column[~own]).all()


def test_nobody_there_nobody_satisfied():
    _, _, hours_share, numbers = inputs()
    quality, motivation = np.zeros(AGENCIES), np.full(AGENCIES, np.nan)
    expert, client, satisfaction = rate(some(), numbers, quality, motivation, hours_share, VALUES)
    assert (expert[some()] == 1.0).all()
    assert not np.isnan(client[some()]).any()
    assert np.isnan(satisfaction).all()


def test_parameters_at_zero_divide_nothing_by_zero():
    values = {**resolve_values(), "rating_half": 0.0, "participation_limit": 0.0, "rating_noise_sd": 0.0}
    ones, numbers = np.ones(2, np.bool_), np.full((2, 2), 0.3)
    expert, _, satisfaction = rate(ones, numbers, np.array([0.0, 0.5]), np.full(2, 0.5), np.array([0.0, 0.1]), values)
    assert expert.tolist() == [1.0, 5.0]
    assert satisfaction == pytest.approx([3.0 + values["likert_leniency"], 2.0 + values["likert_leniency"]])

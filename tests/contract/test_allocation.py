"""Allocation holds for every way in which hours are divided: tiers, methods, chains, and what is passed on."""

import numpy as np
import pytest

from capsim.catalogue import TARGETINGS
from tests.assistance.composing import composed, decide, hours_of
from tests.assistance.fake_view import ESA, LEA, SEA, fake_view

LEVELS = (SEA, ESA, ESA, LEA, LEA, LEA, LEA)
PARENTS = (-1, 0, 0, 1, 1, 1, 2)
POSITIONS = np.array([60, 12, 30, 3, 8, 45, 20])
WAYS = {
    "universal tier": {"activities": {"publication": 0.5, "webinar": 0.5}},
    "targeted tier": {"activities": {"training": 0.7, "peer_collaborative": 0.3}},
    "intensive tier": {"activities": {"coaching": 0.5, "data_system_support": 0.5}},
    "co-design": {"activities": {"coaching": 1.0}, "codesign": "both"},
    "methods by area": {
        "activities": {"coaching": 1.0},
        "methods": ({"coaching": 1.0}, {"webinar": 0.4, "training": 0.6}),
    },
    "several levels": {"activities": {"coaching": 1.0}, "recipients": ("sea", "esa", "lea")},
    "an exit": {"activities": {"coaching": 1.0}, "exit_activities": {"sustainability_planning": 1.0}},
}


def sized(**facts):
    return fake_view(levels=LEVELS, parents=PARENTS, positions=POSITIONS, allocation=POSITIONS.astype(float), **facts)


def per_position(deliveries, view):
    """Hours per position of those who are served, by activity."""
    for hours in hours_of(deliveries, view).values():
        own = hours.sum(axis=1)
        yield (own / POSITIONS)[own > 0.0]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("month", [0, 50])
def test_hours_per_position_are_equal_across_sizes(way, month):
    view = sized()
    deliveries = decide(composed(**WAYS[way]), view, month)
    assert sum(np.sum(delivery.hours) for delivery in deliveries) > 0.0
    for own in per_position(deliveries, view):
        assert len(own) >= 4
        assert own == pytest.approx(np.full(len(own), own[0]))


def test_levels_keep_their_shares_and_divide_them_by_position():
    view = sized()
    parts = {"activities": {"coaching": 1.0}, "recipients": {"esa": 0.3, "lea": 0.7}}
    own = hours_of(decide(composed(**parts), view), view)["coaching"].sum(axis=1)
    assert own[1:3].sum() == pytest.approx(300.0)
    assert own[1] / 12 == pytest.approx(own[2] / 30)
    assert own[3:] / POSITIONS[3:] == pytest.approx(np.full(4, 700.0 / POSITIONS[3:].sum()))


@pytest.mark.parametrize("targeting", TARGETINGS)
def test_a_targeting_is_multiplied(targeting):
    """Shares by position relative to shares by agency are as positions, whatever the targeting favours."""
    shares = []
    for view in (sized(), fake_view(levels=LEVELS, parents=PARENTS, positions=POSITIONS)):
        view.sparse[3] = True
        view.readings.skill[3:7] = [[0.2, 0.9, 0.4], [0.6, 0.5, 0.1], [0.3, 0.3, 0.3], [0.8, 0.2, 0.5]]
        view.readings.routine[3:7], view.readings.interest[3:7] = 0.4, [2.0, 3.0, 4.0, 5.0]
        view.readings.readiness[3:7] = [0.3, 0.9, 0.6, 1.2]
        parts = {"activities": {"coaching": 1.0}, "targeting": targeting, "focal_areas": 2}
        shares.append(hours_of(decide(composed(**parts), view), view)["coaching"][:, :3])
    expected = shares[1] * POSITIONS[:, None]
    assert shares[0] == pytest.approx(expected / expected.sum() * shares[0].sum())


def test_what_is_passed_on_goes_by_position_too():
    view = sized()
    (delivery,) = decide(composed(activities={"training": 1.0}, chain="cascade", recipients=("esa",)), view)
    assert delivery.cascade[[1, 2, 3, 4, 5, 6]] / POSITIONS[1:] == pytest.approx(np.full(6, 3.0))
    own = hours_of([delivery], view)["training"].sum(axis=1)
    assert own[1] / 12 == pytest.approx(own[2] / 30)


def test_who_weighs_nothing_gets_nothing():
    view = sized()
    view.allocation[5] = 0.0
    own = hours_of(decide(composed(activities={"coaching": 1.0}), view), view)["coaching"].sum(axis=1)
    assert own[5] == 0.0
    assert own.sum() == pytest.approx(1000.0)

"""Every targeting against arithmetic: weights from readings and public facts."""

import numpy as np
import pytest

from capsim.assistance import targeting as aims
from capsim.assistance.targeting import SMALL_BELOW, TARGETING_WEIGHTS
from capsim.catalogue import TARGETINGS
from capsim.parameters import resolve_values

from .fake_view import CENTER, ESA, LEA, SEA, fake_view

VALUES = resolve_values({"equity_weight": 3.0})
NAN = float("nan")
DISTRICTS = np.array([3, 4, 5, 6])


def weigh(targeting, view, recipients=DISTRICTS):
    weights = aims.weigh(targeting, view, np.asarray(recipients, np.int64), VALUES)
    assert weights.shape == (len(recipients), len(view.areas))
    assert (weights >= 0.0).all()
    return weights


def of_agencies(targeting, view, recipients=DISTRICTS):
    """Weights that are the same in every area."""
    weights = weigh(targeting, view, recipients)
    assert (weights == weights[:, :1]).all()
    return weights[:, 0].tolist()


def with_readings(name, readings, recipients=DISTRICTS, **facts):
    view = fake_view(**facts)
    column = getattr(view.readings, name)
    for j, reading in zip(recipients, readings, strict=True):
        column[j] = reading
    return view


def test_there_is_a_rule_for_each_targeting_of_the_catalogue():
    assert set(TARGETING_WEIGHTS) == set(TARGETINGS)


@pytest.mark.parametrize("targeting", TARGETING_WEIGHTS)
def test_nothing_read_is_no_reason_to_prefer(targeting):
    """Equity alone goes by public facts, which are equal here."""
    weights = weigh(targeting, fake_view())
    assert (weights == weights[0, 0]).all()
    assert weights[0, 0] > 0.0
    assert weigh(targeting, fake_view(), []).shape == (0, 3)


def test_need():
    view = fake_view()
    view.readings.skill[3], view.readings.routine[3] = [0.2, 0.4, 1.0], [0.4, 0.6, 1.0]
    view.readings.skill[4], view.readings.routine[4] = 0.5, 0.7
    weights = weigh("need", view)
    assert weights[0] == pytest.approx([0.7, 0.5, 1e-6])
    assert weights[1] == pytest.approx([0.4] * 3)
    assert weights[2:] == pytest.approx(np.full((2, 3), (0.7 + 0.5 + 0.0 + 3 * 0.4) / 6))


def test_self_rated_need():
    view = fake_view()
    view.readings.self_rating[3], view.readings.self_rating[4] = [2.0, 4.0, 5.0], 3.0
    weights = weigh("self_rated_need", view)
    assert weights[0] == pytest.approx([3.0, 1.0, 1e-6])
    assert weights[1] == pytest.approx([2.0] * 3)
    assert weights[2:] == pytest.approx(np.full((2, 3), (3.0 + 1.0 + 0.0 + 3 * 2.0) / 6))


@pytest.mark.parametrize(
    ("interest", "weights"),
    [
        ([2.0, 3.0, 4.0, 5.0], [0.0, 0.0, 9.0, 16.0]),
        ([2.0, 3.0, 3.0, 5.0], [0.0, 4.0, 4.0, 16.0]),
        ([3.0, 3.0, 3.0, 3.0], [4.0, 4.0, 4.0, 4.0]),
        ([NAN, 2.0, 4.0, 3.0], [0.0, 0.0, 9.0, 4.0]),
        ([1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_volunteers(interest, weights):
    assert of_agencies("volunteers", with_readings("interest", interest)) == weights


def test_volunteers_are_counted_among_recipients_alone():
    view = with_readings("interest", [2.0, 3.0, 4.0, 5.0])
    view.readings.interest[:3] = 5.0
    assert of_agencies("volunteers", view) == [0.0, 0.0, 9.0, 16.0]


@pytest.mark.parametrize(
    ("readiness", "weights"),
    [
        ([0.2, 0.8, 1.4, 0.7], [0.0, 1.0, 1.0, 0.0]),
        ([0.2, NAN, 1.4, NAN], [0.0, 0.0, 1.0, 0.0]),
        ([0.2, NAN, NAN, NAN], [1.0, 0.0, 0.0, 0.0]),
        ([0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]),
        ([0.1, 0.2, 0.3, NAN], [0.0, 1.0, 1.0, 0.0]),
    ],
)
def test_readiness(readiness, weights):
    assert of_agencies("readiness", with_readings("readiness", readiness)) == weights


def test_need_and_readiness():
    view = with_readings("readiness", [0.5, 1.5, NAN, 0.0])
    assert of_agencies("need_and_readiness", view) == pytest.approx([0.5, 1.5, 2.0 / 3.0, 0.0])
    view.readings.skill[3], view.readings.routine[3] = [0.2, 0.4, 0.6], [0.4, 0.6, 0.6]
    view.readings.skill[4:7], view.readings.routine[4:7] = 0.5, 0.5
    weights = weigh("need_and_readiness", view)
    assert weights[0] == pytest.approx([0.35, 0.25, 0.2])
    assert weights[1:] == pytest.approx(np.outer([0.75, 1.0 / 3.0, 0.0], np.ones(3)))


def test_equity():
    facts = {
        "sparse": [False] * 3 + [True, False, False, True, False],
        "enrollment": [9e5] * 3 + [5000.0, SMALL_BELOW - 1, SMALL_BELOW, 10.0, 0.0],
    }
    assert of_agencies("equity", fake_view(**facts)) == [3.0, 3.0, 1.0, 3.0]


def lowest_first(readings, agencies):
    levels, parents = (SEA, *[LEA] * agencies), (-1, *[0] * agencies)
    recipients = np.arange(1, agencies + 1)
    view = with_readings("skill", readings, recipients, levels=levels, parents=parents)
    view.readings.routine[recipients] = view.readings.skill[recipients]
    return of_agencies("lowest_first", view, recipients)


def test_lowest_first():
    assert lowest_first([0.5, 0.1, 0.4, 0.2, 0.6, 0.3], 6) == [0, 1, 0, 1, 0, 0]
    assert lowest_first([0.5, 0.1, 0.4, 0.2, 0.05], 5) == [0, 0, 0, 0, 1]
    assert lowest_first([0.5, 0.4], 2) == [0, 1]
    assert lowest_first([0.7, NAN, NAN, 0.3, 0.7, 0.3], 6) == [0, 0, 0, 1, 0, 1]
    # the unread count as average, .6: below .7; the first of them comes first
    assert lowest_first([0.7, NAN, NAN, 0.3, 0.7, 0.7], 6) == [0, 1, 0, 1, 0, 0]


def test_lowest_first_looks_at_skill_and_routine_over_all_areas():
    view = fake_view()
    view.readings.skill[3:7], view.readings.routine[3:7] = 0.5, 0.5
    view.readings.routine[5] = [0.1, 0.5, 0.5]
    view.readings.skill[4] = [0.2, 0.5, 0.5]
    assert of_agencies("lowest_first", view) == [0, 0, 1, 0]


def weakest_link(use, *, levels, parents, recipients):
    view = with_readings("use", use, recipients, levels=levels, parents=parents)
    return of_agencies("weakest_link", view, np.asarray(recipients))


def test_weakest_link_serves_each_family_by_its_size():
    """Eight districts below the first ESA, three below the second: a quarter of eight is two, of three at least one."""
    levels = (SEA, ESA, ESA, *[LEA] * 11, CENTER)
    parents = (-1, 0, 0, *[1] * 8, *[2] * 3, -1)
    use = [0.5, 0.2, 0.6, 0.1, 0.7, 0.8, 0.9, 0.3, 0.9, 0.8, 0.95]
    weights = weakest_link(use, levels=levels, parents=parents, recipients=range(3, 14))
    assert weights == [0, 4, 0, 4, 0, 0, 0, 0, 0, 3, 0]


def test_a_parent_that_is_a_recipient_belongs_to_the_family():
    """The first ESA is weakest of its own family and not of that of the ESAs; the second is the weakest ESA."""
    levels, parents = (SEA, ESA, ESA, LEA, LEA, LEA, CENTER), (-1, 0, 0, 1, 1, 2, -1)
    weights = weakest_link([0.3, 0.2, 0.4, 0.5, 0.1], levels=levels, parents=parents, recipients=range(1, 6))
    assert weights == [3, 2, 0, 0, 2]
    assert weakest_link([0.3, 0.2, 0.4, 0.5, 0.3], levels=levels, parents=parents, recipients=range(1, 6)) == [
        3,
        2 + 2,
        0,
        0,
        0,
    ]


def test_agencies_without_a_parent_are_a_family_too():
    assert weakest_link([0.3, 0.2, 0.1], levels=(LEA,) * 3, parents=(-1,) * 3, recipients=range(3)) == [0, 0, 3]


def test_the_weakest_quarter_is_rounded_down():
    levels, parents = (SEA, *[LEA] * 7), (-1, *[0] * 7)
    use = [0.5, 0.2, 0.6, 0.1, 0.7, 0.8, 0.9]
    assert weakest_link(use, levels=levels, parents=parents, recipients=range(1, 8)) == [0, 0, 0, 7, 0, 0, 0]


def test_weakest_link_counts_the_unread_as_average():
    levels, parents = (SEA, *[LEA] * 4), (-1, *[0] * 4)
    assert weakest_link([0.9, NAN, 0.7, 0.8], levels=levels, parents=parents, recipients=range(1, 5)) == [0, 0, 4, 0]
    assert weakest_link([0.9, NAN, 0.9, 0.9], levels=levels, parents=parents, recipients=range(1, 5)) == [4, 0, 0, 0]

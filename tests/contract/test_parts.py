"""Every targeting, schedule, phase of co-design and chain: well-behaved for all readings, and true to its sentence."""

from dataclasses import fields

import numpy as np
import pytest

from capsim.assistance.composed import SCHEDULE_SHAPES, ComposedStrategy, schedule_shares
from capsim.assistance.division import find_stage
from capsim.assistance.targeting import TARGETING_WEIGHTS, weigh
from capsim.catalogue import CHAINS, CODESIGN_PHASES, GROUPINGS, SCHEDULES, TARGETINGS, Recipe
from capsim.instruments.readings import Readings
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import resolve_values
from tests.assistance.fake_view import CENTER, ESA, LEA, SCHOOL, SEA, fake_view

VALUES = resolve_values({"equity_weight": 4.0})
LEVELS = (SEA, ESA, ESA, *[LEA] * 13, SCHOOL, SCHOOL, CENTER)
PARENTS = (-1, 0, 0, *[1] * 9, *[2] * 3, -1, 3, 3, -1)
AGENCIES = np.arange(len(LEVELS) - 1)
DISTRICTS = AGENCIES[3:16]
MONTHLY = 1000.0


def view_of(**facts):
    return fake_view(levels=LEVELS, parents=PARENTS, **facts)


def read_at_random(view, seed, unread):
    """Readings of every instrument, some of them missing; the ends of the scales among them."""
    random = np.random.Generator(np.random.Philox(seed))
    scales = {
        "interest": (1.0, 4.0),
        "self_rating": (1.0, 4.0),
        "self_rated_relevance": (1.0, 4.0),
        "readiness": (0.0, 3.0),
    }
    for field in fields(Readings):
        column = getattr(view.readings, field.name)
        if column.dtype.kind != "f":
            continue
        low, width = scales.get(field.name, (0.0, 1.0))
        drawn = low + width * np.round(random.random(column.shape), 1)
        drawn[random.random(len(column)) < unread] = np.nan
        column[:] = drawn
    return view


def hours_by_agency(view, **parts):
    """TA hours of each agency in the first month of a composition of coaching alone."""
    strategy = ComposedStrategy(Recipe(name="mine", activities={"coaching": 1.0}, **parts), VALUES)
    hours = np.zeros(len(view.level))
    for delivery in strategy.decide(view, 0, view.total_budget, np.empty((len(hours), 0))):
        np.add.at(hours, delivery.organizations, delivery.hours)
    return hours


@pytest.mark.parametrize("recipients", [[], [5], DISTRICTS.tolist(), AGENCIES.tolist()])
@pytest.mark.parametrize("unread", [0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("targeting", TARGETINGS)
def test_weights_are_finite_and_not_negative(targeting, unread, recipients):
    """Whatever is read, of whomever; readings of others do not matter, and nothing is written."""
    rows = np.array(recipients, np.int64)
    for seed in range(10):
        view = read_at_random(view_of(), seed, unread)
        kept = {field.name: getattr(view.readings, field.name).copy() for field in fields(Readings)}
        with np.errstate(all="raise"):
            weights = weigh(targeting, view, rows, VALUES)
        assert weights.shape == (len(rows), 3)
        assert np.isfinite(weights).all()
        assert (weights >= 0.0).all()
        for name, column in kept.items():
            assert np.array_equal(getattr(view.readings, name), column, equal_nan=True)
        others = np.setdiff1d(AGENCIES, rows)
        for field in fields(Readings):
            column = getattr(view.readings, field.name)
            column[(slice(None), others) if field.name == "own" else others] = 1
        assert np.array_equal(weigh(targeting, view, rows, VALUES), weights)


@pytest.mark.parametrize("unread", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("recipients", [("lea",), {"sea": 0.2, "esa": 0.3, "lea": 0.4, "school": 0.1}])
@pytest.mark.parametrize("targeting", TARGETINGS)
def test_shares_sum_to_one(targeting, recipients, unread):
    """All hours go to somebody, unless nobody is chosen; each level gets its share, if somebody there is."""
    for seed in range(10):
        view = read_at_random(view_of(), seed, unread)
        hours = hours_by_agency(view, targeting=targeting, recipients=recipients)
        assert hours.sum() == pytest.approx(MONTHLY) or (hours.sum() == 0.0 and targeting == "volunteers")
        assert (hours >= 0.0).all()
        if not isinstance(recipients, dict):
            assert not np.delete(hours, DISTRICTS).any()
            continue
        by_level = np.array([hours[view.level == AGENCY_LEVELS[level]].sum() for level in recipients])
        shares = np.array(list(recipients.values()))
        served = by_level > 0.0
        assert by_level[served] == pytest.approx(MONTHLY * shares[served] / shares[served].sum())


def _universal(view, hours):
    assert hours == pytest.approx(np.full(13, hours[0]))


def _need(view, hours):
    need = (1 - 0.5 * (view.readings.skill + view.readings.routine))[DISTRICTS].sum(axis=1)
    assert hours == pytest.approx(MONTHLY * need / need.sum(), rel=1e-5)  # who needs nothing still gets a trace


def _self_rated_need(view, hours):
    need = (5 - view.readings.self_rating)[DISTRICTS].sum(axis=1)
    assert hours == pytest.approx(MONTHLY * need / need.sum(), rel=1e-5)


def _relevance(view, hours):
    assert hours == pytest.approx(np.full(13, MONTHLY / 13))  # an agency divides the same hours otherwise


def _need_and_relevance(view, hours):
    need = (1 - 0.5 * (view.readings.skill + view.readings.routine))[DISTRICTS]
    matters = np.maximum(view.readings.relevance[DISTRICTS], 1e-6)
    product = (np.maximum(need, 1e-6) * matters / matters.sum(axis=1, keepdims=True)).sum(axis=1)
    assert hours == pytest.approx(MONTHLY * product / product.sum())


def _self_rated_need_and_relevance(view, hours):
    need = np.maximum(5 - view.readings.self_rating[DISTRICTS], 1e-6)
    matters = np.maximum(view.readings.self_rated_relevance[DISTRICTS] - 1, 1e-6)
    product = (need * matters / matters.sum(axis=1, keepdims=True)).sum(axis=1)
    assert hours == pytest.approx(MONTHLY * product / product.sum())


def _volunteers(view, hours):
    interest = view.readings.interest[DISTRICTS]
    assert not hours[interest < np.median(interest)].any()
    keen = np.flatnonzero(interest >= np.median(interest))
    assert (np.diff(hours[keen][np.argsort(interest[keen])]) >= 0.0).all()
    assert hours[keen] == pytest.approx(hours[keen[0]] * ((interest[keen] - 1) / (interest[keen[0]] - 1)) ** 2)


def _readiness(view, hours):
    ready = view.readings.readiness[DISTRICTS]
    ready = ready >= np.median(ready)
    assert hours == pytest.approx(np.where(ready, MONTHLY / ready.sum(), 0.0))


def _need_and_readiness(view, hours):
    need = (1 - 0.5 * (view.readings.skill + view.readings.routine))[DISTRICTS].sum(axis=1)
    product = need * view.readings.readiness[DISTRICTS]
    assert hours == pytest.approx(MONTHLY * product / product.sum(), rel=1e-5)


def _equity(view, hours):
    favoured = (view.sparse | (view.enrollment < 1000))[DISTRICTS]
    assert 0 < favoured.sum() < 13
    assert hours[favoured] == pytest.approx(np.full(favoured.sum(), 4.0 * hours[~favoured][0]))
    assert hours[~favoured] == pytest.approx(np.full((~favoured).sum(), hours[~favoured][0]))


def _lowest_first(view, hours):
    read = 0.5 * (view.readings.skill + view.readings.routine).mean(axis=1)[DISTRICTS]
    lowest = np.argsort(read, kind="stable")[:4]
    assert hours[lowest] == pytest.approx(np.full(4, MONTHLY / 4))


def _least_sustainable(view, hours):
    levels = 1 + np.minimum(3, np.floor(4 * view.readings.sustainability[DISTRICTS]))
    assert hours == pytest.approx(MONTHLY * (5 - levels.mean(axis=1)) / (5 - levels.mean(axis=1)).sum())


def _weakest_link(view, hours):
    """Nine below the first region, three below the second, one alone: two, one and one of them."""
    use = view.readings.use.mean(axis=1)[DISTRICTS]
    for family, chosen in ((slice(0, 9), 2), (slice(9, 12), 1), (slice(12, 13), 1)):
        size = family.stop - family.start
        weakest = np.argsort(use[family], kind="stable")[:chosen]
        assert hours[family][weakest] == pytest.approx(np.full(chosen, MONTHLY * size / 13 / chosen))
        assert (hours[family] > 0).sum() == chosen


SENTENCES = {
    "universal": _universal,
    "need": _need,
    "self_rated_need": _self_rated_need,
    "relevance": _relevance,
    "self_rated_relevance": _relevance,
    "need_and_relevance": _need_and_relevance,
    "self_rated_need_and_relevance": _self_rated_need_and_relevance,
    "volunteers": _volunteers,
    "readiness": _readiness,
    "need_and_readiness": _need_and_readiness,
    "equity": _equity,
    "lowest_first": _lowest_first,
    "least_sustainable": _least_sustainable,
    "weakest_link": _weakest_link,
}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("targeting", TARGETINGS)
def test_a_targeting_does_what_its_sentence_says(targeting, seed):
    random = np.random.Generator(np.random.Philox(seed))
    view = view_of(sparse=random.random(len(LEVELS)) < 0.3, enrollment=300.0 + 1500.0 * random.random(len(LEVELS)))
    read_at_random(view, seed, 0.0)
    SENTENCES[targeting](view, hours_by_agency(view, targeting=targeting)[DISTRICTS])


@pytest.mark.parametrize("targeting", ["relevance", "self_rated_relevance"])
def test_relevance_sends_hours_where_they_matter(targeting):
    view = read_at_random(view_of(), 3, 0.0)
    read = view.readings.relevance if targeting == "relevance" else view.readings.self_rated_relevance - 1
    strategy = ComposedStrategy(Recipe(name="mine", activities={"coaching": 1.0}, targeting=targeting), VALUES)
    hours = np.zeros((len(view.level), len(view.areas)))
    for delivery in strategy.decide(view, 0, view.total_budget, np.empty((len(hours), 0))):
        np.add.at(hours, (delivery.organizations, delivery.areas), delivery.hours)
    wanted = np.maximum(read[DISTRICTS], 1e-6)
    wanted *= hours[DISTRICTS].sum(axis=1, keepdims=True) / wanted.sum(axis=1, keepdims=True)
    assert hours[DISTRICTS] == pytest.approx(wanted)


@pytest.mark.parametrize("months", [0, 1, 2, 3, 7, 60, 600])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_spends_the_whole_budget(schedule, months):
    shares = schedule_shares(schedule, months)
    assert shares.shape == (months,)
    assert np.isfinite(shares).all()
    assert (shares >= 0.0).all()
    assert shares.sum() == pytest.approx(float(months > 0), abs=1e-12)


def _level(shares):
    assert np.ptp(shares) == 0.0


def _front_loaded(shares):
    assert np.allclose(np.diff(shares, 2), 0.0, atol=1e-15)
    assert shares[0] == pytest.approx(2 / 60 * (1 - 0.5 / 60))
    assert shares[-1] == pytest.approx(2 / 60 * 0.5 / 60)


def _taper(shares):
    assert np.ptp(shares[:40]) < 1e-15
    assert np.allclose(np.diff(shares[40:], 2), 0.0, atol=1e-15)
    assert shares[40] == pytest.approx(shares[0] * (1 - 0.5 / 20))
    assert shares[-1] == pytest.approx(shares[0] * 0.5 / 20)


SHAPES = {"level": _level, "front_loaded": _front_loaded, "taper": _taper}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_has_the_shape_that_its_sentence_says(schedule):
    SHAPES[schedule](schedule_shares(schedule, 60))


PHASES = {"none": set(), "planning": {0, 5}, "implementation": {6, 40}, "both": {0, 5, 6, 40}}


@pytest.mark.parametrize("codesign", CODESIGN_PHASES)
def test_codesign_is_on_in_the_phase_that_its_name_says(codesign):
    mine = Recipe(name="mine", activities={"coaching": 1.0}, codesign=codesign)
    assert {month for month in (0, 5, 6, 40) if find_stage(mine, month, 60, VALUES).codesign} == PHASES[codesign]


PASSES_ON = {"direct": False, "cascade": True}


@pytest.mark.parametrize("unread", [0.0, 1.0])
@pytest.mark.parametrize("targeting", TARGETINGS)
@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_passes_on_or_does_not(chain, targeting, unread):
    """With weights of the agencies below, by the targeting: finite, not negative, none for the state and the center."""
    mine = Recipe(name="mine", activities={"coaching": 1.0}, chain=chain, recipients=("esa",), targeting=targeting)
    for seed in range(5):
        view = read_at_random(view_of(), seed, unread)
        for delivery in ComposedStrategy(mine, VALUES).decide(view, 0, MONTHLY, np.empty((len(LEVELS), 0))):
            assert (delivery.cascade is not None) == PASSES_ON[chain]
            assert set(np.asarray(delivery.organizations)) <= {1, 2}
            if delivery.cascade is not None:
                below = np.arange(1, len(LEVELS) - 1)
                weights = weigh(targeting, view, below, VALUES).sum(axis=1)
                assert np.array_equal(delivery.cascade, [0.0, *weights, 0.0])
                assert np.isfinite(weights).all()


STAYS_HOME = {"mixed": False, "by_state": True}


@pytest.mark.parametrize("grouping", GROUPINGS)
def test_a_grouping_is_passed_on(grouping):
    mine = Recipe(name="mine", activities={"joint_call": 1.0}, grouping=grouping)
    (delivery,) = ComposedStrategy(mine, VALUES).decide(view_of(), 0, MONTHLY, np.empty((len(LEVELS), 0)))
    assert delivery.by_state == STAYS_HOME[grouping]


def test_every_row_of_every_table_is_tried():
    assert set(TARGETING_WEIGHTS) == set(SENTENCES) == set(TARGETINGS)
    assert set(SCHEDULE_SHAPES) == set(SHAPES) == set(SCHEDULES)
    assert set(PHASES) == set(CODESIGN_PHASES)
    assert set(PASSES_ON) == set(CHAINS)
    assert set(STAYS_HOME) == set(GROUPINGS)

"""Composed strategies on a view without a world: who gets which hours of what, by hand."""

import time

import numpy as np
import pytest

from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.errors import InputError
from capsim.parameters import resolve_values

from .composing import MONTHLY, VALUES, by_agency, composed, decide, hours_of, month_of
from .fake_view import CENTER, ESA, LEA, SEA, fake_view


def test_the_plain_case():
    """Two activities, districts alike, the first two areas; one activity belongs to no area."""
    hours = month_of(fake_view(), activities={"coaching": 0.6, "goal_setting": 0.4}, focal_areas=2)
    assert list(hours) == ["coaching", "goal_setting"]
    assert hours["coaching"][3:7] == pytest.approx(np.tile([75.0, 75.0, 0.0, 0.0], (4, 1)))
    assert hours["goal_setting"][3:7] == pytest.approx(np.tile([0.0, 0.0, 0.0, 100.0], (4, 1)))
    assert not any(table[[0, 1, 2, 7]].any() for table in hours.values())


@pytest.mark.parametrize("name", ACTIVITIES)
def test_activities_come_with_an_area_if_they_belong_to_one(name):
    hours = month_of(fake_view(), activities={name: 1.0}, recipients=ACTIVITIES[name].levels)[name]
    assert hours.sum() > 0.0
    assert bool(hours[:, :3].any()) == ACTIVITIES[name].by_area
    assert bool(hours[:, 3].any()) != ACTIVITIES[name].by_area


def test_focal_areas_by_name_and_by_weight():
    view = fake_view()
    view.readings.skill[3:7], view.readings.routine[3:7] = [0.2, 0.9, 0.4], 0.5
    hours = month_of(view, activities={"coaching": 1.0}, targeting="need", focal_areas=1)["coaching"]
    assert hours[3:7] == pytest.approx(np.tile([250.0, 0.0, 0.0, 0.0], (4, 1)))
    hours = month_of(view, activities={"coaching": 1.0}, focal_areas=("c", "b"))["coaching"]
    assert hours[3:7] == pytest.approx(np.tile([0.0, 125.0, 125.0, 0.0], (4, 1)))
    with pytest.raises(InputError, match="focal areas z are not in this world; it has a, b, c"):
        month_of(view, activities={"coaching": 1.0}, focal_areas=("a", "z"))


def test_universal_activities_go_to_all_in_all_areas():
    view = fake_view()
    view.readings.interest[3:7] = [1.0, 2.0, 3.0, 4.0]
    parts = {"targeting": "volunteers", "focal_areas": 1, "activities": {"webinar": 0.4, "training": 0.6}}
    hours = month_of(view, **parts)
    assert hours["webinar"][3:7, :3] == pytest.approx(np.full((4, 3), 400.0 / 12))
    assert hours["training"][3:7, 0] == pytest.approx(np.array([0, 0, 4.0, 9.0]) / 13 * 600.0)


def test_targeting_by_tier():
    view = fake_view(sparse=[False] * 3 + [True] + [False] * 4)
    view.readings.interest[3:7] = [1.0, 2.0, 3.0, 4.0]
    activities = {"training": 0.5, "coaching": 0.5}
    hours = month_of(view, activities=activities, targeting={"targeted": "volunteers", "intensive": "equity"})
    assert by_agency(hours["training"])[3:7] == pytest.approx(np.array([0, 0, 4.0, 9.0]) / 13 * 500.0)
    assert by_agency(hours["coaching"])[3:7] == pytest.approx(np.array([3.0, 1, 1, 1]) / 6 * 500.0)
    hours = month_of(view, activities=activities, targeting={"intensive": "equity"})
    assert by_agency(hours["training"])[3:7] == pytest.approx([125.0] * 4)


def test_activities_go_to_levels_in_which_they_can_change_something():
    mix, levels = {"role_redesign": 0.4, "leadership_coaching": 0.6}, {"sea": 0.5, "lea": 0.5}
    hours = month_of(fake_view(), activities=mix, recipients=levels)
    assert by_agency(hours["role_redesign"])[0] == pytest.approx(0.4 * MONTHLY)
    assert by_agency(hours["leadership_coaching"])[0] == pytest.approx(0.5 * 0.6 * MONTHLY)
    assert not month_of(fake_view(), activities=mix)["role_redesign"].any()


def test_levels_get_their_shares():
    view = fake_view()
    parts = {"activities": {"coaching": 1.0}, "recipients": {"sea": 0.2, "esa": 0.3, "lea": 0.5}}
    assert by_agency(month_of(view, **parts)["coaching"]) == pytest.approx([200, 150, 150, 125, 125, 125, 125, 0])
    alone = fake_view(levels=(SEA, LEA, LEA), parents=(-1, 0, 0))
    hours = month_of(alone, **parts)["coaching"]
    assert by_agency(hours) == pytest.approx([1000 * 2 / 7, 1000 * 2.5 / 7, 1000 * 2.5 / 7])
    hours = month_of(view, activities={"coaching": 1.0}, recipients={"sea": 0.0, "lea": 1.0})["coaching"]
    assert by_agency(hours)[0] == 0.0


def test_a_level_at_which_nobody_is_chosen_leaves_its_share_to_the_others():
    view = fake_view()
    view.readings.interest[:7] = [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]
    parts = {"activities": {"coaching": 1.0}, "targeting": "volunteers", "recipients": {"esa": 0.5, "lea": 0.5}}
    assert by_agency(month_of(view, **parts)["coaching"]) == pytest.approx([0, 0, 0, 250, 250, 250, 250, 0])


def test_agencies_without_positions_and_the_center_get_nothing():
    view = fake_view(positions=[5, 5, 5, 0, 5, 5, 5, 10])
    hours = month_of(view, activities={"coaching": 1.0}, recipients=("sea", "esa", "lea", "school"))["coaching"]
    assert by_agency(hours) == pytest.approx([1000 / 6] * 3 + [0] + [1000 / 6] * 3 + [0])


@pytest.mark.parametrize(
    "parts",
    [
        {"recipients": ("school",)},
        {"recipients": {"school": 1.0}},
        {"recipients": {"lea": 0.0}},
        {"targeting": "volunteers"},
        {"targeting": "volunteers", "target_capacities": True},
        {"targeting": "volunteers", "methods": ({"coaching": 1.0}, {"training": 1.0})},
        {"targeting": "volunteers", "codesign": "both"},
    ],
)
def test_nobody_to_serve(parts):
    """No agency of the level, or nobody who volunteers: nothing is delivered, and nothing is divided by zero."""
    view = fake_view()
    view.readings.interest[:] = 1.0
    with np.errstate(all="raise"):
        hours = month_of(view, activities={"coaching": 1.0}, **parts)
    assert sum(table.sum() for table in hours.values()) == 0.0


def test_zero_shares():
    with np.errstate(all="raise"):
        hours = month_of(fake_view(), activities={"coaching": 1.0, "needs_assessment": 0.0, "training": 0.0})
    assert "needs_assessment" not in hours
    assert hours["training"].sum() == 0.0
    assert hours["coaching"].sum() == pytest.approx(MONTHLY)


def test_methods_are_dealt_round_the_areas():
    methods = ({"coaching": 0.6, "training": 0.4}, {"routine_redesign": 0.8, "goal_setting": 0.2})
    hours = month_of(fake_view(), activities={"coaching": 1.0}, methods=methods)
    per_district = 250.0 / 3
    for name, share in (("coaching", 0.6), ("training", 0.4)):
        assert hours[name][3:7] == pytest.approx(np.tile([1.0, 0.0, 1.0, 0.0], (4, 1)) * per_district * share)
    assert hours["routine_redesign"][3:7] == pytest.approx(np.tile([0.0, 0.8, 0.0, 0.0], (4, 1)) * per_district)
    assert hours["goal_setting"][3:7] == pytest.approx(np.tile([0.0, 0.0, 0.0, 0.2], (4, 1)) * per_district)


def test_hours_of_methods_add_up_whatever_the_targetings():
    """Webinars go to three areas alike, coaching to one: half of the first area's mix would get lost or added."""
    hours = month_of(
        fake_view(),
        activities={"coaching": 1.0},
        methods=({"webinar": 0.5, "coaching": 0.5}, {"training": 1.0}),
        focal_areas=1,
    )
    raw = {"webinar": 0.5 * 2 / 3, "coaching": 0.5, "training": 0.0}
    for name, share in raw.items():
        assert hours[name].sum() == pytest.approx(MONTHLY * share / sum(raw.values()))


def test_capacities_that_are_lacking_get_the_hours():
    """District 3 lacks skill in area a, district 4 routine; the others are not read, nor is information moved."""
    view = fake_view(areas=2)
    view.readings.skill[3], view.readings.routine[3] = [0.2, 0.5], [0.8, 0.5]
    view.readings.skill[4], view.readings.routine[4] = [1.0, 1.0], [0.0, 1.0]
    activities = {"coaching": 0.4, "routine_redesign": 0.2, "goal_setting": 0.2, "codesign": 0.2}
    hours = month_of(view, activities=activities, target_capacities=True)
    cell = MONTHLY / 8
    # .4 * .8 against (.2 + .2) * .2: of the .8 that both have, .64 for people
    assert hours["coaching"][3, :2] == pytest.approx([0.64 * cell, 0.4 * cell])
    assert hours["routine_redesign"][3, :2] == pytest.approx([0.08 * cell, 0.2 * cell])
    assert hours["goal_setting"][3, 2] == pytest.approx(0.28 * cell)
    # nothing to build in area b: left as it was
    assert hours["coaching"][4, :2] == pytest.approx([0.0, 0.4 * cell])
    assert hours["routine_redesign"][4, :2] == pytest.approx([0.4 * cell, 0.2 * cell])
    assert hours["coaching"][5:7, :2] == pytest.approx(np.full((2, 2), 0.4 * cell))
    assert hours["codesign"][3:7, 2] == pytest.approx([0.2 * 2 * cell] * 4)
    assert sum(table.sum() for table in hours.values()) == pytest.approx(MONTHLY)


def test_capacities_are_targeted_within_each_agency_and_area_alone():
    """Coaching goes by equity, goal setting does not: what each district gets of both together stays."""
    view = fake_view(sparse=[False] * 3 + [True] + [False] * 4)
    view.readings.skill[3:7], view.readings.routine[3:7] = 0.9, 0.2
    parts = {
        "activities": {"coaching": 0.5, "training": 0.1, "goal_setting": 0.4},
        "targeting": {"intensive": "equity"},
    }
    plain, aimed = month_of(view, **parts), month_of(view, **parts, target_capacities=True)
    assert sum(plain.values()).sum(axis=1) == pytest.approx(sum(aimed.values()).sum(axis=1))
    district = np.array([plain[name][3].sum() for name in ("coaching", "training", "goal_setting")])
    wanted = district * [0.1, 0.1, 0.8]
    wanted *= district.sum() / wanted.sum()
    assert [aimed[name][3].sum() for name in ("coaching", "training", "goal_setting")] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("phase", "on"), [("none", []), ("planning", [0, 5]), ("implementation", [6, 40]), ("both", [0, 5, 6, 40])]
)
def test_codesign_takes_its_share_while_it_lasts(phase, on):
    view = fake_view(sparse=[False] * 3 + [True] + [False] * 4)
    strategy = composed(activities={"coaching": 0.7, "training": 0.3}, codesign=phase, targeting="equity")
    for month in (0, 5, 6, 40):
        hours = hours_of(decide(strategy, view, month), view)
        share = 0.1 if month in on else 0.0
        assert ("codesign" in hours) == bool(share)
        assert hours["coaching"].sum() == pytest.approx(0.7 * (1 - share) * MONTHLY)
        assert hours["training"].sum() == pytest.approx(0.3 * (1 - share) * MONTHLY)
        if share:
            assert hours["codesign"][3:7, 3] == pytest.approx(np.array([3, 1, 1, 1]) / 6 * share * MONTHLY)


def test_codesign_adds_to_what_the_mix_has_of_it():
    hours = month_of(fake_view(), activities={"coaching": 0.5, "codesign": 0.5}, codesign="both")
    assert hours["codesign"].sum() == pytest.approx((0.1 + 0.9 * 0.5) * MONTHLY)
    assert hours["coaching"].sum() == pytest.approx(0.9 * 0.5 * MONTHLY)


def test_planning_ends_in_the_middle_of_a_quarter():
    strategy = composed(resolve_values({"planning_months": 4.5}), activities={"coaching": 1.0}, codesign="planning")
    view = fake_view()
    with_codesign = [month for month in range(8) if "codesign" in hours_of(decide(strategy, view, month), view)]
    assert with_codesign == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("months", "begin"), [(60, 40), (3, 2), (1, 1), (10, 7)])
def test_the_exit_takes_the_last_third(months, begin):
    strategy = composed(
        activities={"coaching": 1.0},
        exit_activities={"sustainability_planning": 0.4, "train_the_trainer": 0.6},
        methods=({"coaching": 1.0},),
    )
    view = fake_view(months=months)
    for month in range(months):
        hours = hours_of(decide(strategy, view, month), view)
        total = view.total_budget / months
        expected = {"sustainability_planning": 0.4, "train_the_trainer": 0.6} if month >= begin else {"coaching": 1.0}
        assert {name: table.sum() / total for name, table in hours.items()} == pytest.approx(expected)


def cascades(deliveries):
    return {delivery.activity: delivery.cascade for delivery in deliveries}


def test_a_cascade_goes_to_regions_and_names_who_is_below():
    view = fake_view(sparse=[False] * 3 + [True] + [False] * 4)
    activities = {"training_institute": 0.5, "publication": 0.2, "goal_setting": 0.2, "needs_assessment": 0.1}
    strategy = composed(activities=activities, chain="cascade", recipients=("esa",), targeting="equity", focal_areas=2)
    deliveries = decide(strategy, view)
    hours = hours_of(deliveries, view)
    readings = by_agency(hours.pop("needs_assessment"))
    assert readings == [0.0, *[VALUES["needs_assessment_ta_hours"]] * 6, 0.0]  # all that the chain reaches, in turn
    for table in hours.values():
        assert by_agency(table)[0] == 0.0
        assert not any(by_agency(table)[3:])
    spare = 100.0 - 7 * VALUES["needs_assessment_ta_hours"]  # for six agencies, and kept for the next
    assert hours["training_institute"].sum() == pytest.approx(500.0 * (1 + spare / 900.0))
    weights = cascades(deliveries)
    assert weights["training_institute"].tolist() == [0, 3, 3, 9, 3, 3, 3, 0]
    assert weights["goal_setting"].tolist() == [0, 3, 3, 9, 3, 3, 3, 0]
    assert weights["publication"].tolist() == [0, 3, 3, 3, 3, 3, 3, 0]
    assert weights["needs_assessment"] is None  # readings are bought directly


def test_a_cascade_without_regions_goes_through_the_parents_of_districts():
    parts = {"activities": {"training": 1.0}, "chain": "cascade", "recipients": ("esa",)}
    view = fake_view(levels=(SEA, LEA, LEA, SEA, LEA, LEA, CENTER), parents=(-1, 0, 0, -1, 3, -1, -1))
    deliveries = decide(composed(**parts), view)
    assert by_agency(hours_of(deliveries, view)["training"]) == pytest.approx([500, 0, 0, 500, 0, 0, 0])
    assert deliveries[0].cascade.tolist() == [0, 3, 3, 0, 3, 3, 0]
    orphans = fake_view(levels=(LEA, LEA, CENTER), parents=(-1, -1, -1))
    deliveries = decide(composed(**parts | {"recipients": {"esa": 1.0}}), orphans)
    assert by_agency(hours_of(deliveries, orphans)["training"]) == pytest.approx([500, 500, 0])
    assert deliveries[0].cascade is None
    nobody = fake_view(levels=(SEA, CENTER), parents=(-1, -1))
    assert list(decide(composed(**parts), nobody)) == []


def test_without_a_cascade_nothing_is_passed_on():
    assert cascades(decide(composed(activities={"training": 1.0}, recipients=("esa",)), fake_view())) == {
        "training": None
    }


def large_view():
    """A state of 609 districts, as Ohio, with as many regional agencies that no instrument runs out of turns."""
    levels = (SEA, *[ESA] * 60, *[LEA] * 609, CENTER)
    parents = (-1, *[0] * 60, *[1 + j % 60 for j in range(609)], -1)
    return fake_view(levels=levels, parents=parents, areas=5, total_budget=120_000.0)


def read_something(view, month):
    """New readings of everybody, as instruments might give them."""
    numbers = np.random.Generator(np.random.Philox(month))
    for name in ("skill", "routine", "use"):
        column = getattr(view.readings, name)
        column[:] = numbers.random(column.shape)
    view.readings.readiness[:] = numbers.random(len(view.level)) * 2
    view.readings.interest[:] = 1 + 4 * numbers.random(len(view.level))


@pytest.mark.parametrize("name", STRATEGIES)
def test_shipped_strategies_spend_what_they_may(name):
    """Every month of five years: at most the month's hours plus what was saved for whole units; none are left over."""
    strategy, view = ComposedStrategy(STRATEGIES[name], VALUES), large_view()
    spent, seconds = [], 0.0
    for month in range(60):
        read_something(view, month)
        begin = time.process_time()
        deliveries = decide(strategy, view, month)
        seconds += time.process_time() - begin
        hours = hours_of(deliveries, view)
        assert all((table >= 0.0).all() and not table[-1].any() for table in hours.values())
        spent.append(sum(table.sum() for table in hours.values()))
    mine = STRATEGIES[name]
    units = [VALUES[f"{activity}_ta_hours"] for activity in mine.activities if ACTIVITIES[activity].yields]
    total = 120_000.0 * bool(mine.activities)
    assert total - sum(units) - 1e-6 <= sum(spent) <= total * (1 + 1e-9)
    assert seconds / 60 < 5e-3  # well under a millisecond on a quiet machine


@pytest.mark.parametrize("name", STRATEGIES)
def test_shares_of_hours_are_kept(name):
    """By activity over five years, where no exit and no co-design changes them."""
    mine = STRATEGIES[name]
    strategy, view, spent = ComposedStrategy(mine, VALUES), large_view(), {}
    for month in range(60):
        for activity, table in hours_of(decide(strategy, view, month), view).items():
            spent[activity] = spent.get(activity, 0.0) + table.sum()
    if mine.codesign != "none" or mine.exit_activities or mine.methods:
        assert set(spent) >= {name for method in (mine.methods or (mine.activities,)) for name in method}
        return
    assert set(spent) == set(mine.activities)
    for activity, share in mine.activities.items():
        if ACTIVITIES[activity].yields:  # at most its share: who had a reading has to wait for the next
            assert 0.0 < spent[activity] <= share * 120_000.0 + 1e-6
    shares = {name: share for name, share in mine.activities.items() if not ACTIVITIES[name].yields}
    spare = 120_000.0 - sum(spent[name] for name in set(mine.activities) - set(shares))
    for activity, share in shares.items():
        assert spent[activity] == pytest.approx(share / sum(shares.values()) * spare)

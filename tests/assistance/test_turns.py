"""Instruments bought in turn, and when a composition plans anew."""

import numpy as np
import pytest

from capsim.parameters import resolve_values

from .composing import VALUES, by_agency, composed, decide, hours_of, month_of
from .fake_view import CENTER, ESA, LEA, SEA, fake_view

UNIT = VALUES["readiness_screening_ta_hours"]


def test_each_instrument_has_a_queue_of_its_own():
    """Hours are saved until they pay for a unit; agencies come in turn."""
    visit = VALUES["site_visit_ta_hours"]
    monthly = UNIT / 0.4
    often = resolve_values({"readiness_screening_every_months": 1, "site_visit_every_months": 1})
    strategy = composed(often, activities={"readiness_screening": 0.4, "site_visit": 0.6})
    view = fake_view(total_budget=60 * monthly)
    served, saved = {"readiness_screening": [], "site_visit": []}, 0.0
    for month in range(9):
        for delivery in decide(strategy, view, month):
            served[delivery.activity] += delivery.organizations.tolist()
        saved += 0.6 * monthly
    assert served["readiness_screening"] == [3, 4, 5, 6, 3, 4, 5, 6, 3]
    assert served["site_visit"] == ([3, 4, 5, 6] * 9)[: int(saved / visit + 1e-9)]


def test_at_most_one_unit_an_agency_and_month():
    strategy = composed(activities={"readiness_screening": 1.0})
    view = fake_view(total_budget=60 * UNIT * 5)
    deliveries = decide(strategy, view)
    assert deliveries[0].organizations.tolist() == [3, 4, 5, 6]
    assert deliveries[0].hours.tolist() == [UNIT] * 4


def test_a_stocktake_is_spread_over_the_focal_areas():
    """It builds routine, which belongs to areas; a unit is a unit all the same."""
    unit = VALUES["performance_management_ta_hours"]
    view = fake_view(total_budget=60 * unit * 2)
    hours = month_of(view, activities={"performance_management": 1.0}, focal_areas=2)["performance_management"]
    assert hours[3:7] == pytest.approx(np.array([[0.5, 0.5, 0, 0]] * 2 + [[0, 0, 0, 0]] * 2) * unit)
    methods = ({"coaching": 1.0}, {"performance_management": 1.0}, {"coaching": 1.0})
    view = fake_view(total_budget=60 * unit * 6)
    hours = month_of(view, activities={"coaching": 1.0}, methods=methods)["performance_management"]
    assert hours[3:7] == pytest.approx(np.array([[0, 1.0, 0, 0]] * 2 + [[0, 0, 0, 0]] * 2) * unit)


def test_the_queue_does_not_follow_the_targeting():
    view = fake_view()
    view.readings.interest[3:7] = [1.0, 1.0, 1.0, 5.0]
    parts = {"activities": {"readiness_screening": 0.5, "training": 0.5}, "targeting": "volunteers"}
    hours = month_of(view, **parts)
    assert (np.array(by_agency(hours["readiness_screening"]))[3:7] > 0.0).all()
    assert by_agency(hours["training"])[3:6] == [0.0, 0.0, 0.0]


def coaching_of(strategy, view, month):
    return by_agency(hours_of(decide(strategy, view, month), view)["coaching"])[3:7]


def test_what_is_bought_counts_from_the_next_quarter_on():
    activities = {"coaching": 0.9, "needs_assessment": 0.1}
    strategy, view = composed(activities=activities, targeting="need"), fake_view()
    first = 900.0 + 100.0 - 5 * VALUES["needs_assessment_ta_hours"]  # nobody else is due: all but one unit is spare
    later = 1000.0
    equal = np.full(4, 0.25)
    assert coaching_of(strategy, view, 0) == pytest.approx(equal * first)
    view.readings.skill[3:7], view.readings.routine[3:7] = 0.5, 0.5
    view.readings.skill[3] = view.readings.routine[3] = 0.2
    aimed = np.array([0.8, 0.5, 0.5, 0.5]) / 2.3
    assert coaching_of(strategy, view, 1) == pytest.approx(equal * later)
    assert coaching_of(strategy, view, 2) == pytest.approx(equal * later)
    assert coaching_of(strategy, view, 3) == pytest.approx(aimed * later)


def test_an_agency_is_read_again_when_its_time_has_come():
    """Hours for which nobody is due go to the other activities; one unit is kept, and in the end nothing."""
    strategy = composed(activities={"coaching": 0.5, "readiness_screening": 0.5})
    view = fake_view(total_budget=60 * 10 * UNIT)
    screened, coached = [], []
    for month in range(60):
        hours = hours_of(decide(strategy, view, month), view)
        screened.append(hours["readiness_screening"].sum() / UNIT if "readiness_screening" in hours else 0.0)
        coached.append(hours["coaching"].sum() / UNIT)
    assert screened == pytest.approx([4.0 if month % 12 == 0 else 0.0 for month in range(60)])
    assert coached[0] == pytest.approx(5.0)
    assert coached[1] == pytest.approx(10.0)
    assert coached[-1] == pytest.approx(11.0)
    assert sum(screened) + sum(coached) == pytest.approx(600.0)


def test_what_was_saved_for_an_activity_of_another_phase_is_spent():
    unit = VALUES["needs_assessment_ta_hours"]
    strategy = composed(
        activities={"coaching": 0.5, "needs_assessment": 0.5}, exit_activities={"sustainability_planning": 1.0}
    )
    view = fake_view(months=3, total_budget=3.0 * unit)  # half a unit is saved each month
    spent = [sum(table.sum() for table in hours_of(decide(strategy, view, month), view).values()) for month in range(3)]
    assert spent == pytest.approx([unit / 2, 3 * unit / 2, unit])
    patient = composed(
        activities={"coaching": 0.75, "needs_assessment": 0.25}, exit_activities={"sustainability_planning": 1.0}
    )
    spent = [sum(table.sum() for table in hours_of(decide(patient, view, month), view).values()) for month in range(3)]
    assert spent == pytest.approx([0.75 * unit, 0.75 * unit, 1.5 * unit])


def test_all_targeted_and_intensive_activities_of_an_agency_share_its_focal_areas():
    view = fake_view()
    view.readings.skill[3:7] = view.readings.routine[3:7] = [0.9, 0.1, 0.2]
    view.readings.interest[3:7] = 3.0
    strategy = composed(
        activities={"training": 0.4, "coaching": 0.4, "publication": 0.2},
        targeting={"targeted": "volunteers", "intensive": "need"},
        focal_areas=2,
    )
    hours = hours_of(decide(strategy, view), view)
    for activity in ("training", "coaching"):
        assert not hours[activity][:, 0].any()
        assert (hours[activity][3:7, 1:3] > 0.0).all()
    assert (hours["publication"][3:7, :3] > 0.0).all()  # for everybody, in all areas


def test_a_chain_works_on_the_areas_of_the_agency_at_its_top():
    """Two levels of regional agencies get hours; the lower one takes up the areas of the upper."""
    view = fake_view(levels=(SEA, ESA, ESA, LEA, LEA, ESA, LEA, CENTER), parents=(-1, 0, 1, 2, 2, 0, 5, -1))
    view.readings.skill[:] = view.readings.routine[:] = 0.5
    view.readings.skill[1], view.readings.skill[2], view.readings.skill[5] = [1, 0, 0], [0, 1, 1], [0, 0, 1]
    strategy = composed(
        activities={"coaching": 0.5, "performance_management": 0.5},
        targeting="need",
        chain="cascade",
        recipients=("esa",),
        focal_areas=2,
    )
    hours = hours_of(decide(strategy, view), view)
    for agency, areas in ((1, [1, 2]), (2, [1, 2]), (5, [0, 1])):
        assert np.flatnonzero(hours["coaching"][agency]).tolist() == areas
    for agency, areas in ((1, [1, 2]), (3, [1, 2]), (6, [0, 1])):  # stocktakes go to all that are reached
        assert np.flatnonzero(hours["performance_management"][agency]).tolist() == areas


def test_the_yearly_survey_of_interest_counts_at_once():
    strategy, view = composed(activities={"coaching": 1.0}, targeting="volunteers"), fake_view()
    view.readings.interest[3:7] = [3.0, 3.0, 1.0, 1.0]
    assert coaching_of(strategy, view, 0) == pytest.approx([500.0, 500.0, 0.0, 0.0])
    view.readings.interest[3:7] = [1.0, 1.0, 1.0, 3.0]
    assert coaching_of(strategy, view, 11) == pytest.approx([500.0, 500.0, 0.0, 0.0])
    assert coaching_of(strategy, view, 12) == pytest.approx([0.0, 0.0, 0.0, 1000.0])


def test_a_new_phase_plans_with_what_is_known():
    parts = {"activities": {"coaching": 1.0}, "targeting": "need", "codesign": "planning"}
    strategy, view = composed(resolve_values({"planning_months": 4}), **parts), fake_view()
    coaching_of(strategy, view, 0)
    view.readings.skill[3:7], view.readings.routine[3:7] = 0.5, 0.5
    view.readings.skill[3] = view.readings.routine[3] = 0.2
    assert coaching_of(strategy, view, 3) == pytest.approx([225.0] * 4)
    assert coaching_of(strategy, view, 4) == pytest.approx(np.array([0.8, 0.5, 0.5, 0.5]) / 2.3 * 1000.0)

"""The most that may be spent in a year: in hours or dollars, by year of assistance or of the calendar."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.assistance.composed import capped
from capsim.comparison.compare import compare
from capsim.comparison.ladder import at_budget
from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario, scenario_from_mapping
from capsim.scenario.budgets import caps_of, dollars_per_hour, recipe_of
from capsim.scenario.warnings import find_warnings


def scenario(begins="", **assistance):
    content = load_scenario("classroom").resolved()
    timeline = {"settling": 3, "assistance": 24, "follow_up": 0, **({"begins": begins} if begins else {})}
    budget = {} if "budget_dollars_per_year" in assistance else {"budget_hours_per_year": 1600}
    return scenario_from_mapping(
        {**content, "timeline": timeline, "assistance": {**budget, **assistance}, "replications": 2}
    )


def hours_by_year(given):
    hours = compare(given).hours
    years = (hours["quarter"] - 1) // 4 + 1
    return hours.groupby(["strategy", years])["activity_hours"].sum() / 2.0


def test_a_cap_lowers_the_months_of_its_year_alike():
    shares = np.full(24, 1.0 / 24.0)
    shares[:6] *= 1.5
    found = capped(shares, (300.0, np.inf), 1000.0)
    assert found[:12].sum() * 1000.0 == pytest.approx(300.0)
    assert found[0] / found[11] == pytest.approx(1.5)
    assert np.array_equal(found[12:], shares[12:])
    assert np.array_equal(capped(shares, (), 1000.0), shares)
    assert np.array_equal(capped(shares, (1e9, 1e9), 1000.0), shares)


def test_a_year_spends_at_most_its_cap():
    spent = hours_by_year(scenario(yearly_cap={1: 400}))
    for name in ("individual_focused", "organization_focused", "Half and half"):
        assert spent[name, 1] == pytest.approx(400.0)
        assert spent[name, 2] == pytest.approx(1600.0)


def test_a_cap_in_dollars_is_in_the_hours_of_each_plan():
    given = scenario(budget_dollars_per_year=240_000, yearly_cap={2: 100_000})
    values = resolve_values(given.parameters)
    for name in ("individual_focused", "organization_focused"):
        first, second = caps_of(given, name, values)
        price = dollars_per_hour(recipe_of(given, name), values, months=24)
        assert first == np.inf
        assert second * price == pytest.approx(100_000.0)


def test_years_of_the_calendar_are_those_in_which_a_year_of_assistance_begins():
    given = scenario(begins="2026-07", yearly_cap={2027: 300})
    assert caps_of(given, "individual_focused", resolve_values()) == (np.inf, 300.0)
    assert given.resolved()["assistance"]["yearly_cap"] == {"2027": 300.0}
    assert scenario_from_mapping(given.resolved()) == given


def test_without_a_cap_nothing_is_said():
    assert "yearly_cap" not in scenario().resolved()["assistance"]
    assert caps_of(scenario(), "individual_focused", resolve_values()) == ()


def test_other_budgets_have_other_caps():
    assert dict(at_budget(scenario(yearly_cap={1: 400}), 0.5).assistance.yearly_cap) == {"1": 200.0}


@pytest.mark.parametrize(
    ("caps", "begins", "said"),
    [
        ({3: 100}, "", "there is no assistance in year 3; years are 1 to 2"),
        ({2026: 100}, "", "calendar years need timeline.begins"),
        ({2029: 100}, "2026-07", "years are 1 to 2, or all of them of 2026 to 2027"),
        ({1: 100, 2027: 100}, "2026-07", "there is no assistance in year"),
        ({"first": 100}, "", "'first' is no year"),
        ({1: "$4M"}, "", "write 4000000"),
        ({1: -1}, "", "at least 0"),
        (300, "", "must be a mapping"),
    ],
    ids=["beyond", "no calendar", "other calendar", "mixed", "no year", "currency", "negative", "a number"],
)
def test_wrong_caps_are_one_line(caps, begins, said):
    with pytest.raises(InputError) as caught:
        scenario(begins=begins, yearly_cap=caps)
    assert len(caught.value.problems) == 1
    assert "yearly_cap" in caught.value.problems[0]
    assert said in caught.value.problems[0]


def test_check_says_that_a_cap_leaves_money():
    def warnings(given):
        return [one for one in find_warnings(given, build_agencies(given, resolve_values())) if "yearly_cap" in one]

    (said,) = warnings(scenario(yearly_cap={1: 400, 2: 1600}))
    assert "year 1: less than the budget of 1,600 hours a year" in said
    assert not warnings(scenario(yearly_cap={1: 1600}))

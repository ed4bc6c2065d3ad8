"""A budget in dollars: the same money for every plan, hours by the price of its mix."""

import pytest

from capsim.comparison.compare import compare
from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import load_scenario, scenario_from_mapping
from capsim.scenario.budgets import dollars_per_hour, hours_per_year, range_of_hours
from capsim.scenario.checking import check_scenario


def classroom(**assistance):
    content = load_scenario("classroom").resolved()
    timeline = {"settling": 6, "assistance": 12, "follow_up": 0}
    mixes = [
        {"name": "Trains", "activities": {"training": 1.0}, "targeting": "universal"},
        {"name": "Coaches", "activities": {"coaching": 1.0}, "targeting": "universal"},
        {
            "name": "Trains, then coaches",
            "activities": {"training": 1.0},
            "phases": [{"from_month": 4, "activities": {"coaching": 1.0}}],
        },
    ]
    question = {**content["question"], "contrast": ["Trains", "Coaches"]}
    return scenario_from_mapping(
        {
            **content,
            "timeline": timeline,
            "question": question,
            "strategies": ["none", *mixes],
            "assistance": assistance,
        }
    )


def test_an_hour_costs_the_consultant_and_a_share_of_the_unit():
    values = resolve_values({})
    scenario = classroom(budget_dollars_per_year=100_000)
    price = values["consultant_rate"] + values["training_dollars"] / values["training_ta_hours"]
    assert hours_per_year(scenario, "Trains", values) == pytest.approx(100_000 / price, rel=1e-12)
    assert dollars_per_hour(None, values, months=12) == values["consultant_rate"]
    least, most = range_of_hours(scenario, values)
    assert least == pytest.approx(hours_per_year(scenario, "Trains", values))
    assert most == pytest.approx(hours_per_year(scenario, "Coaches", values))


def test_phases_count_by_their_months():
    values = resolve_values({})
    scenario = classroom(budget_dollars_per_year=100_000)
    trains, coaches, both = (100_000 / hours_per_year(scenario, name, values) for name in scenario.strategy_names[1:])
    assert both == pytest.approx(0.25 * trains + 0.75 * coaches, rel=1e-12)


def test_plans_with_the_same_money_cost_the_same():
    scenario = classroom(budget_dollars_per_year=60_000)
    result = compare(scenario, replications=2, uncertainty="none")
    dollars = result.plan().groupby("strategy")["dollars"].sum()
    assert dollars["Trains"] == pytest.approx(60_000, rel=1e-9)
    assert dollars["Coaches"] == pytest.approx(60_000, rel=1e-9)
    hours = compare(classroom(budget_hours_per_year=400), replications=2, uncertainty="none").plan()
    spent = hours.groupby("strategy")["dollars"].sum()
    assert spent["Trains"] > spent["Coaches"]


def test_a_file_gives_one_of_the_two():
    with pytest.raises(InputError, match="give one of the two"):
        classroom(budget_dollars_per_year=1000, budget_hours_per_year=10)
    with pytest.raises(InputError, match="budget_dollars_per_year: -1 is out of range"):
        classroom(budget_dollars_per_year=-1)
    with pytest.raises(InputError, match="budget_dollars_per_year: must be a number"):
        classroom(budget_dollars_per_year="much")
    with pytest.raises(InputError, match="budget_hours_per_year: is missing"):
        classroom()


def test_what_the_file_says_is_kept_and_told():
    scenario = classroom(budget_dollars_per_year=60_000)
    assert scenario.resolved()["assistance"] == {"budget_dollars_per_year": 60_000}
    assert scenario_from_mapping(scenario.resolved()) == scenario
    assert "$60,000 a year, which buys" in "\n".join(check_scenario(scenario).about)

"""What is solved instead of drawn: other rules start from the same baseline."""

import pytest

from capsim import CapacityModel
from capsim.building import solving
from capsim.building.solving import FLOOR, flow_of, reference_means, solved
from capsim.catalogue.rules import RULES
from capsim.parameters import resolve_values

OTHERS = [(rule.name, form.name) for rule in RULES.values() for form in rule.forms if form.name != rule.default]
BOUND = {("disuse", "none")}
"""Where nobody forgets, people know more even without a floor."""


def usual(values):
    """Routine from which the reference population starts, and its usual skill and routine."""
    return solving._usual(solving._is_regional(values))


@pytest.mark.parametrize("weight", [0.5, 1.0, 2.0])
def test_every_weight_of_support_starts_from_the_usual_baseline_and_has_the_usual_effect(weight):
    values = solved(resolve_values({"support_weight": weight}))
    level, *wanted = usual(values)
    population = solving._Population(values, level, True)
    assert population.means(values) == pytest.approx([*wanted, 1.0], abs=0.005)


def test_what_reports_and_compliance_do_to_a_baseline_is_not_solved_away():
    usual_values = solved(resolve_values({"support_weight": 1.0}))
    bound = solved(resolve_values({"support_weight": 1.0, "compliance_share": 0.8, "reporting_hours": 16.0}))
    assert {name: bound[name] for name in (FLOOR, flow_of(bound), solving.QUALITY)} == {
        name: usual_values[name] for name in (FLOOR, flow_of(bound), solving.QUALITY)
    }


def test_the_defaults_are_their_own_solution():
    values = resolve_values()
    assert solved(values) == values


@pytest.mark.parametrize(("rule", "variant"), OTHERS)
def test_every_variant_starts_from_the_usual_baseline(rule, variant):
    values = solved(resolve_values({}, {rule: variant}))
    skill, routine = reference_means(values)
    _, usual_skill, usual_routine = usual(values)
    assert routine == pytest.approx(usual_routine, abs=0.005)
    if (rule, variant) in BOUND:
        assert values[FLOOR] == 0.0
        assert usual_skill < skill < usual_skill + 0.08
    else:
        assert skill == pytest.approx(usual_skill, abs=0.005)


def test_without_solving_another_rule_would_move_the_baseline():
    values = resolve_values({}, {"enactment": "positions"})
    assert abs(reference_means(values)[1] - usual(values)[2]) > 0.03


def test_facts_of_a_scenario_solve_nothing():
    restless = resolve_values({"lea_annual_exit": 0.4, "months_to_fill": 6.0}, {"codification": "gap"})
    calm = resolve_values({}, {"codification": "gap"})
    assert [solved(restless)[name] for name in (FLOOR, "codification_rate")] == [
        solved(calm)[name] for name in (FLOOR, "codification_rate")
    ]


def test_what_a_scenario_sets_itself_stays():
    values = resolve_values({FLOOR: 0.2}, {"codification": "gap"})
    found = solved(values, fixed=frozenset({FLOOR}))
    assert found[FLOOR] == 0.2
    assert found[flow_of(values)] != values[flow_of(values)]


def test_a_model_with_other_rules_is_solved():
    model = CapacityModel(rules={"codification": "gap"}, seed=1)
    assert model.values["codification_rate"] == solved(resolve_values({}, {"codification": "gap"}))["codification_rate"]

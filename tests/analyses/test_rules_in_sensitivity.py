"""Rules as inputs of a sensitivity analysis, ranked beside parameters."""

import numpy as np
import pytest

from capsim.analyses.sensitivity import sensitivity
from capsim.catalogue.rules import RULES
from capsim.errors import InputError
from capsim.runs.blocks import Block, block_values
from capsim.runs.points import input_bounds, with_forms
from capsim.scenario import load_scenario, scenario_from_mapping
from tests.analyses.toys import toy_evaluate

USE = "use_follow_up_end"
PAIR = ("organization_focused", "individual_focused")
NAMES = ("rules.load", "lea_annual_exit", "rules.disuse")


def structural(**changes):
    return scenario_from_mapping(
        {**load_scenario("classroom").resolved(), "uncertainty": "structure", "parameters": {}, **changes}
    )


def outcomes(points, rng):
    """Decided by one variant of a rule, a little by a parameter, not by the other rule."""
    first = (points["rules.load"] == "setup").to_numpy(np.float64) + 0.5 * points["lea_annual_exit"].to_numpy()
    return {f"{PAIR[0]}:{USE}": first + 0.001 * rng.standard_normal(), f"{PAIR[1]}:{USE}": np.zeros(len(points))}


@pytest.mark.parametrize(("method", "n"), [("sobol", 128), ("morris", 30)])
def test_a_rule_is_ranked_beside_parameters(method, n):
    evaluate = toy_evaluate(outcomes, PAIR, replications=3)
    found = sensitivity(
        "classroom", parameters=NAMES, method=method, n=n, outcome=USE, replications=3, evaluate=evaluate
    )
    ranked = [name for name in found.ranking()["parameter"] if name != "(dummy)"]
    assert ranked[:2] == ["rules.load", "lea_annual_exit"]
    assert set(found.points["rules.load"]) == set(RULES["load"].variants)
    assert found.bounds["rules.disuse"] == (0.0, float(len(RULES["disuse"].forms)))
    assert found.table().set_index("parameter").loc["rules.load", "unit"] == "variant"
    assert "rules.load" in found.sentence()
    assert "rules.load" in [label.get_text() for label in found.plot().get_yticklabels()]


def test_sobol_index_of_a_variant_that_a_third_of_points_have():
    evaluate = toy_evaluate(outcomes, PAIR, replications=3)
    table = sensitivity("classroom", parameters=NAMES, n=512, outcome=USE, replications=3, evaluate=evaluate).table()
    first = table.set_index("parameter")["first"]
    width = float(np.diff(input_bounds(load_scenario("classroom"), NAMES)["lea_annual_exit"])[0])
    of_rule, of_exit = 2.0 / 9.0, (0.5 * width) ** 2 / 12.0
    assert first["rules.load"] == pytest.approx(of_rule / (of_rule + of_exit), abs=0.04)


def test_where_rules_are_drawn_they_vary_unless_the_scenario_fixes_them():
    free = input_bounds(structural(), None)
    assert {name for name in free if name.startswith("rules.")} == {f"rules.{name}" for name in RULES}
    fixed = input_bounds(structural(rules={"load": "setup"}), None)
    assert set(free) - set(fixed) == {"rules.load"}
    assert not any(name.startswith("rules.") for name in input_bounds(structural(uncertainty="assumed"), None))


def test_every_variant_has_its_share_of_the_range():
    import pandas as pd

    forms = [form.name for form in RULES["load"].forms]
    ends = [0.0, 0.99, 1.0, 1.99, 2.0, 3.0]
    assert with_forms(pd.DataFrame({"rules.load": ends}))["rules.load"].tolist() == [
        forms[place] for place in (0, 0, 1, 1, 2, 2)
    ]


def test_points_that_differ_in_rules_are_solved_alike():
    scenario = structural(uncertainty="none")
    point = {"routine_annual_retention": 0.8}
    own = {name: rule.default for name, rule in RULES.items()}
    loose, tied = (block_values(scenario, Block(scenario, (), 0, point=point, rules=r)) for r in ({}, own))
    assert [name for name in loose if loose[name] != tied[name]]
    plain, same = (block_values(scenario, Block(scenario, (), 0, rules=rules)) for rules in ({}, own))
    assert dict(plain) == dict(same)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("rules.laod",), "unknown rule rules.laod; did you mean rules.load?"),
        (("rules.load", "rules.load"), "rules.load is named twice"),
        (("rules.load", "lea_anual_exit"), "unknown parameter lea_anual_exit; did you mean lea_annual_exit?"),
        ((), "name at least one"),
    ],
)
def test_wrong_names_are_one_line(names, told):
    with pytest.raises(InputError) as caught:
        input_bounds(structural(), names)
    assert len(str(caught.value).splitlines()) == 1
    assert told in str(caught.value)

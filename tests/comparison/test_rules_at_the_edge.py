"""Comparisons over luck, assumptions and rules where little is left: one clear line, or a sound run."""

import math

import pytest

from capsim.building.solving import FLOOR, flow_of, solved
from capsim.comparison.compare import compare
from capsim.errors import InputError
from capsim.parameters import PARAMETERS, draw_values
from capsim.scenario import load_scenario, scenario_from_mapping

SHORT = {"timeline": {"settling": 6, "assistance": 4, "follow_up": 2}, "uncertainty": "structure", "replications": 2}
PAIR = ("organization_focused", "individual_focused")
ONE = ["id,name,state,level,enrollment,parent", "S,State,OH,sea,,", "A,Ash,OH,lea,60,S"]


def scenario(tmp_path=None, **changes):
    content = {**load_scenario("classroom").resolved(), **SHORT, "strategies": ["none", *PAIR], **changes}
    if tmp_path is not None:
        (tmp_path / "one.csv").write_text("\n".join(ONE) + "\n")
        content["agencies"] = {"source": "one.csv"}
        return scenario_from_mapping(content, folder=tmp_path)
    return scenario_from_mapping(content)


def is_sound(result):
    outcome = result.runs[result.outcome]
    return not result.failures and outcome.between(0.0, 1.0).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": {"routine_annual_retention": 1.0, "unenacted_annual_retention": 1.0}},
        {"parameters": {"routine_annual_retention": 0.001, "unenacted_annual_retention": 0.001}},
        {"focal_areas": ["equity"]},
        {"focal_areas": [f"area_{k}" for k in range(12)]},
        {"assistance": {"budget_hours_per_year": 0.0}},
    ],
    ids=["nothing is lost", "nothing is kept", "one area", "twelve areas", "no hours"],
)
def test_drawn_rules_run_soundly_at_extremes(changes):
    assert is_sound(compare(scenario(**changes), variants=False))


def test_one_district(tmp_path):
    assert is_sound(compare(scenario(tmp_path), variants=False))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"parameters": {"routine_annual_retention": 0.0}}, "allowed 0.001 to 1"),
        ({"rules": {"codification": "gapp"}}, "rules.codification: unknown variant 'gapp'; did you mean gap?"),
        ({"rules": {"codificaton": "gap"}}, "rules.codificaton: unknown rule; did you mean codification?"),
        ({"rules": "gap"}, "rules: "),
        ({"uncertainty": "structural"}, "did you mean structure?"),
        ({"focal_areas": []}, "focal_areas"),
        ({"focal_areas": [f"area_{k}" for k in range(13)]}, "focal_areas"),
    ],
)
def test_what_cannot_be_is_one_clear_line(changes, told):
    with pytest.raises(InputError) as caught:
        scenario(**changes)
    assert len(str(caught.value).splitlines()) == 1
    assert told in str(caught.value)


@pytest.mark.parametrize("draw", range(4))
def test_levels_are_solved_within_their_ranges_whatever_is_drawn(draw):
    values = solved(draw_values({}, 900 + draw, with_rules=True))
    for name in (FLOOR, flow_of(values)):
        assert math.isfinite(values[name])
        assert PARAMETERS[name].minimum <= values[name] <= PARAMETERS[name].maximum

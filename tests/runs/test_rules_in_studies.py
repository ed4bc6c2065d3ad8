"""Rules in study files: the same for all points, or varied; part of who a run is."""

import pytest
import yaml

import capsim
from capsim.catalogue.rules import RULES
from capsim.errors import InputError
from capsim.runs.blocks import block_values
from capsim.runs.study import load_study, study_from_mapping, study_hash
from capsim.runs.study_plan import make_plan
from capsim.runs.sweep import sweep

SHORT = {"settling": 3, "assistance": 3, "follow_up": 3}
SMALL = {"kind": "sweep", "name": "Rules", "strategies": ["none", "individual_focused"], "replications": 2}


def scenario(**changes):
    return {**capsim.load_scenario("classroom").resolved(), "timeline": SHORT, **changes}


def study(**content):
    return study_from_mapping({**SMALL, "scenario": scenario(), **content})


def ids(asked):
    return [name for task in make_plan(asked).tasks() for name in task.ids]


def test_a_factor_takes_variants_and_names_them_in_every_run(tmp_path):
    asked = study(factors={"rules.codification": ["stock", "gap"], "lea_annual_exit": [0.1, 0.3]}, crn="all")
    found = sweep(asked, out=tmp_path / "out")
    runs = found.runs
    assert runs.groupby(["rules.codification", "lea_annual_exit"]).size().to_dict() == {
        (form, rate): 4 for form in ("stock", "gap") for rate in (0.1, 0.3)
    }
    assert (runs["status"] == "done").all()
    assert runs["run_id"].is_unique
    means = runs.groupby("rules.codification")["use_follow_up_end"].mean()
    assert means["stock"] != means["gap"]
    again = sweep(asked, out=tmp_path / "out")
    assert again.counts == {"done": 16, "failed": 0}
    assert found.query('SELECT DISTINCT "rules.codification" AS form FROM runs ORDER BY 1')["form"].tolist() == [
        "gap",
        "stock",
    ]


@pytest.mark.parametrize("design", ["full_factorial", {"kind": "latin_hypercube", "n": 9}])
def test_every_variant_without_a_list(design):
    plan = make_plan(study(factors={"rules.disuse": None}, design=design))
    assert {point[0] for point in plan.points} == set(RULES["disuse"].variants)


def test_points_that_are_written_out():
    points = [{"rules.load": "setup", "lea_annual_exit": 0.1}, {"rules.load": "areas", "lea_annual_exit": 0.2}]
    plan = make_plan(study(design={"kind": "points", "points": points}))
    assert plan.points == [("setup", 0.1), ("areas", 0.2)]


def test_rules_of_a_study_are_those_of_all_its_points_over_its_scenario():
    asked = study(scenario=scenario(rules={"ending": "none", "load": "areas"}), rules={"load": "setup"})
    assert dict(asked.scenario.rules) == {"ending": "none", "load": "setup"}
    plan = make_plan(asked)
    (task,) = list(plan.tasks())[:1]
    values = block_values(plan.scenario, task.block(plan.scenario, plan.factors))
    assert values["load_rule"] == RULES["load"].code("setup")
    assert values["ending_rule"] == RULES["ending"].code("none")
    plain = study(scenario=scenario(rules={"ending": "none", "load": "areas"}))
    assert study_hash(asked) != study_hash(plain)
    assert not set(ids(asked)) & set(ids(plain))
    assert study_from_mapping(asked.resolved()) == asked


def test_drawn_rules_are_asked_for_by_name_and_make_other_runs():
    made = {drawn: study(assumptions=drawn) for drawn in ("default", "drawn", "structure")}
    assert len({name for asked in made.values() for name in ids(asked)}) == 3 * 4
    for drawn, asked in made.items():
        plan = make_plan(asked)
        task = next(plan.tasks())
        values = block_values(plan.scenario, task.block(plan.scenario, plan.factors, asked.assumptions))
        other = [name for name, rule in RULES.items() if values[rule.parameter] != rule.code(rule.default)]
        assert bool(other) == (drawn == "structure")


def test_what_is_wrong_stands_with_its_line(tmp_path):
    path = tmp_path / "study.yaml"
    content = {**SMALL, "scenario": "classroom", "rules": {"laod": "setup"}, "factors": {"rules.disuse": ["huors"]}}
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    with pytest.raises(InputError) as caught:
        load_study(path)
    text = str(caught.value)
    assert "rules.laod: unknown rule; did you mean load?" in text
    assert "factors.rules.disuse[0]: unknown variant 'huors'; did you mean hours?" in text
    assert all(f"{path}:" in line for line in text.splitlines())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"rules": ["load"]}, "rules: must be a mapping from rule to variant"),
        ({"factors": {"rules.lod": ["setup"]}}, "unknown factor; factors are the parameters"),
        ({"factors": {"rules.load": ["setup", "setup"]}}, "a value is given twice"),
        ({"factors": {"rules.load": []}}, "factors.rules.load"),
        ({"factors": {"rules.load": [1.0]}}, "factors.rules.load"),
        ({"design": {"kind": "points", "points": [{"rules.load": "stup"}]}}, "did you mean setup?"),
    ],
)
def test_one_line_for_each_mistake(content, told):
    with pytest.raises(InputError) as caught:
        study(**content)
    assert len(str(caught.value).splitlines()) == 1
    assert told in str(caught.value)

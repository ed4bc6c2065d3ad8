"""Study files: every problem at once with its line, defaults filled in, one hash for one content."""

from __future__ import annotations

import pytest

from capsim.errors import InputError
from capsim.runs.blocks import Block, run_block
from capsim.runs.designs import Levels, Range
from capsim.runs.outcomes import outcome_names
from capsim.runs.study import is_study_file, load_study, study_from_mapping, study_hash
from capsim.scenario import load_scenario

GOOD = """\
kind: sweep
name: Good
scenario: classroom
factors:
  lea_annual_exit:
  experience_rate: {low: 0.01}
  budget_hours_per_year: [200, 400]
design: {kind: latin_hypercube, n: 4}
"""
BAD = """\
kind: sweep
name: Bad
scenario: classrom
factors:
  lea_annual_exit: [0.1, 7, 0.2]
  lea_anual_exit:
  budget_hours_per_year: {low: 3}
  experience_rate: {lw: 2}
design: {kind: latin_hypercub, n: 3}
replicatons: 3
strategies: [none, blnded]
seed: -1
crn: polices
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def one(text, name="study.yaml"):
        (tmp_path / name).write_text(text)
        return name

    return one


def problems(path):
    with pytest.raises(InputError) as caught:
        load_study(path)
    return list(caught.value.problems)


def test_what_a_file_leaves_out_is_the_scenarios_or_declared(write):
    study = load_study(write(GOOD))
    classroom = load_scenario("classroom")
    assert study.scenario == classroom
    assert study.strategy_names == classroom.strategy_names
    assert (study.replications, study.seed) == (classroom.replications, classroom.seed)
    exits = study.factors["lea_annual_exit"]
    assert isinstance(exits, Range)
    assert (exits.low, exits.high) == (0.10, 0.25)
    assert study.factors["experience_rate"].low == 0.01
    assert study.factors["budget_hours_per_year"] == Levels(values=(200.0, 400.0))


def test_every_problem_at_once_with_its_line(write):
    found = problems(write(BAD))
    starts = [
        "study.yaml:3: scenario: no such file: classrom, and no shipped scenario",
        "study.yaml:5: factors.lea_annual_exit[1]: 7 is out of range",
        "study.yaml:6: factors.lea_anual_exit: unknown factor",
        "study.yaml:7: factors.budget_hours_per_year: needs high, or a list of values",
        "study.yaml:8: factors.experience_rate.lw: unknown key; allowed: high, low, points",
        "study.yaml:9: design: unknown kind 'latin_hypercub'",
        "study.yaml:10: replicatons: unknown key",
        "study.yaml:11: strategies[1]: unknown strategy 'blnded'",
        "study.yaml:12: seed: -1 is out of range",
        "study.yaml:13: crn: 'polices' is not allowed",
    ]
    assert len(found) == len(starts)
    for line, start in zip(found, starts, strict=True):
        assert line.startswith(start)
    for place, name in ((0, "classroom"), (2, "lea_annual_exit"), (5, "latin_hypercube"), (6, "replications")):
        assert f"did you mean {name}?" in found[place]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: sweep", "kind: sweeep", "study.yaml:1: kind: unknown kind 'sweeep'; allowed: sweep"),
        ("kind: sweep\n", "", "study.yaml:1: a study needs a kind; allowed: sweep"),
        ("n: 4}", "n: 0}", "study.yaml:8: design.n: 0 is out of range; it must be at least 1"),
        ("kind: latin_hypercube, n: 4", "kind: sobol, n: 6", "study.yaml:8: design: n must be a power of two"),
        ("{kind: latin_hypercube, n: 4}", "full_factorial", "study.yaml:5: factors.lea_annual_exit: a full factorial"),
        ("{low: 0.01}", "{low: 0.3, high: 0.2}", "study.yaml:6: factors.experience_rate"),
        ("[200, 400]", "[200, 200]", "study.yaml:7: factors.budget_hours_per_year: a value is given twice"),
        ("[200, 400]", "[200, -4]", "study.yaml:7: factors.budget_hours_per_year[1]: must be a number from 0"),
        ("[200, 400]", "7", "study.yaml:7: factors.budget_hours_per_year: must be a list of values, or a mapping"),
        ("name: Good", "name: Good\noutcomes: [use_follow_up_en]", "study.yaml:3: outcomes[0]: unknown outcome"),
        ("name: Good", "name: Good\ncrn: none\noutcomes: [gain_use_follow_up_end]", "crn: none pairs no runs"),
        ("name: Good", "name: Good\nstrategies: [none, none]", "there are two strategies named 'none'"),
        ("name: Good", "name: Good\nreplications: 0", "study.yaml:3: replications: 0 is out of range"),
        ("scenario: classroom", "scenario: 7", "study.yaml:3: scenario: must be the name"),
        ("scenario: classroom", "scenario: bad.yaml", "bad.yaml:1: "),
    ],
)
def test_single_problems(write, old, new, message):
    write("name: 3\n", "bad.yaml")
    found = problems(write(GOOD.replace(old, new)))
    assert any(message in line for line in found), found


def test_points_have_the_same_known_factors(write):
    text = GOOD[: GOOD.index("factors:")] + "design:\n  kind: points\n  points:\n"
    found = problems(write(text + "    - {lea_annual_exit: 2}\n    - {lea_anual_exit: 0.1}\n"))
    assert [line.split(": ")[:2] for line in found] == [
        ["study.yaml:7", "design.points[0].lea_annual_exit"],
        ["study.yaml:8", "design.points[1]"],
        ["study.yaml:8", "design.points[1].lea_anual_exit"],
    ]


def test_a_scenario_beside_the_study_and_its_own_strategies(write, tmp_path):
    content = (load_scenario("classroom").resolved())["strategies"]
    assert isinstance(content[-1], dict)
    study = load_study(write(GOOD + "strategies: [none, Half and half]\n"))
    assert study.resolved()["strategies"] == ["none", content[-1]]


def test_resolved_studies_are_studies_again(write):
    study = load_study(write(GOOD))
    again = study_from_mapping(study.resolved())
    assert again == study
    assert study_hash(again) == study_hash(study)
    with pytest.raises(InputError, match=r"^study: crn: 'x' is not allowed"):
        study_from_mapping({**study.resolved(), "crn": "x"})


def test_the_hash_is_of_what_is_run(write):
    study = load_study(write(GOOD))
    same = load_study(write("# a comment\n" + GOOD.replace("[200, 400]", "[200.0, 4e2]")))
    assert study_hash(same) == study_hash(study)
    assert study_hash(load_study(write(GOOD + "time_limit_seconds: 9\n"))) == study_hash(study)
    for change in ("seed: 2", "replications: 9", "crn: all", "assumptions: drawn", "strategies: [none]"):
        assert study_hash(load_study(write(GOOD + change + "\n"))) != study_hash(study), change
    assert study_hash(load_study(write(GOOD.replace("classroom", "ohio")))) != study_hash(study)


def test_study_files_are_told_from_scenarios(write):
    assert is_study_file(write(GOOD))
    assert not is_study_file(write("name: 3\n"))
    assert not is_study_file("nowhere.yaml")


@pytest.mark.parametrize("strategies", [("none", "individual_focused"), ("individual_focused",)])
def test_declared_outcomes_are_those_of_runs(strategies):
    scenario = load_scenario("classroom")
    result = run_block(Block(scenario.resolved(), strategies, 0))
    for run in result.runs:
        assert tuple(run.outcomes) == outcome_names(gains="none" in strategies, recorded=scenario.recorded)

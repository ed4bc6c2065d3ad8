"""Starting files that can be used at once."""

from __future__ import annotations

import json
import os

import pytest

from capsim.scenario import check_scenario, load_scenario


def test_new_scenario_can_be_checked_at_once(capsim, folder):
    assert capsim("new", "scenario", "my-first").exit_code == 0
    scenario = load_scenario(folder / "my-first.yaml")
    assert scenario.name == "My first"
    assert "capsim check my-first.yaml" in (folder / "my-first.yaml").read_text()
    assert capsim("check", "my-first.yaml").exit_code == 0


@pytest.mark.parametrize(
    "wanted",
    [{"synthetic"}, {"real"}, {"own"}, {"real", "survey"}, {"own", "survey"}],
    ids=lambda names: "+".join(sorted(names)),
)
def test_the_comments_of_a_new_scenario_can_be_followed(capsim, folder, wanted):
    for what in ("scenario", "agencies", "survey"):
        assert capsim("new", what, "ours").exit_code == 0
    block, lines = "", []
    for line in (folder / "ours.yaml").read_text().splitlines():
        first = line.split(":")[0].strip(" #")
        block = {"1": "synthetic", "2": "real", "3": "own", "question": "rest"}.get(first, block)
        block = "survey" if line.startswith("  # and, with 2 or 3") else block
        comment = line.startswith(("  # 1:", "  # 2:", "  # 3:", "  # and, ")) or block in {"", "rest"}
        plain = line.replace("# ", "", 1) if line.startswith("  # ") else line
        lines.append(line if comment else plain if block in wanted else f"  # {plain.strip()}")
    (folder / "ours.yaml").write_text("\n".join(lines) + "\n")
    given = load_scenario("ours.yaml").agencies
    assert (given.source == "synthetic") == ("synthetic" in wanted)
    assert given.own_file == ("own" in wanted)
    assert bool(given.survey) == ("survey" in wanted)
    if wanted != {"real", "survey"}:  # the examples of the survey are of other agencies
        checked = capsim("check", "ours.yaml")
        assert checked.exit_code == 0
        # the hours of the template are for a handful of agencies, not for a state
        few = "real" in wanted
        assert ("of which hardly anything is left" in checked.stderr) if few else checked.stderr == ""


def test_a_new_scenario_with_agencies_and_a_survey_of_ones_own(capsim, folder):
    (folder / "data").mkdir()
    assert capsim("new", "agencies", os.path.join("data", "our districts")).exit_code == 0
    assert capsim("new", "survey", os.path.join("data", "mine")).exit_code == 0
    table, seen = os.path.join("data", "our districts.csv"), os.path.join("data", "mine_survey.csv")
    assert capsim("new", "scenario", "ours", "--agencies", table, "--survey", seen).exit_code == 0
    checked = capsim("check", "ours.yaml")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "3 districts" in checked.stdout
    assert load_scenario("ours.yaml").agencies.survey == str((folder / seen).resolve())
    assert capsim("new", "scenario", "x", "--agencies", "nowhere.csv").stderr == "nowhere.csv: no such file\n"
    (folder / "empty.csv").touch()
    refused = capsim("new", "scenario", "x", "--agencies", "empty.csv")
    assert refused.stderr.startswith("empty.csv:1: the file is empty")
    assert not (folder / "x.yaml").exists()
    assert "--survey needs --agencies" in capsim("new", "scenario", "x", "--survey", seen).stderr
    assert not list(folder.glob("x*"))


def test_new_agencies_can_be_read_at_once(capsim, folder, change):
    assert capsim("new", "agencies", "districts").exit_code == 0
    scenario = load_scenario(folder / change("agencies: {source: districts.csv}"))
    check_scenario(scenario)
    assert scenario.agencies.source.endswith("districts.csv")


def test_new_strategy_runs_at_once_and_stays_within_its_budget(capsim, folder, change, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    assert capsim("new", "strategy", "first_try").exit_code == 0
    name = change("strategies: [none, individual_focused, organization_focused, {plugin: 'first_try:FirstTry'}]")
    result = capsim("run", name, "--strategy", "FirstTry", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["outcomes"]["ta_hours"] == pytest.approx(400.0)
    hours = [month["ta_hours"] for month in found["months"] if month["level"] == "lea"]
    assert hours == pytest.approx([400.0 / 12 / 2] * 12 + [0.0] * 12)


@pytest.mark.parametrize("kind", ["sweep", "sensitivity", "calibrate", "optimize"])
def test_new_study_can_be_checked_at_once(capsim, folder, kind):
    done = capsim("new", "study", "what-lasts", "--kind", kind)
    assert (done.exit_code, done.stdout) == (
        0,
        f"what-lasts.yaml written; run it with   capsim {kind} what-lasts.yaml\n",
    )
    checked = capsim("check", "what-lasts.yaml")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert f"What lasts; {kind}, study hash" in checked.stdout
    assert not [
        line for line in (folder / "what-lasts.yaml").read_text().splitlines() if "|" in line or "{stem}" in line
    ]


def test_a_new_study_of_a_scenario_of_ones_own(capsim, folder):
    capsim("new", "scenario", "mine")
    (folder / "studies").mkdir()
    assert capsim("new", "study", os.path.join("studies", "turnover"), "--scenario", "mine.yaml").exit_code == 0
    assert capsim("check", os.path.join("studies", "turnover.yaml")).exit_code == 0
    refused = capsim("new", "study", "x", "--scenario", "clasroom")
    assert (refused.exit_code, "did you mean classroom?" in refused.stderr) == (2, True)
    assert not list(folder.glob("x*"))


@pytest.mark.parametrize(
    ("kind", "old", "new", "problem"),
    [
        ("sensitivity", "tie_fade", "tie_decay", "12: parameters: unknown parameter tie_decay; did you mean tie_fade?"),
        ("sensitivity", "individual_focused]", "individual]", "9: contrast: unknown strategy 'individual'"),
        ("sensitivity", "replications: 16", "replications: 1", "13: replications: must be 2 or more, got 1"),
        ("sensitivity", "seed: 1", "outcome: usage", "14: outcome: unknown outcome 'usage'"),
        ("calibrate", "months_to_fill", "months", "10: parameters: unknown parameter months"),
        ("calibrate", "seed: 1", "strategy: nothing", "14: strategy: unknown strategy 'nothing'"),
        ("optimize", "equity_size", "equality", "9: objectives: 'equality' is not one of"),
        ("optimize", "seed: 1", "activities: [coachin]", "16: activities: 'coachin' is not one of"),
        ("optimize", "seed: 1", "uncertain: [rules.none]", "16: uncertain: unknown rule rules.none"),
    ],
)
def test_what_an_analysis_refuses_its_check_refuses(capsim, folder, kind, old, new, problem):
    capsim("new", "study", "study", "--kind", kind)
    file = folder / "study.yaml"
    file.write_text(file.read_text().replace(old, new))
    checked, ran = capsim("check", "study.yaml"), capsim(kind, "study.yaml")
    assert (checked.exit_code, ran.exit_code) == (2, 2)
    assert checked.stderr.startswith(f"study.yaml:{problem}")
    assert ran.stderr == checked.stderr


@pytest.mark.parametrize(
    ("what", "file"), [("scenario", "x.yaml"), ("study", "x.yaml"), ("strategy", "x.py"), ("agencies", "x.csv")]
)
def test_new_never_overwrites(capsim, folder, what, file):
    (folder / file).write_text("mine")
    result = capsim("new", what, "x")
    assert result.exit_code == 2
    assert result.stderr == f"{file}: exists already and is left as it is; choose another name\n"
    assert (folder / file).read_text() == "mine"


def test_new_strategy_needs_a_python_name(capsim, folder):
    result = capsim("new", "strategy", "my-own")
    assert result.exit_code == 2
    assert result.stderr.startswith("my-own: a module needs a Python name")
    assert not list(folder.glob("my-own*"))


def test_new_in_a_missing_folder(capsim):
    result = capsim("new", "scenario", os.path.join("nowhere", "x"))
    assert (result.exit_code, result.stderr) == (2, "nowhere/x.yaml: there is no folder nowhere\n")

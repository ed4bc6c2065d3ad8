"""What the command line offers before anything runs: help, lists, starting files, and how quickly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    GROUPINGS,
    INSTRUMENTS,
    LOGGED,
    MEASURES,
    PROCESS_NAMES,
    RECIPIENTS,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
)
from capsim.cli import main
from capsim.parameters import PARAMETERS
from capsim.scenario import Composition, check_file, load_scenario, shipped_scenarios

ROOT = Path(__file__).resolve().parents[2]
PARTS = [*TARGETINGS, *SCHEDULES, *CODESIGN_PHASES, *CHAINS, *GROUPINGS, *RECIPIENTS]
HEAVY = ("numpy", "numba", "pandas", "mesa", "scipy", "matplotlib", "duckdb", "networkx", "pydantic")


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = []
    for name, command in group.commands.items():
        here = (*path, name)
        found += commands(command, here) if isinstance(command, click.Group) else [(here, command)]
    return found


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_commands_are_those_of_the_contract():
    first = {"run", "compare", "report", "check", "new", "list", "verify"}
    studies = {"sweep", "query", "compact", "sensitivity", "calibrate", "optimize", "explain"}
    assert first <= set(main.commands) <= first | studies


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_has_help_with_an_example_and_quiet(capsim, path):
    result = capsim(*path, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"capsim {' '.join(path)}" in result.output
    assert "--quiet" in result.output


def test_commands_that_print_tables_have_json():
    with_json = {" ".join(path) for path, command in commands() if any(p.name == "as_json" for p in command.params)}
    names = "parameters strategies parts activities instruments measures processes scenarios"
    lists = {f"list {name}" for name in names.split()}
    assert with_json >= {"run", "compare", "check", "verify"} | lists


def test_importing_capsim_and_its_command_line_loads_nothing_heavy():
    code = "import sys, capsim, capsim.cli; print([m for m in {heavy} if m in sys.modules])"
    assert python(code.replace("{heavy}", repr(HEAVY))) == "[]"


def test_help_takes_less_than_half_a_second():
    code = "import os, capsim.cli as c; c.main(['--help'], standalone_mode=False); print(sum(os.times()[:2]))"
    assert min(float(python(code).splitlines()[-1]) for _ in range(3)) < 0.5


def test_version(capsim):
    from importlib.metadata import version

    assert capsim("--version").output == f"capsim {version('capsim')}\n"


def test_unknown_command_names_the_nearest(capsim):
    result = capsim("lst", "classroom")
    assert result.exit_code == 2
    assert "No such command 'lst'. Did you mean 'list'?" in result.stderr


def test_unknown_option_names_the_nearest(capsim):
    result = capsim("compare", "classroom", "--worker", "2")
    assert result.exit_code == 2
    assert "No such option '--worker'. Did you mean '--workers'?" in result.stderr


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("parameters", list(PARAMETERS)),
        ("strategies", list(STRATEGIES)),
        ("parts", PARTS),
        ("activities", list(ACTIVITIES)),
        ("instruments", list(INSTRUMENTS)),
        ("measures", list(MEASURES)),
        ("processes", list(PROCESS_NAMES)),
        ("scenarios", list(shipped_scenarios())),
    ],
)
def test_list_names_all_there_is(capsim, what, names):
    rows = json.loads(capsim("list", what, "--json").stdout)
    assert [row["name"] for row in rows] == names
    assert capsim("list", what, "--quiet").stdout.split() == names
    text = capsim("list", what).stdout
    assert all(name in text for name in names)


def test_list_strategies_says_what_each_does_with_the_hours(capsim):
    text = capsim("list", "strategies").stdout
    assert max(map(len, text.splitlines())) <= 100
    blocks = {block.split("\n")[0]: " ".join(block.split()) for block in text.split("\n\n")}
    for name, one in STRATEGIES.items():
        assert f"{one.meaning} [{one.source}]" in blocks[name]
        for mix in (one.exit_activities, *(one.methods or (one.activities,))):
            assert all(f"{activity} {share:.0%}" in blocks[name] for activity, share in mix.items())
    assert "targeted activities: volunteers; intensive activities: by assessed need" in blocks["tiered"]
    assert "state agency 20%, regional agencies 30%, districts 50%" in blocks["system_capacity"]
    assert "how cascade; 2 focal areas in each agency" in blocks["network_teams"]
    assert "co-design while planning" in blocks["co_designed"]
    assert "when tapered; in the last third sustainability_review 8%, " in blocks["sustainability"]


def test_list_strategies_has_every_part_for_machines(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "strategies", "--json").stdout)}
    for name, one in STRATEGIES.items():
        for field in fields(one):
            value = getattr(one, field.name)
            if field.name != "focal_areas":
                assert rows[name][field.name] == (list(value) if isinstance(value, tuple) else value)
        assert rows[name]["focal_areas"] == (one.focal_areas or "all")


def test_list_activities_says_what_one_unit_takes_and_does(capsim):
    text = capsim("list", "activities").stdout
    assert max(map(len, text.splitlines())) <= 100
    for name, one in ACTIVITIES.items():
        row = next(line.split() for line in text.splitlines() if line.startswith(f"{name} "))
        assert row[1:4] == [one.tier, one.participants, one.builds]
        numbers = [PARAMETERS[f"{name}_{what}"].default for what in ("ta_hours", "recipient_hours", "seats")]
        assert [float(cell) for cell in row[4:7]] == numbers
        assert float(row[-1].replace(",", "")) == PARAMETERS[f"{name}_dollars"].default
        assert " ".join(one.meaning.split()) in " ".join(text.split())
    assert "Effect: skill 0.1 x 0.3, trainer ties 0.4, handover 0.05. [S14]" in text
    assert "Effect: a reading (screening); no area. [S31, S42]" in text


def test_list_activities_has_every_number_for_machines(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "activities", "--json").stdout)}
    coaching = rows["coaching"]
    assert (coaching["ta_hours"], coaching["seats"], coaching["by_area"], coaching["yields"]) == (10, 1, True, "")
    assert coaching["effects"] == {"skill": {"knowledge": 0.12, "transfer": 0.6}, "engagement": 0.02}
    assert rows["site_visit"]["yields"] == "expert"


def test_list_parts_says_how_each_is_written(capsim):
    text = capsim("list", "parts").stdout
    assert max(map(len, text.splitlines())) <= 100
    for part in (*TARGETINGS.values(), *GROUPINGS.values(), *RECIPIENTS.values()):
        assert part.meaning in " ".join(text.split())
    rows = json.loads(capsim("list", "parts", "--json").stdout)
    for row in rows:
        written = yaml.safe_load(row["written"])
        made = Composition.model_validate({"name": "x", "activities": {"coaching": 1}, **written})
        part = made if row["kind"] in {"targeting", "schedule"} else made.delivery
        assert getattr(part, row["kind"]) in (row["name"], (row["name"],))
        assert f"      {row['written']}\n" in text
    also = "{targeted: volunteers, intensive: need}", "{recipients: {esa: 0.2, lea: 0.8}}"
    assert all(one in " ".join(text.split()) for one in also)
    assert next(row["reads"] for row in rows if row["name"] == "need_and_readiness") == ["rubric", "screening"]


def test_list_instruments_says_who_buys_each_and_how_exact_it_is(capsim):
    text = capsim("list", "instruments").stdout
    assert max(map(len, text.splitlines())) <= 100
    blocks = {block.split("\n")[0]: " ".join(block.split()) for block in text.split("\n\n")}
    hours, months = (PARAMETERS[f"needs_assessment_{what}"].default for what in ("ta_hours", "every_months"))
    bought = f"bought by needs_assessment ({hours:g} TA hours a unit, at most every {months:g} months)"
    assert bought in blocks["rubric"]
    assert "used by targeting need, need_and_readiness, lowest_first and target_capacities" in blocks["rubric"]
    assert "bought by nothing: it is free" in blocks["interest"]
    assert "noise expert_noise_sd 0.03" in blocks["expert"]
    assert "scale levels 1 to 4" in blocks["sustainability"]
    rows = {row["name"]: row for row in json.loads(capsim("list", "instruments", "--json").stdout)}
    bought = {activity.yields: activity.name for activity in ACTIVITIES.values() if activity.yields}
    assert {name: row["bought_by"] for name, row in rows.items() if row["bought_by"]} == {
        name: [activity] for name, activity in bought.items()
    }
    assert rows["stocktake"]["noise"]["stocktake_noise_sd"] == PARAMETERS["stocktake_noise_sd"].default
    assert rows["rubric"]["targetings"] == ["need", "need_and_readiness", "lowest_first"]
    assert sorted(column for row in rows.values() for column in row["columns"]) == sorted(
        [*LOGGED.keys() - {"expert_ties"}, "skill_reading", "routine_reading"]
    )


def test_list_parameters_has_everything_declared(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "parameters", "--json").stdout)}
    row, declared = rows["lea_annual_exit"], PARAMETERS["lea_annual_exit"]
    assert (row["unit"], row["default"], row["source"]) == (declared.unit, declared.default, declared.source)
    assert row["plausible"] == [declared.low, declared.high]
    assert row["allowed"] == [declared.minimum, declared.maximum]


def test_the_page_of_parameters_is_current(capsim):
    page = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert capsim("list", "parameters", "--markdown").stdout == page, (
        "run: capsim list parameters --markdown > docs/parameters.md"
    )


def test_new_scenario_can_be_checked_at_once(capsim, folder):
    assert capsim("new", "scenario", "my-first").exit_code == 0
    scenario = check_file(folder / "my-first.yaml")
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
        assert (checked.exit_code, checked.stderr) == (0, "")


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
    assert "--survey needs --agencies" in capsim("new", "scenario", "x", "--survey", seen).stderr
    assert not list(folder.glob("x*"))


def test_new_agencies_can_be_read_at_once(capsim, folder, change):
    assert capsim("new", "agencies", "districts").exit_code == 0
    assert check_file(folder / change("agencies: {source: districts.csv}")).agencies.source.endswith("districts.csv")


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


@pytest.mark.parametrize(("what", "file"), [("scenario", "x.yaml"), ("strategy", "x.py"), ("agencies", "x.csv")])
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
    assert (result.exit_code, result.stderr) == (2, "nowhere/x.yaml: cannot be written: no such file or directory\n")


def test_check_goes_through_all_files(capsim, change):
    wrong = change("replications: -1", "seed: many")
    result = capsim("check", "small.yaml", wrong, "nowhere.yaml", "classroom")
    assert result.exit_code == 2
    said = [line for line in result.stdout.splitlines() if not line.startswith("    ")]
    assert said == ["small.yaml: good (Small)", "classroom: good (Classroom)"]
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("changed.yaml:9: replications:")
    assert lines[1].startswith("changed.yaml:10: seed:")
    assert lines[2] == "nowhere.yaml: no such file"


def test_check_as_json(capsim, change):
    result = capsim("check", "small.yaml", change("seed: many"), "--json")
    assert result.exit_code == 2
    good, bad = json.loads(result.stdout)
    assert (good["file"], good["valid"], good["problems"], good["warnings"]) == ("small.yaml", True, [], [])
    assert (bad["valid"], len(bad["problems"]), bad["about"]) == (False, 1, [])
    shown = capsim("check", "small.yaml").stdout.splitlines()
    assert [line.strip() for line in shown[1:]] == good["about"]
    assert good["about"] == [
        "Agencies from agencies.csv: 1 state agency, 2 districts; 47 positions.",
        "Months: settling 6, assistance 12, follow-up 12; 400 TA hours a year, 400 in all.",
        "Strategies: none, individual_focused, organization_focused.",
    ]


def test_check_and_compare_warn_and_still_work(capsim, folder, change):
    own = "{name: Aimed, activities: {coaching: 1}, targeting: need}"
    name = change(f"strategies: [none, individual_focused, organization_focused, {own}]")
    text = (
        f"{name}: warning: strategy Aimed: targeting need goes by readings that none of its activities buys, so it "
        "treats all agencies alike; give a share of the hours to site_visit or needs_assessment\n"
    )
    checked = capsim("check", name)
    assert (checked.exit_code, checked.stderr) == (0, text)
    assert json.loads(capsim("check", name, "--json").stdout)[0]["warnings"] == [text.partition("warning: ")[2].strip()]
    compared = capsim("compare", name, "--workers", "1", "--json", "--out", "a")
    assert (compared.exit_code, compared.stderr) == (0, text)
    assert json.loads(compared.stdout)["answer"]
    assert capsim("compare", name, "--workers", "1", "--quiet", "--out", "b").stderr == ""


def test_check_imports_plugins(capsim, folder, change):
    (folder / "wrong_plugin.py").write_text("raise SystemExit('imported')\n")
    name = change("strategies: [none, individual_focused, organization_focused, {plugin: 'wrong_plugin:X'}]")
    result = capsim("check", "small.yaml", name)
    assert result.exit_code == 2
    message = f"{name}: wrong_plugin:X: module 'wrong_plugin' cannot be imported: SystemExit: imported\n"
    assert result.stderr == message
    assert json.loads(capsim("check", name, "--json").stdout)[0]["problems"] == [message.strip()]


def test_a_plugin_beside_its_scenario_is_found_from_any_folder(capsim, folder, change, monkeypatch):
    (folder / "beside_its_scenario.py").write_text(
        "import capsim\n\n\nclass Own(capsim.Strategy):\n    name = 'own'\n\n"
        "    def decide(self, view, month, budget, draws):\n        return []\n"
    )
    name = change("strategies: [none, individual_focused, organization_focused, {plugin: 'beside_its_scenario:Own'}]")
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert capsim("check", os.path.join("..", name)).exit_code == 0
    result = capsim("compare", os.path.join("..", name), "--workers", "2", "--out", "a")
    assert (result.exit_code, result.stderr) == (0, "")


def test_shipped_scenarios_load_under_their_names():
    assert all(load_scenario(name).name for name in shipped_scenarios())

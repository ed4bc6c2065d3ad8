"""What the command line offers before anything runs: help, checks, and how quickly."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from capsim.cli import main
from capsim.scenario import load_scenario, shipped_scenarios

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
    first = {"run", "compare", "report", "check", "new", "list", "app", "lesson"}
    studies = {"sweep", "rerun", "query", "compact", "sensitivity", "calibrate", "optimize", "explain"}
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
    assert with_json >= {"run", "compare", "check"} | lists


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

"""`capsim explain` on the command line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest
from click.testing import CliRunner

from capsim.analyses.explain import explain
from capsim.analyses.pathways import PATHWAYS
from capsim.cli import main
from capsim.scenario import load_scenario

A, B = "organization_focused", "individual_focused"
SMALL = ("--replications", "2", "--workers", "1")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def capsim(*words):
    result = CliRunner().invoke(main, ["explain", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_prints_the_sentence_and_the_table(folder):
    result = capsim("classroom", A, B, *SMALL)
    expected = explain(load_scenario("classroom"), A, B, replications=2)
    assert result.exit_code == 0
    assert result.stdout.startswith(expected.sentence() + "\n")
    for row in expected.contributions().to_dict("records"):
        line = next(line for line in result.stdout.splitlines() if line.startswith(f"{PATHWAYS[row['pathway']]}  "))
        assert f"{row['contribution']:+.4f}" in line
    assert any(line.startswith("total ") for line in result.stdout.splitlines())
    assert not list(folder.iterdir())
    assert capsim("classroom", A, B, *SMALL, "-q").stdout == expected.sentence() + "\n"


def test_json_holds_the_numbers():
    shown = json.loads(capsim("classroom", A, B, *SMALL, "--uncertainty", "assumed", "--json").stdout)
    expected = explain(load_scenario("classroom"), A, B, replications=2, uncertainty="assumed")
    assert shown["sentence"] == expected.sentence()
    assert shown["total"] == expected.total.estimate
    for name in ("default", "drawn"):
        parts = {row["pathway"]: row["contribution"] for row in shown["assumptions"][name]["contributions"]}
        table = expected.contributions(assumptions=name)
        assert parts == dict(zip(table["pathway"], table["contribution"], strict=True))
        assert shown["assumptions"][name]["pairs"] == 2


@pytest.mark.parametrize("name", ["why.svg", "why.png", "why.pdf"])
def test_draws_the_figure_and_nothing_else(folder, name):
    result = capsim("classroom", A, "none", *SMALL, "--out", name)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == name
    assert [path.name for path in folder.iterdir()] == [name]
    if name.endswith("svg"):
        text = (folder / name).read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert "Person-held skill" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("classroom", A, "individual_focussed"), "did you mean individual_focused?"),
        (("classroom", "organisation_focused", B), "did you mean organization_focused?"),
        (("clasroom", A, B), "did you mean classroom?"),
        (("classroom", A, B, "--out", "why.txt"), "why.txt: a file ending in .svg, .png or .pdf is needed"),
        (("classroom", A, B, "--out", "nowhere/why.svg"), "nowhere/why.svg: there is no folder nowhere"),
        (("classroom", A, B, "--replications", "1"), "1 is not in the range x>=2"),
        (("classroom", A), "Missing argument 'B'"),
    ],
)
def test_bad_input_is_refused_before_any_run(monkeypatch, words, message):
    monkeypatch.setattr("capsim.analyses.explain.explain_block", lambda block: pytest.fail("a run was started"))
    result = capsim(*words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_figure_that_cannot_be_written_still_leaves_the_answer(folder, monkeypatch):
    def full(*given, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", full)
    result = capsim("classroom", A, B, *SMALL, "--out", "why.svg")
    assert result.exit_code == 2
    assert result.stdout.startswith("Classroom: ")
    assert result.stderr == "why.svg: the disk is full; nothing was written. Make room and run the same command again\n"
    assert not list(folder.iterdir())


def test_failed_runs_end_with_status_one(folder, monkeypatch):
    monkeypatch.syspath_prepend(str(folder))
    (folder / "own_odd_strategy.py").write_text(
        "import numpy as np\nimport capsim\n\n\nclass Odd(capsim.Strategy):\n    name = 'odd'\n\n"
        "    def decide(self, view, month, budget, draws):\n"
        "        if np.count_nonzero(~view.filled) % 2:\n            raise RuntimeError('somebody is missing')\n"
        "        return []\n"
    )
    text = (
        "name: Own\nagencies: {source: agencies.csv}\nfocal_areas: [equity, data_use]\n"
        "timeline: {settling: 6, assistance: 1, follow_up: 3}\nuncertainty: none\n"
        "question: {contrast: [Odd, organization_focused]}\nassistance: {budget_hours_per_year: 400}\n"
        "strategies: [none, organization_focused, {plugin: 'own_odd_strategy:Odd'}]\n"
    )
    (folder / "own.yaml").write_text(text)
    (folder / "agencies.csv").write_text(
        "id,name,state,level,enrollment,parent\nSTATE,State agency,Example,sea,,\n"
        "BIRCH,Birch Hill,Example,lea,900,STATE\nMAPLE,Maple City,Example,lea,6500,STATE\n"
    )
    result = capsim("own.yaml", "Odd", A, "--replications", "8", "--workers", "1")
    assert result.exit_code == 1, result.stderr
    assert "somebody is missing" in result.stderr
    assert result.stderr.startswith("Odd: replicate ")
    assert result.stdout.startswith("Own: ")


def test_help_has_an_example():
    result = capsim("--help")
    assert "capsim explain classroom organization_focused individual_focused" in result.stdout

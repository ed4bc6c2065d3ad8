"""A folder's provenance.json is enough to run it again, and the numbers are the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.compare import rerun
from capsim.errors import InputError
from capsim.runs.study import study_from_mapping
from capsim.runs.sweep import sweep

RECORD = Path("old/provenance.json")


def command(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def scenario(classroom, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short.yaml").write_text(json.dumps({**classroom.resolved(), "replications": 2}))
    return "short.yaml"


@pytest.fixture
def make(scenario, classroom):
    """Make a folder of a kind."""

    def one(kind):
        if kind == "sweep":
            content = {"kind": "sweep", "name": "S", "scenario": classroom.resolved(), "replications": 2, "crn": "all"}
            sweep(study_from_mapping({**content, "factors": {"lea_annual_exit": [0.1, 0.2]}}), out="old")
            return
        own = {
            "run": ["run", scenario, "--strategy", "Half and half", "--seed", 5],
            "compare": ["compare", scenario, "--agencies", "--break-even", "lea_annual_exit", "--workers", 1],
        }[kind]
        made = command(*own, "--out", "old", "--quiet")
        assert made.exit_code == 0, made.output

    return one


@pytest.mark.parametrize("kind", ["run", "compare", "sweep"])
def test_the_same_numbers_from_the_record_alone(make, tmp_path, kind):
    make(kind)
    done = command("rerun", "old", "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "runs have the same numbers" in done.output
    assert {path.name for path in (tmp_path / "results" / "old-again").iterdir()} >= {"provenance.json"}
    (tmp_path / "alone").mkdir()
    shutil.copy("old/provenance.json", "alone/provenance.json")
    alone = command("rerun", "alone", "--workers", 1, "--out", "third", "--json")
    assert alone.exit_code == 0, alone.output
    assert json.loads(alone.stdout)["runs"] == 0
    mine, theirs = (json.loads((tmp_path / name / "provenance.json").read_text()) for name in ("old", "third"))
    for record in (mine, theirs):
        record.pop("command", None)
    assert mine == theirs


def test_numbers_that_differ_are_said(make):
    make("run")
    record = json.loads(RECORD.read_text())
    record["scenario"]["parameters"]["lea_annual_exit"] = 0.2
    RECORD.write_text(json.dumps(record))
    done = command("rerun", "old", "--out", "new")
    assert done.exit_code == 1
    assert "0 of 1 runs have the same numbers" in done.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "analysis"}, "which can be run again"),
        ({"results_version": 2}, "holds results version 2; this capsim makes version 5"),
        ({"strategies": None}, "not as capsim writes it"),
        ({"scenario": 3}, "not as capsim writes it"),
        ({"plugins": {"a:B": {"file": "/nowhere/a.py", "sha256": "0"}}}, "a:B: its source is not what it was"),
        ({"plugins": {"a:B": 3}}, "plugins: not as capsim writes it"),
    ],
)
def test_records_that_cannot_be_run_again(make, change, words):
    make("run")
    record = json.loads(RECORD.read_text())
    RECORD.write_text(json.dumps({**record, **change}))
    with pytest.raises(InputError, match=words):
        rerun("old", "new")


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "3", '{"kind": NaN}', "\0", '{"kind": "run"}'])
def test_damaged_records(tmp_path, text):
    (tmp_path / "provenance.json").write_text(text)
    with pytest.raises(InputError, match=r"provenance\.json"):
        rerun(tmp_path, tmp_path / "new")

"""Where numbers come from: the commit of the scenario's own folder, all parameters as they were declared."""

from __future__ import annotations

import dataclasses
import json
import math
import pickle
import subprocess
from pathlib import Path

import pytest

from capsim.errors import InputError
from capsim.parameters import PARAMETERS
from capsim.runs.identity import provenance, recorded_parameters
from capsim.runs.output import read_json, strict_json
from capsim.scenario import as_scenario, file_of, load_scenario, scenario_hash


def git(folder: Path, *words: str) -> str:
    own = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words]
    return subprocess.run(own, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "thesis" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(json.dumps(load_scenario("classroom").resolved()))
    git(tmp_path / "thesis", "init", "-q")
    git(tmp_path / "thesis", "add", ".")
    git(tmp_path / "thesis", "commit", "-qm", "first")
    return folder


def commit_of(scenario) -> str:
    return str(provenance(scenario, "", precision=None)["git_commit"])


def test_the_commit_is_that_of_the_scenarios_folder(repository, tmp_path, monkeypatch):
    head = git(repository, "rev-parse", "HEAD")
    monkeypatch.chdir(tmp_path)
    mine = load_scenario(repository / "mine.yaml")
    assert commit_of(mine) == head
    assert commit_of(as_scenario(mine, seed=7, replications=None)) == head
    assert commit_of(pickle.loads(pickle.dumps(mine))) == head
    (repository.parent / "elsewhere.txt").write_text("of no consequence")
    assert commit_of(mine) == head
    (repository / "agencies.csv").write_text("beside it")
    assert commit_of(mine) == head + "+"
    (tmp_path / "loose.yaml").write_text(json.dumps(load_scenario("classroom").resolved()))
    assert commit_of(load_scenario("loose.yaml")) == "none"
    monkeypatch.chdir(repository)
    assert commit_of(load_scenario("mine.yaml")) == head + "+"
    assert commit_of(load_scenario("classroom")) == "none"


def test_where_it_came_from_is_no_part_of_a_scenario(repository):
    mine, shipped = load_scenario(repository / "mine.yaml"), load_scenario("classroom")
    assert file_of(mine) == repository / "mine.yaml"
    assert file_of(shipped) is None
    assert mine == shipped
    assert hash(mine) == hash(shipped)
    assert scenario_hash(mine) == scenario_hash(shipped)
    assert mine.resolved() == shipped.resolved()


def test_every_parameter_is_recorded_as_it_was_declared():
    scenario = as_scenario("classroom", parameters={"lea_annual_exit": 0.2})
    record = read_json(strict_json(provenance(scenario, "", precision=None)))
    assert set(record["parameters"]) == set(PARAMETERS)
    assert record["parameters"]["lea_annual_exit"]["value"] == 0.2
    assert record["parameters"]["months_to_fill"]["value"] == PARAMETERS["months_to_fill"].default
    assert recorded_parameters(record) == dict(PARAMETERS)
    unbounded = any(math.isinf(one.maximum) for one in PARAMETERS.values())
    assert unbounded == ("Infinity" in json.dumps(record["parameters"]))
    assert recorded_parameters({}) is PARAMETERS


def test_a_report_shows_the_ranges_that_applied():
    from capsim.comparison.compare import compare
    from capsim.report.assumptions import assumptions_parts
    from capsim.report.results import Results

    found = compare("classroom", replications=2)
    name = next(one.name for one in PARAMETERS.values() if one.assumed)
    record = read_json(strict_json(found.provenance))
    record["parameters"][name] |= {"low": 0.01234, "minimum": 0.0, "meaning": "What it was then."}
    old = dataclasses.replace(found, provenance=record)
    text = repr(assumptions_parts(Results(old)))
    assert "0.01234 to" in text
    assert "What it was then." in text
    assert "0.01234" not in repr(assumptions_parts(Results(found)))
    record["parameters"][name]["low"] = "much"
    with pytest.raises(InputError, match=r"provenance.json: parameters: not as capsim writes it"):
        Results(old)

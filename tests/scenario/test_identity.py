"""What makes two scenarios the same: resolved forms, hashes, and the shipped files."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from capsim.errors import InputError
from capsim.scenario import (
    Scenario,
    check_scenario,
    load_scenario,
    scenario_from_mapping,
    scenario_hash,
    shipped_file,
    shipped_scenarios,
)
from tests.scenario.good import GOOD

ROOT = Path(__file__).parents[2]


def test_resolved_makes_an_equal_scenario() -> None:
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        again = scenario_from_mapping(json.loads(json.dumps(scenario.resolved())))
        assert again == scenario
        assert scenario_hash(again) == scenario_hash(scenario)


def test_mapping_problems_are_in_plain_words() -> None:
    with pytest.raises(InputError) as caught:
        scenario_from_mapping({**load_scenario("ohio").resolved(), "seed": "1", "extra": 1})
    assert [p.split(";")[0] for p in caught.value.problems] == [
        "scenario: seed: must be a whole number, got '1'",
        "scenario: extra: unknown key",
    ]


def test_scenario_is_frozen_hashable_and_picklable() -> None:
    scenario = load_scenario("classroom")
    with pytest.raises(ValidationError):
        scenario.seed = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.parameters["lea_annual_exit"] = 0.5  # type: ignore[index]
    with pytest.raises(TypeError):
        scenario.parameters.update(lea_annual_exit=0.5)  # type: ignore[attr-defined]
    again = pickle.loads(pickle.dumps(scenario))
    assert isinstance(again, Scenario)
    assert again == scenario
    assert hash(again) == hash(scenario)


def test_hash_ignores_order_and_comments_but_not_values(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        (tmp_path / "s.yaml").write_text(text)
        return scenario_hash(load_scenario(tmp_path / "s.yaml"))

    first = digest(GOOD + "parameters: {lea_annual_exit: 0.2, disuse_rate: 0.06}\n")
    lines = GOOD.splitlines(keepends=True)
    shuffled = "# said\n" + "".join([lines[3], *lines[4:], lines[2], lines[1], lines[0]])
    assert digest(shuffled + "parameters: {disuse_rate: 0.06, lea_annual_exit: 0.20}  # more\n") == first
    assert digest(GOOD + "parameters: {lea_annual_exit: 0.2, disuse_rate: 0.07}\n") != first
    assert len(first) == 64


def test_hash_holds_the_content_of_the_users_files(tmp_path: Path) -> None:
    def digest(folder: str, enrollment: int, strength: float) -> str:
        home = tmp_path / folder
        home.mkdir()
        (home / "mine.csv").write_text(f"id,name,state,level,enrollment\nA,Ash,XX,lea,{enrollment}\nB,Beech,XX,lea,7\n")
        (home / "ties.csv").write_text(f"from,to,strength\nA,B,{strength}\n")
        (home / "s.yaml").write_text(GOOD.replace("us_2023_24, states: [OH]", "mine.csv, edges: ties.csv"))
        return scenario_hash(load_scenario(home / "s.yaml"))

    assert digest("a", 10, 0.5) == digest("b", 10, 0.5)
    assert len({digest("c", 10, 0.5), digest("d", 11, 0.5), digest("e", 10, 0.6)}) == 3


def test_shipped_scenarios_are_the_files_of_the_repository() -> None:
    """One copy: a checkout reads the folder scenarios, which setup.py packs into what is installed."""
    assert shipped_file("ohio").parent == ROOT / "scenarios"
    found = {path.stem for path in (ROOT / "scenarios").glob("*.yaml")}
    assert set(shipped_scenarios()) == found
    assert not (ROOT / "capsim" / "scenario" / "shipped").exists()


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenarios_pass_the_check(name: str) -> None:
    by_name, by_path = load_scenario(name), load_scenario(ROOT / "scenarios" / f"{name}.yaml")
    check_scenario(by_name)
    assert scenario_hash(by_name) == scenario_hash(by_path)


def test_import_stays_light() -> None:
    heavy = ("pandas", "numba", "scipy", "mesa", "networkx")
    code = f"import sys, capsim.scenario; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"

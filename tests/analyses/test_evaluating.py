"""Points to runs: luck, order, equal points, what is refused."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from capsim.errors import CapsimError, InputError, import_extra
from capsim.runs.blocks import Block, run_block
from capsim.runs.points import LUCK, Evaluator, Watch, input_bounds, outcome_table
from capsim.scenario import load_scenario

TWO = ("individual_focused", "organization_focused")
USE = "use_follow_up_end"
IDLE = """
import capsim

class Idle(capsim.Strategy):
    name = "idle"

    def decide(self, *known):
        return []
"""


def test_runs_are_those_of_the_model_in_order(small):
    points = pd.DataFrame({"lea_annual_exit": [0.1, 0.3]})
    watch = Watch("culture", 5, "lea")
    runs = Evaluator(scenario=small, strategies=TWO, replications=2, crn="all", watch=(watch,))(points)
    assert runs["point"].tolist() == [0] * 4 + [1] * 4
    assert runs["strategy"].tolist() == [TWO[0], TWO[0], TWO[1], TWO[1]] * 2
    expected = run_block(Block(small.resolved(), TWO, 1, point={"lea_annual_exit": 0.3})).runs[1]
    mine = runs[(runs["point"] == 1) & (runs["strategy"] == TWO[1]) & (runs["replicate"] == 1)].iloc[0]
    assert mine[USE] == expected.outcomes[USE]
    assert mine["culture_lea_month_5"] == expected.monthly[4, 3, 4]


def test_who_shares_luck(small):
    # A parameter that is of no consequence without assistance: with common luck both points come out the same.
    points = pd.DataFrame({"coaching_transfer": [0.3, 0.5]})

    def paths(crn: str) -> np.ndarray:
        runs = Evaluator(scenario=small, strategies=("none", TWO[0]), replications=2, crn=crn)(points)
        return outcome_table(runs, "none", "culture_follow_up_end")

    assert (paths("all")[0] == paths("all")[1]).all()
    assert (paths("policies")[0] != paths("policies")[1]).all()
    runs = Evaluator(scenario=small, strategies=("none", TWO[0]), replications=4, crn="none")(points)
    vacancy = [outcome_table(runs, name, "vacancy_assistance_end") for name in ("none", TWO[0])]
    assert (vacancy[0] != vacancy[1]).any(), "equal everywhere means that luck was shared"


def test_equal_points_run_once_and_another_luck_is_another_run(small):
    counted: list[int] = []
    points = pd.DataFrame({"lea_annual_exit": [0.1, 0.1, 0.1], LUCK: [0, 0, 1]})
    evaluate = Evaluator(
        scenario=small, strategies=("none",), replications=2, crn="all", progress=lambda d, n, f: counted.append(n)
    )
    runs = evaluate(points)
    table = outcome_table(runs, "none", USE)
    assert counted == [4] * 4
    assert (table[0] == table[1]).all()
    assert (table[0] != table[2]).all()


def test_bad_points_are_refused_all_at_once(small):
    evaluate = Evaluator(scenario=small, strategies=("none",), replications=1)
    with pytest.raises(InputError) as caught:
        evaluate(pd.DataFrame({"lea_anual_exit": [0.1], "codification_rate": [7.0]}))
    assert "did you mean lea_annual_exit?" in str(caught.value)
    assert "codification_rate: 7 is out of range" in str(caught.value)


def test_workers_find_a_plugin_beside_its_scenario(small, tmp_path, monkeypatch):
    (tmp_path / "idle_beside_points.py").write_text(IDLE)
    content = {
        **small.resolved(),
        "strategies": ["none", {"plugin": "idle_beside_points:Idle"}],
        "question": {"outcome": "use", "contrast": ["Idle", "none"]},
    }
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(content))
    monkeypatch.setattr("sys.path", list(sys.path))
    points = pd.DataFrame({"lea_annual_exit": [0.1, 0.3]})
    runs = Evaluator(scenario=load_scenario(file), strategies=("Idle",), replications=1, workers=2)(points)
    assert runs["status"].tolist() == ["done", "done"], runs["reason"].tolist()


def test_a_failed_run_is_never_dropped():
    runs = pd.DataFrame(
        {
            "point": [0, 1, 2],
            "strategy": "a",
            "replicate": 0,
            "lea_annual_exit": [0.1, 0.2, 0.3],
            "status": ["done", "failed", "done"],
            "reason": ["", "Traceback\nValueError: too hot", ""],
            USE: [0.5, np.nan, np.nan],
        }
    )
    with pytest.raises(CapsimError) as caught:
        outcome_table(runs, "a", USE)
    text = str(caught.value)
    assert "2 of 3 runs cannot be used" in text
    assert "point 1 (lea_annual_exit 0.2): ValueError: too hot" in text
    assert f"point 2 (lea_annual_exit 0.3): {USE} is undefined" in text


@pytest.mark.parametrize("name", ["seed", "replicate"])
def test_luck_is_no_parameter(small, name):
    with pytest.raises(InputError, match="is luck, not a parameter"):
        input_bounds(small, [name], rules=False)


def test_a_missing_extra_is_named():
    with pytest.raises(InputError, match=r'no_such_module_here: .* -m pip install "capsim\[sensitivity\]"'):
        import_extra("no_such_module_here", extra="sensitivity")

"""Analyses through a folder: what is stored is not run again, and an analysis that is killed goes on."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import duckdb
import numpy as np
import pandas as pd
import pytest

from capsim.analyses.calibration import calibrate
from capsim.analyses.fitting import Observation
from capsim.analyses.optimization import optimize
from capsim.analyses.sensitivity import sensitivity
from capsim.comparison.folder import open_results
from capsim.errors import InputError, OutputError
from capsim.runs import chunk as chunk_module
from capsim.runs.points import LUCK, Evaluator, Watch
from capsim.runs.store import locked
from capsim.runs.study import study_from_mapping
from capsim.runs.sweep import evaluators, sweep
from capsim.scenario import scenario_from_mapping

EXIT, RATE = "lea_annual_exit", "codification_rate"
POINTS = pd.DataFrame({EXIT: [0.1, 0.3, 0.1], LUCK: [0, 0, 1]})
SETTINGS = {"strategies": ("none", "individual_focused"), "replications": 2, "watch": (Watch("culture", 5, "lea"),)}


def through(folder, scenario, points=POINTS, **changes):
    with evaluators(folder, kind="sensitivity", workers=1, progress=None) as make:
        return make(scenario=scenario, **{**SETTINGS, **changes})(points)


def rows(folder) -> pd.DataFrame:
    return duckdb.connect().execute(f"SELECT * FROM '{folder}/runs/*/*.parquet'").df()


@pytest.fixture
def seen(monkeypatch):
    """Blocks that are run in this process."""
    blocks = []
    run = chunk_module.run_block
    monkeypatch.setattr(chunk_module, "run_block", lambda block: blocks.append(block) or run(block))
    return blocks


@pytest.mark.parametrize("crn", ["policies", "all", "none"])
def test_numbers_are_those_without_a_folder(small, tmp_path, seen, crn):
    plain = Evaluator(scenario=small, crn=crn, **SETTINGS)(POINTS)
    assert not seen
    for _ in range(2):
        stored = through(tmp_path, small, crn=crn)
        both = [name for name in plain if name in stored]  # with crn none a run has no pair to gain over
        assert crn == "none" or both == list(plain)
        pd.testing.assert_frame_equal(stored[both], plain[both], check_exact=True)
    assert len(seen) == (12 if crn == "none" else 6), "once"
    kept = rows(tmp_path)
    assert len(kept) == 12
    assert kept["culture_lea_month_5"].notna().all()


def test_runs_are_named_as_in_a_sweep(small, tmp_path):
    through(tmp_path / "points", small, POINTS.iloc[:2].drop(columns=LUCK), watch=())
    study = study_from_mapping(
        {
            "kind": "sweep",
            "name": "Same",
            "scenario": small.resolved(),
            "strategies": list(SETTINGS["strategies"]),
            "factors": {EXIT: [0.1, 0.3]},
            "replications": 2,
        }
    )
    swept = sweep(study, out=tmp_path / "sweep").runs.set_index("run_id")
    own = rows(tmp_path / "points").set_index("run_id")
    pd.testing.assert_frame_equal(own.loc[swept.index][swept.columns], swept, check_exact=True)
    opened = open_results(tmp_path / "points")
    assert opened.study["kind"] == "sensitivity"
    assert len(opened.runs) == 8


def test_a_budget_is_a_factor(small):
    points = pd.DataFrame({"budget_hours_per_year": [200.0, 400.0]})
    runs = Evaluator(scenario=small, strategies=("individual_focused",), replications=1)(points)
    assert (runs["ta_hours"].diff().dropna() > 0.0).all()


def test_only_what_is_missing_is_run(small, tmp_path, seen):
    through(tmp_path, small)
    before = len(seen)
    more = pd.concat([POINTS, pd.DataFrame({EXIT: [0.2], LUCK: [0]})], ignore_index=True)
    found = through(tmp_path, small, more, replications=2)
    assert len(seen) - before == 2
    assert len(found) == 16


def test_failed_runs_are_tried_again_the_next_time(small, tmp_path, monkeypatch):
    def broken(block):
        raise ZeroDivisionError("no world today")

    with monkeypatch.context() as patched:
        patched.setattr(chunk_module, "run_block", broken)
        assert set(through(tmp_path, small)["status"]) == {"failed"}
    assert set(through(tmp_path, small)["status"]) == {"done"}
    assert set(through(tmp_path, small)["status"]) == {"done"}
    assert len(rows(tmp_path)) == 24


def test_other_things_are_refused(small, tmp_path):
    through(tmp_path / "a", small)
    other = scenario_from_mapping({**small.resolved(), "seed": 99})
    with pytest.raises(InputError, match=r"holds another study(.|\n)*seed: stored 1, asked for 99"):
        through(tmp_path / "a", other)
    with pytest.raises(InputError, match="holds another study"):
        through(tmp_path / "a", small, watch=())
    with locked(tmp_path / "a"), pytest.raises(OutputError, match="another capsim works on this folder"):
        through(tmp_path / "a", small)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds no study"):
        through(tmp_path / "b", small)


def test_every_analysis_gives_the_same_numbers_through_a_folder(small, tmp_path, seen):
    watch = Watch("vacancy", 12, "all")
    data = [Observation("vacancy", 12, "all", 0.05, 0.02)]
    asked = {
        "sensitivity": lambda **o: (
            sensitivity(small, parameters=[EXIT, RATE], method="morris", n=4, replications=2, **o).indices
        ),
        "abc": lambda **o: calibrate(small, data, parameters=[EXIT], n=40, **o).sample,
        "optuna": lambda **o: calibrate(small, data, parameters=[EXIT], method="optuna", n=40, top=2, **o).sample,
        "nsga2": lambda **o: (
            optimize(
                small,
                n=8,
                population=4,
                search="nsga2",
                objectives=["use", "cost"],
                draws=4,
                replications=1,
                uncertain=[RATE],
                budgets=[300.0, 600.0],
                **o,
            ).table
        ),
    }
    for name, analyse in asked.items():
        plain = analyse()
        for _ in range(2):
            pd.testing.assert_frame_equal(analyse(store=tmp_path / name), plain, check_exact=True, obj=name)
            done, seen[:] = len(seen), []
        assert done == 0, "the second time everything is there"
        assert watch.column in rows(tmp_path / name) or name in ("sensitivity", "nsga2")


LONG = {
    "sensitivity": ("sensitivity", "--parameters", EXIT, "--method", "morris", "--n", "10", "--replications", "4"),
    "calibrate": ("calibrate", "--observed", "seen.csv", "--parameters", EXIT, "--n", "120"),
    "optimize": ("optimize", "--n", "8", "--search", "nsga2", "--population", "4", "--draws", "4", "--uncertain", RATE),
}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("name", list(LONG))
def test_a_command_that_is_killed_goes_on(small, tmp_path, name):
    (tmp_path / "small.yaml").write_text(json.dumps(small.resolved()))
    (tmp_path / "seen.csv").write_text("measure,month,level,value,standard_error\nvacancy,12,all,0.05,0.02\n")
    words = [sys.executable, "-m", "capsim", LONG[name][0], "small.yaml", *LONG[name][1:], "--json", "--workers", "2"]

    def run(out: str) -> subprocess.Popen:
        return subprocess.Popen(
            [*words, "--out", out],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    whole, errors = run("whole").communicate(timeout=300)
    assert whole, errors
    luck, stored = random.Random(name), set()
    for _ in range(int(os.environ.get("CAPSIM_FAULT_MOMENTS", "1"))):
        one = run("out")
        runs = tmp_path / "out" / "runs"
        limit = time.monotonic() + 120.0
        while one.poll() is None and len(list(runs.glob("*/*.parquet"))) <= len(stored) and time.monotonic() < limit:
            time.sleep(0.02)
        time.sleep(luck.uniform(0.0, 0.5))
        os.killpg(one.pid, signal.SIGKILL)
        one.communicate()
        now = {path.name for path in runs.glob("*/*.parquet")}
        assert now >= stored
        stored = now
    last, errors = run("out").communicate(timeout=300)
    answer = json.loads(last)
    assert {**answer, "folder": "whole"} == json.loads(whole), errors
    kept, expected = rows(tmp_path / "out"), rows(tmp_path / "whole")
    assert kept["run_id"].is_unique, "nothing was run twice"
    assert set(kept["run_id"]) == set(expected["run_id"])
    assert not list((tmp_path / "out" / "tmp").iterdir())
    said = [(tmp_path / folder / "analysis.json").read_text() for folder in ("out", "whole")]
    assert said[0] == said[1]
    assert np.isfinite(kept["use_follow_up_end"]).all()

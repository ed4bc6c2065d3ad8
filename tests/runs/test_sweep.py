"""Sweeps in this process: numbers, luck, resuming, refusing, querying, compacting; and the commands."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.compare import compare
from capsim.comparison.folder import open_results
from capsim.errors import InputError, OutputError
from capsim.runs import chunk as chunk_module
from capsim.runs import designs, store, tables
from capsim.runs import driver as driver_module
from capsim.runs.dictionary import sweep_dictionary
from capsim.runs.reading import compact_store
from capsim.runs.study import load_study, study_from_mapping
from capsim.runs.study_plan import luck_of, make_plan, where_of
from capsim.runs.sweep import sweep
from capsim.scenario import load_scenario, scenario_from_mapping


@pytest.fixture(scope="module")
def short():
    content = load_scenario("classroom").resolved()
    return scenario_from_mapping({**content, "timeline": {"settling": 3, "assistance": 6, "follow_up": 6}})


@pytest.fixture
def study(short):
    def make(**changes):
        content = {
            "kind": "sweep",
            "name": "Short",
            "scenario": short.resolved(),
            "replications": 2,
            "factors": {"lea_annual_exit": [0.1, 0.3], "budget_hours_per_year": [200, 400]},
            "strategies": ["none", "individual_focused"],
            **changes,
        }
        return study_from_mapping(content)

    return make


def raw(folder):
    return duckdb.connect().execute(f"SELECT * FROM '{folder}/runs/*/*.parquet'").df()


def counting(monkeypatch):
    """Count the tasks that are simulated."""
    seen = []
    run = chunk_module.run_block
    monkeypatch.setattr(chunk_module, "run_block", lambda block: seen.append(block) or run(block))
    return seen


def test_numbers_are_those_of_compare(short, study, tmp_path):
    names = ["none", "individual_focused", "organization_focused"]
    runs = sweep(study(factors={}, replications=3, seed=short.seed, strategies=names), out=tmp_path / "out").runs
    table = compare(short, names, replications=3, uncertainty="none").runs
    both = runs.merge(table, on=["run_id", "strategy", "replicate"], suffixes=("", "_compare"))
    assert len(both) == len(runs) == len(table)
    np.testing.assert_array_equal(both["use_follow_up_end"], both["use_follow_up_end_compare"])
    np.testing.assert_array_equal(both["gain_capacity_years"], both["gain_capacity_years_compare"])


def test_factors_reach_the_runs(study, tmp_path):
    results = sweep(study(), out=tmp_path / "out")
    assert len(results.runs) == 2 * 2 * 2 * 2 == results.total
    helped = results.query("SELECT * FROM runs WHERE strategy != 'none'")
    np.testing.assert_allclose(helped["ta_hours"] + helped["unspent_hours"], helped["budget_hours_per_year"] / 2.0)
    vacant = results.query("SELECT lea_annual_exit, avg(vacancy_follow_up_end) v FROM runs GROUP BY 1 ORDER BY 1")["v"]
    assert vacant[1] > vacant[0]
    assert results.failures.empty
    assert results.study == study()


def test_who_shares_luck():
    here, there = (where_of(("a",), (value,)) for value in (1.0, 2.0))
    assert luck_of("policies", here, 0, "x") == luck_of("policies", here, 0, "y")
    assert luck_of("policies", here, 0, "x") != luck_of("policies", there, 0, "x")
    assert luck_of("policies", here, 0, "x") != luck_of("policies", here, 1, "x")
    assert luck_of("all", here, 5, "x") == luck_of("all", there, 5, "y") == 5
    every = {
        luck_of("none", point, replicate, strategy)
        for point in (here, there)
        for replicate in range(50)
        for strategy in "xy"
    }
    assert len(every) == 200
    assert all(0 <= luck < 2**63 for luck in every)


def test_without_common_luck_there_are_no_gains(study, tmp_path):
    paired = sweep(study(factors={}), out=tmp_path / "paired").runs
    alone = sweep(study(factors={}, crn="none"), out=tmp_path / "alone").runs
    assert "gain_use_follow_up_end" in paired
    assert "gain_use_follow_up_end" not in alone
    assert alone["luck"].is_unique
    assert not set(alone["run_id"]) & set(paired["run_id"])


def test_drawn_assumptions_differ_and_are_paired(study, tmp_path):
    drawn = sweep(study(factors={}, assumptions="drawn"), out=tmp_path / "drawn").runs
    fixed = sweep(study(factors={}), out=tmp_path / "fixed").runs
    assert not set(drawn["run_id"]) & set(fixed["run_id"])
    assert (drawn["use_follow_up_end"] != fixed["use_follow_up_end"]).all()


def test_what_is_stored_is_not_run_again(study, tmp_path, monkeypatch):
    whole = sweep(study(), out=tmp_path / "whole").runs
    monkeypatch.setattr(driver_module, "TARGET_SECONDS", 0.0)
    sweep(study(), out=tmp_path / "out")
    shards = sorted((tmp_path / "out" / "runs").glob("*/*.parquet"))
    assert len(shards) == 8
    for shard in shards[:3]:
        shard.unlink()
    (tmp_path / "out" / "tmp" / "leftover.of.a.killed.worker").write_bytes(b"half")
    seen, reports = counting(monkeypatch), []
    again = sweep(study(), out=tmp_path / "out", progress=lambda *counts: reports.append(counts))
    assert len(seen) == 3
    assert (reports[0], reports[-1]) == ((10, 16, 0), (16, 16, 0))
    pd.testing.assert_frame_equal(again.runs, whole, check_exact=True)
    assert len(raw(tmp_path / "out")) == 16
    assert list((tmp_path / "out" / "tmp").iterdir()) == []
    seen.clear()
    sweep(study(), out=tmp_path / "out")
    assert seen == []


def test_the_numbers_of_a_missing_strategy_are_the_same(study, tmp_path, monkeypatch):
    """Only one run of a block is missing: its baseline is simulated again for the gain, and not stored again."""
    whole = sweep(study(factors={}, replications=1), out=tmp_path / "out").runs
    (shard,) = (tmp_path / "out" / "runs").glob("*/*.parquet")
    kept = raw(tmp_path / "out").query("strategy == 'none'")
    duckdb.connect().register("kept", kept).execute(f"COPY (SELECT * FROM kept) TO '{shard}' (FORMAT parquet)")
    seen = counting(monkeypatch)
    again = sweep(study(factors={}, replications=1), out=tmp_path / "out")
    assert [block.strategies[:] for block in seen] == [("none", "individual_focused")]
    pd.testing.assert_frame_equal(again.runs, whole, check_exact=True)
    assert len(raw(tmp_path / "out")) == 2


def test_another_study_is_refused_and_told_why(study, tmp_path):
    sweep(study(), out=tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.suffix in {".json", ".parquet"}}
    other = study(replications=3, factors={"lea_annual_exit": [0.1, 0.2]})
    with pytest.raises(InputError) as caught:
        sweep(other, out=tmp_path / "out")
    lines = caught.value.problems
    assert lines[0].endswith("holds another study; name another folder, or make the study as it was:")
    assert "  replications: stored 2, asked for 3" in lines
    assert any(line.startswith("  factors.lea_annual_exit.values: stored [0.1, 0.3], asked") for line in lines)
    assert any(line.startswith("  factors.budget_hours_per_year: stored {") for line in lines)
    assert {path: path.read_bytes() for path in before} == before
    sweep(study(time_limit_seconds=0.0), out=tmp_path / "out")


def test_another_version_of_results_is_refused(study, tmp_path, monkeypatch):
    sweep(study(factors={}), out=tmp_path / "out")
    monkeypatch.setattr("capsim.runs.study_plan.RESULTS_VERSION", 99)
    with pytest.raises(InputError, match=r"holds results version \d+; this capsim makes version 99"):
        sweep(study(factors={}), out=tmp_path / "out")


def test_other_points_of_the_same_design_are_refused(study, tmp_path, monkeypatch):
    random = study(factors={"lea_annual_exit": None}, design={"kind": "random", "n": 2})
    sweep(random, out=tmp_path / "out")
    monkeypatch.setattr(designs, "_sampled", lambda design, n, generator: np.full((design.n, n), 0.5))
    with pytest.raises(InputError, match="the design gives other points"):
        sweep(random, out=tmp_path / "out")


def test_a_folder_of_something_else_is_left_alone(study, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty and holds no study"):
        sweep(study(), out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_runs_that_fail_are_rows_and_can_be_tried_again(study, tmp_path, monkeypatch):
    content = study(factors={}, strategies=["none", {"plugin": "faulty_strategies:Faulty"}]).resolved()
    content |= {"factors": {"budget_hours_per_year": [400, 667]}}
    content["scenario"]["timeline"] = {"settling": 3, "assistance": 24, "follow_up": 6}
    flawed = study_from_mapping(content)
    results = sweep(flawed, out=tmp_path / "out")
    assert len(results.runs) == 8
    assert list(results.failures["budget_hours_per_year"]) == [667.0, 667.0]
    assert all("raised on purpose" in reason for reason in results.failures["reason"])
    seen = counting(monkeypatch)
    sweep(flawed, out=tmp_path / "out")
    assert seen == []
    again = sweep(flawed, out=tmp_path / "out", retry_failed=True)
    assert len(seen) == 2
    assert (len(again.runs), len(again.failures)) == (8, 2)
    import faulty_strategies

    monkeypatch.setattr(faulty_strategies, "RAISING", -1.0)
    mended = sweep(flawed, out=tmp_path / "out", retry_failed=True)
    assert (len(mended.runs), len(mended.failures)) == (8, 0)
    assert mended.runs["gain_use_follow_up_end"].notna().all()


def test_a_world_that_cannot_be_built_fails_its_runs_only(study, tmp_path, monkeypatch):
    run = chunk_module.run_block

    def fail(block):
        if block.point["lea_annual_exit"] == 0.3:
            raise ZeroDivisionError("no world")
        return run(block)

    monkeypatch.setattr(chunk_module, "run_block", fail)
    results = sweep(study(), out=tmp_path / "out")
    assert len(results.failures) == 8
    assert set(results.failures["lea_annual_exit"]) == {0.3}
    assert all("ZeroDivisionError: no world" in reason for reason in results.failures["reason"])
    assert results.reasons["reason"].tolist() == ["ZeroDivisionError: no world"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_a_shard_is_written_stays_a_signal(tmp_path, number):
    """Not an error of DuckDB, whose own calls look for signals too; and what is stored is whole."""

    def stop(number, frame):
        raise KeyboardInterrupt(number)

    (tmp_path / tables.RUNS).mkdir()
    (tmp_path / tables.TEMPORARY).mkdir()
    rows = [{"run_id": "a", "replicate": 0, "luck": 0, "point": 0, "cost": 1.0}] * 50
    columns, written = ["run_id", "replicate", "luck", "point", "cost"], 0
    before = signal.signal(number, stop)
    try:
        for moment in range(60):
            timer = threading.Timer(moment * 2e-4, signal.raise_signal, [number])
            with pytest.raises(KeyboardInterrupt):  # noqa: PT012
                timer.start()
                while True:
                    tables.write_shard(tmp_path, tables.shard_path(tmp_path, [str(written)]), rows, columns)
                    written += 1
            assert signal.getsignal(number) is stop
    finally:
        signal.signal(number, before)
    shards = list((tmp_path / tables.RUNS).glob("*/*"))
    assert written <= len(shards) <= written + 60
    assert all(len(tables.read_table(shard)) == len(rows) for shard in shards)


def test_rows_of_one_run_that_contradict_each_other_are_refused(study, tmp_path):
    results = sweep(study(), out=tmp_path / "out")
    shard = next((tmp_path / "out" / "runs").glob("*/*.parquet"))
    twin = shard.with_name("twin.parquet")
    twin.write_bytes(shard.read_bytes())
    assert len(results.runs) == 16
    duckdb.connect().execute(f"COPY (SELECT * REPLACE (cost + 1 AS cost) FROM '{shard}') TO '{twin}' (FORMAT parquet)")
    with pytest.raises(InputError, match="the same run is stored twice with different numbers"):
        results.runs  # noqa: B018


def test_compacting_keeps_every_run(study, tmp_path, monkeypatch):
    monkeypatch.setattr(driver_module, "TARGET_SECONDS", 0.0)
    results = sweep(study(), out=tmp_path / "out")
    before = results.runs
    assert compact_store(tmp_path / "out", rows_per_shard=6) == (8, 3, 16)
    pd.testing.assert_frame_equal(results.runs, before, check_exact=True)
    assert compact_store(tmp_path / "out") == (3, 1, 16)
    assert compact_store(tmp_path / "out") == (1, 1, 16)
    pd.testing.assert_frame_equal(results.runs, before, check_exact=True)
    seen = counting(monkeypatch)
    sweep(study(), out=tmp_path / "out")
    assert seen == []
    with store.locked(tmp_path / "out"), pytest.raises(OutputError, match="another capsim works on this folder"):
        compact_store(tmp_path / "out")


def test_compacting_that_is_interrupted_loses_nothing(study, tmp_path, monkeypatch):
    monkeypatch.setattr(driver_module, "TARGET_SECONDS", 0.0)
    results = sweep(study(), out=tmp_path / "out")
    before = results.runs
    unlink, calls = Path.unlink, []

    def stop(path, **options):
        if path.suffix == ".parquet":
            calls.append(path)
            if len(calls) > 3:
                raise KeyboardInterrupt
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", stop)
    with pytest.raises(KeyboardInterrupt):
        compact_store(tmp_path / "out")
    monkeypatch.undo()
    assert len(raw(tmp_path / "out")) > 16
    pd.testing.assert_frame_equal(results.runs, before, check_exact=True)
    assert compact_store(tmp_path / "out").after == 1
    assert len(raw(tmp_path / "out")) == 16


def test_small_shards_are_merged_as_they_come(study, tmp_path, monkeypatch):
    monkeypatch.setattr(driver_module, "TARGET_SECONDS", 0.0)
    monkeypatch.setattr(driver_module, "MOST_SMALL_SHARDS", 3)
    results = sweep(study(replications=4), out=tmp_path / "out")
    assert len(list((tmp_path / "out" / "runs").glob("*/*.parquet"))) == 16 // 3 + 16 % 3
    assert len(raw(tmp_path / "out")) == 32
    monkeypatch.undo()
    pd.testing.assert_frame_equal(results.runs, sweep(study(replications=4), out=tmp_path / "whole").runs)
    seen = counting(monkeypatch)
    sweep(study(replications=4), out=tmp_path / "out")
    assert seen == []


def test_other_programs_read_the_runs(study, tmp_path):
    ours = sweep(study(), out=tmp_path / "out").runs
    order = ["point", "replicate", "strategy"]
    readers = {"duckdb": raw}
    try:
        import polars

        readers["polars"] = lambda folder: pd.DataFrame(
            polars.read_parquet(f"{folder}/runs/*/*.parquet").to_dict(as_series=False)
        )
    except ImportError:
        pass
    try:
        import pyarrow  # noqa: F401

        readers["pandas"] = lambda folder: pd.concat(map(pd.read_parquet, Path(folder).glob("runs/*/*.parquet")))
    except ImportError:
        pass
    for name, read in readers.items():
        theirs = read(tmp_path / "out").sort_values(order, ignore_index=True)
        pd.testing.assert_frame_equal(theirs[list(ours.columns)], ours, check_exact=True, check_dtype=False, obj=name)


def test_folders_with_awkward_names(study, tmp_path):
    folder = tmp_path / "it's [a] *=1?"
    assert len(sweep(study(factors={}), out=folder).runs) == 4
    assert compact_store(folder).rows == 4


def test_every_column_is_described(study):
    plan = make_plan(study())
    columns = plan.manifest.columns
    text = sweep_dictionary(columns, plan.factors)
    for name in columns:
        assert f"\n| {name} | " in text


def test_what_is_in_the_folder(study, tmp_path):
    results = sweep(study(), out=tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "data_dictionary.md",
        "driver.lock",
        "provenance.json",
        "runs",
        "sessions.jsonl",
        "study.json",
        "tmp",
    }
    origin = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert origin["study_hash"] == results.study_hash
    assert origin["versions"]["capsim"]
    assert json.loads((tmp_path / "out" / "study.json").read_text())["study_hash"] == results.study_hash


def test_a_full_disk_leaves_no_half_shard(study, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables.os, "fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        sweep(study(), out=tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers: must be 1 or more"),
        ({"shard": (3, 2)}, "shard: must be i/n"),
        ({"dask": "a", "dask_file": "b"}, "not both"),
    ],
)
def test_wrong_arguments(study, tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        sweep(study(), out=tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_an_open_folder_needs_a_study(tmp_path):
    with pytest.raises(InputError, match="holds no study"):
        open_results(tmp_path)


def test_the_layer_stays_light():
    code = (
        "import sys, capsim.runs.sweep, capsim.runs.sweep, capsim.runs.reading\n"
        "heavy = {'mesa', 'pandas', 'duckdb', 'dask', 'distributed', 'SALib', 'matplotlib', 'scipy.stats'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def command(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_shipped_study_by_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shipped = Path(__file__).parents[2] / "studies" / "turnover.yaml"
    tried = command("sweep", shipped, "--dry-run", "--workers", 2)
    assert tried.exit_code == 0, tried.output
    assert "6 points x 3 strategies x 8 replications = 144 runs" in tried.output
    most = float(re.search(r"at most ([\d.]+) MB on disk", tried.output).group(1))
    assert load_study(shipped).name == "Turnover and budget"
    assert not list(tmp_path.iterdir())
    done = command("sweep", shipped, "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "144 of 144 runs are stored in results/turnover-and-budget, 0 failed" in done.output
    written = sum(path.stat().st_size for path in Path("results").rglob("*") if path.is_file())
    assert written <= 1e6 * most < 10 * written
    digest = tried.output.split("study hash ")[1].strip()
    assert f"study hash {digest}" in done.output
    asked = command("query", "results/turnover-and-budget", "SELECT count(*) AS n FROM runs", "--json")
    assert json.loads(asked.output) == [{"n": 144}]
    assert command("compact", "results/turnover-and-budget").output.endswith(" 1 now\n")
    machine = json.loads(command("sweep", shipped, "--workers", 1, "--json").output)
    assert {row["strategy"] for row in machine.pop("plans")} == set(load_study(shipped).strategies) - {"none"}
    assert machine.pop("answer").startswith("Organization-focused assistance leaves most at every point.")
    assert "What the factors change" in Path("results/turnover-and-budget/report.html").read_text(encoding="utf-8")
    assert machine == {
        "folder": "results/turnover-and-budget",
        "runs": 144,
        "done": 144,
        "failed": 0,
        "study_hash": digest,
    }


def test_wrong_commands(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("kind: sweep\nname: X\n")
    result = command("sweep", bad)
    assert result.exit_code == 2
    assert f"{bad}:1: scenario: is missing" in result.output
    for words in (("--shard", "0/3"), ("--shard", "x"), ("--workers", 2, "--dask", "tcp://a:1")):
        assert command("sweep", bad, *words).exit_code == 2
    assert command("query", tmp_path, "SELECT 1").exit_code == 2

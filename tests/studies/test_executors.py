"""Where blocks run must not matter, and a worker that dies or a caller that stops must leave nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from capsim.errors import CapsimError, InputError
from capsim.runs.blocks import Block
from capsim.runs.executors import BlockWorkers, run_blocks

STRATEGIES = ("none", "individual_focused", "organization_focused")


@pytest.fixture
def blocks(classroom):
    content = classroom.resolved()
    return [
        Block(content, STRATEGIES, replicate, assumptions, keep_agencies=True)
        for replicate in range(4)
        for assumptions in ("default", "drawn")
    ]


def identical(mine, theirs):
    assert [(r.replicate, r.assumptions) for r in mine] == [(r.replicate, r.assumptions) for r in theirs]
    for one, other in zip(mine, theirs, strict=True):
        assert one.settling_months == other.settling_months
        for run, same in zip(one.runs, other.runs, strict=True):
            assert run.strategy == same.strategy
            np.testing.assert_equal(run.outcomes, same.outcomes)
            np.testing.assert_array_equal(run.monthly, same.monthly)
            assert run.by_organization.keys() == same.by_organization.keys()
            for month, measured in run.by_organization.items():
                np.testing.assert_array_equal(measured, same.by_organization[month])


def test_bit_identical_for_one_and_two_workers_and_any_order(blocks):
    here = list(run_blocks(blocks, workers=1))
    identical(list(run_blocks(blocks, workers=2)), here)
    shuffled = [5, 2, 7, 0, 3, 6, 1, 4]
    again = list(run_blocks([blocks[place] for place in shuffled], workers=2))
    identical([again[shuffled.index(place)] for place in range(8)], here)


def test_results_differ_between_replicates_and_assumptions(blocks):
    results = list(run_blocks(blocks, workers=1))
    assert len({result.runs[0].outcomes["use_follow_up_end"] for result in results}) == len(results)


def test_progress_counts_blocks_and_failed_runs(classroom):
    from tests_strategies import Fails

    seen = []
    blocks = [Block(classroom.resolved(), ("none", Fails), replicate) for replicate in range(3)]
    list(run_blocks(blocks, workers=1, progress=lambda *counts: seen.append(counts)))
    assert seen == [(1, 3, 1), (2, 3, 2), (3, 3, 3)]


def no_children(seconds=10.0):
    end = time.monotonic() + seconds
    while multiprocessing.active_children():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_caller_that_stops_early_ends_the_workers(blocks):
    results = run_blocks(blocks, workers=2)
    next(results)
    assert multiprocessing.active_children()
    results.close()
    assert no_children()


def test_an_interrupt_ends_the_workers(blocks):
    def interrupt(done, total, failed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run_blocks(blocks, workers=2, progress=interrupt))
    assert no_children()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_worker_is_a_clear_error(blocks):
    def kill(done, total, failed):
        if done == 1:
            for worker in multiprocessing.active_children():
                os.kill(worker.pid, signal.SIGKILL)

    started = time.monotonic()
    with pytest.raises(CapsimError, match=r"a worker process died \(killed by signal 9 \(SIGKILL\); ended from"):
        list(run_blocks(blocks * 4, workers=2, progress=kill))
    assert time.monotonic() - started < 60.0
    assert no_children()


def test_an_error_in_a_worker_is_the_same_error_here(blocks):
    wrong = Block({**blocks[0].scenario, "seed": -1}, STRATEGIES, 0)
    with pytest.raises(InputError, match="scenario: seed: "):
        list(run_blocks([wrong, wrong], workers=2))
    assert no_children()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_leave_ctrl_c_to_the_parent_from_their_first_moment(blocks):
    held = []

    def look(done, total, failed):
        for worker in multiprocessing.active_children():
            status = Path(f"/proc/{worker.pid}/status").read_text()
            mask = next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk"))
            held.append(bool(int(mask, 16) & 1 << (signal.SIGINT - 1)))

    list(run_blocks(blocks[:4], workers=2, progress=look))
    assert len(held) >= 2
    assert all(held)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_threads_of_libraries_are_set_back(blocks, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    seen = []
    progress = lambda *counts: seen.append(os.environ["NUMBA_NUM_THREADS"])  # noqa: E731
    list(run_blocks(blocks[:2], workers=2, progress=progress))
    assert seen == ["1", "1"]
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "NUMBA_NUM_THREADS" not in os.environ


def test_a_script_without_a_main_guard_is_told_so(tmp_path):
    import subprocess

    (tmp_path / "script.py").write_text("import capsim\ncapsim.compare('classroom', replications=2, workers=2)\n")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode != 0
    assert 'put the call under `if __name__ == "__main__":`' in done.stderr


def test_workers_that_are_kept_serve_call_after_call(blocks):
    here = list(run_blocks(blocks, workers=1))
    with BlockWorkers(2) as kept:
        first = list(run_blocks(blocks[:3], workers=kept))
        alive = sorted(process.pid for process in multiprocessing.active_children())
        second = list(run_blocks(blocks[3:], workers=kept))
        assert sorted(process.pid for process in multiprocessing.active_children()) == alive
        assert len(alive) == 2
        identical(first + second, here)
        stopped = run_blocks(blocks, workers=kept)
        next(stopped)
        stopped.close()
        assert not multiprocessing.active_children()
        identical(list(run_blocks(blocks[:1], workers=kept)), here[:1])
    assert not multiprocessing.active_children()


def test_the_precision_rule_starts_its_workers_once(classroom, monkeypatch):
    from capsim.comparison import compare as module
    from capsim.runs import executors

    started = []
    real = executors.ProcessPoolExecutor
    monkeypatch.setattr(executors, "ProcessPoolExecutor", lambda *a, **k: started.append(1) or real(*a, **k))
    monkeypatch.setattr(module, "PILOT", 4)
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "MOST_REPLICATIONS", 8)
    result = module.compare(classroom, precision=1e-9, workers=2, uncertainty="none")
    assert result.runs["replicate"].nunique() == 8
    assert len(started) == 1

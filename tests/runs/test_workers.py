"""Where jobs are done must not matter, and a worker that dies or a caller that stops must leave nothing behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, ThreadPoolExecutor, wait
from pathlib import Path

import jobs
import numpy as np
import pytest
from faults import GENEROUS, children, wait_until

from capsim.comparison.compare import compare
from capsim.errors import CapsimError, InputError
from capsim.runs.blocks import Block
from capsim.runs.crews import hired, map_blocks, run_blocks
from capsim.runs.workers import Answer

STRATEGIES = ("none", "individual_focused", "organization_focused")
linux = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")


@pytest.fixture
def blocks(classroom):
    content = classroom.resolved()
    return [
        Block(content, STRATEGIES, replicate, assumptions, keep_agencies=True)
        for replicate in range(4)
        for assumptions in ("default", "drawn")
    ]


class Futures:
    """Anybody's workers: an executor of `concurrent.futures`."""

    def __init__(self, executor, size):
        self.executor, self.size, self.flying = executor, size, {}

    def submit(self, job):
        self.flying[self.executor.submit(job)] = job

    def answers(self):
        done, _ = wait(self.flying, return_when=FIRST_COMPLETED)
        return [Answer(self.flying.pop(future), *ending(future)) for future in done]

    def close(self, *, now):
        self.executor.shutdown(wait=not now, cancel_futures=True)


def ending(future):
    """Result, or how the worker ended."""
    return (future.result(), None) if future.exception() is None else (None, str(future.exception()))


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


def test_bit_identical_wherever_and_in_any_order(blocks):
    here = list(run_blocks(blocks, workers=1))
    identical(list(run_blocks(blocks, workers=2)), here)
    shuffled = [5, 2, 7, 0, 3, 6, 1, 4]
    again = list(run_blocks([blocks[place] for place in shuffled], workers=2))
    identical([again[shuffled.index(place)] for place in range(8)], here)
    identical(list(run_blocks(blocks, workers=Futures(ThreadPoolExecutor(3), 3))), here)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        identical(list(run_blocks(blocks, workers=Futures(pool, 2))), here)


def test_results_differ_between_replicates_and_assumptions(blocks):
    results = list(run_blocks(blocks, workers=1))
    assert len({result.runs[0].outcomes["use_follow_up_end"] for result in results}) == len(results)


def test_progress_counts_blocks_and_failed_runs(classroom):
    seen = []
    blocks = [Block(classroom.resolved(), ("none", jobs.Fails), replicate) for replicate in range(3)]
    list(run_blocks(blocks, workers=1, progress=lambda *counts: seen.append(counts)))
    assert seen == [(1, 3, 1), (2, 3, 2), (3, 3, 3)]


@pytest.mark.parametrize("stop", [SystemExit(0), ValueError("no")])
def test_progress_that_raises_is_an_error(blocks, stop):
    def progress(*counts):
        raise stop

    with pytest.raises(CapsimError, match=f"progress: {type(stop).__name__}"):
        list(run_blocks(blocks[:1], workers=1, progress=progress))


def gone(workers):
    return lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers)


@linux
def test_a_caller_that_stops_early_ends_the_workers(blocks):
    results = run_blocks(blocks, workers=2)
    next(results)
    own = children(os.getpid())
    assert own
    results.close()
    wait_until(gone(own))


@linux
def test_an_interrupt_ends_the_workers(blocks):
    own = []

    def interrupt(done, total, failed):
        own.extend(children(os.getpid()))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run_blocks(blocks, workers=2, progress=interrupt))
    assert own
    wait_until(gone(own))


@linux
def test_a_killed_worker_is_a_clear_error(blocks):
    def kill(done, total, failed):
        if done == 1:
            for pid in children(os.getpid()):
                os.kill(pid, signal.SIGKILL)

    with pytest.raises(CapsimError, match=r"a worker process died \(killed by signal 9 \(SIGKILL\); ended from"):
        list(run_blocks(blocks * 4, workers=2, progress=kill))
    wait_until(lambda: not children(os.getpid()))


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (jobs.leave, r"died before it did anything \(exit 7\)"),
        (jobs.leave_in_the_middle_of_an_answer, r"died before it did anything \(exit 3\)"),
        (jobs.use_all_memory, "MemoryError"),
        (jobs.exit_quietly, "SystemExit"),
        (jobs.answer_with_a_lock, "cannot be handed over"),
    ],
)
def test_jobs_that_go_wrong(work, words):
    with pytest.raises(CapsimError, match=words):
        list(map_blocks(work, [0, 1, 2], workers=2))


def test_an_error_in_a_worker_is_the_same_error_here(blocks):
    wrong = Block({**blocks[0].scenario, "seed": -1}, STRATEGIES, 0)
    with pytest.raises(InputError, match="scenario: seed: "):
        list(run_blocks([wrong, wrong], workers=2))


@linux
def test_workers_leave_ctrl_c_to_the_parent_and_use_one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    (told,) = map_blocks(jobs.tell, ["OMP_NUM_THREADS"], workers=1, alone=True)
    assert told.text == "1"
    assert told.session != os.getsid(0)
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_what_a_worker_prints_is_not_taken_for_an_answer(capfd):
    (told,) = map_blocks(jobs.print_something, ["hello"], workers=1, alone=True)
    assert told.text == "hello"
    assert capfd.readouterr() == ("", "hello\n")


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "script.py").write_text(text)
    words = [sys.executable, "script.py"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=GENEROUS, check=False)


def test_a_script_needs_no_main_guard(tmp_path):
    done = script(tmp_path, "import capsim\nprint(capsim.compare('classroom', replications=2, workers=2).failures)\n")
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_a_process_of_somebody_elses_pool_may_compare(tmp_path):
    text = (
        "import multiprocessing, capsim\n\ndef work(_):\n"
        "    return len(capsim.compare('classroom', replications=2, workers=2).runs)\n\n"
        "if __name__ == '__main__':\n    with multiprocessing.Pool(1) as pool:\n        print(pool.map(work, [0]))\n"
    )
    done = script(tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert done.stdout[0] == "["


def test_workers_of_ones_own_without_a_main_guard_are_told_so(tmp_path):
    text = (
        "import multiprocessing, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from concurrent.futures import ProcessPoolExecutor\nimport capsim\nfrom test_workers import Futures\n"
        "pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context('spawn'))\n"
        "capsim.compare('classroom', replications=2, workers=Futures(pool, 2))\n"
    )
    done = script(tmp_path, text)
    assert done.returncode != 0
    assert 'under `if __name__ == "__main__":`' in done.stderr


@linux
def test_workers_that_are_kept_serve_call_after_call(blocks):
    here = list(run_blocks(blocks, workers=1))
    with hired(2) as kept:
        first = list(run_blocks(blocks[:3], workers=kept))
        alive = sorted(children(os.getpid()))
        second = list(run_blocks(blocks[3:], workers=kept))
        assert sorted(children(os.getpid())) == alive
        assert len(alive) == 2
        identical(first + second, here)
        stopped = run_blocks(blocks, workers=kept)
        next(stopped)
        stopped.close()
        identical(list(run_blocks(blocks[:1], workers=kept)), here[:1])
    wait_until(gone(alive))


def test_the_precision_rule_starts_its_workers_once(classroom, monkeypatch):
    started = []
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda words, **k: started.append(words[:2]) or real(words, **k))
    monkeypatch.setattr("capsim.comparison.request.PILOT", 4)
    monkeypatch.setattr("capsim.comparison.request.BATCH", 2)
    monkeypatch.setattr("capsim.comparison.request.MOST_REPLICATIONS", 8)
    result = compare(classroom, precision=1e-9, workers=2, uncertainty="none")
    assert result.runs["replicate"].nunique() == 8
    assert started.count([sys.executable, "-c"]) == 2


@pytest.mark.parametrize("workers", [0, "two", True, 1.5, None])
def test_what_cannot_work_is_refused(classroom, workers):
    with pytest.raises(InputError, match="workers: must be "):
        compare(classroom, replications=2, workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_never_ends_is_a_failed_run(classroom, workers):
    content = {
        **classroom.resolved(),
        "strategies": ["none", {"plugin": "jobs:Endless", "name": "endless"}],
        "replications": 2,
    }
    content["question"] = {**content["question"], "contrast": ["none", "endless"]}
    found = compare(content, time_limit_seconds=4, workers=workers, uncertainty="none")
    assert [failure["strategy"] for failure in found.failures] == ["endless"] * 2
    assert all("over its time limit of 4 s" in failure["reason"] for failure in found.failures)
    assert all("month 0" in failure["reason"] for failure in found.failures)

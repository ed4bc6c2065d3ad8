"""On a dask cluster whose scheduler and workers are processes of their own, and are killed."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
from pathlib import Path

import pandas as pd
import pytest
from faults import RUNS, STUDY, Running, moments, must_be_sound, resume, stored, wait_until
from faulty_strategies import KILLING

from capsim.comparison.folder import open_results
from capsim.errors import InputError
from capsim.runs import dask_workers
from capsim.runs.sweep import sweep

pytest.importorskip("distributed", reason="the extra capsim[dask] is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """A scheduler and two workers with one thread each, as users start them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.start_scheduler()
        self.workers = [self._start("worker", self.address, "--nthreads", "1", "--no-dashboard") for _ in range(2)]

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        wait_until(self._listens)

    def _start(self, *words: str) -> Running:
        return Running(
            [sys.executable, "-m", "dask", *words],
            self.folder,
            DASK_TEMPORARY_DIRECTORY=str(self.folder / "dask"),
            DASK_DISTRIBUTED__DEATH_TIMEOUT="30",
        )

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def working_processes(self) -> list[int]:
        """Processes that run chunks: children of the nannies."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    status, words = (entry / "status").read_text(), (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if any(f"\nPPid:\t{w.process.pid}\n" in status for w in self.workers) and b"spawn_main" in words:
                    found.append(int(entry.name))
        return found

    def close(self) -> None:
        for one in (*self.workers, self.scheduler):
            if one.process.poll() is None:
                os.killpg(one.process.pid, signal.SIGKILL)
            one.end()


@pytest.fixture
def cluster(tmp_path):
    (tmp_path / "cluster").mkdir()
    one = Cluster(tmp_path / "cluster")
    yield one
    one.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")
def test_workers_and_then_the_scheduler_killed(tmp_path, reference, driver, cluster):
    luck = random.Random(3)
    one = driver(tmp_path, dask=cluster.address, workers=1)
    one.wait_for_reports(1)
    assert one.process.poll() is None, one.errors
    for _ in moments():
        if one.reported < RUNS // 2 and (processes := cluster.working_processes()):
            os.kill(luck.choice(processes), signal.SIGKILL)
    cluster.scheduler.process.kill()
    assert one.end() == 1
    assert "is gone; what was reported done is stored" in one.errors[-1]
    rows = must_be_sound(tmp_path, reference, reported=one.reported)
    assert len(rows) < RUNS
    cluster.close()
    resume(tmp_path)
    must_be_sound(tmp_path, reference, whole=True)


def test_numbers_are_the_same_after_the_driver_was_killed(tmp_path, reference, driver, cluster):
    one = driver(tmp_path, dask=cluster.address, workers=1)
    one.wait_for_reports(1)
    one.process.kill()
    one.end()
    last = driver(tmp_path, dask=cluster.address, workers=1)
    assert last.end() == 0, last.errors
    assert last.reported == RUNS
    # A worker that lost its driver ends what it had begun, maybe while the next driver does the same: equal rows, which
    # count once.
    runs = open_results(tmp_path / "out").runs
    pd.testing.assert_frame_equal(runs, reference, check_exact=True)


def test_a_run_that_kills_its_worker_every_time(tmp_path, driver, cluster):
    from test_faults import faulty

    text = faulty(400, KILLING, 401).replace("replications: 2", "replications: 1")
    one = driver(tmp_path, text, dask=cluster.address, workers=1)
    assert one.end() == 0, one.errors
    rows = stored(tmp_path)
    assert len(rows) == 9
    assert rows["run_id"].is_unique
    failed = rows[rows["status"] == "failed"]
    assert list(failed["reason"]) == ["worker died 3 times"]
    assert list(failed["strategy"]) == ["Faulty"]


def test_nobody_at_the_address(tmp_path, monkeypatch):
    monkeypatch.setattr(dask_workers, "_PATIENCE_SECONDS", 1.0)
    (tmp_path / "study.yaml").write_text(STUDY)
    with pytest.raises(InputError, match="no dask scheduler answers"):
        sweep(tmp_path / "study.yaml", dask=f"tcp://127.0.0.1:{free_port()}", out=tmp_path / "results" / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]

"""Ctrl-C, SIGTERM, two drivers, job arrays: real processes, and what they leave."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from faults import RUNS, children, must_be_sound, resume, stored, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")


@pytest.mark.parametrize(
    ("number", "status", "workers"),
    [(signal.SIGINT, 130, "2"), (signal.SIGTERM, 143, "2"), (signal.SIGTERM, 143, "1")],
)
def test_interruptions(tmp_path, reference, command, number, status, workers):
    one = command(tmp_path, "--workers", workers)
    wait_until(lambda: len(stored(tmp_path)) >= 3 or one.process.poll() is not None)
    others = children(one.process.pid)
    os.killpg(one.process.pid, number)  # as a terminal or a batch system does: to the command and its workers
    assert one.end() == status
    assert one.errors[-1] == "capsim: stopped; finished runs are stored in out. The same command goes on."
    assert not any("Traceback" in line for line in one.errors)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in others))
    assert 3 <= len(must_be_sound(tmp_path, reference)) < RUNS
    resume(tmp_path)
    must_be_sound(tmp_path, reference, whole=True)


def test_two_drivers_on_one_folder(tmp_path, reference, driver):
    one = driver(tmp_path)
    one.wait_for_reports(1)
    other = driver(tmp_path, workers=1)
    assert other.end() == 1
    assert f"another capsim works on this folder (process {one.process.pid} on " in other.errors[-1]
    assert one.end() == 0, one.errors
    must_be_sound(tmp_path, reference, whole=True)


def test_parts_of_a_job_array_at_the_same_time(tmp_path, reference, driver):
    parts = [driver(tmp_path, workers=1, shard=[part, 3]) for part in (1, 2, 3)]
    for part in parts:
        assert part.end() == 0, part.errors
        assert part.reported == RUNS // 3
    must_be_sound(tmp_path, reference, whole=True)

"""Faults, tested by doing them to processes: afterwards nothing that was reported done is lost, nothing is there twice
or by half, the same command goes on, and every number is that of the undisturbed study.

CAPSIM_FAULT_MOMENTS=25 tries that many random moments instead of a few.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from faults import RUNS, children, moments, must_be_sound, resume, stored, wait_until
from faulty_strategies import ENDLESS, KILLING, RAISING

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")

MOST_KILLS = 4
FAULTY = """\
kind: sweep
name: Faulty
scenario: classroom
design:
  kind: points
  points:
{points}
strategies: [none, individual_focused, {{plugin: "faulty_strategies:Faulty"}}]
replications: 2
outcomes: [use_follow_up_end, gain_use_follow_up_end]
{more}
"""


def faulty(*budgets: float, more: str = "") -> str:
    """A study of one faulty strategy, at points that differ in the budget."""
    return FAULTY.format(points="\n".join(f"    - budget_hours_per_year: {b:g}" for b in budgets), more=more)


def test_a_driver_that_is_killed_again_and_again(tmp_path, reference, driver):
    luck = random.Random(1)
    folder, before = tmp_path / "0", 0
    folder.mkdir()
    for moment in moments():
        one = driver(folder)
        one.wait_for_reports(before + luck.randrange(3, RUNS // 4))
        workers = children(one.process.pid)
        one.process.kill()
        one.end()
        wait_until(lambda workers=workers: not any(Path(f"/proc/{pid}/mem").exists() for pid in workers))
        before = len(must_be_sound(folder, reference, reported=one.reported))
        if before > RUNS // 2:
            resume(folder)
            must_be_sound(folder, reference, whole=True)
            folder, before = tmp_path / f"{moment + 1}", 0
            folder.mkdir()
    last = driver(folder)
    assert last.end() == 0, last.errors
    must_be_sound(folder, reference, whole=True)
    assert not list((folder / "out" / "tmp").iterdir())


def test_workers_that_are_killed(tmp_path, reference, driver):
    luck = random.Random(2)
    killed = 0
    for _ in moments(1):
        folder = tmp_path / str(killed)
        folder.mkdir()
        one, before = driver(folder), killed
        one.wait_for_reports(1)
        while (workers := children(one.process.pid)) and one.reported < RUNS // 2 and killed - before < MOST_KILLS:
            os.kill(luck.choice(workers), signal.SIGKILL)
            killed += 1
            one.wait_for_reports(one.reported + 1)
        assert one.end() == 0, one.errors
        assert one.lines[-1] == "finished"
        assert one.reported == RUNS
        must_be_sound(folder, reference, whole=True)
    assert killed


def test_workers_that_are_killed_while_they_write(tmp_path, reference, driver):
    marks = tmp_path / "marks"
    marks.mkdir()
    (tmp_path / "custom").mkdir()
    shutil.copy(Path(__file__).with_name("dying.py"), tmp_path / "custom" / "sitecustomize.py")
    paths = os.pathsep.join([str(tmp_path / "custom"), os.environ.get("PYTHONPATH", "")])
    one = driver(tmp_path, environment={"DIE_MID_WRITE": str(marks), "PYTHONPATH": paths})
    assert one.end() == 0, one.errors
    assert len(list(marks.iterdir())) == 3
    must_be_sound(tmp_path, reference, whole=True)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"cannot mount a small file system: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(small_disk, reference, driver):
    filler = small_disk / "filler"
    one = driver(small_disk)
    one.wait_for_reports(1)
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    assert one.end() == 1
    assert "the disk is full; everything that was reported done is stored" in one.errors[-1], one.errors
    assert len(must_be_sound(small_disk, reference, reported=one.reported)) < RUNS
    still = driver(small_disk)
    assert still.end() == 1
    assert "the disk is full; everything that was reported done is stored" in still.errors[-1], still.errors
    must_be_sound(small_disk, reference, reported=one.reported)
    filler.unlink()
    resume(small_disk)
    must_be_sound(small_disk, reference, whole=True)


def test_a_run_that_raises_and_one_that_kills_its_worker_every_time(tmp_path, driver):
    one = driver(tmp_path, faulty(400, KILLING, RAISING, 401))
    assert one.end() == 0, one.errors
    rows = stored(tmp_path).set_index(["budget_hours_per_year", "strategy", "replicate"]).sort_index()
    assert len(rows) == 4 * 3 * 2
    assert rows.index.is_unique
    failed = rows[rows["status"] == "failed"]
    assert sorted(failed.index) == [(b, "Faulty", r) for b in (KILLING, RAISING) for r in (0, 1)]
    assert set(failed.loc[KILLING, "reason"]) == {"worker died 3 times: killed by signal 9 (SIGKILL)"}
    assert all("ValueError: the strategy raised on purpose" in reason for reason in failed.loc[RAISING, "reason"])
    assert failed["use_follow_up_end"].isna().all()
    assert rows[rows["status"] == "done"].drop(columns="reason").notna().all(axis=None)
    assert one.lines[-2].split() == ["24", "24", "4"]


def test_a_run_that_never_ends(tmp_path, command):
    one = command(tmp_path, "--workers", "2", text=faulty(400, ENDLESS, 401, more="time_limit_seconds: 4"))
    assert one.end() == 1, one.errors
    rows = stored(tmp_path)
    assert len(rows) == 3 * 3 * 2
    assert rows["run_id"].is_unique
    failed = rows[rows["status"] == "failed"]
    assert set(failed["strategy"]) == {"Faulty"}
    assert set(failed["budget_hours_per_year"]) == {ENDLESS}
    assert len(failed) == 2
    assert all(reason.startswith("over its time limit of 4 s; it was in File ") for reason in failed["reason"])
    assert all("faulty_strategies.py" in reason for reason in failed["reason"])
    assert "18 of 18 runs are stored in out, 2 failed" in one.lines
    assert any("--retry-failed" in line for line in one.errors)

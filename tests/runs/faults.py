"""Studies to disturb, drivers in processes of their own, and what must hold afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

HERE = Path(__file__).parent
STUDY = """\
kind: sweep
name: Disturbed
scenario: classroom
factors:
  lea_annual_exit: [0.10, 0.20, 0.30]
strategies: [none, individual_focused, organization_focused]
replications: 60
outcomes: [use_follow_up_end, gain_use_follow_up_end, cost]
"""
RUNS = 3 * 60 * 3
GENEROUS = 900.0
"""Seconds after which something hangs, however busy the machine is; nothing is measured by it."""


class Running:
    """A process whose reports are read as they come."""

    def __init__(self, words: list[str], cwd: Path, **environment: str) -> None:
        paths = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        self.process = subprocess.Popen(
            words,
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": paths, **environment},
        )
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip("\n"))

    @property
    def reported(self) -> int:
        """Runs reported done so far."""
        counts = [line.split() for line in list(self.lines) if line[:1].isdigit()]
        return int(counts[-1][0]) if counts else 0

    def wait_for_reports(self, runs: int) -> None:
        wait_until(lambda: self.reported >= runs or self.process.poll() is not None)

    def end(self) -> int:
        """Wait for the end; return the exit status."""
        status = self.process.wait(GENEROUS)
        for reader in self._readers:
            reader.join(GENEROUS)
        return status

    def clean_up(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.end()


def start_driver(folder: Path, text: str = STUDY, *, environment: dict[str, str] | None = None, **options) -> Running:
    """A driver of a study in `folder`, storing below it."""
    (folder / "study.yaml").write_text(text)
    options = {"workers": 2, "out": str(folder / "out"), **options}
    words = [sys.executable, str(HERE / "driver.py"), "study.yaml", json.dumps(options)]
    return Running(words, folder, **(environment or {}))


def start_command(folder: Path, *words: str, text: str = STUDY) -> Running:
    """The command in `folder`, storing below it."""
    (folder / "study.yaml").write_text(text)
    return Running([sys.executable, "-m", "capsim", "sweep", "study.yaml", "--out", "out", *words], folder)


def wait_until(condition) -> None:
    end = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def stored(folder: Path) -> pd.DataFrame:
    """All rows of all shards, read without capsim; every shard must be whole."""
    paths = sorted((folder / "out" / "runs").glob("*/*"))
    assert all(path.suffix == ".parquet" for path in paths), "something besides shards"
    if not paths:
        return pd.DataFrame({"run_id": []})
    return duckdb.connect().execute(f"SELECT * FROM read_parquet({[str(p) for p in paths]})").df()


def must_be_sound(folder: Path, reference: pd.DataFrame, *, reported: int = 0, whole: bool = False) -> pd.DataFrame:
    """Nothing reported is lost, nothing is there twice or by half, every number is that of the undisturbed study."""
    rows = stored(folder)
    assert rows["run_id"].is_unique
    assert len(rows) >= reported
    if whole:
        assert len(rows) == len(reference)
    same = reference.set_index("run_id").loc[rows["run_id"]].reset_index()
    pd.testing.assert_frame_equal(rows, same[list(rows.columns)], check_exact=True)
    return rows


def resume(folder: Path) -> None:
    """The same study once more, in this process."""
    from capsim.runs.sweep import sweep

    sweep(folder / "study.yaml", out=folder / "out")


def children(pid: int) -> list[int]:
    """Worker processes of a driver."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status, command = (entry / "status").read_text(), (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if f"\nPPid:\t{pid}\n" in status and b"capsim.runs.workers" in command:
            found.append(int(entry.name))
    return found


def moments(most: int = 1) -> Iterator[int]:
    """Numbers of random moments to try: a few, or as many as CAPSIM_FAULT_MOMENTS says."""
    return iter(range(int(os.environ.get("CAPSIM_FAULT_MOMENTS", most))))

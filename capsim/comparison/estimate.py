"""What a sweep will take, before it runs: runs, time, disk."""

from __future__ import annotations

import time
from typing import NamedTuple

from capsim.runs.blocks import run_block
from capsim.runs.driver import LEAST_SECONDS, MOST_SMALL_SHARDS
from capsim.runs.store import manifest_of
from capsim.runs.study import SweepStudy
from capsim.runs.study_files import study_hash
from capsim.runs.study_plan import Plan, make_plan

__all__ = ["Estimate", "estimate_sweep"]

_LONG_SECONDS = 5.0
_BYTES_OF_A_COLUMN, _BYTES_BESIDE = 400, 200_000
"""Of a column in a file beside its numbers; of provenance, manifest and dictionary."""


class Estimate(NamedTuple):
    """Size of a study.

    Attributes
    ----------
    study_hash : str
    points, runs : int
    seconds_per_run : float
        On this machine, one worker, settling included.
    seconds : float
        With the given number of workers.
    disk_bytes : int
        At most.
    """

    study_hash: str
    points: int
    runs: int
    seconds_per_run: float
    seconds: float
    disk_bytes: int


def estimate_sweep(study: SweepStudy, *, workers: int) -> Estimate:
    """Size of a study; runs the first block here, twice if that is quick, and stores nothing.

    Parameters
    ----------
    study : SweepStudy
    workers : int
    """
    plan = make_plan(study)
    task = next(plan.tasks())
    block = task.block(plan.scenario, plan.factors, study.assumptions)
    for _ in range(2):  # the first also loads the compiled kernels
        started = time.perf_counter()
        run_block(block)
        seconds = time.perf_counter() - started
        if seconds > _LONG_SECONDS:
            break
    each = seconds / len(task.strategies)
    return Estimate(
        study_hash=study_hash(study),
        points=len(plan.points),
        runs=plan.runs,
        seconds_per_run=each,
        seconds=each * plan.runs / workers,
        disk_bytes=_most_bytes(plan, each * plan.runs, workers),
    )


def _most_bytes(plan: Plan, seconds: float, workers: int) -> int:
    """What is stored at most: numbers, what a file says of each of its columns, and what stands beside the runs."""
    columns = len(manifest_of(plan).columns)
    files = min(plan.blocks, MOST_SMALL_SHARDS + 4 * workers + int(seconds / LEAST_SECONDS))
    files = min(files, MOST_SMALL_SHARDS + plan.runs // MOST_SMALL_SHARDS)
    return 8 * plan.runs * columns + files * columns * _BYTES_OF_A_COLUMN + _BYTES_BESIDE

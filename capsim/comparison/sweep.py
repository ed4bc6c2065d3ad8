"""Sweeps: a study file run on workers into a folder; the same call goes on after any interruption. And what one
will take.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from capsim.comparison.results import Results
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError
from capsim.runs.blocks import run_block
from capsim.runs.chunk import Chunk
from capsim.runs.crews import compile_kernels, hired
from capsim.runs.dictionary import sweep_dictionary
from capsim.runs.driver import LEAST_SECONDS, MOST_SMALL_SHARDS, Driver
from capsim.runs.identity import provenance
from capsim.runs.output import slug
from capsim.runs.reading import stored_runs
from capsim.runs.store import MANIFEST, locked, manifest_of, open_store, refuse_foreign, sweep_leftovers
from capsim.runs.study import StudyPart, SweepStudy, load_study, study_hash
from capsim.runs.study_plan import Plan, make_plan
from capsim.runs.workers import Progress, Workers, ending, workers_problem


def sweep(
    study: SweepStudy | str | os.PathLike[str],
    *,
    workers: int | Workers = 1,
    dask: str = "",
    dask_file: str = "",
    shard: tuple[int, int] = (1, 1),
    out: str | os.PathLike[str] | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Run a study file: every point of its design, every strategy, every replicate; store each as it ends.

    Interrupted in any way, the same call goes on where it stopped. The numbers do not depend on where runs are carried
    out, nor on interruptions.

    Parameters
    ----------
    study : SweepStudy, str or path
        Or a study file.
    workers : int or Workers
        1 runs in this process (in one of its own if runs have a time limit); more start that many processes. Or
        anybody's workers: docs/executors.md.
    dask : str
        Address of a dask scheduler, instead of `workers`.
    dask_file : str
        The scheduler's file, instead of its address.
    shard : (int, int)
        Part i of n, for job arrays; parts may work on one folder at the same time.
    out : path, optional
        Folder; ``results/<name of the study>`` without it.
    retry_failed : bool
        Run again what is stored as failed.
    progress : callable, optional
        Called with runs done, runs in all, failed runs.

    Returns
    -------
    Results

    Raises
    ------
    InputError
        If the study or an argument is wrong, or the folder holds another study.
    OutputError
        If the folder cannot be written, is full, or another driver works on it.
    CapsimError
        If workers cannot start, or the dask scheduler is gone. What was reported done is stored.
    """
    study = study if isinstance(study, SweepStudy) else load_study(study)
    _check(study, workers, dask, dask_file, shard)
    plan = make_plan(study)
    for name in study.strategy_names:  # plugins are imported here, so that workers find them
        resolve_strategy(plan.scenario, name)
    folder = Path(os.path.abspath(default_folder(study) if out is None else out))
    refuse_foreign(folder)
    with contextlib.ExitStack() as held:
        hire = functools.partial(_crew, study, workers, dask, dask_file)
        # before there is a folder, so that none is left where no scheduler answers
        crew = None if (folder / MANIFEST).exists() else held.enter_context(hire())
        alone = held.enter_context(locked(folder, shard=shard))
        manifest = manifest_of(plan)
        text = sweep_dictionary(manifest.columns, plan.factors)
        open_store(folder, manifest, origin=lambda: _origin(plan), dictionary=text)
        sweep_leftovers(folder, alone=alone)
        done, failed = stored_runs(folder)
        stored = done if retry_failed else done | failed
        driver = _driver(plan, folder, shard, stored, 0 if retry_failed else len(failed), progress)
        if driver.done == driver.total:
            driver.tell()
        else:
            driver.template = dataclasses.replace(
                driver.template, salt=f"again {time.time_ns()}" if retry_failed else ""
            )
            driver.run(crew or held.enter_context(hire()), plan.tasks(stored=stored, shard=shard))

    return Results(folder)


def default_folder(study: StudyPart) -> Path:
    """Folder of a study that is given none: the same for the same name, so that the same command goes on."""
    return Path("results") / (slug(study.name) or "study")


def _check(study: object, workers: object, dask: str, dask_file: str, shard: tuple[int, int]) -> None:
    problems = []
    if not isinstance(study, SweepStudy):
        problems.append(f"study: is of kind {getattr(study, 'kind', '?')}; a sweep is needed")
    if (problem := workers_problem(workers)) is not None:
        problems.append(problem)
    if dask and dask_file:
        problems.append("dask: give the address or the file of the scheduler, not both")
    if not 1 <= shard[0] <= shard[1]:
        problems.append(f"shard: must be i/n with i from 1 to n, got {shard[0]}/{shard[1]}")
    if problems:
        raise InputError(problems)


def _driver(
    plan: Plan, folder: Path, shard: tuple[int, int], stored: set[str], failed: int, progress: Progress | None
) -> Driver:
    """The driver of a part of a study, of which some runs are stored."""
    template = Chunk(
        folder=str(folder),
        scenario=plan.scenario,
        factors=plan.factors,
        assumptions=plan.study.assumptions,
        columns=manifest_of(plan).columns,
        time_limit_seconds=plan.study.time_limit_seconds,
    )
    total, done = plan.runs_of(shard), len(stored)
    if shard != (1, 1):
        done = total - sum(len(task.keep) for task in plan.tasks(stored=stored, shard=shard))
        failed = 0
    return Driver(template, total=total, done=done, failed=failed, progress=progress)


def _origin(plan: Plan) -> dict[str, Any]:
    """Contents of provenance.json: with them alone the study can be run again."""
    study = plan.study.resolved()
    found = provenance(plan.study.scenario, plan.content, precision=None, replications=plan.study.replications)
    return {**found, **{key: value for key, value in study.items() if key != "scenario"}, "plugins": plan.plugins}


def _crew(
    study: SweepStudy, workers: int | Workers, dask: str, dask_file: str
) -> contextlib.AbstractContextManager[Workers]:
    if dask or dask_file:
        from capsim.runs.dask_workers import DaskCluster

        return ending(DaskCluster(dask, dask_file))
    return hired(workers, alone=bool(study.time_limit_seconds))


_BYTES_OF_A_COLUMN, _BYTES_BESIDE = 400, 200_000
"""Of a column in a file beside its numbers; of provenance, manifest and dictionary."""


class Estimate(NamedTuple):
    """Size of a study: time of a run on this machine, one worker, settling included; of all with the given number of
    workers; and bytes on the disk at most.
    """

    study_hash: str
    points: int
    runs: int
    seconds_per_run: float
    seconds: float
    disk_bytes: int


def estimate_sweep(study: SweepStudy, *, workers: int) -> Estimate:
    """Size of a study; runs the first block here, and stores nothing."""
    plan = make_plan(study)
    task = next(plan.tasks())
    block = task.block(plan.scenario, plan.factors, study.assumptions)
    compile_kernels()
    started = time.perf_counter()
    run_block(block)
    each = (time.perf_counter() - started) / len(task.strategies)
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

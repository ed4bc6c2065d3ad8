"""Sweeps: a study file run on workers into a folder; the same call goes on after any interruption."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError
from capsim.runs.chunk import Chunk
from capsim.runs.driver import Driver
from capsim.runs.folder import slug
from capsim.runs.provenance import provenance
from capsim.runs.store import locked, manifest_of, open_store, refuse_foreign, sweep_leftovers
from capsim.runs.store_dictionary import sweep_dictionary
from capsim.runs.store_reading import stored_runs
from capsim.runs.study import StudyPart, SweepStudy
from capsim.runs.study_files import load_study
from capsim.runs.study_plan import Plan, make_plan
from capsim.runs.workers import start_workers
from capsim.scenario import file_of, scenario_from_mapping
from capsim.scenario.loading import remember_file

if TYPE_CHECKING:
    from capsim.comparison.results import Results
    from capsim.runs.workers import Workers

__all__ = ["default_folder", "sweep"]


def sweep(
    study: SweepStudy | str | os.PathLike[str],
    *,
    workers: int = 1,
    dask: str = "",
    dask_file: str = "",
    shard: tuple[int, int] = (1, 1),
    out: str | os.PathLike[str] | None = None,
    retry_failed: bool = False,
    progress: Callable[[int, int, int], None] | None = None,
) -> Results:
    """Run a study file: every point of its design, every strategy, every replicate; store each as it ends.

    Interrupted in any way, the same call goes on where it stopped. The numbers do not depend on where runs are carried
    out, nor on interruptions.

    Parameters
    ----------
    study : SweepStudy, str or path
        Or a study file.
    workers : int
        1 runs in this process (in one of its own if runs have a time limit); more start that many processes.
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
    from capsim.comparison.results import Results

    study = study if isinstance(study, SweepStudy) else load_study(study)
    _check(study, workers, dask, dask_file, shard)
    plan = make_plan(study)
    scenario = remember_file(scenario_from_mapping(plan.scenario), file_of(study.scenario))
    for name in study.strategy_names:
        resolve_strategy(scenario, name)
    folder = Path(os.path.abspath(default_folder(study) if out is None else out))
    refuse_foreign(folder)
    with locked(folder, shard=shard) as alone:
        manifest = manifest_of(plan)
        text = sweep_dictionary(manifest.columns, plan.factors)
        open_store(folder, manifest, origin=lambda: _origin(plan), dictionary=text)
        sweep_leftovers(folder, alone=alone)
        _carry_out(plan, folder, shard, retry_failed, progress, lambda: _workers(study, workers, dask, dask_file))
    return Results(Path(folder))


def default_folder(study: StudyPart) -> Path:
    """Folder of a study that is given none: the same for the same name, so that the same command goes on."""
    return Path("results") / (slug(study.name) or "study")


def _check(study: object, workers: int, dask: str, dask_file: str, shard: tuple[int, int]) -> None:
    problems = []
    if not isinstance(study, SweepStudy):
        problems.append(f"study: is of kind {getattr(study, 'kind', '?')}; a sweep is needed")
    if workers < 1:
        problems.append(f"workers: must be 1 or more, got {workers}")
    if dask and dask_file:
        problems.append("dask: give the address or the file of the scheduler, not both")
    if not 1 <= shard[0] <= shard[1]:
        problems.append(f"shard: must be i/n with i from 1 to n, got {shard[0]}/{shard[1]}")
    if problems:
        raise InputError(problems)


def _origin(plan: Plan) -> dict[str, Any]:
    found = provenance(plan.study.scenario, plan.content, precision=None, replications=plan.study.replications)
    return {**found, "seed": plan.study.seed}


def _carry_out(
    plan: Plan,
    folder: Path,
    shard: tuple[int, int],
    retry_failed: bool,
    progress: Callable[[int, int, int], None] | None,
    start: Callable[[], Workers],
) -> None:
    """Run what is not stored."""
    done, failed = stored_runs(folder)
    total = plan.runs_of(shard)
    stored = done if retry_failed else done | failed
    if shard == (1, 1) and len(stored) == total:
        if progress:
            progress(total, total, len(failed))
        return
    tasks = plan.tasks(stored=stored, shard=shard)
    done_before, failed_before = len(stored), 0 if retry_failed else len(failed)
    if shard != (1, 1):
        left = sum(len(task.keep) for task in plan.tasks(stored=stored, shard=shard))
        done_before, failed_before = total - left, 0
    template = Chunk(
        number="",
        folder=str(folder),
        scenario=plan.scenario,
        factors=plan.factors,
        assumptions=plan.study.assumptions,
        columns=manifest_of(plan).columns,
        tasks=(),
        time_limit_seconds=plan.study.time_limit_seconds,
        salt=f"again {time.time_ns()}" if retry_failed else "",
    )
    workers = start()
    driver = Driver(workers, template, total=total, done=done_before, failed=failed_before, progress=progress)
    complete = False
    try:
        driver.run(tasks)
        complete = True
    finally:
        workers.close(now=not complete)


def _workers(study: SweepStudy, number: int, dask: str, dask_file: str) -> Workers:
    if dask or dask_file:
        from capsim.runs.dask_workers import DaskCluster

        return DaskCluster(dask, dask_file)
    return start_workers(number, alone=bool(study.time_limit_seconds))

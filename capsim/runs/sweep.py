"""Runs into a folder, with which the same call goes on after any interruption: sweeps of a study file, and points that
an analysis asks for; and what a sweep will take.

An analysis that is interrupted and started again asks the same questions in the same order, and finds the answers that
were stored; so it goes on where it stopped without knowing that it did.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from capsim.catalogue import BASELINE
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError
from capsim.runs.blocks import run_block
from capsim.runs.chunk import Chunk
from capsim.runs.crews import compile_kernels, hired
from capsim.runs.dictionary import sweep_dictionary
from capsim.runs.driver import LEAST_SECONDS, MOST_SMALL_SHARDS, Driver
from capsim.runs.identity import RESULTS_VERSION, provenance
from capsim.runs.outcomes import outcome_names
from capsim.runs.output import slug
from capsim.runs.points import Evaluate, Evaluator
from capsim.runs.reading import Results, stored_rows, stored_runs
from capsim.runs.store import (
    MANIFEST,
    Manifest,
    locked,
    open_store,
    refuse_foreign,
    store_columns,
    sweep_leftovers,
)
from capsim.runs.study import SAID_BY_THE_STUDY, StudyPart, SweepStudy, load_study, study_hash
from capsim.runs.study_plan import Plan, Task, content_hash, make_plan
from capsim.runs.workers import Progress, Workers, ending, workers_problem
from capsim.scenario import Scenario, scenario_hash

if TYPE_CHECKING:
    import pandas as pd


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
        text = sweep_dictionary(plan.manifest.columns, plan.factors)
        opened = _opened(folder, plan.manifest, origin=lambda: _origin(plan), dictionary=text, shard=shard)
        done, failed = held.enter_context(opened)
        stored = done if retry_failed else done | failed
        template = Chunk(
            folder=str(folder),
            scenario=plan.scenario,
            factors=plan.factors,
            assumptions=study.assumptions,
            columns=plan.manifest.columns,
            time_limit_seconds=study.time_limit_seconds,
            salt=f"again {time.time_ns()}" if retry_failed else "",
        )
        total, there, lost = plan.runs_of(shard), len(stored), 0 if retry_failed else len(failed)
        if shard != (1, 1):
            there = total - sum(len(task.keep) for task in plan.tasks(stored=stored, shard=shard))
            lost = 0
        driver = Driver(template, total=total, done=there, failed=lost, progress=progress)
        if there == total:
            driver.tell()
        else:
            driver.run(crew or held.enter_context(hire()), plan.tasks(stored=stored, shard=shard))
    return Results(folder)


@contextlib.contextmanager
def _opened(
    folder: Path,
    manifest: Manifest,
    *,
    origin: Callable[[], Mapping[str, Any]],
    dictionary: str,
    shard: tuple[int, int] = (1, 1),
) -> Iterator[tuple[set[str], set[str]]]:
    """Hold the folder of a study, new or as it was left; give the runs that are done in it, and those that failed."""
    with locked(folder, shard=shard) as alone:
        open_store(folder, manifest, origin=origin, dictionary=dictionary)
        sweep_leftovers(folder, alone=alone)
        yield stored_runs(folder)


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
    columns = len(plan.manifest.columns)
    files = min(plan.blocks, MOST_SMALL_SHARDS + 4 * workers + int(seconds / LEAST_SECONDS))
    files = min(files, MOST_SMALL_SHARDS + plan.runs // MOST_SMALL_SHARDS)
    return 8 * plan.runs * columns + files * columns * _BYTES_OF_A_COLUMN + _BYTES_BESIDE


@contextlib.contextmanager
def evaluators(
    folder: str | os.PathLike[str] | None, *, kind: str, workers: int | Workers, progress: Progress | None
) -> Iterator[Callable[..., Evaluate]]:
    """Give a maker of evaluators, which takes what `Evaluator` takes: in memory without a folder, otherwise through it.

    The folder is new, empty, or of the same `kind` of analysis of the same scenario; with one, progress counts runs.
    """
    if folder is None:
        yield functools.partial(Evaluator, workers=workers, progress=progress)
        return
    place = Path(os.path.abspath(folder))
    refuse_foreign(place)
    with contextlib.ExitStack() as held:
        yield functools.partial(_StoredEvaluator, session=_Session(place, kind, workers, progress, held))


@dataclass(frozen=True, kw_only=True)
class _StoredEvaluator(Evaluator):
    """An evaluator that asks a folder first; `workers` and `progress` are the session's."""

    session: _Session

    def _runs(self, factors: tuple[str, ...], tasks: Sequence[Task]) -> pd.DataFrame:
        return self.session.rows(self, factors, tasks)


class _Session:
    """One folder while an analysis works on it: locked, with workers that stay from one question to the next."""

    def __init__(
        self, folder: Path, kind: str, workers: int | Workers, progress: Progress | None, held: contextlib.ExitStack
    ) -> None:
        self.folder, self.kind, self.progress = folder, kind, progress
        self._number, self._held = workers, held
        self._crew: Workers | None = None
        self._columns: tuple[str, ...] = ()
        self._done: set[str] = set()
        self._tried: set[str] = set()
        self._places: dict[tuple[float | str, ...], int] = {}

    def rows(self, of: _StoredEvaluator, factors: tuple[str, ...], tasks: Sequence[Task]) -> pd.DataFrame:
        """Rows of all runs of some tasks; those that are not stored, or were stored as failed before, are run."""
        columns = self._columns or self._open(of, factors)
        there = self._done | self._tried
        missing = []
        for task in tasks:
            left = task.only([name for name, who in zip(task.keep, task.ids, strict=True) if who not in there])
            if left.keep:
                place = self._places.setdefault(task.point, len(self._places))
                missing.append(dataclasses.replace(left, place=place))
        if missing:
            template = Chunk(
                str(self.folder), of.scenario, factors, "default", columns, watch=of.watch, salt=f"{time.time_ns()}"
            )
            total, left_of = (sum(len(task.ids) for task in some) for some in (tasks, missing))
            self._crew = self._crew or self._held.enter_context(hired(self._number))
            driver = Driver(template, total=total, done=total - left_of, failed=0, progress=self.progress)
            driver.run(self._crew, iter(missing))
            self._tried |= {name for task in missing for name in task.ids}
        rows = stored_rows(self.folder, [name for task in tasks for name in task.ids]).set_index("run_id")
        return rows[["strategy", *columns[columns.index("status") :]]]

    def _open(self, of: _StoredEvaluator, factors: tuple[str, ...]) -> tuple[str, ...]:
        """Open the folder at the first question; return the columns of its runs."""
        gains = BASELINE in of.strategies and of.crn != "none"
        outcomes = outcome_names(gains=gains, recorded=of.scenario.recorded)
        columns = store_columns(factors, (*outcomes, *(one.column for one in of.watch)))
        opened = _opened(
            self.folder,
            _manifest(self.kind, of.scenario, columns),
            origin=lambda: provenance(of.scenario, scenario_hash(of.scenario), precision=None),
            dictionary=sweep_dictionary(columns, factors, of.watch),
        )
        self._done, _ = self._held.enter_context(opened)
        self._columns = columns
        return columns


def _manifest(kind: str, scenario: Scenario, columns: tuple[str, ...]) -> Manifest:
    """What the folder of an analysis says of itself: what decides its runs, and not which of them are asked for."""
    content = {key: value for key, value in scenario.resolved().items() if key not in SAID_BY_THE_STUDY}
    study = {"kind": kind, "name": scenario.name, "scenario": content, "seed": scenario.seed, "columns": list(columns)}
    identity = json.dumps([kind, content_hash(scenario), columns])
    return Manifest(
        study=study,
        study_hash=hashlib.sha256(identity.encode()).hexdigest(),
        design_hash="",
        results_version=RESULTS_VERSION,
        columns=columns,
        runs=0,
    )

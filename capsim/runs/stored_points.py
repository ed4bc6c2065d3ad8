"""Points to runs through a folder: what it holds is not run again, what is run is stored as it ends.

An analysis that is interrupted and started again asks the same questions in the same order, and finds the answers that
were stored; so it goes on where it stopped without knowing that it did.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capsim.catalogue import BASELINE
from capsim.runs.chunk import Chunk
from capsim.runs.crews import hired
from capsim.runs.dictionary import sweep_dictionary
from capsim.runs.driver import Driver
from capsim.runs.identity import RESULTS_VERSION, provenance
from capsim.runs.points import Evaluate, Evaluator
from capsim.runs.reading import stored_rows, stored_runs
from capsim.runs.store import Manifest, locked, open_store, refuse_foreign, store_columns, sweep_leftovers
from capsim.runs.study import SAID_BY_THE_STUDY, outcome_names
from capsim.runs.study_plan import Task, content_hash
from capsim.runs.workers import Progress, Workers
from capsim.scenario import Scenario, scenario_hash

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
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
    with ExitStack() as held:
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
        self, folder: Path, kind: str, workers: int | Workers, progress: Progress | None, held: ExitStack
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
        missing = [left for task in tasks if (left := self._left_of(task)) is not None]
        if missing:
            template = Chunk(
                str(self.folder), of.scenario, factors, "default", columns, watch=of.watch, salt=f"{time.time_ns()}"
            )
            self._carry_out(template, missing, sum(len(task.ids) for task in tasks))
        rows = stored_rows(self.folder, [name for task in tasks for name in task.ids]).set_index("run_id")
        return rows[["strategy", *columns[columns.index("status") :]]]

    def _open(self, of: _StoredEvaluator, factors: tuple[str, ...]) -> tuple[str, ...]:
        """Open the folder at the first question; return the columns of its runs."""
        gains = BASELINE in of.strategies and of.crn != "none"
        outcomes = outcome_names(gains=gains, recorded=of.scenario.recorded)
        columns = store_columns(factors, (*outcomes, *(one.column for one in of.watch)))
        alone = self._held.enter_context(locked(self.folder))
        open_store(
            self.folder,
            _manifest(self.kind, of.scenario, columns),
            origin=lambda: provenance(of.scenario, scenario_hash(of.scenario), precision=None),
            dictionary=sweep_dictionary(columns, factors, of.watch),
        )
        sweep_leftovers(self.folder, alone=alone)
        self._done, _ = stored_runs(self.folder)
        self._columns = columns
        return columns

    def _left_of(self, task: Task) -> Task | None:
        there = self._done | self._tried
        left = task.only([name for name, who in zip(task.keep, task.ids, strict=True) if who not in there])
        if not left.keep:
            return None
        return dataclasses.replace(left, place=self._places.setdefault(task.point, len(self._places)))

    def _carry_out(self, template: Chunk, tasks: list[Task], total: int) -> None:
        left = sum(len(task.ids) for task in tasks)
        self._crew = self._crew or self._held.enter_context(hired(self._number))
        driver = Driver(template, total=total, done=total - left, failed=0, progress=self.progress)
        driver.run(self._crew, iter(tasks))
        self._tried |= {name for task in tasks for name in task.ids}


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

"""A chunk: a few seconds of tasks that one worker runs and writes as one shard. What workers execute.

Before every run the worker notes in a small file which one it begins. If the worker dies, that file says which run it
was; if the run has a time limit, a timer outside Python ends the worker and leaves the place where it was.
"""

from __future__ import annotations

import contextlib
import dataclasses
import faulthandler
import os
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from capsim.errors import CapsimError, OutputError
from capsim.paths import is_full, write_error
from capsim.runs.blocks import run_block
from capsim.runs.crews import compile_kernels
from capsim.runs.identity import RESULTS_VERSION
from capsim.runs.points import Watch, row_of
from capsim.runs.study_plan import Task
from capsim.runs.tables import STORED, TEMPORARY, shard_path, write_shard
from capsim.scenario import Scenario

_NOTE = struct.Struct("<ii")
_SETTLING = -1


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a worker is told; plain data. Chunks of one study differ in the fields from `number` to `deaths` only.

    `watch` are monthly numbers to keep beside the outcomes. Each submission has another `number`. `deaths` says how
    each worker ended that this very chunk has killed so far, with empty texts where nobody knows.
    """

    folder: str
    scenario: Scenario
    factors: tuple[str, ...]
    assumptions: str
    columns: tuple[str, ...]
    time_limit_seconds: float = 0.0
    watch: tuple[Watch, ...] = ()
    number: str = ""
    tasks: tuple[Task, ...] = ()
    salt: str = ""
    deaths: tuple[str, ...] = ()
    results_version: int = RESULTS_VERSION

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all runs that are stored."""
        return tuple(name for task in self.tasks for name in task.ids)

    @property
    def shard(self) -> Path:
        """Where its runs are stored."""
        return shard_path(Path(self.folder), self.ids, self.salt)


class Ack(NamedTuple):
    """What a worker answers; the numbers are on the disk. With `trouble` nothing was stored.

    With `died` nothing was run, because an earlier worker died on this chunk.
    """

    runs: int = 0
    failed: int = 0
    seconds: float = 0.0
    trouble: str = ""
    full: bool = False
    died: bool = False


class Death(NamedTuple):
    """Where a worker was when it died: positions of task and strategy, -1 while the world settled.

    `stack` is the place in the code where a time limit ended it.
    """

    began: bool
    task: int = 0
    strategy: int = _SETTLING
    stack: str = ""


def run_chunk(chunk: Chunk) -> Ack:
    """Run the tasks of a chunk, store them as one shard, and answer."""
    started = time.perf_counter()
    folder = Path(chunk.folder)
    if chunk.results_version != RESULTS_VERSION:
        return Ack(trouble=f"a worker makes results version {RESULTS_VERSION}, not {chunk.results_version}")
    if not (folder / TEMPORARY).is_dir():
        return Ack(trouble=f"{folder}: a worker does not see this folder; it must be on a shared file system")
    compile_kernels()  # a worker that ends while it loads or compiles has not begun a run
    try:
        with _Notes(chunk) as notes:
            rows = [row for place, task in enumerate(chunk.tasks) for row in _task_rows(chunk, place, task, notes)]
            notes.end_watch()
            write_shard(folder, chunk.shard, rows, chunk.columns)
    except FileExistsError:
        return Ack(died=True)
    except OutputError as error:
        return Ack(trouble=str(error), full=is_full(error))
    except OSError as error:
        return Ack(trouble=str(write_error(folder, error, safe=STORED)), full=is_full(error))
    failed = sum(row["status"] == "failed" for row in rows)
    return Ack(len(rows), failed, time.perf_counter() - started)


def read_death(chunk: Chunk) -> Death:
    """What the notes of a dead worker say."""
    note, stack = _note_files(chunk)
    try:
        place, strategy = _NOTE.unpack(note.read_bytes()[: _NOTE.size])
    except (OSError, struct.error):
        return Death(began=False)
    text = ""
    with contextlib.suppress(OSError):
        text = stack.read_text(errors="replace")
    return Death(True, place, strategy, text)


def forget_death(chunk: Chunk) -> None:
    """Remove the notes of a dead worker."""
    for path in _note_files(chunk):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _note_files(chunk: Chunk) -> tuple[Path, Path]:
    place = Path(chunk.folder) / TEMPORARY
    return place / f"{chunk.number}.running", place / f"{chunk.number}.stack"


class _Notes:
    """Which run is being carried out, in a file that outlives the process."""

    def __init__(self, chunk: Chunk) -> None:
        self.paths = _note_files(chunk)
        self.limit = chunk.time_limit_seconds
        self.stack: TextIO | None = None

    def __enter__(self) -> _Notes:
        self.note = os.open(self.paths[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        if self.limit:
            self.stack = self.paths[1].open("w", encoding="utf-8")
        return self

    def begin(self, task: int, strategy: int) -> None:
        """Note a run before it begins, and start its time."""
        os.lseek(self.note, 0, os.SEEK_SET)
        os.write(self.note, _NOTE.pack(task, strategy))
        if self.stack is not None:
            faulthandler.dump_traceback_later(self.limit, exit=True, file=self.stack)

    def end_watch(self) -> None:
        """Stop the time."""
        if self.stack is not None:
            faulthandler.cancel_dump_traceback_later()

    def __exit__(self, *_: object) -> None:
        self.end_watch()
        os.close(self.note)
        if self.stack is not None:
            self.stack.close()
        for path in self.paths:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


class _Announced(tuple[str, ...]):
    """Strategies of a block that say which one comes next when the block takes it."""

    announce: Callable[[int], None]

    def __iter__(self) -> Iterator[str]:
        for position, name in enumerate(super().__iter__()):
            self.announce(position)
            yield name


def _task_rows(chunk: Chunk, place: int, task: Task, notes: _Notes) -> list[dict[str, Any]]:
    """Rows of the runs of a task that are kept; whatever goes wrong is their failure."""
    announced = _Announced(task.strategies)
    announced.announce = lambda position: notes.begin(place, position)
    notes.begin(place, _SETTLING)
    try:
        block = task.block(chunk.scenario, chunk.factors, chunk.assumptions)
        result = run_block(dataclasses.replace(block, strategies=announced))
    except CapsimError as error:
        return failed_rows(chunk.factors, task, str(error))
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            raise
        return failed_rows(chunk.factors, task, traceback.format_exc())
    return [
        {**_labels(chunk.factors, task, run.strategy), **row_of(run, chunk.watch)}
        for run in result.runs
        if run.strategy in task.keep
    ]


def failed_rows(factors: tuple[str, ...], task: Task, reason: str) -> list[dict[str, Any]]:
    """Rows of the runs of a task that all failed for one reason."""
    return [{**_labels(factors, task, name), "status": "failed", "reason": reason} for name in task.keep]


def _labels(factors: tuple[str, ...], task: Task, strategy: str) -> dict[str, Any]:
    return {
        "run_id": task.ids[task.keep.index(strategy)],
        "strategy": strategy,
        "point": task.place,
        "replicate": task.replicate,
        "luck": task.luck,
        **dict(zip(factors, task.point, strict=True)),
    }

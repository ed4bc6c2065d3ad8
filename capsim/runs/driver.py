"""The loop that hands out chunks and deals with what comes back. Knows neither files nor command line."""

from __future__ import annotations

import dataclasses
import itertools
import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from capsim.errors import CapsimError, OutputError, own_code
from capsim.paths import DiskFullError
from capsim.runs.chunk import Ack, Chunk, Death, failed_rows, forget_death, read_death, run_chunk
from capsim.runs.reading import merge_shards
from capsim.runs.study_plan import Task
from capsim.runs.tables import read_table, write_shard
from capsim.runs.workers import ADVICE, IN_FLIGHT, Answer, Job, Progress, Workers

MOST_DEATHS = 3
"""Workers that one run may kill before it is recorded as failed."""
TARGET_SECONDS, LEAST_SECONDS = 3.0, 0.5
"""Work of a chunk, and of the small ones at the end: storing a shard takes some hundredths of a second."""
MOST_TASKS = 5000
MOST_SMALL_SHARDS, SMALL_ROWS = 256, 10_000
"""Shards of fewer rows that are left lying about before they are made one: a busy machine makes many small ones."""
_CHUNK_FILE = os.path.join("runs", "chunk.py")
_FALSE_STARTS, _KILLED_STARTS = 3, 20
"""Workers that may end before they begin anything, with nothing done by any: by themselves, or ended by a signal."""


class Driver:
    """Runs tasks on workers until all are stored.

    `template` is what all chunks have in common; `total`, `done` and `failed` count runs that were stored before, too.
    """

    def __init__(
        self, template: Chunk, *, total: int, done: int, failed: int, progress: Progress | None = None
    ) -> None:
        self.template, self.progress = template, progress
        self.total, self.done, self.failed = total, done, failed
        self._seconds_per_task, self._runs_per_task = 0.0, 1.0
        self._again: deque[Chunk] = deque()
        self._numbers = (f"{os.getpid():x}-{time.time_ns():x}-{number}" for number in itertools.count())
        self._flying: dict[str, Chunk] = {}
        self._answered = False
        self._small: list[Path] = []
        self._false_starts = {_FALSE_STARTS: 0, _KILLED_STARTS: 0}

    def run(self, crew: Workers, tasks: Iterator[Task]) -> None:
        """Run the tasks on workers."""
        self.tell()
        while True:
            while len(self._flying) < IN_FLIGHT * crew.size and (chunk := self._next(tasks, crew.size)):
                self._flying[chunk.number] = chunk
                crew.submit(Job(run_chunk, chunk, chunk.number))
            if not self._flying:
                return
            for answer in map(Answer._make, crew.answers()):
                chunk = self._flying.pop(answer.job.number, None)
                if chunk is not None:  # otherwise of a call that was interrupted
                    self._take(chunk, answer)
                    self.tell()

    def tell(self) -> None:
        """Report how far it is."""
        if self.progress:
            with own_code("progress", may_print=True):
                self.progress(self.done, self.total, self.failed)

    def _next(self, tasks: Iterator[Task], size: int) -> Chunk | None:
        if self._again:
            return self._again.popleft()
        some = tuple(itertools.islice(tasks, self._tasks_per_chunk(size)))
        return self._chunk(some) if some else None

    def _tasks_per_chunk(self, size: int) -> int:
        """As many as take a few seconds; fewer towards the end, so that all workers end together."""
        if not self._seconds_per_task:
            return 1
        wanted, least = TARGET_SECONDS / self._seconds_per_task, LEAST_SECONDS / self._seconds_per_task
        left = (self.total - self.done) / self._runs_per_task
        share = left / (IN_FLIGHT * size) if size > 1 else wanted
        return max(1, min(int(wanted), int(max(share, least)), MOST_TASKS))

    def _chunk(self, tasks: tuple[Task, ...], deaths: tuple[str, ...] = ()) -> Chunk:
        return dataclasses.replace(self.template, number=next(self._numbers), tasks=tasks, deaths=deaths)

    def _take(self, chunk: Chunk, answer: Answer) -> None:
        if answer.death is not None:
            self._bury(chunk, answer.death)
            return
        ack: Ack = answer.value()
        if ack.died:
            self._bury(chunk, "")
        elif ack.trouble:
            raise DiskFullError(ack.trouble) if ack.full else OutputError(ack.trouble)
        else:
            self._count(ack.runs, ack.failed)
            if ack.runs < SMALL_ROWS:
                self._small.append(chunk.shard)
            if len(self._small) >= MOST_SMALL_SHARDS:
                merge_shards(Path(self.template.folder), self._small)
                self._small.clear()
            self._seconds_per_task = ack.seconds / len(chunk.tasks)
            self._runs_per_task = ack.runs / len(chunk.tasks)

    def _count(self, runs: int, failed: int) -> None:
        self.done += runs
        self.failed += failed
        self._answered = True

    def _bury(self, chunk: Chunk, end: str) -> None:
        """Deal with a chunk whose worker died: find the run that did it, set it apart, have the others done."""
        death = read_death(chunk)
        forget_death(chunk)
        if chunk.shard.exists():
            self._count(*_stored(chunk))
        elif not death.began:
            self._false_start(end)
            self._again.append(self._chunk(chunk.tasks, chunk.deaths))
        else:
            self._set_apart(chunk, death, end)

    def _false_start(self, end: str) -> None:
        most = _KILLED_STARTS if end.startswith("killed") else _FALSE_STARTS
        self._false_starts[most] += 1
        if self._false_starts[most] >= most and not self._answered:
            how = f" ({end})" if end else ""
            raise CapsimError(f"workers end before they begin a run{how}. {ADVICE}")

    def _set_apart(self, chunk: Chunk, death: Death, end: str) -> None:
        task = chunk.tasks[death.task]
        others = [one for place, one in enumerate(chunk.tasks) if place != death.task]
        suspect, rest = _split(task, death.strategy)
        alone = not others and rest is None
        deaths = (*chunk.deaths, end) if alone else (end,)
        if death.stack:
            self._record(suspect, _over_time(self.template.time_limit_seconds, death.stack))
        elif len(deaths) >= MOST_DEATHS:
            known = list(dict.fromkeys(filter(None, deaths)))
            self._record(suspect, f"worker died {len(deaths)} times{': ' if known else ''}{'; '.join(known)}")
        else:
            self._again.append(self._chunk((suspect,), deaths))
        if others:
            self._again.append(self._chunk(tuple(others)))
        if rest is not None:
            self._again.append(self._chunk((rest,)))

    def _record(self, task: Task, reason: str) -> None:
        """Store failures of runs that no worker can report."""
        template = self.template
        chunk = self._chunk((task,))
        rows = failed_rows(template.factors, task, reason)
        write_shard(Path(template.folder), chunk.shard, rows, template.columns)
        self._count(len(rows), len(rows))


def _split(task: Task, strategy: int) -> tuple[Task, Task | None]:
    """The run that was being carried out, and the others of its task; with the baseline that their gains need."""
    if strategy < 0 or len(task.keep) == 1:
        return task, None
    name = task.strategies[strategy]
    if name not in task.keep:
        return task, None
    return task.only([name]), task.only([one for one in task.keep if one != name])


def _over_time(limit: float, stack: str) -> str:
    ours = next((part for part in stack.split("\n\n") if _CHUNK_FILE in part), stack)  # of all threads, that of the run
    lines = [line.strip() for line in ours.splitlines() if line.strip().startswith("File ")]
    where = f"; it was in {lines[0]}" if lines else ""
    return f"over its time limit of {limit:g} s{where}"


def _stored(chunk: Chunk) -> tuple[int, int]:
    """Runs and failed runs of a shard whose worker died between storing it and saying so."""
    status = read_table(chunk.shard)["status"]
    return len(status), int((status == "failed").sum())

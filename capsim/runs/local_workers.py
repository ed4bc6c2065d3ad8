"""Local worker processes: each in a pool of its own, so that one that dies takes no other's work with it.

A pool of the standard library breaks as a whole when a process dies. Here every pool has one process, is thrown away
when it breaks, and its chunks are handed back: the one that was being run as dead, the one that waited to be run again.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack

from capsim.runs.blocks import compile_kernels
from capsim.runs.chunk import Ack, Chunk, run_chunk
from capsim.runs.pools import (
    begin_worker,
    end_of_worker,
    end_workers,
    interrupts_held,
    one_thread_each,
    workers_of,
)
from capsim.runs.workers import Answer

__all__ = ["LocalProcesses"]

_IN_FLIGHT = 2
"""Chunks a worker holds: one that runs, one that waits, so that it is never idle."""
_WATCH_SECONDS = 1.0


class LocalProcesses:
    """Worker processes on this machine (spawn), one thread each. Kernels are compiled once, here, before they start.

    Parameters
    ----------
    number : int
    """

    def __init__(self, number: int) -> None:
        compile_kernels()
        self._environment = ExitStack()
        self._environment.enter_context(one_thread_each())
        self._slots = [_Slot() for _ in range(number)]

    @property
    def room(self) -> int:
        """Chunks that would wait for no longer than one other chunk."""
        return sum(_IN_FLIGHT - len(slot.flying) for slot in self._slots)

    @property
    def size(self) -> int:
        """Number of processes."""
        return len(self._slots)

    def submit(self, chunk: Chunk) -> None:
        """Hand a chunk to the worker with the fewest."""
        min(self._slots, key=lambda slot: len(slot.flying)).submit(chunk)

    def answers(self) -> list[Answer]:
        """Wait for a moment and return what has come back."""
        futures = [future for slot in self._slots for _, future in slot.flying]
        wait(futures, timeout=_WATCH_SECONDS, return_when=FIRST_COMPLETED)
        return [answer for slot in self._slots for answer in slot.answers()]

    def close(self, *, now: bool) -> None:
        """End the processes."""
        for slot in self._slots:
            slot.end(now=now)
        self._environment.close()


class _Slot:
    """One worker process and the chunks it holds, oldest first."""

    def __init__(self) -> None:
        self.flying: deque[tuple[Chunk, Future[Ack]]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        self._dead_since = 0.0

    def submit(self, chunk: Chunk) -> None:
        with interrupts_held():
            try:
                self.flying.append((chunk, self._running().submit(run_chunk, chunk)))
            except BrokenProcessPool:  # died while idle, or its death is not yet dealt with
                broken: Future[Ack] = Future()
                broken.set_exception(BrokenProcessPool())
                self.flying.append((chunk, broken))

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=begin_worker)
        return self._pool

    def answers(self) -> list[Answer]:
        found: list[Answer] = []
        while self.flying and self.flying[0][1].done():
            chunk, future = self.flying[0]
            if isinstance(future.exception(), BrokenProcessPool):
                return [*found, self._died()]
            self.flying.popleft()
            found.append(Answer(chunk, future.result()))
        return [*found, self._died()] if self.flying and self._hangs() else found

    def _hangs(self) -> bool:
        """Whether the process is gone and its pool has not noticed: it died while it handed over an answer."""
        dead = self._pool is not None and any(not worker.is_alive() for worker in workers_of(self._pool))
        if not dead:
            self._dead_since = 0.0
        elif not self._dead_since:
            self._dead_since = time.monotonic()
        return dead and time.monotonic() - self._dead_since > 3.0 * _WATCH_SECONDS

    def _died(self) -> Answer:
        """Replace the worker; the chunk that it ran is the dead one, the others go to the new worker."""
        chunks = [chunk for chunk, _ in self.flying]
        self.flying.clear()
        how = end_of_worker(self._pool)
        self.end(now=True)
        for chunk in chunks[1:]:
            self.submit(chunk)
        return Answer(chunks[0], None, how)

    def end(self, *, now: bool) -> None:
        self._dead_since = 0.0
        if self._pool is None:
            return
        if now:
            end_workers(self._pool)
        self._pool.shutdown(wait=not now, cancel_futures=True)
        self._pool = None

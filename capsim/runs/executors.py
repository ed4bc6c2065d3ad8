"""Where blocks run: in this process, or in local worker processes.

One small interface; results come in the order of the blocks.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol, TypeVar

from capsim.errors import CapsimError
from capsim.runs.blocks import Block, BlockResult, compile_kernels, run_block
from capsim.runs.pools import (
    begin_worker,
    end_of_worker,
    end_workers,
    interrupts_held,
    one_thread_each,
    workers_of,
)

__all__ = ["BlockWorkers", "map_blocks", "run_blocks"]

_IN_FLIGHT_PER_WORKER = 2
_MOST_WORKERS = 61 if sys.platform == "win32" else 1024
"""Windows waits for at most 63 things at once."""
_WATCH_SECONDS = 2.0

Progress = Callable[[int, int, int], None]
"""Called with blocks done, blocks in all, failed runs."""


class Result(Protocol):
    """What comes back for a block."""

    @property
    def failed(self) -> int:
        """Runs of the block that failed."""


J = TypeVar("J")
R = TypeVar("R", bound=Result)


def run_blocks(
    blocks: Sequence[Block], *, workers: int | BlockWorkers, progress: Progress | None = None
) -> Iterator[BlockResult]:
    """Run every strategy of every block; see `map_blocks`."""
    return map_blocks(run_block, blocks, workers=workers, progress=progress)


def map_blocks(
    work: Callable[[J], R],
    blocks: Sequence[J],
    *,
    workers: int | BlockWorkers,
    progress: Progress | None = None,
) -> Iterator[R]:
    """Work on blocks and yield their results in the given order, whatever the order in which they finish.

    When the caller stops early or is interrupted, the workers are ended at once.

    Parameters
    ----------
    work : callable
        A function of a module, from a block to its result.
    blocks : sequence
        Of `Block`, or of what else `work` takes: plain data.
    workers : int or BlockWorkers
        1 runs them in this process; more start that many processes (spawn), one thread each, and end them at the end.
        `BlockWorkers` outlive the call, for callers that have more blocks later.
    progress : callable, optional

    Raises
    ------
    CapsimError
        If a worker dies, or cannot start because the calling script has no ``if __name__ == "__main__":`` guard.
    """
    failed = 0
    with contextlib.ExitStack() as held:
        if not isinstance(workers, BlockWorkers):
            workers = held.enter_context(BlockWorkers(min(workers, len(blocks))))
        results = held.enter_context(contextlib.closing(workers.map(work, blocks)))
        for done, result in enumerate(results, start=1):
            failed += result.failed
            if progress:
                progress(done, len(blocks), failed)
            yield result


class BlockWorkers:
    """Where blocks run; local processes are started when they are first needed and ended with the context.

    Parameters
    ----------
    number : int
        1 is this process.
    """

    def __init__(self, number: int) -> None:
        self._number = min(number, _MOST_WORKERS)
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> BlockWorkers:
        return self

    def __exit__(self, *_: object) -> None:
        self._end(now=False)

    def map(self, work: Callable[[J], R], blocks: Sequence[J]) -> Generator[R]:
        """Results in the order of the blocks; stopped early, the processes are ended at once."""
        if self._number <= 1:
            for block in blocks:
                yield work(block)
            return
        received, complete = 0, False
        with one_thread_each():
            try:
                for result in _in_order(self._running(), work, blocks, self._number):
                    received += 1
                    yield result
                complete = True
            except BrokenProcessPool as error:
                raise CapsimError(_what_broke(received, end_of_worker(self._pool))) from error
            finally:
                if not complete:
                    self._end(now=True)

    def _running(self) -> ProcessPoolExecutor:
        if self._pool is None:
            compile_kernels()
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._number, mp_context=context, initializer=begin_worker)
        return self._pool

    def _end(self, *, now: bool) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        if now:
            end_workers(pool)
        pool.shutdown(wait=not now, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, work: Callable[[J], R], blocks: Sequence[J], workers: int) -> Iterator[R]:
    """Keep a few blocks in flight; hold finished ones back until their turn."""
    flying: dict[Future[R], int] = {}
    finished: dict[int, R] = {}
    submitted = turn = 0
    while turn < len(blocks):
        while submitted < len(blocks) and len(flying) < _IN_FLIGHT_PER_WORKER * workers:
            with interrupts_held():
                flying[pool.submit(work, blocks[submitted])] = submitted
            submitted += 1
        for future in _some_done(pool, flying):
            finished[flying.pop(future)] = future.result()
        while turn in finished:
            yield finished.pop(turn)
            turn += 1


def _some_done(pool: ProcessPoolExecutor, flying: dict[Future[R], int]) -> set[Future[R]]:
    """Wait for a block; a worker that died in the middle of handing over its result must not hang the others' owner."""
    dead_before = False
    while True:
        done, _ = wait(flying, timeout=_WATCH_SECONDS, return_when=FIRST_COMPLETED)
        if done:
            return done
        dead = any(not worker.is_alive() for worker in workers_of(pool))
        if dead and dead_before:
            raise BrokenProcessPool("a worker process died")
        dead_before = dead


def _what_broke(received: int, end: str) -> str:
    if received:
        how = f"{end}; " if end else ""
        return (
            f"a worker process died ({how}ended from outside, or out of memory); nothing was kept. Try again with "
            "fewer workers, or a smaller sample of agencies"
        )
    return (
        "a worker process died or could not start. In a script of your own put the call under "
        '`if __name__ == "__main__":`, or use workers=1; if memory is short use fewer workers'
    )

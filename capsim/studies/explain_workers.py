"""Blocks of an explanation in this process or in local workers; results in the order of the blocks."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from capsim.errors import CapsimError
from capsim.studies.blocks import Block
from capsim.studies.executors import (
    _IN_FLIGHT_PER_WORKER,
    _MOST_WORKERS,
    _begin_worker,
    _end_workers,
    _interrupts_held,
    _one_thread_each,
    _some_done,
    _what_broke,
)
from capsim.studies.explain_blocks import ExplainedBlock, explain_block

__all__ = ["explain_blocks"]


def explain_blocks(
    blocks: Sequence[Block], *, workers: int, progress: Callable[[int, int, int], None] | None = None
) -> Iterator[ExplainedBlock]:
    """Explain blocks and yield their results in the given order; see `capsim.studies.executors.run_blocks`.

    Raises
    ------
    CapsimError
        If a worker dies, or cannot start.
    """
    workers, failed = min(workers, len(blocks), _MOST_WORKERS), 0
    with contextlib.closing(_in_processes(blocks, workers) if workers > 1 else _here(blocks)) as results:
        for done, result in enumerate(results, start=1):
            failed += len(result.failures)
            if progress:
                progress(done, len(blocks), failed)
            yield result


def _here(blocks: Sequence[Block]) -> Generator[ExplainedBlock]:
    for block in blocks:
        yield explain_block(block)


def _in_processes(blocks: Sequence[Block], workers: int) -> Generator[ExplainedBlock]:
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker)
    received, complete = 0, False
    with _one_thread_each():
        try:
            for result in _in_order(pool, blocks, workers):
                received += 1
                yield result
            complete = True
        except BrokenProcessPool as error:
            raise CapsimError(_what_broke(received)) from error
        finally:
            if not complete:
                _end_workers(pool)
            pool.shutdown(wait=complete, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, blocks: Sequence[Block], workers: int) -> Iterator[ExplainedBlock]:
    """Keep a few blocks in flight; hold finished ones back until their turn."""
    flying: dict[Future[ExplainedBlock], int] = {}
    finished: dict[int, ExplainedBlock] = {}
    submitted = turn = 0
    while turn < len(blocks):
        while submitted < len(blocks) and len(flying) < _IN_FLIGHT_PER_WORKER * workers:
            with _interrupts_held():
                flying[pool.submit(explain_block, blocks[submitted])] = submitted
            submitted += 1
        for future in _some_done(pool, flying):  # type: ignore[arg-type]
            finished[flying.pop(future)] = future.result()  # type: ignore[arg-type, assignment]
        while turn in finished:
            yield finished.pop(turn)
            turn += 1

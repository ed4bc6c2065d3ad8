"""Where blocks run: in this process, or in local worker processes. One small interface; results come in the order of the blocks."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from capsim.errors import CapsimError
from capsim.studies.blocks import Block, BlockResult, run_block

__all__ = ["run_blocks"]

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")
_IN_FLIGHT_PER_WORKER = 2

Progress = Callable[[int, int, int], None]
"""Called with blocks done, blocks in all, failed runs."""


def run_blocks(blocks: Sequence[Block], *, workers: int, progress: Progress | None = None) -> Iterator[BlockResult]:
    """Run blocks and yield their results in the given order, whatever the order in which they finish.

    Parameters
    ----------
    blocks : sequence of Block
    workers : int
        1 runs them in this process; more start that many processes (spawn), one thread each.
    progress : callable, optional

    Raises
    ------
    CapsimError
        If a worker dies, or cannot start because the calling script has no ``if __name__ == "__main__":`` guard.
    """
    results = _here(blocks) if workers == 1 or len(blocks) < 2 else _in_processes(blocks, min(workers, len(blocks)))
    failed = 0
    for done, result in enumerate(results, start=1):
        failed += sum(bool(run.failure) for run in result.runs)
        if progress:
            progress(done, len(blocks), failed)
        yield result


def _here(blocks: Sequence[Block]) -> Iterator[BlockResult]:
    for block in blocks:
        yield run_block(block)


def _in_processes(blocks: Sequence[Block], workers: int) -> Iterator[BlockResult]:
    saved = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield from _in_order(pool, blocks, workers)
    except BrokenProcessPool as error:
        raise CapsimError(
            "a worker process died or could not start; in a script of your own put the call under "
            "`if __name__ == \"__main__\":`, or use workers=1"
        ) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _in_order(pool: ProcessPoolExecutor, blocks: Sequence[Block], workers: int) -> Iterator[BlockResult]:
    """Keep a few blocks in flight; hold finished ones back until their turn."""
    flying: dict[Future[BlockResult], int] = {}
    finished: dict[int, BlockResult] = {}
    submitted = turn = 0
    while turn < len(blocks):
        while submitted < len(blocks) and len(flying) < _IN_FLIGHT_PER_WORKER * workers:
            flying[pool.submit(run_block, blocks[submitted])] = submitted
            submitted += 1
        done, _ = wait(flying, return_when=FIRST_COMPLETED)
        for future in done:
            finished[flying.pop(future)] = future.result()
        while turn in finished:
            yield finished.pop(turn)
            turn += 1

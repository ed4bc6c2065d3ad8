"""Crews: workers hired for a piece of work, with everything compiled before, and blocks done by them in order."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np

from capsim.assistance.delivery import deliver
from capsim.errors import CapsimError, own_code
from capsim.kernels import waits_for_code
from capsim.numbers import integral
from capsim.runs.blocks import Block, BlockResult, Ground, needs_own_process, run_block
from capsim.runs.workers import (
    ADVICE,
    IN_FLIGHT,
    Answer,
    Job,
    LocalProcesses,
    Progress,
    StoppedError,
    ThisProcess,
    Workers,
    ending,
)
from capsim.scenario import as_scenario


class Result(Protocol):
    """What comes back for a block."""

    @property
    def failed(self) -> int:
        """Runs of the block that failed."""


J = TypeVar("J")
R = TypeVar("R", bound=Result)


@contextlib.contextmanager
def hired(workers: int | Workers, *, most: int = 1_000_000, alone: bool = False) -> Iterator[Workers]:
    """Workers for what is inside. A number makes them, not more than there are jobs, and they end with it.

    Somebody's own stay open. With `alone` a single worker has a process of its own, too.
    """
    workers = integral(workers)
    if not isinstance(workers, int):
        yield workers
        return
    number = min(workers, max(1, most))
    crew: Workers = ThisProcess()
    if number > 1 or alone:
        compile_kernels()  # once, here; the processes find the code on the disk
        crew = LocalProcesses(number)
    with ending(crew):
        yield crew


def run_blocks(
    blocks: Sequence[Block],
    *,
    workers: int | Workers,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Iterator[BlockResult]:
    """Run every strategy of every block; see `map_blocks`."""
    limit = max((block.time_limit_seconds for block in blocks), default=0.0)
    work, alone = _loaded_and_run if limit else run_block, needs_own_process(limit)
    return map_blocks(work, blocks, workers=workers, progress=progress, alone=alone, stop=stop)


def _loaded_and_run(block: Block) -> BlockResult:
    """A block whose runs are limited in time, which loading and compiling do not take from them."""
    compile_kernels()
    return run_block(block)


def map_blocks(
    work: Callable[[J], R],
    blocks: Sequence[J],
    *,
    workers: int | Workers,
    progress: Progress | None = None,
    alone: bool = False,
    stop: Callable[[], bool] | None = None,
) -> Iterator[R]:
    """Yield what a module's function makes of blocks, in the given order, whichever finishes first.

    Raises `StoppedError` within a second, or a block in this process, once `stop` says so.
    """
    failed = 0
    with hired(workers, most=len(blocks), alone=alone) as crew:
        for done, result in enumerate(_in_order(crew, work, blocks, stop), start=1):
            failed += result.failed
            if progress:
                with own_code("progress", may_print=True):
                    progress(done, len(blocks), failed)
            yield result


def _in_order(
    crew: Workers, work: Callable[[J], R], blocks: Sequence[J], stop: Callable[[], bool] | None
) -> Iterator[R]:
    """Keep a few blocks in flight; hold finished ones back until their turn."""
    flying: dict[str, int] = {}
    finished: dict[int, R] = {}
    submitted = turn = 0
    while turn < len(blocks):
        if stop is not None and stop():
            raise StoppedError("stopped")
        while submitted < len(blocks) and len(flying) < IN_FLIGHT * crew.size:
            job = Job(work, blocks[submitted])
            flying[job.number] = submitted
            crew.submit(job)
            submitted += 1
        for answer in map(Answer._make, crew.answers()):
            if answer.job.number not in flying:  # of a call that was interrupted
                continue
            if answer.death is not None:
                raise CapsimError(_what_broke(turn + len(finished), answer.death))
            finished[flying.pop(answer.job.number)] = answer.value()
        while turn in finished:
            yield finished.pop(turn)
            turn += 1


def _what_broke(received: int, end: str) -> str:
    if received or end.startswith("killed"):
        how = f"{end}; " if end else ""
        return (
            f"a worker process died ({how}ended from outside, or out of memory); nothing was kept. Try again with "
            "fewer workers, or a smaller sample of agencies"
        )
    how = f" ({end})" if end else ""
    return f"a worker process died before it did anything{how}. {ADVICE}"


@functools.cache
def compile_kernels() -> bool:
    """Run every kernel once on a tiny world: compiled on disk for workers, loaded here before anything is timed.

    The month and assistance are half of the work each. Where nothing is compiled yet, two processes share it.
    Returns whether this process compiled something that others find from now on.
    """
    missing = waits_for_code(deliver)
    if (os.cpu_count() or 1) > 1 and missing:
        with ending(LocalProcesses(1)) as helper:
            helper.submit(Job(compile_assistance, None))
            run_block(_tiny("none", settling=1, assistance=0))
            while not helper.answers():
                pass
    run_block(_tiny("none", "blended"))
    return missing and not waits_for_code(deliver)


def compile_assistance(_: None) -> None:
    """Compile what a month of assistance calls, without the rest of the month."""
    ground = Ground.of(_tiny("blended"))
    run = ground.begun(ground._replace(processes=()).settled(), "blended")[0]
    run.program.assist(run.world, np.full((run.world.layout.n_organizations, 99), 0.5))


def _tiny(*strategies: str, settling: int = 0, assistance: int = 3) -> Block:
    timeline = {"settling": settling, "assistance": assistance, "follow_up": 1}
    return Block(as_scenario("classroom", timeline=timeline), strategies, replicate=0)

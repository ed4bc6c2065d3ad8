"""What worker processes need, whoever owns them: how they begin, what they inherit, how they are ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

__all__ = ["begin_worker", "end_workers", "interrupts_held", "one_thread_each", "workers_of"]

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")


def workers_of(pool: ProcessPoolExecutor) -> list[multiprocessing.Process]:
    """Processes of a pool; Python has no public way to reach them before 3.14."""
    return list((getattr(pool, "_processes", None) or {}).values())


def end_workers(pool: ProcessPoolExecutor) -> None:
    """End the workers now, whatever they do: a block can last minutes, and nothing of it is kept."""
    workers = workers_of(pool)
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join(timeout=5.0)
    # Without this, the pool's own thread would wait for the rest of a result that was cut off.
    with contextlib.suppress(AttributeError, OSError):
        pool._result_queue._writer.close()  # type: ignore[attr-defined]


def begin_worker() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def _end_after(event: Callable[[], object]) -> None:
    event()
    os._exit(1)


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a worker starts: the worker inherits that, and does not print a traceback of its own."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """Tell libraries of the workers, through the environment that these inherit, to use one thread."""
    saved = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

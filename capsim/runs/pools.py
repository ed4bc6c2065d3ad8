"""What worker processes need, whoever owns them: how they begin, what they inherit, how they are ended."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

__all__ = [
    "begin_worker",
    "end_of_worker",
    "end_workers",
    "exit_in_words",
    "interrupts_held",
    "one_thread_each",
    "workers_of",
]

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "NUMBA_NUM_THREADS")


def workers_of(pool: ProcessPoolExecutor) -> list[multiprocessing.Process]:
    """Processes of a pool; Python has no public way to reach them before 3.14."""
    return list((getattr(pool, "_processes", None) or {}).values())


def end_of_worker(pool: ProcessPoolExecutor | None) -> str:
    """How the worker ended that broke a pool, in words; empty if nobody knows.

    The pool ends the others by SIGTERM, so that this counts only where there is nothing else.
    """
    workers = workers_of(pool) if pool is not None else []
    for worker in workers:
        worker.join(timeout=1.0)
    codes = [worker.exitcode for worker in workers if worker.exitcode]
    codes.sort(key=lambda code: code == -signal.SIGTERM)
    return exit_in_words(codes[0]) if codes else ""


def exit_in_words(code: int) -> str:
    """``exit 1``, or ``killed by signal 9 (SIGKILL)`` for the negative code of a process that a signal ended."""
    if code >= 0:
        return f"exit {code}"
    try:
        return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"killed by signal {-code}"


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

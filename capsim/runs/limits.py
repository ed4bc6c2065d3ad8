"""A time limit on what runs here: a run of a user's own strategy may never end."""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import threading
from collections.abc import Iterator

from capsim.errors import CapsimError


class OverTimeError(CapsimError):
    """A run took longer than it may."""


def can_be_interrupted() -> bool:
    """Whether this thread can be interrupted in what it does; elsewhere its process must be ended."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OverTimeError` in what is inside when it takes longer; where that cannot be, end the process.

    It is raised once a second from then on, because a strategy may catch it. 0 is no limit.
    """
    if not seconds:
        yield
    elif can_be_interrupted():

        def stop(number: int, frame: object) -> None:
            raise OverTimeError(f"over its time limit of {seconds:g} s")

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)
    else:
        faulthandler.dump_traceback_later(seconds, exit=True)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

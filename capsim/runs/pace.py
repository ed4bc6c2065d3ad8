"""The time of runs: one clock for how fast they end and how long the rest will take, for progress on a terminal and for
whoever streams; and a limit on it, because a run of a user's own strategy may never end.
"""

from __future__ import annotations

import contextlib
import faulthandler
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from typing import TypeVar

from capsim.errors import CapsimError

T = TypeVar("T")


class Pace:
    """What is done of what, and how fast.

    The clock starts when the first new unit ends, and there is no estimate before a second one: what comes before is
    compiling, and settling of the first worlds. A number done that is not larger begins another stage. What `resumes`
    has as the first number of a stage what an earlier session has stored.
    """

    def __init__(self, *, resumes: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.done = self.total = self.failed = 0
        self._resumes, self._clock = resumes, clock
        self._stored = 0
        self._first: tuple[int, float] | None = None

    def note(self, done: int, total: int, failed: int) -> None:
        """Take over what is done now."""
        if not self.total or done <= self.done:
            self._stored = done if self._resumes else 0
            self._first = None
        if self._first is None and done > self._stored:
            self._first = (done, self._clock())
        self.done, self.total, self.failed = done, total, failed

    @property
    def started(self) -> bool:
        """Whether a new unit has ended."""
        return self._first is not None

    @property
    def rate(self) -> float:
        """Units a second; 0 while nobody knows."""
        if self._first is None:
            return 0.0
        new, since = self.done - self._first[0], self._clock() - self._first[1]
        return new / since if since > 0.0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time until all are done; None while nobody knows."""
        if self.total and self.done >= self.total:
            return 0.0
        rate = self.rate
        return (self.total - self.done) / rate if rate > 0.0 else None


class OverTimeError(CapsimError):
    """A run took longer than it may."""


def can_be_interrupted() -> bool:
    """Whether this thread can be interrupted in what it does; elsewhere its process must be ended."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def needs_own_process(limit_seconds: float) -> bool:
    """Whether runs with this limit (0 for none) need a process that can be ended: this thread cannot be stopped."""
    return limit_seconds > 0.0 and not can_be_interrupted()


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


def attempted(seconds: float, work: Callable[[], T]) -> tuple[T | None, str]:
    """What work gives within a time limit; nothing, and why, where it fails. What people can mend is raised."""
    try:
        with time_limit(seconds):
            return work(), ""
    except OverTimeError as error:
        return None, str(error)
    except CapsimError:
        raise
    except Exception:
        return None, traceback.format_exc()

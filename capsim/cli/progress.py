"""Progress with time left: one moving line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, TextIO

from capsim.cli.group import stop_heard, stop_if_told
from capsim.runs.pace import Pace

SECONDS_TO_FIRST_LINE = 10.0
SECONDS_BETWEEN_LINES = 30.0
_SECONDS_BETWEEN_REDRAWS = 0.1


class Progress:
    """What a study calls as its runs end. A thread of its own speaks while nothing ends.

    The time left is that of `capsim.runs.pace.Pace`. Units are blocks (one replicate of all strategies) or runs. With
    another clock than the usual one nothing is said but when something ends.
    """

    def __init__(
        self,
        unit: str = "blocks",
        *,
        quiet: bool = False,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unit, self._quiet, self._clock = unit, quiet, clock
        self._pace = Pace(resumes=unit == "runs", clock=clock)
        self._stream = sys.stderr if stream is None else stream
        self._moving = bool(getattr(self._stream, "isatty", lambda: False)())
        self._began = self._shown_at = clock()
        self._pause = SECONDS_TO_FIRST_LINE
        self._width, self._said_compiling = 0, False
        self._lock, self._ended = threading.RLock(), threading.Event()

    def __enter__(self) -> Progress:
        if not self._quiet:
            if self._moving:
                self._show("starting ...")
            self._listener = _listen(self._compiling)
            if self._clock is time.monotonic:
                threading.Thread(target=self._keep_speaking, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if isinstance(error, KeyboardInterrupt):
            stop_heard()
        with self._lock:
            if not self._quiet:
                self._listener.close()
            if self._moving and self._width:
                self._write("\r" + " " * self._width + "\r")

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Units done, units in all, failed runs; a number done that is not larger begins another stage."""
        stop_if_told()
        with self._lock:
            self._pace.note(done, total, failed)
            self._tick(at_the_end=done == total)

    def _keep_speaking(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_REDRAWS if self._moving else 1.0):
            with self._lock:
                self._tick()

    def _tick(self, *, at_the_end: bool = False) -> None:
        """Show the state if it was not shown for long enough."""
        now = self._clock()
        pause = _SECONDS_BETWEEN_REDRAWS if self._moving else self._pause
        if self._ended.is_set() or (now - self._shown_at < pause and not (self._moving and at_the_end)):
            return
        self._shown_at, self._pause = now, SECONDS_BETWEEN_LINES
        if not self._pace.started:
            doing = "compiling once" if self._said_compiling else "starting"
            self._show(f"{doing}, {duration_text(now - self._began)} so far")
        else:
            pace = self._pace
            self._show(progress_text(pace.done, pace.total, pace.failed, self._unit, pace.rate))

    def _compiling(self) -> None:
        with self._lock:
            if not (self._said_compiling or self._ended.is_set()):
                self._said_compiling = True
                self._show("compiling once; what is compiled is kept for the next time")

    def _show(self, text: str) -> None:
        if self._quiet:
            return
        if self._moving:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._write(text + "\n")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # progress is no reason to fail
            self._stream.write(text)
            self._stream.flush()


def _listen(heard: Callable[[], None]) -> contextlib.ExitStack:
    """Call a function when numba begins to compile in this process, until the result is closed."""
    from numba.core import event

    class Compilations(event.Listener):
        def on_start(self, event: Any) -> None:
            heard()

        def on_end(self, event: Any) -> None:
            pass

    held = contextlib.ExitStack()
    held.enter_context(event.install_listener("numba:compile", Compilations()))
    return held


def progress_text(done: int, total: int, failed: int, unit: str, rate: float) -> str:
    """One line: units done and in all, rate a second, time left, failed runs."""
    speed = f", {rate:.2g}/s, {duration_text((total - done) / rate)} left" if rate > 0.0 else ""
    failures = f", {failed} failed run{'s' if failed != 1 else ''}" if failed else ""
    return f"{done}/{total} {unit}{speed}{failures}"


def duration_text(seconds: float) -> str:
    """``0:42``, ``12:05`` or ``3:20:00``."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"

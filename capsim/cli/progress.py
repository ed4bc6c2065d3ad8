"""Progress with time left: one moving line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

__all__ = ["Progress", "RunProgress"]

SECONDS_BETWEEN_LINES = 30.0
_SECONDS_BETWEEN_REDRAWS = 0.1


class Progress:
    """What a study calls after every block: one replicate of all strategies.

    Parameters
    ----------
    quiet : bool
        Show nothing.
    stream : text stream, optional
        Standard error without it.
    clock : callable
        Seconds.
    """

    def __init__(
        self, *, quiet: bool = False, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._quiet, self._clock = quiet, clock
        self._moving = bool(getattr(self._stream, "isatty", lambda: False)())
        self._start = self._shown_at = clock()
        self._done, self._width = 0, 0

    def __enter__(self) -> Progress:
        if self._moving:
            self._show("starting ...")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._moving and self._width and not self._quiet:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Blocks done, blocks in all, failed runs; a smaller number done begins another stage."""
        now = self._clock()
        if done <= self._done:
            self._start = self._shown_at
        self._done = done
        pause = _SECONDS_BETWEEN_REDRAWS if self._moving else SECONDS_BETWEEN_LINES
        if now - self._shown_at < pause and not (self._moving and done == total):
            return
        self._shown_at = now
        self._show(progress_text(done, total, failed, now - self._start))

    def _show(self, text: str) -> None:
        if self._quiet:
            return
        if self._moving:
            self._stream.write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self._stream.write(text + "\n")
        self._stream.flush()


def progress_text(done: int, total: int, failed: int, seconds: float) -> str:
    """One line: blocks done and in all, rate, time left, failed runs."""
    rate = done / seconds if seconds > 0.0 else 0.0
    left = duration_text((total - done) / rate) if rate > 0.0 else "unknown"
    failures = f", {failed} failed run{'s' if failed != 1 else ''}" if failed else ""
    return f"{done}/{total} blocks, {rate:.2g}/s, {left} left{failures}"


def duration_text(seconds: float) -> str:
    """``0:42``, ``12:05`` or ``3:20:00``."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


class RunProgress(Progress):
    """Progress in runs; what was stored before does not count for the rate."""

    _stored = -1

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Runs done, runs in all, failed runs."""
        now = self._clock()
        if self._stored < 0 or done < self._done:  # the first time, or another stage
            self._stored, self._start, self._shown_at = done, now, now
        self._done = done
        pause = _SECONDS_BETWEEN_REDRAWS if self._moving else SECONDS_BETWEEN_LINES
        if now - self._shown_at >= pause or (self._moving and done == total):
            self._shown_at = now
            self._show(runs_text(done - self._stored, done, total, failed, now - self._start))


def runs_text(new: int, done: int, total: int, failed: int, seconds: float) -> str:
    """One line: runs done and in all, rate of the new ones, time left, failed runs."""
    rate = new / seconds if seconds > 0.0 else 0.0
    left = duration_text((total - done) / rate) if rate > 0.0 else "unknown"
    return f"{done}/{total} runs, {rate:.3g} runs/s, {left} left, {failed} failed"

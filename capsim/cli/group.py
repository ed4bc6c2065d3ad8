"""From errors and signals to messages and exit status, and progress with time left: one place for every command."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import sys
import textwrap
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import click

from capsim.errors import CapsimError, InputError, OutputError, PluginError, printable
from capsim.runs.workers import Pace

FAILED, BAD_INPUT, INTERRUPTED, BROKEN_PIPE, TERMINATED = 1, 2, 130, 141, 143
"""Exit status besides 0."""
MOST_LINES = 20
"""Problems that are shown; of the others only the number is said."""

_OF_THE_OUTPUT = {
    errno.EPIPE: ("what reads the output has closed it; the rest was not shown.", BROKEN_PIPE),
    errno.ENOSPC: (
        "the disk is full; what was reported done is stored, the rest of the output was not written.",
        BAD_INPUT,
    ),
}
"""What is said when standard output takes no more, and the status, by the number of the error."""
_TO_REPORT = (
    "This is a fault of capsim: please report it to the project, with the command and what CAPSIM_DEBUG=1 shows."
)


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM; handled like Ctrl-C wherever that is handled."""


class Commands(click.Group):
    """The commands of capsim; what a user can cause ends as one line for each problem, without a traceback."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **more: Any
    ) -> Any:
        """Run a command line; click's own errors are one line as well."""
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **more)
        try:
            status = super().main(args, standalone_mode=False, **more)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = error.exit_code
        except click.ClickException as error:
            ctx = getattr(error, "ctx", None)
            where = f"{ctx.command_path}: " if ctx else ""
            more_help = f" ({ctx.command_path} --help)" if ctx else ""
            complain([where + " ".join(error.format_message().split()) + more_help])
            status = error.exit_code
        except click.Abort:
            complain(["capsim: interrupted."])
            status = INTERRUPTED
        sys.exit(status if isinstance(status, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        _replace_what_cannot_be_shown()
        try:
            with _signals():
                return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if ctx.params.get("debug") or os.environ.get("CAPSIM_DEBUG"):
                traceback.print_exc()
            lines, status = _ending(error)
            complain(lines)
            ctx.exit(status)


def _ending(error: BaseException) -> tuple[Sequence[str], int]:
    """What is said of an error, and the exit status."""
    if isinstance(error, InputError):
        return error.problems, BAD_INPUT
    if isinstance(error, CapsimError):
        return str(error).split("\n"), BAD_INPUT if isinstance(error, OutputError | PluginError) else FAILED
    if isinstance(error, KeyboardInterrupt):
        ended, status = ("terminated", TERMINATED) if isinstance(error, _TerminatedError) else ("interrupted", 130)
        return [f"capsim: {error.args[0] if error.args else ended + '; no unfinished files were left.'}"], status
    if isinstance(error, MemoryError):
        return ["capsim: not enough memory; try fewer --workers, or a sample of the agencies."], FAILED
    if isinstance(error, OSError):
        if error.errno in _OF_THE_OUTPUT:
            _close_standard_output()
            said, status = _OF_THE_OUTPUT[error.errno]
            return [f"capsim: {said}"], status
        place = f"{error.filename}: " if error.filename else ""
        return [f"capsim: {place}{(error.strerror or str(error)).lower()}"], BAD_INPUT
    where = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__}: {text} ({Path(where.filename).name}:{where.lineno})"
    return [f"capsim: {what}. {_TO_REPORT}"], FAILED


def say(text: object, *, err: bool = False, wrapped: bool = True) -> None:
    """Print text, its sentences in lines that fit the terminal; what a terminal would obey in a name is written out."""
    stream, said = sys.stderr if err else sys.stdout, printable(text, keep="\n\t")
    if wrapped and stream is not None and stream.isatty():
        width = shutil.get_terminal_size().columns
        said = "\n".join(_fitting(line, width) for line in said.split("\n"))
    click.echo(said, err=err)


def _fitting(line: str, width: int) -> str:
    """A line of running text, wrapped; rows of tables and commands to copy have gaps in them and stay as they are."""
    indent = line[: len(line) - len(line.lstrip())]
    if len(line) <= width or "  " in line.strip() or "\t" in line:
        return line
    return textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def complain(problems: Sequence[str]) -> None:
    """Print problems on standard error, one a line, the first ones of many."""
    lines = [printable(problem) for problem in problems[:MOST_LINES]]
    lines = [line if len(line) <= 600 else f"{line[:400]} ... {line[-160:]}" for line in lines]  # fits a screen
    if len(problems) > MOST_LINES:
        lines.append(f"and {len(problems) - MOST_LINES:,} more")
    with contextlib.suppress(OSError):
        click.echo("\n".join(lines), err=True)


@contextlib.contextmanager
def stoppable(folder: Path) -> Iterator[None]:
    """For commands that store runs as they end: say so when they are stopped."""
    try:
        yield
    except KeyboardInterrupt as stop:
        raise type(stop)(f"stopped; finished runs are stored in {folder}. The same command goes on.") from stop


_unheard: list[type[KeyboardInterrupt]] = []
"""What signals raised and nothing has passed on yet: code in C that calls Python at times drops an exception."""


def stop_if_told() -> None:
    """Raise once more what a signal raised and a library dropped."""
    if _unheard:
        raise _unheard.pop()


def stop_heard() -> None:
    """What a signal raised has arrived."""
    _unheard.clear()


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Let SIGTERM end what is inside as Ctrl-C does."""
    kinds: dict[int, type[KeyboardInterrupt]] = {signal.SIGTERM: _TerminatedError}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored, in the background
        kinds[signal.SIGINT] = KeyboardInterrupt

    def stop(number: int, frame: object) -> None:
        _unheard.append(kinds[number])
        raise kinds[number]

    with contextlib.ExitStack() as held:
        held.callback(stop_heard)
        if threading.current_thread() is threading.main_thread():
            for number in kinds:
                held.callback(signal.signal, number, signal.signal(number, stop))
        yield


def _replace_what_cannot_be_shown() -> None:
    """A terminal without the letters of a name shows a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _close_standard_output() -> None:
    """Keep the interpreter from writing to the closed pipe once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


SECONDS_TO_FIRST_LINE = 10.0
SECONDS_BETWEEN_LINES = 30.0
_SECONDS_BETWEEN_REDRAWS = 0.1


class Progress:
    """What a study calls as its runs end. A thread of its own speaks while nothing ends.

    The time left is that of `capsim.runs.workers.Pace`. Units are blocks (one replicate of all strategies) or runs.
    With another clock than the usual one nothing is said but when something ends.
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

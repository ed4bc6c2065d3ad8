"""From errors and signals to messages and exit status: one place for every command."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from capsim.errors import CapsimError, InputError, OutputError, PluginError, printable

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


def say(text: object, *, err: bool = False) -> None:
    """Print text; what a terminal would obey in a name is written out."""
    click.echo(printable(text, keep="\n\t"), err=err)


def complain(problems: Sequence[str]) -> None:
    """Print problems on standard error, one a line, the first ones of many."""
    lines = [_shortened(printable(problem)) for problem in problems[:MOST_LINES]]
    if len(problems) > MOST_LINES:
        lines.append(f"and {len(problems) - MOST_LINES:,} more")
    with contextlib.suppress(OSError):
        click.echo("\n".join(lines), err=True)


def _shortened(line: str) -> str:
    """A line that a screen can hold, whatever somebody has typed."""
    return line if len(line) <= 600 else f"{line[:400]} ... {line[-160:]}"


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

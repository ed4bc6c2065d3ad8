"""Commands that store runs as they end: how Ctrl-C and SIGTERM stop them, and what is said then."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import click

from capsim.cli.group import INTERRUPTED

__all__ = ["TERMINATED", "stoppable"]

TERMINATED = 143
"""Exit status after SIGTERM."""


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM; handled like Ctrl-C wherever that is handled."""


@contextlib.contextmanager
def stoppable(folder: Path) -> Iterator[None]:
    """Let SIGTERM end what is inside as Ctrl-C does; say what is stored, and end with the right status."""
    try:
        with _terminations():
            yield
    except KeyboardInterrupt as stop:
        click.echo(f"capsim: stopped; finished runs are stored in {folder}. The same command goes on.", err=True)
        click.get_current_context().exit(TERMINATED if isinstance(stop, _TerminatedError) else INTERRUPTED)


@contextlib.contextmanager
def _terminations() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise _TerminatedError

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

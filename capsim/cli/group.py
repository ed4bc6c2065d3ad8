"""From errors to messages and exit status: one place for every command."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import Any

import click

from capsim.errors import CapsimError, InputError, OutputError, PluginError

__all__ = ["BAD_INPUT", "BROKEN_PIPE", "FAILED", "INTERRUPTED", "Commands"]

FAILED, BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141
"""Exit status besides 0."""

_OF_THE_OUTPUT = {
    errno.EPIPE: "capsim: what reads the output has closed it; the rest was not shown.",
    errno.ENOSPC: "capsim: the disk is full; what was reported done is stored, the rest of the output was not written.",
}
"""What is said when standard output takes no more, by the number of the error."""


class Commands(click.Group):
    """The commands of capsim; errors that a user can cause end as one line for each problem, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        _replace_what_cannot_be_shown()
        try:
            result = super().invoke(ctx)
        except (InputError, PluginError, OutputError) as error:
            _say(str(error))
            ctx.exit(BAD_INPUT)
        except CapsimError as error:
            _say(str(error))
            ctx.exit(FAILED)
        except KeyboardInterrupt:
            _say("capsim: interrupted; no unfinished files were left.")
            ctx.exit(INTERRUPTED)
        except MemoryError:
            _say("capsim: not enough memory; try fewer --workers, or a sample of the agencies.")
            ctx.exit(FAILED)
        except OSError as error:
            if error.errno not in _OF_THE_OUTPUT:
                raise
            _close_standard_output()
            _say(_OF_THE_OUTPUT[error.errno])
            ctx.exit(BROKEN_PIPE if error.errno == errno.EPIPE else BAD_INPUT)
        return result


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


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

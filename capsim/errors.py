"""Errors a user can cause: one small family, so that callers catch one class and the command prints one message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "CapsimError",
    "InputError",
    "OutputError",
    "PluginError",
    "StaleHandleError",
    "StrategyError",
    "nearest_name",
]


class CapsimError(Exception):
    """Base of every error that capsim raises on purpose."""


class InputError(CapsimError):
    """A scenario, table, option or argument is wrong.

    Parameters
    ----------
    problems : str or iterable of str
        One line for each problem; all problems of an input are reported at once.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class OutputError(CapsimError):
    """An output folder or file cannot be used."""


class PluginError(CapsimError):
    """A strategy, process or function supplied by the user cannot be loaded."""


class StaleHandleError(CapsimError):
    """A Mesa agent was kept and used after its person had left."""


class StrategyError(CapsimError):
    """A strategy raised, or returned deliveries that the engine must refuse."""


def nearest_name(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean X?"`` for the nearest known name, or an empty string.

    Parameters
    ----------
    name : str
        What the user wrote.
    known : iterable of str
        The names that exist.
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""

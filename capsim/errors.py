"""Errors a user can cause: one small family, so that callers catch one class and the command prints one message; and
the boundary round every call of a user's own code.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, TextIO, TypeVar, cast

T = TypeVar("T")

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey or cannot show: control characters, line separators, changes of direction, lone bytes."""

_LONGEST_COMPARED = 100
"""Letters of a name for which a near one is looked for."""
_MOST_COMPARISONS = 10_000
_MOST_LINES = 20


def last_line(reason: object, otherwise: str = "no reason given") -> str:
    """What a traceback, or another text of several lines, ends with."""
    return next((line.strip() for line in reversed(str(reason).splitlines()) if line.strip()), otherwise)


class CapsimError(Exception):
    """Base of every error that capsim raises on purpose."""


class InputError(CapsimError):
    """A scenario, table, option or argument is wrong.

    Parameters
    ----------
    problems : str or iterable of str
        One line for each problem; all problems of an input are reported at once. The message shows the first 20 and
        says how many more there are.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is shown: the first problems, one line each, and how many more there are."""
        left = len(self.problems) - _MOST_LINES
        more = (f"and {left:,} more",) if left > 0 else ()
        return (*self.problems[:_MOST_LINES], *more)


class Problems(list[str]):
    """What is wrong with several arguments, gathered so that all of it is raised together."""

    def ask(self, read: Callable[..., T], *given: Any, **limits: Any) -> T:
        """What `read` makes of an argument; note its problems instead of raising them."""
        try:
            return read(*given, **limits)
        except InputError as error:
            self += [problem for problem in error.problems if problem not in self]
            return cast("T", None)

    def raise_any(self) -> None:
        """Raise what was gathered."""
        if self:
            raise InputError(self)


class MissingExtraError(InputError):
    """A package is missing that one of capsim's extras installs.

    Parameters
    ----------
    problem : str
        What needs which package.
    extra : str
        The extra; the message shows the command that installs it where this Python looks for packages.
    """

    def __init__(self, problem: str, extra: str) -> None:
        python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
        super().__init__(f'{problem}: {python} -m pip install "capsim[{extra}]"')


def import_extra(module: str, *, extra: str, problem: str = "") -> Any:
    """Import a module that only an extra installs; without it say the `problem`, or which package is needed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(problem or f"this needs {module.partition('.')[0]}", extra) from error


class OutputError(CapsimError):
    """An output folder or file cannot be used."""


class PluginError(CapsimError):
    """A strategy, process or function supplied by the user cannot be loaded."""


class StaleHandleError(CapsimError):
    """A Mesa agent was kept and used after its person had left."""


class StrategyError(CapsimError):
    """A strategy raised, or returned deliveries that the engine must refuse."""


@contextlib.contextmanager
def own_code(
    what: str | Callable[[], str], error: type[CapsimError] = PluginError, *, may_print: bool = False
) -> Iterator[None]:
    """Round every call of a user's own code: a strategy, process, rule, reporter, or progress function.

    Whatever the code raises, ``sys.exit`` included, leaves as `error`; only KeyboardInterrupt passes. What it prints
    goes to standard error, because standard output may be a table that a machine reads.

    Parameters
    ----------
    what : str or callable
        Beginning of the message: whose code, doing what, in which month; a function when it is known only then.
    error : type of CapsimError
    may_print : bool
        Leave its standard output alone: a progress function is there to print.
    """
    try:
        with contextlib.nullcontext() if may_print else _ASIDE:
            yield
    except KeyboardInterrupt:
        raise
    except BaseException as raised:
        if isinstance(raised, PluginError) and error is PluginError:
            raise  # an inner boundary has said more exactly whose code it was
        raise error(f"{what if isinstance(what, str) else what()}: {_said(raised)}") from raised


class _Aside:
    """Standard output while a thread runs own code: standard error for that thread, what it was for the others."""

    def __init__(self) -> None:
        self._lock, self._inside, self._before = threading.Lock(), Counter[int](), sys.stdout

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._before, sys.stdout = sys.stdout, cast("TextIO", self)
            self._inside[threading.get_ident()] += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= Counter([threading.get_ident()])
            if not self._inside:
                sys.stdout = self._before

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr if threading.get_ident() in self._inside else self._before, name)


_ASIDE = _Aside()


def _said(raised: BaseException) -> str:
    """An exception in one line."""
    try:
        words = " ".join(str(raised).split())
    except Exception:
        words = "(its message cannot be read)"
    return f"{type(raised).__name__}: {words}"


def nearest_name(name: object, known: Iterable[str]) -> str:
    """Return ``"; did you mean X?"`` for the nearest known name, or an empty string.

    Parameters
    ----------
    name : object
        What the user wrote; what is no text is near nothing.
    known : iterable of str
        The names that exist.
    """
    if not isinstance(name, str) or len(name) > _LONGEST_COMPARED:
        return ""
    as_written = list(known)
    close = difflib.get_close_matches(name, as_written, n=1, cutoff=0.6)
    if not close:  # whatever letters are capitals, if it is nearer than that
        alike = {one.casefold(): one for one in as_written}
        close = [alike[one] for one in difflib.get_close_matches(name.casefold(), alike, n=1, cutoff=0.75)]
    return f"; did you mean {close[0]}?" if close else ""


class NearestNames:
    """The same for a table with many faults and many names: suggestions for the first few, because each is slow.

    Parameters
    ----------
    known : iterable of str
        The names that exist.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._left = _MOST_COMPARISONS

    def __call__(self, name: str) -> str:
        """Suggest a name, or nothing once enough has been suggested."""
        if self._left <= 0:
            return ""
        self._left -= len(self._known)
        return nearest_name(name, self._known)


def printable(text: object, *, keep: str = "") -> str:
    """Text in which what a terminal would obey, or cannot show, is written out as in Python.

    Parameters
    ----------
    text : object
    keep : str
        Characters that stay, such as a line's end.
    """
    return _OBEYED.sub(lambda found: found[0] if found[0] in keep else ascii(found[0])[1:-1], str(text))

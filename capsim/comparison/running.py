"""What may be said about how runs are made, whatever is asked of them: keywords that stand once."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypedDict

from capsim.runs.workers import Progress, Workers


class Running(TypedDict, total=False):
    """Keywords of `capsim.compare` and of every analysis.

    Parameters
    ----------
    workers : int or Workers
        Local processes, 1 without it, or anybody's workers (docs/executors.md); the numbers do not depend on them.
    seed : int, optional
        Of luck and of an analysis' design, instead of the scenario's.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.
    """

    workers: int | Workers
    seed: int | None
    progress: Progress | None


class Limited(Running, total=False):
    """Keywords of `capsim.compare` beside those.

    Parameters
    ----------
    time_limit_seconds : float
        Of one run; one that takes longer is a failed run. 0 is none.
    """

    time_limit_seconds: float


def refuse_unknown(what: str, given: Iterable[str], known: Container[str]) -> None:
    """Say what Python says of a keyword that a function does not have."""
    for name in given:
        if name not in known:
            raise TypeError(f"{what}() got an unexpected keyword argument {name!r}")

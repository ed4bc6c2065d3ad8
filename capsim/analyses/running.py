"""What every analysis may be told about its runs: keywords that stand once, and the beginning of an analysis."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypedDict

from capsim.comparison.asking import check_running
from capsim.errors import Problems
from capsim.runs.points import Evaluate
from capsim.runs.stored_points import evaluators
from capsim.runs.workers import Progress, Workers
from capsim.scenario import Scenario, as_scenario


class Running(TypedDict, total=False):
    """Keywords of `capsim.calibrate`, `capsim.optimize` and `capsim.sensitivity`.

    Parameters
    ----------
    workers : int or Workers
        Local processes, 1 without it, or anybody's workers; the numbers do not depend on them.
    seed : int, optional
        Of luck and design, instead of the scenario's.
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted, and another design
        of the same parameters uses what is there.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.
    """

    workers: int | Workers
    seed: int | None
    store: str | os.PathLike[str] | None
    progress: Progress | None


class Weighed(Running, total=False):
    """Keywords of `capsim.optimize` and `capsim.sensitivity` beside those.

    Parameters
    ----------
    weight : {"pupils", "districts", "positions"}, optional
        By what districts count in means, instead of the scenario's question.
    """

    weight: str | None


_USUAL: Running = {"workers": 1, "seed": None, "store": None, "progress": None}


def begin(what: str, scenario: Any, given: Running, **paths: object) -> tuple[Scenario, Problems, Running]:
    """The scenario, all keywords, and what is wrong with them so far; `paths` are others to be checked."""
    for name in given:
        if name not in _USUAL:
            raise TypeError(f"{what}() got an unexpected keyword argument {name!r}")
    run: Running = {**_USUAL, **given}
    scenario = as_scenario(scenario, seed=run["seed"])
    problems = Problems()
    check_running(problems, run["workers"], run["progress"], store=run["store"], **paths)
    return scenario, problems, run


def evaluators_of(run: Running, kind: str) -> AbstractContextManager[Callable[..., Evaluate]]:
    """What makes evaluators of points, in memory or through the folder."""
    return evaluators(run["store"], kind=kind, workers=run["workers"], progress=run["progress"])

"""What every analysis may be told about its runs: keywords that stand once, and the beginning of an analysis."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from capsim.comparison.asking import check_running
from capsim.comparison.running import Running, refuse_unknown
from capsim.errors import Problems
from capsim.runs.points import Evaluate
from capsim.runs.stored_points import evaluators
from capsim.scenario import Scenario, as_scenario


class Stored(Running, total=False):
    """Keywords of `capsim.calibrate`, `capsim.optimize` and `capsim.sensitivity` beside those of every comparison.

    Parameters
    ----------
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted, and another design
        of the same parameters uses what is there.
    """

    store: str | os.PathLike[str] | None


class Weighed(Stored, total=False):
    """Keywords of `capsim.optimize` and `capsim.sensitivity` beside those.

    Parameters
    ----------
    weight : {"pupils", "districts", "positions"}, optional
        How districts count in means, instead of what the scenario's question says.
    """

    weight: str | None


_USUAL: Stored = {"workers": 1, "seed": None, "store": None, "progress": None}


def begin(what: str, scenario: Any, given: Stored, **paths: object) -> tuple[Scenario, Problems, Stored]:
    """The scenario, all keywords, and what is wrong with them so far; `paths` are others to be checked."""
    refuse_unknown(what, given, _USUAL)
    run: Stored = {**_USUAL, **given}
    scenario = as_scenario(scenario, seed=run["seed"])
    problems = Problems()
    check_running(problems, run["workers"], run["progress"], store=run["store"], **paths)
    return scenario, problems, run


def evaluators_of(run: Stored, kind: str) -> AbstractContextManager[Callable[..., Evaluate]]:
    """What makes evaluators of points, in memory or through the folder."""
    return evaluators(run["store"], kind=kind, workers=run["workers"], progress=run["progress"])

"""Candidate strategies under a budget: mixes of activities, targetings, schedules. Knows no runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, SCHEDULES, TARGETINGS
from capsim.errors import InputError, nearest_name
from capsim.streams.keys import key_from

__all__ = ["Ingredients", "composition", "ingredients", "mixes", "whole_percents"]

_ASSESSMENT, _LEAST_ASSESSMENT = "needs_assessment", 5
_PERCENT = 100


class Ingredients(NamedTuple):
    """What candidates may be made of: names of the catalogue, and numbers of focal areas worked on at once."""

    activities: tuple[str, ...]
    targetings: tuple[str, ...]
    schedules: tuple[str, ...]
    focal_areas: tuple[int | str, ...]


def ingredients(
    *,
    activities: Sequence[str] | None = None,
    targetings: Sequence[str] | None = None,
    schedules: Sequence[str] | None = None,
    focal_areas: Sequence[int | str] = ("all",),
) -> Ingredients:
    """What is named, or all of the catalogue.

    Raises
    ------
    InputError
        For unknown names, all at once.
    """
    chosen = Ingredients(
        tuple(activities or ACTIVITIES),
        tuple(targetings or TARGETINGS),
        tuple(schedules or SCHEDULES),
        tuple(focal_areas),
    )
    known = (
        ("activity", chosen.activities, ACTIVITIES),
        ("targeting", chosen.targetings, TARGETINGS),
        ("schedule", chosen.schedules, SCHEDULES),
    )
    problems = [
        f"{what}: unknown {what} {name!r}{nearest_name(name, table)}"
        for what, names, table in known
        for name in names
        if name not in table
    ]
    if problems:
        raise InputError(problems)
    return chosen


def mixes(n: int, of: Ingredients | None = None, *, seed: int = 1) -> list[dict[str, Any]]:
    """Compositions that fill the space of mixes: a Latin hypercube over the simplex of activities, in whole percents.

    Each candidate has one to all of the activities, every number of them equally often; the other choices are dealt out
    evenly.

    Parameters
    ----------
    n : int
    of : Ingredients, optional
        All of the catalogue without it.
    seed : int

    Returns
    -------
    list of dict
        Strategies as a scenario file holds them, named ``mix 1``, ``mix 2``, ...
    """
    chosen = of or ingredients()
    rng = np.random.Generator(np.random.Philox(key_from("mixes", seed)))
    shares = _simplex(n, len(chosen.activities), rng)
    others = [rng.permutation([place % len(names) for place in range(n)]) for names in chosen[1:]]
    return [
        {
            "name": f"mix {row + 1}",
            **composition(
                chosen,
                shares[row].tolist(),
                *(names[places[row]] for names, places in zip(chosen[1:], others, strict=True)),
            ),
        }
        for row in range(n)
    ]


def composition(
    of: Ingredients, percents: Sequence[int], targeting: str, schedule: str, focal_areas: int | str
) -> dict[str, Any]:
    """A strategy as a scenario file holds it, but for its name.

    Targeting by need gets at least 5% of needs assessment, where that is allowed: it steers by readings.
    """
    percent = dict(zip(of.activities, percents, strict=True))
    if targeting == "need" and _ASSESSMENT in percent:
        _make_room(percent)
    return {
        "activities": {name: share / _PERCENT for name, share in percent.items() if share},
        "targeting": targeting,
        "schedule": schedule,
        "delivery": {"focal_areas": focal_areas},
    }


def _simplex(n: int, k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole percents that sum to 100, (n, k): exponentials of a Latin hypercube, all but the largest few set to 0."""
    unit = np.column_stack([(rng.permutation(n) + rng.random(n)) / n for _ in range(k)])
    weight: NDArray[np.float64] = -np.log(unit)
    most = rng.permutation([1 + place % k for place in range(n)])
    order = np.argsort(-weight, axis=1)
    for row in range(n):
        weight[row, order[row, most[row] :]] = 0.0
    return np.stack([whole_percents(row) for row in weight])


def whole_percents(weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole percents in the proportion of weights, that sum to 100: the largest remainders are rounded up."""
    share = _PERCENT * weight / weight.sum()
    whole: NDArray[np.int64] = np.floor(share).astype(np.int64)
    left = _PERCENT - int(whole.sum())
    whole[np.argsort(-(share - whole), kind="stable")[:left]] += 1
    return whole


def _make_room(percent: dict[str, int]) -> None:
    """Raise needs assessment to its least share, at the cost of the largest other one."""
    lacking = _LEAST_ASSESSMENT - percent[_ASSESSMENT]
    others = {name: share for name, share in percent.items() if name != _ASSESSMENT and share > lacking}
    if lacking > 0 and others:
        percent[max(others, key=lambda name: others[name])] -= lacking
        percent[_ASSESSMENT] += lacking

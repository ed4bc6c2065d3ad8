"""Candidate strategies under a budget: mixes of activities, targetings, schedules. Knows no runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, SCHEDULES, TARGETINGS
from capsim.errors import InputError, nearest_name
from capsim.streams.keys import key_from

__all__ = ["mixes", "pareto_front"]

_ASSESSMENT, _LEAST_ASSESSMENT = "needs_assessment", 5
_PERCENT = 100


def mixes(
    n: int,
    *,
    activities: Sequence[str] | None = None,
    targetings: Sequence[str] | None = None,
    schedules: Sequence[str] | None = None,
    focal_areas: Sequence[int | str] = ("all",),
    seed: int = 1,
) -> list[dict[str, Any]]:
    """Compositions that fill the space of mixes: a Latin hypercube over the simplex of activities, in whole percents.

    Each candidate has one to all of the activities, every number of them equally often; the other choices are dealt out
    evenly. Targeting by need gets at least 5% of needs assessment, where that is allowed: it steers by readings.

    Parameters
    ----------
    n : int
    activities, targetings, schedules : sequence of str, optional
        All of the catalogue without it.
    focal_areas : sequence of int or "all"
        Number of areas worked on at once.
    seed : int

    Returns
    -------
    list of dict
        Strategies as a scenario file holds them, named ``mix 1``, ``mix 2``, ...

    Raises
    ------
    InputError
        For unknown names, all at once.
    """
    chosen = tuple(activities or ACTIVITIES)
    targets, times = tuple(targetings or TARGETINGS), tuple(schedules or SCHEDULES)
    choices = (("activity", chosen, ACTIVITIES), ("targeting", targets, TARGETINGS), ("schedule", times, SCHEDULES))
    problems = [
        f"{what}: unknown {what} {name!r}{nearest_name(name, known)}"
        for what, names, known in choices
        for name in names
        if name not in known
    ]
    if not 1 <= n <= 1000:
        problems.append(f"n: from 1 to 1000 candidates, got {n}")
    if problems:
        raise InputError(problems)
    rng = np.random.Generator(np.random.Philox(key_from("mixes", seed)))
    shares = _simplex(n, len(chosen), rng)
    parts = [rng.permutation([place % len(names) for place in range(n)]) for names in (targets, times, focal_areas)]
    found = []
    for row in range(n):
        targeting, schedule = targets[parts[0][row]], times[parts[1][row]]
        percent = dict(zip(chosen, shares[row].tolist(), strict=True))
        if targeting == "need" and _ASSESSMENT in percent:
            _make_room(percent)
        found.append({
            "name": f"mix {row + 1}",
            "activities": {name: share / _PERCENT for name, share in percent.items() if share},
            "targeting": targeting, "schedule": schedule, "delivery": {"focal_areas": focal_areas[parts[2][row]]},
        })  # fmt: skip
    return found


def _simplex(n: int, k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Whole percents that sum to 100, (n, k): exponentials of a Latin hypercube, all but the largest few set to 0."""
    unit = np.column_stack([(rng.permutation(n) + rng.random(n)) / n for _ in range(k)])
    weight: NDArray[np.float64] = -np.log(unit)
    most = rng.permutation([1 + place % k for place in range(n)])
    order = np.argsort(-weight, axis=1)
    for row in range(n):
        weight[row, order[row, most[row] :]] = 0.0
    share = _PERCENT * weight / weight.sum(axis=1, keepdims=True)
    whole: NDArray[np.int64] = np.floor(share).astype(np.int64)
    for row in range(n):
        left = _PERCENT - int(whole[row].sum())
        whole[row, np.argsort(-(share[row] - whole[row]), kind="stable")[:left]] += 1
    return whole


def _make_room(percent: dict[str, int]) -> None:
    """Raise needs assessment to its least share, at the cost of the largest other one."""
    lacking = _LEAST_ASSESSMENT - percent[_ASSESSMENT]
    others = {name: share for name, share in percent.items() if name != _ASSESSMENT and share > lacking}
    if lacking > 0 and others:
        percent[max(others, key=lambda name: others[name])] -= lacking
        percent[_ASSESSMENT] += lacking


def pareto_front(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows that no other row beats: none is at least as large everywhere and larger somewhere.

    Parameters
    ----------
    values : (n, objectives) float64
        Larger is better.
    """
    table = np.asarray(values, np.float64)
    as_good: NDArray[np.bool_] = np.all(table[None, :, :] >= table[:, None, :], axis=2)
    better: NDArray[np.bool_] = np.any(table[None, :, :] > table[:, None, :], axis=2)
    return np.asarray(~np.any(as_good & better, axis=1))

"""The runs behind docs/support.md: every practice at several weights of support, each against its counterpart.

Worlds are synthetic; at each weight the levels are solved, so that the baseline stands (building/solving.py). A row is
the mean over seeds of a paired difference in the mean use of districts, with its standard error over seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.levels import LEA
from capsim.measures.organizations import ROW
from capsim.runs.blocks import Block, Ground
from capsim.runs.crews import run_blocks
from capsim.scenario import Scenario, scenario_from_mapping

WEIGHTS = (0.0, 1.0, 2.0)
_MIX = {"routine_redesign": 0.4, "coaching": 0.3, "leadership_coaching": 0.3}
_HALF_REDESIGN = {"role_redesign": 0.5, "routine_redesign": 0.2, "coaching": 0.15, "leadership_coaching": 0.15}
_ASSISTED, _AFTER, _SETTLING, _HOURS = 60, 24, 150, 8000
_FLOOR = {"role_redesign_floor": 0.6}


def _strategy(name: str, recipients: Sequence[str], activities: Mapping[str, float]) -> dict[str, Any]:
    return {
        "name": name,
        "activities": dict(activities),
        "delivery": {"recipients": list(recipients), "focal_areas": 2},
    }


STRATEGIES = {
    "whole budget to the state agency": _strategy("to_state", ["sea"], _MIX),
    "whole budget to regional agencies": _strategy("to_regions", ["esa"], _MIX),
    "whole budget to districts": _strategy("to_districts", ["lea"], _MIX),
    "to the state agency, half of it role redesign": _strategy("redesign", ["sea"], _HALF_REDESIGN),
}
"""Strategies by what they are, each against no assistance."""

FACTS: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]] = {
    "state staff leave by .09 a year (chief .10), not .23 (.50)": (
        {"sea_annual_exit": 0.09, "sea_chief_annual_exit": 0.10},
        {"sea_annual_exit": 0.23, "sea_chief_annual_exit": 0.50},
    ),
    "compliance takes none of the state agency's time, not .40": ({"compliance_share": 0.0}, {}),
    "compliance takes .80 of it, not .40": ({"compliance_share": 0.8}, {}),
    "the same with 8 hours of reporting: none, not .40": (
        {"compliance_share": 0.0, "reporting_hours": 8.0},
        {"reporting_hours": 8.0},
    ),
    "reporting takes districts 16 hours, not 4": ({"reporting_hours": 16.0}, {}),
    "help goes by need, not evenly": ({"support_allocation": 1.0}, {}),
    "help goes by request, not evenly": ({"support_allocation": 2.0}, {}),
}
"""Facts without assistance: parameters of the two worlds that are compared."""


@dataclass(frozen=True, slots=True)
class Found:
    """Mean differences by weight with their standard errors; of a second figure too, where a row has one."""

    name: str
    first: list[tuple[float, float]]
    second: list[tuple[float, float]]


def scenario(districts: int, regions: int, seed: int) -> Scenario:
    """The synthetic state."""
    return scenario_from_mapping(
        {
            "name": "support",
            "agencies": {"source": "synthetic", "districts": districts, "regions": regions},
            "question": {"contrast": ["to_state", "none"]},
            "timeline": {"settling": _SETTLING, "assistance": _ASSISTED, "follow_up": _AFTER},
            "assistance": {"budget_hours_per_year": _HOURS},
            "strategies": ["none", *STRATEGIES.values()],
            "uncertainty": "none",
            "seed": seed,
        }
    )


def _mean(differences: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard error."""
    n = len(differences)
    error = float(differences.std(ddof=1) / math.sqrt(n)) if n > 1 else math.nan
    return float(differences.mean()), error


def run_support(
    *, districts: int, regions: int, seeds: int, seed: int, workers: int, progress: Callable[..., None] | None = None
) -> dict[str, list[Found]]:
    """All rows: what strategies gain when they end and later, and what facts change in the mean and spread of use."""
    place = scenario(districts, regions, seed)
    table = Ground.of(Block(place, (), 0)).agencies
    is_district = np.asarray(table.level) == LEA
    names = [one["name"] for one in STRATEGIES.values()]
    points = list(dict.fromkeys(tuple(sorted(point.items())) for pair in FACTS.values() for point in pair))
    blocks = [
        Block(place, ("none", *names), n, point={"support_weight": w, **_FLOOR}, keep_agencies=True)
        for w in WEIGHTS
        for n in range(seeds)
    ]
    blocks += [
        Block(place, ("none",), n, point={"support_weight": w, **_FLOOR, **dict(point)}, keep_agencies=True)
        for point in points
        for w in WEIGHTS
        for n in range(seeds)
    ]
    use: dict[tuple[Any, ...], tuple[NDArray[np.float64], NDArray[np.float64]]] = {}
    for block, result in zip(blocks, run_blocks(blocks, workers=workers, progress=progress), strict=True):
        weight = block.point["support_weight"]
        own = tuple(sorted((k, v) for k, v in block.point.items() if k not in ("support_weight", *_FLOOR)))
        for run in result.runs:
            if run.failure:
                raise RuntimeError(run.failure)
            ends = [
                run.by_organization[month][ROW.use, : len(table)][is_district] for month in sorted(run.by_organization)
            ]
            use[own, weight, result.replicate, run.strategy] = (ends[0], ends[-1])
    return {"strategies": _gains(use, names, seeds), "facts": _changes(use, seeds)}


def _gains(use: Mapping[Any, Any], names: Sequence[str], seeds: int) -> list[Found]:
    """Gain of each strategy in the mean use of districts when it ends, and later."""
    rows = []
    for what, name in zip(STRATEGIES, names, strict=True):
        gains = [
            [
                np.array([use[(), w, n, name][at].mean() - use[(), w, n, "none"][at].mean() for n in range(seeds)])
                for w in WEIGHTS
            ]
            for at in (0, 1)
        ]
        rows.append(Found(what, [_mean(one) for one in gains[0]], [_mean(one) for one in gains[1]]))
    return rows


def _changes(use: Mapping[Any, Any], seeds: int) -> list[Found]:
    """Change in the mean use of districts after five years, and in how far they lie apart (SD)."""
    rows = []
    for what, pair in FACTS.items():
        first, second = (tuple(sorted(point.items())) for point in pair)
        changes = [
            [
                np.array(
                    [
                        statistic(use[first, w, n, "none"][0]) - statistic(use[second, w, n, "none"][0])
                        for n in range(seeds)
                    ]
                )
                for w in WEIGHTS
            ]
            for statistic in (np.mean, np.std)
        ]
        rows.append(Found(what, [_mean(one) for one in changes[0]], [_mean(one) for one in changes[1]]))
    return rows

"""Who a run is: its content, not its order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

__all__ = ["NOT_PART_OF_A_RUN", "RESULTS_VERSION", "canonical", "run_id", "run_id_of_texts"]

RESULTS_VERSION = 3
"""Raised whenever the same inputs give other numbers; part of every run's identity."""


NOT_PART_OF_A_RUN = ("name", "question", "strategies", "replications", "uncertainty")
"""Keys of a scenario that say how runs are named, asked about or repeated, and do not change the numbers of one."""


def run_id(*, scenario_hash: str, strategy: object, replicate: int, point: Mapping[str, float | str]) -> str:
    """Sixteen hexadecimal digits that name a run by its content.

    Parameters
    ----------
    scenario_hash : str
        Of the resolved scenario without `NOT_PART_OF_A_RUN`.
    strategy : object
        Name of a shipped strategy, or plain data that defines another one.
    replicate : int
    point : mapping
        Factor values, and whether assumptions are at their defaults or drawn.
    """
    return run_id_of_texts(
        scenario_hash=scenario_hash, strategy=canonical(strategy), replicate=replicate, point=canonical(dict(point))
    )


def run_id_of_texts(*, scenario_hash: str, strategy: str, replicate: int, point: str) -> str:
    """Like `run_id`, of a strategy and a point that are `canonical` texts already: a sweep names a million runs."""
    text = (
        f'{{"point":{point},"replicate":{replicate},"scenario":"{scenario_hash}",'
        f'"strategy":{strategy},"version":{RESULTS_VERSION}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def canonical(content: object) -> str:
    """Plain data as JSON that is the same whatever the order of its keys."""
    return json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))

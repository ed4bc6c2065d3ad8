"""Who a run is: its content, not its order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

__all__ = ["NOT_PART_OF_A_RUN", "RESULTS_VERSION", "run_id"]

RESULTS_VERSION = 2
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
    content = {
        "scenario": scenario_hash, "strategy": strategy, "replicate": replicate, "point": dict(point),
        "version": RESULTS_VERSION,
    }  # fmt: skip
    text = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

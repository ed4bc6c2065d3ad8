"""Who a run is: its content, not its order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

__all__ = ["RESULTS_VERSION", "run_id"]

RESULTS_VERSION = 1
"""Raised whenever the same inputs give other numbers; part of every run's identity."""


def run_id(*, scenario_hash: str, strategy: str, replicate: int, point: Mapping[str, float | str]) -> str:
    """Sixteen hexadecimal digits that name a run by its content.

    Parameters
    ----------
    scenario_hash : str
        Of the resolved scenario.
    strategy : str
    replicate : int
    point : mapping
        Factor values, and whether assumptions are at their defaults or drawn.
    """
    content = {
        "scenario": scenario_hash, "strategy": strategy, "replicate": replicate, "point": dict(point), "version": RESULTS_VERSION,
    }  # fmt: skip
    text = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

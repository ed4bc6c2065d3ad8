"""What capsim itself gets at points that another tool chose: the numbers the drivers are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from capsim.runs.study import study_from_mapping
from capsim.runs.sweep import sweep


def sweep_at(
    points: Sequence[Mapping[str, float]], strategies: Sequence[str], folder: Path, *, replications: int = 1
) -> pd.DataFrame:
    """Runs of a sweep over these points in which replicate r has the luck of seed r."""
    distinct = [dict(key) for key in dict.fromkeys(tuple(sorted(point.items())) for point in points)]
    study = study_from_mapping(
        {
            "kind": "sweep",
            "name": "at these points",
            "scenario": "classroom",
            "strategies": list(strategies),
            "design": {"kind": "points", "points": distinct},
            "replications": replications,
            "crn": "all",
        }
    )
    runs = sweep(study, out=folder).runs
    assert (runs["status"] == "done").all()
    return runs

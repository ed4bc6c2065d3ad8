"""The study of a folder over its points, and once more with assumptions and rules drawn at its base point."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from capsim.comparison.compare import compare
from capsim.comparison.comparison import Comparison
from capsim.runs.study import SweepStudy, load_study, study_from_mapping, study_hash
from capsim.runs.sweep import sweep
from capsim.scenario import Scenario, scenario_from_mapping
from experiments.question import FOLDER, Cause, Question, Small

DRAWN = 2
"""Replications with drawn assumptions and rules for each one of the study."""


@dataclass(frozen=True)
class Carried:
    """What an experiment gave.

    Attributes
    ----------
    study : SweepStudy
    identity : str
        Hash of the study.
    runs : DataFrame
        One row a run, assumptions at their defaults, over all points.
    base : Comparison
        At the base point, assumptions and rules at their defaults and drawn.
    without : tuple of DataFrame
        Runs at the base point under the same luck, without each cause of the question.
    """

    study: SweepStudy
    identity: str
    runs: pd.DataFrame
    base: Comparison
    without: tuple[pd.DataFrame, ...]


def carry_out(name: str, question: Question, *, workers: int, small: bool) -> Carried:
    """Run an experiment; nothing is kept but what is returned."""
    study = load_study(FOLDER / name / "study.yaml")
    if small:
        study = _smaller(study, question.small, FOLDER / name)
    with tempfile.TemporaryDirectory() as folder:
        runs = sweep(study, workers=workers, out=Path(folder) / "runs").runs
    base = compare(_at_base(study, question), workers=workers, variants=False)
    return Carried(study, study_hash(study), runs, base, _without_causes(study, question, workers))


def without_causes(name: str, question: Question, *, workers: int) -> tuple[tuple[pd.DataFrame, ...], pd.DataFrame]:
    """Only the runs without each cause, and those with all of them under the same luck."""
    study = load_study(FOLDER / name / "study.yaml")
    everything = compare(_at_base(study, question, luck_alone=True), workers=workers, variants=False)
    return _without_causes(study, question, workers), everything.runs


def _without_causes(study: SweepStudy, question: Question, workers: int) -> tuple[pd.DataFrame, ...]:
    scenarios = [_at_base(study, question, cause, luck_alone=True) for cause in question.causes]
    return tuple(compare(one, workers=workers, variants=False).runs for one in scenarios)


def _at_base(
    study: SweepStudy, question: Question, cause: Cause | None = None, *, luck_alone: bool = False
) -> Scenario:
    """The scenario of the study at its base point, without a cause if one is given."""
    content = study.scenario.resolved()
    content |= {
        "strategies": study.resolved()["strategies"],
        "uncertainty": "none" if luck_alone else "structure",
        "replications": max(2, DRAWN * study.replications),
        "seed": study.seed,
    }
    pair = question.pairs[0]
    content["question"] = {**content["question"], "contrast": [pair.first, pair.second]}
    if cause is not None:
        content["parameters"] = {**content.get("parameters", {}), **cause.parameters}
        content["rules"] = {**content.get("rules", {}), **cause.rules}
    return scenario_from_mapping(content)


def _smaller(study: SweepStudy, small: Small, folder: Path) -> SweepStudy:
    """The same in a small world, over a short time, at the ends of each factor."""
    content = study.resolved()
    scenario: dict[str, Any] = dict(content["scenario"])
    agencies = dict(scenario["agencies"])
    if agencies["source"] == "synthetic":
        agencies["districts"] = small.sample
    elif agencies.get("sample"):
        agencies["sample"] = small.sample
    scenario["agencies"] = agencies
    scenario["timeline"] = {"settling": small.months, "assistance": small.months, "follow_up": small.months}
    content["scenario"] = scenario
    content["replications"] = small.replications
    content["factors"] = {name: _ends(factor) for name, factor in content["factors"].items()}
    made: SweepStudy = study_from_mapping(content, folder=folder)
    return made


def _ends(factor: Any) -> Any:
    if isinstance(factor, Mapping) and "values" in factor:
        values = factor["values"]
    else:
        values = factor
    if isinstance(values, list | tuple):
        return list(dict.fromkeys((values[0], values[-1])))
    return {**values, "points": 2}

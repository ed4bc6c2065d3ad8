"""Candidates bred from the best ones so far: NSGA-II (Deb et al. 2002), as Optuna has it, by ask and tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.optimization.mixes import Ingredients, composition, whole_percents
from capsim.runs.points import import_extra

__all__ = ["evolve"]

_LEAST_WEIGHT = 0.25
"""Weights below it are 0, so that candidates can do without an activity."""

Scores = Callable[[list[dict[str, Any]]], NDArray[np.float64]]
"""From compositions to scores of which larger ones are better, (n, objectives)."""


def evolve(of: Ingredients, scores: Scores, *, objectives: int, n: int, population: int, seed: int) -> None:
    """Ask for `n` compositions, a population at a time, each bred from the ones before.

    Parameters
    ----------
    of : Ingredients
    scores : callable
        Called once a generation; keeps what it is asked for.
    objectives : int
    n, population : int
    seed : int
        Of the sampler.
    """
    optuna = import_extra("optuna", extra="calibrate")
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        sampler = optuna.samplers.NSGAIISampler(population_size=population, seed=seed % 2**32)
        study = optuna.create_study(directions=["maximize"] * objectives, sampler=sampler)
        for start in range(0, n, population):
            trials = [study.ask() for _ in range(min(population, n - start))]
            found = scores([_suggested(trial, of) for trial in trials])
            for trial, values in zip(trials, found, strict=True):
                study.tell(trial, [float(value) for value in values])
    finally:
        optuna.logging.set_verbosity(verbosity)


def _suggested(trial: Any, of: Ingredients) -> dict[str, Any]:
    weight = np.array([trial.suggest_float(f"share of {name}", 0.0, 1.0) for name in of.activities])
    weight = np.where(weight >= min(_LEAST_WEIGHT, float(weight.max())), np.maximum(weight, 1e-9), 0.0)
    names = ("targeting", "schedule", "focal_areas")
    chosen: list[Any] = [
        options[trial.suggest_int(name, 0, len(options) - 1)] if len(options) > 1 else options[0]
        for name, options in zip(names, of[1:], strict=True)
    ]
    return composition(of, whole_percents(weight).tolist(), *chosen)

"""Two searches for parameter values that fit: rejection (a posterior) and Optuna (a best point). Know no scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.errors import CapsimError
from capsim.runs.points import LUCK, Evaluate, import_extra
from capsim.streams.keys import key_from

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Accepted", "Candidates", "Target", "accept", "search_best"]

Floats = NDArray[np.float64]
_BATCH = 8
"""Points asked for at once, whatever the number of workers, so that these do not change the numbers."""


@dataclass(frozen=True, slots=True)
class Target:
    """Columns of a table of runs, the values to reach, and their standard errors, all (m,)."""

    columns: tuple[str, ...]
    value: Floats
    standard_error: Floats

    def simulated(self, runs: pd.DataFrame) -> Floats:
        """What runs say of the observed means, (runs, m).

        Raises
        ------
        CapsimError
            If a run failed or a number is undefined in it.
        """
        lost = runs[(runs["status"] != "done") | runs[list(self.columns)].isna().any(axis=1)]
        if len(lost):
            shown = ", ".join(map(str, lost["point"].unique()[:5]))
            first = lost.iloc[0]
            why = str(first["reason"]).strip().splitlines()[-1:] or ["an observed mean is undefined in it"]
            raise CapsimError(
                f"calibration: {len(lost)} of {len(runs)} runs cannot be held against the data (points {shown}"
                f"{', ...' if lost['point'].nunique() > 5 else ''}): {why[0]}"
            )
        return runs[list(self.columns)].to_numpy(np.float64)

    def distance(self, simulated: Floats) -> Floats:
        """Root mean square of the differences in standard errors; (n,) from (n, m)."""
        return np.asarray(np.sqrt(np.mean(((simulated - self.value) / self.standard_error) ** 2, axis=1)))


@dataclass(frozen=True, slots=True)
class Accepted:
    """What rejection keeps: rows of the table of runs, what they say with the data's error, distances, the largest."""

    rows: NDArray[np.int64]
    noisy: Floats
    distance: Floats
    tolerance: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """The best points of a search.

    Attributes
    ----------
    table : DataFrame
        Columns: parameters, score (the luck searched with), fresh_score (luck never searched with); best fresh first.
    runs : DataFrame
        The fresh runs of the best point.
    trials : DataFrame
        Every point asked for: parameters and score.
    """

    table: pd.DataFrame
    runs: pd.DataFrame
    trials: pd.DataFrame


def accept(target: Target, runs: pd.DataFrame, *, share: float, least: int, seed: int) -> Accepted:
    """Rejection (ABC): keep the runs nearest to the data.

    Every run is one draw of the model with luck of its own; a draw of the standard errors is added to it, because the
    data have one too (Wilkinson 2013). With a share toward 0 the kept points are a sample of the posterior.

    Parameters
    ----------
    target : Target
    runs : DataFrame
    share : float
        Of the runs.
    least : int
        Runs kept at least.
    seed : int
        Of the added errors.
    """
    simulated = target.simulated(runs)
    rng = np.random.Generator(np.random.Philox(key_from("calibration errors", seed)))
    noisy = simulated + target.standard_error * rng.standard_normal(simulated.shape)
    distance = target.distance(noisy)
    count = min(len(runs), max(least, round(share * len(runs))))
    rows = np.sort(np.argsort(distance, kind="stable")[:count])
    return Accepted(rows, noisy[rows], distance[rows], float(distance[rows].max()))


def search_best(
    target: Target,
    evaluate: Evaluate,
    bounds: Mapping[str, tuple[float, float]],
    *,
    trials: int,
    top: int,
    seed: int,
    stage: Callable[[str], None] | None = None,
) -> Candidates:
    """Search with Optuna's TPE sampler by ask and tell, every trial with the same luck; judge the best with fresh luck.

    Parameters
    ----------
    target : Target
    evaluate : callable
        `LUCK` 0 is the fixed set of replicates, 1 the fresh one.
    bounds : mapping of str to (float, float)
    trials : int
    top : int
        Points run again.
    seed : int
        Of the sampler.
    """
    import pandas as pd

    optuna = import_extra("optuna", extra="calibrate")
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        sampler = optuna.samplers.TPESampler(seed=seed % (2**32), multivariate=True, constant_liar=True)
        study = optuna.create_study(direction="minimize", sampler=sampler)
        asked: list[dict[str, float]] = []
        scores: list[float] = []
        while len(asked) < trials:
            batch = [study.ask() for _ in range(min(_BATCH, trials - len(asked)))]
            points = [{name: one.suggest_float(name, *pair) for name, pair in bounds.items()} for one in batch]
            found = _scores(target, evaluate(pd.DataFrame(points).assign(**{LUCK: 0})))
            for one, score in zip(batch, found, strict=True):
                study.tell(one, score)
            asked, scores = asked + points, scores + found
    finally:
        optuna.logging.set_verbosity(verbosity)
    table = pd.DataFrame(asked).assign(score=scores)
    best = table.drop_duplicates(list(bounds)).nsmallest(top, "score").reset_index(drop=True)
    runs = evaluate(best[list(bounds)].assign(**{LUCK: 1}))
    best["fresh_score"] = _scores(target, runs)
    order = best["fresh_score"].argsort(kind="stable").to_numpy()
    own = runs[runs["point"] == order[0]].reset_index(drop=True)
    return Candidates(best.iloc[order].reset_index(drop=True), own, table)


def _scores(target: Target, runs: pd.DataFrame) -> list[float]:
    """Distance of the means over replicates, point by point."""
    simulated = target.simulated(runs)
    points = runs["point"].to_numpy()
    means: Any = np.stack([simulated[points == point].mean(axis=0) for point in np.unique(points)])
    return [float(one) for one in target.distance(means)]

"""Calibrate: fit declared parameters to observed means, and check what the fitted model predicts of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.calibration.adjustment import adjust, weighted_quantiles
from capsim.analyses.calibration.data import Observation, read_observations
from capsim.analyses.calibration.result import Calibration
from capsim.analyses.calibration.search import Accepted, Target, accept, search_best
from capsim.analyses.calibration.stored import StoredRuns, read_stored_runs
from capsim.analyses.latin import latin_points
from capsim.catalogue import STRATEGIES
from capsim.comparison.statistics import draw_range
from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.runs.points import Evaluate, parameter_bounds
from capsim.runs.stored_points import evaluators
from capsim.scenario import Scenario, as_scenario
from capsim.streams.keys import key_from

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["METHODS", "calibrate"]

METHODS = ("abc", "optuna")
_LEAST_ACCEPTED = 20
_QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)


def calibrate(
    scenario: Scenario | str | Path,
    observed: str | os.PathLike[str] | Sequence[Observation],
    *,
    parameters: Sequence[str],
    strategy: str | None = None,
    method: str = "abc",
    n: int = 400,
    share: float = 0.05,
    replications: int = 1,
    top: int = 10,
    runs: str | os.PathLike[str] | None = None,
    workers: int = 1,
    seed: int | None = None,
    store: str | os.PathLike[str] | None = None,
    evaluate: Evaluate | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Calibration:
    """Fit parameters to observed means. The seed is never among them: it would only look for lucky runs.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path. Parameters that are not fitted keep its values.
    observed : path or sequence of Observation
        A CSV with the columns measure, month, level, value, standard_error.
    parameters : sequence of str
        Searched over their declared ranges.
    strategy : str, optional
        The assistance under which the data were observed; `none` without it.
    method : {"abc", "optuna"}
        Rejection, which gives a posterior; or Optuna's TPE sampler, which gives a best point with a fresh score.
    n : int
        Points of the Latin hypercube, or trials; at least 40.
    share : float
        abc: share of the runs that is kept, at least 20 runs.
    replications : int
        Runs of each point. abc: each is judged by itself. optuna: the mean of the same ones for every point.
    top : int
        optuna: points run again with as many fresh replicates.
    runs : path, optional
        abc: folder of a sweep (or of an analysis) of the same scenario whose stored runs are used; nothing is run, and
        the prior is how its points are spread.
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Of luck and search, instead of the scenario's.
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted.
    evaluate : callable, optional
        Runs the points instead of the model in this scenario; see `capsim.runs.points.Evaluate`.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.

    Raises
    ------
    InputError
        If an argument or the data are wrong, with file and line.
    CapsimError
        If Optuna is needed and not installed, or a run failed.

    Notes
    -----
    Rejection: Pritchard et al. 1999, with the error model of Wilkinson 2013; the kept share blurs the posterior, so
    that its ranges are too wide rather than too narrow. Regression: Beaumont, Zhang and Balding 2002.
    """
    scenario = as_scenario(scenario, seed=seed)
    strategy = strategy or "none"
    _check(scenario, strategy, method, n, share, replications, top, stored=runs is not None)
    task = _Task(scenario, strategy, parameter_bounds(scenario, parameters), _observations(scenario, observed))
    if runs is not None:
        return _posterior(task, read_stored_runs(runs, scenario, strategy, list(task.bounds), task.data), share)
    with evaluators(store, kind="calibrate", workers=workers, progress=progress) as make:
        evaluate = evaluate or make(
            scenario=scenario,
            strategies=(strategy,),
            replications=replications,
            crn="policies" if method == "abc" else "all",
            watch=tuple(one.watch for one in task.data),
        )
        if method == "optuna":
            return _best(task, evaluate, trials=n, top=top)
        points = latin_points(task.bounds, n, seed=scenario.seed)
        columns = tuple(one.watch.column for one in task.data)
        origin = f"Latin hypercube over the priors, numpy {version('numpy')}"
        return _posterior(task, StoredRuns(points, evaluate(points), columns, origin), share)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is fitted to what."""

    scenario: Scenario
    strategy: str
    bounds: dict[str, tuple[float, float]]
    data: tuple[Observation, ...]

    def target(self, columns: tuple[str, ...]) -> Target:
        """The data as columns of runs."""
        values, errors = ([getattr(one, name) for one in self.data] for name in ("value", "standard_error"))
        return Target(columns, np.array(values), np.array(errors))


def _observations(
    scenario: Scenario, observed: str | os.PathLike[str] | Sequence[Observation]
) -> tuple[Observation, ...]:
    if not isinstance(observed, str | os.PathLike):
        return tuple(observed)
    return read_observations(observed, months=scenario.timeline.assistance + scenario.timeline.follow_up)


def _check(
    scenario: Scenario, strategy: str, method: str, n: int, share: float, replications: int, top: int, *, stored: bool
) -> None:
    known = dict.fromkeys((*scenario.strategy_names, *STRATEGIES))
    problems = []
    if strategy not in known:
        problems.append(f"strategy: unknown strategy {strategy!r}{nearest_name(strategy, known)}")
    if method not in METHODS:
        problems.append(f"method: {method!r} is not one of {', '.join(METHODS)}")
    if stored and method != "abc":
        problems.append(f"runs: stored runs serve the method abc; {method} asks for points of its own")
    if n < 40:
        problems.append(f"n: at least 40 points, got {n}")
    if not 0.0 < share <= 0.5:
        problems.append(f"share: above 0 and at most 0.5, got {share:g}")
    if replications < 1:
        problems.append(f"replications: at least 1, got {replications}")
    if top < 1:
        problems.append(f"top: at least 1, got {top}")
    if problems:
        raise InputError(problems)


def _posterior(task: _Task, given: StoredRuns, share: float) -> Calibration:
    """Rejection and regression over runs that are there."""
    seed, names, target = task.scenario.seed, list(task.bounds), task.target(given.columns)
    kept = accept(target, given.runs, share=share, least=_LEAST_ACCEPTED, seed=seed)
    near = given.runs.iloc[kept.rows]
    sample = near[names].reset_index(drop=True).assign(distance=kept.distance)
    quantiles = _quantiles(sample[names].to_numpy(), np.ones(len(sample)), given.points, names)
    sample, adjusted = _adjusted(task, target, kept, sample, given.points)
    return Calibration(
        scenario=task.scenario,
        strategy=task.strategy,
        method="abc",
        bounds=task.bounds,
        sample=sample,
        quantiles=quantiles,
        adjusted=adjusted,
        best=dict(zip(names, quantiles["q50"].tolist(), strict=True)),
        points=given.points,
        tolerance=kept.tolerance,
        check=_predictive_check(task.data, target, target.simulated(near), seed),
        sampler=f"{given.origin}; nearest {len(sample)} of {len(given.runs)} runs",
    )


def _adjusted(
    task: _Task, target: Target, kept: Accepted, sample: pd.DataFrame, points: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sample with adjusted values, and their quantiles; unchanged and empty where too few runs are kept."""
    import pandas as pd

    names = list(task.bounds)
    low, high = np.array(list(task.bounds.values())).T
    low, high = np.minimum(low, points[names].min().to_numpy()), np.maximum(high, points[names].max().to_numpy())
    found = adjust(
        sample[names].to_numpy(np.float64),
        (kept.noisy - target.value) / target.standard_error,
        kept.distance,
        low=low,
        high=high,
    )
    if found is None:
        return sample, pd.DataFrame()
    values, weights = found
    columns = {f"{name}_adjusted": values[:, place] for place, name in enumerate(names)}
    return sample.assign(**columns, weight=weights), _quantiles(values, weights, points, names)


def _best(task: _Task, evaluate: Evaluate, *, trials: int, top: int) -> Calibration:
    import pandas as pd

    target = task.target(tuple(one.watch.column for one in task.data))
    found = search_best(target, evaluate, task.bounds, trials=trials, top=top, seed=task.scenario.seed)
    first = found.table.iloc[0]
    return Calibration(
        scenario=task.scenario,
        strategy=task.strategy,
        method="optuna",
        bounds=task.bounds,
        sample=found.table,
        quantiles=pd.DataFrame(),
        adjusted=pd.DataFrame(),
        best={name: float(first[name]) for name in task.bounds},
        points=found.trials,
        tolerance=float(first["fresh_score"]),
        check=_predictive_check(task.data, target, target.simulated(found.runs), task.scenario.seed),
        sampler=f"TPESampler(multivariate, constant_liar), optuna {version('optuna')}",
    )


def _quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], points: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """Quantiles of a weighted sample of the posterior and of the prior, by parameter."""
    import pandas as pd

    rows = []
    for place, name in enumerate(names):
        after = weighted_quantiles(values[:, place], weights, _QUANTILES)
        before = np.quantile(points[name], _QUANTILES)
        row: dict[str, str | float] = {"parameter": name, "unit": PARAMETERS[name].unit}
        row |= {f"q{100 * q:g}": float(value) for q, value in zip(_QUANTILES, after, strict=True)}
        row |= {f"prior_q{100 * q:g}": float(value) for q, value in zip(_QUANTILES, before, strict=True)}
        row["width_left"] = float((after[-1] - after[0]) / (before[-1] - before[0]))
        rows.append(row)
    return pd.DataFrame(rows)


def _predictive_check(
    data: Sequence[Observation], target: Target, simulated: NDArray[np.float64], seed: int
) -> pd.DataFrame:
    """Observed means against the range in which the fitted model would have them observed."""
    import pandas as pd

    rng = np.random.Generator(np.random.Philox(key_from("predictive check", seed)))
    # Ten draws of the data's error for each run: these are cheap, runs are not.
    repeated = np.repeat(simulated, 10, axis=0)
    observable = repeated + target.standard_error * rng.standard_normal(repeated.shape)
    rows = []
    for place, one in enumerate(data):
        spread = draw_range(observable[:, place])
        rows.append(
            {
                "measure": one.measure,
                "month": one.month,
                "level": one.level,
                "observed": one.value,
                "standard_error": one.standard_error,
                "predicted": spread.estimate,
                "low": spread.low,
                "high": spread.high,
                "inside": bool(spread.low <= one.value <= spread.high),
            }
        )
    return pd.DataFrame(rows)

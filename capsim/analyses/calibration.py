"""Calibrate: fit declared parameters to observed means, and check what the fitted model predicts of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.analyses.fitting import (
    Accepted,
    Observation,
    StoredRuns,
    Target,
    accept,
    adjust,
    latin_points,
    read_observations,
    read_stored_runs,
    search_best,
    weighted_quantiles,
)
from capsim.analyses.studies import Stored, begin, evaluators_of
from capsim.comparison.asking import strategy_names
from capsim.comparison.paired_runs import Result
from capsim.comparison.statistics import draw_range
from capsim.figures.analyses import plot_check
from capsim.numbers import one_of, real_number, whole_number
from capsim.parameters import PARAMETERS
from capsim.runs.points import Evaluate, input_bounds
from capsim.scenario import Scenario
from capsim.streams.keys import key_from

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHODS = ("abc", "optuna")
_LEAST_ACCEPTED = 20
_QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
_EDGE, _PILED = 0.05, 0.35
"""A best point in the outermost 5% of a range lies at its edge; so does a posterior of which 35% lie in the outermost
tenth of the prior.
"""


@dataclass(frozen=True, slots=True, repr=False)
class Calibration(Result):
    """Fitted parameters.

    Attributes
    ----------
    scenario : Scenario
    strategy : str
        Under which the data were observed.
    method : {"abc", "optuna"}
    bounds : dict of str to (float, float)
    sample : DataFrame
        abc: the kept points with their distances, a sample of the posterior; after an adjustment also its values
        (``<parameter>_adjusted``) and their weight. optuna: the best points with score and fresh_score, best fresh
        first; no posterior.
    quantiles : DataFrame
        abc: per parameter the quantiles of the posterior and of the prior, and the share of the prior's central 95%
        that is left. optuna: empty.
    adjusted : DataFrame
        The same after the regression of `capsim.analyses.fitting.adjust`, which takes back what the distance of
        the kept runs from the data adds; empty where too few runs are kept for it.
    best : dict of str to float
        abc: posterior medians. optuna: the point with the best fresh score.
    check : DataFrame
        Predictive check, one row an observation: measure, month, level, observed, standard_error, predicted (median),
        low, high (central 95% of single runs with the data's error), inside.
    points : DataFrame
        Every point that was tried.
    tolerance : float
        abc: largest kept distance, in standard errors. optuna: the best fresh score, in the same unit.
    sampler : str
        Name and version of what searched.
    """

    scenario: Scenario
    strategy: str
    method: str
    bounds: dict[str, tuple[float, float]]
    sample: pd.DataFrame
    quantiles: pd.DataFrame
    adjusted: pd.DataFrame
    best: dict[str, float]
    check: pd.DataFrame
    points: pd.DataFrame
    tolerance: float
    sampler: str

    @property
    def at_edge(self) -> dict[str, str]:
        """Parameters that fit best at an end of their range, and which: "lower" or "upper"."""
        found = {}
        for name, (low, high) in self.bounds.items():
            if self.method == "optuna":
                place, least, much = np.array([(self.best[name] - low) / (high - low)]), _EDGE, 0.5
            else:
                prior = np.sort(self.points[name].to_numpy())
                place, least, much = np.searchsorted(prior, self.sample[name]) / len(prior), 0.1, _PILED
            if (place <= least).mean() > much:
                found[name] = "lower"
            elif (place >= 1.0 - least).mean() > much:
                found[name] = "upper"
        return found

    def sentence(self) -> str:
        """The finding in words."""
        inside = int(self.check["inside"].sum())
        fit = f"{inside} of {len(self.check)} observed means lie in the predicted 95% range"
        if self.method == "optuna":
            values = ", ".join(f"{name} {value:.3g}" for name, value in self.best.items())
            score = f"fresh score {self.tolerance:.2f} standard errors"
            return f"Best of {len(self.points)} points: {values} ({score}); {fit}.{self._edges()}"
        kept = f"Posterior medians and 95% ranges of {len(self.sample)} kept runs: {_ranges(self.quantiles)}"
        adjusted = f"; adjusted by regression: {_ranges(self.adjusted)}" if len(self.adjusted) else ""
        return f"{kept}{adjusted}; {fit}.{self._edges()}"

    def _edges(self) -> str:
        """A warning of parameters that the range may have held back."""
        ends = {name: self.bounds[name][side == "upper"] for name, side in self.at_edge.items()}
        if not ends:
            return ""
        where = " and ".join(f"{name} at the {self.at_edge[name]} edge of its range, {ends[name]:g}" for name in ends)
        return f" Beware: what fits best lies at an edge, so the truth may lie outside ({where})."

    def _about(self) -> str:
        return (
            f"{self.scenario.name}, {self.method} of {', '.join(self.bounds)} on {len(self.check)} observed means, "
            f"{len(self.points):,} points"
        )

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.sentence(), self.check

    def plot(self) -> Axes:
        """Observed means with their errors and what the fitted model predicts: matplotlib Axes."""
        return plot_check(self.check)


def _ranges(quantiles: pd.DataFrame) -> str:
    return ", ".join(
        f"{row['parameter']} {row['q50']:.3g} ({row['q2.5']:.3g} to {row['q97.5']:.3g})"
        for row in quantiles.to_dict("records")
    )


def calibrate(
    scenario: Any,
    observed: str | os.PathLike[str] | Sequence[Observation],
    *,
    parameters: Sequence[str] | str,
    strategy: str | None = None,
    method: str = "abc",
    n: int = 400,
    share: float = 0.05,
    replications: int = 1,
    top: int = 10,
    runs: str | os.PathLike[str] | None = None,
    evaluate: Evaluate | None = None,
    **running: Unpack[Stored],
) -> Calibration:
    """Fit parameters to observed means. The seed is never among them: it would only look for lucky runs.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
        Parameters that are not fitted keep its values.
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
    evaluate : callable, optional
        Runs the points instead of the model in this scenario; see `capsim.runs.points.Evaluate`.
    **running
        workers, seed, store, progress: see `capsim.analyses.studies.Stored`.

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
    scenario, problems, run = begin("calibrate", scenario, running, runs=runs)
    (strategy, *_) = problems.ask(strategy_names, scenario, strategy or "none", what="strategy:") or ("none",)
    method = problems.ask(one_of, "method:", method, METHODS)
    n = problems.ask(whole_number, "n:", n, least=40, most=10_000_000)
    share = problems.ask(real_number, "share:", share, least=1e-9, most=0.5)
    replications = problems.ask(whole_number, "replications:", replications, least=1)
    top = problems.ask(whole_number, "top:", top, least=1)
    if runs is not None and method == "optuna":
        problems.append("runs: stored runs serve the method abc; optuna asks for points of its own")
    months = scenario.timeline.assistance + scenario.timeline.follow_up
    bounds = problems.ask(input_bounds, scenario, () if parameters is None else parameters, rules=False)
    data = problems.ask(read_observations, observed, months=months)
    problems.raise_any()
    task = _Task(scenario, strategy, bounds, data)
    if runs is not None:
        return _posterior(task, read_stored_runs(runs, scenario, strategy, list(bounds), data), share)
    with evaluators_of(run, "calibrate") as make:
        evaluate = evaluate or make(
            scenario=scenario,
            strategies=(strategy,),
            replications=replications,
            crn="policies" if method == "abc" else "all",
            watch=tuple(one.watch for one in data),
        )
        if method == "optuna":
            return _best(task, evaluate, trials=n, top=top)
        points = latin_points(bounds, n, seed=scenario.seed)
        columns = tuple(one.watch.column for one in data)
        origin = f"Latin hypercube over the priors, numpy {version('numpy')}"
        return _posterior(task, StoredRuns(points, evaluate(points), columns, origin), share)


class _Task(NamedTuple):
    """What is fitted to what, and how."""

    scenario: Scenario
    strategy: str
    bounds: dict[str, tuple[float, float]]
    data: tuple[Observation, ...]

    def target(self, columns: tuple[str, ...]) -> Target:
        """The data as columns of runs."""
        values, errors = ([getattr(one, name) for one in self.data] for name in ("value", "standard_error"))
        return Target(columns, np.array(values), np.array(errors))


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
        tolerance=float(kept.distance.max()),
        check=_predictive_check(task.data, target, target.simulated(near), seed),
        sampler=f"{given.origin}; nearest {len(sample)} of {len(given.runs)} runs",
    )


def _adjusted(
    task: _Task, target: Target, kept: Accepted, sample: pd.DataFrame, points: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sample with adjusted values, and their quantiles; unchanged and empty where too few runs are kept."""
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
    rng = np.random.Generator(np.random.Philox(key_from("predictive check", seed)))
    # Ten draws of the data's error for each run: these are cheap, runs are not.
    repeated = np.repeat(simulated, 10, axis=0)
    observable = repeated + target.standard_error * rng.standard_normal(repeated.shape)
    spreads = [draw_range(column) for column in observable.T]
    table = pd.DataFrame(list(data)).rename(columns={"value": "observed"})
    table[["predicted", "low", "high"]] = [tuple(one) for one in spreads]
    return table.assign(inside=table["observed"].between(table["low"], table["high"]))

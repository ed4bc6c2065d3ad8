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

from capsim.catalogue import STRATEGIES
from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping
from capsim.streams.keys import key_from
from capsim.studies.calibration.data import Observation, read_observations
from capsim.studies.calibration.search import Target, accept, search_best
from capsim.studies.comparison.statistics import draw_range
from capsim.studies.points.evaluating import Evaluate, Evaluator, parameter_bounds
from capsim.studies.points.latin import latin_points

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["METHODS", "Calibration", "calibrate"]

METHODS = ("abc", "optuna")
_LEAST_ACCEPTED = 20
_QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted parameters.

    Attributes
    ----------
    scenario : Scenario
    strategy : str
        Under which the data were observed.
    method : {"abc", "optuna"}
    bounds : dict of str to (float, float)
    sample : DataFrame
        abc: the kept points with their distances, a sample of the posterior. optuna: the best points with score and
        fresh_score, best fresh first; no posterior.
    quantiles : DataFrame
        abc: per parameter the quantiles of the posterior and of the prior, and the share of the prior's central 95%
        that is left. optuna: empty.
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
    best: dict[str, float]
    check: pd.DataFrame
    points: pd.DataFrame
    tolerance: float
    sampler: str

    def sentence(self) -> str:
        """The finding in words."""
        inside = int(self.check["inside"].sum())
        fit = f"{inside} of {len(self.check)} observed means lie in the predicted 95% range"
        if self.method == "optuna":
            values = ", ".join(f"{name} {value:.3g}" for name, value in self.best.items())
            score = f"fresh score {self.tolerance:.2f} standard errors"
            return f"Best of {len(self.points)} points: {values} ({score}); {fit}."
        values = ", ".join(
            f"{row['parameter']} {row['q50']:.3g} ({row['q2.5']:.3g} to {row['q97.5']:.3g})"
            for row in self.quantiles.to_dict("records")
        )
        return f"Posterior medians and 95% ranges of {len(self.sample)} kept runs: {values}; {fit}."

    def plot(self) -> Axes:
        """Observed means with their errors and what the fitted model predicts: matplotlib Axes."""
        from capsim.figures.calibration import plot_check

        return plot_check(self.check)


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
    workers: int = 1,
    seed: int | None = None,
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
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Of luck and search, instead of the scenario's.
    evaluate : callable, optional
        Runs the points instead of the model in this scenario; see `capsim.studies.points.evaluating.Evaluate`.
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
    that its ranges are too wide rather than too narrow.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    if seed is not None:
        scenario = scenario_from_mapping({**scenario.resolved(), "seed": seed})
    strategy = strategy or "none"
    _check(scenario, strategy, method, n, share, replications, top)
    bounds = parameter_bounds(scenario, parameters)
    months = scenario.timeline.assistance + scenario.timeline.follow_up
    data = read_observations(observed, months=months) if isinstance(observed, str | os.PathLike) else tuple(observed)
    target = Target(
        tuple(one.watch.column for one in data), np.array([one.value for one in data]),
        np.array([one.standard_error for one in data]),
    )  # fmt: skip
    if evaluate is None:
        evaluate = Evaluator(
            scenario=scenario, strategies=(strategy,), replications=replications,
            crn="policies" if method == "abc" else "all", watch=tuple(one.watch for one in data), workers=workers,
            progress=progress,
        )  # fmt: skip
    fit = _posterior if method == "abc" else _best
    return fit(scenario, strategy, data, target, evaluate, bounds, n, share, top)


def _check(
    scenario: Scenario, strategy: str, method: str, n: int, share: float, replications: int, top: int
) -> None:
    known = dict.fromkeys((*scenario.strategy_names, *STRATEGIES))
    problems = []
    if strategy not in known:
        problems.append(f"strategy: unknown strategy {strategy!r}{nearest_name(strategy, known)}")
    if method not in METHODS:
        problems.append(f"method: {method!r} is not one of {', '.join(METHODS)}")
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


def _posterior(
    scenario: Scenario, strategy: str, data: Sequence[Observation], target: Target, evaluate: Evaluate,
    bounds: dict[str, tuple[float, float]], n: int, share: float, top: int,
) -> Calibration:  # fmt: skip
    points = latin_points(bounds, n, seed=scenario.seed)
    runs = evaluate(points)
    kept = accept(target, runs, share=share, least=_LEAST_ACCEPTED, seed=scenario.seed)
    names = list(bounds)
    sample = runs.iloc[kept.rows][names].reset_index(drop=True).assign(distance=kept.distance)
    quantiles = _quantiles(sample, points, names)
    predicted = target.simulated(runs.iloc[kept.rows])
    return Calibration(
        scenario=scenario, strategy=strategy, method="abc", bounds=bounds, sample=sample, quantiles=quantiles,
        best=dict(zip(names, quantiles["q50"].tolist(), strict=True)), points=points, tolerance=kept.tolerance,
        check=_predictive_check(data, target, predicted, scenario.seed),
        sampler=f"Latin hypercube over the priors, numpy {version('numpy')}; nearest {len(sample)} of {len(runs)} runs",
    )  # fmt: skip


def _best(
    scenario: Scenario, strategy: str, data: Sequence[Observation], target: Target, evaluate: Evaluate,
    bounds: dict[str, tuple[float, float]], n: int, share: float, top: int,
) -> Calibration:  # fmt: skip
    import pandas as pd

    found = search_best(target, evaluate, bounds, trials=n, top=top, seed=scenario.seed)
    first = found.table.iloc[0]
    return Calibration(
        scenario=scenario, strategy=strategy, method="optuna", bounds=bounds, sample=found.table,
        quantiles=pd.DataFrame(), best={name: float(first[name]) for name in bounds}, points=found.trials,
        tolerance=float(first["fresh_score"]),
        check=_predictive_check(data, target, target.simulated(found.runs), scenario.seed),
        sampler=f"TPESampler(multivariate, constant_liar), optuna {version('optuna')}",
    )  # fmt: skip


def _quantiles(sample: pd.DataFrame, points: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Quantiles of posterior and prior by parameter."""
    import pandas as pd

    rows = []
    for name in names:
        after = np.quantile(sample[name], _QUANTILES)
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
        rows.append({
            "measure": one.measure, "month": one.month, "level": one.level, "observed": one.value,
            "standard_error": one.standard_error, "predicted": spread.estimate, "low": spread.low, "high": spread.high,
            "inside": bool(spread.low <= one.value <= spread.high),
        })  # fmt: skip
    return pd.DataFrame(rows)

"""Which unknown decides an outcome, and which decides who wins: global indices of means over common luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capsim.analyses.sensitivity.methods import METHODS, indices, sample
from capsim.errors import CapsimError, InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.runs.points import LUCK, Evaluate, outcome_table, parameter_bounds, with_baseline
from capsim.runs.stored_points import evaluators
from capsim.runs.study import outcome_names
from capsim.scenario import Scenario, as_scenario

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["DUMMY", "MOST_NOISE", "Sensitivity", "analyse_runs", "noise_share", "sensitivity"]

DUMMY = "(dummy)"
"""A column of the design that the model never sees; it only chooses between two sets of replicates."""

MOST_NOISE = 0.2
"""Share of the variance between points that luck may explain before parameters are no longer ranked."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Sensitivity indices of outcomes and of the difference between two strategies.

    Attributes
    ----------
    scenario : Scenario
    method : str
        Name in `METHODS`.
    outcome : str
        Column of the runs.
    contrast : (str, str) or None
        First minus second.
    bounds : dict of str to (float, float)
        Range of each parameter, over which it is uniform whatever its declared prior.
    points : DataFrame
        The design, one row a point.
    runs : DataFrame
        One row a run.
    indices : DataFrame
        Columns target (a strategy, or "first - second"), parameter, the method's indices, their 95% intervals
        (``_low``, ``_high``: sampling of the design, not luck).
    noise : dict of str to float
        Share of luck in the variance between points, by target.
    n, replications, seed : int
    versions : dict of str to str
    """

    scenario: Scenario
    method: str
    outcome: str
    contrast: tuple[str, str] | None
    bounds: dict[str, tuple[float, float]]
    points: pd.DataFrame
    runs: pd.DataFrame
    indices: pd.DataFrame
    noise: dict[str, float]
    n: int
    replications: int
    seed: int
    versions: dict[str, str]

    @property
    def targets(self) -> tuple[str, ...]:
        """What was analysed: the difference first, where there is one; no strategy that all parameters leave alone."""
        return tuple(self.noise)

    def table(self, target: str | None = None) -> pd.DataFrame:
        """Indices of one target, parameters in the order they were given; the first target without a name."""
        chosen = self._target(target)
        return self.indices[self.indices["target"] == chosen].drop(columns="target").reset_index(drop=True)

    def ranking(self, target: str | None = None) -> pd.DataFrame:
        """The same, most important parameter first.

        Raises
        ------
        CapsimError
            If luck explains more than `MOST_NOISE` of the variance between points.
        """
        chosen = self._target(target)
        if (problem := self.problem_with_ranking(chosen)) is not None:
            raise CapsimError(problem)
        by = METHODS[self.method].ranked_by
        return self.table(chosen).sort_values(by, ascending=False, ignore_index=True, kind="stable")

    def problem_with_ranking(self, target: str | None = None) -> str | None:
        """Say why parameters of a target are not ranked, or return None when they are."""
        chosen = self._target(target)
        share = self.noise[chosen]
        if share <= MOST_NOISE:
            return None
        # With R replications the share is s/(R V + s), V being the variance that luck does not make.
        needed = self.replications * share * (1.0 - MOST_NOISE) / (MOST_NOISE * max(1e-6, 1.0 - min(share, 1.0)))
        about = f"about {int(np.ceil(needed)):,} replications at each point would do"
        more = about if share < 0.95 else "more replications at each point are needed"
        return (
            f"{chosen}: not ranked, because luck makes {share:.0%} of the variance between points (at most "
            f"{MOST_NOISE:.0%} is allowed); {more}"
        )

    def sentence(self) -> str:
        """The finding about the first target in words."""
        target = self.targets[0]
        problem = self.problem_with_ranking(target)
        if problem is not None:
            return problem[:1].upper() + problem[1:] + "."
        by = METHODS[self.method].ranked_by
        named = [
            f"{row['parameter']} ({by} {row[by]:.2g}, {row[f'{by}_low']:.2g} to {row[f'{by}_high']:.2g})"
            for row in self.ranking(target).to_dict("records")
            if row["parameter"] != DUMMY
        ][:3]
        what = f"who is ahead in {self.outcome}" if self.contrast else self.outcome
        return f"What decides {what} most: {', '.join(named)}; luck makes {self.noise[target]:.0%} of the variance."

    def plot(self, target: str | None = None) -> Axes:
        """Indices of a target with their intervals: matplotlib Axes."""
        from capsim.figures.sensitivity import plot_indices

        chosen = self._target(target)
        by = METHODS[self.method].ranked_by
        return plot_indices(self.table(chosen), index=by, title=METHODS[self.method].title, floor=DUMMY)

    def _target(self, target: str | None) -> str:
        chosen = self.targets[0] if target is None else target
        if chosen not in self.noise:
            raise InputError(f"target: {chosen!r} is not one of {', '.join(self.targets)}")
        return chosen


def sensitivity(
    scenario: Scenario | str | Path,
    *,
    parameters: Sequence[str] | None = None,
    method: str = "sobol",
    n: int = 64,
    strategies: Sequence[str] | None = None,
    outcome: str | None = None,
    contrast: tuple[str, str] | None = None,
    replications: int = 8,
    workers: int = 1,
    seed: int | None = None,
    dummy: bool = True,
    store: str | os.PathLike[str] | None = None,
    evaluate: Evaluate | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Sensitivity:
    """Find which parameters decide an outcome, and which decide the difference between two strategies.

    Every point of a design is run with the same `replications` draws of luck, and indices are computed from the means.
    Parameters vary uniformly and independently over their declared plausible ranges; the others keep the scenario's
    values.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path.
    parameters : sequence of str, optional
        Every assumed parameter that the scenario leaves open, without it.
    method : {"sobol", "morris", "pawn", "delta"}
    n : int
        Base points of Sobol' (a power of two; n (k + 2) points), trajectories of Morris (n (k + 1) points), points of
        the others.
    strategies : sequence of str, optional
        Whose outcome is analysed beside the difference; the two of the contrast without it.
    outcome : str, optional
        Column of the runs, such as ``use_follow_up_end``; the scenario's question without it.
    contrast : (str, str), optional
        First minus second; the scenario's question without it.
    replications : int
        Runs of each strategy at each point, at least 2.
    workers : int
        Local processes; the numbers do not depend on it.
    seed : int, optional
        Of the luck and of the design, instead of the scenario's.
    dummy : bool
        Add a column that only chooses between two sets of replicates: its index shows what luck alone reaches.
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted, and another design
        of the same parameters uses what is there.
    evaluate : callable, optional
        Runs the points instead of the model in this scenario; see `capsim.runs.points.Evaluate`.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If SALib is not installed, or a run failed or has no such outcome: a design is whole or it is nothing.

    Notes
    -----
    Saltelli et al. 2010 (Sobol'), Campolongo et al. 2007 (Morris), Pianosi and Wagener 2018 (PAWN), Plischke et al.
    2013 (delta), as SALib computes them.
    """
    scenario = as_scenario(scenario, seed=seed)
    bounds = parameter_bounds(scenario, parameters)
    outcome = outcome or f"{scenario.question.outcome}_{scenario.question.at}"
    contrast = contrast or (scenario.question.contrast[0], scenario.question.contrast[1])
    named = tuple(dict.fromkeys((*contrast, *(strategies or ()))))
    _check(scenario, named, outcome, replications)
    columns = {**bounds, DUMMY: (0.0, 1.0)} if dummy else bounds
    design = sample(method, list(columns.values()), n, seed=scenario.seed)
    with evaluators(store, kind="sensitivity", workers=workers, progress=progress) as make:
        evaluate = evaluate or make(
            scenario=scenario, strategies=with_baseline(named, outcome), replications=replications, crn="all"
        )
        runs = evaluate(_points(design, list(columns)))
    result = analyse_runs(
        design,
        runs,
        bounds=columns,
        method=method,
        outcome=outcome,
        strategies=named,
        contrast=contrast,
        scenario=scenario,
    )
    return replace(result, n=n, bounds=bounds)


def _points(design: Floats, names: Sequence[str]) -> pd.DataFrame:
    """Points for the model: the dummy becomes the set of replicates."""
    import pandas as pd

    points = pd.DataFrame(design, columns=list(names))
    if DUMMY not in points:
        return points
    luck = (points[DUMMY] >= 0.5).astype(np.int64)
    return points.drop(columns=DUMMY).assign(**{LUCK: luck})


def _check(scenario: Scenario, strategies: Sequence[str], outcome: str, replications: int) -> None:
    from capsim.catalogue import STRATEGIES

    problems = []
    known = dict.fromkeys((*scenario.strategy_names, *STRATEGIES))
    problems += [
        f"strategies: unknown strategy {name!r}{nearest_name(name, known)}" for name in strategies if name not in known
    ]
    if outcome not in (known_outcomes := outcome_names(gains=True)):
        problems.append(f"outcome: unknown outcome {outcome!r}{nearest_name(outcome, known_outcomes)}")
    if replications < 2:
        problems.append(f"replications: at least 2, because the share of luck needs two; got {replications}")
    if problems:
        raise InputError(problems)


def analyse_runs(
    design: Floats,
    runs: pd.DataFrame,
    *,
    bounds: dict[str, tuple[float, float]],
    method: str,
    outcome: str,
    strategies: Sequence[str],
    contrast: tuple[str, str] | None,
    scenario: Scenario,
) -> Sensitivity:
    """Indices from runs that are already there.

    Parameters
    ----------
    design : (n, k) float64
        Points of the method's design, in its order.
    runs : DataFrame
        See `capsim.runs.points.Evaluate`; `point` is the row of the design.
    bounds : dict of str to (float, float)
        Of the k columns, in their order.
    method, outcome : str
    strategies : sequence of str
    contrast : (str, str) or None
    scenario : Scenario

    Raises
    ------
    CapsimError
        If a run failed or has no such outcome.
    """
    import pandas as pd

    tables = {name: outcome_table(runs, name, outcome) for name in strategies}
    targets = dict(tables)
    if contrast is not None:
        targets = {f"{contrast[0]} - {contrast[1]}": tables[contrast[0]] - tables[contrast[1]], **tables}
    rows, noise = [], {}
    for place, (target, values) in enumerate(targets.items()):
        if place and np.ptp(values.mean(axis=1)) == 0.0:
            continue
        found = indices(method, list(bounds.values()), design, values.mean(axis=1), seed=scenario.seed)
        rows.append(pd.DataFrame({"target": target, "parameter": list(bounds), **found}))
        noise[target] = noise_share(values)
    units = {name: PARAMETERS[name].unit for name in bounds if name in PARAMETERS}
    table = pd.concat(rows, ignore_index=True)
    table.insert(2, "unit", table["parameter"].map(units).fillna(""))
    return Sensitivity(
        scenario=scenario,
        method=method,
        outcome=outcome,
        contrast=contrast,
        bounds=dict(bounds),
        points=pd.DataFrame(design, columns=list(bounds)),
        runs=runs,
        indices=table,
        noise=noise,
        n=len(design),
        replications=next(iter(targets.values())).shape[1],
        seed=scenario.seed,
        versions={"SALib": version("SALib")},
    )


def noise_share(values: Floats) -> float:
    """Share of luck in the variance of the means of points: sigma_within^2 / (R Var(mean)).

    Parameters
    ----------
    values : (points, R) float64

    Returns
    -------
    float
        Above 1 where the means of points differ less than independent luck would make them. Luck that all points share
        counts as luck, so that the share is rather too large than too small.
    """
    within = float(np.mean(np.var(values, axis=1, ddof=1)))
    between = float(np.var(values.mean(axis=1), ddof=1))
    return within / (values.shape[1] * between) if between > 0.0 else float("inf")

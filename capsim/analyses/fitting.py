"""What was observed, and stored runs that may answer to it; points that are tried; and two ways to parameter values
that fit: rejection with regression (a posterior) and Optuna (a best point). Runs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import MEASURES, unweighted, weighted_column
from capsim.catalogue.rules import RULES
from capsim.errors import CapsimError, InputError, import_extra, last_line, nearest_name
from capsim.measures.groups import GROUPS
from capsim.numbers import how_to_write, integral, listed, number_in_cell, shown, whole_in
from capsim.parameters import PARAMETERS
from capsim.parameters.table import variant_at
from capsim.paths import folder_to_read
from capsim.runs.designs import BUDGET, RULE_FACTORS
from capsim.runs.outcomes import OUTCOME_GROUP
from capsim.runs.points import LUCK, Evaluate, Watch
from capsim.runs.reading import runs_connection
from capsim.runs.store import Manifest, read_manifest
from capsim.runs.study import SAID_BY_THE_STUDY
from capsim.scenario import Scenario
from capsim.scenario.csv_rows import read_rows, shown_path
from capsim.streams.keys import key_from

COLUMNS = ("measure", "month", "level", "value", "standard_error")
_LEAST_RUNS = 40


@dataclass(frozen=True, slots=True)
class Observation:
    """One observed mean of a measure, in its unit, with a standard error above 0: over a group of agencies, such as
    ``lea``, at the end of a month of the scenario; 1 is the first month of assistance.
    """

    measure: str
    month: int
    level: str
    value: float
    standard_error: float

    @property
    def watch(self) -> Watch:
        """What a run has to report to be held against it."""
        return Watch(self.measure, self.month, self.level)


def read_observations(given: Any, *, months: int) -> tuple[Observation, ...]:
    """Observations of a scenario with so many months after settling, from a CSV with `COLUMNS` in any order or from a
    sequence of them; problems are said one a line, as ``path:line: column: message``.
    """
    if isinstance(given, str | os.PathLike):
        rows = read_rows(given, COLUMNS, ())
        problems = [f"{rows.file}:{line}: {text}" for line, text in rows.problems]
        found = [(f"{rows.file}:{line}:", f"line {line}", row) for line, row in rows.rows]
    else:
        problems, found = [], []
        for place, one in enumerate(listed("observed:", given), start=1):
            if not isinstance(one, Observation):
                raise InputError(
                    "observed: must be a CSV with the columns "
                    f"{', '.join(COLUMNS)}, or Observations, got {shown(given if place == 1 else one)}"
                )
            row = {
                name: str(integral(getattr(one, name)) if name == "month" else getattr(one, name)) for name in COLUMNS
            }
            found.append((f"observed: {place}:", f"observation {place}", row))
    made: dict[Watch, tuple[str, Observation]] = {}
    for where, name, row in found:
        faults = list(_faults(row, months))
        if not faults:
            month, value, error = (number_in_cell(row[name]) for name in ("month", "value", "standard_error"))
            one = Observation(row["measure"], int(month or 0), row["level"], value or 0.0, error or 0.0)
            earlier, _ = made.setdefault(one.watch, (name, one))
            if earlier != name:
                faults.append(f"{one.measure} of {one.level} in month {one.month} was given on {earlier}")
        problems += [f"{where} {fault}" for fault in faults]
    if not found and not problems:
        where = shown_path(os.fspath(given)) if isinstance(given, str | os.PathLike) else "observed"
        problems.append(f"{where}: holds no observation")
    if problems:
        raise InputError(problems)
    return tuple(one for _, one in made.values())


def _faults(row: dict[str, str], months: int) -> Iterator[str]:
    measure, level, month = row["measure"], row["level"], row["month"]
    if measure not in MEASURES:
        yield f"measure: unknown measure {measure!r}{nearest_name(measure, MEASURES)}; capsim list measures shows them"
    if level not in GROUPS:
        yield f"level: unknown level {level!r}; allowed: {', '.join(GROUPS)}{nearest_name(level, GROUPS)}"
    if not 1 <= (whole_in(month) or 0) <= months:
        yield f"month: {month!r} is not allowed; a whole number from 1 to {months}, the scenario's months"
    value = number_in_cell(row["value"])
    if value is None:
        yield f"value: {row['value']!r} is not a number{how_to_write(row['value'])}"
    elif measure in MEASURES and not MEASURES[measure].low <= value <= MEASURES[measure].high:
        yield f"value: {value:g} is out of range; {measure} is {MEASURES[measure].low:g} to {MEASURES[measure].high:g}"
    error = number_in_cell(row["standard_error"])
    if error is None or error <= 0.0:
        yield f"standard_error: {row['standard_error']!r} is not allowed; a number above 0"


class StoredRuns(NamedTuple):
    """Points, their runs, the columns that answer to the observations, and where it all comes from."""

    points: pd.DataFrame
    runs: pd.DataFrame
    columns: tuple[str, ...]
    origin: str


def read_stored_runs(
    folder: str | os.PathLike[str],
    scenario: Scenario,
    strategy: str,
    parameters: Sequence[str],
    data: Sequence[Observation],
) -> StoredRuns:
    """Runs of a strategy that a sweep, or an analysis, has stored; it must have varied these parameters and no other.

    Where the study kept outcomes only, data must be of the end of assistance or of follow-up, over districts,
    their pupils or their positions.
    """
    place = folder_to_read(folder)
    manifest = read_manifest(place)
    columns = [_column_for(one, scenario, manifest.columns) for one in data]
    problems = [*_problems(manifest, scenario, parameters)]
    problems += [
        f"the stored runs do not hold {one.measure} of {one.level} in month {one.month}"
        for one, column in zip(data, columns, strict=True)
        if not column
    ]
    if problems:
        raise InputError([f"runs: {place}: {problem}" for problem in problems])
    with runs_connection(place) as connection:
        sql = "SELECT * FROM runs WHERE strategy = ? ORDER BY point, replicate, run_id"
        runs: pd.DataFrame = connection.execute(sql, [strategy]).df()
    if len(runs) < _LEAST_RUNS:
        raise InputError(f"runs: {place}: {len(runs)} stored runs of {strategy}; at least {_LEAST_RUNS} are needed")
    points = runs[list(parameters)].drop_duplicates(ignore_index=True)
    return StoredRuns(
        points, runs, tuple(columns), f"{len(points)} points of {manifest.study['name']}, stored in {place}"
    )


def _problems(manifest: Manifest, scenario: Scenario, parameters: Sequence[str]) -> Iterator[str]:
    stored, wanted = (
        {key: value for key, value in content.items() if key not in SAID_BY_THE_STUDY}
        for content in (manifest.study["scenario"], scenario.resolved())
    )
    varied = [name for name in manifest.columns if name in PARAMETERS or name == BUDGET]
    if stored != wanted:
        keys = ", ".join(key for key in {**stored, **wanted} if stored.get(key) != wanted.get(key))
        yield f"the stored runs are of another scenario; it differs in {keys}"
    if manifest.study.get("assumptions", "default") != "default":
        yield "the stored runs drew their assumptions, and do not say which"
    yield from (f"the stored runs also varied {name}" for name in manifest.columns if name in RULE_FACTORS)
    yield from (f"the stored runs did not vary {name}" for name in parameters if name not in varied)
    yield from (f"the stored runs also varied {name}; fit it too" for name in varied if name not in parameters)


def _column_for(one: Observation, scenario: Scenario, columns: Sequence[str]) -> str:
    """Column of the runs that holds an observed mean, or nothing."""
    line = scenario.timeline
    months = {line.assistance: "assistance_end", line.assistance + line.follow_up: "follow_up_end"}
    group, weight = unweighted(one.level)
    kept = group == OUTCOME_GROUP and one.month in months
    outcome = weighted_column(f"{one.measure}_{months[one.month]}", weight) if kept else ""
    return next((name for name in (one.watch.column, outcome) if name in columns), "")


Floats = NDArray[np.float64]
_BATCH = 8
"""Points asked for at once, whatever the number of workers, so that these do not change the numbers."""
_EDGE = 1e-9
_RUNS_PER_COEFFICIENT = 2


def latin_points(bounds: Mapping[str, tuple[float, float]], n: int, *, seed: int) -> pd.DataFrame:
    """Latin hypercube over the declared priors of parameters, uniform over the range where one has none, and over the
    variants of rules, ``rules.<rule>``, by their weights.
    """
    rng = np.random.Generator(np.random.Philox(key_from("calibration points", seed)))
    columns: dict[str, list[Any]] = {}
    for name, (low, high) in bounds.items():
        unit = (rng.permutation(n) + rng.random(n)) / n
        if name in RULE_FACTORS:
            columns[name] = [variant_at(RULES[RULE_FACTORS[name]], float(u)) for u in unit]
            continue
        declared = PARAMETERS[name]
        prior = declared.assumed and (declared.low, declared.high) == (low, high)
        columns[name] = [declared.quantile(float(u)) if prior else low + float(u) * (high - low) for u in unit]
    return pd.DataFrame(columns)


@contextmanager
def quiet_optuna() -> Iterator[Any]:
    """Optuna, silent while it is used."""
    optuna = import_extra("optuna", extra="calibrate")
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield optuna
    finally:
        optuna.logging.set_verbosity(verbosity)


class Target(NamedTuple):
    """Columns of a table of runs, the values to reach, and their standard errors, all (m,)."""

    columns: tuple[str, ...]
    value: Floats
    standard_error: Floats

    def simulated(self, runs: pd.DataFrame) -> Floats:
        """What runs say of the observed means, (runs, m); an error if a run failed or a number is undefined in it."""
        lost = runs[(runs["status"] != "done") | runs[list(self.columns)].isna().any(axis=1)]
        if len(lost):
            shown = ", ".join(map(str, lost["point"].unique()[:5]))
            why = last_line(lost["reason"].iloc[0], "an observed mean is undefined in it")
            raise CapsimError(
                f"calibration: {len(lost)} of {len(runs)} runs cannot be held against the data (points {shown}"
                f"{', ...' if lost['point'].nunique() > 5 else ''}): {why}"
            )
        return runs[list(self.columns)].to_numpy(np.float64)

    def distance(self, simulated: Floats) -> Floats:
        """Root mean square of the differences in standard errors; (n,) from (n, m)."""
        return np.asarray(np.sqrt(np.mean(((simulated - self.value) / self.standard_error) ** 2, axis=1)))


class Accepted(NamedTuple):
    """What rejection keeps: rows of the table of runs, what they say with the data's error, their distances."""

    rows: NDArray[np.int64]
    noisy: Floats
    distance: Floats


class Best(NamedTuple):
    """The best points with score (the luck searched with) and fresh_score, best fresh first; the fresh runs of the
    first of them; and every point asked for with its score.
    """

    table: pd.DataFrame
    runs: pd.DataFrame
    trials: pd.DataFrame


def accept(target: Target, runs: pd.DataFrame, *, share: float, least: int, seed: int) -> Accepted:
    """Rejection (ABC): keep a share of the runs, but some at least, nearest to the data.

    Every run is one draw of the model with luck of its own; a draw of the standard errors is added to it, because the
    data have one too (Wilkinson 2013). With a share toward 0 the kept points are a sample of the posterior.
    """
    simulated = target.simulated(runs)
    rng = np.random.Generator(np.random.Philox(key_from("calibration errors", seed)))
    noisy = simulated + target.standard_error * rng.standard_normal(simulated.shape)
    distance = target.distance(noisy)
    count = min(len(runs), max(least, round(share * len(runs))))
    rows = np.sort(np.argsort(distance, kind="stable")[:count])
    return Accepted(rows, noisy[rows], distance[rows])


def search_best(
    target: Target, evaluate: Evaluate, bounds: Mapping[str, tuple[float, float]], *, trials: int, top: int, seed: int
) -> Best:
    """Search with Optuna's TPE sampler by ask and tell, every trial with the same luck (`LUCK` 0); run the `top` best
    again with fresh luck (1).
    """
    asked: list[dict[str, float]] = []
    scores: list[float] = []
    with quiet_optuna() as optuna:
        sampler = optuna.samplers.TPESampler(seed=seed % (2**32), multivariate=True, constant_liar=True)
        study = optuna.create_study(direction="minimize", sampler=sampler)
        while len(asked) < trials:
            batch = [study.ask() for _ in range(min(_BATCH, trials - len(asked)))]
            points = [{name: one.suggest_float(name, *pair) for name, pair in bounds.items()} for one in batch]
            found = _scores(target, evaluate(pd.DataFrame(points).assign(**{LUCK: 0})))
            for one, score in zip(batch, found, strict=True):
                study.tell(one, score)
            asked, scores = asked + points, scores + found
    table = pd.DataFrame(asked).assign(score=scores)
    best = table.drop_duplicates(list(bounds)).nsmallest(top, "score").reset_index(drop=True)
    runs = evaluate(best[list(bounds)].assign(**{LUCK: 1}))
    best["fresh_score"] = _scores(target, runs)
    order = best["fresh_score"].argsort(kind="stable").to_numpy()
    own = runs[runs["point"] == order[0]].reset_index(drop=True)
    return Best(best.iloc[order].reset_index(drop=True), own, table)


def _scores(target: Target, runs: pd.DataFrame) -> list[float]:
    """Distance of the means over replicates, point by point."""
    simulated = target.simulated(runs)
    points = runs["point"].to_numpy()
    means: Any = np.stack([simulated[points == point].mean(axis=0) for point in np.unique(points)])
    return [float(one) for one in target.distance(means)]


def adjust(
    theta: Floats, offset: Floats, distance: Floats, *, low: Floats, high: Floats
) -> tuple[Floats, Floats] | None:
    """Regression adjustment of a rejection sample: values with the weights of their runs.

    ``logit theta_i = alpha + beta (s_i - s_obs) + e_i``, weights ``1 - (d_i / d_max)^2``, and ``theta*_i =
    logistic(alpha + e_i)``. Kept runs lie some way off the data; the local-linear regression takes back what that way
    adds. The logit over the range of each parameter keeps adjusted values inside it (Beaumont, Zhang and Balding 2002).

    `theta` (n, k) are parameters of the kept runs, `offset` (n, m) simulated minus observed statistics in standard
    errors, `low` and `high` (k,) the ranges. None where fewer than two runs with weight are there for each coefficient.
    """
    most = float(distance.max())
    weights = 1.0 - (distance / most) ** 2 if most > 0.0 else np.ones(len(distance))
    if int((weights > 0.0).sum()) < _RUNS_PER_COEFFICIENT * (offset.shape[1] + 1):
        return None
    unit = np.clip((theta - low) / (high - low), _EDGE, 1.0 - _EDGE)
    moved = np.log(unit / (1.0 - unit))
    root = np.sqrt(weights)[:, None]
    design = np.column_stack([np.ones(len(offset)), offset])
    slopes = np.linalg.lstsq(root * design, root * moved, rcond=None)[0][1:]
    back = 1.0 / (1.0 + np.exp(-(moved - offset @ slopes)))
    return low + back * (high - low), weights


def weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles of a weighted sample; with equal weights those of `numpy.quantile`."""
    inside = weights > 0.0
    order = np.argsort(values[inside], kind="stable")
    ordered, weight = values[inside][order], weights[inside][order]
    rank = np.arange(len(ordered))
    place = rank * weight + (len(ordered) - 1) * (np.cumsum(weight) - weight)
    return np.asarray(np.interp(shares, place / max(float(place[-1]), 1e-300), ordered))

"""Pattern 1: where capacity is stored, and how long its gain lasts under turnover."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from capsim.comparison import statistics
from validation.pattern_table import RESAMPLES, Point
from validation.patterns.judging import (
    UNDEFINED,
    Estimate,
    Findings,
    paired,
    resampled,
    resampled_of,
    resamples_of,
)
from validation.patterns.runs import RowRuns

_INDIVIDUAL, _ROUTINE = "individual_only", "routine_only"
_OWN = ((_INDIVIDUAL, "individual"), (_ROUTINE, "routine"), (_ROUTINE, "organizational_skills"))
LEAST_GAIN = 0.002
"""Gain at the end of assistance below which a half-life is undefined."""
_FEWEST_LEVELS = 3
_SLOPE, _RATIO, _MEDIANS, _ZEROS, _CHANNELS, _PLAIN, _ASSUMED, _TURNOVER = (
    "ratio of half-lives rises with turnover",
    "ratio at each turnover",
    "medians and survival",
    "break-even turnover",
    "own-channel half-lives",
    "without goal and alignment factors",
    "under other assumptions",
    "realised turnover",
)

Times = dict[str, NDArray[np.float64]]
"""Half-lives of each arm by replicate."""


def ratio_of_medians(times: Times, rows: NDArray[np.int64] | slice = slice(None), *, bound: float = 0.0) -> float:
    """Median half-life of routine-only over that of individual-only; NaN where one is not reached.

    With a `bound` that many months stand for a median that is not reached, unless neither is.
    """
    medians = [survival_median(times[arm][rows]) for arm in (_ROUTINE, _INDIVIDUAL)]
    if bound and not all(map(math.isinf, medians)):
        medians = [bound if math.isinf(median) else median for median in medians]
    if not all(map(math.isfinite, medians)) or medians[1] <= 0.0:
        return math.nan
    return medians[0] / medians[1]


def _log(ratio: float) -> float:
    return math.log(ratio) if ratio > 0.0 else math.nan


def log_ratio_slope(taus: Sequence[float], ratios: Sequence[float]) -> float:
    """Least-squares slope of ln R on turnover over levels with a ratio; NaN with fewer than three."""
    known = [(tau, _log(ratio)) for tau, ratio in zip(taus, ratios, strict=True) if not math.isnan(_log(ratio))]
    if len(known) < _FEWEST_LEVELS:
        return math.nan
    x, y = np.array(known).T
    return float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())


def zeros_of_line(taus: Sequence[float], ratios: Sequence[float]) -> list[float]:
    """Turnover at which the line through ln R, from level to level, is 0."""
    known = [(tau, _log(ratio)) for tau, ratio in zip(taus, ratios, strict=True) if not math.isnan(_log(ratio))]
    zeros = [tau for tau, y in known if y == 0.0]
    for (x0, y0), (x1, y1) in pairwise(known):
        if y0 * y1 < 0.0:
            zeros.append(x0 + (x1 - x0) * y0 / (y0 - y1))
    return sorted(zeros)


def storage_location(runs: RowRuns) -> Findings:
    """Everything that pattern 1 declares."""
    row = runs.row
    found = Findings(remarks=_matching_remarks(runs))
    main = [point for point in row.points if not point.replicates]
    usable = [point for point in main if _used(runs, point)]
    taus = [_turnover(point) for point in usable]
    times = [_times(runs, point, "potential") for point in usable]
    n = min((len(one[_ROUTINE]) for one in times), default=0)

    def ratios(rows: NDArray[np.int64]) -> list[float]:
        return [ratio_of_medians(one, rows) for one in times]

    level = row.level
    found.add(_SLOPE, resampled(lambda rows: log_ratio_slope(taus, ratios(rows)), n, level))
    horizon = float(row.follow_up)
    for tau, one in zip(taus, times, strict=True):
        found.add(_RATIO, *_bounded(one, horizon, f"turnover {tau:g}"))
        _medians(found, one, horizon, tau)
    _break_even(found, taus, times, n)
    for point in usable:
        _own_channels(found, runs, point)
        found.add(_PLAIN, *_bounded(_times(runs, point, "use_unmultiplied"), horizon, point.name))
    _other_assumptions(found, runs, horizon)
    for point in main:
        for arm in row.arms:
            exits = 12.0 * runs.monthly(point.name, arm, "exits")[:, : row.assistance].mean(axis=1)
            hazard = f"{-math.log1p(-_turnover(point)):.3f} a year as a hazard, which exits of a year add up to"
            found.add(_TURNOVER, paired(exits), f"{point.name}, {arm}", hazard)
    return found


def _turnover(point: Point) -> float:
    return point.parameters["lea_annual_exit"]


def _used(runs: RowRuns, point: Point) -> bool:
    return point.name in runs.matches and runs.matches[point.name].used


def _times(runs: RowRuns, point: Point, measure: str) -> Times:
    start = runs.row.assistance - 1
    return {arm: half_lives(runs.gains(point.name, arm, measure)[:, start:]) for arm in (_INDIVIDUAL, _ROUTINE)}


def _bounded(times: Times, horizon: float, what: str) -> tuple[Estimate, str, str]:
    """R with its interval, the name, and whether it is a bound."""
    medians = {arm: survival_median(times[arm]) for arm in times}
    remark = ""
    if all(map(math.isinf, medians.values())):
        return UNDEFINED, what, "none: neither median is reached"
    if math.isinf(medians[_ROUTINE]):
        remark = "at least: the median of routine_only is not reached"
    elif math.isinf(medians[_INDIVIDUAL]):
        remark = "at most: the median of individual_only is not reached"
    estimate = resampled(lambda rows: ratio_of_medians(times, rows, bound=horizon), len(times[_ROUTINE]))
    return estimate, what, remark


def _medians(found: Findings, times: Times, horizon: float, tau: float) -> None:
    for arm, own in times.items():
        what, n = f"turnover {tau:g}, {arm}", len(own)
        undefined = int(np.isnan(own).sum())
        remark = f"{undefined} of {n} undefined: the gain is below .002" if undefined else ""
        found.add(_MEDIANS, resampled_of(own, survival_median), f"{what}: median", remark)
        found.add(_MEDIANS, resampled_of(own, share_censored), f"{what}: share censored")
        mean = resampled_of(own, lambda drawn: restricted_mean(drawn, horizon))
        found.add(_MEDIANS, mean, f"{what}: restricted mean")


def _break_even(found: Findings, taus: list[float], times: list[Times], n: int) -> None:
    """Zeros with percentiles over the resamples that have as many."""

    def zeros(rows: NDArray[np.int64]) -> list[float]:
        return zeros_of_line(taus, [ratio_of_medians(one, rows) for one in times])

    here = zeros(np.arange(n))
    alike = [drawn for rows in resamples_of(n) if len(drawn := zeros(rows)) == len(here)]
    share = f"as many in {100 * len(alike) / RESAMPLES:.0f}% of resamples"
    found.add(_ZEROS, Estimate(len(here), math.nan, math.nan, n), "number of zeros from 0 to .40", share)
    for place, tau in enumerate(here):
        own = [drawn[place] for drawn in alike] or [math.nan]
        low, high = np.quantile(own, [0.025, 0.975], method="inverted_cdf").tolist()
        found.add(_ZEROS, Estimate(tau, low, high, n), f"zero {place + 1}")


def _own_channels(found: Findings, runs: RowRuns, point: Point) -> None:
    tau = _turnover(point)
    for arm, measure in _OWN:
        own = _times(runs, point, measure)[arm]
        beside = turnover_half_life(tau)
        remark = f"turnover alone: {beside:.1f} months" if math.isfinite(beside) else "turnover alone: never"
        found.add(_CHANNELS, resampled_of(own, survival_median), f"{point.name}, {measure} of {arm}", remark)


def _other_assumptions(found: Findings, runs: RowRuns, horizon: float) -> None:
    """R at both levels of turnover and the difference of logarithms, with each assumption."""
    others = [point for point in runs.row.points if point.replicates]
    for assumption in dict.fromkeys(point.name.split(", ")[0] for point in others):
        pair = [point for point in others if point.name.startswith(f"{assumption}, ")]
        times = {point.name: _times(runs, point, "potential") for point in pair}
        for point in pair:
            if _used(runs, point):
                found.add(_ASSUMED, *_bounded(times[point.name], horizon, point.name))
            else:
                found.add(_ASSUMED, UNDEFINED, point.name, "left out: doses are not matched")
        if all(_used(runs, point) for point in pair):
            low, high = (times[point.name] for point in pair)
            found.add(_ASSUMED, _rise(low, high), f"{assumption}: ln R(.40) - ln R(.16)")


def _rise(low: Times, high: Times) -> Estimate:
    """Difference of ln R between two levels of turnover."""
    return resampled(
        lambda rows: _log(ratio_of_medians(high, rows)) - _log(ratio_of_medians(low, rows)), len(low[_ROUTINE])
    )


def _matching_remarks(runs: RowRuns) -> list[str]:
    remarks = []
    for point in runs.row.points:
        match = runs.matches.get(point.name)
        if match is None:
            remarks.append(f"{point.name}: no replicate finished.")
            continue
        gain = match.tried[match.multiple]
        remarks.append(
            f"{point.name}: `{match.scaled}` at {match.multiple:.4f} of the hours; mean gains {match.target:.5f} "
            f"and {gain:.5f}, {100 * match.difference:.1f}% apart, {len(match.tried) - 1} steps"
            + ("." if match.used else "; **left out**, not matched within 5%.")
        )
    return remarks


# Half-lives as survival times: censored where a gain has not halved by the end of the run.


def half_lives(gains: NDArray[np.float64]) -> NDArray[np.float64]:
    """Months until the gain of each replicate has halved, linear between months, (n,).

    Infinite where it has not by the last month (censored there), NaN where the first gain is below `LEAST_GAIN`. Gains
    (n, m + 1) are those at the end of assistance and in each of m months after.
    """
    return statistics.half_lives(gains, least_gain=LEAST_GAIN)


def survival_median(times: NDArray[np.float64]) -> float:
    """Kaplan-Meier median: the first time at which at most half survive.

    Infinite when it is not reached; NaN without a defined time. All that are censored are so at the end of the run, and
    after n times of which j are events the curve is ``1 - j / n``.
    """
    known = np.sort(times[~np.isnan(times)])
    return float(known[math.ceil(len(known) / 2) - 1]) if len(known) else math.nan


def share_censored(times: NDArray[np.float64]) -> float:
    """Share of replicates whose gain has not halved by the end."""
    return float(np.isinf(times).mean()) if len(times) else math.nan


def restricted_mean(times: NDArray[np.float64], horizon: float) -> float:
    """Mean survival time up to a horizon: the area below the Kaplan-Meier curve."""
    known = times[~np.isnan(times)]
    return float(np.minimum(known, horizon).mean()) if len(known) else math.nan


def turnover_half_life(tau: float) -> float:
    """Months in which half of the staff has left at annual turnover tau; infinite without turnover."""
    return 12.0 * math.log(2.0) / -math.log1p(-tau) if tau > 0.0 else math.inf

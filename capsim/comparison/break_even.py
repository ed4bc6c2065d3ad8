"""Where the answer turns: at which values of a parameter, of which there may be none or several."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.asking import difference_in, outcome_column
from capsim.comparison.statistics import Interval, mean_interval
from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.runs.workers import Workers
from capsim.scenario import Scenario

if TYPE_CHECKING:
    pass

POINTS = 9
_BOOTSTRAP, _FEWEST = 1000, 20
"""Resamples, and how many must have as many zeros for an interval."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where the contrast changes sign along a parameter.

    Attributes
    ----------
    parameter, unit : str
    values : (n,) float64
        Grid over the plausible range.
    differences : list of Interval
        Mean contrast at each grid value with its t interval.
    crossings : list of Interval
        Break-even values, with intervals from resampling replicates; empty for none.
    share_same : float
        Share of resamples with the same number of crossings: how sure their number is.
    worlds : int
        Replicates behind every mean; 0 in folders that do not say.
    by_itself : bool
        Whether the comparison looked by itself, in few worlds of at most forty districts.
    """

    parameter: str
    unit: str
    values: NDArray[np.float64]
    differences: list[Interval]
    crossings: list[Interval]
    share_same: float
    worlds: int = 0
    by_itself: bool = False

    def sentence(self) -> str:
        """The finding in words."""
        span = f"between {self.values[0]:g} and {self.values[-1]:g} {self.unit}"
        if not self.crossings:
            sign = "positive" if self.differences[0].estimate > 0 else "negative"
            agreed = f"{self.share_same:.0%} of resamples agree"
            return f"{self.parameter}: no break-even {span}; the contrast stays {sign} ({agreed})."
        found = " and ".join(
            f"{c.estimate:.3g}" + ("" if math.isnan(c.low) else f" (95% interval {c.low:.3g} to {c.high:.3g})")
            for c in self.crossings
        )
        several = "" if len(self.crossings) == 1 else f", {len(self.crossings)} of them"
        agreed = f"{self.share_same:.0%} of resamples agree on their number"
        return f"{self.parameter}: break-even{several} at {found} {self.unit} ({agreed})."


def crossings(values: NDArray[np.float64], differences: NDArray[np.float64]) -> list[float]:
    """Zeros of the line through the points, in order; a grid value with difference 0 counts once when the sign changes
    there.
    """
    found = []
    last_sign, last = 0.0, 0
    for n, difference in enumerate(differences):
        sign = float(np.sign(difference))
        if sign == 0.0:
            continue
        if last_sign and sign != last_sign:
            a, b = differences[last], difference
            if n - last == 1:
                found.append(float(values[last] + (values[n] - values[last]) * a / (a - b)))
            else:
                found.append(float(0.5 * (values[last + 1] + values[n - 1])))
        last_sign, last = sign, n
    return found


def problem_with_parameter(parameter: str) -> str | None:
    """Say why no break-even of a parameter can be looked for, or return None when it can."""
    if parameter not in PARAMETERS:
        return f"break-even: unknown parameter {parameter}{nearest_name(parameter, PARAMETERS)}"
    if PARAMETERS[parameter].low == PARAMETERS[parameter].high:
        return f"break-even: {parameter} has no plausible range"
    return None


def find_break_even(
    scenario: Scenario,
    parameter: str,
    strategies: Mapping[str, Any],
    contrast: tuple[str, str],
    *,
    points: int = POINTS,
    replications: int | None = None,
    workers: int | Workers = 1,
    time_limit_seconds: float = 0.0,
    progress: Callable[[int, int, int], None] | None = None,
) -> BreakEven:
    """Look for the break-even of a contrast along a parameter's plausible range, assumptions at their defaults.

    The same luck at every grid value; `strategies` are what the names of the contrast stand for. With `replications`
    instead of the scenario's the comparison looks by itself.
    """
    from capsim.runs.blocks import Block  # with it come kernels, which reading a comparison does without
    from capsim.runs.crews import run_blocks

    if (problem := problem_with_parameter(parameter)) is not None:
        raise InputError(problem)
    declared = PARAMETERS[parameter]
    values = np.linspace(declared.low, declared.high, points)
    wanted = tuple(strategies[name] for name in contrast)
    content = scenario.resolved()
    blocks = [
        Block(
            content,
            wanted,
            replicate,
            point={parameter: float(value)},
            time_limit_seconds=time_limit_seconds,
        )
        for value in values
        for replicate in range(scenario.replications if replications is None else replications)
    ]
    results = run_blocks(blocks, workers=workers, progress=progress)
    column = outcome_column(scenario, None)
    table = np.array([difference_in(result, contrast, column) for result in results]).reshape(points, -1)
    table = table[:, ~np.isnan(table).any(axis=0)]
    if not table.shape[1]:
        raise InputError(f"break-even: no replicate of {parameter} finished at every value")
    found, share = crossing_intervals(values, table)
    means = [mean_interval(row) for row in table]
    own = replications is not None
    return BreakEven(parameter, declared.unit, values, means, found, share, worlds=table.shape[1], by_itself=own)


def crossing_intervals(values: NDArray[np.float64], table: NDArray[np.float64]) -> tuple[list[Interval], float]:
    """Zeros of the mean of a table (values, replicates), and the share of resamples that have as many.

    Replicates are resampled whole, so that intervals, from the resamples with as many zeros, keep pairs together.
    """
    n = table.shape[1]
    found = crossings(values, table.mean(axis=1))
    rng = np.random.Generator(np.random.Philox(1))
    again = (crossings(values, table[:, rng.integers(0, n, n)].mean(axis=1)) for _ in range(_BOOTSTRAP))
    same = [zeros for zeros in again if len(zeros) == len(found)]
    ends = [(math.nan, math.nan)] * len(found)
    if len(same) > _FEWEST:
        ends = [tuple(np.quantile(own, [0.025, 0.975]).tolist()) for own in zip(*same, strict=True)]
    return [Interval(value, *pair) for value, pair in zip(found, ends, strict=True)], len(same) / _BOOTSTRAP

"""Break-even: the value of a parameter at which the contrast changes sign. None and several are answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.statistics import Interval, mean_interval
from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Block, run_blocks
from capsim.runs.workers import Workers
from capsim.scenario import Scenario

__all__ = ["BreakEven", "crossings", "find_break_even", "problem_with_parameter"]

POINTS = 9
_BOOTSTRAP = 1000


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
    """

    parameter: str
    unit: str
    values: NDArray[np.float64]
    differences: list[Interval]
    crossings: list[Interval]
    share_same: float

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
    strategies: Sequence[Any],
    *,
    workers: int | Workers = 1,
    progress: Callable[[int, int, int], None] | None = None,
) -> BreakEven:
    """Look for the break-even of the scenario's contrast along a parameter's plausible range, assumptions at their
    defaults.

    Nine grid values, the same luck at each; replicates are resampled whole, so that the interval keeps pairs together.

    Raises
    ------
    InputError
        If the parameter is unknown or has no range.
    """
    if (problem := problem_with_parameter(parameter)) is not None:
        raise InputError(problem)
    declared = PARAMETERS[parameter]
    values = np.linspace(declared.low, declared.high, POINTS)
    wanted = tuple(s for s in strategies if not isinstance(s, str) or s in scenario.question.contrast)
    content = scenario.resolved()
    blocks = [
        Block(content, wanted, replicate, point={parameter: float(value)})
        for value in values
        for replicate in range(scenario.replications)
    ]
    column = f"{scenario.question.outcome}_{scenario.question.at}"
    first, second = scenario.question.contrast
    contrast = []
    for result in run_blocks(blocks, workers=workers, progress=progress):
        outcomes = {run.strategy: run.outcomes for run in result.runs}
        complete = bool(outcomes.get(first)) and bool(outcomes.get(second))
        contrast.append(outcomes[first][column] - outcomes[second][column] if complete else math.nan)
    table = np.array(contrast).reshape(POINTS, -1)
    return _summarise(parameter, declared.unit, values, table[:, ~np.isnan(table).any(axis=0)])


def _summarise(parameter: str, unit: str, values: NDArray[np.float64], table: NDArray[np.float64]) -> BreakEven:
    n = table.shape[1]
    if n == 0:
        raise InputError(f"break-even: no replicate of {parameter} finished at every value")
    found = crossings(values, table.mean(axis=1))
    rng = np.random.Generator(np.random.Philox(1))
    same = []
    for _ in range(_BOOTSTRAP):
        again = crossings(values, table[:, rng.integers(0, n, n)].mean(axis=1))
        if len(again) == len(found):
            same.append(again)
    intervals = []
    for place, value in enumerate(found):
        low, high = (
            np.quantile([again[place] for again in same], [0.025, 0.975]) if len(same) > 20 else (math.nan, math.nan)
        )
        intervals.append(Interval(value, float(low), float(high)))
    return BreakEven(parameter, unit, values, [mean_interval(row) for row in table], intervals, len(same) / _BOOTSTRAP)

"""The anchors, run: solved parameters first, each by bisection, then every trial at what was solved and at defaults."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import PARAMETERS
from validation.anchors.declared import BEFORE, TRIALS, Target, Trial
from validation.anchors.designs import RUNNERS
from validation.anchors.sites import settled_sites

_STEPS = 8
"""Bisections: a 256th of the range."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many replicates a trial and a step of a bisection have, and how many sites at most."""

    replicates: int
    solving: int
    sites: int


FULL = Size(replicates=60, solving=20, sites=1000)
SMALL = Size(replicates=3, solving=2, sites=8)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean over replicates with its 95% interval (jackknife); NaN where it is undefined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Result:
    """One target and what came out.

    Attributes
    ----------
    trial, target : str
    estimate : Estimate
        Of a solved target at the solved parameter, of an upper end at the upper end of the range; else at defaults.
    default : Estimate
        With every parameter at its default.
    parameter, solved : str, float
        Solved or upper value of the parameter; NaN where none belongs to it.
    reached : bool
        Whether the middle of the band lies within the range that was searched.
    """

    trial: str
    target: str
    estimate: Estimate
    default: Estimate
    parameter: str
    solved: float
    reached: bool

    @property
    def declared(self) -> Target:
        """What was declared."""
        targets = next(trial.targets for trial in TRIALS if trial.name == self.trial)
        return next(target for target in targets if target.name == self.target)

    @property
    def met(self) -> bool:
        """Whether the mean lies in the published interval."""
        return self.declared.low <= self.estimate.value <= self.declared.high

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def run_trial(trial: Trial, parameters: Mapping[str, float], *, replicates: int, sites: int) -> dict[str, Estimate]:
    """Statistics of a trial by target."""
    count = min(trial.sites, sites)
    found = [
        RUNNERS[trial.name](trial, settled_sites(count, trial.positions, parameters, replicate))
        for replicate in range(replicates)
    ]
    return {target.name: estimate_of(np.array([one[target.name] for one in found])) for target in trial.targets}


def estimate_of(parts: NDArray[np.float64]) -> Estimate:
    """Ratio of sums over replicates of numerators and denominators, (n, 2), those that are no numbers left out."""
    from scipy.stats import t

    parts = parts[np.isfinite(parts).all(axis=1)]
    total = parts.sum(axis=0)
    if len(parts) < 2 or total[1] == 0.0:
        return Estimate(math.nan, math.nan, math.nan)
    value = float(total[0] / total[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        without = (total[0] - parts[:, 0]) / (total[1] - parts[:, 1])
    n = len(parts)
    half = float(t.ppf(0.975, n - 1)) * math.sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    return Estimate(value, value - half, value + half) if math.isfinite(half) else Estimate(value, math.nan, math.nan)


def run_anchors(size: Size = FULL, progress: Callable[[int, int, int], None] | None = None) -> list[Result]:
    """Every target in the order of the declaration; `progress` hears of trials."""
    at: dict[str, float] = {}
    reached: dict[str, bool] = {}
    ordered = sorted(TRIALS, key=lambda trial: BEFORE.get(trial.name, len(BEFORE)))
    results: dict[str, list[Result]] = {}
    for done, trial in enumerate(ordered):
        bound = {target.parameter: target for target in trial.targets if target.parameter}
        for name, target in bound.items():
            if target.role == "solved":
                at[name], reached[name] = solve(trial, target, at, size)
        own = {name: PARAMETERS[name].high for name, target in bound.items() if target.role == "upper end"}
        defaults = run_trial(trial, {}, replicates=size.replicates, sites=size.sites)
        solved = {**at, **own} if bound else {}
        found = run_trial(trial, solved, replicates=size.replicates, sites=size.sites) if solved else defaults
        results[trial.name] = [
            Result(
                trial.name,
                target.name,
                found[target.name],
                defaults[target.name],
                target.parameter,
                solved.get(target.parameter, math.nan),
                reached.get(target.parameter, True),
            )
            for target in trial.targets
        ]
        if progress is not None:
            progress(done + 1, len(ordered), 0)
    return [result for trial in TRIALS for result in results[trial.name]]


def solve(trial: Trial, target: Target, at: Mapping[str, float], size: Size) -> tuple[float, bool]:
    """Value of the parameter at which the statistic is in the middle of its band, and whether there is one.

    Bisection over the plausible range, on the scale of its prior, with the same luck at every step; the other solved
    parameters stay where they are. Where the range does not reach the middle, the nearer end.
    """
    declared = PARAMETERS[target.parameter]
    logarithmic = declared.prior == "loguniform"

    def lack(value: float) -> float:
        found = run_trial(trial, {**at, target.parameter: value}, replicates=size.solving, sites=size.sites)[
            target.name
        ].value
        return found - target.middle

    low, high = declared.low, declared.high
    below, above = lack(low), lack(high)
    if not below * above <= 0.0:  # also where one of them is no number
        return (low if abs(below) < abs(above) else high), False
    for _ in range(_STEPS):
        middle = math.sqrt(low * high) if logarithmic else 0.5 * (low + high)
        if lack(middle) * below > 0.0:
            low = middle
        else:
            high = middle
    return (math.sqrt(low * high) if logarithmic else 0.5 * (low + high)), True

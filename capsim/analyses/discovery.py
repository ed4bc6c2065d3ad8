"""Scenario discovery: the box of parameter values in which a strategy loses (PRIM). Knows tables, not the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.errors import InputError, Problems
from capsim.numbers import real_number, shown

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_PEEL = 0.05
_LEAST_MASS = 0.05
_LEAST_CASES = 5
_MOST_CHANCE = 0.05
"""Limits that chance alone would give as often as this are dropped."""


@dataclass(frozen=True, slots=True)
class DiscoveredBox:
    """A box of parameter values that holds many of the cases of interest and little else.

    Attributes
    ----------
    limits : dict of str to (float, float)
        Only the parameters that the box restricts, in their units; every other one may have any value of its range.
    coverage : float
        Share of all cases of interest that lie in the box.
    density : float
        Share of the points of the box that are cases of interest.
    mass : float
        Share of all points that lie in the box.
    base_rate : float
        Share of all points that are cases of interest.
    chance : dict of str to float
        For each restricted parameter: probability, were its limits of no use, that a box of this size has at least this
        density (binomial; Bryant and Lempert 2010). Limits are chosen by looking, so small is not proof.
    path : DataFrame
        Coverage, density, mass and number of restricted parameters of every box on the way.
    """

    limits: dict[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float
    base_rate: float
    chance: dict[str, float]
    path: pd.DataFrame

    def contains(self, points: pd.DataFrame) -> Bools:
        """Which points lie in the box, (n,) bool."""
        inside = np.ones(len(points), np.bool_)
        for name, limits in self.limits.items():
            inside &= points[name].between(*limits).to_numpy()
        return inside

    def sentence(self) -> str:
        """The box in words."""
        if not self.limits:
            return f"No box is found; {self.base_rate:.0%} of all points are cases of interest."
        where = " and ".join(f"{name} is {low:.3g} to {high:.3g}" for name, (low, high) in self.limits.items())
        return (
            f"Where {where}: {self.density:.0%} of the points there are cases of interest (everywhere "
            f"{self.base_rate:.0%}), and {self.coverage:.0%} of all of them lie there."
        )


def discover(
    points: pd.DataFrame,
    values: Floats,
    *,
    below: float = 0.0,
    density: float = 0.8,
    peel: float = _PEEL,
    least_mass: float = _LEAST_MASS,
) -> DiscoveredBox:
    """Find where a difference between two strategies is below a threshold: where the first loses.

    Patient rule induction: thin slices are peeled off until the box is dense, then what costs nothing is pasted back.

    Parameters
    ----------
    points : DataFrame
        One column a parameter, one row a point; points that fill their ranges evenly (Sobol', Latin hypercube).
    values : (n,) float64
        The difference at each point, averaged over luck.
    below : float
        Cases of interest are those below it.
    density : float
        Of the boxes on the way at least this dense (of all, when none is) the one is chosen whose coverage and density
        have the highest harmonic mean.
    peel : float
        Share of the points of the box that one step cuts off.
    least_mass : float
        Share of all points below which nothing is peeled.

    Raises
    ------
    InputError
        If there are fewer than five cases of interest, all points are cases, or a value is NaN.

    Notes
    -----
    Friedman and Fisher 1999; coverage and density as in Bryant and Lempert 2010.
    """
    problems = Problems()
    limits = {"below": (-np.inf, np.inf), "density": (0.0, 1.0), "peel": (0.001, 0.5), "least_mass": (0.0, 1.0)}
    for (name, (low, high)), given in zip(limits.items(), (below, density, peel, least_mass), strict=True):
        problems.ask(real_number, f"{name}:", given, least=low, most=high)
    table = problems.ask(_numbers, "points", points)
    values = problems.ask(_numbers, "values", values)
    problems.raise_any()
    if table.ndim != 2 or values.ndim != 1 or len(table) != len(values) or not table.size:
        raise InputError(f"discovery: points are {table.shape}, values {values.shape}; (n, k) and (n,) are needed")
    interest = values < below
    cases = int(interest.sum())
    if cases < _LEAST_CASES or cases == len(interest):
        what = "every point is a case of interest" if cases == len(interest) else f"only {cases} cases of interest"
        raise InputError(f"discovery: {what} among {len(interest)} points; there is no region to find")
    search = _Search(table, interest, peel, least_mass)
    boxes = search.peeled()
    path = pd.DataFrame([search.figures(box) for box in boxes])
    box = search.without_chance(search.pasted(boxes[_balanced(path, density)]))
    figures, names = search.figures(box), list(pd.DataFrame(points).columns)
    return DiscoveredBox(
        limits=search.limits(box, names),
        coverage=figures["coverage"],
        density=figures["density"],
        mass=figures["mass"],
        base_rate=cases / len(interest),
        chance={names[column]: chance for column, chance in search.chance(box).items()},
        path=path,
    )


def _numbers(what: str, given: Any) -> Floats:
    try:
        table = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"discovery: {what} must be numbers, got {shown(given)}") from None
    if np.isnan(table).any():
        rows = int(np.isnan(table).reshape(len(table), -1).any(axis=1).sum()) if table.ndim else 1
        raise InputError(f"discovery: {what} are undefined at {rows} of {len(table) if table.ndim else 1} points")
    return table


def _balanced(path: pd.DataFrame, density: float) -> int:
    """Which box on the way has the best of coverage and density, among those that are dense enough."""
    balance = 1.0 / (1.0 / path["coverage"].clip(1e-9) + 1.0 / path["density"].clip(1e-9))
    dense = path["density"] >= density
    return int(np.argmax(balance.where(dense, -1.0) if dense.any() else balance))


@dataclass(frozen=True, slots=True)
class _Search:
    """Points, which of them are of interest, and how boxes are cut; a box is (k, 2): lowest and highest value."""

    table: Floats
    interest: Bools
    peel: float
    least_mass: float

    def inside(self, box: Floats) -> Bools:
        return np.asarray(((self.table >= box[:, 0]) & (self.table <= box[:, 1])).all(axis=1))

    def figures(self, box: Floats) -> dict[str, float]:
        inside = self.inside(box)
        held = int(self.interest[inside].sum())
        return {
            "coverage": held / int(self.interest.sum()),
            "density": held / max(1, int(inside.sum())),
            "mass": float(inside.mean()),
            "restricted": int(np.isfinite(box).any(axis=1).sum()),
        }

    def peeled(self) -> list[Floats]:
        """Boxes from everything down; each step takes the slice whose loss raises the density most for its size.

        A step may lower it: noise would stop the way early otherwise.
        """
        k = self.table.shape[1]
        boxes = [np.column_stack([np.full(k, -np.inf), np.full(k, np.inf)])]
        while True:
            inside = np.flatnonzero(self.inside(boxes[-1]))
            if self.interest[inside].all():
                return boxes
            best, best_gain = None, -np.inf
            before = float(self.interest[inside].mean())
            for column in range(k):
                for side, limit in enumerate(_slices(self.table[inside, column], self.peel)):
                    trial = _with(boxes[-1], (column, side), limit)
                    left = inside[self.inside(trial)[inside]]
                    if len(left) == len(inside) or len(left) < max(self.least_mass * len(self.table), 1.0):
                        continue
                    gain = (float(self.interest[left].mean()) - before) / (len(inside) - len(left))
                    if gain > best_gain:
                        best, best_gain = trial, gain
            if best is None:
                return boxes
            boxes.append(best)

    def pasted(self, box: Floats) -> Floats:
        """Drop limits that no longer raise the density, then widen the others while density does not fall."""
        for column in range(len(box)):
            trial = _with(box, column, (-np.inf, np.inf))
            if self.figures(trial)["density"] >= self.figures(box)["density"]:
                box = trial
        for column in range(len(box)):
            for side in (0, 1):
                while np.isfinite(box[column, side]):
                    trial = self.widened(box, column, side)
                    if self.figures(trial)["density"] < self.figures(box)["density"]:
                        break
                    box = trial
        return box

    def widened(self, box: Floats, column: int, side: int) -> Floats:
        """The box with one limit moved out by a share of its points; to infinity when none is left beyond it."""
        open_box = _with(box, (column, side), np.inf if side else -np.inf)
        candidates = self.table[self.inside(open_box), column]
        beyond = np.sort(candidates[candidates > box[column, 1]] if side else -candidates[candidates < box[column, 0]])
        count = max(1, int(self.peel * int(self.inside(box).sum())))
        if len(beyond) > count:
            limit = (beyond[count - 1] + beyond[count]) / 2.0
            open_box[column, side] = limit if side else -limit
        return open_box

    def without_chance(self, box: Floats) -> Floats:
        """Drop limits one by one, the likeliest by chance first, until chance explains none that is left."""
        while found := self.chance(box):
            worst = max(found, key=lambda column: found[column])
            if found[worst] <= _MOST_CHANCE:
                break
            box = _with(box, worst, (-np.inf, np.inf))
        return box

    def chance(self, box: Floats) -> dict[int, float]:
        """Bryant and Lempert's quasi-p-value of each restricted column."""
        from scipy.stats import binom

        inside = self.inside(box)
        found = {}
        for column in np.flatnonzero(np.isfinite(box).any(axis=1)).tolist():
            rate = float(self.interest[self.inside(_with(box, column, (-np.inf, np.inf)))].mean())
            found[column] = float(binom.sf(int(self.interest[inside].sum()) - 1, int(inside.sum()), rate))
        return found

    def limits(self, box: Floats, names: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Limits of the restricted parameters; where one side is open, the range of the points."""
        every = np.column_stack([self.table.min(axis=0), self.table.max(axis=0)])
        closed = np.where(np.isfinite(box), box, every)
        return {
            names[column]: (float(closed[column, 0]), float(closed[column, 1]))
            for column in np.flatnonzero(np.isfinite(box).any(axis=1)).tolist()
        }


def _with(box: Floats, where: int | tuple[int, int], limit: float | tuple[float, float]) -> Floats:
    changed = box.copy()
    changed[where] = limit
    return changed


def _slices(values: Floats, peel: float) -> tuple[float, float]:
    """Limits that cut off the lowest and the highest share of values."""
    ordered = np.sort(values)
    count = max(1, int(peel * len(ordered)))
    if len(ordered) <= count:
        return -np.inf, np.inf
    return float((ordered[count - 1] + ordered[count]) / 2.0), float((ordered[-count] + ordered[-count - 1]) / 2.0)

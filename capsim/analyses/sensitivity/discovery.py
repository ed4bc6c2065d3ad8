"""Scenario discovery: the box of parameter values in which a strategy loses (PRIM). Knows tables, not the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DiscoveredBox", "discover", "find_box"]

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
        for name, (low, high) in self.limits.items():
            inside &= (points[name] >= low).to_numpy() & (points[name] <= high).to_numpy()
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

    Parameters
    ----------
    points : DataFrame
        One column a parameter, one row a point; points that fill their ranges evenly (Sobol', Latin hypercube).
    values : (n,) float64
        The difference at each point, averaged over luck.
    below : float
        Cases of interest are those below it.
    density, peel, least_mass : float
        See `find_box`.

    Raises
    ------
    InputError
        If there are too few cases, all points are cases, or a value is NaN.
    """
    values = np.asarray(values, np.float64)
    if np.isnan(values).any():
        raise InputError(f"discovery: the value is undefined at {int(np.isnan(values).sum())} of {len(values)} points")
    return find_box(points, values < below, density=density, peel=peel, least_mass=least_mass)


def find_box(
    points: pd.DataFrame, interest: Bools, *, density: float = 0.8, peel: float = _PEEL, least_mass: float = _LEAST_MASS
) -> DiscoveredBox:
    """Patient rule induction: peel thin slices off until the box is dense, then paste back what costs nothing.

    Parameters
    ----------
    points : DataFrame
        (n, k), without NaN.
    interest : (n,) bool
        Cases of interest.
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
        If there are fewer than five cases of interest, or nothing else.

    Notes
    -----
    Friedman and Fisher 1999; coverage and density as in Bryant and Lempert 2010.
    """
    import pandas as pd

    table = points.to_numpy(np.float64)
    interest = np.asarray(interest, np.bool_)
    cases = int(interest.sum())
    if cases < _LEAST_CASES or cases == len(interest):
        what = "every point is a case of interest" if cases == len(interest) else f"only {cases} cases of interest"
        raise InputError(f"discovery: {what} among {len(interest)} points; there is no region to find")
    boxes = _peeled(table, interest, peel, least_mass)
    path = pd.DataFrame([_figures(box, table, interest) for box in boxes])
    names = list(points.columns)
    box = _pasted(boxes[_balanced(path, density)], table, interest, peel)
    box = _without_chance(box, table, interest, names)
    figures = _figures(box, table, interest)
    return DiscoveredBox(
        limits=_limits(box, table, names),
        coverage=figures["coverage"],
        density=figures["density"],
        mass=figures["mass"],
        base_rate=cases / len(interest),
        chance=_chance(box, table, interest, names),
        path=path,
    )


def _inside(box: Floats, table: Floats) -> Bools:
    return np.asarray(((table >= box[:, 0]) & (table <= box[:, 1])).all(axis=1))


def _figures(box: Floats, table: Floats, interest: Bools) -> dict[str, float]:
    inside = _inside(box, table)
    held = int(interest[inside].sum())
    return {
        "coverage": held / int(interest.sum()),
        "density": held / max(1, int(inside.sum())),
        "mass": float(inside.mean()),
        "restricted": int(np.isfinite(box).any(axis=1).sum()),
    }


def _peeled(table: Floats, interest: Bools, peel: float, least_mass: float) -> list[Floats]:
    """Boxes from everything down; each step takes the slice whose loss raises the density most for its size.

    A step may lower it: noise would stop the way early otherwise.
    """
    box = np.column_stack([np.full(table.shape[1], -np.inf), np.full(table.shape[1], np.inf)])
    boxes = [box]
    while True:
        inside = np.flatnonzero(_inside(box, table))
        if interest[inside].all():
            return boxes
        best, best_gain = None, -np.inf
        before = float(interest[inside].mean())
        for column in range(table.shape[1]):
            for side, limit in enumerate(_slices(table[inside, column], peel)):
                trial = box.copy()
                trial[column, side] = limit
                left = inside[_inside(trial, table[inside])]
                if len(left) == len(inside) or len(left) < max(least_mass * len(table), 1.0):
                    continue
                gain = (float(interest[left].mean()) - before) / (len(inside) - len(left))
                if gain > best_gain:
                    best, best_gain = trial, gain
        if best is None:
            return boxes
        box = best
        boxes.append(box)


def _slices(values: Floats, peel: float) -> tuple[float, float]:
    """Limits that cut off the lowest and the highest share of values."""
    ordered = np.sort(values)
    count = max(1, int(peel * len(ordered)))
    if len(ordered) <= count:
        return -np.inf, np.inf
    return float((ordered[count - 1] + ordered[count]) / 2.0), float((ordered[-count] + ordered[-count - 1]) / 2.0)


def _pasted(box: Floats, table: Floats, interest: Bools, peel: float) -> Floats:
    """Drop limits that no longer raise the density, then widen the others while density does not fall."""
    box = box.copy()
    for column in range(len(box)):
        trial = box.copy()
        trial[column] = -np.inf, np.inf
        if _figures(trial, table, interest)["density"] >= _figures(box, table, interest)["density"]:
            box = trial
    for column in range(len(box)):
        for side in (0, 1):
            while np.isfinite(box[column, side]):
                trial = _widened(box, table, column, side, peel)
                if _figures(trial, table, interest)["density"] < _figures(box, table, interest)["density"]:
                    break
                box = trial
    return box


def _widened(box: Floats, table: Floats, column: int, side: int, peel: float) -> Floats:
    """The box with one limit moved out by a share of its points; to infinity when none is left beyond it."""
    open_box = box.copy()
    open_box[column, side] = np.inf if side else -np.inf
    candidates = table[_inside(open_box, table), column]
    beyond = np.sort(candidates[candidates > box[column, 1]] if side else -candidates[candidates < box[column, 0]])
    count = max(1, int(peel * int(_inside(box, table).sum())))
    if len(beyond) > count:
        limit = (beyond[count - 1] + beyond[count]) / 2.0
        open_box[column, side] = limit if side else -limit
    return open_box


def _without_chance(box: Floats, table: Floats, interest: Bools, names: Sequence[str]) -> Floats:
    """Drop limits one by one, the likeliest by chance first, until chance explains none that is left."""
    box = box.copy()
    while found := _chance(box, table, interest, names):
        worst = max(found, key=lambda name: found[name])
        if found[worst] <= _MOST_CHANCE:
            break
        box[names.index(worst)] = -np.inf, np.inf
    return box


def _balanced(path: pd.DataFrame, density: float) -> int:
    """Which box on the way has the best of coverage and density, among those that are dense enough."""
    balance = 1.0 / (1.0 / path["coverage"].clip(1e-9) + 1.0 / path["density"].clip(1e-9))
    dense = path["density"] >= density
    return int(np.argmax(balance.where(dense, -1.0) if dense.any() else balance))


def _limits(box: Floats, table: Floats, names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Limits of the restricted parameters; where one side is open, the range of the points."""
    closed = np.where(np.isfinite(box), box, np.column_stack([table.min(axis=0), table.max(axis=0)]))
    return {
        name: (float(low), float(high))
        for name, (low, high), own in zip(names, closed, box, strict=True)
        if np.isfinite(own).any()
    }


def _chance(box: Floats, table: Floats, interest: Bools, names: Sequence[str]) -> dict[str, float]:
    """Bryant and Lempert's quasi-p-value of each restricted parameter."""
    from scipy.stats import binom

    inside = _inside(box, table)
    found = {}
    for column, name in enumerate(names):
        if not np.isfinite(box[column]).any():
            continue
        without = box.copy()
        without[column] = -np.inf, np.inf
        rate = float(interest[_inside(without, table)].mean())
        found[name] = float(binom.sf(int(interest[inside].sum()) - 1, int(inside.sum()), rate))
    return found

"""Forecast against fact: what worlds foretold of readings, the worlds weighed by how well they did, what to read next.

A world is a draw of luck and, where they are drawn, of assumptions and rules. With y the mean of an item over the
agencies that were read, f_r what it would be without noise in world r, and s the noise of such a mean (at least
`LEAST_ERROR` of the scale)::

    w_r ~ exp(-1/2 sum over items ((y - f_r) / (t s))^2),     effective worlds = (sum w)^2 / sum w^2

t is 1; where fewer than `WANTED` worlds (or a quarter of them) would speak it is raised until they do, up to `WIDEST`.
Where even then fewer than `FEWEST` speak nothing is learnt. A next reading with mean f narrows the range of the answer
d by ``1 - sqrt(1 - R^2)``, R the weighted correlation of d with f + s z, corrected for chance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import BASELINE, better
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.comparison.moving import FurtherRuns
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.ranking import ranking
from capsim.comparison.statistics import Interval
from capsim.comparison.verdicts import best_of, plans, smallest_that_matters, verdict_of
from capsim.errors import InputError, nearest_name
from capsim.levels import LEA
from capsim.scenario import AgencyTable, Scenario
from capsim.scenario.survey import Survey

if TYPE_CHECKING:
    from capsim.runs.blocks import ReadRun

FEWEST, WANTED, WIDEST = 10.0, 50.0, 4.0
LEAST_ERROR = 0.01
"""Of the scale: closer than this no mean of answers is known."""
YEAR = 12
_TAILS = (0.025, 0.5, 0.975)
_BEYOND_CHANCE = 4.0

OBSERVED = (
    *("month", "agency", "name", "area", "item", "unit", "respondents", "observed"),
    *("foretold", "foretold_low", "foretold_high", "inside"),
)
UPDATED = (
    "strategy",
    *("foretold_gain", "foretold_gain_low", "foretold_gain_high", "foretold_best_in"),
    *("updated_gain", "updated_gain_low", "updated_gain_high", "updated_best_in", "updated_against_best"),
)
NEXT = ("item", "unit", "month", "districts_read", "noise", "narrows", "beyond_chance")

C = TypeVar("C", bound=PairedRuns)
Floats = NDArray[np.float64]
Cell = tuple[int, str, int, int]
"""Month, item, row of the agency, column of the area."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Readings by month, the rows that say so, and the plan that was followed since the first month."""

    surveys: Mapping[int, Survey]
    rows: list[dict[str, str]]
    followed: str

    def cells(self) -> list[Cell]:
        """Every reading."""
        return [(month, *cell) for month, survey in self.surveys.items() for cell in survey.cells()]

    def value(self, cell: Cell) -> float:
        """What was read."""
        month, item, row, column = cell
        return float(self.surveys[month].answers[item][row, column])


def asked_of(given: Any, followed: str | None, scenario: Scenario, table: AgencyTable, names: Sequence[str]) -> Asked:
    """Readings of a scenario, and which of its plans was followed; the only one where there is one."""
    from capsim.scenario.survey import read_observed

    named = [name for name in names if name != "none"]
    if followed is None and len(named) == 1:
        followed = named[0]
    if followed is None:
        raise InputError(f"observed: say which plan was followed since (followed): one of {', '.join(names)}")
    if followed not in names:
        raise InputError(
            f"followed: {followed!r} is not compared; one of {', '.join(names)}{nearest_name(followed, names)}"
        )
    surveys, rows = read_observed(given, scenario, table)
    return Asked(surveys, rows, followed)


def hold_against(
    comparison: C,
    asked: Asked,
    strategies: Mapping[str, Any],
    table: AgencyTable,
    **running: Unpack[FurtherRuns],
) -> C:
    """The comparison with its forecast held against readings, and updated by them."""
    from capsim.runs.blocks import Block, Watched, read_run
    from capsim.runs.crews import map_blocks

    scenario = comparison.scenario
    assumptions = "drawn" if "drawn" in comparison.assumption_sets else "default"
    months = sorted(asked.surveys)
    later = months[-1] + YEAR
    last = scenario.timeline.assistance + scenario.timeline.follow_up
    upto = (*months, later) if later <= last else tuple(months)
    outcomes = comparison.outcomes(assumptions=assumptions)
    gains = outcomes[plans(comparison)].sub(outcomes["none"], axis=0).dropna()
    followed, limit = (strategies[asked.followed],), running.get("time_limit_seconds", 0.0)
    blocks = [
        Watched(Block(scenario, followed, int(one), assumptions, time_limit_seconds=limit), upto) for one in gains.index
    ]
    found = map_blocks(read_run, blocks, workers=running.get("workers", 1), progress=running.get("progress"))
    worlds = [run for run in found if not run.failed]
    gains = gains.loc[[run.replicate for run in worlds]]
    weights, tolerance = _weights(asked, worlds)
    effective = effective_worlds(weights)
    learnt = effective >= FEWEST
    told = {
        "followed": asked.followed,
        "rows": asked.rows,
        "months": months,
        "worlds": len(worlds),
        "effective": effective,
        "tolerance": tolerance,
        "learnt": learnt,
        "assumptions": assumptions,
    }
    read_next = _next(comparison, worlds, gains, weights, later, table) if learnt and later <= last else []
    return replace(
        comparison,
        observed=pd.DataFrame(_observed(asked, worlds, table, scenario.area_names), columns=list(OBSERVED)),
        updated=pd.DataFrame(_updated(comparison, gains, weights, learnt=learnt), columns=list(UPDATED)),
        next_readings=pd.DataFrame(read_next, columns=list(NEXT)),
        provenance={**comparison.provenance, "observed": told},
    )


def _weights(asked: Asked, worlds: Sequence[ReadRun]) -> tuple[Floats, float]:
    """Weight of each world, and by what the noise had to be widened."""
    if not worlds:
        return np.empty(0), 1.0
    errors, tolerance = np.column_stack([*_misses(asked, worlds)]), 1.0
    wanted = min(WANTED, len(worlds) / 4.0)
    while effective_worlds(_normal(errors / tolerance)) < wanted and tolerance < WIDEST:
        tolerance = min(WIDEST, 1.25 * tolerance)
    return _normal(errors / tolerance), tolerance


def _misses(asked: Asked, worlds: Sequence[ReadRun]) -> list[Floats]:
    """How far each world misses the mean of each item in each month, in units of the noise of such a mean."""
    groups: dict[tuple[int, str], list[Cell]] = {}
    for cell in asked.cells():
        groups.setdefault(cell[:2], []).append(cell)
    found = []
    for cells in groups.values():
        expected, error = _foretold(worlds, cells)
        observed = float(np.mean([asked.value(cell) for cell in cells]))
        found.append(np.where(np.isnan(expected), np.inf, np.abs(observed - expected) / error))
    return found


def _foretold(worlds: Sequence[ReadRun], cells: Sequence[Cell]) -> tuple[Floats, float]:
    """What some cells of one item and month would read without noise in each world, and the noise of such a mean."""
    expected, (low, high) = _mean_of(worlds, cells, noise=False), SURVEY_ITEMS[cells[0][1]].bounds
    noise = _mean_of(worlds, cells, noise=True) - expected
    return expected, max(float(np.sqrt(np.nanmean(noise**2))), LEAST_ERROR * (high - low))


def _mean_of(worlds: Sequence[ReadRun], cells: Sequence[Cell], *, noise: bool) -> Floats:
    """Mean over some cells of one item and month in each world."""
    month, item = cells[0][:2]
    rows, columns = np.array([cell[2:] for cell in cells]).T
    tables = [(world.read if noise else world.expected)[month][item] for world in worlds]
    return np.array([float(table[rows, columns].mean()) for table in tables])


def _normal(errors: Floats) -> Floats:
    """Weights that sum to 1, from distances in units of noise; (worlds, items)."""
    distance = (errors**2).sum(axis=1)
    distance -= distance[np.isfinite(distance)].min(initial=np.inf)
    weights = np.where(np.isfinite(distance), np.exp(-0.5 * distance), 0.0)
    return np.asarray(weights / total if (total := weights.sum()) > 0.0 else weights)


def effective_worlds(weights: Floats) -> float:
    """How many equal worlds say as much as these; 0 of none."""
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square > 0.0 else 0.0


def weighted_quantiles(values: Floats, weights: Floats, at: Sequence[float] = _TAILS) -> list[float]:
    """Quantiles of weighted values; of equal weights those of `draw_range`. NaN of none."""
    known = ~np.isnan(values) & (weights > 0.0)
    if not known.any():
        return [math.nan] * len(at)
    order = np.argsort(values[known])
    ordered, weight = values[known][order], weights[known][order]
    middles, n = (np.cumsum(weight) - 0.5 * weight) / weight.sum(), effective_worlds(weight)
    return [float(found) for found in np.interp(at, (n * middles + 0.5) / (n + 1.0), ordered)]


def _observed(
    asked: Asked, worlds: Sequence[ReadRun], table: AgencyTable, areas: Sequence[str]
) -> list[tuple[Any, ...]]:
    """One row for each reading: what was read, and what worlds foretold."""
    rows = []
    even = np.ones(len(worlds))
    for cell in asked.cells():
        month, item, row, column = cell
        foretold = _mean_of(worlds, [cell], noise=True)
        low, middle, high = weighted_quantiles(foretold, even)
        value = asked.value(cell)
        who = (str(table.id[row]), str(table.name[row]), areas[column] if column < len(areas) else "")
        people = float(asked.surveys[month].respondents[row, column])
        what = (item, SURVEY_ITEMS[item].unit, people, value)
        rows.append((month, *who, *what, middle, low, high, bool(low <= value <= high)))
    return rows


def _updated(comparison: PairedRuns, gains: pd.DataFrame, weights: Floats, *, learnt: bool) -> list[tuple[Any, ...]]:
    """One row for each plan, the best first: its gain as it was foretold, and by the worlds as they are weighed."""
    even = np.full(len(gains), 1.0 / max(1, len(gains)))
    weights = weights if learnt else np.full(len(gains), np.nan)
    sign = better(comparison.scenario.asked.name)
    best = best_of(gains, sign)
    ranked = [name for name in ranking(comparison)["strategy"] if name in gains]
    if learnt:
        ranked.sort(key=lambda name: -sign * _range(gains, name, weights).estimate)
    rows = []
    for place, name in enumerate(ranked):
        other = ranked[1 if place == 0 else 0] if len(ranked) > 1 else ""
        values, first = gains[name].to_numpy(np.float64), best == list(gains.columns).index(name)
        found = []
        for weight in (even, weights):
            low, middle, high = weighted_quantiles(values, np.nan_to_num(weight))
            found += [middle, low, high, float(weight[first].sum()) if len(weight) else math.nan]
        verdict = _verdict(comparison, gains, weights, (name, other)) if learnt and other else ""
        rows.append((name, *found, verdict))
    return rows


def _range(gains: pd.DataFrame, name: str, weights: Floats, *, over: str = BASELINE) -> Interval:
    """What a plan gains, or gains over another one, in worlds of such weights."""
    values = gains[name].to_numpy(np.float64) - (0.0 if over == BASELINE else gains[over].to_numpy(np.float64))
    low, middle, high = weighted_quantiles(values, weights)
    return Interval(middle, low, high)


def _verdict(comparison: PairedRuns, gains: pd.DataFrame, weights: Floats, pair: tuple[str, str]) -> str:
    """What `judge` says of two plans, by the worlds as they are weighed."""

    def between(one: str, other: str) -> Interval:
        return _range(gains, one, weights, over=other)

    return verdict_of(pair, between, round(effective_worlds(weights)), smallest_that_matters(comparison))


def _next(
    comparison: PairedRuns,
    worlds: Sequence[ReadRun],
    gains: pd.DataFrame,
    weights: Floats,
    month: int,
    table: AgencyTable,
) -> list[tuple[Any, ...]]:
    """One row for each item that could be read of all districts a year on, the most useful first."""
    first, second = comparison.scenario.question.contrast
    answer = sum(
        sign * gains[name].to_numpy(np.float64) for name, sign in ((first, 1.0), (second, -1.0)) if name != "none"
    )
    districts = np.flatnonzero(table.level == LEA).tolist()
    rows = []
    for item, declared in SURVEY_ITEMS.items():
        if item == "priority_percent":
            continue  # shares of attention sum to 100, so that their mean says nothing
        cells: list[Cell] = [(month, item, row, -1) for row in districts]
        expected, error = _foretold(worlds, cells)
        narrows, clear = _narrows(np.asarray(answer), expected, error, weights)
        rows.append((item, declared.unit, month, len(districts), error, narrows, clear))
    return sorted(rows, key=lambda row: -row[5])


def _narrows(answer: Floats, expected: Floats, error: float, weights: Floats) -> tuple[float, bool]:
    """By which share a reading is expected to narrow the range of the answer, and whether that is beyond chance."""
    known = ~np.isnan(expected)
    weight = np.where(known, weights, 0.0)
    if not weight.sum() or len(answer) < 3:
        return 0.0, False
    weight, n = weight / weight.sum(), effective_worlds(weight)
    x, y = np.where(known, expected, 0.0), answer
    x, y = x - weight @ x, y - weight @ y
    spread = (weight @ x**2 + error**2) * (weight @ y**2)
    share = float((weight @ (x * y)) ** 2 / spread) if spread > 0.0 else 0.0
    corrected = max(0.0, 1.0 - (1.0 - share) * (n - 1.0) / max(1.0, n - 2.0))
    return 1.0 - math.sqrt(1.0 - corrected), share > _BEYOND_CHANCE / n

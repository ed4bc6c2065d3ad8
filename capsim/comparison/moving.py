"""How assumptions move the declared contrast, and where it turns with them: elementary effects under fixed luck, of
groups first and then of the assumptions in the groups that move it most; and break-even values, of which there may be
none or several.

A trajectory begins at a random point of the assumptions' priors and moves one group at a time by half of the prior's
probability, each of its members up or down, in one world whose luck stays the same. What the contrast changes with a
step is the group's elementary effect (Morris 1991, Technometrics 33(2); of groups: Campolongo, Cariboni and Saltelli
2007, Environmental Modelling & Software 22).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.comparison.asking import difference_in, outcome_column
from capsim.comparison.assumptions import activity_of, unread_parameters
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import BreakEven, crossing_intervals, mean_interval
from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS, assumed_parameters
from capsim.runs.workers import Progress, Workers
from capsim.scenario import Scenario

if TYPE_CHECKING:
    from capsim.runs.blocks import Block, BlockResult

COLUMNS = ("step", "name", "group", "replicate", "effect")
MOVED = ("parameter", "group", "moves", "direction", "worlds")
LARGEST_GROUP = 8
_LEVELS = (0.125, 0.375, 0.625, 0.875)
"""Places in the prior, of which a step goes two up or down."""
_SURE = ("lea_annual_exit",)
"""Parameters that are looked at although a scenario gives them a value: it may turn out another one."""
Groups = Mapping[str, tuple[str, ...]]


class FurtherRuns(TypedDict, total=False):
    """How further runs are done."""

    workers: int | Workers
    progress: Progress | None
    time_limit_seconds: float


def run_further(blocks: Iterable[Block], **running: Unpack[FurtherRuns]) -> Iterator[BlockResult]:
    """Run blocks beside the main runs."""
    from capsim.runs.crews import run_blocks  # with it come kernels, which reading a comparison does without

    limited = [replace(block, time_limit_seconds=running.get("time_limit_seconds", 0.0)) for block in blocks]
    return run_blocks(limited, workers=running.get("workers", 1), progress=running.get("progress"))


def run_pairs(
    scenario: Scenario,
    strategies: Mapping[str, Any],
    contrast: tuple[str, str],
    worlds: Sequence[tuple[int, Mapping[str, Any]]],
    **running: Unpack[FurtherRuns],
) -> Iterator[tuple[float, str]]:
    """The contrast in some worlds, each a replicate and what is changed in it (point, rules), and why it is NaN.

    `strategies` are what the names of the contrast stand for.
    """
    from capsim.runs.blocks import Block

    wanted, column = tuple(strategies[name] for name in contrast), outcome_column(scenario, None)
    for result in run_further((Block(scenario, wanted, one, **changed) for one, changed in worlds), **running):
        reason = next((run.failure for run in result.runs if run.failure), "")
        yield difference_in(result, contrast, column), reason


class Design(NamedTuple):
    """Points of some trajectories: places in the priors, (trajectories, groups + 1, parameters); the group that moved
    on the way to each point but the first, (trajectories, groups); and whether its first member went up.
    """

    places: NDArray[np.float64]
    moved: NDArray[np.int64]
    up: NDArray[np.bool_]


def candidates(scenario: Scenario, contrast: tuple[str, str], unread: frozenset[str] | None = None) -> tuple[str, ...]:
    """Assumptions that something in the runs of the contrast reads and that the scenario does not set itself."""
    nothing_reads = unread_parameters(scenario, (*contrast, "none")) if unread is None else unread
    return tuple(
        parameter.name
        for parameter in assumed_parameters()
        if parameter.low < parameter.high
        and parameter.name not in nothing_reads
        and (parameter.name in _SURE or parameter.name not in scenario.parameters)
    )


def in_groups(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Assumptions about one thing together, at most `LARGEST_GROUP` of them."""
    about: dict[str, list[str]] = {}
    for name in names:
        about.setdefault(_about(name), []).append(name)
    found = {}
    for group, members in about.items():
        parts = -(-len(members) // LARGEST_GROUP)
        for part, own in enumerate(np.array_split(np.array(members), parts), start=1):
            found[group if parts == 1 else f"{group}, part {part}"] = tuple(own.tolist())
    return found


def _about(name: str) -> str:
    """What a parameter is about: an activity, or its group."""
    group = PARAMETERS[name].group
    return (activity_of(name) if group == "activities" else "") or group


def trajectories(sizes: Sequence[int], n: int, *, seed: int) -> Design:
    """Random trajectories through groups of so many parameters each."""
    rng = np.random.Generator(np.random.Philox(seed))
    k, groups, half = sum(sizes), len(sizes), len(_LEVELS) // 2
    ends = np.cumsum([0, *sizes])
    places, moved = np.empty((n, groups + 1, k)), np.empty((n, groups), np.int64)
    up = np.empty((n, groups), np.bool_)
    for one in range(n):
        at = rng.integers(0, len(_LEVELS), k)
        places[one, 0] = np.take(_LEVELS, at)
        moved[one] = rng.permutation(groups)
        for step, group in enumerate(moved[one], start=1):
            own = slice(ends[group], ends[group + 1])
            up[one, step - 1] = at[own][0] < half
            at[own] = (at[own] + half) % len(_LEVELS)
            places[one, step] = np.take(_LEVELS, at)
    return Design(places, moved, up)


def run_effects(
    scenario: Scenario,
    strategies: Mapping[str, Any],
    contrast: tuple[str, str],
    groups: Groups,
    *,
    step: str,
    n: int,
    **running: Unpack[FurtherRuns],
) -> pd.DataFrame:
    """Elementary effects of groups on the contrast, one trajectory in each of the first n worlds.

    One row for each world and group: step, name, group, replicate, effect (upwards, of a single parameter; NaN where a
    run failed).
    """
    names = [name for members in groups.values() for name in members]
    design = trajectories([len(members) for members in groups.values()], n, seed=scenario.seed)
    worlds = [
        (replicate, {"point": {name: PARAMETERS[name].quantile(float(u)) for name, u in zip(names, at, strict=True)}})
        for replicate, own in enumerate(design.places)
        for at in own
    ]
    found = [difference for difference, _ in run_pairs(scenario, strategies, contrast, worlds, **running)]
    rows = _rows(step, list(groups), design, np.array(found).reshape(n, -1))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(step: str, names: list[str], design: Design, found: NDArray[np.float64]) -> Iterator[tuple[Any, ...]]:
    for replicate, changes in enumerate(np.diff(found, axis=1)):
        upwards = np.where(design.up[replicate], changes, -changes)
        for group, effect in zip(design.moved[replicate], upwards, strict=True):
            name = names[group]
            yield step, name, _about(name) if name in PARAMETERS else name, replicate, float(effect)


def largest_groups(effects: pd.DataFrame, groups: Groups, *, most: int) -> list[str]:
    """Members of the groups that move the contrast most, as many groups as have at most so many members together;
    those of the first group in any case, and none of a group that moves nothing.
    """
    size = effects["effect"].abs().groupby(effects["name"]).mean().dropna()
    chosen: list[str] = []
    for name in size[size > 0.0].sort_values(ascending=False, kind="stable").index:
        if not chosen or len(chosen) + len(groups[name]) <= most:
            chosen += groups[name]
    return chosen


def assumptions_that_move(comparison: PairedRuns) -> pd.DataFrame:
    """How far assumptions move the declared contrast under fixed luck, the farthest first.

    Columns: parameter, group; moves (mean size of the change when the assumption passes through half of its
    plausible values), direction (mean change when it grows), worlds. Those that nothing in the runs reads, or that
    change nothing, are left out. Empty unless it was run.
    """
    effects = comparison.effects
    own = effects[effects["step"] == "assumption"].dropna(subset="effect") if len(effects) else effects
    if own.empty:
        return pd.DataFrame(columns=list(MOVED))
    rows = []
    for name, mine in own.groupby("name", sort=False):
        size = float(mine["effect"].abs().mean())
        if size > 0.0:
            rows.append((name, mine["group"].iloc[0], size, float(mine["effect"].mean()), len(mine)))
    table = pd.DataFrame(rows, columns=list(MOVED))
    return table.sort_values("moves", ascending=False, kind="stable", ignore_index=True)


def turning_points(comparison: PairedRuns, parameter: str) -> str:
    """Where the contrast turns along a parameter, in a few words; empty where nobody looked."""
    found = next((one for one in comparison.break_even if one.parameter == parameter), None)
    if found is None:
        return ""
    if not found.crossings:
        return "nowhere in this range"
    return "at " + " and ".join(
        f"{one.estimate:.3g}" + ("" if math.isnan(one.low) else f" ({one.low:.3g} to {one.high:.3g})")
        for one in found.crossings
    )


POINTS = 9
"""Values of a grid."""


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
    **running: Unpack[FurtherRuns],
) -> BreakEven:
    """Look for the break-even of a contrast along a parameter's plausible range, assumptions at their defaults.

    The same luck at every grid value. With `replications` instead of the scenario's the comparison looks by itself.
    """
    if (problem := problem_with_parameter(parameter)) is not None:
        raise InputError(problem)
    declared, own = PARAMETERS[parameter], replications is not None
    values = np.linspace(declared.low, declared.high, points)
    worlds = [
        (replicate, {"point": {parameter: float(value)}})
        for value in values
        for replicate in range(scenario.replications if replications is None else replications)
    ]
    found = [difference for difference, _ in run_pairs(scenario, strategies, contrast, worlds, **running)]
    table = np.array(found).reshape(points, -1)
    table = table[:, ~np.isnan(table).any(axis=0)]
    if not table.shape[1]:
        raise InputError(f"break-even: no replicate of {parameter} finished at every value")
    zeros, share = crossing_intervals(values, table)
    means = [mean_interval(row) for row in table]
    return BreakEven(parameter, declared.unit, values, means, zeros, share, worlds=table.shape[1], by_itself=own)

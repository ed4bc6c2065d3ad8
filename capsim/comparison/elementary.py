"""How far each assumption moves the declared contrast: elementary effects under fixed luck, of groups first and then of
the assumptions in the groups that move it most.

A trajectory begins at a random point of the assumptions' priors and moves one group at a time by half of the prior's
probability, each of its members up or down, in one world whose luck stays the same. What the contrast changes with a
step is the group's elementary effect (Morris 1991, Technometrics 33(2); of groups: Campolongo, Cariboni and Saltelli
2007, Environmental Modelling & Software 22).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.comparison.asking import difference_in, outcome_column
from capsim.comparison.assumptions import unread_parameters
from capsim.parameters import PARAMETERS, assumed_parameters
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.paired_runs import PairedRuns
    from capsim.runs.workers import Progress, Workers

COLUMNS = ("step", "name", "group", "replicate", "effect")
MOVED = ("parameter", "group", "moves", "direction", "worlds")
LARGEST_GROUP = 8
_LEVELS = (0.125, 0.375, 0.625, 0.875)
"""Places in the prior, of which a step goes two up or down."""
_SURE = ("lea_annual_exit",)
"""Parameters that are looked at although a scenario gives them a value: it may turn out another one."""
Groups = Mapping[str, tuple[str, ...]]


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
    fits = [activity for activity in ACTIVITIES if name.startswith(f"{activity}_")]
    return max(fits, key=len) if PARAMETERS[name].group == "activities" and fits else PARAMETERS[name].group


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
    workers: int | Workers,
    time_limit_seconds: float = 0.0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Elementary effects of groups on the contrast, one trajectory in each of the first n worlds.

    One row for each world and group: step, name, group, replicate, effect (upwards, of a single parameter; NaN where a
    run failed).
    """
    import pandas as pd

    from capsim.runs.blocks import Block
    from capsim.runs.crews import run_blocks

    names = [name for members in groups.values() for name in members]
    design = trajectories([len(members) for members in groups.values()], n, seed=scenario.seed)
    wanted, column = tuple(strategies[name] for name in contrast), outcome_column(scenario, None)
    content = scenario.resolved()
    blocks = [
        Block(content, wanted, replicate, point=_point(names, places), time_limit_seconds=time_limit_seconds)
        for replicate, own in enumerate(design.places)
        for places in own
    ]
    results = run_blocks(blocks, workers=workers, progress=progress)
    found = np.array([difference_in(result, contrast, column) for result in results]).reshape(n, -1)
    return pd.DataFrame(_rows(step, list(groups), design, found), columns=list(COLUMNS))


def _point(names: Sequence[str], places: NDArray[np.float64]) -> dict[str, float]:
    return {name: PARAMETERS[name].quantile(float(u)) for name, u in zip(names, places, strict=True)}


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
    """See `Comparison.assumptions_that_move`."""
    import pandas as pd

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

"""Levels that are solved, not drawn: the flow into routines and the floor of expertise under other rules.

A variant of a rule, or another value of a parameter of learning, would move the whole baseline, and what a plan gains
would differ only because agencies start elsewhere. So two parameters follow from the others: those that bring the mean
routine and the mean skill of one fixed reference population to where they are under the default rules and parameters.
The population is 30 synthetic districts of 2 to 30 positions below one state agency, with the default turnover,
vacancies and funding: facts of a scenario are none of its business, so turnover can still lower a scenario's baseline.

Each round runs the population for ten years from routines at the wanted mean, so that a level that is kept is one that
stands still. Broyden's method for the floor and the logarithm of the flow (first guess of their slopes: as under the
default rules; first flow of a stock in proportion to its closed form ``r = flow phi s / (d0 + d1 (1 - a))``) goes on
until all means are within .005, or for eight rounds, of which the best counts. Where nothing is ever forgotten the
floor ends at 0 and people still know more than usual: that baseline cannot be reached.

With support from above (support_weight above 0) the population has four regional agencies, a larger state agency, and
no lasting effects above districts; the means to keep are those of the same agencies under the default parameters. A
third level follows: the quality of those above, support_quality_reference, at which the mean effect of support on
districts is the usual one (mean f(S) = 1, not mean S = 1, because S is skewed). So a weight moves no baseline either:
another weight than the default is solved for like another rule.

Source: baseline bands (docs/assumptions.md); method assumed.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue.rules import RULES
from capsim.levels import Level
from capsim.measures.capacities import mean_skill
from capsim.parameters import PARAMETERS, Values, resolve_values
from capsim.parameters.table import rules_of
from capsim.processes.steps import BUILT_IN, Steps
from capsim.scenario import AgencyTable

_SIZES = (2, 3, 5, 8, 15, 30) * 5
_STATE_POSITIONS = 20
_REGIONS, _REGION_POSITIONS, _LARGER_STATE_POSITIONS = 4, 13, 60
_MONTHS, _ROUNDS, _CLOSE = 120, 8, 0.005
_LONGEST_STEP = np.array([0.25, 1.1, 0.7])
"""Of the floor and of the logarithms of the flow and of the usual quality in one round."""
_SLOPES = np.array([[0.75, 0.05, -0.04], [0.15, 0.20, -0.05], [1.50, 0.70, -0.75]])
"""First guess of how mean skill, mean routine and the mean effect of support change with these three."""
_GROUPS = frozenset({"learning and routines", "priorities and ties", "climate", "implementation", "support"})
"""Parameters of rules; those of other groups are facts of a scenario."""
_FACTS_OF_SUPPORT = ("compliance_share", "reporting_hours", "support_allocation", "support_selectivity")
"""Facts and choices of a scenario too, where there is support: what they do to a baseline must show."""
FLOOR = "expertise_floor"
QUALITY = "support_quality_reference"

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def flow_of(values: Values) -> str:
    """Parameter that sets the level of routines under the rule of codification that applies."""
    return "codification_rate" if rules_of(values)["codification"] == "gap" else "codification_flow"


def under_its_rules(values: Values, *, fixed: frozenset[str] = frozenset()) -> Values:
    """Values as they are under the default rules and weight of support, solved under others; see `solved`."""
    usual = all(variant == RULES[rule].default for rule, variant in rules_of(values).items())
    usual &= values["support_weight"] == PARAMETERS["support_weight"].default
    return values if usual else solved(values, fixed=fixed)


def solved(values: Values, *, fixed: frozenset[str] = frozenset()) -> Values:
    """Resolved values with the levels that keep the baseline where it is declared; those that are `fixed` stay.

    These are the floor of expertise, the flow into routines and, with support, the usual quality of those above.
    """
    free = tuple(name for name in _levels(values) if name not in fixed)
    left = (*free, *(_FACTS_OF_SUPPORT if values["support_weight"] > 0.0 else ()))
    own = {
        name: values[name]
        for name, declared in PARAMETERS.items()
        if declared.group in _GROUPS and name not in left and values[name] != declared.default
    }
    return MappingProxyType({**values, **_solution(tuple(sorted(own.items())), tuple(rules_of(values).items()), free)})


@functools.lru_cache(maxsize=1024)
def _solution(
    own: tuple[tuple[str, float], ...], rules: tuple[tuple[str, str], ...], free: tuple[str, ...]
) -> dict[str, float]:
    """Solved values of the free parameters; the others of the reference population are `own` and the defaults."""
    given = resolve_values(dict(own), dict(rules))
    level, *means = _usual(_is_regional(given))
    population = _Population(given, level, _is_regional(given))
    names = _levels(given)
    wanted, moves = np.array([*means, 1.0])[: len(names)], np.array([name in free for name in names])
    low, high = (
        _coordinates(names, [getattr(PARAMETERS[name], end) for name in names]) for end in ("minimum", "maximum")
    )
    first = given if names[1] not in free else {**given, names[1]: _first_flow(given, names[1])}
    x = np.clip(_coordinates(names, [first[name] for name in names]), low, high)
    slopes, before = _SLOPES[: len(names), : len(names)].copy(), None
    rises = np.sign(slopes.diagonal())
    tried: list[tuple[float, dict[str, float]]] = []
    for _ in range(_ROUNDS):
        found = _named(x, names, free, given)
        lack = wanted - population.means({**given, **found})[: len(names)]
        up = lack * rises  # whether a level must rise to make up for what lacks
        stuck = ((x <= low) & (up < 0.0)) | ((x >= high) & (up > 0.0)) | ~moves
        off = float(np.abs(np.where(stuck, 0.0, lack)).max())
        tried.append((off, found))
        if off < _CLOSE:
            break
        if before is not None and (moved := x - before[0]) @ moved > 0.0:
            slopes += np.outer(before[1] - lack - slopes @ moved, moved) / (moved @ moved)
        before, longest = (x, lack), _LONGEST_STEP[: len(names)]
        x = np.clip(x + np.clip(_step(slopes, lack, stuck), -longest, longest), low, high)
    return min(tried, key=lambda one: one[0])[1]


def _levels(values: Values) -> tuple[str, ...]:
    """Names of the levels that are solved, in the order of the coordinates."""
    return (FLOOR, flow_of(values), *((QUALITY,) if values["support_weight"] > 0.0 else ()))


def _coordinates(names: tuple[str, ...], values: Iterable[float]) -> Floats:
    """Levels as coordinates: the floor as it is, logarithms of the others."""
    return np.array(
        [value if name == FLOOR else math.log(max(1e-6, value)) for name, value in zip(names, values, strict=True)]
    )


def _named(x: Floats, names: tuple[str, ...], free: tuple[str, ...], given: Values) -> dict[str, float]:
    """Coordinates as values of the free levels; rounding does not move one that is as given."""
    found = {
        name: float(at if name == FLOOR else math.exp(at)) for name, at in zip(names, x, strict=True) if name in free
    }
    return {name: given[name] if abs(value - given[name]) < 1e-12 else value for name, value in found.items()}


def _step(slopes: Floats, lack: Floats, stuck: Bools) -> Floats:
    """Step that makes up for what lacks, along the coordinates that can move."""
    step, move = np.zeros(len(lack)), ~stuck
    step[move] = np.linalg.lstsq(slopes[np.ix_(move, move)], lack[move], rcond=None)[0]
    return step


def _first_flow(values: Values, flow: str) -> float:
    """The given flow, and of a stock in proportion to its closed form."""
    if flow != "codification_flow":
        return max(1e-6, values[flow])
    return max(1e-6, values[flow] * _flow_at_rest(values) / _flow_at_rest(resolve_values()))


def _flow_at_rest(values: Values) -> float:
    """Flow that keeps a routine of which half is enacted, up to a factor that all values share."""
    kept, unenacted = (values[f"{name}_annual_retention"] for name in ("routine", "unenacted"))
    loss: float = 1.0 - kept ** (1.0 / 12.0) + 0.5 * (1.0 - unenacted ** (1.0 / 12.0))
    return max(loss, 1e-6) / max(values["codifiable_share"], 1e-3)


def _is_regional(values: Values) -> bool:
    """Whether the reference population has regional agencies: where there is support, or is by default."""
    return max(values["support_weight"], PARAMETERS["support_weight"].default) > 0.0


@functools.cache
def _usual(regional: bool) -> tuple[float, float, float]:
    """Routine of the reference population at which it stands still by default, and its mean skill and routine then."""
    values = resolve_values()
    level = values["initial_routine"]
    for _ in range(4):
        start, (skill, level, _) = level, _Population(values, level, regional).means(values)
    return float(start), float(skill), float(level)


def reference_means(values: Values) -> tuple[float, float]:
    """Mean skill and routine of the districts of the reference population in the last of ten years."""
    regional = _is_regional(values)
    skill, routine, _ = _Population(values, _usual(regional)[0], regional).means(values)
    return float(skill), float(routine)


class _Population:
    """The reference population before it is run, the mean routine of its districts at a level."""

    def __init__(self, values: Values, routine: float, regional: bool) -> None:
        values = {**values, FLOOR: PARAMETERS[FLOOR].default}  # what people know at first is not what is looked for
        regions, state = (_REGIONS, _LARGER_STATE_POSITIONS) if regional else (0, _STATE_POSITIONS)
        agencies = synthetic_districts(_SIZES, state_positions=state, regions=regions)
        layout = build_layout(agencies, values, areas=tuple("abcde"), key=1)
        self._first, self._districts = layout.first, layout.level == Level.LEA
        factor, effect = layout.codification_factor, layout.expertise_effect  # so few districts have luck: taken out
        factor, effect = factor / factor[self._districts].mean(axis=0), effect - effect[self._districts].mean(axis=0)
        if regional:
            factor[~self._districts], effect[~self._districts] = 1.0, 0.0
        layout = dataclasses.replace(layout, codification_factor=factor, expertise_effect=effect)
        self._world = initial_world(layout, values, key=1)
        self._world.routine *= routine / max(self._world.routine[self._districts].mean(), 1e-6)

    def means(self, values: Values) -> Floats:
        """Mean skill and routine of its districts, and mean effect of support on them, in the last year under some
        values.
        """
        world, means, kappa = self._world.copy(), np.zeros(3), values["support_saturation"]
        steps, own = Steps(BUILT_IN, world, 1), dict(values)  # constants of a month are kept by identity
        for month in range(_MONTHS):
            steps.advance(world, own)
            if month >= _MONTHS - 12:
                skill, support = mean_skill(self._first, world.skill), world.support[self._districts]
                effect = (1.0 + kappa) * support / (kappa + support)
                means += skill[self._districts].mean(), world.routine[self._districts].mean(), effect.mean()
        return means / 12.0


def synthetic_districts(sizes: Iterable[int], *, state_positions: int = 120, regions: int = 0) -> AgencyTable:
    """One state agency above districts of the given sizes, who take turns among regional agencies, if there are any;
    pupils follow from positions.
    """
    positions = np.array([state_positions, *[_REGION_POSITIONS] * regions, *sizes], np.int32)
    n, districts = len(positions), len(positions) - 1 - regions
    pupils = 1000.0 * (positions / 5.0) ** 1.25
    pupils[0] = pupils[1 + regions :].sum()
    group = np.where(pupils < 1000, 0, np.where(pupils < 5000, 1, 2)).astype(np.int8)
    group[: 1 + regions] = -1
    parents = [1 + i * regions // districts for i in range(districts)] if regions else [0] * districts
    return AgencyTable(
        id=np.array(["SEA", *(f"ESA-{i}" for i in range(regions)), *(f"LEA-{i:04d}" for i in range(1, districts + 1))]),
        name=np.array(
            ["State", *(f"Region {i}" for i in range(regions)), *(f"District {i + 1}" for i in range(districts))]
        ),
        state=np.full(n, "XX"),
        level=np.array([Level.SEA] + [Level.ESA] * regions + [Level.LEA] * districts, np.int8),
        parent=np.array([-1, *[0] * regions, *parents], np.int32),
        enrollment=pupils,
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=group,
        positions=positions,
        weight=np.ones(n),
    )

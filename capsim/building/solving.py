"""Levels that are solved, not drawn: the flow into routines and the floor of expertise under other rules.

A variant of a rule, or another value of a parameter of learning, would move the whole baseline, and what a plan gains
would differ only because agencies start elsewhere. So two parameters follow from the others: those that bring the mean
routine and the mean skill of one fixed reference population to where they are under the default rules and parameters.
The population is 60 synthetic districts of 2 to 30 positions below one state agency, with the default turnover,
vacancies and funding: facts of a scenario are none of its business, so turnover can still lower a scenario's baseline.

Each round settles the population anew for 20 years: ``flow *= (wanted routine / routine)^(1 / e)``, at most a factor of
3 at a time, e the elasticity seen in the round before (1 in the first), and ``floor += 1.3 (wanted skill - skill)``,
until both means are within .004, or after ten rounds. Where nothing is ever forgotten the floor ends at 0 and people
still know more than usual: that baseline cannot be reached.

Source: baseline bands (docs/assumptions.md); method assumed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from types import MappingProxyType

import numpy as np

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue.rules import RULES
from capsim.levels import Level
from capsim.measures.capacities import mean_skill
from capsim.parameters import PARAMETERS, Values, resolve_values
from capsim.parameters.table import rules_of
from capsim.processes.steps import BUILT_IN, Steps
from capsim.scenario import AgencyTable

_SIZES = (2, 3, 5, 8, 15, 30)
_MONTHS, _ROUNDS, _CLOSE = 240, 10, 0.004
_GROUPS = frozenset({"learning and routines", "priorities and ties", "climate", "implementation"})
"""Parameters of rules; those of other groups are facts of a scenario."""
FLOOR = "expertise_floor"


def flow_of(values: Values) -> str:
    """Parameter that sets the level of routines under the rule of codification that applies."""
    return "codification_rate" if rules_of(values)["codification"] == "gap" else "codification_flow"


def under_its_rules(values: Values, *, fixed: frozenset[str] = frozenset()) -> Values:
    """Values as they are under the default rules, solved under others; see `solved`."""
    usual = all(variant == RULES[rule].default for rule, variant in rules_of(values).items())
    return values if usual else solved(values, fixed=fixed)


def solved(values: Values, *, fixed: frozenset[str] = frozenset()) -> Values:
    """Values with the floor of expertise and the flow into routines that keep the baseline where it is declared.

    Parameters
    ----------
    values : mapping of str to float
        Resolved.
    fixed : frozenset of str
        Parameters that a scenario sets itself; they stay.
    """
    free = tuple(name for name in (flow_of(values), FLOOR) if name not in fixed)
    own = {
        name: values[name]
        for name, declared in PARAMETERS.items()
        if declared.group in _GROUPS and name not in free and values[name] != declared.default
    }
    return MappingProxyType({**values, **_solution(tuple(sorted(own.items())), tuple(rules_of(values).items()), free)})


@functools.lru_cache(maxsize=256)
def _solution(
    own: tuple[tuple[str, float], ...], rules: tuple[tuple[str, str], ...], free: tuple[str, ...]
) -> dict[str, float]:
    """Solved values of the free parameters; the others of the reference population are `own` and the defaults."""
    values = dict(resolve_values(dict(own), dict(rules)))
    flow, wanted = flow_of(values), _usual_means()
    elasticity, before = 1.0, (values[flow], 0.0)
    for _ in range(_ROUNDS):
        means = reference_means(values)
        lack_of_skill, lack_of_routine = (usual - mean for usual, mean in zip(wanted, means, strict=True))
        if abs(lack_of_routine) < _CLOSE and abs(lack_of_skill) < _CLOSE:
            break
        if before[1] > 0.0 and values[flow] != before[0]:
            seen = np.log(means[1] / before[1]) / np.log(values[flow] / before[0])
            elasticity = float(np.clip(seen, 0.2, 1.5))
        before = (values[flow], means[1])
        factor = float(np.clip((wanted[1] / max(means[1], 1e-6)) ** (1.0 / elasticity), 1.0 / 3.0, 3.0))
        changed = {flow: values[flow] * factor, FLOOR: values[FLOOR] + 1.3 * lack_of_skill}
        values |= {name: _allowed(name, changed[name]) for name in free}
    return {name: values[name] for name in free}


@functools.cache
def _usual_means() -> tuple[float, float]:
    """Means of the reference population under the default rules and parameters."""
    return reference_means(resolve_values())


def reference_means(values: Values) -> tuple[float, float]:
    """Mean skill and routine of the districts of the reference population in the last of 20 years."""
    layout = build_layout(synthetic_districts(_SIZES * 10), values, areas=tuple("abcde"), key=1)
    world, districts = initial_world(layout, values, key=1), layout.level == Level.LEA
    steps, means = Steps(BUILT_IN, world, 1), np.zeros(2)
    own = dict(values)  # constants of a month are kept by identity
    for month in range(_MONTHS):
        steps.advance(world, own)
        if month >= _MONTHS - 12:
            means += mean_skill(layout.first, world.skill)[districts].mean(), world.routine[districts].mean()
    return float(means[0]) / 12, float(means[1]) / 12


def _allowed(name: str, wanted: float) -> float:
    declared = PARAMETERS[name]
    return min(declared.maximum, max(declared.minimum, wanted))


def synthetic_districts(sizes: Iterable[int]) -> AgencyTable:
    """One state agency of 120 positions above districts of the given sizes; pupils follow from positions."""
    positions = np.array([120, *sizes], np.int32)
    n = len(positions)
    pupils = 1000.0 * (positions / 5.0) ** 1.25
    pupils[0] = pupils[1:].sum()
    group = np.where(pupils < 1000, 0, np.where(pupils < 5000, 1, 2)).astype(np.int8)
    group[0] = -1
    return AgencyTable(
        id=np.array(["SEA", *(f"LEA-{i:04d}" for i in range(1, n))]),
        name=np.array(["State", *(f"District {i}" for i in range(1, n))]),
        state=np.full(n, "XX"),
        level=np.array([Level.SEA] + [Level.LEA] * (n - 1), np.int8),
        parent=np.array([-1] + [0] * (n - 1), np.int32),
        enrollment=pupils,
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=group,
        positions=positions,
        weight=np.ones(n),
    )

"""What a state agency is worth to districts: nothing by ties alone at weight 0, something at 1 and 2."""

from collections.abc import Callable
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

from capsim.building import run_key, settled_world
from capsim.building.solving import under_its_rules
from capsim.levels import LEA, SEA
from capsim.parameters import Values, resolve_values
from capsim.processes.steps import Steps
from capsim.scenario import Scenario, scenario_from_mapping
from capsim.world import World

from .settled import PROCESSES

NOTHING = MappingProxyType(
    {
        "liaison_chance": 0.0,
        "spread_rate": 0.0,
        "boundary_discount": 0.0,
        "plan_parent_rate": 0.0,
        "support_plan_rate": 0.0,
        "alignment_weight": 0.0,
    }
)
"""Without ties between levels, plans and alignment."""
MONTHS = 48


def scenario() -> Scenario:
    return scenario_from_mapping(
        {
            "name": "a state",
            "agencies": {"source": "synthetic", "districts": 16, "regions": 0},
            "question": {"contrast": ["organization_focused", "none"]},
            "timeline": {"settling": 96},
            "assistance": {"budget_hours_per_year": 100},
            "strategies": ["none", "organization_focused"],
        }
    )


def values_at(weight: float, **more: float) -> Values:
    return under_its_rules(resolve_values({**NOTHING, "support_weight": weight, **more}))


@cache
def settled(weight: float, seed: int, **more: float) -> tuple[World, Values]:
    values = values_at(weight, **more)
    return settled_world(scenario(), values, PROCESSES, run_key=run_key(1, seed)).world, values


def districts_after(world: World, values: Values, change: Callable[[World], None] = lambda world: None) -> np.ndarray:
    """All that districts are, after four years from a world that is changed first."""
    world = world.copy()
    change(world)
    steps = Steps(PROCESSES, world, run_key(1, 7))
    for _ in range(MONTHS):
        steps.advance(world, values)
    here = world.layout.level == LEA
    people = here[world.layout.organization]
    return np.concatenate([world.use[here].ravel(), world.routine[here].ravel(), world.skill[people].ravel()])


def of_state(world: World) -> slice:
    (state,) = np.flatnonzero(world.layout.level == SEA)
    return slice(world.layout.first[state], world.layout.first[state + 1])


def with_routine(world: World) -> None:
    """A state agency with half as much routine again, and more."""
    state = world.layout.level == SEA
    world.routine[state] = np.minimum(1.0, world.routine[state] + 0.3)


def with_skill(world: World) -> None:
    """A state agency whose people can do more."""
    here = of_state(world)
    world.skill[here] = np.where(world.person[here, None] >= 0, np.minimum(1.0, world.skill[here] + 0.3), 0.0)


@pytest.mark.parametrize("change", [with_routine, with_skill])
def test_a_state_agency_matters_by_support_alone(change: Callable[[World], None]) -> None:
    """Exactly nothing at weight 0; more use in districts at 1, and more again at 2."""
    gains = []
    for weight in (0.0, 1.0, 2.0):
        differences = []
        for seed in range(2):
            world, values = settled(weight, seed)
            plain, changed = districts_after(world, values), districts_after(world, values, change)
            differences.append(changed - plain)
        use = world.layout.n_areas * int((world.layout.level == LEA).sum())
        gains.append(float(np.mean([one[:use].mean() for one in differences])))
        if weight == 0.0:
            assert all((one == 0.0).all() for one in differences)
    assert gains[0] == 0.0 < gains[1] < gains[2]


STABLE = {"sea_annual_exit": 0.09, "sea_chief_annual_exit": 0.10}
RESTLESS = {"sea_annual_exit": 0.40, "sea_chief_annual_exit": 0.50}
FREE, BOUND = {"compliance_share": 0.0}, {"compliance_share": 0.8}


@pytest.mark.parametrize(("good", "bad"), [(STABLE, RESTLESS), (FREE, BOUND)])
def test_turnover_and_compliance_of_the_state_agency_matter_by_support_alone(
    good: dict[str, float], bad: dict[str, float]
) -> None:
    """Worlds that settle and go on under either: the same districts to the digit at weight 0, others at 1 and 2."""
    gains = []
    for weight in (0.0, 1.0, 2.0):
        both = [[districts_after(*settled(weight, seed, **facts)) for seed in range(2)] for facts in (good, bad)]
        use = 5 * 16
        gains.append(float(np.mean([(a - b)[:use].mean() for a, b in zip(*both, strict=True)])))
        if weight == 0.0:
            assert all(np.array_equal(a, b) for a, b in zip(*both, strict=True))
    assert gains[0] == 0.0 < gains[1] < gains[2]

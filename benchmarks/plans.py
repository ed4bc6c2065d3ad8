"""Measure what plans, and the practices that every plan meets, cost a month of Ohio; rows of the table of speed."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

from benchmarks.measuring import PROCESSES, VALUES, Row, all_of_ohio, best, simulation
from capsim.building import run_key, settled_world
from capsim.catalogue import STRATEGIES
from capsim.parameters import Values, resolve_values
from capsim.scenario import Scenario, load_scenario
from capsim.world import World


def whole_run(scenario: Scenario, world: World, name: str, values: Values = VALUES) -> None:
    """60 + 60 months of a strategy from a settled world."""
    hours = scenario.assistance.budget_hours_per_year
    run_of_it = simulation(world, hours, 60, values, follow_up=60, name=name)
    for _ in range(120):
        run_of_it.advance()


def in_turn(work: Mapping[str, Callable[[], object]], rounds: int = 5) -> dict[str, float]:
    """Shortest seconds of each, measured in turn because a shared machine is not equally fast all the time."""
    seconds = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        seconds = {name: min(shortest, best(work[name], 1)) for name, shortest in seconds.items()}
    return seconds


def practice_rows() -> Iterator[Row]:
    """What support from above and tools cost a month, in Ohio under the strategy that makes most tools."""
    scenario = load_scenario("ohio")
    world = settled_world(scenario, VALUES, PROCESSES, run_key=run_key(1, 0)).world
    off = {"support": {"support_weight": 0.0}, "tools": {"tool_rate": 0.0}}
    off["support and tools"] = off["support"] | off["tools"]
    values = {name: resolve_values(numbers) for name, numbers in {"": {}, **off}.items()}
    work = {name: functools.partial(whole_run, scenario, world, "working_groups", own) for name, own in values.items()}
    seconds = in_turn(work, 11)
    for name in off:
        yield f"Ohio, 120 districts, a month with {name}", f"{seconds[''] / seconds[name]:.2f} times without", "1.15"


def slowest_strategy() -> tuple[str, float]:
    """The named strategy that takes longest in Ohio with all 609 districts, and its time over that of `none`."""
    scenario = all_of_ohio()
    world = settled_world(scenario, VALUES, PROCESSES, run_key=run_key(1, 0)).world
    seconds = in_turn({name: functools.partial(whole_run, scenario, world, name) for name in STRATEGIES})
    slowest = max(seconds, key=lambda name: seconds[name])
    return slowest, seconds[slowest] / seconds["none"]


def plan_rows() -> Iterator[Row]:
    """All of them."""
    yield from practice_rows()
    slowest, ratio = slowest_strategy()
    yield f"Ohio, 609 districts, slowest strategy ({slowest})", f"{ratio:.2f} times none", "1.5"

"""What is measured, and how: worlds of a size, runs that are ready to step, the shortest of several times.

One thread does the work of numpy, whoever measures.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.engine.strategies import resolve_strategy
from capsim.parameters import Values, resolve_values
from capsim.scenario import AgencyTable, Scenario, load_scenario, scenario_from_mapping
from capsim.world import World

PROCESSES = column_processes(MONTH)
VALUES = resolve_values()
STRATEGY = "organization_focused"
Row = tuple[str, str, str]


def districts(positions: int) -> World:
    """Unsettled world of one state agency and districts of 12 positions, about `positions` in all."""
    sizes = np.array([120] + [12] * ((positions - 120) // 12), np.int32)
    n = len(sizes)
    table = AgencyTable(
        id=np.array([f"A{i:06d}" for i in range(n)]),
        name=np.array([f"Agency {i}" for i in range(n)]),
        state=np.full(n, "XX"),
        level=np.array([1] + [3] * (n - 1), np.int8),
        parent=np.array([-1] + [0] * (n - 1), np.int32),
        enrollment=np.full(n, 3000.0),
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=np.array([-1] + [1] * (n - 1), np.int8),
        positions=sizes,
        weight=np.ones(n),
    )
    return initial_world(build_layout(table, VALUES, areas=tuple("abcde"), key=1), VALUES, key=1)


def simulation(
    world: World, yearly_hours: float, months: int, values: Values = VALUES, *, follow_up: int = 0, name: str = STRATEGY
) -> Simulation:
    """A run that is ready to step."""
    _, make = resolve_strategy(load_scenario("ohio"), name)
    return Simulation(
        world.copy(),
        values,
        make(values),
        processes=PROCESSES,
        assistance_months=months,
        follow_up_months=follow_up,
        yearly_hours=yearly_hours,
        run_key=1,
    )


def best(work: Callable[[], object], repetitions: int, *, clock: Callable[[], float] = time.process_time) -> float:
    """Shortest of several times, in seconds."""
    times = []
    for _ in range(repetitions):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def seconds_per_month(world: World, yearly_hours: float, months: int, times: int, values: Values = VALUES) -> float:
    """Seconds of a month with assistance, settled for a year first."""
    warm = simulation(world, yearly_hours, 12, values)
    for _ in range(12):
        warm.advance()
    settled = warm.world
    settled.month = 0

    def run() -> float:
        run_of_it = simulation(settled, yearly_hours, months, values)
        start = time.process_time()
        for _ in range(months):
            run_of_it.advance()
        return time.process_time() - start

    return min(run() for _ in range(times)) / months


def all_of_ohio(**keys: Any) -> Scenario:
    """The scenario with its 609 districts, and with other values of some keys."""
    content = load_scenario("ohio").resolved()
    return scenario_from_mapping({**content, **keys, "agencies": {**content["agencies"], "sample": 0}})

"""Small worlds for the verification: agencies, values, strategies and the engine's own month."""

import numpy as np

from capsim.assistance.composed import ComposedStrategy
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.settled import settle
from capsim.catalogue import STRATEGIES
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.scenario import AgencyTable

PROCESSES = column_processes(MONTH)
AREAS = ("equity", "integration", "data_use")
SEA, ESA, LEA = 1, 2, 3


def agency_table(agencies):
    """Table of agencies given as (id, level, parent row, positions), parents first; all of one state."""
    ids, levels, parents, positions = zip(*agencies, strict=True)
    n = len(ids)
    return AgencyTable(
        id=np.array(ids),
        name=np.array(ids),
        state=np.full(n, "XX"),
        level=np.array(levels, np.int8),
        parent=np.array(parents, np.int32),
        enrollment=np.array(positions) * 150.0,
        density=np.full(n, np.nan),
        sparse=np.arange(n) % 3 == 0,
        size_group=np.where(np.array(levels) == LEA, 1, -1).astype(np.int8),
        positions=np.array(positions, np.int32),
        weight=np.ones(n),
    )


SMALL_STATE = (
    ("state", SEA, -1, 20),
    ("region", ESA, 0, 8),
    ("one", LEA, 1, 3),
    ("two", LEA, 1, 9),
    ("three", LEA, 0, 14),
    ("four", LEA, 0, 26),
)


def new_world(values, *, key, agencies=SMALL_STATE, areas=AREAS):
    layout = build_layout(agency_table(agencies), values, areas=areas, key=key)
    return initial_world(layout, values, key=key)


def settled_world(values, *, key, months=24, agencies=SMALL_STATE):
    world = new_world(values, key=key, agencies=agencies)
    return settle(world, values, PROCESSES, run_key=key, months=months).world


def shipped(name, values):
    return ComposedStrategy(STRATEGIES[name], values)


def simulation(world, values, strategy, *, key, assistance=24, follow_up=12, yearly_hours=3000.0, log=True):
    return Simulation(
        world,
        values,
        strategy,
        processes=PROCESSES,
        assistance_months=assistance,
        follow_up_months=follow_up,
        yearly_hours=yearly_hours,
        run_key=key,
        log=log,
    )

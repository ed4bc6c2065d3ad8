"""A program on a small world: what strategies decide is delivered without the rest of the month."""

from functools import cache

import numpy as np

from capsim.assistance.program import Program
from capsim.assistance.strategy import Delivery, Strategy
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue import ACTIVITIES
from capsim.engine.run import assistance_process
from capsim.processes.steps import Steps
from capsim.scenario import AgencyTable
from capsim.world.slots import vacate
from tests.simplest import simplest

VALUES = simplest()
CENTER, SEA, ESA, LEA, SCHOOL = 0, 1, 2, 3, 4
AREAS = ("equity", "integration", "data_use", "literacy", "mathematics", "climate", "alignment", "leadership")
SMALL = (("state", SEA, -1, 6), ("region", ESA, 0, 4), ("large", LEA, 1, 20), ("three", LEA, 1, 3), ("one", LEA, 0, 1))
"""Id, level, row of the parent and positions of each agency."""
KEY = 4


def agency_table(agencies):
    """Table of agencies, parents first; some are sparse, and some are small."""
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


def new_world(values=VALUES, *, agencies=SMALL, areas=3, key=KEY, vacancies=True):
    """A world of agencies that differ in everything, with a vacancy here and there; a center comes with it."""
    return _new_world(tuple(sorted(values.items())), agencies, areas, key, vacancies).copy()


@cache
def _new_world(values, agencies, areas, key, vacancies):
    values = dict(values)
    layout = build_layout(agency_table(agencies), values, areas=AREAS[:areas], key=key)
    world = initial_world(layout, values, key=key)
    stir(world, key)
    for i in range(4, layout.center[0], 9) if vacancies else ():
        vacate(world, i, i + 1)
    return world


def stir(world, seed):
    """Give every state of people and agencies a number of its own, away from 0 and 1."""
    random = np.random.Generator(np.random.Philox(seed))
    held = world.person >= 0
    for name in ("skill", "engagement", "attention"):
        column = getattr(world, name)
        column[held] = 0.2 + 0.6 * random.random(column[held].shape)
    for name in ("use", "culture", "data_systems", "resource_alignment", "committed"):
        column = getattr(world, name)
        column[:] = 0.2 + 0.6 * random.random(column.shape)
    world.routine[:] = 0.05 + 0.2 * random.random(world.routine.shape)  # less than what people know
    ties = world.tie_to >= 0
    world.tie_strength[ties] = 0.2 + 0.6 * random.random(ties.sum())
    world.priority[held] = random.dirichlet(np.ones(world.plan.shape[1]), held.sum())
    world.plan[:] = random.dirichlet(np.ones(world.plan.shape[1]), len(world.plan))


class Wish(Strategy):
    """Returns what it was given; a function is called with view, month and budget."""

    name = "wish"

    def __init__(self, wish, draws_per_row=0):
        self.wish, self.draws_per_row = wish, draws_per_row

    def decide(self, view, month, budget, draws):
        return self.wish(view, month, budget) if callable(self.wish) else self.wish


def program_for(world, strategy, *, values=VALUES, months=12, yearly_hours=1200.0, key=KEY, log=True):
    """A program that keeps all its books."""
    return Program(strategy, world, values, months=months, yearly_hours=yearly_hours, run_key=key, log=log)


def assist(world, program, *, values=VALUES, key=KEY):
    """One month of assistance alone."""
    Steps((assistance_process(program, world.layout.n_areas),), world, key).advance(world, values)


def deliver(world, *deliveries, values=VALUES, **kinds):
    """Deliver in one month; the program."""
    program = program_for(world, Wish(list(deliveries)), values=values, **kinds)
    assist(world, program, values=values)
    return program


def idle(world, *, values=VALUES, **kinds):
    """The same world after a month in which nothing was delivered: the center opens, whatever the strategy does."""
    other = world.copy()
    deliver(other, values=values, **kinds)
    return other


def delivery(activity="coaching", hours=5.0, **where):
    return Delivery(activity=activity, hours=hours, **({"organizations": [2], "areas": 0} | where))


NOTED = ("practice", "lessons", "helped", "supported")
"""Notes on help that other rules read; the twin keeps them too."""


def changed(before, world):
    return {
        name
        for (name, old), (_, new) in zip(before.columns(), world.columns(), strict=True)
        if not np.array_equal(old, new, equal_nan=True) and name not in NOTED
    }


def members(world, agency):
    """Positions of an agency, as a slice."""
    return slice(int(world.layout.first[agency]), int(world.layout.first[agency + 1]))


def accounts(activity, area=1):
    """Columns that hours of an activity write whatever its effects; a publication asks nobody to work on its area."""
    on_an_area = area >= 0 and ACTIVITIES[activity].tier != "universal"
    return {"recipient_hours", "ta_hours", *(["areas_served", "load"] if on_an_area else [])}

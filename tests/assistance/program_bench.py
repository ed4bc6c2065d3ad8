"""A program on a small settled-looking world: what strategies decide is delivered without the rest of the month."""

import numpy as np

from capsim.assistance.program import Program
from capsim.assistance.strategy import Delivery, Strategy
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.instruments.rubric import NUMBERS_PER_AREA
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable

VALUES = resolve_values()
SIZES, LEVELS, PARENTS = (6, 4, 20, 3, 1), (1, 2, 3, 3, 3), (-1, 0, 1, 1, 0)
KEY = 4


def new_world(values=VALUES, *, sizes=SIZES, levels=LEVELS, parents=PARENTS, areas=3):
    n = len(sizes)
    table = AgencyTable(
        id=np.array([f"agency {j}" for j in range(n)]),
        name=np.array([f"agency {j}" for j in range(n)]),
        state=np.full(n, "XX"),
        level=np.array(levels, np.int8),
        parent=np.array(parents, np.int32),
        enrollment=np.full(n, 1000.0),
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=np.zeros(n, np.int8),
        positions=np.array(sizes, np.int32),
        weight=np.ones(n),
    )
    layout = build_layout(table, values, areas=tuple("abcdefgh"[:areas]), key=KEY)
    return initial_world(layout, values, key=KEY)


class Wish(Strategy):
    """Returns what it was given; a function is called with view, month and budget."""

    name = "wish"

    def __init__(self, wish, draws_per_row=0):
        self.wish, self.draws_per_row = wish, draws_per_row

    def decide(self, view, month, budget, draws):
        return self.wish(view, month, budget) if callable(self.wish) else self.wish


def program_for(world, strategy, *, values=VALUES, months=12, yearly_hours=1200.0):
    return Program(strategy, world, values, months=months, yearly_hours=yearly_hours, run_key=KEY)


def assist(world, program, *, values=VALUES, seed=1):
    """One month of assistance, with random numbers of its own."""
    columns = NUMBERS_PER_AREA * world.layout.n_areas + program.strategy.draws_per_row
    numbers = np.random.Generator(np.random.Philox(seed)).random((world.layout.n_organizations, columns))
    program.assist(world, numbers, values)
    world.month += 1


def deliver(world, *deliveries, values=VALUES, **kinds):
    """Deliver in one month; the program."""
    program = program_for(world, Wish(list(deliveries)), values=values, **kinds)
    assist(world, program, values=values)
    return program


def delivery(activity="coaching", hours=5.0, **where):
    return Delivery(activity=activity, hours=hours, **({"organizations": [2], "areas": 0} | where))


def changed(before, world):
    return {
        name for (name, old), (_, new) in zip(before.columns(), world.columns(), strict=True)
        if not np.array_equal(old, new, equal_nan=True)
    }  # fmt: skip


HOURS = {"recipient_hours", "ta_hours", "areas_served"}
"""Columns that every delivery of hours writes."""

"""A handful of people, hand-made random numbers, and neutral values: the bench on which a process is tried alone."""

import dataclasses

import numpy as np

from capsim.assistance.center import close_center
from capsim.building.layout import build_layout
from capsim.processes.process import Numbers
from capsim.scenario import AgencyTable
from capsim.world import MAX_TIES, Bank, World
from tests.simplest import simplest

SEA, ESA, LEA = 1, 2, 3
NEVER = 0.999999
"""A random number at which nothing happens by chance."""
STEADY = {
    "season_amplitude": 0.0,
    "tenure_gradient": 0.0,
    "exit_culture_slope": 0.0,
    "exit_engagement_slope": 0.0,
    "exit_normalisation": 1.0,
}


def values_with(**overrides):
    return simplest({**STEADY, **overrides})


def people(*sizes, levels=None, parents=None, states=None, areas=2, experts=0):
    """World of agencies of the given sizes: everybody there, skill .5, equal priorities, culture .5, no ties.

    Resources are aligned at their base, .5, two initiatives of others are on, and nobody owes time to compliance. A TA
    center with so many vacant positions for experts comes last; none by default. Person and position have the same
    number. Bank: two profiles, (.2, .2) and (.4, .4), that care for the first and for the second area.
    """
    n = len(sizes)
    table = AgencyTable(
        id=np.array([f"agency {j}" for j in range(n)]),
        name=np.array([f"agency {j}" for j in range(n)]),
        state=np.array(states or ["XX"] * n),
        level=np.array(levels or [LEA] * n, np.int8),
        parent=np.array(parents or [-1] * n, np.int32),
        enrollment=np.full(n, 1000.0),
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=np.zeros(n, np.int8),
        positions=np.array(sizes, np.int32),
        weight=np.ones(n),
    )
    layout = build_layout(table, simplest({"center_experts": experts}), areas=tuple("abcdefgh"[:areas]), key=1)
    still = {f"{name}_effect": np.zeros(len(layout.ids)) for name in ("culture", "engagement", "data_systems")}
    layout = dataclasses.replace(layout, hazard=np.where(layout.labour_group < 0, 0.0, 0.1), **still)
    bank = Bank(np.array([[0.2] * areas, [0.4] * areas]), np.eye(2, areas))
    world = World.vacant(layout, bank)
    P = layout.n_positions
    world.person[:] = np.arange(P)
    world.next_person[0] = P
    world.tenure[:] = 10
    world.skill[:] = 0.5
    world.disposition[:] = 1.0 / areas
    world.priority[:] = 1.0 / areas
    world.engagement[:] = 0.6
    world.routine[:] = 0.5
    world.culture[:] = 0.5
    world.data_systems[:] = 0.5
    world.resource_alignment[:] = 0.5
    world.outside_initiatives[:] = 2
    close_center(world)
    return world


def vacate(world, position, months=1):
    """Empty a position, as it looks `months` months after its holder left."""
    world.person[position] = -1
    world.vacant_months[position] = months
    for column in (world.tenure, world.skill, world.disposition, world.priority, world.attention, world.engagement):
        column[position] = 0
    world.tie_to[position] = -1
    world.tie_strength[position] = 0.0
    dead = world.tie_to == position
    world.tie_to[dead] = -1
    world.tie_strength[dead] = 0.0


def tie(world, i, contact, strength=0.5, slot=None):
    """Put a tie into a slot, the lowest free one by default."""
    slot = int(np.flatnonzero(world.tie_to[i] < 0)[0]) if slot is None else slot
    world.tie_to[i, slot] = contact
    world.tie_strength[i, slot] = strength


def contacts(world, i):
    return [int(contact) for contact in world.tie_to[i] if contact >= 0]


def numbers_for(process, world, *, position=(), organization=(), whole=()):
    """Numbers of a process, `NEVER` but for the given ``{(row, column): number}``."""
    layout, draws = world.layout, process.draws
    numbers = Numbers(
        position=np.full((layout.n_positions, draws.position), NEVER),
        organization=np.full((layout.n_organizations, draws.organization + draws.area * layout.n_areas), NEVER),
        world=np.full((1, draws.world), NEVER),
    )
    for block, given in ((numbers.position, position), (numbers.organization, organization), (numbers.world, whole)):
        for place, number in dict(given).items():
            block[place] = number
    return numbers


def run(process, world, values, **given):
    """Apply a process once, with given numbers."""
    process.apply(world, numbers_for(process, world, **given), values)


def changed(before, world):
    """Names of the columns that differ from a copy made before."""
    return {
        name
        for (name, old), (_, new) in zip(before.columns(), world.columns(), strict=True)
        if not np.array_equal(old, new, equal_nan=True)
    }


def free_slots(world, i):
    return MAX_TIES - len(contacts(world, i))

"""Harder prerequisites never help: not one delivery of any activity, not a whole run."""

import itertools

import numpy as np
import pytest

import capsim
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.rules import RULES
from capsim.parameters import resolve_values
from tests.assistance.program_bench import deliver, delivery, idle, new_world

from .by_hand import COLUMN_OF

HARDER = (0.0, 0.1, 0.2, 0.4, 0.8)
UNBOUND = {"readiness_cap": 1.5, "role_redesign_floor": 0.0, "support_weight": 0.0}
"""Nothing but readiness stands in the way."""
MOVING = [name for name, row in ACTIVITIES.items() if row.channels]


def moved(activity, values):
    """How far each column goes in a month with 20 hours of the activity."""
    world = new_world(values)
    before = idle(world, values=values)
    area = 1 if ACTIVITIES[activity].by_area else -1
    deliver(world, delivery(activity, 20.0, areas=area), values=values)
    columns = {COLUMN_OF[channel] for channel in ACTIVITIES[activity].channels}
    return {name: float(np.abs(getattr(world, name) - getattr(before, name)).sum()) for name in columns - {"tie_to"}}


@pytest.mark.parametrize("readiness", RULES["readiness"].variants)
@pytest.mark.parametrize("activity", MOVING)
def test_a_harder_prerequisite_never_lets_an_activity_do_more(activity, readiness):
    rows = [
        moved(
            activity,
            resolve_values({**UNBOUND, f"{activity}_prerequisite": level}, {"readiness": readiness}),
        )
        for level in HARDER
    ]
    for easy, hard in itertools.pairwise(rows):
        for column, distance in easy.items():
            assert hard[column] <= distance + 1e-12, column
    if rows[0]:
        assert sum(rows[-1].values()) < 0.5 * sum(rows[0].values())


def use_at_the_end(level):
    """Use of the classroom's districts when help ends, every prerequisite at one level."""
    fixed = {"exit_culture_slope": 0.0, "exit_engagement_slope": 0.0}  # the same people leave, however much is learned
    needs = {f"{name}_prerequisite": level for name in ACTIVITIES}
    model = capsim.CapacityModel("classroom", strategy="blended", seed=3, parameters={**fixed, **needs})
    for _ in range(24):
        model.step()
    return float(model.history.query("level == 'lea'")["use"].iloc[-1])


def test_a_scenario_with_harder_prerequisites_never_gains_by_it():
    uses = [use_at_the_end(level) for level in HARDER]
    assert all(more < less for less, more in itertools.pairwise(uses)), uses

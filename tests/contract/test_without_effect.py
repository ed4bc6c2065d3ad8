"""Hours that have no effect leave potential as it was that month, whoever takes part, under all forms of attendance."""

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES, MEASURES
from capsim.measures.organizations import measure_organizations
from capsim.parameters import resolve_values
from tests.assistance.program_bench import deliver, delivery, idle, new_world

POTENTIAL = list(MEASURES).index("potential")
RULES = ({}, {"participation": "work", "disuse": "hours", "enactment": "workers", "codification": "stock"})


def without_effect(activity, rules):
    """Values under which an activity changes nothing."""
    channels = ["knowledge" if one == "skill" else one for one in ACTIVITIES[activity].channels]
    return resolve_values({f"{activity}_{channel}": 0.0 for channel in channels}, rules)


def potential(world, values):
    return measure_organizations(world, values)[POTENTIAL]


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_potential_stays(activity, rules):
    values = without_effect(activity, rules)
    world = new_world(values)
    before = idle(world, values=values)
    program = deliver(world, delivery(activity, 40.0), values=values)
    assert program.ledger.spent == 40.0
    assert np.array_equal(potential(world, values), potential(before, values), equal_nan=True)


def test_with_an_effect_it_moves():
    values = resolve_values()
    world = new_world(values)
    before = idle(world, values=values)
    deliver(world, delivery("coaching", 40.0), values=values)
    assert potential(world, values)[2] > potential(before, values)[2]

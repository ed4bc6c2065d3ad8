"""Parameters that take effect in a world that was settled under others."""

import pickle

import numpy as np

from capsim.building import run_key, settled_world
from capsim.building.settled import rebind
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.parameters import resolve_values
from capsim.scenario import load_scenario


def test_hazards_and_newcomers_follow_the_parameters_and_nothing_else_moves():
    scenario, key = load_scenario("classroom"), run_key(1, 0)
    values = resolve_values(scenario.parameters)
    world = settled_world(scenario, values, column_processes(MONTH), run_key=key).world
    hazard, skill = world.layout.hazard.copy(), world.bank.skill.copy()
    before = world.copy()
    rebind(world, values, run_key=key)
    assert np.array_equal(world.layout.hazard, hazard)
    assert np.array_equal(world.bank.skill, skill)
    changed = {**values, "lea_annual_exit": 0.95, "newcomer_skill": values["newcomer_skill"] + 0.1}
    rebind(world, changed, run_key=key)
    assert world.layout.hazard.max() > 2.0 * hazard.max()
    assert world.bank.skill.mean() > skill.mean() + 0.05
    assert world.arrays.hazard is world.layout.hazard
    for (name, now), (_, then) in zip(world.columns(), before.columns(), strict=True):
        assert np.array_equal(now, then), name


def test_a_settled_world_is_stored_and_read_with_its_parameters():
    scenario, key = load_scenario("classroom"), run_key(1, 0)
    values = resolve_values(scenario.parameters)
    settled = settled_world(scenario, values, column_processes(MONTH), run_key=key)
    read = pickle.loads(pickle.dumps(settled))
    assert read.values == values
    for (name, now), (_, then) in zip(read.world.columns(), settled.world.columns(), strict=True):
        assert np.array_equal(now, then), name

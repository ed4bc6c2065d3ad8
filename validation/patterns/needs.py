"""How much districts need, in truth and as instruments tell, from a world and the readings of a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.noise import deviates, likert
from capsim.instruments.readings import Readings
from capsim.measures.capacities import mean_skill
from capsim.parameters import Values
from capsim.streams.squares import uniforms
from capsim.world import World
from validation.patterns.starting import districts_of

_PURPOSE = "instrument:self_rating"


def true_gap(world: World) -> NDArray[np.float64]:
    """1 - mean over areas of (skill + routine) / 2, (districts,)."""
    rows = districts_of(world)
    people = mean_skill(world.layout.first, world.skill)[rows]
    return np.asarray(1.0 - 0.5 * (people + world.routine[rows]).mean(axis=1))


def rubric_need(readings: Readings, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same as last read; NaN where nobody has read."""
    return np.asarray(1.0 - 0.5 * (readings.skill[rows] + readings.routine[rows]).mean(axis=1))


def self_rating(world: World, values: Values, *, run_key: int, month: int) -> NDArray[np.float64]:
    """What districts say of the skill of those who are there, on a scale of 1 to 5, (districts,)."""
    layout, rows = world.layout, districts_of(world)
    held = world.person >= 0
    holders = np.bincount(layout.organization[held], minlength=layout.n_organizations)
    total = np.bincount(layout.organization, world.skill.mean(axis=1) * held, layout.n_organizations)
    numbers = uniforms(run_key=run_key, purpose=_PURPOSE, identity=layout.identity, columns=2, month=month)
    radius, direction = deviates(numbers[rows])[:, :, 0]
    skill = np.divide(total[rows], holders[rows], out=np.full(len(rows), np.nan), where=holders[rows] > 0)
    return likert(skill, values["likert_noise_sd"] * radius * direction, values["likert_leniency"])

"""Rao and Argote (2006): groups of three over five trials, with or without roles and routines, with or without turnover.

The paper is an experiment with people; this is the smallest model that holds its explanation, that what is embedded in
roles and routines stays when people leave. A product takes six operations. Who does an operation gets better at it:
skill s goes to s + LEARNING (1 - s). High structure: every operation belongs to a position, and what is learned there
is embedded to a degree: routine r goes to r + LEARNING embedded (1 - r), stays when the person leaves, and whoever does
the operation does it at max(s, r). Low structure: a group that knows its members gives an operation to the one who is
best at it, another gives it to anybody; it knows them with probability 1 - exp(-FAMILIARITY trials together), counted
from the last change of a member. With turnover one member is replaced after every trial by somebody without skill.
Output of a trial is the mean of how well its operations are done. Every number is an assumption.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

MEMBERS, OPERATIONS, TRIALS = 3, 6, 5
START, LEARNING = 0.2, 0.4
"""Skill of somebody who never did an operation, and the share of what is left that one trial teaches."""
EMBEDDED = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of what a role's holder learns becomes the role's routine; the paper's explanation needs more than 0."""
FAMILIARITY = 1.0


class Condition(NamedTuple):
    """A cell of the experiment."""

    structure: bool
    turnover: bool


CONDITIONS = {
    "high structure, no turnover": Condition(structure=True, turnover=False),
    "high structure, turnover": Condition(structure=True, turnover=True),
    "low structure, no turnover": Condition(structure=False, turnover=False),
    "low structure, turnover": Condition(structure=False, turnover=True),
}


def outputs(rng: Generator, condition: Condition, embedded: float, groups: int) -> NDArray[np.float64]:
    """Output of groups by trial, (groups, TRIALS)."""
    skill = np.full((groups, MEMBERS, OPERATIONS), START)
    routine = np.zeros((groups, OPERATIONS))
    together = np.zeros(groups)
    done = np.empty((groups, TRIALS))
    every = np.arange(groups)
    for trial in range(TRIALS):
        who = _assign(rng, condition, skill, together)
        worker = np.take_along_axis(skill, who[:, None, :], axis=1)[:, 0]
        done[:, trial] = np.maximum(worker, routine).mean(axis=1)
        np.put_along_axis(skill, who[:, None, :], (worker + LEARNING * (1.0 - worker))[:, None, :], axis=1)
        if condition.structure:
            routine += LEARNING * embedded * (1.0 - routine)
        together += 1.0
        if condition.turnover:
            skill[every, rng.integers(MEMBERS, size=groups)] = START
            together[:] = 0.0
    return done


def _assign(
    rng: Generator, condition: Condition, skill: NDArray[np.float64], together: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Who does each operation, (groups, OPERATIONS)."""
    groups = len(skill)
    if condition.structure:
        return np.tile(np.arange(OPERATIONS) % MEMBERS, (groups, 1))
    anybody = rng.integers(MEMBERS, size=(groups, OPERATIONS))
    best = (skill + 1e-9 * rng.random(skill.shape)).argmax(axis=1)
    known = rng.random((groups, OPERATIONS)) < (1.0 - np.exp(-FAMILIARITY * together))[:, None]
    return np.where(known, best, anybody)


def rao_table(*, runs: int, seed: int = 1) -> pd.DataFrame:
    """Output by condition, degree of embedding and trial: columns condition, embedded, trial, mean, sd, runs."""
    rows = []
    for place, (name, condition) in enumerate(CONDITIONS.items()):
        for step, embedded in enumerate(EMBEDDED):
            done = outputs(default_rng([seed, place, step]), condition, embedded, runs)
            rows += [
                (name, embedded, 1 + trial, done[:, trial].mean(), done[:, trial].std(ddof=1), runs)
                for trial in range(TRIALS)
            ]
    return pd.DataFrame(rows, columns=["condition", "embedded", "trial", "mean", "sd", "runs"])

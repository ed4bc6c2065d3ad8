"""Carley (1992): people who decide from their own experience, as a team that votes or as a hierarchy, under turnover.

A problem is a string of 27 bits; the right answer is what most of them are, or what most of its thirds mostly are. Nine analysts see three bits each. In a
team the answer of most analysts is the organization's; in a hierarchy each of three managers sees the answers of three
analysts, and the head those of the managers. Everybody counts how often each answer was right after what was seen, and
gives the more frequent one (a coin without experience, or at a tie). Between two problems everybody, or only analysts,
may be replaced by somebody without experience. The size of the task and who leaves are assumptions: only the paper's
abstract and later descriptions of the model were at hand.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from capsim.kernels import inner, kernel

ANALYSTS, MANAGERS, SEEN = 9, 3, 3
PEOPLE = ANALYSTS + MANAGERS + 1
PROBLEMS, MEASURED = 4_000, 500
"""Problems that an organization meets, and the last of them whose answers are counted."""
TASKS = {"majority": False, "majority of majorities": True}
"""By name: whether the right answer is nested, so that what a bit counts depends on the others of its third."""
EXITS = (0.0, 0.002, 0.01, 0.03, 0.1, 0.3)
"""Chance that a person is replaced between two problems."""


class Structure(NamedTuple):
    """Whether there are managers and a head, and whether they leave as analysts do."""

    hierarchy: bool
    all_leave: bool


STRUCTURES = {
    "team": Structure(hierarchy=False, all_leave=False),
    "hierarchy, everybody leaves": Structure(hierarchy=True, all_leave=True),
    "hierarchy, analysts leave": Structure(hierarchy=True, all_leave=False),
}


@inner
def _decide(rng: Generator, memory: NDArray[np.int64], seen: int) -> int:
    """What was right more often after the same was seen."""
    balance = memory[seen, 1] - memory[seen, 0]
    if balance == 0:
        return 1 if rng.random() < 0.5 else 0
    return 1 if balance > 0 else 0


@inner
def _pattern(answers: NDArray[np.int64], first: int) -> int:
    """Three answers as a number from 0 to 7."""
    return int(answers[first] + 2 * answers[first + 1] + 4 * answers[first + 2])


@inner
def _truth(bits: NDArray[np.int64], nested: bool) -> int:
    """What most bits are; nested, what most are in most thirds of the string."""
    if not nested:
        return 1 if 2 * bits.sum() > len(bits) else 0
    third = len(bits) // 3
    thirds = 0
    for part in range(3):
        thirds += 1 if 2 * bits[part * third : (part + 1) * third].sum() > third else 0
    return 1 if thirds >= 2 else 0


@inner
def _meet(rng: Generator, memory: NDArray[np.int64], hierarchy: bool, nested: bool) -> bool:
    """One problem: whether the organization is right; everybody who answered learns from it."""
    bits = np.empty(ANALYSTS * SEEN, np.int64)
    for b in range(len(bits)):
        bits[b] = 1 if rng.random() < 0.5 else 0
    truth = _truth(bits, nested)
    seen, answers = np.empty(PEOPLE, np.int64), np.empty(PEOPLE, np.int64)
    people = PEOPLE if hierarchy else ANALYSTS
    for i in range(people):
        seen[i] = _pattern(bits, SEEN * i) if i < ANALYSTS else _pattern(answers, SEEN * (i - ANALYSTS))
        answers[i] = _decide(rng, memory[i], seen[i])
    for i in range(people):
        memory[i, seen[i], truth] += 1
    if hierarchy:
        return bool(answers[people - 1] == truth)
    return bool((2 * answers[:ANALYSTS].sum() > ANALYSTS) == (truth == 1))


@kernel
def work(rng: Generator, structure: Structure, nested: bool, leaving: float, problems: int, measured: int) -> float:
    """Share of right answers among the last problems that an organization meets."""
    memory = np.zeros((PEOPLE, 2**SEEN, 2), np.int64)
    right = 0
    for problem in range(problems):
        for i in range(PEOPLE if structure.all_leave else ANALYSTS):
            if rng.random() < leaving:
                memory[i] = 0
        solved = _meet(rng, memory, structure.hierarchy, nested)
        right += solved and problem >= problems - measured
    return right / measured


def carley_table(*, runs: int, seed: int = 1) -> pd.DataFrame:
    """Share of right answers by task, structure and chance of leaving: columns task, structure, exits, mean, sd, runs."""
    rows: list[tuple[str, str, float, float, float, int]] = []
    for (task, nested), (name, structure), leaving in product(TASKS.items(), STRUCTURES.items(), EXITS):
        seeds = SeedSequence([seed, len(rows)]).spawn(runs)
        shares = np.array([work(default_rng(one), structure, nested, leaving, PROBLEMS, MEASURED) for one in seeds])
        rows.append((task, name, leaving, shares.mean(), shares.std(ddof=1), runs))
    return pd.DataFrame(rows, columns=["task", "structure", "exits", "mean", "sd", "runs"])

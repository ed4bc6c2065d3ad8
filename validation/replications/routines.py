"""Miller, Pentland and Choi (2012): people with three kinds of memory who pass a problem on until its tasks are done.

A problem has ten tasks in an order; it meets fifty people, five for each task (procedural memory). Who has done a task
hands the problem on. From declarative memory, the last entries of what came next (at most `entries`, one kept with
probability REMEMBERED), the most frequent is taken to be next without looking; without an entry looking costs one step.
From transactive memory, who can do what (a receiver's skill is kept with the same probability, if there is any), the
problem goes to somebody known for that task, else to anybody. Whoever gets it and cannot do what is needed looks (one
step) and hands it on in the same way. Doing a task is one step: ten are the least. After half of the problems either
nothing happens, the order of tasks is another one, or twenty people leave, no task losing everybody.
Only abstracts of the paper and of its replication (Hauke, Achter and Meyer 2020) were at hand: the three memories are
theirs, how they are used here and the numbers are assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from capsim.kernels import inner, kernel

PEOPLE, TASKS, LEFT = 50, 10, 30
PROBLEMS = 60
REMEMBERED = 0.5


class Memory(NamedTuple):
    """Entries of declarative memory, and whether there is a transactive one."""

    entries: int
    transactive: bool


MEMORIES = {
    "who only": Memory(entries=0, transactive=True),
    "who, and what came next last": Memory(entries=1, transactive=True),
    "who, and what came next the last 25 times": Memory(entries=25, transactive=True),
    "what came next the last 25 times": Memory(entries=25, transactive=False),
    "none": Memory(entries=0, transactive=False),
}
EVENTS = ("nothing", "another order", "twenty leave")


class Staff(NamedTuple):
    """Skills (n,), entries of what came next (n, entries) and how many, who knows whose skill (n, n), who is there."""

    skill: NDArray[np.int64]
    follows: NDArray[np.int64]
    noted: NDArray[np.int64]
    knows: NDArray[np.bool_]
    there: NDArray[np.bool_]


@inner
def _expected(staff: Staff, person: int) -> int:
    """The task that came next most often, the later one of two; -1 without an entry."""
    entries = staff.follows.shape[1]
    counts = np.zeros(TASKS, np.int64)
    best = -1
    for e in range(min(staff.noted[person], entries)):
        task = staff.follows[person, (staff.noted[person] - 1 - e) % entries]
        counts[task] += 1
        if best < 0 or counts[task] > counts[best]:
            best = task
    return best


@inner
def _receiver(rng: Generator, staff: Staff, sender: int, task: int) -> int:
    """Somebody known for a task, else anybody else."""
    n = len(staff.skill)
    start = int(n * rng.random())
    for step in range(n):
        i = (start + step) % n
        if i != sender and staff.there[i] and staff.knows[sender, i] and staff.skill[i] == task:
            return i
    while True:
        i = int(n * rng.random())
        if i != sender and staff.there[i]:
            return i


@inner
def _note(rng: Generator, staff: Staff, doer: int, task: int) -> None:
    """Whoever did a task may note what came next."""
    entries = staff.follows.shape[1]
    if entries > 0 and doer >= 0 and rng.random() < REMEMBERED:
        staff.follows[doer, staff.noted[doer] % entries] = task
        staff.noted[doer] += 1


@kernel
def solve(rng: Generator, staff: Staff, order: NDArray[np.int64], transactive: bool) -> int:
    """Steps until all tasks of a problem are done in their order."""
    n = len(staff.skill)
    holder, sender, doer, steps, done = -1, -1, -1, 0, 0
    while holder < 0 or not staff.there[holder]:
        holder = int(n * rng.random())
    while True:
        steps += 1
        need = order[done]
        if staff.skill[holder] == need:
            if transactive and sender >= 0 and rng.random() < REMEMBERED:
                staff.knows[sender, holder] = True
            _note(rng, staff, doer, need)
            doer, done = holder, done + 1
            if done == len(order):
                return steps
            need = _expected(staff, holder)
            if need < 0:
                steps += 1
                need = order[done]
        sender, holder = holder, _receiver(rng, staff, holder, need)


def new_staff(memory: Memory) -> Staff:
    """People who know nothing of each other."""
    return Staff(
        skill=np.arange(PEOPLE) % TASKS,
        follows=np.zeros((PEOPLE, memory.entries), np.int64),
        noted=np.zeros(PEOPLE, np.int64),
        knows=np.zeros((PEOPLE, PEOPLE), np.bool_),
        there=np.ones(PEOPLE, np.bool_),
    )


def solve_all(rng: Generator, memory: Memory, event: str) -> NDArray[np.float64]:
    """Steps of each problem, (PROBLEMS,)."""
    staff, order = new_staff(memory), rng.permutation(TASKS)
    steps = np.empty(PROBLEMS)
    for problem in range(PROBLEMS):
        if problem == PROBLEMS // 2 and event == "another order":
            order = rng.permutation(TASKS)
        elif problem == PROBLEMS // 2 and event == "twenty leave":
            _leave(rng, staff)
        steps[problem] = solve(rng, staff, order, memory.transactive)
    return steps


def _leave(rng: Generator, staff: Staff) -> None:
    """Twenty go, drawn again until somebody is left for every task."""
    while True:
        staff.there[:] = False
        staff.there[rng.permutation(PEOPLE)[:LEFT]] = True
        if len(set(staff.skill[staff.there])) == TASKS:
            return


def routines_table(*, runs: int, seed: int = 1) -> pd.DataFrame:
    """Steps by memory, event and problem: columns memory, event, problem, mean, sd, runs."""
    rows = []
    for place, (name, memory) in enumerate(MEMORIES.items()):
        for which, event in enumerate(EVENTS):
            seeds = SeedSequence([seed, place, which]).spawn(runs)
            steps = np.stack([solve_all(default_rng(one), memory, event) for one in seeds])
            rows += [
                (name, event, 1 + problem, steps[:, problem].mean(), steps[:, problem].std(ddof=1), runs)
                for problem in range(PROBLEMS)
            ]
    return pd.DataFrame(rows, columns=["memory", "event", "problem", "mean", "sd", "runs"])

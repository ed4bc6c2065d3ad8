"""The three smaller models, where what must come out is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from validation.replications import carley, rao, routines


def test_people_who_are_all_new_every_time_guess() -> None:
    for structure in carley.STRUCTURES.values():
        assert carley.work(default_rng(1), structure, False, 1.0, 6000, 6000) == pytest.approx(0.5, abs=0.03)


def test_a_team_that_stays_learns_to_vote_as_well_as_three_bits_allow() -> None:
    """Analysts end up voting for the majority of their three bits; how often most of them are right is counted here."""
    bits = default_rng(2).integers(2, size=(20_000, 9, 3))
    votes = bits.sum(axis=2) > 1
    possible = ((votes.sum(axis=1) > 4) == (bits.sum(axis=(1, 2)) > 13)).mean()
    shares = [carley.work(default_rng(n), carley.STRUCTURES["team"], False, 0.0, 4000, 1000) for n in range(20)]
    assert np.mean(shares) == pytest.approx(possible, abs=0.02)


def test_groups_start_alike_and_a_full_routine_makes_up_for_who_left() -> None:
    done = {name: rao.outputs(default_rng(1), one, 1.0, 400) for name, one in rao.CONDITIONS.items()}
    for values in done.values():
        assert values[:, 0] == pytest.approx(rao.START)
        assert ((values >= rao.START - 1e-12) & (values <= 1.0)).all()
    expected = 1.0 - (1.0 - rao.START) * (1.0 - rao.LEARNING) ** np.arange(rao.TRIALS)
    assert done["high structure, no turnover"].mean(axis=0) == pytest.approx(expected)
    assert done["high structure, turnover"][:, -1].min() >= 1.0 - (1.0 - rao.LEARNING) ** (rao.TRIALS - 1) - 1e-12
    assert done["low structure, turnover"][:, -1].mean() < done["low structure, no turnover"][:, -1].mean() - 0.3


def expert_staff(memory: routines.Memory) -> routines.Staff:
    staff = routines.new_staff(memory)
    staff.knows[:] = True
    return staff


def test_people_who_know_each_other_look_once_for_each_task_to_come() -> None:
    order = np.arange(routines.TASKS)
    staff = expert_staff(routines.Memory(entries=0, transactive=True))
    for seed in range(20):
        steps = routines.solve(default_rng(seed), staff, order, True)
        assert steps in (2 * routines.TASKS - 1, 2 * routines.TASKS)  # one more if the first cannot do the first task


def test_people_who_also_know_what_comes_next_do_not_look() -> None:
    order = np.arange(routines.TASKS)
    staff = expert_staff(routines.Memory(entries=1, transactive=True))
    staff.follows[:, 0] = (staff.skill + 1) % routines.TASKS
    staff.noted[:] = 1
    for seed in range(20):
        assert routines.solve(default_rng(seed), staff, order, True) in (routines.TASKS, routines.TASKS + 1)


def test_twenty_leave_and_every_task_keeps_somebody() -> None:
    for seed in range(20):
        rng = default_rng(seed)
        steps = routines.solve_all(rng, routines.Memory(entries=3, transactive=True), "twenty leave")
        assert len(steps) == routines.PROBLEMS
        assert (steps >= routines.TASKS).all()

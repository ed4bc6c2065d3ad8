"""Obsolescence: off it is as if it were not there; on, reforms outdate, and people, routines and help catch up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import capsim
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.solving import synthetic_districts
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.measures.organizations import current_potential
from capsim.parameters import resolve_values
from capsim.processes.obsolescence import OBSOLESCENCE
from capsim.processes.process import Stream
from capsim.world import World
from capsim.world.invariants import broken_invariants

KEY = 11


def new_world(values: Any) -> World:
    layout = build_layout(synthetic_districts((3, 6, 12)), values, areas=("a", "b", "c"), key=KEY)
    return initial_world(layout, values, key=KEY)


class Coaching(capsim.Strategy):
    """Coaching and work on routines in the first area of the second district."""

    name = "coaching"

    def decide(self, view: Any, month: int, budget: float, draws: Any) -> list[capsim.Delivery]:
        given = [("coaching", 40.0), ("routine_redesign", 20.0)]
        return [capsim.Delivery(activity=what, organizations=[2], areas=[0], hours=[hours]) for what, hours in given]


class Nothing(capsim.Strategy):
    """No help."""

    name = "nothing"

    def decide(self, view: Any, month: int, budget: float, draws: Any) -> list[capsim.Delivery]:
        return []


def after(months: int, *, helped: bool = False, month: Any = MONTH, **parameters: float) -> tuple[World, Any]:
    values = resolve_values({"center_experts": 0, **parameters})
    world = new_world(values)
    run = Simulation(
        world,
        values,
        Coaching() if helped else Nothing(),
        processes=column_processes(month),
        assistance_months=months,
        follow_up_months=0,
        yearly_hours=1e4,
        run_key=KEY,
    )
    for _ in range(months):
        run.advance()
    return world, values


def test_without_reforms_the_month_is_what_it_would_be_without_the_process() -> None:
    with_it, _ = after(18, helped=True, reform_share=0.6, unlearning_rate=0.5)
    without, _ = after(18, helped=True, month=MONTH.without("obsolescence"))
    for (name, one), (_, other) in zip(with_it.columns(), without.columns(), strict=True):
        assert np.array_equal(one, other), name
    assert not with_it.outdated.any()
    assert not with_it.outdated_routine.any()


def test_reforms_lower_potential_and_leave_skill_and_routine_alone() -> None:
    month = MONTH.without("turnover", "hiring", "implementation")
    on, values = after(36, month=month, reform_chance=0.5, renewal_rate=0.0)
    off, before = after(36, month=month)
    assert on.outdated_routine.max() > 0.2
    assert broken_invariants(on) == []
    assert np.array_equal(on.skill, off.skill)
    assert np.array_equal(on.routine, off.routine)
    outdated = on.outdated_routine > 0.0
    lower, higher = current_potential(on, values)[0], current_potential(off, before)[0]
    assert (lower[outdated] < higher[outdated]).all()
    assert lower[~outdated] == pytest.approx(higher[~outdated])


def test_newcomers_are_current_and_vacancies_are_empty() -> None:
    still, _ = after(48, reform_chance=0.5, unlearning_rate=0.0, renewal_rate=0.0, lea_annual_exit=0.0)
    moving, _ = after(48, reform_chance=0.5, unlearning_rate=0.0, renewal_rate=0.0, lea_annual_exit=0.6)
    staff = still.layout.level[still.layout.organization] == 3
    assert moving.outdated[staff & (moving.person >= 0)].mean() < 0.8 * still.outdated[staff].mean()
    assert not moving.outdated[moving.person < 0].any()
    stayed = np.unique(still.outdated[staff & (still.tenure > 48)], axis=0)
    assert len(stayed) == 1  # all who were there for all reforms are outdated alike
    assert np.array_equal(stayed[0], still.outdated_routine[1])


def test_help_brings_what_is_current() -> None:
    alone, _ = after(36, reform_chance=0.5, renewal_rate=0.0)
    helped, _ = after(36, reform_chance=0.5, renewal_rate=0.0, helped=True)
    here = slice(*helped.layout.first[2:4])
    assert alone.outdated_routine[2, 0] > 0.0
    assert helped.outdated_routine[2, 0] < alone.outdated_routine[2, 0]
    assert helped.outdated[here, 0].sum() < alone.outdated[here, 0].sum()
    assert np.array_equal(helped.outdated_routine[1], alone.outdated_routine[1])


def test_in_one_area_a_month_however_often_reforms_come() -> None:
    world, values = after(0, reform_chance=0.5)
    stream, reformed = Stream(OBSOLESCENCE, world, KEY), []
    for month in range(400):
        world.outdated_routine.fill(0.0)
        OBSOLESCENCE.apply(world, stream.fill(month), values)
        reformed.append((world.outdated_routine > 0.0).any(axis=0))
        assert (world.outdated_routine > 0.0).all(axis=0).tolist() == reformed[-1].tolist()  # of every agency
    assert np.sum(reformed, axis=1).max() == 1
    expected = 400 * (1.0 - 0.5 ** (1.0 / 12.0))
    assert np.sum(reformed, axis=0) == pytest.approx(expected, abs=4.0 * expected**0.5)

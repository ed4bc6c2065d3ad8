"""Every compiled kernel against its own plain Python, and what every process claims to change."""

import dataclasses
import importlib
import pkgutil

import numpy as np
import pytest

import capsim.assistance
import capsim.instruments
import capsim.measures
import capsim.processes
import capsim.world
from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.strategy import Delivery, Strategy
from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.catalogue.strategies import CenterStaff
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.measures.organizations import measure_organizations
from capsim.parameters import resolve_values
from capsim.parameters.constants import constants
from capsim.processes.process import Stream

from .people import changed, people

PROCESSES = {process.name: process for process in column_processes(MONTH)}


def kernel_modules():
    packages = (capsim.processes, capsim.measures, capsim.assistance, capsim.instruments, capsim.world)
    return [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in packages
        for found in pkgutil.iter_modules(package.__path__)
    ]


def kernels():
    """Every compiled function by module and name."""
    return [
        (module, name)
        for module in kernel_modules()
        for name, value in vars(module).items()
        if hasattr(value, "py_func")
    ]


@pytest.fixture(scope="module")
def busy():
    """A state of five agencies and a center after three years with assistance, reforms, support and linked outcomes."""
    exits = {"lea_annual_exit": 0.5, "esa_annual_exit": 0.5, "sea_annual_exit": 0.5}
    values = resolve_values({**exits, "liaison_chance": 0.25, "reform_chance": 0.5, "support_weight": 1.0})
    world = people(12, 9, 4, 20, 1, levels=[1, 2, 3, 3, 3], parents=[-1, 0, 1, 1, 0], areas=3, experts=4)
    for link in (world.layout.teacher_equity_link, world.layout.materials_link, world.layout.achievement_gap_link):
        link[:] = 1.0 / 3.0
    run = simulation(world, values, ComposedStrategy(STRATEGIES["tiered"], values))
    for _ in range(35):
        run.advance()
    world.routine[:] = np.where(world.routine > np.median(world.routine), 0.9, 0.2)  # some above everybody's skill
    start, end = world.layout.center
    assert (world.person[:start] < 0).any()
    assert (world.person[start:end] >= 0).all()
    assert world.pool.count[0] > 0
    assert world.outdated.any()
    assert world.outdated_routine.any()
    return world, values


def simulation(world, values, strategy, *, months=60, yearly_hours=2000.0):
    return Simulation(
        world,
        values,
        strategy,
        processes=tuple(PROCESSES.values()),
        assistance_months=months,
        follow_up_months=1,
        yearly_hours=yearly_hours,
        run_key=9,
        log=True,
    )


class Everything(Strategy):
    """Every activity for every agency, some passed on to those below, and hours for single persons in odd months."""

    name = "everything"
    draws_per_row = 1
    center = CenterStaff(annual_exit=0.0)

    def decide(self, view, month, budget, draws):
        agencies = np.flatnonzero(view.level > 0)
        hours = 5.0 + 60.0 * draws[agencies, 0]
        wanted = []
        for n, activity in enumerate(ACTIVITIES.values()):
            areas = (agencies + n + month) % 3 if activity.by_area else -1
            cascade = (view.level > 1).astype(float) if (n + month) % 2 else None
            wanted.append(
                Delivery(activity=activity.name, organizations=agencies, areas=areas, hours=hours, cascade=cascade)
            )
        wanted += [
            Delivery(activity=name, people=[0, 2, 7], areas=[0, 1, 2], hours=9.0)
            for name in ("coaching", "working_group", "expert_consultation")
            if month % 2
        ]
        total = sum(np.sum(delivery.hours * np.ones(np.size(delivery.organizations))) for delivery in wanted)
        scale = min(1.0, 0.3 * budget / total)
        return [dataclasses.replace(delivery, hours=delivery.hours * scale) for delivery in wanted]


class Counted:
    """Plain Python of a kernel that counts its calls."""

    def __init__(self, kernel):
        self.py_func, self.calls = kernel.py_func, 0

    def __call__(self, *arguments):
        self.calls += 1
        return self.py_func(*arguments)


def without_compilation(monkeypatch):
    """Every kernel in plain Python wherever it is used; what they are replaced by, by module and name of origin."""
    plain = {}
    for module, name in kernels():
        kernel = getattr(module, name)
        origin = (kernel.py_func.__module__, kernel.py_func.__name__)
        monkeypatch.setattr(module, name, plain.setdefault(origin, Counted(kernel)))
    return plain


def assert_equal(compiled, plain):
    for (name, a), (_, b) in zip(compiled.columns(), plain.columns(), strict=True):
        if a.dtype.kind == "f":
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14, err_msg=name)
        else:
            np.testing.assert_array_equal(a, b, err_msg=name)


def test_there_are_kernels():
    assert len(kernels()) > 25


@pytest.mark.parametrize("name", [name for name in PROCESSES if name != "assistance"])
def test_a_process_compiled_and_plain(busy, monkeypatch, name):
    world, values = busy
    process = PROCESSES[name]
    compiled, plain = world.copy(), world.copy()
    for month in (3, 4):
        process.apply(compiled, Stream(process, compiled, 17).fill(month), values)
    with monkeypatch.context() as patch:
        own = without_compilation(patch)[process.kernel.py_func.__module__, process.kernel.py_func.__name__]
        for month in (3, 4):
            own(plain.arrays, constants(values), Stream(process, plain, 17).fill(month))
    assert changed(world, compiled)
    assert_equal(compiled, plain)


def test_assistance_instruments_and_measures_compiled_and_plain(monkeypatch):
    """From the month in which the living center opens to the one after it has closed: every activity, and tools."""
    values = resolve_values(
        {
            "caseload_limit": 1,
            "planning_months": 2,
            "group_agencies": 2,
            "participation_limit": 0.2,
            "train_the_trainer_trainer_ties": 0.9,
            "peer_collaborative_peer_ties": 5.0,
            "working_group_peer_ties": 5.0,
            "expert_consultation_expert_ties": 5.0,
            "offering_weight": 0.02,
            "tool_rate": 5.0,
            "tool_better": 0.001,
            "boundary_discount": 1.0,
            "tool_invitation": 0.7,
        }
    )
    ends, called = [], {}
    for plain in (False, True):
        with monkeypatch.context() as patch:
            if plain:
                called = without_compilation(patch)
            levels, parents = [1, 2, 3, 3, 3], [-1, 0, 1, 1, 0]
            world = people(6, 5, 3, 9, 2, levels=levels, parents=parents, areas=3, experts=4)
            run = simulation(world, values, Everything(), months=8, yearly_hours=20000.0)
            for _ in range(9):
                run.advance()
                open_center = world.month < 9
                assert (world.person[world.layout.center[0] :] >= 0).all() == open_center
            ends.append((world, measure_organizations(world, values), run.program))
    compiled, plain = (end[2] for end in ends)
    assert_equal(ends[0][0], ends[1][0])
    assert_equal(compiled, plain)
    np.testing.assert_allclose(ends[0][1], ends[1][1], rtol=1e-12)
    for name in ("spent", "recipient_hours", "turnkey_hours", "dollars"):
        assert getattr(compiled.ledger, name) == pytest.approx(getattr(plain.ledger, name), rel=1e-12)
        assert getattr(plain.ledger, name) > 0.0
    readings = plain.observation.readings
    for read in (
        readings.skill[:5],
        readings.readiness[:5],
        readings.use[:5],
        readings.interest[:5],
        readings.self_rating[:5],
    ):
        assert not np.isnan(read).any()
    own = ("capsim.assistance.", "capsim.instruments.")
    assert [origin for origin, kernel in called.items() if kernel.calls == 0 and origin[0].startswith(own)] == []


@pytest.mark.parametrize("name", [name for name in PROCESSES if name != "assistance"])
def test_a_process_changes_only_what_it_declares(busy, name):
    world, values = busy
    process = PROCESSES[name]
    state = world.copy()
    state.shock_months[0] = 2
    before = state.copy()
    for month in range(24):
        process.apply(state, Stream(process, state, 23).fill(month), values)
    touched = {"pool" if column.startswith("pool.") else column for column in changed(before, state)}
    assert touched <= set(process.writes)


@pytest.mark.parametrize("name", [name for name in PROCESSES if name != "assistance"])
def test_a_process_rests_only_on_what_it_declares_to_read(busy, name):
    """Columns that are neither read nor written can hold anything."""
    world, values = busy
    process = PROCESSES[name]
    known = {*process.reads, *process.writes}
    plain, other = world.copy(), world.copy()
    for column, array in other.columns():
        root = "pool" if column.startswith("pool.") else column
        if root not in known and array.dtype.kind == "f":
            array[:] = np.where(array > 0, 0.123, array)
    scrambled = other.copy()
    for state in (plain, other):
        process.apply(state, Stream(process, state, 5).fill(2), values)
    for (column, a), (_, b), (_, c) in zip(plain.columns(), other.columns(), scrambled.columns(), strict=True):
        root = "pool" if column.startswith("pool.") else column
        expected = a if root in known else c
        np.testing.assert_array_equal(expected, b, err_msg=column)

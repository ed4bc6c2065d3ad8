"""Every compiled kernel against its own plain Python, and what every process claims to change."""

import importlib
import pkgutil

import numpy as np
import pytest

import capsim.assistance
import capsim.instruments
import capsim.measures
import capsim.processes
from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import STRATEGIES
from capsim.measures.organizations import measure_organizations
from capsim.model.engine import Simulation, column_processes
from capsim.model.month import MONTH
from capsim.parameters import resolve_values
from capsim.processes.process import Stream

from .people import changed, people

PROCESSES = {process.name: process for process in column_processes(MONTH)}


def kernel_modules():
    packages = (capsim.processes, capsim.measures, capsim.assistance, capsim.instruments)
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
    """A state of five agencies after three years with assistance."""
    values = resolve_values(
        {"lea_annual_exit": 0.5, "esa_annual_exit": 0.5, "sea_annual_exit": 0.5, "liaison_chance": 0.25}
    )
    world = people(12, 9, 4, 20, 1, levels=[1, 2, 3, 3, 3], parents=[-1, 0, 1, 1, 0], areas=3)
    run = simulation(world, values)
    for _ in range(35):
        run.advance()
    world.routine[:] = np.where(world.routine > np.median(world.routine), 0.9, 0.2)  # some above everybody's skill
    assert (world.person < 0).any()
    assert world.pool.count[0] > 0
    return world, values


def simulation(world, values):
    strategy = ComposedStrategy(STRATEGIES["blended"], unit_hours=values["needs_assessment_ta_hours"])
    return Simulation(
        world, values, strategy, processes=tuple(PROCESSES.values()), assistance_months=60, follow_up_months=0,
        yearly_hours=2000.0, run_key=9,
    )  # fmt: skip


def without_compilation(monkeypatch):
    for module, name in kernels():
        monkeypatch.setattr(module, name, getattr(module, name).py_func)


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
    worlds = []
    for plain in (False, True):
        with monkeypatch.context() as patch:
            if plain:
                without_compilation(patch)
            state = world.copy()
            for month in (3, 4):
                process.apply(state, Stream(process, state, 17).fill(month), values)
            worlds.append(state)
    assert changed(world, worlds[0])
    assert_equal(*worlds)


def test_assistance_and_measures_compiled_and_plain(monkeypatch):
    values = resolve_values()
    ends = []
    for plain in (False, True):
        with monkeypatch.context() as patch:
            if plain:
                without_compilation(patch)
            world = people(6, 5, 3, levels=[1, 3, 3], parents=[-1, 0, 0], areas=3)
            run = simulation(world, values)
            for _ in range(4):
                run.advance()
            ends.append((world, measure_organizations(world, values), run.program.ledger))
    assert_equal(ends[0][0], ends[1][0])
    np.testing.assert_allclose(ends[0][1], ends[1][1], rtol=1e-12)
    assert ends[0][2].spent == pytest.approx(ends[1][2].spent, rel=1e-12)


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

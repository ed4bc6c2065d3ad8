"""Every strategy decides from what it can see, writes to nothing, and meets the same luck as every other."""

from dataclasses import fields

import numpy as np
import pytest

from capsim.assistance.books import Ledger
from capsim.assistance.strategy import View
from capsim.catalogue import STRATEGIES
from capsim.instruments.readings import Readings
from tests.assistance.program_bench import VALUES, assist, new_world, program_for

from .agencies import CHAIN
from .settled import BUSY, MONTHS, busy_world, history
from .strategies import ALL, fresh
from .watching import Watched, as_bytes

PUBLIC = {"person", "tenure", "vacant_months", "next_person"}
"""Columns of which the staff directory tells something."""


@pytest.mark.parametrize("name", ALL)
def test_deciding_leaves_no_trace(name):
    """Not in the world, nor in what never changes, the readings, the ledger, or the numbers that were drawn."""
    world = new_world(agencies=CHAIN)
    watched = Watched(fresh(name, VALUES), world)
    program = program_for(world, watched, months=15, yearly_hours=3000.0)
    for _ in range(15):
        assist(world, program)
    assert watched.traces == []


def test_the_view_is_read_only():
    """Every array of it refuses to be written, or is a copy; the readings follow the instruments."""
    world = new_world(agencies=CHAIN)
    program = program_for(world, fresh("blended", VALUES))
    own = [column for _, column in world.columns()] + [
        column for field in fields(world.layout) if isinstance(column := getattr(world.layout, field.name), np.ndarray)
    ]
    own += [getattr(program.observation.readings, field.name) for field in fields(Readings)]
    own += [program.ledger.by_organization, program.ledger.monthly]
    view = program.view
    seen = {name: getattr(view, name) for name in dir(view) if not name.startswith("_")}
    seen |= {f"readings.{field.name}": getattr(view.readings, field.name) for field in fields(Readings)}
    arrays = {name: column for name, column in seen.items() if isinstance(column, np.ndarray)}
    assert len(arrays) > 15
    for name, column in arrays.items():
        assert not column.flags.writeable or not any(np.shares_memory(column, each) for each in own), name
    for field in fields(Readings):
        own_column = getattr(program.observation.readings, field.name)
        assert own_column.size == 0 or np.shares_memory(arrays[f"readings.{field.name}"], own_column)


def hide(world, seed):
    """Another hidden state behind the same public facts."""
    numbers = np.random.Generator(np.random.Philox(seed))
    for name, column in world.columns():
        if name not in PUBLIC and "." not in name:
            column[...] = (numbers.random(column.shape) * 2).astype(column.dtype)


def read_all(readings, seed):
    """Other readings of every instrument."""
    numbers = np.random.Generator(np.random.Philox(seed))
    for field in fields(Readings):
        column = getattr(readings, field.name)
        column[...] = (numbers.random(column.shape) * 4).astype(column.dtype)
    for name in ("skill", "routine", "use"):
        getattr(readings, name)[...] /= 4.0


def decisions(name, hidden, read=0):
    """What a strategy decides, month by month, whatever is hidden."""
    world = new_world(agencies=CHAIN)
    readings = Readings.none(world.layout.n_organizations, world.layout.n_areas)
    ledger = Ledger.opened(18_000.0, world.layout.weight, 18)
    view = View(world, readings, ledger, months=18, total_budget=18_000.0)
    strategy, decided = fresh(name, VALUES), []
    for month in range(18):
        hide(world, hidden + month)
        if month % 3 == 2:
            read_all(readings, read + month)
        draws = np.random.Generator(np.random.Philox(month)).random((len(CHAIN) + 1, strategy.draws_per_row))
        decided += [(month, as_bytes(delivery)) for delivery in strategy.decide(view, month, 18_000.0, draws)]
    return decided


@pytest.mark.parametrize("name", ALL)
def test_equal_readings_and_another_hidden_state_give_equal_decisions(name):
    decided = decisions(name, hidden=1)
    assert decided == decisions(name, hidden=1000)
    serves = ALL[name].activities and name != "shares of nothing"
    assert bool(decided) == bool(serves)


AIMS = [row.name for row in STRATEGIES.values() if row.targeting != "universal" or row.target_capacities]


@pytest.mark.parametrize("name", AIMS)
def test_other_readings_give_other_decisions(name):
    """Or the test above would say nothing about strategies that aim."""
    assert decisions(name, hidden=1) != decisions(name, hidden=1, read=500)


@pytest.mark.parametrize("name", ALL)
def test_exits_and_vacancies_are_equal_under_every_strategy(name):
    """Where climate has no say in exits: in every month, while the center is open and after it has closed."""
    assert BUSY["exit_culture_slope"] == BUSY["exit_engagement_slope"] == 0.0
    mine, none = history(name).months, history("none").months
    assert len(mine) == len(none) > MONTHS
    for month, other in zip(mine, none, strict=True):
        assert np.array_equal(month.exits, other.exits)
        assert np.array_equal(month.person < 0, other.person < 0)
        assert np.array_equal(month.tenure, other.tenure)


def test_many_leave_and_strategies_do_differ():
    """Or the test above would say little."""
    agencies = busy_world()[0].layout.center[0]
    none = history("none").months
    assert sum(month.exits.sum() for month in none) > 30
    assert any((month.person[:agencies] < 0).any() for month in none[MONTHS:])
    for name in STRATEGIES:
        same = np.array_equal(history(name).months[-1].skill, none[-1].skill)
        assert same == (name == "none")


@pytest.mark.parametrize("name", ALL)
def test_nothing_breaks_in_the_world(name):
    assert [month.broken for month in history(name).months if month.broken] == []

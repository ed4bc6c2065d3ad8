"""What a strategy sees: public facts and readings as they come in, nothing that is hidden, nothing it can write to."""

from dataclasses import fields

import numpy as np
import pytest

from capsim.assistance.books import Ledger
from capsim.assistance.strategy import View
from capsim.instruments.readings import Readings

from .program_bench import new_world

MONTHS = 18
BUDGET = 18_000.0


def seen(world):
    """A view of a world, and the readings that it follows."""
    readings = Readings.none(world.layout.n_organizations, world.layout.n_areas)
    ledger = Ledger.opened(BUDGET, world.layout.weight, MONTHS)
    return View(world, readings, ledger, months=MONTHS, total_budget=BUDGET), readings


def read_all(readings, seed):
    """Other readings of every instrument."""
    numbers = np.random.Generator(np.random.Philox(seed))
    for field in fields(Readings):
        column = getattr(readings, field.name)
        column[...] = (numbers.random(column.shape) * 4).astype(column.dtype)
    for name in ("skill", "routine", "use"):
        getattr(readings, name)[...] /= 4.0


def test_readings_are_followed_and_cannot_be_written():
    view, readings = seen(new_world())
    read_all(readings, 3)
    for field in fields(Readings):
        column = getattr(view.readings, field.name)
        assert np.array_equal(column, getattr(readings, field.name))
        with pytest.raises(ValueError, match="read-only"):
            column[...] = 0


def test_public_facts_cannot_be_written():
    view, _ = seen(new_world())
    for name in ("level", "parent", "positions", "enrollment", "sparse", "organization", "unit", "role"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(view, name)[...] = 0
    view.filled[:], view.tenure_months[:], view.hours_by_organization[:] = False, -1, 7.0
    assert view.filled.any()
    assert view.tenure_months.min() >= 0
    assert not view.hours_by_organization.any()


def arrays_of(view):
    """Every array that is reachable from a view, private ones too."""
    found = {name: value for name, value in vars(view).items() if isinstance(value, np.ndarray)}
    return found | {field.name: getattr(view.readings, field.name) for field in fields(Readings)}


def test_nothing_that_a_view_holds_can_be_made_writable():
    view, _ = seen(new_world())
    assert not {"_directory", "_ledger"} & set(vars(view))
    for column in arrays_of(view).values():
        with pytest.raises(ValueError, match="WRITEABLE"):
            column.flags.writeable = True


def test_attributes_of_a_view_cannot_be_set():
    view, readings = seen(new_world())
    for name, value in (("total_budget", 1e9), ("readings", readings), ("_spent", np.zeros(1))):
        with pytest.raises(AttributeError, match="read-only"):
            setattr(view, name, value)
    with pytest.raises(AttributeError):
        view.readings.skill = None
    assert view.total_budget == BUDGET


def test_a_view_sees_who_comes_and_goes():
    world = new_world()
    view, _ = seen(world)
    world.person[0], world.tenure[0] = -1, 0
    assert not view.filled[0]
    world.person[0], world.tenure[0] = 7, 30
    assert view.filled[0]
    assert view.tenure_months[0] == 30

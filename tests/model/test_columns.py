"""Columns as arrays: reading, writing whole, as a table."""

from __future__ import annotations

import numpy as np
import pytest

from capsim import CapacityModel, InputError
from capsim.model.columns import ORGANIZATION_KINDS, STAFF_KINDS
from capsim.world.invariants import broken_invariants


@pytest.fixture
def model() -> CapacityModel:
    return CapacityModel("classroom", seed=1)


def with_a_vacancy(model: CapacityModel) -> CapacityModel:
    while (model.staff["person"][: model.world.layout.center[0]] >= 0).all():
        model.step()
    return model


def test_columns_are_the_arrays_of_the_engine(model: CapacityModel) -> None:
    assert model.staff["skill"] is model.world.skill
    assert model.organizations["routine"] is model.world.routine
    model.staff["skill"][3] = 0.25
    assert (model.staff_in_order()[3].skill == 0.25).all()


def test_what_only_the_engine_may_change_is_read_only(model: CapacityModel) -> None:
    for columns, kinds in ((model.staff, STAFF_KINDS), (model.organizations, ORGANIZATION_KINDS)):
        assert len(columns) == len(list(columns))
        for name in columns:
            assert columns[name].flags.writeable == (name in kinds)
            if name not in kinds:
                with pytest.raises(InputError, match=f"{name} may only be read"):
                    columns[name] = 0


def test_whole_columns_are_checked_and_vacancies_stay_empty(model: CapacityModel) -> None:
    with_a_vacancy(model)
    model.staff["skill"] = 0.5
    model.staff["engagement"] += 0.01
    model.organizations["plan"] = [[0.2, 0.3, 0.5]] * len(model.organizations["plan"])
    assert not broken_invariants(model.world)
    held = model.staff["person"] >= 0
    assert (model.staff["skill"][held] == 0.5).all()
    assert (model.staff["skill"][~held] == 0.0).all()
    np.testing.assert_allclose(model.organizations["plan"][2], [0.2, 0.3, 0.5])
    for name, value, message in (
        ("skill", np.nan, "skill must be in"),
        ("priority", 0.5, "priority must sum to 1"),
        ("skill", np.zeros(5), "skill has shape"),
        ("skil", 0.1, "did you mean skill?"),
    ):
        with pytest.raises(InputError, match=message):
            model.staff[name] = value
    with pytest.raises(InputError, match=r"no column 'rutine'.*did you mean routine"):
        model.organizations["rutine"]
    assert "rutine" not in model.organizations


def test_as_a_table(model: CapacityModel) -> None:
    table = model.staff.to_frame()
    assert len(table) == len(model.world.person)
    assert {"person", "role", "skill_equity", "priority_data_use"} <= set(table.columns)
    np.testing.assert_array_equal(table["skill_data_use"], model.staff["skill"][:, 2])
    table["engagement"] = 0.0
    assert model.staff["engagement"].max() > 0.0


@pytest.mark.parametrize(
    ("of", "name", "value", "message"),
    [
        ("staff", "skill", np.nan, r"month 3: .*changed by hand.*: skill: not in \[0, 1\]"),
        ("staff", "engagement", 7.0, r"engagement: not in \[0, 1\]"),
        ("staff", "priority", 0.1, "priority: does not sum to 1"),
        ("staff", "tenure", -1, "tenure: negative"),
        ("organizations", "routine", np.inf, r"routine: not in \[0, 1\]"),
        ("organizations", "plan", 0.9, "plan: does not sum to 1"),
    ],
)
def test_what_is_written_in_place_is_checked_with_the_next_month(
    model: CapacityModel, of: str, name: str, value: float, message: str
) -> None:
    for _ in range(3):
        model.step()
    getattr(model, of)[name].fill(value)
    with pytest.raises(InputError, match=message):
        model.step()


@pytest.mark.parametrize(("column", "value"), [("tie_to", 2_000_000_000), ("person", -7), ("consulted", 100)])
def test_the_world_itself_is_checked_before_a_kernel_sees_it(model: CapacityModel, column: str, value: int) -> None:
    getattr(model.world, column)[2] = value
    with pytest.raises(InputError, match=f"{column}: "):
        model.step()


def test_filling_a_column_leaves_vacant_positions_empty(model: CapacityModel) -> None:
    with_a_vacancy(model)
    model.staff["skill"].fill(0.5)
    model.step()
    assert not broken_invariants(model.world)


def test_looking_at_columns_changes_nothing(model: CapacityModel) -> None:
    twin = CapacityModel("classroom", seed=1)
    while model.running:
        _ = model.staff["skill"].mean(), model.organizations["routine"].mean(), model.world.person.max()
        model.step()
    np.testing.assert_array_equal(model.history["use"], twin.run().history["use"])

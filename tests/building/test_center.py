"""The TA center in a world: its last row, of no labour market, empty until assistance begins."""

from __future__ import annotations

import numpy as np
import pytest

from capsim import CapacityModel
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.levels import Level, Role
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, build_agencies, load_scenario, scenario_from_mapping
from capsim.world import World

AREAS = ("a", "b", "c")
LUCK_OF_THE_CENTER = {"person", "next_person", "pool.person", "pool.tie_person"}
"""Columns that hold ids of persons: those of the experts are left out where there is no center."""


@pytest.fixture(scope="module")
def ohio() -> AgencyTable:
    return build_agencies(load_scenario("ohio"), resolve_values())


def world_with(table: AgencyTable, experts: int) -> World:
    values = resolve_values({"center_experts": experts})
    return initial_world(build_layout(table, values, areas=AREAS, key=7), values, key=7)


@pytest.mark.parametrize("experts", [3, 10, 20])
def test_it_is_the_last_organization_and_empty(ohio: AgencyTable, experts: int) -> None:
    world = world_with(ohio, experts)
    layout = world.layout
    start, end = layout.center
    assert (end - start, end) == (experts, layout.n_positions)
    assert layout.agencies == layout.n_organizations - 1 == len(ohio.id)
    assert (layout.ids[-1], layout.names[-1], layout.level[-1]) == ("TA-CENTER", "TA center", Level.CENTER)
    assert layout.parent[-1] == -1
    assert not (layout.parent == layout.n_organizations - 1).any()
    assert (layout.organization[start:] == layout.n_organizations - 1).all()
    assert (layout.market[:-1] != layout.market[-1]).all()
    assert layout.role[start:].tolist() == [Role.LEADER] + [Role.SPECIALIST] * (experts - 1)
    assert len(np.unique(layout.unit[start:])) == 1
    assert not layout.liaison[start:].any()
    assert (layout.hazard[start:] == 0.0).all()
    assert (layout.labour_group[start:] == -1).all()
    assert (layout.labour_group[:start] >= 0).all()
    assert (world.person[start:] == -1).all()
    assert (world.person[:start] >= 0).all()
    assert world.tie_to.max() < start


def test_no_experts_no_center(ohio: AgencyTable) -> None:
    layout = world_with(ohio, 0).layout
    assert layout.agencies == layout.n_organizations == len(ohio.id)
    assert layout.center == (layout.n_positions, layout.n_positions)
    assert not (layout.level == Level.CENTER).any()


def test_it_changes_nothing_for_those_who_are_never_brought_to_it() -> None:
    """Whole runs without assistance, with more experts and with none."""
    runs = [CapacityModel("classroom", seed=4, center_experts=experts).run() for experts in (0, 10, 20)]
    without = runs[0].world
    for run in runs[1:]:
        assert run.history.equals(runs[0].history)
        for (name, column), (_, other) in zip(run.world.columns(), without.columns(), strict=True):
            if name not in LUCK_OF_THE_CENTER and not name.startswith("pool."):
                np.testing.assert_array_equal(column[: len(other)], other, err_msg=name)


def test_it_has_no_say_in_how_long_a_world_settles() -> None:
    content = load_scenario("classroom").resolved()
    content["timeline"] = {**content["timeline"], "settling": "auto"}
    scenario = scenario_from_mapping(content)
    settled = [CapacityModel(scenario, seed=4, center_experts=experts).settled for experts in (0, 10)]
    assert settled[0].months == settled[1].months
    assert settled[0].drift == settled[1].drift


def test_experts_are_persons_of_their_own() -> None:
    model = CapacityModel("classroom", seed=4, strategy="blended")
    layout = model.world.layout
    start, end = layout.center
    before = set(model.staff["person"].tolist())
    model.step()
    experts = model.staff["person"][start:end].copy()
    assert experts.tolist() == list(range(experts[0], experts[0] + 10))
    assert not before & set(experts.tolist())
    assert model.world.next_person[0] == experts[-1] + 1
    while model.running:
        assert (model.staff["person"][start:end] == (experts if model.month <= 24 else -1)).all()
        model.step()
    assert not np.isin(model.world.pool.person, experts).any()


def test_it_is_in_no_record() -> None:
    small, large = (
        CapacityModel("classroom", seed=4, strategy="individual_focused", center_experts=experts).run()
        for experts in (0, 20)
    )
    assert small.history.equals(large.history)

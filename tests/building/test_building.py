"""From a scenario to a world: real agencies, positions, hazards, settling, a user's ties."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsim.building import run_key, settled_world
from capsim.building.initial import build_bank, initial_world, stationary_tenure, tenure_factors
from capsim.building.layout import build_layout
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.levels import Role
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, Scenario, build_agencies, load_scenario, scenario_from_mapping
from capsim.scenario.events import LONGEST_SETTLING
from capsim.world import Layout, World
from capsim.world.state import LAYOUT_COLUMNS

VALUES = resolve_values()
AREAS = ("a", "b", "c", "d", "e")


@pytest.fixture(scope="module")
def ohio() -> AgencyTable:
    return build_agencies(load_scenario("ohio"), VALUES)


def world_of(table: AgencyTable, **parameters: float) -> World:
    values = resolve_values(parameters)
    return initial_world(build_layout(table, values, areas=AREAS, key=7), values, key=7)


def test_an_ohio_world_holds_the_leaids_of_the_table(ohio: AgencyTable) -> None:
    layout = build_layout(ohio, VALUES, areas=AREAS, key=1)
    assert layout.ids[: layout.agencies] == tuple(ohio.id.tolist())
    districts = [name for name, level in zip(layout.ids, layout.level, strict=True) if level == 3]
    assert len(districts) == 120
    assert all(name.startswith("39") and len(name) == 7 for name in districts)
    assert np.diff(layout.first)[: layout.agencies].tolist() == ohio.positions.tolist()


def test_one_changed_enrollment_changes_that_agency_only(ohio: AgencyTable) -> None:
    changed_row = int(np.flatnonzero(ohio.level == 3)[10])
    enrollment, positions = ohio.enrollment.copy(), ohio.positions.copy()
    enrollment[changed_row] *= 3
    positions[changed_row] += 4
    even = {"exit_poverty_slope": 0.0, "exit_size_slope": 0.0}  # or the state's mean would move with it
    before, after = world_of(ohio, **even), world_of(replace(ohio, enrollment=enrollment, positions=positions), **even)
    for row in range(len(ohio.id)):
        here = slice(before.layout.first[row], before.layout.first[row + 1])
        there = slice(after.layout.first[row], after.layout.first[row + 1])
        same = here.stop - here.start == there.stop - there.start and all(
            np.array_equal(getattr(before, column)[here], getattr(after, column)[there])
            for column in ("skill", "disposition", "priority", "tenure", "tie_strength")
        )
        assert same == (row != changed_row), ohio.id[row]


def roles(layout: Layout, row: int) -> list[int]:
    return layout.role[layout.first[row] : layout.first[row + 1]].tolist()


def test_every_agency_has_a_leader_first_and_a_liaison(ohio: AgencyTable) -> None:
    layout = build_layout(ohio, VALUES, areas=AREAS, key=1)
    for row in range(layout.agencies):
        here = slice(layout.first[row], layout.first[row + 1])
        assert roles(layout, row)[0] == Role.LEADER
        assert layout.liaison[here].any()
        assert (np.diff(layout.unit[here]) >= 0).all()


@pytest.mark.parametrize(("hazard", "gradient"), [(0.0145, 1.5), (0.03, 3.0), (0.002, 0.5), (0.25, 2.0)])
def test_the_tenure_factor_keeps_the_mean_stay(hazard: float, gradient: float) -> None:
    (factor,) = tenure_factors(np.array([hazard]), gradient, 36.0)
    months = np.arange(20_000)
    leaving = factor * hazard * (1 + gradient * np.exp(-months / 36.0))
    stay = np.exp(-np.concatenate([[0.0], np.cumsum(leaving)[:-1]])).sum()
    assert stay == pytest.approx(1.0 / (1.0 - np.exp(-hazard)), rel=1e-6)


def test_stationary_tenure_is_geometric_without_a_gradient() -> None:
    share = (np.arange(200_000) + 0.5) / 200_000
    tenure = stationary_tenure(np.full(len(share), 0.02), share, 0.0, 36.0)
    assert tenure.mean() == pytest.approx(1.0 / (np.exp(0.02) - 1.0), rel=0.01)
    assert (tenure == 0).mean() == pytest.approx(1.0 - np.exp(-0.02), rel=0.01)


def test_newcomers_have_the_declared_mean_skill_and_raising_it_raises_everyone() -> None:
    low = build_bank(5, {**VALUES, "newcomer_skill": 0.3}, key=3)
    high = build_bank(5, {**VALUES, "newcomer_skill": 0.4}, key=3)
    error = np.sqrt(0.3 * 0.7 / 7 / low.skill.size)
    assert low.skill.mean() == pytest.approx(0.3, abs=4 * error)
    assert (high.skill > low.skill).all()
    assert low.disposition.sum(axis=1) == pytest.approx(1.0)


def small(**changes: object) -> Scenario:
    content = load_scenario("classroom").resolved()
    return scenario_from_mapping({**content, **changes})


def test_settling_takes_whole_years_and_ends() -> None:
    processes = column_processes(MONTH)
    settled = settled_world(small(), VALUES, processes, run_key=run_key(1, 0))
    assert settled.months % 12 == 0
    assert settled.months <= LONGEST_SETTLING
    assert settled.world.month == 0
    none = small(timeline={"settling": 0, "assistance": 12, "follow_up": 12})
    assert settled_world(none, VALUES, processes, run_key=run_key(1, 0)).months == 0


def test_a_users_ties_between_agencies_are_in_the_world(tmp_path: Path) -> None:
    scenario = small(timeline={"settling": 24, "assistance": 12, "follow_up": 12})
    table = build_agencies(scenario, VALUES)
    districts = [str(one) for one, level in zip(table.id, table.level, strict=True) if level == 3]
    edges = tmp_path / "edges.csv"
    edges.write_text(f"from,to,strength\n{districts[0]},{districts[1]},0.9\n", encoding="utf-8")
    with_edges = small(
        timeline={"settling": 24, "assistance": 12, "follow_up": 12},
        agencies={**scenario.resolved()["agencies"], "edges": str(edges)},
    )
    world = settled_world(with_edges, VALUES, column_processes(MONTH), run_key=run_key(1, 0)).world
    first, second = (int(np.flatnonzero(table.id == one)[0]) for one in districts[:2])
    asking = np.flatnonzero(world.layout.organization == first)
    across = (world.tie_to[asking] >= 0) & (world.layout.organization[world.tie_to[asking]] == second)
    assert 0.9 in world.tie_strength[asking][across].tolist()  # chance may have made another


def test_how_much_areas_matter_is_lasting_and_moves_nobody_elses_numbers(ohio: AgencyTable) -> None:
    usual, alike = world_of(ohio), world_of(ohio, relevance_concentration=5000.0)
    shares = usual.layout.relevance
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert shares.std() == pytest.approx(np.sqrt(0.2 * 0.8 / (5 * 3 + 1)), rel=0.1)  # Dirichlet(3) of five areas
    assert alike.layout.relevance == pytest.approx(0.2, abs=0.01)
    for (name, one), (_, other) in zip(usual.columns(), alike.columns(), strict=True):
        assert np.array_equal(one, other), name
    for name in LAYOUT_COLUMNS:
        assert name == "relevance" or np.array_equal(getattr(usual.layout, name), getattr(alike.layout, name)), name

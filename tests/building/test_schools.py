"""Schools in a world: who leads them, how often staff leave, whom they hire, and what stays as it is without them."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.building import run_key, settled_world
from capsim.building.initial import tenure_factors
from capsim.building.layout import build_layout
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.levels import Level, Role
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario, scenario_from_mapping
from capsim.units import annual_to_hazard
from capsim.world import Layout

VALUES = resolve_values()


def content(**agencies: object) -> dict:
    base = load_scenario("classroom").resolved()
    return {
        **base,
        "agencies": {"source": "synthetic", "districts": 5, "regions": 2, "schools": True, **agencies},
        "timeline": {"settling": 24, "assistance": 12, "follow_up": 12},
    }


def layout_of(**agencies: object) -> Layout:
    table = build_agencies(scenario_from_mapping(content(**agencies)), VALUES)
    return build_layout(table, VALUES, areas=("a", "b", "c"), key=3)


def test_a_school_is_a_principal_and_a_team_below_its_district() -> None:
    layout = layout_of()
    schools = np.flatnonzero(layout.level == Level.SCHOOL)
    assert len(schools) >= 5
    assert (layout.level[layout.parent[schools]] == Level.LEA).all()
    for row in schools.tolist():
        here = slice(layout.first[row], layout.first[row + 1])
        assert layout.role[here].tolist() == [Role.LEADER] + [Role.SPECIALIST] * 3
        assert layout.liaison[here].tolist() == [True, False, False, False]
        assert len(set(layout.unit[here].tolist())) == 1
        parent = int(layout.parent[row])
        assert row in layout.child[layout.child_first[parent] : layout.child_first[parent + 1]]


def test_schools_of_a_state_hire_from_each_other_only() -> None:
    layout = layout_of()
    in_school = layout.level[layout.organization] == Level.SCHOOL
    assert not set(layout.labour_group[in_school]) & set(layout.labour_group[~in_school])
    assert len(set(layout.labour_group[in_school])) == 2


def test_principals_and_their_staff_leave_at_their_own_rates() -> None:
    values = resolve_values({"principal_annual_exit": 0.2, "school_staff_annual_exit": 0.1})
    layout = build_layout(build_agencies(scenario_from_mapping(content()), values), values, areas=("a", "b"), key=1)
    in_school = layout.level[layout.organization] == Level.SCHOOL
    for leads, annual in ((True, 0.2), (False, 0.1)):
        monthly = annual_to_hazard(annual)
        (factor,) = tenure_factors(np.array([monthly]), values["tenure_gradient"], values["tenure_scale_months"])
        here = in_school & ((layout.position_row == 0) == leads)
        assert layout.hazard[here] == pytest.approx(monthly * factor)


def test_schools_change_no_draw_of_the_agencies_above_them() -> None:
    """With everything off that reaches across agencies, a district's staff are the same with and without schools."""
    off = ["ties", "consultation", "priorities", "climate", "hiring"]
    worlds = []
    for schools in (True, False):
        scenario = scenario_from_mapping({**content(schools=schools), "month": {"off": off}})
        processes = column_processes(MONTH.without(*off))
        worlds.append(settled_world(scenario, VALUES, processes, run_key=run_key(1, 0)).world)
    with_schools, without = worlds
    above = without.layout.level > Level.CENTER
    held = above[without.layout.organization]
    same = np.flatnonzero(np.isin(with_schools.layout.ids, np.array(without.layout.ids)[above]))
    kept = np.isin(with_schools.layout.organization, same)
    for column in ("tenure", "skill", "priority"):
        np.testing.assert_array_equal(getattr(with_schools, column)[kept], getattr(without, column)[held])
    assert ((with_schools.person[kept] >= 0) == (without.person[held] >= 0)).all()
    np.testing.assert_array_equal(with_schools.routine[same], without.routine[above])

"""How agencies differ in turnover: by poverty and size, around a mean that stays as declared; or as they know it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capsim.building.initial import position_hazards
from capsim.building.layout import build_layout
from capsim.levels import Level
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario
from capsim.units import annual_to_hazard
from capsim.world import Layout

NO_GRADIENT = {"tenure_gradient": 0.0, "exit_poverty_slope": 0.0, "exit_size_slope": 0.0}


def hazards(layout: Layout, **changes: float) -> np.ndarray:
    return position_hazards(layout, resolve_values(NO_GRADIENT | changes))


@pytest.fixture(scope="module")
def ohio() -> Layout:
    values = resolve_values()
    return build_layout(build_agencies(load_scenario("ohio"), values), values, areas=("a", "b"), key=1)


def staff_of(layout: Layout, level: int) -> np.ndarray:
    return (layout.level[layout.organization] == level) & (layout.position_row > 0)


@pytest.mark.parametrize("slopes", [(3.0, 0.0), (0.0, 0.2), (-2.0, 0.1)])
def test_the_mean_of_a_state_stays_as_declared_whatever_the_slopes(ohio: Layout, slopes: tuple[float, float]) -> None:
    even = hazards(ohio)
    moved = hazards(ohio, exit_poverty_slope=slopes[0], exit_size_slope=slopes[1])
    weight, staff = ohio.weight[ohio.organization], staff_of(ohio, Level.LEA)
    assert np.average(moved[staff], weights=weight[staff]) == pytest.approx(even[staff][0], rel=1e-12)
    assert moved[staff].std() > 0.02 * moved[staff].mean()
    districts = ohio.level[ohio.organization] == Level.LEA
    assert np.array_equal(moved[~districts], even[~districts])


def test_slopes_are_those_of_the_log_of_the_hazard(ohio: Layout) -> None:
    staff = np.flatnonzero(staff_of(ohio, Level.LEA))
    of = ohio.organization[staff]
    poverty, pupils = ohio.poverty_share[of], np.log(ohio.enrollment[of])
    moved = np.log(hazards(ohio, exit_poverty_slope=2.0, exit_size_slope=0.1)[staff])
    told = poverty >= 0.0
    terms = np.column_stack([poverty, pupils, np.ones(len(of))])[told]
    assert np.linalg.lstsq(terms, moved[told], rcond=None)[0][:2] == pytest.approx([2.0, 0.1])


def test_superintendents_differ_by_poverty_but_have_a_step_for_size(ohio: Layout) -> None:
    leads = (ohio.level[ohio.organization] == Level.LEA) & (ohio.position_row == 0)
    assert np.array_equal(hazards(ohio, exit_size_slope=0.2)[leads], hazards(ohio)[leads])
    by_poverty = hazards(ohio, exit_poverty_slope=2.0)[leads] / hazards(ohio)[leads]
    assert np.corrcoef(by_poverty, ohio.poverty_share[ohio.organization[leads]])[0, 1] > 0.95


def test_unknown_poverty_is_that_of_the_mean(ohio: Layout) -> None:
    staff = staff_of(ohio, Level.LEA)
    one = int(ohio.organization[np.flatnonzero(staff)[0]])
    poverty = ohio.poverty_share.copy()
    poverty[one] = -1.0
    found = hazards(replace(ohio, poverty_share=poverty), exit_poverty_slope=2.0)
    here = staff & (ohio.organization == one)
    assert found[here] == pytest.approx(hazards(ohio)[here], rel=0.05)
    nobody = hazards(replace(ohio, poverty_share=np.full_like(poverty, -1.0)), exit_poverty_slope=2.0)
    assert nobody == pytest.approx(hazards(ohio))


@pytest.mark.parametrize("slope", [0.0, 2.0])
def test_what_an_agency_counted_stands_for_its_staff(ohio: Layout, slope: float) -> None:
    staff = staff_of(ohio, Level.LEA)
    one = int(ohio.organization[np.flatnonzero(staff)[0]])
    known = np.full(ohio.n_organizations, -1.0)
    known[one] = 0.33
    found = hazards(replace(ohio, annual_exit=known), exit_poverty_slope=slope)
    here = ohio.organization == one
    assert found[here & staff] == pytest.approx(annual_to_hazard(0.33))
    assert found[here & ~staff] == pytest.approx(hazards(ohio, exit_poverty_slope=slope)[here & ~staff])
    led = hazards(replace(ohio, annual_exit=known, leader_annual_exit=known / 2.0), exit_poverty_slope=slope)
    assert led[here & staff] == pytest.approx(found[here & staff])
    assert led[here & ~staff] == pytest.approx(annual_to_hazard(0.165))
    others = staff & ~here
    weight = ohio.weight[ohio.organization]
    assert np.average(found[others], weights=weight[others]) == pytest.approx(hazards(ohio)[others][0])

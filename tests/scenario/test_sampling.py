"""Samples of several states: both are in them, and weights sum to the districts of each state and size."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.levels import ESA, LEA, SEA
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, Scenario, build_agencies, check_scenario, scenario_from_mapping
from capsim.scenario.packaged import of_state
from capsim.scenario.sampling import sample_rows, strata

TWO = {"states": ["OH", "NY"], "regional": ["support_teams", "escs", "boces"]}


def scenario_of(agencies: dict) -> Scenario:
    content = {
        "name": "test",
        "agencies": agencies,
        "question": {"contrast": ["organization_focused", "none"]},
        "assistance": {"budget_hours_per_year": 100},
        "strategies": ["none", "organization_focused"],
    }
    return scenario_from_mapping(content)


def table_of(agencies: dict) -> AgencyTable:
    return build_agencies(scenario_of(agencies), resolve_values({}))


def districts(*states: str) -> tuple[list[str], list[str], np.ndarray]:
    found = [agency for state in states for agency in of_state(state).districts]
    pupils = np.array([agency.enrollment for agency in found])
    return [agency.id for agency in found], [agency.state for agency in found], pupils


def test_two_states_stand_side_by_side() -> None:
    both = table_of(TWO)
    alone = [
        table_of({"states": ["OH"], "regional": TWO["regional"][:2]}),
        table_of({"states": ["NY"], "regional": ["boces"]}),
    ]
    for one in alone:
        own = np.flatnonzero(np.isin(both.state, one.state))
        for column in ("id", "name", "level", "enrollment", "sparse", "size_group", "positions"):
            assert getattr(both, column)[own].tolist() == getattr(one, column).tolist(), column
        above = [[t.id[p] if p >= 0 else "" for p in t.parent[rows]] for t, rows in ((both, own), (one, slice(None)))]
        assert above[0] == above[1]
    assert len(both) == sum(map(len, alone))
    assert set(alone[0].notes) | set(alone[1].notes) == set(both.notes)


@pytest.mark.parametrize("sample", [8, 12, 24, 120])
def test_a_sample_is_stratified_over_both_states(sample: int) -> None:
    drawn = table_of({**TWO, "sample": sample})
    leas = drawn.level == LEA
    assert leas.sum() == sample
    for state, all_of_them in (("OH", 609), ("NY", 708)):
        own = leas & (drawn.state == state)
        assert own.sum() == pytest.approx(sample * all_of_them / 1317, abs=1)
        assert drawn.weight[own].sum() == pytest.approx(all_of_them, abs=1e-6)
        assert ((drawn.level == SEA) & (drawn.state == state)).sum() == 1
        assert ((drawn.level == ESA) & (drawn.state == state)).any()


def test_weights_sum_to_sizes_and_states() -> None:
    identities, states, pupils = districts("OH", "NY")
    chosen, weight = sample_rows(identities, states, pupils, 60, 1)
    sizes = strata(pupils)
    np.testing.assert_allclose(np.bincount(sizes[chosen], weight), np.bincount(sizes), rtol=1e-6)
    assert len(set(chosen.tolist())) == 60


def test_a_state_with_one_district_stands_for_itself() -> None:
    identities, states, pupils = districts("HI", "OH")
    for size in (8, 40):
        chosen, weight = sample_rows(identities, states, pupils, size, 1)
        assert 0 in chosen
        assert weight[0] == pytest.approx(1)
        assert weight.sum() == pytest.approx(610)


def test_all_of_two_states_is_everyone_at_weight_one() -> None:
    identities, states, pupils = districts("NJ", "DE")
    chosen, weight = sample_rows(identities, states, pupils, len(identities), 1)
    assert chosen.tolist() == list(range(len(identities)))
    np.testing.assert_allclose(weight, 1.0, rtol=1e-9)


def test_a_sample_too_small_for_the_states_is_stratified_by_size_only() -> None:
    identities, states, pupils = districts("OH", "NY")
    small, one_state = (
        sample_rows(identities, states, pupils, 7, 1),
        sample_rows(identities, ["XX"] * len(states), pupils, 7, 1),
    )
    assert small[0].tolist() == one_state[0].tolist()
    assert small[1].tolist() == one_state[1].tolist()


@pytest.mark.parametrize("size", [1, 3, 5])
def test_sizes_that_are_not_drawn_are_borne_by_the_others(size: int) -> None:
    identities, states, pupils = districts("OH")
    _, weight = sample_rows(identities, states, pupils, size, 1)
    assert weight.sum() == pytest.approx(609)


def test_a_larger_sample_holds_the_smaller_one_where_allocation_allows() -> None:
    identities, states, pupils = districts("OH", "NY")
    small, large = (set(sample_rows(identities, states, pupils, n, 1)[0].tolist()) for n in (60, 240))
    assert len(small - large) <= 3


def test_every_state_in_the_sample_that_has_regional_agencies_keeps_one() -> None:
    """Otherwise their hours would go to the regional agencies of other states."""
    for size, kept in ((8, True), (4, False)):  # of four none is as large as those below the city's department
        for seed in range(6):
            scenario = scenario_of({"source": "us_2023_24", "states": ["NY"], "sample": size, "sample_seed": seed})
            table = build_agencies(scenario, resolve_values({}))
            assert table.weight[table.level == LEA].sum() == pytest.approx(708)
            assert (table.level == ESA).any() == kept
            said = any("none below a regional agency of NY" in text for text in check_scenario(scenario).warnings)
            assert said != kept


def test_a_district_below_a_region_comes_in_for_one_of_the_same_size() -> None:
    names = [f"D{n:02d}" for n in range(30)]
    pupils = np.full(30, 2000.0)
    plain, weight = sample_rows(names, ["AA"] * 30, pupils, 4, 1)
    regional = np.ones(30, np.bool_)
    regional[plain] = False
    rows, same = sample_rows(names, ["AA"] * 30, pupils, 4, 1, regional)
    assert len(set(rows) - set(plain)) == 1
    assert np.array_equal(same, weight)
    regional[plain[0]] = True
    assert np.array_equal(sample_rows(names, ["AA"] * 30, pupils, 4, 1, regional)[0], plain)

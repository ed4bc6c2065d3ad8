"""Structures of regional agencies: nothing moves where nothing changes, people stay, luck is the agency's own."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest

from capsim.building import run_key, settled_world
from capsim.building.restructuring import restructured_world
from capsim.catalogue import MEASURES
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.errors import InputError
from capsim.levels import ESA, LEA
from capsim.measures.groups import GROUPS
from capsim.model.capacity_model import CapacityModel
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.scenario import build_agencies, build_arranged, scenario_from_mapping
from capsim.scenario.budgets import structure_of
from capsim.scenario.structures import Structure
from capsim.world.invariants import broken_invariants, broken_layout
from capsim.world.state import WORLD_COLUMNS

VALUES = resolve_values()
KEY = run_key(1, 0)
FOUR = {
    "as they are": {"staff": {"regional": {"times": 1}}},
    "two merged": {"merge": [{"agencies": ["SYN-ESA-001", "Region 2"], "name": "West"}]},
    "none": {"close": ["regional"]},
    "one more": {"add": [{"name": "City", "agencies": ["SYN-00001", "SYN-00002"], "positions": 5}]},
    "other sizes": {"staff": {"SYN-ESA-001": 3, "SYN-ESA-002": 30}},
    "moved": {"reassign": [{"agencies": ["SYN-00001"], "to": "SYN-ESA-003"}]},
}


def content(**structures: Any) -> dict[str, Any]:
    mix = {"coaching": 0.5, "routine_redesign": 0.5}
    own = [
        {"name": name, "activities": mix, "delivery": {"chain": "cascade", "structure": one}}
        for name, one in structures.items()
    ]
    return {
        "name": "structures",
        "agencies": {"source": "synthetic", "districts": 18, "regions": 4},
        "question": {"contrast": ["today", "none"]},
        "timeline": {"settling": 12, "assistance": 12, "follow_up": 12},
        "assistance": {"budget_hours_per_year": 6000},
        "uncertainty": "none",
        "strategies": ["none", {"name": "today", "activities": mix, "delivery": {"chain": "cascade"}}, *own],
        "replications": 2,
    }


def settled(scenario: Any) -> Any:
    return settled_world(scenario, VALUES, column_processes(MONTH), run_key=KEY).world


@pytest.fixture(scope="module")
def world() -> Any:
    return settled(scenario_from_mapping(content()))


def under(world: Any, structure: dict[str, Any]) -> Any:
    arranged = build_arranged(scenario_from_mapping(content()), VALUES, Structure.model_validate(structure))
    return restructured_world(world, arranged, VALUES, run_key=KEY)


def test_a_structure_that_changes_nothing_gives_the_same_world_bit_for_bit(world: Any) -> None:
    same = under(world, FOUR["as they are"])
    assert same.layout.ids == world.layout.ids
    for name, column in world.columns():
        other = getattr(same.pool, name[5:]) if name.startswith("pool.") else getattr(same, name)
        assert np.array_equal(column, other), name
    for name in ("hazard", "culture_effect", "relevance", "parent", "family_weight", "allocation"):
        assert np.array_equal(getattr(world.layout, name), getattr(same.layout, name)), name


@pytest.mark.parametrize("structure", FOUR.values(), ids=list(FOUR))
def test_every_structure_gives_a_sound_world_and_leaves_districts_as_they_are(
    world: Any, structure: dict[str, Any]
) -> None:
    changed = under(world, structure)
    assert not broken_layout(changed)
    assert not broken_invariants(changed)
    rows = [(world.layout.ids.index(one), changed.layout.ids.index(one)) for one in _districts(world)]
    for name, kind in WORLD_COLUMNS.items():
        if kind.shape[0] == "O":
            for old, new in rows:
                assert np.array_equal(getattr(world, name)[old], getattr(changed, name)[new]), name
        if kind.shape[0] == "P" and not isinstance(kind.high, str) and name not in {"tie_strength", "consulted"}:
            for old, new in rows:
                assert np.array_equal(_staff(world, name, old), _staff(changed, name, new)), name


def _districts(world: Any) -> list[str]:
    return [one for one, level in zip(world.layout.ids, world.layout.level, strict=True) if level == LEA]


def _staff(world: Any, name: str, row: int) -> Any:
    return getattr(world, name)[world.layout.first[row] : world.layout.first[row + 1]]


def test_staff_of_merged_agencies_sit_together_and_a_cut_takes_vacancies_and_newcomers_first(world: Any) -> None:
    def people(of: Any, *ids: str) -> set[int]:
        rows = [of.layout.ids.index(one) for one in ids]
        return {int(p) for row in rows for p in _staff(of, "person", row) if p >= 0}

    merged = under(world, FOUR["two merged"])
    assert people(merged, "SYN-ESA-001") == people(world, "SYN-ESA-001", "SYN-ESA-002")
    assert "SYN-ESA-002" not in merged.layout.ids
    assert merged.layout.names[merged.layout.ids.index("SYN-ESA-001")] == "West"
    cut = under(world, {"staff": {"SYN-ESA-001": 3}})
    row = world.layout.ids.index("SYN-ESA-001")
    tenure = sorted(_staff(world, "tenure", row)[1:][_staff(world, "person", row)[1:] >= 0])
    assert len(people(cut, "SYN-ESA-001")) == 3
    assert sorted(_staff(cut, "tenure", cut.layout.ids.index("SYN-ESA-001"))[1:]) == tenure[-2:]
    more = under(world, FOUR["one more"])
    assert people(more, "SYN-CITY") == set()


def test_districts_that_no_channel_reaches_end_exactly_as_under_the_structure_of_today() -> None:
    asked = content(smaller={"staff": {"SYN-ESA-001": 4}})
    for one in asked["strategies"][1:]:
        one["delivery"] = {**one["delivery"], "chain": "direct", "recipients": ["lea"]}
    asked["month"] = {"off": ["ties", "priorities"]}  # no advice between agencies
    asked["parameters"] = asked.get("parameters", {}) | {"support_weight": 0.0}  # nothing from above
    scenario = scenario_from_mapping(asked)
    result = run_block(Block(scenario, ("none", "today", "smaller"), 0, keep_agencies=True))
    assert not any(run.failure for run in result.runs)
    today, smaller = (run.by_organization[24] for run in result.runs[1:])
    table = build_agencies(scenario, VALUES)
    arranged = build_arranged(scenario, VALUES, structure_of(scenario, "smaller"))
    region, use = int(np.flatnonzero(table.id == "SYN-ESA-001")[0]), list(MEASURES).index("use")
    assert list(arranged.table.id) == list(table.id)
    elsewhere = (table.level == LEA) & (table.parent != region)
    assert np.array_equal(today[:, :-1][:, elsewhere], smaller[:, :-1][:, elsewhere], equal_nan=True)
    below = (table.level == LEA) & (table.parent == region)
    assert (today[use, :-1][below] != smaller[use, :-1][below]).all()  # aligned with another plan above them


def test_structures_are_rows_of_one_comparison_and_equal_money_is_counted() -> None:
    structures = {
        "same": FOUR["as they are"],
        "larger": {"staff": {"regional": {"times": 1.5}}},
        "paid": {"staff": {"SYN-ESA-001": {"times": 1.25}}, "counted": True},
        "saved": {"close": ["SYN-ESA-002"], "counted": True},
    }
    scenario = scenario_from_mapping(content(**structures))
    runs = {run.strategy: run for run in run_block(Block(scenario, scenario.strategy_names, 0)).runs}
    assert not any(run.failure for run in runs.values())
    today, same = runs["today"].outcomes, runs["same"].outcomes
    pd.testing.assert_series_equal(pd.Series(today), pd.Series(same), check_exact=True)
    assert runs["larger"].outcomes["use_follow_up_end"] != today["use_follow_up_end"]
    table = build_agencies(scenario, VALUES)
    wage = VALUES["staff_rate"] * VALUES["work_hours_per_month"] * 12
    for name in ("larger", "paid", "saved"):
        arranged = build_arranged(scenario, VALUES, structure_of(scenario, name))
        more = arranged.table.positions[arranged.table.level == ESA].sum() - table.positions[table.level == ESA].sum()
        assert runs[name].outcomes["structure_cost"] == pytest.approx(2.0 * more * wage)
        hours = 6000 - (more * wage / VALUES["consultant_rate"] if name != "larger" else 0.0)
        spent = runs[name].outcomes["ta_hours"] + runs[name].outcomes["unspent_hours"]
        assert spent == pytest.approx(max(0.0, hours))


def test_everything_that_is_wrong_with_structures_is_said_at_once() -> None:
    wrong = content(
        A={"merge": [{"agencies": ["Region 1", "Regoin 2"]}], "close": ["SYN-00001"], "staff": {"boces": 3}},
        B={
            "add": [{"name": "Region 1", "agencies": ["SYN-00001"]}],
            "reassign": [{"agencies": ["SYN-ESA-001"], "to": "Region 1"}],
        },
        C={},
        D={"add": [{"name": "Nobody's", "agencies": []}]},
    )
    with pytest.raises(InputError) as raised:
        scenario_from_mapping(wrong)
    text = "\n".join(raised.value.problems)
    for said in (
        "strategies[2].delivery.structure.merge[0].agencies[1]: no agency 'Regoin 2'",
        "did you mean Region 2?",
        "strategies[2].delivery.structure.close[0]: 'SYN-00001' cannot stand here; allowed: regional agencies",
        "strategies[2].delivery.structure.staff.boces: no agency 'boces'",
        "strategies[3].delivery.structure.add[0].name: there is an agency 'Region 1' already",
        "strategies[3].delivery.structure.reassign[0].to: SYN-ESA-001 would stand below itself",
        "strategies[4].delivery.structure: names no agencies",
        "strategies[5].delivery.structure.add[0].agencies: needs at least 1 entry, got 0",
    ):
        assert said in text, text


def test_a_merger_across_states_and_a_world_without_regional_agencies_are_refused() -> None:
    asked = content(A={"merge": [{"agencies": ["OH-SST-01", "NY-NYCDOE"]}]})
    asked["agencies"] = {"source": "us_2023_24", "states": ["OH", "NY"], "regional": ["support_teams"], "sample": 8}
    with pytest.raises(InputError, match="merges across states: OH and NY"):
        scenario_from_mapping(asked)
    asked = content(A={"staff": {"regional": 3}})
    asked["agencies"]["regions"] = 0
    with pytest.raises(InputError, match="there are no regional agencies in this world"):
        scenario_from_mapping(asked)


def test_a_strategy_without_a_structure_keeps_its_identity_and_one_with_it_is_read_back() -> None:
    plain = scenario_from_mapping(content())
    assert "structure" not in plain.resolved()["strategies"][1]["delivery"]
    own = scenario_from_mapping(content(A=FOUR["one more"], B={"staff": {"regional": {"times": 2}}}))
    again = scenario_from_mapping(copy.deepcopy(own.resolved()))
    assert again == own
    assert hash(again) == hash(own)


def test_help_is_measured_by_the_staff_that_stood_for_the_same_districts(world: Any) -> None:
    """A merger changes nothing, cut staff is missed, a district takes its part of the staff along."""
    row = {identity: j for j, identity in enumerate(world.layout.ids)}
    sizes = np.diff(world.layout.first)
    first, second = (int(sizes[row[f"SYN-ESA-00{n}"]]) for n in (1, 2))
    merged = under(world, FOUR["two merged"]).layout
    west = merged.names.index("West")
    assert merged.usual_positions[west] == first + second
    cut = under(world, FOUR["other sizes"]).layout
    at = cut.ids.index("SYN-ESA-001")
    assert np.diff(cut.first)[at] == 3
    assert cut.usual_positions[at] == first
    closed = under(world, FOUR["none"]).layout
    assert (closed.usual_layers[closed.level == LEA] == 1).all()
    other = int(np.flatnonzero((world.layout.level == LEA) & (world.layout.parent != row["SYN-ESA-003"]))[0])
    moved = under(world, {"reassign": [{"agencies": [world.layout.ids[other]], "to": "SYN-ESA-003"}]}).layout
    change = moved.usual_positions - [world.layout.usual_positions[row[identity]] for identity in moved.ids]
    assert change.sum() == pytest.approx(0.0, abs=1e-6)
    assert change[moved.ids.index("SYN-ESA-003")] > 0.0


def test_a_model_starts_under_the_structure_and_its_copies_go_on_in_it() -> None:
    scenario = scenario_from_mapping(content(A=FOUR["two merged"]))
    model = CapacityModel(scenario, strategy="A", seed=0)
    assert "SYN-ESA-002" not in model.world.layout.ids
    for _ in range(5):
        model.step()
    other = CapacityModel.restore(model.snapshot())
    assert other.world.layout.ids == model.world.layout.ids
    assert np.array_equal(model.run().world.use, other.run().world.use)
    run = run_block(Block(scenario, ("A",), 0)).runs[0]
    assert np.array_equal(run.monthly[:, : len(GROUPS)], model._run.recorder.monthly[:, : len(GROUPS)], equal_nan=True)
    with pytest.raises(InputError, match="before the first month"):
        CapacityModel.restore(CapacityModel(scenario, strategy="none", seed=0).run().snapshot(), strategy="A")

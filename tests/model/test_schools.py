"""Schools and states in the records: groups, and two states that share nothing but the program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from capsim import CapacityModel, Organization, load_scenario
from capsim.building.layout import build_layout
from capsim.levels import Level
from capsim.measures.groups import GROUPS, groups_of
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, scenario_from_mapping

VALUES = resolve_values()
SHORT = {"settling": 12, "assistance": 12, "follow_up": 0}


def with_schools() -> CapacityModel:
    content = {**load_scenario("new_york_schools").resolved(), "timeline": SHORT}
    return CapacityModel(scenario_from_mapping(content), strategy="none", seed=4).run()


def test_groups_of_schools_and_of_all() -> None:
    table = build_agencies(load_scenario("new_york_schools"), VALUES)
    layout = build_layout(table, VALUES, areas=("a", "b"), key=1)
    groups = groups_of(layout)
    members = [set(groups.member[groups.first[g] : groups.first[g + 1]].tolist()) for g in range(len(GROUPS))]
    of = dict(zip(GROUPS, members, strict=True))
    assert of["school"] == set(np.flatnonzero(layout.level == Level.SCHOOL).tolist())
    assert of["all"] == of["sea"] | of["esa"] | of["lea"] | of["school"]
    assert not of["school"] & (of["sea"] | of["esa"] | of["lea"])
    assert len(of["school"]) > 100
    sampled = layout.weight[sorted(of["school"])]
    assert sampled.min() > 1


def test_the_center_is_in_no_group() -> None:
    table = build_agencies(load_scenario("classroom"), VALUES)
    layout = build_layout(table, VALUES, areas=("a", "b"), key=1)
    level = layout.level.copy()
    level[-1] = Level.CENTER
    groups = groups_of(replace(layout, level=level))
    assert len(level) - 1 not in groups.member


def test_schools_are_measured() -> None:
    model = with_schools()
    latest = model.history.query("month == 12").set_index("level")
    schools = latest.loc["school"]
    assert 0.0 < schools["use"] < 1.0
    assert schools["use"] == model.measure("use", "school")
    assert 0.0 < schools["alignment_parent"] < 1.0
    assert np.isnan(schools["alignment_internal"]), "a school is one unit"
    assert schools["use"] != latest.loc["lea", "use"]
    school = next(one for one in model.agents_by_type[Organization] if one.level == "school")
    assert school.parent.level == "lea"


def test_without_schools_their_group_is_undefined() -> None:
    model = CapacityModel("classroom", strategy="none", seed=1)
    model.step()
    schools = model.history.set_index("level").loc["school"].drop("month")
    assert "use" in schools.index
    assert schools.isna().all()


def two_states(tmp_path: Path) -> tuple[CapacityModel, CapacityModel]:
    """A state alone, and the same state beside another one."""
    first = ["S,State,XX,sea,,", "R,Region,XX,esa,,S", "A,Ash,XX,lea,3000,R", "B,Beech,XX,lea,9000,S"]
    other = ["T,Other,AA,sea,,", "C,Cedar,AA,lea,4000,T", "D,Dogwood,AA,lea,800,T"]
    base = load_scenario("classroom").resolved()
    models = []
    for name, lines in (("alone", first), ("both", [*first, *other])):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["id,name,state,level,enrollment,parent", *lines]))
        content = {**base, "agencies": {"source": str(path)}, "timeline": {**SHORT, "follow_up": 24}}
        models.append(CapacityModel(scenario_from_mapping(content), strategy="none", seed=2).run())
    return models[0], models[1]


def test_two_states_share_nothing_but_the_program(tmp_path: Path) -> None:
    alone, both = (model.world for model in two_states(tmp_path))
    rows = [both.layout.ids.index(one) for one in alone.layout.ids]
    positions = np.concatenate([np.arange(both.layout.first[row], both.layout.first[row + 1]) for row in rows])
    for column in ("skill", "priority", "engagement", "tenure", "tie_strength"):
        np.testing.assert_array_equal(getattr(both, column)[positions], getattr(alone, column), err_msg=column)
    for column in ("routine", "use", "culture", "plan", "funding"):
        np.testing.assert_array_equal(getattr(both, column)[rows], getattr(alone, column), err_msg=column)


def test_no_tie_and_no_mover_crosses_the_border(tmp_path: Path) -> None:
    _, model = two_states(tmp_path)
    layout, ties = model.world.layout, model.world.tie_to
    state = layout.market[layout.organization]
    asking = np.nonzero(ties >= 0)
    assert (state[ties[asking]] == state[asking[0]]).all()
    agencies = layout.level > Level.CENTER
    assert len(set(layout.market[agencies].tolist())) == 2
    assert (layout.parent[layout.level == Level.SEA] == -1).all()

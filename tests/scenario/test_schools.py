"""Schools: how many a district has, what they take from it, and what they leave as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.levels import LEA, SCHOOL
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, build_agencies, scenario_from_mapping
from capsim.scenario.own_tables import own_population

BASE = {
    "name": "test",
    "question": {"contrast": ["organization_focused", "none"]},
    "assistance": {"budget_hours_per_year": 100},
    "strategies": ["none", "organization_focused"],
}
OHIO = {"states": ["OH"], "regional": ["support_teams", "escs"]}
COLUMNS = ("name", "state", "level", "enrollment", "density", "sparse", "size_group", "positions", "weight")
HEADER = "id,name,state,level,enrollment,parent"
OWN = [HEADER, "S,State,XX,sea,,", "A,Ash,XX,lea,400,S", "B,Beech,XX,lea,900,S"]


def table_of(agencies: dict, folder: Path | str = ".", **parameters: float) -> AgencyTable:
    scenario = scenario_from_mapping({**BASE, "agencies": agencies}, folder=folder)
    return build_agencies(scenario, resolve_values(parameters))


def rows_of(table: AgencyTable) -> dict[str, tuple]:
    """Every agency that is not a school."""
    above = [str(table.id[row]) if row >= 0 else "" for row in table.parent]
    return {
        str(table.id[row]): (above[row], *(repr(getattr(table, column)[row].item()) for column in COLUMNS))
        for row in np.flatnonzero(table.level != SCHOOL).tolist()
    }


@pytest.fixture(scope="module")
def ohio() -> AgencyTable:
    return table_of({**OHIO, "schools": True})


def test_the_number_of_schools_follows_from_the_pupils(ohio: AgencyTable) -> None:
    leas = np.flatnonzero(ohio.level == LEA)
    schools = np.bincount(ohio.parent[ohio.level == SCHOOL], minlength=len(ohio))
    wanted = [max(1, round(pupils / 500)) for pupils in ohio.enrollment[leas].tolist()]
    assert schools[leas].tolist() == wanted
    assert schools.sum() == sum(wanted)
    assert min(wanted) == 1
    columbus = ohio.row_of("3904380")
    assert wanted[leas.tolist().index(columbus)] > 50
    first = ohio.row_of("3904380-S01")
    assert ohio.name[first] == "School 1 of Columbus City Schools District"


def test_a_school_takes_state_parent_and_pupils_from_its_district(ohio: AgencyTable) -> None:
    schools = ohio.level == SCHOOL
    district = ohio.parent[schools]
    assert (ohio.level[district] == LEA).all()
    assert [one.rpartition("-S")[0] for one in ohio.id[schools].tolist()] == ohio.id[district].tolist()
    assert (ohio.state[schools] == ohio.state[district]).all()
    pupils = np.bincount(district, ohio.enrollment[schools], minlength=len(ohio))
    leas = ohio.level == LEA
    np.testing.assert_allclose(pupils[leas], ohio.enrollment[leas])
    assert (ohio.size_group[schools] == -1).all()
    assert not ohio.sparse[schools].any()
    assert np.isnan(ohio.density[schools]).all()
    assert set(ohio.positions[schools].tolist()) == {4}
    assert any("Schools are illustrative" in note and "every 500" in note for note in ohio.notes)


def test_schools_change_nothing_above_them(ohio: AgencyTable) -> None:
    assert rows_of(ohio) == rows_of(table_of(OHIO))
    assert "school" not in " ".join(table_of(OHIO).notes).lower().replace("school year", "")


def test_schools_follow_their_parameters() -> None:
    table = table_of({**OHIO, "schools": True}, pupils_per_school=1000, school_positions=7)
    row = table.row_of("3904380")
    assert (table.parent == row).sum() == round(table.enrollment[row] / 1000)
    assert set(table.positions[table.level == SCHOOL].tolist()) == {7}
    assert any("every 1000" in note for note in table.notes)


def test_a_sample_holds_the_schools_of_its_districts_at_their_weight(ohio: AgencyTable) -> None:
    drawn = table_of({**OHIO, "schools": True, "sample": 20})
    schools = drawn.level == SCHOOL
    assert (drawn.level == LEA).sum() == 20
    assert (drawn.weight[schools] == drawn.weight[drawn.parent[schools]]).all()
    assert drawn.weight[schools].max() > 1
    districts = set(drawn.id[drawn.level == LEA].tolist())
    expected = {one for one in ohio.id[ohio.level == SCHOOL].tolist() if one.rpartition("-S")[0] in districts}
    assert set(drawn.id[schools].tolist()) == expected
    assert rows_of(drawn) == rows_of(table_of({**OHIO, "sample": 20}))


def test_a_synthetic_state_can_have_schools() -> None:
    few = {"source": "synthetic", "districts": 12, "regions": 3}
    table = table_of({**few, "schools": True})
    assert rows_of(table) == rows_of(table_of(few))
    assert (table.level == SCHOOL).sum() >= 12


def own(tmp_path: Path, *lines: str, **agencies: object) -> AgencyTable:
    (tmp_path / "own.csv").write_text("\n".join([*OWN, *lines]))
    return table_of({"source": "own.csv", **agencies}, tmp_path)


def test_schools_of_a_users_file(tmp_path: Path) -> None:
    table = own(tmp_path, "Z,Zinnia,XX,School,150,A", "Y,Yew,XX,school,350,B")
    assert table.id.tolist() == ["S", "A", "B", "Y", "Z"]
    assert table.parent.tolist() == [-1, 0, 0, 2, 1]
    assert table.enrollment.tolist() == [1300, 400, 900, 350, 150]
    assert table.positions[3:].tolist() == [4, 4]


def test_schools_of_a_users_file_have_the_weight_of_their_district(tmp_path: Path) -> None:
    lines = [line + (",weight" if n == 0 else ",") for n, line in enumerate(OWN)]
    lines[2] += "7"
    (tmp_path / "own.csv").write_text("\n".join([*lines, "Z,Zinnia,XX,school,150,A,", "Y,Yew,XX,school,9,A,3"]))
    table = table_of({"source": "own.csv"}, tmp_path)
    assert dict(zip(table.id.tolist(), table.weight.tolist(), strict=True)) == {
        "S": 1,
        "A": 7,
        "B": 1,
        "Y": 7,
        "Z": 7,
    }
    drawn = table_of({"source": "own.csv", "sample": 1}, tmp_path)
    assert (drawn.weight[drawn.level == SCHOOL] == drawn.weight[drawn.level == LEA]).all()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Z,Zinnia,XX,school,5,", "own.csv:5: parent: is empty; a school needs the id of its district"),
        ("Z,Zinnia,XX,school,5,S", "own.csv:5: parent: 'S' is an sea; a school stands below a district (lea)"),
        ("Z,Zinnia,XX,school,5,Z", "own.csv:5: parent: 'Z' is a school; a school stands below a district (lea)"),
        ("Z,Zinnia,YY,school,5,A", "own.csv:5: state: 'YY' is not that of its district 'A', 'XX'"),
        (
            "Z,Zinnia,XX,school,,A",
            "own.csv:5: enrollment: is empty; a school needs its number of pupils (0 is allowed)",
        ),
        (
            "Z,Zinnia,XX,scool,5,A",
            "own.csv:5: level: 'scool' is not allowed; allowed: sea, esa, lea, school; did you mean school?",
        ),
    ],
)
def test_one_bad_school(line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("\n".join([*OWN, line]))
    with pytest.raises(InputError) as caught:
        own_population(str(tmp_path / "own.csv"))
    assert list(caught.value.problems) == [message]


def test_nothing_stands_below_a_school(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"parent: 'Z' is a school, which cannot stand above an lea$"):
        own(tmp_path, "Z,Zinnia,XX,school,5,A", "C,Cedar,XX,lea,5,Z")


def test_schools_are_made_for_a_users_file(tmp_path: Path) -> None:
    assert len(own(tmp_path, schools=False)) == 3
    made = own(tmp_path, schools=True)
    assert (made.level == SCHOOL).sum() > 0
    assert set(made.id[made.parent[made.level == SCHOOL]]) == set(made.id[made.level == LEA])
    assert "Schools are illustrative: each district has one" in made.notes[-1]


def test_districts_with_schools_in_the_file_keep_these(tmp_path: Path) -> None:
    made = own(tmp_path, "Z,Zinnia,XX,school,5,A", schools=True)
    below_a = made.parent == made.row_of("A")
    assert list(made.id[below_a]) == ["Z"]
    assert "each district without schools in the table has one" in made.notes[-1]


def test_a_made_school_takes_nobodys_id(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"agencies\.schools: a school made for A would have the id 'A-S01', which"):
        own(tmp_path, "A-S01,Odd,XX,lea,5,", schools=True)


def test_schools_is_true_or_false() -> None:
    with pytest.raises(InputError, match=r"agencies\.schools: must be true or false, got 1$"):
        table_of({**OHIO, "schools": 1})

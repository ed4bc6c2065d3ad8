"""A user's CSV of agencies and edge list: every problem at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, check_scenario, load_scenario, read_edges, scenario_from_mapping
from capsim.scenario.own_tables import own_population

HEADER = "id,name,state,level,enrollment,parent"
GOOD = [HEADER, "S,State,XX,sea,,", "R,Region,XX,esa,,S", "A,Ash,XX,lea,400,R", "B,Beech,XX,lea,900,S"]


def problems_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: list[str] | bytes) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_bytes(lines if isinstance(lines, bytes) else "\n".join(lines).encode())
    with pytest.raises(InputError) as caught:
        own_population(str(tmp_path / "own.csv"))
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A,Again,XX,lea,5,S", "own.csv:6: id: 'A' is used twice, first on line 4"),
        (",Nobody,XX,lea,5,S", "own.csv:6: id: is empty"),
        ("C,Cedar,,lea,5,S", "own.csv:6: state: is empty"),
        ("C,Cedar,XX,lea,-5,S", "own.csv:6: enrollment: -5 is out of range; allowed: 0 to 1e+09"),
        ("C,Cedar,XX,lea,nan,S", "own.csv:6: enrollment: 'nan' is not a number"),
        ("C,Cedar,XX,lea,inf,S", "own.csv:6: enrollment: 'inf' is not a number"),
        (
            "C,Cedar,XX,lea,26.500,S",
            "own.csv:6: enrollment: '26.500' is not a number; if the point parts thousands write 26500, or 26.5 if "
            "that is what it is",
        ),
        ("C,Cedar,XX,lea,many,S", "own.csv:6: enrollment: 'many' is not a number"),
        (
            "C,Cedar,XX,lea,,S",
            "own.csv:6: enrollment: is empty; a district needs its number of pupils (0 is allowed)",
        ),
        (
            "C,Cedar,XX,leaa,5,S",
            "own.csv:6: level: 'leaa' is not allowed; allowed: sea, esa, lea, school; did you mean lea?",
        ),
        ("North,Cedar,XX,lea,5,Sx", "own.csv:6: parent: no agency has the id 'Sx'; did you mean S?"),
        ("C,Cedar,XX,lea,5,A", "own.csv:6: parent: 'A' is an lea, which cannot stand above an lea"),
        ("C,Cedar,XX,esa,5,A", "own.csv:6: parent: 'A' is an lea, which cannot stand above an esa"),
        ("C,Cedar,XX,sea,5,S", "own.csv:6: parent: an sea has no parent, got 'S'"),
        ("C,Cedar,XX,esa,,C", "own.csv:6: parent: 'C' is above itself, through 'C'"),
        ("C,Cedar,XX,lea,5", "own.csv:6: has 5 cells, the header has 6"),
    ],
)
def test_one_bad_row(line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems_of(tmp_path, monkeypatch, [*GOOD, line]) == [message]


def test_cycle_of_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_of(tmp_path, monkeypatch, [*GOOD, "P,P,XX,esa,,Q", "Q,Q,XX,esa,,P"])
    assert found == [
        "own.csv:6: parent: 'P' is above itself, through 'Q'",
        "own.csv:7: parent: 'Q' is above itself, through 'P'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b"",
            "own.csv:1: the file is empty; its first line must name the columns id, name, state, level, enrollment",
        ),
        (b"id,name,state,level,enrollment\n", "own.csv:1: has a header and no rows"),
        (
            b"id,name,state,level,enrolment\nA,A,XX,lea,5\n",
            "own.csv:1: column enrollment is missing; columns found: id, ",
        ),
        (b"id,name,state,level,enrolment\nA,A,XX,lea,5\n", "did you mean enrolment?"),
        (b"id,id,name,state,level,enrollment\nA,A,A,XX,lea,5\n", "own.csv:1: column id is given twice"),
        (
            b"id,name,state,level,enrollment,postions\nA,A,XX,lea,5,1\n",
            "column postions is unknown; did you mean positions?",
        ),
        (b"id,name,state,level,enrollment\n\xff,A,XX,lea,5\n", "own.csv:2: not UTF-8 text"),
        (
            "id,name,state,level,enrollment\nA,A,XX,lea,5\nB,Peña,XX,lea,5\n".encode("cp1252"),
            "own.csv:3: not UTF-8 text: the letter 'ñ' at the end of 'B,Peñ' is written in another way; "
            'save it in Excel as "CSV UTF-8 (comma delimited)"',
        ),
        (
            "id,name,state,level,enrollment\n".encode("utf-16"),
            "own.csv:1: is text in UTF-16 (or no text at all), not in UTF-8; save it in Excel as",
        ),
        ("id,name,state\n".encode("utf-16-le"), "own.csv:1: is text in UTF-16"),
        (b"PK\x03\x04\x14\x00", "own.csv:1: is an Excel workbook, not a CSV, whatever its name; save it in Excel as"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "own.csv:1: is an Excel workbook, not a CSV"),
        (b"ID,ID,Name,State,Level,Enrollment\nA,A,A,XX,lea,5\n", "own.csv:1: column id is given twice"),
        (
            b"id,name,state,level,enrollment,positions\nA,A,XX,lea,5,0\n",
            "positions: 0 is out of range; allowed: 1 to ",
        ),
        (
            b"id,name,state,level,enrollment,positions\nA,A,XX,lea,5,1.5\n",
            "positions: 1.5 is not a whole number",
        ),
        (
            b"id,name,state,level,enrollment,land_km2\nA,A,XX,lea,5,0\n",
            "land_km2: 0 is out of range; allowed: more than 0",
        ),
        (
            b"id,name,state,level,enrollment,lat\nA,A,XX,lea,5,91\n",
            "lat: 91 is out of range; allowed: -90 to 90",
        ),
    ],
)
def test_wrong_shape(text: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message in problems_of(tmp_path, monkeypatch, text)[0]


def test_all_problems_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*GOOD, "A,Again,XX,lea,-1,Z", "C,Cedar,XX,le,x,S"]
    found = problems_of(tmp_path, monkeypatch, lines)
    assert [p.split(": ")[1] for p in found] == ["enrollment", "id", "level", "enrollment"]


def test_spreadsheet_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(("\ufeff" + "\r\n".join([*GOOD, ",,,,,"]) + "\r\n").encode())
    population = own_population(str(tmp_path / "own.csv"))
    assert [agency.id for agency in population.agencies] == ["S", "R", "A", "B"]
    assert population.enrollment.tolist() == [1300, 400, 400, 900]


def test_columns_may_be_in_capitals(tmp_path: Path) -> None:
    capitals = "ID,Name,State,LEVEL,Enrollment,Parent,Land km2,Name of head"
    rows = [capitals, "S,State,XX,sea,,,,x", "A,Ash,XX,LEA,400,S,12,y"]
    (tmp_path / "own.csv").write_text("\n".join(rows) + "\n")
    population = own_population(str(tmp_path / "own.csv"))
    assert [agency.id for agency in population.agencies] == ["S", "A"]
    assert population.agencies[1].land_km2 == 12


def test_districts_without_a_state_agency_have_no_parent(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("id,name,state,level,enrollment\nA,A,XX,lea,5\nB,B,XX,lea,6\n")
    assert own_population(str(tmp_path / "own.csv")).parent.tolist() == [-1, -1]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    base = {**load_scenario("classroom").resolved(), "agencies": {"source": "own.csv"}}
    sizes = []
    for enrollment in (5, 77_000):
        (tmp_path / "own.csv").write_text(f"id,name,state,level,enrollment\nA,A,XX,lea,{enrollment}\n")
        table = build_agencies(scenario_from_mapping(base, folder=tmp_path), resolve_values({}))
        sizes.append(table.enrollment.tolist())
    assert sizes == [[5.0], [77_000.0]]


def edges(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "ties.csv"
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_edges_become_rows(tmp_path: Path) -> None:
    table = build_agencies(load_scenario("classroom"), resolve_values({}))
    path = edges(tmp_path, "from,to,strength", "MAPLE,BIRCH,0.5", "BIRCH,STATE,")
    from_row, to_row, strength = read_edges(path, table)
    named = [(str(table.id[a]), str(table.id[b])) for a, b in zip(from_row, to_row, strict=True)]
    assert named == [("BIRCH", "STATE"), ("MAPLE", "BIRCH")]
    assert strength.tolist() == [1.0, 0.5]
    assert from_row.dtype == to_row.dtype == "int32"


def test_bad_edges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = build_agencies(load_scenario("classroom"), resolve_values({}))
    rows = ("MAPEL,BIRCH,1", "BIRCH,BIRCH,1", "MAPLE,BIRCH,2", "MAPLE,STATE,1", "MAPLE,STATE,nan")
    with pytest.raises(InputError) as caught:
        read_edges(edges(tmp_path, "from,to,strength", *rows), table)
    assert list(caught.value.problems) == [
        "ties.csv:2: from: no agency has the id 'MAPEL'; did you mean MAPLE?",
        "ties.csv:3: to: 'BIRCH' has a tie to itself",
        "ties.csv:4: strength: '2' is not allowed; allowed: a number above 0, at most 1",
        "ties.csv:6: the tie from 'MAPLE' to 'STATE' is given twice, first on line 5",
        "ties.csv:6: strength: 'nan' is not allowed; allowed: a number above 0, at most 1",
    ]
    with pytest.raises(
        InputError, match=r"^ties\.csv:1: column to is missing; columns found: from, too; did you mean too\?$"
    ):
        read_edges(edges(tmp_path, "from,too", "A,B"), table)


def test_ties_and_answers_are_refused_together(tmp_path: Path) -> None:
    keys = load_scenario("classroom").resolved()
    survey = tmp_path / "seen.csv"
    survey.write_text("agency,skill_rubric\nMAPLE,400\n")
    keys["agencies"] |= {"edges": edges(tmp_path, "from,to", "MAPLE,BIRHC"), "survey": str(survey)}
    with pytest.raises(InputError) as refused:
        check_scenario(scenario_from_mapping(keys))
    assert [Path(line.split(":")[0]).name for line in refused.value.problems] == ["ties.csv", "seen.csv"]


def test_poverty_and_exits_are_facts_of_an_agency_and_a_school_has_its_districts_poverty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = "id,name,state,level,enrollment,parent,poverty_share,Annual exit,leader_annual_exit"
    rows = [header, "A,Ash,XX,lea,400,,0.3,0.25,0.4", "B,Birch,XX,lea,400,,,,", "AS,School,XX,school,400,A,,0.1,"]
    (tmp_path / "own.csv").write_text("\n".join(rows) + "\n")
    base = load_scenario("classroom").resolved()
    scenario = scenario_from_mapping({**base, "agencies": {"source": "own.csv"}}, folder=tmp_path)
    table = build_agencies(scenario, resolve_values({}))
    assert dict(zip(table.id.tolist(), table.poverty_share.tolist(), strict=True))["AS"] == 0.3
    assert table.annual_exit[table.row_of("A")] == 0.25
    assert table.leader_annual_exit[table.row_of("A")] == 0.4
    assert table.annual_exit[table.row_of("AS")] == 0.1
    assert np.isnan([table.poverty_share[table.row_of("B")], table.annual_exit[table.row_of("B")]]).all()
    rows[1] = "A,Ash,XX,lea,400,,30,1.2,"
    found = problems_of(tmp_path, monkeypatch, rows)
    assert "poverty_share: 30 is out of range; allowed: 0 to 1" in found[0]
    assert "annual_exit: 1.2 is out of range; allowed: 0 to 0.95" in found[1]


def test_a_column_named_as_a_parameter_is_not_passed_over(tmp_path: Path) -> None:
    text = "id,name,state,level,enrollment,tenure_gradient\nA,Ash,XX,lea,400,120\n"
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(InputError, match="column tenure_gradient is a parameter of all agencies; give it in"):
        own_population(str(tmp_path / "own.csv"))
    (tmp_path / "own.csv").write_text(text.replace("tenure", "note_tenure"))
    assert len(own_population(str(tmp_path / "own.csv")).agencies) == 1

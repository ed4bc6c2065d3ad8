"""Files made to take long, to take all memory, or to be obeyed by a terminal or a spreadsheet are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario, scenario_from_mapping
from capsim.scenario.own_tables import own_population, read_edges
from tests.scenario.good import GOOD

CELLS = "id,name,state,level,enrollment,parent"


def refused(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "s.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    shown = str(caught.value).replace(f"{folder}/", "").split("\n")
    assert len(shown) <= 21
    assert max(map(len, shown)) < 3000
    assert "\x1b" not in str(caught.value)
    return shown


def laughs() -> str:
    lines = ["a0: &a0 [lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    return GOOD + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "seed: " + "[" * 500_000, "s.yaml:8: nested too deeply; a scenario is a page or two"),
        (GOOD + "".join(f"{' ' * n}a:\n" for n in range(1000)), "nested too deeply"),
        (GOOD + "seed: " + "{a: " * 200_000, "nested too deeply"),
        (GOOD + "month: {off: [" + "x, " * 300_000 + "]}", "s.yaml:8: more than 20,000 values"),
        ("\n".join(f"key{n}: {n}" for n in range(60_000)), "more than 20,000 values"),
        (laughs(), "aliases (&name, *name) are not used in scenarios; write the value out"),
        (GOOD + "seed: &a [*a]\n", "seed[0]: aliases"),
        (GOOD + "seed: \x00\n", "s.yaml:8: the character U+0000 is not allowed in YAML"),
        (GOOD + "seed: \x1b[31m\n", "s.yaml:8: the character U+001B is not allowed in YAML"),
        (GOOD.encode("utf-16"), "not UTF-8 text"),
        (GOOD.encode() + b"\xff\xfe", "s.yaml:8: not UTF-8 text (byte 0xff)"),
        (GOOD + "x" * 1_000_000, "a scenario has at most 1,000,000"),
        (GOOD + "? " + "x" * 900_000 + "\n: 1\n", "unknown key; allowed: "),
        (GOOD + "seed: 1\nseed: 2\n", "s.yaml:9: seed: the key is given twice, first on line 8"),
        (GOOD + "---\n" + GOOD, "not readable as YAML: but found another document (expected a single document"),
    ],
    ids=lambda value: "",
)
def test_a_hostile_file(text: str | bytes, message: str, tmp_path: Path) -> None:
    assert any(message in line for line in refused(tmp_path, text))


def test_twenty_lines_and_how_many_more(tmp_path: Path) -> None:
    shown = refused(tmp_path, GOOD + "parameters: {" + ", ".join(f"p{n}: 1" for n in range(5000)) + "}\n")
    assert len(shown) == 21
    assert shown[-1] == "and 4,980 more"
    assert shown[0].startswith("s.yaml:8: parameters.p0: unknown parameter")


def test_a_misspelt_strategy_is_told_once_and_not_to_be_copied(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD.replace("  - organization_focused", "  - organisation_focused")) == [
        "s.yaml:7: strategies[1]: unknown strategy 'organisation_focused'; allowed: "
        + refused(tmp_path, GOOD.replace("  - organization_focused", "  - zzz"))[0].partition("allowed: ")[2]
        + "; did you mean organization_focused?"
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("=1+1", "'=1+1' begins like a formula of a spreadsheet; begin with a letter or a digit"),
        ("@SUM(A1)", "begins like a formula"),
        ("a" * 900_000, "has 900,000 letters; at most 200 are allowed"),
        ("\x1b[31mred", r"holds a character that a terminal would obey: \x1b[31mred"),
        ("a\nb", r"holds a character that a terminal would obey: a\nb"),
        ("\u202eabc", r"holds a character that a terminal would obey: \u202eabc"),
    ],
    ids=["formula", "function", "long", "escape", "lines", "direction"],
)
def test_names_that_others_would_obey(name: str, message: str, tmp_path: Path) -> None:
    good = {
        "name": "x",
        "agencies": {"source": "synthetic", "districts": 3},
        "question": {"contrast": ["blended", "none"]},
        "assistance": {"budget_hours_per_year": 100},
        "strategies": ["none", "blended", {"name": "Ours", "activities": {"coaching": 1.0}}],
    }
    plugin = {"plugin": "nowhere:Nothing", "name": name}
    composed = {"name": name, "activities": {"coaching": 1.0}}
    for place, bad in (
        ("name", {"name": name}),
        ("focal_areas[0]", {"focal_areas": [name]}),
        ("strategies[2].name", {"strategies": ["none", "blended", composed]}),
        ("strategies[2].name", {"strategies": ["none", "blended", plugin]}),
    ):
        with pytest.raises(InputError) as caught:
            scenario_from_mapping({**good, **bad})
        assert f"scenario: {place}: " in str(caught.value)
        assert message in str(caught.value)
        assert len(str(caught.value)) < 2000
    if "\n" not in name and len(name) < 100_000:
        (tmp_path / "own.csv").write_text(f'{CELLS}\nA,"{name}",XX,lea,5,\n', encoding="utf-8")
        with pytest.raises(InputError, match="name: ") as caught:
            own_population(str(tmp_path / "own.csv"))
        assert message in str(caught.value)


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (
            "1e12",
            "1e+12 is out of range; it must be at most 1,000,000,000, the hours of half a million full-time "
            "consultants",
        ),
        ("-1", "-1 is out of range; it must be at least 0.0"),
    ],
)
def test_a_budget_that_would_take_all_memory(budget: str, message: str, tmp_path: Path) -> None:
    (line,) = refused(tmp_path, GOOD.replace("100}", f"{budget}}}"))
    assert line == f"s.yaml:4: assistance.budget_hours_per_year: {message}"


def test_a_synthetic_world_too_large_to_lay_out(tmp_path: Path) -> None:
    agencies = "{source: synthetic, districts: 20000, regions: 1000}"
    (line,) = refused(tmp_path, GOOD.replace("{source: us_2023_24, states: [OH]}", agencies))
    assert line.endswith("agencies.regions: 1000 regions of 20000 districts take too long to lay out; at most 10")


def test_more_schools_than_there_are(tmp_path: Path) -> None:
    scenario = scenario_from_mapping(
        {
            "name": "x",
            "agencies": {"states": ["US"], "schools": True},
            "parameters": {"pupils_per_school": 1},
            "question": {"contrast": ["blended", "none"]},
            "assistance": {"budget_hours_per_year": 100},
            "strategies": ["none", "blended"],
        }
    )
    with pytest.raises(InputError) as caught:
        build_agencies(scenario, resolve_values(scenario.parameters))
    assert str(caught.value) == (
        "agencies.schools: pupils_per_school 1 makes 46,199,387 schools; at most 200,000 can be simulated, so take "
        "larger ones or fewer states"
    )


def table(folder: Path, *rows: str) -> str:
    (folder / "own.csv").write_text("\n".join(rows) + "\n")
    return str(folder / "own.csv")


def test_many_faults_of_a_large_table_are_told_soon(tmp_path: Path) -> None:
    rows = [f"A{n},x,XX,lea,5,B{n}" for n in range(20_000)]
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, CELLS, *rows))
    assert len(caught.value.problems) == 20_000
    assert str(caught.value).endswith("\nand 19,980 more")


def test_regions_below_regions_below_regions(tmp_path: Path) -> None:
    chain = ["R0,x,XX,esa,,"] + [f"R{n},x,XX,esa,,R{n - 1}" for n in range(1, 5000)]
    population = own_population(table(tmp_path, CELLS, *chain, "A,Ash,XX,lea,5,R4999"))
    assert [agency.id for agency in population.agencies[:3]] == ["R0", "R1", "R2"]
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, CELLS, "R0,x,XX,esa,,R4999", *chain[1:]))
    assert len(caught.value.problems) == 5000
    assert "parent: 'R0' is above itself, through 'R4999'" in caught.value.problems[0]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (
            "FTE",
            "column FTE looks like positions, which the file lacks; name it positions, or name it note_fte to have",
        ),
        ("Staff", "column Staff looks like positions"),
        ("budget_seats", "column budget_seats looks like positions"),
        ("Latitude", "column Latitude looks like lat"),
        ("turnover", "column turnover looks like annual_exit"),
        ("hours", "column hours is not read: hours of assistance are a key of the scenario"),
    ],
)
def test_a_column_like_a_known_one_is_not_passed_over(column: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, f"{CELLS},{column}", "A,Ash,XX,lea,5,,12"))
    assert message in str(caught.value)
    aside = f"note_{column.lower().replace(' ', '_')}"
    assert own_population(table(tmp_path, f"{CELLS},{aside}", "A,Ash,XX,lea,5,,12")).agencies[0].positions == 0


def test_staff_beside_positions_is_the_users_business(tmp_path: Path) -> None:
    found = own_population(table(tmp_path, f"{CELLS},positions,Staff", "A,Ash,XX,lea,5,,12,40"))
    assert found.agencies[0].positions == 12


@pytest.mark.parametrize("identity", ["3.9E+06", "1E+05", "3.9e6"])
def test_ids_that_a_spreadsheet_spoilt(identity: str, tmp_path: Path) -> None:
    message = (
        f"'{identity}' is a number that a spreadsheet shortened; format the column as text and enter the ids again"
    )
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, CELLS, f"{identity},Ash,XX,lea,5,"))
    assert str(caught.value).endswith(f":2: id: {message}")
    agencies = build_agencies(load_scenario("classroom"), resolve_values({}))
    (tmp_path / "ties.csv").write_text(f"from,to\n{identity},MAPLE\n")
    with pytest.raises(InputError) as caught:
        read_edges(str(tmp_path / "ties.csv"), agencies)
    assert str(caught.value).endswith(f":2: from: {message}")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("12,45", "enrollment: '12,45' is not a number; a decimal point, not a comma: write 12.45"),
        ("0_1", "enrollment: '0_1' is not a number; without _: write 01"),
        ("55%", "enrollment: '55%' is not a number"),
        ("\u00b2", "enrollment: '\u00b2' is not a number; write it with the digits 0 to 9: 2"),
    ],
)
def test_a_cell_that_is_nearly_a_number(cell: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, CELLS, f'A,Ash,XX,lea,"{cell}",'))
    assert str(caught.value).endswith(f":2: {message}")


def test_numbers_of_a_table_may_be_written_as_people_do(tmp_path: Path) -> None:
    header = f"{CELLS},annual_exit,poverty_share"
    found = own_population(table(tmp_path, header, 'A,Ash,XX,lea,"12,450",,21%,7.5 %', "B,Beech,XX,lea,800,,.1,"))
    (ash, _) = found.agencies
    assert (ash.enrollment, ash.annual_exit, ash.poverty_share) == (12450.0, 0.21, 0.075)


def test_half_a_position(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        own_population(table(tmp_path, f"{CELLS},positions", "A,Ash,XX,lea,5,,3.5"))
    assert str(caught.value).endswith(":2: positions: 3.5 is not a whole number of posts; write 4")

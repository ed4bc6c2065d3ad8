"""A user's survey: every problem at once, each with its line; and what a good one becomes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import (
    AgencyTable,
    build_agencies,
    check_scenario,
    load_scenario,
    scenario_from_mapping,
    scenario_hash,
    survey_of,
)
from capsim.scenario.survey import Survey, read_survey

AREAS = ("equity", "integration", "data_use")
HEADER = (
    "agency,area,skill_rubric,routine_rubric,skill_likert,culture_likert,engagement_likert,priority_percent,"
    "data_systems_rubric,n"
)
WHOLE = "BIRCH,,,,3.4,3.1,3.6,,40,4"


@pytest.fixture(scope="module")
def table() -> AgencyTable:
    return build_agencies(load_scenario("classroom"), resolve_values({}))


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def to_file(*lines: str | bytes) -> str:
        content = lines[0] if isinstance(lines[0], bytes) else "\n".join(map(str, lines)).encode()
        (tmp_path / "seen.csv").write_bytes(content)
        return str(tmp_path / "seen.csv")

    return to_file


def problems(path: str, table: AgencyTable, **options: bool) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_survey(path, table, AREAS, **options)
    return list(caught.value.problems)


def test_answers_stand_at_their_agency_and_area(write, table: AgencyTable) -> None:
    rows = ("MAPLE,equity,45%,20,,,,50,,7", "MAPLE,integration,,,,,,30,,", "MAPLE,data_use,30,,,,,20,,")
    survey = read_survey(write(HEADER, WHOLE, *rows), table, AREAS)
    birch, maple = table.row_of("BIRCH"), table.row_of("MAPLE")
    assert survey.answers["culture_likert"][birch].tolist()[-1] == 3.1
    assert survey.answers["skill_likert"][birch, 3] == 3.4
    np.testing.assert_array_equal(survey.answers["skill_rubric"][maple], [45, np.nan, 30, np.nan])
    np.testing.assert_allclose(survey.answers["priority_percent"][maple], [50, 30, 20, np.nan])
    assert survey.respondents[birch, 3] == 4
    assert survey.respondents[maple, 0] == 7
    assert survey.agencies.tolist() == [birch, maple]
    cells = survey.cells()
    assert cells[0] == ("skill_likert", birch, 3)
    assert cells[4:6] == (("skill_rubric", maple, 0), ("routine_rubric", maple, 0))
    assert len(cells) == 4 + 2 + 3 + 1


def test_rounded_shares_of_attention_become_a_hundred(write, table: AgencyTable) -> None:
    rows = [f"MAPLE,{area},,,,,,33,," for area in AREAS]
    survey = read_survey(write(HEADER, *rows), table, AREAS)
    np.testing.assert_allclose(survey.answers["priority_percent"][table.row_of("MAPLE")][:3], 100.0 / 3.0)


def test_an_item_of_the_whole_agency_may_be_repeated_in_its_rows(write, table: AgencyTable) -> None:
    survey = read_survey(write(HEADER, "MAPLE,equity,,,,3.5,,,,", "MAPLE,data_use,,,,3.5,,,,"), table, AREAS)
    assert survey.answers["culture_likert"][table.row_of("MAPLE"), 3] == 3.5


def test_spreadsheet_files_and_extra_columns_are_read(write, table: AgencyTable) -> None:
    text = "\ufeffagency,name,culture_likert,notes\r\n BIRCH ,Peña 学校, 3.5 ,ok\r\n,,,\r\n"
    survey = read_survey(write(text.encode()), table, AREAS)
    assert survey.answers["culture_likert"][table.row_of("BIRCH"), 3] == 3.5


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("MAPEL,,50,,,,,,,", "agency: no agency of this scenario has the id 'MAPEL'; did you mean MAPLE?"),
        (
            "Maple City,,50,,,,,,,",
            "agency: no agency of this scenario has the id 'Maple City'; did you mean MAPLE (Maple City district)?",
        ),
        ("北京,,50,,,,,,,", "agency: no agency of this scenario has the id '北京'"),
        (",equity,50,,,,,,,", "agency: is empty"),
        (
            "MAPLE,Data use,50,,,,,,,",
            "area: no focal area 'Data use'; the areas are equity, integration, data_use, or blank for all of them; "
            "did you mean data_use?",
        ),
        ("MAPLE,,0.5,,,,,,,", "skill_rubric: 0.5 looks like a share; write percent, from 0 to 100: 50"),
        (
            "MAPLE,,,1,,,,,,",
            "routine_rubric: 1 is the largest number of the column, so it looks like shares; write percent",
        ),
        ("MAPLE,,101,,,,,,,", "skill_rubric: 101 is out of range; allowed: 0 to 100 percent"),
        ("MAPLE,,-1,,,,,,,", "skill_rubric: -1 is out of range; allowed: 0 to 100 percent"),
        (
            "MAPLE,,,,72,,,,,",
            "skill_likert: 72 is out of range (it looks like a percent); allowed: 1 to 5, points of the scale",
        ),
        (
            "MAPLE,,,,,6.5,,,,",
            "culture_likert: 6.5 is out of range; allowed: 1 to 5. It looks like a scale from 1 to 7: turn every "
            "answer of the column into 1 + (x - 1) * 4 / 6, here 4.67",
        ),
        (
            "MAPLE,,,,,7.5,,,,",
            "culture_likert: 7.5 is out of range (it looks like a percent); allowed: 1 to 5, points of the scale",
        ),
        ("MAPLE,,,,,0.9,,,,", "culture_likert: 0.9 is out of range; allowed: 1 to 5, points of the scale"),
        ("MAPLE,,nan,,,,,,,", "skill_rubric: 'nan' is not a number; leave the cell blank where nothing was observed"),
        ("MAPLE,,inf,,,,,,,", "skill_rubric: 'inf' is not a number; leave the cell blank where nothing was observed"),
        ("MAPLE,,n/a,,,,,,,", "skill_rubric: 'n/a' is not a number; leave the cell blank where nothing was observed"),
        ('MAPLE,,,,"3,4",,,,,', "skill_likert: '3,4' is not a number; a decimal point, not a comma: write 3.4"),
        ("MAPLE,,40,,,,,,,0", "n: 0 is not allowed; allowed: a whole number of respondents, from 1"),
        ("MAPLE,,40,,,,,,,2.5", "n: 2.5 is not allowed; allowed: a whole number of respondents, from 1"),
        (
            "MAPLE,,,,,,,50,,",
            "priority_percent: has no area; attention is shared among areas, so give it in one row for each",
        ),
        (
            "MAPLE,equity,,,,,,50,,",
            "priority_percent: 'MAPLE' has no answer for integration, data_use; its areas must sum to 100, so give "
            "all of them (0 is allowed)",
        ),
        ("BIRCH,,50,,,,,,,", "agency: 'BIRCH' has two rows for all areas, the first on line 2"),
        (
            "BIRCH,equity,,,3,,,,,",
            "skill_likert: 'BIRCH' has an answer for all areas on line 2 and one for 'equity' here; give one or the "
            "other",
        ),
        (
            "BIRCH,equity,,,,3.5,,,,",
            "culture_likert: belongs to the whole agency; 'BIRCH' has 3.5 here and 3.1 on line 2",
        ),
        ("BIRCH,equity", "has 2 cells, the header has 10"),
    ],
)
def test_one_bad_row(row: str, message: str, write, table: AgencyTable) -> None:
    assert problems(write(HEADER, WHOLE, row), table) == [f"seen.csv:3: {message}"]


def test_shares_of_attention_that_do_not_sum_to_a_hundred(write, table: AgencyTable) -> None:
    rows = [f"MAPLE,{area},,,,,,{share},," for area, share in zip(AREAS, (50, 30, 40), strict=True)]
    assert problems(write(HEADER, *rows), table) == [
        "seen.csv:4: priority_percent: the areas of 'MAPLE' sum to 120; they must sum to 100"
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"agency;area;skill_rubric\nMAPLE;;40\n", "the cells are separated by semicolons; save the file as CSV"),
        (b"agency\tskill_rubric\nMAPLE\t40\n", "the cells are separated by tabs; save the file as CSV"),
        (b"agency,culture\nMAPLE,3\n", "column culture is unknown; columns of a survey: agency, area, skill_rubric"),
        (b"agency,culture\nMAPLE,3\n", "did you mean culture_likert?"),
        (b"agency,skill_rubrik\nMAPLE,3\n", "column skill_rubrik is unknown; did you mean skill_rubric?"),
        (b"agency,area,n\nMAPLE,,3\n", "nothing is observed: there is none of the columns skill_rubric, "),
        (b"area,skill_rubric\n,40\n", "column agency is missing; columns found: area, skill_rubric"),
        (b"agency,skill_rubric\n", "has a header and no rows"),
        (b"agency,skill_rubric\nMAPLE,\n", "no row has an answer; fill in at least one cell"),
        (b"", "the file is empty; its first line must name the columns agency"),
        ("agency,skill_rubric\nPeña,40\n".encode("latin-1"), "not UTF-8 text"),
    ],
)
def test_wrong_shape(content: bytes, message: str, write, table: AgencyTable) -> None:
    found = problems(write(content), table)
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("seen.csv:")


def test_all_problems_at_once_in_the_order_of_lines_and_none_follows_from_another(write, table: AgencyTable) -> None:
    rows = ("MAPLE,equity,0.4,,,,,abc,,", "Maple,integration,,,,,,30,,", "MAPLE,eqity,,,,9,,20,,", "BIRCH,,,,,,,,,-3")
    found = problems(write(HEADER, *rows), table)
    assert [problem.split(": ")[:2] for problem in found] == [
        ["seen.csv:2", "skill_rubric"],
        ["seen.csv:2", "priority_percent"],
        ["seen.csv:3", "agency"],
        ["seen.csv:4", "area"],
        ["seen.csv:4", "culture_likert"],
        ["seen.csv:5", "n"],
    ]


def test_an_answer_gone_astray_is_not_missed_as_well(write, table: AgencyTable) -> None:
    rows = ("MAPLE,equity,,,,,,30,,", "MAPLE,integration,,,,,,30,,", "MAPEL,data_use,,,,,,40,,")
    (problem,) = problems(write(HEADER, *rows), table)
    assert problem.startswith("seen.csv:4: agency: no agency of this scenario has the id 'MAPEL'")


def test_an_agency_outside_the_sample_is_said_to_be_so(write, table: AgencyTable) -> None:
    (problem,) = problems(write(HEADER, "3904380,,50,,,,,,,"), table, sampled=True)
    assert problem.endswith("'3904380'; it may exist and not be in the sample of districts")


def scenario_with(survey: str, **agencies: object) -> dict[str, object]:
    base = load_scenario("classroom").resolved()
    return {**base, "agencies": {"source": base["agencies"]["source"], "survey": survey, **agencies}}


def test_a_scenario_names_its_survey_relative_to_itself(write, table: AgencyTable, tmp_path: Path) -> None:
    write(HEADER, WHOLE)
    scenario = scenario_from_mapping(scenario_with("seen.csv"), folder=tmp_path)
    survey = survey_of(scenario, table)
    assert isinstance(survey, Survey)
    assert survey.agencies.tolist() == [table.row_of("BIRCH")]
    assert survey_of(load_scenario("classroom"), table) is None


def test_what_the_survey_says_is_part_of_a_scenario(write, tmp_path: Path) -> None:
    hashes = set()
    for row in (WHOLE, WHOLE.replace("3.1", "3.2")):
        write(HEADER, row)
        hashes.add(scenario_hash(scenario_from_mapping(scenario_with("seen.csv"), folder=tmp_path)))
    hashes.add(scenario_hash(load_scenario("classroom")))
    assert len(hashes) == 3


def test_a_missing_survey_and_invented_agencies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"agencies\.survey: no such file: nowhere\.csv"):
        scenario_from_mapping(scenario_with("nowhere.csv"), folder=tmp_path)
    (tmp_path / "seen.csv").write_text("")
    with pytest.raises(InputError, match=r"agencies\.survey: invented agencies cannot be observed"):
        scenario_from_mapping(scenario_with("seen.csv", source="synthetic", districts=3), folder=tmp_path)


def test_check_reads_the_survey(write, tmp_path: Path) -> None:
    import yaml

    write(HEADER, WHOLE.replace("3.1", "31"))
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(scenario_with("seen.csv")))
    with pytest.raises(InputError, match=r"seen\.csv:2: culture_likert: 31 is out of range"):
        check_scenario(load_scenario("own.yaml"))


def test_real_districts_are_surveyed_by_their_leaid(write, tmp_path: Path) -> None:
    write("agency,culture_likert", "3904380,3.5")
    base = load_scenario("ohio").resolved()
    scenario = scenario_from_mapping(
        {**base, "agencies": {"source": "us_2023_24", "states": ["OH"], "survey": "seen.csv"}}, folder=tmp_path
    )
    agencies = build_agencies(scenario, resolve_values({}))
    survey = survey_of(scenario, agencies)
    assert survey is not None
    assert survey.agencies.tolist() == [agencies.row_of("3904380")]

"""A workbook as a scenario and as tables: what it says, and every kind of bad sheet in one clear line."""

from __future__ import annotations

import datetime
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, check_scenario, load_scenario, scenario_from_mapping, scenario_hash
from capsim.scenario.survey import survey_of

SETTINGS = [
    ("setting", "value", "what it means"),
    ("name", "Three districts"),
    ("focal_areas", "equity, data_use"),
    ("budget_dollars_per_year", "$1,000,000"),
    ("settling", 6),
    ("assistance", 12),
    ("follow_up", 6),
    ("uncertainty", "none"),
    ("replications", 2),
    ("lea_annual_exit", 0.2),
    ("begins", "2026-07"),
]
AGENCIES = [
    ("id", "name", "state", "level", "enrollment", "parent", "positions", "annual_exit"),
    ("S", "State", "XX", "sea", None, None, None, None),
    (3904819, "Alder", "XX", "lea", 400.0, "S", 3, 0.3),
    (12, "Birch", "XX", "lea", 2500, "S", None, None),
]
PLANS = [
    ("plan", "targeting", "focal_areas", "Coaching", "routine_redesign", "notes"),
    ("organization focused",),
    ("Ours", "universal", "equity", 0.5, 0.5, "half and half"),
]
SURVEY = [
    ("agency", "area", "skill_rubric", "culture_likert", "n"),
    (12, None, 0.45, 3.4, 20),
    (3904819, None, None, None, None),
]
Change = Callable[[Any], None]


def workbook(path: Path, change: Change | None = None, **sheets: list[tuple[Any, ...]]) -> Path:
    """A good workbook, after a change."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"scenario": SETTINGS, "agencies": AGENCIES, "plans": PLANS, **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if "survey" in sheets:
        book["survey"]["C2"].number_format = "0%"
    book["agencies"]["A4"].number_format = "0000000"
    if change:
        change(book)
    book.save(path)
    return path


def changed(path: Path, change: Change, **sheets: list[tuple[Any, ...]]) -> list[str]:
    """Problems of the workbook after a change; of its tables where the sheets of the scenario are good."""
    workbook(path, change, **sheets)
    with pytest.raises(InputError) as caught:
        check_scenario(load_scenario(path))
    return [problem.replace(f"{path.parent}/", "") for problem in caught.value.problems]


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path("mine.xlsx")


def test_a_workbook_is_a_scenario(mine: Path) -> None:
    given = load_scenario(workbook(mine, survey=[(SURVEY[0]), (12, None, 0.45, 3.4, 20)]))
    assert given.name == "Three districts"
    assert given.area_names == ("equity", "data_use")
    assert given.assistance.budget_dollars_per_year == 1_000_000
    assert (given.timeline.settling, given.timeline.assistance, given.timeline.begins) == (6, 12, "2026-07")
    assert given.parameters == {"lea_annual_exit": 0.2}
    assert given.strategy_names == ("organization_focused", "Ours", "none")
    assert given.question.contrast == ("organization_focused", "Ours")
    own = given.strategies[1]
    assert own.activities == {"coaching": 0.5, "routine_redesign": 0.5}
    assert own.delivery.focal_areas == ("equity",)


def test_its_tables_are_those_of_csv_files(mine: Path) -> None:
    given = load_scenario(workbook(mine, survey=[SURVEY[0], ("0000012", None, 0.45, 3.4, 20)]))
    table = build_agencies(given, resolve_values(given.parameters))
    assert sorted(table.id) == ["0000012", "3904819", "S"]
    assert table.annual_exit[table.row_of("3904819")] == 0.3
    assert table.positions[table.row_of("3904819")] == 3
    survey = survey_of(given, table)
    assert survey is not None
    assert survey.answers["skill_rubric"][table.row_of("0000012"), -1] == 45.0


def test_a_sheet_can_be_the_table_of_a_scenario_file(mine: Path) -> None:
    workbook(mine)
    given = {
        "name": "file",
        "agencies": {"source": str(mine)},
        "question": {"contrast": ["individual_focused", "none"]},
        "assistance": {"budget_hours_per_year": 100},
        "strategies": ["none", "individual_focused"],
    }
    assert len(build_agencies(scenario_from_mapping(given), resolve_values({}))) == 3


def test_a_blank_survey_is_none(mine: Path) -> None:
    assert not load_scenario(workbook(mine, survey=[SURVEY[0], SURVEY[2]])).agencies.survey
    assert not load_scenario(workbook(mine, survey=SURVEY[:1])).agencies.survey


def test_shares_may_be_percents(mine: Path) -> None:
    def of(one: Any, other: Any) -> dict[str, float]:
        rows = [PLANS[0], ("Ours", None, None, one, other), ("none",)]
        given = load_scenario(workbook(mine, plans=rows))
        assert given.question.contrast == ("Ours", "none")
        return dict(given.strategies[0].activities)

    assert of(75, 25) == of("75%", "25%") == of(0.75, 0.25) == {"coaching": 0.75, "routine_redesign": 0.25}


def test_the_identity_is_that_of_the_cells(mine: Path) -> None:
    def wider(book: Any) -> None:
        book["agencies"].column_dimensions["A"].width = 40

    def larger(book: Any) -> None:
        book["agencies"]["E4"] = 2501

    first = scenario_hash(load_scenario(workbook(mine)))
    assert scenario_hash(load_scenario(workbook(mine, wider))) == first
    assert scenario_hash(load_scenario(workbook(mine, larger))) != first


def set_cell(sheet: str, cell: str, value: Any) -> Change:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def merge(book: Any) -> None:
    book["agencies"].merge_cells("B3:B4")


def hide(book: Any) -> None:
    book["agencies"].sheet_state = "hidden"


def filter_row(book: Any) -> None:
    book["agencies"].row_dimensions[3].hidden = True


def title_above(book: Any) -> None:
    book["agencies"].insert_rows(1, 2)
    book["agencies"]["A1"] = "Our districts"
    book["agencies"]["A2"] = "as of May"


def second_heading(book: Any) -> None:
    book["agencies"].insert_rows(2)
    for column, text in zip("ABCDE", ("text", "text", "2 letters", "kind of agency", "number"), strict=True):
        book["agencies"][f"{column}2"] = text


def without(sheet: str) -> Change:
    def change(book: Any) -> None:
        book.remove(book[sheet])

    return change


def error_value(book: Any) -> None:
    book["agencies"]["E4"] = "#REF!"
    book["agencies"]["E4"].data_type = "e"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (merge, "mine.xlsx:agencies:3: the cells B3:B4 are merged; unmerge them, so that every row has its own cells"),
        (hide, "mine.xlsx:agencies: the sheet is hidden, so nobody sees what is read; unhide it, or delete it"),
        (filter_row, "mine.xlsx:agencies:3: the row is hidden, perhaps by a filter; show it, or delete it"),
        (title_above, "mine.xlsx:agencies:3: the names of the columns stand here; delete the 2 lines above it"),
        (
            second_heading,
            "mine.xlsx:agencies:2: looks like a second row of headings ('kind of agency' and 'number'); delete it",
        ),
        (
            set_cell("agencies", "E4", "=E3*2"),
            "mine.xlsx:agencies:4: E4: is a formula without a saved value; open the file in Excel and save it",
        ),
        (
            set_cell("agencies", "A4", datetime.datetime(2026, 3, 4)),
            "mine.xlsx:agencies:4: A4: is a date, 2026-03-04; format the cell as text and enter it again",
        ),
        (error_value, "mine.xlsx:agencies:4: E4: is #REF!, an error of the spreadsheet"),
        (
            set_cell("agencies", "B4", "@SUM(A1)"),
            "mine.xlsx:agencies:4: name: '@SUM(A1)' begins like a formula of a spreadsheet; begin with a letter or a "
            "digit",
        ),
        (set_cell("agencies", "D4", "district"), "mine.xlsx:agencies:4: level: 'district' is not allowed; allowed: "),
        (without("plans"), "mine.xlsx: has no sheet plans; its sheets: scenario, agencies; capsim new workbook NAME"),
        (
            set_cell("scenario", "A8", "uncertanty"),
            "mine.xlsx:scenario:8: uncertanty: unknown setting; did you mean uncertainty?",
        ),
        (
            set_cell("scenario", "B7", "June"),
            "mine.xlsx:scenario:7: timeline.follow_up: must be a whole number, got 'June'",
        ),
        (
            set_cell("scenario", "B11", "next summer"),
            "mine.xlsx:scenario:11: timeline.begins: ",
        ),
        (
            set_cell("plans", "D1", "coching"),
            "mine.xlsx:plans:1: column coching is unknown; did you mean coaching?",
        ),
        (set_cell("plans", "D3", 0.6), "mine.xlsx:plans:3: activities: "),
        (set_cell("plans", "D3", 50), "mine.xlsx:plans:3: plan: the shares of "),
        (set_cell("plans", "B3", "universel"), "mine.xlsx:plans:3: targeting: "),
        (
            set_cell("plans", "A2", "organisation_focussed"),
            "mine.xlsx:plans:2: plan: 'organisation_focussed' has no shares of activities, and is no shipped plan; did "
            "you mean organization_focused?",
        ),
        (
            set_cell("plans", "B2", "need"),
            "mine.xlsx:plans:2: plan: organization_focused is a shipped plan with its own targeting; leave these cells "
            "blank",
        ),
    ],
    ids=[
        *(
            "merged",
            "hidden sheet",
            "filtered",
            "title above",
            "second headings",
            "formula",
            "date",
            "error",
            "escaped",
        ),
        *(
            "level",
            "no plans",
            "unknown setting",
            "text for months",
            "date as text",
            "unknown activity",
            "shares",
            "percents",
        ),
        *("targeting", "misspelled plan", "shipped plan changed"),
    ],
)
def test_a_bad_workbook_is_one_clear_line(mine: Path, change: Change, message: str) -> None:
    problems = changed(mine, change)
    assert len(problems) == 1, problems
    assert problems[0].startswith(message)


def test_the_saved_value_of_a_formula_is_taken(mine: Path, tmp_path: Path) -> None:
    """Excel saves a value with every formula; openpyxl does not, so it is written by hand."""
    workbook(mine, set_cell("agencies", "E4", "=1200+1300"))
    done = tmp_path / "done.xlsx"
    with zipfile.ZipFile(mine) as old, zipfile.ZipFile(done, "w") as new:
        for part in old.namelist():
            content = old.read(part).decode() if part.endswith(".xml") else old.read(part)
            if isinstance(content, str):
                content = re.sub(r"<f>1200\+1300</f><v\s*/>|<f>1200\+1300</f><v></v>", "<f>x</f><v>2500</v>", content)
            new.writestr(part, content)
    given = load_scenario(done)
    table = build_agencies(given, resolve_values(given.parameters))
    assert table.enrollment[table.row_of("0000012")] == 2500


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.xlsm", "mine.xlsm: is a workbook with macros; save it as Excel workbook (.xlsx)"),
        ("mine.xls", "mine.xls: is a workbook of an old Excel; save it as Excel workbook (.xlsx)"),
        ("mine.ods", "mine.ods: is a workbook of LibreOffice; save it as Excel workbook (.xlsx)"),
    ],
)
def test_other_workbooks_are_refused(mine: Path, name: str, message: str) -> None:
    shutil.copy(workbook(mine), name)
    with pytest.raises(InputError) as caught:
        load_scenario(name)
    assert list(caught.value.problems) == [message]


def test_what_is_no_workbook_is_refused(mine: Path) -> None:
    mine.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match=r"mine\.xlsx: is not a workbook that can be read; save it again as Excel"):
        load_scenario(mine)
    with pytest.raises(InputError, match=r"missing\.xlsx"):
        load_scenario("missing.xlsx")


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capsim.scenario.workbooks._LARGEST_UNPACKED", 100)
    with pytest.raises(InputError, match="unpacks to"):
        load_scenario(workbook(mine))

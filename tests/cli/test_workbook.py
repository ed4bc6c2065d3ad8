"""A designer's spreadsheet: written by `capsim new workbook`, checked, compared, and answered with a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import pytest

from capsim.comparison.folder import read_comparison
from capsim.runs.output import write_workbook
from capsim.scenario import load_scenario

QUICK = {"settling": 2, "assistance": 6, "follow_up": 3, "uncertainty": "none", "replications": 2}


def shortened(path: Path) -> None:
    """The template with fewer months and worlds."""
    book = openpyxl.load_workbook(path)
    for row in book["scenario"].iter_rows(min_row=2):
        row[1].value = QUICK.get(row[0].value, row[1].value)
    book.save(path)


def test_a_new_workbook_is_checked_and_compared(capsim, folder):
    made = capsim("new", "workbook", "our_plan")
    assert made.exit_code == 0
    assert made.stdout == "our_plan.xlsx written; fill in its sheets, and run it with   capsim compare our_plan.xlsx\n"
    assert capsim("new", "workbook", "our_plan").exit_code != 0  # it is left as it is
    checked = capsim("check", "our_plan.xlsx")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "our_plan.xlsx: good (Our plan)" in checked.stdout
    shortened(folder / "our_plan.xlsx")
    done = capsim("compare", "our_plan.xlsx", "--quick", "--details", "--workers", "1", "--out", "done")
    assert done.exit_code == 0, done.stderr
    assert "every district" in done.stdout
    tables = openpyxl.load_workbook(folder / "done" / "tables.xlsx")
    assert {"answer", "ranking", "districts", "plan", "runs", "columns"} <= set(tables.sheetnames)
    result = read_comparison(folder / "done")
    rows = list(tables["districts"].iter_rows(values_only=True))
    assert list(rows[0]) == list(result.by_district().columns)
    assert [row[2] for row in rows[1:4]] == ["North district", "South district", "West district"]
    assert tables["answer"]["A3"].value == result.answer()
    told = {(row[0], row[1]) for row in tables["columns"].iter_rows(min_row=2, values_only=True)}
    assert {("districts", column) for column in result.by_district().columns} <= told


def test_a_shipped_scenario_becomes_a_workbook_that_says_the_same(capsim, folder):
    assert capsim("new", "workbook", "ours", "--scenario", "fourteen").exit_code == 0
    ours, own = (load_scenario(name).resolved() for name in (str(folder / "ours.xlsx"), "fourteen"))
    for key in ("question", "timeline", "assistance", "strategies", "focal_areas", "parameters", "replications"):
        assert ours[key] == own[key], key
    lines = [row[0].value for row in openpyxl.load_workbook(folder / "ours.xlsx")["read_me"].iter_rows()]
    assert "Run it:  capsim compare ours.xlsx" in lines
    refused = capsim("new", "workbook", "other", "--scenario", "ohio")
    assert refused.stderr == "ohio: has no table of agencies of its own, such as fourteen has\n"
    said = (folder / "small.yaml").read_text() + "events: [{kind: leader_leaves, month: 2, levels: [lea]}]\n"
    (folder / "events.yaml").write_text(said)
    refused = capsim("new", "workbook", "other", "--scenario", "events.yaml")
    assert (
        refused.stderr
        == "events.yaml: says something below events: that no workbook holds; change a copy of the file\n"
    )
    assert not (folder / "other.xlsx").exists()


def test_co_design_is_a_choice_of_a_plan(capsim, folder):
    assert capsim("new", "workbook", "ours").exit_code == 0
    book = openpyxl.load_workbook(folder / "ours.xlsx")
    headings = [cell.value for cell in book["plans"][1]]
    assert len(headings) == len(set(headings))
    book["plans"].cell(5, headings.index("codesign") + 1).value = "planning"
    book.save(folder / "ours.xlsx")
    (own,) = [one for one in load_scenario(str(folder / "ours.xlsx")).strategies if getattr(one, "name", "")]
    assert own.delivery.codesign == "planning"


def test_the_workbook_of_tables_is_asked_for(capsim, folder):
    assert capsim("compare", "small.yaml", "--workers", "1", "--quick", "--xlsx", "--out", "one").exit_code == 0
    assert (folder / "one" / "tables.xlsx").is_file()
    assert capsim("compare", "small.yaml", "--workers", "1", "--quick", "--out", "two").exit_code == 0
    assert not (folder / "two" / "tables.xlsx").exists()


def test_several_scenarios_have_a_workbook_each(capsim, folder):
    asked = ("small.yaml", "--vary", "lea_annual_exit=.1,.2", "--quick", "--workers", "1", "--xlsx", "--out", "all")
    assert capsim("compare", *asked).exit_code == 0
    assert len(list((folder / "all").glob("*/tables.xlsx"))) == 2


def test_without_openpyxl_nothing_runs(capsim, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for command in (("compare", "small.yaml", "--xlsx"), ("new", "workbook", "mine")):
        found = capsim(*command)
        assert found.exit_code == 2
        command = f'{sys.executable} -m pip install "capsim[xlsx]"'
        assert found.stderr == f"a workbook needs openpyxl: {command}\n"
    assert not (folder / "results").exists()


def test_no_text_becomes_a_formula(tmp_path):
    texts = ["=1+1", "+1", "-1", "@A1", "a\x00b", '<x y="z">&']
    rows = [[text, 1.5, float("nan"), float("inf"), True] for text in texts]
    write_workbook({"one": (["=heading", "n", "nan", "inf", "yes"], rows)}, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["one"]
    for row, text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        assert row[0].data_type == "s"
        assert row[0].value == text.replace("\x00", " ")
        assert row[0].quotePrefix == (text[0] in "=+-@")
        assert [cell.value for cell in row[1:]] == [1.5, None, None, True]
    assert sheet["A1"].data_type == "s"


@pytest.mark.parametrize("name", ["mine", "mine.xlsx"])
def test_the_template_has_every_sheet_and_shipped_plan(capsim, folder, name):
    assert capsim("new", "workbook", name).exit_code == 0
    book = openpyxl.load_workbook(folder / "mine.xlsx")
    assert book.sheetnames == ["read_me", "scenario", "agencies", "plans", "survey"]
    assert load_scenario(str(folder / "mine.xlsx")).strategy_names[-1] == "Coach and codify"

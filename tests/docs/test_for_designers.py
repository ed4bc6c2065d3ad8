"""The page for designers names every strategy, and its scenario runs as it stands."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from capsim.catalogue import CHAINS, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.cli import main
from capsim.comparison.compare import compare
from capsim.parameters import PARAMETERS
from capsim.scenario import load_scenario

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "for_designers.md").read_text(encoding="utf-8")


def test_every_named_strategy_has_a_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    assert rows == list(STRATEGIES)


def test_every_part_is_named() -> None:
    for name in (*TARGETINGS, *SCHEDULES, *CODESIGN_PHASES, *CHAINS, *GROUPINGS):
        assert re.search(rf"\b{name}\b", PAGE), name


@pytest.mark.parametrize("example", re.findall(r"^```yaml\n(name: .*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE))
def test_a_scenario_runs(example: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    result = compare(load_scenario(path))
    assert not result.failures
    assert result.answer()


def test_the_five_steps_work_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the page, in its order, with what it says is to be done by hand between them."""
    monkeypatch.chdir(tmp_path)
    steps = re.findall(r"^\d\. `capsim ([^`]+)`", PAGE, flags=re.MULTILINE)
    assert [step.split()[0] for step in steps] == ["new", "new", "new", "check", "compare"]
    quick = {"compare": ["--replications", "2", "--uncertainty", "none", "--workers", "1", "--quick"]}
    said = ""
    for step in steps:
        if step.startswith("check"):
            _fill_in_by_hand()
        words = step.split()
        done = CliRunner().invoke(main, [*words, *quick.get(words[0], [])])
        assert done.exit_code == 0, done.output
        # three agencies never quite stand still, and two pairs of three districts can differ by how districts count
        expected = ("still drifted", "depends on how districts count", "compiling once", " blocks, ", "starting, ")
        assert all(any(words in line for words in expected) for line in done.stderr.splitlines()), done.stderr
        said = done.stdout
    assert "Survey: 1 agency begins as observed." in said
    assert Path(said.strip().splitlines()[-1]).name == "report.html"
    assert load_scenario("mine.yaml").agencies.survey.endswith("mine_survey.csv")


def _fill_in_by_hand() -> None:
    """One answer, and the line of the survey taken into use."""
    header, *rows = Path("mine_survey.csv").read_text().splitlines()
    column = header.split(",").index("culture_likert")
    cells = [row.split(",") for row in rows]
    whole = next(row for row in cells if row[0] == "NORTH" and not row[header.split(",").index("area")])
    whole[column] = "3.4"
    Path("mine_survey.csv").write_text("\n".join([header, *map(",".join, cells)]) + "\n")
    assert "take the # off the line `survey: mine_survey.csv`" in PAGE
    text = Path("mine.yaml").read_text()
    assert text.count("  # survey: mine_survey.csv\n") == 1
    Path("mine.yaml").write_text(text.replace("  # survey:", "  survey:"))


def test_numbers_of_the_page_are_the_defaults() -> None:
    assert PARAMETERS["codesign_share"].default == 0.1
    assert "takes a tenth of the hours (`codesign_share`)" in PAGE
    assert "(12 for needs assessments,\n  3 for stocktakes and visits; a parameter)" in PAGE
    months = [PARAMETERS[f"{name}_every_months"].default for name in ("performance_management", "site_visit")]
    assert [*months, PARAMETERS["needs_assessment_every_months"].default] == [3, 3, 12]


def test_the_spreadsheet_is_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of that part of the page, in its order; and what it says of tables that are named."""
    monkeypatch.chdir(tmp_path)
    part = PAGE.split("### Or all of it in one spreadsheet")[1].split("\n### ")[0]
    commands = re.findall(r"`capsim ([^`]+)`", part)
    assert [command.split()[0] for command in commands] == ["new", "check", "compare"]
    quick = {"compare": ["--replications", "2", "--uncertainty", "none", "--workers", "1", "--quick"]}
    for words in map(str.split, commands):
        done = CliRunner().invoke(main, [*words, *quick.get(words[0], [])])
        assert done.exit_code == 0, done.output
    assert Path("results/mine/tables.xlsx").is_file()
    assert "source: mine.xlsx" in part
    Path("other.yaml").write_text(
        "name: other\nagencies: {source: mine.xlsx, schools: true}\nquestion: {contrast: [blended, none]}\n"
        "assistance: {budget_hours_per_year: 900}\nstrategies: [none, blended]\n"
    )
    assert CliRunner().invoke(main, ["check", "other.yaml"]).exit_code == 0


SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_the_worked_case_goes_from_the_workbook_to_next_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the case, in its order, on a workbook filled in as the page says; in a few short worlds."""
    monkeypatch.chdir(tmp_path)
    part = PAGE.split("## One case, from a spreadsheet to next year")[1].split("\n## ")[0]
    commands = [shlex.split(command) for command in re.findall(r"`capsim ([^`]+)`", part)]
    assert [words[0] for words in commands] == ["check", "new", "check", "compare", "compare"]
    readings = [line for line in (SCENARIOS / "fourteen_readings.csv").read_text().splitlines() if ",24," not in line]
    Path("year1.csv").write_text("\n".join(readings) + "\n")
    quick = {"compare": ["--replications", "2", "--uncertainty", "none", "--workers", "1", "--quick"]}
    said = ""
    for words in commands:
        if "ours.xlsx" in words and words[0] == "check":
            _fill_in_the_workbook(Path("ours.xlsx"), part)
        done = CliRunner().invoke(main, [*words, *quick.get(words[0], [])])
        assert done.exit_code == 0, done.output
        said = done.stdout
    assert "warning" not in said
    assert "of 42 readings of 14 agencies (month 12, under Coach and codify)" in said
    assert {path.name for path in Path("after").iterdir()} >= {"report.html", "tables.xlsx", "observed.csv"}
    own, ours = load_scenario("fourteen"), load_scenario("ours.xlsx")
    assert ours.strategy_names == own.strategy_names
    assert ours.assistance.budget_dollars_per_year == own.assistance.budget_dollars_per_year


def _fill_in_the_workbook(path: Path, part: str) -> None:
    """The sheets as the page says, with the tables that are shipped; few months."""
    book = openpyxl.load_workbook(path)
    columns = [cell.value for cell in book["plans"][1]]
    rows: list[dict[str, Any]] = [{"plan": "none"}]
    for name, said in re.findall(r"\*([A-Z][a-z ]+)\* \(([^)]+)\)", part.replace("\n", " ")):
        cells = dict(one.split() for one in re.split(r"[,;] ", said))
        shares = {key: int(value) if value.isdigit() else value for key, value in cells.items()}
        rows.append({"plan": name, **shares})
    _refill(book["plans"], [columns, *([row.get(column) for column in columns] for row in rows)])
    for sheet in ("agencies", "survey"):
        _refill(book[sheet], list(csv.reader((SCENARIOS / f"fourteen_{sheet}.csv").open())))
    settings: dict[Any, Any] = {"budget_dollars_per_year": 4000000, "settling": 12, "assistance": 12, "follow_up": 3}
    settings["contrast"] = "Coach and codify, Training for all"
    for row in book["scenario"].iter_rows(min_row=2):
        row[1].value = settings.get(row[0].value, row[1].value)
    book["scenario"].append(["matters", 0.02])
    book.save(path)


def _refill(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    sheet.delete_rows(1, sheet.max_row)
    for row in rows:
        sheet.append([float(cell) if str(cell).replace(".", "", 1).isdigit() else cell or None for cell in row])


def test_an_export_becomes_a_survey_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    part = PAGE.split("### Answers from Qualtrics or Google Forms")[1].split("\n### ")[0]
    first, second = re.findall(r"`capsim ([^`]+)`", part)
    header = "Timestamp,Where do you work?,There is trust,I want to take part,I would rather not"
    rows = ["t,NORTH,Agree,7,1", "t,NORTH,Agree,5,3", "t,Elsewhere,Agree,1,1", "t,SOUTH,Disagree,N/A,2"]
    Path("export.csv").write_text("\n".join([header, *rows]) + "\n")
    for words in ("new agencies mine", "new scenario mine --agencies mine.csv", first):
        assert CliRunner().invoke(main, words.split()).exit_code == 0
    example = re.search(r"^```yaml\n(agency: .*?)^```", part, flags=re.DOTALL | re.MULTILINE)
    assert example is not None
    Path("spring_map.yaml").write_text(example[1])
    done = CliRunner().invoke(main, second.split())
    assert done.exit_code == 0, done.output
    assert Path("spring_survey.csv").read_text().splitlines()[1:] == ["NORTH,,4,4.333,2"]

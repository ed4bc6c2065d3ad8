"""The page for designers names every strategy, and its scenario runs as it stands."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

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
        expected = ("still drifted", "depends on how districts count", "compiling once")
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
    assert "(12 for needs assessments, 3 for stocktakes and visits; a parameter)" in " ".join(PAGE.split())
    months = [PARAMETERS[f"{name}_every_months"].default for name in ("performance_management", "site_visit")]
    assert [*months, PARAMETERS["needs_assessment_every_months"].default] == [3, 3, 12]


def test_a_scenario_file_can_name_a_workbook_as_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["new", "workbook", "mine"]).exit_code == 0
    assert "(`source: mine.xlsx`)" in PAGE
    Path("other.yaml").write_text(
        "name: other\nagencies: {source: mine.xlsx, schools: true}\nquestion: {contrast: [blended, none]}\n"
        "assistance: {budget_hours_per_year: 900}\nstrategies: [none, blended]\n"
    )
    assert CliRunner().invoke(main, ["check", "other.yaml"]).exit_code == 0


SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_the_worked_case_goes_from_the_workbook_to_next_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the case, in its order, with what is to be done by hand between them; in a few short worlds."""
    monkeypatch.chdir(tmp_path)
    part = PAGE.split("## One case, from a spreadsheet to next year")[1].split("\n### ")[0]
    commands = [shlex.split(command) for command in re.findall(r"`capsim ([^`]+)`", part)]
    assert [words[0] for words in commands] == ["new", "check", "compare", "new", "compare"]
    quick = {"compare": ["--replications", "2", "--uncertainty", "none", "--workers", "1", "--quick"]}
    said = ""
    for words in commands:
        if "--observed" in words:
            _fill_in_the_year(Path("year1_survey.csv"))
        done = CliRunner().invoke(main, [*words, *quick.get(words[0], [])])
        assert done.exit_code == 0, done.output
        said = done.stdout
        if words[:2] == ["new", "workbook"]:
            _look_into_the_workbook(Path("ours.xlsx"), part)
    assert "warning" not in said
    assert "of 42 readings of 14 agencies (month 12, under Coach and codify)" in said
    assert {path.name for path in Path("after").iterdir()} >= {"report.html", "tables.xlsx", "observed.csv"}


def _look_into_the_workbook(path: Path, part: str) -> None:
    """It says what the page says of it; then few months."""
    told = {}
    for name, said in re.findall(r"\*([A-Z][a-z ]+)\* \(([^)]+)\)", part.replace("\n", " ")):
        cells = dict(one.split() for one in re.split(r"[,;] ", said))
        told[name] = {key: float(value) if value.isdigit() else value for key, value in cells.items()}
    for strategy in load_scenario(str(path)).strategies:
        if isinstance(strategy, str):
            continue
        shares = {name: round(100.0 * share, 6) for name, share in strategy.activities.items()}
        chosen = {"targeting": strategy.targeting} if strategy.targeting != "universal" else {}
        areas = {} if strategy.delivery.focal_areas == "all" else {"focal_areas": float(strategy.delivery.focal_areas)}
        assert told.pop(strategy.name) == {**shares, **chosen, **areas}
    assert not told
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row[1] for row in book["scenario"].iter_rows(min_row=2)}
    assert (rows["budget_dollars_per_year"].value, rows["assistance"].value, rows["matters"].value) == (
        4000000,
        60,
        0.02,
    )
    for key, months in (("settling", 12), ("assistance", 12), ("follow_up", 3)):
        rows[key].value = months
    book.save(path)


def _fill_in_the_year(path: Path) -> None:
    """The first of the years that are shipped."""
    shipped = csv.DictReader((SCENARIOS / "fourteen_readings.csv").open())
    read = {row["agency"]: row for row in shipped if row["month"] == "12"}
    rows = list(csv.DictReader(path.open()))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for row in rows:
            own = {} if row["area"] else read.get(row["agency"], {})
            writer.writerow({**row, **{key: value for key, value in own.items() if key in row}})


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

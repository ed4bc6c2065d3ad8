"""A survey from the first command to the report: starting files, check, compare, and the folder read again."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from capsim.comparison.folder import read_comparison
from capsim.scenario import check_scenario, load_scenario

SEEN = "survey.csv"


@pytest.fixture
def own(capsim, folder: Path) -> str:
    """A scenario with the agencies and the survey that `capsim new` writes; its name."""
    assert capsim("new", "agencies", "mine").exit_code == 0
    assert capsim("new", "survey", "mine").exit_code == 0
    text = (folder / "small.yaml").read_text()
    text = text.replace("source: agencies.csv", "source: mine.csv, survey: mine_survey.csv")
    (folder / "mine.yaml").write_text(text.replace("[equity, data_use]", "[equity, integration, data_use]"))
    return "mine.yaml"


def test_starting_files_go_together(capsim, own: str, folder: Path) -> None:
    scenario = load_scenario(own)
    check_scenario(scenario)
    assert scenario.agencies.survey.endswith("mine_survey.csv")
    for name in ("mine", "mine_survey"):
        columns = (folder / f"{name}.csv").read_text().splitlines()[0].split(",")
        explained = (folder / f"{name}_columns.txt").read_text()
        assert all(column in explained for column in columns)
        assert f"{name}.csv" in explained
    assert capsim("new", "scenario", "ours").exit_code == 0
    text = (folder / "ours.yaml").read_text()
    assert "# source: ours.csv" in text
    assert "# survey: ours_survey.csv" in text


def test_blank_rows_for_the_agencies_of_a_scenario(capsim, folder: Path) -> None:
    done = capsim("new", "survey", "blank", "--scenario", "small.yaml")
    assert done.stdout == (
        "blank_survey.csv written; blank_survey_columns.txt explains its columns; "
        "name it in a scenario, below agencies:, as   survey: blank_survey.csv\n"
        "or, read a year after help began (else add a column month):   "
        "capsim compare small.yaml --observed blank_survey.csv --followed PLAN\n"
    )
    rows = pd.read_csv(folder / "blank_survey.csv", dtype=str, keep_default_na=False)
    assert list(zip(rows["agency"], rows["area"], strict=True)) == [
        (agency, area) for agency in ("STATE", "BIRCH", "MAPLE") for area in ("", "equity", "data_use")
    ]
    (folder / "blank.yaml").write_text(
        (folder / "small.yaml").read_text().replace("agencies.csv", "agencies.csv, survey: blank_survey.csv")
    )
    checked = capsim("check", "blank.yaml")
    assert checked.exit_code == 2
    assert checked.stderr == "blank_survey.csv:2: no row has an answer; fill in at least one cell\n"


def test_blank_rows_need_agencies_that_exist(capsim, folder: Path, change) -> None:
    done = capsim("new", "survey", "x", "--scenario", change("agencies: {source: synthetic, districts: 3}"))
    assert done.exit_code == 2
    assert done.stderr == "changed.yaml: its agencies are invented, so nobody can have observed them\n"
    assert not list(folder.glob("x*"))


@pytest.mark.parametrize("there", ["x_survey.csv", "x_survey_columns.txt"])
def test_new_survey_overwrites_nothing(capsim, folder: Path, there: str) -> None:
    (folder / there).write_text("mine")
    done = capsim("new", "survey", "x")
    assert (done.exit_code, done.stderr) == (
        2,
        f"{there}: exists already and is left as it is; choose another name\n",
    )
    assert [path.name for path in folder.glob("x*")] == [there]


def test_a_survey_is_compared_with_the_simulated_agencies(capsim, own: str, folder: Path, real_report: None) -> None:
    done = capsim("compare", own, "--workers", "1", "--out", "out")
    assert done.exit_code == 0, done.stderr
    assert "Survey: 3 agencies begin as observed." in done.stdout
    table = pd.read_csv(folder / "out" / SEEN, keep_default_na=False, na_values=[""])
    assert len(table) == (4 + 3 * 3) + 5 + (2 + 1)
    chosen = table[table["role"] == "set"]
    assert (chosen["worlds"] == 3).all()
    assert chosen["furthest"].max() < 1e-9
    assert (chosen["state"] - chosen["wanted"]).abs().max() < 1e-9
    assert (table["reading_low"] <= table["reading"]).all()
    assert (table["reading"] <= table["reading_high"]).all()
    assert (table["drift_low"] < table["drift_high"])[table["item"] != "data_systems_rubric"].all()
    assert table["drift"].between(table["drift_low"], table["drift_high"]).all()
    # Beside a rubric by area, the self-report of all areas is only compared.
    compared = table[table["role"] == "compared"]
    assert compared[["agency", "item"]].to_numpy().tolist() == [["NORTH", "skill_likert"]]
    dictionary = (folder / "out" / "data_dictionary.md").read_text()
    assert all(f"| {column} |" in dictionary.split("## survey.csv")[1] for column in table.columns)


def test_the_report_shows_it_and_can_be_made_again(capsim, own: str, folder: Path, real_report: None) -> None:
    path = folder / "mine.csv"
    path.write_text(path.read_text().replace("North district", "<b>Peña</b> & 学校"), encoding="utf-8")
    assert capsim("compare", own, "--workers", "1", "--out", "out").exit_code == 0
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert "Your survey and the simulated agencies" in page
    assert "&lt;b&gt;Peña&lt;/b&gt; &amp; 学校: 13 answers" in page
    assert "0.45 points were taken off every self-report" in page
    assert "the inner state starts from the user&#39;s survey" in page
    assert "never single ones" not in page
    assert capsim("report", "out", "--out", "again.html").exit_code == 0
    assert (folder / "again.html").read_text(encoding="utf-8") == page
    comparison = read_comparison(folder / "out")
    written = (folder / "out" / SEEN).read_text(encoding="utf-8")
    assert comparison.survey.to_csv(index=False, lineterminator="\n") == written


def test_numbers_do_not_depend_on_workers(capsim, own: str, folder: Path) -> None:
    for workers in (1, 2):
        assert capsim("compare", own, "--workers", str(workers), "--out", f"out{workers}").exit_code == 0
    assert (folder / "out1" / SEEN).read_bytes() == (folder / "out2" / SEEN).read_bytes()


def test_drift_for_machines(capsim, own: str) -> None:
    found = json.loads(capsim("compare", own, "--workers", "1", "--json").stdout)["survey"]
    assert [row["item"] for row in found] == [
        "skill_rubric",
        "routine_rubric",
        "skill_likert",
        "culture_likert",
        "engagement_likert",
        "priority_percent",
        "data_systems_rubric",
    ]
    assert {"answers", "drift", "largest", "beyond", "missed"} <= set(found[0])


def test_without_a_survey_nothing_is_said_of_one(capsim, folder: Path) -> None:
    done = capsim("compare", "small.yaml", "--workers", "1", "--out", "out")
    assert "Survey" not in done.stdout
    assert not (folder / "out" / SEEN).exists()


def test_a_damaged_survey_table_is_named(capsim, own: str, folder: Path) -> None:
    assert capsim("compare", own, "--workers", "1", "--out", "out").exit_code == 0
    path = folder / "out" / SEEN
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-2]))
    done = capsim("report", "out")
    assert done.exit_code == 2
    assert done.stderr.startswith("out/survey.csv: is not the table that capsim wrote")

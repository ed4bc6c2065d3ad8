"""Exports of survey tools: who is counted, what labels mean, and what nobody knows in one clear line each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from capsim.errors import InputError
from capsim.scenario.exports import convert, read_export

NAMES = {"alder": "D1", "birch": "D2", "d1": "D1", "d2": "D2"}
LABELS = {"Disagree": 2, "Neither": 3, "Agree": 4}
IDS = ['{"ImportId":"status"}', '{"ImportId":"finished"}', *(f'{{"ImportId":"QID{n}"}}' for n in range(1, 5))]
QUALTRICS = [
    ["Status", "Finished", "Q1", "Q2_1", "Q2_2", "Q3"],
    ["Response Type", "Finished", "Where do you work?", "I use\ndata", "I avoid data", "Trust"],
    IDS,
    ["Survey Preview", "True", "Alder", "Agree", "Disagree", "4"],
    ["IP Address", "True", "Alder", "Agree", "Disagree", "4"],
    ["IP Address", "True", " alder", "AGREE", "", "5"],
    ["IP Address", "False", "Birch", "N/A", "Neither", ""],
    ["IP Address", "True", "", "Agree", "Agree", "1"],
]
FORMS = [
    ["Timestamp", "Where do you work?", "Rate your skills [Equity]", "Rate your skills [Data]", "Trust"],
    ["2026/01/05 9:12:01 AM", "Alder", "4 - Agree", "2 - Disagree", "7"],
    ["2026/01/05 9:13:01 AM", "Alder", "Agree (4)", "Don't know", "1"],
    ["2026/01/05 9:14:01 AM", "Birch", "3", "1", "4"],
]
MAP = {
    "agency": "Q1",
    "items": {"skill_likert": {"data_use": {"columns": ["Q2_1"], "reverse": ["Q2_2"]}}, "culture_likert": ["Q3"]},
    "labels": LABELS,
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def export(rows: list[list[str]]) -> str:
    with Path("export.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(rows)
    return "export.csv"


def mapping(given: dict[str, Any]) -> str:
    Path("map.yaml").write_text(yaml.safe_dump(given, sort_keys=False))
    return "map.yaml"


def rows_of(given: list[list[str]], plan: dict[str, Any], names: Any = NAMES) -> dict[tuple[str, str], dict[str, str]]:
    found = convert(export(given), mapping(plan), names=names)
    return {(row.pop("agency"), row.pop("area")): row for row in found.rows}


def test_three_rows_of_headings_are_those_of_qualtrics() -> None:
    found = read_export(export(QUALTRICS))
    assert (found.tool, len(found.rows), found.left_out) == ("Qualtrics", 4, {"of previews": 1})
    assert found.places_of(["q2_1", "I use data"], (), pytest.fail) == [3, 3]
    assert found.rows[0][0] == 6  # the question has a line break


def test_answers_become_means_with_how_many_gave_them() -> None:
    rows = rows_of(QUALTRICS, MAP)
    assert rows["D1", "data_use"] == {"skill_likert": "4", "n": "2"}
    assert rows["D1", ""] == {"culture_likert": "4.5", "n": "2"}
    assert rows["D2", "data_use"] == {"skill_likert": "3", "n": "1"}
    assert ("D2", "") not in rows


def test_who_is_left_out_is_said() -> None:
    found = convert(export(QUALTRICS), mapping({**MAP, "finished_only": True, "fewest": 2}), names=NAMES)
    assert found.respondents == 2
    assert found.left_out == {"of previews": 1, "unfinished": 1, "without an agency": 1}
    found = convert(export(QUALTRICS), mapping({**MAP, "fewest": 2}), names=NAMES)
    assert found.left_out["of agencies with fewer than 2"] == 1


def test_one_row_of_headings_is_that_of_google_forms() -> None:
    assert read_export(export(FORMS)).tool == "Google Forms"
    plan = {
        "agency": "Where do you work?",
        "items": {
            "skill_likert": {"equity": "Rate your skills [Equity]", "data_use": "Rate your skills [Data]"},
            "culture_likert": {"columns": "Trust", "scale": [1, 7]},
        },
    }
    rows = rows_of(FORMS, plan)
    assert rows["D1", "equity"] == {"skill_likert": "4", "n": "2"}
    assert rows["D1", "data_use"] == {"skill_likert": "2", "n": "1"}
    assert rows["D1", ""] == {"culture_likert": "3", "n": "2"}  # the mean of 7 and 1 on a scale from 1 to 7
    assert rows["D2", ""] == {"culture_likert": "3", "n": "1"}


def test_names_are_turned_into_ids() -> None:
    plan = {**MAP, "agencies": {"Alder": "A-1", "birch": 2}}
    assert {agency for agency, _ in rows_of(QUALTRICS, plan, None)} == {"A-1", "2"}
    plan["leave_out"] = ["Birch"]
    assert {agency for agency, _ in rows_of(QUALTRICS, plan, None)} == {"A-1"}


def problems(given: list[list[str]], plan: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as caught:
        convert(export(given), mapping(plan), names=NAMES)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"agency": "Q9"}, "map.yaml:1: agency: export.csv has no column 'Q9'"),
        ({"agency": None}, "map.yaml:1: agency: is missing"),
        ({"items": {"culture": ["Q3"]}}, "map.yaml:3: items.culture: unknown item; allowed: skill_rubric"),
        ({"items": {"culture_likert": ["Q4"]}}, "map.yaml:3: items.culture_likert: export.csv has no column 'Q4'"),
        ({"items": {"culture_likert": []}}, "map.yaml:3: items.culture_likert: names no column of the export"),
        (
            {"items": {"culture_likert": {"equity": ["Q3"]}}},
            "map.yaml:3: items.culture_likert: belongs to the whole agency, not to single areas",
        ),
        ({"labels": {"Agree": "four"}}, "map.yaml:12: labels.Agree: must be a number, got 'four'"),
        (
            {"scale": [7, 1]},
            "map.yaml:15: scale: must be the lowest and the highest answer, such as [1, 7], got [7, 1]",
        ),
        ({"fewest": 0}, "map.yaml:15: fewest: must be a whole number from 1, got 0"),
        ({"lables": {}}, "map.yaml:15: lables: unknown key; allowed: agency, "),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else "",
)
def test_a_bad_mapping_is_one_clear_line(plan: dict[str, Any], message: str) -> None:
    found = problems(QUALTRICS, {**MAP, **plan})
    assert len(found) == 1, found
    assert found[0].startswith(message)


def test_unknown_agencies_and_answers_are_said_once_each() -> None:
    rows = [*QUALTRICS, *[["IP Address", "True", "Aldr", "Agree", "", "1"]] * 2]
    rows += [["IP Address", "True", "Birch", "Often", "", "9"]]
    assert problems(rows, MAP) == [
        "export.csv: Q1: 'Aldr' (2 times) is no agency of the scenario; did you mean alder?; say which it is in "
        "agencies:, or name it in leave_out:",
        "export.csv: Q2_1: 'Often' (once) is neither a label nor a number of the scale; add it to labels:, scale: or "
        "missing:",
        "export.csv: Q3: '9' (once) is neither a label nor a number of the scale; add it to labels:, scale: or "
        "missing:",
    ]


def test_what_is_no_export_is_refused() -> None:
    for rows, message in (([], "the file is empty"), (QUALTRICS[:3], "holds no respondent")):
        with pytest.raises(InputError, match=message):
            read_export(export(rows))
    with pytest.raises(InputError, match=r"export.csv:2: has 2 cells, the header has 5"):
        read_export(export([FORMS[0], ["a", "b"]]))
    with pytest.raises(InputError, match=r"answers.xlsx: is a workbook; export the answers"):
        read_export("answers.xlsx")

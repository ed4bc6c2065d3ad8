"""Files to fill in: the workbook that `capsim new workbook` writes, sheet by sheet, with examples; and the mapping
file of `capsim new survey --from EXPORT`, with the survey that an export amounts to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from capsim.catalogue import STRATEGIES
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.cli.tables import template
from capsim.errors import InputError
from capsim.paths import read_text
from capsim.scenario.exports import Converted, Export, convert, plain_text
from capsim.scenario.workbook_scenarios import CHOICES, PLACES, SHARED


def template_sheets(title: str, file: str, agencies: str) -> dict[str, tuple[Sequence[str], list[Sequence[Any]]]]:
    """Headings and rows of every sheet; `agencies` is the text of the CSV template of agencies."""
    header, rows = _sheet(agencies)
    headings, settings = _sheet(template("workbook_scenario.csv"))
    read_me = template("workbook_read_me.txt").format(file=file, plans=", ".join(STRATEGIES))
    return {
        "read_me": (["capsim"], [[line] for line in read_me.splitlines()]),
        "scenario": (
            headings,
            [["name", title, meaning] if key == "name" else [key, value, meaning] for key, value, meaning in settings],
        ),
        "agencies": ([*header, "hours_per_year"], [[*row, None] for row in rows]),
        "plans": (_plan_headings(), _plans()),
        "survey": (["agency", "name", "area", *SURVEY_ITEMS, "n", "notes"], [row[:2] for row in rows]),
    }


def _sheet(text: str) -> tuple[list[str], list[Sequence[Any]]]:
    """A CSV table as headings and rows."""
    header, *rows = csv.reader(text.splitlines())
    return header, [[_typed(cell) for cell in row] for row in rows]


def _plan_headings() -> list[str]:
    return ["plan", *CHOICES, *SHARED, "notes"]


def _plans() -> list[Sequence[Any]]:
    """Two shipped plans and one of one's own."""
    own: dict[str, Any] = {"plan": "Coach and codify", "targeting": "universal", "schedule": "taper", "chain": "direct"}
    own |= {"recipients": "lea", "focal_areas": 2, "coaching": 0.5, "routine_redesign": 0.4, "goal_setting": 0.1}
    return [["none"], ["individual_focused"], ["organization_focused"], [own.get(name) for name in _plan_headings()]]


def _typed(cell: str) -> Any:
    """A number as a number, so that the spreadsheet can reckon with it."""
    try:
        return int(cell) if cell.lstrip("-").isdigit() else float(cell)
    except ValueError:
        return cell or None


def write_filled_in(path: Path, name: str, scenario: str) -> None:
    """Write a workbook that will be called `name` and says what a scenario says, which must have its own table."""
    from capsim.runs.output import write_workbook
    from capsim.scenario import load_scenario

    given = load_scenario(scenario)
    if not given.agencies.own_file:
        raise InputError(f"{scenario}: has no table of agencies of its own, such as fourteen has")
    content = given.resolved()
    sheets = template_sheets(given.name, name, "id,name\n")
    sheets["scenario"] = (sheets["scenario"][0], _settings_of(content))
    sheets["agencies"] = _sheet(read_text(Path(given.agencies.source)))
    sheets["plans"] = (_plan_headings(), [_plan_row(one) for one in content["strategies"]])
    if given.agencies.survey:
        sheets["survey"] = _sheet(read_text(Path(given.agencies.survey)))
    write_workbook(sheets, path)
    again = load_scenario(str(path)).resolved()
    for key in content:
        mine, other = content[key], again.get(key)
        if key == "agencies":
            mine, other = ({**one[key], "source": "", "survey": ""} for one in (content, again))
        if mine != other:
            raise InputError(
                f"{scenario}: says something below {key}: that no workbook holds; change a copy of the file"
            )


def _settings_of(content: Mapping[str, Any]) -> list[Sequence[Any]]:
    """What a scenario says, a setting in each row: those of the template first, with what they mean."""
    meanings = {key: meaning for key, _, meaning in _sheet(template("workbook_scenario.csv"))[1]}
    found: dict[str, Any] = {}
    for key, place in PLACES.items():
        value: Any = content
        for part in place:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None and value != "" and key != "states":  # a table of one's own says them itself
            found[key] = ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
    ordered = sorted(found, key=lambda key: list(meanings).index(key) if key in meanings else len(meanings))
    return [[key, found[key], meanings.get(key, "")] for key in ordered]


def _plan_row(strategy: Any) -> Sequence[Any]:
    if isinstance(strategy, str):
        return [strategy]
    chosen = {**strategy, **strategy["delivery"], "plan": strategy["name"]}
    cells = {**chosen, **strategy["activities"]}
    values = (cells.get(name) for name in _plan_headings())
    return [", ".join(map(str, value)) if isinstance(value, list) else value for value in values]


_MOST_ANSWERS = 8
_OF_THE_TOOL = re.compile(
    "(start|end|recorded)date|status|ipaddress|progress|finished|duration.*|responseid|recipient.*|externalreference|"
    "location.*|distributionchannel|userlanguage|timestamp|username|emailaddress|score"
)
"""Columns that no question is behind; some say who somebody is."""


def starting_map(export: Export) -> str:
    """A mapping file to fill in; columns, questions and answers of the export stand in comments."""
    people = len(export.rows)
    letters = [re.sub(r"[^a-z]", "", name.lower()) for name in export.columns]
    asked = [place for place, name in enumerate(letters) if not _OF_THE_TOOL.fullmatch(name)]
    listed = [f"#   {_said(export, place)}" for place in asked]
    return "\n".join(
        [
            f"# Which question of {export.file} is which item of a survey. Columns go by their names or questions.",
            f"# Columns of the export ({export.tool}, {people} respondents):",
            *listed,
            template("survey_map.yaml"),
        ]
    )


def _said(export: Export, place: int) -> str:
    """A column, its question, and its answers where several people gave each; others might say who somebody is."""
    column, question = export.columns[place], export.questions[place]
    given = [row[place] for _, row in export.rows if row[place]]
    answers = list(dict.fromkeys(given))
    shown = 2 * len(answers) <= len(given) and len(answers) <= _MOST_ANSWERS
    text = column if question == column else f"{column}: {question}"
    said = f"{text[:120]}; answers: {' | '.join(answers)[:160]}" if shown else text[:120]
    return re.sub(r"[\s\x00-\x1f]+", " ", said)


def converted_survey(export: str, mapping: str, scenario: str | None) -> tuple[str, str]:
    """The CSV of a survey, and who was counted, in words; agencies are checked where a scenario is given."""
    found = convert(export, mapping, names=None if scenario is None else _names_of(scenario))
    there = [name for name in SURVEY_ITEMS if any(name in row for row in found.rows)]
    text = io.StringIO()
    writer = csv.DictWriter(text, ["agency", "area", *there, "n"], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found.rows)
    return text.getvalue(), _counted(found)


def _counted(found: Converted) -> str:
    agencies = len({row["agency"] for row in found.rows})
    people = f"{found.respondents:,} {'respondent' if found.respondents == 1 else 'respondents'}"
    said = f"{people} of {agencies:,} {'agency' if agencies == 1 else 'agencies'}"
    if found.left_out:
        said += f"; left out: {', '.join(f'{number:,} {what}' for what, number in found.left_out.items())}"
    return said


def _names_of(scenario: str) -> dict[str, str]:
    """Ids of the agencies of a scenario by id and by name; a name that two have is none."""
    from capsim.parameters import resolve_values
    from capsim.scenario import build_agencies, load_scenario

    given = load_scenario(scenario)
    table = build_agencies(given, resolve_values(given.parameters))
    names = [plain_text(str(name)) for name in table.name]
    by_name = {name: str(one) for name, one in zip(names, table.id, strict=True) if names.count(name) == 1}
    return by_name | {plain_text(str(one)): str(one) for one in table.id}

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
from capsim.errors import InputError
from capsim.paths import read_text
from capsim.scenario.exports import Converted, Export, convert, plain_text
from capsim.scenario.survey import SURVEY_ITEMS
from capsim.scenario.workbook_scenarios import CHOICES, PLACES, SHARED

_SETTINGS = (
    ("name", "{title}", "What this is about."),
    ("focal_areas", "equity, integration, data_use", "1 to 12 areas in which capacity is built, with commas."),
    ("budget_dollars_per_year", 1_000_000, "Of the center, the same for every plan; or budget_hours_per_year instead."),
    ("allocation", "position", "What hours are divided by: position, agency, pupil, or hand (column hours_per_year)."),
    ("contrast", "Coach and codify, individual_focused", "Two plans: is the first better than the second?"),
    ("outcome", "use", "What counts: any name of capsim list measures."),
    ("at", "follow_up_end", "When it is read; or assistance_end."),
    ("weight", "pupils", "How districts count in a mean; or districts (all alike), positions."),
    ("matters", None, "Smallest difference that would change your mind; blank: a tenth of the best plan's gain."),
    ("schools", None, "yes: each district has invented schools of equal size."),
    ("settling", "auto", "Months without help before it begins; auto: until hardly anything moves, 20 years at most."),
    ("assistance", 60, "Months of help."),
    ("follow_up", 60, "Months after it."),
    ("uncertainty", "structure", "Also draw assumptions and rules; or assumed (assumptions only), none (luck alone)."),
    ("replications", 32, "Worlds; more give narrower intervals."),
    ("seed", 1, "Another seed, other luck."),
)
_READ_ME = (
    "A scenario for capsim. Fill in the sheets scenario, agencies and plans; survey may stay blank.",
    "Check it:  capsim check {file}",
    "Run it:  capsim compare {file}",
    "agencies: one row an agency. level: sea (state), esa (region), lea (district) or school. A blank cell: not known.",
    "  positions: people who work on improvement, not teachers. annual_exit: share of staff who leave in a year;",
    "  leader_annual_exit: chance that the leader does.",
    "  poverty_share: share of children in poverty, 0 to 1. hours_per_year: only where hours are divided by hand.",
    "plans: one row a plan. A shipped plan goes by its name alone: {plans}.",
    "  A plan of your own has shares of the hours in the columns of activities, which sum to 100%, and choices:",
    "  targeting, schedule, chain, recipients, focal_areas, codesign, grouping (capsim list parts explains them).",
    "survey: what you observed; rubrics in percent, answers of staff from 1 to 5; without an area: all areas together.",
    "scenario: any parameter can have a row of its own, by its name (capsim list parameters).",
    "No merged cells, no lines above the headings. Of a formula the value is read that the spreadsheet saved with it.",
)


def template_sheets(title: str, file: str, agencies: str) -> dict[str, tuple[Sequence[str], list[Sequence[Any]]]]:
    """Headings and rows of every sheet; `agencies` is the text of the CSV template of agencies."""
    header, *rows = list(csv.reader(agencies.splitlines()))
    with_hours = [*header, "hours_per_year"]
    typed = [[_typed(cell) for cell in row] for row in rows]
    settings = [(key, title if key == "name" else value, meaning) for key, value, meaning in _SETTINGS]
    plans = ", ".join(STRATEGIES)
    return {
        "read_me": (["capsim"], [[line.format(file=file, plans=plans)] for line in _READ_ME]),
        "scenario": (["setting", "value", "what it means"], [list(row) for row in settings]),
        "agencies": (with_hours, [[*row, None] for row in typed]),
        "plans": (_plan_headings(), _plans()),
        "survey": (
            ["agency", "name", "area", *SURVEY_ITEMS, "n", "notes"],
            [[row[0], row[1]] for row in rows],
        ),
    }


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


def write_template(path: Path, name: str, title: str, agencies: str) -> None:
    """Write the template of a workbook that will be called `name`."""
    from capsim.runs.output import write_workbook

    write_workbook(template_sheets(title, name, agencies), path)


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
    sheets["agencies"] = _table(given.agencies.source)
    sheets["plans"] = (_plan_headings(), [_plan_row(one) for one in content["strategies"]])
    if given.agencies.survey:
        sheets["survey"] = _table(given.agencies.survey)
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


def _table(path: str) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """A CSV table as a sheet."""
    header, *rows = list(csv.reader(read_text(Path(path)).splitlines()))
    return header, [[_typed(cell) for cell in row] for row in rows]


def _settings_of(content: Mapping[str, Any]) -> list[Sequence[Any]]:
    """What a scenario says, a setting in each row: those of the template first, with what they mean."""
    meanings = {key: meaning for key, _, meaning in _SETTINGS}
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
_TEMPLATE = """
agency:                  # the column in which people say where they work
agencies: {}             # what they say, and the id in your table where that is another: {Alder district: D1}
leave_out: []            # agencies that are not to be counted
items:                   # the items that there are: capsim new survey NAME writes a page that explains them
  # culture_likert: [Q7_1, Q7_2]
  # engagement_likert: {columns: [Q8_1], reverse: [Q8_2], scale: [1, 7]}
  # skill_likert: {equity: [Q5_1, Q5_2], data_use: [Q5_3]}    # by focal area
labels: {}               # {Strongly disagree: 1, Disagree: 2, Neither: 3, Agree: 4, Strongly agree: 5}
missing: []              # answers that are none; blank, N/A, Don't know and -99 are known
# scale: [1, 7]          # lowest and highest answer, where they are not 1 to 5 (percent: 0 to 100)
fewest: 1                # people of an agency below which it is left out
finished_only: false     # leave out people who did not come to the end
"""


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
            _TEMPLATE.strip("\n"),
            "",
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

"""`capsim new survey --from EXPORT`: a mapping file to fill in, and with it the survey that an export amounts to."""

from __future__ import annotations

import csv
import io
import re

from capsim.scenario.export_maps import Converted, convert
from capsim.scenario.exports import Export, plain_text
from capsim.scenario.survey import SURVEY_ITEMS

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
    asked = [place for place, name in enumerate(export.columns) if not _OF_THE_TOOL.fullmatch(_letters(name))]
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


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


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

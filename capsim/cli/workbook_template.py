"""The workbook that `capsim new workbook` writes: a scenario to fill in, sheet by sheet, with examples."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.scenario.survey import SURVEY_ITEMS

_SETTINGS = (
    ("name", "{title}", "What this is about."),
    ("focal_areas", "equity, integration, data_use", "1 to 12 areas in which capacity is built, with commas."),
    ("budget_dollars_per_year", 1_000_000, "Of the center, the same for every plan; or budget_hours_per_year instead."),
    ("allocation", "position", "What hours are divided by: position, agency, pupil, or hand (column hours_per_year)."),
    ("contrast", "Coach and codify, individual_focused", "Two plans: is the first better than the second?"),
    ("outcome", "use", "What counts: any name of capsim list measures."),
    ("at", "follow_up_end", "When it is read; or assistance_end."),
    ("weight", "pupils", "How districts count in a mean; or districts (all alike), positions."),
    ("settling", "auto", "Months without help before it begins; auto: until nothing moves."),
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
    "  positions: people who work on improvement, not teachers. annual_exit: share of staff who leave in a year.",
    "  poverty_share: share of children in poverty, 0 to 1. hours_per_year: only where hours are divided by hand.",
    "plans: one row a plan. A shipped plan goes by its name alone: {plans}.",
    "  A plan of your own has shares of the hours in the columns of activities, which sum to 100%, and choices:",
    "  targeting, schedule, chain, recipients, focal_areas, codesign, grouping (capsim list parts explains them).",
    "survey: what you observed; rubrics in percent, answers of staff from 1 to 5; without an area: all areas together.",
    "scenario: any parameter can have a row of its own, by its name (capsim list parameters).",
    "No merged cells, no lines above the headings. Of a formula the value is read that the spreadsheet saved with it.",
)
_OWN = ("coaching", "routine_redesign", "goal_setting")


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
    return ["plan", "targeting", "schedule", "chain", "recipients", "focal_areas", *ACTIVITIES, "notes"]


def _plans() -> list[Sequence[Any]]:
    """Two shipped plans and one of one's own."""
    shares = dict(zip(_OWN, (0.5, 0.4, 0.1), strict=True))
    own = ["Coach and codify", "universal", "taper", "direct", "lea", 2]
    own += [shares.get(name) for name in ACTIVITIES]
    return [["none"], ["individual_focused"], ["organization_focused"], own]


def _typed(cell: str) -> Any:
    """A number as a number, so that the spreadsheet can reckon with it."""
    try:
        return int(cell) if cell.lstrip("-").isdigit() else float(cell)
    except ValueError:
        return cell or None


def write_template(path: Path, title: str, agencies: str) -> None:
    """Write the template."""
    from capsim.runs.workbook import write_workbook

    write_workbook(template_sheets(title, path.name, agencies), path)

"""A user's survey on the page: which answers set an agency, which were not reached, and why."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest

from capsim.comparison.comparison import Comparison
from capsim.parameters import PARAMETERS
from capsim.report.results import Results
from capsim.report.survey import survey_parts

from .reading import tables, text

LENIENCY = PARAMETERS["likert_leniency"].default


def row(item: str, observed: float, **changes: Any) -> dict[str, Any]:
    """One answer of a survey as `survey_table` writes it; reached, and without drift."""
    points = item.endswith("likert")
    return {
        "assumptions": "default",
        "agency": "A",
        "name": "Birch Hill",
        "area": "",
        "item": item,
        "unit": "points" if points else "percent",
        "respondents": 9.0,
        "observed": observed,
        "role": "set",
        "worlds": 4,
        "reading": observed,
        "reading_low": observed,
        "reading_high": observed,
        "wanted": 0.5,
        "state": 0.5,
        "furthest": 0.0,
        "drift": 0.0,
        "drift_low": 0.0,
        "drift_high": 0.0,
        **changes,
    }


ROWS = [
    row("skill_rubric", 40.0, drift=0.1),
    row("skill_likert", 3.0, role="compared", furthest=float("nan"), wanted=float("nan")),
    row("culture_likert", 1.0 + LENIENCY / 2, reading=1.0 + LENIENCY),
    row("engagement_likert", 3.0),
    row("routine_rubric", 90.0, furthest=0.2, drift=0.05),
]


def told(usual: Comparison, rows: list[dict[str, Any]]) -> Results:
    return Results(dataclasses.replace(usual, survey=pd.DataFrame(rows)))


@pytest.fixture(scope="module")
def surveyed(usual: Comparison) -> Results:
    return told(usual, ROWS)


def test_counts_of_answers_are_explained(surveyed: Results) -> None:
    said = text(survey_parts(surveyed))
    assert "holds 5 answers about 1 agency. Four of them set an agency; 1 self-report beside a rubric" in said
    assert "Two of the 4 answers that set an agency do not stay" in said


def test_answers_that_were_not_reached_are_told_apart(usual: Comparison, surveyed: Results) -> None:
    said = text(survey_parts(surveyed))
    assert "One of the 4 answers that set an agency lies below the least that lenient staff say" in said
    assert "One of the 4 could not be reached in every world, because too many positions" in said
    summary, own = tables(survey_parts(surveyed), folded=True)
    assert {r.heading: r.cells[1] for r in summary.rows}["Culture, self-report"] == "1\n1 not reached"
    assert {r.heading: r.cells[1] for r in summary.rows}["Engagement, self-report"] == "1"
    assert [r.heading for r in own.rows] == [
        "Skills of staff, rubric",
        "Skills of staff, self-report (only compared)",
        "Culture, self-report (not reached: too low)",
        "Engagement, self-report",
        "Routines, rubric (not reached: vacant)",
    ]
    fine = text(survey_parts(told(usual, ROWS[:2])))
    assert "reached in every world" not in fine
    assert "lenient staff say" not in fine


def test_the_list_of_what_drifts_repeats_nothing(usual: Comparison) -> None:
    rows = [row("skill_rubric", 40.0, drift=0.1), row("skill_likert", 3.0, area="data_use", drift=0.1)]
    said = text(survey_parts(told(usual, rows)))
    assert "(skills of staff, rubric; skills of staff, self-report)" in said
    assert "All of them set an agency." in said

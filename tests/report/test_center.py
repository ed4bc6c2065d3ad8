"""The section on the center: there where something of it is declared, with what changed and what it cost."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from capsim.comparison.compare import compare
from capsim.comparison.comparison import Comparison
from capsim.comparison.folder import read_comparison, write_folder
from capsim.report.cost import center_parts
from capsim.report.page import render_report
from capsim.report.parts import Table
from capsim.report.results import Results
from capsim.scenario import scenario_from_mapping

MIX = {"coaching": 0.6, "training": 0.2, "performance_management": 0.2}
LIVING: dict[str, Any] = {
    "name": "center",
    "agencies": {"source": "synthetic", "districts": 8, "regions": 1},
    "question": {"contrast": ["mine", "none"]},
    "timeline": {"settling": 3, "assistance": 26, "follow_up": 1},
    "assistance": {"budget_hours_per_year": 4000},
    "uncertainty": "none",
    "replications": 2,
    "center": {"annual_exit": 0.5},
    "parameters": {"offering_weight": 0.0},
    "strategies": [
        "none",
        {
            "name": "mine",
            "activities": MIX,
            "phases": [{"from_month": 7, "targeting": "need"}],
            "review": [{"drop": "least_used"}],
        },
    ],
}


def compared(**changes: Any) -> Comparison:
    return compare(scenario_from_mapping({**copy.deepcopy(LIVING), **changes}), workers=1, variants=False)


@pytest.fixture(scope="module")
def living() -> Comparison:
    return compared()


def test_the_center_year_by_year_and_its_cost(living: Comparison) -> None:
    parts = center_parts(Results(living))
    by_year, changed = (part for part in parts if isinstance(part, Table))
    assert [row.heading for row in by_year.rows] == ["Year 1", "Year 2", "Year 3"]
    assert "Pieces" not in by_year.headers
    own = living.center
    hired = own.loc[own["month"] > 1, "hired"].sum() / 2
    assert own["strategy"].unique().tolist() == ["mine"]
    text = " ".join(part for part in parts if isinstance(part, str))
    assert f"{hired:.1f} were hired after the opening" in text
    assert changed.rows[0].heading == "Month 7"
    assert changed.rows[0].cells[0] == "phase"
    assert any(row.cells[1].startswith("use of ") for row in changed.rows)


def test_it_is_on_the_page_and_comes_back_from_a_folder(living: Comparison, tmp_path: Any) -> None:
    write_folder(living, tmp_path / "out")
    again = read_comparison(tmp_path / "out")
    assert center_parts(Results(again)) == center_parts(Results(living))
    assert "How the center changed, and what it cost" in render_report(again)
    dictionary = (tmp_path / "out" / "data_dictionary.md").read_text()
    assert "completely_served | share" in dictionary
    assert "looked_at | text" in dictionary


def test_without_any_of_it_there_is_no_section() -> None:
    content = copy.deepcopy(LIVING)
    del content["center"]
    content["strategies"][1] = {"name": "mine", "activities": MIX}
    plain = compare(scenario_from_mapping(content), workers=1, variants=False)
    assert plain.center.empty
    assert plain.course.empty
    assert center_parts(Results(plain)) == []


def test_pieces_alone_are_shown_too() -> None:
    content = copy.deepcopy(LIVING)
    del content["center"]
    content["strategies"][1] = {"name": "mine", "activities": MIX}
    content["parameters"] = {"offering_weight": 0.1}
    (table,) = [
        part
        for part in center_parts(Results(compare(scenario_from_mapping(content), workers=1, variants=False)))
        if isinstance(part, Table)
    ]
    assert list(table.headers) == ["", "Pieces", "Clarity of offerings"]

"""The page of a comparison that also looked at other budgets and at what would change the answer."""

from __future__ import annotations

from pathlib import Path

from capsim.comparison.comparison import Comparison
from capsim.report import render_report
from capsim.report.moving import ladder_parts, moving_parts
from capsim.report.results import Results

from .reading import tables, text


def test_the_page_shows_other_budgets(looked: Comparison) -> None:
    parts = ladder_parts(Results(looked))
    (table,) = tables(parts)
    assert table.headers[1:5] == tuple(f"{hours} hours a year" for hours in ("400", "800", "1,600", "3,200"))
    assert [row.cells[-1] for row in table.rows].count("\N{EN DASH}") == 1
    assert text(parts).startswith("An extra hour")


def test_the_page_shows_what_moves_the_answer_and_nothing_that_does_not(looked: Comparison) -> None:
    (table,) = tables(moving_parts(Results(looked)))
    assert [row.heading for row in table.rows] == [
        "Routine redesign with tools: what one round builds",
        "Coaching: hours of help for one round",
    ]
    assert [row.cells[2:4] for row in table.rows] == [
        ("0.050", "organization-focused"),
        ("0.020", "individual-focused"),
    ]


def test_a_page_without_either_has_no_such_sections(usual: Comparison, looked: Comparison, written: Path) -> None:
    assert not ladder_parts(Results(usual))
    assert not moving_parts(Results(usual))
    assert "What another dollar would buy" not in written.read_text()
    assert "What another dollar would buy" in render_report(looked)

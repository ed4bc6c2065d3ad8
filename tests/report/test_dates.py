"""Dates in the report of a scenario that says when assistance begins."""

from __future__ import annotations

import pytest

from capsim.figures.canvas import new_axes
from capsim.report.plain import month_in_words, months_in_words, name_dates, year_in_words


@pytest.mark.parametrize(
    ("month", "said"), [(1, "Jul 2026"), (6, "Dec 2026"), (7, "Jan 2027"), (24, "Jun 2028")], ids=str
)
def test_months_have_dates(month: int, said: str) -> None:
    assert month_in_words("2026-07", month) == said


def test_spans_and_school_years() -> None:
    assert months_in_words("2026-07", 1, 3) == "Jul to Sep 2026"
    assert months_in_words("2026-07", 4, 12) == "Oct 2026 to Jun 2027"
    assert year_in_words("2026-07", 1) == "2026–27"
    assert year_in_words("2026-07", 74) == "2099–00"


def test_an_axis_of_years_shows_dates_and_no_other_axis_does() -> None:
    ax = new_axes()
    ax.plot([0, 4], [0, 1])
    ax.set_xlabel("Years since assistance began")
    name_dates(ax, "2026-07")
    assert ax.xaxis.get_major_formatter()(2.0, None) == "2028"
    assert ax.xaxis.get_major_formatter()(2.5, None) == ""
    assert ax.get_xlabel() == "July of the year"
    other = new_axes()
    other.set_xlabel("Gain")
    name_dates(other, "2026-07")
    assert other.get_xlabel() == "Gain"


def test_an_axis_of_quarters_shows_school_years() -> None:
    ax = new_axes()
    ax.set_xlim(0.4, 8.6)
    ax.set_xlabel("Quarter")
    name_dates(ax, "2026-07")
    assert [ax.xaxis.get_major_formatter()(x, None) for x in ax.get_xticks()] == ["2026–27", "2027–28"]

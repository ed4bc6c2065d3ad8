"""Numbers and durations in words."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from capsim.comparison.statistics import Interval, paired_difference
from capsim.figures.palette import strategy_styles
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import labels_of, parameter_label
from capsim.report import plain
from capsim.report.parts import Columns, table_of
from capsim.report.plain import (
    ahead,
    digits_for,
    duration,
    estimate_with_interval,
    money,
    number,
    percent,
    running,
    sentence,
    signed,
    span,
)
from capsim.report.results import label_of


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0123, "+0.012"), (-0.0123, "−0.012"), (-0.0001, "0.000"), (0.0, "0.000"), (math.nan, "not defined")],
)
def test_signs(value: float, words: str) -> None:
    assert signed(value) == words


def test_numbers() -> None:
    assert number(1234567.0, 0) == "1,234,567"
    assert number(-1234.5, 1) == "−1,234.5"
    assert percent(0.256) == "26%"
    assert percent(math.nan) == "not defined"
    assert money(36_719_780.0) == "$36.7 million"
    assert money(12_300.0) == "$12,300"
    assert span(-0.01, math.nan) == "not defined"
    assert estimate_with_interval(Interval(0.1, math.nan, math.nan)) == "+0.100\ninterval not defined"


def test_digits_show_small_differences() -> None:
    assert [digits_for([x, math.nan]) for x in (0.02, 0.002, 0.0002, 0.0)] == [3, 4, 5, 3]


def test_durations_and_names() -> None:
    assert [duration(months) for months in (60, 12, 18, 31, 1)] == [
        "5 years",
        "1 year",
        "18 months",
        "2.6 years",
        "1 month",
    ]
    assert sentence("5 years after") == "Five years after"
    assert sentence("4") == "Four"
    assert parameter_label("routine_redesign_prerequisite").endswith(": what an agency must bring to it")
    assert labels_of("months_to_fill, not looked for") == "Months to fill an empty post; not looked for"
    assert parameter_label("codification") == "How know-how becomes routine"
    assert parameter_label("sea_positions_median") == "State agency positions median"
    assert running("individual_focused") == "individual-focused"
    assert running("My Own") == "My Own"


def test_ahead_counts_pairs() -> None:
    difference = paired_difference(np.array([1.0, 2.0, 0.0]), np.array([0.0, 0.0, 1.0]))
    assert ahead(difference, "individual_focused", "none") == "Individual-focused: 2 of 3"
    assert ahead(paired_difference(np.empty(0), np.empty(0)), "a", "b") == "not defined"
    assert "each in half" in ahead(paired_difference(np.zeros(2), np.zeros(2)), "a", "b")


def test_whatever_is_drawn_has_an_everyday_name() -> None:
    drawn = [one for one in PARAMETERS.values() if one.prior != "none"]
    assert len(drawn) > 100
    assert not [one.name for one in drawn if parameter_label(one.name).lower() == one.name.replace("_", " ")]


def test_a_table_is_columns_over_records() -> None:
    records = pd.DataFrame([{"strategy": "none", "hours": 3.0}, {"strategy": "someone", "hours": 4.0}])
    columns: Columns = {"Plan": label_of, "Hours": lambda row: plain.whole(row["hours"])}
    table = table_of("Hours", records, columns, "A note.", styles=strategy_styles(["none"]))
    assert (table.headers, table.note) == (("Plan", "Hours"), "A note.")
    assert table.rows == [("No assistance", ("3",), strategy_styles(["none"])["none"].color), ("someone", ("4",), "")]

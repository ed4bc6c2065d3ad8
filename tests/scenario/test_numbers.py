"""Text becomes a number in one way for YAML, tables and options; what is nearly one is refused with what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsim.numbers import how_to_write, number_in, number_in_cell, whole_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12450", 12450),
        (" 7 ", 7),
        ("-3", -3),
        ("+.5", 0.5),
        ("1.", 1.0),
        ("24_000", 24000),
        ("1_234_567.5", 1234567.5),
        ("1e3", 1000.0),
        ("007", 7),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert number_in(text) == number
    assert type(number_in(text)) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "+",
        "e3",
        "E0",
        ".e3",
        "1_",
        "1__0",
        "0_1",
        "_1",
        "1e",
        "1e999",
        "nan",
        "inf",
        "0x10",
        "1:30",
        "\u00b2",
        "\uff11",
        "1,5",
    ],
)
def test_no_numbers(text: str) -> None:
    assert number_in(text) is None
    assert whole_in(text) is None


@pytest.mark.parametrize(
    ("text", "number", "share"),
    [
        ("12,450", 12450, None),
        ("1,234,567.5", 1234567.5, None),
        ("4 000 000", 4000000, None),
        ("$4,000,000", 4000000, None),
        ("$ 250", 250, None),
        ("24_000", 24000, 24000),
        ("21%", 0.21, 0.21),
        (" 12.5 % ", 0.125, 0.125),
        ("0.21", 0.21, 0.21),
        ("0,210", None, None),
        ("1,5", None, None),
        ("12,45", None, None),
        ("1,2345", None, None),
        ("1.234,5", None, None),
        ("4M", None, None),
        ("%", None, None),
        ("", None, None),
    ],
)
def test_numbers_in_a_cell_may_be_written_as_people_do(text: str, number: float | None, share: float | None) -> None:
    percent = text.strip().endswith("%")
    assert number_in_cell(text) == (None if percent else number)
    assert number_in_cell(text, share=True) == (share if percent else number)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("12,450", "; no thousands separator: write 12450"),
        ("-12,450.5", "; no thousands separator: write -12450.5"),
        ("12 450", "; no thousands separator: write 12450"),
        ("1'234'567", "; no thousands separator: write 1234567"),
        ("$4,000,000", "; no thousands separator: write 4000000"),
        ("$250", "; write 250"),
        ("4M", "; write 4000000"),
        ("2.5 million", "; write 2500000"),
        ("24k", "; write 24000"),
        ("400 hours", "; write 400, without the word hours"),
        ("3 years", "; write 36 where months are asked for, 3 where years are"),
        ("1.5 year", "; write 18 where months are asked for, 1.5 where years are"),
        ("0,5", "; a decimal point, not a comma: write 0.5"),
        ("1.234,5", "; a decimal point and no other mark: write 1234.5"),
        ("26.500", "; if the point parts thousands write 26500, or 26.5 if that is what it is"),
        ("$4.000.000", "; if the point parts thousands write 4000000"),
        ("55%", "; write 0.55 for a share, 55 where percent are asked for"),
        ("1_", "; without _: write 1"),
        ("1__0", "; without _: write 10"),
        ("\uff11\uff12", "; write it with the digits 0 to 9: 12"),
        ("twelve", ""),
        ("4 districts", ""),
        ("", ""),
    ],
)
def test_what_to_write(text: str, hint: str) -> None:
    assert how_to_write(text) == hint


def test_what_is_counted_is_asked_about_and_has_no_shares() -> None:
    assert number_in_cell("26.500") == 26.5
    assert number_in_cell("26.500", counted=True) is None
    assert number_in_cell("26.5", counted=True) == 26.5
    assert number_in_cell("0.500", counted=True) == 0.5
    assert how_to_write("4%", counted=True) == ""


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    number = number_in(text)
    assert number is None or abs(number) < float("inf")
    assert "\n" not in how_to_write(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_writes_is_read_back(number: float) -> None:
    assert number_in(repr(number)) == number

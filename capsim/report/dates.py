"""Months, quarters and years of a run by their dates, where a scenario says when assistance begins."""

from __future__ import annotations

import calendar

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

SINCE, PLAIN, QUARTER = "Years since assistance began", "Years", "Quarter"
"""What figures call their axis of time."""


def month_in_words(begins: str, month: int) -> str:
    """The calendar month of a month of a run, from 1: `begins` is that of the first, such as 2026-07."""
    year, first = map(int, begins.split("-")[:2])
    at = year * 12 + first - 1 + month - 1
    return f"{calendar.month_abbr[at % 12 + 1]} {at // 12}"


def months_in_words(begins: str, first: int, last: int) -> str:
    """From one month of a run to another."""
    start, end = month_in_words(begins, first), month_in_words(begins, last)
    same = start[-4:] == end[-4:]
    return f"{start[:3] if same else start} to {end}"


def year_in_words(begins: str, year: int) -> str:
    """A year of assistance, from 1, as the school year that it is."""
    first = int(begins[:4]) + year - 1
    return f"{first}–{(first + 1) % 100:02d}"


def name_dates(ax: Axes, begins: str) -> None:
    """Dates along an axis of time; other axes stay as they are."""
    label = ax.get_xlabel()
    if label in (SINCE, PLAIN):
        first, month = int(begins[:4]), int(begins[5:7])
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{first + x:.0f}" if abs(x - round(x)) < 1e-6 else ""))
        ax.set_xlabel(f"{calendar.month_name[month]} of the year")
    elif label == QUARTER:
        low, high = ax.get_xlim()
        starts = [quarter for quarter in range(1, int(high) + 1, 4) if quarter >= low]
        ax.xaxis.set_major_locator(FixedLocator(starts))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: year_in_words(begins, (round(x) - 1) // 4 + 1)))
        ax.set_xlabel("Quarter, by school year")

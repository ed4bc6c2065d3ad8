"""Numbers, names and dates in words: signs, sensible digits, and never "nan"."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from capsim.catalogue import BASELINE
from capsim.comparison.answering import in_worlds
from capsim.comparison.asking import help_in_words, strategy_title
from capsim.comparison.statistics import Interval, PairedDifference
from capsim.figures.palette import clean_text, strategy_label
from capsim.parameters.listing import value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNDEFINED = "not defined"

_SMALL_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def digits_for(values: Iterable[float]) -> int:
    """Decimals that show the sizes of these values: 3, or more when all are small."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=1.0)
    return 3 if largest >= 0.01 or largest == 0.0 else 4 if largest >= 0.001 else 5


def number(value: float, digits: int = 3) -> str:
    """Plain number with a true minus sign."""
    if math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "without limit"
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) != 0.0 else text


def signed(value: float, digits: int = 3) -> str:
    """Number with its sign, except for zero."""
    text = number(value, digits)
    positive = math.isfinite(value) and value > 0 and float(text.replace(",", "")) != 0.0
    return f"+{text}" if positive else text


def brief(value: float, form: str = "g") -> str:
    """Number as short as it can be, with a true minus sign."""
    return f"{value:{form}}".replace("-", "−")


def with_minus_signs(text: str) -> str:
    """The same text with true minus signs before its numbers."""
    return re.sub(r"(^|[ (])-(?=[\d$])", "\\1−", text)


def with_unit(text: str, unit: str) -> str:
    """Text and its unit, if it has one."""
    return text if unit == "1" else f"{text} {unit}"


def span(low: float, high: float, digits: int = 3) -> str:
    """Interval in words."""
    return UNDEFINED if math.isnan(low) or math.isnan(high) else f"{signed(low, digits)} to {signed(high, digits)}"


def estimate_with_interval(interval: Interval, digits: int = 3) -> str:
    """Estimate and, on a line of its own, its interval."""
    if math.isnan(interval.estimate):
        return UNDEFINED
    if math.isnan(interval.low):
        return f"{signed(interval.estimate, digits)}\ninterval {UNDEFINED}"
    return f"{signed(interval.estimate, digits)}\n{span(interval.low, interval.high, digits)}"


def interval_in(
    row: Mapping[Any, Any], middle: str = "gain", low: str = "low", high: str = "high", *, digits: int = 3
) -> str:
    """The same of three columns of a row."""
    return estimate_with_interval(Interval(row[middle], row[low], row[high]), digits)


def whole(value: float) -> str:
    """Whole number with thousands marks."""
    return number(value, 0)


def percent(value: float) -> str:
    """Share as a percentage."""
    return UNDEFINED if math.isnan(value) else f"{number(100.0 * value, 0)}%"


def money(value: float) -> str:
    """Dollars."""
    if math.isnan(value):
        return UNDEFINED
    return f"${value / 1e6:,.1f} million" if abs(value) >= 1e6 else f"${value:,.0f}"


def count(n: int, thing: str, things: str = "") -> str:
    """Count something: 1 pair, 2 pairs."""
    return f"{n:,} {thing if n == 1 else things or thing + 's'}"


def often(worlds: int, of: int) -> str:
    """In how many worlds of all, such as 31 of 40."""
    return in_worlds(worlds, of).removesuffix(" worlds")


def duration(months: float) -> str:
    """Months in words, in years where that is a whole number or there are many."""
    if months % 12 == 0 and months > 0:
        return count(round(months / 12), "year")
    if months >= 24:
        return f"{months / 12:.1f} years"
    return count(round(months), "month") if months == round(months) else f"{months:.0f} months"


def joined(items: Iterable[str]) -> str:
    """List in running text."""
    words = list(items)
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def sentence(text: str) -> str:
    """Text as the beginning of a sentence: a large letter, a small number in words."""
    number_, _, rest = text.partition(" ")
    if number_.isdigit() and int(number_) < len(_SMALL_NUMBERS):
        text = f"{_SMALL_NUMBERS[int(number_)]} {rest}".rstrip()
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Text with a small first letter, unless it begins with letters that stand for words."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def value_in_words(name: str, value: float) -> str:
    """A value of a parameter as people read it: 16% rather than 0.16 per year."""
    return with_minus_signs(value_text(name, value))


def running(name: str) -> str:
    """Strategy in running text; a user's own name stays as it is."""
    return lower(strategy_label(name)) if name == BASELINE else clean_text(strategy_title(name))


def helping(name: str) -> str:
    """The help of a strategy in running text: blended assistance, a plan of the user's own by its name, no assistance."""
    return running(name) if name == BASELINE else clean_text(help_in_words(name))


def ahead(difference: PairedDifference, first: str, second: str) -> str:
    """Which of two strategies came out ahead, and in how many pairs."""
    if not difference.pairs or math.isnan(difference.probability_better):
        return UNDEFINED
    chance = difference.probability_better
    if chance == 0.5:
        return f"neither: each in half of {count(difference.pairs, 'pair')}"
    better, share = (first, chance) if chance > 0.5 else (second, 1.0 - chance)
    won = share * difference.pairs
    times = f"{won:.0f}" if won == round(won) else f"{won:.1f}"
    return f"{strategy_label(better)}: {times} of {difference.pairs:,}"


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
    from matplotlib.ticker import FixedLocator, FuncFormatter

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

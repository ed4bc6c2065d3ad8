"""One look per strategy, the same in every figure: a colour-blind safe hue, a marker and a label."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from capsim.catalogue import STRATEGIES

__all__ = [
    "BASELINE",
    "GRID",
    "INK",
    "MUTED",
    "Style",
    "clean_text",
    "short_label",
    "strategy_label",
    "strategy_styles",
    "wrap_label",
]

BASELINE = "none"
INK, MUTED, GRID = "#1f2933", "#5b6672", "#e3e7eb"
_BASELINE_GREY = "#6b7280"
_SHIPPED = {
    "individual_focused": ("#0072b2", "o"),
    "organization_focused": ("#c2500a", "s"),
    "blended": ("#00805f", "^"),
}
_OTHERS = ("#8f2f7f", "#8a6a00", "#3b3796", "#b3261e", "#1b8a9c", "#5c4033")
_MARKERS = ("D", "v", "P", "X", "h", "<", ">", "*")
_LONGEST_LABEL = 48


@dataclass(frozen=True, slots=True)
class Style:
    """How a strategy looks.

    Attributes
    ----------
    label, color, marker : str
        In running text, "#rrggbb", matplotlib marker.
    dash : str or tuple
        Matplotlib line style.

    """

    label: str
    color: str
    marker: str
    dash: Any


def clean_text(text: str) -> str:
    """Text without control characters, which no figure or page can hold."""
    return "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text)


def strategy_label(name: str) -> str:
    """Heading of a shipped strategy, or the name of one's own."""
    if name == BASELINE:
        return "No assistance"
    shipped = STRATEGIES.get(name)
    return shipped.title if shipped is not None and shipped.title else clean_text(name)


def strategy_styles(names: Iterable[str]) -> dict[str, Style]:
    """Looks of the strategies of a comparison, in its order; shipped ones look the same in every comparison.

    Beyond six strategies of one's own the hues repeat with another line style.
    """
    styles: dict[str, Style] = {}
    own = 0
    for name in dict.fromkeys(names):
        dash: Any = "-"
        marker = "o"
        if name == BASELINE:
            color, dash = _BASELINE_GREY, (0, (4, 2))
        elif name in _SHIPPED:
            color, marker = _SHIPPED[name]
        else:
            color = _OTHERS[own % len(_OTHERS)]
            dash = ("-", "--", ":", "-.")[own // len(_OTHERS) % 4]
            marker = _MARKERS[own % len(_MARKERS)]
            own += 1
        styles[name] = Style(strategy_label(name), color, marker, dash)
    return styles


def short_label(text: str) -> str:
    """Label of at most so many letters as a figure has room for, the rest an ellipsis."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def wrap_label(text: str, width: int, *, most_lines: int = 2) -> str:
    """Label over at most some lines, shortened with an ellipsis."""
    lines = textwrap.wrap(short_label(text), width) or [""]
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], lines[most_lines - 1][: width - 2].rstrip() + " …"]
    return "\n".join(lines)

"""Colors, for light and dark pages at once, and one look per strategy: the same hue, marker and label everywhere."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from capsim.catalogue import BASELINE, STRATEGIES

COLORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "paper": ("#ffffff", "#14191f"),
        "wash": ("#f5f7f9", "#1c232b"),
        "shade": ("#eef2f6", "#212932"),
        "line": ("#dde3e9", "#323c46"),
        "grid": ("#e3e7eb", "#2d3640"),
        "frame": ("#9aa5b1", "#72808d"),
        "faint": ("#7b8794", "#8c99a6"),
        "muted": ("#5b6672", "#a8b3be"),
        "ink": ("#1f2933", "#e7ebef"),
        "accent": ("#0b4f78", "#8cc7f0"),
        "notice": ("#fdf6e7", "#332a17"),
        "notice-edge": ("#b7791f", "#dba54a"),
        "baseline": ("#6b7280", "#a2abb6"),
        "blue": ("#0072b2", "#4fa9e6"),
        "orange": ("#c2500a", "#f0843a"),
        "green": ("#00805f", "#2fbf91"),
        "purple": ("#8f2f7f", "#dd84cd"),
        "olive": ("#8a6a00", "#d6b02c"),
        "indigo": ("#3b3796", "#9f9bf2"),
        "red": ("#b3261e", "#f0655c"),
        "teal": ("#1f98a3", "#7fe0e0"),
        "brown": ("#5c4033", "#c49a86"),
        "status-red": ("#b2271f", "#a5342d"),
        "status-amber": ("#e6b84a", "#8f6b14"),
        "status-green": ("#3d9a78", "#1f7a58"),
        "hours-1": ("#4477aa", "#5c93c9"),
        "hours-2": ("#ddaa33", "#d9a52e"),
        "hours-3": ("#228833", "#3aa84d"),
        "hours-4": ("#bb5566", "#d06a7b"),
        "hours-5": ("#66ccee", "#7fd4f0"),
        "hours-6": ("#aa3377", "#cc5f9d"),
        "hours-7": ("#997700", "#a38a1f"),
        "hours-8": ("#bbbbbb", "#8b9095"),
        "hours-9": ("#332288", "#7d6fd6"),
        "hours-10": ("#ee8866", "#f0967a"),
    }
)
"""Every color of figures and pages by name: on a light page, on a dark one. No two names share a light color."""

LIGHT = {name: light for name, (light, _) in COLORS.items()}
INK, MUTED, FAINT, FRAME, GRID, PAPER = (LIGHT[name] for name in ("ink", "muted", "faint", "frame", "grid", "paper"))
HUES = tuple(LIGHT[name] for name in ("blue", "orange", "green", "purple", "olive", "indigo", "red", "teal", "brown"))
HOURS = tuple(color for name, color in LIGHT.items() if name.startswith("hours-"))
_SHIPPED = {
    "individual_focused": (LIGHT["blue"], "o"),
    "organization_focused": (LIGHT["orange"], "s"),
    "blended": (LIGHT["green"], "^"),
}
_OTHERS, _MARKERS, _DASHES = HUES[3:], "DPvh*", ("-", "--", ":", "-.")
_NAMES = {light: name for name, light in LIGHT.items()}
_LONGEST_LABEL = 48


def css_variables() -> str:
    """Rules that give every color its name, and another value on a dark screen; paper stays light."""
    light, dark = ("; ".join(f"--{name}: {pair[side]}" for name, pair in COLORS.items()) for side in (0, 1))
    return (
        f":root {{ color-scheme: light dark; {light}; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}; }} }}"
    )


def themed(text: str) -> str:
    """The text with every color that is declared here replaced by its name in style sheets."""
    return re.sub(r"#[0-9a-f]{6}\b", lambda hit: f"var(--{_NAMES[hit[0]]})" if hit[0] in _NAMES else hit[0], text)


@dataclass(frozen=True, slots=True)
class Style:
    """How a strategy looks: label in running text, color as "#rrggbb", marker and line style of matplotlib."""

    label: str
    color: str
    marker: str = "o"
    dash: Any = "-"


def clean_text(text: str) -> str:
    """Text without control characters, which no figure or page can hold; line breaks and soft hyphens stay."""
    if text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(letter).startswith("C") and letter not in "\n\u00ad" else letter for letter in text
    )


def strategy_label(name: str) -> str:
    """Heading of a shipped strategy, or the name of one's own."""
    if name == BASELINE:
        return "No assistance"
    shipped = STRATEGIES.get(name)
    return shipped.title if shipped is not None and shipped.title else clean_text(name).replace("\n", " ")


def strategy_styles(names: Iterable[str], known: Mapping[str, Style] | None = None) -> dict[str, Style]:
    """Looks of strategies, in their order; shipped ones look the same in every comparison.

    Beyond six strategies of one's own the hues repeat with another line style. `known` looks are taken as they are.
    """
    styles: dict[str, Style] = {}
    own = 0
    for name in dict.fromkeys(names):
        label = strategy_label(name)
        if name == BASELINE:
            styles[name] = Style(label, LIGHT["baseline"], dash=(0, (4, 2)))
        elif name in _SHIPPED:
            styles[name] = Style(label, *_SHIPPED[name])
        else:
            dash = _DASHES[own // len(_OTHERS) % len(_DASHES)]
            styles[name] = Style(label, _OTHERS[own % len(_OTHERS)], _MARKERS[own % len(_MARKERS)], dash)
            own += 1
    return {**styles, **(known or {})}


def short_label(text: str) -> str:
    """Label of at most so many letters as a figure has room for, the rest an ellipsis."""
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def wrap_label(text: str, width: int, *, most_lines: int = 2) -> str:
    """Label over at most some lines, shortened with an ellipsis."""
    lines = textwrap.wrap(short_label(text), width) or [""]
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], lines[most_lines - 1][: width - 2].rstrip() + " …"]
    return "\n".join(lines)

"""How the front end draws plans: title, color, shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capsim.catalogue import BASELINE
from capsim.figures.palette import Style, strategy_label, strategy_styles, themed

_SHAPES = {
    "": "circle", "o": "circle", "s": "square", "^": "triangle",
    "D": "diamond", "P": "cross", "v": "wedge", "h": "hexagon", "*": "star",
}  # fmt: skip
"""What the front end calls the markers of figures."""


def looks(names: Iterable[str], known: Mapping[str, Style] | None = None) -> dict[str, dict[str, str]]:
    """Id, title, color and shape of each plan, as in figures; those that come with capsim look the same everywhere."""
    styles = strategy_styles([BASELINE, *(one for one in names if one != BASELINE)], known)
    return {
        name: {"id": name, "title": strategy_label(name), "color": themed(style.color), "shape": _SHAPES[style.marker]}
        for name, style in styles.items()
    }

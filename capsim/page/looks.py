"""How the front end draws plans: title, color, shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capsim.catalogue import BASELINE, STRATEGIES
from capsim.figures.palette import Style, strategy_label, strategy_styles, themed

_SHAPES = {"o": "circle", "s": "square", "^": "triangle"}
_OTHER_SHAPES = ("diamond", "cross", "wedge", "hexagon", "star")


def looks(names: Iterable[str], known: Mapping[str, Style] | None = None) -> dict[str, dict[str, str]]:
    """Id, title, color and shape of each plan; those that come with capsim look the same everywhere."""
    found, spare = {}, 0
    for name, style in strategy_styles([BASELINE, *(one for one in names if one != BASELINE)], known).items():
        shape = "circle" if name == BASELINE else _SHAPES.get(style.marker) if name in STRATEGIES else None
        if shape is None:
            shape, spare = _OTHER_SHAPES[spare % len(_OTHER_SHAPES)], spare + 1
        found[name] = {"id": name, "title": strategy_label(name), "color": themed(style.color), "shape": shape}
    return found

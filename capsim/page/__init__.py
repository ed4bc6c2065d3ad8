"""The front end of the app, of lessons and of sliders in reports: ES modules, their style, how a plan looks in them;
and several modules as one script, for pages that open from disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from capsim.catalogue import BASELINE
from capsim.figures.palette import Style, strategy_label, strategy_styles, themed

__all__ = ["PAGE", "looks", "one_script", "page_text"]

PAGE = Path(__file__).parent
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', flags=re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:const|let|(?:async )?function|class) (\w+))", flags=re.MULTILINE)
_TYPES = re.compile(r"/\*\*.*?\*/ ?", flags=re.DOTALL)


def page_text(name: str) -> str:
    """A file of this folder."""
    return (PAGE / name).read_text(encoding="utf-8")


def one_script(entry: str) -> str:
    """A module and all that it imports, as one plain script.

    Browsers import nothing from a page that was opened from disk. Each module becomes a function that is called at once
    and returns what it exports, after the modules it needs. `entry` is a name without the ending.
    """
    parts: dict[str, str] = {}
    _add(entry, parts)
    return '"use strict";\n' + "".join(parts.values())


def _add(name: str, parts: dict[str, str]) -> None:
    text = _TYPES.sub("", page_text(f"{name}.js"))
    for _, needed in _IMPORT.findall(text):
        if needed not in parts:
            _add(needed, parts)
    exported = ", ".join(found for _, found in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = of_\2;\n", text))
    parts[name] = f"const of_{name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


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

"""Files of the front end as text; several modules as one script, for pages that open from disk."""

from __future__ import annotations

import re
from pathlib import Path

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
    and returns what it exports, after the modules it needs.

    Parameters
    ----------
    entry : str
        Name without the ending.
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

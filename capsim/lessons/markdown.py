"""The few forms of Markdown that lessons use, as HTML: headings, paragraphs, lists, emphasis, code, links."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*([^*]+)\*(?!\w)"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)"), r'<a href="\2">\1</a>'),
)
_LIST = {"ul": re.compile(r"[-*] +"), "ol": re.compile(r"\d+\. +")}


def html_of(text: str, *, level: int = 2) -> str:
    """HTML of Markdown; ``###`` becomes a heading of the given level."""
    return "\n".join(_blocks(text, level))


def _blocks(text: str, level: int) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.strip("\n").split("\n")
        heading = re.fullmatch(r"(#{3,5}) +(.+)", lines[0])
        if heading:
            n = level + len(heading[1]) - 3
            yield f"<h{n}>{_inline(heading[2])}</h{n}>"
            lines = lines[1:]
        if lines:
            kind = next((name for name, mark in _LIST.items() if mark.match(lines[0])), "")
            yield _list(kind, lines) if kind else f"<p>{_inline(' '.join(lines))}</p>"


def _list(kind: str, lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if _LIST[kind].match(line):
            items.append(_LIST[kind].sub("", line, count=1))
        else:
            items[-1] += f" {line.strip()}"
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _inline(text: str) -> str:
    found = html.escape(text.strip(), quote=False)
    for pattern, into in _INLINE:
        found = pattern.sub(into, found)
    return found

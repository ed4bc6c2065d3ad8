"""YAML text to plain values and their lines. It can make mappings, lists, text and numbers, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from capsim.errors import InputError, printable
from capsim.numbers import how_to_write, number_in, shown
from capsim.paths import read_text
from capsim.scenario.values import Path

LARGEST_BYTES = 1_000_000
MOST_VALUES, DEEPEST = 20_000, 20
"""Values of a file, and levels of mappings and lists in each other: so that the largest file is checked in a second."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(
    _TAG + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
_THREE_DIGITS = re.compile(r"[0-9]{3}")
_NOT_FINITE = re.compile(r"[-+]?(\.?(inf|Inf|INF|nan|NaN|NAN)|[0-9.]+[eE]\+?[0-9]+|[0-9]+\.?[0-9]*)")
"""Infinite and undefined as YAML writes them, and numbers that are too large."""


@dataclass(slots=True)
class Document:
    """A file as plain values, with the line, from 1, of every key and list entry by its path.

    `problems` are what is wrong with the text itself; a value at an `unread` place was refused, and is None here.
    """

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[tuple[Path, int, str]] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """Line of a path, or of its nearest part that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def message(self, path: Path, line: int, text: str) -> str:
        """One line as it is shown to the user."""
        return f"{self.file}:{line}: {dotted(path)}: {text}" if path else f"{self.file}:{line}: {text}"


def dotted(path: Path) -> str:
    """Path as users read it: ``strategies[3].activities.coaching``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = printable(part if len(part) <= 60 else f"{part[:57]}...")
            text += f".{key}" if text else key
    return text


def read_document(path: FilePath, name: str) -> Document:
    """Read a YAML file, called `name` in messages, without ever constructing an object from it."""
    return document_of(read_text(path, what="a scenario", largest=LARGEST_BYTES, shown=name), name)


def document_of(text: str, name: str) -> Document:
    """The same of a text that was read already."""
    tabs = [n for n, line in enumerate(text.split("\n"), 1) if "\t" in line[: len(line) - len(line.lstrip())]]
    if tabs:
        raise InputError(f"{name}:{n}: a tab in the indentation; indent with spaces" for n in tabs)
    root = _root(text, name)
    if root is None:
        raise InputError(f"{name}:1: the file is empty; `capsim new scenario NAME` writes one to start from")
    if not isinstance(root, yaml.MappingNode):
        kind = "a list" if isinstance(root, yaml.SequenceNode) else f"the single value {shown(root.value)}"
        raise InputError(
            f"{name}:{_line(root)}: a scenario is a mapping of keys such as name: and agencies:, got {kind}"
        )
    if root.tag not in _PLAIN_TAGS:
        raise InputError(f"{name}:{_line(root)}: {_tag_message(root)}")
    document = Document(name)
    document.values = _Walk(document).mapping(root, ())
    return document


def _root(text: str, name: str) -> yaml.Node | None:
    """The file as nodes; it is looked through first, because nodes of a hostile file take all memory or the stack."""
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text[: bad.start()].count("\n") + 1
        raise InputError(f"{name}:{line}: the character U+{ord(bad.group()):04X} is not allowed in YAML")
    try:
        _look_through(text, name)
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise InputError(_syntax_message(error, name)) from error


def _look_through(text: str, name: str) -> None:
    values = depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        values += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if values > MOST_VALUES or depth > DEEPEST:
            what = "nested too deeply" if depth > DEEPEST else f"more than {MOST_VALUES:,} values"
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise InputError(f"{name}:{line}: {what}; a scenario is a page or two")


def _syntax_message(error: yaml.YAMLError, name: str) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"{name}:1: not readable as YAML: {' '.join(str(error).split())}"
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    line = mark.line + 1 if mark else 1
    since = f" ({error.context}, begun on line {opened.line + 1})" if opened and opened.line + 1 != line else ""
    return f"{name}:{line}: not readable as YAML: {printable(error.problem)[:200]}{since}"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _tag_message(node: yaml.Node) -> str:
    tag = shown(node.tag.replace(_TAG, "!!")).strip("'")
    return f"the tag {tag} is not allowed; a scenario holds text, numbers, lists, mappings, never code"


def _joined(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[yaml.Node, yaml.Node]]:
    """Pairs of a mapping, with numbers put together that YAML cut: ``{hours: 4,000}`` has the keys hours and 000."""
    joined: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in pairs:
        before = joined[-1][1] if joined else None
        rest = isinstance(value, yaml.ScalarNode) and value.value == "" and _THREE_DIGITS.fullmatch(str(key.value))
        if rest and isinstance(before, yaml.ScalarNode) and how_to_write(f"{before.value},{key.value}"):
            before.value = f"{before.value},{key.value}"
        else:
            joined.append((key, value))
    return joined


class _Walk:
    """Turns nodes into values, noting lines and problems in the document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def refuse(self, path: Path, text: str) -> None:
        self.document.problems.append((path, self.document.line_of(path), text))
        self.document.unread.append(path)

    def value(self, node: yaml.Node, path: Path) -> Any:
        if id(node) in self.seen:
            self.refuse(path, "aliases (&name, *name) are not used in scenarios; write the value out")
            return None
        self.seen.add(id(node))
        if node.tag not in _PLAIN_TAGS:
            self.refuse(path, _tag_message(node))
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            for position, child in enumerate(node.value):
                self.document.lines[(*path, position)] = _line(child)
            return [self.value(child, (*path, position)) for position, child in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, child in _joined(node.value):
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag not in _PLAIN_TAGS:
                self.document.problems.append((path, _line(key_node), "a key must be plain text"))
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in values:
                first = self.document.lines[here]
                self.document.problems.append((here, _line(key_node), f"the key is given twice, first on line {first}"))
                continue
            self.document.lines[here] = _line(key_node)
            values[key] = self.value(child, here)
        return values

    def scalar(self, node: yaml.Node, path: Path) -> Any:
        text = str(node.value)
        if getattr(node, "style", None) in {"'", '"', "|", ">"}:
            return text
        if node.tag == _TAG + "null":
            return None
        if node.tag == _TAG + "bool":
            return text.lower() in {"true", "yes", "on"}
        number = number_in(text)
        if number is None and _NOT_FINITE.fullmatch(text):
            self.refuse(path, f"must be a finite number, got {text[:60]}")
            return None
        return text if number is None else number

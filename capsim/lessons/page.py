"""A lesson as one HTML file that opens from disk: text, precomputed gains, a slider, plain script; nothing fetched."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from capsim.catalogue.rules import RULE_LABELS
from capsim.figures.palette import css_variables
from capsim.lessons.lesson import Lesson
from capsim.lessons.playing import Played
from capsim.page import looks, one_script, page_text
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import declared
from capsim.paths import file_to_write, whole_file


def lesson_page(played: Played) -> str:
    """The page of a lesson that was run."""
    facts = lesson_facts(played.lesson) | {"gains": played.data()}
    text: str = _template().render(
        lesson=played.lesson.block,
        facts=json.dumps(facts, ensure_ascii=False).replace("</", "<\\/"),
        colors=css_variables(),
        style=page_text("style.css"),
        script=one_script("lesson_file"),
    )
    return text


def write_lesson(played: Played, path: Path) -> Path:
    """Write the page of a lesson; nothing half-written is left."""
    target = file_to_write(path, endings=(".html", ".htm"))
    with whole_file(target) as draft:
        draft.write_text(lesson_page(played), encoding="utf-8")
    return target


def lesson_facts(lesson: Lesson) -> dict[str, Any]:
    """What the page says and must know to speak: text, names, units, hours, turnover, months."""
    block, scenario = lesson.block, lesson.scenario()
    slider = next(one for one in declared()["parameters"] if one["name"] == block.slider.parameter)
    switch = block.switch
    seen = looks(block.strategies)
    return {
        "title": block.title,
        "about": block.about,
        "minutes": block.minutes,
        "student": html_of(lesson.pages["student"]),
        "instructor": html_of(lesson.pages["instructor"], level=3),
        "predict": block.predict.model_dump(),
        "slider": {
            "name": slider["name"],
            "label": slider["label"],
            "values": list(block.slider.values),
            "start": block.slider.values.index(block.slider.start),
            **slider["shown"],
        },
        "switch": switch
        and {
            "label": RULE_LABELS[switch.rule][""],
            "variants": [{"label": RULE_LABELS[switch.rule][name]} for name in switch.variants],
        },
        "strategies": [seen[name] for name in block.strategies],
        "measures": list(block.measures.values()),
        "months": list(lesson.months),
        "month": block.month,
        "axis": block.axis,
        "assistance": scenario.timeline.assistance,
        "hours": scenario.assistance.budget_hours_per_year,
        "turnover": scenario.parameters.get("lea_annual_exit", PARAMETERS["lea_annual_exit"].default),
    }


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string((resources.files("capsim.lessons") / "lesson.html.j2").read_text(encoding="utf-8"))


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

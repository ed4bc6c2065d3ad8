"""A lesson as one HTML file that opens from disk: text, precomputed gains, a slider, plain script; nothing fetched."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from capsim.catalogue.rules import RULES
from capsim.figures.palette import css_variables, strategy_label
from capsim.lessons.lesson import Lesson
from capsim.lessons.markdown import html_of
from capsim.lessons.playing import Played
from capsim.parameters.labels import RULE_LABELS
from capsim.parameters.listing import declared
from capsim.paths import file_to_write, whole_file

_COLORS = ("--blue", "--orange")


def lesson_page(played: Played) -> str:
    """The page of a lesson that was run."""
    lesson = played.lesson
    text: str = _template().render(
        lesson=lesson.block,
        student=html_of(lesson.pages["student"]),
        instructor=html_of(lesson.pages["instructor"], level=3),
        facts=json.dumps(_facts(lesson) | played.data(), ensure_ascii=False).replace("</", "<\\/"),
        colors=css_variables(),
        style=_read("lesson.css"),
        script=_read("lesson.js"),
    )
    return text


def write_lesson(played: Played, path: Path) -> Path:
    """Write the page of a lesson; nothing half-written is left."""
    target = file_to_write(path, endings=(".html", ".htm"))
    with whole_file(target) as draft:
        draft.write_text(lesson_page(played), encoding="utf-8")
    return target


def _facts(lesson: Lesson) -> dict[str, Any]:
    """What the script must know to speak: names, units, hours, turnover, months."""
    block, scenario = lesson.block, lesson.scenario()
    slider = next(one for one in declared()["parameters"] if one["name"] == block.slider.parameter)
    switch = block.switch
    return {
        "slider": {
            "name": slider["name"],
            "label": slider["label"],
            "values": list(block.slider.values),
            "start": block.slider.values.index(block.slider.start),
            **slider["shown"],
        },
        "switch": None
        if switch is None
        else {
            "label": RULE_LABELS[switch.rule][""],
            "variants": [
                {"label": RULE_LABELS[switch.rule][name], "sentence": RULES[switch.rule].variants[name].sentence}
                for name in switch.variants
            ],
        },
        "strategies": [
            {"label": strategy_label(name), "color": color}
            for name, color in zip(block.strategies, _COLORS, strict=True)
        ],
        "measures": list(block.measures.values()),
        "month": block.month,
        "axis": block.axis,
        "assistance": scenario.timeline.assistance,
        "hours": scenario.assistance.budget_hours_per_year,
        "turnover": dict(scenario.parameters).get("lea_annual_exit", _default("lea_annual_exit")),
        "worlds": block.worlds,
    }


def _default(name: str) -> float:
    return next(float(one["default"]) for one in declared()["parameters"] if one["name"] == name)


def _read(name: str) -> str:
    return (resources.files("capsim.lessons") / name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(_read("lesson.html.j2"))

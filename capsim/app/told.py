"""What the page is told before anything runs: the scenarios, and of one its plans, numbers that move, agencies; the
lessons, and their positions as they are simulated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from capsim.app.asking import Form, Name
from capsim.app.comparing import TABS
from capsim.app.pool import Share, Tell
from capsim.catalogue import BASELINE, MEASURES, STRATEGIES
from capsim.comparison.answering import moment_in_words
from capsim.errors import InputError, nearest_name
from capsim.lessons.lesson import Lesson, lesson_names, load_lesson
from capsim.lessons.playing import gains_at, plain
from capsim.levels import CENTER, LEA, LEVELS
from capsim.page import looks
from capsim.parameters import PARAMETERS
from capsim.scenario import AgencyTable, Composition, Scenario
from capsim.scenario.budgets import agencies_today

TURNOVER = "lea_annual_exit"
"""The parameter of the slider and of the map."""
SLOW_POSITIONS = 20_000
"""Positions from which the page warns that a world takes long."""
WELL_SHOWN = 60
"""Seats that a screen shows well."""


def scenario_told(scenario: Scenario, name: str) -> dict[str, Any]:
    """What the screens need to know of a scenario, by the name under which the page asks for it."""
    agencies = agencies_today(scenario)
    levels = {row.code: row.singular for row in LEVELS.values()}
    return {
        "id": name,
        "name": scenario.name,
        "plans": _plans(scenario),
        "ticked": [one for one in scenario.question.contrast if one != BASELINE],
        "budget": {"value": scenario.assistance.per_year, "unit": scenario.assistance.unit},
        "turnover": parameter_told(TURNOVER, scenario),
        "assistance": scenario.timeline.assistance,
        "months": scenario.timeline.assistance + scenario.timeline.follow_up,
        "when": moment_in_words(scenario),
        "at": 0 if scenario.question.at == "assistance_end" else 1,
        "outcome": scenario.question.outcome,
        "weight": scenario.question.weight,
        "outcomes": {one: {"title": MEASURES[one].title, "meaning": MEASURES[one].meaning} for one in TABS},
        "agencies": [
            {"id": str(agencies.id[n]), "name": str(agencies.name[n]), "level": levels[int(agencies.level[n])],
             "seats": int(agencies.positions[n])}
            for n in range(len(agencies))
            if agencies.level[n] != CENTER
        ],
        "usual_agency": _usual_agency(agencies),
        "slow": int(np.sum(agencies.positions)) >= SLOW_POSITIONS,
        "notes": list(agencies.notes),
    }  # fmt: skip


def _usual_agency(agencies: AgencyTable) -> str:
    """The district with the most seats that a screen can show well, so that there is something to see."""
    fit = np.flatnonzero((agencies.level == LEA) & (agencies.positions <= WELL_SHOWN))
    rows = fit if len(fit) else np.arange(len(agencies))
    return str(agencies.id[rows[np.argmax(agencies.positions[rows])]])


def _plans(scenario: Scenario) -> list[dict[str, Any]]:
    """No help, the plans of the file, then the other shipped ones, each with its look."""
    own = [name for name in scenario.strategy_names if name != BASELINE]
    others = [name for name in STRATEGIES if name not in own and name != BASELINE]
    compositions = {one.name: one for one in scenario.strategies if isinstance(one, Composition)}
    return [
        {
            **look,
            "meaning": STRATEGIES[name].meaning if name in STRATEGIES else _activities(compositions.get(name)),
            "own": name in own,
        }
        for name, look in looks([*own, *others]).items()
    ]


def _activities(plan: Composition | None) -> str:
    """What a plan of one's own is made of, in half a sentence."""
    shares = dict(plan.activities) if plan is not None else {}
    return ", ".join(f"{share:.0%} {name.replace('_', ' ')}" for name, share in shares.items())


def parameter_told(name: str, scenario: Scenario) -> dict[str, Any]:
    """A parameter with its range and where its default comes from."""
    declared = PARAMETERS[name]
    return {
        "name": name,
        "value": scenario.parameters.get(name, declared.default),
        "low": declared.low,
        "high": declared.high,
        "meaning": declared.meaning,
        "label": declared.label or declared.name,
        "source": declared.source,
        "assumed": declared.assumed,
    }


class LessonQuestion(Form):
    """Which lesson; only those that come with capsim, because a browser names no files."""

    lesson: Name


def lessons_told() -> list[dict[str, Any]]:
    """The lessons, in the order in which they are taught."""
    blocks = {name: load_lesson(name).block for name in lesson_names()}
    return [{"name": name, **block.model_dump(include={"title", "about", "minutes"})} for name, block in blocks.items()]


def shipped_lesson(name: str) -> Lesson:
    """A lesson that comes with capsim."""
    if name not in lesson_names():
        raise InputError(f"lesson: no lesson {name!r} here{nearest_name(name, lesson_names())}")
    return load_lesson(name)


def play_positions(lesson: Lesson) -> Callable[[Share, Tell], None]:
    """Work that tells each position as it is simulated: where the page begins, then what is near."""
    values, start = lesson.block.slider.values, lesson.block.slider.start
    positions = [(variant, place) for variant in range(len(lesson.variants)) for place in range(len(values))]
    positions.sort(key=lambda position: (position[0], abs(position[1] - values.index(start))))

    def work(share: Share, tell: Tell) -> None:
        for variant, place in positions:
            gains = gains_at(lesson, values[place], lesson.variants[variant], workers=share)
            tell("position", variant=variant, place=place, gains=plain(lesson, gains))

    return work

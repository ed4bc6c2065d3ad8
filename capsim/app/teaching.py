"""Lessons in the app: which there are, what the page must know of one, and its positions as they are simulated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict

from capsim.app.asking import Name
from capsim.app.jobs import Tell
from capsim.app.pool import Share
from capsim.errors import InputError, nearest_name
from capsim.lessons import Lesson, gains_at, lesson_names, load_lesson, plain


class LessonQuestion(BaseModel):
    """Which lesson; only those that come with capsim, because a browser names no files."""

    model_config = ConfigDict(extra="forbid")

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

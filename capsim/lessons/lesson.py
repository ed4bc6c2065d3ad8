"""A lesson as it is written: Markdown with a block named ``lesson`` that says what is run. Runs nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from capsim.catalogue import MEASURES
from capsim.catalogue.rules import RULES
from capsim.errors import InputError, nearest_name
from capsim.numbers import shown
from capsim.parameters import PARAMETERS
from capsim.paths import file_to_read, read_text
from capsim.scenario import Scenario, as_scenario
from capsim.scenario.values import Number, Part, Text, Whole

_SHIPPED = ("tour", "when_people_leave", "pulling_the_same_way", "ready_or_not")
_BLOCK = re.compile(r"^```lesson\n(.*?)^```\n", flags=re.DOTALL | re.MULTILINE)
_PAGES = {"student": "Student page", "instructor": "For the instructor"}
"""Headings of the second level that a lesson has, in this order."""

EVERY = 3
"""Months from one that is shown to the next."""
Sentence = Annotated[str, Field(strict=True, min_length=1)]


class Slider(Part):
    """The parameter that is moved, the values at which everything is run, and the one it starts at."""

    parameter: Text
    values: Annotated[tuple[Number, ...], Field(min_length=2, max_length=12)]
    start: Number


class Switch(Part):
    """The rule that may be otherwise, and the variants to choose from, the first one first."""

    rule: Text
    variants: Annotated[tuple[Text, ...], Field(min_length=2)]


class Predict(Part):
    """What students commit themselves to before they see anything."""

    question: Sentence
    answers: Annotated[tuple[Sentence, ...], Field(min_length=2)]


class Expected(Part):
    """Where the gain of a strategy lies, in the middle of the worlds, by the rules as they stand."""

    strategy: Text
    measure: Text
    month: Annotated[Whole, Field(ge=1)]
    at: Number
    variant: Text | None = None
    band: tuple[Number, Number]


class Block(Part):
    """The block of a lesson.

    Parameters
    ----------
    title, about : str
        Heading, and one sentence.
    minutes : int
    scenario : str
        A shipped one.
    change : mapping
        Keys of a scenario file that differ.
    strategies : tuple of str
        The two that are compared; gains are over no help.
    slider : Slider
    switch : Switch, optional
    measures : mapping of str to str
        Which are shown, and what they are called; the first one first.
    worlds, seed : int
    month : int
        That the page begins with; a multiple of three, for pages hold every third.
    axis : {"lesson", "month"}
        Whether marks of all months have one scale, or those of each month theirs, the same at every position.
    predict : Predict
    expected : tuple of Expected
    """

    title: Text
    about: Sentence
    minutes: Annotated[Whole, Field(ge=1, le=180)]
    scenario: Text = "classroom"
    change: dict[str, Any] = Field(default_factory=dict)
    strategies: tuple[Text, Text]
    slider: Slider
    switch: Switch | None = None
    measures: Annotated[dict[Text, Text], Field(min_length=1)]
    worlds: Annotated[Whole, Field(ge=8, le=64)] = 16
    seed: Annotated[Whole, Field(ge=0)] = 1
    month: Annotated[Whole, Field(ge=EVERY, multiple_of=EVERY)]
    axis: Literal["lesson", "month"] = "lesson"
    predict: Predict
    expected: Annotated[tuple[Expected, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson that was read; its pages are Markdown of the student page and of the notes for instructors."""

    name: str
    block: Block
    pages: Mapping[str, str]

    @property
    def variants(self) -> tuple[str | None, ...]:
        """Positions of the switch; one without a name where there is none."""
        return (None,) if self.block.switch is None else self.block.switch.variants

    @property
    def months(self) -> tuple[int, ...]:
        """Months that a page shows."""
        timeline = self.scenario().timeline
        return tuple(range(EVERY, timeline.assistance + timeline.follow_up + 1, EVERY))

    def scenario(self, at: float | None = None, variant: str | None = None) -> Scenario:
        """What is run at a position of the slider and of the switch; where they start without one."""
        block = self.block
        base = as_scenario(block.scenario).resolved()
        variant = self.variants[0] if variant is None else variant
        changed = {**base, **block.change}
        changed["parameters"] = {
            **base.get("parameters", {}),
            **block.change.get("parameters", {}),
            block.slider.parameter: block.slider.start if at is None else at,
        }
        if block.switch is not None:
            changed["rules"] = {**base.get("rules", {}), **block.change.get("rules", {}), block.switch.rule: variant}
        changed["question"] = {**base["question"], **block.change.get("question", {}), "contrast": block.strategies}
        changed |= {"seed": block.seed, "replications": block.worlds, "uncertainty": "none"}
        return as_scenario(changed)


def lesson_names() -> tuple[str, ...]:
    """Names of the lessons that come with capsim, in the order in which they are taught."""
    return _SHIPPED


def load_lesson(name_or_path: str | os.PathLike[str]) -> Lesson:
    """Read a lesson that comes with capsim, or a Markdown file of one's own; everything that is wrong is said."""
    given = os.fspath(name_or_path)
    if given in _SHIPPED:
        inside, checkout = Path(__file__).parent / "shipped", Path(__file__).parents[2] / "docs" / "lessons"
        return _lesson((inside if inside.is_dir() else checkout) / f"{given}.md", given)
    if not given.endswith(".md"):
        known = ", ".join(_SHIPPED)
        raise InputError(f"lesson: no lesson {shown(given)}; there are {known}{nearest_name(given, _SHIPPED)}")
    return _lesson(file_to_read(given, what="a lesson"), Path(given).stem)


def _lesson(path: Path, name: str) -> Lesson:
    text = read_text(path, what="a lesson")
    found = _BLOCK.findall(text)
    if len(found) != 1:
        raise InputError(f"{path}: a lesson has one block that begins with ```lesson, got {len(found)}")
    try:
        given = yaml.safe_load(found[0])
        block = Block.model_validate(given)
    except yaml.YAMLError as error:
        raise InputError(f"{path}: lesson: no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise InputError(
            f"{path}: lesson: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)
        ) from error
    lesson = Lesson(name, block, _pages(_BLOCK.sub("", text), path))
    problems = [f"{path}: lesson: {problem}" for problem in _problems(lesson)]
    if problems:
        raise InputError(problems)
    return lesson


def _pages(text: str, path: Path) -> dict[str, str]:
    """Text below each heading of the second level."""
    parts = re.split(r"^## +(.+?) *$", text, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    if list(found) != list(_PAGES.values()):
        raise InputError(f"{path}: the headings ## must be {' and '.join(_PAGES.values())}, got {', '.join(found)}")
    return {name: found[heading] for name, heading in _PAGES.items()}


def _problems(lesson: Lesson) -> list[str]:
    """What is wrong with names and values that only the model knows."""
    block, slider, switch = lesson.block, lesson.block.slider, lesson.block.switch
    problems = _unknown("slider.parameter: unknown parameter", [slider.parameter], PARAMETERS)
    if not problems and not PARAMETERS[slider.parameter].label:
        problems.append(f"slider.parameter: {slider.parameter} has no name in everyday words")
    if list(slider.values) != sorted(set(slider.values)) or slider.start not in slider.values:
        problems.append("slider.values: must rise, and start must be one of them")
    if switch is not None:
        problems += _unknown("switch.rule: unknown rule", [switch.rule], RULES) or _unknown(
            "switch.variants: unknown variant", switch.variants, RULES[switch.rule].variants
        )
    problems += _unknown("measures: no measure", block.measures, MEASURES)
    if problems:
        return problems
    try:
        scenario = lesson.scenario()
    except InputError as error:
        return [f"change: {problem}" for problem in error.problems]
    names, months = scenario.strategy_names, scenario.timeline.assistance + scenario.timeline.follow_up
    absent = [one for one in block.strategies if one not in names]
    problems = [f"strategies: {one} is not in the scenario{nearest_name(one, names)}" for one in absent]
    if block.month > months:
        problems.append(f"month: the run has {months}")
    return problems + [
        f"expected[{n}]: names what is not in this lesson"
        for n, one in enumerate(block.expected)
        if not _of_lesson(one, lesson, months)
    ]


def _unknown(what: str, names: Iterable[str], known: Collection[str]) -> list[str]:
    return [f"{what} {one}{nearest_name(one, known)}" for one in names if one not in known]


def _of_lesson(one: Expected, lesson: Lesson, months: int) -> bool:
    block = lesson.block
    named = one.strategy in block.strategies and one.measure in block.measures and one.at in block.slider.values
    return named and one.month % EVERY == 0 and one.month <= months and one.variant in (None, *lesson.variants)

"""A lesson is run at every position of its slider and switch, under the same luck; gains of every world are kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.streaming import stream
from capsim.errors import CapsimError
from capsim.lessons.lesson import EVERY, Expected, Lesson
from capsim.runs.crews import hired
from capsim.runs.workers import Progress, Workers

_DIGITS = 4
Gains = dict[tuple[str, str], NDArray[np.float64]]
"""Over no help at one position, (worlds, months that are shown), by measure and strategy."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came out: gains over no help, (worlds, months), by position of slider and switch, measure, strategy."""

    lesson: Lesson
    gains: dict[tuple[float, str | None, str, str], NDArray[np.float64]]

    def middle(self, expected: Expected) -> float:
        """Gain in the middle of the worlds, of what an instructor may rely on."""
        variant = self.lesson.variants[0] if expected.variant is None else expected.variant
        gains = self.gains[expected.at, variant, expected.measure, expected.strategy]
        return float(np.median(gains[:, self.lesson.months.index(expected.month)]))

    def surprises(self) -> list[str]:
        """Expected bands in which the gain does not lie, in words."""
        found = []
        for one in self.lesson.block.expected:
            middle, (low, high) = self.middle(one), one.band
            if not low <= middle <= high:
                where = f"{self.lesson.block.slider.parameter} {one.at:g}{f', {one.variant}' if one.variant else ''}"
                found.append(
                    f"{one.strategy} at {where}: gain in {one.measure} in month {one.month} is {middle:.4f}, "
                    f"expected {low:g} to {high:g}"
                )
        return found

    def data(self) -> list[list[Any]]:
        """Plain data for a page, by position of the switch and the slider; see `plain`."""
        return [
            [
                plain(self.lesson, {key[2:]: gains for key, gains in self.gains.items() if key[:2] == (at, variant)})
                for at in self.lesson.block.slider.values
            ]
            for variant in self.lesson.variants
        ]


def plain(lesson: Lesson, gains: Gains) -> list[Any]:
    """Gains of one position as a page takes them: ``[measure][strategy][world][month]``, in parts of one."""
    block = lesson.block
    return [
        [gains[measure, strategy].round(_DIGITS).tolist() for strategy in block.strategies]
        for measure in block.measures
    ]


def play(
    lesson: Lesson,
    *,
    positions: Sequence[tuple[float, str | None]] | None = None,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Played:
    """Run a lesson at every position of its slider and switch, or only at some, each a value of the one and a variant
    of the other, None without one; a page needs all. A run that fails is an error: a lesson with a world less would be
    another one.
    """
    if positions is None:
        positions = [(at, variant) for variant in lesson.variants for at in lesson.block.slider.values]
    total, done = len(positions) * lesson.block.worlds, 0

    def finished() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, 0)

    gains: dict[tuple[float, str | None, str, str], NDArray[np.float64]] = {}
    with hired(workers) as crew:
        for at, variant in positions:
            found = gains_at(lesson, at, variant, workers=crew, finished=finished)
            gains |= {(at, variant, *key): value for key, value in found.items()}
    return Played(lesson, gains)


def gains_at(
    lesson: Lesson, at: float, variant: str | None, *, workers: Workers, finished: Callable[[], None] = lambda: None
) -> Gains:
    """Run one position of the slider and the switch; `finished` is called after every world."""
    worlds = []
    for world in stream(lesson.scenario(at, variant), lesson.block.strategies, workers=workers):
        for strategy, reason in world.failures.items():
            raise CapsimError(f"lesson {lesson.name}: {strategy} failed: {reason}")
        worlds.append(world)
        finished()
    found = {}
    for measure, strategy in itertools.product(lesson.block.measures, lesson.block.strategies):
        paths = [world.path(strategy, measure) - world.path("none", measure) for world in worlds]
        found[measure, strategy] = np.array(paths)[:, EVERY - 1 :: EVERY]
    return found

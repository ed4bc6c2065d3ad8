"""A lesson is run at every position of its slider and switch, under the same luck; gains of every world are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.streaming import FinishedWorld, stream
from capsim.errors import CapsimError
from capsim.lessons.lesson import Expected, Lesson
from capsim.runs.workers import Progress, Workers, hired

EVERY = 3
"""Months from one that is kept to the next."""
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Played:
    """What came out.

    Attributes
    ----------
    lesson : Lesson
    months : tuple of int
    gains : dict of (float, str or None, str, str) to (worlds, months) float64
        Over no help, by position of slider and switch, measure, strategy.
    """

    lesson: Lesson
    months: tuple[int, ...]
    gains: dict[tuple[float, str | None, str, str], NDArray[np.float64]]

    def middle(self, expected: Expected) -> float:
        """Gain in the middle of the worlds, of what an instructor may rely on."""
        variant = self.lesson.variants[0] if expected.variant is None else expected.variant
        gains = self.gains[expected.at, variant, expected.measure, expected.strategy]
        return float(np.median(gains[:, self.months.index(expected.month)]))

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

    def data(self) -> dict[str, Any]:
        """Plain data for a page: ``gains[variant][value][measure][strategy][world][month]``, in parts of one."""
        block = self.lesson.block
        return {
            "months": list(self.months),
            "gains": [
                [
                    [
                        [self.gains[at, variant, measure, one].round(_DIGITS).tolist() for one in block.strategies]
                        for measure in block.measures
                    ]
                    for at in block.slider.values
                ]
                for variant in self.lesson.variants
            ],
        }


def play(
    lesson: Lesson,
    *,
    positions: Sequence[tuple[float, str | None]] | None = None,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Played:
    """Run a lesson at every position of its slider and switch.

    Parameters
    ----------
    lesson : Lesson
    positions : sequence of (float, str or None), optional
        Only these, each a value of the slider and a variant of the switch, None without one. A page needs all.
    workers : int or Workers
    progress : callable, optional
        Called with worlds done, worlds in all, failed runs.

    Raises
    ------
    CapsimError
        If a run fails: a lesson with a world less would be another one.
    """
    block = lesson.block
    if positions is None:
        positions = [(at, variant) for variant in lesson.variants for at in block.slider.values]
    total, done = len(positions) * block.worlds, 0
    gains: dict[tuple[float, str | None, str, str], NDArray[np.float64]] = {}
    with hired(workers) as crew:
        for at, variant in positions:
            worlds = []
            for world in stream(lesson.scenario(at, variant), block.strategies, workers=crew):
                for strategy, reason in world.failures.items():
                    raise CapsimError(f"lesson {lesson.name}: {strategy} failed: {reason}")
                worlds.append(world)
                done += 1
                if progress is not None:
                    progress(done, total, 0)
            for measure in block.measures:
                for strategy in block.strategies:
                    gains[at, variant, measure, strategy] = _gains(worlds, strategy, measure)
    months = range(EVERY, worlds[0].path("none").size + 1, EVERY)
    return Played(lesson, tuple(months), gains)


def _gains(worlds: list[FinishedWorld], strategy: str, measure: str) -> NDArray[np.float64]:
    """Gain over no help in every world, (worlds, months kept)."""
    paths = [world.path(strategy, measure) - world.path("none", measure) for world in worlds]
    return np.array(paths)[:, EVERY - 1 :: EVERY]

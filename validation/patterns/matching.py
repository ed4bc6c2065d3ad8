"""Doses made equal: bisection on the logarithm of a budget's multiple until two mean gains agree."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from validation.pattern_table import Matching

SMALLEST_MULTIPLE = 1.0 / 64.0


@dataclass(slots=True)
class Match:
    """The search at one point: paired mean gains of both arms with all the hours of the row, and those tried by multiple."""

    rule: Matching
    gains: dict[str, float]
    tried: dict[float, float] = field(default_factory=dict)
    _low: float = math.log(SMALLEST_MULTIPLE)
    _high: float = 0.0

    def __post_init__(self) -> None:
        self.tried[1.0] = self.gains[self.scaled]

    @property
    def scaled(self) -> str:
        """The arm with the larger gain, whose budget is scaled."""
        return max(self.rule.arms, key=lambda arm: self.gains[arm])

    @property
    def target(self) -> float:
        """The smaller gain."""
        return min(self.gains[arm] for arm in self.rule.arms)

    @property
    def multiple(self) -> float:
        """Of those tried, the one whose gain is nearest to the target."""
        return min(self.tried, key=lambda f: abs(self.tried[f] - self.target))

    @property
    def difference(self) -> float:
        """Relative difference of the two gains at `multiple`; NaN without a gain to match."""
        return abs(self.tried[self.multiple] / self.target - 1.0) if self.target > 0.0 else math.nan

    @property
    def used(self) -> bool:
        """Whether the doses agree well enough for the point to be used."""
        return self.difference <= self.rule.tolerance

    @property
    def next_multiple(self) -> float | None:
        """What to try next; None when the search is over."""
        if not self.target > 0.0 or self.difference <= self.rule.stop_at or len(self.tried) > self.rule.most_steps:
            return None
        return math.exp((self._low + self._high) / 2.0)

    def add(self, gain: float) -> None:
        """Enter the gain found with `next_multiple`."""
        multiple = self.next_multiple
        assert multiple is not None
        self.tried[multiple] = gain
        if gain > self.target:
            self._high = math.log(multiple)
        else:
            self._low = math.log(multiple)

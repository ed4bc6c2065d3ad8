"""What a parameter is: its declaration, its prior and its check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from capsim.errors import nearest_name

Prior = Literal["none", "uniform", "triangular", "loguniform"]
Values = Mapping[str, float]
"""Resolved parameter values by name; every declared parameter is present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the model, declared once.

    Documentation, validation messages, priors, sweep and sensitivity bounds are all made from this.
    """

    name: str  # identifier in scenario files, Python, tables and reports
    group: str  # part of the model it belongs to
    unit: str  # unit of `default`, `low` and `high`
    default: float  # value used unless a scenario says otherwise
    # plausible range; the support of the prior and the default bounds of sweeps
    low: float
    high: float
    # what a scenario may ask for; outside is an error
    minimum: float
    maximum: float
    # shape over [low, high] when assumptions are drawn; "triangular" has its mode at `default`. "none" for a measured
    # default or a choice of the user
    prior: Prior
    # a key of docs/sources.md, or "assumed", with the reason; "calibrated" where the calibration script chose it
    source: str
    meaning: str  # one sentence
    words: tuple[str, ...] = ()  # of a choice: what a scenario writes for 0, 1, 2 and so on
    label: str = ""  # everyday words for a slider; empty where none shows it
    called: str = ""  # everyday words for tables, in which what it means stands beside them

    def __post_init__(self) -> None:
        numbers = (self.minimum, self.low, self.default, self.high, self.maximum)
        if not all(math.isfinite(x) for x in (self.low, self.default, self.high)) or list(numbers) != sorted(numbers):
            raise ValueError(f"{self.name}: need minimum <= low <= default <= high <= maximum, got {numbers}")

    @property
    def assumed(self) -> bool:
        """Whether the value is drawn from its prior when a comparison includes assumptions."""
        return self.prior != "none"

    def number(self, value: object) -> object:
        """The number that a word of a choice stands for; anything else as it is."""
        return self.words.index(value) if isinstance(value, str) and value in self.words else value

    def problem_with(self, value: object) -> str | None:
        """Say what is wrong with a value, or return None when it is allowed."""
        if self.words and value not in range(len(self.words)):
            near = nearest_name(value, self.words) if isinstance(value, str) else ""
            return f"must be {', '.join(self.words[:-1])} or {self.words[-1]}, got {value!r}{near}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"must be a number, got {value!r}"
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            bounds = f"allowed {self.minimum:g} to {self.maximum:g}"
            return f"{value:g} is out of range; {bounds}, plausible {self.low:g} to {self.high:g} {self.unit}".rstrip()
        return None

    def quantile(self, u: float) -> float:
        """Value of the prior at cumulative probability `u` in [0, 1]; the default when there is no prior."""
        if self.prior == "none" or self.low == self.high:
            return self.default
        span = self.high - self.low
        if self.prior == "uniform":
            return self.low + u * span
        if self.prior == "loguniform":
            return float(self.low * (self.high / self.low) ** u)
        mode = (self.default - self.low) / span
        if u < mode:
            return self.low + span * math.sqrt(u * mode)
        return self.high - span * math.sqrt((1.0 - u) * (1.0 - mode))


Row = tuple[str, str, float, tuple[float, float], tuple[float, float], Prior, str, str, *tuple[str | bool, ...]]
"""Name, unit, default, plausible range, allowed range, prior, source, meaning; then, where there are any, everyday words,
and False where no slider shows it.
"""


def declare(
    group: str, rows: Iterable[Row], words: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Parameter, ...]:
    """Parameters of one group; `words` are those of choices, by name."""
    return tuple(
        Parameter(
            name=name,
            group=group,
            unit=unit,
            default=default,
            low=float(plausible[0]),
            high=float(plausible[1]),
            minimum=float(allowed[0]),
            maximum=float(allowed[1]),
            prior=prior,
            source=source,
            meaning=meaning,
            words=(words or {}).get(name, ()),
            label=str(called[0]) if len(called) == 1 else "",
            called=str(called[0]) if called else "",
        )
        for name, unit, default, plausible, allowed, prior, source, meaning, *called in rows
    )

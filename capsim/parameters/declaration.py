"""What a parameter is: its declaration, its prior and its check. Knows no particular parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from capsim.errors import nearest_name
from capsim.parameters.labels import LABELS

Prior = Literal["none", "uniform", "triangular", "loguniform"]
Values = Mapping[str, float]
"""Resolved parameter values by name; every declared parameter is present."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of the model, declared once.

    Documentation, validation messages, priors, sweep and sensitivity bounds are all made from this.

    Parameters
    ----------
    name : str
        Identifier in scenario files, Python, tables and reports.
    group : str
        Part of the model it belongs to.
    unit : str
        Unit of `default`, `low` and `high`.
    default : float
        Value used unless a scenario says otherwise.
    low, high : float
        Plausible range; the support of the prior and the default bounds of sweeps.
    minimum, maximum : float
        What a scenario may ask for; outside is an error.
    prior : {"none", "uniform", "triangular", "loguniform"}
        Shape over [low, high] when assumptions are drawn; "triangular" has its mode at `default`. "none" for a
        measured default or a choice of the user.
    source : str
        A key of docs/sources.md, or "assumed", with the reason; "calibrated" where the calibration script chose it.
    meaning : str
        One sentence.
    words : tuple of str
        Of a choice: what a scenario writes for 0, 1, 2, ...
    label : str
        Everyday words for a slider; empty where none shows it.
    """

    name: str
    group: str
    unit: str
    default: float
    low: float
    high: float
    minimum: float
    maximum: float
    prior: Prior
    source: str
    meaning: str
    words: tuple[str, ...] = ()
    label: str = ""

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


Row = tuple[str, str, float, tuple[float, float], tuple[float, float], Prior, str, str]


def declare(
    group: str,
    rows: list[Row],
    words: Mapping[str, tuple[str, ...]] | None = None,
    labels: Mapping[str, str] = LABELS,
) -> tuple[Parameter, ...]:
    """Parameters of one group from rows (name, unit, default, plausible, allowed, prior, source, meaning); `words` are
    those of choices, by name, `labels` everyday words.
    """
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
            label=labels.get(name, ""),
        )
        for name, unit, default, plausible, allowed, prior, source, meaning in rows
    )

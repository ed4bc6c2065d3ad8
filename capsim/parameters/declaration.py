"""What a parameter is: its declaration, its prior and its check; and what rules are called in everyday words, where
somebody who knows no model moves a slider.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from capsim.errors import nearest_name

# fmt: off
RULE_LABELS: Mapping[str, Mapping[str, str]] = {
    "codification": {"": "How know-how becomes routine", "stock": "It piles up", "gap": "It closes a gap", "provisional": "It piles up, loosely at first"},
    "enactment": {"": "What keeps a routine alive", "workers": "A few people who do the work", "positions": "Everybody", "weakest_unit": "The weakest unit decides"},
    "participation": {"": "Whose skill counts", "work": "Those whose work it is", "alike": "Everybody alike"},
    "disuse": {"": "When people forget", "hours": "With too few hours of practice", "attention": "Without attention", "none": "Never"},
    "expertise": {"": "How far practice carries people", "routines": "Further with good routines", "fixed": "As far everywhere", "contacts": "Further with skilled colleagues"},
    "teaching": {"": "What more of the same help teaches", "by_activity": "Each kind has its limit", "one_ceiling": "There is no limit", "repeats": "Repeats teach less"},
    "load": {"": "How much room help takes", "hours": "As many hours as it asks", "areas": "One project an area", "setup": "Hours, the first ones lost"},
    "readiness": {"": "What makes an agency ready", "product": "All three together", "minimum": "The weakest decides", "geometric_mean": "They make up for each other"},
    "potential": {"": "How people and routines combine", "ces": "Each replaces the other in part", "minimum": "The weaker decides", "additive": "They add up"},
    "influence": {"": "Who moves people's priorities", "all": "Colleagues, leader and plan", "near": "Only those not too far off", "leaders": "Leader and plan alone"},
    "exits": {"": "Who leaves", "declared": "The usual people", "overload": "More where too much goes on", "hubs": "Those whom many ask"},
    "ending": {"": "How a practice ends", "hazard": "At any time", "leader_exit": "When the leader leaves", "none": "Never"},
    "spread": {"": "Whether routines travel", "ties": "Along advice ties", "none": "They do not"},
}
# fmt: on
"""By rule, its own under "", and of each variant."""


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

"""Instruments of a scenario's own: rubrics and surveys as rows: items, thresholds, noise, who answers, and cost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from capsim.catalogue import ACTIVITIES, TARGETINGS
from capsim.catalogue.parts import READABLE
from capsim.levels import AGENCY_LEVELS
from capsim.scenario.values import AnyText, Number, Part, PartError, Text, Whole, each_once, one_of

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN = frozenset({*TARGETINGS, *(row.yields for row in ACTIVITIES.values() if row.yields)})
BOUNDS = {"rubric": (0.0, 1.0), "survey": (1.0, 5.0)}
"""Lowest and highest mark of each scale."""


class Item(Part):
    """One item."""

    reads: Annotated[AnyText, one_of("state", READABLE)]  # the state that it speaks of, a name in `READABLE`
    weight: Annotated[Number, Field(gt=0, le=1000)] = 1.0  # in the score, above 0
    text: AnyText = ""  # its wording


class OwnInstrument(Part):
    """One instrument."""

    # letters, digits and underscores; strategies aim by it as ``<name>.low``, ``<name>.high`` or ``<name>.gate``
    name: Text
    title: AnyText = ""
    scale: Literal["rubric", "survey"] = "rubric"  # marks from 0 to 1, or points from 1 to 5
    # staff and leaders answer for themselves and are lenient; a facilitated team is not, and errs more where an
    # agency's data about itself are poor; an expert is neither
    answered_by: Literal["staff", "leaders", "team", "expert"] = "team"
    # the score is their weighted mean, from 0 to 1
    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=100)]
    thresholds: tuple[Number, ...] = ()  # ascending marks of the scale; the first is the gate
    # standard deviation of an item, in marks; rubric_noise_sd or likert_noise_sd without it
    noise: Annotated[Number, Field(ge=0, le=4)] | None = None
    # whom it reads
    levels: Annotated[
        tuple[Annotated[AnyText, one_of("level", AGENCY_LEVELS)], ...],
        Field(min_length=1),
        AfterValidator(each_once),
    ] = ("lea",)
    every_months: Annotated[Whole, Field(ge=1, le=600)] = 12  # from month 0 of the assistance
    # cost of a reading of one agency, in TA hours. At 0 every strategy reads it; else those that aim by it
    ta_hours: Annotated[Number, Field(ge=0, le=10_000)] = 0.0

    @model_validator(mode="after")
    def _makes_sense(self) -> OwnInstrument:
        if problems := list(problems_of_instrument(dict(self))):
            raise PartError(problems)
        return self

    @property
    def heading(self) -> str:
        """Title, or else the name in words."""
        return self.title or self.name.replace("_", " ").capitalize()

    @property
    def marks(self) -> tuple[float, ...]:
        """Thresholds as scores, from 0 to 1."""
        low, high = BOUNDS[self.scale]
        return tuple((mark - low) / (high - low) for mark in self.thresholds)

    @property
    def of_flow(self) -> bool:
        """Whether an item reads what was received or used."""
        return any(READABLE[item.reads].flow for item in self.items)


def problems_of_instrument(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, message) for what single keys cannot show, validated or as written."""
    name, scale, marks = given.get("name"), given.get("scale", "rubric"), given.get("thresholds", ())
    if isinstance(name, str) and name and not _NAME.fullmatch(name):
        yield "name", f"{name!r} must be letters, digits and underscores, beginning with a letter"
    elif name in _TAKEN:
        yield "name", f"{name!r} is the name of a shipped targeting or reading; give this one another name"
    if scale not in BOUNDS or not isinstance(marks, list | tuple):
        return
    low, high = BOUNDS[scale]
    numbers = [mark for mark in marks if isinstance(mark, int | float) and not isinstance(mark, bool)]
    for place, mark in enumerate(marks):
        if mark in numbers and not low <= mark <= high:
            yield f"thresholds.{place}", f"{mark:g} is out of range; marks of a {scale} go from {low:g} to {high:g}"
    if numbers != sorted(set(numbers)):
        yield "thresholds", "must ascend, each once"

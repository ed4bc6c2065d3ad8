"""Strategies as a scenario names them: shipped ones, compositions of parts, classes of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    JsonValue,
    PlainSerializer,
    PlainValidator,
    Tag,
    model_validator,
)

from capsim.catalogue import ACTIVITIES, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.scenario.frozen import FrozenMapping
from capsim.scenario.values import (
    Number,
    Part,
    PartError,
    Text,
    each_once,
    empty_if_nothing,
    refuse_unknown,
    whole_or_word,
)

__all__ = ["MOST_FOCAL_AREAS", "Composition", "Delivery", "PluginStrategy", "Strategy"]

MOST_FOCAL_AREAS = 12
SHARES_TOLERANCE = 1e-9


def _count_or_all(value: object) -> int | str:
    return whole_or_word(value, word="all", low=1, high=MOST_FOCAL_AREAS)


def _shares(value: Mapping[str, float]) -> FrozenMapping[float]:
    if not value:
        raise ValueError(f"needs at least one activity; allowed: {', '.join(ACTIVITIES)}")
    total = fsum(value.values())
    if abs(total - 1.0) > SHARES_TOLERANCE:
        raise ValueError(f"the shares of hours must sum to 1; they sum to {total:.10g}")
    return FrozenMapping(value)


Activity = Annotated[
    str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("activity", name, ACTIVITIES))
]
Targeting = Annotated[
    str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("targeting", name, TARGETINGS))
]
Schedule = Annotated[
    str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("schedule", name, SCHEDULES))
]
NamedStrategy = Annotated[
    str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("strategy", name, STRATEGIES))
]
Share = Annotated[Number, Field(ge=0, le=1)]
Shares = Annotated[Mapping[Activity, Share], AfterValidator(_shares), PlainSerializer(dict)]
Options = Annotated[
    Mapping[Text, JsonValue],
    BeforeValidator(empty_if_nothing),
    AfterValidator(FrozenMapping),
    PlainSerializer(dict),
]


def _refuse_shipped_name(name: str) -> None:
    if name in STRATEGIES:
        raise PartError([("name", f"{name!r} is a shipped strategy; give this one another name")])


class Delivery(Part):
    """How a composition is delivered.

    Parameters
    ----------
    focal_areas : int or "all"
        Number of areas worked on at once.
    recipients : tuple of {"sea", "esa", "lea"}
        Levels that receive it.
    """

    focal_areas: Annotated[int | Literal["all"], PlainValidator(_count_or_all)] = "all"
    recipients: Annotated[
        tuple[Literal["sea", "esa", "lea"], ...], Field(min_length=1), AfterValidator(each_once)
    ] = ("lea",)


class Composition(Part):
    """A strategy put together in a scenario file.

    Parameters
    ----------
    name : str
        Not the name of a shipped strategy.
    activities : mapping
        Shares of hours by activity; they sum to 1.
    targeting, schedule : str
    delivery : Delivery
    """

    name: Text
    activities: Shares
    targeting: Targeting = "universal"
    delivery: Delivery = Delivery()
    schedule: Schedule = "level"

    @model_validator(mode="after")
    def _has_its_own_name(self) -> Composition:
        _refuse_shipped_name(self.name)
        return self


class PluginStrategy(Part):
    """A class of the user's own, importable as ``module:Class``; the scenario file never holds code."""

    plugin: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")]
    name: Annotated[str, Field(strict=True)] = ""
    options: Options = FrozenMapping()

    @model_validator(mode="before")
    @classmethod
    def _name_from_the_class(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and not value.get("name", "") and isinstance(value.get("plugin"), str):
            return {**value, "name": value["plugin"].rpartition(":")[2]}
        return value

    @model_validator(mode="after")
    def _has_its_own_name(self) -> PluginStrategy:
        _refuse_shipped_name(self.name)
        return self


def _kind_of_strategy(value: Any) -> str:
    if isinstance(value, PluginStrategy) or (isinstance(value, Mapping) and "plugin" in value):
        return "(plugin)"
    if isinstance(value, Composition | Mapping):
        return "(composition)"
    return "(named)"


Strategy = Annotated[
    Annotated[NamedStrategy, Tag("(named)")]
    | Annotated[Composition, Tag("(composition)")]
    | Annotated[PluginStrategy, Tag("(plugin)")],
    Discriminator(_kind_of_strategy),
]

"""What a scenario declares of its own: focal areas, names or records of what makes an area different (areas that are
only named are all alike); outcomes beyond use, linked to the use in some of them, none by default; and instruments,
rubrics and surveys as rows: items, thresholds, noise, who answers, and cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from capsim.catalogue import ACTIVITIES, LINKS, TARGETINGS
from capsim.catalogue.parts import READABLE
from capsim.errors import nearest_name
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import PARAMETERS
from capsim.scenario.values import (
    AnyText,
    Number,
    Once,
    Part,
    PartError,
    Path,
    Problem,
    Share,
    Some,
    Text,
    Whole,
    each_once,
    items_of,
    one_of,
)

MOST_FOCAL_AREAS = 12
ALIKE = 0.5
"""Weight of people at which people and routines count as in every area."""


class Area(Part):
    """A focal area and in what it differs from others.

    Source: that goals differ in this is said of each in the scenario that gives the record; the figures are assumed.

    Notes
    -----
    A number that a record gives holds at the default of the parameter of that name (months_to_use:
    implementation_lag_months). Where the parameter is another, drawn or swept, that of the area is other in proportion:
    ``area's value * parameter / its default``, shares at most 1.
    """

    _said_if_other: ClassVar[tuple[str, ...]] = (
        *("title", "prerequisite", "codifiable_share", "disuse_rate", "months_to_use", "people_weight"),
    )

    name: Text  # by which strategies, surveys and questions know it. Renaming an area changes no number
    title: Text | None = None  # what reports call it; the name where it is left out
    # skill or routine that help in this area needs beyond what its activity needs anyway: added to the level at which
    # an agency is half ready. Usual 0, plausible -.1 to .2
    prerequisite: Annotated[Number, Field(ge=-0.5, le=0.5)] | None = None
    codifiable_share: Share | None = None  # part of skill that can be put into procedures; plausible .4 to .95
    disuse_rate: Share | None = None  # share of skill lost in a month without practice; plausible .03 to .12
    # months by which use lags behind potential; plausible 6 to 36
    months_to_use: Annotated[Number, Field(ge=1, le=240)] | None = None
    # share of people in the marginal products of people and routines at the baseline: 1/2 both alike, above it the area
    # leans on what persons can do, below it on routines. What an agency at the baseline could put into use is the same
    # at any weight. Plausible .25 to .75
    people_weight: Annotated[Number, Field(ge=0.05, le=0.95)] | None = None


_RELATIVE = {
    "area_codifiable": ("codifiable_share", "codifiable_share"),
    "area_disuse": ("disuse_rate", "disuse_rate"),
    "area_lag": ("months_to_use", "implementation_lag_months"),
}
"""Columns of a world by the key of a record and the parameter that it is a multiple of."""


def _each_once(areas: tuple[str | Area, ...]) -> tuple[str | Area, ...]:
    each_once(names_of(areas))
    return tuple(area.name if isinstance(area, Area) and area == Area(name=area.name) else area for area in areas)


FocalArea = Annotated[
    Annotated[Text, Tag("(named)")] | Annotated[Area, Tag("(area)")],
    Discriminator(lambda value: "(area)" if isinstance(value, Area | Mapping) else "(named)"),
]
FocalAreas = Annotated[
    tuple[FocalArea, ...], Field(min_length=1, max_length=MOST_FOCAL_AREAS), AfterValidator(_each_once)
]


def name_of_area(area: Any) -> str:
    """Name of an area, validated or as written in a file; empty when it has none."""
    if isinstance(area, Area):
        return area.name
    name = area.get("name") if isinstance(area, Mapping) else area
    return name if isinstance(name, str) else ""


def names_of(areas: Sequence[str | Area]) -> tuple[str, ...]:
    """Names of areas."""
    return tuple(map(name_of_area, areas))


def not_an_area(name: str, areas: Sequence[str]) -> str:
    """Say that a scenario has no such area, which it has, and which is nearest."""
    return f"{name!r} is not a focal area of this scenario; its areas: {', '.join(areas)}{nearest_name(name, areas)}"


def strange_areas(names: Sequence[Any], areas: Sequence[str]) -> list[tuple[int, str]]:
    """Names, with their places, that are no focal areas."""
    return [(place, name) for place, name in enumerate(names) if isinstance(name, str) and name and name not in areas]


def problems_of_focus(path: Path, asked: Any, areas: Sequence[str]) -> Iterator[Problem]:
    """Yield (path, message) for what is asked for at a path, a number of areas or some by name, and not there."""
    if isinstance(asked, int) and not isinstance(asked, bool) and asked > len(areas):
        allowed = f"this scenario has {len(areas)}, allowed: 1 to {len(areas)}, or all"
        yield path, f"{asked} areas are asked for; {allowed}"
    yield from (((*path, place), not_an_area(name, areas)) for place, name in strange_areas(items_of(asked), areas))


def area_columns(areas: Sequence[str | Area]) -> dict[str, Any]:
    """What records say as columns of a world, (K,) each: an addition, multiples of parameters, a weight."""
    records = [area if isinstance(area, Area) else Area(name=area) for area in areas]

    def column(key: str, usual: float, unit: float = 1.0) -> NDArray[np.float64]:
        given = (getattr(record, key) for record in records)
        return np.array([usual if value is None else value / unit for value in given])

    relative = {name: column(key, 1.0, PARAMETERS[of].default) for name, (key, of) in _RELATIVE.items()}
    return {
        "area_prerequisite": column("prerequisite", 0.0),
        **relative,
        "area_people": column("people_weight", ALIKE),
    }


ALL = "all"
"""Every area, each counting the same."""

Links = Mapping[str, tuple[str, ...]]
"""Areas of each outcome that is linked, by name; none named means all."""
NO_LINKS: Links = {}


def _as_areas(value: Any) -> Any:
    if value is None or value is False:
        return None
    if value == ALL or value is True:
        return ()
    return (value,) if isinstance(value, str) else value


Areas = Annotated[
    Once[Text] | None,
    BeforeValidator(_as_areas),
    PlainSerializer(lambda areas: areas if areas is None else list(areas) or ALL),
]


class Outcomes(Part):
    """Outcomes that are linked to use: each to one area, to several, or to all. A list of names links each to all.

    The links are declared (processes/outcomes.py), with parameters of the group outcomes; what they give is never a
    finding of the model.
    """

    teacher_equity: Areas = None  # gap in first-year teachers between the poorest and the richest quarter of districts
    materials: Areas = None  # share of teachers who use materials that are aligned to standards
    achievement_gap: Areas = None  # gap in pupils' achievement between the richest and the poorest quarter of districts

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        if value is None:
            return {}
        if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
            return dict.fromkeys(each_once(tuple(value)), ALL)
        return value

    @property
    def on(self) -> Links:
        """Areas of each outcome that is linked."""
        return {name: areas for name in LINKS if (areas := getattr(self, name)) is not None}


def link_columns(links: Links, areas: Sequence[str]) -> dict[str, Any]:
    """Weights of areas in each outcome, (K,): alike among those that it is linked to; all 0 without a link."""
    columns = {}
    for name in LINKS:
        of = links.get(name)
        wanted = np.array([of is not None and (not of or area in of) for area in areas], np.float64)
        columns[f"{name}_link"] = wanted / max(1.0, wanted.sum())
    return columns


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
    levels: Some[Annotated[AnyText, one_of("level", AGENCY_LEVELS)]] = ("lea",)
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

"""Focal areas: names, or records of what makes an area different. Areas that are only named are all alike; and
outcomes beyond use that a scenario links to the use in some of them, none by default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    model_validator,
)

from capsim.catalogue import LINKS
from capsim.errors import nearest_name
from capsim.parameters import PARAMETERS
from capsim.scenario.values import Number, Part, Path, Problem, Share, Text, each_once, items_of

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


def _named_or_record(value: Any) -> str:
    return "(area)" if isinstance(value, Area | Mapping) else "(named)"


def _each_once(areas: tuple[str | Area, ...]) -> tuple[str | Area, ...]:
    each_once(names_of(areas))
    return tuple(area.name if isinstance(area, Area) and area == Area(name=area.name) else area for area in areas)


FocalArea = Annotated[Annotated[Text, Tag("(named)")] | Annotated[Area, Tag("(area)")], Discriminator(_named_or_record)]
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


def titles_of(areas: Sequence[str | Area]) -> tuple[str, ...]:
    """What reports call areas: their titles, else their names."""
    return tuple((area.title or area.name) if isinstance(area, Area) else area for area in areas)


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
    tuple[Text, ...] | None,
    BeforeValidator(_as_areas),
    AfterValidator(lambda areas: areas if areas is None else each_once(areas)),
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

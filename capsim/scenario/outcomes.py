"""Outcomes beyond use that a scenario links to it, and to the use in which areas. Nothing is linked by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, model_validator

from capsim.catalogue import LINKS
from capsim.scenario.values import Part, Text, each_once

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

    Parameters
    ----------
    teacher_equity : areas, optional
        Gap in first-year teachers between the poorest and the richest quarter of districts.
    materials : areas, optional
        Share of teachers who use materials that are aligned to standards.
    achievement_gap : areas, optional
        Gap in pupils' achievement between the richest and the poorest quarter of districts.
    """

    teacher_equity: Areas = None
    materials: Areas = None
    achievement_gap: Areas = None

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


def link_columns(links: Links, areas: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Weights of areas in each outcome, (K,): alike among those that it is linked to; all 0 without a link."""
    columns = {}
    for name in LINKS:
        of = links.get(name)
        wanted = np.array([of is not None and (not of or area in of) for area in areas], np.float64)
        columns[f"{name}_link"] = wanted / max(1.0, wanted.sum())
    return columns

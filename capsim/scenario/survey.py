"""What a user observed of agencies: the items of a survey, their units, and the answers by agency and area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["LIKERT", "PERCENT", "SURVEY_ITEMS", "Survey", "SurveyItem"]

PERCENT, LIKERT = (0.0, 100.0), (1.0, 5.0)
"""Lowest and highest answer of each unit."""


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One column of a survey.

    Parameters
    ----------
    name : str
    unit : {"percent", "points"}
        Points are those of a scale from 1 to 5.
    by_area : bool
        Whether an answer may belong to one focal area; otherwise it belongs to the whole agency.
    meaning : str
    """

    name: str
    unit: Literal["percent", "points"]
    by_area: bool
    meaning: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest answer."""
        return PERCENT if self.unit == "percent" else LIKERT


_ITEMS = (
    SurveyItem("skill_rubric", "percent", True, "Skills of staff, as a team of raters agreed on with a rubric."),
    SurveyItem("routine_rubric", "percent", True, "Routines of the agency, as a team of raters agreed on."),
    SurveyItem("skill_likert", "points", True, "Skills of staff, as they rate themselves."),
    SurveyItem("culture_likert", "points", False, "Culture, as staff rate it: trust, learning, safety to speak up."),
    SurveyItem("engagement_likert", "points", False, "How much staff want to take part in improvement work."),
    SurveyItem("priority_percent", "percent", True, "Share of the staff's attention that an area gets."),
    SurveyItem("data_systems_rubric", "percent", False, "Quality of the agency's data about itself, as rated."),
)
SURVEY_ITEMS: Mapping[str, SurveyItem] = MappingProxyType({item.name: item for item in _ITEMS})
"""Every item by the name of its column."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers of a survey, as they stand in the file.

    Attributes
    ----------
    areas : tuple of str
        The K focal areas.
    answers : mapping of str to (n, K + 1) float64
        By item, one row per agency of the table; the last column is for all areas together. NaN where nothing was
        observed.
    respondents : (n, K + 1) float64
        NaN where not said.
    """

    areas: tuple[str, ...]
    answers: Mapping[str, NDArray[np.float64]]
    respondents: NDArray[np.float64]

    def answered(self, name: str) -> NDArray[np.bool_]:
        """Where an item was observed, (n, K + 1)."""
        return ~np.isnan(self.answers[name])

    def cells(self) -> tuple[tuple[str, int, int], ...]:
        """Every answer as (item, row of the agency, column of the area), by agency, area and item.

        All areas together come before single ones.
        """
        K = len(self.areas)
        found = [
            ((int(row), -1 if column == K else int(column), place), name)
            for place, name in enumerate(self.answers)
            for row, column in np.argwhere(self.answered(name))
        ]
        return tuple((name, row, area % (K + 1)) for (row, area, _), name in sorted(found))

    @property
    def agencies(self) -> NDArray[np.int64]:
        """Rows of the table about which anything was observed."""
        return np.flatnonzero(np.any([self.answered(name).any(axis=1) for name in self.answers], axis=0))

"""What instruments leave in the records: one row a column of `instruments.parquet`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from capsim.catalogue.measures import Measure

__all__ = ["LOGGED"]

LOGGED: Mapping[str, Measure] = MappingProxyType({row.name: row for row in (
    Measure(name="expert_rating", title="Expert rating", unit="1-5", low=1, high=5, meaning="Technical quality of the assistance in the eyes of an outside expert."),
    Measure(name="client_rating", title="Client rating", unit="1-5", low=1, high=5, meaning="Relevance and usefulness in the eyes of those who were served; lenient."),
    Measure(name="satisfaction", title="Satisfaction", unit="1-5", low=1, high=5, meaning="Satisfaction of those who were served; knows of burden, not of learning."),
    Measure(name="interest", title="Interest", unit="1-5", low=1, high=5, meaning="Yearly self-report of how much an agency would like assistance."),
    Measure(name="skill_reading", title="Skill, as read", unit="0-1", low=0, high=1, meaning="Latest rubric or expert reading of mean skill, agencies read so far."),
    Measure(name="routine_reading", title="Routines, as read", unit="0-1", low=0, high=1, meaning="Latest rubric or expert reading of routines, agencies read so far."),
    Measure(name="readiness_reading", title="Readiness, as read", unit="ratio", low=0, high=float("inf"), meaning="Latest readiness screening, 1 for a median agency."),
    Measure(name="use_reading", title="Use, as read", unit="0-1", low=0, high=1, meaning="Latest stocktake of the use of practices, agencies read so far."),
    Measure(name="context_level", title="Context for sustaining reform", unit="1-4", low=1, high=4, meaning="Latest sustainability rubric, agencies reviewed so far: culture, staffing and resources; 1 inadequate, 2 emerging, 3 strong, 4 exemplary."),
    Measure(name="system_level", title="System capacity", unit="1-4", low=1, high=4, meaning="The same rubric: routines."),
    Measure(name="performance_level", title="Performance management", unit="1-4", low=1, high=4, meaning="The same rubric: data systems."),
    Measure(name="red", title="Red", unit="share", low=0, high=1, meaning="Share of agencies far behind their trajectory at the latest stocktake."),
    Measure(name="amber", title="Amber", unit="share", low=0, high=1, meaning="Share of agencies a little behind their trajectory."),
    Measure(name="green", title="Green", unit="share", low=0, high=1, meaning="Share of agencies on their trajectory."),
    Measure(name="expert_ties", title="Ties to experts", unit="count", low=0, high=float("inf"), meaning="Ties of an agency's staff to experts of the TA center, mean over agencies, when the month's help has been given; the closing of the center ends them all."),
)})
"""Columns of the logbook, in order; `expert_ties` is true, the others are what instruments say."""

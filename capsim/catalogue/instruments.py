"""What can be read of agencies, and what readings leave in the records: one row a column of `instruments.parquet`."""

from __future__ import annotations

from dataclasses import dataclass

from capsim.catalogue.measures import Measure
from capsim.catalogue.rows import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One way to learn something of an agency.

    Parameters
    ----------
    name, title, meaning, scale, source : str
        Identifier (that of `Activity.yields` where hours buy it), heading, what it reads and when, the scale of a
        reading, where it comes from.
    noise : tuple of str
        Parameters that say how far a reading is from the truth.
    logged : tuple of str
        Columns of the records that hold it, names in `LOGGED`.
    """

    name: str
    title: str
    meaning: str
    scale: str
    source: str
    noise: tuple[str, ...]
    logged: tuple[str, ...]


# fmt: off
INSTRUMENTS = table_of(
    Instrument(name="rubric", title="Needs-assessment rubric", scale="0 to 1", noise=("rubric_noise_sd", "codesign_noise_factor"), logged=("skill_reading", "routine_reading"),
        meaning="Skills and routines in every focal area, as a facilitated team agrees on them. Read with more error where an agency's data about itself are poor, with less where the agency helped to design its support.",
        source="S119, S42"),
    Instrument(name="expert", title="Expert's visit", scale="0 to 1", noise=("expert_noise_sd",), logged=("skill_reading", "routine_reading"),
        meaning="The same skills and routines, as a consultant rates them on a visit; counts if both come in a month.",
        source="assumed; S49 on visits"),
    Instrument(name="screening", title="Readiness screening", scale="ratio, 1 for a median agency", noise=("likert_leniency", "likert_noise_sd", "rubric_noise_sd", "codesign_noise_factor"), logged=("readiness_reading",),
        meaning="Motivation, as staff report it themselves, times general capacity (culture, filled positions, data systems).",
        source="S31, S42"),
    Instrument(name="stocktake", title="Stocktake", scale="0 to 1", noise=("stocktake_noise_sd", "codesign_noise_factor"), logged=("use_reading", "red", "amber", "green"),
        meaning="How far practices are in use, in every focal area; green, amber or red against the trajectory that was aimed at (stocktake_target).",
        source="S27-S29"),
    Instrument(name="sustainability", title="Sustainability rubric", scale="levels 1 to 4", noise=("rubric_noise_sd", "codesign_noise_factor"), logged=("context_level", "system_level", "performance_level"),
        meaning="What would make reform last: context (culture, staffing, resources), system capacity (routines), performance management (data systems).",
        source="S10, S12"),
    Instrument(name="interest", title="Survey of interest", scale="1 to 5", noise=("likert_leniency", "likert_noise_sd"), logged=("interest",),
        meaning="How much staff would like assistance, as they say; asked of everybody once a year, at no cost.",
        source="S19 on leniency; otherwise assumed"),
    Instrument(name="self_rating", title="Self-ratings", scale="1 to 5", noise=("likert_leniency", "likert_noise_sd"), logged=("self_rating_reading",),
        meaning="How good staff say their own agency is, people and routines, in every focal area; asked of everybody once a year, at no cost.",
        source="S42 (a poor guide to need), S19 on leniency; otherwise assumed"),
    Instrument(name="ratings", title="Ratings of the assistance", scale="1 to 5", noise=("rating_half", "client_leniency", "likert_leniency", "rating_noise_sd"), logged=("expert_rating", "client_rating", "satisfaction"),
        meaning="What an outside expert and the served agencies themselves say of the assistance, and how satisfied they are; asked in every month with assistance, at no cost. Nothing depends on them.",
        source="S19"),
)
"""Everything that can be read, by name."""

_INF = float("inf")
LOGGED = table_of(
    Measure("expert_rating", "Expert rating", "1-5", 1, 5, "Technical quality of the assistance in the eyes of an outside expert."),
    Measure("client_rating", "Client rating", "1-5", 1, 5, "Relevance and usefulness in the eyes of those who were served; lenient."),
    Measure("satisfaction", "Satisfaction", "1-5", 1, 5, "Satisfaction of those who were served; knows of burden, not of learning."),
    Measure("interest", "Interest", "1-5", 1, 5, "Yearly self-report of how much an agency would like assistance."),
    Measure("self_rating_reading", "Self-rating", "1-5", 1, 5, "Yearly self-report of how good an agency is, mean over focal areas."),
    Measure("skill_reading", "Skill, as read", "0-1", 0, 1, "Latest rubric or expert reading of mean skill, agencies read so far."),
    Measure("routine_reading", "Routines, as read", "0-1", 0, 1, "Latest rubric or expert reading of routines, agencies read so far."),
    Measure("readiness_reading", "Readiness, as read", "ratio", 0, _INF, "Latest readiness screening, 1 for a median agency."),
    Measure("use_reading", "Use, as read", "0-1", 0, 1, "Latest stocktake of the use of practices, agencies read so far."),
    Measure("context_level", "Context for sustaining reform", "1-4", 1, 4, "Latest sustainability rubric, agencies reviewed so far: culture, staffing and resources; 1 inadequate, 2 emerging, 3 strong, 4 exemplary."),
    Measure("system_level", "System capacity", "1-4", 1, 4, "The same rubric: routines."),
    Measure("performance_level", "Performance management", "1-4", 1, 4, "The same rubric: data systems."),
    Measure("red", "Red", "share", 0, 1, "Share of agencies far behind their trajectory at the latest stocktake."),
    Measure("amber", "Amber", "share", 0, 1, "Share of agencies a little behind their trajectory."),
    Measure("green", "Green", "share", 0, 1, "Share of agencies on their trajectory."),
    Measure("expert_ties", "Ties to experts", "count", 0, _INF, "Ties of an agency's staff to experts of the TA center, mean over agencies, when the month's help has been given; the closing of the center ends them all."),
)
# fmt: on
"""Columns of the logbook, in order; `expert_ties` is true, the others are what instruments say."""

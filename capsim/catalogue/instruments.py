"""What can be read of agencies, and what readings leave in the records: one row a column of `instruments.parquet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from capsim.catalogue.measures import Measure

__all__ = ["INSTRUMENTS", "LOGGED", "Instrument"]


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


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        row.name: row
        for row in (
            Instrument(
                name="rubric",
                title="Needs-assessment rubric",
                meaning="Skills and routines in every focal area, as a facilitated team agrees on them. Read with more error where an agency's data about itself are poor, with less where the agency helped to design its support.",
                scale="0 to 1",
                noise=("rubric_noise_sd", "codesign_noise_factor"),
                logged=("skill_reading", "routine_reading"),
                source="S119, S42",
            ),
            Instrument(
                name="expert",
                title="Expert's visit",
                meaning="The same skills and routines, as a consultant rates them on a visit; counts if both come in a month.",
                scale="0 to 1",
                noise=("expert_noise_sd",),
                logged=("skill_reading", "routine_reading"),
                source="assumed; S49 on visits",
            ),
            Instrument(
                name="screening",
                title="Readiness screening",
                meaning="Motivation, as staff report it themselves, times general capacity (culture, filled positions, data systems).",
                scale="ratio, 1 for a median agency",
                noise=("likert_leniency", "likert_noise_sd", "rubric_noise_sd", "codesign_noise_factor"),
                logged=("readiness_reading",),
                source="S31, S42",
            ),
            Instrument(
                name="stocktake",
                title="Stocktake",
                meaning="How far practices are in use, in every focal area; green, amber or red against the trajectory that was aimed at (stocktake_target).",
                scale="0 to 1",
                noise=("stocktake_noise_sd", "codesign_noise_factor"),
                logged=("use_reading", "red", "amber", "green"),
                source="S27-S29",
            ),
            Instrument(
                name="sustainability",
                title="Sustainability rubric",
                meaning="What would make reform last: context (culture, staffing, resources), system capacity (routines), performance management (data systems).",
                scale="levels 1 to 4",
                noise=("rubric_noise_sd", "codesign_noise_factor"),
                logged=("context_level", "system_level", "performance_level"),
                source="S10, S12",
            ),
            Instrument(
                name="interest",
                title="Survey of interest",
                meaning="How much staff would like assistance, as they say; asked of everybody once a year, at no cost.",
                scale="1 to 5",
                noise=("likert_leniency", "likert_noise_sd"),
                logged=("interest",),
                source="S19 on leniency; otherwise assumed",
            ),
            Instrument(
                name="self_rating",
                title="Self-ratings",
                meaning="How good staff say their own agency is, people and routines, in every focal area; asked of everybody once a year, at no cost.",
                scale="1 to 5",
                noise=("likert_leniency", "likert_noise_sd"),
                logged=("self_rating_reading",),
                source="S42 (a poor guide to need), S19 on leniency; otherwise assumed",
            ),
            Instrument(
                name="ratings",
                title="Ratings of the assistance",
                meaning="What an outside expert and the served agencies themselves say of the assistance, and how satisfied they are; asked in every month with assistance, at no cost. Nothing depends on them.",
                scale="1 to 5",
                noise=("rating_half", "client_leniency", "likert_leniency", "rating_noise_sd"),
                logged=("expert_rating", "client_rating", "satisfaction"),
                source="S19",
            ),
        )
    }
)
"""Everything that can be read, by name."""

LOGGED: Mapping[str, Measure] = MappingProxyType(
    {
        row.name: row
        for row in (
            Measure(
                name="expert_rating",
                title="Expert rating",
                unit="1-5",
                low=1,
                high=5,
                meaning="Technical quality of the assistance in the eyes of an outside expert.",
            ),
            Measure(
                name="client_rating",
                title="Client rating",
                unit="1-5",
                low=1,
                high=5,
                meaning="Relevance and usefulness in the eyes of those who were served; lenient.",
            ),
            Measure(
                name="satisfaction",
                title="Satisfaction",
                unit="1-5",
                low=1,
                high=5,
                meaning="Satisfaction of those who were served; knows of burden, not of learning.",
            ),
            Measure(
                name="interest",
                title="Interest",
                unit="1-5",
                low=1,
                high=5,
                meaning="Yearly self-report of how much an agency would like assistance.",
            ),
            Measure(
                name="self_rating_reading",
                title="Self-rating",
                unit="1-5",
                low=1,
                high=5,
                meaning="Yearly self-report of how good an agency is, mean over focal areas.",
            ),
            Measure(
                name="skill_reading",
                title="Skill, as read",
                unit="0-1",
                low=0,
                high=1,
                meaning="Latest rubric or expert reading of mean skill, agencies read so far.",
            ),
            Measure(
                name="routine_reading",
                title="Routines, as read",
                unit="0-1",
                low=0,
                high=1,
                meaning="Latest rubric or expert reading of routines, agencies read so far.",
            ),
            Measure(
                name="readiness_reading",
                title="Readiness, as read",
                unit="ratio",
                low=0,
                high=float("inf"),
                meaning="Latest readiness screening, 1 for a median agency.",
            ),
            Measure(
                name="use_reading",
                title="Use, as read",
                unit="0-1",
                low=0,
                high=1,
                meaning="Latest stocktake of the use of practices, agencies read so far.",
            ),
            Measure(
                name="context_level",
                title="Context for sustaining reform",
                unit="1-4",
                low=1,
                high=4,
                meaning="Latest sustainability rubric, agencies reviewed so far: culture, staffing and resources; 1 inadequate, 2 emerging, 3 strong, 4 exemplary.",
            ),
            Measure(
                name="system_level",
                title="System capacity",
                unit="1-4",
                low=1,
                high=4,
                meaning="The same rubric: routines.",
            ),
            Measure(
                name="performance_level",
                title="Performance management",
                unit="1-4",
                low=1,
                high=4,
                meaning="The same rubric: data systems.",
            ),
            Measure(
                name="red",
                title="Red",
                unit="share",
                low=0,
                high=1,
                meaning="Share of agencies far behind their trajectory at the latest stocktake.",
            ),
            Measure(
                name="amber",
                title="Amber",
                unit="share",
                low=0,
                high=1,
                meaning="Share of agencies a little behind their trajectory.",
            ),
            Measure(
                name="green",
                title="Green",
                unit="share",
                low=0,
                high=1,
                meaning="Share of agencies on their trajectory.",
            ),
            Measure(
                name="expert_ties",
                title="Ties to experts",
                unit="count",
                low=0,
                high=float("inf"),
                meaning="Ties of an agency's staff to experts of the TA center, mean over agencies, when the month's help has been given; the closing of the center ends them all.",
            ),
        )
    }
)
"""Columns of the logbook, in order; `expert_ties` is true, the others are what instruments say."""

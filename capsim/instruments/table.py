"""What can be read of agencies: one row an instrument, in the order in which they come in a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capsim.catalogue.parts import table_of
from capsim.instruments.formulas import (
    SECTIONS,
    numbers_for,
    read_expert,
    read_interest,
    read_relevance,
    read_rubric,
    read_screening,
    read_self_rated_relevance,
    read_self_rating,
    read_stocktake,
    read_sustainability,
)
from capsim.instruments.readings import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One way to learn something of an agency."""

    # identifier (that of `Activity.yields` where hours buy it), heading, what it reads and when, the scale of a
    # reading, where it comes from
    name: str
    title: str
    meaning: str
    scale: str
    source: str
    noise: tuple[str, ...]  # parameters that say how far a reading is from the truth
    logged: tuple[str, ...]  # columns of the records that hold it, names in `LOGGED`
    purpose: str  # what its random numbers are for
    columns: Callable[[int], int]  # normal deviates per organization, from the number of focal areas
    # reads, and writes to the readings; None where nothing is kept for strategies
    read: Callable[[Round], None] | None = None
    yearly: bool = False  # whether everybody is asked once a year, at no cost; otherwise an activity sells it
    # instruments of which one is enough: whoever is read by it is read by this one too, at no further cost
    along: tuple[str, ...] = ()
    row: int = 0  # part of the address of its random numbers

    def numbers(self, n_areas: int) -> int:
        """Uniform numbers per organization."""
        return numbers_for(self.columns(n_areas))


# fmt: off
INSTRUMENTS = table_of(
    Instrument(name="rubric", title="Needs-assessment rubric", scale="0 to 1", noise=("rubric_noise_sd", "codesign_noise_factor"), logged=("skill_reading", "routine_reading"),
        purpose="assistance", row=2**64 - 1, columns=lambda K: 2 * K, read=read_rubric,
        meaning="Skills and routines in every focal area, as a facilitated team agrees on them. Read with more error where an agency's data about itself are poor, with less where the agency helped to design its support.",
        source="S119, S42"),
    Instrument(name="expert", title="Expert's visit", scale="0 to 1", noise=("expert_noise_sd",), logged=("skill_reading", "routine_reading"),
        purpose="instrument:expert", columns=lambda K: 2 * K, read=read_expert,
        meaning="The same skills and routines, as a consultant rates them on a visit; counts if both come in a month.",
        source="assumed; S49 on visits"),
    Instrument(name="relevance", title="Relevance, as assessed", scale="0 to 1", noise=("relevance_noise_sd", "codesign_noise_factor"), logged=("relevance_reading",),
        purpose="instrument:relevance", columns=lambda K: K, read=read_relevance, along=("rubric", "expert"),
        meaning="How much each focal area matters to the agency, as a share; read with every needs-assessment rubric and on every expert's visit.",
        source="assumed"),
    Instrument(name="screening", title="Readiness screening", scale="ratio, 1 for a median agency", noise=("likert_leniency", "likert_noise_sd", "rubric_noise_sd", "codesign_noise_factor"), logged=("readiness_reading",),
        purpose="instrument:screening", columns=lambda K: 2, read=read_screening,
        meaning="Motivation, as staff report it themselves, times general capacity (culture, filled positions, data systems).",
        source="S31, S42"),
    Instrument(name="stocktake", title="Stocktake", scale="0 to 1", noise=("stocktake_noise_sd", "codesign_noise_factor"), logged=("use_reading", "red", "amber", "green"),
        purpose="instrument:stocktake", columns=lambda K: K, read=read_stocktake,
        meaning="How far practices are in use, in every focal area; green, amber or red against the trajectory that was aimed at (stocktake_target).",
        source="S27-S29"),
    Instrument(name="sustainability", title="Sustainability rubric", scale="levels 1 to 4", noise=("rubric_noise_sd", "codesign_noise_factor"), logged=("context_level", "system_level", "performance_level"),
        purpose="instrument:sustainability", columns=lambda K: len(SECTIONS), read=read_sustainability,
        meaning="What would make reform last: context (culture, staffing, resources), system capacity (routines), performance management (data systems).",
        source="S10, S12"),
    Instrument(name="interest", title="Survey of interest", scale="1 to 5", noise=("likert_leniency", "likert_noise_sd"), logged=("interest",),
        purpose="instrument:interest", columns=lambda K: 1, read=read_interest, yearly=True,
        meaning="How much staff would like assistance, as they say; asked of everybody once a year, at no cost.",
        source="S19 on leniency; otherwise assumed"),
    Instrument(name="self_rating", title="Self-ratings", scale="1 to 5", noise=("likert_leniency", "likert_noise_sd"), logged=("self_rating_reading",),
        purpose="instrument:self_ratings", columns=lambda K: K, read=read_self_rating, yearly=True,
        meaning="How good staff say their own agency is, people and routines, in every focal area; asked of everybody once a year, at no cost.",
        source="S42 (a poor guide to need), S19 on leniency; otherwise assumed"),
    Instrument(name="self_rated_relevance", title="Self-rated relevance", scale="1 to 5", noise=("likert_leniency", "likert_noise_sd"), logged=("self_rated_relevance_reading",),
        purpose="instrument:self_rated_relevance", columns=lambda K: K, read=read_self_rated_relevance, yearly=True,
        meaning="How much staff say each focal area matters to their agency; asked of everybody once a year, at no cost.",
        source="S42 (a poor guide to need), S19 on leniency; otherwise assumed"),
    Instrument(name="ratings", title="Ratings of the assistance", scale="1 to 5", noise=("rating_half", "client_leniency", "likert_leniency", "rating_noise_sd"), logged=("expert_rating", "client_rating", "satisfaction"),
        purpose="instrument:ratings", columns=lambda K: 2,
        meaning="What an outside expert and the served agencies themselves say of the assistance, and how satisfied they are; asked in every month with assistance, at no cost. Nothing depends on them.",
        source="S19"),
)
# fmt: on
"""Everything that can be read, by name; an expert's visit comes after the rubric of the same month, and counts."""

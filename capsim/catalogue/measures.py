"""What is recorded: emergent capacities, outcomes and flows, with unit and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FLOWS", "MEASURES", "OUTCOMES", "OUTCOME_MOMENTS", "Measure"]

OUTCOME_MOMENTS = ("assistance_end", "follow_up_end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One recorded column of an agency in a month."""

    name: str
    title: str
    unit: str
    low: float
    high: float
    meaning: str


_INF = float("inf")
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        row.name: row
        for row in (
            Measure(
                name="individual",
                title="Individual capacity",
                unit="0-1",
                low=0,
                high=1,
                meaning="Mean applied skill over positions and areas; a vacancy counts as zero.",
            ),
            Measure(
                name="organizational_skills",
                title="Organizational skills",
                unit="0-1",
                low=0,
                high=1,
                meaning="Mean over areas of routine times its enactment.",
            ),
            Measure(
                name="access_to_expertise",
                title="Access to expertise",
                unit="share",
                low=0,
                high=1,
                meaning="Share of staff with a tie to an expert in their top area.",
            ),
            Measure(
                name="shared_goals",
                title="Shared goals",
                unit="r_wg",
                low=0,
                high=1,
                meaning="Within-agency agreement on priorities (James, Demaree and Wolf 1984), undefined below two holders.",
            ),
            Measure(
                name="culture",
                title="Organizational culture",
                unit="0-1",
                low=0,
                high=1,
                meaning="Trust, learning norms, psychological safety.",
            ),
            Measure(
                name="alignment_internal",
                title="Alignment of units",
                unit="0-1",
                low=0,
                high=1,
                meaning="1 - half the L1 distance between the mean priorities of units and of the agency; undefined with one unit.",
            ),
            Measure(
                name="alignment_parent",
                title="Alignment with the parent agency",
                unit="0-1",
                low=0,
                high=1,
                meaning="1 - half the L1 distance between the mean priorities of the agency and of its parent; undefined without one.",
            ),
            Measure(
                name="resources",
                title="Resources",
                unit="0-1",
                low=0,
                high=1,
                meaning="Mean of filled share, data systems, funding and resource alignment.",
            ),
            Measure(
                name="potential",
                title="Potential",
                unit="0-1",
                low=0,
                high=1,
                meaning="What the agency could put into use: CES of people and routines times the factors for goals, alignment, access and resources.",
            ),
            Measure(
                name="capacity",
                title="Composite capacity",
                unit="0-1",
                low=0,
                high=1,
                meaning="Geometric mean of the six capacities of RAND and resources, equal weights, undefined parts left out.",
            ),
            Measure(
                name="use",
                title="Use of the practices",
                unit="0-1",
                low=0,
                high=1,
                meaning="How far the practices are really in use; the primary outcome.",
            ),
            Measure(
                name="use_unmultiplied",
                title="Use without goal and alignment factors",
                unit="0-1",
                low=0,
                high=1,
                meaning="The same with the factors for goals, alignment and the alignment of resources held at 1.",
            ),
            Measure(
                name="vacancy",
                title="Vacancy",
                unit="share",
                low=0,
                high=1,
                meaning="Share of positions without a holder.",
            ),
            Measure(
                name="exits",
                title="Exits",
                unit="share per month",
                low=0,
                high=1,
                meaning="Holders who left this month, per position.",
            ),
            Measure(
                name="ta_hours",
                title="TA hours",
                unit="hours per month and agency",
                low=0,
                high=_INF,
                meaning="Hours of technical assistance received this month.",
            ),
            Measure(
                name="recipient_hours",
                title="Recipients' hours",
                unit="hours per month and agency",
                low=0,
                high=_INF,
                meaning="Hours that staff spent on it.",
            ),
            Measure(
                name="bench_depth",
                title="Bench depth",
                unit="people",
                low=0,
                high=_INF,
                meaning="People at or above proficiency (expert_skill) in an area, mean over areas: on how many an agency can rely.",
            ),
        )
    }
)
"""Every recorded measure by name, in the order of the record's columns."""

FLOWS = ("exits", "ta_hours", "recipient_hours")
"""Measures of a month alone; all others are states, and only states are outcomes."""

OUTCOMES: tuple[str, ...] = tuple(name for name in MEASURES if name not in FLOWS)
"""Measures that a question can ask about."""

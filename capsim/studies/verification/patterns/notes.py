"""Why a pattern came out as it did: what in the model makes it so. Written after the runs; changes no number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CORRECTIONS", "NOTES", "READING", "Note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Explanation of a row.

    Parameters
    ----------
    verdicts : mapping of str to str
        Judged statistics that it explains, with the verdict that they had.
    text : str
        One paragraph.
    """

    verdicts: Mapping[str, str]
    text: str


CORRECTIONS: tuple[str, ...] = ()
"""What could not be run as declared, what was run instead, and why."""

READING: tuple[str, ...] = (
    "`share_in_use` is over districts that got hours in some area; hours that belong to no area (goals, leadership, "
    "assessments) make no area one in which a district was helped.",
    "Levels, medians and quantiles of states of an area (`routine`, `specific`) are taken and set area by area. "
    "Culture and data systems that would have to be above 1 are 1.",
    "Parameters that differ after settling count from then on for everybody, exit hazards of present staff included.",
    "Of the multiples that a search for equal doses tried, the nearest is used; the line through ln R goes straight "
    "from level to level, so that it can have several zeros.",
    "Readings of networks are over all ties of all districts together, centralisation is a mean over districts.",
)
"""How the declaration was read where it leaves a choice."""

NOTES: Mapping[str, Note] = MappingProxyType(
    {
        "weakest_link": Note(
            verdicts={"mean use": "missed"},
            text="Both arms pay for the same stocktakes; one acts on them. Acting puts all hours of a family of "
            "agencies into its weakest quarter: doses are four times as large and close less of a gap each "
            "(every effect closes a share of what is left), and the districts with the least in use are also "
            "those with less skill and routine to build on, so that less of it lands. The weakest tenth does "
            "gain, as the second statistic says; what the others lose is more. Nothing in the model makes "
            "people work harder because they are measured, which the delivery method counts on.",
        ),
        "mode_order": Note(
            verdicts={"peer_collaborative above training": "missed"},
            text="Foreseen in the declaration: a quarter of a collaborative takes ten hours of each participant "
            "for .024 of the gap in skill, a training event six hours for .0225. What a collaborative is "
            "for, ties to other agencies, is not in the numerator here. The declared hours and shares are "
            "assumed; they were not changed to mend the order.",
        ),
    }
)
"""By name of the row."""

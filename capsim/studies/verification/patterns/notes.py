"""Why a pattern came out as it did: what in the model makes it so. Written after the runs; changes no number.

Figures that are in no table of the page are from short diagnostic runs: 4 to 6 replicates of the row's own worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["CORRECTIONS", "NOTES", "READING", "Note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Explanation of a row.

    Parameters
    ----------
    text : str
        One paragraph.
    verdicts : mapping of str to str
        Judged statistics that were not met when it was written, with their verdicts.
    """

    text: str
    verdicts: Mapping[str, str] = field(default_factory=dict)


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
    "Readings of networks are over all ties of all districts together; centralisation is a mean over districts.",
)
"""How the declaration was read where it leaves a choice."""

NOTES: Mapping[str, Note] = MappingProxyType({
    "storage_location": Note(
        text="The ratio rises with turnover, but it is below 1 at every level and under every other assumption tried: "
        "at equal gains people's gain lasts longer, and there is no break-even turnover up to .40. The rise comes from "
        "one side. The gain of people halves in about 100 months without turnover, 37 at .16 and 20 at .40; that of "
        "routines in 13 to 15 months whatever the turnover. What fades it is codification, not exits: agencies without "
        "help go on writing down what their staff know, and within a few years have the routines that the helped were "
        "given. With codification off after month 60 the gain of routine_only no longer halves within ten years at "
        "turnover 0 and .16, takes about 85 months at .40, and outlasts that of people at all three. With no loss of "
        "routines that nobody enacts it lasts only 2 to 3 months longer, with no socialization no longer. "
        "So the level of the ratio hangs on codification_rate, calibrated to the baseline, more than on "
        "routine_annual_retention. And the doses are not equal in hours: coaching and training reach the gain of "
        "redesign with a seventh of its hours without turnover, with three tenths at .40.",
    ),
    "structure_buffers": Note(
        text="Met, and small: agencies with strong routines keep .8% more of their potential. In points they lose more "
        "than those with weak ones, not less, because people and routines complement each other: where more is "
        "organised, every leaver takes more away. Newcomers do learn from routines, but in three years that returns a "
        "thirtieth of the skill lost.",
    ),
    "fade": Note(
        text="Met by less than half a percent of districts. Settled use is about .29 and assistance adds .04, so that "
        "few districts pass one half. Blended follows assessed need, and need moves between areas as readings come in: "
        "over five years districts are helped in four or all five areas, each for a while, and their mean over the "
        "areas helped rarely passes one half. Individual_focused stays with two areas and brings a tenth of districts "
        "above it, and its gap in use hardly closes in two years.",
    ),
    "weakest_link": Note(
        text="An hour that lands does the same in both arms; fewer land: 50% against 58%. The quarter of a region with "
        "the lowest use gets nearly half of the hours, and is where hours land worst. These districts are small (3 to "
        "5 positions, 6 is the median), so that four times the hours ask more of each person than the participation "
        "limit leaves room for: without that limit a third of the difference is gone. They have about 10% less "
        "motivation and general capacity, which multiply; and half again to twice the vacancies, which use counts as "
        "missing people and no hour fills. Low specific capacity is not it: with a flat logistic the difference is "
        "nearly the same. The weakest tenth does gain, as expected: what is missed is the claim for the mean.",
        verdicts={"mean use": "missed"},
    ),
    "focus": Note(
        text="Met by what was put in: with the declared strain of many areas (coherence, overload of culture and "
        "engagement) the total gain is largest with two areas and negative with five. Without strain it rises with "
        "every area, by diminishing returns, so that the sign of this pattern is that of an assumption.",
    ),
    "perceived_need": Note(
        text="Self-ratings are right on average in this model and blurred by one number of noise for each district: "
        "that is why their correlation with the gap is low but positive. Interest is asked of engagement, which is "
        "lower where an agency is weak: those who need help most ask a little less for it.",
    ),
    "mode_order": Note(
        text="Foreseen in the declaration: a collaborative gives .08 x .30 in 10 hours of staff, a training .15 x .15 "
        "in 6, so that per hour it has .64 of a training by its parameters, and what it adds by ties does not make up "
        "for that within a year. The order that was planned holds for transfer to practice alone (.30 above .15), not "
        "for knowledge times transfer per hour.",
        verdicts={"peer_collaborative above training": "missed"},
    ),
})  # fmt: skip
"""By name of the row."""

"""Why a pattern came out as it did: what in the model makes it so. Written after the runs; changes no number.

Figures that are in no table of the page are from short diagnostic runs of the row's own worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Explanation of a row in one paragraph, and the verdicts that were not "met" when it was written."""

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

NOTES: Mapping[str, Note] = MappingProxyType(
    {
        "storage_location": Note(
            text="The ratio rises with turnover, steeply: what helpers leave with people goes when people go, and what "
            "they leave in routines wears out whoever is there. Routines are stocks now, so that agencies without help no "
            "longer catch up by writing down what they know, which had halved the gain of routines within a year under the "
            "rules before."
        ),
        "structure_buffers": Note(
            text="Skill is buffered, potential neither more nor less. Newcomers in agencies with strong routines do learn "
            "more, which keeps .003 of skill. But routines also raise the ceiling to which practice carries people (rule "
            "expertise: routines), so that where routines are strong there is more skill to lose, and the two cancel in "
            "potential. The row's last two lines take that cause away: with a fixed ceiling of skill potential is buffered "
            "too (.0016, .0005 to .0028), and skill three times as much (.0096).",
            verdicts={"share of potential kept": "not resolved"},
        ),
        "readiness_product": Note(
            text="Low motivation closes .28 of what median factors close, a little more than a quarter, because the "
            "declaration gives the other two factors their 90th percentile: high factors, which multiply, make up for part "
            "of the low one, as the note of the row foresaw. With the other two at their medians (8 replicates) the share is "
            ".14 for motivation, .10 for general and .11 for specific capacity: near the tenth that was set. Why "
            "motivation stays above it was not looked into: assistance itself may raise it within the year.",
            verdicts={"low motivation": "missed"},
        ),
        "fade": Note(
            text="Met by a sixth of a percent of districts. Settled use is about .3 and assistance adds .01 to .02, so that "
            "few districts pass one half, and few fall back below it."
        ),
        "weakest_link": Note(
            text="Met for both, by less than a thousandth for the mean. Under the rules before, the mean was not resolved: "
            "equal hours kept every district at work on two areas, each of which took a whole initiative's room however "
            "few its hours. Help now takes as much room as the hours it asks (rule load: hours), so that hours that go to "
            "the weakest cost them less than they did."
        ),
        "focus": Note(
            text="Missed: the total gain rises with the number of areas, hardly, from .052 with one to .054 with five, by "
            "diminishing returns in each. Whether focus pays is decided by one rule, and the row takes it away: where each "
            "area is a whole initiative, however few its hours (load: areas), the gain falls from .049 with one area to "
            "-.077 with five, and where the first hours in an area achieve little (load: setup) from .046 to .037. Strain "
            "itself does little at the defaults: without it the slope is .0001 steeper.",
            verdicts={"total gain falls with areas": "missed"},
        ),
        "perceived_need": Note(
            text="Self-ratings say more about need than S42 found among its sites. They are right on average in this model "
            "and blurred by one number of noise; what is new is how much districts differ: each has lasting effects of its "
            "own by area, so that the gaps they rate differ more than the noise (standard deviation of the gap .084). "
            "Without lasting effects (8 replicates) it is .039 and the correlation falls from .65 to .35, inside what was "
            "expected. That people do not see what they lack, as S42 suggests, is not in the model. Interest is asked of "
            "engagement, which is lower where an agency is weak: those who need help most ask a little less for it.",
            verdicts={"self-rated need": "missed"},
        ),
        "mode_order": Note(
            text="The order that was declared, and coaching to training 2.5. Under the rules before, a collaborative fell "
            "behind a training and the ratio was not resolved: there an activity took the same room whatever hours it asked, "
            "and no activity had a ceiling of its own."
        ),
        "leader_exit": Note(
            text="The hazards arrive as declared: 1.6 after an exit with weak routines, 1.1 with strong ones. The second is "
            "not resolved because with strong routines half of a practice is lost in 1.5% of districts a year, whether the "
            "leader left or not: the interval (.74 to 1.55) is wide for want of cases, and passes the upper end by .05.",
            verdicts={"hazard ratio, strong routines": "not resolved"},
        ),
    }
)
"""By name of the row."""

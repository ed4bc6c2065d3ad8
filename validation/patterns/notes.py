"""Why a pattern came out as it did: what in the model makes it so. Written after the runs; changes no number.

Figures that are in no table of the page are from short runs of the row's own worlds under the results version of the page,
with the named parameter changed after settling (lasting effects: before); intervals of shares and correlations are at the
level of the row, others at 95%.
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
            text="Without turnover both gains last alike (ratio 1.0); with .40 a year those in routines last five times as "
            "long. What helpers leave with people goes when people go: half of the gain in skill is gone after 47 "
            "months without turnover, after 13 with .40. What they leave in routines wears out whoever is there (102 "
            "and 90 months). All of this rests on how routines are kept: where .40 of a routine is left after a year, "
            "the ratio at a turnover of .16 is .11.",
        ),
        "structure_buffers": Note(
            text="Newcomers in agencies with strong routines learn more, which keeps skill and potential. They keep less "
            "than they could, because routines also raise the ceiling to which practice carries people (rule "
            "expertise: routines), so that where routines are strong there is more skill to lose. The row's last two "
            "lines take that cause away: with a fixed ceiling of skill .0057 of potential is kept instead of .0034, "
            "and .0089 of skill instead of .0018. In points potential loses more where routines are strong, because "
            "there is more of it. Results version 4 had not resolved the share of potential (.0001); what has changed is "
            "where the row starts. From worlds that settled without support from above .0019 less is kept (.0004 to "
            ".0034; 30 replicates), and .0029 less (.0010 to .0047) if they settled without money and positions that "
            "follow plans, too, and at the levels of version 4 (codification_flow, expertise_floor, "
            "data_systems_base). While the row runs support works both ways: what it adds to routines keeps .0016 of "
            "potential (.0011 to .0021), what it adds to the ceiling of skill costs .0024 (.0018 to .0030), so that "
            "without it .0015 more would be kept (.0007 to .0024). Money that follows plans keeps .0006 (.0005 to "
            ".0007), positions nothing that can be told.",
        ),
        "readiness_product": Note(
            text="Low motivation and low general capacity close .27 and .275 of what median factors close, a little more "
            "than a quarter. The declaration gives the other two factors their 90th percentile: high factors, which "
            "multiply, make up for part of the low one, as the note of the row foresaw. With the other two at their "
            "medians (8 replicates) the shares are .14 for motivation, .13 for general and .11 for specific capacity. "
            "Beyond that, neither of the two stays as low as it was set. General: the row stops the drift of data "
            "systems, but was declared before agencies above helped those below, and this help lifts data systems "
            "that are weaker than their own, within the year from .02 to .06. Without it (support_data_rate 0, 8 "
            "replicates) the share is .21 (.20 to .22), what it was in results version 4, and would be met. "
            "Motivation: posts that were vacant are filled by newcomers, who bring an engagement of their own, so "
            "that the mean rises from .06 to .08. With posts left vacant (months_to_fill 60, 8 replicates) the share "
            "is .21 (.21 to .22), and with the other two at their medians .11, the tenth that was set.",
            verdicts={"low motivation": "missed", "low general": "missed"},
        ),
        "fade": Note(
            text="Met by a quarter of a percent of districts. Settled use is about .3 and assistance adds about .01, so "
            "that few districts pass one half, and few fall back below it.",
        ),
        "weakest_link": Note(
            text="The mean is ahead by .0024, a tenth of what either gains. Leaders shift their plan toward areas that lag "
            "behind their targets (stocktake_response); where the hours of help follow into the same areas, the two "
            "pull together. Without that response (8 replicates) the mean is not ahead (-.0003, -.0014 to .0009; "
            ".0023 less than with it, .0009 to .0037), while the weakest tenth still is (.0046, .0033 to .0060). How "
            "far leaders respond is assumed.",
        ),
        "focus": Note(
            text="The total gain is the same, .049, with one area as with five. Returns diminish in each area, which "
            "speaks for many; that help is less clear the more areas and activities a person meets (offering_weight) "
            "speaks for few. Without this rule, which results version 4 did not have, the slope is .0008 higher "
            "(.0005 to .0010; 8 replicates): version 4 had missed the row, with a gain that rose. Whether focus pays "
            "is decided by how load is counted, and the row takes that away: where each area is a whole initiative, "
            "however few its hours (load: areas), the gain falls from .046 with one area to -.088 with five, and "
            "where the first hours in an area achieve little (load: setup) from .044 to .033. Strain itself does "
            "little at the defaults: without it the slope is .0001 higher.",
            verdicts={"total gain falls with areas": "not resolved"},
        ),
        "perceived_need": Note(
            text="Self-ratings say more about need than S42 found among its sites. They are right on average in this model "
            "and blurred by one number of noise, and districts differ much: each has lasting effects of its own by "
            "area, so that the gaps they rate differ more than the noise (standard deviation of the gap .095). "
            "Without lasting effects (expertise and codification, of agencies and of areas; 8 replicates) it is .044 "
            "and the correlation falls from .66 to .38 (.34 to .43), to the upper end of what was expected. That "
            "people do not see what they lack, as S42 suggests, is not in the model. Interest is asked of engagement, "
            "which is lower where an agency is weak: those who need help most ask a little less for it.",
            verdicts={"self-rated need": "missed"},
        ),
        "tiered_ceilings": Note(
            text="The ceilings of activities say so, that of a publication lying near what people know anyway. With one "
            "ceiling for all, tiers are not ahead of materials for all (-.0004, -.0012 to .0003), which gain twelve "
            "times as much then. With ceilings .15 lower or higher they are (.0060 and .0077).",
        ),
        "routines_spread": Note(
            text="Three times what it was in results version 4 (.0021), because of support from above: without it "
            "(support_weight 0, 6 replicates, month 60) ties bring .0015 (-.0008 to .0038) instead of .0053 (.0040 to "
            ".0066). Then ties to the agencies above carry routines, too, with assistance and without, and presumably "
            "leave less for peers to bring; with support nothing of an agency above comes along ties. What peer "
            "networks add without any spread (.0093) is not of ties but of tools, which working groups make: without "
            "tools (tool_rate 0, 6 replicates, month 60) .0008 instead of .0086, while ties bring as much as before "
            "(.0058).",
        ),
        "leader_exit": Note(
            text="The ratios lie where they were declared, 1.5 after an exit with weak routines and .9 with strong ones, "
            "and neither is resolved for want of cases. Half of a practice is lost within a year in 6.1% of cases "
            "after an exit and in 3.9% otherwise where routines are weak, in 1.0% and 1.1% where they are strong; in "
            "results version 4 it was 7.0% and 4.4%, 1.6% and 1.4%. With so few cases the lower ends pass 1.3 by .08 "
            "and .7 by .18. Fewer are lost because agencies above hold practices: without support (support_weight 0, 40 "
            "replicates) it is 7.1% and 4.5%, 1.6% and 1.4% again, with ratios of 1.6 and 1.1, and so it is without "
            "support_hold alone (7.3% and 4.6%, 1.5% and 1.4%).",
            verdicts={"hazard ratio, weak routines": "not resolved", "hazard ratio, strong routines": "not resolved"},
        ),
    }
)
"""By name of the row."""

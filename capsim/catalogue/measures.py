"""What is recorded: emergent capacities, outcomes and flows, with unit and meaning; what becomes of hours of help; and how
districts count in a mean, and what levels, outcomes and columns are called under it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from capsim.catalogue.parts import table_of

OUTCOME_MOMENTS = ("assistance_end", "follow_up_end")


@dataclass(frozen=True, slots=True)
class Measure:
    """One recorded column of an agency in a month."""

    name: str
    title: str
    unit: str
    low: float
    high: float
    meaning: str


_INF = float("inf")

# fmt: off
MEASURES = table_of(
    Measure("individual", "Individual capacity", "0-1", 0, 1, "Mean applied skill over positions and areas; a vacancy counts as zero."),
    Measure("organizational_skills", "Organizational skills", "0-1", 0, 1, "Mean over areas of routine times its enactment."),
    Measure("access_to_expertise", "Access to expertise", "share", 0, 1, "Share of staff with a tie to an expert in their top area."),
    Measure("shared_goals", "Shared goals", "r_wg", 0, 1, "Within-agency agreement on priorities (James, Demaree and Wolf 1984), undefined below two holders."),
    Measure("culture", "Organizational culture", "0-1", 0, 1, "Trust, learning norms, psychological safety."),
    Measure("alignment_internal", "Alignment of units", "0-1", 0, 1, "1 - half the L1 distance between the mean priorities of units and of the agency; undefined with one unit."),
    Measure("alignment_parent", "Alignment with the parent agency", "0-1", 0, 1, "1 - half the L1 distance between the mean priorities of the agency and of its parent; undefined without one."),
    Measure("resources", "Resources", "0-1", 0, 1, "Mean of filled share, data systems, funding and resource alignment."),
    Measure("potential", "Potential", "0-1", 0, 1, "What the agency could put into use: CES of people and routines times the factors for goals, alignment, access and resources."),
    Measure("capacity", "Composite capacity", "0-1", 0, 1, "Geometric mean of the six capacities of RAND and resources, equal weights, undefined parts left out."),
    Measure("use", "Use of the practices", "0-1", 0, 1, "How far the practices are really in use; the primary outcome."),
    Measure("use_unmultiplied", "Use without goal and alignment factors", "0-1", 0, 1, "The same with the factors for goals, alignment and the alignment of resources held at 1."),
    Measure("relevant_use", "Use where it matters", "0-1", 0, 1, "Use of the practices, areas weighted by how much they matter to the agency (a lasting share of each, relevance_concentration)."),
    Measure("vacancy", "Vacancy", "share", 0, 1, "Share of positions without a holder."),
    Measure("exits", "Exits", "share per month", 0, 1, "Holders who left this month, per position."),
    Measure("ta_hours", "TA hours", "hours per month and agency", 0, _INF, "Hours of technical assistance received this month."),
    Measure("recipient_hours", "Recipients' hours", "hours per month and agency", 0, _INF, "Hours that staff spent on it."),
    Measure("bench_depth", "Bench depth", "people", 0, _INF, "People at or above proficiency (expert_skill) in an area, mean over areas: on how many an agency can rely."),
    Measure("support", "Support from above", "ratio", 0, _INF, "Help from the agencies above, 1 as usual, mean over areas; undefined without an agency above, and where support_weight is 0."),
    Measure("support_time", "Time of those above", "ratio", 0, _INF, "Factor of support: free time of the agencies above, 1 as usual."),
    Measure("support_plan", "Plans of those above", "ratio", 0, _INF, "Factor of support: how far the plans of the agencies above go where they are able, 1 for plans that treat all areas alike."),
    Measure("support_alignment", "Alignment with those above", "ratio", 0, _INF, "Factor of support: alignment with the agencies above, 1 as usual."),
    Measure("support_quality", "Quality of those above", "ratio", 0, _INF, "Factor of support: skill times enacted routine of the agencies above, 1 as usual."),
)
# fmt: on
"""Every recorded measure by name, in the order of the record's columns."""

SUPPORT_FACTORS = ("support_time", "support_plan", "support_alignment", "support_quality")
"""What support is made of; their product is support where help is given evenly."""
SUPPORT_MEASURES = ("support", *SUPPORT_FACTORS)
"""Recorded only where `support_weight` is above 0."""

# fmt: off
LINKED = table_of(
    Measure("first_year_teachers", "First-year teachers", "share", 0, 1, "Share of a district's teachers who are in their first year. A declared link, not a finding."),
    Measure("teacher_equity", "Gap in first-year teachers", "share", -1, 1, "First-year teachers in the poorest minus the richest quarter of districts, in shares of teachers; the smaller the more equitable. A declared link, not a finding."),
    Measure("materials", "Teachers with aligned materials", "share", 0, 1, "Share of teachers who use at least one material that is aligned to standards. A declared link, not a finding."),
    Measure("achievement", "Pupils' achievement", "SD", -_INF, _INF, "Mean achievement of a district's pupils, in standard deviations of pupils, around that of an average district with usual use. A declared link, not a finding."),
    Measure("achievement_gap", "Achievement gap", "SD", -_INF, _INF, "Achievement in the richest minus the poorest quarter of districts. A declared link, not a finding."),
)
# fmt: on
"""What use is for, recorded where a scenario links it (key `outcomes`): levels of districts, and gaps between quarters
of districts by the poverty of their children.
"""

LINKS: dict[str, tuple[str, ...]] = {
    "teacher_equity": ("first_year_teachers", "teacher_equity"),
    "materials": ("materials",),
    "achievement_gap": ("achievement", "achievement_gap"),
}
"""Columns of each outcome that can be linked; the last one is what a question asks for."""

GAPS = ("teacher_equity", "achievement_gap")
"""Those that are differences between quarters of districts, whatever counts in means; the smaller the better."""

NOT_A_FINDING = "a declared link, not a finding"
"""What is said wherever an outcome of `LINKED` is shown."""


def use_in(area: str) -> str:
    """Column of the use in one focal area: ``use_in_data_use``. Areas are told apart by letters and digits alone."""
    return "use_in_" + re.sub(r"\W+", "_", area.casefold()).rstrip("_")


def use_in_area(area: str, title: str = "") -> Measure:
    """The measure of that column."""
    called = title or area
    return Measure(use_in(area), f"Use in {called}", "0-1", 0, 1, f"How far the practices of {called} are in use.")


def recorded_columns(areas: Sequence[str], links: Collection[str] = ()) -> tuple[str, ...]:
    """Columns of a record: every measure, use by area, and outcomes that are linked."""
    linked = [column for name, columns in LINKS.items() if name in links for column in columns]
    return (*MEASURES, *map(use_in, areas), *linked)


FLOWS = ("exits", "ta_hours", "recipient_hours", *SUPPORT_MEASURES)
"""Measures of a month alone; all others are states, and only states are outcomes."""

_LESS_IS_BETTER = ("vacancy", "exits", "recipient_hours", *GAPS)


def better(name: str) -> float:
    """Sign of a difference for the better in a measure, or in a column of the runs: -1 where less is better."""
    return -1.0 if name.removeprefix("gain_").startswith(_LESS_IS_BETTER) else 1.0


OUTCOMES: tuple[str, ...] = tuple(name for name in MEASURES if name not in FLOWS)
"""Measures that a question can ask about."""

# fmt: off
CENTER_SERIES = table_of(
    Measure("positions", "Positions of the center", "people", 0, _INF, "Consultants' positions this month."),
    Measure("filled", "Filled positions", "people", 0, _INF, "Consultants who are there."),
    Measure("hired", "Hired", "people", 0, _INF, "Consultants who came this month; in the first month, all."),
    Measure("left", "Left", "people", 0, _INF, "Consultants who left this month."),
    Measure("tenure", "Tenure", "months", 0, _INF, "Mean months of the consultants at the center."),
    Measure("experience", "Experience", "0-1", 0, 1, "Experience with area and activity of whoever gave an hour, mean over the hours of the month."),
    Measure("quality", "Quality of the center", "ratio", 0, _INF, "Quality of whoever gave an hour, caseload included, mean over the hours of the month; 1 for the reference program."),
    Measure("completely_served", "Completely served", "share", 0, 1, "Clients of the month with a client rating of 4 or more."),
    Measure("want_more", "Want more time", "share", 0, 1, "Of the other clients, those whose answer in the survey of interest is 4 or more."),
    Measure("pieces", "Pieces", "count", 0, _INF, "Focal area x activity pairs that a person in a client agency really meets, mean over clients."),
    Measure("clarity", "Clarity of offerings", "ratio", 0, 1, "Clarity that these pieces leave, mean over clients."),
)
# fmt: on
"""Columns of the center's book, in order; empty for what the scenario does not declare."""

# fmt: off
LOGGED = table_of(
    Measure("expert_rating", "Expert rating", "1-5", 1, 5, "Technical quality of the assistance in the eyes of an outside expert."),
    Measure("client_rating", "Client rating", "1-5", 1, 5, "Relevance and usefulness in the eyes of those who were served; lenient."),
    Measure("satisfaction", "Satisfaction", "1-5", 1, 5, "Satisfaction of those who were served; knows of burden, not of learning."),
    Measure("interest", "Interest", "1-5", 1, 5, "Yearly self-report of how much an agency would like assistance."),
    Measure("self_rating_reading", "Self-rating", "1-5", 1, 5, "Yearly self-report of how good an agency is, mean over focal areas."),
    Measure("self_rated_relevance_reading", "Self-rated relevance", "1-5", 1, 5, "Yearly self-report of how much the focal areas matter to an agency, mean over areas."),
    Measure("relevance_reading", "Relevance, as read", "share", 0, 1, "Latest reading of how much the area that matters most to an agency does, agencies read so far; 1 / number of areas if all matter alike."),
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


STEPS = ("offered", "attended", "met", "ready", "coherent", "clear", "able", "begun", "landed", "used")
CHANNELS = ("direct", "passed_on")
STATUS = {
    "served": "Got hours, and people had time for at least half of them.",
    "saturated": "Got hours, but its people had time for less than half of them.",
    "nobody": "Got hours, but nobody held a position who could take part.",
    "screened_out": "Not ready enough, as the latest screening reads it.",
    "declined": "Less interested than the others, as its staff say in the yearly survey.",
    "not_chosen": "The targeting, the allocation or the strategy's own decision gave its hours to others.",
    "waiting": "Chosen, but no hours or no whole unit were left for it in the month.",
    "outside": "The strategy does not work with agencies of its kind.",
}
REACH = ("agencies", "offered", "landed", "seats", "staff_months")
"""Numbers of the table of those who were served."""
KEPT = ("reading", "truth", "passed")
"""Columns of the records: mean score, mean of the truth, share of agencies at or above the first threshold."""
HELP = ("none", "some", "a_day")
"""How much help a person has had: none, less than `DAY`, a day and more."""


@dataclass(frozen=True, slots=True)
class Weight:
    """One way of counting districts; `title` is what a mean is over, `one` what has the same say as any other."""

    name: str
    title: str
    one: str


WEIGHTS = table_of(
    Weight("pupils", "pupils", "Each district counts in proportion to its pupils."),
    Weight("districts", "districts", "Every district counts the same."),
    Weight("positions", "positions", "Each district counts in proportion to its positions."),
)
"""Every way of counting, by name. In a sample each district also counts for those that it stands for."""

PLAIN = "districts"
"""The way of counting of names that say none."""
_OF_A_WHOLE_RUN = ("capacity_years", "gain_capacity_years", "gain_per_1000_hours")


EQUITY_GAPS = {"equity_gap_size": "large minus small districts", "equity_gap_sparse": "other minus sparse districts"}
"""Gaps in use between groups of districts. Under these names every district of a group counts the same, whatever a
question says; the same by pupils and by positions stands beside them, ``equity_gap_size_by_pupils_follow_up_end``.
"""


def weighted(name: str, weight: str) -> str:
    """Name of a level or measure under a way of counting: ``lea_by_pupils``; as it is over districts."""
    return name if weight == PLAIN else f"{name}_by_{weight}"


DISTRICTS = {
    "lea_small": "districts below 1,000 pupils",
    "lea_medium": "districts of 1,000 to 4,999 pupils",
    "lea_large": "districts of 5,000 pupils and more",
    "lea_sparse": "sparse districts",
    "lea_other": "districts that are not sparse",
    "lea_poorest": "the quarter of districts with most poverty",
    "lea_richest": "the quarter of districts with least poverty",
}
"""Groups of districts in the records, in words."""
COUNTED = tuple(weighted(part, weight) for weight in WEIGHTS if weight != PLAIN for part in DISTRICTS)
"""The same counted by pupils and by positions, known at the two moments of outcomes alone."""


def weighted_column(column: str, weight: str) -> str:
    """Column of the runs under a way of counting, ``use_by_pupils_follow_up_end``; as it is where districts do not
    count: hours, costs, and `EQUITY_GAPS`.
    """
    if column.startswith(tuple(EQUITY_GAPS)):
        return column
    for moment in OUTCOME_MOMENTS:
        if column.endswith(f"_{moment}"):
            return f"{weighted(column.removesuffix(f'_{moment}'), weight)}_{moment}"
    return weighted(column, weight) if column in _OF_A_WHOLE_RUN else column


def unweighted(name: str) -> tuple[str, str]:
    """The name of a column or level over districts, and the way of counting that it says."""
    for weight in WEIGHTS:
        if f"_by_{weight}" in name:
            return name.replace(f"_by_{weight}", ""), weight
    return name, PLAIN

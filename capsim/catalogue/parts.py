"""The parts a strategy is composed of, besides activities: whom to serve, how and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CHAINS", "CODESIGN_PHASES", "GROUPINGS", "RECIPIENT_LEVELS", "SCHEDULES", "TARGETINGS", "TIERS", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """One choice: identifier, heading, what it does."""

    name: str
    title: str
    meaning: str


TIERS: tuple[str, ...] = ("universal", "targeted", "intensive")
"""Tiers of activities; a targeting can be chosen for the last two."""

TARGETINGS: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("universal", "Universal", "Every recipient agency gets the same hours."),
    Part("need", "By assessed need", "Hours in proportion to 1 - the latest rubric reading, by agency and area; agencies without a reading count as average."),
    Part("volunteers", "Volunteers", "Agencies that say they are interested come first: none for those below the median of the yearly survey, more the more interested."),
    Part("readiness", "By readiness", "The readier half: agencies whose latest screening is at or above the median get equal hours, the others none."),
    Part("need_and_readiness", "By need and readiness", "Hours in proportion to assessed need times screened readiness."),
    Part("equity", "Equity", "Sparse agencies and those with fewer than 1,000 pupils get more (equity_weight times as much)."),
    Part("lowest_first", "Lowest first", "All hours to the third of agencies with the lowest rubric readings."),
    Part("least_sustainable", "Least sustainable first", "Hours in proportion to 5 - the mean level, 1 to 4, of the latest sustainability rubric; agencies without one count as average."),
    Part("weakest_link", "Weakest link of the chain", "Below each regional or state agency, all hours to the quarter in which the practices are least in use by the latest stocktake."),
)})

SCHEDULES: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("level", "Level", "The same hours every month."),
    Part("front_loaded", "Front-loaded", "Hours fall linearly from twice the mean to zero."),
    Part("taper", "Tapered", "Level hours, falling linearly to zero over the last third."),
)})

CODESIGN_PHASES: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("none", "No co-design", "The provider designs the support."),
    Part("planning", "Co-design while planning", "Recipients take part in the design during the first planning_months."),
    Part("implementation", "Co-design after planning", "Recipients take part only from planning_months on, at a loss of clarity."),
    Part("both", "Co-design throughout", "Recipients take part all the time; from planning_months on at a loss of clarity."),
)})
"""When recipients share in the design of the support."""

CHAINS: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("direct", "Direct", "Consultants work with the recipients, and that is all."),
    Part("cascade", "Cascade", "Recipients (regional agencies as a rule) pass on what they get to the agencies below them, in hours of their own staff."),
)})
"""How assistance reaches districts."""

GROUPINGS: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("mixed", "Groups across states", "Peer collaboratives, working groups and joint calls mix agencies of all states and regions that take part."),
    Part("by_state", "Groups within states", "The same, but agencies meet only those of their own state."),
)})
"""Who meets whom in activities for groups of agencies."""

RECIPIENT_LEVELS: Mapping[str, int] = MappingProxyType({"sea": 1, "esa": 2, "lea": 3, "school": 4})
"""Levels of agencies that can receive assistance, with their codes."""

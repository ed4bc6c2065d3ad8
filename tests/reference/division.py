"""The division of hours: which agencies a composition serves, in which areas, with which part of the hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from capsim.catalogue import ACTIVITIES, Activity, Recipe
from capsim.levels import AGENCY_LEVELS, Level

from .agencies import Organization
from .targeting import TARGETINGS, Known, Weights, most_needed

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Division", "Divisions"]

BELOW = (Level.ESA, Level.LEA, Level.SCHOOL)

Division: TypeAlias = dict[tuple[Organization, int], float]
"""Hours, or shares of them, for each recipient and area."""


class Divisions:
    """One division for each activity.

    Parameters
    ----------
    composition : Recipe
    twin : Twin

    Attributes
    ----------
    recipients : list of Organization
        Agencies that may be served.
    passes_on : bool
        Whether they pass on what they get.
    by_activity : dict of str to Division
        Shares that sum to 1, or to 0 when nobody has any weight.
    below : dict of str to dict of Organization to float
        Weights with which things are passed on, by tier.
    """

    def __init__(self, composition: Recipe, twin: Twin) -> None:
        self.composition, self.twin = composition, twin
        self.recipients, self.passes_on = recipients_of(composition, twin.organizations)
        self.by_activity: dict[str, Division] = {}
        self.focal: dict[Organization, list[int]] = {}
        self.below: dict[str, dict[Organization, float]] = {}

    def of(self, activity: str, hours: float) -> Division:
        """Hours of an activity by recipient and area."""
        return {where: share * hours for where, share in self.by_activity[activity].items()}

    def areas_of(self, organization: Organization) -> list[int]:
        """Areas that an agency works on, with hours or without."""
        return self.focal[self.head(organization)]

    @property
    def reached(self) -> list[Organization]:
        """Recipients, and where they pass on what they get, everybody below them."""
        return [one for one in self.twin.organizations if self.head(one) is not None]

    def head(self, organization: Organization) -> Organization | None:
        """The recipient at the top of the chain that reaches an agency."""
        parent = organization.parent
        if self.passes_on and parent is not None and organization.level in BELOW and organization.size > 0:
            above = self.head(parent)
            if above is not None:
                return above
        return organization if organization in self.recipients else None

    def passed_on(self, activity: str) -> Mapping[Organization, float] | None:
        """Weights with which recipients pass an activity on; None when they do not."""
        return self.below[ACTIVITIES[activity].tier] if self.passes_on else None

    def plan(self, known: Known) -> None:
        """Divide anew by what is known."""
        below = [one for one in self.twin.organizations if one.level in BELOW]
        self.focal = self.focal_areas(known)
        for tier in ("universal", "targeted", "intensive"):
            weights = self.weigh(tier, self.recipients, known)
            for activity in (one for one in ACTIVITIES.values() if one.tier == tier):
                division = {
                    (organization, area): organization.allocation * organization.weight * of_area[area]
                    if self.passes_on or able(activity, organization)
                    else 0.0
                    for organization, of_area in weights.items()
                    for area in (range(self.twin.n_areas) if tier == "universal" else self.areas_of(organization))
                }
                self.by_activity[activity.name] = shares(division, self.shares_of_levels())
            passed_on = self.weigh(tier, below, known)
            self.below[tier] = {one: one.allocation * sum(weights) for one, weights in passed_on.items()}

    def weigh(self, tier: str, organizations: list[Organization], known: Known) -> Weights:
        """Weights by the targeting; what is for everybody is for everybody."""
        rule = TARGETINGS[self.targeting(tier)]
        return rule(organizations, known, self.twin.values) if organizations else {}

    def targeting(self, tier: str) -> str:
        """Name of the targeting of a tier."""
        targeting = self.composition.targeting
        if tier == "universal":
            return "universal"
        return targeting if isinstance(targeting, str) else targeting.get(tier, "universal")

    def focal_areas(self, known: Known) -> dict[Organization, list[int]]:
        """Areas that each recipient would work on; those named, or those in which its targetings weigh most."""
        areas = self.composition.focal_areas
        if not isinstance(areas, int):
            named = [area for area, name in enumerate(self.twin.areas) if name in areas]
            return dict.fromkeys(self.recipients, named)
        rank = {one: [0.0] * self.twin.n_areas for one in self.recipients}
        tiers = {self.targeting(tier): tier for tier in ("intensive", "targeted")}
        for tier in sorted(tiers.values(), reverse=True):
            for one, weights in self.weigh(tier, self.recipients, known).items():
                if sum(weights) > 0:
                    rank[one] = [old + new / sum(weights) for old, new in zip(rank[one], weights, strict=True)]
        return {one: most_needed(ranks, areas) for one, ranks in rank.items()}

    def shares_of_levels(self) -> dict[int, float] | None:
        """Share of each level, where the composition says so and serves any of them."""
        share = self.composition.recipients
        levels = {one.level for one in self.recipients}
        if not isinstance(share, Mapping) or not levels <= {AGENCY_LEVELS[name] for name in share}:
            return None
        return {AGENCY_LEVELS[name]: part for name, part in share.items()}


def able(activity: Activity, organization: Organization) -> bool:
    """Whether there is anything in the agency that the activity could change."""
    return organization.level in {AGENCY_LEVELS[level] for level in activity.levels}


def shares(division: Division, of_levels: dict[int, float] | None) -> Division:
    """Weights become shares; a level in which nobody has any weight leaves its share to the others."""
    if of_levels is None:
        total = sum(division.values())
        return {where: weight / total if total > 0 else 0.0 for where, weight in division.items()}
    totals = dict.fromkeys(of_levels, 0.0)
    for (organization, _), weight in division.items():
        totals[organization.level] += weight
    given = sum(share for level, share in of_levels.items() if totals[level] > 0)
    return {
        where: weight / totals[where[0].level] * of_levels[where[0].level] / given if weight * given > 0 else 0.0
        for where, weight in division.items()
    }


def recipients_of(composition: Recipe, organizations: list[Organization]) -> tuple[list[Organization], bool]:
    """Agencies that a strategy serves, and whether they pass on what they get.

    A cascade that finds none of its levels begins with the agencies above districts; where there are none, districts
    are served directly.
    """
    levels = [AGENCY_LEVELS[name] for name in composition.recipients]
    served = [organization for organization in organizations if organization.level in levels]
    if composition.chain == "direct" or served:
        return served, composition.chain == "cascade"
    districts = [one for one in organizations if one.level == Level.LEA]
    above = [one for one in organizations if any(child in districts for child in one.children)]
    return (above, True) if above else (districts, False)

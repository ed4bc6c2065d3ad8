"""How much of a row of work lands: readiness x coherence x clarity x quality of who provides it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .agencies import Organization
from .capacities import filled_share, mean, mean_skill
from .chance import lognormal
from .delivery import Work
from .rules import form

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Receptivity", "Snapshot"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An agency as the month's assistance finds it.

    What lands, and what instruments see, rests on it, so that the order of deliveries does not matter for either.

    Attributes
    ----------
    skill, routine, plan, use : list of float
        By area.
    engagement : float or None
        Mean of the holders; None without one.
    general : float
        General capacity: geometric mean of culture, staffing and data systems.
    culture, data_systems, resource_alignment : float
    """

    skill: list[float]
    routine: list[float]
    plan: list[float]
    use: list[float]
    engagement: float | None
    general: float
    culture: float
    data_systems: float
    resource_alignment: float

    @classmethod
    def of(cls, organization: Organization) -> Snapshot:
        """Look at an agency now."""
        people = organization.holders
        return cls(
            skill=mean_skill(organization),
            routine=list(organization.routine),
            plan=list(organization.plan),
            use=list(organization.use),
            engagement=mean([person.engagement for person in people]) if people else None,
            general=(organization.culture * filled_share(organization) * organization.data_systems) ** (1 / 3),
            culture=organization.culture,
            data_systems=organization.data_systems,
            resource_alignment=organization.resource_alignment,
        )


class Receptivity:
    """What decides how much lands this month.

    Parameters
    ----------
    twin : Twin
    work : list of Work
        The whole month's: how much lands of one thing depends on how much else is going on.
    snapshots : dict of Organization to Snapshot
    """

    def __init__(self, twin: Twin, work: list[Work], snapshots: dict[Organization, Snapshot]) -> None:
        self.twin, self.snapshots = twin, snapshots
        self.designing = {one.organization for one in work if one.activity.name == "codesign"}
        self.caseload = caseload(twin, work)

    def of(self, one: Work) -> float:
        """How much of a row lands."""
        ready = self.readiness(one.organization, self.specific_capacity(one))
        lands = (
            one.organization.online
            * ready
            * self.coherence(one.organization)
            * self.clarity(one.organization)
            * self.quality(one)
        )
        return lands * self.settling_in(one)

    def readiness(self, organization: Organization, specific: float) -> float:
        """Motivation, general and specific capacity, each relative to a median agency."""
        values, snapshot = self.twin.values, self.snapshots[organization]
        if snapshot.engagement is None:
            return 0.0
        motivation = snapshot.engagement / values["motivation_center"]
        general = snapshot.general / values["general_capacity_center"]
        rule, together = form(values, "readiness"), motivation * general * specific
        if rule == "minimum":
            together = min(motivation, general, specific)
        if rule == "geometric_mean":
            together = together ** (1 / 3)
        return min(values["readiness_cap"], values["readiness_reference"] * together)

    def settling_in(self, one: Work) -> float:
        """The first hours in an area achieve little where setting up costs something."""
        setup = self.twin.values["setup_hours"]
        if form(self.twin.values, "load") != "setup" or one.row.area is None or setup == 0:
            return 1.0
        helped = one.organization.helped[one.row.area]
        return helped / (helped + setup)

    def specific_capacity(self, one: Work) -> float:
        """Is what the activity builds on there? Relative to an agency at the baseline and the usual prerequisite."""
        values, snapshot = self.twin.values, self.snapshots[one.organization]
        if one.activity.prerequisite_of == "routine":
            state, baseline = snapshot.routine, values["baseline_routine"]
        else:
            state, baseline = snapshot.skill, values["baseline_people"]
        has = mean(state) if one.row.area is None else state[one.row.area]
        areas = one.organization.areas
        harder = [area.prerequisite for area in areas] if one.row.area is None else [areas[one.row.area].prerequisite]
        needs = values[f"{one.activity.name}_prerequisite"] + mean(harder)

        def logistic(x: float, needs: float) -> float:
            return 1 / (1 + math.exp(-values["prerequisite_slope"] * (x - needs)))

        return logistic(has, needs) / logistic(baseline, one.activity.prerequisite)

    def coherence(self, organization: Organization) -> float:
        """Too many areas and initiatives at once, and each suffers."""
        values = self.twin.values
        initiatives = organization.load + organization.outside_initiatives
        return 1 / (1 + values["coherence_gamma"] * max(0.0, initiatives - values["coherence_limit"]))

    def clarity(self, organization: Organization) -> float:
        """Who still designs together while others already implement makes it less clear what to do."""
        clear = self.twin.program.offerings.clarity(organization)
        if organization in self.designing and self.twin.month >= self.twin.values["planning_months"]:
            clear *= 1 - self.twin.values["codesign_clarity_loss"]
        return clear

    def quality(self, one: Work) -> float:
        """Of the staff who pass something on, or of the consultant."""
        if one.quality is not None:
            return one.quality
        if self.twin.program.living is not None:
            return self.twin.program.living.quality(one) * self.attention()
        consultant = self.twin.program.consultant_of(one.organization)
        return consultant_quality(self.twin, consultant) * self.attention()

    def attention(self) -> float:
        """Who serves too many agencies serves each less well."""
        values = self.twin.values
        if self.caseload <= values["caseload_limit"]:
            return 1.0
        return (values["caseload_limit"] / self.caseload) ** values["caseload_loss"]


def caseload(twin: Twin, work: list[Work]) -> float:
    """Agencies of the population per consultant that are served this month with more than what is for everybody."""
    served = {one.organization for one in work if one.is_direct and one.asks_for_work}
    return sum(organization.weight for organization in served) / twin.program.posts


def consultant_quality(twin: Twin, consultant: int) -> float:
    """Consultants differ (lognormal, mean 1), and the larger the program, the less each achieves."""
    size = twin.program.full_time / twin.values["provider_scale_reference"]
    return size ** -twin.values["provider_scale"] * lognormal(twin, "consultants", identity=consultant, month=0)

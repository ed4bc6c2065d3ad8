"""Positions, units and organizations: the places that stay while people come and go."""

from __future__ import annotations

from dataclasses import dataclass, field

from capsim.levels import Role

from .people import Person

__all__ = ["Area", "Organization", "Position", "Unit"]


@dataclass(frozen=True, slots=True)
class Area:
    """A focal area: what its record adds to prerequisites and multiplies, how much it leans on people, its weight in
    linked outcomes.
    """

    name: str
    prerequisite: float
    codifiable: float
    disuse: float
    lag: float
    people: float
    linked: dict[str, float]


@dataclass(slots=True, eq=False)
class Position:
    """A budgeted seat.

    Attributes
    ----------
    index : int
        Place among all positions of the world; processes go through positions in this order.
    organization : Organization
    unit : Unit
    row : int
        Place within the organization, the address of its luck.
    role : Role
    liaison : bool
        Whether the holder looks for contacts outside the agency.
    hazard : float
        Baseline exit hazard per month.
    holder : Person or None
    vacant_months : int
        Months without a holder.
    """

    index: int
    organization: Organization
    unit: Unit
    row: int
    role: Role
    liaison: bool
    hazard: float
    holder: Person | None = None
    vacant_months: int = 0

    @property
    def job(self) -> tuple[int, int, int]:
        """Labour market, level and role: vacancies are filled by people who did the same job elsewhere."""
        return self.organization.market, self.organization.level, int(self.role)


@dataclass(slots=True, eq=False)
class Unit:
    """A department of an agency; small agencies have one."""

    positions: list[Position] = field(default_factory=list)

    @property
    def holders(self) -> list[Person]:
        """People of the unit."""
        return [position.holder for position in self.positions if position.holder is not None]


@dataclass(slots=True, eq=False)
class Organization:
    """An agency: state (SEA), regional (ESA) or local (LEA), a school, or the TA center.

    Attributes
    ----------
    index, identity : int
        Place among the organizations of the world; address of its luck.
    areas : tuple of Area
        The same for all.
    level, market : int
        Level in the delivery chain; labour market (state).
    parent : Organization or None
    children : list of Organization
    units, positions : list
        The first position is that of the agency's leader.
    culture_effect, engagement_effect, data_systems_effect : float
        Lasting peculiarity of the agency.
    expertise_effect, codification_factor, relevance : list of float
        The same by area: on how far practice carries people, and on what is written down.
    disadvantage : float
        How poor a district is, around 0.
    enrollment, weight, family_weight, allocation : float
        Pupils; how many agencies of the population this one stands for in a sampled world, and how many right below its
        own parent; what it weighs in the division of hours.
    sparse : bool
        Whether it lies in the thinly settled part of its state.
    routine, plan, use, use_unmultiplied : list of float
        One value per area. Plans sum to 1.
    enacted, provisional, outdated_routine : list of float
        Routine that is kept up; part of the routine that stands only while help lasts; share of it that is outdated.
    supported : list of bool
        Whether help built the routine this month.
    helped : list of float
        Hours of help per person so far.
    culture, data_systems, funding : float
    resource_alignment : float
        How far finances, data systems and personnel follow the plan.
    finances, personnel : list of float
        Shares of its money and of its positions that serve each area.
    committed : float
        Share of staff time committed to compliance.
    leader_left : bool
        This month.
    leader_exit_age : int
        Months since the leader left.
    exits, areas_served : int
        Leavers, and areas on which the agency was helped, this month.
    outside_initiatives : int
        Initiatives of others on which the agency works.
    load : float
        Initiatives that this month's help amounts to.
    ta_hours : float
        Hours of technical assistance this month.
    support : list of float
        Help from the agencies above, 1 as usual.
    support_time, support_plan, support_alignment, support_quality : float
        What it is made of.
    usual_positions, usual_layers : float, int
        Positions by which its help is measured; regional agencies that usually stand above.
    unrest, online, hours_given : float
        What this month's events make of exits, of the effect of help, and of its hours; 1 without any.
    must_lose_leader : bool
        Whether an event makes the leader leave this month.
    first_year_teachers, materials, achievement, backing : float
        Of a district, where outcomes are linked to use; hours of help per position that stand behind the materials.
    """

    index: int
    areas: tuple[Area, ...]
    identity: int
    level: int
    market: int
    culture_effect: float
    engagement_effect: float
    data_systems_effect: float
    expertise_effect: list[float]
    codification_factor: list[float]
    relevance: list[float]
    disadvantage: float
    enrollment: float
    weight: float
    family_weight: float
    allocation: float
    sparse: bool
    routine: list[float]
    enacted: list[float]
    provisional: list[float]
    outdated_routine: list[float]
    supported: list[bool]
    helped: list[float]
    plan: list[float]
    use: list[float]
    use_unmultiplied: list[float]
    culture: float
    data_systems: float
    funding: float
    resource_alignment: float
    finances: list[float]
    personnel: list[float]
    committed: float
    leader_left: bool
    leader_exit_age: int
    exits: int
    areas_served: int
    outside_initiatives: int
    load: float
    ta_hours: float
    support: list[float]
    support_time: float
    support_plan: float
    support_alignment: float
    support_quality: float
    usual_positions: float
    usual_layers: int
    first_year_teachers: float
    materials: float
    achievement: float
    backing: float
    unrest: float = 1.0
    online: float = 1.0
    hours_given: float = 1.0
    must_lose_leader: bool = False
    parent: Organization | None = None
    children: list[Organization] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Budgeted positions."""
        return len(self.positions)

    @property
    def holders(self) -> list[Person]:
        """Everybody who works here, in position order."""
        return [position.holder for position in self.positions if position.holder is not None]

    @property
    def leader(self) -> Person | None:
        """Holder of the first position."""
        return self.positions[0].holder

    @property
    def leaders(self) -> list[Person]:
        """All holders in the role of a leader."""
        return [person for person in self.holders if person.position.role == Role.LEADER]

    def redraw_plan(self, wishes: list[float], share: float) -> None:
        """Replace a share of the plan by somebody's wishes; resources still follow the old one."""
        plan = [(1 - share) * old + share * new for old, new in zip(self.plan, wishes, strict=True)]
        moved = sum(abs(new - old) for new, old in zip(plan, self.plan, strict=True))
        self.plan = plan
        self.resource_alignment *= 1 - moved / 2

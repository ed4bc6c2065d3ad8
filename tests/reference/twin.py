"""The month, as a Mesa model in which everybody is an agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import mesa

from capsim.catalogue import PROCESS_NAMES, STRATEGIES, Recipe
from capsim.levels import Level
from capsim.parameters import Values
from capsim.world import World

from .advice import ties
from .agencies import Organization, Position
from .assistance import Plan, Program, assistance
from .climate import climate
from .codification import codification
from .environment import environment
from .events import Happening, events
from .hiring import hiring
from .implementation import implementation
from .learning import attention, consultation, experience, socialization
from .loading import populate
from .luck import Luck
from .obsolescence import obsolescence
from .outcomes import outcomes
from .people import Applicant, Person
from .priorities import priorities
from .support import support
from .tools import Toolbox, adopt_tools
from .turnover import turnover
from .wishes import Wish

__all__ = ["MONTH", "Twin"]


class Twin(mesa.Model):
    """The same run as the engine's, slowly and in plain sight.

    Parameters
    ----------
    world : World
        Where to start; it is read once and never changed.
    values : mapping of str to float
        Resolved parameters.
    run_key : int
        64-bit key of the run.
    strategy : Recipe or callable, optional
        Technical assistance, by default none: a composition, or anything that answers what to deliver this month.
    months : int
        Length of the assistance.
    yearly_hours : float
        Budget of TA hours per year of assistance.
    processes : sequence of str, optional
        Which processes happen in a month; by default all.
    happenings : sequence of Happening
        Dated events.

    Attributes
    ----------
    organizations, positions : list
    center : Organization or None
        The TA center; its positions are held only while assistance lasts.
    areas : tuple of str
        Focal areas.
    applicants : list of Applicant
        People between two positions, in the order of their arrival.
    newcomers : list of (list of float, list of float)
        Skill and disposition of each profile from which newcomers are picked.
    month : int
        0 is the first month of assistance, a July.
    shock_months : int
        Months left of a turnover shock.
    """

    def __init__(
        self,
        world: World,
        values: Values,
        run_key: int,
        *,
        strategy: Recipe | Plan = STRATEGIES["none"],
        months: int = 60,
        yearly_hours: float = 0.0,
        processes: Sequence[str] = PROCESS_NAMES,
        happenings: Sequence[Happening] = (),
    ) -> None:
        super().__init__(rng=0)  # never used: all luck is Luck's
        self.values = values
        self.luck = Luck(run_key)
        self.organizations: list[Organization] = []
        self.positions: list[Position] = []
        self.applicants: list[Applicant] = []
        self.happenings = list(happenings)
        self.toolbox = Toolbox()
        populate(self, world)
        self.wishes = {organization: Wish() for organization in self.organizations}
        self.program = Program(self, strategy, months=months, yearly_hours=yearly_hours)
        self._processes = [MONTH[name] for name in processes]

    def step(self) -> None:
        """One month."""
        events(self)
        adopt_tools(self)
        for process in self._processes:
            process(self)
        self.month += 1

    @property
    def n_areas(self) -> int:
        """Number of focal areas."""
        return len(self.areas)

    @property
    def center(self) -> Organization | None:
        """The TA center; None where there is none."""
        return next((one for one in self.organizations if one.level == Level.CENTER), None)

    @property
    def people(self) -> list[Person]:
        """Everybody who holds a position, in position order."""
        return [position.holder for position in self.positions if position.holder is not None]

    def draws(self, purpose: str, whose: Position | Organization | None, count: int) -> list[float]:
        """This month's uniform numbers of a position, an organization or (None) the world, for a purpose."""
        if whose is None:
            return self.luck.of_world(purpose, count, month=self.month)
        if isinstance(whose, Organization):
            return self.luck.of_organization(purpose, count, identity=whose.identity, month=self.month)
        identity, row = whose.organization.identity, whose.row
        return self.luck.of_position(purpose, count, identity=identity, row=row, month=self.month)

    def pick_newcomer(self, draw: float) -> tuple[list[float], list[float]]:
        """Skill and disposition of the profile that a uniform number picks."""
        return self.newcomers[int(draw * len(self.newcomers))]


MONTH: Mapping[str, Callable[[Twin], None]] = {
    "environment": environment,
    "turnover": turnover,
    "hiring": hiring,
    "attention": attention,
    "support": support,
    "experience": experience,
    "socialization": socialization,
    "codification": codification,
    "consultation": consultation,
    "priorities": priorities,
    "ties": ties,
    "climate": climate,
    "obsolescence": obsolescence,
    "outcomes": outcomes,
    "assistance": assistance,
    "implementation": implementation,
}
"""What happens in a month, in this order. The order is part of the model."""

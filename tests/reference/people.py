"""People, their advice ties, and applicants. A person takes everything along that is his or her own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from capsim.world import MAX_TIES

if TYPE_CHECKING:
    from .agencies import Organization, Position
    from .twin import Twin

__all__ = ["Applicant", "Person", "RememberedTie", "Tie"]


@dataclass(slots=True, eq=False)
class Tie:
    """Whom a person asks for advice, and how strong the habit is (0-1)."""

    contact: Person
    strength: float


class Person(mesa.Agent):
    """Somebody who holds a position, or looks for one.

    Parameters
    ----------
    twin : Twin
    number : int
        Never given twice in a run.
    skill, disposition : sequence of float
        One value per focal area; dispositions are lasting professional priorities and sum to 1.

    Attributes
    ----------
    position : Position or None
    tenure : int
        Months in the position.
    priority : list of float
        Where attention goes now, by area; sums to 1.
    attention : list of float
        What comes of it this month, by area (0-1).
    engagement : float
    ties : list of Tie or None
        Eight slots; None is a free one.
    consulted : int or None
        Slot of the tie consulted this month.
    recipient_hours : float
        Hours spent on technical assistance this month.
    practice, lessons : list of float
        By area: hours of it this month; units of what taught something, ever since in the position.
    outdated : list of float
        Share of skill that reforms have made outdated, by area; whoever starts in a position is current.
    """

    def __init__(self, twin: Twin, *, number: int, skill: Sequence[float], disposition: Sequence[float]) -> None:
        super().__init__(twin)
        self.number = number
        self.skill = list(skill)
        self.disposition = list(disposition)
        self.position: Position | None = None
        self.start_afresh(engagement=0.0)

    def start_afresh(self, *, engagement: float) -> None:
        """First day in a position: nothing yet but what one brings along."""
        self.tenure = 0
        self.priority = list(self.disposition)
        self.attention = [0.0] * len(self.skill)
        self.engagement = engagement
        self.ties: list[Tie | None] = [None] * MAX_TIES
        self.consulted: int | None = None
        self.recipient_hours = 0.0
        self.practice = [0.0] * len(self.skill)
        self.lessons = [0.0] * len(self.skill)
        self.outdated = [0.0] * len(self.skill)

    @property
    def organization(self) -> Organization:
        """The agency that this person works for."""
        return self.position.organization

    @property
    def contacts(self) -> list[Person]:
        """Everybody whom this person asks for advice, in slot order."""
        return [tie.contact for tie in self.ties if tie is not None]

    @property
    def consulted_contact(self) -> Person | None:
        """Whom this person asked this month."""
        tie = None if self.consulted is None else self.ties[self.consulted]
        return None if tie is None else tie.contact

    @property
    def top_area(self) -> int:
        """The area of highest priority; the first of equals."""
        return self.priority.index(max(self.priority))

    @property
    def has_free_slot(self) -> bool:
        """Whether one more tie would fit."""
        return None in self.ties

    def add_tie(self, contact: Person, strength: float) -> bool:
        """Put a tie into the lowest free slot; refuse oneself, a contact one has, and a ninth tie."""
        if contact is self or contact in self.contacts or not self.has_free_slot:
            return False
        self.ties[self.ties.index(None)] = Tie(contact, strength)
        return True

    def drop_ties_to(self, gone: set[Person]) -> None:
        """Free the slots of contacts who are gone."""
        self.ties = [None if tie is None or tie.contact in gone else tie for tie in self.ties]
        if self.consulted_contact is None:
            self.consulted = None


@dataclass(frozen=True, slots=True)
class RememberedTie:
    """A tie as an applicant remembers it: the contact's position, who held it then, and the strength."""

    position: Position
    holder_number: int
    strength: float


@dataclass(slots=True, eq=False)
class Applicant:
    """Somebody who left a position and looks for another one in the same state.

    Attributes
    ----------
    person : Person
    origin : Organization
        The agency that this person left.
    job : tuple of int
        Labour market, level and role, the same as before.
    months_left : int
    key : float
        Place in [0, 1) by which vacancies find their candidates.
    ties : list of RememberedTie or None
        By slot.
    hired : bool
        Hired applicants leave the pool at the next turnover.
    """

    person: Person
    origin: Organization
    job: tuple[int, int, int]
    months_left: int
    key: float
    ties: list[RememberedTie | None]
    hired: bool = False

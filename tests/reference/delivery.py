"""What a strategy orders, and what becomes of it: rows of hours, each for one agency. Holds no rule of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from capsim.catalogue import ACTIVITIES, Activity

from .agencies import Organization, Position
from .people import Person

__all__ = ["Delivery", "Row", "Work", "possible", "work_from"]


@dataclass(frozen=True, slots=True)
class Row:
    """Hours for one agency, in one focal area or (None) in no particular one.

    Attributes
    ----------
    position : Position or None
        The only one whose holder takes part; None for everybody in the agency.
    """

    organization: Organization
    area: int | None
    hours: float
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hours of one activity.

    Attributes
    ----------
    weights : mapping of Organization to float, optional
        With these weights the agencies served pass on to their children what they learned (turn-key); without, they
        keep it.
    by_state : bool
        Whether agencies that meet in groups meet those of their own state only.
    """

    activity: str
    rows: list[Row]
    weights: Mapping[Organization, float] | None = None
    by_state: bool = False


def possible(delivery: Delivery) -> Delivery:
    """What can be given of it this month."""
    rows = [replace(row, hours=row.hours * row.organization.hours_given) for row in delivery.rows]
    if delivery.weights is None:
        return replace(delivery, rows=rows)
    weights = {heir: weight * heir.hours_given for heir, weight in delivery.weights.items()}
    return replace(delivery, rows=rows, weights=weights)


@dataclass(frozen=True, slots=True)
class Work:
    """One row of the month's work.

    Attributes
    ----------
    quality : float or None
        Of what the staff of another agency pass on (turn-key work); None for the direct work of consultants.
    by_state : bool
        As in `Delivery`.
    """

    activity: Activity
    row: Row
    quality: float | None = None
    by_state: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether consultants do it."""
        return self.quality is None

    @property
    def asks_for_work(self) -> bool:
        """Whether it is more than what is for everybody, which asks nobody to work on anything."""
        return self.activity.tier in ("targeted", "intensive")

    @property
    def organization(self) -> Organization:
        """The agency that is helped."""
        return self.row.organization

    @property
    def whole_hours(self) -> float:
        """Hours of all agencies that this one stands for: of the population, or of its family."""
        weight = self.organization.weight if self.is_direct else self.organization.family_weight
        return self.row.hours * weight

    @property
    def participants(self) -> list[Person]:
        """Holders who take part, in position order."""
        if self.row.position is None:
            people = self.organization.holders
        else:
            people = [one for one in [self.row.position.holder] if one is not None]
        leaders = self.organization.leaders
        return people if self.activity.participants == "staff" else [one for one in people if one in leaders]


def work_from(delivery: Delivery) -> list[Work]:
    """Direct work of a delivery; no hours, no work.

    In a sampled world a strategy gives hours to all agencies that one stands for; each gets its part.
    """
    return [
        Work(
            ACTIVITIES[delivery.activity],
            replace(row, hours=row.hours / row.organization.weight),
            by_state=delivery.by_state,
        )
        for row in delivery.rows
        if row.hours > 0
    ]

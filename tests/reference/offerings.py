"""Offerings: in how many pieces help reaches a person, and how clear it is then."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .agencies import Organization
from .delivery import Work

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Offerings"]


class Offerings:
    """What the staff of each agency remember of activities in areas, in hours a head.

    Attributes
    ----------
    met : dict of (Organization, str, int or None) to float
    """

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.met: dict[tuple[Organization, str, int | None], float] = {}

    def meet(self, work: list[Work]) -> None:
        """A month passes; nobody can be asked twice for the same seat."""
        values = self.twin.values
        if values["offering_weight"] == 0:
            return
        kept = 1 - 1 / values["offering_memory"]
        self.met = {piece: hours * kept for piece, hours in self.met.items()}
        for one in work:
            name, staff = one.activity.name, len(one.organization.holders)
            if staff == 0:
                continue
            seats = 1 if one.row.position is not None else min(values[f"{name}_seats"], staff)
            units = one.row.hours / values[f"{name}_ta_hours"]
            piece = one.organization, name, one.row.area
            self.met[piece] = self.met.get(piece, 0.0) + units * values[f"{name}_recipient_hours"] * seats / staff

    def pieces(self, organization: Organization) -> float:
        """How many there are, those that are hardly met hardly counted."""
        half = self.twin.values["offering_hours"]
        return sum(1 - math.exp(-hours / half) for (whose, *_), hours in self.met.items() if whose is organization)

    def clarity(self, organization: Organization) -> float:
        """One piece is clear."""
        weight = self.twin.values["offering_weight"]
        return max(1.0, self.pieces(organization)) ** -weight if weight > 0 else 1.0

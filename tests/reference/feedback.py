"""Feedback: what participants say once a year of the activities they took part in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES

from .delivery import Work

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Feedback"]


class Feedback:
    """Hours since participants were last asked, and what they said then.

    Attributes
    ----------
    delivered, landed : dict of str to float
    heard : dict of str to float
        Share that landed, by activity with hours.
    """

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.delivered: dict[str, float] = {}
        self.landed: dict[str, float] = {}
        self.heard: dict[str, float] = {}

    def count(self, one: Work, present: float, landing: float) -> None:
        """Hours of a row; nobody came, nothing landed."""
        if one.is_direct:
            name, hours = one.activity.name, one.whole_hours
            self.delivered[name] = self.delivered.get(name, 0.0) + hours
            self.landed[name] = self.landed.get(name, 0.0) + hours * present * min(1.0, landing)

    def ask(self) -> None:
        """Once a year."""
        self.heard = {}
        for number, name in enumerate(ACTIVITIES):
            u, v = self.twin.luck.numbers("feedback", 2, identity=number, row=0, month=self.twin.month)
            z = math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)
            if self.delivered.get(name, 0.0) > 0:
                said = self.landed[name] / self.delivered[name] + self.twin.values["rating_noise_sd"] / 4 * z
                self.heard[name] = min(1.0, max(0.0, said))
        self.delivered, self.landed = {}, {}

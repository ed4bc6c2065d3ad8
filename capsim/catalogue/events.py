"""Kinds of dated events: what a scenario may let happen to agencies in a month, and the usual size of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from capsim.catalogue.rows import table_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event.

    Parameters
    ----------
    name, title, meaning, source : str
        Identifier, heading, one sentence, where the sizes come from.
    defaults : mapping of str to value
        Keys of the kind beside those of every event, with what they are when nothing is said; None must be said.
    """

    name: str
    title: str
    meaning: str
    source: str
    defaults: Mapping[str, Any] = field(default_factory=dict)


# fmt: off
EVENT_KINDS = table_of(
    EventKind(name="leader_leaves", title="Leader leaves",
        meaning="The holder of the first position leaves in this month, as in any other exit: ties end, the plan may be redrawn, the position is filled like others.",
        source="S68, S80"),
    EventKind(name="pandemic", title="Pandemic",
        defaults={"months": 12, "exits": 1.45, "committed": 0.15, "disuse": 0.2, "help": "online"},
        meaning="For some months more people leave, staff time goes to the emergency, a part of the routines is not carried out and wears out like those that nobody enacts, and help comes online or not at all.",
        source="S71, S72 (exits 1.3 to 1.6 times as many); the rest assumed"),
    EventKind(name="new_policy", title="New state policy",
        defaults={"months": 24, "area": None, "shift": 0.4, "committed": 0.05},
        meaning="Plans move toward one focal area at once, resources still follow the old plan, and complying takes staff time for some months.",
        source="S80 (policy churn), S38 (compliance); sizes assumed"),
    EventKind(name="budget_cut", title="Budget cut",
        defaults={"months": 12, "cut": 0.1},
        meaning="For some months a share of the positions cannot be filled; afterwards funding recovers as after any shock.",
        source="S39; size assumed"),
)
# fmt: on
"""Every kind of event by name."""

HELP_DURING = ("usual", "online", "stopped")
"""What becomes of assistance while an event lasts."""

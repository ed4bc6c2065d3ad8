"""From people and agencies back to columns, so that the twin can be compared with the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from capsim.world import MAX_TIES

if TYPE_CHECKING:
    from .agencies import Position
    from .people import Applicant, Person
    from .twin import Twin

__all__ = ["columns_of"]

OF_PEOPLE = ("tenure", "engagement", "recipient_hours")
OF_PEOPLE_BY_AREA = ("skill", "disposition", "priority", "attention", "practice", "lessons", "outdated")
OF_ORGANIZATIONS = (
    "routine",
    "enacted",
    "provisional",
    "outdated_routine",
    "supported",
    "helped",
    "plan",
    "use",
    "use_unmultiplied",
    "culture",
    "data_systems",
    "funding",
    "resource_alignment",
    "finances",
    "personnel",
    "committed",
    "leader_left",
    "leader_exit_age",
    "exits",
    "areas_served",
    "outside_initiatives",
    "load",
    "ta_hours",
    "support",
    "support_time",
    "support_plan",
    "support_alignment",
    "support_quality",
    "first_year_teachers",
    "materials",
    "achievement",
    "backing",
)


def columns_of(twin: Twin) -> dict[str, NDArray]:
    """State of the twin under the names, and in the order, of the columns of a world."""
    nothing = dict.fromkeys(OF_PEOPLE, 0.0) | dict.fromkeys(OF_PEOPLE_BY_AREA, [0.0] * twin.n_areas)
    columns = {
        "next_person": [twin.next_number],
        "shock_months": [twin.shock_months],
        "person": [position.holder.number if position.holder else -1 for position in twin.positions],
        "vacant_months": [position.vacant_months for position in twin.positions],
        "tie_to": [_tie_targets(position.holder) for position in twin.positions],
        "tie_strength": [_tie_strengths(position.holder) for position in twin.positions],
        "consulted": [_consulted(position) for position in twin.positions],
    }
    for name in nothing:
        columns[name] = [
            getattr(position.holder, name) if position.holder else nothing[name] for position in twin.positions
        ]
    for name in OF_ORGANIZATIONS:
        columns[name] = [getattr(organization, name) for organization in twin.organizations]
    for name, column in _pool(twin.applicants).items():
        columns[f"pool.{name}"] = column
    return {name: np.array(column) for name, column in columns.items()}


def _tie_targets(person: Person | None) -> list[int]:
    slots = person.ties if person else [None] * MAX_TIES
    return [-1 if tie is None else tie.contact.position.index for tie in slots]


def _tie_strengths(person: Person | None) -> list[float]:
    slots = person.ties if person else [None] * MAX_TIES
    return [0.0 if tie is None else tie.strength for tie in slots]


def _consulted(position: Position) -> int:
    person = position.holder
    return -1 if person is None or person.consulted is None else person.consulted


def _pool(applicants: list[Applicant]) -> dict[str, list]:
    """The applicant pool; what hired applicants once brought along is no longer of interest."""
    waiting = [one for one in applicants if not one.hired]
    return {
        "count": [len(applicants)],
        "person": [one.person.number for one in applicants],
        "group": [-1 if one.hired else (one.job[0] * 5 + one.job[1]) * 3 + one.job[2] for one in applicants],
        "months_left": [one.months_left for one in applicants],
        "key": [one.key for one in applicants],
        "origin": [one.origin.index for one in waiting],
        "skill": [one.person.skill for one in waiting],
        "disposition": [one.person.disposition for one in waiting],
        "tie_to": [[tie.position.index if tie else -1 for tie in one.ties] for one in waiting],
        "tie_person": [[tie.holder_number if tie else -1 for tie in one.ties] for one in waiting],
        "tie_strength": [[tie.strength if tie else 0.0 for tie in one.ties] for one in waiting],
    }

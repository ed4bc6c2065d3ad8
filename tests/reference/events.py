"""Dated events: a leader leaves, a pandemic, a new policy, a budget cut. They come before anything else in a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from capsim.catalogue import EVENT_KINDS

from .agencies import Organization

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Happening", "events"]


class Happening:
    """An event: its kind, its sizes by name, its months (from 0, the last one not included), its agencies."""

    def __init__(
        self, kind: str, first: int, months: int, agencies: Sequence[int], sizes: Mapping[str, Any] | None = None
    ) -> None:
        self.kind, self.first, self.last, self.agencies = kind, first, first + months, list(agencies)
        self.sizes = {**EVENT_KINDS[kind].defaults, **(sizes or {})}

    def is_on(self, month: int) -> bool:
        """Whether it lasts in this month."""
        return self.first <= month < self.last


def events(twin: Twin) -> None:
    """Everything that is on this month happens."""
    for organization in twin.organizations:
        organization.unrest, organization.online, organization.hours_given = 1.0, 1.0, 1.0
        organization.must_lose_leader = False
    strength = twin.values["event_strength"]
    if strength == 0:
        return
    for happening in twin.happenings:
        for index in happening.agencies:
            organization = twin.organizations[index]
            if happening.is_on(twin.month):
                strike(twin, happening, organization, strength)
            take_time(twin, happening, organization, strength)


def strike(twin: Twin, happening: Happening, organization: Organization, strength: float) -> None:
    """One month of an event in one agency."""
    sizes = happening.sizes
    if happening.kind == "leader_leaves":
        organization.must_lose_leader = True
    elif happening.kind == "budget_cut":
        organization.funding = min(organization.funding, 1 - strength * sizes["cut"])
    elif happening.kind == "pandemic":
        organization.unrest *= 1 + strength * (sizes["exits"] - 1)
        rest(twin, organization, strength * sizes["disuse"])
        if sizes["help"] == "online":
            organization.online *= 1 - strength * (1 - twin.values["online_fidelity"])
        if sizes["help"] == "stopped":
            organization.hours_given *= 1 - strength
    elif twin.month == happening.first:
        turn(twin, organization, sizes["area"], strength * sizes["shift"])


def rest(twin: Twin, organization: Organization, idle: float) -> None:
    """Routines that nobody carries out wear out."""
    lost = idle * (1 - twin.values["unenacted_annual_retention"] ** (1 / 12))
    organization.routine = [routine * (1 - lost) for routine in organization.routine]
    organization.provisional = [routine * (1 - lost) for routine in organization.provisional]
    organization.enacted = [routine * (1 - idle) for routine in organization.enacted]


def turn(twin: Twin, organization: Organization, area: str, share: float) -> None:
    """The plan turns to one area, and resources do not yet."""
    old = organization.plan
    organization.plan = [
        (1 - share) * part + (share if name == area else 0.0) for name, part in zip(twin.areas, old, strict=True)
    ]
    apart = sum(abs(now - then) for now, then in zip(organization.plan, old, strict=True)) / 2
    organization.resource_alignment *= 1 - apart


def take_time(twin: Twin, happening: Happening, organization: Organization, strength: float) -> None:
    """Time that goes elsewhere while an event lasts, whatever the climate takes back of it."""
    share, back = strength * happening.sizes.get("committed", 0.0), twin.values["committed_return_rate"]
    change = 0.0
    if twin.month == happening.first:
        change = share
    elif happening.is_on(twin.month):
        change = share * back
    elif twin.month == happening.last:
        change = -share * (1 - back)
    if change:
        organization.committed = min(1.0, max(0.0, organization.committed + change))

"""What arrives from outside: a new month, cut budgets, waves of exits, new policies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["environment"]


def environment(twin: Twin) -> None:
    """A new month begins; budgets, labour markets and policies move without asking the agencies."""
    move_turnover_shock(twin)
    for organization in twin.organizations:
        turn_the_page(organization)
        cut, churn, profile, end, begin = twin.draws("environment", organization, 5)
        move_funding(twin, organization, cut)
        if churn < monthly_chance(twin.values["policy_churn_chance"]):
            _, wishes = twin.pick_newcomer(profile)
            organization.redraw_plan(wishes, twin.values["plan_churn_share"])
        move_initiatives(twin, organization, end, begin)


def monthly_chance(annual_chance: float) -> float:
    """Chance per month of something that happens with the given chance per year."""
    return 1 - (1 - annual_chance) ** (1 / 12)


def move_turnover_shock(twin: Twin) -> None:
    """A shock runs out; when none lasts, another may begin."""
    twin.shock_months = max(0, twin.shock_months - 1)
    (draw,) = twin.draws("environment", None, 1)
    if twin.shock_months == 0 and draw < monthly_chance(twin.values["turnover_shock_chance"]):
        twin.shock_months = int(twin.values["turnover_shock_months"])


def turn_the_page(organization: Organization) -> None:
    """Last month's departures are history."""
    organization.leader_left = False
    organization.leader_exit_age += 1
    organization.exits = 0


def move_funding(twin: Twin, organization: Organization, draw: float) -> None:
    """Funding returns slowly to 1, and is cut now and then."""
    organization.funding += (1 - organization.funding) / twin.values["funding_recovery_months"]
    if draw < monthly_chance(twin.values["budget_shock_chance"]):
        organization.funding = max(0.0, organization.funding - twin.values["budget_shock_size"])


def move_initiatives(twin: Twin, organization: Organization, end: float, begin: float) -> None:
    """One of the initiatives of others may run out, and another may come along."""
    months = twin.values["outside_initiative_months"]
    ends = end < 1 - math.exp(-organization.outside_initiatives / months)
    begins = begin < 1 - math.exp(-twin.values["outside_initiatives"] / months)
    organization.outside_initiatives += int(begins) - int(ends)

"""Environment: budget shocks, turnover shocks, policy churn and initiatives of others arrive from outside.

Rule, for each organization j with numbers (v0, ..., v4) and the world's number w0; yearly chances become monthly by
``1 - (1 - p)^(1/12)``:

- flags of the month are cleared: leader_left = False, exits = 0; leader_exit_age += 1
- turnover shock: shock_months falls by 1 to at least 0; then, if it is 0 and ``w0 < monthly(turnover_shock_chance)``,
  it becomes turnover_shock_months
- funding: ``funding += (1 - funding) / funding_recovery_months``; then, if ``v0 < monthly(budget_shock_chance)``,
  ``funding = max(0, funding - budget_shock_size)``
- policy churn: if ``v1 < monthly(policy_churn_chance)`` the plan is partly redrawn (plans.py) toward the disposition of
  the bank's profile ``floor(v2 B)``
- initiatives of others compete for attention (climate.py, assistance/receptivity.py): of n = outside_initiatives_j one
  ends if ``v3 < 1 - exp(-n / outside_initiative_months)``, and one begins if ``v4 < 1 - exp(-outside_initiatives /
  outside_initiative_months)``. In the long run n is about Poisson with mean outside_initiatives.

Source: S39 (budgets), S71 and S72 (pandemic), S80 (policy churn; about eleven reforms in a district in three years).
"""

from __future__ import annotations

import math

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.plans import redraw_plan
from capsim.processes.process import Draws, Numbers, Process
from capsim.units import annual_to_monthly_survival
from capsim.world import World

__all__ = ["ENVIRONMENT"]


@kernel
def _arrive(
    numbers,
    world_numbers,
    leader_left,
    exits,
    leader_exit_age,
    shock_months,
    funding,
    plan,
    resource_alignment,
    outside_initiatives,
    bank_disposition,
    shock_chance,
    shock_length,
    recovery,
    cut_chance,
    cut_size,
    churn_chance,
    churn_share,
    begin_chance,
    initiative_months,
):
    O = len(funding)
    if shock_months[0] > 0:
        shock_months[0] -= 1
    if shock_months[0] == 0 and world_numbers[0, 0] < shock_chance:
        shock_months[0] = shock_length
    for j in range(O):
        leader_left[j] = False
        exits[j] = 0
        leader_exit_age[j] += 1
        funding[j] += (1.0 - funding[j]) * recovery
        if numbers[j, 0] < cut_chance:
            funding[j] = max(0.0, funding[j] - cut_size)
        if numbers[j, 1] < churn_chance:
            pick = int(numbers[j, 2] * bank_disposition.shape[0])
            redraw_plan(j, bank_disposition[pick], churn_share, plan, resource_alignment)
        ends = numbers[j, 3] < 1.0 - math.exp(-outside_initiatives[j] / initiative_months)
        outside_initiatives[j] += int(numbers[j, 4] < begin_chance) - int(ends)


def _monthly(annual_chance: float) -> float:
    return 1.0 - annual_to_monthly_survival(1.0 - annual_chance)


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    _arrive(
        numbers.organization,
        numbers.world,
        world.leader_left,
        world.exits,
        world.leader_exit_age,
        world.shock_months,
        world.funding,
        world.plan,
        world.resource_alignment,
        world.outside_initiatives,
        world.bank.disposition,
        _monthly(values["turnover_shock_chance"]),
        int(values["turnover_shock_months"]),
        1.0 / values["funding_recovery_months"],
        _monthly(values["budget_shock_chance"]),
        values["budget_shock_size"],
        _monthly(values["policy_churn_chance"]),
        values["plan_churn_share"],
        1.0 - math.exp(-values["outside_initiatives"] / values["outside_initiative_months"]),
        values["outside_initiative_months"],
    )


ENVIRONMENT = Process(
    name="environment",
    reads=("funding", "plan", "resource_alignment", "shock_months", "leader_exit_age", "outside_initiatives"),
    writes=(
        "leader_left",
        "exits",
        "leader_exit_age",
        "shock_months",
        "funding",
        "plan",
        "resource_alignment",
        "outside_initiatives",
    ),
    draws=Draws(organization=5, world=1),
    apply=_apply,
)

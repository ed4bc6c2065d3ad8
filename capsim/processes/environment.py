"""Environment: budget shocks, turnover shocks, policy churn and initiatives of others arrive from outside.

Rule, for each organization j with numbers (v0, ..., v4) and the world's number w0; yearly chances become monthly by
``1 - (1 - p)^(1/12)``:

- flags of the month are cleared: leader_left = False, exits = 0; leader_exit_age += 1
- turnover shock: shock_months falls by 1 to at least 0; then, if it is 0 and ``w0 < monthly(turnover_shock_chance)``,
  it becomes turnover_shock_months
- funding: ``funding += (1 - funding) / funding_recovery_months``; then, if ``v0 < monthly(budget_shock_chance)``,
  ``funding = max(0, funding - budget_shock_size)``
- policy churn: if ``v1 < monthly(policy_churn_chance)`` the plan is partly redrawn (terms.py) toward the disposition of
  the bank's profile ``floor(v2 B)``
- initiatives of others compete for attention (climate.py, assistance/receptivity.py): of n = outside_initiatives_j one
  ends if ``v3 < 1 - exp(-n / outside_initiative_months)``, and one begins if ``v4 < 1 - exp(-outside_initiatives /
  outside_initiative_months)``. In the long run n is about Poisson with mean outside_initiatives.

Source: S39 (budgets), S71 and S72 (pandemic), S80 (policy churn; about eleven reforms in a district in three years).
"""

from __future__ import annotations

import math

from capsim.kernels import kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import monthly_chance, redraw_plan


@kernel
def arrive(w, p, numbers):
    exits, left, exit_age = w.exits, w.leader_left, w.leader_exit_age
    funding, initiatives, u = w.funding, w.outside_initiatives, numbers.organization
    shock = w.shock_months
    if shock[0] > 0:
        shock[0] -= 1
    if shock[0] == 0 and numbers.world[0, 0] < monthly_chance(p.turnover_shock_chance):
        shock[0] = int(p.turnover_shock_months)
    recovery = 1.0 / p.funding_recovery_months
    cut, churn = monthly_chance(p.budget_shock_chance), monthly_chance(p.policy_churn_chance)
    begin = 1.0 - math.exp(-p.outside_initiatives / p.outside_initiative_months)
    for j in range(len(funding)):
        left[j] = False
        exits[j] = 0
        exit_age[j] += 1
        funding[j] += (1.0 - funding[j]) * recovery
        if u[j, 0] < cut:
            funding[j] = max(0.0, funding[j] - p.budget_shock_size)
        if u[j, 1] < churn:
            redraw_plan(w, j, u[j, 2], p.plan_churn_share)
        ends = u[j, 3] < 1.0 - math.exp(-initiatives[j] / p.outside_initiative_months)
        initiatives[j] += int(u[j, 4] < begin) - int(ends)


ENVIRONMENT = built_in(
    "environment",
    arrive,
    reads="funding plan resource_alignment shock_months leader_exit_age outside_initiatives",
    writes="leader_left exits leader_exit_age shock_months funding plan resource_alignment outside_initiatives",
    draws=Draws(organization=5, world=1),
)

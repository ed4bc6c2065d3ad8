"""Plans that are partly redrawn, by a new policy (environment.py) or a new leader (turnover.py).

``plan = (1 - c) plan + c d``, c = plan_churn_share, d the disposition of a profile of the bank. Finances, data systems
and personnel still follow the old plan: ``resource_alignment *= 1 - 1/2 sum_k |new plan_k - old plan_k|``.

Source: S80 (policy churn); that resources lag behind plans: S9, form assumed.
"""

from __future__ import annotations

from capsim.kernels import kernel

__all__ = ["redraw_plan"]


@kernel
def redraw_plan(j, wishes, share, plan, resource_alignment):
    """Mix the `wishes` (K,) into the plan of agency j."""
    moved = 0.0
    for k in range(plan.shape[1]):
        new = (1.0 - share) * plan[j, k] + share * wishes[k]
        moved += abs(new - plan[j, k])
        plan[j, k] = new
    resource_alignment[j] *= 1.0 - 0.5 * moved

"""What several processes share: free time, plans that are partly redrawn, yearly chances as monthly ones."""

from __future__ import annotations

from capsim.kernels import inner, kernel


@inner
def cut(x):
    """X cut to [0, 1]."""
    return min(1.0, max(0.0, x))


@kernel
def free_time(recipient_hours, committed, work_hours):
    """Share of a person's month left for learning, ``max(0, 1 - recipient hours / work hours - committed)``.

    The recipient hours are those of the assistance received, or passed on, in the month before; `committed` is the
    share of time that the agency owes to compliance (a state agency).
    """
    return max(0.0, 1.0 - recipient_hours / work_hours - committed)


@inner
def overload(w, p, j):
    """Initiatives of an agency above its limit, ``max(0, outside_initiatives + load - initiative_limit)``.

    The load is what the help of the month before amounts to (assistance/receptivity.py).
    """
    return max(0.0, w.outside_initiatives[j] + w.load[j] - p.initiative_limit)


@inner
def monthly_loss(annual_survival):
    """Chance of a month of what survives a year with the given chance, ``1 - survival^(1/12)``."""
    return 1.0 - annual_survival ** (1.0 / 12)


@inner
def monthly_chance(annual_chance):
    """Chance of a month of what happens in a year with the given chance."""
    return monthly_loss(1.0 - annual_chance)


@inner
def redraw_plan(w, j, share_of_bank, churn):
    """A new policy or leader redraws the plan of agency j: ``plan = (1 - churn) plan + churn d``.

    d is the disposition of profile ``floor(share_of_bank B)`` of the bank. Finances, data systems and personnel still
    follow the old plan: ``resource_alignment *= 1 - 1/2 sum_k |new plan_k - old plan_k|``.

    Source: S80 (policy churn); that resources lag behind plans: S9, form assumed.
    """
    plan, pick = w.plan, int(share_of_bank * len(w.bank_disposition))
    moved = 0.0
    for k in range(plan.shape[1]):
        new = (1.0 - churn) * plan[j, k] + churn * w.bank_disposition[pick, k]
        moved += abs(new - plan[j, k])
        plan[j, k] = new
    w.resource_alignment[j] *= 1.0 - 0.5 * moved

"""The share of a person's month that is left for learning on the job."""

from __future__ import annotations

from numba import njit

__all__ = ["free_time"]

_SEA = 1


@njit(cache=True, inline="always")
def free_time(recipient_hours, level, work_hours, compliance_share):
    """``max(0, 1 - recipient hours / work hours - compliance share)``; the last only in a state agency.

    The recipient hours are those of the assistance received in the month before.
    """
    free = 1.0 - recipient_hours / work_hours
    if level == _SEA:
        free -= compliance_share
    return max(0.0, free)

"""The share of a person's month that is left for learning on the job."""

from __future__ import annotations

from capsim.kernels import kernel

__all__ = ["free_time"]


@kernel
def free_time(recipient_hours, committed, work_hours):
    """``max(0, 1 - recipient hours / work hours - committed)``.

    The recipient hours are those of the assistance received, or passed on, in the month before; `committed` is the
    share of time that the agency owes to compliance (a state agency).
    """
    return max(0.0, 1.0 - recipient_hours / work_hours - committed)

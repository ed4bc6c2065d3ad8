"""The tree of agencies, as kernels walk it upward."""

from __future__ import annotations

from capsim.kernels import inner
from capsim.levels import SEA


@inner
def state_above(w, j):
    """The state agency above an agency; -1 without one."""
    above = w.parent[j]
    while above >= 0 and w.level[above] != SEA:
        above = w.parent[above]
    return above


@inner
def stands_above(w, other, j):
    """Whether `other` is one of the agencies above agency j."""
    above = w.parent[j]
    while above >= 0 and above != other:
        above = w.parent[above]
    return above >= 0

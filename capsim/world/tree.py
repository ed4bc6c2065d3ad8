"""The tree of agencies, as kernels walk it upward; and what they share of the records of areas."""

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


@inner
def codifiable_share(w, p, k):
    """Part of skill in an area that can be put into procedures."""
    return min(1.0, p.codifiable_share * w.area_codifiable[k])

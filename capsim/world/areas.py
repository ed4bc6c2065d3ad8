"""What processes and assistance share of records of areas (capsim/scenario/areas.py)."""

from __future__ import annotations

from capsim.kernels import inner


@inner
def codifiable_share(w, p, k):
    """Part of skill in an area that can be put into procedures."""
    return min(1.0, p.codifiable_share * w.area_codifiable[k])

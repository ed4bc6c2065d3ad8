"""A view without a world: agencies in a tree and readings that a test writes down."""

from types import SimpleNamespace

import numpy as np

from capsim.instruments.readings import Readings

CENTER, SEA, ESA, LEA, SCHOOL = 0, 1, 2, 3, 4
LEVELS = (SEA, ESA, ESA, LEA, LEA, LEA, LEA, CENTER)
PARENTS = (-1, 0, 0, 1, 1, 1, 2, -1)


def fake_view(*, levels=LEVELS, parents=PARENTS, areas=3, months=60, total_budget=60_000.0, **facts):
    """What a strategy can see of one SEA, two ESAs, four districts and a center, unless told otherwise."""
    n = len(levels)
    view = SimpleNamespace(
        areas=tuple("abcdefgh"[:areas]),
        level=np.array(levels, np.int8),
        parent=np.array(parents, np.int32),
        positions=np.full(n, 5, np.int64),
        enrollment=np.full(n, 2000.0),
        sparse=np.zeros(n, np.bool_),
        allocation=np.ones(n),
        weight=np.ones(n),
        months=months,
        total_budget=total_budget,
        readings=Readings.none(n, areas),
        instruments=(),
    )
    for name, fact in facts.items():
        assert hasattr(view, name)
        setattr(view, name, np.asarray(fact))
    return view

"""Compositions asked what they would do."""

import numpy as np

from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import Recipe
from capsim.parameters import resolve_values

VALUES = resolve_values({"codesign_share": 0.1, "planning_months": 6, "equity_weight": 3.0})
MONTHLY = 1000.0
NOBODY = np.empty((8, 0))


def composed(values=VALUES, **parts):
    return ComposedStrategy(Recipe(name="mine", **parts), values)


def decide(strategy, view, month=0):
    return strategy.decide(view, month, view.total_budget, NOBODY)


def hours_of(deliveries, view):
    """Hours by activity, agency and area; the last column is for no area."""
    hours = {}
    for delivery in deliveries:
        table = hours.setdefault(delivery.activity, np.zeros((len(view.level), len(view.areas) + 1)))
        each = np.asarray(delivery.hours, dtype=np.float64)
        np.add.at(table, (delivery.organizations, np.broadcast_to(delivery.areas, each.shape)), each)
    return hours


def month_of(view, month=0, *, values=VALUES, **parts):
    """Hours by activity, agency and area of one month of a composition."""
    return hours_of(decide(composed(values, **parts), view, month), view)


def by_agency(table):
    return table.sum(axis=1).tolist()

"""A strategy under observation: what it decides, and that deciding is all it does."""

from dataclasses import fields

import numpy as np

from capsim.assistance.strategy import Strategy
from capsim.instruments.readings import Readings

__all__ = ["Watched", "as_bytes"]


class Watched(Strategy):
    """Asks another strategy, keeps what it decides, and looks for traces of it in the world.

    Parameters
    ----------
    strategy : Strategy
    world : World
        In which the program runs.

    Attributes
    ----------
    decided : list of (int, Delivery)
        Month and delivery.
    traces : list of str
        What was not the same after a decision as before it.
    """

    def __init__(self, strategy, world):
        self.name, self.draws_per_row = strategy.name, strategy.draws_per_row
        self.strategy, self.world = strategy, world
        self.decided, self.traces = [], []

    def decide(self, view, month, budget, draws):
        before, fixed = self.world.copy(), _layout(self.world)
        readings, account = _readings(view), (view.hours_left, view.hours_by_activity, view.hours_by_organization)
        drawn = draws.copy()
        deliveries = self.strategy.decide(view, month, budget, draws)
        self.decided.extend((month, delivery) for delivery in deliveries)
        columns = zip(before.columns(), self.world.columns(), strict=True)
        self.traces += [name for (name, old), (_, new) in columns if not _same(old, new)]
        self.traces += [name for name, old in fixed.items() if not _same(old, _layout(self.world)[name])]
        self.traces += [name for name, old in readings.items() if not _same(old, _readings(view)[name])]
        now = (view.hours_left, view.hours_by_activity, view.hours_by_organization)
        if account[:2] != now[:2] or not _same(account[2], now[2]):
            self.traces.append("ledger")
        if before.month != self.world.month or not _same(drawn, draws):
            self.traces.append("month or draws")
        return deliveries


def _same(first, second):
    return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def _layout(world):
    columns = {field.name: getattr(world.layout, field.name) for field in fields(world.layout)}
    return {name: column.copy() for name, column in columns.items() if isinstance(column, np.ndarray)}


def _readings(view):
    return {field.name: getattr(view.readings, field.name).copy() for field in fields(Readings)}


def as_bytes(delivery):
    """A delivery bit by bit."""
    columns = (delivery.organizations, delivery.people, delivery.areas, delivery.hours, delivery.cascade)
    return (delivery.activity, *(None if column is None else np.asarray(column).tobytes() for column in columns))

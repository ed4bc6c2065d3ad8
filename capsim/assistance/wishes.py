"""Wishes: what recipients want built, people or organization, beside what they have; and what co-design makes of it.

Wish v_j of agency j, in [0, 1], is the share of help that its staff want for the organization (the rest for people).
With p, r the mean skill of its positions and its mean routine over areas, f = wish_familiarity::

    toward = f r / (p + r) + (1 - f) (1 - r) / (2 - p - r)          what they know, and what they lack
    v     += wish_rate (toward - v)                                 at the first month of assistance v = toward

Once a year everybody is asked: ``said = clip(v + likert_noise_sd / 4 z, 0, 1)``. Where an agency takes part in
co-design, what it says is agreed; after co-design has ended the last agreement stays. Its hours then shift between
activities that build people and such that build organizations, its sum staying the same: with o the share of the latter
in the strategy's own mix, c = codesign_wish and g the units of co-design it had, at most 1::

    o' = (1 - c g) o + c g agreed

Co-design after planning_months costs clarity as ever (receptivity.py): the price of an agreement that is kept up to
date.

Responsiveness: an agency asks when what it says is further than wish_distance from the share o' it gets; it is answered
in the month in which the distance has halved, and can ask again at the next survey.

Source: S1 (recipients named individual capacities as strengths and wanted organizational ones; responsive to needs;
co-design let them say what they prefer, and clarity suffered after planning); forms and sizes assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import Order
from capsim.catalogue import ACTIVITIES, Activity
from capsim.kernels import kernel
from capsim.measures.capacities import mean_skill
from capsim.parameters import Values
from capsim.streams.squares import uniforms
from capsim.world import World

_YEAR = 12
_NEVER = -1.0


class Answers(NamedTuple):
    """How responsive a program was: wishes asked for, answered, months until an answer (mean), what districts said at
    first and got at last (mean shares for the organization).
    """

    asked: float
    answered: float
    months: float
    said: float
    given: float


class Wishes:
    """Wishes of all agencies in one run, from month 0 on; its key never contains the strategy.

    `wish`, `said`, `agreed` and `given`, (O,), are shares for the organization: wanted, said at the latest survey,
    agreed in co-design, in this month's help; NaN before there is one.
    """

    def __init__(self, world: World, values: Values, run_key: int) -> None:
        O = world.layout.n_organizations
        self.wish, self.said, self.agreed, self.given, self.first = np.full((5, O), np.nan)
        self.asked_in, self.gap, self.asked, self.answered, self.waited = np.zeros((5, O))
        self.asked_in[:] = _NEVER
        self._values, self._run_key, self._layout = values, run_key, world.layout
        self._units, self._news = np.zeros(O), True

    def columns(self) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Every array that changes, with its name."""
        for name in ["wish", "said", "agreed", "given", "first", "asked_in", "gap", "asked", "answered", "waited"]:
            yield name, getattr(self, name)

    def follow(self, world: World) -> None:
        """Wishes of a month; once a year they are said."""
        values = self._values
        _follow(
            self._layout.first, world.skill, world.routine, self.wish, values["wish_familiarity"], values["wish_rate"]
        )
        if world.month % _YEAR == 0:
            self._survey(world.month)

    def _survey(self, month: int) -> None:
        u = uniforms(run_key=self._run_key, purpose="wishes", identity=self._layout.identity, columns=2, month=month)
        z = np.sqrt(-2.0 * np.log(1.0 - u[:, 0])) * np.cos(2.0 * np.pi * u[:, 1])
        self.said[:] = np.clip(self.wish + self._values["likert_noise_sd"] / 4.0 * z, 0.0, 1.0)
        self._news = True
        if np.isnan(self.first).all():
            self.first[:] = self.said

    def agree(self, rows: NDArray[np.int64], codesigned: NDArray[np.float64]) -> bool:
        """What the agencies that take part in co-design this month say is agreed; whether that, or the units of
        co-design that anybody had, is new.
        """
        return bool(_agree(rows, self.said, self.agreed, codesigned, self._units))

    def moved(self, orders: Sequence[Order], shares: Sequence[float], codesigned: NDArray[np.float64]) -> list[Order]:
        """Orders with hours shifted between people and organization, as was agreed."""
        O, weight = len(self.wish), self._layout.weight
        hours = np.zeros((2, O))
        for order, share in zip(orders, shares, strict=True):
            if (kind := _KINDS[order.activity]) >= 0:
                np.add.at(hours[kind], order.organizations, share * order.hours)
        both = hours.sum(axis=0)
        own = np.divide(hours[1], both, out=np.full(O, np.nan), where=both > 0.0)
        weighs = self._values["codesign_wish"] * np.minimum(1.0, codesigned)
        wanted = np.where(np.isnan(self.agreed), own, (1.0 - weighs) * own + weighs * self.agreed)
        mixed = (own > 0.0) & (own < 1.0)
        self.given[:] = np.where(mixed, wanted, own)
        self._news = True
        factor = np.ones((2, O))
        factor[0, mixed] = (1.0 - wanted[mixed]) / (1.0 - own[mixed])
        factor[1, mixed] = wanted[mixed] / own[mixed]
        return [
            order if (kind := _KINDS[order.activity]) < 0 else _scaled(order, factor[kind], weight) for order in orders
        ]

    def listen(self, month: int) -> None:
        """Who asks for something else, and who has been answered; nobody, while nothing is said or given anew."""
        if not self._news:
            return
        self._news = False
        distance = self._values["wish_distance"] if month % _YEAR == 0 else np.inf
        _listen(
            self.said, self.given, self.asked_in, self.gap, self.asked, self.answered, self.waited, (month, distance)
        )

    @property
    def answers(self) -> Answers:
        """Sums over all agencies so far."""
        answered, here = float(self.answered.sum()), ~np.isnan(self.given)
        months = float(self.waited.sum()) / answered if answered else float("nan")
        said, given = (float(column[here].mean()) if here.any() else np.nan for column in (self.first, self.given))
        return Answers(float(self.asked.sum()), answered, months, said, given)


@kernel
def _follow(first, skill, routine, wish, familiarity, rate):
    """One month's way of every wish toward what its agency knows and lacks."""
    mean, K = mean_skill(first, skill), routine.shape[1]
    for j in range(len(wish)):
        people, organization = 0.0, 0.0
        for k in range(K):
            people += mean[j, k]
            organization += routine[j, k]
        people, organization = people / K, organization / K
        both, lack = people + organization, 2.0 - people - organization
        known = organization / both if both > 0.0 else 0.5
        lacking = (1.0 - organization) / lack if lack > 0.0 else 0.5
        toward = familiarity * known + (1.0 - familiarity) * lacking
        wish[j] = toward if np.isnan(wish[j]) else wish[j] + rate * (toward - wish[j])


@kernel
def _agree(rows, said, agreed, codesigned, units):
    """Enter what is said; whether anything that orders depend on has changed."""
    new = False
    for j in rows:
        if agreed[j] != said[j]:
            agreed[j], new = said[j], True
    for j in range(len(units)):
        if units[j] != codesigned[j]:
            units[j], new = codesigned[j], True
    return new


@kernel
def _listen(said, given, asked_in, gap, asked, answered, waited, now):
    """Close what has been answered; open what is further apart than the distance of this month."""
    month, distance = now
    for j in range(len(said)):
        apart = abs(said[j] - given[j])
        if asked_in[j] > _NEVER:
            if apart <= 0.5 * gap[j]:
                answered[j] += 1.0
                waited[j] += month - asked_in[j]
                asked_in[j] = _NEVER
        elif apart > distance:
            asked[j] += 1.0
            asked_in[j], gap[j] = month, apart


def _kind(row: Activity) -> int:
    """Whether an activity builds people (0), the organization (1), or is not moved (-1): also what is bought for its
    readings is not.
    """
    return -1 if row.yields or row.builds not in _BUILDS else _BUILDS.index(row.builds)


_BUILDS = ("people", "organization")
_KINDS = {row.name: _kind(row) for row in ACTIVITIES.values()}


def _scaled(order: Order, factor: NDArray[np.float64], weight: NDArray[np.float64]) -> Order:
    hours = order.hours * factor[order.organizations]
    return replace(order, hours=hours, total=float((hours * weight[order.organizations]).sum()))

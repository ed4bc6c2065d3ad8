"""What and how much: the mix of activities of a time, and who gets which share of the month's hours, activity by
activity, agency by agency, area by area.

With w the weights of an activity's targeting on the focal areas, times what the agency weighs by the scenario's
allocation (capsim/scenario/agencies.py), times the agencies that it stands for in a sample, an agency j gets in area
k the share ``share_a w_jk / sum(w)`` of the hours. Where areas have methods of their own, share_a is that of the area,
and these shares are scaled to what co-design leaves of 1. Where capacities are targeted, in agency and area with
readings the shares of activities that build people are multiplied by ``1 - skill``, those that build organization by
``1 - routine``, and both kinds together scaled to what they had before. Activities that belong to no area get the sum
over areas. Agencies of levels in which an activity has nothing to change have weight 0 for it, unless they pass it on.
Each of the agencies that j stands for gets the hours over its weight.

The focal areas of an agency are the same for all its targeted and intensive activities: those of the highest sum over
targetings of ``w_jk / sum_k w_jk``, the first when equal, or those that the recipe names. With a cascade all
agencies of a chain work on the areas of the one at its top. Readings are bought for all agencies that are reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import CODESIGN, Order
from capsim.assistance.strategy import Delivery, View
from capsim.assistance.targeting import Recipients, agencies_below, weigh
from capsim.catalogue import ACTIVITIES, Recipe
from capsim.catalogue.parts import targeting_row
from capsim.errors import InputError
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import Values

Share = float | NDArray[np.float64]
"""Share of the hours: of all, or of those in each area, (K,)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What time of the assistance it is: whether recipients take part in the design, and whether the exit has begun."""

    codesign: bool
    exit: bool


def find_stage(recipe: Recipe, month: int, months: int, values: Values) -> Stage:
    """Stage of a month: planning lasts planning_months; an exit, if there is a plan for it, the last third."""
    now = "planning" if month < values["planning_months"] else "implementation"
    return Stage(
        codesign=recipe.codesign in {now, "both"},
        exit=bool(recipe.exit_activities) and 3 * month >= 2 * months,
    )


def find_mix(recipe: Recipe, stage: Stage, n_areas: int, values: Values) -> dict[str, Share]:
    """Share of the hours of each activity; by area when areas have methods of their own. Co-design comes first."""
    mix: dict[str, Share]
    if stage.exit:
        mix = dict(recipe.exit_activities)
    elif recipe.methods:
        dealt = [recipe.methods[k % len(recipe.methods)] for k in range(n_areas)]
        names = dict.fromkeys(name for method in dealt for name in method)
        mix = {name: np.array([float(method.get(name, 0.0)) for method in dealt]) for name in names}
    else:
        mix = dict(recipe.activities)
    if not stage.codesign or not mix:
        return mix
    share = values["codesign_share"]
    rest = {name: part * (1.0 - share) for name, part in mix.items()}
    return {CODESIGN: share + rest.pop(CODESIGN, 0.0), **rest}


def readings_of(recipe: Recipe) -> frozenset[str]:
    """Instruments whose readings change how a recipe divides its hours."""
    aims = {recipe.targeting} if isinstance(recipe.targeting, str) else set(recipe.targeting.values())
    reads = {name for aim in aims for name in targeting_row(aim).reads} | (
        {"rubric"} if recipe.target_capacities else set()
    )
    return frozenset(reads | ({"expert"} if "rubric" in reads else set()))  # an expert's visit stands for a rubric


@dataclass(frozen=True, slots=True)
class Portion:
    """One activity, row by row: a row gets ``parts * share`` of the month's hours."""

    activity: str
    share: float
    # (n,) -1 for no area
    organizations: NDArray[np.int64]
    areas: NDArray[np.int64]
    parts: NDArray[np.float64]  # (n,)
    cascade: NDArray[np.float64] | None  # (O,) if any: weights of agencies to which it is passed on
    by_state: bool  # whether groups keep to their own state

    @property
    def total(self) -> float:
        """Share of the month's hours that all rows get."""
        return self.share * float(self.parts.sum())

    def order(self, weight: NDArray[np.float64]) -> Order:
        """The rows as the kernels' table takes them, in parts; `weight` (O,) is that of sampling."""
        rows = self.organizations
        nobody, total = np.full(len(rows), -1), float(self.parts.sum())
        felt = self.parts / weight[rows]
        return Order(self.activity, rows, nobody, self.areas, felt, total, self.cascade, self.by_state)

    def delivery(self, hours: float) -> Delivery:
        """The activity in a month of so many hours."""
        return Delivery(
            activity=self.activity,
            organizations=self.organizations,
            areas=self.areas,
            hours=self.parts * (self.share * hours),
            cascade=self.cascade,
            by_state=self.by_state,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One activity that agencies get in turn, in whole units, from its share of the hours."""

    activity: str
    share: float
    organizations: NDArray[np.int64]  # (n,) all that are reached
    areas: NDArray[np.bool_] | None  # (n, K) if any: over which a unit is spread evenly


@dataclass(slots=True)
class Queue:
    """Agencies that get whole units of an activity in turn, from hours that are saved for them."""

    last: NDArray[np.int64]  # (O,) month in which each organization had its latest unit
    saved: float = 0.0  # TA hours saved for the next units

    def buy(
        self, turn: Turn, hours: float, month: int, *, cost: NDArray[np.float64], every_months: float
    ) -> Delivery | None:
        """Save the turn's share of a month's `hours` and buy for those who are due, who waited longest first.

        `cost` (O,) are the hours of a unit for all agencies that an organization stands for.
        """
        self.saved += turn.share * hours
        if not len(turn.organizations) or self.saved < (1.0 - 1e-9) * cost[turn.organizations].min():
            return None
        last = self.last[turn.organizations]
        due = np.flatnonzero(last <= month - every_months)
        due = due[np.argsort(last[due], kind="stable")]
        each = cost[turn.organizations[due]]
        together = np.cumsum(each)
        count = int(np.sum(together - 1e-9 * each <= self.saved))
        if count == 0:
            return None
        served, each = due[:count], each[:count]
        self.last[turn.organizations[served]] = month
        self.saved -= float(together[count - 1])
        if turn.areas is None:
            return Delivery(activity=turn.activity, organizations=turn.organizations[served], hours=each)
        marked = turn.areas[served]
        place, areas = np.nonzero(marked)
        each = each / marked.sum(axis=1)
        return Delivery(
            activity=turn.activity, organizations=turn.organizations[served[place]], areas=areas, hours=each[place]
        )

    def release(self, most: float) -> float:
        """Hours above `most`, which are no longer saved."""
        released = max(0.0, self.saved - most)
        self.saved -= released
        return released


class _Spread(NamedTuple):
    """How one targeting divides: shares by agency and area (R, K) and by agency (R,), the weights of agencies below
    (O,).
    """

    by_area: NDArray[np.float64]
    by_agency: NDArray[np.float64]
    cascade: NDArray[np.float64] | None


class Division:
    """Divides by what is known now."""

    def __init__(self, recipe: Recipe, view: View, recipients: Recipients, values: Values) -> None:
        self.recipe, self.view, self.recipients, self.values = recipe, view, recipients, values
        self._weights: dict[str, NDArray[np.float64]] = {}
        self._spreads: dict[tuple[str, bool, tuple[str, ...]], _Spread] = {}

    def divide(self, mix: Mapping[str, Share]) -> list[Portion | Turn]:
        """One part for each activity of `mix`, in its order."""
        if self.recipe.target_capacities or any(isinstance(share, np.ndarray) for share in mix.values()):
            return self._divide_by_area(mix)
        parts: list[Portion | Turn] = []
        for name, share in mix.items():
            if ACTIVITIES[name].yields:
                parts.append(self._turn(name, float(share), share))
            else:
                spread = self._spread(name)
                parts.append(self._portion(name, float(share), spread.by_area, spread.by_agency))
        return parts

    def _divide_by_area(self, mix: Mapping[str, Share]) -> list[Portion | Turn]:
        shares = {name: share * self._spread(name).by_area for name, share in mix.items()}
        if self.recipe.target_capacities:
            self._aim(shares)
        own = [name for name, share in mix.items() if isinstance(share, np.ndarray)]
        total = sum(float(shares[name].sum()) for name in own)
        rest = 1.0 - sum(float(share.sum()) for name, share in shares.items() if name not in own)
        for name in own if total > 0.0 else ():
            shares[name] = shares[name] * (rest / total)
        return [
            self._turn(name, float(share.sum()), mix[name])
            if ACTIVITIES[name].yields
            else self._portion(name, 1.0, share, share.sum(axis=1))
            for name, share in shares.items()
        ]

    def _aim(self, shares: dict[str, NDArray[np.float64]]) -> None:
        """Move shares between activities that build people and those that build organization, by what is lacking."""
        rows, readings = self.recipients.rows, self.view.readings
        read = ~np.isnan(readings.skill[rows] + readings.routine[rows])
        lack = {
            "people": np.where(read, 1.0 - readings.skill[rows], 1.0),
            "organization": np.where(read, 1.0 - readings.routine[rows], 1.0),
        }
        kinds = {name: ACTIVITIES[name].builds for name in shares if not ACTIVITIES[name].yields}
        aimed = {name: shares[name] * lack[kind] for name, kind in kinds.items() if kind in lack}
        before = sum((shares[name] for name in aimed), np.zeros(read.shape))
        after = sum(aimed.values(), np.zeros(read.shape))
        scale = np.divide(before, after, out=np.ones_like(after), where=after > 0.0)
        for name, share in aimed.items():
            shares[name] = np.where(after > 0.0, share * scale, shares[name])

    def _portion(
        self, name: str, share: float, by_area: NDArray[np.float64], by_agency: NDArray[np.float64]
    ) -> Portion:
        if ACTIVITIES[name].by_area:
            rows, areas = np.nonzero(by_area)
            parts = by_area[rows, areas]
        else:
            rows = np.flatnonzero(by_agency)
            areas, parts = np.full(len(rows), -1), by_agency[rows]
        return Portion(
            name,
            share,
            self.recipients.rows[rows],
            areas,
            parts,
            self._spread(name).cascade,
            self.recipe.grouping == "by_state",
        )

    def _turn(self, name: str, share: float, wanted: Share) -> Turn:
        recipients = self.recipients
        if not ACTIVITIES[name].by_area:
            return Turn(name, share, recipients.reached, None)
        focal = self._focal[recipients.head]
        areas = focal & (np.asarray(wanted) > 0.0)
        areas[~areas.any(axis=1)] = focal[~areas.any(axis=1)]
        return Turn(name, share, recipients.reached, areas)

    def _targeting(self, tier: str) -> str:
        targeting = self.recipe.targeting
        return targeting if isinstance(targeting, str) else targeting.get(tier, "universal")

    def _weigh(self, targeting: str) -> NDArray[np.float64]:
        """Weights of a targeting for recipients and areas, (R, K)."""
        if targeting not in self._weights:
            self._weights[targeting] = weigh(targeting, self.view, self.recipients.rows, self.values)
        return self._weights[targeting]

    @cached_property
    def _focal(self) -> NDArray[np.bool_]:
        """Areas that each recipient works on, (R, K)."""
        wanted, areas, recipients = self.recipe.focal_areas, self.view.areas, self.recipients
        shape = (len(recipients.rows), len(areas))
        if not isinstance(wanted, int):
            return np.broadcast_to(_named(wanted, areas), shape)
        rank = np.zeros(shape)
        for name in dict.fromkeys((self._targeting("targeted"), self._targeting("intensive"))):
            weights = self._weigh(name)
            total = weights.sum(axis=1, keepdims=True)
            rank += np.divide(weights, total, out=np.zeros(shape), where=total > 0.0)
        of_itself = _highest(rank, wanted)
        return of_itself[recipients.head[np.searchsorted(recipients.reached, recipients.rows)]]

    def _spread(self, activity: str) -> _Spread:
        """How the targeting of an activity's tier divides between agencies of its levels; universal activities go
        everywhere.
        """
        tier, levels = ACTIVITIES[activity].tier, ACTIVITIES[activity].levels
        everywhere = tier == "universal"
        key = ("universal" if everywhere else self._targeting(tier), everywhere, levels)
        if key not in self._spreads:
            self._spreads[key] = self._new_spread(*key)
        return self._spreads[key]

    def _new_spread(self, targeting: str, everywhere: bool, levels: tuple[str, ...]) -> _Spread:
        recipients, of_agency = self.recipients, self.view.allocation
        weights = self._weigh(targeting) * (of_agency * self.view.weight)[recipients.rows, None]
        codes = [AGENCY_LEVELS[level] for level in levels]
        able = np.isin(self.view.level[recipients.rows], codes) | recipients.cascades
        focal = np.ones_like(weights, np.bool_) if everywhere else self._focal
        cascade = None
        if recipients.cascades:
            below = agencies_below(self.view)
            cascade = np.zeros(len(self.view.level))
            by_area = weigh(targeting, self.view, below, self.values)
            cascade[below] = by_area.sum(axis=1) * of_agency[below]
        return _Spread(*recipients.divide(np.where(focal & able[:, None], weights, 0.0)), cascade)


def _named(wanted: tuple[str, ...], areas: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which areas are those named, (K,)."""
    unknown = [name for name in wanted if name not in areas]
    if unknown:
        raise InputError(f"focal areas {', '.join(unknown)} are not in this world; it has {', '.join(areas)}")
    return np.isin(areas, wanted)


def _highest(rank: NDArray[np.float64], how_many: int) -> NDArray[np.bool_]:
    """So many areas of the highest rank in each row (0: all), the first when equal, (R, K)."""
    if not 0 < how_many < rank.shape[1]:
        return np.ones(rank.shape, np.bool_)
    order = np.argsort(-rank, axis=1, kind="stable")
    keep = np.zeros(rank.shape, np.bool_)
    np.put_along_axis(keep, order[:, :how_many], True, axis=1)
    return keep

"""Observation: which instruments are read this month, and what they cost.

A reading is bought in whole units of the activity that yields it; hours toward a unit add up over months. An agency
that helped to design its assistance is read with less noise: times ``codesign_noise_factor ** units of co-design``, at
most one unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import Order
from capsim.assistance.receptivity import general_readiness
from capsim.catalogue import ACTIVITIES
from capsim.instruments import expert, interest, ratings, screening, self_rating, stocktake, sustainability
from capsim.instruments.readings import Readings
from capsim.instruments.rubric import read_rubric
from capsim.measures.capacities import mean_skill, staffing
from capsim.parameters import Values
from capsim.streams.philox import uniforms
from capsim.structures import Structure
from capsim.world import Layout, World

SURVEY_EVERY = 12
"""Months between two surveys of interest and self-ratings."""
INSTRUMENTS = tuple(dict.fromkeys(activity.yields for activity in ACTIVITIES.values() if activity.yields))
"""Instruments that hours buy."""


class Before(NamedTuple):
    """State of the organizations at the start of a month's assistance: what instruments see.

    Attributes
    ----------
    people, routine, use : (O, K) float64
        Mean skill, routine and implementation.
    culture, data_systems, resource_alignment, filled : (O,) float64
    motivation : (O,) float64
        Mean engagement of holders; NaN without any.
    general : (O,) float64
        General capacity.
    """

    people: NDArray[np.float64]
    routine: NDArray[np.float64]
    use: NDArray[np.float64]
    culture: NDArray[np.float64]
    data_systems: NDArray[np.float64]
    resource_alignment: NDArray[np.float64]
    filled: NDArray[np.float64]
    motivation: NDArray[np.float64]
    general: NDArray[np.float64]


class Observation:
    """The instruments of one run.

    Parameters
    ----------
    layout : Layout
    values : mapping of str to float
    months : int
        Length of the assistance.
    run_key : int
        Never contains the strategy.

    Attributes
    ----------
    readings : Readings
        The latest of every instrument.
    paid : dict of str to (O,) float64
        Hours toward the next reading of each instrument.
    codesigned : (O,) float64
        Units of co-design, at most 1.
    """

    def __init__(self, layout: Layout, values: Values, *, months: int, run_key: int) -> None:
        O = layout.n_organizations
        self.readings = Readings.none(O, layout.n_areas)
        self._values, self._months, self._run_key = values, months, run_key
        self._identity, self._n_areas = layout.identity, layout.n_areas
        self.paid = {instrument: np.zeros(O) for instrument in INSTRUMENTS}
        self.codesigned = np.zeros(O)

    def _numbers(self, purpose: str, columns: int, month: int) -> NDArray[np.float64]:
        return uniforms(run_key=self._run_key, purpose=purpose, identity=self._identity, columns=columns, month=month)

    def look(self, world: World, p: Structure) -> Before:
        """What there is to see now."""
        motivation, general, _ = general_readiness(world.arrays, p)
        return Before(
            mean_skill(world.layout.first, world.skill),
            world.routine.copy(),
            world.use.copy(),
            world.culture.copy(),
            world.data_systems.copy(),
            world.resource_alignment.copy(),
            staffing(world.layout.first, world.person),
            motivation,
            general,
        )

    def survey(self, world: World, p: Structure) -> None:
        """Ask everybody who would like assistance, and how good they are; free."""
        now, month, values = self.look(world, p), world.month, self._values
        numbers = self._numbers(interest.PURPOSE, interest.NUMBERS, month)
        interest.read_interest(numbers, now.motivation, values, self.readings)
        filled = now.filled[:, None]
        skill = np.divide(now.people, filled, out=np.full_like(now.people, np.nan), where=filled > 0.0)
        numbers = self._numbers(self_rating.PURPOSE, self_rating.NUMBERS(self._n_areas), month)
        self_rating.read_self_rating(numbers, 0.5 * (skill + now.routine), values, self.readings)

    def pay(self, orders: Sequence[Order]) -> dict[str, NDArray[np.bool_]]:
        """Agencies whose hours toward a reading have become a unit this month, by instrument."""
        units: dict[str, float] = {}
        for order in orders:
            instrument = ACTIVITIES[order.activity].yields
            if instrument and len(order.hours):
                np.add.at(self.paid[instrument], order.organizations, order.hours)
                units[instrument] = self._values[f"{order.activity}_ta_hours"]
        bought = {}
        for instrument, unit in units.items():
            paid = self.paid[instrument]
            whole = np.floor(paid / unit + 1e-9)
            paid -= np.minimum(paid, whole * unit)
            if whole.any():
                bought[instrument] = whole > 0
        return bought

    def read(
        self, bought: dict[str, NDArray[np.bool_]], before: Before, month: int, numbers: NDArray[np.float64]
    ) -> None:
        """Take the readings that were bought, of the state before this month's deliveries."""
        values = self._values
        noise = (2.0 - before.data_systems) * values["codesign_noise_factor"] ** self.codesigned
        if "rubric" in bought:
            read_rubric(
                bought["rubric"],
                numbers,
                before.people,
                before.routine,
                values["rubric_noise_sd"] * noise,
                month,
                self.readings,
            )
        if "expert" in bought:
            own = self._numbers(expert.PURPOSE, expert.NUMBERS(self._n_areas), month)
            expert.read_expert(
                bought["expert"], own, before.people, before.routine, values["expert_noise_sd"], month, self.readings
            )
        if "screening" in bought:
            own = self._numbers(screening.PURPOSE, screening.NUMBERS, month)
            screening.read_screening(
                bought["screening"],
                own,
                before.motivation,
                before.general,
                values["rubric_noise_sd"] * noise,
                values,
                self.readings,
            )
        if "stocktake" in bought:
            own = self._numbers(stocktake.PURPOSE, stocktake.NUMBERS(self._n_areas), month)
            stocktake.read_stocktake(
                bought["stocktake"],
                own,
                before.use,
                values["stocktake_noise_sd"] * noise,
                month,
                self._months,
                values,
                self.readings,
            )
        if "sustainability" in bought:
            own = self._numbers(sustainability.PURPOSE, sustainability.NUMBERS, month)
            true = sustainability.true_sections(
                before.culture,
                before.filled,
                before.resource_alignment,
                before.routine,
                before.data_systems,
            )
            sustainability.read_sustainability(
                bought["sustainability"], own, true, values["rubric_noise_sd"] * noise, self.readings
            )

    def rate(
        self,
        served: NDArray[np.bool_],
        felt: NDArray[np.float64],
        month: int,
    ) -> tuple[NDArray[np.float64], ...]:
        """Ratings of those served this month: expert's, client's, satisfaction, each (O,); `felt` as by `deliver`."""
        motivation, quality, hours_share = felt
        numbers = self._numbers(ratings.PURPOSE, ratings.NUMBERS, month)
        return ratings.rate(served, numbers, quality, motivation, hours_share, self._values)

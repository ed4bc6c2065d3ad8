"""Observation: which instruments are read this month, and what they cost.

A reading is bought in whole units of the activity that yields it; hours toward a unit add up over months. An agency
that helped to design its assistance is read with less noise: times ``codesign_noise_factor ** units of co-design``, at
most one unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.logbook import Logbook
from capsim.assistance.rows import Rows
from capsim.assistance.terms import Terms
from capsim.catalogue import ACTIVITIES
from capsim.instruments import expert, interest, ratings, screening, self_rating, stocktake, sustainability
from capsim.instruments.readings import Readings
from capsim.instruments.rubric import read_rubric
from capsim.measures.capacities import mean_skill, staffing
from capsim.parameters import Values
from capsim.streams.philox import uniforms
from capsim.world import Layout, World

__all__ = ["SURVEY_EVERY", "Before", "Observation"]

SURVEY_EVERY = 12
"""Months between two surveys of interest and self-ratings."""
_BOUGHT = [activity.yields for activity in ACTIVITIES.values() if activity.yields]
INSTRUMENTS: tuple[str, ...] = tuple(dict.fromkeys(_BOUGHT))
"""Instruments that hours buy."""
_CODESIGN = "codesign"


class Before(NamedTuple):
    """State of the organizations at the start of a month's assistance: what instruments see.

    Attributes
    ----------
    people, routine : (O, K) float64
        Mean skill and routine.
    culture, data_systems, resource_alignment : (O,) float64
    motivation : (O,) float64
        Mean engagement of holders; NaN without any.
    general : (O,) float64
        General capacity.
    """

    people: NDArray[np.float64]
    routine: NDArray[np.float64]
    culture: NDArray[np.float64]
    data_systems: NDArray[np.float64]
    resource_alignment: NDArray[np.float64]
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
    log : bool
        Whether to keep a logbook.

    Attributes
    ----------
    readings : Readings
        The latest of every instrument.
    logbook : Logbook or None
        None unless it is asked for.
    paid : dict of str to (O,) float64
        Hours toward the next reading of each instrument.
    codesigned : (O,) float64
        Units of co-design, at most 1.
    """

    def __init__(self, layout: Layout, values: Values, *, months: int, run_key: int, log: bool) -> None:
        O = layout.n_organizations
        self.readings = Readings.none(O, layout.n_areas)
        self.logbook = Logbook(layout, months) if log else None
        self._values, self._months, self._run_key = values, months, run_key
        self._identity, self._n_areas = layout.identity, layout.n_areas
        self.paid = {instrument: np.zeros(O) for instrument in INSTRUMENTS}
        self.codesigned = np.zeros(O)

    def _numbers(self, purpose: str, columns: int, month: int) -> NDArray[np.float64]:
        return uniforms(run_key=self._run_key, purpose=purpose, identity=self._identity, columns=columns, month=month)

    def survey(self, world: World, motivation: NDArray[np.float64]) -> None:
        """Ask everybody who would like assistance, and how good they are; free.

        Parameters
        ----------
        world : World
        motivation : (O,) float64
            Mean engagement of holders; NaN without any.
        """
        numbers = self._numbers(interest.PURPOSE, interest.NUMBERS, world.month)
        interest.read_interest(numbers, motivation, self._values, self.readings)
        filled = staffing(world.layout.first, world.person)[:, None]
        people = mean_skill(world.layout.first, world.skill)
        skill = np.divide(people, filled, out=np.full_like(people, np.nan), where=filled > 0.0)
        numbers = self._numbers(self_rating.PURPOSE, self_rating.NUMBERS(self._n_areas), world.month)
        self_rating.read_self_rating(numbers, 0.5 * (skill + world.routine), self._values, self.readings)

    def _bought(self, rows: Sequence[Rows], terms: Mapping[str, Terms]) -> dict[str, NDArray[np.bool_]]:
        """Agencies whose hours toward a reading have become a unit, by instrument."""
        units: dict[str, float] = {}
        for row in rows:
            activity = terms[row.activity]
            if activity.yields and len(row.hours):
                np.add.at(self.paid[activity.yields], row.organizations, row.hours)
                units[activity.yields] = activity.units.ta_hours
        bought = {}
        for instrument, unit in units.items():
            paid = self.paid[instrument]
            whole = np.floor(paid / unit + 1e-9)
            paid -= np.minimum(paid, whole * unit)
            if whole.any():
                bought[instrument] = whole > 0
        return bought

    def _remember_codesign(self, rows: Sequence[Rows], terms: Mapping[str, Terms]) -> None:
        for row in rows:
            if row.activity == _CODESIGN:
                np.add.at(self.codesigned, row.organizations, row.hours / terms[_CODESIGN].units.ta_hours)
                np.minimum(self.codesigned, 1.0, out=self.codesigned)

    def read(
        self,
        rows: Sequence[Rows],
        terms: Mapping[str, Terms],
        world: World,
        numbers: NDArray[np.float64],
        before: Before,
    ) -> None:
        """Take the readings that this month's direct rows have bought, of the state before the deliveries."""
        self._remember_codesign(rows, terms)
        bought = self._bought(rows, terms)
        if not bought:
            return
        values, month = self._values, world.month
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
                world.use,
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
                staffing(world.layout.first, world.person),
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
        quality: NDArray[np.float64],
        motivation: NDArray[np.float64],
        hours_share: NDArray[np.float64],
        expert_ties: NDArray[np.float64],
        month: int,
    ) -> None:
        """Ratings of those served this month, and the month's entry in the logbook."""
        if self.logbook is None:
            return
        numbers = self._numbers(ratings.PURPOSE, ratings.NUMBERS, month)
        rated = ratings.rate(served, numbers, quality, motivation, hours_share, self._values)
        self.logbook.enter(month, self.readings, rated, expert_ties)

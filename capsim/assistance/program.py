"""The program: asks the strategy every month, checks what it wants, delivers it, keeps the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.center import close_center, open_center, restore_experts
from capsim.assistance.chain import Chain
from capsim.assistance.helping import Helping, common_terms
from capsim.assistance.ledger import Ledger
from capsim.assistance.logbook import count_expert_ties
from capsim.assistance.observation import SURVEY_EVERY, Observation
from capsim.assistance.receptivity import Providers
from capsim.assistance.rows import Rows, check_deliveries
from capsim.assistance.strategy import Delivery, Strategy
from capsim.assistance.terms import activity_terms
from capsim.assistance.view import View
from capsim.errors import StrategyError, own_code
from capsim.instruments.rubric import NUMBERS_PER_AREA
from capsim.parameters import Values
from capsim.world import World

__all__ = ["Program"]


class Program:
    """Assistance of one run: strategy, center, providers, instruments and ledger.

    Parameters
    ----------
    strategy : Strategy
        A fresh object for this run.
    world : World
        At month 0.
    values : mapping of str to float
    months : int
        Length of the assistance.
    yearly_hours : float
        TA hours per year; the whole budget is ``yearly_hours * months / 12``.
    run_key : int
        Never contains the strategy.
    log : bool
        Whether to keep the chain and the logbook of instruments: what nobody asks for is not made.
    """

    def __init__(
        self,
        strategy: Strategy,
        world: World,
        values: Values,
        *,
        months: int,
        yearly_hours: float,
        run_key: int,
        log: bool = False,
    ) -> None:
        layout = world.layout
        budget = yearly_hours * months / 12.0
        self.strategy = strategy
        self.months = months
        self.providers = Providers(layout, values, yearly_hours=yearly_hours, run_key=run_key)
        self.observation = Observation(layout, values, months=months, run_key=run_key, log=log)
        self.ledger = Ledger.opened(budget, layout.n_organizations, months)
        self.chain = Chain(layout, months) if log else None
        self.view = View(world, self.observation.readings, self.ledger, months=months, total_budget=budget)
        self.terms = activity_terms(values)
        self._run_key = run_key

    @staticmethod
    def numbers_per_organization(strategy: Strategy, n_areas: int) -> int:
        """Uniform numbers per organization and month: those of the rubric, then those of the strategy."""
        return NUMBERS_PER_AREA * n_areas + strategy.draws_per_row

    def columns(self) -> Iterator[tuple[str, NDArray]]:
        """Every array that the program keeps, with its name: readings, hours toward readings, ledger, chain."""
        observation = self.observation
        for field in fields(observation.readings):
            yield f"readings.{field.name}", getattr(observation.readings, field.name)
        for instrument, hours in observation.paid.items():
            yield f"paid.{instrument}", hours
        yield "codesigned", observation.codesigned
        yield "ledger.by_organization", self.ledger.by_organization
        yield "ledger.monthly", self.ledger.monthly
        if observation.logbook is not None and self.chain is not None:
            yield "logbook", observation.logbook.monthly
            yield "chain.links", self.chain.links

    def assist(self, world: World, numbers: NDArray[np.float64], values: Values) -> None:
        """One month of assistance; before and after the program it only clears the month's hours."""
        world.recipient_hours.fill(0.0)
        world.ta_hours.fill(0.0)
        world.areas_served.fill(0)
        if world.month == self.months:
            close_center(world)
        if not 0 <= world.month < self.months:
            return
        if world.month == 0:
            open_center(world)
        restore_experts(world, values)
        rows = self._decide(world, numbers, values)
        if any(row.total > 0.0 for row in rows):
            helping = Helping(rows, world, values, terms=self.terms, providers=self.providers, run_key=self._run_key)
            helping.deliver(self.ledger, self.chain)
            helping.observe(self.observation, numbers)
            if self.observation.logbook is not None:
                helping.rate(self.observation)
        elif self.observation.logbook is not None:
            self.observation.logbook.enter(world.month, self.observation.readings, None, count_expert_ties(world))

    def _decide(self, world: World, numbers: NDArray[np.float64], values: Values) -> list[Rows]:
        if world.month % SURVEY_EVERY == 0:
            motivation = common_terms(world, values, np.ones(world.layout.n_organizations)).motivation
            self.observation.survey(world, motivation)
        own = numbers[:, NUMBERS_PER_AREA * world.layout.n_areas :]
        with own_code(f"strategy {self.strategy.name!r} failed in month {world.month}", StrategyError):
            deliveries: Sequence[Delivery] = self.strategy.decide(self.view, world.month, self.ledger.left, own)
        return check_deliveries(
            deliveries, world.layout, strategy=self.strategy.name, month=world.month, hours_left=self.ledger.left
        )

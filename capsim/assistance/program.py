"""The program: a month of assistance from the strategy's decision to the books, and all that a run keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import DOLLARS, Ledger, Logbook
from capsim.assistance.center import CenterBook, LivingCenter, begin_month, close_center, open_center
from capsim.assistance.composed import OWN_INSTRUMENT, ComposedStrategy
from capsim.assistance.delivery import deliver
from capsim.assistance.flow import NO_FLOW, NOT_CHOSEN, OUTSIDE, Flow
from capsim.assistance.observation import STOCKTAKE, SURVEY_EVERY, Observation, shift_plans
from capsim.assistance.orders import CODESIGN, Order, Reach, check_deliveries, help_of, table_of
from capsim.assistance.receptivity import Offered, Providers
from capsim.assistance.strategy import Strategy, View
from capsim.assistance.targeting import why_nothing
from capsim.assistance.ties import count_expert_ties
from capsim.assistance.tools import Tools
from capsim.assistance.wishes import Wishes
from capsim.catalogue import ACTIVITIES
from capsim.errors import StrategyError, own_code
from capsim.instruments.own import due
from capsim.instruments.readings import Readings
from capsim.instruments.table import INSTRUMENTS
from capsim.levels import CENTER, Level
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.scenario.own import OwnInstrument
from capsim.structures import Structure
from capsim.world import World

_MOST_DRAWS = 10_000


class Program:
    """Assistance of one run, with a fresh strategy from month 0 on: strategy, center, providers, instruments and books.

    `yearly_hours` are also those of agencies that a sample stands for, the whole budget ``yearly_hours * months / 12``;
    `yearly_caps` the most in each year, if there are any. With `log` the chain, the flow and the logbook of instruments
    are kept: what nobody asks for is not made. `reach` is what is left of assistance, as others set it; all without.
    The run key never contains the strategy.
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
        yearly_caps: Sequence[float] = (),
        log: bool = False,
        reach: Reach | None = None,
        instruments: Sequence[OwnInstrument] = (),
        tools: Tools | None = None,
    ) -> None:
        layout, draws = world.layout, strategy.draws_per_row
        if not isinstance(draws, int | np.integer) or not 0 <= draws <= _MOST_DRAWS:
            must = f"draws_per_row must be a whole number from 0 to {_MOST_DRAWS}"
            raise StrategyError(f"strategy {strategy.name!r}: {must}, got {draws!r}")
        budget = yearly_hours * months / 12.0
        self.strategy = strategy
        self.months = months
        self.providers = Providers(layout, values, yearly_hours=yearly_hours, run_key=run_key)
        self.living = None
        if strategy.center is not None:
            self.living = LivingCenter(
                strategy.center, layout, values, months=months, yearly_hours=yearly_hours, run_key=run_key
            )
        self.offered = Offered.nothing(layout, values)
        self.ledger = Ledger.opened(budget, layout.weight, months)
        self._caps = tuple(yearly_caps)
        if isinstance(strategy, ComposedStrategy):
            strategy.yearly_caps = self._caps
        levels = len(Level)
        # hours on the links of the chain by month, level that gives, level that gets; delivered, received, used
        self.chain = np.zeros((months, levels, levels, 3)) if log else None
        self.logbook = Logbook(layout, months) if log else None
        flows = log or any(one.of_flow for one in instruments)
        self.flow = Flow(layout, months, activities_of(strategy)) if flows else None
        self.observation = Observation(
            layout,
            values,
            months=months,
            run_key=run_key,
            instruments=instruments,
            asks=strategy.asks_participants,
            flow=self.flow,
            logged=months if log else 0,
        )
        self.tools = tools
        self.wishes = Wishes(world, values, run_key) if values["codesign_wish"] > 0.0 else None
        self.reach, self._events = reach or Reach.full(layout.n_organizations), reach is not None
        kept = log and (self.living is not None or self.offered.counted)
        self.book = CenterBook(layout, months, self.living, self.offered) if kept else None
        self.view = View(
            world,
            self.observation.readings,
            self.ledger,
            months=months,
            total_budget=budget,
            heard=self.observation.heard,
            instruments=instruments,
        )
        self._center = layout.center
        self._p, self._values = constants(values), values
        self._response = values["stocktake_response"]
        self._h = help_of(values, run_key, self._books())
        self._standing: _Standing | None = None
        self._unserved: tuple[object, NDArray[np.int8]] | None = None

    @staticmethod
    def numbers_per_organization(strategy: Strategy, n_areas: int) -> int:
        """Uniform numbers per organization and month: those of the rubric, then those of the strategy; none where the
        strategy wants none, because the rubric makes its own when it is read.
        """
        return INSTRUMENTS["rubric"].numbers(n_areas) + strategy.draws_per_row if strategy.draws_per_row else 0

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Every array that the program keeps, with its name: readings, hours toward readings, books."""
        observation, offered = self.observation, self.offered
        parts: dict[str, Iterable[tuple[str, NDArray[Any]]]] = {
            "readings": ((one.name, getattr(observation.readings, one.name)) for one in fields(Readings)),
            "paid": observation.paid.items(),
            "center": self.living.columns() if self.living is not None else (),
            "feedback": [("sums", observation.feedback), ("heard", observation.heard)] if observation.asks else (),
            "offered": offered.books().items() if offered.counted else (),
            "tools": self.tools.arrays.items() if self.tools is not None else (),
            "wishes": self.wishes.columns() if self.wishes is not None else (),
            "ledger": self.ledger.books().items(),
        }
        yield from ((f"{part}.{name}", column) for part, columns in parts.items() for name, column in columns)
        yield "codesigned", observation.codesigned
        if self.logbook is not None and self.chain is not None:
            yield "logbook", self.logbook.monthly
            yield "chain.links", self.chain
        if self.book is not None:
            yield "book", self.book.monthly

    def _books(self) -> dict[str, NDArray[Any]]:
        """Arrays of the run that the kernels read or write."""
        links = np.empty((0, 1)) if self.chain is None else self.chain.reshape(self.months, 3 * len(Level) ** 2)
        return {
            **(self.living or self.providers).books(),
            **self.offered.books(),
            **(NO_FLOW if self.flow is None else self.flow.books()),
            **self.ledger.books(),
            "codesigned": self.observation.codesigned,
            "landing": self.reach.landing,
            "feedback": self.observation.feedback,
            "links": links,
        }

    def assist(self, world: World, numbers: NDArray[np.float64]) -> None:
        """One month of assistance; before and after the program it only clears the month's hours."""
        month, w = world.month, world.arrays
        if month == self.months:
            close_center(world)
        if not 0 <= month < self.months:
            begin_month(w, self._p, 0, 0)
            return
        if month == 0:
            open_center(world)
        begin_month(w, self._p, *self._center)
        if self.living is not None:
            self._hire(self.living, world)
        if month % SURVEY_EVERY == 0:
            self.observation.survey(world, self._p)
            if self.observation.asks:
                self.observation.ask(month)
        free = [one.name for one in self.observation.instruments if one.ta_hours == 0.0 and due(one, month)]
        if free:
            self.observation.read_own(free, world, self.observation.look(world, self._p))
        if self.wishes is not None:
            self.wishes.follow(world)
        orders, table, hours = self._decide(world, numbers)
        if self.wishes is not None:
            self.wishes.listen(month)
        given = None
        if table is not None:
            bought = self.observation.pay(orders)
            paid = self.strategy.read if isinstance(self.strategy, ComposedStrategy) else ()
            state = self.observation.look(world, self._p) if bought or paid else None
            if state is not None and paid:
                self.observation.read_own(paid, world, state)
            given = deliver(w, self._p, self._h, table, hours)
            if self.tools is not None:
                self.tools.show(world, self._h, table, hours)
            if state is not None:
                self.observation.read(bought, state, month)
                if self._response > 0.0 and STOCKTAKE in bought:
                    shift_plans(world, self.observation.readings, bought[STOCKTAKE], self._response)
        elif self.offered.counted:
            self.offered.fade(self._values)
        if self.logbook is not None:
            rated = None if given is None else self.observation.rate(world.ta_hours > 0.0, given, month)
            self.logbook.enter(month, self.observation.readings, rated, count_expert_ties(world))
            self.observation.keep_own(month)
            if self.book is not None:
                self.book.enter(world, rated, self.observation.readings)
        if self.flow is not None:
            held = np.bincount(world.layout.organization[world.person >= 0], minlength=len(world.culture))
            self.flow.note(month, held, self._why_nothing())

    def _why_nothing(self) -> NDArray[np.int8]:
        """Place in `STATUS` of each organization, if it gets nothing, (O,); found again when a plan changes."""
        strategy, found = self.strategy, self._unserved
        plan = strategy.plan if isinstance(strategy, ComposedStrategy) else strategy
        if found is None or plan is not found[0]:
            if isinstance(strategy, ComposedStrategy):
                why = why_nothing(strategy.current, self.view, self._values)
            else:
                why = np.where(self.view.level == CENTER, OUTSIDE, NOT_CHOSEN).astype(np.int8)
            found = self._unserved = plan, why
        return found[1]

    def _hire(self, living: LivingCenter, world: World) -> None:
        """Who is there this month; those who come later than the opening cost hours of the center's own."""
        living.begin_month(world)
        if world.month > 0:
            hours = living.moved[0] * self._values["center_hire_hours"]
            self.ledger.totals[DOLLARS] += hours * self._values["consultant_rate"]

    def _decide(self, world: World, numbers: NDArray[np.float64]) -> tuple[list[Order], Structure | None, float]:
        """Checked orders of the month, the same as a table for the kernels (None for no hours), and its hours."""
        strategy, layout, month, left = self.strategy, world.layout, world.month, self._left(world.month)
        if type(strategy) is ComposedStrategy:
            hours, bought = strategy.choose(self.view, month, left)
            if not any(bought.values()):
                return [], self._plan_table(strategy, layout.weight) if hours > 0.0 else None, hours
            deliveries: Any = strategy.deliveries(hours, bought)
        else:
            self.view._follow(world)
            own = numbers[:, INSTRUMENTS["rubric"].numbers(layout.n_areas) :]
            with own_code(f"strategy {strategy.name!r} failed in month {month}", StrategyError):
                deliveries = strategy.decide(self.view, month, left, own)
        orders = check_deliveries(deliveries, layout, strategy=strategy.name, month=month, hours_left=left)
        orders = self._as_it_comes(orders, [1.0] * len(orders))
        some = any(order.total > 0.0 for order in orders)
        return orders, table_of(orders, layout.n_organizations) if some else None, 1.0

    def _left(self, month: int) -> float:
        """Hours that may be spent this month: what is left of the budget, and of the year's cap, if it has one."""
        if not self._caps:
            return self.ledger.left
        first = month - month % 12
        spent = float(self.ledger.monthly[first:month].sum())
        return max(0.0, min(self.ledger.left, self._caps[month // 12] - spent))

    def _plan_table(self, strategy: ComposedStrategy, weight: NDArray[np.float64]) -> Structure | None:
        """Table of a plan that buys no readings this month, made again only when something has changed it; None without
        an hour.
        """
        standing = self._standing
        if standing is None or standing.plan is not strategy.plan or not self._stands(standing):
            orders = [portion.order(weight) for portion in strategy.portions]
            designing, shares = _designing(orders), [portion.share for portion in strategy.portions]
            orders = self._as_it_comes(orders, shares)
            some = any(order.total > 0.0 for order in orders)
            table = table_of(orders, len(weight), shares) if some else None
            standing = _Standing(strategy.plan, table, designing)
            self._standing = standing if self._whole() else None  # hours that are cut now may be given later
        return standing.table

    def _stands(self, standing: _Standing) -> bool:
        """Whether all hours can be given, and recipients agree to what they agreed to before."""
        if not self._whole():
            return False
        if self.wishes is None or not len(standing.designing):  # units of co-design stand still, too
            return True
        return not self.wishes.agree(standing.designing, self.observation.codesigned)

    def _whole(self) -> bool:
        """Whether all hours are given this month."""
        return not self._events or self.reach.whole()

    def _as_it_comes(self, orders: list[Order], shares: Sequence[float]) -> list[Order]:
        """Orders as recipients agreed them, and as far as they can be given."""
        self._standing = None
        if self.wishes is not None:
            self.wishes.agree(_designing(orders), self.observation.codesigned)
            orders = self.wishes.moved(orders, shares, self.observation.codesigned)
        return orders if self._whole() else [self.reach.limited(order) for order in orders]


class _Standing(NamedTuple):
    """The table of a plan, and who takes part in co-design by it."""

    plan: list[Any]
    table: Structure | None
    designing: NDArray[np.int64]


def _designing(orders: Sequence[Order]) -> NDArray[np.int64]:
    """Agencies with hours of co-design."""
    rows = [order.organizations[order.hours > 0.0] for order in orders if order.activity == CODESIGN]
    return np.concatenate([np.empty(0, np.int64), *rows])


def activities_of(strategy: Strategy) -> tuple[str, ...]:
    """Activities that a strategy may deliver: those of its recipe, or all."""
    if not isinstance(strategy, ComposedStrategy):
        return tuple(ACTIVITIES)
    named = (name for mix in strategy.recipe.mixes for name in mix)
    return tuple(dict.fromkeys([CODESIGN, OWN_INSTRUMENT, *named]))

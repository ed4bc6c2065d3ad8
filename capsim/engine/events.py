"""Events: what dated events of a scenario change at the start of a month, whatever the strategy. They draw nothing.

With s = event_strength (0: nothing happens), for the agencies of an event that begins in month m and lasts n months:

- leader_leaves: in month m the holder of the first position leaves for certain (its hazard is so large), so that
  turnover does what it does at any exit. Nobody leaves where a process or parameter lets nobody leave.
- pandemic: hazards of exit ``x (1 + s (exits - 1))``; routine and its provisional part ``x (1 - s disuse d1)`` every
  month, d1 the monthly loss of routines that nobody enacts (codification.py), and enacted ``x (1 - s disuse)``; of help
  the share ``1 - s (1 - r)`` lands, r = online_fidelity where it is online; where it is stopped a share s of its hours
  is not given, and stays unspent.
- committed (pandemic, new policy): the share of time rises by ``s committed`` at m, is topped up by ``s committed
  committed_return_rate`` every month, which the climate takes back, and falls at m + n by what is left of it, ``s
  committed (1 - committed_return_rate)``; cut to [0, 1].
- new_policy: at m ``plan = (1 - s shift) plan + s shift e_area``, and ``resource_alignment x 1 - 1/2 L1`` of the move,
  as whenever a plan is redrawn (terms.py).
- budget_cut: ``funding = min(funding, 1 - s cut)`` every month; afterwards it recovers (environment.py).

Source: S71, S72 (exits in the pandemic), S39 (budgets), S80 (policies), S68 (leaders); forms and other sizes assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import Reach
from capsim.building.initial import position_hazards
from capsim.parameters import Values
from capsim.scenario import AgencyTable, Scenario
from capsim.scenario.events import Event, agencies_of, first_month
from capsim.world import World

_CERTAIN = 1e12
"""Monthly hazard of a leader who leaves for certain: no season, tenure or engagement brings it near 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """An event with its rows.

    Attributes
    ----------
    event : Event
    first, last : int
        Months, from 0, in which it begins and before which it ends.
    agencies : (n,) int64
        Rows of organizations.
    """

    event: Event
    first: int
    last: int
    agencies: NDArray[np.int64]

    def lasts(self, month: int) -> bool:
        """Whether it is on in a month."""
        return self.first <= month < self.last


def dated_events(
    scenario: Scenario, table: AgencyTable, members: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Dated, ...]:
    """The events of a scenario with their months and the rows of their agencies; `members` as in `agencies_of`."""
    dated = []
    for event, rows in zip(scenario.events, agencies_of(scenario.events, table, members), strict=True):
        first = first_month(event, scenario.timeline.begins)
        dated.append(Dated(event, first, first + (event.months or 1), rows))
    return tuple(dated)


class Events:
    """Events of one run. What lasts is worked out anew from the month, so a run can go on from any month.

    Parameters
    ----------
    dated : sequence of Dated
    world : World
        Gets hazards of its own, which change while an event lasts.
    values : mapping of str to float

    Attributes
    ----------
    dated : tuple of Dated
    reach : Reach
        What is left this month of assistance.
    """

    def __init__(self, dated: Sequence[Dated], world: World, values: Values) -> None:
        self.dated, self._values = tuple(dated), values
        self._hazard = position_hazards(world.layout, values)
        self.reach = Reach.full(world.layout.n_organizations)
        self._changed = True
        world.layout = replace(world.layout, hazard=self._hazard.copy())

    def begin_month(self, world: World) -> None:
        """Change what the events of this month change."""
        month, strength = world.month, self._values["event_strength"]
        lasting = [one for one in self.dated if one.lasts(month)]
        if not lasting and not self._changed and not any(one.last == month for one in self.dated):
            return
        self._changed = bool(lasting)
        world.layout.hazard[:] = self._hazard
        self.reach.landing[:] = self.reach.given[:] = 1.0
        for one in lasting if strength > 0.0 else ():
            self._push(world, one, strength)
        for one in self.dated:
            self._commit(world, one, month, strength)

    def _push(self, world: World, one: Dated, strength: float) -> None:
        """One month of an event."""
        event, rows = one.event, one.agencies
        if event.kind == "leader_leaves":
            first, last = world.layout.first[rows], world.layout.first[rows + 1]
            world.layout.hazard[first[first < last]] = _CERTAIN
        elif event.kind == "pandemic":
            self._disrupt(world, event, rows, strength)
        elif event.kind == "budget_cut":
            world.funding[rows] = np.minimum(world.funding[rows], 1.0 - strength * float(event.cut or 0.0))
        elif event.kind == "new_policy" and world.month == one.first:
            _shift_plans(world, rows, world.layout.areas.index(str(event.area)), strength * float(event.shift or 0.0))

    def _disrupt(self, world: World, event: Event, rows: NDArray[np.int64], strength: float) -> None:
        """A month of a pandemic: exits, disuse, and help from afar or none."""
        here = np.isin(world.layout.organization, rows)
        world.layout.hazard[here] *= 1.0 + strength * (float(event.exits or 0.0) - 1.0)
        idle = strength * float(event.disuse or 0.0)
        kept = 1.0 - idle * (1.0 - self._values["unenacted_annual_retention"] ** (1.0 / 12.0))
        world.routine[rows] *= kept
        world.provisional[rows] *= kept
        world.enacted[rows] *= 1.0 - idle
        if event.help == "online":
            self.reach.landing[rows] *= 1.0 - strength * (1.0 - self._values["online_fidelity"])
        elif event.help == "stopped":
            self.reach.given[rows] *= 1.0 - strength

    def _commit(self, world: World, one: Dated, month: int, strength: float) -> None:
        """Staff time that an event takes, for as long as it lasts."""
        share, rate = strength * float(one.event.committed or 0.0), self._values["committed_return_rate"]
        if share == 0.0 or not one.first <= month <= one.last:
            return
        change = share if month == one.first else -share * (1.0 - rate) if month == one.last else share * rate
        world.committed[one.agencies] = np.clip(world.committed[one.agencies] + change, 0.0, 1.0)


def _shift_plans(world: World, rows: NDArray[np.int64], area: int, share: float) -> None:
    """Plans move toward one area; finances, data systems and personnel still follow the old ones."""
    wanted = np.zeros(world.layout.n_areas)
    wanted[area] = 1.0
    moved = share * (wanted - world.plan[rows])
    world.plan[rows] += moved
    world.resource_alignment[rows] *= 1.0 - 0.5 * np.abs(moved).sum(axis=1)

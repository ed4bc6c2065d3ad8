"""What a strategy is: it answers what, to whom, how and when, from what it can see; never from the hidden state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.books import Ledger, named_hours
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.strategies import CenterStaff
from capsim.instruments.readings import Readings
from capsim.scenario.own import OwnInstrument
from capsim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Assistance that a strategy wants delivered this month; row by row, arrays of equal length (a scalar stands for
    all rows).

    Parameters
    ----------
    activity : str
        Name in `capsim list activities`.
    hours : array_like of float
        TA hours of each row, finite and not negative; in a sampled world those of all agencies that an organization
        stands for.
    organizations : array_like of int, optional
        Rows of agencies; the seats are shared by their staff (or leaders, as the activity says).
    people : array_like of int, optional
        Positions, instead of organizations: one participant each. Hours for a vacant position are lost.
    areas : array_like of int
        Focal area of each row; -1 for activities that belong to no area.
    cascade : array_like of float, optional
        Weights, at least 0, of all O organizations. The staff of each organization served pass what they received on to
        the agencies below it, in hours of their own and in proportion to these weights, level by level. Only with
        `organizations`; without it nothing is passed on.
    by_state : bool
        Whether agencies that meet in groups (peer collaboratives, working groups, joint calls) meet only those of their
        own state; by default groups mix states.
    """

    activity: str
    hours: ArrayLike
    organizations: ArrayLike | None = None
    people: ArrayLike | None = None
    areas: ArrayLike = -1
    cascade: ArrayLike | None = None
    by_state: bool = False


class View:
    """A strategy's view of the world: public facts, readings, its own ledger. Nothing of it can be written to, and
    nothing in it leads to what is hidden.

    Attributes
    ----------
    areas : tuple of str
        Focal areas (K).
    ids : tuple of str
        Of the O organizations.
    level : (O,) int8
        0 TA center, 1 state, 2 regional, 3 local agency, 4 school.
    parent : (O,) int32
        Row of the parent, -1 for none.
    positions : (O,) int64
        Budgeted positions.
    enrollment : (O,) float64
        Pupils.
    weight : (O,) float64
        Agencies that each organization stands for in a sampled world, else 1. Hours given to it are those of all of
        them: it gets ``hours / weight``.
    sparse : (O,) bool
    allocation : (O,) float64
        What each organization weighs in the division of hours, beside a targeting, as the scenario says.
    organization, unit : (P,) int32
        Of each position.
    role : (P,) int8
        0 leader, 1 manager, 2 specialist.
    months : int
        Length of the assistance.
    total_budget : float
        TA hours of the whole assistance.
    readings : Readings
        Latest readings of every instrument; follows them as they come in.
    heard : (activities,) float64
        Share of the hours of each activity that landed in the last year, as participants say; NaN where nobody was
        asked.
    instruments : tuple of OwnInstrument
        Those of the scenario's own; ``readings.own[n]`` holds the scores of the n-th.
    """

    areas: tuple[str, ...]
    ids: tuple[str, ...]
    level: NDArray[np.int8]
    parent: NDArray[np.int32]
    positions: NDArray[np.int64]
    enrollment: NDArray[np.float64]
    weight: NDArray[np.float64]
    sparse: NDArray[np.bool_]
    allocation: NDArray[np.float64]
    organization: NDArray[np.int32]
    unit: NDArray[np.int32]
    role: NDArray[np.int8]
    months: int
    total_budget: float
    readings: Readings
    heard: NDArray[np.float64]
    instruments: tuple[OwnInstrument, ...]
    _person: NDArray[np.int64]
    _tenure: NDArray[np.int32]
    _spent: NDArray[np.float64]
    _hours_of: NDArray[np.float64]
    _by_organization: NDArray[np.float64]

    def __init__(
        self,
        world: World,
        readings: Readings,
        ledger: Ledger,
        *,
        months: int,
        total_budget: float,
        heard: NDArray[np.float64] | None = None,
        instruments: Sequence[OwnInstrument] = (),
    ) -> None:
        layout = world.layout
        columns = {
            **{name: getattr(layout, name) for name in ("level", "parent", "enrollment")},
            **{name: getattr(layout, name) for name in ("weight", "sparse", "allocation")},
            **{name: getattr(layout, name) for name in ("organization", "unit", "role")},
            "positions": np.diff(layout.first).astype(np.int64),
            "heard": np.full(len(ACTIVITIES), np.nan) if heard is None else heard,
            "_person": world.person,
            "_tenure": world.tenure,
            "_spent": ledger.totals[:1],
            "_hours_of": ledger.hours_of,
            "_by_organization": ledger.by_organization,
        }
        latest = {field.name: _sealed(getattr(readings, field.name)) for field in fields(Readings)}
        vars(self).update(
            {name: _sealed(column) for name, column in columns.items()},
            areas=layout.areas,
            ids=layout.ids,
            months=months,
            total_budget=total_budget,
            instruments=tuple(instruments),
            readings=Readings(**latest),
        )

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"the view of a strategy is read-only: {name} cannot be set")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def _follow(self, world: World) -> None:
        """Look at the staff directory again: its columns may have been replaced."""
        vars(self).update(_person=_sealed(world.person), _tenure=_sealed(world.tenure))

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Positions that have a holder, (P,): staff directories are public."""
        return np.asarray(self._person >= 0)

    @property
    def tenure_months(self) -> NDArray[np.int32]:
        """Months of the holder in the position, (P,)."""
        return self._tenure.copy()

    @property
    def hours_left(self) -> float:
        """TA hours of the budget that are not spent yet."""
        return max(0.0, self.total_budget - float(self._spent[0]))

    @property
    def hours_by_organization(self) -> NDArray[np.float64]:
        """TA hours that each organization has received, those of all agencies that it stands for, (O,)."""
        return self._by_organization.copy()

    @property
    def hours_by_activity(self) -> dict[str, float]:
        """TA hours of each activity so far."""
        return named_hours(self._hours_of)


def _sealed(column: NDArray[Any]) -> NDArray[Any]:
    """The same memory, in an array that cannot be made writable."""
    return np.asarray(memoryview(np.ascontiguousarray(column)).toreadonly())  # type: ignore[arg-type]


class Strategy:
    """Base of strategies written in Python. One object serves one run and may keep state of its own.

    Attributes
    ----------
    name : str
        Identifier in tables and reports.
    center : CenterStaff or None
        Staff of the center that carries it out; None for one whose consultants stay as they are.
    asks_participants : bool
        Whether participants are asked once a year what landed: `View.heard`.
    draws_per_row : int
        Uniform numbers per organization and month that `decide` receives; a fixed block, used or not.
    fixed_attributes : tuple of str
        Attributes that the strategy is made with and never changes. All others are its memory, which a snapshot keeps.
    """

    name: str = "strategy"
    center: CenterStaff | None = None
    asks_participants: bool = False
    draws_per_row: int = 0
    fixed_attributes: tuple[str, ...] = ()

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """Decide what to deliver this month.

        Parameters
        ----------
        view : View
            Public facts, the latest instrument readings, the own ledger.
        month : int
            0 in the first month of assistance.
        budget : float
            TA hours left of the whole budget.
        draws : (O, draws_per_row) float64
            Uniform numbers in [0, 1).

        Returns
        -------
        sequence of Delivery
            Together at most `budget` hours.
        """
        raise NotImplementedError(f"{type(self).__name__} must define decide(self, view, month, budget, draws)")

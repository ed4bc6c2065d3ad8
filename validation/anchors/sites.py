"""Sites of a trial: settled offices, a fixed amount of help in one area, and what instruments read there."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import capsim
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.settled import rebind, settle
from capsim.building.solving import synthetic_districts
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.levels import Level
from capsim.measures.capacities import mean_skill
from capsim.measures.organizations import ROW, measure_organizations
from capsim.parameters import PARAMETERS, Values, resolve_values
from capsim.streams.keys import key_from
from capsim.world import World

AREA = 0
"""The area in which help is given; the five are alike."""
_AREAS = tuple("abcde")
_NO_CENTER = {"center_experts": 0.0}
Rows = NDArray[np.int64]
Numbers = NDArray[np.float64]


class _Help(capsim.Strategy):
    """The same hours every month for each of some sites."""

    name = "help"

    def __init__(self, rows: Rows, yearly: Mapping[str, float]) -> None:
        self.rows, self.yearly = rows, yearly

    def decide(self, view: capsim.View, month: int, budget: float, draws: Numbers) -> Sequence[capsim.Delivery]:
        return [
            capsim.Delivery(
                activity=activity,
                organizations=self.rows,
                areas=np.full(len(self.rows), AREA),
                hours=np.full(len(self.rows), hours / 12.0),
            )
            for activity, hours in self.yearly.items()
        ]


@dataclass(frozen=True, slots=True)
class Sites:
    """Settled sites of one replicate; every run of them meets the same luck.

    Attributes
    ----------
    world : World
        At month 0; runs copy it.
    values : mapping of str to float
    key : int
    """

    world: World
    values: Values
    key: int

    @property
    def rows(self) -> Rows:
        """The sites among the organizations of the world."""
        return np.flatnonzero(self.world.layout.level == Level.LEA)

    def run(
        self,
        yearly: Mapping[str, float],
        rows: Rows | None = None,
        *,
        months: int,
        after: int = 0,
        watched: Sequence[int] = (),
        later: Mapping[str, float] | None = None,
    ) -> dict[int, World]:
        """The world after the watched months.

        Parameters
        ----------
        yearly : mapping of activity to float
            TA hours for each helped site and year; none for controls.
        rows : (n,) int64, optional
            Who is helped; all sites unless given.
        months, after : int
            Of help, and of watching after it.
        watched : sequence of int
            The last one, unless given.
        later : mapping of str to float, optional
            Parameters that change when help ends.
        """
        helped = self.rows if rows is None else rows
        run = Simulation(
            self.world.copy(),
            self.values,
            _Help(helped, yearly),
            processes=column_processes(MONTH),
            assistance_months=months,
            follow_up_months=after,
            yearly_hours=len(helped) * sum(yearly.values()),
            run_key=self.key,
        )
        seen: dict[int, World] = {}
        for month in range(1, run.months + 1):
            if later is not None and month == months + 1:
                run.values = {**self.values, **later}
                rebind(run.world, run.values, run_key=self.key)
            run.advance()
            if month in watched or (not watched and month == run.months):
                seen[month] = run.world.copy()
        return seen


def settled_sites(sites: int, positions: tuple[int, ...], parameters: Mapping[str, float], replicate: int) -> Sites:
    """Sites of the given positions, in turn, below one state agency and without a TA center."""
    values = resolve_values({**_NO_CENTER, **parameters})
    of_baseline = {name: x for name, x in parameters.items() if PARAMETERS[name].group != "activities"}
    key = key_from("anchors", replicate)
    return Sites(_settled(sites, positions, tuple(sorted(of_baseline.items())), key), values, key)


@functools.lru_cache(maxsize=256)
def _settled(sites: int, positions: tuple[int, ...], parameters: tuple[tuple[str, float], ...], key: int) -> World:
    """World at month 0; no activity has a part in it."""
    values = resolve_values({**_NO_CENTER, **dict(parameters)})
    sizes = [positions[n % len(positions)] for n in range(sites)]
    layout = build_layout(synthetic_districts(sizes), values, areas=_AREAS, key=key)
    start = initial_world(layout, values, key=key)
    return settle(start, values, column_processes(MONTH), run_key=key, months=None).world


def skill_of(world: World, rows: Rows) -> Numbers:
    """Mean skill over the positions of each site in the area, (n,)."""
    return np.asarray(mean_skill(world.layout.first, world.skill)[rows, AREA])


def skill_of_persons(world: World, rows: Rows) -> Numbers:
    """Skill in the area of everybody who works at the sites."""
    here = np.isin(world.layout.organization, rows) & (world.person >= 0)
    return np.asarray(world.skill[here, AREA])


def potential_of(world: World, values: Values, rows: Rows) -> Numbers:
    """Potential of each site, mean over areas, (n,)."""
    return np.asarray(measure_organizations(world, values)[ROW.potential, rows])


def stocktake(world: World, sites: Sites, rows: Rows) -> Numbers:
    """Use in the area of each site as a stocktake reads it, (n,); its noise is the same in all runs of a month."""
    luck = np.random.default_rng((sites.key, world.month)).standard_normal(world.layout.n_organizations)
    sd = sites.values["stocktake_noise_sd"] * (2.0 - world.data_systems)
    return np.asarray(np.clip(world.use[:, AREA] + sd * luck, 0.0, 1.0)[rows])

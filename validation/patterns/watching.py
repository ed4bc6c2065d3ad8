"""What is read of a run besides its record: every month, at chosen months, and at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import DELIVERED, LANDED, USED
from capsim.assistance.strategy import Delivery, Strategy, View
from capsim.catalogue import LOGGED, MEASURES
from capsim.engine.run import Simulation
from capsim.instruments.formulas import deviates, likert
from capsim.instruments.readings import Readings
from capsim.levels import Level
from capsim.measures.capacities import mean_skill
from capsim.measures.groups import GROUPS
from capsim.parameters import Values
from capsim.streams.squares import uniforms
from capsim.world import World
from validation.patterns.networks import SHAPES, network_shapes
from validation.patterns.practices import Practices
from validation.patterns.starting import districts_of

LINKS: Mapping[str, tuple[Level, Level]] = {
    "center to regional agency": (Level.CENTER, Level.ESA),
    "regional agency to district": (Level.ESA, Level.LEA),
}
"""Links of the delivery chain by the name that statistics give them: who gives, who gets."""
_FOCAL = 2
"""Areas of `closed_share`: the first two, on which every arm with two focal areas and universal targeting works."""
_GROUP = "lea"
_SELF_RATING = "instrument:self_rating"


@dataclass(slots=True)
class Arm:
    """One run as numbers: means over districts of every measure, of routines and of what instruments logged by month;
    further readings by name and month; totals of the whole run.
    """

    monthly: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    at: dict[str, dict[int, NDArray[np.float64]]] = field(default_factory=dict)
    total: dict[str, float] = field(default_factory=dict)


class Attentive(Strategy):
    """A strategy that decides as the one inside, and marks in `helped` (O, K) which agencies got hours in which areas."""

    def __init__(self, inside: Strategy, helped: NDArray[np.bool_]) -> None:
        self.name, self.draws_per_row = inside.name, inside.draws_per_row
        self._inside, self._helped = inside, helped

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """As the strategy inside."""
        deliveries = self._inside.decide(view, month, budget, draws)
        for delivery in deliveries:
            rows, areas, hours = np.broadcast_arrays(
                np.atleast_1d(np.asarray(delivery.organizations)), delivery.areas, np.asarray(delivery.hours)
            )
            given = (areas >= 0) & (hours > 0.0)
            self._helped[rows[given], areas[given]] = True
        return deliveries


def needs_log(names: frozenset[str]) -> bool:
    """Whether any of the names is read from the delivery chain or the logbook of instruments."""
    return not names.isdisjoint({*LOGGED, "delivered", "received", "used"})


def watch(run: Simulation, *, until: int, read_at: tuple[int, ...], names: frozenset[str], run_key: int) -> Arm:
    """Let a run go on to the end of month `until`; read what `names` (in `READINGS`) asks for at the end of some months.

    Recorded measures are always read.
    """
    arm = Arm()
    routine = np.empty(until)
    rows = districts_of(run.world)
    practices = Practices() if "lost_after_exit" in names else None
    while run.world.month < until:
        run.advance()
        month = run.world.month
        routine[month - 1] = run.world.routine[rows].mean()
        if practices is not None:
            practices.see(run.world)
        if "interest" in names and month - 1 in read_at:  # asked at the beginning of the month after
            arm.at.setdefault("interest", {})[month - 1] = run.program.observation.readings.interest[rows].copy()
        if month in read_at:
            for name, value in _readings(run, rows, names, run_key).items():
                arm.at.setdefault(name, {})[month] = np.asarray(value)
    group = run.recorder.monthly[:until, GROUPS.index(_GROUP)]
    arm.monthly = {name: group[:, column].copy() for column, name in enumerate(MEASURES)} | {"routine": routine}
    logbook = run.program.logbook
    if logbook is not None:
        logged = logbook.monthly[:until, Level.LEA]
        arm.monthly |= {name: logged[:, column].copy() for column, name in enumerate(LOGGED) if name in names}
    arm.total = _totals(run)
    if practices is not None:
        arm.total["lost_after_exit"], arm.total["lost_otherwise"] = practices.lost
    return arm


def _readings(
    run: Simulation, rows: NDArray[np.int64], names: frozenset[str], run_key: int
) -> dict[str, NDArray[np.float64] | float]:
    world, values = run.world, run.values
    found: dict[str, NDArray[np.float64] | float] = {}
    if names & set(SHAPES):
        found |= network_shapes(world, values)
    if "closed_share" in names:
        found["focal_skill"] = mean_skill(world.layout.first, world.skill)[rows, :_FOCAL].mean()
    if "share_in_use" in names:
        found["use_by_area"] = world.use[rows].copy()
    if "weakest_tenth" in names:
        found["weakest_tenth"] = np.sort(world.use[rows].mean(axis=1))[: max(1, len(rows) // 10)].mean()
    if "true_gap" in names:
        found["true_gap"] = true_gap(world)
        found["rubric_need"] = rubric_need(run.program.observation.readings, rows)
        found["self_rating"] = self_rating(world, values, run_key=run_key, month=world.month)
    return found


def _totals(run: Simulation) -> dict[str, float]:
    ledger, chain = run.program.ledger, run.program.chain
    totals = {"ta_hours_total": ledger.spent, "recipient_hours_total": ledger.recipient_hours}
    if chain is not None:
        links = chain.sum(axis=0)
        for link, (giver, getter) in LINKS.items():
            for name, column in (("delivered", DELIVERED), ("received", LANDED), ("used", USED)):
                totals[f"{name}, {link}"] = float(links[giver, getter, column])
    return totals


def true_gap(world: World) -> NDArray[np.float64]:
    """1 - mean over areas of (skill + routine) / 2, (districts,)."""
    rows = districts_of(world)
    people = mean_skill(world.layout.first, world.skill)[rows]
    return np.asarray(1.0 - 0.5 * (people + world.routine[rows]).mean(axis=1))


def rubric_need(readings: Readings, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same as last read; NaN where nobody has read."""
    return np.asarray(1.0 - 0.5 * (readings.skill[rows] + readings.routine[rows]).mean(axis=1))


def self_rating(world: World, values: Values, *, run_key: int, month: int) -> NDArray[np.float64]:
    """What districts say of the skill of those who are there, on a scale of 1 to 5, (districts,)."""
    layout, rows = world.layout, districts_of(world)
    held = world.person >= 0
    holders = np.bincount(layout.organization[held], minlength=layout.n_organizations)
    total = np.bincount(layout.organization, world.skill.mean(axis=1) * held, layout.n_organizations)
    numbers = uniforms(run_key=run_key, purpose=_SELF_RATING, identity=layout.identity, columns=2, month=month)
    radius, direction = deviates(numbers[rows])[:, :, 0]
    skill = np.divide(total[rows], holders[rows], out=np.full(len(rows), np.nan), where=holders[rows] > 0)
    return likert(skill, values["likert_noise_sd"] * radius * direction, values["likert_leniency"])

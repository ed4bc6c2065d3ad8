"""The one entry: from a scenario to its settled world of one replicate, after months without assistance until the
baseline stands still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capsim.building.initial import build_bank, initial_world, position_hazards
from capsim.building.layout import build_layout
from capsim.building.matching import match_survey
from capsim.errors import InputError
from capsim.measures.groups import Groups
from capsim.measures.organizations import ROW
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario import AgencyTable, Scenario, build_agencies, read_edges, survey_of
from capsim.scenario.events import DRIFT_PER_YEAR, LONGEST_SETTLING
from capsim.scenario.own import area_columns
from capsim.streams.keys import key_from
from capsim.world import Layout, World

ONLY_BUILT = (
    *("lea_positions_scale", "lea_positions_exponent", "lea_positions_minimum"),
    *("sea_positions_median", "sea_positions_exponent", "sea_program_share"),
    *("esa_positions_minimum", "esa_positions_share", "pupils_per_school", "school_positions"),
    *("unit_size", "center_experts", "initial_routine", "initial_ties"),
    *("culture_effect_sd", "engagement_effect_sd", "data_systems_effect_sd"),
    *("expertise_agency_sd", "expertise_area_sd", "codification_agency_sd", "codification_area_sd"),
    "relevance_concentration",
)
"""Parameters that nothing reads any more once a world is built."""


def run_key(seed: int, replicate: int) -> int:
    """64-bit key of the luck of one replicate; never contains the strategy."""
    return key_from("run", seed, replicate)


def settled_world(
    scenario: Scenario,
    values: Values,
    processes: Sequence[Process],
    *,
    run_key: int,
    agencies: AgencyTable | None = None,
) -> Settled:
    """Build the world of one replicate, let it settle without assistance, and move it to what was observed.

    `processes` are the month, without assistance; `agencies` is what `build_agencies` gave, when it is at hand.
    """
    table = build_agencies(scenario, values) if agencies is None else agencies
    layout = build_layout(table, values, areas=scenario.focal_areas, key=run_key, links=scenario.outcomes.on)
    world = initial_world(layout, values, key=run_key)
    months = None if scenario.timeline.settling == "auto" else int(scenario.timeline.settling)
    settled = settle(world, values, processes, run_key=run_key, months=months)
    if scenario.agencies.edges:
        place_edges(settled.world, *read_edges(scenario.agencies.edges, table))
    survey = survey_of(scenario, table)
    if survey is not None:
        match_survey(settled.world, survey, values)
    return settled


def rebind(world: World, values: Values, *, run_key: int) -> None:
    """Let parameters take effect in a world that was settled under others: exit hazards, and who newcomers are.

    What the other values made of agencies and people until now stays. Layout and bank are replaced, by ones that are
    bit-equal where nothing that they rest on has changed. `run_key` is the one with which the world was built.
    """
    layout = world.layout
    world.layout = replace(layout, hazard=position_hazards(layout, values))
    world.bank = build_bank(layout.n_areas, values, key=run_key)


def same_areas(layout: Layout, scenario: Scenario) -> bool:
    """Whether the areas of a world are those of a scenario, by name and by record."""
    records = area_columns(scenario.focal_areas)
    return layout.areas == scenario.area_names and all(
        np.array_equal(getattr(layout, name), column) for name, column in records.items()
    )


def rebound(settled: Settled, values: Values, *, run_key: int) -> Settled:
    """A copy of a settled world that goes on with these parameters."""
    changed = [name for name in values if settled.values.get(name) != values[name]]
    if late := [name for name in changed if name in ONLY_BUILT]:
        raise InputError(
            [
                f"{name}: takes effect only when a world is built; give it to a model that builds its own"
                for name in late
            ]
        )
    world = settled.world.copy()
    if changed:
        rebind(world, values, run_key=run_key)
    return replace(settled, world=world, values=values)


def place_edges(
    world: World, asking: NDArray[np.int32], asked: NDArray[np.int32], strength: NDArray[np.float64]
) -> None:
    """Give the user's ties between agencies to people, after settling.

    A tie goes from a liaison of the asking agency (they take turns) to the first holder of the asked one; it takes a
    free slot, or that of the liaison's weakest tie. An agency without holders gets none.
    """
    layout = world.layout
    turn: dict[int, int] = {}
    for j, other, how_strong in zip(asking.tolist(), asked.tolist(), strength.tolist(), strict=True):
        members = np.arange(layout.first[j], layout.first[j + 1])
        liaisons = members[layout.liaison[members] & (world.person[members] >= 0)]
        contacts = np.flatnonzero(world.person[layout.first[other] : layout.first[other + 1]] >= 0)
        if not len(liaisons) or not len(contacts):
            continue
        i = int(liaisons[turn.get(j, 0) % len(liaisons)])
        turn[j] = turn.get(j, 0) + 1
        contact = int(layout.first[other] + contacts[0])
        known = np.flatnonzero(world.tie_to[i] == contact)
        slot = int(known[0]) if len(known) else int(np.argmin(world.tie_strength[i]))
        world.tie_to[i, slot] = contact
        world.tie_strength[i, slot] = how_strong


SHORTEST_SETTLING = 96
_WINDOW = 24
_PATTERNS = [
    getattr(ROW, name)
    for name in ("individual", "organizational_skills", "shared_goals", "culture", "access_to_expertise", "use")
]


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled world at month 0, and how it got there.

    `drift` is the largest yearly change of a baseline pattern over the last four years; NaN when settling was too short
    to tell. `values` are the parameters with which it settled.
    """

    world: World
    months: int
    drift: float
    values: Values

    def __post_init__(self) -> None:
        """Keep a copy of the parameters that can be stored: a read-only view of them cannot be pickled."""
        object.__setattr__(self, "values", dict(self.values))


def _drift(history: NDArray[np.float64]) -> float:
    """Yearly change between the means of the last two windows of the largest-moving pattern, (months, patterns)."""
    if len(history) < 2 * _WINDOW:
        return float("nan")
    late = history[-_WINDOW:].mean(axis=0)
    early = history[-2 * _WINDOW : -_WINDOW].mean(axis=0)
    return float(np.max(np.abs(late - early)) * 12.0 / _WINDOW)


def settle(world: World, values: Values, processes: Sequence[Process], *, run_key: int, months: int | None) -> Settled:
    """Let months pass without assistance, with numbers of their own; the world is changed and returned at month 0.

    Without a number of months it goes on until every baseline pattern drifts less than `DRIFT_PER_YEAR`, at least 96
    and at most `LONGEST_SETTLING` months; whole years, so that the calendar is kept.
    """
    limit = LONGEST_SETTLING if months is None else months
    n = world.layout.agencies
    everybody = Groups(np.array([0, n], np.int32), np.arange(n, dtype=np.int32), np.ones(n))
    steps = Steps(processes, world, key_from("settling", run_key), groups=everybody, months=limit)
    first = SHORTEST_SETTLING - 2 * _WINDOW

    def drift() -> float:
        recorded = steps.monthly[first : world.month, _PATTERNS] if months is None else steps.monthly[:0]
        return _drift(np.nan_to_num(recorded))

    while world.month < limit:
        steps.advance(world, values)
        if months is None and world.month >= SHORTEST_SETTLING and world.month % 12 == 0 and drift() < DRIFT_PER_YEAR:
            break
    settled = Settled(world=world, months=world.month, drift=drift(), values=values)
    world.month = 0
    return settled

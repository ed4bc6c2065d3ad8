"""Baseline patterns: what a settled world without assistance must look like, by size of agency."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.settled import settle
from capsim.building.solving import synthetic_districts
from capsim.catalogue import MEASURES
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.levels import Level
from capsim.measures.capacities import mean_skill, staffing
from capsim.measures.organizations import measure_organizations
from capsim.parameters import Values, resolve_values
from capsim.processes.steps import Steps
from capsim.scenario import AgencyTable
from capsim.scenario.events import DRIFT_PER_YEAR
from capsim.streams.keys import key_from
from capsim.world import World
from validation.advice_networks import density, external_internal_index, inside_ties, reciprocity

_ROW = {name: row for row, name in enumerate(MEASURES)}
SIZES = (3, 5, 8, 15, 45)
"""Positions of the agencies at which every pattern is measured."""

BANDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "individual": (0.35, 0.50),
        "routine": (0.20, 0.35),
        "shared_goals": (0.45, 0.75),
        "culture": (0.45, 0.70),
        "access_to_expertise": (0.30, 0.80),
        "reciprocity": (0.40, 0.60),
        "frequent_tie_density": (0.08, 0.20),
        "external_internal_index": (-1.0, -0.25),
        "skill_between_districts": (0.10, 0.18),
        "routine_between_districts": (0.10, 0.18),
        "use_between_districts": (0.08, 1.0),
        "routine_inflow_cut": (0.0, 0.01),
        "realised_exit_ratio": (0.99, 1.01),
        "drift_per_year": (-DRIFT_PER_YEAR, DRIFT_PER_YEAR),
    }
)
"""Band of each pattern, declared before defaults were calibrated; density and E-I index from 40 positions on.

Between districts: standard deviation over districts of all sizes of what one area has settled at, mean over areas.
"""

_LARGE_ONLY = ("frequent_tie_density", "external_internal_index")
_REGIONS = 16
_AGENCIES_PER_SIZE = {3: 150, 5: 100, 8: 75, 15: 50, 45: 30}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One measured baseline pattern, with its band; the size is positions of the agencies, 0 for the whole world."""

    name: str
    size: int
    observed: float
    low: float
    high: float

    @property
    def met(self) -> bool:
        """Whether the observed value lies in the band."""
        return self.low <= self.observed <= self.high


def _agencies() -> AgencyTable:
    """One state agency, regional agencies, and districts of each size below them, enough of each for a mean."""
    sizes = np.random.default_rng(1).permutation([size for size in SIZES for _ in range(_AGENCIES_PER_SIZE[size])])
    return synthetic_districts(sizes, regions=_REGIONS)


def baseline_patterns(world: World, values: Values) -> list[Pattern]:
    """Measure the state patterns of a settled world, for the districts of each size it holds."""
    layout = world.layout
    measured = measure_organizations(world, values)
    positions = np.diff(layout.first)
    patterns = []
    for size in SIZES:
        rows = np.flatnonzero((layout.level == Level.LEA) & (positions == size))
        if not len(rows):
            continue
        ties = inside_ties(world, rows)
        frequent = inside_ties(world, rows, least_strength=values["frequent_strength"])
        observed = {
            **{name: float(np.nanmean(measured[_ROW[name], rows])) for name in BANDS if name in _ROW},
            "routine": float(world.routine[rows].mean()),
            "reciprocity": reciprocity(ties),
            "frequent_tie_density": density(frequent),
            "external_internal_index": external_internal_index(frequent, layout.unit),
        }
        for name, value in observed.items():
            if size >= 40 or name not in _LARGE_ONLY:
                patterns.append(Pattern(name, size, value, *BANDS[name]))
    return [*patterns, *_between_districts(world, values)]


def _between_districts(world: World, values: Values) -> list[Pattern]:
    """How far districts lie apart in one area."""
    districts = world.layout.level == Level.LEA
    skill = mean_skill(world.layout.first, world.skill)
    found = {"skill": skill, "routine": world.routine, "use": world.use}
    spread = {f"{name}_between_districts": float(by[districts].std(axis=0).mean()) for name, by in found.items()}
    spread["routine_inflow_cut"] = _cut(world, values)
    return [Pattern(name, 0, value, *BANDS[name]) for name, value in spread.items()]


def _cut(world: World, values: Values) -> float:
    """Share of districts and areas in which what is written down in a month no longer fits below 1: twice as fast a
    flow would change nothing.
    """
    writing = tuple(process for process in column_processes(MONTH) if process.name == "codification")
    routines = []
    for times in (1.0, 2.0):
        copy = world.copy()
        faster = {**values, "codification_flow": times * values["codification_flow"]}
        Steps(writing, copy, 0).advance(copy, faster)
        routines.append(copy.routine[world.layout.level == Level.LEA])
    return float((routines[0] == routines[1]).mean())


def _exits_and_drift(world: World, values: Values, years: int, key: int) -> tuple[float, NDArray[np.float64]]:
    """Realised over declared exits of district staff other than leaders, and the yearly drift of each pattern (with its
    sign).
    """
    layout = world.layout
    steps = Steps(column_processes(MONTH), world, key)
    watched = (layout.level[layout.organization] == Level.LEA) & (layout.position_row > 0)
    exits, at_risk = 0, 0
    states = []
    names = ("individual", "organizational_skills", "shared_goals", "culture", "access_to_expertise")
    for _ in range(12 * years):
        before = world.person.copy()
        steps.advance(world, values)
        exits += int(((before >= 0) & (world.person != before) & watched).sum())
        at_risk += int(((before >= 0) & watched).sum())
        measured = measure_organizations(world, values)
        states.append([np.nanmean(measured[_ROW[name], : layout.agencies]) for name in names])
    declared = -math.expm1(math.log1p(-values["lea_annual_exit"]) / 12.0)
    half = len(states) // 2
    drift = (np.mean(states[half:], axis=0) - np.mean(states[:half], axis=0)) / (half / 12.0)
    return exits / at_risk / declared, np.asarray(drift)


def run_baseline(
    *, values: Values | None = None, seed: int = 1, replicates: int = 32, years: int = 24
) -> list[Pattern]:
    """Baseline patterns of the default scenario without assistance, averaged over replicates.

    Exits and drift are measured over so many years after settling.
    """
    values = resolve_values() if values is None else values
    table = _agencies()
    found: dict[tuple[str, int], list[float]] = {}
    drifts = []
    for replicate in range(replicates):
        key = key_from("baseline", seed, replicate)
        layout = build_layout(table, values, areas=("a", "b", "c", "d", "e"), key=key)
        settled = settle(
            initial_world(layout, values, key=key), values, column_processes(MONTH), run_key=key, months=None
        )
        for pattern in baseline_patterns(settled.world, values):
            found.setdefault((pattern.name, pattern.size), []).append(pattern.observed)
        ratio, drift = _exits_and_drift(settled.world, values, years, key_from("after", key))
        found.setdefault(("realised_exit_ratio", 0), []).append(ratio)
        drifts.append(drift)
    mean_drift = np.mean(drifts, axis=0)
    found[("drift_per_year", 0)] = [float(mean_drift[np.argmax(np.abs(mean_drift))])]
    return [Pattern(name, size, float(np.nanmean(values_)), *BANDS[name]) for (name, size), values_ in found.items()]


def baseline_means(values: Values, *, replicates: int, seed: int, years: int = 24) -> dict[str, float]:
    """What the baseline itself says the centers and means of the rules should be, by parameter name.

    Medians over agencies of culture, mean engagement and general capacity; means of people, routine, enacted routine and
    fit over districts; and the normalisation of exits that makes the realised rate the declared one.
    """
    table = _agencies()
    rows = []
    for replicate in range(replicates):
        key = key_from("means", seed, replicate)
        layout = build_layout(table, values, areas=("a", "b", "c", "d", "e"), key=key)
        world = settle(
            initial_world(layout, values, key=key), values, column_processes(MONTH), run_key=key, months=None
        ).world
        lea = layout.level == Level.LEA
        filled = staffing(layout.first, world.person)
        holders = np.maximum(1.0, filled * np.diff(layout.first))
        engagement = np.bincount(layout.organization, world.engagement, len(lea)) / holders
        general = (world.culture * filled * world.data_systems) ** (1.0 / 3.0)
        staff = (world.person >= 0) & lea[layout.organization]
        fit = 1.0 - 0.5 * np.abs(world.priority - world.plan[layout.organization]).sum(axis=1)
        ratio, _ = _exits_and_drift(world, values, years, key_from("after", key))
        rows.append(
            (
                np.median(world.culture[lea]),
                np.median(engagement[lea]),
                np.median(engagement[lea]),
                np.median(general[lea]),
                mean_skill(layout.first, world.skill)[lea].mean(),
                world.routine[lea].mean(),
                world.enacted[lea].mean(),
                fit[staff].mean(),
                values["exit_normalisation"] / ratio,
            )
        )
    names = (
        "exit_culture_center",
        "exit_engagement_center",
        "motivation_center",
        "general_capacity_center",
        "baseline_people",
        "baseline_routine",
        "enacted_baseline",
        "fit_reference",
        "exit_normalisation",
    )
    means = dict(zip(names, np.mean(rows, axis=0).round(4).tolist(), strict=True))
    return means | {"initial_routine": means["baseline_routine"]}

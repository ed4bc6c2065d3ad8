"""Small worlds to compare in: a classroom, synthetic districts, two states where rare things happen often."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from capsim.assistance.composed import ComposedStrategy
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.restructuring import restructured_world
from capsim.building.settled import settle
from capsim.catalogue import STRATEGIES
from capsim.catalogue.rules import RULES
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.levels import ESA, LEA, SCHOOL, SEA
from capsim.parameters import PARAMETERS, Values, resolve_values
from capsim.scenario import (
    AgencyTable,
    Scenario,
    Structure,
    build_agencies,
    build_arranged,
    load_scenario,
    scenario_from_mapping,
)
from capsim.scenario.own import NO_LINKS, Area, Links
from capsim.world import World

__all__ = ["RARE", "anything", "classroom", "diverse", "lonely", "restructured", "schools", "synthetic", "two_states"]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
AREAS = ("equity", "integration", "alignment", "literacy")
UNLIKE = (
    Area(name="equity", prerequisite=0.1, codifiable_share=0.4, disuse_rate=0.1, months_to_use=30, people_weight=0.8),
    Area(name="integration", codifiable_share=1.0, people_weight=0.2),
    Area(name="alignment", prerequisite=-0.05, disuse_rate=0.02, months_to_use=6),
    "literacy",
)
LINKED = {"teacher_equity": ("equity",), "materials": ("literacy", "alignment"), "achievement_gap": ()}

RARE = MappingProxyType(
    {
        "sea_annual_exit": 0.4,
        "sea_chief_annual_exit": 0.5,
        "esa_annual_exit": 0.4,
        "lea_annual_exit": 0.4,
        "superintendent_annual_exit": 0.5,
        "mover_share": 0.5,
        "pool_months": 3,
        "months_to_fill": 1.5,
        "turnover_shock_chance": 0.99,
        "turnover_shock_months": 3,
        "budget_shock_chance": 0.6,
        "budget_shock_size": 0.3,
        "policy_churn_chance": 0.6,
        "leader_plan_churn": 0.7,
        "abandon_chance": 1.0,
        "tie_annual_survival": 0.5,
        "liaison_chance": 0.5,
        "proposal_chance": 0.5,
        "coherence_limit": 3,
        "initiative_limit": 3,
        "center_experts": 5,
        "planning_months": 4,
        "caseload_limit": 1,
        "participation_limit": 0.1,
        "turnkey_time_share": 0.03,
        "group_agencies": 3,
        "peer_collaborative_peer_ties": 5,
        "working_group_peer_ties": 5,
        "joint_call_peer_ties": 5,
        "expert_consultation_expert_ties": 5,
        "referral_colleague_ties": 5,
        "finance_rate": 0.1,
        "personnel_rate": 0.05,
        "train_the_trainer_trainer_ties": 5,
        "reform_chance": 0.5,
        "offering_weight": 0.3,
        "stocktake_response": 0.5,
        "pupils_per_school": 600,
        "school_positions": 3,
        "support_weight": 0.0,
    }
)
"""Parameters under which a few months show everything that can happen."""

SHOWING = MappingProxyType(
    {
        "expertise_agency_sd": 0.1,
        "expertise_area_sd": 0.1,
        "codification_agency_sd": 0.3,
        "codification_area_sd": 0.3,
        "codification_flow": 0.02,
        "bench_people": 2.0,
        "practice_hours": 40.0,
        "readiness_reference": 1.0,
        "readiness_cap": 1.1,
        "team_exponent": 1.0,
        "routine_ceiling": 0.6,
        "initiative_hours": 8.0,
        "exit_overload_slope": 0.5,
        "exit_hub_slope": 1.0,
        "influence_bound": 0.3,
        "ending_annual": 0.9,
        "leader_hazard_ratio": 20.0,
        "support_weight": 1.2,
        "support_allocation": 1.0,
        "support_data_rate": 0.05,
        "role_redesign_floor": 0.6,
    }
)
"""Parameters under which the forms of the rules differ visibly, and so do agencies."""

TWO_STATES = (
    ("A-SEA", "A", SEA, -1, 13),
    ("B-SEA", "B", SEA, -1, 3),
    ("A-ESA", "A", ESA, 0, 8),
    *((f"A-{n}", "A", LEA, 2, size) for n, size in enumerate((1, 2, 2, 3, 5, 8, 20, 47))),
    ("A-9", "A", LEA, 0, 4),
    ("B-1", "B", LEA, 1, 6),
    ("B-2", "B", LEA, 1, 4),
)
"""Id, state, level, row of the parent and positions of each agency of `two_states`."""

WITH_SCHOOLS = (
    ("A-SEA", "A", SEA, -1, 6),
    ("A-ESA", "A", ESA, 0, 5),
    *((f"A-{n}", "A", LEA, 1, size) for n, size in enumerate((2, 4, 9), start=2)),
    ("A-5", "A", LEA, 0, 3),
    *((f"A-2-{n}", "A", SCHOOL, 2, 2) for n in range(2)),
    *((f"A-3-{n}", "A", SCHOOL, 3, 3) for n in range(3)),
    *((f"A-5-{n}", "A", SCHOOL, 5, 1 + n) for n in range(3)),
)
"""The same for `schools`: a chain of four levels."""


@cache
def classroom(seed: int) -> tuple[World, Values]:
    """The classroom scenario with its own parameters, settled for a year."""
    scenario = load_scenario(SCENARIOS / "classroom.yaml")
    values = resolve_values(scenario.parameters)
    table = build_agencies(scenario, values)
    return settled(table, values, tuple(scenario.focal_areas), seed, months=12), values


@cache
def synthetic(seed: int) -> tuple[World, Values]:
    """A state of twelve synthetic districts in two regions, settled for a year."""
    values = resolve_values({"sea_positions_median": 30, "lea_positions_scale": 2.0, "lea_annual_exit": 0.3})
    scenario = twelve_districts()
    table = build_agencies(scenario, values)
    return settled(table, values, tuple(scenario.focal_areas), seed, months=12), values


def twelve_districts() -> Scenario:
    """The scenario of `synthetic`."""
    return scenario_from_mapping(
        {
            "name": "twelve districts",
            "agencies": {"source": "synthetic", "districts": 12, "regions": 2},
            "question": {"contrast": ["organization_focused", "none"]},
            "assistance": {"budget_hours_per_year": 100},
            "strategies": ["none", "organization_focused"],
        },
        folder=".",
    )


@cache
def restructured(seed: int) -> tuple[World, Values]:
    """The world of `synthetic` after a structure: one region merged into the other and cut, a new one without staff
    for two districts, and rare things often.
    """
    world, before = synthetic(seed)
    changed = Structure.model_validate(
        {
            "merge": [{"agencies": ["SYN-ESA-001", "SYN-ESA-002"], "name": "Both"}],
            "add": [{"name": "City", "agencies": ["SYN-00001", "SYN-00002"], "positions": 6}],
            "staff": {"SYN-ESA-001": {"times": 0.6}},
        }
    )
    arranged = build_arranged(twelve_districts(), before, changed)
    values = {**before, **resolve_values(RARE), "support_weight": 1.0}
    return restructured_world(world, arranged, values, run_key=seed), values


@cache
def two_states(seed: int) -> tuple[World, Values]:
    """Agencies of 1 to 47 positions in two labour markets, under `RARE`, with everything going on at once.

    Half a year of blended assistance lies behind them, a turnover shock is on, some leaders have just left,
    data systems have been neglected, and half of the agencies have strong routines.
    """
    values = resolve_values(RARE)
    world = in_a_program(settled(table_of(TWO_STATES), values, AREAS, seed, months=24), values)
    world.shock_months[0] = 2
    world.leader_left[::3], world.leader_exit_age[::3] = True, 0
    world.data_systems *= 0.5
    world.routine[::2] = 0.5  # above the skill of many who are past onboarding
    return world, values


@cache
def diverse(seed: int) -> tuple[World, Values]:
    """The agencies of `two_states` in areas that differ, by agency and by record, under numbers that show every rule.

    A part of their routines is provisional.
    """
    values = resolve_values({**RARE, **SHOWING})
    world = in_a_program(settled(table_of(TWO_STATES), values, UNLIKE, seed, months=24, links=LINKED), values)
    world.data_systems *= 0.5
    world.routine[::2] = 0.5
    world.provisional[:] = 0.3 * world.routine
    return world, values


@cache
def lonely(seed: int) -> tuple[World, Values]:
    """The same agencies with one area, no center, hardly any ties, and people who can stand in for routines."""
    values = resolve_values(
        {
            **RARE,
            "center_experts": 0,
            "initial_ties": 0,
            "proposal_chance": 0.01,
            "liaison_chance": 0.01,
            "potential_rho": 0.5,
        }
    )
    return settled(table_of(TWO_STATES), values, AREAS[:1], seed, months=2), values


@cache
def schools(seed: int) -> tuple[World, Values]:
    """A state in which schools are agencies too, below their districts."""
    values = resolve_values(
        {
            **RARE,
            "principal_annual_exit": 0.5,
            "school_staff_annual_exit": 0.4,
            "support_weight": 1.0,
            "support_allocation": 2.0,
        }
    )
    return settled(table_of(WITH_SCHOOLS), values, AREAS, seed, months=12, links=LINKED), values


@cache
def anything(seed: int) -> tuple[World, Values]:
    """The same agencies, unsettled, under any rules; parameters are plausible ones (odd seeds), or any allowed ones."""
    random = np.random.default_rng(seed)
    chosen = {}
    for parameter in PARAMETERS.values():
        low, high = parameter.minimum, parameter.maximum
        if seed % 2:
            low, high = parameter.low, parameter.high
        chosen[parameter.name] = float(random.choice([low, high, random.uniform(low, high)]))
        if parameter.words:
            chosen[parameter.name] = round(chosen[parameter.name])
    rules = {name: str(random.choice([*rule.variants])) for name, rule in RULES.items()}
    values = resolve_values(chosen, rules)
    layout = build_layout(table_of(TWO_STATES), values, areas=UNLIKE, key=seed)
    return initial_world(layout, values, key=seed), values


def table_of(agencies: tuple[tuple[str, str, int, int, int], ...]) -> AgencyTable:
    """Table of the agencies of `TWO_STATES` or `WITH_SCHOOLS`; some are small, and some are sparse."""
    ids, states, levels, parents, positions = zip(*agencies, strict=True)
    n = len(ids)
    return AgencyTable(
        id=np.array(ids),
        name=np.array(ids),
        state=np.array(states),
        level=np.array(levels, np.int8),
        parent=np.array(parents, np.int32),
        enrollment=np.array([150.0 * size for size in positions]),
        density=np.ones(n),
        sparse=np.arange(n) % 4 == 3,
        size_group=np.array([1 if level == LEA else -1 for level in levels], np.int8),
        positions=np.array(positions, np.int32),
        weight=np.array([1.0 + row % 3 for row in range(n)]),
        allocation=np.maximum(3.0, positions),
        poverty_share=np.array([np.nan if row % 5 == 4 else 0.1 + 0.03 * (row * 7 % 11) for row in range(n)]),
        family_weight=np.array([(1.0 + row % 3) * (1.5 if row % 2 else 0.75) for row in range(n)]),
    )


def settled(
    table: AgencyTable,
    values: Values,
    areas: tuple[str | Area, ...],
    seed: int,
    *,
    months: int,
    links: Links = NO_LINKS,
) -> World:
    """World after some months without assistance."""
    world = initial_world(build_layout(table, values, areas=areas, key=seed, links=links), values, key=seed)
    return settle(world, values, column_processes(MONTH), run_key=seed, months=months).world


def in_a_program(world: World, values: Values) -> World:
    """World after half a year of blended assistance, so that every column holds something; at month 0.

    One month more, and the center is closed.
    """
    strategy = ComposedStrategy(STRATEGIES["blended"], values)
    run = Simulation(
        world,
        values,
        strategy,
        processes=column_processes(MONTH),
        assistance_months=6,
        follow_up_months=1,
        yearly_hours=4000.0,
        run_key=1,
    )
    for _ in range(7):
        run.advance()
    world.month = 0
    return world

"""Worlds with a past for whole runs, and the runs."""

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.settling import settle
from capsim.model.engine import Simulation, column_processes
from capsim.model.month import MONTH
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario
from tests.assistance.program_bench import agency_table

from .agencies import CHAIN

__all__ = ["AREAS", "BUSY", "KEY", "busy_world", "ohio_world", "simulation"]

KEY = 2**64 - 5
AREAS = ("equity", "integration", "data_use")
PROCESSES = column_processes(MONTH)
BUSY = {
    "exit_culture_slope": 0.0,
    "exit_engagement_slope": 0.0,
    "sea_annual_exit": 0.4,
    "esa_annual_exit": 0.4,
    "lea_annual_exit": 0.4,
    "mover_share": 0.5,
    "months_to_fill": 2.0,
    "turnover_shock_chance": 0.5,
    "budget_shock_chance": 0.5,
    "policy_churn_chance": 0.5,
    "planning_months": 4.0,
    "center_experts": 5.0,
}
"""Many exits, which no strategy can change."""


def busy_world(values=resolve_values(BUSY)):  # noqa: B008
    world = initial_world(build_layout(agency_table(CHAIN), values, areas=AREAS, key=KEY), values, key=KEY)
    return settle(world, values, PROCESSES, run_key=KEY, months=12).world, values


def ohio_world():
    scenario = load_scenario("ohio")
    values = resolve_values(scenario.parameters)
    layout = build_layout(build_agencies(scenario, values), values, areas=tuple(scenario.focal_areas), key=KEY)
    return initial_world(layout, values, key=KEY), values


def simulation(world, values, strategy, *, assistance=24, follow_up=8, yearly_hours=4000.0, key=KEY):
    """A run of the whole month in a copy of a world."""
    return Simulation(
        world.copy(),
        values,
        strategy,
        processes=PROCESSES,
        assistance_months=assistance,
        follow_up_months=follow_up,
        yearly_hours=yearly_hours,
        run_key=key,
    )

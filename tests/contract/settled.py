"""Worlds with a past for whole runs, and the run of every strategy, each made once."""

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

from capsim.assistance.program import Program
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.settled import settle
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.parameters import resolve_values
from capsim.scenario import build_agencies, load_scenario
from capsim.world.invariants import broken_invariants
from tests.assistance.program_bench import AREAS, agency_table
from tests.simplest import simplest

from .agencies import CHAIN
from .strategies import fresh

__all__ = ["BUSY", "KEPT", "KEY", "MONTHS", "PROCESSES", "History", "busy_world", "history", "ohio_world", "simulation"]

KEY = 2**64 - 5
MONTHS = 24
"""Length of the assistance."""
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


@cache
def busy_world(*, experts=BUSY["center_experts"]):
    """World and values of the chain of agencies, in which people come and go all the time."""
    values = resolve_values({**BUSY, "center_experts": experts})
    layout = build_layout(agency_table(CHAIN), values, areas=AREAS[:3], key=KEY)
    return settle(initial_world(layout, values, key=KEY), values, PROCESSES, run_key=KEY, months=12).world, values


@cache
def ohio_world():
    """World and values of the sample of Ohio's districts, not settled."""
    scenario = load_scenario("ohio")
    values = simplest(scenario.parameters)
    layout = build_layout(build_agencies(scenario, values), values, areas=tuple(scenario.focal_areas), key=KEY)
    return initial_world(layout, values, key=KEY), values


def simulation(
    strategy, *, experts=BUSY["center_experts"], assistance=MONTHS, follow_up=8, yearly_hours=4000.0, log=True
):
    """A run of the whole month in a copy of the busy world."""
    world, values = busy_world(experts=experts)
    return Simulation(
        world.copy(),
        values,
        strategy,
        processes=PROCESSES,
        assistance_months=MONTHS,
        follow_up_months=8,
        yearly_hours=4000.0,
        run_key=KEY,
        log=log,
    )


KEPT = (
    "person",
    "tenure",
    "exits",
    "skill",
    "disposition",
    "priority",
    "engagement",
    "tie_to",
    "tie_strength",
    "consulted",
    "recipient_hours",
    "ta_hours",
)
"""Columns of which a history has a copy for every month."""


@dataclass
class History:
    """What happened in a run, month by month.

    Attributes
    ----------
    program : Program
        At the end.
    months : list of SimpleNamespace
        The columns `KEPT` at the end of every month, TA hours spent until then, and what is broken in the world.
    """

    program: Program
    months: list


@cache
def history(name):
    """The run of a strategy."""
    run = simulation(fresh(name, busy_world()[1]))
    world, months = run.world, []
    while world.month < run.months:
        run.advance()
        kept = {column: getattr(world, column).copy() for column in KEPT}
        spent, broken = run.program.ledger.spent, broken_invariants(world)
        months.append(SimpleNamespace(**kept, spent=spent, broken=broken))
    return History(run.program, months)

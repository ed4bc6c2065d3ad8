"""What must hold in every world at the end of every month, over random small scenarios, plausible and extreme."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from capsim.assistance.composed import ComposedStrategy
from capsim.building.settling import settle
from capsim.catalogue import ACTIVITIES, MEASURES, RECIPIENT_LEVELS, SCHEDULES, TARGETINGS, Composition
from capsim.measures.organizations import measure_organizations
from capsim.parameters import PARAMETERS, draw_values, resolve_values
from capsim.world.invariants import broken_invariants

from .worlds import ESA, LEA, PROCESSES, SEA, new_world, shipped, simulation

UNDEFINED_ALLOWED = {"shared_goals", "alignment_internal", "alignment_parent"}
RULES = sorted(name for name, parameter in PARAMETERS.items() if parameter.group != "agencies")
SLACK = 1e-9


@st.composite
def agencies(draw):
    """One to six agencies of 1 to 30 positions, with or without state and regional agencies above them."""
    size = st.integers(1, 30)
    table = []
    has_sea = draw(st.booleans())
    if has_sea:
        table.append(("state", SEA, -1, draw(size)))
    regions = draw(st.integers(0, 2))
    table += [(f"region {n}", ESA, 0 if has_sea else -1, draw(size)) for n in range(regions)]
    above = len(table)
    for n in range(draw(st.integers(1, 6 - above))):
        table.append((f"district {n}", LEA, draw(st.integers(-1, above - 1)), draw(size)))
    return tuple(table)


BOUNDS = st.sampled_from(["minimum", "maximum", "low", "high"])
"""Bounds of what is allowed, and of what is plausible."""


@st.composite
def compositions(draw):
    """Random activities with random shares, aimed and scheduled in every way there is."""
    chosen = draw(st.lists(st.sampled_from(sorted(ACTIVITIES)), unique=True))
    parts = [draw(st.integers(1, 5)) for _ in chosen]
    return Composition(
        name="random",
        activities={name: part / sum(parts) for name, part in zip(chosen, parts, strict=True)},
        targeting=draw(st.sampled_from(sorted(TARGETINGS))),
        schedule=draw(st.sampled_from(sorted(SCHEDULES))),
        focal_areas=draw(st.integers(0, 3)),
        recipients=tuple(draw(st.lists(st.sampled_from(sorted(RECIPIENT_LEVELS)), min_size=1, unique=True))),
    )


def broken_measures(world, values):
    """Measures that are not a number where they must be, or out of their declared range."""
    measured = measure_organizations(world, values)
    problems = []
    for row, measure in zip(measured, MEASURES.values(), strict=True):
        undefined = np.isnan(row)
        if undefined.any() and measure.name not in UNDEFINED_ALLOWED:
            problems.append(f"{measure.name}: undefined")
        seen = row[~undefined]
        if not ((seen >= measure.low - SLACK) & (seen <= measure.high + SLACK)).all():
            problems.append(f"{measure.name}: out of range")
    return problems


def broken_ledger(run, received):
    ledger = run.program.ledger
    problems = []
    if ledger.spent > ledger.budget * (1.0 + SLACK) + SLACK:
        problems.append(f"ledger: {ledger.spent} hours of {ledger.budget}")
    sums = (received, ledger.by_organization.sum(), sum(ledger.by_activity.values()))
    if not all(math.isclose(ledger.spent, total, rel_tol=1e-9, abs_tol=1e-9) for total in sums):
        problems.append(f"ledger: {ledger.spent} hours spent, but {sums} received, by organization, by activity")
    return problems


def first_problems(agencies, values, strategy, *, key, settling, months, yearly_hours):
    """What is broken at the end of the first month in which something is, from building to follow-up."""
    world = new_world(values, key=key, agencies=agencies)
    problems = broken_invariants(world)
    world = settle(world, values, PROCESSES, run_key=key, months=settling).world
    assistance = 2 * months // 3
    run = simulation(
        world,
        values,
        strategy,
        key=key,
        assistance=assistance,
        follow_up=months - assistance,
        yearly_hours=yearly_hours,
    )
    received = 0.0
    while not problems and world.month < months:
        run.advance()
        received += world.ta_hours.sum()
        problems = broken_invariants(world) + broken_measures(world, values) + broken_ledger(run, received)
        if world.month > assistance and (world.ta_hours.any() or world.recipient_hours.any()):
            problems.append("assistance after its end")
    return problems, world.month


def found(bounds):
    """A scenario in which something once broke."""
    return example(
        agencies=(("state", SEA, -1, 4), ("one", LEA, 0, 12), ("two", LEA, 0, 12)),
        bounds=bounds,
        drawn=None,
        composition=Composition(name="none", activities={}),
        key=1,
        settling=0,
        months=24,
        yearly_hours=0.0,
    )


def at_bounds(bounds):
    return {name: getattr(PARAMETERS[name], bound) for name, bound in bounds.items()}


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    agencies=agencies(),
    bounds=st.dictionaries(st.sampled_from(RULES), BOUNDS, max_size=20),
    drawn=st.none() | st.integers(0, 2**32),
    composition=compositions(),
    key=st.integers(0, 2**64 - 1),
    settling=st.sampled_from([0, 12]),
    months=st.integers(24, 48),
    yearly_hours=st.sampled_from([0.0, 10.0, 1000.0, 1e6]),
)
@found({"expertise_floor": "maximum", "expertise_gain": "maximum", "experience_rate": "maximum"})
@found({"plan_leader_rate": "maximum", "plan_parent_rate": "maximum"})
@found({"influence_rate": "maximum", "susceptibility": "maximum"})
@found({"tie_fade": "maximum"})
@found({"mover_tie_factor": "minimum", "mover_share": "maximum", "lea_annual_exit": "maximum"})
def test_nothing_breaks_in_random_scenarios(agencies, bounds, drawn, composition, key, settling, months, yearly_hours):
    """Some parameters at bounds, the others at their defaults or drawn from their priors."""
    fixed = at_bounds(bounds)
    values = resolve_values(fixed) if drawn is None else draw_values(fixed, drawn)
    strategy = ComposedStrategy(composition, values)
    problems, month = first_problems(
        agencies, values, strategy, key=key, settling=settling, months=months, yearly_hours=yearly_hours
    )
    assert problems == [], f"month {month}"


@pytest.mark.parametrize("bound", ["minimum", "maximum", "low", "high"])
def test_nothing_breaks_with_every_parameter_at_one_bound(bound):
    values = resolve_values(at_bounds(dict.fromkeys(RULES, bound)))
    problems, month = first_problems(
        (("state", SEA, -1, 20), ("one", LEA, 0, 5), ("two", LEA, 0, 25)), values, shipped("blended", values),
        key=3, settling=12, months=36, yearly_hours=2000.0,
    )  # fmt: skip
    assert problems == [], f"month {month}"

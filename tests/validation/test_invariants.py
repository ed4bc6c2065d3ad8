"""What must hold in every world at the end of every month, over random small scenarios, plausible and extreme."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from capsim.assistance.composed import ComposedStrategy
from capsim.building.settled import settle
from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    MEASURES,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
    Recipe,
)
from capsim.catalogue.measures import SUPPORT_MEASURES
from capsim.levels import AGENCY_LEVELS
from capsim.measures.organizations import measure_organizations
from capsim.parameters import PARAMETERS, draw_values, resolve_values
from capsim.world.invariants import broken_invariants

from .worlds import ESA, LEA, PROCESSES, SEA, SMALL_STATE, new_world, shipped, simulation

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
def shares_of(draw, names, at_least=0):
    """Some of the names, with shares that sum to 1."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=at_least, unique=True))
    parts = [draw(st.integers(1, 5)) for _ in chosen]
    return {name: part / sum(parts) for name, part in zip(chosen, parts, strict=True)}


@st.composite
def compositions(draw):
    """Random activities with random shares, aimed and scheduled in every way there is."""
    activities, levels, targetings = sorted(ACTIVITIES), sorted(AGENCY_LEVELS), st.sampled_from(sorted(TARGETINGS))
    mix = draw(shares_of(activities))
    return Recipe(
        name="random",
        activities=mix,
        targeting=draw(targetings | st.dictionaries(st.sampled_from(["targeted", "intensive"]), targetings)),
        methods=tuple(draw(st.lists(shares_of(activities, at_least=1), max_size=2))) if mix else (),
        target_capacities=draw(st.booleans()),
        exit_activities=draw(st.just({}) | shares_of(activities)) if mix else {},
        schedule=draw(st.sampled_from(sorted(SCHEDULES))),
        codesign=draw(st.sampled_from(sorted(CODESIGN_PHASES))),
        focal_areas=draw(st.integers(0, 3)),
        chain=draw(st.sampled_from(sorted(CHAINS))),
        recipients=draw(st.lists(st.sampled_from(levels), min_size=1, unique=True).map(tuple) | shares_of(levels, 1)),
    )


def broken_measures(world, values):
    """Measures that are not a number where they must be, or out of their declared range."""
    measured = measure_organizations(world, values)
    helped = (world.layout.parent >= 0) & (values["support_weight"] > 0.0)
    problems = []
    for row, measure in zip(measured, MEASURES.values(), strict=True):
        undefined = np.isnan(row)
        if measure.name in SUPPORT_MEASURES:
            if not np.array_equal(undefined, ~helped):
                problems.append(f"{measure.name}: undefined in other than agencies without support")
        elif undefined.any() and measure.name not in UNDEFINED_ALLOWED:
            problems.append(f"{measure.name}: undefined")
        seen = row[~undefined]
        if not ((seen >= measure.low - SLACK) & (seen <= measure.high + SLACK)).all():
            problems.append(f"{measure.name}: out of range")
    return problems


def broken_ledger(run, received):
    """`received` are the hours of all agencies since the start: those of the center and those passed on."""
    ledger, links = run.program.ledger, run.program.chain
    problems = []
    if ledger.spent > ledger.budget * (1.0 + SLACK) + SLACK:
        problems.append(f"ledger: {ledger.spent} hours of {ledger.budget}")
    sums = (
        received - ledger.turnkey_hours,
        links[:, 0, :, 0].sum(),
        ledger.by_organization.sum(),
        ledger.monthly.sum(),
        sum(ledger.by_activity.values()),
    )
    if not all(close(ledger.spent, total) for total in sums):
        problems.append(f"ledger: {ledger.spent} hours spent, but {sums} received, by organization, by activity")
    if not close(ledger.turnkey_hours, links[:, 1:, :, 0].sum()):
        problems.append(f"chain: {links[:, 1:, :, 0].sum()} hours passed on, but {ledger.turnkey_hours} in the ledger")
    if not (np.diff(links, axis=3) <= SLACK).all() or not (links >= 0.0).all():
        problems.append("chain: more received than delivered, or more used than received")
    return problems


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def broken_readings(run):
    """Readings of shares that are none, and readings of the TA center."""
    readings, agencies = run.program.observation.readings, run.world.layout.agencies
    problems = []
    ranges = {
        "skill": 1,
        "routine": 1,
        "use": 1,
        "interest": 5,
        "self_rating": 5,
        "self_rated_relevance": 5,
        "relevance": 1,
        "readiness": 9,
    }
    for name, high in ranges.items():
        low = int(high == 5)
        read = getattr(readings, name)
        if not ((read >= low) & (read <= high) | np.isnan(read)).all():
            problems.append(f"readings of {name}: out of range")
        if high != 5 and not np.isnan(read[agencies:]).all():
            problems.append(f"readings of {name}: of the center")
    return problems


def broken_center(world, open_now):
    """Experts where there should be none, or none where there should be some."""
    start, end = world.layout.center
    held = world.person[start:end] >= 0
    problems = [] if held.all() == open_now or start == end else [f"center: open {held.all()} in month {world.month}"]
    if start < end and held.any() != held.all():
        problems.append("center: some experts are there and some are not")
    if world.ta_hours[world.layout.agencies :].any() or world.recipient_hours[start:end].any():
        problems.append("center: it receives assistance")
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
        problems = [
            *broken_invariants(world),
            *broken_measures(world, values),
            *broken_ledger(run, received),
            *broken_readings(run),
            *broken_center(world, open_now=world.month <= assistance),
        ]
        if world.month > assistance and (world.ta_hours.any() or world.recipient_hours.any()):
            problems.append("assistance after its end")
    return problems, world.month


def found(bounds):
    """A scenario in which something once broke."""
    return example(
        agencies=(("state", SEA, -1, 4), ("one", LEA, 0, 12), ("two", LEA, 0, 12)),
        bounds=bounds,
        drawn=None,
        composition=Recipe(name="none", activities={}),
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
        (("state", SEA, -1, 20), ("one", LEA, 0, 5), ("two", LEA, 0, 25)),
        values,
        shipped("blended", values),
        key=3,
        settling=12,
        months=36,
        yearly_hours=2000.0,
    )
    assert problems == [], f"month {month}"


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("yearly_hours", [300.0, 20000.0])
def test_nothing_breaks_under_any_named_strategy(name, yearly_hours):
    values = resolve_values()
    problems, month = first_problems(
        SMALL_STATE, values, shipped(name, values), key=11, settling=12, months=24, yearly_hours=yearly_hours
    )
    assert problems == [], f"month {month}"

"""The arms: ends are the runs themselves, mixed arms follow the documented equations, pathways are kept apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from capsim.analyses.pathways import ARMS, PATHWAYS, Arms, Inputs
from capsim.building import run_key, settled_world
from capsim.engine.run import Simulation
from capsim.engine.strategies import resolve_strategy
from capsim.measures.capacities import people_weight
from capsim.measures.organizations import current_potential
from capsim.parameters import resolve_values
from capsim.parameters.constants import constants
from capsim.processes.implementation import IMPLEMENTATION
from capsim.processes.process import Stream
from capsim.runs.blocks import scenario_processes
from capsim.scenario import Scenario
from capsim.units import rate_from_lag

FIELDS = {
    "skill": ("skill", "people"),
    "routines": ("routine", "current", "enacted"),
    "ties": ("tie_to",),
    "goals": ("goals", "person", "priority"),
    "culture": ("filled", "commitment", "leader_left", "leader_exit_age"),
    "alignment": ("internal", "vertical"),
}


SIMPLEST = {"participation": "alike", "ending": "leader_exit"}


def pair_of(
    scenario: Scenario,
    strategy: str = "organization_focused",
    rules: Mapping[str, str] | None = None,
    weight: float = 1.0,
) -> SimpleNamespace:
    """Baseline and strategy, about to begin, with the draws of implementation."""
    values = resolve_values({**scenario.parameters, "support_weight": weight}, rules or {})
    processes, key = scenario_processes(scenario), run_key(scenario.seed, 0)
    start = settled_world(scenario, values, processes, run_key=key).world
    runs = [
        Simulation(
            start.copy(),
            values,
            resolve_strategy(scenario, name)[1](values),
            processes=processes,
            assistance_months=scenario.timeline.assistance,
            follow_up_months=scenario.timeline.follow_up,
            yearly_hours=scenario.assistance.budget_hours_per_year,
            run_key=key,
        )
        for name in ("none", strategy)
    ]
    return SimpleNamespace(start=start, values=values, runs=runs, stream=Stream(IMPLEMENTATION, start, key))


def months_of(pair: SimpleNamespace, months: int):
    """Inputs of both runs, month by month, with the draws."""
    for month in range(months):
        for run in pair.runs:
            run.advance()
        yield (
            *(Inputs.of(run.world, constants(run.values)) for run in pair.runs),
            pair.stream.fill(month).organization,
        )


@pytest.mark.parametrize("outcome", ["use", "use_unmultiplied", "potential"])
@pytest.mark.parametrize("strategy", ["organization_focused", "individual_focused", "blended"])
def test_all_on_is_the_strategy_and_all_off_the_baseline(restless, outcome, strategy):
    pair = pair_of(restless, strategy)
    arms = Arms(pair.start, pair.values, outcome=outcome)
    left = 0
    for baseline, own, numbers in months_of(pair, 36):
        arms.advance(baseline, own, numbers)
        left += int(baseline.leader_left.sum())
        for end, run in zip((0, -1), pair.runs, strict=True):
            if outcome == "potential":
                expected = current_potential(run.world, pair.values)[0]
                np.testing.assert_allclose(arms.state[end], expected, rtol=0, atol=1e-15)
            else:
                np.testing.assert_array_equal(arms.state[end], getattr(run.world, outcome))
    assert left > 0
    assert not np.array_equal(arms.state[0], arms.state[-1])


def test_the_runs_differ_in_every_pathway(restless):
    """Else the other tests would prove little."""
    pair = pair_of(restless)
    differs = dict.fromkeys((name for names in FIELDS.values() for name in names), False)
    for baseline, own, _ in months_of(pair, 36):
        for name in differs:
            differs[name] |= not np.array_equal(
                getattr(baseline, name), getattr(own, name), equal_nan=name in ("goals", "internal", "vertical")
            )
    assert differs == dict.fromkeys(differs, True)


@pytest.mark.parametrize("rules", [{}, SIMPLEST], ids=["defaults", "simplest"])
def test_every_arm_follows_the_documented_equations(restless, rules):
    pair = pair_of(restless, rules=rules, weight=0.0)
    arms = Arms(pair.start, pair.values)
    expected = np.repeat(pair.start.use[np.newaxis], ARMS, axis=0)
    for baseline, own, numbers in months_of(pair, 12):
        arms.advance(baseline, own, numbers)
        for arm in range(ARMS):
            source = {name: (own if arm >> bit & 1 else baseline) for bit, name in enumerate(PATHWAYS)}
            follow(expected[arm], source, numbers, pair, ends=leaders_exit if rules else hazard)
    np.testing.assert_allclose(arms.state, expected, rtol=0, atol=1e-12)


def follow(use, source, numbers, pair, ends):
    """One month of one arm, the slow and obvious way."""
    v, layout = pair.values, pair.start.layout
    alpha, rho, iota = (
        people_weight.py_func(constants(v)),
        v["potential_rho"],
        rate_from_lag(v["implementation_lag_months"]),
    )
    for j in range(len(use)):
        seats = range(layout.first[j], layout.first[j + 1])
        factor = 1.0 - v["access_weight"] * (1.0 - access(source, seats, v["expert_skill"]))
        if not math.isnan(goals := source["goals"].goals[j]):
            factor *= 1.0 - v["goal_weight"] * (1.0 - goals)
        both = [x for x in (source["alignment"].internal[j], source["alignment"].vertical[j]) if not math.isnan(x)]
        if both:
            factor *= 1.0 - v["alignment_weight"] * (1.0 - sum(both) / len(both))
        factor *= 1.0 + v["resource_weight"] * (source["alignment"].resources[j] - v["resource_alignment_base"])
        skill, routine, climate = source["skill"], source["routines"].routine[j], source["culture"]
        for k in range(use.shape[1]):
            held = skill.people[j, k] if ends is hazard else sum(skill.skill[i, k] for i in seats) / len(seats)
            people = held / skill.filled[j] * climate.filled[j] if skill.filled[j] else 0.0
            q = (alpha * people**rho + (1.0 - alpha) * routine[k] ** rho) ** (1.0 / rho) if people > 0.0 else 0.0
            use[j, k] += iota * (min(1.0, q * factor) - use[j, k])
            if numbers[j, k] < ends(v, source["routines"], climate, j, k):
                use[j, k] *= 1.0 - v["abandon_drop"]


def leaders_exit(v, routines, climate, j, k):
    """Chance that a practice ends: only where the leader left this month."""
    left = climate.leader_left[j]
    return v["abandon_chance"] * (1.0 - routines.routine[j, k]) * (1.0 - climate.commitment[j]) if left else 0.0


def hazard(v, routines, climate, j, k):
    """Chance that a practice ends: at any time, and more after a leader's exit where little is enacted."""
    enacted = routines.enacted[j, k]
    rate = -math.log(1.0 - v["ending_annual"]) / 12.0
    rate *= math.exp(-v["ending_routine_slope"] * (enacted - v["enacted_baseline"]))
    if climate.leader_exit_age[j] < v["leader_exit_months"]:
        rate *= 1.0 + (v["leader_hazard_ratio"] - 1.0) * max(0.0, 1.0 - enacted / v["strong_routine"])
    return 1.0 - math.exp(-rate)


def access(source, seats, expert_skill):
    """Whose holders reach, through whose ties, whose experts."""
    wants, ties, skill = source["goals"], source["ties"].tie_to, source["skill"].skill
    holders = [i for i in seats if wants.person[i] >= 0]
    reached = 0
    for i in holders:
        top = int(np.argmax(wants.priority[i]))
        reached += any(contact >= 0 and skill[contact, top] >= expert_skill for contact in ties[i])
    return reached / len(holders) if holders else 0.0


@pytest.mark.parametrize("pathway", list(PATHWAYS))
def test_what_differs_in_one_pathway_moves_only_its_arms(restless, pathway):
    pair = pair_of(restless)
    arms = Arms(pair.start, pair.values)
    for baseline, own, numbers in months_of(pair, 36):
        given = {name: getattr(own, name) for name in FIELDS[pathway]}
        people = own.people
        if pathway == "culture":  # the same holders' skill in seats of which another share is filled
            with np.errstate(divide="ignore", invalid="ignore"):
                people = np.nan_to_num(baseline.people / baseline.filled[:, None] * own.filled[:, None])
            given["people"] = people
        arms.advance(baseline, baseline._replace(**given), numbers)
    bit = list(PATHWAYS).index(pathway)
    on = np.array([arm >> bit & 1 for arm in range(ARMS)], bool)
    np.testing.assert_allclose(arms.state[on] - arms.state[-1], 0.0, rtol=0, atol=1e-12)
    np.testing.assert_allclose(arms.state[~on] - arms.state[0], 0.0, rtol=0, atol=1e-12)
    assert np.abs(arms.state[-1] - arms.state[0]).max() > 1e-9

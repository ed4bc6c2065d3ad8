"""Engine and twin end in the same place: process by process, in whole runs, and in what is measured of them."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    MEASURES,
    PROCESS_NAMES,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
)
from capsim.levels import AGENCY_LEVELS
from capsim.measures.organizations import measure_organizations
from capsim.parameters import Values
from capsim.world import Pool, World

from . import worlds
from .capacities import measures
from .comparison import (
    columns_of_engine,
    columns_of_twin,
    differences,
    engine_months,
    equal,
    open_program,
    twin_months,
)
from .compositions import OWN
from .events import Happening
from .hand_made import HandMade
from .twin import MONTH, Twin

RUN_KEY = 2**63 + 11
BLENDED = STRATEGIES["blended"]
WORLDS = {
    "classroom": worlds.classroom,
    "synthetic": worlds.synthetic,
    "two_states": worlds.two_states,
    "schools": worlds.schools,
    "lonely": worlds.lonely,
}


def check_months(world: World, values: Values, run_key: int, **how: Any) -> None:
    """Engine and twin agree in every column after every month."""
    both = zip(engine_months(world, values, run_key, **how), twin_months(world, values, run_key, **how), strict=True)
    for month, (engine, twin) in enumerate(both):
        assert differences(columns_of_engine(*engine), columns_of_twin(twin)) == [], f"month {month}"


# The twin is another author.

OF_THE_TWIN = [
    path
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.name
    not in ("test_twin.py", "test_rules.py", "test_sharpness.py", "comparison.py", "hand_made.py", "worlds.py")
]


@pytest.mark.parametrize("path", OF_THE_TWIN, ids=lambda path: path.stem)
def test_it_shares_no_rule_with_the_engine(path: Path) -> None:
    rooms = ("world", "parameters", "catalogue", "catalogue.rules", "levels", "streams.keys")
    allowed = [f"capsim.{room}" for room in rooms]
    text = path.read_text(encoding="utf-8")
    assert "py_func" not in text
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module.startswith("capsim"):
            assert node.module in allowed
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith(("capsim", "numba")) for alias in node.names)


def test_its_month_has_the_same_order() -> None:
    assert tuple(MONTH) == PROCESS_NAMES


def test_everybody_is_a_mesa_agent() -> None:
    world, values = worlds.two_states(1)
    *_, twin = twin_months(world, values, RUN_KEY, months=18)
    waiting = [applicant for applicant in twin.applicants if not applicant.hired]
    assert len(twin.agents) == len(twin.people) + len(waiting)
    assert twin.agents.select(lambda person: person.position is not None).agg("tenure", max) > 18


# The same, process by process and in whole runs.


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_a_process_alone(process: str, world: str) -> None:
    start, values = WORLDS[world](1)
    strategy = HandMade(start.layout)
    how: dict[str, Any] = {"months": 10, "assistance_months": 8, "strategy": strategy, "only": (process,)}
    program, month = open_program(start, values, RUN_KEY, strategy, 8)
    claimed = next(step.writes for step in month if step.name == process)
    first = columns_of_engine(start, program)
    both = zip(engine_months(start, values, RUN_KEY, **how), twin_months(start, values, RUN_KEY, **how), strict=True)
    for number, (engine, twin) in enumerate(both):
        now, then = columns_of_engine(*engine), columns_of_twin(twin)
        written = [name for name in now if name.split(".")[0] in (*claimed, "program")]
        kept = [name for name in now if name not in written]
        assert [name for name in written if not equal(now[name], then[name])] == [], f"month {number}"
        assert [name for name in kept if not equal(now[name], first[name])] == [], f"{process} writes it unsaid"


@pytest.mark.parametrize("world", ["synthetic", "two_states", "schools"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_three_years_of_a_strategy(strategy: str, world: str) -> None:
    start, values = WORLDS[world](1)
    check_months(start, values, RUN_KEY + 1, months=36, assistance_months=25, strategy=STRATEGIES[strategy])


@pytest.mark.parametrize("strategy", ["support_teams", "network_teams"])
def test_two_years_under_a_structure(strategy: str) -> None:
    """Of a strategy that has merged, cut and added regional agencies before the first month."""
    start, values = worlds.restructured(1)
    assert {"Both", "City"} < set(start.layout.names)
    check_months(start, values, RUN_KEY, months=24, assistance_months=16, strategy=STRATEGIES[strategy])


@pytest.mark.parametrize("world", ["two_states", "schools"])
@pytest.mark.parametrize("strategy", OWN)
def test_three_years_of_another_composition(strategy: str, world: str) -> None:
    start, values = WORLDS[world](2)
    check_months(start, values, RUN_KEY, months=36, assistance_months=25, strategy=OWN[strategy])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("world", WORLDS)
def test_three_years_of_everything_at_once(world: str, seed: int) -> None:
    start, values = WORLDS[world](seed)
    strategy = HandMade(start.layout, hours=4.0 / seed)
    check_months(start, values, RUN_KEY + seed, months=36, assistance_months=30, strategy=strategy)


HAPPENINGS = (
    Happening("leader_leaves", 2, 1, [1, 6, 8]),
    Happening("pandemic", 3, 5, [0, 2, 6, 7], {"help": "stopped"}),
    Happening("pandemic", 4, 4, range(3, 9), {"exits": 3.0}),
    Happening("new_policy", 5, 6, [0, 4, 5, 9], {"area": "integration"}),
    Happening("budget_cut", 1, 8, [5, 6, 7, 8, 9], {"cut": 0.4}),
)


@pytest.mark.parametrize("strength", [0.6, 1.0])
@pytest.mark.parametrize("strategy", ["blended", "support_teams"])
def test_dated_events(strategy: str, strength: float) -> None:
    start, values = worlds.two_states(1)
    values = {**values, "event_strength": strength}
    how: dict[str, Any] = {"months": 14, "assistance_months": 12, "strategy": STRATEGIES[strategy]}
    check_months(start, values, RUN_KEY, **how, happenings=HAPPENINGS)


@pytest.mark.parametrize("world", ["two_states", "lonely"])
@pytest.mark.parametrize("strategy", ["working_groups", "network_teams", "universal_only"])
def test_tools_that_travel(strategy: str, world: str) -> None:
    start, values = WORLDS[world](2)
    numbers = {
        "tool_rate": 1.5,
        "tool_polish": 0.3,
        "tool_better": 0.02,
        "tool_fit_far": 0.5,
        "center_tool_level": 0.55,
    }
    how: dict[str, Any] = {"months": 24, "assistance_months": 16, "strategy": STRATEGIES[strategy]}
    check_months(start, {**values, **numbers}, RUN_KEY, **how)


@pytest.mark.parametrize("strategy", ["co_designed", "designed_throughout"])
def test_wishes_that_move_the_mix(strategy: str) -> None:
    start, values = worlds.two_states(2)
    numbers = {"codesign_wish": 0.8, "wish_familiarity": 0.2, "wish_distance": 0.05, "likert_noise_sd": 0.8}
    recipe = {**STRATEGIES, "designed_throughout": replace(STRATEGIES["co_designed"], codesign="both")}[strategy]
    how: dict[str, Any] = {"months": 26, "assistance_months": 25, "strategy": recipe}
    both = zip(
        engine_months(start, {**values, **numbers}, RUN_KEY, **how),
        twin_months(start, {**values, **numbers}, RUN_KEY, **how),
        strict=True,
    )
    for (world, program), twin in both:
        assert differences(columns_of_engine(world, program), columns_of_twin(twin)) == []
        for name in ("given", "asked", "answered", "waited") if twin.month <= 25 else ():
            theirs = [getattr(twin.wishes[one], name) for one in twin.organizations]
            mine = getattr(program.wishes, name)
            assert equal(mine, np.array([np.nan if one is None else one for one in theirs], float)), name


def test_no_part_is_left_out() -> None:
    chosen = [*STRATEGIES.values(), *OWN.values()]
    mixes = [mix for one in chosen for mix in (one.activities, one.exit_activities, *one.methods)]
    by_tier = [one.targeting if isinstance(one.targeting, str) else one.targeting.values() for one in chosen]
    targetings = {name for one in by_tier for name in ([one] if isinstance(one, str) else one)}
    assert {activity for mix in mixes for activity in mix} == set(ACTIVITIES)
    assert targetings == set(TARGETINGS)
    assert {one.schedule for one in chosen} == set(SCHEDULES)
    assert {one.codesign for one in chosen} == set(CODESIGN_PHASES)
    assert {one.chain for one in chosen} == set(CHAINS)
    assert {level for one in chosen for level in one.recipients} == set(AGENCY_LEVELS)


@pytest.mark.parametrize("seed", range(12))
def test_any_parameters(seed: int) -> None:
    start, values = worlds.anything(seed)
    for strategy in (BLENDED, HandMade(start.layout)):
        check_months(start, values, RUN_KEY, months=9, assistance_months=6, strategy=strategy)


def test_a_crowded_pool() -> None:
    settled, values = worlds.two_states(1)
    start = settled.copy()
    start.pool = Pool.empty(3, start.layout.n_areas)
    check_months(start, values, RUN_KEY, months=12)


@pytest.mark.parametrize("rho", [-10.0, -1e-12, 0.0, 0.5, 0.95])
def test_use_at_every_substitution(rho: float) -> None:
    start, values = worlds.two_states(1)
    check_months(start, {**values, "potential_rho": rho}, RUN_KEY, months=3)


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_a_year_without_one_process(process: str) -> None:
    start, values = worlds.two_states(1)
    others = [name for name in PROCESS_NAMES if name != process]
    check_months(start, values, RUN_KEY, months=12, strategy=HandMade(start.layout), only=others)


# What is measured.


def measured(twin: Twin) -> np.ndarray:
    """Measures of the twin as the engine arranges them."""
    rows = [measures(twin.values, organization) for organization in twin.organizations]
    return np.array([[np.nan if row[name] is None else row[name] for row in rows] for name in MEASURES])


@pytest.mark.parametrize("world", WORLDS)
def test_measures(world: str) -> None:
    start, values = WORLDS[world](2)
    how: dict[str, Any] = {"months": 18, "assistance_months": 12, "strategy": HandMade(start.layout)}
    both = zip(engine_months(start, values, RUN_KEY, **how), twin_months(start, values, RUN_KEY, **how), strict=True)
    for engine, twin in both:
        expected, got = measure_organizations(engine[0], values), measured(twin)
        assert [name for row, name in enumerate(MEASURES) if not equal(expected[row], got[row])] == []

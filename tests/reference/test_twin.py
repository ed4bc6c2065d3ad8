"""Engine and twin end in the same place: process by process, in whole runs, and in what is measured of them.

And the comparison is sharp: every constant and every random number of every process of the engine, changed
alone, is noticed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from capsim.catalogue import MEASURES, PROCESS_NAMES, STRATEGIES, Composition
from capsim.measures.organizations import measure_organizations
from capsim.parameters import PARAMETERS, Values
from capsim.processes.process import Numbers
from capsim.world import Pool, World

from . import worlds
from .capacities import measures
from .comparison import (
    Alteration,
    Columns,
    columns_of_engine,
    columns_of_twin,
    differences,
    engine_months,
    equal,
    open_program,
    twin_months,
)
from .twin import MONTH, Twin

RUN_KEY = 2**63 + 11
BLENDED = STRATEGIES["blended"]
OWN = {
    "narrow": Composition(
        name="narrow",
        activities={"needs_assessment": 0.3, "routine_redesign": 0.5, "goal_setting": 0.2},
        targeting="need",
        schedule="front_loaded",
        focal_areas=2,
        recipients=("esa", "lea"),
    ),
    "wide": Composition(
        name="wide",
        activities={"leadership_coaching": 0.5, "training": 0.5},
        schedule="taper",
        recipients=("sea", "esa", "lea"),
    ),
}
WORLDS = {
    "classroom": worlds.classroom,
    "synthetic": worlds.synthetic,
    "two_states": worlds.two_states,
    "lonely": worlds.lonely,
}


def check_months(world: World, values: Values, run_key: int, **how: object) -> None:
    """Engine and twin agree in every column after every month."""
    both = zip(engine_months(world, values, run_key, **how), twin_months(world, values, run_key, **how), strict=True)
    for month, (engine, twin) in enumerate(both):
        assert differences(columns_of_engine(*engine), columns_of_twin(twin)) == [], f"month {month}"


# The twin is another author.

OF_THE_TWIN = [
    path
    for path in sorted(Path(__file__).parent.glob("*.py"))
    if path.name not in ("test_twin.py", "comparison.py", "worlds.py")
]


@pytest.mark.parametrize("path", OF_THE_TWIN, ids=lambda path: path.stem)
def test_it_shares_no_rule_with_the_engine(path: Path) -> None:
    allowed = ("capsim.world", "capsim.parameters", "capsim.catalogue", "capsim.streams.keys")
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
    how = {"months": 8, "strategy": BLENDED, "only": (process,)}
    program, month = open_program(start, values, RUN_KEY, BLENDED, 8)
    claimed = next(step.writes for step in month if step.name == process)
    first = columns_of_engine(start, program)
    both = zip(engine_months(start, values, RUN_KEY, **how), twin_months(start, values, RUN_KEY, **how), strict=True)
    for number, (engine, twin) in enumerate(both):
        now, then = columns_of_engine(*engine), columns_of_twin(twin)
        written = [name for name in now if name.split(".")[0] in (*claimed, "program")]
        kept = [name for name in now if name not in written]
        assert [name for name in written if not equal(now[name], then[name])] == [], f"month {number}"
        assert [name for name in kept if not equal(now[name], first[name])] == [], f"{process} writes it unsaid"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("world", ["synthetic", "two_states"])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_three_years(strategy: str, world: str, seed: int) -> None:
    start, values = WORLDS[world](seed)
    check_months(start, values, RUN_KEY + seed, months=36, assistance_months=24, strategy=STRATEGIES[strategy])


@pytest.mark.parametrize("world", ["classroom", "lonely"])
def test_three_years_elsewhere(world: str) -> None:
    start, values = WORLDS[world](3)
    check_months(start, values, RUN_KEY, months=36, assistance_months=24, strategy=BLENDED)


@pytest.mark.parametrize("strategy", OWN)
def test_three_years_of_another_composition(strategy: str) -> None:
    start, values = worlds.two_states(2)
    check_months(start, values, RUN_KEY, months=36, assistance_months=24, strategy=OWN[strategy])


@pytest.mark.parametrize("seed", range(12))
def test_any_parameters(seed: int) -> None:
    start, values = worlds.anything(seed)
    check_months(start, values, RUN_KEY, months=9, assistance_months=6, strategy=BLENDED)


def test_a_crowded_pool() -> None:
    settled, values = worlds.two_states(1)
    start = settled.copy()
    start.pool = Pool.empty(3, start.layout.n_areas)
    check_months(start, values, RUN_KEY, months=12)


@pytest.mark.parametrize("rho", [-10.0, -1e-12, 0.0, 0.5, 0.95])
def test_use_at_every_substitution(rho: float) -> None:
    start, values = worlds.two_states(1)
    check_months(start, {**values, "potential_rho": rho}, RUN_KEY, months=3)


@pytest.mark.parametrize(
    "process",
    PROCESS_NAMES,
)
def test_a_year_without_one_process(process: str) -> None:
    start, values = worlds.two_states(1)
    others = [name for name in PROCESS_NAMES if name != process]
    check_months(start, values, RUN_KEY, months=12, strategy=BLENDED, only=others)


# What is measured.


def measured(twin: Twin) -> np.ndarray:
    """Measures of the twin as the engine arranges them."""
    rows = [measures(twin.values, organization) for organization in twin.organizations]
    return np.array([[np.nan if row[name] is None else row[name] for row in rows] for name in MEASURES])


@pytest.mark.parametrize("world", WORLDS)
def test_measures(world: str) -> None:
    start, values = WORLDS[world](2)
    how = {"months": 18, "assistance_months": 12, "strategy": BLENDED}
    both = zip(engine_months(start, values, RUN_KEY, **how), twin_months(start, values, RUN_KEY, **how), strict=True)
    for engine, twin in both:
        expected, got = measure_organizations(engine[0], values), measured(twin)
        assert [name for row, name in enumerate(MEASURES) if not equal(expected[row], got[row])] == []


# The comparison is sharp.

SHARP = {"months": 24, "assistance_months": 18, "strategy": BLENDED}


def shifted(name: str, value: float) -> list[float]:
    """Other allowed values of a parameter, a near one first: a chance may need a large change to change any event."""
    parameter = PARAMETERS[name]
    others = (value * 1.01, value * 0.99, value * 1.5, value * 0.5, value + 1.0)
    return [min(parameter.maximum, max(parameter.minimum, other)) for other in others]


WITHOUT_EFFECT = {"assistance": ["needs_assessment_prerequisite"]}
"""Constants that cannot matter: a needs assessment lands or not, but changes nothing."""


class Noted(dict[str, float]):
    """Parameters that remember which of them were asked for."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self.asked.add(name)
        return super().__getitem__(name)


@cache
def months_of_the_twin() -> tuple[Columns, ...]:
    """What the twin does in the world in which everything happens."""
    world, values = worlds.two_states(1)
    return tuple(columns_of_twin(twin) for twin in twin_months(world, values, RUN_KEY, **SHARP))


def is_noticed(alteration: Alteration) -> bool:
    """Whether the engine parts from the twin when one of its processes is altered."""
    world, values = worlds.two_states(1)
    months = engine_months(world, values, RUN_KEY, alteration=alteration, **SHARP)
    return any(
        differences(columns_of_engine(*engine), twin) for engine, twin in zip(months, months_of_the_twin(), strict=True)
    )


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_every_constant_of_a_process_is_noticed(process: str) -> None:
    values = worlds.two_states(1)[1]
    noted = Noted(values)
    assert not is_noticed(Alteration(process, noted))
    assert noted.asked
    unnoticed = [
        name
        for name in sorted(noted.asked)
        if not any(is_noticed(Alteration(process, {**values, name: x})) for x in shifted(name, values[name]))
    ]
    assert unnoticed == WITHOUT_EFFECT.get(process, [])


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_every_random_number_of_a_process_is_noticed(process: str) -> None:
    world, values = worlds.two_states(1)
    step = next(one for one in open_program(world, values, RUN_KEY, BLENDED, 1)[1] if one.name == process)
    counts = {
        "position": step.draws.position,
        "organization": step.draws.organization + step.draws.area * world.layout.n_areas,
        "world": step.draws.world,
    }

    def mirror(rows: str, column: int) -> Callable[[Numbers], None]:
        def disturb(numbers: Numbers) -> None:
            block = getattr(numbers, rows)
            block[:, column] = (1.0 - 2.0**-53) - block[:, column]

        return disturb

    unnoticed = [
        (rows, column)
        for rows, count in counts.items()
        for column in range(count)
        if not is_noticed(Alteration(process, values, mirror(rows, column)))
    ]
    assert unnoticed == []


def test_every_constant_of_a_measure_is_noticed() -> None:
    start, values = worlds.two_states(1)
    twin, noted = Twin(start, values, RUN_KEY), Noted(values)
    assert equal(measure_organizations(start, noted), measured(twin))
    for name in noted.asked:
        others = [{**values, name: x} for x in shifted(name, values[name])]
        assert not all(equal(measure_organizations(start, other), measured(twin)) for other in others), name

"""The comparison of engine and twin is sharp: any constant or random number of either, changed alone, is noticed."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pytest

from capsim.assistance.center import begin_month
from capsim.assistance.delivery import deliver
from capsim.assistance.receptivity import general_readiness
from capsim.catalogue import ACTIVITIES, PROCESS_NAMES, Recipe
from capsim.catalogue.rules import RULES, unread_by
from capsim.measures.organizations import _measure_now, measure_organizations
from capsim.parameters import PARAMETERS, Values
from capsim.processes.process import Numbers
from capsim.processes.steps import BUILT_IN
from capsim.world import World

from . import worlds
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
from .compositions import OWN
from .hand_made import HandMade
from .luck import Luck
from .test_rules import start_under
from .test_twin import RUN_KEY, measured
from .twin import Twin

SHARP: Mapping[str, Any] = {"months": 24, "assistance_months": 18}

CODES = {rule.parameter: rule for rule in RULES.values()}

SHARED = {
    ("turnover", "initiative_limit"): {"exits": "overload"},
    ("experience", "baseline_people"): {"expertise": "contacts"},
}
"""Constants that a process reads by a form which is not the default, while others read them anyway."""

WITHOUT_EFFECT = {
    "support": {"support_district_part": "there are no schools; another world has them"},
    "priorities": {"plan_parent_rate": "support takes its place; another world has none"},
    "assistance": {
        "needs_assessment_prerequisite": "it yields a reading, whether it lands or not",
        "readiness_screening_prerequisite": "it yields a reading, whether it lands or not",
        "sustainability_review_prerequisite": "it yields a reading, whether it lands or not",
        "own_instrument_prerequisite": "it yields a reading, whether it lands or not",
        "wish_distance": "it says who is counted as asking; test_twin compares these counts",
    },
}
"""Constants that cannot matter, by process, and why."""


NEEDED = {"center": "as_many_as_needed", "feedback": "adaptive", "ties:working_group": "gathered"}
"""Compositions that draw numbers which `everything` does not, by purpose."""


def everything() -> HandMade:
    """The strategy in which all activities happen."""
    return HandMade(worlds.diverse(1)[0].layout, hours=3, most_rows=20)


def named_in(kernel: Any, seen: set[Any]) -> set[str]:
    """Constants that a kernel, or one that it calls, names as ``p.<name>``."""
    if kernel in seen:
        return set()
    seen.add(kernel)
    function = kernel.py_func
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    names = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
    }
    called = {function.__globals__.get(node.id) for node in nodes if isinstance(node, ast.Name)}
    return names.union(*(named_in(one, seen) for one in called if hasattr(one, "py_func")))


def named_by(process: str) -> set[str]:
    """Constants that the kernels of a process name."""
    if process != "assistance":
        return named_in(next(one.kernel for one in BUILT_IN if one.name == process), set())
    return set[str]().union(*(named_in(one, set()) for one in (begin_month, deliver, general_readiness)))


class Noted(dict[str, float]):
    """Parameters that remember which of them were asked for in Python; kernels take all of them at once."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.update({name} & self.keys())
        return super().get(name, default)


def shifted(name: str, value: float) -> list[float]:
    """Other allowed values of a parameter, a near one first: a chance may need a large change to change any event.

    Of a rule, the codes of its other forms.
    """
    if name in CODES:
        return [float(code) for code in range(len(CODES[name].forms)) if code != value]
    parameter = PARAMETERS[name]
    others = (value * 1.01, value * 0.99, value * 1.5, value * 0.5, value + 1.0)
    return [*(min(parameter.maximum, max(parameter.minimum, other)) for other in others), parameter.minimum]


def changed(values: Values, kept: set[str]) -> dict[str, float]:
    """All values, except some, changed by much."""
    others = {name: shifted(name, value) for name, value in values.items() if name not in kept}
    return {**values, **{name: far[min(2, len(far) - 1)] for name, far in others.items()}}


@cache
def months_of_the_twin(composition: str) -> tuple[Columns, ...]:
    """What the twin does in the world in which everything happens."""
    return tuple(columns_of_twin(twin) for twin in twin_months(*start(), **SHARP, strategy=strategy_of(composition)))


@cache
def months_of_the_engine(composition: str) -> tuple[Columns, ...]:
    """The same of the engine."""
    months = engine_months(*start(), **SHARP, strategy=strategy_of(composition))
    return tuple(columns_of_engine(*month) for month in months)


def start() -> tuple[World, Values, int]:
    """World, parameters and key of the runs."""
    world, values = worlds.diverse(1)
    world = world.copy()
    world.provisional.fill(0.0)  # by the defaults nothing is
    return world, values, RUN_KEY


def strategy_of(composition: str) -> Recipe | HandMade:
    """One of the compositions, or everything."""
    return OWN[composition] if composition else everything()


def is_noticed(alteration: Alteration, composition: str = "") -> bool:
    """Whether the engine parts from the twin when one of its processes is altered."""
    months = engine_months(*start(), **SHARP, strategy=strategy_of(composition), alteration=alteration)
    both = zip(months, months_of_the_twin(composition), strict=True)
    return any(differences(columns_of_engine(*engine), twin) for engine, twin in both)


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_every_constant_of_a_process_is_noticed(process: str) -> None:
    values = worlds.diverse(1)[1]
    compositions = ["", "fair", "as_many_as_needed", "adaptive"] if process == "assistance" else [""]
    noted = {composition: Noted(values) for composition in compositions}
    for composition, asked in noted.items():
        assert not is_noticed(Alteration(process, asked), composition)
    constants = named_by(process).union(*(one.asked for one in noted.values()))
    constants -= unread_by({}) | {name for reader, name in SHARED if reader == process}
    assert constants
    assert not is_noticed(Alteration(process, changed(values, constants))), "a constant is missing in the search"
    unnoticed = {
        name
        for name in constants
        if not any(
            is_noticed(Alteration(process, {**values, name: x}), composition)
            for composition in compositions
            for x in shifted(name, values[name])
        )
    }
    assert unnoticed == set(WITHOUT_EFFECT.get(process, {}))


ELSEWHERE = [
    ("support", "support_district_part", worlds.schools),
    ("priorities", "plan_parent_rate", worlds.two_states),
]
"""Constants that show in another world."""


@pytest.mark.parametrize(("process", "name", "place"), ELSEWHERE)
def test_constants_without_effect_here_have_one_elsewhere(process: str, name: str, place: Any) -> None:
    world, values = place(1)
    *_, plain = engine_months(world, values, RUN_KEY, months=6)
    altered = [Alteration(process, {**values, name: x}) for x in shifted(name, values[name])]
    ends = [list(engine_months(world, values, RUN_KEY, months=6, alteration=one))[-1] for one in altered]
    assert any(differences(columns_of_engine(*end), columns_of_engine(*plain)) for end in ends)


def test_no_activity_escapes() -> None:
    noted = Noted(worlds.diverse(1)[1])
    assert not is_noticed(Alteration("assistance", noted))
    of_activities = {name for name, one in PARAMETERS.items() if one.group == "activities"}
    of_orders = {name for name in of_activities if name.endswith("_every_months")}  # how often a composition orders
    assert of_activities - of_orders <= noted.asked


@pytest.mark.parametrize(
    ("rule", "form", "name"),
    [(rule.name, form.name, name) for rule in RULES.values() for form in rule.forms for name in form.parameters],
)
def test_every_parameter_of_a_form_is_noticed(rule: str, form: str, name: str) -> None:
    name = name.replace("<activity>", "training")
    world, values, how = start_under({rule: form})
    *_, plain = engine_months(world, values, RUN_KEY, **how)
    for x in shifted(name, values[name]):
        *_, other = engine_months(world, {**values, name: x}, RUN_KEY, **how)
        if differences(columns_of_engine(*other), columns_of_engine(*plain)):
            return
    pytest.fail(f"{name} is not read")


@pytest.mark.parametrize(("process", "name"), SHARED)
def test_every_shared_constant_is_noticed_in_the_form_that_reads_it(process: str, name: str) -> None:
    world, values, how = start_under(SHARED[process, name])
    *_, plain = engine_months(world, values, RUN_KEY, **how)
    altered = [Alteration(process, {**values, name: x}) for x in shifted(name, values[name])]
    ends = [list(engine_months(world, values, RUN_KEY, **how, alteration=one))[-1] for one in altered]
    assert any(differences(columns_of_engine(*end), columns_of_engine(*plain)) for end in ends)


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_every_random_number_of_a_process_is_noticed(process: str) -> None:
    world, values, run_key = start()
    step = next(one for one in open_program(world, values, run_key, everything(), 1)[1] if one.name == process)
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


def numbers_of_assistance() -> Mapping[str, int]:
    """How many numbers the program draws for itself, by purpose."""
    per_tie = {"peer_ties": 3, "expert_ties": 2, "trainer_ties": 1}
    ties = {
        f"ties:{name}": count
        for name, activity in ACTIVITIES.items()
        for channel, count in per_tie.items()
        if channel in activity.channels
    }
    areas = len(worlds.AREAS)
    instruments = {
        "expert": 2 * areas,
        "screening": 2,
        "stocktake": areas + areas % 2,
        "interest": 2,
        "sustainability": 3,
        "self_ratings": areas,
        "self_rated_relevance": areas,
        "relevance": areas,
    }
    of_courses = {"center": 2, "feedback": 2}
    return {
        "consultants": 1,
        **of_courses,
        **ties,
        **{f"instrument:{name}": count for name, count in instruments.items()},
    }


@pytest.mark.parametrize(
    ("purpose", "column"),
    [(purpose, column) for purpose, count in numbers_of_assistance().items() for column in range(count)],
)
def test_every_random_number_of_the_program_is_noticed(
    purpose: str, column: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = Luck.numbers

    def disturbed(luck: Luck, what_for: str, count: int, *, identity: int, row: int, month: int) -> list[float]:
        numbers = undisturbed(luck, what_for, count, identity=identity, row=row, month=month)
        if what_for == purpose:
            numbers[column] = (numbers[column] + 0.5) % 1
        return numbers

    monkeypatch.setattr(Luck, "numbers", disturbed)
    strategy = strategy_of(NEEDED.get(purpose, ""))
    twins = twin_months(*start(), **SHARP, strategy=strategy)
    assert any(
        differences(engine, columns_of_twin(twin))
        for engine, twin in zip(months_of_the_engine(NEEDED.get(purpose, "")), twins, strict=True)
    )


def test_every_constant_of_a_measure_is_noticed() -> None:
    world, values, run_key = start()
    *_, (world, _) = engine_months(world, values, run_key, months=3, assistance_months=18, strategy=everything())
    twin, constants = Twin(world, values, run_key), named_in(_measure_now, set())
    assert constants
    assert equal(measure_organizations(world, values), measured(twin))
    assert equal(measure_organizations(world, changed(values, constants)), measured(twin))
    for name in constants:
        others = [{**values, name: x} for x in shifted(name, values[name])]
        assert not all(equal(measure_organizations(world, other), measured(twin)) for other in others), name

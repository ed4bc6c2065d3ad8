"""Every variant of every rule runs soundly, reads what it says it reads, and is asked for by its name."""

import numpy as np
import pytest

import capsim
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.rules import RULES, unread_by
from capsim.engine.run import Simulation
from capsim.errors import InputError
from capsim.parameters import PARAMETERS, draw_values, resolve_values
from capsim.parameters.table import problems_of_rules
from capsim.world.invariants import broken_invariants
from tests.assistance.program_bench import LEA, agency_table

from .agencies import CHAIN
from .settled import BUSY, KEY, PROCESSES
from .strategies import fresh

FORMS = [(rule.name, form.name) for rule in RULES.values() for form in rule.forms]
DIFFERENT = {
    "expertise_agency_sd": 0.2,
    "expertise_area_sd": 0.2,
    "codification_agency_sd": 0.6,
    "codification_area_sd": 0.6,
    "readiness_cap": 1.5,
    "team_exponent": 1.0,
}
"""Agencies that differ lastingly, and all that the defaults switch off."""


def run(values, *, agencies=CHAIN, areas=3, held=True, months=8):
    """World after some months of assistance and two more, and all that was broken on the way."""
    names = tuple(f"area_{k}" for k in range(areas))
    layout = build_layout(agency_table(agencies), values, areas=names, key=KEY)
    world = initial_world(layout, values, key=KEY)
    if not held:
        for name in ("tenure", "skill", "disposition", "priority", "attention", "engagement", "tie_strength"):
            getattr(world, name).fill(0)
        for name in ("person", "tie_to", "consulted"):
            getattr(world, name).fill(-1)
    simulation = Simulation(
        world,
        values,
        fresh("blended", values),
        processes=PROCESSES,
        assistance_months=months,
        follow_up_months=2,
        yearly_hours=4000.0,
        run_key=KEY,
    )
    broken = broken_invariants(world)
    for _ in range(months + 2):
        simulation.advance()
        broken += broken_invariants(world)
    return world, broken


def parameters_named(names):
    """Parameters, `<activity>_ceiling` spelt out."""
    ceilings = {f"{activity}_ceiling" for activity in ACTIVITIES} if "<activity>_ceiling" in names else set()
    return [one for one in PARAMETERS if one in names | ceilings]


@pytest.mark.parametrize(("rule", "form"), FORMS)
def test_states_stay_in_bounds_over_draws_of_parameters_and_of_the_other_rules(rule, form):
    for draw in range(3):
        values = draw_values({**BUSY, **DIFFERENT}, KEY + draw - 3, rules={rule: form}, with_rules=True)
        assert run(values)[1] == []


@pytest.mark.parametrize(("rule", "form"), FORMS)
def test_a_parameter_that_no_form_in_force_reads_changes_nothing(rule, form):
    rules = {rule: form}
    plain = resolve_values({**BUSY, **DIFFERENT}, rules)
    unread = [name for name in parameters_named(unread_by(rules)) if name != "routine_ceiling"]
    assert unread
    other = {**plain, **{name: PARAMETERS[name].low + 0.01 for name in unread}}
    before, after = run(plain)[0], run(other)[0]
    assert [name for name, column in before.columns() if not np.array_equal(column, dict(after.columns())[name])] == []


@pytest.mark.parametrize(
    "case",
    [
        {"parameters": {"routine_annual_retention": 0.001, "unenacted_annual_retention": 0.001}},
        {"parameters": {"routine_annual_retention": 1.0, "unenacted_annual_retention": 1.0}},
        {"agencies": (("one", LEA, -1, 7),)},
        {"agencies": (("one", LEA, -1, 1),)},
        {"held": False},
        {"areas": 1},
        {"areas": 12},
    ],
    ids=["nothing is kept", "nothing is lost", "one agency", "one position", "nobody", "one area", "twelve areas"],
)
@pytest.mark.parametrize(("rule", "form"), FORMS)
def test_extremes_run_soundly(rule, form, case):
    case = dict(case)
    values = resolve_values({**BUSY, **DIFFERENT, **case.pop("parameters", {})}, {rule: form})
    assert run(values, months=4, **case)[1] == []


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ({"codifcation": "gap"}, "unknown rule; did you mean codification? There are codification, enactment"),
        ({"codification": "stok"}, "unknown variant 'stok'; did you mean stock? There are stock, gap, provisional"),
        ({"codification": 3}, "must be the name of one variant, got 3; there are stock, gap, provisional"),
        ({"codification": ["gap"]}, "must be the name of one variant, got ['gap']; there are stock, gap, provisional"),
    ],
)
def test_an_unknown_rule_or_variant_is_one_clear_line(rules, problem):
    ((_, told),) = problems_of_rules(rules)
    for ask in (
        lambda: capsim.CapacityModel("classroom", rules=rules),
        lambda: capsim.load_scenario("classroom").model_validate(
            {**capsim.load_scenario("classroom").model_dump(mode="json"), "rules": rules}
        ),
    ):
        with pytest.raises((InputError, ValueError)) as caught:
            ask()
        lines = [line for line in str(caught.value).splitlines() if told in line]
        assert len(lines) == 1
    assert problem in told

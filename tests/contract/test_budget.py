"""Every strategy keeps to its budget: month by month, in total, however small or large, and says what is left."""

import numpy as np
import pytest

from capsim.assistance.composed import ComposedStrategy, schedule_shares
from capsim.catalogue import ACTIVITIES, STRATEGIES, Recipe
from capsim.engine.run import simulate
from capsim.runs.outcomes import run_outcomes
from capsim.world.invariants import broken_invariants
from capsim.world.slots import vacate
from tests.assistance.program_bench import VALUES, assist, changed, idle, new_world, program_for

from .agencies import CHAIN, WORLDS
from .settled import KEY, MONTHS, PROCESSES, busy_world, history
from .strategies import ALL, fresh

SLACK = 1e-9


def months_of(name, *, months, yearly_hours, agencies=CHAIN):
    """The program after some months more than the assistance has, its world, and the hours of each month."""
    world = new_world(agencies=agencies)
    program = program_for(world, fresh(name, VALUES), months=months, yearly_hours=yearly_hours)
    spent = []
    for _ in range(months + 2):
        before = program.ledger.spent
        assist(world, program)
        spent.append(program.ledger.spent - before)
    return program, world, np.array(spent)


def has_others(composition):
    """Whether something is bought that is no instrument."""
    mixes = (composition.activities, composition.exit_activities, *composition.methods)
    return any(not ACTIVITIES[name].yields for mix in mixes for name in mix)


@pytest.mark.parametrize(
    ("yearly_hours", "months"), [(0.0, 7), (1e-9, 7), (3.0, 7), (3000.0, 0), (3000.0, 1), (3000.0, 7), (1e7, 7)]
)
@pytest.mark.parametrize("name", ALL)
def test_never_above_the_budget(name, yearly_hours, months):
    """In no month more than is scheduled by then, in total no more than there is, nothing after the end."""
    program, world, spent = months_of(name, months=months, yearly_hours=yearly_hours)
    ledger, budget = program.ledger, yearly_hours * months / 12
    assert (spent >= 0.0).all()
    assert not spent[months:].any()
    scheduled = np.cumsum(schedule_shares(ALL[name].schedule, months)) * budget
    assert (np.cumsum(spent[:months]) <= scheduled * (1 + SLACK) + 1e-12).all()
    assert ledger.spent <= budget * (1 + SLACK)
    assert ledger.left == max(0.0, budget - ledger.spent) == program.view.hours_left
    assert ledger.monthly.sum(axis=1) == pytest.approx(spent[:months])
    assert ledger.by_organization.sum() == pytest.approx(ledger.spent)
    assert sum(ledger.by_activity.values()) == pytest.approx(ledger.spent)
    assert broken_invariants(world) == []
    for column in (world.ta_hours, world.recipient_hours, world.areas_served):
        assert not column.any()


@pytest.mark.parametrize("name", ALL)
def test_what_is_left_are_hours_saved_for_whole_units(name):
    """Where there is something beside instruments, nothing; of instruments alone, what nobody is due to get."""
    ledger = months_of(name, months=24, yearly_hours=200.0)[0].ledger
    if ALL[name].activities and name not in {"shares of nothing", "only an exit"} and has_others(ALL[name]):
        assert ledger.left <= 1e-6
    assert ledger.left == pytest.approx(400.0 - ledger.spent)


def test_hours_for_more_units_than_there_are_agencies_are_left():
    """Three agencies can be assessed once a year each; there is nothing else on which to spend the other hours."""
    composition = Recipe(name="mine", activities={"needs_assessment": 1.0}, recipients=("sea", "esa"))
    world = new_world(agencies=CHAIN)
    program = program_for(world, ComposedStrategy(composition, VALUES), months=4, yearly_hours=12_000.0)
    for _ in range(5):
        assist(world, program)
    assert program.ledger.spent == 3 * VALUES["needs_assessment_ta_hours"]
    assert program.ledger.left == 4000.0 - program.ledger.spent


@pytest.mark.parametrize("name", ALL)
def test_a_whole_run_keeps_to_its_budget_too(name):
    """With all the other processes of the month; follow-up costs nothing."""
    ledger, months = history(name).program.ledger, history(name).months
    assert ledger.budget == pytest.approx(4000.0 * MONTHS / 12)
    assert ledger.spent == months[MONTHS - 1].spent == months[-1].spent <= ledger.budget * (1 + SLACK)
    assert ledger.left == max(0.0, ledger.budget - ledger.spent)


@pytest.mark.parametrize("name", STRATEGIES)
def test_unspent_hours_are_an_outcome(name):
    world, values = busy_world()
    kinds = {"assistance_months": 3, "follow_up_months": 1, "yearly_hours": 4000.0, "run_key": KEY}
    record = simulate(world.copy(), values, fresh(name, values), processes=PROCESSES, **kinds)
    outcomes = run_outcomes(record, values, assistance_months=3)
    assert outcomes["unspent_hours"] == record.ledger.left
    assert outcomes["ta_hours"] + outcomes["unspent_hours"] == pytest.approx(1000.0)


def test_none_delivers_nothing():
    program, world, spent = months_of("none", months=7, yearly_hours=3000.0)
    assert not spent.any()
    assert program.ledger.left == program.ledger.budget == 1750.0
    assert program.ledger.cost(VALUES) == 0.0
    first = new_world(agencies=CHAIN)
    assist(first, program_for(first, fresh("none", VALUES)))
    assert changed(idle(new_world(agencies=CHAIN)), first) == set()
    assert broken_invariants(world) == []


@pytest.mark.parametrize("where", WORLDS)
@pytest.mark.parametrize("name", ALL)
def test_recipients_that_do_not_exist_break_nothing(name, where):
    """A strategy serves those who are there; hours for nobody stay in the budget."""
    with np.errstate(all="raise"):
        program, world, spent = months_of(name, months=4, yearly_hours=3000.0, agencies=WORLDS[where])
    assert broken_invariants(world) == []
    assert spent.sum() == pytest.approx(program.ledger.spent)
    assert program.ledger.left == pytest.approx(1000.0 - spent.sum(), abs=1e-6)
    assert np.isfinite(program.chain).all()
    assert not program.ledger.by_organization[program.view.positions == 0].any()


CASCADES = [name for name, row in STRATEGIES.items() if row.chain == "cascade"]


@pytest.mark.parametrize("name", CASCADES)
def test_a_cascade_without_regions_still_reaches_districts(name):
    """Through the state where it is above them, or else directly."""
    program, world, _ = months_of(name, months=6, yearly_hours=3000.0, agencies=WORLDS["districts below the state"])
    below = program.ledger.by_organization[1:].sum()  # readings are taken wherever the chain reaches
    assert program.ledger.by_organization[0] == pytest.approx(program.ledger.spent - below)
    assert (below > 0.0) == (name == "support_teams")
    assert program.ledger.turnkey_hours > 0.0
    program, world, _ = months_of(name, months=6, yearly_hours=3000.0, agencies=WORLDS["districts alone"])
    assert (program.ledger.by_organization[: world.layout.agencies] > 0.0).all()
    assert program.ledger.turnkey_hours == 0.0


@pytest.mark.parametrize("name", STRATEGIES)
def test_nobody_at_home(name):
    """Every position vacant: hours are charged and lost, and nothing breaks."""
    world = new_world(agencies=CHAIN)
    vacate(world, 0, world.layout.center[0])
    program = program_for(world, fresh(name, VALUES), months=7, yearly_hours=3000.0)
    before = idle(world)
    for _ in range(7):
        with np.errstate(all="raise"):
            assist(world, program)
    assert broken_invariants(world) == []
    assert changed(before, world) <= {"ta_hours", "areas_served", "load"}
    assert program.ledger.recipient_hours == program.ledger.turnkey_hours == 0.0

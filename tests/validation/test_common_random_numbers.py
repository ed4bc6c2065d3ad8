"""Common random numbers: two strategies meet the same luck, and an agency's luck is its own."""

import dataclasses

import numpy as np
import pytest

from capsim.assistance.strategy import Delivery, Strategy
from capsim.catalogue import PROCESS_NAMES, STRATEGIES
from capsim.parameters import resolve_values
from capsim.processes.process import Stream

from .worlds import LEA, PROCESSES, SMALL_STATE, new_world, settled_world, shipped, simulation

NO_SLOPES = {"exit_culture_slope": 0.0, "exit_engagement_slope": 0.0}
KEY = 2**64 - 3
MONTHS = 36


class LateCoaching(Strategy):
    """Nothing for a year, then everything."""

    name = "late_coaching"

    def decide(self, view, month, budget, draws):
        if month < 12:
            return []
        lea = np.flatnonzero(view.level == LEA)
        return [Delivery(activity="coaching", organizations=lea, areas=0, hours=0.2 * budget / len(lea))]


def strategies(values):
    return [*(shipped(name, values) for name in STRATEGIES), LateCoaching()]


def history(world, values, strategy, *, key=KEY):
    """Vacancies, tenure and exits at the end of every month, the record, and the world itself."""
    run = simulation(world, values, strategy, key=key)
    staff, exits = [], []
    while world.month < run.months:
        run.advance()
        staff.append(np.where(world.person < 0, -1, world.tenure))
        exits.append(world.exits.copy())
    return np.array(staff), np.array(exits), run.recorder.monthly, world


def same(first, second):
    return np.array_equal(first, second, equal_nan=True)


def equal_worlds(first, second):
    return [name for (name, a), (_, b) in zip(first.columns(), second.columns(), strict=True) if not same(a, b)]


@pytest.mark.parametrize("months_to_fill", [1.0, 3.0])
def test_without_slopes_exits_and_vacancies_are_equal_between_all_strategies(months_to_fill):
    values = resolve_values({**NO_SLOPES, "months_to_fill": months_to_fill})
    settled = settled_world(values, key=KEY)
    runs = [history(settled.copy(), values, strategy) for strategy in strategies(values)]
    staff, exits, record, _ = runs[0]
    assert exits.sum() > 20
    assert (staff < 0).any()
    for other_staff, other_exits, other_record, _ in runs[1:]:
        assert same(staff, other_staff)
        assert same(exits, other_exits)
        assert not same(record, other_record)


def test_with_default_slopes_everything_is_equal_up_to_the_first_delivery():
    values = resolve_values()
    settled = settled_world(values, key=KEY)
    staff, exits, record, _ = history(settled.copy(), values, shipped("none", values))
    late_staff, late_exits, late_record, _ = history(settled.copy(), values, LateCoaching())
    assert same(record[:12], late_record[:12])
    assert same(staff[:13], late_staff[:13])  # turnover comes before assistance in the month
    assert same(exits[:13], late_exits[:13])
    assert not same(record[12], late_record[12])


def test_with_default_slopes_assistance_does_change_who_leaves():
    """The test above would say little if exits never depended on the strategy."""
    values = resolve_values({"exit_culture_slope": 5.0, "exit_engagement_slope": 5.0, "lea_annual_exit": 0.4})
    settled = settled_world(values, key=KEY)
    plain = history(settled.copy(), values, shipped("none", values))
    helped = history(settled.copy(), values, shipped("individual_focused", values))
    assert not same(plain[0], helped[0])


def emptied(world):
    """With every position vacant, so that also the numbers made for vacancies alone are all there."""
    world.person[:] = -1
    return world


def larger(identity):
    return tuple((name, level, parent, size + (name == identity)) for name, level, parent, size in SMALL_STATE)


@pytest.mark.parametrize("process", PROCESS_NAMES)
def test_one_more_position_changes_no_draw_of_another_agency(process):
    values = resolve_values()
    step = next(step for step in PROCESSES if step.name == process)
    before, after = (emptied(new_world(values, key=KEY, agencies=table)) for table in (SMALL_STATE, larger("two")))
    for month in (0, 17):
        plain = Stream(step, before, KEY).fill(month)
        grown = Stream(step, after, KEY).fill(month)
        if step.draws.position:
            added = np.flatnonzero(after.layout.position_identity == before.layout.identity[3])[-1]
            assert same(plain.position, np.delete(grown.position, added, axis=0))
        assert same(plain.organization, grown.organization)
        assert same(plain.world, grown.world)


def test_one_more_position_changes_nobody_elses_exits_and_vacancies():
    """Not even with movers, who change who comes but not when."""
    values = resolve_values(NO_SLOPES)
    plain, grown = (
        history(settled_world(values, key=KEY, agencies=table), values, shipped("blended", values))
        for table in (SMALL_STATE, larger("two"))
    )
    layout = grown[3].layout
    added = np.flatnonzero(layout.organization == 3)[-1]
    assert same(plain[0], np.delete(grown[0], added, axis=1))
    others = np.arange(layout.n_organizations) != 3
    assert same(plain[1][:, others], grown[1][:, others])


def test_another_order_of_agencies_changes_no_draw():
    values = resolve_values()
    districts = tuple((f"district {n}", LEA, -1, 3 + n) for n in range(5))
    order = [3, 0, 4, 2, 1, 5]  # the TA center is always the last
    plain = new_world(values, key=KEY, agencies=districts)
    mixed = new_world(values, key=KEY, agencies=tuple(districts[n] for n in order[:-1]))
    rows = np.concatenate([np.flatnonzero(plain.layout.organization == n) for n in order])
    for step in PROCESSES:
        a, b = (Stream(step, emptied(world.copy()), KEY).fill(5) for world in (plain, mixed))
        assert same(a.organization[order], b.organization)
        if step.draws.position:
            assert same(a.position[rows], b.position)
    assert same(plain.skill[rows], mixed.skill)
    assert same(plain.tenure[rows], mixed.tenure)
    assert same(plain.plan[order], mixed.plan)


def test_results_do_not_depend_on_the_order_of_runs():
    values = resolve_values()
    settled = settled_world(values, key=KEY)
    tasks = [(name, key) for name in STRATEGIES for key in (KEY, 7)]
    forward = {task: history(settled.copy(), values, shipped(task[0], values), key=task[1]) for task in tasks}
    for task in reversed(tasks):
        again = history(settled.copy(), values, shipped(task[0], values), key=task[1])
        assert same(forward[task][2], again[2])
        assert equal_worlds(forward[task][3], again[3]) == []
    records = [run[2] for run in forward.values()]
    assert not any(same(records[a], records[b]) for a in range(len(records)) for b in range(a))


@pytest.mark.parametrize("name", ["none", "tiered", "support_teams", "performance_management"])
def test_keeping_a_log_changes_nothing(name):
    values = resolve_values()
    settled = settled_world(values, key=KEY)
    logged, plain = (
        simulation(settled.copy(), values, shipped(name, values), key=KEY, log=log) for log in (True, False)
    )
    for run in (logged, plain):
        for _ in range(MONTHS):
            run.advance()
    assert same(logged.recorder.monthly, plain.recorder.monthly)
    assert equal_worlds(logged.world, plain.world) == []
    assert logged.program.ledger.spent == plain.program.ledger.spent
    ours, theirs = (run.program.observation.readings for run in (logged, plain))
    for kept in ("skill", "routine", "use", "readiness", "interest", "self_rating"):
        assert same(getattr(ours, kept), getattr(theirs, kept)), kept


def test_two_runs_in_turn_do_not_disturb_each_other():
    values = resolve_values()
    settled = settled_world(values, key=KEY)
    alone = [history(settled.copy(), values, shipped(name, values)) for name in ("blended", "none")]
    pair = [simulation(settled.copy(), values, shipped(name, values), key=KEY) for name in ("blended", "none")]
    for _ in range(MONTHS):
        for run in pair:
            run.advance()
    for run, before in zip(pair, alone, strict=True):
        assert same(run.recorder.monthly, before[2])


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_run_leaves_the_settled_world_as_it_was(name):
    values = resolve_values()
    settled = settled_world(values, key=KEY)
    before = {column: array.copy() for column, array in settled.columns()}
    fixed = {field.name: getattr(settled.layout, field.name) for field in dataclasses.fields(settled.layout)}
    fixed = {name: np.copy(value) for name, value in fixed.items()}
    bank = settled.bank.skill.copy()
    history(settled.copy(), values, shipped(name, values))
    assert settled.month == 0
    for column, array in settled.columns():
        assert same(array, before[column]), column
    for column, value in fixed.items():
        assert np.array_equal(value, getattr(settled.layout, column)), column
    assert same(bank, settled.bank.skill)


def test_a_copy_shares_no_changing_column():
    settled = settled_world(resolve_values(), key=KEY)
    for (name, mine), (_, other) in zip(settled.columns(), settled.copy().columns(), strict=True):
        assert not np.shares_memory(mine, other), name

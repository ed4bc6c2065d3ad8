"""Hours in a sampled state: an agency stands for others, and gets the hours of one of them."""

import numpy as np
import pytest

from capsim.assistance.strategy import Delivery
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue import MEASURES
from capsim.levels import ESA, LEA, SEA
from capsim.measures.groups import GROUPS
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.scenario import build_agencies, load_scenario, scenario_from_mapping
from tests.assistance.program_bench import KEY, Wish, assist, program_for

from .strategies import fresh

YEARLY = 12_000.0
ALL_TO_THE_STATE = {
    "name": "all to the state",
    "activities": {"leadership_coaching": 0.4, "routine_redesign": 0.6},
    "delivery": {"recipients": ["sea"]},
}
STRATEGIES = ("support_teams", "all to the state", "individual_focused")


def ohio(sample, *, seed=1, months=24):
    content = load_scenario("ohio").resolved()
    content["agencies"] = {**content["agencies"], "sample": sample, "sample_seed": seed}
    content["timeline"] = {"settling": 24, "assistance": months, "follow_up": 0}
    content["strategies"] = ["none", "support_teams", ALL_TO_THE_STATE, "individual_focused"]
    content["question"] = {"outcome": "use", "at": "assistance_end", "contrast": ["support_teams", "none"]}
    return scenario_from_mapping(content)


def sampled_world(**parameters):
    values = resolve_values(parameters)
    scenario = ohio(60)
    layout = build_layout(build_agencies(scenario, values), values, areas=("a", "b"), key=KEY)
    return initial_world(layout, values, key=KEY), values


def test_hours_are_those_of_all_whom_an_agency_stands_for():
    """The SEA feels every hour it is given, a district its part; the books have both."""
    world, values = sampled_world()
    district = int(np.flatnonzero(world.layout.level == LEA)[0])
    weight = world.layout.weight[district]
    assert weight > 3.0
    wish = Wish([Delivery(activity="coaching", organizations=[0, district], hours=[70.0, 50.0], areas=[0, 1])])
    program = program_for(world, wish, values=values, yearly_hours=YEARLY)
    assist(world, program, values=values)
    assert world.ta_hours[[0, district]] == pytest.approx([70.0, 50.0 / weight])
    ledger = program.ledger
    assert ledger.spent == pytest.approx(120.0)
    assert ledger.by_organization[[0, district]] == pytest.approx([70.0, 50.0])
    assert ledger.sampled[[0, district]] == pytest.approx([70.0, 50.0 / weight])
    asked = world.recipient_hours * world.layout.weight[world.layout.organization]
    assert ledger.recipient_hours == pytest.approx(asked.sum())
    assert ledger.dollars == pytest.approx(120.0 / values["coaching_ta_hours"] * values["coaching_dollars"])


def test_one_person_stands_for_those_of_all_agencies():
    world, values = sampled_world()
    district = int(np.flatnonzero(world.layout.level == LEA)[-1])
    person = int(world.layout.first[district])
    wish = Wish([Delivery(activity="coaching", people=[person], hours=[30.0], areas=[0])])
    program = program_for(world, wish, values=values, yearly_hours=YEARLY)
    assist(world, program, values=values)
    assert world.ta_hours[district] == pytest.approx(30.0 / world.layout.weight[district])
    assert program.ledger.by_organization[district] == pytest.approx(30.0)


def test_the_whole_budget_of_the_population_is_spent():
    world, values = sampled_world()
    program = program_for(world, fresh("individual_focused", values), values=values, months=2, yearly_hours=YEARLY)
    for _ in range(2):
        assist(world, program, values=values)
    assert program.ledger.spent == pytest.approx(YEARLY / 6)
    assert program.ledger.sampled.sum() < 0.3 * program.ledger.spent
    of_districts = program.ledger.sampled[world.layout.level == LEA] / np.maximum(
        3, np.diff(world.layout.first)[world.layout.level == LEA]
    )
    assert of_districts == pytest.approx(np.full(len(of_districts), of_districts[0]))


def test_families_stand_for_all_agencies_below_their_parent():
    """By positions, what the sampled districts of a region stand for are all districts of the region."""
    values = resolve_values()
    whole, drawn = build_agencies(ohio(0), values), build_agencies(ohio(60), values)
    assert np.array_equal(whole.family_weight, whole.weight)
    for code in (SEA, ESA):
        amount = [float((table.weight * table.allocation)[table.level == code].sum()) for table in (whole, drawn)]
        assert amount[1] == pytest.approx(amount[0])
    for row in np.unique(drawn.parent[drawn.parent >= 0]):
        here = drawn.parent == row
        there = whole.parent == whole.row_of(drawn.id[row])
        served = float((drawn.family_weight * drawn.allocation)[here].sum()) / drawn.weight[row]
        assert served == pytest.approx(float(whole.allocation[there].sum()))


@pytest.mark.parametrize("state", ["ohio", "new_york"])
def test_families_stand_for_all_of_each_level_below_their_parent(state):
    """A large city that is drawn right below the state agency takes nothing from the regional agencies beside it."""
    values, content = resolve_values(), load_scenario(state).resolved()
    whole, drawn = (
        build_agencies(scenario_from_mapping({**content, "agencies": {**content["agencies"], "sample": n}}), values)
        for n in (0, 60)
    )
    for row in np.unique(drawn.parent[drawn.parent >= 0]):
        there = whole.parent == whole.row_of(drawn.id[row])
        levels = {code: (drawn.parent == row) & (drawn.level == code) for code in np.unique(whole.level[there])}
        if all(here.any() for here in levels.values()):
            for code, here in levels.items():
                served = float((drawn.family_weight * drawn.allocation)[here].sum()) / drawn.weight[row]
                assert served == pytest.approx(float(whole.allocation[there & (whole.level == code)].sum()))


def gains(sample, *, replicates, seeds):
    """Gains in use at the end, (seeds, replicates), by strategy and level."""
    column, found = list(MEASURES).index("use"), {}
    for seed in seeds:
        scenario, names = ohio(sample, seed=seed).resolved(), ("none", *STRATEGIES)
        for replicate in range(replicates):
            none, *runs = run_block(Block(scenario, names, replicate)).runs
            for run in runs:
                assert not run.failure, run.failure
                for level in ("sea", "esa", "lea"):
                    gain = (run.monthly - none.monthly)[-1, GROUPS.index(level), column]
                    found.setdefault((run.strategy, level), []).append(gain)
    return {what: np.reshape(each, (len(seeds), replicates)) for what, each in found.items()}


def test_a_sample_and_the_whole_of_ohio_agree():
    """Within what luck and the draw of districts explain, also where hours are spent above the districts."""
    small, whole = gains(60, replicates=3, seeds=(1, 2, 3)), gains(0, replicates=3, seeds=(1,))
    for what in (("support_teams", "esa"), ("support_teams", "lea"), ("all to the state", "sea")):
        mine, other = small[what], whole[what]
        difference = mine.mean() - other.mean()
        luck = np.sqrt(np.var(mine.mean(axis=1), ddof=1) + np.var(mine - mine.mean(axis=1, keepdims=True)) / 3)
        error = np.hypot(luck, np.std(other, ddof=1) / np.sqrt(other.size))
        assert mine.mean() > 0.0
        assert abs(difference) <= 3.0 * error + 0.1 * abs(other.mean()), (what, mine, other)

"""Instruments of a scenario's own: what they read, what they cost, who is aimed by them, and what is refused."""

import numpy as np
import pytest

from capsim.assistance.composed import OWN_INSTRUMENT, ComposedStrategy
from capsim.assistance.flow import LANDED, OFFERED, SCREENED, USED
from capsim.assistance.program import Program
from capsim.catalogue import Recipe
from capsim.catalogue.parts import READABLE
from capsim.errors import InputError
from capsim.scenario import scenario_from_mapping
from capsim.scenario.own import OwnInstrument
from tests.assistance.program_bench import KEY, LEA, VALUES, Wish, assist, delivery, new_world
from tests.simplest import simplest

EXACT = {"noise": 0.0, "answered_by": "expert"}


def instrument(*reads, **what):
    items = [{"reads": one} if isinstance(one, str) else one for one in reads]
    return OwnInstrument(**{"name": "walk", "items": items, "levels": ("sea", "esa", "lea"), **what})


def program_with(world, strategy, *instruments, values=VALUES, **how):
    kinds = {"months": 24, "yearly_hours": 1200.0, "run_key": KEY, "log": True, **how}
    return Program(strategy, world, values, instruments=instruments, **kinds)


@pytest.mark.parametrize("state", [name for name, row in READABLE.items() if not row.flow])
def test_an_exact_instrument_reads_the_truth(state):
    world = new_world()
    program = program_with(world, Wish([]), instrument(state, **EXACT))
    states = program.observation.states(world, program.observation.look(world, program._p), leaders=False)
    assist(world, program)
    agencies = np.arange(world.layout.agencies)
    assert program.observation.readings.own[0][agencies] == pytest.approx(states[state][agencies], nan_ok=True)
    direct = {"use": world.use, "routine": world.routine}.get(state)
    if direct is not None:
        assert program.observation.readings.own[0][agencies] == pytest.approx(direct[agencies])


def test_a_score_is_the_weighted_mean_of_its_items_and_thresholds_count_who_passes():
    world = new_world()
    one = instrument({"reads": "use", "weight": 3}, {"reads": "culture"}, thresholds=(0.5,), **EXACT)
    program = program_with(world, Wish([]), one)
    assist(world, program)
    expected = (3 * world.use + world.culture[:, None]) / 4
    agencies = np.arange(world.layout.agencies)
    assert program.observation.readings.own[0][agencies] == pytest.approx(expected[agencies])
    reading, truth, passed = program.observation.own[0, LEA, 0]
    districts = world.layout.level == LEA
    assert reading == truth == pytest.approx(expected[districts].mean())
    assert passed == pytest.approx((expected[districts].mean(axis=1) >= 0.5).mean())


def test_who_answers_decides_leniency_and_noise():
    """Staff are lenient; a team errs more where data are poor; an expert does not care."""
    world = new_world(areas=1)
    world.use[:] = 0.5
    world.data_systems[:] = 0.0
    kinds = {"expert": {}, "team": {}, "staff": {"scale": "survey"}}
    read = {who: [] for who in kinds}
    for key in range(200):
        for who, what in kinds.items():
            one = instrument("use", answered_by=who, noise=0.05, **what)
            program = program_with(world.copy(), Wish([]), one, run_key=key)
            assist(world.copy(), program)
            read[who].append(program.observation.readings.own[0][2, 0])
    error = 4 * 0.1 / np.sqrt(200)
    assert np.mean(read["expert"]) == pytest.approx(0.5, abs=error)
    assert np.mean(read["staff"]) == pytest.approx(0.5 + VALUES["likert_leniency"] / 4, abs=error)
    assert np.std(read["team"]) == pytest.approx(2 * np.std(read["expert"]), rel=0.3)
    assert np.std(read["staff"]) == pytest.approx(0.05 / 4, rel=0.3)


def test_received_and_used_are_read_of_the_hours_so_far():
    """Nothing to read before the first hours; then what landed and what met practices in use, of those offered."""
    world = new_world()
    own = [instrument(state, name=state[:4], every_months=1, **EXACT) for state in ("received", "used")]
    program = program_with(world, Wish([delivery(hours=5.0, organizations=[2])]), *own, log=False)
    assist(world, program)
    assert np.isnan(program.observation.readings.own).all()
    hours = program.flow.hours.sum(axis=(0, 1, 2))
    assist(world, program)
    received, used = program.observation.readings.own[:, 2, 0]
    assert received == pytest.approx(hours[2, LANDED] / hours[2, OFFERED])
    assert used == pytest.approx(hours[2, USED] / hours[2, OFFERED])
    assert 0.0 < used < received < 1.0
    others = np.delete(np.arange(world.layout.n_organizations), 2)
    assert np.isnan(program.observation.readings.own[:, others]).all()


def aimed(how, **what):
    """A strategy that aims by the instrument, after one month with exact readings of use."""
    values = simplest()
    world = new_world(values)
    districts = np.flatnonzero(world.layout.level == LEA)
    world.use[districts] = np.linspace(0.2, 0.8, len(districts))[:, None]
    recipe = Recipe(name="aimed", activities={"coaching": 1.0}, targeting=f"walk.{how}")
    one = instrument("use", levels=("lea",), thresholds=(0.5,), **EXACT, **what)
    program = program_with(world, ComposedStrategy(recipe, values), one, values=values)
    assist(world, program, values=values)
    hours = program.flow.hours[0, program.flow.activities.index("coaching"), 0, :, OFFERED]
    return world, program, districts, hours[districts]


def test_strategies_aim_low_high_or_through_the_gate():
    world, program, districts, gated = aimed("gate")
    passed = world.use[districts].mean(axis=1) >= 0.5
    assert passed.any()
    assert not passed.all()
    assert np.array_equal(gated > 0.0, passed)
    assert set(program.flow.status[0, districts[~passed]]) == {SCREENED}
    share = {how: hours / hours.sum() for how, (*_, hours) in ((how, aimed(how)) for how in ("low", "high"))}
    use, weight = world.use[districts].mean(axis=1), world.layout.allocation[districts]
    assert share["high"] == pytest.approx(use * weight / (use * weight).sum())
    assert share["low"] == pytest.approx((1 - use) * weight / ((1 - use) * weight).sum())


def test_a_reading_with_a_price_is_paid_from_the_budget_by_those_who_aim_by_it():
    _, program, districts, hours = aimed("low", ta_hours=4.0)
    spent = program.ledger.by_activity
    assert spent[OWN_INSTRUMENT] == pytest.approx(4.0 * len(districts))
    assert hours.sum() == pytest.approx(max(0.0, 100.0 - 4.0 * len(districts)))
    assert not np.isnan(program.observation.readings.own[0][districts]).any()
    world = new_world()
    free = program_with(world, Wish([]), instrument("use", ta_hours=4.0))
    assist(world, free)
    assert np.isnan(free.observation.readings.own).all()


def test_what_the_budget_cannot_pay_is_not_read():
    _, program, districts, _ = aimed("low", ta_hours=10_000.0)
    assert np.isnan(program.observation.readings.own[0][districts]).all()
    assert OWN_INSTRUMENT not in program.ledger.by_activity


def base(**more):
    return {
        "name": "own",
        "agencies": {"source": "synthetic", "districts": 6},
        "question": {"contrast": ["none", "aimed"]},
        "assistance": {"budget_hours_per_year": 1000},
        "strategies": ["none", {"name": "aimed", "activities": {"coaching": 1}, "targeting": "walk.low"}],
        "instruments": [{"name": "walk", "items": [{"reads": "use"}]}],
        **more,
    }


def test_a_scenario_with_instruments_comes_back_and_one_without_says_nothing_of_them():
    scenario = scenario_from_mapping(base())
    assert scenario_from_mapping(scenario.resolved()) == scenario
    plain = scenario_from_mapping(
        base(instruments=[], strategies=["none", "blended"], question={"contrast": ["none", "blended"]})
    )
    assert "instruments" not in plain.resolved()


def test_every_problem_at_once_with_its_path_and_the_nearest_name():
    bad = base(
        instruments=[
            {"name": "wolk", "items": [{"reads": "ues"}, {"reads": "culture", "weight": 0}]},
            {"name": "need", "scale": "survey", "thresholds": [3, 2, 9], "items": []},
            {"name": "two words", "items": [{"reads": "use"}], "answered_by": "leader", "levles": ["lea"]},
        ]
    )
    with pytest.raises(InputError) as error:
        scenario_from_mapping(bad)
    lines = "\n".join(error.value.problems)
    for path, said in {
        "instruments[0].items[0].reads": "did you mean use?",
        "instruments[0].items[1].weight": "more than 0",
        "instruments[1].items": "at least 1",
        "instruments[1].name": "shipped",
        "instruments[1].thresholds": "must ascend",
        "instruments[1].thresholds[2]": "out of range",
        "instruments[2].name": "letters",
        "instruments[2].answered_by": "did you mean leaders?",
        "instruments[2].levles": "did you mean levels?",
        "strategies[1].targeting": "did you mean wolk?",
    }.items():
        found = [line for line in error.value.problems if path in line]
        assert found, (path, lines)
        assert any(said in line for line in found), (path, lines)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"thresholds": [3, 2]}, "must ascend"),
        ({"thresholds": [0.5, 1.5]}, "out of range"),
        ({"name": "need"}, "shipped"),
        ({"name": "two words"}, "letters"),
    ],
)
def test_what_one_instrument_may_not_say(changed, said):
    one = {"name": "walk", "items": [{"reads": "use"}]} | changed
    with pytest.raises(InputError, match=said):
        scenario_from_mapping(base(instruments=[one]))


def test_a_gate_needs_a_threshold_and_names_are_given_once():
    strategy = {"name": "aimed", "activities": {"coaching": 1}, "targeting": "walk.gate"}
    with pytest.raises(InputError, match="needs a threshold"):
        scenario_from_mapping(base(strategies=["none", strategy]))
    one = {"name": "walk", "items": [{"reads": "use"}]}
    with pytest.raises(InputError, match="two instruments named"):
        scenario_from_mapping(base(instruments=[one, one]))

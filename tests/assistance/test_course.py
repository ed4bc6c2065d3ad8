"""The course of a strategy: phases change what they name, reviews what their rules say, and everything is put down."""

import numpy as np
import pytest

from capsim.assistance.composed import ComposedStrategy, phased, schedule_shares
from capsim.catalogue import ACTIVITIES, Change, Phase, Recipe, Review
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.scenario import scenario_from_mapping
from tests.assistance.program_bench import AREAS, assist, new_world, program_for
from tests.simplest import simplest

VALUES = simplest()
MIX = {"coaching": 0.5, "training": 0.3, "performance_management": 0.2}
NAMES = list(ACTIVITIES)


def run(months=25, *, values=VALUES, before=None, **recipe):
    """A composition in a small world, month by month; `before` may change world and program in a month."""
    world = new_world(values, vacancies=False)
    strategy = ComposedStrategy(Recipe(name="mine", **{"activities": MIX, **recipe}), values)
    program = program_for(world, strategy, values=values, months=months, yearly_hours=6000.0)
    for month in range(months):
        if before is not None:
            before(month, world, program)
        assist(world, program, values=values)
    return program


def hours(program, first, last):
    """Hours by activity of some months."""
    total = program.ledger.monthly[first:last].sum(axis=0)
    return {name: total[NAMES.index(name)] for name in NAMES if total[NAMES.index(name)] > 0}


def said(program):
    return [(line["month"], line["step"], line["looked_at"], line["changed"]) for line in program.strategy.log]


def test_a_phase_changes_what_it_names_from_its_month_on():
    program = run(
        phases=(
            Phase(month=6, change=Change(activities={"webinar": 1.0})),
            Phase(month=12, change=Change(targeting="need", focal_areas=("equity",))),
        )
    )
    assert set(hours(program, 0, 6)) == set(MIX)
    assert set(hours(program, 6, 25)) == {"webinar"}
    assert said(program) == [
        (6, "phase", "", "activities webinar 100.0%"),
        (12, "phase", "", "focal areas equity; targeting need"),
    ]
    assert program.strategy.current.activities == {"webinar": 1.0}
    assert program.strategy.current.targeting == "need"


def test_a_phase_in_the_first_month_is_the_strategy():
    phased_in, plain = run(phases=(Phase(month=0, change=Change(activities={"webinar": 1.0})),)), run()
    assert set(hours(phased_in, 0, 25)) == {"webinar"}
    assert said(plain) == []


@pytest.mark.parametrize("schedule", ["level", "front_loaded", "taper"])
def test_phases_share_the_budget_and_months_without_a_share_the_rest(schedule):
    shares = schedule_shares(schedule, 40)
    phases = (
        Phase(month=10, change=Change(), budget_share=0.5),
        Phase(month=20, change=Change()),
        Phase(month=30, change=Change(), budget_share=0.1),
    )
    given = phased(shares, phases)
    assert given.sum() == pytest.approx(1.0)
    assert given[10:20].sum() == pytest.approx(0.5)
    assert given[30:].sum() == pytest.approx(0.1)
    assert given[10:20] / shares[10:20] == pytest.approx(0.5 / shares[10:20].sum())
    rest = np.r_[given[:10] / shares[:10], given[20:30] / shares[20:30]]
    assert rest == pytest.approx(rest[0])
    assert np.array_equal(phased(shares, phases[1:2]), shares)


def test_a_budget_share_is_what_is_spent():
    program = run(activities={"coaching": 1.0}, phases=(Phase(month=5, change=Change(), budget_share=0.75),))
    monthly = program.ledger.monthly.sum(axis=1)
    assert monthly.sum() == pytest.approx(program.ledger.budget)
    assert monthly[5:].sum() == pytest.approx(0.75 * program.ledger.budget)


@pytest.mark.parametrize(
    ("limit", "changes"), [({"below": 4.9}, True), ({"above": 4.9}, False), ({"above": 1.0}, True)]
)
def test_a_reading_is_compared_once_a_year(limit, changes):
    rule = Review(reads="interest", change=Change(activities={"webinar": 1.0}), **limit)
    program = run(review=(rule,))
    assert [line[:3] for line in said(program)] == [(12, "review", "interest"), (24, "review", "interest")]
    assert ("webinar" in hours(program, 12, 24)) == changes
    assert "webinar" not in hours(program, 0, 12)
    assert said(program)[0][3] == ("activities webinar 100.0%" if changes else "nothing")
    assert said(program)[1][3] == "nothing"  # it is so already
    everybody = program.observation.readings.interest[2:5]
    assert program.strategy.log[1]["found"] == pytest.approx(everybody.mean())


def test_without_a_reading_nothing_changes():
    rule = Review(reads="readiness", below=9.0, change=Change(activities={"webinar": 1.0}))
    program = run(review=(rule,))
    assert program.strategy.log[0] == {
        "month": 12,
        "step": "review",
        "looked_at": "readiness",
        "found": None,
        "changed": "nothing",
    }
    assert set(hours(program, 0, 25)) == set(MIX)


def test_the_area_least_in_use_is_given_up_and_the_last_one_kept():
    def teach(month, world, program):
        program.observation.readings.use[2:5] = (0.5, 0.2, 0.4)

    program = run(months=50, before=teach, review=(Review(drop_least_used=True),))
    assert [line[2:] for line in said(program)] == [
        (f"use of {AREAS[1]}", f"focal areas {AREAS[0]}, {AREAS[2]}"),
        (f"use of {AREAS[2]}", f"focal areas {AREAS[0]}"),
        (f"use of {AREAS[0]}", "nothing"),
        (f"use of {AREAS[0]}", "nothing"),
    ]
    assert program.strategy.current.focal_areas == (AREAS[0],)
    program = run(months=50, before=teach, review=(Review(drop_least_used=True, keep=2),))
    assert program.strategy.current.focal_areas == (AREAS[0], AREAS[2])


def test_hours_move_from_what_landed_least_to_what_landed_most():
    """Nobody is ready for coaching; 40% of the hours move, at most what there is, readings apart."""
    values = {**VALUES, "coaching_prerequisite": 1.0, "training_prerequisite": 0.0, "rating_noise_sd": 0.0}
    program = run(values=values, review=(Review(move=0.4),))
    assert [line[2:] for line in said(program)] == [
        ("landed of coaching", "activities coaching 10.0%, training 70.0%, performance_management 20.0%"),
        ("landed of coaching", "activities training 80.0%, performance_management 20.0%"),
    ]
    assert program.strategy.log[0]["found"] < 0.2
    assert program.ledger.spent == pytest.approx(program.ledger.budget)


def test_what_participants_say_is_near_what_landed():
    noisy = run(values={**VALUES, "rating_noise_sd": 0.4}, review=(Review(move=0.1),))
    exact = run(values={**VALUES, "rating_noise_sd": 0.0}, review=(Review(move=0.1),))
    delivered, landed = exact.observation.feedback
    assert delivered[NAMES.index("coaching")] > 0
    assert (landed <= delivered).all()
    both = ~np.isnan(exact.observation.heard)
    assert np.array_equal(both, ~np.isnan(noisy.observation.heard))
    apart = np.abs(noisy.observation.heard - exact.observation.heard)[both]
    assert 0 < apart.max() < 0.5
    assert np.isnan(run().observation.heard).all()


def test_what_nobody_asks_for_is_not_heard():
    program = run()
    assert not program.observation.asks
    assert np.isnan(program.view.heard).all()


def test_the_course_is_in_the_records_of_a_run():
    scenario = scenario_from_mapping(
        {
            "name": "course",
            "agencies": {"source": "synthetic", "districts": 6, "regions": 1},
            "question": {"contrast": ["mine", "none"]},
            "timeline": {"settling": 3, "assistance": 14, "follow_up": 1},
            "assistance": {"budget_hours_per_year": 3000},
            "uncertainty": "none",
            "parameters": {"offering_weight": 0.0},
            "strategies": ["none", {"name": "mine", "activities": MIX, "review": [{"drop": "least_used"}]}],
        }
    )
    none, mine = run_block(Block(scenario, scenario.strategy_names, 0, keep_provision=True)).runs
    assert none.provision.course == ()
    assert [line["month"] for line in mine.provision.course] == [12]
    assert mine.provision.course[0]["changed"].startswith("focal areas ")
    assert mine.provision.center is None


def test_default_values_do_not_need_a_course():
    strategy = ComposedStrategy(Recipe(name="x", activities=MIX), resolve_values({}))
    assert strategy.current is strategy.recipe

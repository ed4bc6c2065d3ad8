"""A center whose staff come, learn and leave: each of its parts in plain arithmetic, and that each can matter."""

from dataclasses import replace

import numpy as np
import pytest

from capsim.assistance.books import DOLLARS
from capsim.assistance.center import EXPERIENCE, HOURS, QUALITY, LivingCenter
from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import STRATEGIES, CenterStaff
from capsim.engine.run import Simulation
from capsim.parameters import resolve_values
from capsim.world.invariants import broken_invariants
from tests.assistance.program_bench import Wish, assist, delivery, new_world, program_for
from tests.simplest import simplest

from .settled import KEY, MONTHS, PROCESSES, busy_world

STILL = {"center_annual_exit": 0.0, "center_experience_weight": 0.0, "center_learning_hours": 1e15}
"""Nobody leaves, nobody learns, and experience does not count."""
ALIKE = {"provider_quality_sd": 0.0, "provider_scale": 0.0}


def center(values, *, months=60, yearly_hours=15_000.0, **staff):
    """A center of its own, outside of a program, in a world whose months pass."""
    world = new_world(values, vacancies=False)
    return world, LivingCenter(
        CenterStaff(**staff), world.layout, values, months=months, yearly_hours=yearly_hours, run_key=KEY % 2**64
    )


def run_of(recipe, **parameters):
    """A whole run of a recipe in the busy world."""
    world, values = busy_world()
    values = {**values, **parameters}
    run = Simulation(
        world.copy(),
        values,
        ComposedStrategy(recipe, values),
        processes=PROCESSES,
        assistance_months=MONTHS,
        follow_up_months=4,
        yearly_hours=9000.0,
        run_key=KEY,
        log=True,
    )
    broken = []
    while run.world.month < run.months:
        run.advance()
        broken += broken_invariants(run.world)
    assert broken == []
    return run


def used(run):
    return run.program.ledger.used


ADVICE = replace(
    STRATEGIES["individual_focused"], activities={"coaching": 0.5, "training": 0.2, "expert_consultation": 0.3}
)


@pytest.mark.parametrize("name", ["blended", "tiered", "network_teams", "sustainability"])
def test_a_center_in_which_nothing_lives_is_the_fixed_one(name):
    fixed, still = run_of(STRATEGIES[name]), run_of(replace(STRATEGIES[name], center=CenterStaff()), **STILL)
    for (column, one), (_, other) in zip(fixed.world.columns(), still.world.columns(), strict=True):
        assert np.allclose(one, other, rtol=0, atol=1e-9, equal_nan=True), column
    assert used(still) == pytest.approx(used(fixed), rel=1e-9)
    assert np.allclose(still.program.chain, fixed.program.chain, rtol=1e-9)


@pytest.mark.parametrize("g", [0.15, 0.30, 0.52])
def test_ten_times_the_size_achieves_as_much_less_as_published(g):
    """S57: .3 to .7 of a small program's, by positions, and once."""
    values = simplest({**STILL, "provider_quality_sd": 0.0, "provider_scale": g, "provider_scale_reference": 4.0})
    means = []
    for positions in (4, 40):
        world, living = center(values, positions=(positions,))
        living.begin_month(world)
        means.append(living.quality.mean())
    assert means == pytest.approx([1.0, 10**-g])
    assert 0.3 <= means[1] / means[0] <= 0.71


def test_growth_dilutes_from_the_year_on_in_which_it_happens():
    values = simplest({**STILL, **ALIKE, "provider_scale": 0.3, "provider_scale_reference": 2.0})
    world, living = center(values, positions=(2, 8), months_to_fill=1.0)
    quality = []
    for month in range(14):
        world.month = month
        living.begin_month(world)
        quality.append(living.quality[living.filled].mean())
    assert quality[:12] == pytest.approx([1.0] * 12)
    assert quality[12:] == pytest.approx([4**-0.3] * 2)


def test_positions_turn_over_at_the_declared_rate_and_are_filled_at_the_declared_pace():
    values, months = simplest({**ALIKE, "center_annual_exit": 0.3, "center_months_to_fill": 4.0}), 60
    world, living = center(values, positions=(2000,), months=months)
    left, held = 0.0, 0.0
    for month in range(months):
        world.month = month
        before = living.filled.sum()
        living.begin_month(world)
        if month:
            left, held = left + living.moved[1], held + before
    hazard = 1 - 0.7 ** (1 / 12)
    assert left / held == pytest.approx(hazard, abs=4 * np.sqrt(hazard / held))
    assert 1 - living.filled.mean() == pytest.approx(hazard / (hazard + 1 / 4), abs=4 * np.sqrt(0.1 / 2000))


def test_the_vacancies_that_are_left_are_carried_by_those_who_are_there():
    values = simplest({**STILL, **ALIKE, "center_vacancy_loss": 0.5})
    world, living = center(values, positions=(4,))
    living.begin_month(world)
    living.filled[:] = (True, False, False, True)
    living._rate(0)
    living._deal()
    assert living.quality == pytest.approx(0.5**0.5 * living.talent)
    assert set(living.consultant) <= {0, 3}
    living.filled[:] = False
    living._deal()
    assert (living.consultant == -1).all()


def test_consultants_learn_by_the_hours_they_give_and_it_counts():
    values = simplest({**ALIKE, "center_annual_exit": 0.0, "onboarding_rate": 0.2, "center_learning_hours": 100.0})
    world = new_world(values, vacancies=False)
    strategy = Wish([delivery("coaching", 30.0, areas=1)])
    strategy.center = CenterStaff(positions=(1,))
    program = program_for(world, strategy, values=values, yearly_hours=12_000.0)
    weight, usual = values["center_experience_weight"], values["center_usual_experience"]
    known = 0.0
    for month in range(6):
        assist(world, program, values=values)
        worked = program.living.worked
        experience = (1 - 0.8**month) * known
        able = (1 - weight * (1 - experience)) / (1 - weight * (1 - usual))
        assert worked[EXPERIENCE] / worked[HOURS] == pytest.approx(experience, abs=1e-12)
        assert worked[QUALITY] / worked[HOURS] == pytest.approx(able, abs=1e-12)
        known = 1 - np.exp(-30.0 * (month + 1) / 100.0)
        assert program.living.area[0, 1] == pytest.approx(known, abs=1e-12)
        assert program.living.craft[0].sum() == pytest.approx(known, abs=1e-12)
    assert program.living.area[0].tolist()[2] == 0.0
    own = values["center_other_skill"] + (values["center_expert_skill"] - values["center_other_skill"]) * known
    program.living.begin_month(world)
    assert world.skill[world.layout.center[0], 1] == pytest.approx(own, abs=1e-12)


def test_the_usual_experience_is_that_of_full_time_consultants_in_the_long_run():
    """Means over a renewal process: 125 hours a month on five areas and four activities."""
    values = resolve_values({})
    hazard, hours = 1 - (1 - values["center_annual_exit"]) ** (1 / 12), values["consultant_hours_per_year"] / 12
    months = np.arange(1200)
    lasting = (1 - hazard) ** months
    settled = 1 - (1 - values["onboarding_rate"]) ** months
    area = 1 - 0.8 * np.exp(-hours / 5 * months / values["center_learning_hours"])
    craft = 1 - np.exp(-hours / 4 * months / values["center_learning_hours"])
    mean = (lasting * settled * (area + craft) / 2).sum() / lasting.sum()
    assert mean == pytest.approx(values["center_usual_experience"], abs=0.05)


def test_who_leaves_takes_what_they_learned_and_the_ties_to_them():
    world, values = busy_world()
    simulation = Simulation(
        world.copy(),
        values,
        ComposedStrategy(replace(ADVICE, center=CenterStaff(positions=(5,), annual_exit=0.0)), values),
        processes=PROCESSES,
        assistance_months=MONTHS,
        follow_up_months=4,
        yearly_hours=9000.0,
        run_key=KEY,
    )
    for _ in range(12):
        simulation.advance()
    world, living = simulation.world, simulation.program.living
    start = world.layout.center[0]
    sought = max(range(5), key=lambda n: (world.tie_to == start + n).sum())
    others = [(world.tie_to == start + n).sum() for n in range(5) if n != sought]
    assert (world.tie_to == start + sought).sum() > 0
    assert living.craft[sought].sum() > 0
    living._empty(world, np.array([sought]))
    assert (world.tie_to != start + sought).all()
    assert [(world.tie_to == start + n).sum() for n in range(5) if n != sought] == others
    assert not living.craft[sought].any()
    assert not living.area[sought].any()
    assert world.person[start + sought] == -1


def test_hiring_costs_hours_of_the_centers_own():
    recipe = replace(STRATEGIES["blended"], center=CenterStaff(annual_exit=0.5))
    dear, free = run_of(recipe, center_hire_hours=100.0), run_of(recipe, center_hire_hours=0.0)
    hired = dear.program.book.monthly[1:, 2].sum()
    assert hired > 0
    difference = dear.program.ledger.totals[DOLLARS] - free.program.ledger.totals[DOLLARS]
    assert difference == pytest.approx(hired * 100.0 * dear.values["consultant_rate"])


def test_turnover_costs_what_experience_is_worth():
    """At weight 0 only vacancies cost anything; the more experience counts, the more is lost with those who leave."""
    lost = []
    for weight in (0.0, 0.4, 0.7):
        stay, go = (
            used(
                run_of(
                    replace(ADVICE, center=CenterStaff(annual_exit=annual, months_to_fill=1.0)),
                    center_experience_weight=weight,
                    center_vacancy_loss=0.0,
                    provider_quality_sd=0.0,
                )
            )
            for annual in (0.0, 0.6)
        )
        lost.append(1 - go / stay)
    assert abs(lost[0]) < 0.02
    assert lost[0] < lost[1] < lost[2]


def test_the_book_says_who_is_there_and_how_clients_fare():
    run = run_of(replace(ADVICE, center=CenterStaff(positions=(4, 6))), offering_weight=0.1)
    book = run.program.book.monthly
    assert book.shape[0] == MONTHS
    assert book[:, 0].tolist() == [4.0] * 12 + [6.0] * 12
    stock = np.cumsum(book[:, 2] - book[:, 3])
    assert np.array_equal(stock, book[:, 1])
    assert book[-1, 5] > book[0, 5]
    assert ((book[:, 7] >= 0) & (book[:, 7] <= 1)).all()
    assert (book[:, 9] > 0).all()
    assert ((book[:, 10] > 0) & (book[:, 10] <= 1)).all()

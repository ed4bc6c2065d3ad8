"""Who helps, and how clearly: consultants' quality, their caseload, and the clarity that co-design costs."""

from dataclasses import replace

import numpy as np
import pytest

from capsim.assistance.receptivity import Providers
from capsim.catalogue import ACTIVITIES
from tests.assistance.program_bench import (
    CENTER,
    KEY,
    LEA,
    SEA,
    Wish,
    assist,
    deliver,
    delivery,
    new_world,
    program_for,
)
from tests.simplest import simplest

from .by_hand import coherence, readiness

EVEN = {"provider_quality_sd": 0.0, "provider_scale": 0.0}
MANY = (("state", SEA, -1, 6), *((f"district {n}", LEA, 0, 2) for n in range(12)))
DISTRICTS = np.arange(1, 13)


def landed(program, month=0):
    """Hours of a month that landed in districts, per hour delivered."""
    delivered, received, _ = program.chain[month, CENTER, LEA]
    return received / delivered


def even_world(values):
    """Districts that are all alike, and not so ready that readiness is cut off."""
    world = new_world(values, agencies=MANY, vacancies=False)
    for name in ("routine", "culture", "data_systems", "use"):
        getattr(world, name)[1:] = 0.4
    held = world.person >= 0
    world.skill[held], world.engagement[held] = 0.4, 0.5
    world.outside_initiatives[:] = 2
    return world


@pytest.mark.parametrize("served", [1, 3, 4, 5, 12])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_caseload(activity, served):
    """Quality falls with (limit / caseload) ^ loss; materials for everybody are no case."""
    values = simplest({**EVEN, "caseload_limit": 4, "caseload_loss": 0.5})
    program = deliver(even_world(values), delivery(activity, 0.1, organizations=DISTRICTS[:served]), values=values)
    alone = deliver(even_world(values), delivery(activity, 0.1, organizations=DISTRICTS[:1]), values=values)
    expected = 1.0 if ACTIVITIES[activity].tier == "universal" else min(1.0, 4 / served) ** 0.5
    assert landed(program) / landed(alone) == pytest.approx(expected)


def test_agencies_count_once_and_zero_hours_are_no_case():
    values = simplest({**EVEN, "caseload_limit": 3, "caseload_loss": 0.5})
    some = [delivery("training", [1.0, 1.0, 0.0], organizations=[1, 2, 5]), delivery(organizations=[1, 2, 3, 3])]
    many = [*some, delivery("joint_call", organizations=[4, 5, 6], areas=-1)]
    few, more = (deliver(even_world(values), *each, values=values) for each in (some, many))
    # three agencies are not too many; six put a strain on all that the consultant does
    alone = landed(deliver(even_world(values), delivery(organizations=[1]), values=values))
    assert few.chain[0, CENTER, LEA, 1] == pytest.approx(few.chain[0, CENTER, LEA, 0] * alone)
    assert more.chain[0, CENTER, LEA, 1] < more.chain[0, CENTER, LEA, 0] * alone * 0.9


def test_a_caseload_is_shared_by_all_consultants():
    """Twelve agencies and two consultants are six for each; with a third none has too many."""
    given = {**EVEN, "caseload_limit": 4, "caseload_loss": 1.0, "consultant_hours_per_year": 1000}
    values = simplest(given)
    wish = delivery("training", 0.1, organizations=DISTRICTS)
    strained, fresh = (
        landed(deliver(even_world(values), wish, values=values, yearly_hours=hours)) for hours in (2000.0, 3000.0)
    )
    assert strained == pytest.approx(fresh * 4 / 6)


def sampled(world, weight):
    """The same agencies, each standing for so many."""
    weights = np.where(world.layout.level == LEA, float(weight), 1.0)
    world.layout = replace(world.layout, weight=weights)
    return world


def test_a_sample_has_the_consultants_and_the_caseload_of_the_whole():
    """A quarter of the districts, the hours of all: as many consultants, as good, with as many agencies each."""
    given = {"caseload_limit": 4, "caseload_loss": 1.0, "consultant_hours_per_year": 1000}
    values = simplest(given)
    sample, whole = sampled(even_world(values), 4), even_world(values)
    of_sample = Providers(sample.layout, values, yearly_hours=6000.0, run_key=KEY)
    of_whole = Providers(whole.layout, values, yearly_hours=6000.0, run_key=KEY)
    assert len(of_whole.quality) == 6
    assert np.array_equal(of_sample.quality, of_whole.quality)
    wish = delivery("training", 0.1, organizations=DISTRICTS)
    strained = deliver(sample, wish, values=values, yearly_hours=6000.0)  # 48 agencies: 8 for each consultant
    relaxed = deliver(whole, wish, values=values, yearly_hours=6000.0)
    assert landed(strained) == pytest.approx(landed(relaxed) * 4 / 8)


def test_each_agency_keeps_its_consultant():
    values = simplest({"consultant_hours_per_year": 100})
    world = even_world(values)
    for yearly in (0.0, 50.0, 100.0, 101.0, 750.0):
        providers = Providers(world.layout, values, yearly_hours=yearly, run_key=KEY)
        n = max(1, int(np.ceil(yearly / 100)))
        assert len(providers.quality) == n
        assert np.array_equal(providers.consultant, world.layout.identity % np.uint64(n))


def test_a_program_of_the_anchored_size_has_the_anchored_effect_and_a_larger_one_less():
    """Ten times as many consultants achieve half as much each; who is served by whom does not matter."""
    given = {**EVEN, "provider_scale": 0.3, "provider_scale_reference": 4.0, "consultant_hours_per_year": 1000}
    values, layout = simplest(given), even_world(simplest()).layout
    means = [
        Providers(layout, values, yearly_hours=hours, run_key=KEY).quality.mean() for hours in (4e3, 40e3, 400e3, 1.0)
    ]
    assert means == pytest.approx([1.0, 10**-0.3, 100**-0.3, 0.25**-0.3])  # never less than one consultant
    half = Providers(layout, values, yearly_hours=4.5e3, run_key=KEY).quality
    assert len(half) == 5
    assert half == pytest.approx((4.5 / 4.0) ** -0.3)  # by posts, not by heads


def test_consultants_differ_around_a_mean_of_one():
    """A lognormal of mean 1 and the declared spread, the same in every run with the same key."""
    values = simplest({"provider_quality_sd": 0.4, "provider_scale": 0.0})
    layout = even_world(values).layout
    quality = Providers(layout, values, yearly_hours=20_000 * 1500.0, run_key=KEY).quality
    assert quality.mean() == pytest.approx(1.0, abs=4 * 0.42 / 20_000**0.5)
    assert np.log(quality).std() == pytest.approx(0.4, rel=0.02)
    assert np.log(quality).mean() == pytest.approx(-0.08, abs=4 * 0.4 / 20_000**0.5)
    again = Providers(layout, values, yearly_hours=20_000 * 1500.0, run_key=KEY).quality
    assert np.array_equal(again, quality)
    assert not np.array_equal(Providers(layout, values, yearly_hours=20_000 * 1500.0, run_key=5).quality, quality)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_quality_is_a_factor_of_all_that_is_delivered(activity):
    values = simplest({"provider_quality_sd": 0.6, "readiness_reference": 0.2})
    world = even_world(values)
    program = program_for(world, Wish([delivery(activity, 0.01, organizations=[3], areas=0)]), values=values)
    asks = ACTIVITIES[activity].tier != "universal"
    receptive = readiness(world, values, activity, 3, 0) * coherence(world, values, 3, int(asks))
    assist(world, program, values=values)
    assert landed(program) == pytest.approx(min(1.0, program.providers.quality[0] * receptive))
    assert program.providers.quality[0] != 1.0


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_codesign_costs_clarity_after_planning(activity):
    """Of all that an agency gets in that month; others, and agencies with no hour of co-design, are clear as ever."""
    given = {**EVEN, "planning_months": 3, "codesign_clarity_loss": 0.2, "readiness_reference": 0.2}
    values = simplest(given)
    links = []
    for month in (2, 3):
        world = even_world(values)
        world.month = month
        rows = delivery(activity, 0.1, organizations=[0, 1])
        codesign = delivery("codesign", [0.1, 0.0], organizations=[0, 1], areas=-1)
        links.append(deliver(world, rows, codesign, values=values).chain[month, CENTER, :, 1])
    planning, later = links
    assert later[SEA] == pytest.approx(0.8 * planning[SEA])
    assert later[LEA] == pytest.approx(planning[LEA] * (0.8 if activity == "codesign" else 1.0))

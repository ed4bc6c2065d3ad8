"""Every instrument: what a whole unit buys, without bias where there is none, with the noise that is declared."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES
from capsim.instruments.formulas import rate
from capsim.instruments.readings import Readings
from capsim.instruments.table import INSTRUMENTS as TABLE
from capsim.measures.capacities import mean_skill
from capsim.parameters import resolve_values
from capsim.streams.squares import uniforms
from tests.assistance.program_bench import (
    KEY,
    LEA,
    SEA,
    VALUES,
    Wish,
    assist,
    deliver,
    delivery,
    new_world,
    program_for,
)

from .agencies import CHAIN

MANY = (("state", SEA, -1, 4), *((f"district {n}", LEA, 0, 2) for n in range(150)))
DISTRICTS = np.arange(1, 151)
MONTHS = 16
SERVICES = {row.name: row.yields for row in ACTIVITIES.values() if row.yields}
"""Reading that each activity yields."""
READ = [
    *SERVICES.items(),
    *((activity, "relevance") for activity, instrument in SERVICES.items() if instrument in TABLE["relevance"].along),
]
"""Activities with what they read: relevance comes along with an assessment of needs."""


def unit(activity, values=VALUES):
    return values[f"{activity}_ta_hours"]


def general(world):
    return (world.culture * world.data_systems) ** (1 / 3)  # nobody is missing here


@dataclass(frozen=True)
class Instrument:
    """What an instrument reads: columns with the truth of each, its noise, and whether co-design quietens it."""

    truth: dict[str, Callable]
    sd: str
    by_data_systems: bool = True
    scale: Callable = lambda values: 1.0


def what_lasts(world):
    """Context (nobody is missing here), system capacity and performance management."""
    context = (world.culture + 1.0 + world.resource_alignment) / 3
    return np.column_stack([context, world.routine.mean(axis=1), world.data_systems])


def center(values):
    """Readiness of one unit of general capacity in agencies whose staff answer the mark of 3 of 5."""
    return 0.5 / (values["motivation_center"] * values["general_capacity_center"])


INSTRUMENTS = {
    "rubric": Instrument(
        {"skill": lambda world: mean_skill(world.layout.first, world.skill), "routine": lambda world: world.routine},
        "rubric_noise_sd",
    ),
    "expert": Instrument(
        {"skill": lambda world: mean_skill(world.layout.first, world.skill), "routine": lambda world: world.routine},
        "expert_noise_sd",
        by_data_systems=False,
    ),
    "screening": Instrument({"readiness": general}, "rubric_noise_sd", scale=center),
    "stocktake": Instrument({"use": lambda world: world.use}, "stocktake_noise_sd"),
    "sustainability": Instrument({"sustainability": what_lasts}, "rubric_noise_sd"),
    "relevance": Instrument({"relevance": lambda world: world.layout.relevance}, "relevance_noise_sd"),
}
PRECISE = {
    "rubric_noise_sd": 0.04,
    "expert_noise_sd": 0.03,
    "stocktake_noise_sd": 0.04,
    "likert_noise_sd": 0.0,
    "likert_leniency": 0.0,
    "codesign_noise_factor": 0.5,
    "relevance_noise_sd": 0.05,
    "relevance_concentration": 10_000.0,
}


def test_there_is_a_truth_for_every_instrument():
    assert set(INSTRUMENTS) == {instrument for _, instrument in READ}


def middling_world(values):
    """Districts in the middle of every scale, where nothing is cut off."""
    world = new_world(values, agencies=MANY, vacancies=False)
    held = world.person >= 0
    world.skill[held], world.engagement[held] = 0.5, 0.5
    for name in ("routine", "use", "culture"):
        getattr(world, name)[:] = 0.5
    return world


@cache
def errors(activity, reading, codesign=0.0, data_systems=0.4):
    """Readings less truth of many districts in many months, (n, columns), for each column of the instrument."""
    values = resolve_values(PRECISE)
    world = middling_world(values)
    world.data_systems[:] = data_systems
    instrument = INSTRUMENTS[reading]
    truth = {name: tell(world).copy() for name, tell in instrument.truth.items()}
    wanted = [delivery(activity, unit(activity), organizations=DISTRICTS, areas=0)]
    designed = delivery("codesign", codesign * unit("codesign"), organizations=DISTRICTS, areas=-1)
    program = program_for(
        world,
        Wish(lambda view, month, left: [*wanted, designed] if month == 0 else wanted),
        values=values,
        months=MONTHS,
        yearly_hours=1e6,
    )
    found = {name: [] for name in truth}
    before = world.copy()
    for _ in range(MONTHS):
        assist(world, program, values=values)
        for name, column in before.columns():  # the same truth every month
            if name in {"skill", "engagement", "routine", "use"}:
                getattr(world, name)[: len(column)] = column
        for name in truth:
            found[name].append(
                (getattr(program.observation.readings, name) - truth[name] * instrument.scale(values))[1:151]
            )
    inside = {name: true[1:151].reshape(150, -1)[0] < 1.0 for name, true in truth.items()}  # nothing is cut off there
    return {
        name: np.concatenate([each.reshape(150, -1)[:, inside[name]] for each in column])
        for name, column in found.items()
    }


def sd_of(reading, codesign=0.0, data_systems=0.4):
    instrument, values = INSTRUMENTS[reading], resolve_values(PRECISE)
    sd = values[instrument.sd] * instrument.scale(values)
    return sd * (2.0 - data_systems) * 0.5**codesign if instrument.by_data_systems else sd


@pytest.mark.parametrize(("activity", "reading"), READ)
def test_readings_are_right_on_average(activity, reading):
    """Within 4.5 standard errors, in each area."""
    for column in errors(activity, reading).values():
        spread = sd_of(reading) / len(column) ** 0.5
        assert (np.abs(column.mean(axis=0)) <= 4.5 * spread).all()


@pytest.mark.parametrize(("codesign", "data_systems"), [(0.0, 0.4), (0.0, 1.0), (0.5, 0.4), (1.0, 0.4), (3.0, 0.4)])
@pytest.mark.parametrize(("activity", "reading"), READ)
def test_noise_is_as_declared(activity, reading, codesign, data_systems):
    """Twice as much without data, half as much after a whole unit of co-design, and no less after more of it."""
    for column in errors(activity, reading, codesign, data_systems).values():
        expected = sd_of(reading, min(1.0, codesign), data_systems)
        assert column.std(axis=0) == pytest.approx(np.full(column.shape[1], expected), rel=0.07)


@pytest.mark.parametrize(("activity", "reading"), READ)
def test_noise_of_areas_columns_and_months_is_unrelated(activity, reading):
    both = np.hstack(list(errors(activity, reading).values()))
    if both.shape[1] > 1:
        assert np.abs(np.corrcoef(both.T) - np.eye(both.shape[1])).max() < 4.5 / len(both) ** 0.5
    for column in errors(activity, reading).values():
        by_month = column.reshape(MONTHS, -1)
        assert np.abs(np.corrcoef(by_month) - np.eye(MONTHS)).max() < 5 / by_month.shape[1] ** 0.5


def test_every_instrument_has_luck_of_its_own():
    """Noise of one says nothing of the noise of another, of the same agency in the same month."""
    one_of_each = {reading: activity for activity, reading in READ}
    columns = np.hstack([c for reading, activity in one_of_each.items() for c in errors(activity, reading).values()])
    assert np.abs(np.corrcoef(columns.T) - np.eye(columns.shape[1])).max() < 5 / len(columns) ** 0.5


def written(readings):
    """Columns that hold something for some agency, with those agencies."""
    agencies, there = len(readings.month), {}
    empty = Readings.none(agencies, readings.skill.shape[1])
    for field in fields(Readings):
        now, nothing = (getattr(each, field.name).reshape(agencies, -1) for each in (readings, empty))
        rows = [j for j in range(agencies) if not np.array_equal(now[j], nothing[j], equal_nan=True)]
        if rows:
            there[field.name] = rows
    return there


WRITES = {
    "rubric": {"skill", "routine", "month", "relevance"},
    "expert": {"skill", "routine", "month", "relevance"},
    "screening": {"readiness"},
    "stocktake": {"use", "first_use", "first_use_by_area", "first_stocktake", "target", "status"},
    "sustainability": {"sustainability"},
}


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_nothing_is_read_without_payment(activity):
    """A whole unit buys the reading that the activity yields, of that agency; less buys none, others yield none."""
    for share, paid in ((0.99, False), (1.0, True)):
        world = new_world(agencies=CHAIN)
        program = deliver(world, delivery(activity, share * unit(activity), organizations=[3]), yearly_hours=12_000.0)
        there = written(program.observation.readings)
        assert there.pop("interest") == list(range(world.layout.n_organizations))  # asked of everybody, free
        staffed = np.bincount(world.layout.organization, weights=world.person >= 0) > 0
        assert there.pop("self_rating") == there.pop("self_rated_relevance") == np.flatnonzero(staffed).tolist()
        assert set(there) == (WRITES[SERVICES[activity]] if paid and activity in SERVICES else set())
        assert all(rows == [3] for rows in there.values())


@pytest.mark.parametrize("activity", SERVICES)
def test_hours_toward_a_unit_add_up(activity):
    """Three thirds over three months; what is more than a unit counts toward the next."""
    world = new_world()
    shares = [1 / 3, 1 / 3, 1 / 3, 2.6, 0.3, 0.0, 0.1, 0.5]
    program = program_for(
        world,
        Wish(lambda view, month, left: [delivery(activity, shares[month] * unit(activity))]),
        yearly_hours=12_000.0,
    )
    column, read, last = next(iter(INSTRUMENTS[SERVICES[activity]].truth)), [], np.nan
    for _ in shares:
        assist(world, program)
        now = np.ravel(getattr(program.observation.readings, column)[2])[0]
        read.append(not (now == last or np.isnan(now)))
        last = now
    assert read == [False, False, True, True, False, False, True, False]
    assert program.observation.paid[SERVICES[activity]][2] == pytest.approx(0.5 * unit(activity))


@pytest.mark.parametrize("activity", SERVICES)
def test_what_is_passed_on_buys_no_reading(activity):
    """Only consultants assess."""
    world = new_world(agencies=CHAIN)
    cascade = np.ones(world.layout.n_organizations)
    wish = delivery(activity, unit(activity), organizations=[1], cascade=cascade)
    program = deliver(world, wish, yearly_hours=12_000.0)
    assert program.ledger.turnkey_hours >= unit(activity)
    there = written(program.observation.readings)
    del there["interest"], there["self_rating"], there["self_rated_relevance"]
    assert all(rows == [1] for rows in there.values())
    assert there


def test_an_experts_reading_counts_before_a_rubric_of_the_same_month():
    readings = []
    visit, assessment = (delivery(name, unit(name)) for name in ("site_visit", "needs_assessment"))
    for wanted in ([visit], [visit, assessment], [assessment, visit], [assessment]):
        program = deliver(new_world(), *wanted, yearly_hours=12_000.0)
        readings.append(program.observation.readings.skill[2])
    assert np.array_equal(readings[0], readings[1])
    assert np.array_equal(readings[0], readings[2])
    assert not np.array_equal(readings[0], readings[3])


@pytest.mark.parametrize("activity", SERVICES)
def test_readings_are_of_the_state_before_the_help(activity):
    """What the same month's help does is not seen yet."""
    world, helped = new_world(), new_world()
    own = delivery(activity, unit(activity))
    more = [delivery(name, 60.0) for name in ACTIVITIES if name not in SERVICES and name != "codesign"]
    plain = deliver(world, own, yearly_hours=30_000.0)
    beside = deliver(helped, own, *more, yearly_hours=30_000.0)
    for column in INSTRUMENTS[SERVICES[activity]].truth:
        first, second = (getattr(program.observation.readings, column) for program in (plain, beside))
        assert np.array_equal(first, second, equal_nan=True)


def interests(engaged, **given):
    """Answers to the yearly survey of many districts."""
    values = resolve_values({"likert_noise_sd": 0.3, "likert_leniency": 0.45, **given})
    world = middling_world(values)
    world.engagement[world.person >= 0] = engaged
    program = program_for(world, Wish([]), values=values, months=60)
    answers = []
    for _ in range(60):
        assist(world, program, values=values)
        answers.append(program.observation.readings.interest[1:151].copy())
    return np.array(answers)


def test_interest_is_asked_of_everybody_once_a_year():
    answers = interests(0.5)
    asked = [month for month in range(1, 60) if not np.array_equal(answers[month], answers[month - 1])]
    assert asked == [12, 24, 36, 48]
    assert not np.isnan(answers).any()


def test_interest_is_lenient_and_ends_at_five():
    """In the middle of the scale answers lie above the mark by the leniency, with the noise that is declared."""
    said = interests(0.5)[::12].ravel()
    assert said.mean() == pytest.approx(3.0 + 0.45, abs=4.5 * 0.3 / len(said) ** 0.5)
    assert said.std() == pytest.approx(0.3, rel=0.08)
    high, low = interests(0.97)[::12], interests(0.0, likert_leniency=-1.0)[::12]
    assert high.max() == 5.0
    assert (high == 5.0).mean() > 0.5
    assert low.min() == 1.0
    assert interests(0.5, likert_leniency=0.0, likert_noise_sd=0.0) == pytest.approx(3.0)


@pytest.mark.parametrize("leniency", [0.0, 0.6])
def test_screening_is_as_lenient_as_people_are(leniency):
    """On average the motivation of agencies in the middle is read too high by a quarter of the leniency."""
    values = resolve_values({**PRECISE, "likert_leniency": leniency, "likert_noise_sd": 0.2, "rubric_noise_sd": 0.0})
    world = middling_world(values)
    world.data_systems[:] = 0.4
    capacity = general(world)[DISTRICTS] / (values["motivation_center"] * values["general_capacity_center"])
    wish = delivery("readiness_screening", unit("readiness_screening"), organizations=DISTRICTS, areas=-1)
    program = program_for(world, Wish([wish]), values=values, months=MONTHS, yearly_hours=1e6)
    read = []
    for _ in range(MONTHS):
        assist(world, program, values=values)
        read.append(program.observation.readings.readiness[DISTRICTS] / capacity)
    assert np.mean(read) == pytest.approx(0.5 + leniency / 4, abs=4.5 * 0.05 / np.size(read) ** 0.5)
    assert np.std(read) == pytest.approx(0.05, rel=0.07)


def rated(**given):
    """Ratings of districts that all get the same help, by their keyed numbers."""
    values = resolve_values({"provider_quality_sd": 0.0, "rating_noise_sd": 0.25, **given})
    world = middling_world(values)
    numbers = uniforms(run_key=KEY, purpose="instrument:ratings", identity=world.layout.identity, columns=2)
    quality = np.full(len(numbers), 0.6)
    motivation, share = np.full(len(numbers), 0.4), np.full(len(numbers), 0.05)
    return values, rate(numbers, motivation, quality, share, values)


def test_clients_rate_above_experts_by_their_leniency():
    values, (expert, client, satisfaction) = rated(rating_half=0.6, client_leniency=0.6, participation_limit=0.25)
    assert expert == pytest.approx(np.full(len(expert), 3.0))
    error = 4.5 * 0.25 / len(expert) ** 0.5
    assert (client - expert).mean() == pytest.approx(0.6, abs=error)
    assert (client - expert).std() == pytest.approx(0.25, rel=0.2)
    # of the hours that people can give, a fifth is taken
    assert satisfaction.mean() == pytest.approx(1 + 4 * 0.4 + values["likert_leniency"] - 0.2, abs=error)
    assert abs(np.corrcoef(client, satisfaction)[0, 1]) < 0.4


def test_ratings_end_at_five():
    _, (_, client, satisfaction) = rated(client_leniency=3.0, likert_leniency=4.0)
    assert client.max() == satisfaction.max() == 5.0


def test_nobody_rates_who_was_not_served():
    world = new_world(agencies=CHAIN)
    program = program_for(world, Wish(lambda view, month, left: [delivery(organizations=[3])] if month == 1 else []))
    for _ in range(3):
        assist(world, program)
    rated_levels = ~np.isnan(program.logbook.monthly[:, :, :3])
    assert rated_levels.any(axis=2).nonzero()[0].tolist() == [1]
    assert rated_levels[1].any(axis=1).nonzero()[0].tolist() == [LEA]

"""The books of a run: the chain of delivery and the logbook of instruments agree with the ledger and with the world."""

import numpy as np
import pytest

from capsim.assistance.ties import count_expert_ties
from capsim.catalogue import ACTIVITIES, LOGGED, STRATEGIES
from capsim.levels import Level
from tests.assistance.program_bench import CENTER, ESA, LEA, Wish, assist, deliver, delivery, new_world, program_for
from tests.simplest import simplest

from .agencies import CHAIN
from .by_hand import asked_of_each, attendance, coherence, participants, readiness
from .settled import KEPT, MONTHS, busy_world, history, simulation
from .strategies import ALL, fresh

EVEN = {"provider_quality_sd": 0.0, "provider_scale": 0.0}
LARGE = 3


@pytest.mark.parametrize("name", ALL)
def test_more_is_delivered_than_received_and_used(name):
    """On every link in every month, up to rounding; links go down the chain and nowhere else."""
    links = history(name).program.chain
    assert links.shape == (MONTHS, len(Level), len(Level), 3)
    delivered, received, used = np.moveaxis(links, -1, 0)
    assert (used >= 0.0).all()
    assert (received * (1 + 1e-12) >= used).all()
    assert (delivered * (1 + 1e-12) >= received).all()
    layout = busy_world()[0].layout
    below = layout.parent >= 0
    allowed = {(CENTER, int(level)) for level in layout.level}
    allowed |= {(int(layout.level[layout.parent[j]]), int(layout.level[j])) for j in np.flatnonzero(below)}
    assert set(zip(*(where.tolist() for where in delivered.sum(axis=0).nonzero()), strict=True)) <= allowed
    if name in {"support_teams", "chain: cascade"}:
        assert delivered[:, ESA, LEA].sum() > received[:, ESA, LEA].sum() > used[:, ESA, LEA].sum() > 0.0


@pytest.mark.parametrize("name", ALL)
def test_the_chain_agrees_with_the_ledger(name):
    """The center's links are what was spent, by month and level; the others are what agencies passed on."""
    past, layout = history(name), busy_world()[0].layout
    delivered, ledger = past.program.chain[..., 0], past.program.ledger
    assert delivered[:, CENTER].sum(axis=1) == pytest.approx(ledger.monthly.sum(axis=1))
    by_level = np.bincount(layout.level, weights=ledger.by_organization, minlength=len(Level))
    assert delivered[:, CENTER].sum(axis=0) == pytest.approx(by_level)
    assert delivered[:, CENTER + 1 :].sum() == pytest.approx(ledger.turnkey_hours)
    for month, kept in enumerate(past.months[:MONTHS]):
        hours = np.bincount(layout.level, weights=kept.ta_hours, minlength=len(Level))
        assert delivered[month].sum(axis=0) == pytest.approx(hours)
    assert ledger.spent == pytest.approx(ledger.by_organization.sum())
    landed = past.program.chain[..., 1:].sum(axis=(0, 1, 2))
    assert [ledger.received, ledger.used] == pytest.approx(landed)
    assert ledger.recipient_hours == pytest.approx(sum(kept.recipient_hours.sum() for kept in past.months))


@pytest.mark.parametrize("name", STRATEGIES)
def test_books_change_nothing_in_the_world(name):
    """A run that keeps none is the same run, with the same ledger."""
    kept = history(name)
    run = simulation(fresh(name, busy_world()[1]), log=False)
    while run.world.month < MONTHS:
        run.advance()
    assert run.program.chain is None
    assert run.program.logbook is None
    last = kept.months[MONTHS - 1]
    for column in KEPT:
        assert np.array_equal(getattr(run.world, column), getattr(last, column)), column
    mine, other = run.program.ledger, kept.program.ledger
    for account in ("spent", "turnkey_hours", "received", "used", "recipient_hours", "dollars", "by_activity"):
        assert getattr(mine, account) == getattr(other, account), account
    assert np.array_equal(mine.monthly, other.monthly)


@pytest.mark.parametrize("name", ALL)
def test_the_bill(name):
    """Hours at their rates, and units of each activity at its price."""
    ledger = history(name).program.ledger
    values = busy_world()[1]
    units = {activity: hours / values[f"{activity}_ta_hours"] for activity, hours in ledger.by_activity.items()}
    dollars = sum(count * values[f"{activity}_dollars"] for activity, count in units.items())
    assert ledger.dollars == pytest.approx(dollars)
    hours = ledger.spent * values["consultant_rate"] + ledger.recipient_hours * values["staff_rate"]
    assert ledger.cost(values) == pytest.approx(hours + dollars)


@pytest.mark.parametrize("hours", [5.0, 5000.0])
@pytest.mark.parametrize("area", [1, -1])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_received_is_what_landed_and_used_what_met_practices_in_use(activity, area, hours):
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    asks = area >= 0 and ACTIVITIES[activity].tier != "universal"
    landing = readiness(world, values, activity, LARGE, area) * coherence(world, values, LARGE, int(asks))
    asked = asked_of_each(values, activity, hours, participants(world, activity, LARGE))
    use = world.use[LARGE, area] if area >= 0 else world.use[LARGE].mean()
    program = deliver(
        world, delivery(activity, hours, organizations=[LARGE], areas=area), values=values, yearly_hours=60_000.0
    )
    received = hours * attendance(values, asked) * landing
    assert program.chain[0, CENTER, LEA] == pytest.approx([hours, received, received * use])


def test_no_more_lands_than_was_delivered():
    """However good the consultant."""
    values = simplest({"provider_quality_sd": 2.0, "readiness_reference": 1.0, "motivation_center": 0.01})
    found = []
    for key in range(30):
        world = new_world(values, agencies=CHAIN)
        program = deliver(world, delivery(hours=1.0, organizations=[LARGE]), values=values, key=key)
        quality = program.providers.quality[0]
        found.append(quality)
        assert program.chain[0, CENTER, LEA, 1] == pytest.approx(min(1.0, quality))
    assert max(found) > 1.0 > min(found)


@pytest.mark.parametrize("name", ALL)
def test_the_logbook_stays_in_its_ranges(name):
    """Every column between its bounds where it has a number; the three colors of a stocktake sum to 1."""
    monthly = history(name).program.logbook.monthly
    assert monthly.shape == (MONTHS, len(Level), len(LOGGED))
    columns = dict(zip(LOGGED, np.moveaxis(monthly, -1, 0), strict=True))
    for column, row in zip(columns.values(), LOGGED.values(), strict=True):
        there = column[~np.isnan(column)]
        assert (there >= row.low).all(), row.name
        assert (there <= row.high).all(), row.name
    colors = columns["red"] + columns["amber"] + columns["green"]
    assert colors[~np.isnan(colors)] == pytest.approx(1.0)
    assert np.isnan(monthly[:, CENTER, :3]).all()
    assert not np.isnan(columns["interest"][:, 1:]).any()


@pytest.mark.parametrize("name", ALL)
def test_the_logbook_knows_who_was_served_and_read(name):
    """Ratings in the months with hours at a level; readings from the first that was bought."""
    past, layout = history(name), busy_world()[0].layout
    monthly = past.program.logbook.monthly
    columns = dict(zip(LOGGED, np.moveaxis(monthly, -1, 0), strict=True))
    for level in range(1, len(Level)):
        own = layout.level == level
        served = np.array([kept.ta_hours[own].any() for kept in past.months[:MONTHS]])
        assert np.array_equal(~np.isnan(columns["expert_rating"][:, level]), served)
        assert np.array_equal(~np.isnan(columns["client_rating"][:, level]), served)
    bought = {row.yields for row in ACTIVITIES.values() if past.program.ledger.by_activity.get(row.name, 0.0) > 0.0}
    assert np.isnan(columns["use_reading"]).all() == ("stocktake" not in bought)
    assert np.isnan(columns["readiness_reading"]).all() == ("screening" not in bought)
    assert np.isnan(columns["skill_reading"]).all() == (not {"rubric", "expert"} & bought)
    for column in ("use_reading", "readiness_reading", "skill_reading", "routine_reading"):
        known = ~np.isnan(columns[column])
        assert (known[1:] >= known[:-1]).all(), column  # the latest reading stays known


def test_the_logbook_counts_ties_to_experts_until_the_center_closes():
    """Counted tie by tie after the month's help; the closing of the center ends all of them."""
    world = new_world(simplest(), agencies=CHAIN)
    wish = delivery(activity="expert_consultation", hours=400.0, organizations=[LARGE])
    program = program_for(world, Wish([wish]), months=1, yearly_hours=12000.0)
    assist(world, program)
    start, end = world.layout.center
    by_hand = [0] * world.layout.n_organizations
    for position, slots in enumerate(world.tie_to):
        by_hand[world.layout.organization[position]] += sum(start <= other < end for other in slots)
    assert by_hand[LARGE] > 0
    logged = program.logbook.monthly[0, :, list(LOGGED).index("expert_ties")]
    for level in range(1, len(Level)):
        own = np.flatnonzero(world.layout.level == level)
        assert logged[level] == pytest.approx(np.mean([by_hand[j] for j in own])), level
    assert np.isnan(logged[CENTER])
    assist(world, program)
    assert np.nansum(count_expert_ties(world)) == 0.0

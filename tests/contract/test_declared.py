"""What a strategy declares is what its ledger shows: activities, levels, areas, exit, co-design, chain and schedule."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from capsim.assistance.composed import schedule_shares
from capsim.assistance.program import Program
from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.levels import AGENCY_LEVELS
from tests.assistance.program_bench import AREAS, VALUES, assist, new_world, program_for

from .agencies import CHAIN
from .settled import KEY, ohio_world
from .strategies import ALL, fresh
from .watching import Watched

MONTHS, YEARLY, EXIT = 24, 3000.0, 16
PLANNING = int(VALUES["planning_months"])
COLUMN = {name: n for n, name in enumerate(ACTIVITIES)}
SERVING = [name for name, row in ALL.items() if row.activities and name not in {"shares of nothing", "only an exit"}]


@cache
def observed(name):
    """Program, watched strategy and world after two years of assistance alone."""
    world = new_world(agencies=CHAIN)
    watched = Watched(fresh(name, VALUES), world)
    program = program_for(world, watched, months=MONTHS, yearly_hours=YEARLY)
    for _ in range(MONTHS):
        assist(world, program)
    return program, watched, world


def rows_of(watched, *, universal=False):
    """Month, activity, agency, area and hours of every row, universal activities alone or left out."""
    for month, delivery in watched.decided:
        if (ACTIVITIES[delivery.activity].tier == "universal") != universal:
            continue
        columns = np.broadcast_arrays(delivery.organizations, delivery.areas, delivery.hours)
        for agency, area, hours in zip(*columns, strict=True):
            if hours > 0.0:
                yield month, delivery.activity, int(agency), int(area), float(hours)


def levels_of(composition):
    """Levels that are served, as codes with their shares of the hours."""
    recipients = composition.recipients
    shares = recipients if isinstance(recipients, Mapping) else dict.fromkeys(recipients, 1.0)
    return {AGENCY_LEVELS[level]: share for level, share in shares.items() if share > 0.0}


def mixes_of(composition):
    """The mixes of the months before the exit."""
    return composition.methods or (composition.activities,)


def saved_up(names):
    return sum(VALUES[f"{name}_ta_hours"] for name in names if ACTIVITIES[name].yields)


@pytest.mark.parametrize("name", ALL)
def test_activities_are_those_of_the_phase(name):
    """Month by month: the mix or the methods, in the exit its own mix, and co-design in its phase; nothing else."""
    composition, monthly = ALL[name], observed(name)[0].ledger.monthly
    for month in range(MONTHS):
        leaving = bool(composition.exit_activities) and month >= EXIT
        mixes = (composition.exit_activities,) if leaving else mixes_of(composition)
        declared = {activity for mix in mixes for activity, share in mix.items() if share > 0.0}
        now = "planning" if month < PLANNING else "implementation"
        if composition.codesign in {now, "both"} and any(mixes):
            declared.add("codesign")
        given = {activity for activity, column in COLUMN.items() if monthly[month, column] > 0.0}
        assert given <= declared, month
        if name in SERVING:
            assert {activity for activity in declared if not ACTIVITIES[activity].yields} <= given, month


def of_others(monthly):
    """Hours of each month, (months,), on all but readings; they also get what readings have to spare."""
    return monthly[:, [COLUMN[name] for name, row in ACTIVITIES.items() if not row.yields]].sum(axis=1)


def shares_of_others(composition):
    """Share of those hours of each activity before the exit, by month."""
    designing = codesign_of(composition)
    shares = {
        name: (1 - designing) * share for name, share in composition.activities.items() if not ACTIVITIES[name].yields
    }
    shares["codesign"] = shares.get("codesign", 0.0) + designing
    total = sum(shares.values())
    return {name: np.divide(share, total, out=np.zeros(MONTHS), where=total > 0.0) for name, share in shares.items()}


def codesign_of(composition):
    """Share of the hours that co-design takes, month by month."""
    share = np.zeros(MONTHS)
    if composition.codesign in {"planning", "both"}:
        share[:PLANNING] = VALUES["codesign_share"]
    if composition.codesign in {"implementation", "both"}:
        share[PLANNING:] = VALUES["codesign_share"]
    return share


@pytest.mark.parametrize("name", SERVING)
def test_codesign_takes_its_share_while_it_lasts(name):
    """Whatever the mix, the methods and the targetings; nothing where the mix has none and no phase is on."""
    composition, monthly = ALL[name], observed(name)[0].ledger.monthly
    hours = schedule_shares(composition.schedule, MONTHS) * YEARLY * MONTHS / 12
    share = codesign_of(composition)
    for month in range(MONTHS):
        leaving = bool(composition.exit_activities) and month >= EXIT
        mixes = (composition.exit_activities,) if leaving else mixes_of(composition)
        if any("codesign" in mix for mix in mixes):
            continue
        given = monthly[month, COLUMN["codesign"]]
        if any(ACTIVITIES[activity].yields for mix in mixes for activity in mix):
            assert given >= share[month] * hours[month] - 1e-9, month  # and its part of what readings have to spare
            assert (given > 0.0) == (share[month] > 0.0), month
        else:
            assert given == pytest.approx(share[month] * hours[month]), month


@pytest.mark.parametrize("name", [name for name in SERVING if not ALL[name].methods])
def test_shares_of_hours_are_kept(name):
    """By activity, in the months before the exit: at most for readings, in their proportion for all others."""
    composition, monthly = ALL[name], observed(name)[0].ledger.monthly
    until = EXIT if composition.exit_activities else MONTHS
    hours = schedule_shares(composition.schedule, MONTHS) * YEARLY * MONTHS / 12
    designing, others = codesign_of(composition), shares_of_others(composition)
    moved = [
        activity for activity in composition.activities if ACTIVITIES[activity].builds in {"people", "organization"}
    ]
    for activity, share in composition.activities.items():
        given = monthly[:, COLUMN[activity]]
        if ACTIVITIES[activity].yields:
            assert given[:until].sum() <= (hours * (1 - designing) * share)[:until].sum() + 1e-6
        elif not (composition.target_capacities and activity in moved):
            assert given[:until] == pytest.approx((others[activity] * of_others(monthly))[:until])


@pytest.mark.parametrize("name", [name for name in SERVING if ALL[name].target_capacities])
def test_targeted_capacities_only_move_hours_between_people_and_organization(name):
    composition, ledger = ALL[name], observed(name)[0].ledger
    building = [n for n in composition.activities if ACTIVITIES[n].builds in {"people", "organization"}]
    building = [activity for activity in building if not ACTIVITIES[activity].yields]
    together = ledger.monthly[:, [COLUMN[activity] for activity in building]].sum(axis=1)
    share = sum(shares_of_others(composition)[activity] for activity in building)
    assert together == pytest.approx(share * of_others(ledger.monthly))


@pytest.mark.parametrize("name", ALL)
def test_levels_are_those_declared(name):
    """The ledger holds hours of declared levels alone, in their shares where hours are divided by shares."""
    program, watched, world = observed(name)
    levels, layout = levels_of(ALL[name]), world.layout
    served = program.ledger.by_organization > 0.0
    below = {level for level in (2, 3, 4) if level > min(levels)} if ALL[name].chain == "cascade" else set()
    assert set(layout.level[served].tolist()) <= set(levels) | below  # readings are taken wherever a chain reaches
    hours = {}  # by the levels among which they are divided, and by month; a chain can pass on what its head cannot use
    for month, activity, agency, _, each in [*rows_of(watched), *rows_of(watched, universal=True)]:
        if not ACTIVITIES[activity].yields:
            able = frozenset(levels if ALL[name].chain == "cascade" else ACTIVITIES[activity].levels)
            hours.setdefault(able, np.zeros((MONTHS, 6)))[month, layout.level[agency]] += each
    if isinstance(ALL[name].recipients, Mapping) and name in SERVING:
        for able, by_level in hours.items():
            codes = {AGENCY_LEVELS.get(level, level) for level in able}
            shares = np.array([share if level in codes else 0.0 for level, share in levels.items()])
            given = by_level[:, list(levels)]
            assert np.array_equal(given.any(axis=0), shares > 0.0)
            # a targeting that looks along the chain can find nobody at a level in a month: the others share what it has
            shares = np.where(given > 0.0, shares, 0.0)
            divided = given.sum(axis=1, keepdims=True) * shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
            assert given == pytest.approx(divided)


@pytest.mark.parametrize("name", SERVING)
def test_everybody_is_served_where_targeting_leaves_nobody_out(name):
    """Alike, in activities for everybody and where the targeting is universal."""
    composition, (_, watched, world) = ALL[name], observed(name)
    recipients = np.flatnonzero(np.isin(world.layout.level, list(levels_of(composition))))
    everywhere = composition.targeting == "universal"
    rows = [*rows_of(watched, universal=True), *(rows_of(watched) if everywhere else ())]
    hours = np.zeros(world.layout.n_organizations)
    for _, activity, agency, _, each in rows:
        if not ACTIVITIES[activity].yields:
            hours[agency] += each
    if not isinstance(composition.recipients, Mapping) and not composition.target_capacities:
        assert hours[recipients] == pytest.approx(np.full(len(recipients), hours[recipients[0]]))


@pytest.mark.parametrize("name", ALL)
def test_areas_are_as_many_as_declared(name):
    """At any time an agency works on its focal areas; activities for everybody are on all areas."""
    composition, (_, watched, world) = ALL[name], observed(name)
    focal, K = composition.focal_areas, world.layout.n_areas
    by_agency, everywhere = {}, {}
    for month, activity, agency, area, _ in rows_of(watched):
        assert (area >= 0) == ACTIVITIES[activity].by_area
        if area >= 0:
            by_agency.setdefault((month, agency), set()).add(area)
    for month, _, agency, area, _ in rows_of(watched, universal=True):
        everywhere.setdefault((month, agency), set()).add(area)
    allowed = K if focal == 0 or (isinstance(focal, int) and focal > K) else focal
    for areas in by_agency.values():
        if isinstance(focal, int):
            assert len(areas) <= allowed
        else:
            assert areas == {AREAS.index(area) for area in focal}
    if not composition.methods:
        assert all(areas == set(range(K)) for areas in everywhere.values())
        many = list(by_agency.values())
        if isinstance(focal, int) and many and not composition.target_capacities:
            assert max(map(len, many)) == allowed


@pytest.mark.parametrize("name", [name for name in SERVING if ALL[name].methods])
def test_methods_keep_to_their_areas(name):
    methods = ALL[name].methods
    for month, activity, _, area, _ in rows_of(observed(name)[1]):
        leaving = ALL[name].exit_activities and month >= EXIT
        if not leaving and area >= 0:
            assert activity in methods[area % len(methods)]


@pytest.mark.parametrize("name", ALL)
def test_hours_are_passed_on_in_a_cascade_alone(name):
    """In the ledger: turn-key hours, and hours of recipients who pass on."""
    ledger = observed(name)[0].ledger
    passed_on = ALL[name].chain == "cascade" and any(
        not ACTIVITIES[activity].yields for mix in mixes_of(ALL[name]) for activity in mix
    )
    assert (ledger.turnkey_hours > 0.0) == passed_on


@pytest.mark.parametrize("name", SERVING)
def test_hours_follow_the_schedule(name):
    """Every month what is scheduled, but for what is saved for whole units, and was."""
    composition = ALL[name]
    spent = observed(name)[0].ledger.monthly.sum(axis=1)
    hours = schedule_shares(composition.schedule, MONTHS) * YEARLY * MONTHS / 12
    mixes = (*mixes_of(composition), composition.exit_activities)
    instruments = {activity for mix in mixes for activity in mix if ACTIVITIES[activity].yields}
    if not instruments:
        assert spent == pytest.approx(hours)
    else:
        assert (np.cumsum(spent) <= np.cumsum(hours) + 1e-6).all()


@cache
def ledgers_on_ohio():
    """Hours by month and activity, and by agency, that each shipped strategy leaves on the sample of Ohio."""
    settled, values = ohio_world()
    ledgers = {}
    for name in STRATEGIES:
        world = settled.copy()
        program = Program(fresh(name, values), world, values, months=12, yearly_hours=120_000.0, run_key=KEY)
        for _ in range(12):
            assist(world, program, values=values, key=KEY)
        ledgers[name] = (program.ledger.monthly, program.ledger.by_organization)
    return ledgers


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_other_shipped_strategy_leaves_the_same_ledger_on_ohio(name):
    """Nor nearly the same: one hour in twenty goes to another activity, agency or time."""
    mine = ledgers_on_ohio()[name]
    for other, ledger in ledgers_on_ohio().items():
        apart = max(np.abs(a - b).sum() for a, b in zip(mine, ledger, strict=True))
        assert (apart > 0.05 * mine[0].sum()) == (other != name) or name == "none", other
        assert (apart > 0.0) == (other != name), other

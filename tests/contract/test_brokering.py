"""Brokered ties: the chance that a participant wins one, whom it goes to, and which tie gives way."""

import dataclasses

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES
from capsim.parameters import resolve_values
from capsim.streams.keys import key_from_name
from capsim.streams.squares import fill_uniform
from capsim.world.slots import vacate
from tests.assistance.program_bench import KEY, delivery, idle, members, new_world, program_for
from tests.assistance.program_bench import Wish as Asked
from tests.assistance.program_bench import assist as one_month

from .agencies import CHAIN
from .by_hand import land, participants

BROKERS = {row.name: channel for row in ACTIVITIES.values() for channel in row.channels if channel.endswith("_ties")}
"""Channel of each activity that makes ties."""
SERVED = [0, 1, 3, 4, 5, 6, 7]
"""State, a region and districts; with groups of three that makes 0 4 7, 1 5 and 3 6."""
GIVEN = {
    "provider_quality_sd": 0.0,
    "provider_scale": 0.0,
    "group_agencies": 3,
    "center_experts": 5,
    "participation_limit": 1.0,
    "brokered_tie_strength": 0.5,
}
SLOTS = 8
SURE = 10.0
"""A chance rate at which those who take part win a tie."""


def values_for(activity, hazard=0.7, **others):
    """Parameters with another chance rate of the activity's ties."""
    return resolve_values({**GIVEN, f"{activity}_{BROKERS[activity]}": hazard, **others})


def lonely_world(values):
    """Nobody has a tie."""
    world = new_world(values, agencies=CHAIN)
    world.tie_to[:], world.tie_strength[:], world.consulted[:] = -1, 0.0, -1
    return world


def meet(activity, values, world, *, key=KEY, units=1.0, served=SERVED):
    """A month of the activity with so many units for each agency."""
    hours = units * values[f"{activity}_ta_hours"]
    wish = delivery(activity, hours, organizations=served, areas=1)
    one_month(world, program_for(world, Asked([wish]), values=values, yearly_hours=30_000.0, key=key), values=values)
    return world


def hazards(activity, values, world, *, units=1.0, served=SERVED):
    """Exponent of the chance of each position, by hand."""
    hazard = np.zeros(len(world.person))
    rows = [(agency, 1, units * values[f"{activity}_ta_hours"]) for agency in served]
    for row in land(world, values, activity, rows):
        hazard[row.people] = values[f"{activity}_{BROKERS[activity]}"] * row.each
    return hazard


def numbers_of(activity, world, key=KEY):
    numbers = np.empty((len(world.person), 3))
    layout = world.layout
    fill_uniform(
        numbers,
        np.uint64(key),
        np.uint64(key_from_name(f"ties:{activity}")),
        layout.position_identity,
        layout.position_row,
        np.uint64(world.month),
    )
    return numbers


def group_of(agency, served):
    """Agencies in whose group, of at most three, an agency is."""
    groups = -(-len(served) // 3)
    return next(served[n::groups] for n in range(groups) if agency in served[n::groups])


def peer(world, activity, i, u1, u2, served):
    """In another agency of the group, one of those for whom the activity is."""
    own = int(world.layout.organization[i])
    others = [agency for agency in group_of(own, served) if agency != own]
    if not others:
        return -1
    people = participants(world, activity, others[int(u1 * len(others))])
    return int(people[int(u2 * len(people))]) if len(people) else -1


def expert(world, activity, i, u1, u2, served):
    """Of the area of the highest priority, or anybody."""
    top, K = int(np.argmax(world.priority[i])), world.priority.shape[1]
    held = [e for e in range(*world.layout.center) if world.person[e] >= 0]
    own = [e for e in held if (e - world.layout.center[0]) % K == top] or held
    return own[int(u1 * len(own))] if own else -1


def trainer(world, activity, i, u1, u2, served):
    """The most skilled colleague."""
    own = members(world, int(world.layout.organization[i]))
    others = [c for c in range(own.start, own.stop) if c != i and world.person[c] >= 0]
    return max(others, key=lambda c: world.skill[c].mean(), default=-1)


def colleague(world, activity, i, u1, u2, served):
    """The most skilled of another agency of the level, drawn in proportion to its use."""
    level, own, k = world.layout.level, int(world.layout.organization[i]), int(np.argmax(world.priority[i]))
    best = {}
    for j in np.flatnonzero((level == level[own]) & (np.arange(len(level)) != own)):
        held = [c for c in range(world.layout.first[j], world.layout.first[j + 1]) if world.person[c] >= 0]
        if held:
            best[j] = max(held, key=lambda c: world.skill[c, k])
    agencies = list(best)
    share = np.cumsum(world.use[agencies, k])
    return best[agencies[int(np.searchsorted(share, u1 * share[-1], side="right"))]] if agencies else -1


CANDIDATE = {"peer_ties": peer, "expert_ties": expert, "trainer_ties": trainer, "colleague_ties": colleague}


def test_there_is_a_rule_for_every_kind_of_tie():
    assert set(CANDIDATE) == set(BROKERS.values())


def expected_ties(activity, values, before, served=SERVED, key=KEY):
    """Contact that each position wins, -1 for none; `before` has the skills after the deliveries."""
    hazard, numbers = hazards(activity, values, before, served=served), numbers_of(activity, before, key)
    won = np.full(len(hazard), -1)
    for i in np.flatnonzero(numbers[:, 0] < 1 - np.exp(-hazard)):
        won[i] = CANDIDATE[BROKERS[activity]](before, activity, i, numbers[i, 1], numbers[i, 2], served)
    return won


def at_the_start(world, values):
    """The state in which the month's ties are made, as far as a test that teaches nothing goes."""
    before = idle(world, values=values)
    before.month = world.month
    return before


@pytest.mark.parametrize("month", [0, 5])
@pytest.mark.parametrize("activity", BROKERS)
def test_who_meets_whom(activity, month):
    """Every tie of a month from its three numbers; with nothing learned, skills are those of the month before."""
    values = values_for(
        activity, 2.0, **{f"{activity}_knowledge": 0.0} if "skill" in ACTIVITIES[activity].channels else {}
    )
    world = lonely_world(values)
    before = at_the_start(world, values)
    before.month = world.month = month
    if month:  # the center opens in month 0 alone
        start, end = world.layout.center
        for column in ("person", "skill", "priority", "engagement", "disposition"):
            getattr(world, column)[start:end] = getattr(before, column)[start:end]
    won = expected_ties(activity, values, before)
    meet(activity, values, world)
    assert np.array_equal(world.tie_to[:, 0], won)
    assert (world.tie_to[:, 1:] == -1).all()
    assert np.array_equal(world.tie_strength[:, 0], np.where(won >= 0, 0.5, 0.0))
    assert (won >= 0).sum() >= 3
    assert len(set(won[won >= 0].tolist())) >= 3


@pytest.mark.parametrize("activity", BROKERS)
def test_the_chance_is_one_minus_exp_of_the_hazard(activity):
    """Over many keyed draws; each person's count is binomial, and so is their sum, nearly."""
    values = values_for(activity, 0.4)
    settled = lonely_world(values)
    before = at_the_start(settled, values)
    chance = 1 - np.exp(-hazards(activity, values, before))
    keys = range(1, 201)
    won = np.zeros(len(chance))
    for key in keys:
        won += meet(activity, values, settled.copy(), key=key).tie_to[:, 0] >= 0
    own = before.layout.organization
    if BROKERS[activity] == "peer_ties":  # who turns to an agency without anybody to meet finds nobody
        for i in np.flatnonzero(chance):
            others = [agency for agency in group_of(int(own[i]), SERVED) if agency != own[i]]
            chance[i] *= np.mean([len(participants(before, activity, agency)) > 0 for agency in others])
    if BROKERS[activity] == "trainer_ties":
        chance[own == 6] = 0.0  # alone in the agency
    if BROKERS[activity] == "colleague_ties":
        level, staffed = before.layout.level, np.bincount(own, before.person >= 0) > 0
        alone = [j for j in SERVED if not (staffed & (level == level[j]))[np.arange(len(level)) != j].any()]
        chance[np.isin(own, alone)] = 0.0  # nobody of their kind
    spread = np.sqrt(len(keys) * chance * (1 - chance))
    assert (np.abs(won - len(keys) * chance) <= 4.5 * spread).all()
    assert abs(won.sum() - len(keys) * chance.sum()) <= 4 * np.sqrt((spread**2).sum())
    assert 0.02 < chance[chance > 0].mean() < 0.9


@pytest.mark.parametrize("activity", BROKERS)
def test_more_than_people_can_attend_is_no_chance(activity):
    """The hazard counts the hours that people come to."""
    values = values_for(activity, 0.05, participation_limit=0.05)
    world = lonely_world(values)
    before = at_the_start(world, values)
    few, many = (hazards(activity, values, before, units=units) for units in (30.0, 60.0))
    people = few > 0
    assert few[people] == pytest.approx(many[people])
    first, second = (meet(activity, values, world.copy(), units=units) for units in (30.0, 60.0))
    assert np.array_equal(first.tie_to, second.tie_to)


@pytest.mark.parametrize("activity", BROKERS)
def test_no_candidate_no_tie(activity):
    """Alone in the group, without an expert, alone in the agency, nobody uses the practice."""
    values = values_for(activity, SURE, center_experts=0)
    world = lonely_world(values)
    world.use[:] = 0.0
    meet(activity, values, world, served=[6])
    assert (world.tie_to == -1).all()


def full_world(activity, values, strengths):
    """Everybody has eight ties to the last positions of the state, of the given strengths."""
    world = lonely_world(values)
    end = world.layout.center[0]
    contacts = np.setdiff1d(np.flatnonzero(world.person[:end] >= 0), np.arange(*world.layout.first[[1, 9]]))
    held = np.flatnonzero(world.person[:end] >= 0)
    for i in held:
        known = [c for c in contacts if c != i][-SLOTS:]
        world.tie_to[i], world.tie_strength[i] = known, strengths
    return world


@pytest.mark.parametrize("activity", BROKERS)
def test_the_weakest_tie_gives_way(activity):
    """Of two equally weak ones the first; what was consulted is forgotten with it, and only then."""
    values = values_for(activity, SURE)
    world = full_world(activity, values, [0.6, 0.4, 0.3, 0.9, 0.3, 0.5, 0.7, 0.8])
    served = [agency for agency in SERVED[2:] if len(participants(world, activity, agency))][:3]  # nobody meets nobody
    people = np.concatenate([participants(world, activity, agency) for agency in served])
    world.consulted[people[::2]], world.consulted[people[1::2]] = 2, 4
    before = world.copy()
    meet(activity, values, world, served=served)
    new = np.flatnonzero((world.tie_to != before.tie_to).any(axis=1))
    assert set(new) <= set(people)
    assert len(new) >= 2
    others = [0, 1, 3, 4, 5, 6, 7]
    assert np.array_equal(world.tie_to[new][:, others], before.tie_to[new][:, others])
    assert (world.tie_strength[new, 2] == 0.5).all()
    assert np.array_equal(world.consulted[new], np.where(before.consulted[new] == 2, -1, 4))


@pytest.mark.parametrize("activity", BROKERS)
def test_a_tie_that_is_as_strong_stays(activity):
    values = values_for(activity, SURE)
    world = full_world(activity, values, [0.5, 0.6, 0.5, 0.9, 0.5, 0.5, 0.7, 0.8])
    before = world.copy()
    meet(activity, values, world, served=[3, 4, 7])
    end = world.layout.center[0]
    assert np.array_equal(world.tie_to[:end], before.tie_to[:end])
    assert np.array_equal(world.tie_strength[:end], before.tie_strength[:end])


@pytest.mark.parametrize("activity", BROKERS)
def test_a_contact_stays_as_it_is(activity):
    """Whoever is known already is not known twice, and no better."""
    values = values_for(activity, SURE, **{f"{activity}_recipient_hours": 0.0})
    world = lonely_world(values)
    meet(activity, values, world)
    known = world.tie_to.copy()
    world.tie_strength[known >= 0] = 0.2
    again = lonely_world(values)
    again.tie_to[:], again.tie_strength[:] = known, world.tie_strength
    start = again.layout.center[0]
    again.person[start:] = world.person[start:]
    meet(activity, values, again)
    assert np.array_equal(again.tie_to, known)
    assert (again.tie_strength[known >= 0] == 0.2).all()


def test_no_expert_of_the_area_then_any_expert():
    """Two experts for three areas: those who care for the third ask either."""
    values = values_for("expert_consultation", SURE, center_experts=2)
    world = lonely_world(values)
    world.priority[world.person >= 0] = [0.1, 0.2, 0.7]
    meet("expert_consultation", values, world)
    start, end = world.layout.center
    asked = world.tie_to[world.tie_to >= 0]
    assert set(asked.tolist()) == set(range(start, end))


@pytest.mark.parametrize("activity", [name for name, channel in BROKERS.items() if channel == "peer_ties"])
def test_nobody_in_the_other_agency_no_peer(activity):
    values = values_for(activity, SURE)
    world = lonely_world(values)
    vacate(world, *world.layout.first[[4, 5]].tolist())
    meet(activity, values, world, served=[3, 4])
    assert (world.tie_to == -1).all()


@pytest.mark.parametrize("activity", [name for name, channel in BROKERS.items() if channel == "peer_ties"])
def test_groups_mix_states_unless_they_are_to_stay_at_home(activity):
    """Of two states with six agencies each: most ties cross the border, or none does."""
    values = values_for(activity, SURE, group_agencies=4)
    world = lonely_world(values)
    layout = world.layout
    served = list(range(12))
    state = np.arange(layout.n_organizations) // 6
    world.layout = dataclasses.replace(layout, market=state.astype(np.int32))
    hours = values[f"{activity}_ta_hours"]
    crossing = []
    for by_state in (False, True):
        here = world.copy()
        wish = dataclasses.replace(delivery(activity, hours, organizations=served, areas=1), by_state=by_state)
        one_month(here, program_for(here, Asked([wish]), values=values, yearly_hours=30_000.0), values=values)
        people, slots = np.nonzero(here.tie_to >= 0)
        asked = here.tie_to[people, slots]
        crossing.append((state[layout.organization[people]] != state[layout.organization[asked]]).mean())
        assert len(people) >= 6
    assert crossing[0] > 0.3
    assert crossing[1] == 0.0


def test_a_colleague_elsewhere_spends_hours_on_whom_is_referred():
    """As often as asked, and at the rate 0 never."""
    spent = {}
    for hazard, hours in ((SURE, 0.0), (SURE, 3.0), (0.0, 3.0)):
        values = values_for("referral", hazard, referral_expert_hours=hours)
        world = meet("referral", values, lonely_world(values))
        spent[hazard, hours] = (
            world.recipient_hours.sum(),
            np.unique(world.tie_to[world.tie_to >= 0], return_counts=True),
        )
    more = spent[SURE, 3.0][0] - spent[SURE, 0.0][0]
    assert more == pytest.approx(3.0 * spent[SURE, 3.0][1][1].sum())
    assert more > 0.0
    assert len(spent[0.0, 3.0][1][0]) == 0
    assert spent[0.0, 3.0][0] == pytest.approx(spent[SURE, 0.0][0])


def test_who_uses_a_practice_more_is_asked_more_often():
    """In proportion to use, within four standard deviations."""
    values = values_for("referral", SURE)
    asked = np.zeros(10)
    for key in range(1, 120):
        world = lonely_world(values)
        world.use[:] = 0.1
        world.use[5] = 0.4
        meet("referral", values, world, key=key, served=[3])
        contacts = world.tie_to[world.tie_to >= 0]
        np.add.at(asked, world.layout.organization[contacts], 1)
    others = [j for j in range(len(asked)) if j < len(world.layout.level) and world.layout.level[j] == 3 and j != 3]
    share = asked[5] / asked.sum()
    wanted = 0.4 / (0.1 * (len(others) - 1) + 0.4)
    assert share == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / asked.sum()))

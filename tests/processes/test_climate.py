"""Climate, by hand."""

import pytest

from capsim.processes.climate import CLIMATE

from .people import ESA, LEA, SEA, people, run, tie, vacate, values_with

VALUES = {
    "culture_rate": 0.5,
    "culture_base": 0.6,
    "culture_goals": 0.3,
    "goals_reference": 0.6,
    "culture_returned": 0.2,
    "returned_reference": 0.5,
    "culture_vacancy": 0.4,
    "vacancy_reference": 0.05,
    "culture_leader_exit": 0.1,
    "leader_exit_months": 12,
    "culture_overload": 0.05,
    "initiative_limit": 4,
    "engagement_rate": 0.5,
    "engagement_base": 0.6,
    "engagement_culture": 0.4,
    "engagement_fit": 0.4,
    "fit_reference": 0.75,
    "engagement_overload": 0.05,
    "data_systems_base": 0.5,
    "data_systems_rate": 0.1,
}
AT_REST = 0.6 + 0.3 * (1.0 - 0.6) - 0.4 * (0.0 - 0.05)
"""Target of culture with equal priorities (agreement 1), nobody consulted and nobody missing."""


def culture_after(prepare=None, start=0.5):
    world = people(4)
    world.culture[:] = start
    if prepare:
        prepare(world)
    run(CLIMATE, world, values_with(**VALUES))
    return float(world.culture[0])


def test_culture_at_rest():
    assert culture_after() == pytest.approx(0.5 + 0.5 * (AT_REST - 0.5))


def vacancy(world):
    vacate(world, 3)


def leader_left(world):
    world.leader_exit_age[:] = 11


def leader_left_long_ago(world):
    world.leader_exit_age[:] = 12


def five_areas(world):
    world.load[:] = 5


def two_areas(world):
    world.load[:] = 2


def many_of_others(world):
    world.outside_initiatives[:] = 7


def disagreement(world):
    world.priority[:] = [(0.9, 0.1), (0.1, 0.9), (0.5, 0.5), (0.5, 0.5)]


def advice(world):
    """Three consulted ties, one of them returned."""
    tie(world, 0, 1)
    tie(world, 1, 0)
    tie(world, 1, 2)
    tie(world, 2, 0)
    world.consulted[:3] = (0, 1, 0)


@pytest.mark.parametrize(
    ("prepare", "change"),
    [
        (vacancy, -0.4 * 0.25),
        (leader_left, -0.1),
        (leader_left_long_ago, 0.0),
        (five_areas, -0.05 * 3),
        (two_areas, 0.0),
        (many_of_others, -0.05 * 3),
        (advice, 0.2 * (1 / 3 - 0.5)),
        # variance of each area .32 / 3 over that of a uniform draw, 1 / 12
        (disagreement, 0.3 * (max(0.0, 1 - 0.32 / 3 * 12) - 1.0)),
    ],
)
def test_what_moves_culture(prepare, change):
    assert culture_after(prepare) == pytest.approx(0.5 + 0.5 * (AT_REST + change - 0.5))


def test_agreement_is_left_out_below_two_holders():
    world = people(1)
    run(CLIMATE, world, values_with(**VALUES))
    assert world.culture[0] == pytest.approx(0.5 + 0.5 * (0.6 + 0.4 * 0.05 - 0.5))


def test_lasting_effects_and_bounds():
    world = people(2)
    world.layout.culture_effect[:] = 0.07
    world.layout.engagement_effect[:] = 2.0
    world.layout.data_systems_effect[:] = -2.0
    run(CLIMATE, world, values_with(**VALUES))
    assert world.culture[0] == pytest.approx(0.5 + 0.5 * (AT_REST + 0.07 - 0.5))
    assert world.engagement.tolist() == pytest.approx([0.8, 0.8])  # toward 1
    assert world.data_systems[0] == pytest.approx(0.45)  # toward 0


def test_engagement_uses_the_culture_from_before():
    world = people(3)
    world.culture[:] = 0.8
    world.plan[0] = (0.9, 0.1)
    world.load[:] = 3
    world.priority[0] = (0.7, 0.3)
    vacate(world, 2)
    run(CLIMATE, world, values_with(**VALUES))
    common = 0.6 + 0.4 * 0.2 - 0.05
    assert world.engagement[0] == pytest.approx(0.6 + 0.5 * (common + 0.4 * (0.8 - 0.75) - 0.6))
    assert world.engagement[1] == pytest.approx(0.6 + 0.5 * (common + 0.4 * (0.6 - 0.75) - 0.6))
    assert world.engagement[2] == 0.0


def test_data_systems_return_to_their_base():
    world = people(1)
    world.data_systems[:] = 0.9
    run(CLIMATE, world, values_with(**VALUES))
    assert world.data_systems[0] == pytest.approx(0.86)


def test_the_alignment_of_resources_returns_to_its_base():
    world = people(1, 1)
    world.resource_alignment[:] = (0.9, 0.1)
    run(CLIMATE, world, values_with(**VALUES, resource_alignment_base=0.5, resource_alignment_rate=0.1))
    assert world.resource_alignment.tolist() == pytest.approx([0.86, 0.14])


def test_committed_time_returns_to_what_compliance_asks_of_a_state_agency():
    world = people(1, 1, 1, levels=[SEA, ESA, LEA])
    world.committed[:] = (0.2, 0.3, 0.3)
    run(CLIMATE, world, values_with(**VALUES, compliance_share=0.6, committed_return_rate=0.1))
    assert world.committed.tolist() == pytest.approx([0.24, 0.27, 0.27])

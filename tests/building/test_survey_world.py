"""A world moved to what a survey observed: means as observed, order kept, lasting causes solved, drift measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from capsim.building import Settled, run_key, settled_world, survey_world
from capsim.building.lasting import lasting_dispositions, raised_to_mean, raked, shifted_to_mean
from capsim.building.matching import match_survey, observable_states, wanted_states
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes, simulate
from capsim.engine.strategies import resolve_strategy
from capsim.instruments.own import numbers_of_survey, read_survey_items, state_of
from capsim.parameters import Values, resolve_values
from capsim.processes.climate import CLIMATE
from capsim.processes.priorities import PRIORITIES
from capsim.processes.process import Numbers
from capsim.processes.support import SUPPORT
from capsim.scenario import AgencyTable, Scenario, build_agencies, load_scenario, scenario_from_mapping, survey_of
from capsim.scenario.survey import Survey
from capsim.world import World
from capsim.world.invariants import broken_invariants

VALUES = resolve_values({"support_data_rate": 0.0})
"""Without data from above, which moves the state's own way: data systems are then their own."""
AREAS = ("equity", "integration", "data_use")
PROCESSES = column_processes(MONTH)
NO_NUMBERS = Numbers(np.empty((0, 0)), np.empty((0, 0)), np.empty((1, 0)))
PUPILS = (900, 2000, 3500, 6500, 12000, 20000)


def answers() -> dict[str, np.ndarray]:
    """Made-up answers about every district but the last, by item; rows are districts, the last column all areas."""
    found = {name: np.full((len(PUPILS), 4), np.nan) for name in SURVEY_ITEMS}
    for d in range(len(PUPILS) - 1):
        found["skill_rubric"][d, :3] = [30 + 5 * d, 40, 45 - 3 * d]
        found["routine_rubric"][d, :3] = [15 + 4 * d, 22, 30]
        found["priority_percent"][d, :3] = [25 + 5 * d, 45 - 3 * d, 30 - 2 * d]
        found["skill_likert"][d, 3] = 3.1 + 0.1 * d
        found["culture_likert"][d, 3] = 3.3 + 0.15 * d
        found["engagement_likert"][d, 3] = 3.2 + 0.2 * d
        found["data_systems_rubric"][d, 3] = 30 + 8 * d
    found["skill_rubric"][1] = [np.nan, np.nan, np.nan, 48]
    found["routine_rubric"][1] = [np.nan, np.nan, np.nan, 24]
    found["skill_rubric"][2] = np.nan
    return found


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("survey")
    districts = [f"D{d},District {d},XX,lea,{pupils}" for d, pupils in enumerate(PUPILS)]
    lines = ["id,name,state,level,enrollment", "S,State,XX,sea,", *districts]
    (folder / "own.csv").write_text("\n".join(lines) + "\n")
    rows, found = [f"agency,area,{','.join(SURVEY_ITEMS)}"], answers()
    for d in range(len(PUPILS)):
        for column, area in enumerate((*AREAS, "")):
            cells = [found[name][d, column] for name in SURVEY_ITEMS]
            rows.append(f"D{d},{area}," + ",".join("" if np.isnan(cell) else f"{cell:.10g}" for cell in cells))
    (folder / "seen.csv").write_text("\n".join(rows) + "\n")
    base = load_scenario("classroom").resolved()
    timeline = {"settling": 96, "assistance": 12, "follow_up": 0}
    changed = {**base, "agencies": {"source": "own.csv", "survey": "seen.csv"}, "timeline": timeline}
    return scenario_from_mapping(changed, folder=folder)


@pytest.fixture(scope="module")
def table(scenario: Scenario) -> AgencyTable:
    return build_agencies(scenario, VALUES)


@pytest.fixture(scope="module")
def survey(scenario: Scenario, table: AgencyTable) -> Survey:
    found = survey_of(scenario, table)
    assert found is not None
    return found


def settled(scenario: Scenario, replicate: int, *, with_survey: bool = True, values: Values = VALUES) -> Settled:
    content = scenario.resolved()
    if not with_survey:
        content = {**content, "agencies": {**content["agencies"], "survey": ""}}
    key = run_key(scenario.seed, replicate)
    return settled_world(scenario_from_mapping(content), values, PROCESSES, run_key=key)


@pytest.fixture(scope="module")
def worlds(scenario: Scenario) -> list[tuple[World, World]]:
    """Worlds as they settled, and the same moved to the survey."""
    return [
        (settled(scenario, replicate, with_survey=False).world, settled(scenario, replicate).world)
        for replicate in range(6)
    ]


def holders(world: World, agency: int) -> np.ndarray:
    members = np.arange(world.layout.first[agency], world.layout.first[agency + 1])
    return members[world.person[members] >= 0]


def test_means_are_as_observed(worlds: list[tuple[World, World]], survey: Survey) -> None:
    wanted = wanted_states(survey, VALUES)
    compared, out_of_reach = 0, 0
    for _, world in worlds:
        state = observable_states(world, len(survey.respondents))
        filled = np.array([len(holders(world, j)) for j in range(len(survey.respondents))]) / np.diff(
            world.layout.first[: len(survey.respondents) + 1]
        )
        for name, target in wanted.items():
            defined = ~np.isnan(target)
            reach = np.broadcast_to(filled[:, None], target.shape) if name == "skill_rubric" else np.ones(target.shape)
            within = defined & (target <= reach)
            assert np.abs(state[name] - target)[within].max() < 1e-9, name
            compared, out_of_reach = compared + within.sum(), out_of_reach + (defined & ~within).sum()
    assert compared > 200
    assert out_of_reach < 5


def test_a_matched_world_breaks_no_invariant_and_keeps_the_order_of_people(
    worlds: list[tuple[World, World]], survey: Survey
) -> None:
    for before, after in worlds:
        assert broken_invariants(after) == []
        for j in survey.agencies.tolist():
            here = holders(before, j)
            for area in range(len(AREAS)):
                old, new = before.skill[here, area], after.skill[here, area]
                assert (np.argsort(old) == np.argsort(new)).all() or np.ptp(new) == 0.0
            old, new = before.engagement[here], after.engagement[here]
            assert (np.argsort(old, kind="stable") == np.argsort(new, kind="stable")).all()


def test_data_systems_stand_still_though_those_above_raise_them(scenario: Scenario, survey: Survey) -> None:
    """The inverse of climate and support together, where the state's data systems are the better ones."""
    values = resolve_values({"support_weight": 1.0, "support_data_rate": 0.03, "data_systems_effect_sd": 0.0})
    world = settled(scenario, 0, values=values).world
    assert world.data_systems[-2] > world.data_systems[survey.agencies].min()
    before, raised = world.data_systems.copy(), world.copy()
    SUPPORT.apply(raised, NO_NUMBERS, values)
    assert (raised.data_systems[survey.agencies] - before[survey.agencies]).max() > 1e-3
    CLIMATE.apply(raised, NO_NUMBERS, values)
    np.testing.assert_allclose(raised.data_systems[survey.agencies], before[survey.agencies], atol=1e-12)


def test_agencies_without_answers_stay_as_they_settled(worlds: list[tuple[World, World]], survey: Survey) -> None:
    before, after = worlds[0]
    others = np.setdiff1d(np.arange(len(survey.respondents)), survey.agencies)
    assert len(others) == 2
    for j in others.tolist():
        here = holders(before, j)
        for name in ("skill", "priority", "disposition", "engagement", "tie_to"):
            np.testing.assert_array_equal(getattr(before, name)[here], getattr(after, name)[here])
        for name in ("routine", "plan", "culture", "data_systems"):
            np.testing.assert_array_equal(getattr(before, name)[j], getattr(after, name)[j])
        for name in ("culture_effect", "engagement_effect", "data_systems_effect"):
            assert getattr(before.layout, name)[j] == getattr(after.layout, name)[j]


def test_an_answer_for_all_areas_keeps_the_order_of_areas(
    worlds: list[tuple[World, World]], table: AgencyTable
) -> None:
    row = table.row_of("D1")
    for before, after in worlds:
        assert (np.argsort(before.routine[row]) == np.argsort(after.routine[row])).all()
        assert np.ptp(after.routine[row]) > 0.0
        assert after.routine[row].mean() == pytest.approx(0.24, abs=1e-9)


def test_a_rubric_goes_before_a_self_report_of_the_same_skills(survey: Survey, table: AgencyTable) -> None:
    wanted = wanted_states(survey, VALUES)["skill_likert"]
    rows = [table.row_of(f"D{d}") for d in range(len(PUPILS))]
    assert (~np.isnan(wanted[rows]).all(axis=1)).tolist() == [False, False, True, False, False, False]
    assert wanted[rows[2], -1] == pytest.approx((3.3 - 1.0 - VALUES["likert_leniency"]) / 4.0)


def matched(scenario: Scenario, survey: Survey, **changes: float) -> tuple[World, Values]:
    """A settled world moved to the survey with some parameters changed."""
    values = resolve_values(changes)
    world = settled(scenario, 0, with_survey=False).world
    match_survey(world, survey, values)
    return world, values


def test_culture_and_data_systems_stay_where_they_are_in_an_ordinary_month(scenario: Scenario, survey: Survey) -> None:
    quiet = {
        "culture_vacancy": 0.0,
        "culture_leader_exit": 0.0,
        "culture_returned": 0.0,
        "culture_overload": 0.0,
        "support_data_rate": 0.0,
    }
    world, values = matched(scenario, survey, **quiet)
    future = world.copy()
    CLIMATE.apply(future, NO_NUMBERS, values)
    seen = survey.agencies
    np.testing.assert_allclose(future.culture[seen], world.culture[seen], atol=1e-12)
    np.testing.assert_allclose(future.data_systems[seen], world.data_systems[seen], atol=1e-12)


def test_culture_stays_on_average_over_the_initiatives_of_others(scenario: Scenario, survey: Survey) -> None:
    """The lasting effect makes up for the overload that a Poisson number of initiatives brings, not for that of now."""
    quiet = {"culture_vacancy": 0.0, "culture_leader_exit": 0.0, "culture_returned": 0.0}
    world, values = matched(scenario, survey, initiative_limit=2.0, **quiet)
    numbers, moved = np.arange(30), 0.0
    chances = np.exp(-2.0) * np.cumprod(np.r_[1.0, 2.0 / numbers[1:]])  # Poisson with mean 2
    for number, chance in zip(numbers, chances, strict=True):
        future = world.copy()
        future.outside_initiatives[:] = number
        CLIMATE.apply(future, NO_NUMBERS, values)
        moved += chance * (future.culture - world.culture)[survey.agencies]
    np.testing.assert_allclose(moved, 0.0, atol=1e-8)  # at twenty initiatives the target is cut off at 0


def test_mean_engagement_stays_where_it_is_when_newcomers_are_like_the_others(
    scenario: Scenario, survey: Survey, table: AgencyTable
) -> None:
    row = table.row_of("D3")
    observed = state_of(SURVEY_ITEMS["engagement_likert"], survey.answers["engagement_likert"], VALUES)[row, -1]
    world, values = matched(scenario, survey, newcomer_engagement=float(observed), engagement_overload=0.0)
    future = world.copy()
    CLIMATE.apply(future, NO_NUMBERS, values)
    here = holders(world, row)
    assert world.engagement[here].mean() == pytest.approx(observed, abs=1e-12)
    assert future.engagement[here].mean() == pytest.approx(observed, abs=1e-12)


def test_holders_keep_their_mean_priorities(scenario: Scenario, survey: Survey) -> None:
    world, values = matched(scenario, survey, influence_contact=0.0, susceptibility=0.3)
    future = world.copy()
    PRIORITIES.apply(future, NO_NUMBERS, values)
    kept = 0
    for j in survey.agencies.tolist():
        here = holders(world, j)
        wanted = lasting_dispositions(world, values, j)
        np.testing.assert_allclose(world.disposition[here].mean(axis=0), wanted, atol=1e-9)
        if wanted.min() > 0.0:  # not cut to shares
            kept += 1
            np.testing.assert_allclose(future.priority[here].mean(axis=0), world.priority[here].mean(axis=0), atol=1e-9)
    assert kept >= 3


def test_use_keeps_its_ratio_to_potential(worlds: list[tuple[World, World]], survey: Survey) -> None:
    from capsim.measures.organizations import current_potential

    before, after = worlds[0]
    old, new = current_potential(before, VALUES)[0], current_potential(after, VALUES)[0]
    seen = survey.agencies
    np.testing.assert_allclose(
        after.use[seen] / new[seen], np.minimum(before.use[seen] / old[seen], 1.0 / new[seen]), rtol=1e-9
    )


def test_what_has_a_lasting_cause_does_not_drift(worlds: list[tuple[World, World]], survey: Survey) -> None:
    drifts = []
    for replicate, (_, world) in enumerate(worlds):
        copy = {name: column.copy() for name, column in world.columns()}
        seen = survey_world(world, survey, VALUES, PROCESSES, run_key=run_key(1, replicate))
        assert all(np.array_equal(column, copy[name]) for name, column in world.columns())
        drifts.append(seen.later - seen.state)
    mean = np.mean(drifts, axis=0)
    of = {name: [place for place, cell in enumerate(survey.cells()) if cell[0] == name] for name in SURVEY_ITEMS}
    for name in ("culture_likert", "engagement_likert", "data_systems_rubric"):
        assert abs(mean[of[name]].mean()) < 0.01, name
    assert np.abs(mean[of["data_systems_rubric"]]).max() < 1e-9
    # The model has no lasting cause of one agency's skills: what is observed far from where they settle drifts back.
    assert np.abs(mean[of["skill_rubric"]]).max() > 0.02


def test_drift_is_that_of_the_run_without_assistance(
    scenario: Scenario, worlds: list[tuple[World, World]], survey: Survey
) -> None:
    world, key = worlds[0][1], run_key(scenario.seed, 0)
    seen = survey_world(world, survey, VALUES, PROCESSES, run_key=key)
    _, make = resolve_strategy(scenario, "none")
    run = world.copy()
    simulate(
        run,
        VALUES,
        make(VALUES),
        processes=PROCESSES,
        assistance_months=12,
        follow_up_months=0,
        yearly_hours=0.0,
        run_key=key,
    )
    later = observable_states(run, len(survey.respondents))
    np.testing.assert_array_equal(seen.later, [later[name][row, column] for name, row, column in survey.cells()])


def test_items_read_back_what_they_stand_for_when_nothing_disturbs(survey: Survey) -> None:
    values = resolve_values({"rubric_noise_sd": 0.0, "likert_noise_sd": 0.0})
    n = len(survey.respondents)
    states = {name: state_of(item, survey.answers[name], values) for name, item in SURVEY_ITEMS.items()}
    numbers = np.random.default_rng(1).random((n, numbers_of_survey(len(AREAS))))
    read = read_survey_items(states, np.full(n, 0.5), numbers, values)
    for name, answered in survey.answers.items():
        np.testing.assert_allclose(read[name], answered, atol=1e-9)


def test_noise_of_items_is_that_of_the_instruments() -> None:
    n, values = 4000, resolve_values()
    states = {name: np.full((n, 2), 0.4) for name in SURVEY_ITEMS}
    numbers = np.random.default_rng(2).random((n, numbers_of_survey(1)))
    read = read_survey_items(states, np.full(n, 0.25), numbers, values)
    assert read["skill_rubric"].std() == pytest.approx(100 * values["rubric_noise_sd"] * 1.75, rel=0.05)
    assert read["skill_rubric"].mean() == pytest.approx(40.0, abs=0.5)
    assert read["culture_likert"].std() == pytest.approx(values["likert_noise_sd"], rel=0.05)
    assert read["culture_likert"].mean() == pytest.approx(2.6 + values["likert_leniency"], abs=0.02)
    assert (read["priority_percent"] == 40.0).all()
    together = np.column_stack([read[name] for name in SURVEY_ITEMS if name != "priority_percent"])
    assert np.abs(np.corrcoef(together.T) - np.eye(12)).max() < 0.07


@pytest.mark.parametrize("mean", [0.0, 1e-6, 0.3, 0.999, 1.0, 1.4, -0.1])
def test_shift_reaches_the_mean_inside_the_bounds(mean: float) -> None:
    values = np.random.default_rng(3).random(9)
    moved = shifted_to_mean(values, mean)
    assert moved.mean() == pytest.approx(min(1.0, max(0.0, mean)), abs=1e-12)
    assert moved.min() >= 0.0
    assert moved.max() <= 1.0


@pytest.mark.parametrize("seed", range(20))
def test_raking_reaches_the_mean_and_keeps_shares(seed: int) -> None:
    random = np.random.default_rng(seed)
    people, areas = int(random.integers(1, 12)), int(random.integers(1, 6))
    shares = random.dirichlet(np.full(areas, 0.4), people)
    mean = np.eye(areas)[0] if seed % 5 == 0 else random.dirichlet(np.full(areas, 0.6))
    moved, weights = raked(shares, mean)
    np.testing.assert_allclose(moved.mean(axis=0), mean, atol=1e-12)
    np.testing.assert_allclose(moved.sum(axis=1), 1.0, atol=1e-12)
    assert (weights >= 0.0).all()
    assert ((weights == 0.0) == (mean == 0.0)).all()


@pytest.mark.parametrize("mean", [-1.0, 0.0, 0.2, 0.97, 1.0, 2.0])
def test_targets_are_raised_to_a_mean_after_they_are_cut(mean: float) -> None:
    targets = np.array([-0.3, 0.2, 0.6, 1.4])
    raised = np.clip(targets + raised_to_mean(targets, mean), 0.0, 1.0)
    assert raised.mean() == pytest.approx(min(1.0, max(0.0, mean)), abs=1e-12)


def test_an_agency_where_nobody_is_left_is_set_where_it_can_be(
    scenario: Scenario, survey: Survey, table: AgencyTable, empty: Callable[[World, int], None]
) -> None:
    world, row = settled(scenario, 0, with_survey=False).world, table.row_of("D0")
    empty(world, row)
    match_survey(world, survey, VALUES)
    assert broken_invariants(world) == []
    state = observable_states(world, len(survey.respondents))
    assert np.isnan(state["engagement_likert"][row, -1])
    assert state["skill_rubric"][row].tolist() == [0.0] * 4
    assert state["routine_rubric"][row, 0] == pytest.approx(0.15)
    assert np.isfinite(world.layout.culture_effect).all()
    assert np.isfinite(world.layout.engagement_effect).all()


@pytest.fixture
def empty() -> Callable[[World, int], None]:
    """Takes everybody out of an agency."""
    from capsim.world.slots import vacate

    return lambda world, row: vacate(world, int(world.layout.first[row]), int(world.layout.first[row + 1]))


def test_a_scenario_without_a_survey_file_is_settled_as_before(scenario: Scenario, tmp_path: Path) -> None:
    with_file, without = settled(scenario, 1), settled(scenario, 1, with_survey=False)
    assert with_file.months == without.months
    assert with_file.drift == without.drift or np.isnan(without.drift)

"""March (1991): the compiled model is the plain one below, and what must come out at the edges does."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from validation.replications.march import Chances, Organization, Reading, found, knowledge_of, live
from validation.replications.march_figures import COLUMNS, FIGURES, figure_table
from validation.replications.readings import DEFAULT, READINGS

PROGRAM = READINGS[DEFAULT][0]
STILL = Chances(code=0.5, turnover=0.0, turbulence=0.0)


def plain_period(
    rng: Generator, reality: list[int], code: list[int], people: list[list[int]], rates: list[float],
    chances: Chances, reading: Reading,
) -> None:  # fmt: skip
    """One period, said as the paper says it."""

    def known(beliefs: list[int]) -> int:
        right = sum(b == r for b, r in zip(beliefs, reality, strict=True))
        wrong = sum(b == -r for b, r in zip(beliefs, reality, strict=True))
        return right - wrong if reading.net else right

    def learn_from_code() -> None:
        for person, rate in zip(people, rates, strict=True):
            for d, said in enumerate(code):
                if said != 0 and person[d] != said and rng.random() < rate:
                    opposite = person[d] == -said
                    person[d] = 0 if reading.stepwise and opposite else said

    if chances.turbulence > 0:
        for d in range(len(reality)):
            if rng.random() < chances.turbulence:
                reality[d] *= -1
    if chances.turnover > 0:
        for person in people:
            if rng.random() < chances.turnover:
                person[:] = [int(3 * rng.random()) - 1 for _ in person]
    if reading.in_turn:
        learn_from_code()
    shown = [
        [b if b != 0 or not reading.acting else (1 if rng.random() < 0.5 else -1) for b in person] for person in people
    ]
    best = [acts for acts in shown if known(acts) > known(code)]
    if not reading.in_turn:
        learn_from_code()
    for d in range(len(code)):
        for_one, against = sum(acts[d] == 1 for acts in best), sum(acts[d] == -1 for acts in best)
        if for_one == against:
            continue
        majority = 1 if for_one > against else -1
        if majority != code[d] and rng.random() >= (1 - chances.code) ** abs(for_one - against):
            code[d] = 0 if reading.code_stepwise and code[d] != 0 else majority


@pytest.mark.parametrize("name", READINGS)
@pytest.mark.parametrize("chances", [Chances(0.3, 0.0, 0.0), Chances(0.6, 0.2, 0.1)])
def test_the_compiled_model_is_the_plain_one(name: str, chances: Chances) -> None:
    reading = READINGS[name][0]
    for seed in range(5):
        rates = np.array([0.2, 0.7, 0.9, 0.4, 0.4])
        compiled, plain = default_rng(seed), default_rng(seed)
        org = found(compiled, rates, 6)
        start = found(plain, rates, 6)
        reality, code, people = start.reality.tolist(), start.code.tolist(), start.beliefs.tolist()
        for _ in range(12):
            live(compiled, org, chances, reading, np.zeros((2, 2)), False)
            plain_period(plain, reality, code, people, rates.tolist(), chances, reading)
            assert (org.reality.tolist(), org.code.tolist(), org.beliefs.tolist()) == (reality, code, people)


def organization(beliefs: list[list[int]], reality: list[int], rate: float = 0.5) -> Organization:
    people = np.array(beliefs, np.int8)
    rates = np.full(len(people), rate)
    return Organization(np.array(reality, np.int8), np.zeros(len(reality), np.int8), people, people.copy(), rates)


@pytest.mark.parametrize("name", READINGS)
def test_people_who_all_believe_the_truth_teach_it_to_the_code(name: str) -> None:
    truth = [1, -1, -1, 1]
    org, path = organization([truth] * 7, truth), np.zeros((500, 2))
    done = live(default_rng(1), org, STILL, READINGS[name][0], path, True)
    assert org.code.tolist() == truth
    assert path[done].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("name", READINGS)
def test_from_people_who_are_all_wrong_nothing_is_learned(name: str) -> None:
    org, path = organization([[-1, -1, -1, -1]] * 7, [1, 1, 1, 1]), np.zeros((500, 2))
    assert live(default_rng(1), org, STILL, READINGS[name][0], path, True) == 1
    assert org.code.tolist() == [0, 0, 0, 0]


def test_rest_is_rest() -> None:
    """Another hundred rounds change nothing after a run says that nothing can change."""
    for name, (reading, _) in READINGS.items():
        for seed in range(20):
            rng = default_rng(seed)
            org, path = found(rng, np.full(9, 0.6), 8), np.zeros((3000, 2))
            assert live(rng, org, STILL, reading, path, True) < 2999, name
            before = org.code.copy(), org.beliefs.copy()
            live(rng, org, STILL, reading, np.zeros((101, 2)), False)
            assert (org.code == before[0]).all(), name
            assert (org.beliefs == before[1]).all(), name


def test_without_learning_rates_nobody_learns() -> None:
    rng = default_rng(3)
    org, path = found(rng, np.zeros(6), 5), np.zeros((21, 2))
    before = org.beliefs.copy()
    live(rng, org, STILL._replace(code=0.0), PROGRAM, path, False)
    assert (org.code == 0).all()
    assert (org.beliefs == before).all()
    assert knowledge_of(org, PROGRAM).mean() == pytest.approx(path[-1, 1])


def test_a_code_that_learns_fast_gains_from_people_who_learn_slowly() -> None:
    table = figure_table(1, runs=30, reading=PROGRAM)
    code = table[table["quantity"] == "code"].set_index(["p1", "p2"])["mean"]
    assert code[0.1, 0.9] > code[0.9, 0.9] + 0.1
    assert code[0.1, 0.9] > code[0.1, 0.1]
    assert code[0.1, 0.9] == pytest.approx(0.977, abs=0.03)  # read off the printed figure


@pytest.mark.parametrize("number", FIGURES)
def test_a_figure_is_a_table_of_its_points(number: int) -> None:
    table = figure_table(number, runs=2, reading=PROGRAM)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == {1: 54, 2: 44, 3: 40, 4: 44, 5: 400}[number]
    assert not table.duplicated(["p1", "p2", "quantity"]).any()
    assert set(table["quantity"]) == {"code", "individuals"}
    assert table["mean"].between(-1.0, 1.0).all()
    assert (table["runs"] == 2).all()
    assert table.equals(figure_table(number, runs=2, reading=PROGRAM))
    assert not table.equals(figure_table(number, runs=2, seed=2, reading=PROGRAM))


def test_the_lines_of_the_mixed_population_meet_at_its_ends() -> None:
    table = figure_table(3, runs=3, reading=PROGRAM)
    people = table[table["quantity"] == "individuals"]
    for share, rows in people.groupby("p1"):
        assert len(rows) == (3 if 0.0 < share < 1.0 else 1)

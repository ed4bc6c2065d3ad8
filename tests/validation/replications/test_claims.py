"""Claims in words become contrasts, and a contrast a verdict."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from validation.replications.claims import Claim, falls_more, judge, more, rising
from validation.replications.march import Reading
from validation.replications.march_figures import figure_table
from validation.replications.march_published import CLAIMS, published
from validation.replications.readings import DEFAULT, READINGS
from validation.replications.running import distance

TABLE = pd.DataFrame(
    {"what": ["a", "b", "c"], "mean": [3.0, 2.0, 2.01], "sd": [1.0, 1.0, 1.0], "runs": [100, 100, 100]}
)
A, B, C = ("a",), ("b",), ("c",)


@pytest.mark.parametrize(
    ("contrasts", "verdict", "difference"),
    [
        ((more(A, B),), "holds", 1.0),
        ((more(B, A),), "fails", -1.0),
        ((more(C, B),), "undecided", 0.01),
        (rising(B, C, A), "undecided", 0.01),
        (rising(A, B), "fails", -1.0),
        ((more(A, B), more(B, A)), "fails", -1.0),
        ((falls_more((A, B), (C, B)),), "holds", 0.99),
    ],
)
def test_a_claim_holds_if_all_its_intervals_lie_above_zero(contrasts: tuple, verdict: str, difference: float) -> None:
    (found,) = judge([Claim("words", contrasts)], TABLE)
    assert (found.verdict, found.words) == (verdict, "words")
    assert found.difference == pytest.approx(difference)
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(0.02), rel=0.01)


@pytest.mark.parametrize("number", CLAIMS)
def test_every_row_that_claims_and_published_values_name_is_run(number: int) -> None:
    table = figure_table(number, runs=2, reading=READINGS[DEFAULT][0])
    assert len(judge(CLAIMS[number], table)) == len(CLAIMS[number])
    keys = set(table[["p1", "p2", "quantity"]].itertuples(index=False, name=None))
    assert set(published(number)) <= keys
    if published(number):
        assert all(0.4 < value < 1.0 for value in published(number).values())


def test_the_distance_from_what_was_published() -> None:
    table = pd.DataFrame([(*key, value + 0.01, 0.0, 4) for key, value in published(1).items()])
    table.columns = ["p1", "p2", "quantity", "mean", "sd", "runs"]
    assert distance(table, 1) == pytest.approx({"typical": 0.01, "largest": 0.01, "mean": 0.01, "by_luck": 0.0})


def test_readings_differ() -> None:
    rules: list[Reading] = [reading for reading, _ in READINGS.values()]
    assert len(set(rules)) == len(rules)

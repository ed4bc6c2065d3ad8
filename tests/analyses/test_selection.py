"""KN against its published guarantee and figures; coverage over scenarios."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.analyses.selection import (
    kim_nelson,
    pairwise_skewness,
    population_effect,
    select_best,
    select_strategy,
)
from capsim.errors import InputError

DELTA = 0.2


def _studies(select, k, correlation, *, skewed, macro, **options):
    """Share of right choices, and runs of a system, in the least favorable case: all others exactly delta below."""
    right, runs = 0, []
    for study in range(macro):
        rng = np.random.default_rng([study, k])
        common, own = rng.standard_normal((2500, 1)), rng.standard_normal((2500, k))
        noise = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own
        if skewed:
            noise = (np.exp(noise) - np.exp(0.5)) / np.sqrt((np.e - 1.0) * np.e)
        noise[:, 0] += DELTA
        names = [f"s{place}" for place in range(k)]
        found = select(lambda s, a, n, noise=noise: noise[a : a + n][:, s], names, delta=DELTA, most=2500, **options)
        right += found.best == "s0"
        runs.append(np.mean(list(found.replications.values())))
    return right / macro, float(np.mean(runs))


@pytest.mark.parametrize(("correlation", "published"), [(0.0, 159), (0.5, 80), (0.9, 22)])
def test_kn_keeps_its_guarantee_and_its_cost(correlation, published):
    right, runs = _studies(kim_nelson, 5, correlation, skewed=False, macro=150, step=2)
    assert right >= 0.92
    assert runs == pytest.approx(published, rel=0.08)


def test_skewed_outcomes_are_averaged_in_batches():
    right, _ = _studies(select_best, 10, 0.0, skewed=True, macro=120)
    assert right >= 0.92, "single runs reach .88"
    rng = np.random.default_rng(1)
    assert pairwise_skewness(rng.standard_normal((20, 5))) < 1.0
    assert pairwise_skewness(np.exp(1.5 * rng.standard_normal((20, 5)))) > 1.0


def test_a_selection_says_what_it_did():
    rng = np.random.default_rng(4)
    table = rng.standard_normal((500, 3)) + np.array([0.0, 2.0, 1.0])
    found = select_best(lambda s, a, n: table[a : a + n][:, s], ["x", "y", "z"], delta=0.3)
    assert (found.best, found.survivors, found.resolved) == ("y", ("y",), True)
    assert set(found.eliminated_at) == {"x", "z"}
    assert found.replications["y"] >= found.replications["x"]
    assert "95%" in found.sentence()
    same = np.repeat(rng.standard_normal((60, 1)), 2, axis=1) + 0.5 * rng.standard_normal((60, 2))
    unsettled = select_best(lambda s, a, n: same[a : a + n][:, s], ["x", "y"], delta=0.01, most=60)
    assert unsettled.survivors == ("x", "y")
    assert unsettled.best == max(unsettled.means, key=unsettled.means.get)
    turned = select_best(lambda s, a, n: same[a : a + n, ::-1][:, s], ["x", "y"], delta=0.01, most=60)
    assert turned.best != unsettled.best
    assert "Not resolved" in unsettled.sentence()
    with pytest.raises(InputError, match="must be above 0"):
        select_best(lambda s, a, n: same, ["x", "y"], delta=0.0)


def test_a_strategy_is_selected(small):
    found = select_strategy(small, ["none", "organization_focused"], delta=0.1, outcome="ta_hours")
    assert found.best == "organization_focused"
    assert found.replications["none"] == 20
    assert repr(found).startswith("<Selection: organization_focused is the best of 2")
    assert "<table" in found._repr_html_()
    assert select_strategy(small, ["none", "organization_focused"], delta=np.float64(0.4), outcome="use").resolved


def test_intervals_over_scenarios_cover_and_pooling_would_not():
    rng = np.random.default_rng(6)
    covered = pooled = 0
    for _ in range(400):
        table = rng.standard_normal((20, 1)) + 0.5 * rng.standard_normal((20, 10))
        found = population_effect(table)
        covered += found.low <= 0.0 <= found.high
        flat = population_effect(table.reshape(-1, 1))
        pooled += flat.low <= 0.0 <= flat.high
    assert 0.92 <= covered / 400 <= 0.98
    assert pooled / 400 < 0.6

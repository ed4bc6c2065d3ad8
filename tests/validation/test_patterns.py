"""The machinery of the patterns under assistance works on known cases; what the patterns find is not tested."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from capsim.measures.capacities import mean_skill
from capsim.parameters import resolve_values
from tests.validation.worlds import settled_world
from validation.__main__ import main
from validation.pattern_table import PATTERNS, RESAMPLES, REVISED, Expected, Matching, Start
from validation.patterns.aiming import slope_over
from validation.patterns.judging import Estimate, paired, resampled_of, resamples_of, verdict_of
from validation.patterns.matching import SMALLEST_MULTIPLE, Match
from validation.patterns.networks import mean_similarity_of_pairs, network_shapes
from validation.patterns.page import patterns_markdown, stale_notes
from validation.patterns.practices import lost_shares
from validation.patterns.readiness import correlation
from validation.patterns.running import QUICK, run_rows
from validation.patterns.saving import patterns_json, provenance_of, read_patterns
from validation.patterns.starting import districts_of, factor_levels, start_from
from validation.patterns.statistics import measure_row
from validation.patterns.storage import (
    half_lives,
    log_ratio_slope,
    ratio_of_medians,
    restricted_mean,
    share_censored,
    survival_median,
    zeros_of_line,
)
from validation.patterns.watching import self_rating, true_gap

DOCS = Path(__file__).parents[2] / "docs"
HOW = "run `python -m validation patterns --from docs/patterns.json --write docs/patterns.md`"


# half-lives and their ratio


def test_half_life_is_linear_between_months_censored_and_undefined():
    gains = np.array([[1.0, 0.8, 0.4, 0.1], [1.0, 0.9, 0.8, 0.7], [0.001, 0.0, 0.0, 0.0], [1.0, 0.5, 0.9, 0.9]])
    assert half_lives(gains) == pytest.approx([1.75, math.inf, math.nan, 1.0], nan_ok=True)


def test_half_life_of_exponential_decay_is_that_of_its_rate():
    months = np.arange(241)
    gains = 0.05 * np.exp(-np.log(2.0) / np.array([[7.0], [30.0], [200.0], [300.0]]) * months)
    assert half_lives(gains)[:3] == pytest.approx([7.0, 30.0, 200.0], rel=2e-3)
    assert math.isinf(half_lives(gains)[3])


def product_limit_median(times):
    """Kaplan-Meier written out: the first event time at which the product of (1 - 1 / at risk) is at most one half."""
    known = sorted(t for t in times if not math.isnan(t))
    curve = 1.0
    for place, time in enumerate(known):
        if math.isinf(time):
            break
        curve *= 1.0 - 1.0 / (len(known) - place)
        if curve <= 0.5 + 1e-12:
            return time
    return math.inf if known else math.nan


def test_median_with_censoring_is_the_product_limit_one():
    rng = np.random.default_rng(3)
    for n in range(1, 30):
        times = np.where(rng.random(n) < 0.4, math.inf, rng.exponential(50.0, n))
        times[rng.random(n) < 0.1] = math.nan
        assert survival_median(times) == pytest.approx(product_limit_median(times), nan_ok=True)


def test_censored_share_and_restricted_mean():
    times = np.array([10.0, 30.0, math.inf, math.inf, math.nan])
    assert share_censored(times) == 0.4
    assert restricted_mean(times, 240.0) == (10 + 30 + 240 + 240) / 4
    assert math.isnan(survival_median(np.array([math.nan])))


def test_ratio_is_a_bound_where_one_median_is_not_reached():
    never, fast = np.full(4, math.inf), np.full(4, 60.0)
    times = {"routine_only": never, "individual_only": fast}
    assert math.isnan(ratio_of_medians(times))
    assert ratio_of_medians(times, bound=240.0) == 4.0
    assert math.isnan(ratio_of_medians({"routine_only": never, "individual_only": never}, bound=240.0))


def test_slope_of_log_ratio_over_levels_that_have_one():
    taus = [0.0, 0.16, 0.25, 0.4]
    ratios = [math.exp(-1.0 + 5.0 * tau) for tau in taus]
    assert log_ratio_slope(taus, ratios) == pytest.approx(5.0)
    assert log_ratio_slope(taus, [math.nan, *ratios[1:]]) == pytest.approx(5.0)
    assert math.isnan(log_ratio_slope(taus, [math.nan, math.nan, *ratios[2:]]))
    assert zeros_of_line(taus, ratios) == pytest.approx([0.2])
    assert zeros_of_line(taus, [2.0, 3.0, 4.0, 5.0]) == []
    assert len(zeros_of_line(taus, [0.5, 2.0, 0.5, 2.0])) == 3


# judging


def expected(sign, low=0.0, high=0.0):
    return dataclasses.replace(PATTERNS[1].judged[0], sign=sign, low=low, high=high)


@pytest.mark.parametrize(
    ("rule", "low", "high", "verdict"),
    [
        (expected("+"), 0.1, 0.2, "met"),
        (expected("+"), -0.1, 0.2, "not resolved"),
        (expected("+"), -0.2, -0.1, "missed"),
        (expected("-"), -0.2, -0.1, "met"),
        (expected("-"), 0.1, 0.2, "missed"),
        (expected("+"), 0.0, 0.0, "not resolved"),
        (expected("+"), math.nan, math.nan, "not resolved"),
        (expected("band", 0.4, 0.8), 0.4, 0.8, "met"),
        (expected("band", 0.4, 0.8), 0.3, 0.5, "not resolved"),
        (expected("band", 0.4, 0.8), 0.81, 0.9, "missed"),
    ],
)
def test_verdicts(rule: Expected, low, high, verdict):
    assert verdict_of(rule, Estimate((low + high) / 2.0, low, high, 9)) == verdict


def test_intervals_cover_a_known_mean():
    values = np.random.default_rng(1).normal(3.0, 1.0, 400)
    for estimate in (paired(values), resampled_of(values, lambda drawn: float(drawn.mean()))):
        assert estimate.value == pytest.approx(values.mean())
        assert estimate.high - estimate.low == pytest.approx(2 * 1.96 / 20, rel=0.15)
    assert paired(values, 0.99).high > paired(values).high


def test_resamples_are_those_of_the_intervals():
    means = [rows.mean() for rows in resamples_of(50)]
    assert len(means) == RESAMPLES
    interval = resampled_of(np.arange(50.0), lambda drawn: float(drawn.mean()))
    low, high = np.quantile(means, [0.025, 0.975], method="inverted_cdf")
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.05)


def test_slope_over_areas_of_a_line():
    totals = np.array([[1.0, 4.0], [3.0, 3.0], [5.0, 2.0], [9.0, 0.0]])
    assert slope_over((1, 2, 3, 5), totals) == pytest.approx([2.0, -1.0])


def test_correlation_leaves_out_what_is_not_known():
    assert correlation(np.array([1.0, 2.0, math.nan, 3.0]), np.array([3.0, 2.0, 9.0, 1.0])) == pytest.approx(-1.0)
    assert math.isnan(correlation(np.ones(4), np.arange(4.0)))


# matching


@pytest.fixture
def rule() -> Matching:
    assert PATTERNS[0].matching is not None
    return PATTERNS[0].matching


@pytest.mark.parametrize("wanted", [0.02, 0.07, 0.3, 0.61, 0.97])
def test_bisection_finds_the_multiple_of_a_growing_gain(rule, wanted):
    def gain(f):
        return 0.1 * (1.0 - math.exp(-2.0 * f))

    match = Match(rule, {"individual_only": gain(1.0), "routine_only": gain(wanted)})
    steps = 0
    while (multiple := match.next_multiple) is not None:
        assert SMALLEST_MULTIPLE <= multiple <= 1.0
        match.add(gain(multiple))
        steps += 1
    assert match.scaled == "individual_only"
    assert steps <= rule.most_steps
    assert match.used
    assert match.multiple == pytest.approx(wanted, rel=0.08)


def test_doses_that_cannot_be_matched_are_not_used(rule):
    match = Match(rule, {"individual_only": 0.1, "routine_only": 0.05})
    while match.next_multiple is not None:
        match.add(0.1)
    assert not match.used
    assert not Match(rule, {"individual_only": 0.1, "routine_only": -0.01}).used


# readings and starting states


@pytest.fixture(scope="module")
def values():
    return resolve_values()


@pytest.fixture(scope="module")
def world(values):
    return settled_world(values, key=5)


def test_a_star_is_central_and_a_ring_is_not(world, values):
    first = world.layout.first
    shapes = {}
    for shape in ("star", "ring"):
        twin = world.copy()
        twin.tie_to[:] = -1
        for j in districts_of(twin):
            here = np.arange(first[j], first[j + 1])
            twin.person[here] = here
            twin.tie_to[here, 0] = np.roll(here, 1) if shape == "ring" else np.where(here == first[j], -1, first[j])
        twin.tie_strength[:] = 1.0
        shapes[shape] = network_shapes(twin, values)
    assert shapes["star"]["indegree_centralisation"] == pytest.approx(1.0)
    assert shapes["ring"]["indegree_centralisation"] == pytest.approx(0.0)
    assert shapes["ring"]["frequent_ties"] == 1.0
    assert shapes["ring"]["cross_agency_share"] == 0.0


def test_ties_to_another_agency_count_and_those_to_the_center_do_not(world, values):
    layout = world.layout
    twin = world.copy()
    twin.tie_to[:] = -1
    one, other = (int(layout.first[j]) for j in districts_of(world)[:2])
    twin.person[[one, one + 1, other, layout.center[0]]] = 7
    twin.tie_to[one, :3] = one + 1, other, layout.center[0]
    twin.tie_strength[one, :3] = 1.0
    assert network_shapes(twin, values)["cross_agency_share"] == 0.5


def test_similarity_of_pairs_is_that_of_all_pairs(world):
    rows = districts_of(world)
    found = []
    for j in rows:
        own = world.priority[world.layout.first[j] : world.layout.first[j + 1]]
        own = own[world.person[world.layout.first[j] : world.layout.first[j + 1]] >= 0]
        pairs = 1.0 - 0.5 * np.abs(own[:, None] - own[None, :]).sum(axis=2)
        found.append(pairs[~np.eye(len(own), dtype=bool)])
    assert mean_similarity_of_pairs(world, rows) == pytest.approx(np.concatenate(found).mean())


def test_needs(world, values):
    gap, said = true_gap(world), self_rating(world, values, run_key=1, month=12)
    j = districts_of(world)[0]
    people = mean_skill(world.layout.first, world.skill)[j]
    assert gap[0] == pytest.approx(1.0 - 0.5 * (people.mean() + world.routine[j].mean()))
    assert ((said >= 1.0) & (said <= 5.0)).all()
    exact = resolve_values({"likert_noise_sd": 0.0, "likert_leniency": 0.0})
    here = slice(world.layout.first[j], world.layout.first[j + 1])
    skill = world.skill[here][world.person[here] >= 0].mean()
    assert self_rating(world, exact, run_key=1, month=12)[0] == pytest.approx(1.0 + 4.0 * skill)


def test_half_of_a_practice_is_lost_within_a_year_or_it_is_not():
    months, long_ago = np.arange(30), 999
    since = np.stack([np.where(months < 5, long_ago, months - 5), np.full(30, long_ago)], axis=1)
    use = np.full((30, 2, 2), 0.4)
    use[10:, 0, 0] = 0.1  # lost five months after the leader left; the other area goes on
    assert lost_shares(use, since) == (0.5, 0.0)
    use[2:, 1, 1] = 0.01  # lost at once where nobody left, and then nothing that could be lost
    after, otherwise = lost_shares(use, since)
    assert after == 0.5
    assert otherwise == pytest.approx(1 / 18)  # a month with both practices, 16 with one
    assert all(map(math.isnan, lost_shares(use[:12], since[:12])))


def test_a_page_of_an_earlier_model_says_so():
    results, provenance = read_patterns(DOCS / "patterns.json")
    said = "Of an earlier model"
    assert said in patterns_markdown(results, provenance | {"results_version": REVISED - 1})
    assert said not in patterns_markdown(results, provenance | {"results_version": REVISED})


@pytest.mark.parametrize("state", ["motivation", "general", "specific"])
@pytest.mark.parametrize(("rule", "number"), [("times median", 1.0), ("times median", 0.1), ("quantile", 0.9)])
def test_states_are_set_to_what_is_wanted(world, state, rule, number):
    held = resolve_values({"coaching_prerequisite": 0.5})
    before = factor_levels(state, world, held)
    quantile, factor = (0.5, number) if rule == "times median" else (number, 1.0)
    wanted = factor * np.nanquantile(before, quantile, axis=0)
    after = factor_levels(state, start_from(world, held, (Start(state, rule, number),)), held)
    assert after == pytest.approx(np.broadcast_to(wanted, after.shape), rel=1e-6)
    assert factor_levels(state, world, held) == pytest.approx(before)


def test_routines_and_exits_are_set(world, values):
    stay = resolve_values(
        dict.fromkeys(("lea_annual_exit", "superintendent_annual_exit", "superintendent_large_annual_exit"), 0.0)
    )
    start = start_from(world, stay, (Start("routine", "mean", 0.6),))
    rows = districts_of(world)
    assert start.routine[rows].mean(axis=0) == pytest.approx(0.6)
    district = np.isin(world.layout.organization, rows)
    assert (start.layout.hazard[district] == 0.0).all()
    assert start.layout.hazard[~district] == pytest.approx(world.layout.hazard[~district])
    assert start_from(world, values, ()).layout.hazard == pytest.approx(world.layout.hazard)


# everything together, small


UNDEFINED_WHEN_FEW = (
    "ratio of half-lives rises with turnover",
    "use follows late",
    "hazard ratio, weak routines",
    "hazard ratio, strong routines",
)
"""Statistics that the declaration calls undefined when medians are not reached, a gain is not clearly above 0, or
nothing is lost.
"""


@pytest.fixture(scope="module")
def quick():
    return run_rows(PATTERNS, size=QUICK)


def test_every_row_runs_and_everything_declared_is_measured(quick):
    for row, result in zip(PATTERNS, map(measure_row, quick), strict=True):
        assert result.failures == ()
        assert [line.name for line in result.judged] == [one.name for one in row.judged]
        assert {line.name for line in result.reported} == {one.name for one in row.reported}
        undefined = {line.name for line in result.judged if not math.isfinite(line.estimate.value)}
        assert undefined <= set(UNDEFINED_WHEN_FEW)


def test_doses_are_matched_within_five_percent(quick):
    runs = quick[0]
    assert runs.row.matching is not None
    # gains of three replicates jump, or have the wrong sign: luck says how many points are used, but all are searched
    assert all(match.next_multiple is None for match in runs.matches.values())
    used = [point for point in runs.row.points if runs.matches[point.name].used]
    assert used
    for point in used:
        gains = [runs.gain(point.name, arm, "potential", 60).mean() for arm in runs.row.matching.arms]
        assert max(gains) / min(gains) < 1.05


def test_arms_share_their_luck(quick):
    runs = next(one for one in quick if one.row.name == "mode_order")
    gain = runs.gains("defaults", "only_publication", "individual")
    assert (gain[:, -1] > 0.0).all()
    assert np.abs(gain).max() < 0.01


def test_results_survive_json_and_the_page_names_every_row(quick, tmp_path):
    results = [measure_row(one) for one in quick[1:3]]
    path = tmp_path / "numbers.json"
    path.write_text(patterns_json(results, provenance_of(QUICK)))
    again, provenance = read_patterns(path)
    assert patterns_json(again, provenance) == path.read_text()
    page = patterns_markdown(again, provenance)
    assert "A quick run" in page
    assert all(f"(`{result.row}`)" in page for result in results)


# the committed page


def test_the_page_follows_its_numbers_and_every_open_verdict_has_its_note():
    results, provenance = read_patterns(DOCS / "patterns.json")
    declared = [row.name for row in PATTERNS]
    ran = [result.row for result in results]
    assert ran == [name for name in declared if name in ran]
    assert ran == declared or provenance["results_version"] < REVISED
    assert not provenance["replicates"]
    assert (DOCS / "patterns.md").read_text(encoding="utf-8") == patterns_markdown(results, provenance), HOW
    assert stale_notes(results) == []


def test_command_prints_an_earlier_run_and_refuses_what_does_not_belong():
    def run(*words):
        return CliRunner().invoke(main, list(words))

    numbers = str(DOCS / "patterns.json")
    ran, _ = read_patterns(numbers)
    assert "statistics met." in run("patterns", "--from", numbers).stdout
    assert run("patterns", "--from", numbers, "--markdown").stdout == (DOCS / "patterns.md").read_text("utf-8")
    assert len(json.loads(run("patterns", "--from", numbers, "--json").stdout)["patterns"]["rows"]) == len(ran)
    assert run("patterns", "--from", str(DOCS / "patterns.md")).exit_code == 2
    assert run("patterns", "--seed", "3").exit_code == 2
    assert run("baseline", "--quick").exit_code == 2

"""The declaration of patterns under assistance names what exists, fits its budget, and is the page committed."""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path

import pytest

from capsim.catalogue import ACTIVITIES, CODESIGN_PHASES, LOGGED, MEASURES, STRATEGIES, TARGETINGS
from capsim.levels import AGENCY_LEVELS
from capsim.parameters import PARAMETERS, resolve_values
from validation.pattern_table import (
    COMPOSITIONS,
    PATTERNS,
    READINGS,
    RUN_SECONDS,
    RUNS_AT_MOST,
    START_RULES,
    START_STATES,
    WORKERS,
)
from validation.pattern_text import months_of, planned_runs, render_patterns

DOCS = Path(__file__).parents[2] / "docs"
HOW = "run `python -m validation.pattern_text > docs/patterns_declared.md`"

rows = pytest.mark.parametrize("row", PATTERNS, ids=lambda row: row.name)


def test_eleven_patterns_and_six_checks_each_once() -> None:
    assert [row.number for row in PATTERNS if not row.construction] == list(range(1, 12))
    assert [row.number for row in PATTERNS if row.construction] == list(range(1, 7))
    assert len({row.name for row in PATTERNS}) == len(PATTERNS)


@rows
def test_arms_exist(row) -> None:
    assert set(row.arms) <= set(STRATEGIES) | set(COMPOSITIONS)
    for point in row.points:
        assert set(point.arms) <= set(row.arms)


def test_compositions_are_used_and_well_formed() -> None:
    assert set(COMPOSITIONS) <= set(chain.from_iterable(row.arms for row in PATTERNS))
    assert not set(COMPOSITIONS) & set(STRATEGIES)
    for one in COMPOSITIONS.values():
        assert set(one.activities) <= set(ACTIVITIES)
        assert math.fsum(one.activities.values()) == pytest.approx(1.0, abs=1e-12)
        assert one.targeting in TARGETINGS
        assert one.codesign in CODESIGN_PHASES
        assert set(one.recipients) <= set(AGENCY_LEVELS)
        if not isinstance(one.recipients, tuple):
            assert math.fsum(one.recipients.values()) == pytest.approx(1.0, abs=1e-12)


def test_variants_differ_from_their_strategies_only_as_said() -> None:
    throughout, equal = COMPOSITIONS["codesign_throughout"], COMPOSITIONS["equal_allocation"]
    assert throughout.activities == STRATEGIES["co_designed"].activities == STRATEGIES["blended"].activities
    assert throughout.targeting == STRATEGIES["co_designed"].targeting == STRATEGIES["blended"].targeting
    assert equal.activities == STRATEGIES["performance_management"].activities
    assert equal.recipients == STRATEGIES["performance_management"].recipients


@rows
def test_parameters_exist_and_are_allowed(row) -> None:
    for point in row.points:
        resolve_values({}, point.rules)  # an InputError for an unknown rule or form
        for name, value in chain(point.parameters.items(), point.after_settling.items()):
            assert name in PARAMETERS
            assert PARAMETERS[name].problem_with(value) is None


@rows
def test_points_differ_and_set_known_states(row) -> None:
    assert len({point.name for point in row.points}) == len(row.points)
    for start in chain.from_iterable(point.start for point in row.points):
        assert start.state in START_STATES
        assert start.rule in START_RULES


@rows
def test_measures_exist(row) -> None:
    for statistic in chain(row.judged, row.reported):
        assert statistic.measures
        assert set(statistic.measures) <= set(MEASURES) | set(LOGGED) | set(READINGS)


def test_readings_are_used_and_shadow_no_measure() -> None:
    named = {name for row in PATTERNS for statistic in chain(row.judged, row.reported) for name in statistic.measures}
    assert set(READINGS) <= named
    assert not set(READINGS) & (set(MEASURES) | set(LOGGED))


@rows
def test_every_judged_statistic_says_what_is_expected_and_why(row) -> None:
    explained = {line.split(" | ")[0].strip("| ") for line in (DOCS / "sources.md").read_text("utf-8").splitlines()}
    assert row.judged
    for expected in row.judged:
        assert expected.sign in {"+", "-", "band"}
        assert (expected.low < expected.high) == (expected.sign == "band")
        assert expected.method in {"t", "bootstrap"}
        assert row.level == pytest.approx(1 - 0.05 / len(row.judged))
        assert expected.because
        assert expected.sources
        assert set(expected.sources) <= explained


@rows
def test_months_are_within_the_run(row) -> None:
    longest = max(sum(months_of(row, point)) for point in row.points)
    assert max(row.read_at) <= longest
    assert list(row.read_at) == sorted(row.read_at)
    assert not row.monthly or len(row.read_at) == 2


def test_storage_location_is_read_at_four_levels_of_turnover_with_matched_doses() -> None:
    row = PATTERNS[0]
    main = [point for point in row.points if not point.replicates]
    exits = ("lea_annual_exit", "superintendent_annual_exit", "superintendent_large_annual_exit")
    assert [[point.parameters[name] for name in exits] for point in main] == [[t] * 3 for t in (0, 0.16, 0.25, 0.40)]
    assert all(point.parameters["routine_redesign_knowledge"] == 0 for point in row.points)
    assert row.matching is not None
    assert row.matching.tolerance == 0.05
    assert set(row.matching.arms) < set(row.arms)
    assert row.matching.measure in MEASURES
    assert COMPOSITIONS["individual_only"].activities.keys() == {"coaching", "training"}
    assert COMPOSITIONS["routine_only"].activities.keys() == {"routine_redesign"}


def test_all_together_fit_the_budget_and_the_first_gets_most() -> None:
    runs = [planned_runs(row) for row in PATTERNS]
    assert sum(runs) <= RUNS_AT_MOST
    assert sum(runs) * RUN_SECONDS / WORKERS < 15 * 60
    assert runs[0] > sum(runs[1:])


def test_planned_runs_by_hand() -> None:
    buffers = PATTERNS[1]
    assert planned_runs(buffers) == pytest.approx(40 * (240 + 8 * 36) / 120)
    clarity = next(row for row in PATTERNS if row.name == "codesign_clarity")
    assert planned_runs(clarity) == pytest.approx(40 * (240 + 3 * 3 * 84) / 120)


def test_the_page_is_the_declaration() -> None:
    page = (DOCS / "patterns_declared.md").read_text(encoding="utf-8")
    assert page == render_patterns(), HOW

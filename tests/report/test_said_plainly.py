"""What a page must say so that nobody is misled: areas by name, hours never given, years beyond the average."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from capsim.catalogue import STRATEGIES
from capsim.comparison.comparison import Comparison
from capsim.comparison.paired_runs import Settling
from capsim.comparison.verdicts import drift_warning
from capsim.report.answer import answer_parts
from capsim.report.capacities import capacities_parts
from capsim.report.cost import plan_parts
from capsim.report.differences import multipliers_parts
from capsim.report.page import SECTIONS, render_report
from capsim.report.results import Results
from capsim.report.setting import setting_parts, trust_parts
from capsim.report.strategies import described, focus_words

from .reading import tables, text

METHODS = {
    "name": "Methods by area",
    "activities": {"coaching": 1.0},
    "methods": {"equity": {"goal_setting": 1.0}},
    "delivery": {"focal_areas": ["data_use"]},
}
NOBODY = {"name": "For regions that are not there", "activities": {"coaching": 1}, "delivery": {"recipients": ["esa"]}}
EARLY = {"name": "Early", "activities": {"coaching": 0.5, "training": 0.5}, "schedule": "front_loaded"}


@pytest.fixture(scope="module")
def odd(classroom: Callable[..., Comparison]) -> Results:
    own = [METHODS, NOBODY, EARLY]
    timeline = {"settling": 12, "assistance": 24, "follow_up": 12}
    question = {"outcome": "use", "contrast": ["Methods by area", "For regions that are not there"]}
    return Results(classroom(strategies=["none", *own], timeline=timeline, question=question))


def test_activities_that_got_no_hours_are_named(odd: Results) -> None:
    spent = described(odd, "Methods by area")["hours"]
    assert spent.startswith("For equity: 100% strategic planning and goal setting; for integration and data use: 100%")
    assert "In the runs: 100% coaching" in spent
    assert "no hours for " in spent
    assert spent.endswith("setting")
    assert "no hours at all" in described(odd, "For regions that are not there")["hours"]
    assert "In the runs" not in described(odd, "Early")["hours"]


def test_the_answer_says_that_nothing_was_delivered(odd: Results) -> None:
    said = "“For regions that are not there” delivered none of its hours."
    assert said in odd.comparison.answer()
    assert said in text(answer_parts(odd))


def test_no_such_note_without_reason(usual: Comparison, classroom: Callable[..., Comparison]) -> None:
    assert "none of its hours" not in usual.answer()
    assert "none of its hours" not in classroom(assistance={"budget_hours_per_year": 0}).answer()


def test_the_budget_is_an_average_and_years_above_it_are_named(odd: Results) -> None:
    assert "hours of consultants a year on average" in text(setting_parts(odd))
    said = text(plan_parts(odd))
    assert "a single year may take more. Here that is so: Early, 2,400 in year 1." in said
    assert "Methods by area," not in said


def test_focal_areas_are_named() -> None:
    areas = ("data_use", "integration", "equity")
    assert focus_words(STRATEGIES["individual_focused"], areas) == "the first 2 of the list: data use and integration"
    assert focus_words(STRATEGIES["blended"], areas).startswith("the 2 areas with the greatest assessed need in each")
    unread = dataclasses.replace(STRATEGIES["blended"], activities={"coaching": 1.0})
    assert focus_words(unread, areas).startswith("the first 2 of the list"), "nothing reads what is needed"
    assert "at the top of a chain" in focus_words(STRATEGIES["support_teams"], areas)
    assert focus_words(STRATEGIES["universal_only"], areas).startswith("all focal areas")
    named = dataclasses.replace(STRATEGIES["blended"], focal_areas=("equity",))
    assert focus_words(named, areas) == "equity"


@pytest.fixture(scope="module")
def restless(usual: Comparison) -> Comparison:
    """Two of three worlds did not come to rest."""
    content = usual.scenario.model_dump()
    timeline = usual.scenario.timeline.model_copy(update={"settling": "auto"})
    scenario = usual.scenario.model_copy(update={"timeline": timeline})
    assert content["timeline"]["settling"] == 12
    settling = [Settling(0, "default", 240, 0.31), Settling(1, "default", 240, 0.02), Settling(2, "default", 96, 0.001)]
    return dataclasses.replace(usual, scenario=scenario, settling=settling)


def test_worlds_that_did_not_settle_are_counted_where_settling_is_told(restless: Comparison) -> None:
    results = Results(restless)
    assert "2 worlds of 3 still drifted then" in text(setting_parts(results))
    calm = dataclasses.replace(restless, settling=restless.settling[2:])
    said = text(setting_parts(Results(calm)))
    assert "until things stand still, for 20 years at most. " in said
    assert "still drifted" not in said


def test_a_drift_beyond_the_answer_is_a_warning(restless: Comparison) -> None:
    warning = drift_warning(restless)
    assert "drifted by up to 0.31 a year" in warning
    assert warning in text(trust_parts(Results(restless)))
    calm = dataclasses.replace(restless, settling=[Settling(0, "default", 96, 0.0)])
    assert drift_warning(calm) == ""
    assert drift_warning(dataclasses.replace(restless, settling=[])) == ""


def test_an_outcome_that_is_undefined_is_said_plainly(classroom: Callable[..., Comparison]) -> None:
    question = {"outcome": "alignment_internal", "contrast": ["individual_focused", "organization_focused"]}
    found = classroom(agencies={"source": "synthetic", "districts": 1, "regions": 0}, question=question)
    said = "lignment of units is undefined in these worlds: all 4 runs of the two strategies finished"
    assert render_report(found).count(said) == 3, "in the answer, its notice, and in place of the differences"
    assert said in text(answer_parts(Results(found)))


def test_the_page_of_odd_strategies_is_whole(odd: Results) -> None:
    assert "delivered none of its hours" in render_report(odd.comparison)
    assert tables(setting_parts(odd))[0].rows[0].heading == "No assistance"


def test_capacities_are_counted_the_same_everywhere(usual: Comparison) -> None:
    section = capacities_parts(Results(usual))
    said = text(section)
    assert "six capacities, and resources beside them make seven" in said
    assert "so there are eight rows" in said
    assert "resources that follow the plan" in said
    table = tables(section, folded=True)[0]
    assert len({row.heading for row in table.rows}) == 8 + 1
    assert table.rows[-1].heading == "Composite of the seven"


def test_the_factors_left_out_are_three(usual: Comparison) -> None:
    assert "resources that follow the plan" in text(multipliers_parts(Results(usual)))
    assert any("Without the factors for shared goals, alignment and resources" in row for row in SECTIONS)

"""The four delivery questions, the sustainability rubric and the closing of the center, as the page tells them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from capsim.catalogue import STRATEGIES
from capsim.comparison.comparison import Comparison
from capsim.comparison.instruments import expert_ties, planned_use, sustainability_table
from capsim.report.course import lasting_parts
from capsim.report.instruments import instruments_parts, level_words
from capsim.report.results import Results
from capsim.report.strategies import delivery_parts, what_rules_do

from .reading import tables, text

NAMES = ["none", "individual_focused", "needs_based", "performance_management", "sustainability", "clearinghouse"]


@pytest.fixture(scope="module")
def watched(classroom: Callable[..., Comparison]) -> Results:
    timeline = {"settling": 12, "assistance": 24, "follow_up": 12}
    question = {"outcome": "use", "contrast": ["individual_focused", "needs_based"]}
    return Results(classroom(strategies=NAMES, timeline=timeline, question=question))


def answer(results: Results, strategy: str, question: int) -> str:
    table = tables(delivery_parts(results))[0]
    return table.rows[question].cells[list(table.headers).index(strategy) - 1]


def test_four_questions_for_the_contrast_and_those_that_take_stock(watched: Results) -> None:
    table = tables(delivery_parts(watched))[0]
    assert table.headers == ("Question", "Individual-focused", "Needs-based", "Performance management")
    assert [row.heading.split()[0] for row in table.rows] == ["What", "How", "How,", "If"]


def test_the_target_is_in_numbers_where_stock_is_taken(watched: Results) -> None:
    planned = planned_use(watched.comparison, "performance_management")
    assert planned is not None
    assert planned.target == pytest.approx(planned.first + 0.1 * (1.0 - planned.first))
    assert planned.wanted(24, 24) == pytest.approx(planned.target)
    assert planned.wanted(planned.month, 24) == pytest.approx(planned.first)
    said = answer(watched, "Performance management", 0)
    assert f"from {planned.first:.2f} as read to {planned.target:.2f} when assistance ends" in said
    assert "No target is set in numbers" in answer(watched, "Individual-focused", 0)
    assert planned_use(watched.comparison, "individual_focused") is None
    assert f"{planned.target:.3f} at the end. The last stocktakes read" in text(delivery_parts(watched))


def test_the_plan_has_hours_and_links(watched: Results) -> None:
    said = answer(watched, "Individual-focused", 1)
    hours = 2 * watched.scenario.assistance.budget_hours_per_year
    assert f"{hours:,.0f} hours of consultants: coaching (60%) and training event (40%)" in said
    assert f"consultants to districts ({hours:,.0f} hours)" in said


def test_readings_are_counted_and_their_lack_is_said(watched: Results) -> None:
    assert "this strategy buys no reading" in answer(watched, "Individual-focused", 2)
    said = answer(watched, "Performance management", 2)
    assert "A stocktake for each agency reached: 4.0 a year in fact (at most one in 3 months)" in said
    assert "% red" in said
    assert "needs rubric for each agency" in answer(watched, "Needs-based", 2)


def test_what_rules_do_with_readings() -> None:
    nothing = "hours follow the plan whatever happens"
    assert nothing in what_rules_do(STRATEGIES["individual_focused"])
    assert "weakest" not in what_rules_do(STRATEGIES["individual_focused"])
    assert "greatest need" in what_rules_do(STRATEGIES["needs_based"])
    assert "its people or its organization" in what_rules_do(STRATEGIES["needs_based"])
    assert "least is in use" in what_rules_do(STRATEGIES["performance_management"])
    assert "for targeted activities hours move to the agencies" in what_rules_do(STRATEGIES["sustainability"])
    assert "Once a year" in what_rules_do(STRATEGIES["clearinghouse"])
    blind = dataclasses.replace(STRATEGIES["needs_based"], activities={"coaching": 1.0})
    assert "buys no reading of that" in what_rules_do(blind)
    assert nothing in what_rules_do(blind)
    assert "Python" in what_rules_do(None)
    assert all(what_rules_do(strategy) for strategy in STRATEGIES.values())


def test_the_rubric_stands_beside_what_was_kept(watched: Results) -> None:
    found = sustainability_table(watched.comparison)
    assert set(found["strategy"]) == {"sustainability"}
    table = next(t for t in tables(instruments_parts(watched), folded=True) if t.caption == "Sustainability rubric")
    row = table.rows[0]
    context = float(found["context_level"].iloc[0])
    assert row.cells[1] == f"{context:.1f}\n{level_words(context)}"
    retained = watched.comparison.retention().set_index("strategy")["retained"]["sustainability"]
    assert row.cells[-1] == f"{100 * retained:.0f}%"
    said = text(instruments_parts(watched))
    assert "Under sustainability, the last sustainability rubric of districts averages" in said
    assert "the rubric" in said.split("averages", 1)[1]
    assert [level_words(x) for x in (1.0, 1.5, 2.49, 3.6, 4.0)] == [
        "inadequate",
        "emerging",
        "emerging",
        "exemplary",
        "exemplary",
    ]


def test_the_closing_of_the_center_is_told(watched: Results) -> None:
    ties = expert_ties(watched.comparison)
    assert set(ties["strategy"]) == {"clearinghouse"}
    per_district = float(ties.loc[ties["level"] == "lea", "ties"].iloc[0])
    said = f"When the center closed in month 24, ties to its experts vanished at once: {per_district:.1f} per district"
    assert said in text(lasting_parts(watched))
    without = watched.comparison.instruments.drop(columns="expert_ties")
    older = Results(dataclasses.replace(watched.comparison, instruments=without))
    assert "vanished" not in text(lasting_parts(older)), "folders of older versions have no such column"


def test_nothing_given_no_questions(classroom: Callable[..., Comparison]) -> None:
    assert delivery_parts(Results(classroom(assistance={"budget_hours_per_year": 0}))) == []

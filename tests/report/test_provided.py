"""The sections on what was provided, needed and perceived; and a page of all strategies that stays readable."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from capsim.catalogue import STRATEGIES
from capsim.comparison.assumptions import evidence_table
from capsim.comparison.comparison import Comparison
from capsim.figures.palette import strategy_label
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import parameter_label
from capsim.report.assumptions import LEARNING, evidence_parts
from capsim.report.capacities import needs_parts
from capsim.report.cost import cost_parts, plan_parts
from capsim.report.course import trajectories
from capsim.report.flow import chain_parts, link_words
from capsim.report.instruments import instruments_parts
from capsim.report.page import render_report
from capsim.report.parts import Facts
from capsim.report.results import Results

from .reading import tables, text


@pytest.fixture(scope="module")
def everything(classroom: Callable[..., Comparison]) -> Results:
    return Results(classroom(strategies=list(STRATEGIES)))


def test_of_many_strategies_those_of_the_question_are_shown_and_the_others_folded(everything: Results) -> None:
    assert everything.many
    assert set(everything.featured) == {"none", "individual_focused", "organization_focused"}
    assert len(everything.quiet) == len(STRATEGIES) - 3
    for section in (cost_parts(everything), instruments_parts(everything)):
        assert all(len(table.rows) <= 8 for table in tables(section))
    assert max(len(table.rows) for table in tables(cost_parts(everything), folded=True)) == len(STRATEGIES)


def test_a_page_of_all_strategies_is_whole_and_not_large(everything: Results) -> None:
    page = render_report(everything.comparison)
    assert len(page.encode()) < 2_000_000
    words = re.sub(r"<[^>]+>", " ", page)
    assert not re.search(r"\b(nan|NaN|inf)\b", words)
    assert "15 other strategies" in words


def test_grey_lines_are_named_in_the_order_of_their_ends(everything: Results) -> None:
    picture = trajectories(everything)
    names = picture.note.split("from the highest at the end: ")[1].split(". ")[0].split(", ")
    assert len(names) == len(everything.quiet)
    title_of = {strategy_label(name): everything.mean(name, "use_follow_up_end") for name in everything.quiet}
    ends = [title_of[name] for name in names]
    assert ends == sorted(ends, reverse=True)


def test_chain_says_where_most_is_lost(everything: Results) -> None:
    section = chain_parts(everything)
    words = text(section)
    assert "With organization-focused assistance, most is lost" in words
    assert "Landed" in words
    rows = tables(section, folded=True)[-1].rows
    assert {"Network teams", "State support teams"} <= {row.heading for row in rows}
    assert link_words("esa to lea") == "regional agencies to districts"
    assert link_words("esa to esa") == "regional agencies to others of their kind"


def test_instruments_put_ratings_beside_gains(everything: Results) -> None:
    section = instruments_parts(everything)
    words = text(section)
    assert "above outside experts" in words
    assert "part company" in words or "both the most content clients" in words
    assert "Under performance management" in words
    ratings = tables(section)[0]
    assert {"Client rating", "Real gain: use"} <= set(ratings.headers)
    readings = [t for t in tables(section, folded=True) if t.caption == "Readings and the truth"]
    assert {"Blended", "Performance management"} <= {row.heading for row in readings[0].rows}


def test_plan_has_a_budget_of_the_question_and_folds_the_others(everything: Results) -> None:
    section = plan_parts(everything)
    captions = [table.caption for table in tables(section)]
    assert captions == [
        f"{name}: {what}"
        for name in ("Organization-focused", "Individual-focused")
        for what in ("the whole assistance by activity", "money by quarter")
    ]
    assert len(tables(section, folded=True)) == 2 * (len(STRATEGIES) - 1)
    budget, quarters = tables(section)[:2]
    assert budget.rows[-1].cells[1:] == quarters.rows[-1].cells[:4]
    assert [row.heading for row in quarters.rows] == ["Each of quarters 1 to 4", "Together"]


def test_a_fading_plan_has_a_row_for_every_quarter(everything: Results) -> None:
    table = next(
        t for t in tables(plan_parts(everything), folded=True) if t.caption == "Sustainability: money by quarter"
    )
    assert [row.heading for row in table.rows][-1] == "Together"
    assert len(table.rows) > 2


def settled_for(results: Results, months: int) -> Results:
    timeline = results.scenario.timeline.model_copy(update={"settling": months})
    scenario = results.scenario.model_copy(update={"timeline": timeline})
    return Results(dataclasses.replace(results.comparison, scenario=scenario))


def test_needs_have_a_table_for_each_group(everything: Results) -> None:
    section = needs_parts(settled_for(everything, 24))
    assert {"State agency", "Districts"} <= {table.caption for table in tables(section)}
    assert "There is least of" in text(section)
    assert "what they have least of" in text(section)
    assert "months of settling are needed" not in text(section)


@pytest.mark.parametrize(("months", "said"), [(0, "for 0 months, and"), (23, "for 23 months, and")])
def test_what_is_least_there_is_not_said_of_worlds_that_hardly_settled(
    everything: Results, months: int, said: str
) -> None:
    words = text(needs_parts(settled_for(everything, months)))
    assert "There is least of" not in words
    assert "least of" not in words.replace("Of what there is least", "")
    assert f"{said} at least 24 months of settling are needed" in words


def test_cost_adds_up(everything: Results) -> None:
    money = next(table for table in tables(cost_parts(everything)) if table.caption.startswith("Money"))
    for row in money.rows[1:]:
        parts = [float(cell.replace("$", "").replace(",", "")) for cell in row.cells[:5]]
        assert sum(parts[:4]) == pytest.approx(parts[4], abs=2.0)
    passing = next(table for table in tables(cost_parts(everything), folded=True) if len(table.rows) > 3)
    assert next(row for row in passing.rows if row.heading == "Network teams").cells[3] != "0"


def test_evidence_is_a_list_of_three_with_ways_to_learn(usual: Comparison, everything: Results) -> None:
    section = evidence_parts(Results(usual))
    facts = next(part for part in section if isinstance(part, Facts))
    assert len(facts.items) == 3
    for _, words in facts.items:
        assert "plausible from" in words
        assert "source: " in words
        assert "value works for" in words
        assert "would turn" in words or "the answer turns" in words
    assert "keeps every assumption fixed" in text(evidence_parts(everything))


def test_evidence_names_what_is_read_and_says_what_may_be_chance(usual: Comparison) -> None:
    section = evidence_parts(Results(usual))
    facts = next(part for part in section if isinstance(part, Facts))
    found = evidence_table(usual)
    assert [heading for heading, _ in facts.items] == [parameter_label(name) for name in found["parameter"]]
    ranked, _ = usual.assumptions_that_matter()
    assert not {"tool_rate", "turnkey_ratio", "codesign_wish", "center_annual_exit"} & set(ranked["parameter"])
    assert ["perhaps chance" in said for _, said in facts.items] == [not clear for clear in found["clear"]]
    assert not found["clear"].all()
    assert "whether knowing them better would confirm or turn the answer is open" in text(section)


def test_every_group_of_assumptions_can_be_learned() -> None:
    assert {p.group for p in PARAMETERS.values() if p.prior != "none"} <= set(LEARNING)


def test_nothing_given_nothing_shown(classroom: Callable[..., Comparison]) -> None:
    results = Results(classroom(assistance={"budget_hours_per_year": 0}))
    assert chain_parts(results) == []
    assert plan_parts(results) == []

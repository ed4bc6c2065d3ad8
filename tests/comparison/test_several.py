"""Several scenarios: one table, what one plan for all costs, where the order turns."""

from __future__ import annotations

import json

import numpy as np
import pytest

from capsim.comparison.compare import compare_scenarios
from capsim.comparison.comparison import Several, varied
from capsim.comparison.folder import open_results
from capsim.errors import InputError
from capsim.report.several import render_several, write_several
from capsim.report.varied import sliders_of, sliders_over
from tests.comparison.outcomes import with_outcomes, worlds

A, B, C = "organization_focused", "individual_focused", "blended"
NONE = np.zeros(20)


@pytest.fixture
def two(full):
    calm = with_outcomes(full, {"none": NONE, A: worlds(0.06), B: worlds(0.03, 0.002), C: worlds(0.058)})
    rough = with_outcomes(full, {"none": NONE, A: worlds(0.02), B: worlds(0.06, 0.002), C: worlds(0.055)})
    return Several({"calm": calm, "rough, very": rough})


def test_every_scenario_has_its_plans_the_best_first(two):
    table = two.table()
    assert table["scenario"].tolist() == ["calm"] * 3 + ["rough, very"] * 3
    assert table["strategy"].tolist() == [A, C, B, B, C, A]
    assert table["regret"].tolist() == pytest.approx([0.0, 0.002, 0.03, 0.0, 0.005, 0.04])


def test_the_plan_that_loses_least_need_not_be_the_best_anywhere(two):
    regret = two.regret()
    assert regret["strategy"].tolist() == [C, B, A]
    assert regret["best_in"].tolist() == [0, 1, 1]
    assert regret["largest_regret"].tolist() == pytest.approx([0.005, 0.03, 0.04])
    assert regret["where"].tolist() == ["rough, very", "calm", "rough, very"]


def test_an_order_turns_only_where_both_sides_are_settled(two):
    flips = {(row["first"], row["second"]): row for row in two.flips().to_dict("records")}
    assert set(flips) == {(B, A)} or set(flips) == {(A, B)}
    assert "The order turns" in two.answer()
    assert "“rough, very”" in two.answer()
    one = Several({"calm": two.comparisons["calm"]})
    assert one.flips().empty
    assert one.settled_in() == []
    assert "In none of them is it settled that the first is better than the second" in one.answer()


def test_sliders_need_every_combination_of_what_was_varied(two):
    assert sliders_of(two) == []
    table = two.table()
    for exits, found in (((0.3, 0.05), ["5%", "30%"]), ((0.3, 0.3), None)):
        settings = {"calm": {"lea_annual_exit": exits[0]}, "rough, very": {"lea_annual_exit": exits[1]}}
        made = sliders_over(table, settings, title="Move it")
        assert [one.places for slider in made for one in slider.sliders] == ([found] if found else [])
    forms = {"calm": {"rules.codification": "stock"}, "rough, very": {"rules.codification": "gap"}}
    (slider,) = sliders_over(table, forms, title="")
    assert [point.said.partition(":")[0] for point in slider.points] == ["Practically equal", "Practically equal"]
    assert [[slider.lines[row.line]["id"] for row in point.rows] for point in slider.points] == [[A, C, B], [B, C, A]]
    assert not sliders_over(table, {**settings, "elsewhere": {"lea_annual_exit": 0.2}}, title="")


def test_a_plan_that_one_scenario_does_not_have_is_no_plan_for_all(full):
    result = Several(
        {
            "all": with_outcomes(full, {"none": NONE, A: worlds(0.06), B: worlds(0.03, 0.002)}),
            "one": with_outcomes(full, {"none": NONE, A: worlds(0.05), C: worlds(0.02, 0.002)}),
        }
    )
    assert result.regret()["strategy"].tolist() == [A]
    assert "loses nothing anywhere" in result.answer()


def test_scenarios_are_varied_over_every_combination(classroom):
    made = varied([classroom], {"lea_annual_exit": [".1", "0.2"], "budget_hours_per_year": ["800"]})
    assert list(made) == [
        "Classroom, lea_annual_exit .1, budget_hours_per_year 800",
        "Classroom, lea_annual_exit 0.2, budget_hours_per_year 800",
    ]
    first = next(iter(made.values()))
    assert first.parameters["lea_annual_exit"] == 0.1
    assert first.assistance.budget_hours_per_year == 800
    (gap,) = varied([classroom], {"rules.codification": ["gap"]}).values()
    assert dict(gap.rules) == {"codification": "gap"}


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ({"lea_anual_exit": [0.1]}, "did you mean lea_annual_exit"),
        ({"lea_annual_exit": []}, "no values"),
        ({"lea_annual_exit": ["much"]}, "lea_annual_exit"),
        ({"lea_annual_exit": [n / 100 for n in range(30)]}, "30 scenarios are too many"),
        ({"lea_annual_exit": ["0.1", ".10"]}, "lea_annual_exit has the value 0.1 twice"),
        ({"rules.codification": ["stok"]}, "stock"),
    ],
)
def test_what_cannot_be_varied_is_said(classroom, vary, said):
    with pytest.raises(InputError, match=said):
        varied([classroom], vary)


def test_scenarios_that_ran_are_written_and_read_again(classroom, tmp_path):
    result = compare_scenarios(
        [classroom], vary={"lea_annual_exit": [0.05, 0.4]}, replications=2, uncertainty="none", strategies=[A, B]
    )
    write_several(result, tmp_path / "out")
    back = open_results(tmp_path / "out")
    assert isinstance(back, Several)
    assert back.answer() == result.answer()
    assert back.table().equals(result.table())
    assert render_several(back) == (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    record = json.loads((tmp_path / "out" / "provenance.json").read_text())
    for place in record["scenarios"]:
        assert (tmp_path / "out" / place / "report.html").is_file()
        assert f'<a href="{place}/report.html">' in render_several(back)
    assert "Too few worlds" not in result.answer()

"""Districts count by pupils, alike, or by positions; and a warning where the means disagree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import capsim
from capsim.analyses.objectives import OBJECTIVES
from capsim.catalogue import WEIGHTS, weighted, weighted_column
from capsim.comparison.asking import outcome_column
from capsim.comparison.districts import gaps_disagree, means_disagree
from capsim.comparison.folder import read_comparison, write_folder
from capsim.errors import InputError
from capsim.levels import LEA
from capsim.parameters import resolve_values
from capsim.report.page import render_report
from capsim.scenario import as_scenario, build_agencies

FIRST, SECOND = "organization_focused", "individual_focused"
QUICK = {"timeline": {"settling": 0, "assistance": 6, "follow_up": 6}, "uncertainty": "none", "replications": 3}


def asking(weight: str | None = None, **changes: Any) -> Any:
    question = {"contrast": [FIRST, SECOND], **({"weight": weight} if weight else {})}
    return as_scenario("classroom", question=question, **{**QUICK, **changes})


@pytest.fixture(scope="module")
def result() -> capsim.Comparison:
    return capsim.compare(asking("districts"))


def with_differences(result: capsim.Comparison, **by: tuple[float, ...]) -> capsim.Comparison:
    """The comparison with such differences of the contrast, pair by pair."""
    runs = result.runs.copy()
    for weight, differences in by.items():
        column = weighted_column("use_follow_up_end", weight)
        for strategy, values in ((FIRST, differences), (SECOND, (0.0,) * len(differences))):
            runs.loc[runs["strategy"] == strategy, column] = [0.3 + value for value in values]
    return replace(result, runs=runs)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_answer_counts_districts_as_the_question_says(result: capsim.Comparison, weight: str) -> None:
    own = capsim.compare(asking(weight))
    column = {"districts": "use_follow_up_end", "pupils": "use_by_pupils_follow_up_end"}
    assert own.outcome == column.get(weight, "use_by_positions_follow_up_end")
    runs = own.runs.pivot(index="replicate", columns="strategy", values=own.outcome)
    assert own.headline()["estimate"] == pytest.approx(float((runs[FIRST] - runs[SECOND]).mean()))
    assert f"(mean over {weight})" in own.answer()
    pd.testing.assert_frame_equal(own.runs, result.runs)  # the question changes no run
    pd.testing.assert_frame_equal(own.differences(), result.differences(weight=weight))
    gains = own.monthly[(own.monthly["level"] == own.districts) & (own.monthly["month"] == 6)]
    end = gains.pivot(index="replicate", columns="strategy", values="use")
    kept = own.retention().set_index("strategy")["gain_at_end"]
    assert kept[FIRST] == pytest.approx(float((end[FIRST] - end["none"]).mean()))


def test_a_keyword_counts_more_than_the_question(result: capsim.Comparison) -> None:
    own = capsim.compare(asking("positions"), weight="districts")
    assert own.scenario.question.weight == "districts"
    pd.testing.assert_frame_equal(own.differences(), result.differences())


def test_an_unknown_weight_has_one_line_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"weight: 'pupil' is not one of pupils, districts, positions.*pupils") as one:
        capsim.compare(asking(), weight="pupil")
    assert len(one.value.problems) == 1
    with pytest.raises(InputError, match=r"question\.weight: 'district' is not allowed.*did you mean districts"):
        asking("district")
    with pytest.raises(InputError, match="weight: is pupils, but the outcome use_by_positions_follow_up_end is a mean"):
        outcome_column(asking(), "use_by_positions", weight="pupils")


def test_outcomes_are_columns_as_named_and_measures_as_the_question_counts() -> None:
    scenario = asking("pupils")
    assert outcome_column(scenario, None) == outcome_column(scenario, "use") == "use_by_pupils_follow_up_end"
    assert outcome_column(scenario, "use_assistance_end") == "use_assistance_end"
    assert outcome_column(scenario, "use_assistance_end", weight="positions") == "use_by_positions_assistance_end"
    assert outcome_column(scenario, "use_by_positions") == "use_by_positions_follow_up_end"
    assert outcome_column(scenario, "cost", weight="pupils") == "cost"


def test_by_weight_has_the_contrast_three_times(result: capsim.Comparison) -> None:
    table = result.by_weight()
    assert table["weight"].tolist() == list(WEIGHTS)
    for row in table.to_dict("records"):
        luck = result.difference(FIRST, SECOND, weight=row["weight"])
        assert (row["pairs"], row["estimate"], row["low"]) == (3, luck.mean.estimate, luck.mean.low)


def test_means_that_disagree_are_told_with_both_intervals(result: capsim.Comparison) -> None:
    same = (0.02, 0.021, 0.022)
    alike = with_differences(result, pupils=same, districts=same, positions=(0.03, 0.031, 0.032))
    assert means_disagree(alike) == ""
    turned = with_differences(result, pupils=(-0.02, -0.021, -0.022), districts=same, positions=same)
    said = means_disagree(turned)
    assert "over districts +0.0210 (+0.0185 to +0.0235; organization_focused ahead)" in said
    assert "over pupils -0.0210 (-0.0235 to -0.0185; individual_focused ahead)" in said
    assert "positions" not in said
    assert "\n" not in said
    unsettled = with_differences(result, pupils=(-0.03, 0.05, 0.02), districts=same, positions=same)
    assert "not settled" in means_disagree(unsettled)
    lucky = with_differences(
        result, pupils=(-0.03, 0.05, 0.02), districts=(0.03, -0.05, -0.02), positions=(0.0, 0.1, -0.1)
    )
    assert means_disagree(lucky) == ""  # two signs, and neither is settled
    assert said in render_report(turned)
    assert "All three means tell the same story" in render_report(alike)


def test_a_plan_outside_the_contrast_that_is_ahead_under_another_mean_is_told(result: capsim.Comparison) -> None:
    question = result.scenario.question.model_copy(update={"contrast": (FIRST, "none"), "weight": "pupils"})
    asked = replace(result, scenario=result.scenario.model_copy(update={"question": question}))
    turned = with_differences(
        asked, pupils=(0.02, 0.021, 0.022), districts=(-0.02, -0.021, -0.022), positions=(0.0,) * 3
    )
    said = means_disagree(turned)
    assert f"Beware: {FIRST} has most over pupils, but over districts {SECOND} is +0.0210 ahead of it." in said
    alike = with_differences(asked, pupils=(0.02, 0.021, 0.022), districts=(-0.01, 0.01, 0.0), positions=(0.0,) * 3)
    assert "has most over" not in means_disagree(alike)


def test_gaps_between_groups_of_districts_are_counted_in_three_ways() -> None:
    """Every district of a group alike, by its pupils, by its positions: by hand from agencies one by one."""
    scenario = asking("pupils", agencies={"source": "us_2023_24", "states": ["OH"], "sample": 12}, replications=2)
    own = capsim.compare(scenario, [FIRST, SECOND, "none"], keep_agencies=True)
    last = own.agencies[own.agencies["month"] == own.agencies["month"].max()]
    table = build_agencies(scenario, resolve_values())
    of = pd.DataFrame(
        {
            "large": table.size_group == 2,
            "small": table.size_group == 0,
            "other": (table.level == LEA) & ~table.sparse,
            "sparse": (table.level == LEA) & table.sparse,
            "districts": table.weight,
            "pupils": table.weight * table.enrollment,
            "positions": table.weight * table.positions,
        },
        index=table.id,
    )
    found = own.equity_gaps().set_index(["gap", "strategy", "weight"])
    assert len(found) == 2 * 3 * 3
    for (gap, name, weight), row in found.iterrows():
        use = last[last["strategy"] == name].pivot(index="agency", columns="replicate", values="use").mean(axis=1)
        means = {
            group: np.average(use.reindex(of.index[of[group]]), weights=of.loc[of[group], weight])
            for group in ("large", "small", "other", "sparse")
        }
        ends = ("large", "small") if gap == "equity_gap_size" else ("other", "sparse")
        assert row["value"] == pytest.approx(means[ends[0]] - means[ends[1]], abs=1e-12)
        if name != "none":
            gained = own.difference(name, "none", outcome=f"{weighted(gap, weight)}_follow_up_end").mean
            assert (row["change"], row["low"]) == (gained.estimate, gained.low)
    groups = own.by_group().set_index(["group", "strategy", "weight"])
    assert len(groups) == 7 * 3 * 3
    for (group, name, weight), row in groups.iterrows():
        if (part := group.removeprefix("lea_")) in of:
            use = last[last["strategy"] == name].pivot(index="agency", columns="replicate", values="use").mean(axis=1)
            mean = np.average(use.reindex(of.index[of[part]]), weights=of.loc[of[part], weight])
            assert row["value"] == pytest.approx(mean, abs=1e-12)
            assert row["gain"] == pytest.approx(mean - groups.loc[(group, "none", weight), "value"], abs=1e-12) or (
                name == "none"
            )
    page = render_report(own)
    assert "Group by group" in page
    assert "Gap over districts" in page
    assert "Change over pupils" in page


def test_gaps_that_another_count_settles_otherwise_are_told(result: capsim.Comparison) -> None:
    def with_gaps(plain: float, counted: float) -> capsim.Comparison:
        runs = result.runs.copy()
        for column, up in (("equity_gap_size", plain), ("equity_gap_size_by_pupils", counted)):
            luck = np.resize([0.001, -0.001, 0.0], len(runs))
            runs[f"{column}_follow_up_end"] = np.where(runs["strategy"] == FIRST, 0.1 + up + luck, 0.1)
        return replace(result, runs=runs)

    said = gaps_disagree(with_gaps(0.02, 0.0))
    assert f"{FIRST}, large minus small districts (rises over districts, is not settled over pupils)" in said
    assert "falls over districts, rises over pupils" in gaps_disagree(with_gaps(-0.02, 0.02))
    assert gaps_disagree(with_gaps(0.02, 0.03)) == ""
    assert said in render_report(with_gaps(0.02, 0.0))


def test_no_pupils_are_said_and_the_other_means_stand(tmp_path: Any) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("id,name,state,level,enrollment,positions\nA,A,OH,lea,0,4\nB,B,OH,lea,0,6\n", encoding="utf-8")
    own = capsim.compare(asking("pupils", agencies={"source": str(table)}))
    assert "no district has pupils" in own.answer()
    assert not np.isnan(own.difference(FIRST, SECOND, weight="positions").mean.estimate)
    assert means_disagree(own) == ""
    render_report(own)
    checked = capsim.scenario.check_scenario(own.scenario)
    assert [text for text in checked.warnings if "question.weight" in text and "districts or positions" in text]


def test_a_folder_keeps_the_weight_and_an_old_one_counts_districts_alike(tmp_path: Any) -> None:
    own = capsim.compare(asking("positions"), replications=2)
    write_folder(own, tmp_path / "new")
    assert read_comparison(tmp_path / "new").scenario.question.weight == "positions"
    text = (tmp_path / "new" / "provenance.json").read_text(encoding="utf-8")
    old = text.replace(',\n      "weight": "positions"', "")
    assert old != text
    (tmp_path / "new" / "provenance.json").write_text(old, encoding="utf-8")
    assert read_comparison(tmp_path / "new").scenario.question.weight == "districts"


def test_explain_takes_the_same_difference_apart() -> None:
    found = capsim.explain(asking(), FIRST, SECOND, weight="pupils")
    compared = capsim.compare(asking(), weight="pupils")
    assert found.total.estimate == pytest.approx(compared.headline()["estimate"], abs=1e-9)


def test_objectives_count_as_asked() -> None:
    assert OBJECTIVES["use"].counted_by("pupils").column == "use_by_pupils_follow_up_end"
    assert OBJECTIVES["cost"].counted_by("pupils").column == "cost"

"""What gains come to in words people use."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from capsim.comparison.compare import compare
from capsim.comparison.plainly import half_in_words, in_words, turnover_in_words
from capsim.comparison.statistics import BreakEven, Interval
from capsim.errors import InputError
from capsim.scenario import scenario_from_mapping


@pytest.fixture(scope="module")
def kept(classroom):
    return compare(classroom, keep_agencies=True)


def with_line(kept, line):
    question = kept.scenario.question.model_copy(update={"line": line})
    return dataclasses.replace(kept, scenario=kept.scenario.model_copy(update={"question": question}))


def test_districts_over_a_line_are_counted(kept):
    table = with_line(kept, 0.01).plainly()
    assert (table["over_line"] == 2.0).all()
    assert (table["over_line_without"] == 2.0).all()
    assert "2 of 2 districts have use above .01, 2 without help" in in_words(with_line(kept, 0.01))["Half and half"]
    assert (with_line(kept, 1.0).plainly()["over_line"] == 0.0).all()
    assert "districts" not in in_words(with_line(kept, 1.0))["Half and half"]
    own = kept.agencies[(kept.agencies["assumptions"] == "default") & (kept.agencies["month"] == 24)]
    helped = own[(own["strategy"] == "Half and half") & (own["agency"] != "STATE")]
    line = float(helped["use"].median())
    found = with_line(kept, line).plainly().set_index("strategy").loc["Half and half", "over_line"]
    districts = helped[helped["agency"].isin(kept.by_district()["district"])]
    assert found == pytest.approx((districts["use"] > line).sum() / districts["replicate"].nunique())


def test_without_agencies_and_other_budgets_nothing_is_invented(classroom):
    table = compare(classroom, keep_agencies=False).plainly()
    assert table[["over_line", "same_budget", "same_amount"]].isna().all(axis=None)


def test_the_budget_that_buys_as_much_is_told(kept):
    rows = [
        (rung, name, n, size * rung + 0.001 * n, 10.0 * rung)
        for name, size in zip(kept.ranking()["strategy"], (0.2, 0.1, 0.05), strict=True)
        for rung in (0.25, 0.5, 1.0, 2.0)
        for n in range(2)
    ]
    ladder = pd.DataFrame(rows, columns=["budget", "strategy", "replicate", "gain", "ta_hours"])
    found = dataclasses.replace(kept, ladder=ladder)
    table = found.plainly()
    assert math.isnan(table["same_budget"][0])
    assert table["same_budget"][1] == pytest.approx(0.5, abs=0.01)
    assert table["same_amount"][1] == pytest.approx(1600.0 * table["same_budget"][1])
    said = in_words(found)[table["strategy"][1]]
    assert f"as much as the best plan leaves with {table['same_amount'][1]:,.0f} hours a year" in said


PLAN = "Half and half"


def lasting(kept, months, left):
    """The comparison with another half-life and another share that is left."""
    found = dataclasses.replace(kept)
    found._kept["ranking",] = kept.ranking().assign(half_life_months=months, retained=left)
    return found


def test_when_half_is_gone(kept):
    assert half_in_words(lasting(kept, 7.4, 0.3), PLAN) == "half of the gain is gone 7 months after assistance ends"
    assert half_in_words(lasting(kept, math.inf, 0.812), PLAN) == "81% of the gain is still there after 12 months"
    assert half_in_words(lasting(kept, math.inf, 1.04), PLAN) == "all of the gain is still there after 12 months"
    assert half_in_words(lasting(kept, math.nan, math.nan), PLAN) == ""


def test_what_people_learned_stands_beside_who_is_still_there(kept):
    """By hand: the ratio of mean gains in skill, and the months' shares of holders who stayed, multiplied."""
    line, weight = kept.scenario.timeline, kept.scenario.question.weight
    found = kept.skills_left().set_index("strategy")
    assert list(found.index) == [name for name in kept.strategies if name != "none"]
    for name, row in found.iterrows():
        at = {
            month: own.pivot(index="replicate", columns="strategy", values="individual")
            for month, own in kept.monthly[kept.monthly["level"] == f"lea_by_{weight}"].groupby("month")
        }
        end, last = ((at[month][name] - at[month]["none"]).mean() for month in (line.assistance, max(at)))
        assert row["left"] == pytest.approx(last / end)
        assert row["low"] <= row["left"] <= row["high"]
        own = kept.monthly[(kept.monthly["level"] == f"lea_by_{weight}") & (kept.monthly["strategy"] == name)]
        stayed = []
        for _, world in own.groupby("replicate"):
            share, filled = 1.0, math.nan
            for month in world.sort_values("month").itertuples():
                share *= 1.0 - month.exits / filled if month.month > line.assistance else 1.0
                filled = 1.0 - month.vacancy
            stayed.append(share)
        assert row["still_there"] == pytest.approx(np.mean(stayed))
        assert 0.5 < row["still_there"] < 1.0
    ended = kept.scenario.model_copy(update={"timeline": line.model_copy(update={"follow_up": 0})})
    assert dataclasses.replace(kept, scenario=ended).skills_left().empty


def test_the_turnover_that_costs_the_lead(kept):
    assert turnover_in_words(kept) == ""
    flat = [Interval(0.1, 0.05, 0.15)] * 2
    values = np.array([0.05, 0.3])
    crossing = BreakEven("lea_annual_exit", "per year", values, flat, [Interval(0.27, 0.2, 0.3)], 1.0)
    found = turnover_in_words(dataclasses.replace(kept, break_even=[crossing]))
    assert found.endswith("is lost if 27% of district staff leave in a year instead of 16%")
    never = turnover_in_words(dataclasses.replace(kept, break_even=[dataclasses.replace(crossing, crossings=[])]))
    assert never.endswith("stays ahead whether 5% or 30% of district staff leave in a year")


def test_the_line_is_a_share(classroom):
    content = classroom.resolved()
    assert "line" not in content["question"]
    made = scenario_from_mapping({**content, "question": {**content["question"], "line": 0.5}})
    assert made.resolved()["question"]["line"] == 0.5
    with pytest.raises(InputError, match=r"question\.line"):
        scenario_from_mapping({**content, "question": {**content["question"], "line": 60}})

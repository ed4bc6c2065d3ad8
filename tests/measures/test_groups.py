"""Means over districts, their pupils and their positions, against plain arithmetic; and what they are called."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from capsim import CapacityModel
from capsim.building.layout import build_layout
from capsim.catalogue import MEASURES, WEIGHTS, unweighted, weighted, weighted_column
from capsim.levels import Level
from capsim.measures.groups import GROUPS, groups_of
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.runs.outcomes import outcome_names
from capsim.scenario import as_scenario, build_agencies

VALUES = resolve_values()
SHORT = {"settling": 0, "assistance": 3, "follow_up": 2}
SAMPLE = {"source": "us_2023_24", "states": ["OH"], "sample": 20}


def counted(layout: Any, weight: str) -> np.ndarray:
    size = {
        "districts": np.ones(layout.n_organizations),
        "pupils": layout.enrollment,
        "positions": layout.first[1:] - layout.first[:-1],
    }[weight]
    return np.asarray(size * layout.weight)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_every_measure_is_a_mean_over_districts_pupils_and_positions_of_all_that_a_sample_stands_for(
    weight: str,
) -> None:
    scenario = as_scenario("ohio", agencies=SAMPLE, timeline=SHORT)
    table = build_agencies(scenario, VALUES)
    layout = build_layout(table, VALUES, areas=("a",), key=1)
    run = run_block(Block(scenario, ("none",), 0, keep_agencies=True)).runs[0]
    for moment, month in (("assistance_end", 3), ("follow_up_end", 5)):
        for row, name in enumerate(MEASURES):
            total = mass = 0.0
            for j in np.flatnonzero(layout.level == Level.LEA):
                value = run.by_organization[month][row, j]
                if not math.isnan(value):
                    total += counted(layout, weight)[j] * value
                    mass += counted(layout, weight)[j]
            mean = run.monthly[month - 1, GROUPS.index(weighted("lea", weight)), row]
            assert mass > 0.0, name
            np.testing.assert_allclose(mean, total / mass if mass else np.nan, rtol=1e-12)
            column = weighted_column(f"{name}_{moment}", weight)
            if column in run.outcomes:
                np.testing.assert_equal(run.outcomes[column], mean)
    assert len(set(layout.weight[layout.level == Level.LEA])) > 1
    assert run.outcomes["use_follow_up_end"] != run.outcomes["use_by_pupils_follow_up_end"]


def test_the_mean_over_pupils_is_undefined_where_no_district_has_any() -> None:
    table = build_agencies(as_scenario("classroom"), VALUES)
    table = replace(table, enrollment=np.zeros(len(table)))
    layout = build_layout(table, VALUES, areas=("a",), key=1)
    groups = groups_of(layout)
    g = GROUPS.index("lea_by_pupils")
    assert groups.weight[groups.first[g] : groups.first[g + 1]].tolist() == [0.0, 0.0]


def test_history_and_measure_know_the_means() -> None:
    model = CapacityModel(as_scenario("classroom", timeline=SHORT), strategy="none", seed=1)
    model.step()
    levels = model.history.set_index("level")["use"]
    assert levels["lea_by_pupils"] == model.measure("use", "lea_by_pupils") != levels["lea"]


def test_columns_say_how_districts_count() -> None:
    assert weighted_column("use_follow_up_end", "pupils") == "use_by_pupils_follow_up_end"
    assert weighted_column("gain_use_assistance_end", "positions") == "gain_use_by_positions_assistance_end"
    assert weighted_column("capacity_years", "pupils") == "capacity_years_by_pupils"
    assert weighted_column("gain_per_1000_hours", "pupils") == "gain_per_1000_hours_by_pupils"
    assert weighted_column("use_follow_up_end", "districts") == "use_follow_up_end"
    for same in ("cost", "used_hours", "equity_gap_size_follow_up_end"):
        assert weighted_column(same, "pupils") == same
    columns = outcome_names(gains=True)
    for column in columns:
        plain, weight = unweighted(column)
        assert plain in columns
        assert weighted_column(plain, weight) == (plain if plain.startswith("equity_gap_") else column)

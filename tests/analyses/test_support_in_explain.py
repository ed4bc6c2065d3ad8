"""Support from above in an explanation, in the records and on the page: there where it is on, and nowhere else."""

from typing import Any

import numpy as np
import pytest

import capsim
from capsim.catalogue import SUPPORT_FACTORS, SUPPORT_MEASURES
from capsim.errors import InputError
from capsim.report.regions import support_parts
from capsim.report.results import Results
from capsim.scenario import scenario_from_mapping


def small(**parameters: Any) -> Any:
    return scenario_from_mapping(
        {
            "name": "small",
            "agencies": {"source": "synthetic", "districts": 6, "regions": 2},
            "question": {"contrast": ["organization_focused", "none"]},
            "timeline": {"settling": 12, "assistance": 6, "follow_up": 6},
            "assistance": {"budget_hours_per_year": 2000},
            "strategies": ["none", "organization_focused"],
            "uncertainty": "none",
            "replications": 2,
            "parameters": {"codification_flow": 0.003, "expertise_floor": 0.35, **parameters},
        }
    )


def test_factors_of_support_in_an_explanation() -> None:
    found = capsim.explain(small(support_weight=1.0), "organization_focused")
    table = found.support_factors()
    assert set(table["level"]) == {"esa", "lea"}
    assert set(table["factor"]) == set(SUPPORT_MEASURES)
    assert (table[["none", "first", "second"]] > 0.0).all(axis=None)
    districts = table[table["level"] == "lea"].set_index("factor")["none"]
    assert districts["support"] == pytest.approx(np.prod(districts[list(SUPPORT_FACTORS)]), rel=0.1)
    assert capsim.explain(small(support_weight=0.0), "organization_focused").support_factors().empty


def test_support_is_recorded_and_shown_where_it_is_on() -> None:
    on = capsim.compare(small(support_weight=1.0), keep_agencies=True)
    assert on.monthly.loc[on.monthly["level"] == "lea", "support"].between(0.1, 5.0).all()
    assert on.monthly.loc[on.monthly["level"] == "sea", "support"].isna().all()
    assert on.agencies["support_time"].notna().any()
    text, table = support_parts(Results(on))
    assert "time that compliance and assistance leave" in str(text)
    assert {row.heading for row in table.rows} == {"Regional agencies", "Districts"}
    off = capsim.compare(small(support_weight=0.0))
    assert not set(SUPPORT_MEASURES) & {*off.monthly.columns, *off.runs.columns}
    assert support_parts(Results(off)) == []


def test_an_allocation_is_a_word() -> None:
    assert small(support_allocation="need").parameters["support_allocation"] == 1.0
    with pytest.raises(InputError, match="must be even, need or request, got 'needs'; did you mean need"):
        small(support_allocation="needs")
    with pytest.raises(InputError, match=r"must be even, need or request, got 0\.5"):
        small(support_allocation=0.5)

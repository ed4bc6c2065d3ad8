"""District by district: gains, hours that sum to those of the run, why hours were lost; where all of it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import capsim
from capsim.catalogue.measures import STATUS, STEPS
from capsim.cli.comparison_text import comparison_facts, comparison_text
from capsim.comparison.compare import compare
from capsim.comparison.districts import COLUMNS, MOST_UNASKED, best_and_worst_served, main_reason
from capsim.comparison.folder import read_comparison, write_folder
from capsim.figures.palette import strategy_label
from capsim.report import write_report
from capsim.report.regions import districts_parts
from capsim.report.results import Results
from capsim.runs.output import plain
from capsim.scenario import scenario_from_mapping
from tests.building.test_structures import content

TABLE = """id,name,state,level,enrollment,parent,positions
ST,State,EX,sea,,,
R1,North,EX,esa,,ST,4
A,"Alder, old",EX,lea,400,R1,3
B,<b>Birch</b>,EX,lea,2500,R1,6
C,Cedar,EX,lea,6500,ST,9
"""


def own(folder: Path, **more: Any) -> Any:
    (folder / "own.csv").write_text(TABLE)
    return scenario_from_mapping(
        {
            "name": "own",
            "focal_areas": ["equity", "data_use"],
            "agencies": {"source": str(folder / "own.csv")},
            "question": {"contrast": ["network_teams", "individual_focused"]},
            "timeline": {"settling": 6, "assistance": 12, "follow_up": 6},
            "assistance": {"budget_hours_per_year": 3000},
            "uncertainty": "none",
            "strategies": ["none", "individual_focused", "network_teams"],
            "replications": 3,
            **more,
        }
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return compare(own(tmp_path_factory.mktemp("own")))


def test_districts_of_a_table_of_ones_own_have_a_row_of_every_plan(result: Any) -> None:
    table = result.by_district()
    assert tuple(table.columns) == COLUMNS
    assert list(table["district"]) == ["A", "B", "C"] * 2
    assert list(table["name"][:3]) == ["Alder, old", "<b>Birch</b>", "Cedar"]
    assert list(table["region"][:3]) == ["R1", "R1", "ST"]
    assert (table["pairs"] == 3).all()
    assert (table["low"] <= table["gain"]).all()


def test_a_gain_is_that_of_the_agency_pair_by_pair(result: Any) -> None:
    kept = result.agencies[(result.agencies["agency"] == "B") & (result.agencies["month"] == 18)]
    wide = kept.pivot(index="replicate", columns="strategy", values="use")
    row = result.by_district().query("strategy == 'network_teams' and district == 'B'").iloc[0]
    assert row["gain"] == pytest.approx((wide["network_teams"] - wide["none"]).mean())


def test_gains_by_pupils_make_the_gain_of_the_answer(result: Any) -> None:
    for name, rows in result.by_district().groupby("strategy"):
        mean = np.average(rows["gain"], weights=rows["pupils"])
        assert mean == pytest.approx(result.difference(str(name), "none").mean.estimate)


def test_hours_and_dollars_sum_to_those_of_the_plan(result: Any) -> None:
    plan = result.plan().groupby("strategy")[["hours", "dollars"]].sum()
    found = result.by_district().groupby("strategy")[["ta_hours", "dollars"]].sum()
    assert found["ta_hours"].to_numpy() == pytest.approx(plan.loc[found.index, "hours"].to_numpy())
    assert found["dollars"].to_numpy() == pytest.approx(plan.loc[found.index, "dollars"].to_numpy())


def test_hours_of_schools_are_their_districts(tmp_path: Path) -> None:
    given = own(tmp_path, agencies={"source": str(tmp_path / "own.csv"), "schools": True})
    found = compare(given, [_for_schools(given)], replications=2)
    table = found.by_district()
    assert list(table["district"]) == ["A", "B", "C"]
    hours = found.runs[found.runs["strategy"] == "Schools"]["ta_hours"].mean()
    assert table["ta_hours"].sum() == pytest.approx(hours)
    assert table["offered"].sum() == pytest.approx(hours)


def _for_schools(scenario: Any) -> Any:
    from capsim.scenario import Composition

    return Composition(name="Schools", activities={"coaching": 1.0}, delivery={"recipients": ["school"]})


def test_under_a_structure_rows_are_of_the_right_districts() -> None:
    given = content(merged={"merge": [{"agencies": ["SYN-ESA-001", "SYN-ESA-002"]}]})
    found = capsim.compare(scenario_from_mapping(given), replications=2, keep_agencies=True)
    reach = found.reach_agencies.query("strategy == 'merged' and replicate == 0 and assumptions == 'default'")
    kept = found.agencies.query("strategy == 'merged' and replicate == 0 and assumptions == 'default' and month == 24")
    assert list(reach["agency"]) == list(kept["agency"])
    table = found.by_district()
    totals = found.runs.groupby("strategy")["ta_hours"].mean()
    for name in ("today", "merged"):
        assert table[table["strategy"] == name]["ta_hours"].sum() == pytest.approx(totals[name])


@pytest.mark.parametrize(
    ("hours", "months", "reason"),
    [
        ({"attended": 40}, {"saturated": 9, "nobody": 1}, "over their time"),
        ({"attended": 40}, {"nobody": 9, "saturated": 1}, "not staffed"),
        ({"ready": 30}, {"served": 9}, "not ready"),
        ({"coherent": 30}, {"served": 9}, "too much at once"),
        ({"clear": 30}, {"served": 9}, "unclear what to do"),
        ({"able": 30}, {"served": 9}, "quality of the help"),
        ({"begun": 30}, {"served": 9}, "too little to begin with"),
        ({"attended": 90, "ready": 150, "coherent": 110, "landed": 90}, {"saturated": 9}, "over their time"),
        ({}, {"served": 9}, ""),
        ({"offered": 0}, {"screened_out": 7, "declined": 2}, "not ready in the screening"),
        ({"offered": 0}, {"outside": 12}, "not worked with"),
    ],
    ids=lambda one: "-".join(map(str, one)) if isinstance(one, dict) else "",
)
def test_the_main_reason(hours: dict[str, float], months: dict[str, float], reason: str) -> None:
    left, given = 100.0, {}
    for step in STEPS:
        left = hours.get(step, left)
        given[step] = left
    given |= {f"months_{status}": float(months.get(status, 0)) for status in STATUS}
    assert main_reason(given) == reason


def test_a_folder_keeps_districts_and_gives_them_back(result: Any, tmp_path: Path) -> None:
    def write(path: Path) -> None:
        write_report(result, path)

    assert write_folder(result, tmp_path / "out", extra={"report.html": write}) == []
    assert read_comparison(tmp_path / "out").by_district().equals(result.by_district())
    assert (tmp_path / "out" / "districts.csv").read_text().startswith("strategy,district,name,region,pupils")
    assert "Why most of them were lost" in (tmp_path / "out" / "data_dictionary.md").read_text()
    page = (tmp_path / "out" / "report.html").read_text()
    assert 'id="districts"' in page
    assert "&lt;b&gt;Birch" in page
    assert "<b>Birch" not in page
    assert "Single districts are named in one table" in page


def test_the_table_of_the_best_plan_is_open_and_long_ones_are_folded(result: Any, tmp_path: Path) -> None:
    few = districts_parts(Results(result))
    assert [type(part).__name__ for part in few] == ["str", "Table", "Fold"]
    assert few[1].caption.startswith(strategy_label(result.ranking()["strategy"].iloc[0]))
    many = own(tmp_path, agencies={"source": "synthetic", "districts": 25})
    parts = districts_parts(Results(compare(many, ["individual_focused"], replications=2, keep_agencies=True)))
    assert [type(part).__name__ for part in parts] == ["str", "Fold"]
    gains = [float(row.cells[1].split("\n")[0].replace("\u2212", "-")) for row in parts[1].parts[0].rows]
    assert gains == sorted(gains, reverse=True)


def test_the_terminal_and_machines_get_it(result: Any) -> None:
    text = comparison_text(result, short=False, details=True)
    best = result.ranking()["strategy"].iloc[0]
    assert f"With {best}, every district" in text
    assert "districts.csv" in text
    rows = comparison_facts(result, None, short=False)["by_district"]
    assert [row["district"] for row in plain(rows)][:3] == ["A", "B", "C"]
    assert "by_district" not in comparison_facts(result, None, short=True)


def test_the_best_and_the_worst_of_many() -> None:
    import pandas as pd

    table = pd.DataFrame({"strategy": "one", "district": range(10), "gain": [0.1 * n for n in range(9)] + [np.nan]})
    assert list(best_and_worst_served(table, "one", 2)["district"]) == [8, 7, 1, 0]
    assert list(best_and_worst_served(table.head(3), "one", 2)["district"]) == [2, 1, 0]


def test_districts_are_told_only_where_they_are_asked_for(tmp_path: Path) -> None:
    given = own(tmp_path)
    assert compare(given, replications=2, keep_agencies=False).by_district().empty
    invented = own(tmp_path, agencies={"source": "synthetic", "districts": 5})
    assert compare(invented, replications=2).by_district().empty
    assert len(compare(invented, ["individual_focused"], replications=2, keep_agencies=True).by_district()) == 5
    many = "".join(f"N{n},N{n},EX,lea,0,ST,1\n" for n in range(MOST_UNASKED))
    (tmp_path / "own.csv").write_text(TABLE + many)
    large = scenario_from_mapping({**given.resolved(), "timeline": {"settling": 0, "assistance": 1, "follow_up": 0}})
    assert compare(large, ["individual_focused"], replications=2).by_district().empty

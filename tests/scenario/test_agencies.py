"""Real, synthetic and user's agencies become tables with the right rows, sums, positions and weights."""

from __future__ import annotations

import csv
import lzma
import random
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.levels import ESA, LEA, SEA
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, build_agencies, load_scenario, scenario_from_mapping
from capsim.scenario.packaged import STATE_NAMES, coverage, of_state
from capsim.scenario.population import MEDIAN_STATE_ENROLLMENT
from capsim.scenario.sources import NEW_YORK_CITY, OUTSIDE_BOCES

DATA = Path(str(resources.files("capsim.scenario"))) / "data"
BASE = {
    "name": "test",
    "question": {"contrast": ["organization_focused", "none"]},
    "assistance": {"budget_hours_per_year": 100},
    "strategies": ["none", "organization_focused"],
}
COLUMNS = ("name", "state", "level", "enrollment", "density", "sparse", "size_group", "positions", "weight")


def table_of(agencies: dict, folder: Path | str = ".", **parameters: float) -> AgencyTable:
    scenario = scenario_from_mapping({**BASE, "agencies": agencies}, folder=folder)
    return build_agencies(scenario, resolve_values(parameters))


def by_id(table: AgencyTable) -> dict[str, tuple]:
    rows = {}
    for row, identity in enumerate(table.id.tolist()):
        parent = str(table.id[table.parent[row]]) if table.parent[row] >= 0 else ""
        rows[identity] = (parent, *(repr(getattr(table, column)[row].item()) for column in COLUMNS))
    return rows


def ohio(**more: object) -> dict:
    return {"source": "us_2023_24", "states": ["OH"], "regional": ["support_teams", "escs"], **more}


@pytest.fixture(scope="module")
def csv_rows() -> list[dict[str, str]]:
    text = lzma.decompress((DATA / "us_agencies_2023_24.csv.xz").read_bytes()).decode()
    return list(csv.DictReader(text.splitlines()))


def check_tree(table: AgencyTable) -> None:
    rows = np.arange(len(table))
    assert (table.parent < rows).all()
    has_parent = table.parent >= 0
    assert (table.level[table.parent[has_parent]] <= table.level[has_parent]).all()
    assert (table.level[table.parent[has_parent]] != LEA).all()
    assert len(set(table.id.tolist())) == len(table)
    assert (table.positions >= 1).all()


def test_ohio_holds_the_leaids_of_the_table(csv_rows: list[dict[str, str]]) -> None:
    table = table_of(ohio())
    check_tree(table)
    expected = {r["leaid"]: r for r in csv_rows if r["state"] == "OH" and r["agency_type"] == "regular"}
    leas = np.flatnonzero(table.level == LEA)
    assert set(table.id[leas].tolist()) == set(expected)
    assert len(leas) == 609
    for row in leas.tolist():
        source = expected[str(table.id[row])]
        assert table.name[row] == source["name"]
        assert table.enrollment[row] == float(source["enrollment"])
        assert table.density[row] == float(source["enrollment"]) / float(source["land_km2"])
    assert table.name[table.row_of("3904380")] == "Columbus City Schools District"
    assert table.enrollment[table.row_of("OH-SEA")] == sum(float(r["enrollment"]) for r in expected.values())


def test_ohio_chain_is_state_support_team_center_district(csv_rows: list[dict[str, str]]) -> None:
    table = table_of(ohio())
    escs = {r["leaid"] for r in csv_rows if r["state"] == "OH" and r["agency_type"] == "service_agency"}
    ids = table.id.tolist()
    teams = [i for i in ids if i.startswith("OH-SST-")]
    assert len(teams) == 16
    assert len(escs & set(ids)) == 45
    assert (table.level == SEA).sum() == 1
    for row in np.flatnonzero(table.level == LEA).tolist():
        center = int(table.parent[row])
        team = int(table.parent[center])
        assert ids[center] in escs
        assert ids[team] in teams
        assert ids[table.parent[team]] == "OH-SEA"
    served = np.bincount(table.parent[table.level == LEA], minlength=len(table))
    assert (served[[ids.index(e) for e in escs]] > 0).all()
    assert any("illustrative" in note for note in table.notes)


@pytest.mark.parametrize(("regional", "esas"), [(["support_teams"], 16), (["escs"], 45), ([], 0)])
def test_each_kind_of_region_works_alone(regional: list[str], esas: int) -> None:
    table = table_of(ohio(regional=regional))
    check_tree(table)
    assert (table.level == ESA).sum() == esas
    assert (table.level == LEA).sum() == 609


def test_positions_follow_the_formulas() -> None:
    values = resolve_values({})
    table = table_of(ohio())
    leas = table.level == LEA
    thousands = table.enrollment[leas] / 1000
    wanted = np.maximum(values["lea_positions_minimum"], np.round(5.0 * thousands**0.8))
    assert values["lea_positions_scale"] == 5.0
    assert (table.positions[leas] == wanted).all()
    sea = table.row_of("OH-SEA")
    relative = table.enrollment[sea] / MEDIAN_STATE_ENROLLMENT
    assert table.positions[sea] == round(350 * values["sea_program_share"] * relative**0.6)
    for team in np.flatnonzero(np.char.startswith(table.id, "OH-SST")).tolist():
        centers = np.flatnonzero(table.parent == team)
        served = table.positions[np.isin(table.parent, centers) & leas].sum()
        assert table.positions[team] == max(
            values["esa_positions_minimum"], round(values["esa_positions_share"] * served)
        )


def test_new_york_city_is_one_department_outside_boces() -> None:
    table = table_of({"states": ["NY"], "regional": ["boces"]})
    check_tree(table)
    ids = table.id.tolist()
    leas = table.level == LEA
    assert leas.sum() == 708
    city = table.row_of(NEW_YORK_CITY)
    assert (table.parent == city).sum() == 32
    assert all("NEW YORK CITY" in name for name in table.name[table.parent == city].tolist())
    assert table.level[city] == ESA
    assert ids[table.parent[city]] == "NY-SEA"
    direct = {ids[row] for row in np.flatnonzero(leas & (table.parent == ids.index("NY-SEA"))).tolist()}
    assert direct == set(OUTSIDE_BOCES)
    boces = [row for row in np.flatnonzero(table.level == ESA).tolist() if row != city]
    assert len(boces) == 37
    assert all(table.name[row].endswith("BOCES") and (table.parent[leas] == row).any() for row in boces)
    assert any("one department" in note for note in table.notes)


def test_nation_is_51_states_and_every_regular_district(csv_rows: list[dict[str, str]]) -> None:
    table = table_of({"states": ["US"]})
    check_tree(table)
    kinds = {"regular", "regular_component"}
    expected = {r["leaid"] for r in csv_rows if r["state"] in STATE_NAMES and r["agency_type"] in kinds}
    assert set(table.id[table.level == LEA].tolist()) == expected
    assert len(expected) == 13_130
    assert set(table.state.tolist()) == {r["state"] for r in csv_rows} - {"BI", "MP", "PR", "VI"} == set(STATE_NAMES)
    assert (table.level == SEA).sum() == 51
    assert 145_000 < table.positions[table.level == LEA].sum() < 150_000
    assert by_id(table_of({})) == by_id(table)


def test_coverage_is_what_the_table_holds_of_all_but_charter_agencies(csv_rows: list[dict[str, str]]) -> None:
    for one in coverage():
        everything = [r for r in csv_rows if r["state"] == one.state and r["agency_type"] != "charter_or_independent"]
        held = [r for r in everything if r["agency_type"] in {"regular", "regular_component"}]
        assert (one.districts, one.pupils) == (len(held), sum(int(r["enrollment"]) for r in held))
        assert (one.all_agencies, one.all_pupils) == (len(everything), sum(int(r["enrollment"]) for r in everything))
    (vermont,), (capital,) = coverage(["VT"]), coverage(["DC"])
    assert (vermont.districts, vermont.pupils) == (118, 81_945)
    assert min(coverage(), key=lambda one: one.share) == capital
    assert "Detroit Public Schools Community District" in {one.name for one in of_state("MI").districts}


def test_poverty_and_wages_stand_beside_real_districts(csv_rows: list[dict[str, str]]) -> None:
    table = table_of(ohio())
    source = {r["leaid"]: r for r in csv_rows}
    for row, (identity, level) in enumerate(zip(table.id.tolist(), table.level.tolist(), strict=True)):
        for column in ("poverty_share", "wage_index"):
            given = source[identity][column] if level == LEA else ""
            assert repr(float(getattr(table, column)[row])) == repr(float(given or "nan"))
    assert np.isnan(table_of({"source": "synthetic", "districts": 3}).poverty_share).tolist() == [True] * 4


def test_sparse_is_the_lowest_third_of_the_state() -> None:
    table = table_of(ohio())
    leas = table.level == LEA
    assert table.sparse.sum() == 203
    assert not table.sparse[~leas].any()
    assert table.density[table.sparse].max() < table.density[leas & ~table.sparse].min()


def test_size_groups() -> None:
    table = table_of(ohio())
    leas = table.level == LEA
    assert (table.size_group[~leas] == -1).all()
    for group, low, high in ((0, 0, 999), (1, 1000, 4999), (2, 5000, 1e9)):
        inside = table.enrollment[leas & (table.size_group == group)]
        assert inside.min() >= low
        assert inside.max() <= high


def test_sample_is_stratified_and_weights_sum_to_the_population() -> None:
    everyone, drawn = table_of(ohio()), table_of(ohio(sample=120))
    check_tree(drawn)
    leas = drawn.level == LEA
    assert leas.sum() == 120
    assert drawn.weight[leas].sum() == pytest.approx(609, abs=1e-9)
    assert drawn.weight[drawn.level == SEA] == pytest.approx(1.0)
    for table in (everyone, drawn):  # those that are left out are borne by the other regional agencies
        regional = table.level == ESA
        assert (table.weight * table.allocation)[regional].sum() == pytest.approx(
            everyone.positions[everyone.level == ESA].sum()
        )
    whole, part = by_id(everyone), by_id(drawn)
    assert all(part[i][:-1] == whole[i][:-1] for i in part), "a sample changes weights only"
    served = set(drawn.parent[leas].tolist())
    assert served == {r for r in np.flatnonzero(np.char.startswith(drawn.id, "39")).tolist() if not leas[r]}
    mean = np.average(drawn.enrollment[leas], weights=drawn.weight[leas])
    assert mean == pytest.approx(everyone.enrollment[everyone.level == LEA].mean(), rel=0.15)


def test_sample_is_fixed_by_its_seed() -> None:
    one, again, other = (table_of(ohio(sample=60, sample_seed=seed)) for seed in (1, 1, 2))
    assert by_id(one) == by_id(again)
    assert set(one.id.tolist()) != set(other.id.tolist())


def test_every_stratum_is_in_a_small_sample() -> None:
    from capsim.scenario.sampling import strata

    table, everyone = table_of(ohio(sample=8)), table_of(ohio())
    present = strata(table.enrollment[table.level == LEA])
    assert set(present.tolist()) == set(strata(everyone.enrollment[everyone.level == LEA]).tolist())


def test_sample_larger_than_the_population() -> None:
    with pytest.raises(InputError, match=r"agencies\.sample: 610 LEAs asked for, but there are 609$"):
        table_of(ohio(sample=610))


def write(path: Path, rows: list[str]) -> str:
    path.write_text("\n".join(["id,name,state,level,enrollment,parent,land_km2", *rows]) + "\n", encoding="utf-8")
    return path.name


OWN = [
    "S,State,XX,sea,,,",
    "R1,Region one,XX,esa,,S,",
    "A,Ash,XX,lea,400,R1,100",
    "B,Beech,XX,lea,1500,R1,50",
    "C,Cedar,XX,lea,9000,S,20",
    "D,Dogwood,XX,lea,2500,,40",
]


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = list(OWN)
    first = table_of({"source": write(tmp_path / "a.csv", rows)}, tmp_path)
    random.Random(3).shuffle(rows)
    second = table_of({"source": write(tmp_path / "b.csv", rows)}, tmp_path)
    assert rows != OWN
    assert first.id.tolist() == second.id.tolist()
    assert by_id(first) == by_id(second)
    assert by_id(first)["D"][0] == "S", "a district without a parent joins the one SEA of its state"


def test_one_enrollment_changes_that_agency_only(tmp_path: Path) -> None:
    before = by_id(table_of({"source": write(tmp_path / "a.csv", OWN)}, tmp_path))
    after = by_id(table_of({"source": write(tmp_path / "b.csv", [r.replace("1500", "6500") for r in OWN])}, tmp_path))
    changed = {i for i in before if before[i] != after[i]}
    assert changed == {"B", "R1", "S"}
    enrollment, positions = 1 + COLUMNS.index("enrollment"), 1 + COLUMNS.index("positions")
    for above in ("R1", "S"):
        assert float(after[above][enrollment]) - float(before[above][enrollment]) == 5000
        assert [k for k in range(len(before[above])) if before[above][k] != after[above][k]] in (
            [enrollment],
            [enrollment, positions],
        )


def test_one_ohio_enrollment_changes_that_district_only(tmp_path: Path, csv_rows: list[dict[str, str]]) -> None:
    def file(name: str, enrollment: dict[str, str]) -> str:
        rows = [r for r in csv_rows if r["state"] == "OH" and r["agency_type"] == "regular"]
        lines = [
            f'{r["leaid"]},"x",OH,lea,{enrollment.get(r["leaid"], r["enrollment"])},,{r["land_km2"]}' for r in rows
        ]
        return write(tmp_path / name, lines)

    before = by_id(table_of({"source": file("a.csv", {})}, tmp_path))
    after = by_id(table_of({"source": file("b.csv", {"3904380": "12"})}, tmp_path))
    assert {i for i in before if before[i] != after[i]} == {"3904380"}


def test_one_agency_with_one_position(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("id,name,state,level,enrollment,positions\nA,Ash,XX,lea,10,1\n")
    table = table_of({"source": "one.csv"}, tmp_path)
    assert (len(table), table.parent.tolist(), table.positions.tolist()) == (1, [-1], [1])


def test_positions_of_a_users_file_stand(tmp_path: Path) -> None:
    header = "id,name,state,level,enrollment,parent,positions"
    rows = ["S,s,XX,sea,,,33", "R,r,XX,esa,,S,5", "A,a,XX,lea,900,R,60", "B,b,XX,lea,1000,R,"]
    (tmp_path / "a.csv").write_text("\n".join([header, *rows]))
    assert table_of({"source": "a.csv"}, tmp_path).positions.tolist() == [33, 5, 60, 5]


def test_states_of_a_users_file(tmp_path: Path) -> None:
    rows = [*OWN, "T,Other state,YY,sea,,,", "E,Elm,YY,lea,700,T,30"]
    source = write(tmp_path / "a.csv", rows)
    assert set(table_of({"source": source, "states": ["YY"]}, tmp_path).id.tolist()) == {"T", "E"}
    with pytest.raises(
        InputError, match=r"agencies\.states: no agencies of 'YYZ'; the states available are XX, YY; did"
    ):
        table_of({"source": source, "states": ["YYZ"]}, tmp_path)


def test_synthetic_districts_keep_their_draws_when_others_are_added() -> None:
    few = table_of({"source": "synthetic", "districts": 50})
    many = table_of({"source": "synthetic", "districts": 400, "sample_seed": 1})
    sizes = dict(zip(many.id.tolist(), many.enrollment.tolist(), strict=True))
    for identity, enrollment in zip(few.id[1:].tolist(), few.enrollment[1:].tolist(), strict=True):
        assert sizes[identity] == enrollment
    other = table_of({"source": "synthetic", "districts": 50, "sample_seed": 2})
    assert other.enrollment.tolist() != few.enrollment.tolist()
    check_tree(table_of({"source": "synthetic", "districts": 60, "regions": 5, "state": "Erewhon"}))


def test_synthetic_sizes_follow_the_published_distribution() -> None:
    from capsim.scenario.packaged import size_bins
    from capsim.scenario.sampling import strata

    table = table_of({"source": "synthetic", "districts": 20_000})
    share = np.bincount(strata(table.enrollment[1:]), minlength=8) / 20_000
    counts = np.array([count for _, _, count in size_bins()])
    expected = counts / counts.sum()
    assert (np.abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / 20_000)).all()
    sizes = table.enrollment[1:]
    middle = sizes[(sizes >= 1000) & (sizes < 2500)]
    assert np.median(middle) == pytest.approx(np.sqrt(1000 * 2500), rel=0.03), "log-uniform within a bin"
    top = sizes[sizes >= 25_000]
    assert (top >= 50_000).mean() == pytest.approx(2**-1.3, abs=4 * np.sqrt(0.24 / len(top))), "Pareto tail"
    assert table.enrollment[1:].max() <= 1_000_000
    assert table.enrollment[1:].min() >= 1


def test_columns_are_read_only_and_typed() -> None:
    table = build_agencies(load_scenario("classroom"), resolve_values({}))
    with pytest.raises(ValueError, match="read-only"):
        table.enrollment[0] = 1
    kinds = {
        "level": "int8",
        "parent": "int32",
        "enrollment": "float64",
        "sparse": "bool",
        "positions": "int32",
    }
    assert {column: str(getattr(table, column).dtype) for column in kinds} == kinds
    assert len(table) == 3

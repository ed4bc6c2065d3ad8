"""Events, frames and records of single agencies: what was seen is what happened, and looking changes nothing."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import numpy as np
import pytest

from capsim.engine.month import MONTH
from capsim.errors import InputError
from capsim.model.capacity_model import CapacityModel
from capsim.model.snapshots import Snapshot
from capsim.processes.process import Process
from capsim.processes.steps import ASSISTANCE, BUILT_IN

BUSY = {
    "lea_annual_exit": 0.6,
    "esa_annual_exit": 0.6,
    "sea_annual_exit": 0.6,
    "mover_share": 1.0,
    "months_to_fill": 1.0,
}
SMALL = {
    "agencies": {"source": "synthetic", "districts": 8},
    "timeline": {"settling": 0, "assistance": 12, "follow_up": 6},
}
SCENARIO = {
    "name": "Small",
    "focal_areas": ["equity", "data_use"],
    "assistance": {"budget_hours_per_year": 4000},
    "question": {"outcome": "use", "at": "follow_up_end", "contrast": ["organization_focused", "individual_focused"]},
    "strategies": ["none", "individual_focused", "organization_focused"],
    **SMALL,
}
EVENTS = [
    {"kind": "leader_leaves", "month": 3, "levels": ["lea"]},
    {"kind": "pandemic", "month": 5, "months": 4, "exits": 2.0},
]


def busy(seed: int = 1, **more: object) -> CapacityModel:
    return CapacityModel(SCENARIO, strategy="blended", seed=seed, parameters=BUSY, **more)


def test_looking_changes_no_bit() -> None:
    watched, alone = busy(), busy()
    watched.events(), watched.frames(every=2), watched.agency_history()
    watched.run(), alone.run()
    assert watched.history.equals(alone.history)
    for (name, one), (_, other) in zip(watched.world.columns(), alone.world.columns(), strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_nothing_is_written_down_before_somebody_asks() -> None:
    model = busy()
    model.step()
    assert not model._watching
    events = model.events()
    assert (events.since, len(events)) == (1, 0)
    assert model.events() is events
    model.run()
    assert events.to_frame()["month"].min() > 1


def test_exits_are_those_that_were_recorded() -> None:
    model = busy()
    events, history = model.events(), model.agency_history()
    model.run()
    exits = events.to_frame().query("kind == 'exit'").groupby(["month", "agency"]).size()
    positions = {one.agency_id: one.positions for one in map(model.organization_at, range(model.world.layout.agencies))}
    recorded = history.to_frame().set_index(["month", "agency"])["exits"]
    counted = recorded * [positions[agency] for _, agency in recorded.index]
    counted = counted[counted > 0.0]
    assert len(exits) > 20
    np.testing.assert_allclose(exits.sort_index().to_numpy(), counted.sort_index().to_numpy())


def test_every_position_is_accounted_for() -> None:
    model = busy()
    held = dict(enumerate(model.staff["person"][: model.world.layout.center[0]].tolist()))
    events = model.events()
    model.run()
    for row in events.to_frame().itertuples():
        if row.kind == "exit":
            assert held[row.position] == row.person
            held[row.position] = -1
        else:
            assert held[row.position] == -1
            held[row.position] = row.person
    assert list(held.values()) == model.staff["person"][: len(held)].tolist()


def test_movers_come_from_the_agency_that_they_left() -> None:
    model = busy()
    events = model.events()
    model.run()
    left: dict[int, str] = {}
    moved = 0
    for row in events.to_frame().itertuples():
        if row.kind == "exit":
            left[row.person] = row.agency
        else:
            assert row.origin == left.pop(row.person, "")
            assert row.origin != row.agency
            moved += row.origin != ""
    assert moved > 5


def test_a_change_of_position_within_an_agency_is_no_exit() -> None:
    def swap(world, numbers, values) -> None:  # the first and the second person of the first agency
        world.person[[0, 1]] = world.person[[1, 0]]

    own = Process(name="swap", reads=("person",), writes=("person",), draws=ASSISTANCE.draws, apply=swap)
    model = busy(month=MONTH.without("turnover", "hiring").after("environment", own))
    leader, events = int(model.staff["person"][0]), model.events()
    model.step()
    rows = events.to_frame()
    assert rows["kind"].tolist() == ["role_change", "role_change"]
    assert rows.set_index("person")["position"][leader] == 1
    assert (rows["origin"] == rows["agency"]).all()


def test_dated_events_begin_and_end() -> None:
    model = CapacityModel({**SCENARIO, "events": EVENTS}, seed=1)
    events = model.events()
    model.run()
    rows = events.to_frame().query("person < 0")
    found = {(kind, month): len(group) for (kind, month), group in rows.groupby(["kind", "month"])}
    agencies = model.world.layout.agencies
    assert found == {("leader_leaves", 3): 8, ("pandemic", 5): agencies, ("pandemic_ends", 9): agencies}
    leaders = events.to_frame().query("kind == 'exit' and month == 3 and role == 'leader'")
    assert len(leaders) >= 8


def test_frames_show_what_the_columns_hold() -> None:
    model = busy()
    district = model.organization_at(3)
    frames = model.frames(district.name, every=3)
    assert len(frames) == 1
    for _ in range(6):
        model.step()
    columns, at = frames.columns(), frames.positions["position"]
    assert frames.months.tolist() == [0, 3, 6]
    assert set(frames.positions["agency"]) == {district.agency_id}
    for name in ("person", "skill", "tenure", "tie_to", "tie_strength"):
        np.testing.assert_array_equal(columns[name][-1], getattr(model.world, name)[at])
    persons, ties = frames.persons(), frames.ties()
    now = persons[persons["month"] == 6]
    assert now["person"].tolist() == [one.unique_id for one in district.staff]
    assert ties[ties["month"] == 6].groupby("position").size().sum() == sum(len(one.contacts) for one in district.staff)


def test_agencies_can_be_named_in_several_ways() -> None:
    model = busy()
    district = model.organization_at(3)
    for given in (district.name, district.agency_id, district, [district]):
        assert len(model.frames(given).positions["position"]) == district.positions
    with pytest.raises(InputError, match="agencies: no agency 'Nowhere'"):
        model.frames(["Nowhere"])
    for wrong in (3, [3], [None]):
        with pytest.raises(InputError, match="agencies: "):
            model.agency_history(wrong)
    with pytest.raises(InputError, match="every"):
        model.frames(every=0)


def test_single_agencies_give_the_means_of_history() -> None:
    model = busy()
    history = model.agency_history()
    model.run()
    of_districts = history.to_frame().query("level == 'lea'").groupby("month")["use"].mean()
    weights = model.organizations["weight"]
    assert (weights[: model.world.layout.agencies] == 1.0).all()
    np.testing.assert_allclose(of_districts, model.history.query("level == 'lea'")["use"])


@pytest.mark.parametrize(
    "way", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["copy", "pickle"]
)
def test_a_copy_goes_on_writing_its_own(way) -> None:
    model = busy()
    events, frames = model.events(), model.frames()
    model.step()
    other = way(model)
    seen = len(events)
    other.run()
    assert (len(events), len(frames)) == (seen, 2)
    model.run()
    assert other.events().to_frame().equals(events.to_frame())


# --- somebody leaves


class Spy:
    """A month of the package's processes that keeps every random number that they get."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, int], list[np.ndarray]] = {}

    @property
    def month(self):
        month = MONTH
        for process in BUILT_IN:
            if process is not ASSISTANCE:
                month = month.replace(process.name, self._spied(process))
        return month

    def _spied(self, process: Process) -> Process:
        def apply(world, numbers, values) -> None:
            self.seen[process.name, world.month] = [part.copy() for part in numbers]
            process.apply(world, numbers, values)

        draws = replace(process.draws, vacancies_only=False)  # the same numbers, also of positions that are held
        return Process(process.name, process.reads, process.writes, draws, apply)


def test_nobody_elses_luck_changes() -> None:
    spies = Spy(), Spy()
    models = [busy(month=spy.month) for spy in spies]
    for month in range(8):
        if month == 2:
            models[0].vacate(models[0].organization_at(3).staff[0])
        for model in models:
            model.step()
    assert not np.array_equal(models[0].staff["person"], models[1].staff["person"])
    assert spies[0].seen.keys() == spies[1].seen.keys()
    assert len(spies[0].seen) == 8 * (len(BUILT_IN) - 1)
    for where, numbers in spies[0].seen.items():
        for one, other in zip(numbers, spies[1].seen[where], strict=True):
            np.testing.assert_array_equal(one, other, err_msg=str(where))


def test_exits_of_all_others_stay_where_nothing_else_leads_to_them() -> None:
    alone = {**BUSY, "mover_share": 0.0, "exit_culture_slope": 0.0, "exit_engagement_slope": 0.0}
    tables = []
    for vacated in (True, False):
        model = CapacityModel(SCENARIO, seed=4, parameters=alone)
        events = model.events()
        model.step()
        somebody = model.organization_at(3).staff[0]
        place = somebody.position
        if vacated:
            model.vacate(somebody)
        rows = model.run() and events.to_frame()
        rows = rows[(rows["position"] != place)]
        tables.append(rows[["month", "kind", "position"]].sort_values(["month", "position"]).reset_index(drop=True))
    assert len(tables[0]) > 30
    assert tables[0].equals(tables[1])


def test_an_exit_by_hand_has_all_consequences() -> None:
    """The same as when turnover lets the person go in that month, but for being a month's start earlier."""
    events = [{"kind": "leader_leaves", "month": 4, "levels": ["lea"]}]
    quiet = {**SCENARIO, "month": {"off": ["priorities"]}}  # where plans would move on in the same month
    values = {**BUSY, "leader_plan_churn": 1.0, "policy_churn_chance": 0.0}
    by_turnover = CapacityModel({**quiet, "events": events}, seed=1, parameters=values)
    by_hand = CapacityModel(quiet, seed=1, parameters=values)
    for model in (by_turnover, by_hand):
        for _ in range(3):
            model.step()
    leaders = [one.staff[0] for one in map(by_hand.organization_at, range(9)) if one.level == "lea" and one.staff]
    leaders = [one for one in leaders if one.role == "leader" and one.position == int(_first(by_hand, one))]
    plans = by_hand.organizations["plan"].copy()
    gone = [one.unique_id for one in leaders]
    rows = [one.organization.row for one in leaders]
    for one in leaders:
        by_hand.vacate(one)
    assert set(gone) <= set(by_hand.world.pool.person.tolist())
    assert (by_hand.organizations["plan"][rows] != plans[rows]).any(axis=1).all()
    by_turnover.step(), by_hand.step()
    for name in ("exits", "leader_exit_age"):
        np.testing.assert_array_equal(by_hand.organizations[name], by_turnover.organizations[name], err_msg=name)
    assert by_hand.world.leader_left[rows].all()
    np.testing.assert_array_equal(by_hand.world.leader_left, by_turnover.world.leader_left)
    np.testing.assert_array_equal(by_hand.organizations["plan"], by_turnover.organizations["plan"])


def _first(model: CapacityModel, person) -> int:
    return model.world.layout.first[person.organization.row]


def test_an_exit_by_hand_is_counted_in_the_month_to_come() -> None:
    quiet = {**BUSY, "lea_annual_exit": 0.0, "esa_annual_exit": 0.0, "sea_annual_exit": 0.0}
    quiet |= dict.fromkeys(("superintendent_annual_exit", "superintendent_large_annual_exit"), 0.0)
    model = CapacityModel(SCENARIO, seed=1, parameters=quiet | {"sea_chief_annual_exit": 0.0})
    events, history = model.events(), model.agency_history()
    model.step()
    district = model.organization_at(3)
    somebody = district.staff[-1]
    model.vacate(somebody)
    assert not somebody.is_here
    model.step(), model.step()
    exits = history.to_frame().query("agency == @district.agency_id")["exits"]
    assert exits.tolist() == [0.0, 1.0 / district.positions, 0.0]
    assert events.to_frame().query("kind == 'exit'")[["month", "person"]].to_numpy().tolist() == [
        [2, somebody.unique_id]
    ]


def test_a_snapshot_remembers_who_has_just_left() -> None:
    model = busy()
    model.step()
    model.vacate(model.organization_at(3).staff[0])
    snapshot: Snapshot = model.snapshot()
    other = CapacityModel.restore(snapshot)
    model.step(), other.step()
    assert model.organizations["exits"][3] == other.organizations["exits"][3] >= 1
    np.testing.assert_array_equal(model.world.leader_left, other.world.leader_left)

"""Snapshots: forking a run, and files without pickle."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from capsim import (
    MONTH,
    CapacityModel,
    CapsimError,
    Delivery,
    InputError,
    Staff,
    Strategy,
    load_snapshot,
    save_snapshot,
)
from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.parameters import resolve_values
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping


@dataclass
class Notes:
    """What the strategy below remembers."""

    seen: dict[int, list[float]]
    turn: int = 0


class Rotating(Strategy):
    """Coaches one agency after the other; remembers a good deal."""

    name = "rotating"
    draws_per_row = 1

    def __init__(self) -> None:
        self.notes = Notes(seen={})
        self.last = (np.zeros(3), None, "text", True)

    def decide(self, view, month, budget, draws):
        self.notes.seen[month] = draws[:, 0].tolist()
        self.notes.turn = (self.notes.turn + 1) % int((view.level > 0).sum())
        self.last = (draws[:, 0].copy(), None, "text", True)
        return [Delivery(activity="coaching", organizations=[self.notes.turn], areas=0, hours=min(10.0, budget))]


def model_at(when: int, **arguments) -> CapacityModel:
    model = CapacityModel("classroom", seed=2, **arguments)
    for _ in range(when):
        model.step()
    return model


def assert_same_state(one: CapacityModel, other: CapacityModel) -> None:
    for (name, column), (_, twin) in zip(one.world.columns(), other.world.columns(), strict=True):
        np.testing.assert_array_equal(column, twin, err_msg=name)
    pd.testing.assert_frame_equal(one.history, other.history)
    assert one.ledger.spent == other.ledger.spent
    assert one.ledger.by_activity == other.ledger.by_activity
    np.testing.assert_array_equal(one.ledger.by_organization, other.ledger.by_organization)
    for month, measured in one._run.recorder.by_organization.items():
        np.testing.assert_array_equal(measured, other._run.recorder.by_organization[month])


@pytest.mark.parametrize("month", [0, 11, 24, 25, 30, 48])
def test_a_restored_run_goes_on_bit_for_bit(month: int) -> None:
    model = model_at(month, strategy="blended", lea_annual_exit=0.25)
    model.random.random(), model.rng.random()
    forked = CapacityModel.restore(model.snapshot())
    assert forked.month == month
    assert_same_state(model, forked)
    assert (model.random.random(), model.rng.random()) == (forked.random.random(), forked.rng.random())
    if month < 48:
        assert_same_state(model.run(), forked.run())
    assert not forked.running


MOMENTS = (1, 5, 6, 9, 15, 16, 17, 23, 24, 25, 36)
"""Months that have passed: around the end of planning (6), a quarter, the exit phase (the last third of 24) and the
closing of the center."""


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_named_strategy_goes_on_bit_for_bit(strategy: str, with_regions: Scenario) -> None:
    def start(**arguments: object) -> CapacityModel:
        return CapacityModel(with_regions, seed=3, strategy=strategy, planning_months=6, **arguments)

    model, forks = start(), []
    while model.running:
        if model.month in MOMENTS:
            snapshot = model.snapshot()
            assert all(array.dtype.kind in "biufU" for array in snapshot.values())
            forks.append(CapacityModel.restore(snapshot))
            assert_same_state(model, forks[-1])
            assert_same_memory(model, forks[-1])
        model.step()
    assert model.months == 36
    assert (model.ledger.spent > 0.0) == (strategy != "none")
    for fork in forks:
        assert_same_state(model, fork.run())
        assert_same_memory(model, fork)


@pytest.fixture(scope="module")
def with_regions() -> Scenario:
    """A sample of Ohio, so that all levels are there, with two years of assistance."""
    content = load_scenario("ohio").resolved()
    content["agencies"] = {**content["agencies"], "sample": 4}
    content["timeline"] = {"settling": 12, "assistance": 24, "follow_up": 12}
    content["assistance"] = {"budget_hours_per_year": 6000.0}
    return scenario_from_mapping(content)


def assert_same_memory(one: CapacityModel, other: CapacityModel) -> None:
    """Of the strategy, and everything that its program keeps."""
    programs = one._run.program, other._run.program
    for (name, column), (_, twin) in zip(*(program.columns() for program in programs), strict=True):
        np.testing.assert_array_equal(column, twin, err_msg=name)
    first, second = (vars(program.strategy) for program in programs)
    assert repr(first) == repr(second)


def test_a_composed_strategy_takes_parameters_that_change_from_here_on() -> None:
    model = model_at(5, strategy="co_designed", planning_months=6)
    longer = CapacityModel.restore(model.snapshot(), planning_months=12)
    for one in (model, longer):
        for _ in range(4):
            one.step()
    codesign = list(ACTIVITIES).index("codesign")
    assert (model._run.program.ledger.monthly[:9, codesign] > 0.0).tolist() == [True] * 6 + [False] * 3
    assert (longer._run.program.ledger.monthly[:9, codesign] > 0.0).all()


class Own(ComposedStrategy):
    """A composed strategy of one's own, in a module that knows nothing of what the composed one remembers."""

    def __init__(self) -> None:
        super().__init__(STRATEGIES["tiered"], resolve_values())
        self.months = 0

    def decide(self, view, month, budget, draws):
        self.months += 1
        return super().decide(view, month, budget, draws)


def test_a_strategy_derived_from_a_composed_one_remembers_what_that_remembers() -> None:
    model = model_at(8, strategy=Own)
    forked = CapacityModel.restore(model.snapshot(), strategy=Own)
    assert forked._run.program.strategy.months == 8
    assert_same_state(model.run(), forked.run())
    assert_same_memory(model, forked)


def test_forks_are_independent() -> None:
    model = model_at(6, strategy="blended")
    snapshot = model.snapshot()
    frozen = {name: array.copy() for name, array in snapshot.items()}
    CapacityModel.restore(snapshot).run()
    model.agents_by_type[Staff].set("engagement", 0.0)
    for name, array in snapshot.items():
        np.testing.assert_array_equal(array, frozen[name], err_msg=name)


def test_what_a_user_wrote_is_in_the_snapshot() -> None:
    model = model_at(6)
    model.staff_in_order()[0].skill = 0.77
    forked = CapacityModel.restore(model.snapshot())
    np.testing.assert_allclose(forked.staff_in_order()[0].skill, 0.77)
    assert_same_state(model.run(), forked.run())


def test_the_datacollector_knows_the_time_before_the_fork() -> None:
    model = model_at(6)
    forked = CapacityModel.restore(model.snapshot()).run()
    pd.testing.assert_frame_equal(
        forked.datacollector.get_model_vars_dataframe(), model.run().datacollector.get_model_vars_dataframe()
    )


def test_files_hold_no_pickle(tmp_path) -> None:
    model = model_at(6, strategy="blended")
    path = tmp_path / "run.npz"
    save_snapshot(model.snapshot(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]
    with np.load(path, allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "biufU" for name in file.files)
        json.loads(str(file["metadata"]))
    assert_same_state(model.run(), CapacityModel.restore(load_snapshot(path)).run())


def test_another_strategy_takes_over_with_what_is_left() -> None:
    model = model_at(12, strategy="individual_focused")
    spent = model.ledger.spent
    forked = CapacityModel.restore(model.snapshot(), strategy="organization_focused").run()
    assert forked.ledger.by_activity["training"] == model.ledger.by_activity["training"]
    assert forked.ledger.by_activity["routine_redesign"] > 0
    assert spent < forked.ledger.spent <= forked.ledger.budget + 1e-6


def test_other_parameters_from_here_on() -> None:
    snapshot = model_at(12).snapshot()
    changed = CapacityModel.restore(snapshot, disuse_rate=0.0, parameters={"lea_annual_exit": 0.05})
    assert (changed.values["disuse_rate"], changed.values["lea_annual_exit"]) == (0.0, 0.05)
    same = CapacityModel.restore(snapshot).run()
    pd.testing.assert_frame_equal(changed.history, same.history.query("month <= 12"))
    assert changed.run().measure("individual") > same.measure("individual")


@pytest.mark.parametrize("way", ["restored", "settled"])
def test_exit_rates_and_newcomers_are_those_of_the_parameters_however_a_run_began(way: str) -> None:
    def go_on(**parameters: float) -> CapacityModel:
        if way == "restored":
            return CapacityModel.restore(start.snapshot(), parameters=parameters)
        return CapacityModel("classroom", seed=2, settled=start.settled, parameters=parameters)

    start = CapacityModel("classroom", seed=2)
    exits = [
        go_on(lea_annual_exit=rate).run().history.query("level == 'lea'")["exits"].sum() for rate in (0.05, 0.2, 0.95)
    ]
    assert exits[0] < exits[1] < exits[2]
    assert exits[2] > 4 * exits[1]
    skills = [go_on(newcomer_skill=mean, lea_annual_exit=0.9).run().measure("individual") for mean in (0.05, 0.6)]
    assert skills[1] > skills[0] + 0.1
    same = go_on(lea_annual_exit=start.values["lea_annual_exit"])
    pd.testing.assert_frame_equal(same.run().history, CapacityModel("classroom", seed=2).run().history)
    with pytest.raises(InputError, match="unit_size: takes effect only when a world is built"):
        go_on(unit_size=3)


def test_the_memory_of_a_strategy_of_ones_own() -> None:
    model = model_at(9, strategy=Rotating)
    snapshot = model.snapshot()
    with pytest.raises(InputError, match="strategy 'rotating' is your own and not in it"):
        CapacityModel.restore(snapshot)
    forked = CapacityModel.restore(snapshot, strategy=Rotating)
    remembered = forked._run.program.strategy
    assert remembered.notes == model._run.program.strategy.notes
    np.testing.assert_array_equal(remembered.last[0], model._run.program.strategy.last[0])
    assert remembered.last[1:] == (None, "text", True)
    assert_same_state(model.run(), forked.run())


def test_what_cannot_be_kept_is_named() -> None:
    strategy = Rotating()
    strategy.notes = object()
    with pytest.raises(InputError, match="strategy 'rotating' keeps a object"):
        CapacityModel(seed=1, strategy=strategy).snapshot()


def test_processes_of_ones_own_must_be_given_again() -> None:
    def tire(staff: Staff) -> None:
        staff.engagement *= 0.99

    month = MONTH.after("climate", tire).without("ties")
    model = model_at(5, month=month)
    with pytest.raises(InputError, match="the processes tire are your own"):
        CapacityModel.restore(model.snapshot())
    assert_same_state(model, forked := CapacityModel.restore(model.snapshot(), month=month))
    assert_same_state(model.run(), forked.run())
    plain = model_at(5, month=MONTH.without("ties"))
    assert_same_state(plain, forked := CapacityModel.restore(plain.snapshot()))
    assert_same_state(plain.run(), forked.run())


def test_what_is_no_snapshot_is_refused(tmp_path) -> None:
    snapshot = CapacityModel(seed=1).snapshot()
    old = {**snapshot, "metadata": np.array(json.dumps({"format": 0}))}
    fewer = {name: array for name, array in snapshot.items() if name != "world.skill"}
    evil = tmp_path / "evil.npz"
    np.savez(evil, metadata=np.array([{"a": 1}], dtype=object))
    other = tmp_path / "other.npz"
    np.savez(other, skill=np.zeros(3))
    text = tmp_path / "text.npz"
    text.write_text("no")
    pickled = tmp_path / "pickled.npz"
    pickled.write_bytes(pickle.dumps({"a": 1}))
    for wrong, message in (
        (lambda: CapacityModel.restore({}), "not a snapshot of capsim"),
        (lambda: CapacityModel.restore(old), "format 0 is not the one of this version"),
        (lambda: CapacityModel.restore(fewer), "not of this version of capsim: world.skill is missing"),
        (lambda: load_snapshot(tmp_path / "none.npz"), "none.npz"),
        (lambda: load_snapshot(evil), "evil.npz"),
        (lambda: load_snapshot(text), "text.npz"),
        (lambda: load_snapshot(other), "it has no readable metadata"),
        (lambda: load_snapshot(pickled), "pickled.npz"),
    ):
        with pytest.raises(InputError, match=message):
            wrong()


def test_no_broken_snapshot_does_more_than_an_input_error() -> None:
    """160 of them, in a process of their own: what a kernel makes of a wrong index may end it."""
    command = [sys.executable, "-m", "tests.model.broken_snapshots"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, (lines[-1], ran.stderr[-2000:])
    for case, found in zip(lines[::2], lines[1::2], strict=True):
        assert found["kind"] == "InputError", (case, found)
        assert all(line.strip() for line in found["said"].splitlines())
    assert len(lines) > 2 * 150


def test_a_snapshot_is_written_whole_or_not_at_all(tmp_path) -> None:
    snapshot = CapacityModel(seed=1).snapshot()
    for path in (tmp_path, tmp_path / "no" / "such.npz", tmp_path / ("n" * 300), "a\0b", 3, ""):
        with pytest.raises(CapsimError):
            save_snapshot(snapshot, path)
    with pytest.raises(InputError, match="metadata"):
        save_snapshot({"skill": np.zeros(3)}, tmp_path / "other.npz")
    assert list(tmp_path.iterdir()) == []


def test_what_belongs_to_the_snapshot_cannot_be_given_again() -> None:
    snapshot = CapacityModel(seed=1).snapshot()
    for name in ("scenario", "seed", "rng", "settled"):
        with pytest.raises(InputError, match=f"restore: {name} is that of the snapshot"):
            CapacityModel.restore(snapshot, **{name: 1})

"""Copies and pickles of a model: the run, and what a subclass keeps of its own."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import mesa
import pandas as pd
import pytest

from capsim import MONTH, CapacityModel, Delivery, Staff, Strategy


def pickled(model: CapacityModel) -> CapacityModel:
    return pickle.loads(pickle.dumps(model))


WAYS = pytest.mark.parametrize("twin_of", [copy.deepcopy, copy.copy, pickled])


def tire(staff: Staff) -> None:
    staff.engagement *= 0.99


def heads(model: CapacityModel) -> int:
    return len(model.agents_by_type[Staff])


class Watcher(mesa.Agent):
    """An agent of the user's own."""

    def __init__(self, model: CapacityModel) -> None:
        super().__init__(model)
        self.watched = model.staff_in_order()[2]


class Town(CapacityModel):
    """A subclass with arguments, things and agents of its own."""

    def __init__(self, size: int, **arguments: object) -> None:
        super().__init__("classroom", **arguments)
        self.size = size
        self.diary: dict[str, list[int]] = {"sizes": [size]}
        self.watcher = Watcher(self)

    def step(self) -> None:
        super().step()
        self.diary["sizes"].append(self.size)


class Remembering(Strategy):
    """A strategy whose memory no snapshot could keep."""

    name = "remembering"

    def __init__(self) -> None:
        self.seen = {1, 2}
        self.turn = 0

    def decide(self, view, month, budget, draws):
        self.seen.add(month)
        self.turn = (self.turn + 1) % 3
        return [Delivery(activity="coaching", organizations=[self.turn], areas=0, hours=min(8.0, budget))]


@WAYS
def test_a_copy_goes_on_bit_for_bit_and_alone(twin_of) -> None:
    model = CapacityModel("classroom", strategy="blended", seed=3, month=MONTH.after("climate", tire))
    for _ in range(7):
        model.step()
    twin = twin_of(model)
    assert (twin.month, twin.running, twin.strategy_name, twin.seed) == (7, True, "blended", 3)
    twin.staff["skill"][:] = 0.0
    assert model.staff["skill"].max() > 0.0
    other = twin_of(model)
    pd.testing.assert_frame_equal(model.run().history, other.run().history)
    assert not twin_of(model).running


@WAYS
def test_a_subclass_keeps_its_things_agents_and_handles(twin_of) -> None:
    model = Town(5, seed=1)
    for _ in range(3):
        model.step()
    twin = twin_of(model)
    assert type(twin) is Town
    assert (twin.size, twin.diary) == (5, {"sizes": [5] * 4})
    assert twin.watcher.model is twin
    assert twin.watcher in twin.agents
    assert twin.watcher.unique_id == model.watcher.unique_id
    assert twin.watcher.watched is next(one for one in twin.agents if one.unique_id == model.watcher.watched.unique_id)
    twin.step()
    assert len(twin.diary["sizes"]) == 5
    pd.testing.assert_frame_equal(twin.run().history, model.run().history)


@WAYS
def test_what_was_collected_and_what_a_strategy_remembers_come_along(twin_of) -> None:
    model = CapacityModel(seed=1, strategy=Remembering, model_reporters={"heads": heads})
    for _ in range(5):
        model.step()
    twin = twin_of(model)
    assert twin._run.program.strategy.seen == {0, 1, 2, 3, 4}
    table = twin.run().datacollector.get_model_vars_dataframe()
    pd.testing.assert_frame_equal(table, model.run().datacollector.get_model_vars_dataframe())
    assert len(table) == 49
    assert twin._run.program.strategy.seen == model._run.program.strategy.seen


def test_a_copied_handle_is_that_of_the_copy() -> None:
    model = CapacityModel(seed=1)
    twin, person = copy.deepcopy((model, model.staff_in_order()[4]))
    assert person is twin.staff_in_order()[4]
    model.vacate(4)
    assert person.is_here


def use_of(model: CapacityModel) -> float:
    return model.run().measure("use")


def test_a_model_goes_to_another_process() -> None:
    model = CapacityModel(seed=1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(use_of, model).result() == use_of(model)

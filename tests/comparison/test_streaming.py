"""A stream hands out the worlds of a comparison as they end, says how far it is, and leaves nothing behind."""

from __future__ import annotations

import gc
import math
import pickle
import threading

import numpy as np
import pandas as pd
import pytest

import capsim
from capsim.comparison.compare import compare
from capsim.comparison.streaming import Stream, stream
from capsim.errors import InputError
from capsim.runs.workers import LocalProcesses, Pace, ThisProcess

ASKED = {"strategies": ["individual_focused", "organization_focused"], "replications": 4, "uncertainty": "none"}


def asked(**more: object) -> Stream:
    return stream("classroom", **{**ASKED, **more})


def test_the_worlds_are_those_of_a_comparison() -> None:
    with asked() as worlds:
        found = list(worlds)
        made = worlds.comparison()
    result = compare("classroom", **ASKED)
    assert made.runs.equals(result.runs)
    assert made.monthly.equals(result.monthly)
    assert [world.replicate for world in found] == [0, 1, 2, 3]
    assert worlds.strategies == ("none", "individual_focused", "organization_focused")
    gains = result.outcomes()["individual_focused"] - result.outcomes()["none"]
    np.testing.assert_allclose([world.gain("individual_focused") for world in found], gains)
    monthly = result.monthly.query("replicate == 2 and strategy == 'individual_focused' and level == 'lea'")
    np.testing.assert_array_equal(found[2].path("individual_focused", "culture"), monthly["culture"])


def test_without_tables_the_runs_and_what_follows_from_them_are_the_same() -> None:
    made, sizes = [], []
    for tables in (True, False):
        with stream("classroom", tables=tables, **ASKED) as worlds:
            assert all(len(world.path("none")) for world in worlds)
        made.append(worlds.comparison())
        sizes.append(len(pickle.dumps(worlds._results)))
    whole, quick = made
    assert sizes[1] < 0.1 * sizes[0]
    pd.testing.assert_frame_equal(quick.runs, whole.runs)
    assert quick.answer() == whole.answer()
    assert repr(quick.judge(*quick.strategies[1:])) == repr(whole.judge(*whole.strategies[1:]))
    assert len(whole.monthly) > len(quick.monthly) == 0


def test_both_sets_of_assumptions_come_in_their_order() -> None:
    worlds = asked(replications=2, uncertainty="assumed")
    found = [(world.replicate, world.assumptions, world.values["sea_annual_exit"]) for world in worlds]
    assert [one[:2] for one in found] == [(0, "default"), (0, "drawn"), (1, "default"), (1, "drawn")]
    assert len({value for _, _, value in found}) == 3
    assert (worlds.done, worlds.total) == (4, 4)


def test_what_is_asked_of_a_world_is_checked() -> None:
    world = next(asked())
    assert world.gain("none") == 0.0
    assert world.gain("individual_focused", outcome="ta_hours") > 0.0
    for wrong, about in (
        (lambda: world.gain("individual_focussed"), "did you mean individual_focused"),
        (lambda: world.gain("none", outcome="us"), "unknown outcome 'us'"),
        (lambda: world.path("none", "cultur"), "did you mean culture"),
        (lambda: world.path("none", level="leas"), "level"),
    ):
        with pytest.raises(InputError, match=about):
            wrong()


def test_a_run_that_fails_is_no_world_without_a_reason() -> None:
    class Broken(capsim.Strategy):
        """Fails."""

        name = "broken"

        def decide(self, view, month, budget, draws):
            raise ZeroDivisionError

    world = next(asked(strategies=[Broken]))
    assert set(world.outcomes) == {"none"}
    assert "ZeroDivisionError" in world.failures["broken"]
    assert math.isnan(world.gain("broken"))
    assert len(world.path("broken")) == 0


def test_it_says_how_far_it_is() -> None:
    told: list[tuple[int, int, int]] = []
    worlds = asked(progress=lambda *state: told.append(state))
    assert (worlds.done, worlds.total, worlds.seconds_left) == (0, 4, None)
    next(worlds)
    assert (worlds.done, worlds.total, worlds.seconds_left) == (1, 4, None)
    next(worlds)
    assert worlds.seconds_left > 0.0
    assert repr(worlds) == "<Stream of 'Classroom': 2 of 4 worlds>"
    assert len(list(worlds)) == 2
    assert (worlds.done, worlds.seconds_left, worlds.failed, worlds.cancelled) == (4, 0.0, 0, False)
    assert told == [(done, 4, 0) for done in (1, 2, 3, 4)]
    worlds.close()
    assert not worlds.cancelled


def test_nothing_runs_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThisProcess, "submit", lambda *_: pytest.fail("a job was submitted"))
    worlds = asked()
    worlds.cancel()
    assert list(worlds) == []


def test_cancelled_it_hands_out_no_more() -> None:
    worlds = asked(replications=2000)
    next(worlds)
    with pytest.raises(InputError, match="1 of 2000 worlds are done"):
        worlds.comparison()
    next(worlds)
    worlds.cancel()
    assert list(worlds) == []
    assert (worlds.cancelled, worlds.done) == (True, 2)
    assert worlds.comparison().provenance["replications"] == 2


@pytest.mark.parametrize("way", ["cancel from a thread", "close", "leave the block", "forget"])
def test_no_process_is_left(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    crews: list[LocalProcesses] = []
    children: list[object] = []
    start = LocalProcesses.submit

    def submit(crew: LocalProcesses, job: object) -> None:
        start(crew, job)
        crews.append(crew)
        children.extend(one._child for one in crew._processes if one._child not in children)

    monkeypatch.setattr(LocalProcesses, "submit", submit)
    worlds = asked(replications=2000, workers=2)
    next(worlds)
    if way == "cancel from a thread":
        threading.Timer(0.2, worlds.cancel).start()
        assert len(list(worlds)) < 1999
    elif way == "close":
        worlds.close()
    elif way == "leave the block":
        with worlds:
            pass
    else:
        del worlds
        gc.collect()
    assert len(children) == 2
    assert all(child.poll() is not None for child in children)
    assert not any(crew._processes for crew in crews)


def test_somebodys_own_workers_stay_open_and_can_go_on() -> None:
    crew = ThisProcess()
    first = asked(workers=crew)
    alone = [world.gain("individual_focused") for world in asked()]
    assert next(first).gain("individual_focused") == alone[0]
    first.close()
    assert [world.gain("individual_focused") for world in asked(workers=crew)] == alone


def test_wrong_arguments_are_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        stream("classroom", ["individual_focussed"], replications=4, workers=0, precision=-1)
    assert len(caught.value.problems) == 3
    with pytest.raises(TypeError, match="unexpected keyword argument 'worker'"):
        stream("classroom", worker=2)


def test_with_a_precision_there_are_as_many_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capsim.comparison.request.PILOT", 3)
    monkeypatch.setattr("capsim.comparison.request.BATCH", 2)
    monkeypatch.setattr("capsim.comparison.request.MOST_REPLICATIONS", 6)
    worlds = asked(precision=1e-9, replications=None)
    assert [world.replicate for world in worlds] == list(range(6))
    assert worlds.total == 6


def test_pace_counts_from_the_first_that_ends() -> None:
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    now[0] = 60.0
    pace.note(1, 10, 0)
    assert (pace.started, pace.rate, pace.seconds_left) == (True, 0.0, None)
    now[0] = 62.0
    pace.note(2, 10, 1)
    assert (pace.rate, pace.seconds_left, pace.failed) == (0.5, 16.0, 1)
    pace.note(10, 10, 1)
    assert pace.seconds_left == 0.0
    pace.note(1, 3, 0)  # another stage
    assert pace.rate == 0.0


def test_pace_leaves_out_what_was_stored() -> None:
    pace = Pace(resumes=True, clock=lambda: 0.0)
    pace.note(400, 1000, 0)
    assert not pace.started
    pace.note(401, 1000, 0)
    assert pace.started

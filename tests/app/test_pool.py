"""The pool: sessions take turns, jobs that nobody waits for are dropped, a process that dies costs nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from capsim.app.pool import Jobs, Pool, problems_of
from capsim.errors import CapsimError, InputError
from capsim.runs.workers import Answer, Job, StoppedError


class Here:
    """Workers that do a job in the thread that asks, so that a test can see the order."""

    size = 1

    def __init__(self) -> None:
        self.waiting: list[Job] = []

    def submit(self, job: Job) -> None:
        self.waiting.append(job)

    def answers(self) -> list[Answer]:
        return [Answer(job, job.work(job.content)) for job in [self.waiting.pop(0)]] if self.waiting else []

    def close(self, *, now: bool) -> None:
        self.waiting.clear()


def nothing(_: Any) -> None:
    return None


@contextmanager
def pool_of(size: int, **more: Any) -> Iterator[Pool]:
    pool = Pool(size, **{"warm": nothing, **more})
    try:
        yield pool
    finally:
        pool.close()


def double(x: int) -> int:
    return 2 * x


def fail(_: Any) -> None:
    raise InputError("the sea: too deep")


def die_the_first_time(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def die(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def own_number(_: Any) -> str:
    return str(os.getpid())


def note_process(mark: str, _: Any) -> bool:
    first = not Path(mark).exists()
    with Path(mark).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return first


def sleep_long(_: Any) -> None:
    time.sleep(600)


def test_does_a_job_in_a_process_and_raises_its_error_here():
    with pool_of(1) as pool:
        assert next(pool.share().do(double, 21)) == 42
        with pytest.raises(InputError, match="too deep"):
            next(pool.share().do(fail, None))


def test_a_process_that_dies_is_replaced_and_its_job_done_again(tmp_path):
    with pool_of(1) as pool:
        assert next(pool.share().do(die_the_first_time, str(tmp_path / "mark"))) == "done"


def test_a_job_that_kills_every_process_is_given_up_in_one_line():
    with pool_of(1) as pool:
        with pytest.raises(CapsimError, match="ended from outside"):
            next(pool.share().do(die, None))
        assert next(pool.share().do(double, 1)) == 2


def test_what_is_stopped_makes_room_even_in_the_middle_of_a_job():
    with pool_of(1) as pool:
        share = pool.share()
        share.submit(Job(sleep_long, None))
        while share.queued:
            time.sleep(0.01)
        share.close(now=True)
        with pytest.raises(StoppedError):
            share.answers()
        assert next(pool.share().do(double, 2)) == 4


def test_shares_take_turns():
    order: list[str] = []
    gate = threading.Event()

    def slow(name: str) -> None:
        gate.wait(20)
        order.append(name)

    with pool_of(1, crew=Here) as pool:
        first, second = pool.share(), pool.share()
        for _ in range(3):
            first.submit(Job(slow, "first"))
        second.submit(Job(slow, "second"))
        gate.set()
        while len(order) < 4:
            time.sleep(0.01)
    assert order.index("second") <= 2


def test_the_process_that_compiled_makes_room_for_one_that_loads(tmp_path):
    mark = tmp_path / "warmed"
    with pool_of(1, warm=partial(note_process, str(mark))) as pool:
        worker = next(pool.share().do(own_number, None))
        assert pool.state == "ready"
    first, second = mark.read_text().split()
    assert first != second == worker


def test_says_why_nothing_can_be_compiled():
    with pool_of(1, warm=fail) as pool:
        while pool.state == "compiling":
            time.sleep(0.01)
        assert (pool.state, pool.trouble) == ("failed", "the sea: too deep")
        assert next(pool.share().do(double, 3)) == 6


def test_of_one_kind_a_session_has_the_latest_job_only():
    heard: list[tuple[str, str]] = []
    ended = threading.Event()

    def wait_for_ever(share: Any, tell: Any) -> None:
        while True:
            share.answers()

    def at_once(share: Any, tell: Any) -> None:
        tell("result", value=1)

    with pool_of(1) as pool:
        jobs = Jobs(pool)
        first = jobs.add("me", "compare", wait_for_ever)
        jobs.listen(first, lambda event, _: (heard.append(("first", event)), ended.set()))
        other = jobs.add("you", "compare", wait_for_ever)
        second = jobs.add("me", "compare", at_once)
        assert ended.wait(20)
        jobs.listen(second, lambda event, _: heard.append(("second", event)))
        while ("second", "done") not in heard:
            time.sleep(0.01)
        assert heard == [("first", "stopped"), ("second", "result"), ("second", "done")]
        assert jobs.listen(first, print) is None
        assert jobs.stop(other)
        assert len(jobs) == 0


def test_a_fault_of_capsim_is_one_line_that_says_so():
    try:
        next(iter([]))
    except StopIteration as error:
        (line,) = problems_of(error)
    assert line.startswith("a fault of capsim: StopIteration")

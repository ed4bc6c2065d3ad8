"""Strategies and jobs that workers can import; most of them misbehave."""

from __future__ import annotations

import os
import threading
from typing import Any, NamedTuple

from capsim.assistance.strategy import Strategy
from capsim.runs import workers


class Fails(Strategy):
    """Fails in every world."""

    name = "fails"

    def decide(self, view, month, budget, draws):
        """Fail."""
        raise ValueError("never")


class Endless(Strategy):
    """Never decides."""

    name = "endless"

    def decide(self, view, month, budget, draws):
        """Go on and on."""
        while True:
            pass


class Told(NamedTuple):
    """What a job says."""

    text: str = ""
    session: int = 0
    failed: int = 0
    extra: Any = None


def tell(name):
    return Told(os.environ[name], os.getsid(0))


def print_something(text):
    print(text, flush=True)
    return Told(text)


def leave(_):
    os._exit(7)


def leave_in_the_middle_of_an_answer(_):
    def half(pipe, content):
        pipe.write(workers._LENGTH.pack(1000) + b"x" * 10)
        pipe.flush()
        os._exit(3)

    workers._write = half
    return Told()


def use_all_memory(_):
    return Told(bytearray(1 << 60))


def exit_quietly(_):
    raise SystemExit(0)


def answer_with_a_lock(_):
    return Told(extra=threading.Lock())

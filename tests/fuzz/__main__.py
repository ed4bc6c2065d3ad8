"""The long run: ``python -m tests.fuzz --scenarios 2000 --tables 1000 --studies 600``."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from .cases import KINDS, outcomes

LONGEST_SECONDS, GIVEN_UP_SECONDS, WAITED_SECONDS = 1.0, 20, 600
"""Processor time that a case should take at most, and after which it counts as hanging; and seconds on the clock."""


def _give_up(*_: object) -> None:
    raise RuntimeError("no answer: it hangs")


def _watch(*, on: bool) -> None:
    """Begin to watch a case, on a busy machine as on a quiet one; or stop."""
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP_SECONDS * on)
    signal.alarm(WAITED_SECONDS * on)


def main() -> int:
    """Run as many cases of each kind as asked for; 1 if any went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    asked = vars(parser.parse_args())
    folder = Path(tempfile.mkdtemp(prefix="capsim-fuzz-"))
    for expired in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(expired, _give_up)
    wrong = 0
    for kind in KINDS:
        times, good = [], 0
        _watch(on=True)
        for outcome in outcomes(kind, asked[kind], asked["seed"], folder):
            _watch(on=True)
            good += outcome.good
            times.append((outcome.seconds, outcome.case))
            slow = [f"took {outcome.seconds:.2f} s"] if outcome.seconds > LONGEST_SECONDS and len(times) > 3 else []
            for fault in (*outcome.faults, *slow):
                wrong += 1
                print(f"{outcome.case}: {fault}")
        _watch(on=False)
        if times:
            slowest = max(times[3:] or times)
            print(f"{kind}: {len(times)} cases, {good} of them good, slowest {slowest[0]:.2f} s ({slowest[1]})")
    print(f"{wrong} faults" + (f"; files in {folder}" if wrong else ""))
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

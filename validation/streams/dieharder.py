"""The tests of dieharder (Brown, Eddelbuettel and Bauer), where that program is installed, fed with addressed numbers."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import IO

from validation.streams.orders import Order
from validation.streams.statistics import Finding

TESTS = {0: "birthdays", 15: "runs", 100: "single bits", 204: "uniform (Kolmogorov, Smirnov)"}
"""Numbers and names of the tests that are run: of those that dieharder's own pages call good, some that are quick."""
_CHUNK = 2**18


def installed() -> bool:
    """Whether there is a dieharder to run."""
    return shutil.which("dieharder") is not None


def dieharder_findings(order: Order) -> list[Finding]:
    """Results of every test; the words are written as two halves of 32 bits each, the upper and the lower in turn."""
    return [finding for number, name in TESTS.items() for finding in _run(order, number, name)]


def _run(order: Order, number: int, name: str) -> Iterator[Finding]:

    command = ["dieharder", "-g", "200", "-d", str(number), "-c", ","]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        feeding = threading.Thread(target=_feed, args=(order, running.stdin), daemon=True)
        feeding.start()
        text = running.stdout.read().decode()
    feeding.join()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) == 6 and cells[4].replace(".", "").isdigit():
            chance = float(cells[4])  # near 1 the numbers are too even
            yield Finding(order.name, f"dieharder {number}: {name}", chance, 2.0 * min(chance, 1.0 - chance))


def _feed(order: Order, pipe: IO[bytes]) -> None:
    """Write numbers until the reader has enough."""
    first = 0
    try:
        while True:
            pipe.write(order.words(first, _CHUNK).astype("<u8").tobytes())
            first += _CHUNK
    except (BrokenPipeError, ValueError):
        return

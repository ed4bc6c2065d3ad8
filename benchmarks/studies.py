"""Measure the study layer, and print rows of the table of speed.

    python -m benchmarks.studies [--quick] [overhead] [workers] [memory] [store]

CPU time, in pairs that are measured in turn, as ratios: a shared machine slows both of a pair. Each measurement has a
process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[_name] = "1"

ROOT = Path(__file__).resolve().parent.parent
MEASUREMENTS = ("overhead", "workers", "memory", "store")
Row = tuple[str, str, str]


def measure(name: str, *, quick: bool) -> list[Row]:
    """Rows of one measurement, in this process."""
    from benchmarks import million, sweeping

    if name == "overhead":
        return sweeping.overhead_rows(*((10, 3) if quick else (40, 7)))
    if name == "workers":
        return sweeping.workers_rows(*((20, 1) if quick else (50, 5)))
    if name == "memory":
        return sweeping.memory_rows(2_000 if quick else 20_000)
    return million.store_rows(40_000 if quick else 1_000_000)


def study_rows(names: tuple[str, ...] = MEASUREMENTS, *, quick: bool) -> Iterator[Row]:
    """Rows of the measurements, each in a process of its own."""
    for name in names:
        command = [sys.executable, "-m", "benchmarks.studies", "--here", name, *(["--quick"] if quick else [])]
        found = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        yield from (tuple(row) for row in json.loads(found.stdout.splitlines()[-1]))


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="measurement", help=", ".join(MEASUREMENTS) + "; all without it")
    parser.add_argument("--quick", action="store_true", help="smaller sweeps and stores")
    parser.add_argument("--here", choices=MEASUREMENTS, help=argparse.SUPPRESS)
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        from benchmarks.sweeping import bare_part

        bare_part(int(given.bare[0]), given.bare[1])
    elif given.here:
        print(json.dumps(measure(given.here, quick=given.quick)))
    else:
        if unknown := [name for name in given.names if name not in MEASUREMENTS]:
            parser.error(f"no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        for row in study_rows(tuple(given.names) or MEASUREMENTS, quick=given.quick):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()

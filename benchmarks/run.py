"""Measure speed and memory, and print the table of docs/speed.md.

    python benchmarks/run.py [--quick] [--engine]
    python benchmarks/run.py --against REVISION | --forms [--rounds N]

The second line measures the engine of another revision too, or every other form of a rule, in turn with this engine,
because a shared machine is not equally fast all the time. Single thread, CPU time, best of several repetitions: others
on the machine only add time. The engine is measured with `organization_focused`, default measures and recording on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import (
    PROCESSES,
    STRATEGY,
    VALUES,
    Row,
    all_of_ohio,
    best,
    districts,
    seconds_per_month,
    simulation,
)
from benchmarks.plans import plan_rows
from capsim.building import run_key, settled_world
from capsim.catalogue import STRATEGIES
from capsim.catalogue.rules import RULES
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, run_block
from capsim.scenario import load_scenario
from capsim.world import World

STRATEGIES_OF_A_STUDY = ("none", "individual_focused", "organization_focused", "blended")


def twin_seconds_per_month(world: World, months: int) -> float:
    """Seconds of a month of the slow twin with the same strategy."""
    from tests.reference import Twin

    twin = Twin(world.copy(), VALUES, 1, strategy=STRATEGIES[STRATEGY], months=months, yearly_hours=160_000.0)
    return best(twin.step, months)


def ohio_seconds() -> tuple[float, float]:
    """Settling one replicate of Ohio, and one run of 60 + 60 months from it."""
    scenario = load_scenario("ohio")
    settled = settled_world(scenario, VALUES, PROCESSES, run_key=run_key(1, 0))
    settling = best(lambda: settled_world(scenario, VALUES, PROCESSES, run_key=run_key(1, 0)), 3)

    def run() -> None:
        run_of_it = simulation(settled.world, scenario.assistance.budget_hours_per_year, 120)
        for _ in range(120):
            run_of_it.advance()

    return settling, best(run, 5)


def classroom_microseconds() -> float:
    """Microseconds of a month of the classroom scenario: the fixed cost."""
    scenario = load_scenario("classroom")
    settled = settled_world(scenario, VALUES, PROCESSES, run_key=run_key(1, 0))
    return 1e6 * seconds_per_month(settled.world, scenario.assistance.budget_hours_per_year, 240, 7)


def classroom_milliseconds() -> tuple[float, float, float]:
    """Of a classroom world built and settled, of one whose luck was met before, and of a block with such a world, as at
    the points of a sweep: the world, four strategies, their outcomes.
    """
    scenario, fresh = load_scenario("classroom"), iter(range(1, 1_000))

    def world(replicate: int) -> None:
        settled_world(scenario, VALUES, PROCESSES, run_key=run_key(scenario.seed, replicate))

    def block() -> None:
        run_block(Block(scenario, STRATEGIES_OF_A_STUDY, replicate=0))

    block()
    new, again = best(lambda: world(next(fresh)), 20), best(lambda: world(0), 20)
    return 1e3 * new, 1e3 * again, 1e3 * best(block, 20)


def report_seconds() -> float:
    """Seconds to draw the report of Ohio: 16 worlds, the scenario's strategies; loading the libraries is part of it."""
    from capsim.comparison.compare import compare
    from capsim.report import render_report

    found = compare("ohio", replications=16, uncertainty="none", keep_agencies=True)
    return best(lambda: render_report(found), 1)


NATIONAL = """
import resource, time
from benchmarks.run import PROCESSES, STRATEGY, VALUES
from capsim.building import settled_world
from capsim.engine.run import simulate
from capsim.engine.strategies import resolve_strategy
from capsim.scenario import load_scenario, scenario_from_mapping
scenario = load_scenario("national")
content = scenario.resolved() | {"timeline": {"settling": 12, "assistance": 60, "follow_up": 60}}
scenario = scenario_from_mapping(content)
settled = settled_world(scenario, VALUES, PROCESSES, run_key=1)
_, make = resolve_strategy(scenario, STRATEGY)
times = []
for _ in range(2):
    world = settled.world.copy()
    start = time.process_time()
    simulate(world, VALUES, make(VALUES), processes=PROCESSES, assistance_months=60, follow_up_months=60,
             yearly_hours=scenario.assistance.budget_hours_per_year, run_key=1)
    times.append(time.process_time() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(settled.world.layout.n_positions, min(times), peak)
"""


def national() -> tuple[int, float, float]:
    """Positions, seconds of a run of 120 months, peak memory in MB; in a process of its own."""
    found = subprocess.run([sys.executable, "-c", NATIONAL], cwd=ROOT, capture_output=True, text=True, check=True)
    positions, seconds, peak = found.stdout.split()
    return int(positions), float(seconds), float(peak)


def agents_microseconds() -> float:
    """Microseconds per Mesa agent on first access, at 20,000 positions."""
    from capsim.model.capacity_model import CapacityModel

    scenario = all_of_ohio(timeline={"settling": 12})

    def first_access() -> float:
        model = CapacityModel(scenario, seed=1)
        start = time.process_time()
        count = len(model.agents)
        return 1e6 * (time.process_time() - start) / count

    return min(first_access() for _ in range(3))  # the first of a process imports things, too


def children_seconds() -> float:
    """CPU seconds of the finished child processes so far."""
    times = os.times()
    return times.children_user + times.children_system


def first_result() -> tuple[float, float]:
    """Seconds of `capsim run classroom` with a cold and with a warm numba cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        command = [sys.executable, "-m", "capsim", "run", "classroom", "--quiet"]

        def run() -> None:
            subprocess.run(command, env=environment, capture_output=True, check=True)

        return best(run, 1, clock=children_seconds), best(run, 3, clock=children_seconds)


PROBE = """
import json
from benchmarks.run import classroom_microseconds, districts, ohio_seconds, seconds_per_month
found = {}
for positions in (2_000, 20_000):
    world = districts(positions)
    seconds = seconds_per_month(world, 8.0 * positions, 36, 3)
    found[f"{positions:,} positions, ns per staff-month"] = 1e9 * seconds / world.layout.n_positions
found["classroom, microseconds per month"] = classroom_microseconds()
found["Ohio, settling, ms"], found["Ohio, 60 + 60 months, ms"] = (1e3 * seconds for seconds in ohio_seconds())
print(json.dumps(found))
"""


def probed(root: Path) -> dict[str, float]:
    """Figures of the engine in a checkout, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    found = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=root, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    figures: dict[str, float] = json.loads(found.stdout.splitlines()[-1])
    return figures


def compare_with(revision: str, rounds: int) -> None:
    """Print the figures of another revision beside those of this one, and how many times faster this one is."""
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / "other"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(other), revision], check=True)
        try:
            for root in (other, ROOT):
                probed(root)  # compiles
            pairs = [(probed(other), probed(ROOT)) for _ in range(rounds)]
        finally:
            subprocess.run([*git, "remove", "--force", str(other)], check=True)
    print(f"| what | {revision} | this | times faster, least to most of {rounds} rounds |\n|---|---|---|---|")
    for name in pairs[0][0]:
        ratios = sorted(theirs[name] / own[name] for theirs, own in pairs)
        least = [min(figures[name] for figures in side) for side in zip(*pairs, strict=True)]
        print(f"| {name} | {least[0]:.0f} | {least[1]:.0f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |")


def compare_forms(rounds: int) -> None:
    """Print what a month of 20,000 positions costs under every other form of a rule, as a share of the usual forms."""
    world = districts(20_000)
    cost = lambda rules: seconds_per_month(world, 160_000.0, 12, 2, resolve_values(rules=rules))  # noqa: E731
    print("| rule | form | cost of a month, least to most |\n|---|---|---|")
    for rule, form in [(one.name, form) for one in RULES.values() for form in one.variants if form != one.default]:
        ratios = sorted(cost({rule: form}) / cost({}) for _ in range(rounds))
        print(f"| {rule} | {form} | {ratios[0]:.2f} to {ratios[-1]:.2f} |", flush=True)


def engine_rows() -> Iterator[Row]:
    """Rows of the engine alone."""
    for positions in (2_000, 20_000):
        world = districts(positions)
        cost = seconds_per_month(world, 8.0 * positions, 36, 5) / world.layout.n_positions
        yield f"engine, {positions:,} positions", f"{1e9 * cost:.0f} ns per staff-month", "400"
    world = districts(10_000)
    engine, twin = seconds_per_month(world, 160_000.0, 24, 5), twin_seconds_per_month(world, 2)
    yield "engine against the twin, 10,000 staff", f"{twin / engine:.0f} times", "100"
    yield "fixed cost, classroom", f"{classroom_microseconds():.0f} microseconds per month", "100"
    new, again, block = classroom_milliseconds()
    yield "classroom, one world built and settled", f"{new:.1f} ms; {again:.1f} ms where its luck was met before", ""
    seconds = {"met": block / 1e3, "new": (block - again + new) / 1e3}
    projected = {luck: f"{1e6 / len(STRATEGIES_OF_A_STUDY) / 2 * each / 60:.0f}" for luck, each in seconds.items()}
    yield (
        "a million classroom runs of four strategies, projected on two cores",
        f"{projected['met']} minutes; {projected['new']} if every block had luck of its own",
        "90",
    )
    settling, run = ohio_seconds()
    yield "Ohio, 120 districts, settling once per replicate", f"{settling:.2f} s", ""
    yield "Ohio, 120 districts, 60 + 60 months", f"{run:.2f} s", "0.2"
    yield "Ohio, its report drawn", f"{report_seconds():.1f} s", "4"
    yield from plan_rows()
    yield "Mesa agents, first access", f"{agents_microseconds():.1f} microseconds per agent", ""


def long_rows() -> Iterator[Row]:
    """Rows of the nation and of the first command."""
    staff, seconds, peak = national()
    yield f"nation, {staff:,} positions, 120 months", f"{seconds:.1f} s", "10"
    yield "nation, cost", f"{1e9 * seconds / staff / 120:.0f} ns per staff-month", "400"
    yield "nation, peak memory", f"{peak:.0f} MB", "1000"
    cold, warm = first_result()
    yield "command to first result, cold numba cache", f"{cold:.1f} s", "25"
    yield "command to first result, warm cache", f"{warm:.1f} s", ""


def measured_rows(*, quick: bool, engine: bool) -> Iterator[Row]:
    """Every row that is asked for; those of studies and of the app are in `studies.py` and `app.py`."""
    yield from engine_rows()
    if not quick:
        yield from long_rows()
    if not engine:
        from benchmarks.app import app_rows
        from benchmarks.studies import study_rows

        yield from study_rows(quick=quick)
        yield from app_rows()


def main() -> None:
    """Measure, and print a Markdown table row by row, so that a measurement that fails loses none before it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the nation and the cold start; small studies")
    parser.add_argument("--engine", action="store_true", help="leave out studies, which take some minutes")
    parser.add_argument("--against", metavar="REVISION", help="compare the engine with that of another revision")
    parser.add_argument("--forms", action="store_true", help="compare the forms of every rule")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of --against and --forms, 3 unless given")
    given = parser.parse_args()
    if given.forms or given.against:
        compare_forms(given.rounds) if given.forms else compare_with(given.against, given.rounds)
        return
    print("| what | measured | at most (or at least) |\n|---|---|---|")
    for row in measured_rows(quick=given.quick, engine=given.engine):
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()

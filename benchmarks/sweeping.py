"""What the study layer costs: sweeps against bare processes that run the same worlds and nothing else."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from capsim.runs.study import SweepStudy, study_from_mapping
from capsim.runs.study_plan import Plan, Task, make_plan

ROOT = Path(__file__).resolve().parent.parent
STRATEGIES = ["none", "individual_focused", "organization_focused", "blended"]
Row = tuple[str, str, str]


class Spent(NamedTuple):
    """CPU seconds of this process and all that it started, and seconds on the clock."""

    cpu: float
    clock: float


def fifty_milliseconds(blocks: int) -> SweepStudy:
    """A study whose runs take about 50 ms, settling shared among four: 32 districts of Ohio, 60 + 60 months."""
    return _study("ohio", blocks, agencies={"sample": 32}, months={})


def shortest(runs: int) -> SweepStudy:
    """A study of very short runs: the classroom for a few months."""
    months = {"settling": 1, "assistance": 3, "follow_up": 1}
    return _study("classroom", runs // len(STRATEGIES), agencies={}, months=months)


def _study(name: str, blocks: int, *, agencies: dict[str, Any], months: dict[str, Any]) -> SweepStudy:
    from capsim.scenario import load_scenario

    content = load_scenario(name).resolved()
    content["agencies"] |= agencies
    content["timeline"] |= months
    replications = max(1, blocks // 10)
    found = study_from_mapping(
        {
            "kind": "sweep",
            "name": f"{name}, {blocks} blocks",
            "scenario": content,
            "strategies": STRATEGIES,
            "factors": {"lea_annual_exit": {"low": 0.1, "high": 0.3, "points": 10}},
            "replications": replications,
        }
    )
    assert isinstance(found, SweepStudy)
    return found


def run_bare(plan: Plan, tasks: Sequence[Task]) -> float:
    """Settle and simulate the worlds of some tasks, and nothing else: what any program around the engine must do."""
    from capsim.building import run_key, settled_world
    from capsim.engine.run import simulate
    from capsim.engine.strategies import resolve_strategy
    from capsim.parameters import resolve_values
    from capsim.runs.blocks import scenario_processes
    from capsim.scenario import build_agencies

    scenario = plan.scenario
    processes, total = scenario_processes(scenario), 0.0
    makers = {name: resolve_strategy(scenario, name)[1] for name in STRATEGIES}
    agencies = build_agencies(scenario, resolve_values(scenario.parameters))
    for task in tasks:
        changed: dict[str, Any] = dict(zip(plan.factors, task.point, strict=True))
        values = resolve_values({**scenario.parameters, **changed})
        key = run_key(scenario.seed, task.luck)
        settled = settled_world(scenario, values, processes, run_key=key, agencies=agencies)
        for name in task.strategies:
            record = simulate(
                settled.world.copy(),
                values,
                makers[name](values),
                processes=processes,
                run_key=key,
                assistance_months=scenario.timeline.assistance,
                follow_up_months=scenario.timeline.follow_up,
                yearly_hours=scenario.assistance.budget_hours_per_year,
            )
            total += float(record.monthly[-1, 0, 0])
    return total


def spent(work: Callable[[], object]) -> Spent:
    """What a piece of work takes, its finished child processes included."""
    before, start = sum(os.times()[:4]), time.perf_counter()
    work()
    return Spent(sum(os.times()[:4]) - before, time.perf_counter() - start)


def sweep_once(study: SweepStudy, **how: Any) -> None:
    """Run a study into a folder that is thrown away."""
    from capsim.runs.sweep import sweep

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        results = sweep(study, out=Path(folder) / "out", **how)
        failed = results.query("SELECT count(*) AS n FROM runs WHERE status = 'failed'")["n"][0]
        assert failed == 0, results.failures["reason"][0]


def overhead_rows(blocks: int, pairs: int) -> list[Row]:
    """A sweep in one process against the bare engine in the same process, in turn."""
    study = fifty_milliseconds(blocks)
    plan = make_plan(study)
    tasks = list(plan.tasks())
    run_bare(plan, tasks[:2])
    sweep_once(fifty_milliseconds(10))
    found = []
    for _ in range(pairs):
        bare, swept = spent(lambda: run_bare(plan, tasks)), spent(lambda: sweep_once(study))
        found.append((swept.cpu / bare.cpu - 1.0, bare.cpu / plan.runs))
    each = 1e3 * statistics.median(seconds for _, seconds in found)
    more = 100.0 * statistics.median(ratio for ratio, _ in found)
    return [(f"study layer over bare runs of {each:.0f} ms", f"{more:+.1f}%", "5%")]


def two_bare_processes(blocks: int) -> None:
    """Two processes, half of the tasks each."""
    command = [sys.executable, "-m", "benchmarks.studies", "--bare", str(blocks)]
    started = [subprocess.Popen([*command, f"{part}/2"], cwd=ROOT) for part in (1, 2)]
    assert [one.wait() for one in started] == [0, 0]


def bare_part(blocks: int, part: str) -> None:
    """One of the two bare processes."""
    first, parts = (int(number) for number in part.split("/"))
    plan = make_plan(fifty_milliseconds(blocks))
    run_bare(plan, list(plan.tasks(shard=(first, parts))))


@contextmanager
def dask_cluster() -> Iterator[tuple[str, Callable[[], float]]]:
    """A scheduler and two workers as users start them; gives the address, and what their processes have spent."""
    import psutil

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "scheduler.json"
        where = ["--scheduler-file", str(file), "--no-dashboard"]
        environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": folder}

        def start(*words: str) -> psutil.Popen:
            return psutil.Popen(
                [sys.executable, "-m", "dask", *words, *where], env=environment, stderr=subprocess.DEVNULL
            )

        started = [start("scheduler", "--port", "0")]
        try:
            started += [start("worker", "--nthreads", "1") for _ in range(2)]
            address = _address(file)

            def processes() -> list[psutil.Process]:
                return [process for one in started for process in (one, *one.children(recursive=True))]

            yield address, lambda: sum(sum(p.cpu_times()[:2]) for p in processes())
        finally:
            for one in reversed(started):
                one.terminate()
                one.wait(30)


def _address(file: Path) -> str:
    from distributed import Client

    for _ in range(600):
        if file.exists() and file.read_text().strip().endswith("}"):
            break
        time.sleep(0.1)
    address = str(json.loads(file.read_text())["address"])
    with Client(address) as client:
        client.wait_for_workers(2, timeout=60)
    return address


def dask_once(blocks: int) -> Spent:
    """A sweep on a cluster that has just begun; its own start is not counted, like that of a user's cluster."""
    with dask_cluster() as (address, cluster_cpu):
        before = cluster_cpu()
        driver = spent(lambda: sweep_once(fifty_milliseconds(blocks), dask=address))
        return Spent(driver.cpu + cluster_cpu() - before, driver.clock)


def workers_rows(blocks: int, rounds: int) -> list[Row]:
    """Two local workers against two bare processes, and two dask workers against two local ones, in turn.

    A dask cluster of two spends some hundredths of a second each second, whatever it does: its share is that of a quiet
    machine only where nothing else slows the sweep.
    """
    bare, local, dask = [], [], []
    for _ in range(rounds):
        bare.append(spent(lambda: two_bare_processes(blocks)))
        local.append(spent(lambda: sweep_once(fifty_milliseconds(blocks), workers=2)))
        dask.append(dask_once(blocks))

    def ratio(first: list[Spent], second: list[Spent]) -> Spent:
        pairs = list(zip(first, second, strict=True))
        return Spent(*(statistics.median(one[i] / other[i] for one, other in pairs) for i in (0, 1)))

    throughput, more = ratio(bare, local), ratio(dask, local)
    runs = f"{blocks * len(STRATEGIES):,} runs, CPU"
    return [
        (f"two workers against two bare processes, {runs}", f"{100 * throughput.cpu:.0f}% of throughput", "95%"),
        ("the same on the clock, which counts on a quiet machine only", f"{100 * throughput.clock:.0f}%", ""),
        (f"two dask workers over two local ones, {runs}", f"{100 * (more.cpu - 1):+.1f}%", "10%"),
    ]


def memory_rows(runs: int) -> list[Row]:
    """How much this process grows from the first twentieth of a sweep of short runs to its end."""
    import psutil

    process, seen = psutil.Process(), []

    def watch(done: int, total: int, failed: int) -> None:
        if done >= total // 20:
            seen.append(process.memory_info().rss)

    sweep_once(shortest(runs), progress=watch)
    return [(f"memory growth over a sweep of {runs:,} short runs", f"{(max(seen) - seen[0]) / 1e6:.0f} MB", "50")]

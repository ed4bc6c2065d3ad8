"""A store of very many runs with invented numbers, written by the real writer of shards: what it takes to come back."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from capsim.runs.dictionary import sweep_dictionary
from capsim.runs.reading import Results, compact_store, stored_runs
from capsim.runs.store import open_store
from capsim.runs.study import study_from_mapping
from capsim.runs.study_plan import Plan, make_plan
from capsim.runs.tables import RUNS, shard_path, write_shard

TASKS_PER_SHARD = 250
QUESTION = "SELECT strategy, avg(use_follow_up_end), stddev(gain_use_follow_up_end) FROM runs GROUP BY ALL ORDER BY ALL"
Row = tuple[str, str, str]


def store_plan(runs: int) -> Plan:
    """Two factors, four strategies, a hundred replications, every outcome kept."""
    return make_plan(
        study_from_mapping(
            {
                "kind": "sweep",
                "name": "very many",
                "scenario": "classroom",
                "replications": 100,
                "factors": {"lea_annual_exit": {"low": 0.1, "high": 0.3}, "months_to_fill": {"low": 2.0, "high": 5.0}},
                "design": {"kind": "latin_hypercube", "n": runs // 400},
            }
        )
    )


def fill_store(folder: Path, plan: Plan) -> None:
    """Store every run but the last task; numbers with all their digits, as outcomes have them."""
    manifest = plan.manifest
    columns, rng = manifest.columns, np.random.Generator(np.random.Philox(1))
    open_store(folder, manifest, origin=dict, dictionary=sweep_dictionary(columns, plan.factors))
    outcomes = plan.study.kept_outcomes
    tasks = itertools.islice(plan.tasks(), plan.blocks - 1)
    while some := list(itertools.islice(tasks, TASKS_PER_SHARD)):
        rows: list[dict[str, Any]] = [
            {
                "run_id": name,
                "strategy": strategy,
                "point": task.place,
                "replicate": task.replicate,
                "luck": task.luck,
                **dict(zip(plan.factors, task.point, strict=True)),
                "status": "done",
                "reason": "",
            }
            for task in some
            for strategy, name in zip(task.keep, task.ids, strict=True)
        ]
        for row, numbers in zip(rows, rng.random((len(rows), len(outcomes))).tolist(), strict=True):
            row.update(zip(outcomes, numbers, strict=True))
        write_shard(folder, shard_path(folder, [row["run_id"] for row in rows]), rows, columns)


def seconds(work: Callable[[], object]) -> float:
    """Shorter of two times on the clock: reading uses all processors."""
    found = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def left_to_do(folder: Path, plan: Plan) -> int:
    """What a resumed driver finds out before it begins."""
    done, failed = stored_runs(folder)
    return sum(len(task.keep) for task in plan.tasks(stored=done | failed))


def store_rows(runs: int) -> list[Row]:
    """Open, find what is left, group by, compact, and the disk that it takes."""
    plan = store_plan(runs)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill_store(folder, plan)
        name = f"store of {plan.runs:,} runs"
        found = _reading_rows(f"{name} in {_shards(folder):,} shards", folder, plan)
        share = _bytes(folder) / (8 * plan.runs * len(plan.manifest.columns))
        found.append((f"{name}, disk against raw float64", f"{100 * share:.0f}%", "100%"))
        start = time.perf_counter()
        compact_store(folder)
        found.append((f"{name}, `capsim compact`", f"{time.perf_counter() - start:.1f} s", ""))
        found += _reading_rows(f"{name} in {_shards(folder):,} shards", folder, plan)
        share = _bytes(folder) / (8 * plan.runs * len(plan.manifest.columns))
        found.append((f"{name}, compacted, disk against raw float64", f"{100 * share:.0f}%", "100%"))
        return found


def _reading_rows(name: str, folder: Path, plan: Plan) -> list[Row]:
    def question() -> None:
        assert len(Results(folder).query(QUESTION)) == len(plan.study.strategies)

    def resume() -> None:
        assert left_to_do(folder, plan) == len(plan.study.strategies)

    def count() -> None:
        found = Results(folder).query("SELECT count(*) AS n FROM runs")["n"][0]
        assert found == plan.runs - len(plan.study.strategies)

    return [
        (f"{name}, open and count", f"{seconds(count):.1f} s", "seconds"),
        (f"{name}, group by strategy", f"{seconds(question):.1f} s", "seconds"),
        (f"{name}, find what is left", f"{seconds(resume):.1f} s", "seconds"),
    ]


def _shards(folder: Path) -> int:
    return sum(1 for _ in (folder / RUNS).glob("*/*.parquet"))


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / RUNS).glob("*/*.parquet"))

"""What a worker does: one replicate of some points of a row, all arms from the same settled world."""

from __future__ import annotations

import functools
import os
import pickle
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capsim.building import Settled, run_key, settled_world
from capsim.engine.month import MONTH
from capsim.engine.run import Simulation, column_processes
from capsim.engine.strategies import resolve_strategy
from capsim.parameters import Values, resolve_values
from capsim.processes.process import Process
from capsim.scenario import AgencyTable, Scenario, build_agencies, scenario_from_mapping
from validation.pattern_table import COMPOSITIONS, SEED, PatternRow, Point, Where
from validation.pattern_text import months_of
from validation.patterns.starting import districts_of, start_from
from validation.patterns.watching import Arm, Attentive, needs_log, watch

BASELINE = "none"
_IN_USE = 0.5
"""Use above which a practice counts as in use."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told; plain data.

    Points have the same `parameters`, so that they share a settled world. Arms, the last month that is run and districts
    are those of the row where none are given (0); hours of an arm are multiplied by its multiple; settled worlds are kept
    for later jobs in a folder, if there is one.
    """

    row: PatternRow
    points: tuple[Point, ...]
    replicate: int
    arms: tuple[str, ...] = ()
    multiples: Mapping[str, float] = field(default_factory=dict)
    until: int = 0
    districts: int = 0
    worlds: str = ""


@dataclass(frozen=True, slots=True)
class JobResult:
    """Runs of a job by point and arm, and why runs failed: (point, arm, reason)."""

    row: str
    replicate: int
    arms: dict[tuple[str, str], Arm]
    settling_months: int
    failures: tuple[tuple[str, str, str], ...] = ()

    @property
    def failed(self) -> int:
        """Runs of the job that failed."""
        return len(self.failures)


def run_job(job: Job) -> JobResult:
    """Settle the world of a replicate, then run every arm of every point from it. A failed run is recorded."""
    failures: list[tuple[str, str, str]] = []
    found: dict[tuple[str, str], Arm] = {}
    scenario = _scenario(job.row.where, job.districts)
    key = run_key(SEED, job.replicate)
    processes, names = column_processes(MONTH), names_read(job.row)
    try:
        settled = _settled(job, scenario, processes, key)
    except Exception:
        reason = f"the world could not be settled: {traceback.format_exc()}"
        return JobResult(job.row.name, job.replicate, {}, 0, ((job.points[0].name, "all", reason),))
    for point in job.points:
        values = resolve_values({**point.parameters, **point.after_settling}, point.rules)
        start = start_from(settled.world, values, point.start)
        helped: dict[str, NDArray[np.bool_]] = {}
        for arm in job.arms or point.arms or job.row.arms:
            mask = np.zeros(start.routine.shape, np.bool_)
            name, make = resolve_strategy(scenario, COMPOSITIONS.get(arm, arm))
            try:
                assistance, follow_up = months_of(job.row, point)
                run = Simulation(
                    start.copy(),
                    values,
                    Attentive(make(values), mask),
                    processes=processes,
                    assistance_months=assistance,
                    follow_up_months=follow_up,
                    yearly_hours=_hours(job) * job.multiples.get(arm, 1.0),
                    run_key=key,
                    log=needs_log(names),
                )
                found[point.name, arm] = watch(
                    run,
                    until=job.until or assistance + follow_up,
                    read_at=_read_at(job.row),
                    names=names,
                    run_key=key,
                )
                helped[arm] = mask[districts_of(start)]
            except Exception:
                failures.append((point.name, name, traceback.format_exc()))
        _compare_in_use({arm: run for (at, arm), run in found.items() if at == point.name}, helped)
    return JobResult(job.row.name, job.replicate, found, settled.months, tuple(failures))


def _hours(job: Job) -> float:
    """TA hours a year: those of the row for each district."""
    share = job.districts / job.row.where.districts if job.districts else 1.0
    return job.row.hours * share


def names_read(row: PatternRow) -> frozenset[str]:
    """Everything that the statistics of a row are made of."""
    named = [one.measures for one in row.judged] + [one.measures for one in row.reported]
    return frozenset(chain.from_iterable(named))


def _read_at(row: PatternRow) -> tuple[int, ...]:
    return () if row.monthly else row.read_at


def _compare_in_use(arms: Mapping[str, Arm], helped: Mapping[str, NDArray[np.bool_]]) -> None:
    """Share of helped districts whose mean use over the areas helped is above one half, with and without assistance."""
    if BASELINE not in arms or "use_by_area" not in arms[BASELINE].at:
        return
    plain = arms[BASELINE].at["use_by_area"]
    for name, arm in arms.items():
        mask = helped[name]
        for month, use in arm.at["use_by_area"].items():
            if mask.any():
                arm.at.setdefault("share_in_use", {})[month] = _share(use, mask)
                arm.at.setdefault("share_in_use without", {})[month] = _share(plain[month], mask)
    for arm in arms.values():
        arm.at.pop("use_by_area")


def _share(use: NDArray[np.float64], mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    served = mask.any(axis=1)
    mean = np.where(mask, use, 0.0).sum(axis=1)[served] / mask.sum(axis=1)[served]
    return np.asarray((mean > _IN_USE).mean())


@functools.lru_cache(maxsize=8)
def _scenario(where: Where, districts: int) -> Scenario:
    return scenario_from_mapping(
        {
            "name": "patterns",
            "agencies": {"source": "synthetic", "districts": districts or where.districts, "regions": where.regions},
            "question": {"contrast": ["none", "blended"]},
            "assistance": {"budget_hours_per_year": 0},
            "strategies": ["none", "blended"],
            "uncertainty": "none",
            "seed": SEED,
        }
    )


@functools.lru_cache(maxsize=4)
def _agencies(scenario: Scenario) -> AgencyTable:
    return build_agencies(scenario, resolve_values())


def _settled(job: Job, scenario: Scenario, processes: tuple[Process, ...], key: int) -> Settled:
    """The settled world, from the folder if it is there."""
    point = job.points[0]
    kept = Path(job.worlds, f"{job.row.name}-{job.row.points.index(point)}-{job.replicate}.pickle")
    if job.worlds and kept.exists():
        settled: Settled = pickle.loads(kept.read_bytes())
        return settled
    values: Values = resolve_values(point.parameters)
    settled = settled_world(scenario, values, processes, run_key=key, agencies=_agencies(scenario))
    if job.worlds:
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps(settled))
        part.rename(kept)
    return settled

"""Run rows of the declaration through the executors, match doses where a row asks for it, and measure."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from capsim.runs.crews import hired, map_blocks
from capsim.runs.workers import Workers
from validation.pattern_table import PATTERNS, PatternRow, Point
from validation.pattern_text import replicates_of
from validation.patterns.jobs import BASELINE, Job, JobResult, run_job
from validation.patterns.matching import Match
from validation.patterns.runs import RowRuns
from validation.patterns.statistics import RowResult, measure_row

Progress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is run: at most so many replicates of a point, and districts; 0 for what is declared."""

    replicates: int = 0
    districts: int = 0

    def replicates_of(self, row: PatternRow, point: Point) -> int:
        """Pairs at a point."""
        declared = replicates_of(row, point)
        return min(declared, self.replicates) if self.replicates else declared


FULL = Size()
QUICK = Size(replicates=3, districts=20)
"""To see that everything runs; its numbers mean nothing."""


def run_patterns(
    rows: Sequence[PatternRow] = PATTERNS,
    *,
    size: Size = FULL,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> list[RowResult]:
    """Run rows and measure what they declare; parameters as in `run_rows`."""
    return [measure_row(runs) for runs in run_rows(rows, size=size, workers=workers, progress=progress)]


def run_rows(
    rows: Sequence[PatternRow], *, size: Size = FULL, workers: int | Workers = 1, progress: Progress | None = None
) -> list[RowRuns]:
    """Run every point and arm of rows.

    First all that needs no matching, with the runs to the end of assistance of what does; then the steps of matching,
    for all points at once; then the matched runs.
    """
    matched = [row for row in rows if row.matching is not None]
    plain = [row for row in rows if row.matching is None]
    with tempfile.TemporaryDirectory(prefix="capsim-patterns-") as worlds, hired(workers) as pool:

        def work(jobs: list[Job]) -> list[JobResult]:
            return list(map_blocks(run_job, jobs, workers=pool, progress=progress))

        jobs = [job for row in matched for job in _matching_jobs(row, size, worlds)]
        results = work(jobs + [job for row in plain for job in _plain_jobs(row, size)])
        first = {row.name: [one for one in results if one.row == row.name] for row in rows}
        found = {row.name: RowRuns(row, first[row.name]) for row in plain}
        matches = {row.name: _begin(row, first[row.name]) for row in matched}
        while wanted := [job for row in matched for job in _steps(row, matches[row.name], size, worlds)]:
            _enter(wanted, work(wanted), first, matches)
        last = [job for row in matched for job in _final_jobs(row, matches[row.name], size, worlds)]
        results = work(last) if last else []
    for row in matched:
        found[row.name] = RowRuns(row, [one for one in results if one.row == row.name], matches[row.name])
    return [found[row.name] for row in rows]


def _plain_jobs(row: PatternRow, size: Size) -> Iterable[Job]:
    """One job for each replicate of the points that share a settled world."""
    together: dict[tuple[tuple[str, float], ...], list[Point]] = {}
    for point in row.points:
        together.setdefault(tuple(sorted(point.parameters.items())), []).append(point)
    for points in together.values():
        for replicate in range(max(size.replicates_of(row, point) for point in points)):
            here = tuple(point for point in points if replicate < size.replicates_of(row, point))
            yield Job(row, here, replicate, districts=size.districts)


def _matching_jobs(row: PatternRow, size: Size, worlds: str) -> Iterable[Job]:
    """All arms of every point to the end of assistance, with all hours."""
    for point in row.points:
        for replicate in range(size.replicates_of(row, point)):
            yield Job(row, (point,), replicate, until=row.assistance, districts=size.districts, worlds=worlds)


def _begin(row: PatternRow, results: Sequence[JobResult]) -> dict[str, Match]:
    """The search at each point that has a replicate in which all runs finished."""
    assert row.matching is not None
    runs = RowRuns(row, results)
    return {
        point.name: Match(row.matching, {arm: _mean_gain(runs, point, arm) for arm in row.matching.arms})
        for point in row.points
        if runs.pairs(point.name)
    }


def _mean_gain(runs: RowRuns, point: Point, arm: str) -> float:
    assert runs.row.matching is not None
    return float(runs.gain(point.name, arm, runs.row.matching.measure, runs.row.assistance).mean())


def _steps(row: PatternRow, matches: Mapping[str, Match], size: Size, worlds: str) -> Iterable[Job]:
    """The scaled arm and the baseline at every point whose search goes on."""
    for point in row.points:
        match = matches.get(point.name)
        multiple = match.next_multiple if match else None
        if match is None or multiple is None:
            continue
        for replicate in range(size.replicates_of(row, point)):
            yield Job(
                row,
                (point,),
                replicate,
                arms=(match.scaled,),
                multiples={match.scaled: multiple},
                until=row.assistance,
                districts=size.districts,
                worlds=worlds,
            )


def _enter(
    jobs: Sequence[Job],
    results: Sequence[JobResult],
    first: Mapping[str, Sequence[JobResult]],
    matches: Mapping[str, Mapping[str, Match]],
) -> None:
    """Enter the mean gains of a step, paired with the baseline of the first runs."""
    baseline = {
        (one.row, at, one.replicate): run
        for results_of_row in first.values()
        for one in results_of_row
        for (at, arm), run in one.arms.items()
        if arm == BASELINE
    }
    gains: dict[tuple[str, str], list[float]] = {}
    for job, result in zip(jobs, results, strict=True):
        assert job.row.matching is not None
        measure = job.row.matching.measure
        for (at, _), run in result.arms.items():
            plain = baseline.get((job.row.name, at, job.replicate))
            if plain is not None:
                gain = run.monthly[measure][job.until - 1] - plain.monthly[measure][job.until - 1]
                gains.setdefault((job.row.name, at), []).append(float(gain))
    for row, point in dict.fromkeys((job.row.name, job.points[0].name) for job in jobs):
        own = gains.get((row, point), [])
        matches[row][point].add(sum(own) / len(own) if own else float("inf"))


def _final_jobs(row: PatternRow, matches: Mapping[str, Match], size: Size, worlds: str) -> Iterable[Job]:
    """All arms of every point to the end, with matched hours."""
    for point in row.points:
        match = matches.get(point.name)
        multiples = {match.scaled: match.multiple} if match else {}
        for replicate in range(size.replicates_of(row, point)):
            yield Job(row, (point,), replicate, multiples=multiples, districts=size.districts, worlds=worlds)

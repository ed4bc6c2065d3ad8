"""Every statistic of a row from its runs, with its verdict; plain data in and out of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from capsim.runs.output import number
from validation.pattern_table import PATTERNS, PatternRow
from validation.patterns.aiming import focus, network_shape, routines_spread, tiered_ceilings, weakest_link
from validation.patterns.construction import (
    attenuation,
    client_and_expert,
    codesign_clarity,
    leader_exit,
    mode_order,
    readiness_monotone,
)
from validation.patterns.judging import UNDEFINED, Estimate, Findings, Line, verdict_of
from validation.patterns.lasting import fade, lag, structure_buffers
from validation.patterns.readiness import perceived_need, readiness_product
from validation.patterns.runs import RowRuns
from validation.patterns.storage import storage_location

STATISTICS: Mapping[str, Callable[[RowRuns], Findings]] = {
    one.__name__: one
    for one in (
        storage_location,
        structure_buffers,
        lag,
        fade,
        readiness_product,
        network_shape,
        weakest_link,
        focus,
        perceived_need,
        tiered_ceilings,
        routines_spread,
        mode_order,
        attenuation,
        codesign_clarity,
        client_and_expert,
        leader_exit,
        readiness_monotone,
    )
}
"""What measures each row, by its name."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What was found for one row, in the order of the declaration, with a verdict for each judged line."""

    row: str
    judged: tuple[Line, ...]
    reported: tuple[Line, ...]
    verdicts: tuple[str, ...]
    remarks: tuple[str, ...]
    failures: tuple[str, ...]

    @property
    def plain(self) -> dict[str, Any]:
        """As JSON can hold it, once `strict_json` has dealt with what is no number."""
        return asdict(self)


def row_named(name: str) -> PatternRow:
    """Row of the declaration."""
    return next(row for row in PATTERNS if row.name == name)


def measure_row(runs: RowRuns) -> RowResult:
    """Measure and judge what a row declares; undefined where no replicate has all its runs."""
    row = runs.row
    ran = all(runs.pairs(point.name) for point in row.points)
    found = STATISTICS[row.name](runs) if ran else Findings()
    named = {line.name: line for line in found.lines}
    judged = tuple(named.get(one.name, Line(one.name, "", UNDEFINED)) for one in row.judged)
    order = [one.name for one in row.reported]
    reported = sorted((line for line in found.lines if line.name in order), key=lambda line: order.index(line.name))
    return RowResult(
        row=row.name,
        judged=judged,
        reported=tuple(reported),
        verdicts=tuple(verdict_of(one, line.estimate) for one, line in zip(row.judged, judged, strict=True)),
        remarks=tuple(found.remarks),
        failures=tuple(
            f"replicate {replicate}, {point}, {arm}: {reason.strip().splitlines()[-1]}"
            for replicate, point, arm, reason in runs.failures
        ),
    )


def result_from(content: Mapping[str, Any]) -> RowResult:
    """What `RowResult.plain` gave, read from JSON; KeyError, TypeError or ValueError if it is something else."""
    return RowResult(
        row=str(content["row"]),
        judged=_lines(content["judged"]),
        reported=_lines(content["reported"]),
        verdicts=tuple(map(str, content["verdicts"])),
        remarks=tuple(map(str, content["remarks"])),
        failures=tuple(map(str, content["failures"])),
    )


def _estimate(content: Mapping[str, Any]) -> Estimate:
    value, low, high = (number(content[name]) for name in ("value", "low", "high"))
    return Estimate(value, low, high, int(content["pairs"]))


def _lines(content: list[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            str(line["name"]),
            str(line["what"]),
            _estimate(line["estimate"]),
            str(line["remark"]),
        )
        for line in content
    )

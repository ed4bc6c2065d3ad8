"""Results of the anchors as a file, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from capsim.errors import InputError
from capsim.paths import read_text
from capsim.runs.output import number, read_json, strict_json
from validation.anchors.running import Estimate, Result, Size
from validation.saving import provenance

_KEY = "anchors"


def provenance_of(size: Size) -> dict[str, Any]:
    """What makes the numbers of a run."""
    return provenance(replicates=size.replicates)


def anchors_json(results: Sequence[Result], provenance: Mapping[str, Any]) -> str:
    """The text that `read_anchors` reads."""
    rows = [{**result.plain, "met": result.met} for result in results]
    return strict_json({_KEY: {"provenance": dict(provenance), "targets": rows}})


def read_anchors(path: str | Path) -> tuple[list[Result], dict[str, Any]]:
    """Results and provenance of an earlier run.

    Raises
    ------
    InputError
        If the file cannot be read or holds something else.
    """
    text = read_text(path)
    try:
        content = read_json(text)[_KEY]
        return [_result(row) for row in content["targets"]], dict(content["provenance"])
    except (KeyError, StopIteration, TypeError, ValueError) as error:
        raise InputError(f"{path}: holds no results of `python -m validation anchors --json`") from error


def _result(row: Mapping[str, Any]) -> Result:
    result = Result(
        str(row["trial"]),
        str(row["target"]),
        _estimate(row["estimate"]),
        _estimate(row["default"]),
        str(row["parameter"]),
        number(row["solved"]),
        bool(row["reached"]),
    )
    if result.declared.parameter != result.parameter:
        raise ValueError(result.parameter)
    return result


def _estimate(content: Mapping[str, Any]) -> Estimate:
    value, low, high = (number(content[name]) for name in ("value", "low", "high"))
    return Estimate(value, low, high)

"""Results of a run of the patterns as plain data: what made them, and every number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from capsim.errors import InputError
from capsim.paths import read_text
from capsim.runs.output import read_json, strict_json
from validation.patterns.running import Size
from validation.patterns.statistics import RowResult, result_from
from validation.saving import provenance

_KEY = "patterns"


def provenance_of(size: Size) -> dict[str, Any]:
    """What makes the numbers of a run."""
    return provenance(replicates=size.replicates, districts=size.districts)


def patterns_json(results: Sequence[RowResult], provenance: Mapping[str, Any]) -> str:
    """The text that `read_patterns` reads."""
    return strict_json({_KEY: {"provenance": dict(provenance), "rows": [result.plain for result in results]}})


def read_patterns(path: str | Path) -> tuple[list[RowResult], dict[str, Any]]:
    """Results and provenance of an earlier run; an InputError if the file cannot be read or holds something else."""
    text = read_text(path)
    try:
        content = read_json(text)[_KEY]
        return [result_from(row) for row in content["rows"]], dict(content["provenance"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: holds no results of `python -m validation patterns --json`") from error

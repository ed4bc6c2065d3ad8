"""Results of the replications as a file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capsim.errors import InputError
from capsim.paths import read_text
from capsim.runs.output import read_json, strict_json

_KEY = "replications"


def replications_json(results: dict[str, Any]) -> str:
    """The text that `read_replications` reads."""
    return strict_json({_KEY: results}, indent=None)


def read_replications(path: str | Path) -> dict[str, Any]:
    """Results of an earlier run.

    Raises
    ------
    InputError
        If the file cannot be read or holds something else.
    """
    text = read_text(path)
    try:
        results: dict[str, Any] = read_json(text)[_KEY]
        return {name: results[name] for name in ("runs", "seed", "march", "rao", "carley", "routines")}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: holds no results of `python -m validation replications --json`") from error

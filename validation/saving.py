"""What made a run of validation, in words that every kind of result shares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capsim.runs.identity import RESULTS_VERSION, git_commit


def provenance(**size: int) -> dict[str, Any]:
    """What makes the numbers of a run: version, commit, and its size."""
    from capsim import __version__

    return {
        "version": __version__,
        "results_version": RESULTS_VERSION,
        "git_commit": git_commit(Path(__file__)),
        **size,
    }

"""Which files belong to the fast part, and which run first because they take longest.

Processor seconds of a file, compiled code kept, come from `python -m pytest FILE --durations 0`. Whole files go to one
worker (`--dist loadfile`), so a long one that comes last would leave the other workers idle.
"""

from __future__ import annotations

import math
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import open_browser

ROOT = Path(__file__).parent

SLOW = (
    "experiment_pages/test_experiments.py",
    "runs/test_faults.py",
    "cli/test_interruption.py",
    "runs/test_dask.py",
    "runs/test_interruptions.py",
    "reference/test_sharpness.py",
    "validation/test_patterns.py",
    "analyses/test_commands.py",
    "analyses/test_stored_points.py",
    "validation/test_closed_forms.py",
    "docs/test_readme.py",
    "docs/test_adding.py",
    "cli/test_runs.py",
    "analyses/test_explain_command.py",
    "cli/test_bad_input.py",
    "runs/test_sweep.py",
    "oracle/test_frozen.py",
    "cli/test_survey_flow.py",
    "lessons/test_lessons.py",
    "reference/test_twin.py",
    "validation/test_invariants.py",
)
"""The longest first."""

FAST = (
    "test_paths.py",
    "catalogue",
    "cli/test_bad_words.py",
    "cli/test_listing.py",
    "cli/test_new.py",
    "cli/test_progress.py",
    "docs/test_contributing.py",
    "docs/test_sources.py",
    "scenario",
    "streams",
)
"""Files and folders of the fast part."""


def pytest_configure(config: pytest.Config) -> None:
    """Whoever starts the tests in the background has Ctrl-C ignored, by them and by all that they start. And what
    several workers would each compile is compiled once before they start.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if getattr(config.option, "numprocesses", None) and config.option.markexpr != "fast":
        from capsim.runs.crews import compile_kernels

        compile_kernels()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the fast and the slow files, and put the slow ones first."""
    place = {name: number for number, name in enumerate(SLOW)}

    def name_of(item: pytest.Item) -> str:
        return item.path.relative_to(ROOT).as_posix() if item.path.is_relative_to(ROOT) else ""

    for item in items:
        name = name_of(item)
        if name in place:
            item.add_marker(pytest.mark.slow)
        if name in FAST or name.split("/")[0] in FAST:
            item.add_marker(pytest.mark.fast)
    items.sort(key=lambda item: place.get(name_of(item), len(SLOW)))


@pytest.fixture(scope="session", autouse=True)
def _no_line_of_progress_because_a_machine_is_slow() -> None:
    """What commands print in this process depends on their work alone."""
    from capsim.cli import group

    group.SECONDS_TO_FIRST_LINE = math.inf


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real browser, for the tests of one file."""
    with open_browser() as found:
        yield found

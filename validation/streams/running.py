"""The whole battery, and its page."""

from __future__ import annotations

from collections.abc import Sequence

from capsim import __version__
from capsim.errors import InputError
from capsim.paths import file_to_write, whole_file
from capsim.runs.identity import RESULTS_VERSION
from validation.streams.dieharder import dieharder_findings, installed
from validation.streams.orders import ORDERS
from validation.streams.page import streams_markdown
from validation.streams.statistics import Finding, findings_of


def run_streams(*, numbers: int, dieharder: bool) -> list[Finding]:
    """Findings of every order.

    Parameters
    ----------
    numbers : int
        Of each order.
    dieharder : bool
        Whether that program's tests are run too.

    Raises
    ------
    InputError
        If dieharder is asked for and not installed.
    """
    if dieharder and not installed():
        raise InputError("--dieharder: no program of that name here; on Debian: apt-get install dieharder")
    findings = [finding for order in ORDERS for finding in findings_of(order, numbers)]
    if dieharder:
        findings += [finding for order in ORDERS for finding in dieharder_findings(order)]
    return findings


def write_page(path: str, findings: Sequence[Finding], *, numbers: int, dieharder: bool) -> None:
    """Write the page in one go."""
    version = f"{__version__}, results version {RESULTS_VERSION}"
    text = streams_markdown(findings, numbers=numbers, version=version, dieharder=dieharder)
    with whole_file(file_to_write(path)) as draft:
        draft.write_text(text, encoding="utf-8")

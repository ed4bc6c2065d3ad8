"""The results as the page docs/patterns.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from validation.pattern_table import AMENDMENTS, REVISED, VERDICTS, Expected, PatternRow
from validation.pattern_text import expected_text, markdown_table, method_text
from validation.patterns.judging import Estimate, Line
from validation.patterns.notes import CORRECTIONS, NOTES, READING
from validation.patterns.statistics import RowResult, row_named

_OPENING = """# Patterns under assistance

What was found for every pattern that [patterns_declared.md](patterns_declared.md) declared before the first run. Made
by `python -m validation patterns --markdown` from the numbers of one run (`docs/patterns.json`) and the notes in
`validation/patterns/notes.py`; do not edit this page.

Nothing was tuned to these results: statistics, arms, horizons and signs are the declared ones, and what is missed or
not resolved is a finding, with a note on what in the model makes it so.
"""


def kind_of(row: PatternRow) -> str:
    """Pattern 3, or Check 2."""
    return f"{'Check' if row.construction else 'Pattern'} {row.number}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "not reached"
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"


def estimate_text(estimate: Estimate) -> str:
    """The number; "undefined" without one."""
    return "undefined" if math.isnan(estimate.value) else _number(estimate.value)


def interval_text(estimate: Estimate) -> str:
    """The interval; "-" without one."""
    if math.isnan(estimate.low) or math.isnan(estimate.high):
        return "-"
    return f"{_number(estimate.low)} to {_number(estimate.high)}"


def stale_notes(results: Sequence[RowResult]) -> list[str]:
    """Rows whose verdicts are not those that the note explains, or that lack a note that they need."""
    stale = []
    for result in results:
        open_ = {
            line.name: verdict for line, verdict in zip(result.judged, result.verdicts, strict=True) if verdict != "met"
        }
        if open_ != dict(NOTES[result.row].verdicts if result.row in NOTES else {}):
            stale.append(result.row)
    return stale


def patterns_markdown(results: Sequence[RowResult], provenance: Mapping[str, Any]) -> str:
    """The page; of a quick run the provenance says replicates and districts, which are 0 for those declared."""
    lines = [*_OPENING.splitlines(), "", *_setting(provenance), ""]
    lines += [f"- {text}" for text in READING]
    lines += ["", "Verdict: " + "; ".join(f"**{name}**: {text}" for name, text in VERDICTS.items()) + ".", ""]
    lines += markdown_table(
        ("row", "judged", "expected", "estimate", "interval", "pairs", "verdict"),
        ((*line[:-1], f"**{line[-1]}**") for line in summary(results)),
    )
    stale = set(stale_notes(results))
    for result in results:
        lines += ["", *_row(result, result.row in stale)]
    lines += ["", "## Corrections to the declaration", ""]
    lines += [f"- {text}" for text in (*AMENDMENTS, *CORRECTIONS)] or ["None: every arm could be run as declared."]
    return "\n".join(lines) + "\n"


def _setting(provenance: Mapping[str, Any]) -> Iterator[str]:
    versions = f"capsim {provenance['version']}, results version {provenance['results_version']}"
    commit = str(provenance["git_commit"])
    yield f"{versions}, commit {commit[:12]}{' with changes' if commit.endswith('+') else ''}."
    if provenance["results_version"] < REVISED:
        yield ""
        yield (
            f"**Of an earlier model: rules and declaration were revised for results version {REVISED}. Questions and "
            "statistics are quoted as declared now, numbers and notes are those of the rules before, and what was declared "
            "anew is missing until it has been run.**"
        )
    if provenance["replicates"] or provenance["districts"]:
        yield (
            f"**A quick run, to see that everything runs: at most {provenance['replicates']} replicates of "
            f"{provenance['districts']} districts. Its numbers mean nothing.**"
        )


def _judged(result: RowResult) -> Iterator[tuple[Expected, Line, str]]:
    return zip(row_named(result.row).judged, result.judged, result.verdicts, strict=True)


def summary(results: Sequence[RowResult]) -> Iterator[tuple[str, ...]]:
    """A line for each judged statistic: row, name, expected, estimate, interval, pairs, verdict."""
    for result in results:
        row = row_named(result.row)
        for expected, line, verdict in _judged(result):
            yield (
                f"{kind_of(row)}: {row.title}",
                expected.name,
                expected_text(expected),
                estimate_text(line.estimate),
                interval_text(line.estimate),
                str(line.estimate.pairs),
                verdict,
            )


def _row(result: RowResult, stale: bool) -> Iterator[str]:
    row = row_named(result.row)
    yield f"## {kind_of(row)}: {row.title} (`{row.name}`)"
    yield ""
    yield f"*{row.question}*"
    yield ""
    if row.construction:
        yield "Restates inputs of the model: it checks that they arrive and is no evidence."
        yield ""
    for expected, line, verdict in _judged(result):
        interval = f"{method_text(expected)}, {100 * row.level:.4g}%"
        yield (
            f"- **{expected.name}: {verdict}.** {expected.formula} Expected {expected_text(expected)}; found "
            f"{estimate_text(line.estimate)} ({interval}: {interval_text(line.estimate)}; {line.estimate.pairs} pairs)."
        )
    yield ""
    if result.row in NOTES:
        if stale:
            yield "*The note was written for other verdicts and is to be looked at again.*"
            yield ""
        yield f"**What makes it so.** {NOTES[result.row].text}"
        yield ""
    for failure in result.failures:
        yield f"- Failed run, its replicate left out: {failure}"
    for remark in result.remarks:
        yield f"- {remark}"
    if result.reported:
        if result.remarks or result.failures:
            yield ""
        header = ("reported, not judged", "which", "estimate", "interval, 95%", "pairs", "")
        yield from markdown_table(header, map(_reported, result.reported))


def _reported(line: Line) -> tuple[str, ...]:
    one = line.estimate
    return line.name, line.what, estimate_text(one), interval_text(one), str(one.pairs), line.remark

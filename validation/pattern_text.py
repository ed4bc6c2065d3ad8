"""The declared patterns as a page, and what they cost.

``python -m validation.pattern_text`` prints the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from capsim.catalogue import STRATEGIES, Recipe
from validation.pattern_table import (
    AMENDMENTS,
    COMMON,
    COMPOSITIONS,
    PATTERNS,
    READINGS,
    RESAMPLES,
    RUN_MONTHS,
    RUN_SECONDS,
    SEED,
    SETTLING_AT_MOST,
    START_RULES,
    START_STATES,
    VERDICTS,
    WORKERS,
    Expected,
    PatternRow,
    Point,
    Reported,
)


def replicates_of(row: PatternRow, point: Point) -> int:
    """Pairs run at a point."""
    return point.replicates or row.replicates


def months_of(row: PatternRow, point: Point) -> tuple[int, int]:
    """Months of assistance and of follow-up at a point."""
    return (
        row.assistance if point.assistance < 0 else point.assistance,
        row.follow_up if point.follow_up < 0 else point.follow_up,
    )


def planned_runs(row: PatternRow) -> float:
    """Runs of `RUN_MONTHS` months that a row takes at most: settling, arms, and all steps of matching.

    A settled world is shared by the points of a row that have the same `parameters`.
    """
    months = 0.0
    settled: dict[tuple[tuple[str, float], ...], int] = {}
    for point in row.points:
        replicates = replicates_of(row, point)
        assistance, follow_up = months_of(row, point)
        months += replicates * len(point.arms or row.arms) * (assistance + follow_up)
        if row.matching is not None:
            months += replicates * (row.matching.most_steps + 1) * assistance
        same = tuple(sorted(point.parameters.items()))
        settled[same] = max(settled.get(same, 0), replicates)
    return (months + SETTLING_AT_MOST * sum(settled.values())) / RUN_MONTHS


def render_patterns() -> str:
    """The whole declaration in Markdown."""
    total = sum(map(planned_runs, PATTERNS))
    minutes = total * RUN_SECONDS / WORKERS / 60.0
    lines = [
        "# Patterns under assistance, as declared",
        "",
        "Written from `validation/pattern_table.py` by `python -m "
        "validation.pattern_text`, and committed before the first of these runs. It says what will be "
        "measured and what is expected. Nothing is tuned to it; what is missed is a finding.",
        "",
        *(f"- {text}" for text in COMMON),
        f"- Seed {SEED}; bootstrap: {RESAMPLES:,} resamples of whole replicates (all arms and points together), "
        "percentiles.",
        f"- At most {total:,.0f} runs of {RUN_MONTHS} months in all, settling counted at its longest: about "
        f"{minutes:.0f} minutes on two cores at {RUN_SECONDS:g} s a run.",
        "",
        "Verdict: " + "; ".join(f"**{name}** if {text}" for name, text in VERDICTS.items()) + ".",
        "",
    ]
    for row in PATTERNS:
        lines.extend(_row(row))
    lines += [
        "## Arms that are no named strategies",
        "",
        *markdown_table(("arm", "shares of hours"), _compositions()),
        "",
    ]
    lines += [
        "## Quantities that are no recorded measures",
        "",
        *markdown_table(("name", "meaning"), READINGS.items()),
        "",
    ]
    lines += ["## States that are set", "", *markdown_table(("state", "meaning"), START_STATES.items()), ""]
    lines += markdown_table(("rule", "meaning"), START_RULES.items())
    lines += ["", "## Amendments", "", *([f"- {text}" for text in AMENDMENTS] or ["None."])]
    return "\n".join(lines) + "\n"


def _row(row: PatternRow) -> Iterator[str]:
    kind = "Check of construction" if row.construction else "Pattern"
    yield f"## {kind} {row.number}: {row.title} (`{row.name}`)"
    yield ""
    yield f"*{row.question}*"
    yield ""
    if row.construction:
        yield "Restates inputs of the model: it checks that they arrive and is no evidence."
        yield ""
    regions = f", {row.where.regions} regional agencies" if row.where.regions else ""
    yield f"- Arms: {', '.join(f'`{arm}`' for arm in row.arms)}."
    read = "monthly, " + " to ".join(map(str, row.read_at)) if row.monthly else ", ".join(map(str, row.read_at))
    yield (
        f"- World: {row.where.districts} synthetic districts{regions}; {row.hours:,.0f} TA hours a year; "
        f"{row.assistance} months of assistance, {row.follow_up} of follow-up; read at the end of month: {read}; "
        f"{row.replicates} paired replicates; at most {planned_runs(row):,.0f} runs."
    )
    if row.matching is not None:
        arms = " and ".join(f"`{arm}`" for arm in row.matching.arms)
        yield f"- Doses of {arms} are matched. {row.matching.how}"
    if row.note:
        yield f"- {row.note}"
    yield ""
    if len(row.points) > 1 or row.points[0].name != "defaults":
        yield from markdown_table(("point", "settings"), ((point.name, _settings(row, point)) for point in row.points))
        yield ""
    yield from markdown_table(
        ("judged", "statistic", "expected", "interval", "why"), (_judged(row, one) for one in row.judged)
    )
    yield ""
    if row.reported:
        yield from markdown_table(("reported, not judged", "statistic", "interval"), map(_reported, row.reported))
        yield ""


def _judged(row: PatternRow, expected: Expected) -> tuple[str, ...]:
    why = f"{expected.because} [{', '.join(expected.sources)}]"
    interval = f"{method_text(expected)}, {100 * row.level:.4g}%"
    return expected.name, expected.formula, expected_text(expected), interval, why


def expected_text(expected: Expected) -> str:
    """Where the interval is expected."""
    return {"+": "above 0", "-": "below 0", "band": f"{expected.low:g} to {expected.high:g}"}[expected.sign]


def method_text(one: Expected | Reported) -> str:
    """How the interval is made."""
    return "paired t" if one.method == "t" else one.method


def _reported(reported: Reported) -> tuple[str, ...]:
    return reported.name, reported.formula, f"{method_text(reported)}, 95%"


def _settings(row: PatternRow, point: Point) -> str:
    parts = []
    if point.parameters:
        parts.append(_numbers(point.parameters))
    if point.after_settling:
        parts.append("after settling: " + _numbers(point.after_settling))
    if point.rules:
        parts.append("after settling: " + ", ".join(f"rule {rule} `{form}`" for rule, form in point.rules.items()))
    if point.start:
        parts.append("set: " + ", ".join(f"{s.state} {s.rule} {s.value:g}" for s in point.start))
    if point.arms:
        parts.append("arms: " + ", ".join(f"`{arm}`" for arm in point.arms))
    if point.replicates:
        parts.append(f"{point.replicates} replicates")
    if months_of(row, point) != (row.assistance, row.follow_up):
        parts.append("{} months of assistance, {} of follow-up".format(*months_of(row, point)))
    return "; ".join(parts) or "defaults"


def _numbers(values: Mapping[str, float]) -> str:
    return ", ".join(f"`{name}` {value:g}" for name, value in values.items())


def _compositions() -> Iterator[tuple[str, str]]:
    plain = STRATEGIES["none"]
    for name, one in COMPOSITIONS.items():
        parts = [", ".join(f"{activity} {share:g}" for activity, share in one.activities.items())]
        parts += [
            f"{what} {_plain(one, what)}"
            for what in ("targeting", "codesign", "recipients", "focal_areas")
            if getattr(one, what) != getattr(plain, what)
        ]
        yield f"`{name}`", "; ".join(parts)


def _plain(one: Recipe, what: str) -> str:
    value = getattr(one, what)
    return ", ".join(f"{key} {share:g}" for key, share in value.items()) if isinstance(value, Mapping) else str(value)


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table; a bar in a cell is no end of it."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in rows]


if __name__ == "__main__":
    print(render_patterns(), end="")

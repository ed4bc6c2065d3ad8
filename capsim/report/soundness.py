"""Can the numbers be trusted: failed runs, settling, pairing, and where everything comes from."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from typing import Any

from capsim.building.settling import DRIFT_PER_YEAR, LONGEST_SETTLING
from capsim.catalogue import STRATEGIES
from capsim.comparison.cautions import drift_warning, largest_drift, unsettled
from capsim.figures.palette import clean_text
from capsim.report.parts import Code, Facts, Fold, Notice, Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, count, duration, joined, number, title

__all__ = ["provenance_section", "trust_section"]


def trust_section(results: Results) -> Section:
    """Failures, settling, pairing."""
    warning = drift_warning(results.comparison)
    parts: list[Part] = [
        *_failures(results),
        *([Notice(warning)] if warning else []),
        Facts((("Settling", _settling(results)), ("Pairing", _pairing(results)))),
    ]
    return Section("trust", "Can these numbers be trusted?", "Trust", tuple(parts))


def _failures(results: Results) -> list[Part]:
    failures = results.comparison.failures
    total = len(results.comparison.runs)
    if not failures:
        return [Paragraph(f"All {count(total, 'run')} finished.")]
    reasons = Counter((str(f.get("strategy", "")), _last_line(str(f.get("reason", "")))) for f in failures)
    rows = tuple(
        Row(title(strategy), (str(n), reason), results.styles[strategy].color if strategy in results.styles else "")
        for (strategy, reason), n in reasons.most_common(20)
    )
    note = f"And {len(reasons) - 20} other reasons; see failures.jsonl." if len(reasons) > 20 else ""
    return [
        Notice(f"{count(len(failures), 'run')} of {total:,} failed and are left out of every number above."),
        Table("Why runs failed", ("Strategy", "Runs", "Reason"), rows, note, words=True),
    ]


def _last_line(reason: str) -> str:
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    return clean_text(lines[-1])[:400] if lines else "no reason was recorded"


def _settling(results: Results) -> str:
    settling = results.comparison.settling
    if not settling:
        return "Not recorded."
    months = [s.months for s in settling]
    worlds = count(len(settling), "world")
    largest = largest_drift(results.comparison)
    drift = (
        f"The largest drift left is {largest:.6f} a year"
        if not math.isnan(largest)
        else "Settling was too short to measure a remaining drift"
    )
    if results.comparison.scenario.timeline.settling != "auto":
        return (
            f"{worlds} ran {duration(months[0]) if months[0] else '0 months'} without help first, as the "
            f"scenario asks. {drift}."
        )
    span = (
        duration(min(months)) if min(months) == max(months) else f"{duration(min(months))} to {duration(max(months))}"
    )
    limit = unsettled(results.comparison)
    words = (
        f"none still drifted at the limit of {duration(LONGEST_SETTLING)}"
        if not limit
        else f"{count(limit, 'world')} reached the limit of {duration(LONGEST_SETTLING)} and still drifted"
    )
    return (
        f"Before help began, {worlds} ran without it until they stood still (less than {DRIFT_PER_YEAR:g} a "
        f"year), or for {duration(LONGEST_SETTLING)}: {span}; {words}. {drift}."
    )


def _pairing(results: Results) -> str:
    luck = results.difference(*results.contrast)
    if luck.pairs < 2:
        return "Not known: it needs at least two finished pairs."
    if math.isnan(luck.variance_ratio):
        return "All pairs differ by the same amount, so one pair is as good as many."
    needed = results.comparison.headline()["replications_needed"]
    enough = " and ".join(f"{n:,} for ±{precision:g}" for precision, n in needed.items())
    share = (
        f"needs {number(luck.variance_ratio, 1)} times fewer runs"
        if luck.variance_ratio >= 1
        else "does not save runs here"
    )
    related = UNDEFINED if math.isnan(luck.correlation) else f"{luck.correlation:.2f}".replace("-", "−")
    return (
        f"Both strategies of a pair meet the same luck; this {share} than comparing separate worlds (variance ratio "
        f"{number(luck.variance_ratio, 1)}, correlation within pairs {related}). Replications needed for the "
        f"average difference: {enough}; "
        f"{luck.pairs:,} were run."
    )


def provenance_section(results: Results) -> Section:
    """Versions, command, seed, identity, and how to run it again."""
    origin = results.comparison.provenance
    versions = origin.get("versions", {})
    machine = origin.get("machine", {})
    items = [
        ("Command", clean_text(shlex.join(map(str, origin.get("command", [])))) or "not recorded"),
        ("Seed", str(origin.get("seed", results.comparison.scenario.seed))),
        ("Replications", f"{origin.get('replications', 'not recorded')}" + _precision(origin)),
        ("Scenario, by content", str(origin.get("scenario_hash", "not recorded"))),
        ("Version of results", str(origin.get("results_version", "not recorded"))),
        ("Git commit of the scenario's folder", str(origin.get("git_commit", "none"))),
        ("Software", ", ".join(f"{name} {version}" for name, version in versions.items()) or "not recorded"),
        (
            "Python and system",
            " ".join(
                filter(
                    None,
                    (str(origin.get("python", "")), str(machine.get("system", "")), str(machine.get("processor", ""))),
                )
            ),
        ),
    ]
    again = (
        "Save the scenario below as scenario.yaml and run the command. The same version gives the same "
        "numbers, for any number of workers."
    )
    again += _missing(results)
    parts: tuple[Part, ...] = (
        Facts(tuple(items)),
        Paragraph(again),
        Code("pip install capsim\ncapsim compare scenario.yaml --out results"),
        Fold("The scenario in full", (Code(_yaml(results)),)),
    )
    return Section("provenance", "Where these numbers come from", "Provenance", parts)


def _missing(results: Results) -> str:
    """What the scenario alone does not hold."""
    scenario = results.comparison.scenario
    words = ""
    if scenario.agencies.own_file:
        words += " It also needs the table of agencies that it names."
    if scenario.agencies.survey:
        words += " It also needs the survey that it names."
    known = {*scenario.strategy_names, *STRATEGIES}
    given = [title(name) for name in results.comparison.strategies if name not in known]
    if given:
        words += f" {joined(given)} came from Python and must be given again."
    return words


def _precision(origin: dict[str, Any]) -> str:
    precision = origin.get("precision")
    return f", chosen until the interval was at most ±{precision:g}" if precision else ""


def _yaml(results: Results) -> str:
    import yaml

    return str(yaml.safe_dump(results.comparison.scenario.resolved(), sort_keys=False, allow_unicode=True, width=100))

"""Can the numbers be trusted: failed runs, settling, pairing, and where everything comes from."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from typing import Any

import yaml

from capsim.catalogue import STRATEGIES
from capsim.comparison.cautions import drift_warning, largest_drift, unsettled
from capsim.figures.palette import strategy_label
from capsim.report.parts import Code, Facts, Fold, Notice, Part, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, brief, count, duration, joined, number
from capsim.scenario.schema import DRIFT_PER_YEAR, LONGEST_SETTLING

_MOST_REASONS = 20


def trust_parts(results: Results) -> list[Part]:
    """Failures, settling, pairing."""
    warning = drift_warning(results.comparison)
    facts = Facts([("Settling", _settling(results)), ("Pairing", _pairing(results))])
    return [*_failures(results), *([Notice(warning)] if warning else []), facts]


def _failures(results: Results) -> list[Part]:
    failures = results.comparison.failures
    total = len(results.comparison.runs)
    if not failures:
        return [f"All {count(total, 'run')} finished."]
    reasons = Counter((str(f.get("strategy", "")), _last_line(str(f.get("reason", "")))) for f in failures)
    rows = [results.row(name, (str(n), reason)) for (name, reason), n in reasons.most_common(_MOST_REASONS)]
    more = len(reasons) - _MOST_REASONS
    note = f"And {more} other reasons; see failures.jsonl." if more > 0 else ""
    return [
        Notice(f"{count(len(failures), 'run')} of {total:,} failed and are left out of every number above."),
        Table("Why runs failed", ("Strategy", "Runs", "Reason"), rows, note, words=True),
    ]


def _last_line(reason: str) -> str:
    lines = [line.strip() for line in reason.splitlines() if line.strip()]
    return lines[-1][:400] if lines else "no reason was recorded"


def _settling(results: Results) -> str:
    settling = results.comparison.settling
    if not settling:
        return "Not recorded."
    months = [s.months for s in settling]
    worlds, longest = count(len(settling), "world"), duration(LONGEST_SETTLING)
    largest = largest_drift(results.comparison)
    drift = f"The largest drift left is {largest:.6f} a year."
    if math.isnan(largest):
        drift = "Settling was too short to measure a remaining drift."
    if results.scenario.timeline.settling != "auto":
        ran = duration(months[0]) if months[0] else "0 months"
        return f"{worlds} ran {ran} without help first, as the scenario asks. {drift}"
    span = " to ".join(dict.fromkeys((duration(min(months)), duration(max(months)))))
    limit = unsettled(results.comparison)
    words = f"none still drifted at the limit of {longest}"
    if limit:
        words = f"{count(limit, 'world')} reached the limit of {longest} and still drifted"
    return (
        f"Before help began, {worlds} ran without it until they stood still (less than {DRIFT_PER_YEAR:g} a year), or for "
        f"{longest}: {span}; {words}. {drift}"
    )


def _pairing(results: Results) -> str:
    luck = results.difference(*results.contrast)
    if luck.pairs < 2:
        return "Not known: it needs at least two finished pairs."
    if math.isnan(luck.variance_ratio):
        return "All pairs differ by the same amount, so one pair is as good as many."
    needed = results.comparison.headline()["replications_needed"]
    enough = " and ".join(f"{n:,} for ±{precision:g}" for precision, n in needed.items())
    ratio = number(luck.variance_ratio, 1)
    share = f"needs {ratio} times fewer runs" if luck.variance_ratio >= 1 else "does not save runs here"
    related = UNDEFINED if math.isnan(luck.correlation) else brief(luck.correlation, ".2f")
    return (
        f"Both strategies of a pair meet the same luck; this {share} than comparing separate worlds (variance ratio {ratio}, "
        f"correlation within pairs {related}). Replications needed for the average difference: {enough}; {luck.pairs:,} were run."
    )


def provenance_parts(results: Results) -> list[Part]:
    """Versions, command, seed, identity, and how to run it again."""
    origin = results.comparison.provenance
    machine = origin.get("machine", {})
    software = ", ".join(f"{name} {version}" for name, version in origin.get("versions", {}).items())
    system = (origin.get("python", ""), machine.get("system", ""), machine.get("processor", ""))
    items = [
        ("Command", shlex.join(map(str, origin.get("command", []))) or "not recorded"),
        ("Seed", str(origin.get("seed", results.scenario.seed))),
        ("Replications", f"{origin.get('replications', 'not recorded')}" + _precision(origin)),
        ("Scenario, by content", str(origin.get("scenario_hash", "not recorded"))),
        ("Version of results", str(origin.get("results_version", "not recorded"))),
        ("Git commit of the scenario's folder", str(origin.get("git_commit", "none"))),
        ("Software", software or "not recorded"),
        ("Python and system", " ".join(str(word) for word in system if word)),
    ]
    text = yaml.safe_dump(results.scenario.resolved(), sort_keys=False, allow_unicode=True, width=100)
    again = (
        "Save the scenario below as scenario.yaml and run the command. The same version gives the same numbers, for any "
        f"number of workers.{_missing(results)}"
    )
    command = Code("pip install capsim\ncapsim compare scenario.yaml --out results")
    return [Facts(items), again, command, Fold("The scenario in full", [Code(str(text))])]


def _missing(results: Results) -> str:
    """What the scenario alone does not hold."""
    words = ""
    if results.scenario.agencies.own_file:
        words += " It also needs the table of agencies that it names."
    if results.scenario.agencies.survey:
        words += " It also needs the survey that it names."
    known = {*results.scenario.strategy_names, *STRATEGIES}
    given = [strategy_label(name) for name in results.comparison.strategies if name not in known]
    if given:
        words += f" {joined(given)} came from Python and must be given again."
    return words


def _precision(origin: dict[str, Any]) -> str:
    precision = origin.get("precision")
    return f", chosen until the interval was at most ±{precision:g}" if precision else ""

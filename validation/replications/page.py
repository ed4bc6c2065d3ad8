"""The page docs/replications.md: published and reproduced side by side. Every number is given, none is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from validation.replications import carley, rao, routines
from validation.replications.claims import NORMAL_95, Key
from validation.replications.march_figures import FAST, FIGURES, SLOW
from validation.replications.march_published import READ_TO, RUNS, average_rate, published
from validation.replications.readings import DEFAULT, READINGS
from validation.replications.words import (
    CARLEY_WORDS,
    INTRODUCTION,
    LEFT_OUT,
    MARCH_WORDS,
    RAO_WORDS,
    ROUTINES_WORDS,
    SOURCES,
)

_OTHERS = (("Rao and Argote", "rao"), ("Carley", "carley"), ("Miller, Pentland and Choi", "routines"))


def replications_markdown(results: Mapping[str, Any]) -> str:
    """The page."""
    runs = results["runs"]
    march = results["march"]
    parts = [
        "# Replications",
        "<!-- Written by the command below. -->",
        INTRODUCTION,
        f"```\npython -m validation replications --runs {runs} --seed {results['seed']} --write docs/replications.md\n```",
        f"Every point below is the mean of {runs} runs; ± is half of a 95% interval of that mean. A claim **holds** if "
        "the whole interval of each of its differences lies above 0, **fails** if one lies below, and is *undecided* "
        "otherwise; the smallest of its differences is shown.",
        _summary(results),
        "## March (1991)",
        MARCH_WORDS,
        _readings(march),
        "![Figure 1 under six readings](images/replications_march_readings.svg)",
        *(part for number in FIGURES for part in _figure(number, march, runs)),
        "### What the reading decides",
        _verdicts(march),
        "## Rao and Argote (2006)",
        RAO_WORDS,
        _findings(results["rao"]["findings"]),
        "![Output by trial](images/replications_rao.svg)",
        _rao(pd.DataFrame(results["rao"]["table"]), runs),
        "## Carley (1992)",
        CARLEY_WORDS,
        _findings(results["carley"]["findings"]),
        "![Right answers by turnover](images/replications_carley.svg)",
        _carley(pd.DataFrame(results["carley"]["table"]), runs),
        "## Miller, Pentland and Choi (2012)",
        ROUTINES_WORDS,
        _findings(results["routines"]["findings"]),
        "![Steps by problem](images/replications_routines.svg)",
        _routines(pd.DataFrame(results["routines"]["table"]), runs),
        "## What is not reproduced",
        "\n".join(f"- {line}" for line in (*_not_reproduced(results), *LEFT_OUT)),
        "## Sources",
        SOURCES,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".replace("-", "\u2212")


def _cells(table: pd.DataFrame, runs: int, digits: int = 3) -> dict[Key, str]:
    """By the columns before mean and sd: mean and half of its interval."""
    halves = NORMAL_95 * table["sd"] / np.sqrt(runs)
    keys = table[list(table.columns[:-2])].itertuples(index=False, name=None)
    pairs = zip(table["mean"], halves, strict=True)
    return {key: f"{_number(m, digits)} ± {_number(h, digits)}" for key, (m, h) in zip(keys, pairs, strict=True)}


def _bold(verdict: str) -> str:
    return f"*{verdict}*" if verdict == "undecided" else f"**{verdict}**"


def _findings(findings: Iterable[Mapping[str, Any]]) -> str:
    rows = []
    for one in findings:
        digits = 1 if abs(one["difference"]) >= 1.0 else 3
        interval = f"{_number(one['low'], digits)} to {_number(one['high'], digits)}"
        rows.append([one["words"], _number(one["difference"], digits), interval, _bold(one["verdict"])])
    return _table(["claim", "difference", "interval", "here"], rows)


def _summary(results: Mapping[str, Any]) -> str:
    """What came of everything, in a few sentences."""
    march = results["march"]
    used = [(number, f) for number, listed in march[DEFAULT]["findings"].items() for f in listed]
    verdicts = [[f["verdict"] for listed in march[name]["findings"].values() for f in listed] for name in READINGS]
    always = [used[n] for n, row in enumerate(zip(*verdicts, strict=True)) if set(row) == {"holds"}]
    one = march[DEFAULT]["apart"]["1"]
    others = [f"{name} {_held(results[key]['findings'])}" for name, key in _OTHERS]
    return (
        f"**In short.** March: under the reading `{DEFAULT}` {_held([f for _, f in used])} claims hold, and the typical "
        f"distance from the printed figure 1 is {_number(one['typical'])} (by luck {_number(one['by_luck'])}). Whatever the reading, {len(always)} hold: "
        + "; ".join(f"{f['words']} (figure {number})" for number, f in always)
        + f". The others, as small models of what abstracts say: {'; '.join(others)}."
    )


def _held(findings: Sequence[Mapping[str, Any]]) -> str:
    return f"{sum(f['verdict'] == 'holds' for f in findings)} of {len(findings)}"


def _readings(march: Mapping[str, Any]) -> str:
    """Every reading and how near it comes to the printed figures."""
    rows = []
    for name, (_, words) in READINGS.items():
        one, three = (march[name]["apart"][number] for number in ("1", "3"))
        findings = [finding for listed in march[name]["findings"].values() for finding in listed]
        rows.append(
            [
                f"`{name}`" + (" (used)" if name == DEFAULT else ""),
                words,
                *(f"{_number(apart['typical'])} ({_number(apart['by_luck'])})" for apart in (one, three)),
                _held(findings),
            ]
        )
    return _table(["reading", "what it is", "from figure 1", "from figure 3", "claims that hold"], rows)


def _figure(number: int, march: Mapping[str, Any], runs: int) -> list[str]:
    """Heading, picture, claims and numbers of one of March's figures under the reading that is used."""
    table = pd.DataFrame(march[DEFAULT]["tables"][str(number)])
    return [
        f"### Figure {number}: {FIGURES[number].title}",
        f"![Figure {number}](images/replications_march_{number}.svg)",
        _findings(march[DEFAULT]["findings"][str(number)]),
        _values(number, _cells(table, runs)),
    ]


def _columns(number: int, keys: Iterable[Key]) -> tuple[list[float], dict[str, Callable[[float], Key]]]:
    """Values of the horizontal axis that are printed, and by column how its rows are found."""
    p1s, p2s = (sorted({float(key[place]) for key in keys}) for place in (0, 1))
    if number == 3:
        return p1s, {
            "code": lambda p1: (p1, average_rate(p1), "code"),
            "average individual": lambda p1: (p1, average_rate(p1), "individuals"),
            "fast learners": lambda p1: (p1, FAST, "individuals"),
            "slow learners": lambda p1: (p1, SLOW, "individuals"),
        }
    if number == 5:
        p1s = [p1 for p1 in p1s if p1 in (1, 2, 5, 8, 10, 20, 30, 50, 70, 100)]
    words = {1: "p2 = {:g}", 2: "", 4: "p1 = {:g}", 5: "p3 = {:g}"}[number]
    return p1s, {("mixed" if p2 else "all alike") if number == 2 else words.format(p2): _at(p2, "code") for p2 in p2s}


def _at(p2: float, quantity: str) -> Any:
    return lambda p1: (p1, p2, quantity)


def _values(number: int, cells: Mapping[Key, str]) -> str:
    """Numbers of a figure, published first where they are at hand."""
    p1s, columns = _columns(number, cells)
    values: Mapping[Any, float] = published(number)
    rows = []
    for p1 in p1s:
        row = [f"{p1:g}"]
        for key in (find(p1) for find in columns.values()):
            here = cells.get(key, "")
            row += [_number(values[key]) if key in values else "", here] if values else [here]
        rows.append(row)
    head = [FIGURES[number].p1]
    for name in columns:
        head += [f"{name}: published", "here"] if values else [f"{name}: code here" if number != 5 else f"{name}: here"]
    return _table(head, rows)


def _verdicts(march: Mapping[str, Any]) -> str:
    """Every claim under every reading."""
    rows = []
    for number in FIGURES:
        for place, finding in enumerate(march[DEFAULT]["findings"][str(number)]):
            verdicts = [march[name]["findings"][str(number)][place]["verdict"] for name in READINGS]
            rows.append([str(number), finding["words"], *(_bold(verdict) for verdict in verdicts)])
    return _table(["figure", "claim", *(f"`{name}`" for name in READINGS)], rows)


def _rao(table: pd.DataFrame, runs: int) -> str:
    cells = _cells(table, runs)
    rows = [
        [f"{embedded:g}", *(cells[name, embedded, rao.TRIALS] for name in rao.CONDITIONS)] for embedded in rao.EMBEDDED
    ]
    return _table(["embedded, output of trial 5", *rao.CONDITIONS], rows)


def _carley(table: pd.DataFrame, runs: int) -> str:
    cells = _cells(table, runs)
    rows = [
        [task, f"{exits:g}", *(cells[task, name, exits] for name in carley.STRUCTURES)]
        for task in carley.TASKS
        for exits in carley.EXITS
    ]
    return _table(["task", "chance of leaving", *carley.STRUCTURES], rows)


def _routines(table: pd.DataFrame, runs: int) -> str:
    cells = _cells(table, runs, 1)
    rows = [
        [event, str(problem), *(cells[name, event, problem] for name in routines.MEMORIES)]
        for event in routines.EVENTS
        for problem in (1, 10, 30, 31, 40, 60)
    ]
    return _table(["half-way", "problem", *routines.MEMORIES], rows)


def _not_reproduced(results: Mapping[str, Any]) -> list[str]:
    """What came out otherwise than published, from the numbers."""
    three = results["march"][DEFAULT]["apart"]["3"]
    before = results["march"]["measured_before"]["apart"]["3"]
    side = "above" if three["mean"] > 0.0 else "below"
    lines = [
        f"March, figure 3: the lines lie on average {_number(abs(three['mean']))} {side} the printed ones (typical "
        f"distance {_number(three['typical'])}, by luck {_number(three['by_luck'])}; they were read off to {READ_TO}, "
        f"and are means of {RUNS} runs). One round of learning less (`measured_before`) makes the typical distance "
        f"{_number(before['typical'])}; no source says that March counted so."
    ]
    march = [f for listed in results["march"][DEFAULT]["findings"].values() for f in listed]
    others = [(name, results[key]["findings"]) for name, key in _OTHERS]
    for name, findings in [("March", march), *others]:
        missed = [f for f in findings if f["verdict"] != "holds"]
        lines += [f"{name}, {f['verdict']}: {f['words']}." for f in missed]
    return lines

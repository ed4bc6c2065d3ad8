"""What evidence would change the answer, in plain words, and how one could get it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from capsim.comparison.break_even import evidence_table
from capsim.parameters import PARAMETERS, Parameter, assumed_parameters
from capsim.report.parts import Facts, Fold, Notice, Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import count, joined, parameter_words, running, sentence, signed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LEARNING", "evidence_section"]

LEARNING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "activities": (
            "What a unit of help does",
            "Assess staff skills and agency routines before and after single events, coachings and redesigns in a sample "
            "of agencies, some of which get theirs later.",
        ),
        "agencies": (
            "How agencies are made up",
            "Count positions, roles and units in a sample of agencies from their staff lists.",
        ),
        "assistance": (
            "Readiness and how help lands",
            "Record attendance and a short readiness survey at every contact, and compare agencies asked to work on few "
            "and on many areas.",
        ),
        "climate": (
            "Culture and engagement",
            "Repeat a short climate survey every half year in the same agencies, before and after leaders leave.",
        ),
        "implementation": (
            "From capacity to use",
            "Observe how far practices are in use once a year in agencies whose skills and routines were assessed a year "
            "earlier.",
        ),
        "instruments": (
            "Ratings and readings",
            "Let staff, clients and outside observers rate the same agencies in the same month.",
        ),
        "learning and routines": (
            "Learning and routines",
            "Follow staff skills and written procedures for two years in a sample of agencies, newcomers and old hands "
            "apart.",
        ),
        "priorities and ties": (
            "Priorities and advice",
            "Ask the same staff once a year whom they turn to for advice and what they give their attention to.",
        ),
        "turnover and hiring": (
            "Turnover and hiring",
            "Take exits, vacancies and months to fill a position from the personnel records of state and districts.",
        ),
    }
)
"""For every group of parameters: a heading, and how one could learn them."""


def evidence_section(results: Results) -> Section:
    """The three assumptions that matter most, where they would turn the answer, and how to learn them."""
    parts: list[Part] = []
    table = _table_of(results)
    if table.empty:
        parts.append(Paragraph(_nothing(results)))
        parts.append(
            Fold("How to learn each kind of assumption", (_how(sorted({p.group for p in assumed_parameters()})),))
        )
        return _section(parts)
    parts.append(Paragraph(_opening(results, table)))
    if not table["clear"].any():
        parts.append(
            Notice(
                "None of them stands out from chance with so few pairs of worlds. Take the list as a first guess; more "
                "replications would tell."
            )
        )
    parts.append(Facts(tuple(_item(results, row) for row in table.to_dict("records"))))
    groups = [PARAMETERS[name].group for name in table["parameter"] if name in PARAMETERS]
    parts.append(_how(list(dict.fromkeys(groups))))
    others = sorted({p.group for p in assumed_parameters()} - set(groups))
    if others:
        parts.append(Fold("How to learn the other assumptions", (_how(others),)))
    return _section(parts)


def _section(parts: list[Part]) -> Section:
    return Section("evidence", "What evidence would change the answer", "What would change it", tuple(parts))


def _table_of(results: Results) -> pd.DataFrame:
    import pandas as pd

    if not results.has_drawn or results.comparison.outcome not in results.comparison.runs:
        return pd.DataFrame()
    return evidence_table(results.comparison)


def _nothing(results: Results) -> str:
    if not results.has_drawn:
        return (
            "This comparison keeps every assumption fixed, so it cannot say which of them decides. With “uncertainty: "
            "assumed” in the scenario it can. Below: how each kind of assumption could be learned."
        )
    return (
        "Too few pairs of worlds with drawn assumptions finished to say which assumption decides. Below: how each "
        "kind of assumption could be learned."
    )


def _opening(results: Results, table: pd.DataFrame) -> str:
    ahead = _ahead(results, table)
    number = "three assumptions" if len(table) == 3 else count(len(table), "assumption")
    return (
        f"The answer now leans to {running(ahead)} assistance. Of everything that had to be assumed, these {number} go "
        "along with it most closely; better knowledge of them would do most to confirm or turn it."
    )


def _ahead(results: Results, table: pd.DataFrame) -> str:
    first, second = results.contrast
    return first if float(table["difference"].iloc[0]) >= 0.0 else second


def _item(results: Results, row: Mapping[Any, Any]) -> tuple[str, str]:
    name = str(row["parameter"])
    p = PARAMETERS.get(name)
    if p is None:
        return sentence(parameter_words(name)), "No longer a parameter of the model."
    first, second = results.contrast
    ahead, other = (first, second) if float(row["difference"]) >= 0.0 else (second, first)
    favors_first = float(row["correlation"]) > 0.0
    turns = "smaller" if favors_first == (ahead == first) else "larger"
    used = float(results.comparison.scenario.parameters.get(name, p.default))
    text = (
        f"{p.meaning} Now {_figure(used)}, plausible from {_figure(p.low)} to {_figure(p.high)}{_unit(p)} (source: "
        f"{p.source}). A {turns} value works for {running(other)} (rank correlation "
        f"{signed(float(row['correlation']), 2)}). {_turning(results, row, p)}"
    )
    return sentence(parameter_words(name)), text


def _figure(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _unit(p: Parameter) -> str:
    return "" if p.unit == "1" else f" {p.unit}"


def _turning(results: Results, row: Mapping[Any, Any], p: Parameter) -> str:
    found = next((one for one in results.comparison.break_even if one.parameter == p.name), None)
    if found is not None:
        if not found.crossings:
            return "The break-even search found no value in its range at which the answer turns."
        places = joined(f"{crossing.estimate:.3g}" for crossing in found.crossings)
        return f"The break-even search finds that the answer turns at {places}."
    at = float(row["turns_at"])
    if math.isnan(at):
        return "No value within its range would turn the answer on average, by a straight line through all pairs."
    doubt = "" if row["clear"] else ", which may be chance"
    return (
        f"The answer would turn near {_figure(at)}{_unit(p)}, by a straight line through all pairs{doubt}; "
        f"--break-even {p.name} looks closer."
    )


def _how(groups: list[str]) -> Table:
    rows = []
    for group in groups:
        heading, sentence_ = LEARNING.get(group, (sentence(group), "Measure it in a sample of agencies."))
        rows.append(Row(heading, (sentence_,)))
    return Table("How one could learn it", ("Assumptions about", "What to do"), tuple(rows), words=True)

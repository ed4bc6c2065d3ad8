"""A comparison as it is printed: the answer, the differences, what else to know."""

from __future__ import annotations

import math
import shlex
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.catalogue import LINKED, NOT_A_FINDING
from capsim.cli.extras_text import extras_facts, forecast_facts, forecast_text
from capsim.cli.tables import (
    Columns,
    dollars_text,
    facts,
    interval_text,
    number_text,
    paragraph,
    records_table,
    share_text,
    signed_text,
    text_table,
)
from capsim.comparison.answering import against_in_words, in_worlds, which_plan
from capsim.comparison.verdicts import smallest_that_matters
from capsim.errors import last_line
from capsim.runs.dictionary import MOMENTS

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison


def comparison_text(result: Comparison, *, short: bool, details: bool) -> str:
    """The answer and what belongs to it; `short` is the sentence alone, `details` all tables."""
    if short:
        return "\n\n".join([result.answer(), *forecast_text(result)])
    _, plan = which_plan(result)
    parts = [*([plan] if plan else []), *forecast_text(result), *([_plans(result)] if plan else []), result.answer()]
    if details:
        parts.append(_differences(result))
    parts += _structures(result)
    if details:
        parts += [*_regions(result), *_districts(result)]
    return "\n\n".join([*parts, *_remarks(result, details=details)])


def last_words(result: Comparison, scenario: str) -> str:
    """The answer again, and what to do next, before the path of the page."""
    title, _ = which_plan(result)
    first, second = result.scenario.question.contrast
    why = shlex.join(["capsim", "explain", scenario, first, second])
    return f"{title or result.answer()}\nNext: open the page in a browser. Why one plan is ahead of another:\n  {why}"


def _plans(result: Comparison) -> str:
    """All plans against no help, the best first."""
    columns: Columns = {
        "plan": lambda row: f"{row['rank']} {row['strategy']}",
        "gain": lambda row: signed_text(row["gain"]),
        "95%": lambda row: interval_text(row["low"], row["high"]),
        "best in": lambda row: in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
        "kept": lambda row: share_text(row["retained"]),
        "dollars": lambda row: dollars_text(row["dollars"]),
        "per $1M": lambda row: signed_text(row["gain_per_million"], 4 if abs(row["gain_per_million"]) >= 5e-4 else 5),
        "staff hours": lambda row: number_text(row["recipient_hours"], 0),
        "leaves behind": lambda row: row["left_behind"] or "-",
        "against the best": against_in_words,
    }
    matters = f"{smallest_that_matters(result):.3f}".lstrip("0")
    legend = (
        "world: these agencies simulated once, with the same luck for every plan; gain: over no help; best in: "
        "worlds in which it is the best; kept: share of the gain at the end of assistance that is there at the end of "
        "follow-up, above 100% where it went on growing; per $1M: gain for a million of the center's dollars; leaves "
        f"behind: kinds of districts whose gap to the others widens; differences below {matters} do not matter"
    )
    title = "All plans as foretold\n\n" if len(result.observed) else ""
    spare = ("leaves behind", "staff hours", "per $1M", "95%", "dollars")
    table = records_table(result.ranking().to_dict("records"), columns, align="lrrrrrrrll", spare=spare)
    return f"{title}{table}\n\n{paragraph(legend)}"


def _differences(result: Comparison) -> str:
    from capsim.runs.outcomes import asked_in_words

    question = result.scenario.question
    asked = result.scenario.asked.title
    outcome = f"{asked[:1].lower()}{asked[1:]} {MOMENTS[question.at]}"
    whose = f"{question.weight}{asked_in_words(result.scenario)}"
    over = NOT_A_FINDING if result.scenario.asked.name in LINKED else f"mean over {whose}"
    title = f"Differences in {outcome}, {over}, pair by pair"
    header = ["first minus second", "over", "pairs", "estimate", "95%", "first ahead"]
    rows = [_row(row, result.drawn_in_words) for row in result.differences().to_dict("records")]
    legend = "luck: mean and the 95% t interval of the mean, assumptions at their defaults"
    if "drawn" in result.assumption_sets:
        legend += f"; {result.drawn_in_words}: median and the range of 95% of single pairs (of all, below 39 pairs)"
    legend += ". capsim explain gives bootstrap intervals of the mean for both, so its figures differ"
    return f"{title}\n\n{text_table(header, rows, align='llrrrr')}\n\n{legend}"


def _row(row: Mapping[Any, Any], over: str) -> list[str]:
    drawn = row["assumptions"] == "drawn"
    keys = ("median", "range_low", "range_high") if drawn else ("difference", "low", "high")
    estimate, low, high = (float(row[key]) for key in keys)
    return [
        f"{row['first']} - {row['second']}",
        over if drawn else "luck",
        str(row["pairs"]),
        signed_text(estimate),
        interval_text(low, high),
        share_text(float(row["probability_better"])),
    ]


def _structures(result: Comparison) -> list[str]:
    """Strategies ranked, where some have structures of their own."""
    from capsim.scenario.budgets import has_structures

    if not has_structures(result.scenario):
        return []
    rows: list[dict[Any, Any]] = result.recommendations().to_dict("records")
    if not rows:
        return []
    columns: Columns = {
        "rank": lambda row: str(row["rank"]),
        "strategy": lambda row: row["strategy"],
        "difference": lambda row: signed_text(row["difference"]),
        "95% luck": lambda row: interval_text(row["low"], row["high"]),
        "ahead": lambda row: share_text(row["ahead"]),
        "verdict": lambda row: row["verdict"],
        "positions": lambda row: signed_text(row["positions"], 0),
        "$ million/year": lambda row: signed_text(row["structure_dollars"] / 1e6, 1),
    }
    reasons = "\n".join(f"{row['rank']}. {row['strategy']}: {row['reason']}" for row in rows)
    title = f"Structures of regional agencies, ranked against {result.scenario.question.contrast[1]}"
    return [f"{title}\n\n{records_table(rows, columns, align='llrrrlrr')}\n\n{reasons}"]


_MOST_REGIONS = 6
"""States and regions that are printed in full; of more, the states alone."""


def _regions(result: Comparison) -> list[str]:
    """Gains in every state and region, where there is more than one of them; of many regions only states."""
    table = result.by_region()
    places = table.drop_duplicates("region")
    if len(places.drop_duplicates(["districts", "pupils"])) < 2:  # a region that is the whole state says nothing new
        return []
    shown = table if len(places) <= _MOST_REGIONS else table[table["level"] == "sea"]
    first, second = result.scenario.question.contrast
    shown = shown[shown["strategy"].isin([first, second])]
    columns: Columns = {
        "region or state": lambda row: f"{row['region']} {row['name']}"[:44],
        "strategy": lambda row: str(row["strategy"]),
        "districts": lambda row: number_text(row["districts"], 0),
        "pupils": lambda row: number_text(row["pupils"], 0),
        "gain": lambda row: signed_text(row["gain"]),
        "95%": lambda row: interval_text(row["low"], row["high"]),
        "TA hours": lambda row: number_text(row["region_hours"], 0),
    }
    left = len(places) - shown["region"].nunique()
    more = f"\n\n{left} more regions are in regions.csv" if left else ""
    title = "By region and state, gain over none, luck alone (regions of today)"
    return [f"{title}\n\n{records_table(shown.to_dict('records'), columns, align='llrrrrr')}{more}"]


def _districts(result: Comparison) -> list[str]:
    """Where the best plan leaves most and least, where agencies were kept one by one."""
    from capsim.comparison.districts import best_and_worst_served

    ranked = result.ranking()
    table = result.by_district()
    if table.empty or ranked.empty:
        return []
    plan = str(ranked["strategy"].iloc[0])
    shown = best_and_worst_served(table, plan)
    if len(shown) < 2:
        return []
    columns: Columns = {
        "district": lambda row: str(row["name"])[:44],
        "pupils": lambda row: number_text(row["pupils"], 0),
        "gain": lambda row: signed_text(row["gain"]),
        "95%": lambda row: interval_text(row["low"], row["high"]),
        "hours": lambda row: number_text(row["offered"], 0),
        "dollars": lambda row: dollars_text(row["dollars"]),
        "lost": lambda row: share_text(max(0.0, row["lost"]) / row["offered"] if row["offered"] > 0.0 else math.nan),
        "mainly": lambda row: row["reason"] or "-",
    }
    number = table["district"].nunique()
    which = "every district" if len(shown) == number else f"the best and the worst served of {number} districts"
    title = f"With {plan}, {which}; gain over none, luck alone; hours lost before they land (all: districts.csv)"
    return [f"{title}\n\n{records_table(shown.to_dict('records'), columns, align='lrrrrrrl')}"]


def _remarks(result: Comparison, *, details: bool) -> list[str]:
    """Whether the precision was reached, where the contrast breaks even; in detail also what pairing did."""
    from capsim.comparison.flow import loss_sentence
    from capsim.comparison.variants import alone_in_words, rules_in_words

    figures = result.headline()
    luck = figures["luck"]
    remarks = []
    if details and luck.correlation < 0.0:
        remarks.append("Pairing did harm: the two strategies of the question respond to luck in opposite ways.")
    elif details and math.isfinite(luck.variance_ratio):
        needed = figures["replications_needed"][0.002]
        remarks.append(
            f"Pairing did the work of {number_text(luck.variance_ratio, 1)} times as many runs; "
            f"about {needed:,} pairs would narrow the interval over luck to 0.002 on each side."
        )
    precision = result.provenance.get("precision")
    if precision is not None and not luck.mean.half_width <= precision:
        remarks.append(
            f"Not resolved: with {luck.pairs:,} pairs the interval is {luck.mean.half_width:.4f} to each side, "
            f"not {precision:g}."
        )
    remarks += filter(None, [loss_sentence(result) if details else ""])
    remarks += [found.sentence() for found in result.break_even if not found.by_itself]
    if links := result.scenario.outcomes.on:
        remarks.append(f"Linked to use in this scenario, {NOT_A_FINDING}: {', '.join(links)} (runs.parquet, report).")
    remarks += [*rules_in_words(result.by_variant()), *alone_in_words(result.by_variant_alone())]
    return [*remarks, *_survey(result, details=details)]


def _survey(result: Comparison, *, details: bool) -> list[str]:
    """How the simulated agencies keep what a survey observed."""
    from capsim.comparison.instruments import LARGE_DRIFT, drift_of_items

    items = drift_of_items(result.survey)
    if items.empty:
        return []
    n = result.survey["agency"].nunique()
    drifts = ", ".join(
        f"{row['item']} {signed_text(row['drift'])} ({signed_text(row['largest'])})" for _, row in items.iterrows()
    )
    beyond, answers = int(items["beyond"].sum()), int(items["answers"].sum())
    said = [f"Survey: {n} {'agency begins' if n == 1 else 'agencies begin'} as observed."]
    if details:
        said[0] += (
            f" Drift in a year without assistance, on a scale from 0 to 1, mean over answers (and largest): {drifts}."
        )
    if beyond:
        said.append(
            f"Beware: {beyond} of {answers} answers drift by more than {LARGE_DRIFT:g} a year without any assistance; "
            "the model does not keep them, so compare strategies with each other and not with the survey (survey.csv)."
        )
    return ["\n".join(said)]


def comparison_facts(result: Comparison, place: Path | None, *, short: bool) -> dict[str, Any]:
    """The same for machines; `short` leaves out the tables."""
    from capsim.comparison.districts import means_disagree
    from capsim.comparison.instruments import drift_of_items
    from capsim.scenario.budgets import has_structures

    figures = result.headline()
    question = result.scenario.question
    title, plan = which_plan(result)
    judged = result.judge(*question.contrast)
    answer = {
        "title": title,
        "plan": plan,
        "answer": result.answer(),
        "verdict": judged.verdict,
        "ahead": judged.ahead,
        "matters": judged.matters,
        **facts(result, "ranking"),
        "outcome": result.outcome,
        "weight": question.weight,
        "contrast": list(question.contrast),
        **{key: figures[key] for key in ("estimate", "low", "high", "wider")},
        **facts(result, "by_weight"),
        "means_disagree": means_disagree(result),
        "failed_runs": len(result.failures),
        "output": None if place is None else str(place),
    }
    tables = {
        **facts(result, "differences", "retention", "by_variant", "by_variant_alone"),
        "break_even": [
            {
                "parameter": found.parameter,
                "unit": found.unit,
                "sentence": found.sentence(),
                "crossings": [list(one) for one in found.crossings],
            }
            for found in result.break_even
        ],
        **extras_facts(result),
        **forecast_facts(result),
        "recommendations": result.recommendations().to_dict("records") if has_structures(result.scenario) else [],
        **facts(result, "by_region", "by_district"),
        "survey": drift_of_items(result.survey).to_dict("records"),
        "failures": result.failures,
    }
    return answer if short else {**answer, **tables}


def failure_lines(result: Comparison) -> list[str]:
    """One line for each strategy and reason of failure."""
    counts = Counter((str(failure["strategy"]), last_line(failure["reason"])) for failure in result.failures)
    runs = result.runs["strategy"].value_counts()
    lines = [
        f"{strategy}: {count} of {runs[strategy]} runs failed: {reason}" for (strategy, reason), count in counts.items()
    ]
    return lines if len(lines) <= 10 else [*lines[:9], f"... and {len(lines) - 9} more reasons in failures.jsonl"]

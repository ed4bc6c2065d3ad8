"""The page and the folder of several scenarios: each comparison in a folder of its own, one page over all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from capsim.comparison.answering import against_in_words, in_worlds
from capsim.comparison.folder import FORMAT, PROVENANCE, SEVERAL, write_folder
from capsim.comparison.several import Several
from capsim.comparison.workbook import TABLES, write_tables
from capsim.figures.canvas import PAGE_WIDTH, inline_svg, new_axes
from capsim.figures.ladder import plot_gains
from capsim.figures.palette import strategy_label, strategy_styles
from capsim.report.page import Section, page_text, write_report
from capsim.report.parts import Part, Picture, Row, Table
from capsim.report.results import Results
from capsim.report.words import digits_for, joined, number, signed, span
from capsim.runs.folder import slug, whole_folder
from capsim.runs.values import strict_json

_INVENTED = "What is real about the agencies is said on the page of each scenario; their inner state is simulated."


def write_several(result: Several, folder: Path, *, xlsx: bool = False) -> Path:
    """Write the folder of several scenarios, whole or not at all: scenarios.csv, regret.csv, flips.csv, report.html, and
    a folder for each scenario with its own report; with `xlsx` its tables as a workbook too.
    """
    places = folders_of(result)
    with whole_folder(folder, last=PROVENANCE) as stage:
        for name, comparison in result.comparisons.items():
            extra: dict[str, Callable[[Path], object]] = {"report.html": partial(write_report, comparison)}
            if xlsx:
                extra[TABLES] = partial(write_tables, comparison)
            write_folder(comparison, stage / places[name], extra=extra)
        for name, table in (("scenarios", result.table()), ("regret", result.regret()), ("flips", result.flips())):
            table.to_csv(stage / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        (stage / "report.html").write_text(render_several(result), encoding="utf-8", newline="\n")
        record = {"format": FORMAT, "kind": SEVERAL, "scenarios": list(places.values()), "names": list(places)}
        (stage / PROVENANCE).write_text(strict_json(record) + "\n", encoding="utf-8", newline="\n")
    return folder


def folders_of(result: Several) -> dict[str, str]:
    """Name of the folder of each scenario."""
    found: dict[str, str] = {}
    for number_, name in enumerate(result.comparisons, start=1):
        plain = slug(name) or "scenario"
        found[name] = plain if plain not in found.values() else f"{plain}-{number_}"
    return found


def render_several(result: Several) -> str:
    """The page over all scenarios as text."""
    table = result.table()
    answer: list[Part] = [result.answer()]
    if len(table):
        answer += [_picture(table), _regret(result)]
    places = folders_of(result)
    sections = []
    for place, (name, comparison) in zip(places.values(), result.comparisons.items(), strict=True):
        section = Section(place, name, name, lambda results: [])
        own = table[table["scenario"] == name] if len(table) else table
        parts: list[Part] = [comparison.answer(), *([_plans(own)] if len(own) else [])]
        sections.append((section, [*parts, f"Everything else about this scenario: {place}/report.html."]))
    names = list(result.comparisons)
    return page_text(
        name=joined(names) if len(names) < 5 else f"{len(names)} scenarios",
        question="Which plan is the best in which scenario?",
        verdict=_verdict(result),
        answer=answer,
        sections=sections,
        reality=_INVENTED,
        naming=" ".join(dict.fromkeys(Results(one).naming() for one in result.comparisons.values())),
        terms=[],
    )


def _verdict(result: Several) -> str:
    regret = result.regret()
    if regret.empty:
        return "No answer"
    best = regret.iloc[0]
    if best["best_in"] == best["scenarios"]:
        return f"{strategy_label(best['strategy'])} comes out first in every scenario"
    return f"It depends on the scenario; {strategy_label(best['strategy'])} loses least over all"


def _picture(table: Any) -> Picture:
    height = 0.9 + 0.34 * len(table)
    ax = plot_gains(table, ax=new_axes(PAGE_WIDTH, height))
    drawing = inline_svg(ax.figure, name="several", title="Gain of every plan in every scenario")  # type: ignore[arg-type]
    note = "Dot: gain over no help; line: the wider interval, over luck or over what was drawn beside it."
    return Picture("Gain of every plan in every scenario", note, [drawing], _INVENTED)


def _regret(result: Several) -> Table:
    regret = result.regret()
    styles = strategy_styles(regret["strategy"])
    digits = digits_for(regret["largest_regret"])
    rows = [
        Row(
            strategy_label(row["strategy"]),
            (
                f"{row['best_in']} of {row['scenarios']}",
                number(row["mean_regret"], digits),
                number(row["largest_regret"], digits),
                str(row["where"]) if row["largest_regret"] > 0.0 else "nowhere",
            ),
            styles[row["strategy"]].color,
        )
        for row in regret.to_dict("records")
    ]
    headers = ["One plan for all", "Best in", "Behind on average", "Behind at most", "Where"]
    note = (
        "Behind: how far the gain is behind that of the best plan of a scenario. The plan that loses least comes first."
    )
    return Table("If one plan must do for all scenarios", headers, rows, note)


def _plans(own: Any) -> Table:
    styles = strategy_styles(own["strategy"])
    digits = digits_for(own["gain"])
    rows = [
        Row(
            strategy_label(row["strategy"]),
            (
                f"{signed(row['gain'], digits)}\n{span(row['low'], row['high'], digits)}",
                in_worlds(row["best_in"], row["worlds"]).removesuffix(" worlds"),
                number(row["regret"], digits),
                against_in_words(row).replace("; ", "\n"),
            ),
            styles[row["strategy"]].color,
        )
        for row in own.to_dict("records")
    ]
    return Table(
        f"All plans, {own['scenario'].iloc[0]}",
        ["Plan", "Gain", "Best in", "Behind the best", "Against the best"],
        rows,
    )

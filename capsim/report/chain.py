"""Delivered, received, used: what becomes of the hours on every link of the chain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from capsim.comparison.provided import chain_totals
from capsim.figures.delivery import CHAIN_ROW_INCHES, plot_chain
from capsim.report.parts import Facts, Fold, Paragraph, Part, Picture, Row, Section, Table
from capsim.report.pictures import draw
from capsim.report.results import Results
from capsim.report.words import percent, running, sentence, title, whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["chain_section"]

_GIVERS = {"center": "consultants", "sea": "state agency", "esa": "regional agencies", "lea": "districts"}
_GETTERS = {"sea": "state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}
_MOST_SHOWN = 7
"""Links in the open picture; the others are in a fold."""


def chain_section(results: Results) -> Section | None:
    """Explanation, picture, table; None when no strategy gave hours."""
    table = chain_totals(results.comparison)
    table = table[table["delivered"] > 0.0].reset_index(drop=True)
    if table.empty:
        return None
    table["words"] = [link_words(link) for link in table["link"]]
    parts: list[Part] = [
        Paragraph(
            "Hours that are sent out are not yet hours that help. Three words, for every link of the chain from the TA "
            "center to the agencies:"
        ),
        Facts(
            (
                (
                    "Offered",
                    "Hours delivered on the link: by consultants, or by staff who pass on what they were taught.",
                ),
                (
                    "Landed",
                    "Hours received: people attended, and their agency was ready (motivated, staffed, with the skills or "
                    "routines to build on, not asked for too much at once).",
                ),
                (
                    "Used",
                    "Hours that landed where the practice is in use, so that there is something to apply them to.",
                ),
            )
        ),
        Paragraph(_finding(results, table)),
    ]
    shown = _shown(results, table)
    parts.append(_picture(results, table[shown], "chain"))
    rest = table[~shown]
    if len(rest):
        number = rest["strategy"].nunique()
        folded = (_picture(results, rest, "chain-others"),)
        parts.append(Fold(f"The same picture for {number} other {'strategy' if number == 1 else 'strategies'}", folded))
    parts.append(Fold("The same in figures", (_table(results, table),)))
    return Section("chain", "Delivered, received, used", "Delivered and used", tuple(parts))


def link_words(link: str) -> str:
    """A link in words."""
    giver, getter = link.split(" to ")
    if giver == getter:
        return f"{_GIVERS[giver]} to others of their kind"
    return f"{_GIVERS[giver]} to {_GETTERS.get(getter, getter)}"


def _shown(results: Results, table: pd.DataFrame) -> pd.Series:
    """Rows of the open picture: the strategies of the question, then the others in order while there is room."""
    names = [name for name in results.contrast if (table["strategy"] == name).any()]
    links = table["strategy"].value_counts()
    cascades = [name for name in results.others if links.get(name, 0) > 1]
    for name in [*cascades, *results.others]:
        together = sum(int(links[one]) for one in {*names, name} if one in links)
        if name in links and name not in names and together <= _MOST_SHOWN:
            names.append(name)
    chosen: pd.Series = table["strategy"].isin(names)
    return chosen if chosen.any() else chosen | True


def _picture(results: Results, table: pd.DataFrame, name: str) -> Picture:
    drawn = table.assign(link=table["words"]).reset_index(drop=True)

    plot = partial(plot_chain, drawn, two_lines=True, styles=results.styles)
    note = (
        "For every strategy and link: all hours offered during the assistance, and the shares of them that landed and "
        "were used. " + _whose(results)
    )
    height = 0.2 + CHAIN_ROW_INCHES[True] * len(drawn)
    return draw(results, name, "What becomes of the hours", note, (height, plot))


def _whose(results: Results) -> str:
    words = "Averages over worlds with assumptions at their best guess"
    return f"{words}, for all agencies that the sample stands for." if results.stands_for > 1.01 else f"{words}."


def _finding(results: Results, table: pd.DataFrame) -> str:
    """Where most is lost, for the strategies of the question, and the worst link of all."""
    sentences = []
    for name in dict.fromkeys(results.contrast):
        own = table[table["strategy"] == name]
        if len(own):
            sentences.append(_loss(name, own))
    worst = table.assign(share=table["used"] / table["delivered"]).sort_values("share").iloc[0]
    if table["strategy"].nunique() > 1 and worst["strategy"] not in results.contrast:
        sentences.append(
            f"Of all links, the one that ends with the smallest share in use is {worst['words']} under "
            f"{running(str(worst['strategy']))}: {percent(float(worst['share']))}."
        )
    return " ".join(sentences) or "Neither strategy of the question gave any hours."


def _loss(name: str, own: pd.DataFrame) -> str:
    losses: list[tuple[float, float, str]] = []
    for row in own.to_dict("records"):
        offered = float(row["delivered"])
        losses.append(((offered - float(row["received"])) / offered, offered - float(row["received"]), _before(row)))
        missed = float(row["received"]) - float(row["used"])
        losses.append((missed / offered, missed, _after(row)))
    share, _, where = max(losses, key=lambda loss: loss[1])
    used = float(own["used"].sum() / own["delivered"].sum())
    return (
        f"With {running(name)} assistance, most is lost {where}: {percent(share)} of the hours offered on that link; "
        f"{percent(used)} of all hours end in use."
    )


def _before(row: dict[Any, Any]) -> str:
    return f"before it lands, from {row['words']}"


def _after(row: dict[Any, Any]) -> str:
    return f"after it has landed, from {row['words']}, because the practices are not yet in use there"


def _table(results: Results, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        offered, landed, used = (float(row[name]) for name in ("delivered", "received", "used"))
        cells = (
            sentence(str(row["words"])),
            whole(offered),
            f"{whole(landed)}\n{percent(landed / offered)} of those offered",
            f"{whole(used)}\n{percent(used / offered)} of those offered",
        )
        rows.append(Row(title(str(row["strategy"])), cells, results.styles[str(row["strategy"])].color))
    note = (
        "Hours of consultants, or, from one agency to another, hours of staff who pass on what they were taught. "
        + _whose(results)
    )
    if results.stands_for > 1.01:
        note += " chain.parquet has the hours of the simulated agencies, month by month."
    return Table("Hours on every link", ("Strategy", "Link", "Offered", "Landed", "Used"), tuple(rows), note)

"""What instruments would have told us: ratings, readings and stocktakes beside what is true in the simulation."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from capsim.comparison.instruments import ratings_table, readings_table, status_table
from capsim.figures.delivery import plot_status
from capsim.figures.palette import wrap_label
from capsim.report.long import shortened
from capsim.report.parts import Facts, Fold, Paragraph, Part, Picture, Row, Section, Table
from capsim.report.pictures import draw
from capsim.report.results import Results
from capsim.report.sustaining import rubric_parts
from capsim.report.words import UNDEFINED, digits_for, number, percent, running, signed, title

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["instruments_section"]

_LEVELS = {"sea": "state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}
_READINGS = {
    "skill_reading": ("Skills of staff", "individual capacity"),
    "routine_reading": ("Routines", "routines that exist and are followed"),
    "use_reading": ("Use of the practices", "use"),
}
_RATINGS = ("expert_rating", "client_rating", "satisfaction", "interest")
_MOST_PANELS = 3
_ALIKE = 0.05


def instruments_section(results: Results) -> Section | None:
    """Ratings beside gains, readings beside the truth, colors over the months; None when nothing was read or rated."""
    ratings = ratings_table(results.comparison)
    readings = readings_table(results.comparison)
    status = status_table(results.comparison)
    if ratings.empty and readings.empty and status.empty:
        return None
    parts: list[Part] = [
        Paragraph(
            "In real agencies nobody sees the true state. People are asked, consensus rubrics are filled in, experts "
            "visit, leaders take stock. The simulation knows both, so it can show what each would have said."
        )
    ]
    if len(ratings):
        parts += _ratings(results, ratings)
    if len(readings):
        parts += _readings(results, readings)
    if len(status):
        parts += _status(results, status)
    parts += rubric_parts(results)
    return Section("instruments", "What instruments would have told us", "Instruments", tuple(parts))


def _ratings(results: Results, table: pd.DataFrame) -> list[Part]:
    meaning = Facts(
        (
            ("Expert rating", "Technical quality of the help in the eyes of an outside expert, 1 to 5."),
            ("Client rating", "How relevant and useful those who were served find it, 1 to 5; lenient."),
            (
                "Satisfaction",
                "How content they are, 1 to 5: it follows motivation and the burden on their time, not what was learned.",
            ),
            (
                "Interest",
                "What agencies say in the latest yearly survey when asked whether they would like help, 1 to 5.",
            ),
        )
    )
    by_name = table.set_index("strategy")

    def table_of(names: tuple[str, ...]) -> Table:
        own = by_name.loc[[name for name in names if name in by_name.index]]
        digits = digits_for(by_name["gain_use"])
        rows = []
        for name, row in own.iterrows():
            rated = [_points(float(row[column])) for column in _RATINGS]
            rated[0] += f"\nin {_LEVELS[str(row['level'])]}"
            gains = [signed(float(row[column]), digits) for column in ("gain_use", "gain_individual", "gain_routines")]
            color = results.styles[str(name)].color
            rows.append(Row(title(str(name)), (*rated, *gains), color))
        headers = (
            "Strategy",
            "Expert rating",
            "Client rating",
            "Satis\u00adfaction",
            "Interest in more",
            "Real gain: use",
            "Real gain: individual capacity",
            "Real gain: organizational skills",
        )
        note = (
            "Ratings: means over the months of assistance, 1 to 5, of the agencies that consultants served most. Real "
            "gains: of districts over no assistance when assistance ends, on a scale from 0 to 1. Averages over worlds "
            "with assumptions at their best guess."
        )
        return Table("Ratings and real gains", headers, tuple(rows), note)

    return [
        meaning,
        Paragraph(_parting(table)),
        *shortened(results, table_of, tuple(table["strategy"])),
    ]


def _points(value: float) -> str:
    return UNDEFINED if math.isnan(value) else number(value, 2)


def _parting(table: pd.DataFrame) -> str:
    """Whether those who are rated best gain most."""
    known = table.dropna(subset=["satisfaction", "gain_use"])
    lenient = (table["client_rating"] - table["expert_rating"]).mean()
    words = ""
    if not math.isnan(lenient):
        side = "above" if lenient > 0 else "below"
        words = f"Clients rate the help {number(abs(float(lenient)), 1)} points {side} outside experts. "
    if len(known) < 2:
        return words + "Ratings say how help is seen; what it changed is in the columns beside them."
    liked, gained = (
        known.sort_values(column, ascending=False, kind="stable").iloc[0] for column in ("satisfaction", "gain_use")
    )
    digits = digits_for(known["gain_use"])
    if liked["strategy"] == gained["strategy"]:
        words += (
            f"Here {running(str(liked['strategy']))} has both the most content clients and the largest gain in use. "
            "That need not be so: nothing that clients say goes into what they gain."
        )
    else:
        words += (
            f"Ratings and real gains part company: clients are most content with {running(str(liked['strategy']))} "
            f"({number(float(liked['satisfaction']), 1)} of 5), where use gains "
            f"{signed(float(liked['gain_use']), digits)}; most is gained with {running(str(gained['strategy']))} "
            f"({signed(float(gained['gain_use']), digits)}, satisfaction {number(float(gained['satisfaction']), 1)})."
        )
    if float(known["client_rating"].max() - known["client_rating"].min()) < _ALIKE:
        words += " The client ratings hardly differ at all between strategies, whatever was gained."
    elif len(known) >= 6:
        related = float(known["client_rating"].rank().corr(known["gain_use"].rank()))
        if not math.isnan(related):
            words += (
                f" Over all {len(known)} strategies the rank correlation of client rating and gain is "
                f"{signed(related, 2)}."
            )
    return words


def _readings(results: Results, table: pd.DataFrame) -> list[Part]:
    def table_of(names: tuple[str, ...]) -> Table:
        rows = []
        for row in table[table["strategy"].isin(names)].to_dict("records"):
            name = str(row["strategy"])
            what, truth = _READINGS[str(row["reading"])]
            cells = (
                f"{what}, {_LEVELS[str(row['level'])]}",
                number(float(row["read"])),
                f"{number(float(row['true']))}\n{truth}",
                signed(float(row["read"]) - float(row["true"])),
                number(float(row["off"])),
            )
            rows.append(Row(title(name), cells, results.styles[name].color))
        note = (
            "Means of the latest readings in the last month of assistance, beside the true mean of all agencies of the "
            "level. Readings have noise, grow old until an agency is read again, and miss agencies nobody has read; a "
            "rubric reads the routines that exist, not whether staff follow them. The last column is the mean distance "
            "over all months."
        )
        headers = ("Strategy", "What is read", "As read", "True", "Read minus true", "Usual distance")
        return Table("Readings and the truth", headers, tuple(rows), note)

    names = tuple(dict.fromkeys(map(str, table["strategy"])))
    return shortened(results, table_of, names) if _few(results, names) else [_folded(table_of(names))]


def _few(results: Results, names: tuple[str, ...]) -> bool:
    return not results.many or any(name in results.featured for name in names)


def _folded(table: Table) -> Part:
    return Fold(f"{table.caption}, of the strategies that read", (table,)) if len(table.rows) > 8 else table


def _status(results: Results, table: pd.DataFrame) -> list[Part]:
    names = list(dict.fromkeys(map(str, table["strategy"])))[:_MOST_PANELS]
    said = []
    grown = False
    for name in names:
        own = table[table["strategy"] == name]
        first, row = own.iloc[0], own.iloc[-1]
        change = float(row["use"]) - float(first["use"])
        grown = grown or change > 0.005
        direction = "grew" if change > 0.005 else "fell" if change < -0.005 else "hardly changed"
        said.append(
            f"Under {running(name)}, {percent(float(row['red']))} of {_LEVELS[str(row['level'])]} are red at the last "
            f"stocktake and {percent(float(row['green']))} green, while true use {direction} "
            f"({number(float(first['use']), 2)} to {number(float(row['use']), 2)})."
        )
    against = ": against an ambitious target they turn red while use grows" if grown else ""
    said.append(
        f"Colors say how far an agency is from the trajectory that was planned for it, not whether it has improved"
        f"{against}."
    )
    return [Paragraph(" ".join(said)), _picture(results, table, names)]


def _picture(results: Results, table: pd.DataFrame, names: list[str]) -> Picture:
    panels = []
    for name in names:
        own = table[table["strategy"] == name]
        label = wrap_label(results.styles[name].label, 36, most_lines=1)
        panels.append((2.7, partial(plot_status, own, heading=f"{label}: {_LEVELS[str(own['level'].iloc[0])]}")))
    note = (
        "Share of agencies that the latest stocktake calls red, amber or green; the line is the true mean use in all "
        "of them, on the same scale from 0 to 1."
    )
    return draw(results, "status", "Red, amber and green, month by month", note, *panels)

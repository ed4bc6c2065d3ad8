"""What agencies have, say they have, would say they want, and get: the second question of RAND's study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.parameters import resolve_values
from capsim.report.capacities import CAPACITIES
from capsim.report.parts import Facts, Fold, Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, joined, lower, number, running, signed, span, title

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["needs_section"]

_NOTHING = 0.0005
_GROUPS = {"sea": "State agency", "esa": "Regional agencies", "lea": "Districts", "school": "Schools"}
_RUNNING = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}


def needs_section(results: Results) -> Section | None:
    """A table for each group of agencies; None where no run without assistance finished."""
    table = results.comparison.capacities()
    if table.empty or not results.comparison.scenario.timeline.assistance:
        return None
    leniency = resolve_values(results.comparison.scenario.parameters)["likert_leniency"]
    shown = [name for name in dict.fromkeys(results.contrast) if (table["strategy"] == name).any()]
    others = [name for name in results.others if name not in shown]
    parts: list[Part] = [
        Facts(
            (
                ("Existing", "The true level when assistance begins, from 0 to 1, which only the simulation knows."),
                (
                    "Self-rated",
                    "What staff would say of it on a scale from 1 to 5. People are lenient with themselves: "
                    f"{leniency:g} points are added, and the scale ends at 5.",
                ),
                (
                    "Desired",
                    "What they would say they still want: the points between their own rating and 5. It understates the "
                    "need, by as much as people are lenient.",
                ),
                ("Built", "Gain over no assistance when assistance ends, with its 95% interval from luck only."),
            )
        ),
        Paragraph(_finding(table, shown)),
    ]
    for group, own in table.groupby("group", sort=False):
        parts.append(_table(results, own, _GROUPS[str(group)], shown))
    if others:
        folded = tuple(
            _built(results, own, _GROUPS[str(group)], others) for group, own in table.groupby("group", sort=False)
        )
        number_ = "the other strategy" if len(others) == 1 else f"the other {len(others)} strategies"
        parts.append(Fold(f"What {number_} built in each group", folded))
    return Section("needs", "What agencies have, say they want, and get", "Existing, desired, built", tuple(parts))


def _finding(table: pd.DataFrame, shown: list[str]) -> str:
    """Where the least is there, and where each strategy of the question builds most."""
    words = []
    lacking: dict[str, list[str]] = {}
    for group, own in table.groupby("group", sort=False):
        lowest = own.sort_values("existing", kind="stable").iloc[0]
        place = f"{_RUNNING[str(group)]} ({number(float(lowest['existing']), 2)})"
        lacking.setdefault(str(lowest["capacity"]), []).append(place)
    words += [f"There is least of {_name(capacity)} in {joined(places)}." for capacity, places in lacking.items()]
    districts = table[table["group"] == "lea"] if (table["group"] == "lea").any() else table
    least = str(districts.sort_values("existing", kind="stable")["capacity"].iloc[0])
    for name in shown:
        own = districts[(districts["strategy"] == name) & districts["built"].notna()]
        if own.empty:
            continue
        most = own.sort_values("built", ascending=False, kind="stable").iloc[0]
        if float(most["built"]) <= _NOTHING:
            words.append(f"In districts, {running(name)} assistance builds nearly nothing of any of them.")
        else:
            meets = "which is what they have least of" if most["capacity"] == least else "not what they have least of"
            sure = "" if float(most["built_low"]) > 0.0 else ", not told apart from luck"
            words.append(
                f"In districts, {running(name)} assistance builds most in {_name(str(most['capacity']))} "
                f"({signed(float(most['built']))}{sure}), {meets}."
            )
    return " ".join(words)


def _name(capacity: str) -> str:
    return lower(CAPACITIES[capacity][0])


def _table(results: Results, own: pd.DataFrame, heading: str, shown: list[str]) -> Table:
    rows = []
    for capacity, part in own.groupby("capacity", sort=False):
        first = part.iloc[0]
        cells = [
            number(float(first["existing"]), 2),
            number(float(first["self_rated"]), 1),
            f"{number(float(first['desired']), 1)} more",
        ]
        cells += [_gain(part[part["strategy"] == name]) for name in shown]
        rows.append(Row(CAPACITIES[str(capacity)][0], tuple(cells)))
    headers = ("Capacity", "Existing (0 to 1)", "Self-rated (1 to 5)", "Desired (points)", *_headers(shown))
    return Table(heading, headers, tuple(rows))


def _headers(names: list[str]) -> list[str]:
    return [f"Built: {running(name)}" for name in names]


def _gain(row: pd.DataFrame) -> str:
    if row.empty or not int(row["pairs"].iloc[0]):
        return UNDEFINED
    if max(abs(float(row[name].iloc[0])) for name in ("built", "built_low", "built_high")) < _NOTHING:
        return "none"
    low, high = float(row["built_low"].iloc[0]), float(row["built_high"].iloc[0])
    return f"{signed(float(row['built'].iloc[0]))}\n{span(low, high)}"


def _built(results: Results, own: pd.DataFrame, heading: str, names: list[str]) -> Table:
    capacities = list(dict.fromkeys(map(str, own["capacity"])))
    cell = own.set_index(["strategy", "capacity"])["built"]
    rows = tuple(
        Row(title(name), tuple(signed(float(cell[name, one])) for one in capacities), results.styles[name].color)
        for name in names
    )
    return Table(f"{heading}: built", ("Strategy", *(CAPACITIES[one][0] for one in capacities)), rows)

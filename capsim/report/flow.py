"""The flow of help through the agencies: what was delivered, received and used on each link, where hours are lost, who
was served and who was not, who left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE
from capsim.catalogue.measures import STATUS, STEPS
from capsim.comparison.flow import chain_totals, waterfall, waterfall_by_region, who_left, who_was_served
from capsim.figures.delivery import CHAIN_ROW_INCHES, FLOW_ROW_INCHES, plot_chain, plot_flow
from capsim.levels import LEVELS
from capsim.report import plain
from capsim.report.parts import Columns, Facts, Fold, Notice, Part, Picture, Table
from capsim.report.results import Results, label_of, there

_CHAIN = "Hours that are sent out are not yet hours that help. Three words, for every link of the chain from the TA center to the agencies:"
_WORDS = (
    ("Offered", "Hours delivered on the link: by consultants, or by staff who pass on what they were taught."),
    (
        "Landed",
        "Hours received: people attended, and their agency was ready (motivated, staffed, with the skills or routines to "
        "build on, not asked for too much at once).",
    ),
    ("Used", "Hours that landed where the practice is in use, so that there is something to apply them to."),
)
_MOST_SHOWN = 7
"""Links in the open picture; the others are in a fold."""


def chain_parts(results: Results) -> list[Part]:
    """Explanation, picture, table; nothing when no strategy gave hours."""
    table = chain_totals(results.comparison)
    table = table[table["delivered"] > 0.0].reset_index(drop=True)
    if table.empty:
        return []
    table["words"] = table["link"].map(link_words)
    open_ones = _shown(results, table)
    shown, rest = table[table["strategy"].isin(open_ones)], table[~table["strategy"].isin(open_ones)]
    parts: list[Part] = [_CHAIN, Facts(_WORDS), _finding(results, table), _chain_picture(results, shown, "chain")]
    if len(rest):
        others = plain.count(rest["strategy"].nunique(), "other strategy", "other strategies")
        parts.append(Fold(f"The same picture for {others}", [_chain_picture(results, rest, "chain-others")]))
    columns: Columns = {
        "Strategy": label_of,
        "Link": lambda row: plain.sentence(row["words"]),
        "Offered": lambda row: plain.whole(row["delivered"]),
        "Landed": partial(_of_offered, "received"),
        "Used": partial(_of_offered, "used"),
    }
    note = f"Hours of consultants, or, from one agency to another, hours of staff who pass on what they were taught. {_whose(results)}"
    return [*parts, Fold("The same in figures", [results.table("Hours on every link", table, columns, note)])]


def link_words(link: str) -> str:
    """A link in words."""
    giver, getter = link.split(" to ")
    return f"{LEVELS[giver].group} to {'others of their kind' if giver == getter else LEVELS[getter].group}"


def _of_offered(step: str, row: Mapping[Any, Any]) -> str:
    return f"{plain.whole(row[step])}\n{plain.percent(row[step] / row['delivered'])} of those offered"


def _shown(results: Results, table: pd.DataFrame) -> list[str]:
    """Strategies of the open picture: those of the question, then the others in order while there is room."""
    names, links = there(table, results.contrast), table["strategy"].value_counts()
    cascades = [name for name in results.others if links.get(name, 0) > 1]
    for name in there(table, [*cascades, *results.others]):
        if name not in names and sum(links[one] for one in (*names, name)) <= _MOST_SHOWN:
            names.append(name)
    return names or list(links.index)


def _chain_picture(results: Results, table: pd.DataFrame, name: str) -> Picture:
    drawn = table.assign(link=table["words"]).reset_index(drop=True)
    note = (
        "For every strategy and link: all hours offered during the assistance, and the shares of them that landed and were "
        f"used. {_whose(results)}"
    )
    plot = partial(plot_chain, drawn, styles=results.styles)
    return results.picture(name, "What becomes of the hours", note, (0.2 + CHAIN_ROW_INCHES * len(drawn), plot))


def _whose(results: Results) -> str:
    words = "Averages over worlds with assumptions at their best guess"
    return f"{words}, for all agencies that the sample stands for." if results.stands_for > 1.01 else f"{words}."


def _finding(results: Results, table: pd.DataFrame) -> str:
    """Where most is lost, for the strategies of the question, and the worst link of all."""
    said = [_loss(name, table[table["strategy"] == name]) for name in there(table, results.contrast)]
    worst = table.assign(share=table["used"] / table["delivered"]).sort_values("share").iloc[0]
    if table["strategy"].nunique() > 1 and worst["strategy"] not in results.contrast:
        where = f"{worst['words']} under {plain.running(worst['strategy'])}: {plain.percent(worst['share'])}"
        said.append(f"Of all links, the one that ends with the smallest share in use is {where}.")
    return " ".join(said) or "Neither strategy of the question gave any hours."


def _loss(name: str, own: pd.DataFrame) -> str:
    losses: list[tuple[float, float, str]] = []
    for row in own.to_dict("records"):
        offered, landed, used = (row[step] for step in ("delivered", "received", "used"))
        unused = f"after it has landed, from {row['words']}, because the practices are not yet in use there"
        losses.append((offered - landed, offered, f"before it lands, from {row['words']}"))
        losses.append((landed - used, offered, unused))
    lost, offered, where = max(losses, key=lambda loss: loss[0])
    share = float(own["used"].sum() / own["delivered"].sum())
    return (
        f"With {plain.helping(name)}, most is lost {where}: {plain.percent(lost / offered)} of the hours offered on that link; "
        f"{plain.percent(share)} of all hours end in use."
    )


_STEPS = {
    "offered": ("Offered", "Hours delivered, by consultants or by staff who pass on what they were taught."),
    "attended": ("Attended", "People had time for them, and somebody was there."),
    "met": ("Met", "They came in person, or lost nothing by coming online."),
    "ready": ("Ready", "Their agency was ready: motivated, staffed, with the skills or routines to build on."),
    "coherent": ("Coherent", "Not too much was asked of it at once."),
    "clear": ("Clear", "It was clear what to do: nobody still designed what others already carried out."),
    "able": ("Able", "Those who gave them were good at it."),
    "begun": ("Begun", "Enough hours in the area to have begun with it."),
    "landed": ("Landed", "What all factors leave, and never more than was attended."),
    "used": ("Used", "Landed where the practice is in use."),
}
_FLOW = (
    "Between an hour offered and an hour that lands stand factors that are multiplied: whether people come, whether their "
    "agency is ready, what else is asked of it, whether it is clear what to do, how good the help is. Here they are taken "
    "apart, in this order. A factor can also add: an agency that is readier than most makes more of an hour."
)
_CLEARLY = 0.001
"""Share of the hours offered from which a loss of clarity is worth a sentence."""


def flow_parts(results: Results) -> list[Part]:
    """Waterfall of the strategies of the question, by level and activity; nothing when nobody offered hours."""
    table = waterfall(results.comparison)
    table = table[table["offered"] > 0.0]
    if table.empty:
        return []
    steps = _told(table)
    shown = table[table["strategy"].isin(results.contrast)]
    shown = shown if len(shown) else table.head(1)
    plot = partial(plot_flow, shown.reset_index(drop=True), steps=steps, styles=results.styles)
    note = "Hours left after each step, of 100 that were offered. Averages over worlds with assumptions at their best guess."
    picture = results.picture("flow", "Where hours are lost", note, (0.4 + FLOW_ROW_INCHES * len(shown), plot))
    columns: Columns = {"Strategy": label_of, **{_STEPS[step][0]: partial(_left, step) for step in steps}}
    parts: list[Part] = [_FLOW, Facts([_STEPS[step] for step in steps]), picture, *_clarity(table)]
    parts += results.tables("Hours after each step", table, columns)
    return [*parts, Fold("By level, activity and region", _taken_apart(results, columns))]


def _told(table: pd.DataFrame) -> list[str]:
    """Steps that change anything, and those that everybody knows."""
    before = [STEPS[max(0, place - 1)] for place in range(len(STEPS))]
    same = {step: bool((table[step] == table[first]).all()) for step, first in zip(STEPS, before, strict=True)}
    return [step for step in STEPS if step in ("offered", "clear", "landed", "used") or not same[step]]


def _left(step: str, row: Mapping[Any, Any]) -> str:
    """Hours, and what is left of those offered."""
    return plain.whole(row[step]) + ("" if step == "offered" else f"\n{plain.percent(row[step] / row['offered'])}")


def _clarity(table: pd.DataFrame) -> list[Part]:
    """What limited clarity cost, where it cost anything."""
    said = []
    for row in table.to_dict("records"):
        lost = (row["coherent"] - row["clear"]) / row["offered"]
        if lost >= _CLEARLY:
            left = plain.percent(row["clear"] / max(1e-12, row["coherent"]))
            said.append(
                f"{plain.helping(row['strategy'])} loses {plain.percent(lost)} of all hours offered here ({left} "
                "of what came this far goes on)"
            )
    if not said:
        return []
    return [
        Notice(
            f"Limited clarity: {plain.joined(said)}. Two things make help unclear: co-design that goes on while others already "
            "carry the plan out, which RAND found of the center it evaluated and advises for planning alone (S1), and help "
            "that comes in many pieces at once."
        )
    ]


def _taken_apart(results: Results, columns: Columns) -> list[Table]:
    """The same by level, activity and, where agencies were kept one by one, by the agency above those that got it."""
    names = {} if results.agencies is None else dict(zip(results.agencies.id, results.agencies.name, strict=True))

    def whom(row: Mapping[Any, Any]) -> str:
        return plain.sentence(LEVELS[row["level"]].running) + (", passed on" if row["channel"] == "passed_on" else "")

    def by(
        caption: str,
        heading: str,
        table: pd.DataFrame,
        cell: Callable[[Any], str],
        note: str = "",
        *,
        all_of: bool = False,
    ) -> Table:
        own = table[(table["offered"] > 0.0) & (table["strategy"].isin(results.contrast) | all_of)]
        strategy, *steps = columns.items()
        return results.table(caption, own, dict([strategy, (heading, cell), *steps]), note)

    comparison = results.comparison
    tables = [
        by("By level", "For", waterfall(comparison, "level", "channel"), whom, all_of=True),
        by(
            "By activity, strategies of the question",
            "Activity",
            waterfall(comparison, "activity"),
            lambda row: ACTIVITIES[row["activity"]].title,
        ),
        by(
            "By region",
            "Below",
            waterfall_by_region(comparison),
            lambda row: str(names.get(row["parent"], row["parent"] or "none")),
            "The simulated agencies below each, strategies of the question.",
        ),
    ]
    return [*tables[:2], *(table for table in tables[2:] if table.rows)]


_REACH = (
    "Help that is not given is lost too. For every level: what agencies were in the assistance as a whole. Who was served in "
    "any month counts as served; the others as what they were in most months."
)


def reach_parts(results: Results) -> list[Part]:
    """Agencies by what they were, level by level; nothing when nobody was served."""
    table = who_was_served(results.comparison)
    if table.empty or not (table["offered"] > 0.0).any():
        return []
    names = there(table[table["offered"] > 0.0], results.others)
    found = {status: plain.sentence(status.replace("_", " ")) for status in STATUS}
    found = {
        status: said
        for status, said in found.items()
        if (table["strategy"].isin(names) & (table["served"] == status)).any()
    }
    columns: Columns = {
        "Strategy": label_of,
        "Level": lambda row: plain.sentence(LEVELS[row["level"]].plural),
        **{said: partial(_agencies, status) for status, said in found.items()},
        "Seats a person and year": _seats,
    }
    rows = [
        {"strategy": name, "level": level, "of": own.set_index("served")}
        for (name, level), own in table.groupby(["strategy", "level"], sort=False)
    ]
    facts = Facts([(said, STATUS[status]) for status, said in found.items()])
    note = (
        "Agencies, and their share of the level; in a sample all that it stands for. Seats: of all activities, in the "
        "months with hours; below 1 there is not a seat for everybody in a year."
    )
    return [_REACH, facts, *results.tables("Who was served, and who was not", rows, columns, note, names=names)]


def _agencies(status: str, row: Mapping[Any, Any]) -> str:
    if status not in row["of"].index:
        return "none"
    found = row["of"].loc[status]
    return f"{plain.number(found['agencies'], 0)}\n{plain.percent(found['share'])}"


def _seats(row: Mapping[Any, Any]) -> str:
    people = float(row["of"]["staff_months"].sum())
    return plain.number(12.0 * float(row["of"]["seats"].sum()) / people, 1) if people > 0.0 else "none"


_LEFT = (
    "What was built in people leaves with them. Everybody who held a position, by the hours of assistance that they had had "
    "until then; hours go along into another position of the state."
)
_HELP = {"none": "No help", "some": "Less than a day", "a_day": "A day and more"}


def leavers_parts(results: Results) -> list[Part]:
    """Leavers by help, level and role; nothing where nobody was counted."""
    table = who_left(results.comparison)
    if table.empty:
        return []
    total = table.groupby("strategy")["leavers"].sum()

    def leavers(row: Mapping[Any, Any]) -> str:
        of = float(total[row["strategy"]])
        return plain.whole(row["leavers"]) + (f"\n{plain.percent(row['leavers'] / of)} of leavers" if of > 0.0 else "")

    help_had: Columns = {
        "Help": lambda row: _HELP[row["help_had"]],
        "Person-years": lambda row: plain.whole(row["holders"]),
        "Leavers": lambda row: plain.whole(row["leavers"]),
        "Leave in a year": lambda row: plain.percent(row["annual_exit"]),
        "Hours that left with them": lambda row: plain.whole(row["hours_that_left"]),
    }
    shown = results.tables(
        "Who left, by help they had had", table, {"Strategy": label_of, **help_had, "Leavers": leavers}
    )
    by = who_left(results.comparison, "level", "role")
    columns: Columns = {
        "Strategy": label_of,
        "Level": lambda row: plain.sentence(LEVELS[row["level"]].plural),
        "Role": lambda row: plain.sentence(row["role"]),
        **help_had,
    }
    own = by[by["strategy"].isin(results.contrast)]
    detail = results.table("By level and role, strategies of the question", own, columns)
    return [_LEFT, *_lost_sentence(results, table), *shown, Fold("By level and role", [detail])]


def _lost_sentence(results: Results, table: pd.DataFrame) -> list[Part]:
    """How many of those who left had been helped, for the strategies of the question."""
    said = []
    for name in there(table, results.contrast):
        own = table[table["strategy"] == name]
        total = float(own["leavers"].sum())
        if name != BASELINE and total > 0.0:
            helped = float(own.loc[own["help_had"] != "none", "leavers"].sum())
            hours = plain.whole(float(own["hours_that_left"].sum()))
            said.append(
                f"With {plain.helping(name)} {plain.percent(helped / total)} of leavers had had help: {hours} hours."
            )
    return [" ".join(said)] if said else []

"""RAND's six capacities and resources: what each strategy built and what is left, what agencies say they want, and what
they got of it; outcomes that a scenario links to use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from capsim.catalogue import BASELINE, GAPS, LINKED, LINKS, NOT_A_FINDING
from capsim.comparison.statistics import Interval
from capsim.figures.differences import plot_capacities
from capsim.levels import LEVELS
from capsim.report import plain
from capsim.report.parts import Columns, Facts, Fold, Notice, Part, Picture, Row, Table
from capsim.report.results import Results, at_defaults, label_of, there

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CAPACITIES = {
    "individual": (
        "Individual capacity",
        "how skilled the staff are in the focal areas; an empty position counts as zero",
    ),
    "organizational_skills": ("Organizational skills", "procedures, tools and roles that exist and are followed"),
    "access_to_expertise": ("Access to expertise", "share of staff who know an expert they can ask"),
    "shared_goals": ("Shared goals", "how far colleagues agree on priorities"),
    "culture": ("Organizational culture", "trust, a habit of learning, safety to speak up"),
    "alignment_internal": ("Alignment of units", "how far departments pull in the same direction"),
    "alignment_parent": (
        "Alignment with the agency above",
        "how far a district and the agency above it pull in the same direction",
    ),
    "resources": ("Resources", "filled positions, data systems, funding, and resources that follow the plan"),
}
"""Measures with heading and gloss; the two alignments together are RAND's sixth capacity, resources a seventh part."""
_COUNTED = (
    "RAND counts six capacities, and resources beside them make seven. Alignment is one of the six and is shown in two rows, "
    "within an agency and with the agency above, so there are eight rows."
)
_COMPOSITE = "Composite of the seven"
_GAINS_NOTE = (
    "Averages over {over}, gains over no assistance with 95% intervals from luck only. The composite is a geometric mean "
    "of the seven with equal weights, the two alignments counted as one; read it only beside its parts. An alignment is not "
    "defined where there is one unit, or no agency above."
)
_MARKS = dict(zip("os^DvPXh<>*", "●■▲◆▼✚✖⬢◀▶★", strict=True))
LEAST_SETTLING = 24
"""Months without assistance after which priorities have found each other; earlier, hardly any goals are shared."""
_NOTHING = 0.0005


def capacities_parts(results: Results) -> list[Part]:
    """Glossary, picture and table."""
    parts: list[Part] = [
        _COUNTED,
        Facts([(heading, f"{plain.sentence(gloss)}.") for heading, gloss in CAPACITIES.values()]),
    ]
    gains = ((words[:1].upper() + words[1:], pd.DataFrame(_gains(results, at))) for at, words in results.moments)
    panels = [(heading, table) for heading, table in gains if len(table)]
    if not panels:
        why = "because no pair of runs with and without assistance finished."
        return [*parts, f"Gains over no assistance cannot be shown, {why}"]
    measures = {name: heading for name, (heading, _) in CAPACITIES.items()} | {"capacity": _COMPOSITE}
    headers = ("Capacity", "Level without assistance", "Gain: {}")
    table = gains_table(results, "Gains in every capacity", headers, measures, _GAINS_NOTE, drawn=results.has_drawn)
    return [*parts, _picture(results, panels), Fold("The same in figures, with the composite of the seven", [table])]


def gains_table(
    results: Results,
    caption: str,
    headers: tuple[str, str, str],
    measures: Mapping[str, str],
    note: str,
    *,
    drawn: bool = False,
) -> Table:
    """Measures with their headings, by strategy: the level without assistance at last, and the gain at every moment.

    `headers` are those of the measure, of the level and of a gain, with a place for the moment; `note` has one for what
    means are over. `drawn` adds the range over drawn assumptions.
    """
    last = results.moments[-1][0]

    def gain(row: Mapping[str, str], at: str) -> str:
        return plain.estimate_with_interval(
            results.difference(row["strategy"], BASELINE, outcome=f"{row['measure']}_{at}").mean
        )

    def pairs(row: Mapping[str, str]) -> str:
        outcome = f"{row['measure']}_{last}"
        both = results.difference(row["strategy"], BASELINE, outcome=outcome, assumptions="drawn").spread
        return plain.span(both.low, both.high)

    columns: Columns = {
        headers[0]: lambda row: measures[row["measure"]],
        "Strategy": label_of,
        headers[1]: lambda row: plain.number(results.mean(BASELINE, f"{row['measure']}_{last}")),
        **{headers[2].format(words): partial(gain, at=at) for at, words in results.moments},
        **({f"95% of pairs, {results.comparison.drawn_in_words}": pairs} if drawn else {}),
    }
    rows = [{"measure": measure, "strategy": name} for measure in measures for name in results.others]
    return results.table(caption, rows, columns, note.format(over=results.over))


def _gains(results: Results, at: str) -> Iterator[dict[str, Any]]:
    """Gain of every strategy in every capacity, where any pair finished."""
    for measure, (heading, _) in CAPACITIES.items():
        for strategy in results.others:
            luck = results.difference(strategy, BASELINE, outcome=f"{measure}_{at}")
            both = results.difference(strategy, BASELINE, outcome=f"{measure}_{at}", assumptions="drawn")
            if luck.pairs + both.pairs:
                figures = ("estimate", "low", "high", "middle", "range_low", "range_high")
                found = dict(zip(figures, (*luck.mean, *both.spread), strict=True))
                yield {"capacity": heading, "strategy": strategy, **found}


def _picture(results: Results, panels: Sequence[tuple[str, pd.DataFrame]]) -> Picture:
    """Gains in every capacity, one panel for each moment, on the same scale."""
    ends = pd.concat([table[["estimate", "low", "high", "range_low", "range_high"]] for _, table in panels])
    low, high = min(0.0, ends.min().min()), max(0.0, ends.max().max())
    room = 0.04 * max(high - low, 1e-6)

    def plot(heading: str, table: pd.DataFrame, *, ax: Axes) -> Axes:
        look = {"styles": results.styles, "quiet": results.quiet}
        plot_capacities(table, heading=heading, ax=ax, **look).set_xlim(low - room, high + room)  # type: ignore[arg-type]
        return ax

    note = "Dot and thick bar: the average gain over no assistance and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too."
    if results.quiet:
        number_ = plain.count(len(results.quiet), "other strategy", "other strategies")
        note += f" Small grey dots: the average gains of {number_}."
    height = 0.9 + 0.5 * panels[0][1]["capacity"].nunique()
    drawn = [(height, partial(plot, heading, table)) for heading, table in panels]
    shown = [results.styles[name] for name in results.others if name not in results.quiet]
    key = [(_MARKS[style.marker], style.color, style.label) for style in shown]
    return results.picture("capacities", "Gain in each capacity", note, *drawn, key=key)


def outcomes_parts(results: Results) -> list[Part]:
    """What the reform was for, where the scenario links it to use."""
    links = results.scenario.outcomes.on
    if not links or not results.moments:
        return []

    def level(row: Mapping[str, Any], at: str) -> str:
        return plain.number(results.mean(row["strategy"], f"{row['measure'].name}_{at}"))

    def change(row: Mapping[str, Any], at: str) -> str:
        if row["strategy"] == BASELINE:
            return ""
        found = results.difference(row["strategy"], BASELINE, outcome=f"{row['measure'].name}_{at}")
        return plain.estimate_with_interval(found.mean, 4)

    columns: Columns = {
        "Outcome": lambda row: (
            f"{row['measure'].title}, {row['measure'].unit}" + (" (less is better)" if row["link"] in GAPS else "")
        ),
        "Strategy": label_of,
        **{f"Level {words}": partial(level, at=at) for at, words in results.moments},
        **{f"Change {words}": partial(change, at=at) for at, words in results.moments},
    }
    measures = {link: LINKED[LINKS[link][-1]] for link in links}
    rows = [
        {"link": link, "measure": measure, "strategy": name}
        for link, measure in measures.items()
        for name in results.comparison.strategies
    ]
    note = "Averages over worlds with assumptions at their best guess; changes from no assistance, 95% intervals from luck only."
    named = plain.joined(f"{measures[link].title.lower()} to {_areas(results, areas)}" for link, areas in links.items())
    return [
        Notice(
            f"What follows is {NOT_A_FINDING}: the scenario links {named}, with equations and numbers that are declared (group "
            "outcomes of capsim list parameters) and to be varied. Nothing else in the simulation depends on it."
        ),
        results.table("Outcomes linked to use", rows, columns, note),
    ]


def _areas(results: Results, areas: tuple[str, ...]) -> str:
    if not areas:
        return "use in all areas"
    titles = dict(zip(results.scenario.area_names, results.scenario.area_titles, strict=True))
    return f"use in {plain.joined(titles[area].replace('_', ' ') for area in areas)}"


def needs_parts(results: Results) -> list[Part]:
    """What agencies have, say they have, would say they want, and get: a table for each group of agencies.

    This is the second question of RAND's study. Nothing where no run without assistance finished.
    """
    table = results.comparison.capacities()
    if table.empty or not results.scenario.timeline.assistance:
        return []
    shown = there(table, results.contrast)
    others = [name for name in results.others if name not in shown]
    groups = [(plain.sentence(LEVELS[str(group)].group), own) for group, own in table.groupby("group", sort=False)]
    tables = [_needs_table(own, heading, shown) for heading, own in groups]
    parts: list[Part] = [_terms(results), _finding(results, table, shown), *tables]
    if others:
        which = "the other strategy" if len(others) == 1 else f"the other {len(others)} strategies"
        folded = [_built_table(results, own, heading, others) for heading, own in groups]
        parts.append(Fold(f"What {which} built in each group", folded))
    return parts


def _terms(results: Results) -> Facts:
    lenient = f"People are lenient with themselves: {results.values['likert_leniency']:g} points are added, and the scale ends at 5."
    wanted = "What they would say they still want: the points between their own rating and 5. It understates the need, by as much as people are lenient."
    return Facts(
        [
            ("Existing", "The true level when assistance begins, from 0 to 1, which only the simulation knows."),
            ("Self-rated", f"What staff would say of it on a scale from 1 to 5. {lenient}"),
            ("Desired", wanted),
            ("Built", "Gain over no assistance when assistance ends, with its 95% interval from luck only."),
        ]
    )


def _finding(results: Results, table: pd.DataFrame, shown: Sequence[str]) -> str:
    """Where the least is there, and where each strategy of the question builds most."""
    words, settling = [], results.scenario.timeline.settling
    if settling == "auto" or settling >= LEAST_SETTLING:
        lacking: dict[str, list[str]] = {}
        for group, own in table.groupby("group", sort=False):
            lowest = _least(own)
            place = f"{LEVELS[str(group)].running} ({plain.number(lowest['existing'], 2)})"
            lacking.setdefault(lowest["capacity"], []).append(place)
        words += [
            f"There is least of {_name(capacity)} in {plain.joined(places)}." for capacity, places in lacking.items()
        ]
        meets = (", which is what they have least of", ", not what they have least of")
    else:
        meets = ("", "")
        words.append(
            f"Of what there is least cannot be said: worlds settled for {plain.duration(float(settling)) if settling else '0 months'}, and "
            f"at least {LEAST_SETTLING} months of settling are needed until colleagues share goals and know experts."
        )
    districts = table[table["group"] == "lea"] if (table["group"] == "lea").any() else table
    least = _least(districts)["capacity"]
    known = districts[districts["built"].notna()]
    for name in there(known, shown):
        most = known[known["strategy"] == name].sort_values("built", ascending=False, kind="stable").iloc[0]
        if most["built"] <= _NOTHING:
            words.append(f"In districts, {plain.helping(name)} builds nearly nothing of any of them.")
            continue
        sure = "" if most["built_low"] > 0.0 else ", not told apart from luck"
        built = f"{_name(most['capacity'])} ({plain.signed(most['built'])}{sure})"
        words.append(f"In districts, {plain.helping(name)} builds most in {built}{meets[most['capacity'] != least]}.")
    return " ".join(words)


def _least(table: pd.DataFrame) -> pd.Series:
    return table.sort_values("existing", kind="stable").iloc[0]


def _name(capacity: str) -> str:
    return plain.lower(CAPACITIES[capacity][0])


def _needs_table(own: pd.DataFrame, heading: str, shown: Sequence[str]) -> Table:
    rows = []
    for capacity, part in own.groupby("capacity", sort=False):
        first, built = part.iloc[0], part.set_index("strategy").to_dict("index")
        levels = (
            plain.number(first["existing"], 2),
            plain.number(first["self_rated"], 1),
            f"{plain.number(first['desired'], 1)} more",
        )
        rows.append(Row(CAPACITIES[str(capacity)][0], (*levels, *(_gain(built.get(name)) for name in shown))))
    built_by = [f"Built: {plain.running(name)}" for name in shown]
    return Table(heading, ("Capacity", "Existing (0 to 1)", "Self-rated (1 to 5)", "Desired (points)", *built_by), rows)


def _gain(row: Mapping[Any, Any] | None) -> str:
    if row is None or not row["pairs"]:
        return plain.UNDEFINED
    built = Interval(row["built"], row["built_low"], row["built_high"])
    return "none" if max(map(abs, built)) < _NOTHING else plain.estimate_with_interval(built)


def _built_table(results: Results, own: pd.DataFrame, heading: str, names: Sequence[str]) -> Table:
    capacities = list(dict.fromkeys(map(str, own["capacity"])))
    cell = own.set_index(["strategy", "capacity"])["built"]
    rows = [results.row(name, [plain.signed(float(cell[name, one])) for one in capacities]) for name in names]
    return Table(f"{heading}: built", ("Strategy", *(CAPACITIES[one][0] for one in capacities)), rows)


_NOTE = (
    "Shares of an agency's help for people and the organization that go to the organization: what was said in the first "
    "yearly survey, and what was given at last. An agency asks when the two are far apart, and is answered when the "
    "distance has halved. Means of simulated worlds; those who are not helped have no share and do not ask."
)


def wishes_parts(results: Results) -> Sequence[Part]:
    """One row a strategy that helps."""
    runs = results.comparison.runs
    if "wishes_asked" not in runs or runs["wishes_asked"].isna().all():
        return []
    own = at_defaults(runs)
    own = own[own["status"] == "done"]
    means = own.groupby("strategy")[[name for name in own.columns if name.startswith("wishes_")]].mean()

    def mean(column: str, form: str) -> Callable[[Any], str]:
        return lambda row: plain.UNDEFINED if pd.isna(row[column]) else f"{row[column]:{form}}"

    columns: Columns = {
        "Strategy": label_of,
        "Wanted at first": mean("wishes_said", ".0%"),
        "Given at last": mean("wishes_given", ".0%"),
        "Asked": mean("wishes_asked", ".1f"),
        "Answered": mean("wishes_answered", ".1f"),
        "Months until then": mean("wishes_months", ".1f"),
    }
    shown = means.reindex([name for name in results.others if name in means.index]).reset_index()
    table = results.table("What recipients wanted, and how responsive each strategy was", shown, columns, _NOTE)
    return [table] if table.rows else []

"""RAND's six capacities and resources: what each strategy built and what is left, what agencies say they want, and what
they got of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from capsim.catalogue import BASELINE
from capsim.comparison.statistics import Interval
from capsim.figures.differences import plot_capacities
from capsim.figures.palette import strategy_label
from capsim.levels import LEVELS
from capsim.report.parts import Facts, Fold, Part, Picture, Row, Table
from capsim.report.regions import moments_asked
from capsim.report.results import Results
from capsim.report.words import (
    UNDEFINED,
    count,
    duration,
    estimate_with_interval,
    helping,
    joined,
    lower,
    number,
    running,
    sentence,
    signed,
    span,
)

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
    parts: list[Part] = [_COUNTED, Facts([(heading, f"{sentence(gloss)}.") for heading, gloss in CAPACITIES.values()])]
    moments = [(at, words[:1].upper() + words[1:]) for at, words in moments_asked(results)]
    panels = [(heading, table) for at, heading in moments if len(table := pd.DataFrame(_gains(results, at)))]
    if not panels:
        why = "because no pair of runs with and without assistance finished."
        return [*parts, f"Gains over no assistance cannot be shown, {why}"]
    folded = Fold("The same in figures, with the composite of the seven", [_gains_table(results, moments)])
    return [*parts, _picture(results, panels), folded]


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
        plot_capacities(table, heading=heading, label_width=20, ax=ax, **look).set_xlim(low - room, high + room)  # type: ignore[arg-type]
        return ax

    note = "Dot and thick bar: the average gain over no assistance and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too."
    if results.quiet:
        number_ = count(len(results.quiet), "other strategy", "other strategies")
        note += f" Small grey dots: the average gains of {number_}."
    height = 0.9 + 0.5 * panels[0][1]["capacity"].nunique()
    drawn = [(height, partial(plot, heading, table)) for heading, table in panels]
    shown = [results.styles[name] for name in results.others if name not in results.quiet]
    key = [(_MARKS[style.marker], style.color, style.label) for style in shown]
    return results.picture("capacities", "Gain in each capacity", note, *drawn, key=key)


def _gains_table(results: Results, moments: Sequence[tuple[str, str]]) -> Table:
    last = moments[-1][0]
    rows = []
    for measure, heading in (*((name, words[0]) for name, words in CAPACITIES.items()), ("capacity", _COMPOSITE)):
        base = number(results.mean(BASELINE, f"{measure}_{last}"))
        for strategy in results.others:
            gains = (results.difference(strategy, BASELINE, outcome=f"{measure}_{at}").mean for at, _ in moments)
            cells = [strategy_label(strategy), base, *map(estimate_with_interval, gains)]
            if results.has_drawn:
                both = results.difference(strategy, BASELINE, outcome=f"{measure}_{last}", assumptions="drawn").spread
                cells.append(span(both.low, both.high))
            rows.append(results.row(strategy, cells, heading))
    headers = ["Capacity", "Strategy", "Level without assistance", *(f"Gain: {words.lower()}" for _, words in moments)]
    if results.has_drawn:
        headers.append(f"95% of pairs, {results.comparison.drawn_in_words}")
    return Table("Gains in every capacity", headers, rows, _GAINS_NOTE.format(over=results.over))


def needs_parts(results: Results) -> list[Part]:
    """What agencies have, say they have, would say they want, and get: a table for each group of agencies.

    This is the second question of RAND's study. Nothing where no run without assistance finished.
    """
    table = results.comparison.capacities()
    if table.empty or not results.scenario.timeline.assistance:
        return []
    shown = [name for name in dict.fromkeys(results.contrast) if (table["strategy"] == name).any()]
    others = [name for name in results.others if name not in shown]
    groups = [(sentence(LEVELS[str(group)].group), own) for group, own in table.groupby("group", sort=False)]
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
    words = []
    lacking: dict[str, list[str]] = {}
    for group, own in table.groupby("group", sort=False):
        lowest = own.sort_values("existing", kind="stable").iloc[0]
        place = f"{LEVELS[str(group)].running} ({number(float(lowest['existing']), 2)})"
        lacking.setdefault(str(lowest["capacity"]), []).append(place)
    settling = results.scenario.timeline.settling
    settled = settling == "auto" or settling >= LEAST_SETTLING
    if settled:
        words += [f"There is least of {_name(capacity)} in {joined(places)}." for capacity, places in lacking.items()]
    else:
        words.append(
            f"Of what there is least cannot be said: worlds settled for {duration(float(settling)) if settling else '0 months'}, and "
            f"at least {LEAST_SETTLING} months of settling are needed until colleagues share goals and know experts."
        )
    districts = table[table["group"] == "lea"] if (table["group"] == "lea").any() else table
    least = str(districts.sort_values("existing", kind="stable")["capacity"].iloc[0])
    for name in shown:
        own = districts[(districts["strategy"] == name) & districts["built"].notna()]
        if own.empty:
            continue
        most = own.sort_values("built", ascending=False, kind="stable").iloc[0]
        if float(most["built"]) <= _NOTHING:
            words.append(f"In districts, {helping(name)} builds nearly nothing of any of them.")
            continue
        meets = ", which is what they have least of" if most["capacity"] == least else ", not what they have least of"
        sure = "" if float(most["built_low"]) > 0.0 else ", not told apart from luck"
        built = f"{_name(str(most['capacity']))} ({signed(float(most['built']))}{sure})"
        words.append(f"In districts, {helping(name)} builds most in {built}{meets if settled else ''}.")
    return " ".join(words)


def _name(capacity: str) -> str:
    return lower(CAPACITIES[capacity][0])


def _needs_table(own: pd.DataFrame, heading: str, shown: Sequence[str]) -> Table:
    rows = []
    for capacity, part in own.groupby("capacity", sort=False):
        first = part.iloc[0]
        cells = [
            number(float(first["existing"]), 2),
            number(float(first["self_rated"]), 1),
            f"{number(float(first['desired']), 1)} more",
        ]
        cells += [_gain(part[part["strategy"] == name]) for name in shown]
        rows.append(Row(CAPACITIES[str(capacity)][0], cells))
    built = [f"Built: {running(name)}" for name in shown]
    return Table(heading, ("Capacity", "Existing (0 to 1)", "Self-rated (1 to 5)", "Desired (points)", *built), rows)


def _gain(part: pd.DataFrame) -> str:
    if part.empty or not int(part["pairs"].iloc[0]):
        return UNDEFINED
    built, low, high = (float(part[name].iloc[0]) for name in ("built", "built_low", "built_high"))
    if max(abs(built), abs(low), abs(high)) < _NOTHING:
        return "none"
    return estimate_with_interval(Interval(built, low, high))


def _built_table(results: Results, own: pd.DataFrame, heading: str, names: Sequence[str]) -> Table:
    capacities = list(dict.fromkeys(map(str, own["capacity"])))
    cell = own.set_index(["strategy", "capacity"])["built"]
    rows = [results.row(name, [signed(float(cell[name, one])) for one in capacities]) for name in names]
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
    own = runs[(runs["assumptions"] == "default") & (runs["status"] == "done")]
    means = own.groupby("strategy")[[name for name in own.columns if name.startswith("wishes_")]].mean()
    found = {str(name): row for name, row in means.iterrows()}
    rows = [results.row(name, _cells(found[name])) for name in results.others if name in found]
    headers = ("Strategy", "Wanted at first", "Given at last", "Asked", "Answered", "Months until then")
    return [Table("What recipients wanted, and how responsive each strategy was", headers, rows, _NOTE)] if rows else []


def _cells(found: pd.Series) -> tuple[str, ...]:
    shares = [UNDEFINED if pd.isna(found[name]) else f"{found[name]:.0%}" for name in ("wishes_said", "wishes_given")]
    months = UNDEFINED if pd.isna(found["wishes_months"]) else f"{found['wishes_months']:.1f}"
    return (*shares, f"{found['wishes_asked']:.1f}", f"{found['wishes_answered']:.1f}", months)

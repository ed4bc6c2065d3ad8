"""RAND's six capacities and resources: what each strategy built, and what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capsim.figures.palette import BASELINE
from capsim.report.parts import Facts, Fold, Paragraph, Part, Row, Section, Table
from capsim.report.pictures import picture_of_capacities
from capsim.report.results import Results
from capsim.report.words import duration, estimate_with_interval, number, sentence, span, title

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["capacities_section"]

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
    "RAND counts six capacities, and resources beside them make seven. Alignment is one of the six and is shown in two "
    "rows, within an agency and with the agency above, so there are eight rows."
)
_COMPOSITE = "Composite of the seven"


def capacities_section(results: Results) -> Section:
    """Glossary, picture and table."""
    glossary = Facts(tuple((heading, f"{sentence(gloss)}.") for heading, gloss in CAPACITIES.values()))
    parts: list[Part] = [Paragraph(_COUNTED), glossary]
    panels = _panels(results)
    if not panels:
        parts.append(
            Paragraph(
                "Gains over no assistance cannot be shown, because no pair of runs with and without assistance "
                "finished."
            )
        )
    else:
        parts.append(picture_of_capacities(results, panels))
        parts.append(Fold("The same in figures, with the composite of the seven", (_table(results),)))
    return Section("capacities", "Six capacities and resources", "Capacities", tuple(parts))


def _moments(results: Results) -> list[tuple[str, str]]:
    timeline = results.comparison.scenario.timeline
    moments = []
    if timeline.assistance:
        moments.append(("assistance_end", "When assistance ends"))
    if timeline.follow_up:
        moments.append(("follow_up_end", f"{duration(timeline.follow_up)} later"))
    return moments


def _panels(results: Results) -> list[tuple[str, pd.DataFrame]]:
    import pandas as pd

    panels = []
    for at, heading in _moments(results):
        rows = [
            row
            for name in CAPACITIES
            for strategy in results.others
            if (row := _gain(results, name, strategy, at))["pairs"]
        ]
        if rows:
            panels.append((heading, pd.DataFrame(rows)))
    return panels


def _gain(results: Results, measure: str, strategy: str, at: str) -> dict[str, Any]:
    luck = results.difference(strategy, BASELINE, outcome=f"{measure}_{at}")
    both = results.difference(strategy, BASELINE, outcome=f"{measure}_{at}", assumptions="drawn")
    return {
        "capacity": CAPACITIES[measure][0],
        "strategy": strategy,
        "pairs": luck.pairs + both.pairs,
        "estimate": luck.mean.estimate,
        "low": luck.mean.low,
        "high": luck.mean.high,
        "middle": both.spread.estimate,
        "range_low": both.spread.low,
        "range_high": both.spread.high,
    }


def _table(results: Results) -> Table:
    moments = _moments(results)
    last = moments[-1][0]
    rows = []
    for measure, heading in [
        *((name, words[0]) for name, words in CAPACITIES.items()),
        ("capacity", _COMPOSITE),
    ]:
        base = number(results.mean(BASELINE, f"{measure}_{last}"))
        for strategy in results.others:
            cells = [title(strategy), base]
            cells += [
                estimate_with_interval(results.difference(strategy, BASELINE, outcome=f"{measure}_{at}").mean)
                for at, _ in moments
            ]
            if results.has_drawn:
                both = results.difference(strategy, BASELINE, outcome=f"{measure}_{last}", assumptions="drawn").spread
                cells.append(span(both.low, both.high))
            rows.append(Row(heading, tuple(cells), results.styles[strategy].color))
    headers = ["Capacity", "Strategy", "Level without assistance", *(f"Gain: {words.lower()}" for _, words in moments)]
    if results.has_drawn:
        headers.append("95% of pairs, luck and assumptions")
    note = (
        "Averages over districts, gains over no assistance with 95% intervals from luck only. The composite is a "
        "geometric mean of the seven with equal weights, the two alignments counted as one; read it only beside its "
        "parts. An alignment is not defined where there is one unit, or no agency "
        "above."
    )
    return Table("Gains in every capacity", tuple(headers), tuple(rows), note)

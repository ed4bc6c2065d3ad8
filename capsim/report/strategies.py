"""What the compared strategies are, in words."""

from __future__ import annotations

from collections.abc import Mapping

from capsim.catalogue import ACTIVITIES, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.catalogue import Composition as CataloguedComposition
from capsim.figures.palette import BASELINE
from capsim.model.strategies import catalogued
from capsim.report.long import shortened
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import count, joined, lower, sentence, title
from capsim.scenario import Composition, PluginStrategy

__all__ = ["strategies_tables", "strategy_row"]

_LEVELS = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}


def strategies_tables(results: Results) -> list[Part]:
    """One row for each strategy."""
    headers = ("Strategy", "What it does", "How hours are spent", "Whom and when")

    def table_of(names: tuple[str, ...]) -> Table:
        rows = tuple(strategy_row(results, name) for name in names)
        return Table("The strategies that are compared", headers, rows, words=True)

    return shortened(results, table_of)


def strategy_row(results: Results, name: str) -> Row:
    """What a strategy is: what it does, how hours are spent, whom it serves and when."""
    return Row(title(name), _cells(results, name), results.styles[name].color)


def _cells(results: Results, name: str) -> tuple[str, str, str]:
    if name == BASELINE:
        return STRATEGIES[name].meaning, "None", "Nobody"
    own = _of_scenario(results, name)
    if isinstance(own, Composition):
        composed = catalogued(own, results.comparison.scenario.focal_areas)
    elif name in STRATEGIES:
        composed = STRATEGIES[name]
    else:
        return "A strategy of the user's own, written in Python.", "Decided month by month", "Decided month by month"
    return composed.meaning, _hours(composed), _manner(composed)


def _of_scenario(results: Results, name: str) -> Composition | PluginStrategy | None:
    for strategy in results.comparison.scenario.strategies:
        if not isinstance(strategy, str) and strategy.name == name:
            return strategy
    return None


def _hours(composed: CataloguedComposition) -> str:
    spent = "; ".join(map(_shares, composed.methods)) if composed.methods else _shares(composed.activities)
    if composed.methods:
        spent = f"By focal area in turn: {spent}"
    if composed.exit_activities:
        spent += f"; in the last third of the months {_shares(composed.exit_activities)}"
    return spent


def _shares(activities: Mapping[str, float]) -> str:
    ordered = sorted(activities.items(), key=lambda item: -item[1])
    spent = [f"{100 * share:.0f}% {lower(ACTIVITIES[name].title)}" for name, share in ordered if share > 0]
    return ", ".join(spent) or "None"


def _manner(composed: CataloguedComposition) -> str:
    parts = [f"{_whom(composed)}: {_aim(composed)}", _focus(composed)]
    if composed.chain == "cascade":
        parts.append("passed on to the agencies below")
    if composed.codesign != "none":
        parts.append(lower(CODESIGN_PHASES[composed.codesign].title))
    if composed.grouping != "mixed":
        parts.append(lower(GROUPINGS[composed.grouping].title))
    if composed.target_capacities:
        parts.append("people or organization, as readings say")
    return "; ".join([*parts, lower(SCHEDULES[composed.schedule].meaning.rstrip("."))])


def _whom(composed: CataloguedComposition) -> str:
    if isinstance(composed.recipients, Mapping):
        shares = composed.recipients.items()
        return sentence(joined(f"{_LEVELS.get(level, level)} ({100 * share:.0f}%)" for level, share in shares))
    return sentence(joined(_LEVELS.get(level, level) for level in composed.recipients))


def _aim(composed: CataloguedComposition) -> str:
    aims = composed.targeting
    if isinstance(aims, str):
        return "the same hours for every agency" if aims == "universal" else lower(TARGETINGS[aims].title)
    named = [f"{tier} activities: {lower(TARGETINGS[name].title)}" for tier, name in aims.items()]
    return ", ".join([*named, "others: the same hours for every agency"])


def _focus(composed: CataloguedComposition) -> str:
    if isinstance(composed.focal_areas, tuple):
        return joined(composed.focal_areas)
    number = composed.focal_areas
    return f"{count(number, 'focal area')} at a time" if number else "all focal areas"

"""What the compared strategies are, in words."""

from __future__ import annotations

from collections.abc import Mapping

from capsim.catalogue import ACTIVITIES, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.figures.palette import BASELINE
from capsim.report.parts import Row, Table
from capsim.report.results import Results
from capsim.report.words import count, joined, lower, sentence, title
from capsim.scenario import Composition, PluginStrategy

__all__ = ["strategies_table", "strategy_row"]

_LEVELS = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts"}


def strategies_table(results: Results) -> Table:
    """One row for each strategy."""
    headers = ("Strategy", "What it does", "How hours are spent", "Whom and when")
    rows = tuple(strategy_row(results, name) for name in results.comparison.strategies)
    return Table("The strategies that are compared", headers, rows, words=True)


def strategy_row(results: Results, name: str) -> Row:
    """What a strategy is: what it does, how hours are spent, whom it serves and when."""
    return Row(title(name), _cells(results, name), results.styles[name].color)


def _cells(results: Results, name: str) -> tuple[str, str, str]:
    shipped = STRATEGIES.get(name)
    if name == BASELINE:
        return STRATEGIES[name].meaning, "None", "Nobody"
    if shipped is not None:
        manner = _manner(shipped.targeting, shipped.schedule, shipped.focal_areas, shipped.recipients)
        return shipped.meaning, _shares(shipped.activities), manner
    own = _of_scenario(results, name)
    if isinstance(own, Composition):
        focus = 0 if own.delivery.focal_areas == "all" else int(own.delivery.focal_areas)
        manner = _manner(own.targeting, own.schedule, focus, tuple(own.delivery.recipients))
        return "Composed in the scenario.", _shares(own.activities), manner
    return "A strategy of the user's own, written in Python.", "Decided month by month", "Decided month by month"


def _of_scenario(results: Results, name: str) -> Composition | PluginStrategy | None:
    for strategy in results.comparison.scenario.strategies:
        if not isinstance(strategy, str) and strategy.name == name:
            return strategy
    return None


def _shares(activities: Mapping[str, float]) -> str:
    ordered = sorted(activities.items(), key=lambda item: -item[1])
    spent = [f"{100 * share:.0f}% {lower(ACTIVITIES[name].title)}" for name, share in ordered if share > 0]
    return ", ".join(spent) or "None"


def _manner(targeting: str, schedule: str, focal_areas: int, recipients: tuple[str, ...]) -> str:
    whom = sentence(joined(_LEVELS.get(level, level) for level in recipients))
    spread = "the same hours for every agency" if targeting == "universal" else lower(TARGETINGS[targeting].title)
    areas = "all focal areas" if not focal_areas else f"{count(focal_areas, 'focal area')} at a time"
    return f"{whom}: {spread}; {areas}; {lower(SCHEDULES[schedule].meaning.rstrip('.'))}"

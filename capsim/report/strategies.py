"""What the compared strategies are, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capsim.catalogue import ACTIVITIES, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, TARGETINGS, Recipe
from capsim.figures.palette import BASELINE, clean_text
from capsim.report.long import shortened
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import joined, lower, sentence, title
from capsim.scenario import Composition

__all__ = [
    "aim_words",
    "area_words",
    "bought",
    "composition_of",
    "focus_words",
    "strategies_tables",
    "strategy_row",
    "whom_words",
]

_LEVELS = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}
_AREAS_DIFFER = {"need", "need_and_readiness"}
"""Targetings with a weight of its own for each focal area; by the others all areas count the same."""
_READ_NEED = {"rubric", "expert"}


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


def composition_of(results: Results, name: str) -> Recipe | None:
    """Parts of a strategy; None for one that is written in Python."""
    scenario = results.comparison.scenario
    for strategy in scenario.strategies:
        if not isinstance(strategy, str) and strategy.name == name:
            return strategy.recipe(scenario.focal_areas) if isinstance(strategy, Composition) else None
    return STRATEGIES.get(name)


def _cells(results: Results, name: str) -> tuple[str, str, str]:
    if name == BASELINE:
        return STRATEGIES[name].meaning, "None", "Nobody"
    composed = composition_of(results, name)
    if composed is None:
        return "A strategy of the user's own, written in Python.", "Decided month by month", "Decided month by month"
    areas = results.comparison.scenario.focal_areas
    spent = sentence(_hours(composed, areas)) + _in_fact(results, name, composed)
    return composed.meaning, spent, _manner(composed, areas)


def _hours(composed: Recipe, areas: Sequence[str]) -> str:
    spent = _by_area(composed, areas) if composed.methods else _shares(composed.activities)
    if composed.exit_activities:
        spent += f"; in the last third of the months {_shares(composed.exit_activities)}"
    return spent


def _by_area(composed: Recipe, areas: Sequence[str]) -> str:
    """Methods with the areas they are dealt to."""
    own: dict[str, list[str]] = {}
    for place, area in enumerate(areas):
        own.setdefault(_shares(composed.methods[place % len(composed.methods)]), []).append(area)
    return "; ".join(f"for {area_words(members)}: {shares}" for shares, members in own.items())


def _in_fact(results: Results, name: str, composed: Recipe) -> str:
    """Hours that the runs really gave, where parts take turns or one of them was never reached."""
    plan = results.comparison.plan()
    given = plan[plan["strategy"] == name].groupby("activity", sort=False)["hours"].sum()
    total = float(given.sum())
    if total <= 0.0:
        return ". In the runs: no hours at all" if results.values(name, "ta_hours").size and composed.activities else ""
    parts = (*composed.methods, composed.exit_activities)
    missing = [activity for activity in bought(composed) if not float(given.get(activity, 0.0)) > 0.0]
    if not missing and not any(parts):
        return ""
    words = f". In the runs: {_shares({str(key): float(hours) / total for key, hours in given.items()})}"
    if missing:
        words += f"; no hours for {joined(lower(ACTIVITIES[activity].title) for activity in missing)}"
    return words


def _shares(activities: Mapping[str, float]) -> str:
    ordered = sorted(activities.items(), key=lambda item: -item[1])
    spent = [f"{100 * share:.0f}% {lower(ACTIVITIES[name].title)}" for name, share in ordered if share > 0]
    return ", ".join(spent) or "None"


def _manner(composed: Recipe, areas: Sequence[str]) -> str:
    parts = [f"{whom_words(composed)}: {aim_words(composed)}", focus_words(composed, areas)]
    if composed.chain == "cascade":
        parts.append("passed on to the agencies below")
    if composed.codesign != "none":
        parts.append(lower(CODESIGN_PHASES[composed.codesign].title))
    if composed.grouping != "mixed":
        parts.append(lower(GROUPINGS[composed.grouping].title))
    if composed.target_capacities:
        parts.append("people or organization, as readings say")
    return "; ".join([*parts, lower(SCHEDULES[composed.schedule].meaning.rstrip("."))])


def whom_words(composed: Recipe) -> str:
    """Groups of agencies that are served."""
    if isinstance(composed.recipients, Mapping):
        shares = composed.recipients.items()
        return sentence(joined(f"{_LEVELS.get(level, level)} ({100 * share:.0f}%)" for level, share in shares))
    return sentence(joined(_LEVELS.get(level, level) for level in composed.recipients))


def aim_words(composed: Recipe) -> str:
    """How hours are divided among them."""
    aims = composed.targeting
    if isinstance(aims, str):
        return "the same hours for every agency" if aims == "universal" else lower(TARGETINGS[aims].title)
    named = [f"{tier} activities: {lower(TARGETINGS[name].title)}" for tier, name in aims.items()]
    return ", ".join([*named, "others: the same hours for every agency"])


def focus_words(composed: Recipe, areas: Sequence[str]) -> str:
    """Which focal areas a strategy works on, by name where it does not depend on the agency.

    Parameters
    ----------
    composed : Composition
    areas : sequence of str
        Focal areas of the scenario, in its order.
    """
    wanted = composed.focal_areas
    if isinstance(wanted, tuple):
        return area_words(wanted)
    if not 0 < wanted < len(areas):
        return f"all focal areas ({area_words(areas)})"
    first = f"the first {wanted} of the list: {area_words(areas[:wanted])}" if wanted > 1 else area_words(areas[:1])
    if not _by_need(composed):
        return first if wanted > 1 else f"the first of the list: {first}"
    whose = "each agency at the top of a chain" if composed.chain == "cascade" else "each agency"
    known = f"the {wanted} areas" if wanted > 1 else "the area"
    return f"{known} with the greatest assessed need in {whose} (until it is assessed, {first})"


def area_words(areas: Iterable[str]) -> str:
    """Focal areas in running text."""
    return joined(clean_text(area).replace("_", " ") for area in areas)


def _by_need(composed: Recipe) -> bool:
    """Whether areas can differ in weight: a targeting by need, and something that reads needs."""
    aims = composed.targeting
    named = {aims} if isinstance(aims, str) else {aims.get(tier, "universal") for tier in ("targeted", "intensive")}
    return bool(named & _AREAS_DIFFER) and any(ACTIVITIES[name].yields in _READ_NEED for name in bought(composed))


def bought(composed: Recipe) -> list[str]:
    """Activities of a strategy with a share of the hours, those of methods and exit included."""
    mixes = (*(composed.methods or (composed.activities,)), composed.exit_activities)
    return list(dict.fromkeys(name for mix in mixes for name, share in mix.items() if share > 0))

"""Warnings: what a good scenario asks for and probably does not mean. Each is one sentence; none stops a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, GAPS, RECIPIENTS, Recipe
from capsim.catalogue.parts import SURVEY_ITEMS, targeting_row
from capsim.catalogue.rules import RULES
from capsim.levels import AGENCY_LEVELS, ESA, LEA, LEVEL_NAMES, LEVELS, SEA
from capsim.parameters import resolve_values
from capsim.scenario.agencies import states_without_regions
from capsim.scenario.budgets import recipe_of
from capsim.scenario.compositions import Composition
from capsim.scenario.population import AgencyTable, rows_above
from capsim.scenario.schema import Scenario
from capsim.scenario.survey import Survey

LEAST_SETTLING_OF_A_SURVEY = 24
"""Months in which what a survey does not say comes to rest."""
_HIGHEST_LEVEL = 5.0
"""Percent of a rubric that never exceed this are probably levels."""
_STANDS_FOR = {"expert": "rubric"}
"""Readings of one instrument that do for those of another."""
_SHOWN = 3
"""Agencies that a warning names."""


def find_warnings(scenario: Scenario, table: AgencyTable, survey: Survey | None = None) -> tuple[str, ...]:
    """What a scenario asks of its agencies, and of what was observed of them, and probably does not mean; a sentence
    each, and none for shipped scenarios and strategies.
    """
    exits = [(name, keep_their_own(name, table)) for name in scenario.parameters]
    found = [
        *_of_agencies(table),
        *(f"parameters.{name}: {said} in the table of agencies" for name, said in exits if said),
        *_of_question(scenario, table),
        *_of_survey(scenario, survey),
    ]
    found += [*_of_sample(scenario, table), *_of_caps(scenario)]
    found += [*saturated_and_starved(scenario, table), *_of_rules(scenario)]
    if scenario.replications < 2:
        found.append("replications: 1 gives no interval; it does for capsim run, capsim compare needs at least 2")
    for strategy in scenario.strategies:
        if recipe := recipe_of(scenario, strategy):
            own = strategy if isinstance(strategy, Composition) else None
            warnings = _of_strategy(recipe, own, scenario.area_names, table)
            found += [f"strategy {recipe.name}: {text}" for text in warnings]
    return tuple(found)


def _of_agencies(table: AgencyTable) -> Iterator[str]:
    if not (table.level == LEA).any():
        yield (
            "there is no district (level lea) among the agencies; outcomes are means over districts, so the question "
            "cannot be answered"
        )
    rows = np.flatnonzero(table.parent >= 0)
    astray = rows[table.state[rows] != table.state[table.parent[rows]]]
    if len(astray):
        named = [
            f"{table.id[row]} ({table.state[row]}, below {table.id[table.parent[row]]}: "
            f"{table.state[table.parent[row]]})"
            for row in astray[:_SHOWN]
        ]
        yield (
            f"an agency stands below one of another state: {_first(named, len(astray))}; staff move between agencies "
            "of one state only"
        )


_EXITS = {
    "sea_annual_exit": (SEA, "annual_exit"),
    "sea_chief_annual_exit": (SEA, "leader_annual_exit"),
    "esa_annual_exit": (ESA, "annual_exit"),
    "lea_annual_exit": (LEA, "annual_exit"),
    "superintendent_annual_exit": (LEA, "leader_annual_exit"),
    "superintendent_large_annual_exit": (LEA, "leader_annual_exit"),
}
"""Parameters in whose place agencies may have a chance of their own: their level, and the column that holds it."""


def keep_their_own(parameter: str, table: AgencyTable) -> str:
    """How many agencies have an exit of their own, which a parameter does not change; empty for none."""
    if parameter not in _EXITS:
        return ""
    level, column = _EXITS[parameter]
    there = table.level == level
    own = int((there & ~np.isnan(getattr(table, column))).sum())
    return (
        f"{own} of {there.sum()} {LEVELS[LEVEL_NAMES[level]].plural} keep the {column} of their own row" if own else ""
    )


def _of_sample(scenario: Scenario, table: AgencyTable) -> Iterator[str]:
    """A level of a state of which the sample holds nothing."""
    if not scenario.agencies.sample:
        return
    lost = states_without_regions(scenario, resolve_values(scenario.parameters), table)
    if lost:
        yield (
            f"agencies.sample: {scenario.agencies.sample} districts hold none below a regional agency of "
            f"{', '.join(lost)}; hours for regional agencies go to those of other states, or to other levels; take a "
            "larger sample, or another sample_seed"
        )


def _of_caps(scenario: Scenario) -> Iterator[str]:
    """Years in which a level plan would spend more than the cap, so that money is left."""
    given = scenario.assistance
    if below := [year for year, cap in given.yearly_cap.items() if cap < given.per_year]:
        budget = f"the budget of {given.per_year:,.0f} {given.unit} a year"
        yield (
            f"assistance.yearly_cap: year {', '.join(below)}: less than {budget}; "
            "what a cap keeps back is not spent later"
        )


def _of_rules(scenario: Scenario) -> Iterator[str]:
    """Parameters that the scenario sets and no variant in force reads."""
    drawn = scenario.uncertainty == "structure"
    for parameter in scenario.parameters:
        name = "<activity>_ceiling" if parameter.removesuffix("_ceiling") in ACTIVITIES else parameter
        readers = [(rule, form.name) for rule in RULES.values() for form in rule.forms if name in form.parameters]
        may_apply = [
            rule.name
            for rule, form in readers
            if scenario.rules.get(rule.name, form if drawn else rule.default) == form
        ]
        if readers and not may_apply:
            named = " or ".join(f"{rule.name}: {form}" for rule, form in readers[:_SHOWN])
            yield f"parameters.{parameter}: no rule in force reads it; {named} would (rules:)"


def _of_question(scenario: Scenario, table: AgencyTable) -> Iterator[str]:
    """An outcome that no district of this world has."""
    districts = table.level == LEA
    if not districts.any():
        return
    needs = {
        "alignment_parent": (table.parent[districts] >= 0, "none of them has an agency above it (column parent)"),
        "shared_goals": (table.positions[districts] > 1, "all of them have one position"),
    }
    if scenario.question.weight == "pupils" and not table.enrollment[districts].any():
        yield (
            "question.weight: pupils, but no district has pupils (column enrollment); the question cannot be answered; "
            "choose districts or positions"
        )
    known = np.unique(table.poverty_share[districts & ~np.isnan(table.poverty_share)])
    for name in (name for name in scenario.outcomes.on if name in GAPS and len(known) < 2):
        yield (
            f"outcomes.{name}: a gap between poor and rich districts, but of no two districts a different share of "
            "children in poverty is known (column poverty_share); nothing is to be seen of it"
        )
    asked = scenario.asked.name
    there, why = needs.get(asked, (districts, ""))
    if not there.any():
        yield (
            f"question.outcome: {asked} is undefined for every district, because {why}; the question cannot be answered"
        )


def _of_survey(scenario: Scenario, survey: Survey | None) -> Iterator[str]:
    if survey is None:
        return
    settling = scenario.timeline.settling
    if isinstance(settling, int) and settling < LEAST_SETTLING_OF_A_SURVEY:
        yield (
            f"timeline.settling is {settling} months; what the survey does not say has not come to rest by then, so "
            "that needs and gains of the first years are partly those of the start; use auto, or at least "
            f"{LEAST_SETTLING_OF_A_SURVEY}"
        )
    for name, item in SURVEY_ITEMS.items():
        given = survey.answers[name][survey.answered(name)]
        percent = item.unit == "percent" and name != "priority_percent"
        if percent and len(given) and 0.0 < given.max() <= _HIGHEST_LEVEL:
            yield (
                f"{name} is at most {given.max():g} everywhere, which looks like the levels of a rubric; write "
                "percent: points reached of points possible, from 0 to 100"
            )


def _of_strategy(recipe: Recipe, own: Composition | None, areas: tuple[str, ...], table: AgencyTable) -> Iterator[str]:
    """What a strategy asks for and cannot have in this world."""
    changed = (change.activities for change in recipe.changes)
    used = _with_hours(*(recipe.methods or (recipe.activities,)), recipe.exit_activities, *changed)
    if not used:
        return
    shares = recipe.recipients
    levels = _with_hours(shares) if isinstance(shares, Mapping) else tuple(shares)
    yield from _of_recipients(levels, recipe.chain, own is not None, table)
    if recipe.chain == "direct":
        yield from _of_levels(used, levels)
    else:
        yield from _of_chain(np.flatnonzero(np.isin(table.level, [AGENCY_LEVELS[one] for one in levels])), table)
    targetings = _targetings(recipe.targeting, used)
    bought = {ACTIVITIES[name].yields for name in used}
    bought |= {_STANDS_FOR[name] for name in bought if name in _STANDS_FOR}
    yield from _of_readings(targetings, bought, recipe.target_capacities)
    if own is not None:
        by_need = "rubric" in bought and any(targeting_row(name).by_area for name in targetings)
        yield from _of_methods(own, areas, _never_focal(recipe.focal_areas, areas, by_need))


def _with_hours(*mixes: Mapping[str, float]) -> tuple[str, ...]:
    """Activities, or levels, with a share in any of these mixes."""
    return tuple(dict.fromkeys(name for mix in mixes for name, share in mix.items() if share > 0.0))


def _targetings(given: str | Mapping[str, str], used: tuple[str, ...]) -> tuple[str, ...]:
    """Readings are bought for everybody in turn and universal activities go to all, so no targeting divides those."""
    tiers = dict.fromkeys(ACTIVITIES[name].tier for name in used if not ACTIVITIES[name].yields)
    divided = [tier for tier in tiers if tier != "universal"]
    return tuple(dict.fromkeys(given if isinstance(given, str) else given.get(tier, "universal") for tier in divided))


def _of_recipients(levels: tuple[str, ...], chain: str, own: bool, table: AgencyTable) -> Iterator[str]:
    missing = [level for level in levels if not (table.level == AGENCY_LEVELS[level]).any()]
    nobody = len(missing) == len(levels)
    if not missing or not (own or (nobody and chain == "direct")):
        return
    if not nobody:
        then = "their part goes to the other recipients"
    elif chain == "cascade":
        then = "its cascade begins at the agencies above districts; without any, districts are served directly"
    else:
        then = "nobody is served"
    named = " and ".join(LEVELS[level].plural for level in missing)
    yield f"there are no {named} in this world, and it names them as recipients ({', '.join(missing)}); {then}"


def _of_levels(used: tuple[str, ...], levels: tuple[str, ...]) -> Iterator[str]:
    """Activities that can change nothing in any recipient."""
    for name in used:
        able = ACTIVITIES[name].levels
        if not set(able) & set(levels):
            yield (
                f"{name} changes nothing in {', '.join(levels)}, so its hours stay unspent; serve "
                f"{' or '.join(RECIPIENTS[level].title.lower() for level in able)} as well ({', '.join(able)})"
            )


def _of_chain(heads: NDArray[np.int64], table: AgencyTable) -> Iterator[str]:
    """A chain that ends where it begins."""
    parents, among = set(table.parent.tolist()), dict.fromkeys(heads.tolist()).keys()
    ends = [row for row in among if row not in parents and among.isdisjoint(rows_above(table.parent, row))]
    if ends:
        yield (
            f"its cascade begins at {len(heads):,} agencies, {len(ends):,} of them with nobody below "
            f"({_first([str(table.id[row]) for row in ends], len(ends))}); "
            "what such an agency gets stays there (the column parent says who stands below whom)"
        )


def _first(named: list[str], number: int) -> str:
    more = f" and {number - _SHOWN} more" if number > _SHOWN else ""
    return f"{', '.join(named[:_SHOWN])}{more}"


def _of_readings(targetings: tuple[str, ...], bought: set[str], target_capacities: bool) -> Iterator[str]:
    needed = {f"targeting {name}": targeting_row(name).reads for name in targetings}
    if target_capacities:
        needed["target_capacities"] = ("rubric",)
    for what, readings in needed.items():
        for reading in readings:
            sellers = [one.name for one in ACTIVITIES.values() if reading in {one.yields, _STANDS_FOR.get(one.yields)}]
            if reading not in bought and sellers:  # others are free
                yield (
                    f"{what} goes by readings that none of its activities buys, so it treats all agencies alike; give "
                    f"a share of the hours to {' or '.join(sellers)}"
                )


def _never_focal(focal: int | tuple[str, ...], areas: tuple[str, ...], by_need: bool) -> tuple[str, ...]:
    """Areas on which no agency ever works."""
    if isinstance(focal, tuple):
        return tuple(area for area in areas if area not in focal)
    return areas[focal:] if focal and not by_need else ()


def _of_methods(own: Composition, areas: tuple[str, ...], never: tuple[str, ...]) -> Iterator[str]:
    """Methods of areas on which no agency works; universal activities go to every area."""
    idle = [
        area
        for area, shares in own.methods.items()
        if area in never and any(ACTIVITIES[name].tier != "universal" for name in _with_hours(shares))
    ]
    if idle:
        worked = [area for area in areas if area not in never]
        yield (
            f"methods for {', '.join(idle)} are never used, because every agency works on {', '.join(worked)} "
            "(the first of focal_areas, when the targeting does not differ by area); name the areas in delivery: "
            "focal_areas"
        )


MOST_USEFUL = 320.0
"""Hours a position and year from which twice as many add nothing or take away, for the mixes of
docs/smallest_dose.md."""
LEAST_USEFUL = 4.0
"""Hours a position and year, half a working day, below which hardly anything is left."""
_A_YEAR = "hours for each position and year"


def saturated_and_starved(scenario: Scenario, table: AgencyTable) -> Iterator[str]:
    """Districts with too many or too few hours for each position, if the whole budget went to districts as the
    allocation says, before any targeting.
    """
    districts = np.flatnonzero(table.level == LEA)
    weigh = table.allocation[districts]
    total = float(weigh @ table.weight[districts])
    budget = scenario.assistance.budget_hours_per_year
    if not total > 0.0 or not budget > 0.0:
        return
    each = budget * weigh / total / table.positions[districts]
    got = weigh > 0.0  # by hand, nothing is meant
    how = f"with {budget:,.0f} hours a year divided by {scenario.assistance.allocation}"
    for wrong, sign, what in (
        (each > MOST_USEFUL, -1.0, f"more than {MOST_USEFUL:g} {_A_YEAR}, more than people can use"),
        (got & (each < LEAST_USEFUL), 1.0, f"less than {LEAST_USEFUL:g} {_A_YEAR}, of which hardly anything is left"),
    ):
        if wrong.any():
            rows = np.flatnonzero(wrong)
            rows = rows[np.argsort(sign * each[rows], kind="stable")]
            named = [f"{table.name[districts[row]]} {_figure(each[row])}" for row in rows[:_SHOWN]]
            got_so = f"{len(rows)} of {len(districts)} districts get {what}"
            yield f"assistance: {how}, {got_so}: {_first(named, len(rows))}"


def _figure(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10.0 else f"{hours:.1f}"

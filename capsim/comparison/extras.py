"""What a comparison looks into by itself after its answer: other budgets, other rules, which assumptions move the
answer, and where the answer turns with them. All of it costs at most what the main runs did, or so many times that.
What is run is decided before, from what runs of such worlds cost, so that the same command gives the same numbers on
any machine; ladder, rules, assumptions and break-evens come in this order, and what does not fit is named.
They run in a world that is quick to run: at most forty of the scenario's districts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Unpack

import pandas as pd

from capsim.comparison.comparison import Comparison
from capsim.comparison.ladder import RUNGS, run_ladder
from capsim.comparison.moving import (
    FurtherRuns,
    assumptions_that_move,
    candidates,
    find_break_even,
    in_groups,
    largest_groups,
    run_effects,
)
from capsim.comparison.variants import FEWEST, other_variants, run_alone
from capsim.errors import InputError
from capsim.levels import LEA
from capsim.scenario import Scenario, as_scenario
from capsim.scenario.budgets import agencies_today

MOST_DISTRICTS = 40
_BESIDE_POSITIONS = 140
"""Positions that would cost as much as what a run costs however small its world is; measured."""


def of_forty(scenario: Scenario) -> Scenario:
    """The scenario with a sample of its districts; as it is where it has few, or asks about agencies by name."""
    agencies = scenario.agencies
    if districts_of(scenario) <= MOST_DISTRICTS or agencies.survey or scenario.question.whom:
        return scenario
    try:
        fewer = as_scenario(scenario, agencies={**scenario.resolved()["agencies"], "sample": MOST_DISTRICTS})
        agencies_today(fewer)
    except InputError:  # an event, or a structure, that names an agency outside the sample
        return scenario
    return fewer


def districts_of(scenario: Scenario) -> int:
    """Districts of a scenario's world."""
    return int((agencies_today(scenario).level == LEA).sum())


def cost_of_a_run(scenario: Scenario) -> float:
    """What a run costs, in positions."""
    return _BESIDE_POSITIONS + float(agencies_today(scenario).positions.sum())


TOP = 3
"""Assumptions whose break-even is looked for."""
POINTS = 5
_SETTLING = 2
"""Runs that settling a world costs."""
_OF_A_PAIR = 2 + _SETTLING
_KEPT = 1.4
"""What a main run costs beside its course: it also keeps, month by month, what was provided; measured."""
_LEAST = 120_000.0
"""What they may cost however short the main runs are, in positions: some seconds, as long as beginning takes."""
THOROUGH = 4.0
"""Times the cost of the main runs that they may take where somebody has the time."""
_MOST_WORLDS = 16
_ALONE, _LADDER, _GROUPS, _BREAK_EVEN = 0.33, 0.15, 0.4, 0.4
"""Shares, each of what those before it leave; the rest is for assumptions one by one."""
_AT_MOST = 0.6
"""Share of what is left that the fewest worlds of an extra may take."""


@dataclass(frozen=True, slots=True)
class Portions:
    """How many worlds each extra runs in, 0 where it is left out, and how many assumptions are looked at one by one;
    whether rules were asked for.
    """

    rules: bool = False
    alone: int = 0
    ladder: int = 0
    break_even: int = 0
    groups: int = 0
    singles: int = 0
    most_singles: int = 0

    def left_out(self) -> list[str]:
        """What the runs do not suffice for."""
        portions = {
            "the rules one at a time": self.alone or not self.rules,
            "other budgets": self.ladder,
            "the assumptions that move the answer": self.singles,
            "where the answer turns with them": self.break_even,
        }
        return [what for what, worlds in portions.items() if not worlds]


@dataclass(frozen=True, slots=True)
class Size:
    """What the portions depend on: worlds of the comparison, its plans, groups of assumptions and assumptions, variants
    of rules that are to be tried.
    """

    worlds: int
    plans: int
    groups: int
    parameters: int
    variants: int


def portions(runs: float, size: Size) -> Portions:
    """Divide so many runs of small worlds."""
    left, alone = runs, 0
    if size.variants:
        of_a_world = (size.variants + 1) * _OF_A_PAIR
        alone = min(size.worlds, _MOST_WORLDS, max(FEWEST, int(_ALONE * left / of_a_world)))
        alone = alone if alone * of_a_world <= left else 0
        left -= alone * of_a_world

    def worlds(share: float, of_a_world: float, fewest: int) -> int:
        nonlocal left
        found = int(share * left / of_a_world)
        if found < fewest:
            found = fewest if fewest * of_a_world <= _AT_MOST * left else 0
        found = min(found, _MOST_WORLDS, size.worlds)
        left -= found * of_a_world
        return found

    ladder = worlds(_LADDER, len(RUNGS) * (size.plans + _SETTLING) + 1, FEWEST)
    every = left / ((size.parameters + 1) * _OF_A_PAIR)
    first = 0 if every >= 2 * FEWEST else worlds(_GROUPS, (size.groups + 1) * _OF_A_PAIR, 1)
    break_even = worlds(_BREAK_EVEN, TOP * POINTS * _OF_A_PAIR, FEWEST)
    singles = int(left / (FEWEST * _OF_A_PAIR)) - 1
    if every >= 2 * FEWEST:
        n = min(int(left / ((size.parameters + 1) * _OF_A_PAIR)), _MOST_WORLDS, size.worlds)
        return Portions(size.variants > 0, alone, ladder, break_even, 0, max(FEWEST, n), size.parameters)
    if not first or singles < TOP:
        return Portions(size.variants > 0, alone, ladder)
    return Portions(size.variants > 0, alone, ladder, break_even, first, FEWEST, singles)


def look_further(
    comparison: Comparison,
    strategies: Mapping[str, Any] | None = None,
    *,
    variants: bool | None = None,
    times: float = 1.0,
    **running: Unpack[FurtherRuns],
) -> Iterator[Comparison]:
    """The comparison with a note of what is left out, then with one extra more each time: the ladder of budgets, the
    variants of rules alone, how far assumptions move the contrast, where it turns along those that move it most.

    `strategies` are what the names stand for, where a caller gave objects; `times` is how many times the cost of the
    main runs all of it may take. Whoever stops asking keeps what there is.
    """
    from capsim.runs.crews import hired

    scenario, (first, second) = comparison.scenario, comparison.scenario.question.contrast
    chosen = {name: name for name in comparison.strategies} if strategies is None else strategies
    small, pair = of_forty(scenario), (first, second)
    groups = in_groups(candidates(scenario, pair, comparison.unread()))
    asked = scenario.uncertainty == "structure" if variants is None else variants
    wanted = asked and comparison.alone.empty
    plan = _plan(comparison, small, groups, variants=len(list(other_variants(scenario))) if wanted else 0, times=times)
    told = {"districts": districts_of(small), "all": small is scenario, "left_out": plan.left_out(), "times": times}
    yield (comparison := replace(comparison, provenance={**comparison.provenance, "extras": told}))
    with hired(running.get("workers", 1)) as crew:
        running["workers"] = crew
        if plan.ladder:
            table = run_ladder(small, chosen, replications=plan.ladder, **running)
            yield (comparison := replace(comparison, ladder=table))
        if plan.alone:
            table = run_alone(small, chosen, pair, replications=plan.alone, own_rules=True, **running)
            yield (comparison := replace(comparison, alone=table))
        yield from _assumptions(comparison, (small, chosen, pair), groups, plan, running)


def sample_in_words(comparison: Comparison) -> str:
    """Of which districts the worlds are; empty where they have all of them."""
    told = comparison.provenance.get("extras", {})
    return "" if told.get("all", True) else f" of a sample of {told['districts']} districts"


def left_out_in_words(comparison: Comparison) -> str:
    """What was not looked into, and how to have it; empty where everything was."""
    told = comparison.provenance.get("extras", {})
    if not told.get("left_out"):
        return ""
    text = f"Not looked into, because it would take longer than the runs of the answer: {'; '.join(told['left_out'])}."
    if told.get("times", 1.0) < THOROUGH:
        text += " With --thorough this part may take four times as long, and leaves out less."
    return text


def left_out_of_all(comparisons: Mapping[str, Comparison]) -> str:
    """What was not looked into in some of several scenarios, and how to have it; empty where everything was."""
    missing: dict[str, list[str]] = {}
    for name, comparison in comparisons.items():
        for what in comparison.provenance.get("extras", {}).get("left_out", []):
            missing.setdefault(what, []).append(f"“{name}”")
    if not missing:
        return ""
    every = len(comparisons)
    parts = [f"{what} ({'in all' if len(names) == every else ', '.join(names)})" for what, names in missing.items()]
    return (
        f"Not looked into, because all scenarios share the time that one would have: {'; '.join(parts)}. With "
        "--thorough this part may take four times as long; capsim compare on one scenario gives it all of it."
    )


def _plan(
    comparison: Comparison, small: Scenario, groups: Mapping[str, tuple[str, ...]], *, variants: int, times: float
) -> Portions:
    blocks = len(comparison.runs.groupby(["replicate", "assumptions"]))
    mine, less = cost_of_a_run(comparison.scenario), cost_of_a_run(small)
    main = _KEPT * blocks * (len(comparison.strategies) + _SETTLING) * mine
    size = Size(
        worlds=comparison.runs["replicate"].nunique(),
        plans=sum(name != "none" for name in comparison.strategies),
        groups=len(groups),
        parameters=sum(map(len, groups.values())),
        variants=variants,
    )
    return portions(times * max(main, _LEAST) / less, size)


def _assumptions(
    comparison: Comparison,
    what: tuple[Scenario, Mapping[str, Any], tuple[str, str]],
    groups: Mapping[str, tuple[str, ...]],
    plan: Portions,
    running: FurtherRuns,
) -> Iterator[Comparison]:
    """The assumptions that move the contrast, and where it turns along the first of them; `what` is the scenario that
    is run, what the names of strategies stand for, and the contrast.
    """
    found = []
    members = [name for own in groups.values() for name in own]
    if plan.groups:
        found.append(run_effects(*what, groups, step="group", n=plan.groups, **running))
        members = largest_groups(found[0], groups, most=plan.most_singles)
    if not plan.singles or not members:
        return
    each = {name: (name,) for name in members}
    found.append(run_effects(*what, each, step="assumption", n=plan.singles, **running))
    yield (comparison := replace(comparison, effects=pd.concat(found, ignore_index=True)))
    known = {one.parameter for one in comparison.break_even}
    small, strategies, pair = what
    for name in assumptions_that_move(comparison)["parameter"][:TOP]:
        if name not in known and plan.break_even:
            turn = find_break_even(
                small, name, strategies, pair, points=POINTS, replications=plan.break_even, **running
            )
            yield (comparison := replace(comparison, break_even=[*comparison.break_even, turn]))

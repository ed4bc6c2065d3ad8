"""A block: one replicate under one set of assumptions, all strategies from the same settled world. What workers run."""

from __future__ import annotations

import functools
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.wishes import Answers
from capsim.building import Settled, Surveyed, run_key, settled_world, survey_world
from capsim.building.solving import solved, under_its_rules
from capsim.catalogue import BASELINE, FLOWS, LINKED, OUTCOMES, PROCESS_NAMES, WEIGHTS, weighted, weighted_column
from capsim.catalogue.measures import PLAIN
from capsim.engine.month import MONTH
from capsim.engine.run import Provision, Record, Simulation, column_processes, finished
from capsim.engine.strategies import Start, resolve_strategy, start_of
from capsim.errors import CapsimError
from capsim.measures.groups import ASKED, GROUPS
from capsim.parameters import Values, draw_values, resolve_values
from capsim.processes.process import Process
from capsim.runs.pace import attempted, time_limit
from capsim.runs.regional import (
    Places,
    Regional,
    asked_about,
    counted_gaps,
    counted_groups,
    places_of,
    regional_results,
)
from capsim.scenario import AgencyTable, Scenario, as_scenario, build_agencies, survey_of
from capsim.scenario.budgets import has_structures, of_agencies
from capsim.streams.keys import key_from

OUTCOME_GROUP = "lea"
"""Outcomes are means over districts, and over their pupils and positions."""

_ALL_GROUPS = (*GROUPS, *ASKED)


@dataclass(frozen=True, slots=True)
class Block:
    """What a worker is told; plain data.

    Strategies are names, or objects and classes when the block stays in this process. `point` holds parameters and
    `rules` variants that are set on top of the scenario's; with rules or drawn assumptions, levels are solved (see
    `solved`), so that all blocks that differ in them start alike. The time limit is of one run, and of settling; 0 is
    none.
    Measures of every organization at the two moments, what was provided month by month, the whole table of hours by
    agency, year and activity, and results by region are returned only where they are to be kept.
    """

    scenario: Scenario | Mapping[str, Any]
    strategies: tuple[Any, ...]
    replicate: int
    assumptions: str = "default"
    point: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    keep_agencies: bool = False
    keep_provision: bool = False
    keep_detail: bool = False
    keep_regions: bool = False
    time_limit_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a block. A failed one has a reason, and no numbers.

    `monthly` is (months, groups, columns), `by_organization` (columns, O) and `counted` (`COUNTED`, columns) at
    the two moments, `by_activity` TA hours.
    """

    strategy: str
    outcomes: dict[str, float]
    monthly: NDArray[np.float64]
    by_organization: dict[int, NDArray[np.float64]]
    by_activity: dict[str, float]
    failure: str = ""
    provision: Provision | None = None
    regional: Regional | None = None
    counted: Mapping[int, NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockResult:
    """Runs of a block in the order of its strategies; its values, how its world settled and reads, if by a survey."""

    replicate: int
    assumptions: str
    values: Values
    runs: list[Run]
    settling_months: int
    drift: float
    surveyed: Surveyed | None = None

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return sum(bool(run.failure) for run in self.runs)


def scenario_processes(scenario: Scenario) -> tuple[Process, ...]:
    """The month of a scenario, without the processes that it switches off."""
    return column_processes(MONTH.without(*(name for name in PROCESS_NAMES if name in scenario.month.off)))


def block_values(scenario: Scenario, block: Block) -> Values:
    """Parameter values of a block: the scenario's and the point's, the assumed ones drawn if the block says so."""
    overrides, rules = {**scenario.parameters, **block.point}, {**scenario.rules, **block.rules}
    fixed = frozenset(overrides)
    if block.assumptions == "default":
        values = resolve_values(overrides, rules)
        return (solved if block.rules else under_its_rules)(values, fixed=fixed)
    key = key_from("assumptions", scenario.seed, block.replicate)
    drawn = draw_values(overrides, key, rules=rules, with_rules=scenario.uncertainty == "structure")
    return solved(drawn, fixed=fixed)


@functools.lru_cache(maxsize=4)
def _agencies(scenario: Scenario, overrides: tuple[tuple[str, float], ...]) -> AgencyTable:
    return build_agencies(scenario, resolve_values({**scenario.parameters, **dict(overrides)}))


def run_block(block: Block) -> BlockResult:
    """Build and settle the world of a replicate once, then run every strategy from it.

    A strategy that fails is a failed run; the others of the block go on. A world that cannot be settled fails them all.
    """
    scenario = as_scenario(block.scenario)
    values = block_values(scenario, block)
    processes = scenario_processes(scenario)
    key = run_key(scenario.seed, block.replicate)
    agencies = block_agencies(scenario, block)

    def settle() -> tuple[Settled, Surveyed | None]:
        settled = settled_world(scenario, values, processes, run_key=key, agencies=agencies)
        survey = survey_of(scenario, agencies)
        surveyed = None if survey is None else survey_world(settled.world, survey, values, processes, run_key=key)
        return settled, surveyed

    found, failure = attempted(block.time_limit_seconds, settle)
    if found is None:
        return _unsettled(scenario, block, values, failure)
    settled, surveyed = found
    runs = [_run(scenario, block, strategy, settled, processes, agencies) for strategy in block.strategies]
    baseline = next((run.outcomes for run in runs if run.strategy == BASELINE), None)
    if baseline:
        for run in runs:
            if run.outcomes:
                run.outcomes.update(gains_over(run.outcomes, baseline))
    return BlockResult(block.replicate, block.assumptions, dict(values), runs, settled.months, settled.drift, surveyed)


def _run(
    scenario: Scenario,
    block: Block,
    strategy: Any,
    settled: Settled,
    processes: tuple[Process, ...],
    agencies: AgencyTable,
) -> Run:
    """One strategy from the settled world; whatever goes wrong is its failure."""
    name, values = resolve_strategy(scenario, strategy)[0], settled.values
    try:
        with time_limit(block.time_limit_seconds):
            run, start, table = begun(scenario, block, strategy, settled, processes, agencies)
            record = finished(run)
    except CapsimError as error:
        return _failed(name, str(error))
    except Exception:
        return _failed(name, traceback.format_exc())
    group = ASKED[0] if scenario.question.whom else OUTCOME_GROUP
    outcomes = run_outcomes(record, values, assistance_months=scenario.timeline.assistance, group=group)
    groups = counted_groups(record, table)
    moments = (scenario.timeline.assistance, len(record.monthly))
    outcomes.update(counted_gaps(groups, record.columns.index("use"), moments))
    answers = record.answers or Answers(*[math.nan] * len(Answers._fields))
    outcomes.update({f"wishes_{name}": value for name, value in answers._asdict().items()})
    if has_structures(scenario):
        outcomes["structure_cost"] = start.dollars_per_year * len(record.monthly) / 12.0
        outcomes["cost"] += outcomes["structure_cost"]
    kept = record.by_organization if block.keep_agencies else {}
    regional = None
    if block.keep_regions:
        places = _places(scenario, of_agencies(block.point))
        regional = regional_results(places, record, table, scenario.question.weight)
    provision = _provision(record, block)
    return Run(name, outcomes, record.monthly, kept, record.ledger.by_activity, "", provision, regional, groups)


def begun(
    scenario: Scenario,
    block: Block,
    strategy: Any,
    settled: Settled,
    processes: tuple[Process, ...],
    agencies: AgencyTable,
    *,
    under: Any = None,
) -> tuple[Simulation, Start, AgencyTable]:
    """A run of a strategy before its first month, where it starts (or where another strategy does), its agencies."""
    values, key = settled.values, run_key(scenario.seed, block.replicate)
    begins = strategy if under is None else under
    start = start_of(scenario, begins, settled.world, values, run_key=key, parameters=block.point)
    table = agencies if start.arranged is None else start.arranged.table
    run = Simulation(
        start.world,
        values,
        resolve_strategy(scenario, strategy)[1](values),
        processes=processes,
        assistance_months=scenario.timeline.assistance,
        follow_up_months=scenario.timeline.follow_up,
        yearly_hours=start.yearly_hours,
        yearly_caps=start.yearly_caps,
        run_key=key,
        log=block.keep_provision,
        events=start.events,
        instruments=scenario.instruments,
        asked=asked_about(scenario, agencies, table, start.world.layout.n_organizations > len(table)),
    )
    return run, start, table


def _provision(record: Record, block: Block) -> Provision | None:
    """What is kept of what was provided; agencies one by one only where they are asked for."""
    if record.provision is None:
        return None
    flow = record.provision.flow.keeping(agencies=block.keep_agencies, detail=block.keep_detail)
    return replace(record.provision, flow=flow)


def _unsettled(scenario: Scenario, block: Block, values: Values, reason: str) -> BlockResult:
    names = [resolve_strategy(scenario, strategy)[0] for strategy in block.strategies]
    failed = [_failed(name, f"the world could not be settled: {reason}") for name in names]
    return BlockResult(block.replicate, block.assumptions, dict(values), failed, 0, math.nan)


def block_agencies(scenario: Scenario, block: Block) -> AgencyTable:
    """Agencies of a block, built once in a process for the same scenario and agency parameters."""
    return _agencies(scenario, of_agencies(block.point))


@functools.lru_cache(maxsize=4)
def _places(scenario: Scenario, overrides: tuple[tuple[str, float], ...]) -> Places:
    return places_of(scenario, _agencies(scenario, overrides), dict(overrides))


def _failed(strategy: str, reason: str) -> Run:
    return Run(strategy, {}, np.empty((0, 0, 0)), {}, {}, failure=reason)


def run_outcomes(
    record: Record, values: Values, *, assistance_months: int, group: str = OUTCOME_GROUP
) -> dict[str, float]:
    """Outcomes of one run: whatever is recorded, at both moments, under every way of counting districts, or whoever
    else the `group` holds that is asked about; equity gaps in use, hours, cost.

    With no month of assistance the first moment is undefined (NaN).
    """
    monthly = record.monthly
    outcomes: dict[str, float] = {}
    moments = {"assistance_end": assistance_months - 1, "follow_up_end": len(monthly) - 1}
    recorded = [name for name in record.columns if name not in FLOWS]
    for moment, month in moments.items():
        for name in recorded:
            outcomes[f"{name}_{moment}"] = _at(record, month, group, name)
        use = {each: _at(record, month, each, "use") for each in GROUPS}
        outcomes[f"equity_gap_size_{moment}"] = use["lea_large"] - use["lea_small"]
        outcomes[f"equity_gap_sparse_{moment}"] = use["lea_other"] - use["lea_sparse"]
    outcomes["capacity_years"] = _capacity_years(record, group)
    outcomes["ta_hours"] = record.ledger.spent
    outcomes["unspent_hours"] = record.ledger.left
    outcomes["recipient_hours"] = record.ledger.recipient_hours
    outcomes["turnkey_hours"] = record.ledger.turnkey_hours
    outcomes["received_hours"], outcomes["used_hours"] = record.ledger.received, record.ledger.used
    outcomes["cost"] = record.ledger.cost(values)
    for weight in (name for name in WEIGHTS if name != PLAIN):
        counted = weighted(group, weight)
        for moment, month in moments.items():
            for name in recorded:
                outcomes[weighted_column(f"{name}_{moment}", weight)] = _at(record, month, counted, name)
        outcomes[weighted_column("capacity_years", weight)] = _capacity_years(record, counted)
    return outcomes


def _capacity_years(record: Record, group: str) -> float:
    return float(np.sum(record.monthly[:, _ALL_GROUPS.index(group), record.columns.index("capacity")]) / 12.0)


def _at(record: Record, month: int, group: str, name: str) -> float:
    if month < 0:
        return float("nan")
    return float(record.monthly[month, _ALL_GROUPS.index(group), record.columns.index(name)])


def gains_over(outcomes: Mapping[str, float], baseline: Mapping[str, float]) -> dict[str, float]:
    """Gains of a run over the paired run without assistance, and use gained per 1,000 TA hours."""
    states = (*OUTCOMES, *LINKED)
    gains = {f"gain_{name}": outcomes[name] - baseline[name] for name in outcomes if name.startswith(states)}
    hours = outcomes["ta_hours"]
    for weight in dict.fromkeys((PLAIN, *WEIGHTS)):
        gained = gains[weighted_column("gain_use_follow_up_end", weight)]
        per_hours = 1000.0 * gained / hours if hours > 0.0 else float("nan")
        gains[weighted_column("gain_per_1000_hours", weight)] = per_hours
    return gains

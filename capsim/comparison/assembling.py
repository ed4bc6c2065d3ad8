"""From the runs of blocks to the tables of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from capsim.assistance.composed import COURSE_COLUMNS
from capsim.assistance.observation import stocktake_table
from capsim.assistance.tools import ADOPTION
from capsim.catalogue import ACTIVITIES, CENTER_SERIES, LOGGED, SUPPORT_MEASURES
from capsim.catalogue.measures import COUNTED
from capsim.comparison.comparison import Comparison
from capsim.comparison.flow import (
    flow_agencies_table,
    flow_table,
    labelled,
    leavers_table,
    own_readings_table,
    reach_agencies_table,
    reach_table,
)
from capsim.comparison.instruments import survey_table
from capsim.comparison.paired_runs import Settling
from capsim.engine.run import Provision
from capsim.levels import LEVEL_NAMES
from capsim.measures.groups import ASKED, GROUPS
from capsim.parameters import Values, assumed_parameters
from capsim.parameters.table import rules_of
from capsim.runs.blocks import Block, BlockResult, Run, block_values
from capsim.runs.identity import NOT_PART_OF_A_RUN, provenance, run_id
from capsim.runs.regional import Places, Regional, places_of
from capsim.runs.study_plan import strategy_definitions
from capsim.scenario import AgencyTable, Scenario, build_agencies, scenario_hash, survey_of
from capsim.scenario.budgets import arranged_under, structure_of

Labels = dict[str, Any]
"""Who a run is, in the first columns of every table."""
Labelled = Sequence[tuple[Labels, Run]]
AgenciesOf = Callable[[Run], AgencyTable]
Tables = dict[str, pd.DataFrame]


def assemble_comparison(
    scenario: Scenario,
    names: tuple[str, ...],
    results: list[BlockResult],
    found: list[Any],
    *,
    precision: float | None = None,
    alone: pd.DataFrame | None = None,
    tables: bool = True,
) -> Comparison:
    """Tables of the runs of some blocks, with who they are and where they come from; `precision` is the half-width
    asked for, when replications were chosen by it; `alone` are runs under each variant of a rule. Without `tables`
    there are the runs with their outcomes only, which is quick.
    """
    point = block_values(scenario, Block(scenario.resolved(), names, 0))
    table = build_agencies(scenario, point)
    labelled = list(_labelled(scenario, results))
    runs = [
        {**labels, "scenario": scenario.name, "status": "failed" if run.failure else "done", **run.outcomes}
        for labels, run in labelled
    ]
    done = [(labels, run) for labels, run in labelled if not run.failure]
    survey = survey_of(scenario, table)
    return Comparison(
        scenario=scenario,
        strategies=names,
        runs=pd.DataFrame(runs),
        **(_tables_of(scenario, done, table, point) if tables else {}),
        **_drawn(scenario, results),
        alone=pd.DataFrame() if alone is None else alone,
        failures=[{**labels, "reason": run.failure} for labels, run in labelled if run.failure],
        settling=[Settling(r.replicate, r.assumptions, r.settling_months, r.drift) for r in results],
        notes=tuple(table.notes),
        break_even=found,
        survey=pd.DataFrame() if survey is None else survey_table(survey, table, results),
        provenance=provenance(
            scenario,
            scenario_hash(scenario),
            precision=precision,
            replications=len({result.replicate for result in results}),
        ),
    )


def _tables_of(scenario: Scenario, done: Labelled, table: AgencyTable, point: Values) -> Tables:
    """What happened in the runs, by month, agency, region, link, activity."""
    agencies_of = partial(_table_of, scenario, table, point)
    provided = {**_provided(scenario, done, table), **_provided_to_agencies(done, agencies_of)}
    return {**_measured(scenario, done, table, agencies_of), **provided}


def _measured(scenario: Scenario, done: Labelled, table: AgencyTable, agencies_of: AgenciesOf) -> Tables:
    """What was measured in finished runs: by month, by agency, by region."""
    names, places = scenario.recorded, places_of(scenario, table, scenario.parameters)
    tables = {
        "monthly": ((labels, _monthly_table(run, names)) for labels, run in done),
        "agencies": (
            (labels, _agency_table(run.by_organization, agencies_of(run), names))
            for labels, run in done
            if run.by_organization
        ),
        "regions": (
            (labels, _regions_table(run.regional, places, names)) for labels, run in done if run.regional is not None
        ),
    }
    return {name: _where_supported(_together(made)) for name, made in tables.items()}


def _provided(scenario: Scenario, done: Labelled, table: AgencyTable) -> Tables:
    """What assistance was provided in finished runs, and what became of it."""
    provided = [(labels, run.provision) for labels, run in done if run.provision is not None]
    instruments = [own.name for own in scenario.instruments]
    tables: dict[str, Callable[[Provision], pd.DataFrame]] = {
        "chain": _chain_table,
        "instruments": _instruments_table,
        "hours": _hours_table,
        "center": _center_table,
        "course": _course_table,
        "flow": lambda one: flow_table(one.flow),
        "reach": lambda one: reach_table(one.flow),
        "own_readings": lambda one: own_readings_table(one.own, instruments),
        "leavers": lambda one: leavers_table(one.leavers),
        "tools": lambda one: _tools_table(one, scenario, table),
    }
    made = {name: _together((labels, make(one)) for labels, one in provided) for name, make in tables.items()}
    lags = partial(stocktake_table, agencies=table, areas=scenario.area_names, begins=scenario.timeline.begins)
    world = itemgetter("assumptions", "replicate")  # stocktakes name single agencies, of which every world has the same
    first = [(labels, one) for labels, one in provided if world(labels) == world(provided[0][0])]
    made["stocktakes"] = _together((labels, lags(one.stocktakes)) for labels, one in first)
    return made


def _provided_to_agencies(done: Labelled, agencies_of: AgenciesOf) -> Tables:
    """The same agency by agency, where that was kept."""
    flows = [(labels, run, run.provision.flow) for labels, run in done if run.provision is not None]
    return {
        "flow_agencies": _together(
            (labels, flow_agencies_table(flow, agencies_of(run).id)) for labels, run, flow in flows
        ),
        "reach_agencies": _together(
            (labels, reach_agencies_table(flow.agencies, agencies_of(run)))
            for labels, run, flow in flows
            if flow.agencies is not None
        ),
    }


def _drawn(scenario: Scenario, results: list[BlockResult]) -> Tables:
    """Assumptions, and variants of rules, that were drawn for each replicate."""
    drawn = {r.replicate: r.values for r in results if r.assumptions == "drawn"}
    rules = drawn if scenario.uncertainty == "structure" else {}
    names = [parameter.name for parameter in assumed_parameters()]
    return {
        "draws": pd.DataFrame([{"replicate": n, **{name: one[name] for name in names}} for n, one in drawn.items()]),
        "variants": pd.DataFrame([{"replicate": number, **rules_of(one)} for number, one in rules.items()]),
    }


def _labelled(scenario: Scenario, results: list[BlockResult]) -> Iterator[tuple[Labels, Run]]:
    """Every run with who it is."""
    content = scenario_hash(scenario, leave_out=NOT_PART_OF_A_RUN)
    named = {"default": "default", "drawn": "structure" if scenario.uncertainty == "structure" else "drawn"}
    own = strategy_definitions(scenario)
    for result in results:
        for run in result.runs:
            who = run_id(
                scenario_hash=content,
                strategy=own.get(run.strategy, run.strategy),
                replicate=result.replicate,
                point={"assumptions": named[result.assumptions]},
            )
            labels = {"strategy": run.strategy, "replicate": result.replicate, "assumptions": result.assumptions}
            yield {"run_id": who, **labels}, run


def _together(tables: Iterator[tuple[Labels, pd.DataFrame]]) -> pd.DataFrame:
    """One table of all runs, each row with its labels; empty if none has a row."""
    filled = [(labels, table) for labels, table in tables if len(table)]
    if not filled:
        return pd.DataFrame()
    whole = pd.concat([table for _, table in filled], ignore_index=True)
    rows = np.repeat(np.arange(len(filled)), [len(table) for _, table in filled])
    who = pd.DataFrame([labels for labels, _ in filled]).take(rows).reset_index(drop=True)  # once, not table by table
    return pd.concat([who, whole], axis=1)


def _where_supported(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the measures of support where nobody is supported."""
    supported = table.empty or table[list(SUPPORT_MEASURES)].notna().any(axis=None)
    return table if supported else table.drop(columns=list(SUPPORT_MEASURES))


def _monthly_table(run: Run, columns: Sequence[str]) -> pd.DataFrame:
    """What was recorded month by month and, below it, groups counted in other ways at their moments."""
    months, groups, measures = run.monthly.shape
    recorded, counted = (*GROUPS, *ASKED)[:groups], np.array([*run.counted], np.int64)
    numbers = np.concatenate([run.monthly.reshape(months * groups, measures), *run.counted.values()])
    month = [*np.repeat(np.arange(1, months + 1), groups), *np.repeat(counted, len(COUNTED))]
    table = labelled(numbers, columns, month=month, level=[*recorded * months, *COUNTED * len(counted)])
    defined: pd.DataFrame = table.loc[~np.isnan(table["use"].to_numpy())].copy()
    return defined


def _agency_table(kept: dict[int, np.ndarray], agencies: Any, columns: Sequence[str]) -> pd.DataFrame:
    n = len(agencies)  # the TA center comes after them and is not reported
    tables = [labelled(found[:, :n].T, columns, agency=agencies.id, month=month) for month, found in kept.items()]
    return pd.concat(tables, ignore_index=True)


def _table_of(scenario: Scenario, table: AgencyTable, values: Values, run: Run) -> AgencyTable:
    """Agencies of a run: those of the scenario, or under the structure of its strategy."""
    structure = structure_of(scenario, run.strategy)
    return table if structure is None else arranged_under(scenario, structure, values).table


def _regions_table(regional: Regional, places: Places, columns: Sequence[str]) -> pd.DataFrame:
    """Measures of every place at the two moments, and the hours of the whole run."""
    about: dict[str, Any] = {"region": places.id, **{name: getattr(places, name) for name in places._fields[1:5]}}
    tables = [
        labelled(measured.T, columns, **about, month=month, region_hours=regional.hours)
        for month, measured in regional.by_moment.items()
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _chain_table(provision: Provision) -> pd.DataFrame:
    """Hours delivered, received and used, one row per month and link that was used at all in the run."""
    months = np.arange(1, len(provision.chain) + 1)
    tables = []
    for giver, receiver in zip(*np.nonzero(provision.chain[..., 0].any(axis=0)), strict=True):
        link, steps = f"{LEVEL_NAMES[giver]} to {LEVEL_NAMES[receiver]}", ("delivered", "received", "used")
        tables.append(labelled(provision.chain[:, giver, receiver], steps, link=link, month=months))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _instruments_table(provision: Provision) -> pd.DataFrame:
    """Mean readings and ratings, one row per month and level that has any."""
    months, levels, columns = provision.logbook.shape
    logged = provision.logbook.reshape(months * levels, columns)
    month, level = np.repeat(np.arange(1, months + 1), levels), np.tile(np.array(LEVEL_NAMES), months)
    table = labelled(logged, LOGGED, month=month, level=level)
    return table[table[list(LOGGED)].notna().any(axis=1)].reset_index(drop=True)


def _center_table(provision: Provision) -> pd.DataFrame:
    """The center's book, one row per month; none where nothing of it is declared."""
    if provision.center is None:
        return pd.DataFrame()
    return labelled(provision.center, CENTER_SERIES, month=np.arange(1, len(provision.center) + 1))


def _course_table(provision: Provision) -> pd.DataFrame:
    """Phases that began and reviews that were held, one row each; months as in the other tables, from 1."""
    table = pd.DataFrame(list(provision.course), columns=list(COURSE_COLUMNS))
    table["month"] += 1
    return table.astype({"found": float})


def _hours_table(provision: Provision) -> pd.DataFrame:
    """TA hours, one row per quarter and activity that got any."""
    months = len(provision.hours)
    quarters = np.add.reduceat(provision.hours, np.arange(0, months, 3)) if months else provision.hours
    quarter, activity = np.nonzero(quarters)
    return pd.DataFrame(
        {
            "quarter": quarter + 1,
            "activity": np.array(list(ACTIVITIES))[activity],
            "activity_hours": quarters[quarter, activity],
        }
    )


def _tools_table(provision: Provision, scenario: Scenario, agencies: AgencyTable) -> pd.DataFrame:
    """Tools that were made and adopted, in the order of time; agencies by id, "center" for the TA center."""
    if provision.adoptions is None or not len(provision.adoptions):
        return pd.DataFrame()
    ids = np.array([*agencies.id, "center"])
    table = pd.DataFrame(provision.adoptions, columns=list(ADOPTION)).astype({"month": np.int64})
    for name in ("agency", "source", "maker"):
        table[name] = ids[np.minimum(table[name].to_numpy(np.int64), len(ids) - 1)]
    table["area"] = np.array(scenario.area_names)[table["area"].to_numpy(np.int64)]
    table.insert(1, "how", np.where(table["agency"] == table["source"], "made", "adopted"))
    return table

"""From the runs of blocks to the tables of a comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

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
from capsim.parameters import assumed_parameters
from capsim.parameters.table import rules_of
from capsim.runs.blocks import RECORDED, BlockResult, Run
from capsim.runs.identity import NOT_PART_OF_A_RUN, provenance, run_id
from capsim.runs.outcomes import Places, Regional, places_of
from capsim.runs.study_plan import strategy_definitions
from capsim.scenario import AgencyTable, Scenario, scenario_hash, survey_of
from capsim.scenario.budgets import agencies_today, arranged_under, structure_of

Labels = dict[str, Any]
"""Who a run is, in the first columns of every table."""
T = TypeVar("T")
Labelled = Sequence[tuple[Labels, T]]
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
    table = agencies_today(scenario)
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
        **(_tables_of(scenario, done, table) if tables else {}),
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


def _tables_of(scenario: Scenario, done: Labelled[Run], table: AgencyTable) -> Tables:
    """What happened in finished runs, by month, agency, region, link, activity, each row with the run that it is of."""
    places = places_of(scenario)
    made: dict[str, list[tuple[Labels, pd.DataFrame]]] = defaultdict(list)
    first = None
    for labels, run in done:
        structure = structure_of(scenario, run.strategy)
        agencies = table if structure is None else arranged_under(scenario, structure, {}).table
        for name, rows in _rows_of(scenario, run, agencies, table, places):
            made[name].append((labels, rows))
        world = labels["assumptions"], labels["replicate"]
        if run.provision is not None and world == (first := first or world):  # the same agencies stand in every world
            taken = stocktake_table(run.provision.stocktakes, table, scenario.area_names, scenario.timeline.begins)
            made["stocktakes"].append((labels, taken))
    tables = {name: _together(rows) for name, rows in made.items()}
    return {name: _where_supported(one) if name in _OF_MEASURES else one for name, one in tables.items()}


_OF_MEASURES = ("monthly", "agencies", "regions")


def _rows_of(
    scenario: Scenario, run: Run, agencies: AgencyTable, today: AgencyTable, places: Places
) -> Iterator[tuple[str, pd.DataFrame]]:
    """What was measured in a run, what assistance was provided in it, and what became of that; agency by agency where
    that was kept.
    """
    yield "monthly", _monthly_table(run, scenario.recorded)
    if run.by_organization:
        yield "agencies", _agency_table(run.by_organization, agencies, scenario.recorded)
    if run.regional is not None:
        yield "regions", _regions_table(run.regional, places, scenario.recorded)
    if (one := run.provision) is None:
        return
    yield "chain", _chain_table(one)
    yield "instruments", _instruments_table(one)
    yield "hours", _hours_table(one)
    yield "center", _center_table(one)
    yield "course", _course_table(one)
    yield "flow", flow_table(one.flow)
    yield "reach", reach_table(one.flow)
    yield "own_readings", own_readings_table(one.own, [own.name for own in scenario.instruments])
    yield "leavers", leavers_table(one.leavers)
    yield "tools", _tools_table(one, scenario, today)
    yield "flow_agencies", flow_agencies_table(one.flow, agencies.id)
    if one.flow.agencies is not None:
        yield "reach_agencies", reach_agencies_table(one.flow.agencies, agencies)


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


def _together(tables: Labelled[pd.DataFrame]) -> pd.DataFrame:
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
    recorded, counted = RECORDED[:groups], np.array([*run.counted], np.int64)
    numbers = np.concatenate([run.monthly.reshape(months * groups, measures), *run.counted.values()])
    month = [*np.repeat(np.arange(1, months + 1), groups), *np.repeat(counted, len(COUNTED))]
    table = labelled(numbers, columns, month=month, level=[*recorded * months, *COUNTED * len(counted)])
    defined: pd.DataFrame = table.loc[~np.isnan(table["use"].to_numpy())].copy()
    return defined


def _agency_table(kept: dict[int, np.ndarray], agencies: Any, columns: Sequence[str]) -> pd.DataFrame:
    n = len(agencies)  # the TA center comes after them and is not reported
    tables = [labelled(found[:, :n].T, columns, agency=agencies.id, month=month) for month, found in kept.items()]
    return pd.concat(tables, ignore_index=True)


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
